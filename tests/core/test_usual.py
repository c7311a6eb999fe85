"""What pages call usual is what the detector would find."""

from math import isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pasaj.core.detect import run
from pasaj.core.usual import Usual, far_outside, usual

REPORTED = st.lists(st.one_of(st.none(), st.integers(0, 2000)), min_size=1, max_size=40)


def test_too_few_reports_say_nothing() -> None:
    assert usual([]) == []
    assert usual([5, 5, 5, 5, 5, None, None]) == [None] * 7


def test_the_two_days_before_are_left_out() -> None:
    assert usual([4, 6, 4, 6, 5, 500, 500, 9])[-1] == Usual(5, pytest.approx(5 - 3.0902323), pytest.approx(8.0902323))


@given(REPORTED, st.sampled_from([("C1", 1), ("C2", 3)]))
def test_it_is_what_the_detector_says(values: list[int | None], variant: tuple[str, int]) -> None:
    counts = np.array([[np.nan if value is None else value for value in values]], dtype=float)
    name, lag = variant
    said = run(
        "ears", counts, np.arange(len(values)), slice(0, len(values)),
        variant=name, baseline=7, min_baseline=5, min_sigma=0.5, alpha=0.001, direction="both",
    )  # fmt: skip
    for at, here in enumerate(usual(values, lag=lag)):
        if here is None:
            assert isnan(said.expected[0, at])
        elif values[at] is not None:
            there = (said.expected[0, at], said.lower[0, at], said.upper[0, at])
            assert (here.expected, here.lower, here.upper) == pytest.approx(there, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(
    ("value", "far"), [(100, False), (200, False), (401, True), (60, False), (49, True), (0, True)]
)
def test_what_is_asked_about(value: float, far: bool) -> None:
    assert far_outside(value, Usual(150, 100, 200)) is far


def test_small_counts_are_not_asked_about() -> None:
    assert not far_outside(6, Usual(0.5, 0, 2))
    assert far_outside(7, Usual(0.5, 0, 2))
    assert not far_outside(0, Usual(3, 2, 4))
