"""Declared value functions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from pasaj.core.appraisal import Judgements, Linear, Performance, Piecewise, evenly, span, value
from pasaj.core.appraisal.values import Function, ends, mapped, sound

HILL = Piecewise(((0, 0.2), (10, 1.0), (30, 0.0)))
figures = some.floats(-1000, 1000)


@pytest.mark.req("R12.10")
def test_by_hand() -> None:
    benefit, cost, words = (
        Linear(10, 30),
        Linear(500_000, 100_000),
        evenly(["no", "probably no", "probably yes", "yes"]),
    )
    assert [value(benefit, one) for one in (10, 15, 30)] == [0, 0.25, 1]
    assert [value(cost, one) for one in (100_000, 400_000, 500_000)] == [1, 0.25, 0]
    assert [value(HILL, one) for one in (0, 5, 10, 20, 30)] == pytest.approx([0.2, 0.6, 1, 0.5, 0])
    assert words == Judgements({"no": 0, "probably no": 1 / 3, "probably yes": 2 / 3, "yes": 1})
    assert value(words, "probably yes") == 2 / 3
    assert (ends(cost), ends(HILL)) == ((100_000, 500_000), (0, 30))


@given(figures, figures, some.floats(0, 1))
def test_a_cost_is_a_benefit_turned_round(a: float, b: float, share: float) -> None:
    if a != b and np.isfinite(1 / (a - b)):
        raw = min(max(a + share * (b - a), min(a, b)), max(a, b))
        assert value(Linear(a, b), raw) == pytest.approx(1 - value(Linear(b, a), raw))


@given(some.floats(0, 30))
def test_an_array_has_the_values_of_its_figures(raw: float) -> None:
    for function in (HILL, Linear(0, 30), Linear(30, 0)):
        assert mapped(function, np.array([raw]))[0] == pytest.approx(value(function, raw))


def test_beyond_an_end_a_draw_counts_as_the_end_and_a_figure_is_refused() -> None:
    assert mapped(Linear(10, 20), np.array([0, 25])).tolist() == [0, 1]
    assert mapped(HILL, np.array([-5, 99])).tolist() == [0.2, 0]
    for function, raw in (
        (Linear(20, 10), 21),
        (HILL, -1),
        (HILL, "yes"),
        (evenly(["a", "b"]), "c"),
        (evenly("ab"), 1),
    ):
        with pytest.raises(ValueError, match=r"does not lie|no word"):
            value(function, raw)


@pytest.mark.parametrize(
    ("function", "cell", "found"),
    [
        (HILL, Performance(), (0, 1)),
        (HILL, Performance(5), (0.6, 0.6)),
        (HILL, Performance(low=5, high=20), (0.5, 1)),
        (HILL, Performance(low=15, high=20), (0.5, 0.75)),
        (Linear(20, 0), Performance(5, sigma=1), (0.65, 0.85)),
        (Linear(20, 0), Performance(1, sigma=1), (0.85, 1)),
        (evenly("abc"), Performance("b", low=1, high=2), (0.5, 0.5)),
    ],
)
def test_the_span_of_a_performance(function: Function, cell: Performance, found: tuple[float, float]) -> None:
    assert span(function, cell) == pytest.approx(found)


@pytest.mark.parametrize("cell", [Performance(5, low=1), Performance(sigma=1), Performance("x", sigma=1)])
def test_half_a_spread_is_none(cell: Performance) -> None:
    with pytest.raises(ValueError, match="two bounds, or a figure"):
        span(Linear(0, 10), cell)


@pytest.mark.parametrize(
    ("function", "usable"),
    [
        (Linear(1, 0), True),
        (Linear(1, 1), False),
        (Linear(float("nan"), 1), False),
        (HILL, True),
        (Piecewise(((0, 0),)), False),
        (Piecewise(((0, 0), (0, 1))), False),
        (Piecewise(((0, 0), (float("inf"), 1))), False),
        (Piecewise(((0, 0), (1, 1.5))), False),
        (evenly("ab"), True),
        (Judgements({"a": 1}), False),
        (Judgements({"a": 1, "b": -1}), False),
    ],
)
def test_functions_that_can_be_used(function: Function, usable: bool) -> None:
    assert sound(function) == usable


@pytest.mark.parametrize("words", [["a"], ["a", "b", "a"], []])
def test_a_scale_has_different_words(words: list[str]) -> None:
    with pytest.raises(ValueError, match="two different words"):
        evenly(words)
