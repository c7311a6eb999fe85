"""Level shifts: since when, from what to what; false alarms, weekdays, gaps, input that is none."""

import math

import numpy as np
import pytest

from pasaj.core.shift import Shift, shifts, tail

WEEK = np.array([1.0, 1.5, 0.8, 0.9, 1.6, 0.7, 0.4])
NAN = np.nan


def simulated(series: int, days: int, mean: float, alpha: float = 0.1) -> np.ndarray:
    level = np.tile(mean * WEEK[np.arange(days) % 7], (series, 1))
    return np.random.default_rng(9).negative_binomial(1 / alpha, 1 / (1 + alpha * level)).astype(float)


def only(row: list[float] | np.ndarray, **settings: float | bool) -> Shift | None:
    (found,) = shifts([list(row)], **settings)  # type: ignore[arg-type]
    return found


@pytest.mark.req("R13.26")
def test_since_when_and_from_what_to_what_by_hand() -> None:
    row = [10, 12, 8, 10, 11, 9, 10, 10, 12, 8] * 2 + [30, 33, 27, 30, 31, 29, 30, 30, 32, 28] * 2
    found = only(row)
    assert found is not None
    assert (found.since, found.old, found.new, found.ratio, found.direction) == (20, 10, 30, 3, "up")
    assert (found.before, found.after) == (20, 20)
    assert found.p_value < 1e-6
    back = only(row[::-1])
    assert back is not None
    assert (back.since, back.old, back.new, back.direction) == (20, 30, 10, "down")


@pytest.mark.req("R13.26")
@pytest.mark.parametrize(("days", "mean"), [(35, 50), (120, 5), (365, 200)])
def test_no_more_false_shifts_than_were_asked_for(days: int, mean: float) -> None:
    found = shifts(simulated(800, days, mean), weekdays=True, limit=0.05)
    share = sum(one is not None for one in found) / 800
    assert 0.005 < share < 0.065


@pytest.mark.req("R13.26")
def test_half_as_many_again_is_found_within_days_of_when_it_was() -> None:
    counts = simulated(100, 120, 100, 0.05)
    counts[:, 70:] = np.floor(counts[:, 70:] * 1.5)
    found = [one for one in shifts(counts, weekdays=True) if one is not None]
    assert len(found) > 90
    assert np.median([abs(one.since - 70) for one in found]) <= 2
    assert np.median([one.ratio for one in found]) == pytest.approx(1.5, rel=0.1)
    assert {one.direction for one in found} == {"up"}


@pytest.mark.req("R13.26")
def test_days_that_move_together_are_no_level() -> None:
    rng = np.random.default_rng(4)
    wave = np.zeros((300, 120))
    for day in range(1, 120):
        wave[:, day] = 0.5 * wave[:, day - 1] + rng.normal(0, 0.2, 300)
    found = shifts(rng.poisson(100 * np.exp(wave)), limit=0.001)
    # Without the weeks' own dispersion one in eight rang.
    assert sum(one is not None for one in found) < 10


def test_weekdays_that_are_taken_out_do_not_hide_a_shift() -> None:
    counts = simulated(60, 60, 100, 0.02)
    counts[:, 35:] = np.floor(counts[:, 35:] * 1.5)
    counts[:, 6::7] = 0
    plain, told = (sum(one is not None for one in shifts(counts, weekdays=taken)) for taken in (False, True))
    assert told > 55
    assert plain < told


def test_a_series_does_not_depend_on_the_others_and_gaps_count_for_nothing() -> None:
    counts = simulated(20, 90, 40)
    counts[:10, 50:] *= 2
    counts[3, 20:30] = NAN
    together = shifts(counts, weekdays=True)
    assert together == tuple(shifts(row[None], weekdays=True)[0] for row in counts)
    gap = only(np.r_[np.full(20, 10.0), np.full(15, NAN), np.full(20, 20.0)])
    assert gap is not None
    assert (gap.since, gap.before, gap.after) == (35, 20, 20)


@pytest.mark.parametrize(
    "row",
    [[NAN] * 60, [4.0] * 28, [0.0] * 60, [7.0] * 60, [1e300] * 60, [NAN] * 59 + [3.0]],
    ids=["none", "short", "zeros", "constant", "huge", "yesterday"],
)
@pytest.mark.parametrize("weekdays", [False, True])
def test_nothing_to_tell(row: list[float], weekdays: bool) -> None:
    assert only(row, weekdays=weekdays) is None


def test_the_first_counts_ever_are_a_shift_without_end() -> None:
    found = only([0.0] * 30 + [1e9] * 30)
    assert found is not None
    assert (found.old, found.new, found.ratio, found.direction) == (0, 1e9, math.inf, "up")
    assert found.p_value < 1e-100
    few = only([0.0, 0.0, 0.0, 9.0, 9.0, 9.0], least=2, limit=1.0)
    assert few is not None
    assert few.since == 3


@pytest.mark.req("R13.26")
def test_the_tail_agrees_with_simulated_bridges() -> None:
    rng = np.random.default_rng(6)
    walks = np.cumsum(rng.normal(size=(4000, 400)), axis=1)
    t = np.arange(1, 401) / 400
    bridge = np.abs(walks - t * walks[:, -1:])[:, 39:360] / np.sqrt(400 * t * (1 - t))[39:360]
    top = bridge.max(axis=1)
    for score in (2.5, 3.0, 3.3):
        # Walks of 400 steps stay a little below a bridge without steps.
        assert 0.6 * tail(score, 40, 400) < (top > score).mean() < 1.1 * tail(score, 40, 400)
    assert tail(0.3, 40, 400) == 1
    assert tail(math.inf, 40, 400) < 1e-300


def test_input_that_is_none_is_refused() -> None:
    for bad in ([1.0, 2.0], [[-1.0, 2.0]]):
        with pytest.raises(ValueError, match="Counts are"):
            shifts(bad)
    for settings in ({"least": 1}, {"limit": 0.0}):
        with pytest.raises(ValueError, match="A level needs"):
            shifts([[1.0] * 40], **settings)  # type: ignore[arg-type]
