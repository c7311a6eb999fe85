"""Outlines: closed, simple, of at most a hundred corners."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pasaj.core.alerts.areas import MOST, crosses, outline, simplified
from pasaj.core.problems import Refused

SQUARE = [(19.0, -72.0), (19.0, -71.0), (20.0, -71.0), (20.0, -72.0)]


def refused(drawn: object, **more: object) -> str:
    with pytest.raises(Refused) as found:
        outline(drawn, **more)  # type: ignore[arg-type]
    return found.value.problems[0].code


@pytest.mark.req("R11.7")
def test_an_outline_is_closed_and_rounded() -> None:
    assert outline([(19.00004, -72), (19, -71), (20, -71), (20, -71), (19.00004, -72)]) == (
        (19.0, -72.0),
        (19.0, -71.0),
        (20.0, -71.0),
        (19.0, -72.0),
    )


@pytest.mark.parametrize(
    ("drawn", "code"),
    [
        ([], "ALERT-040"),
        ([(19, -72), (20, -72)], "ALERT-040"),
        ([(19, -72), (20, -72), (21, -72)], "ALERT-040"),
        ([(19, -72), ("x", -72)], "ALERT-040"),
        ([(19, -72, 3)], "ALERT-040"),
        ([5], "ALERT-040"),
        ([(19, -72), (20, -71), (19, -71), (20, -72)], "ALERT-041"),
        ([(19, -72), (19, -71), (20, -71), (19, -71.5), (20, -72)], "ALERT-041"),
        ([(19, -72), (19, -71), (91, -71)], "ALERT-042"),
        ([(19, -72), (19, -71), (float("nan"), -71)], "ALERT-042"),
        ([(19 + at / 2000, -72 + (at % 2) / 10) for at in range(1001)], "ALERT-043"),
    ],
)
def test_what_is_no_outline_is_refused(drawn: object, code: str) -> None:
    assert refused(drawn) == code


def test_it_stays_inside_the_country() -> None:
    assert refused(SQUARE, extent=(-71.5, 18, -70, 21)) == "ALERT-042"


def test_a_touching_corner_crosses() -> None:
    assert crosses([(0, 0), (0, 2), (1, 1), (2, 2), (2, 0), (1, 1)]) is True
    assert crosses(SQUARE) is False


def test_small_shapes_stay_as_they_are() -> None:
    assert simplified(SQUARE, 10) == SQUARE
    assert len(simplified(SQUARE, 1)) == 3


def test_a_corner_stays_where_its_going_would_cut_another_side() -> None:
    spike = [(0.0, 0.0), (5.0, -0.2), (10.0, 0.0), (10.0, 5.0), (5.0, -0.1), (0.0, 5.0)]
    kept = simplified(spike, 5)
    assert (5.0, -0.2) in kept
    assert (len(kept), crosses(kept)) == (5, False)


def test_a_comb_never_crosses_itself() -> None:
    """Deep and narrow teeth: a corner whose going would cut a tooth waits until the tooth is gone."""
    teeth = [(0.0, 0.0)]
    for at in range(40):
        teeth += [(10.0, at + 0.1), (0.5, at + 0.2), (0.5, at + 0.8), (10.0, at + 0.9)]
    kept = outline([*teeth, (0.0, 40.0)])
    assert len(kept) <= MOST + 1
    assert crosses(kept[:-1]) is False


@given(st.lists(st.floats(0.2, 1.0), min_size=3, max_size=300), st.integers(3, 120))
def test_a_simplified_star_is_simple(radii: list[float], most: int) -> None:
    """Property: whatever the shape, what is left has no more corners than asked for and does not cross itself."""
    count = len(radii)
    star = [
        (round(radius * math.sin(2 * math.pi * at / count), 4), round(radius * math.cos(2 * math.pi * at / count), 4))
        for at, radius in enumerate(radii)
    ]
    if crosses(star):
        return
    kept = simplified(star, most)
    assert len(kept) == min(count, most)
    assert set(kept) <= set(star)
    assert crosses(kept) is False
