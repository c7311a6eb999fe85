"""Backtest: counted rates against a detector whose every alarm is known beforehand."""

from typing import Any

import numpy as np
import pytest

from pasaj.core.backtest import SHAPES, Plan, Quiet, Shocked, a_duty_week, joined, run, shapes, spreads, steps

RNG = np.random.default_rng(5)
FLAT = np.full((6, 200), 100.0)


def over(limit: float) -> Any:
    """A detector that rings above a limit, or below its mirror; cells that were not reported have no answer."""

    def alarms(counts: Any, evaluate: slice, sensitivity: str) -> tuple[Any, Any]:
        part = counts[:, evaluate]
        return (part > limit) | (part < 200 - limit), ~np.isnan(part)

    return alarms


def results(counts: Any, plan: Plan, limit: float = 120) -> tuple[list[Quiet], list[Shocked]]:
    found = list(run(counts, over(limit), plan))
    assert len(found) == steps(plan)
    return [one for one in found if isinstance(one, Quiet)], [one for one in found if isinstance(one, Shocked)]


@pytest.mark.req("R13.42")
def test_shocks_above_the_limit_are_found_and_smaller_ones_not() -> None:
    plan = Plan(evaluated=60, sensitivities=("balanced",), histories=(0,), sizes=(1.0, 3.0))
    quiet, shocked = results(FLAT, plan)
    assert [(one.periods, one.answered, one.alerts, one.per_thousand) for one in quiet] == [(360, 360, 0, 0.0)]
    # The spread is the root of the level, 10: shocks of 1 stay below the limit of 120, those of 3 pass it.
    assert {one.shape: one.rate for one in shocked if one.size == 1} == dict.fromkeys(SHAPES, 0.0)
    assert {one.shape: (one.tried, one.rate, one.first) for one in shocked if one.size == 3} == {
        "day": (6, 1.0, 6), "week": (6, 1.0, 6), "ramp": (6, 1.0, 0), "step": (6, 1.0, 6), "fall": (6, 1.0, 6),
    }  # fmt: skip
    assert {one.shape: one.delay for one in shocked if one.size == 3} == {
        "day": 0.0, "week": 0.0, "ramp": 2.0, "step": 0.0, "fall": 0.0,
    }  # fmt: skip
    assert next(one for one in shocked if one.size == 1).delay is None


def test_alerts_on_the_series_as_they_were_are_counted_by_answered_period() -> None:
    counts = FLAT.copy()
    counts[0, 190] = 500
    counts[1, 150:160] = np.nan
    (quiet,), _ = results(counts, Plan(evaluated=60, sensitivities=("few",), histories=(0,), shapes=(), sizes=()))
    assert (quiet.alerts, quiet.answered, quiet.periods) == (1, 350, 360)
    assert quiet.per_thousand == pytest.approx(1000 / 350)
    assert a_duty_week(quiet, 40, "day") == pytest.approx(7 * 40 / 350)
    assert a_duty_week(Quiet("few", 0, 0, 0, 0), 40, "week") is None


def test_a_short_history_is_all_the_detector_sees() -> None:
    seen = []

    def alarms(counts: Any, evaluate: slice, sensitivity: str) -> tuple[Any, Any]:
        seen.append((counts.shape[1], evaluate))
        return np.zeros((6, 60), bool), np.ones((6, 60), bool)

    list(run(FLAT, alarms, Plan(evaluated=60, sensitivities=("few",), shapes=("day",), sizes=(4.0,))))
    assert [width for width, _ in seen] == [200, 200, 150, 150, 120, 120, 90, 90]
    assert {evaluate.stop - evaluate.start for _, evaluate in seen} == {60}


def test_it_goes_on_where_it_stopped_and_repeats_itself() -> None:
    counts = RNG.poisson(40, (5, 150)).astype(float)
    plan = Plan(evaluated=30, sensitivities=("few", "early"), histories=(0, 30))
    whole = list(run(counts, over(50), plan))
    assert whole == list(run(counts, over(50), plan))
    assert whole[7:] == list(run(counts, over(50), plan, done=7))


def test_a_shock_that_begins_in_a_missing_period_is_not_tried() -> None:
    counts = FLAT.copy()
    counts[:3] = np.nan
    _, shocked = results(
        counts, Plan(evaluated=30, sensitivities=("few",), histories=(0,), shapes=("day",), sizes=(9,))
    )
    assert shocked[0].tried == 3


def test_shocks_longer_than_what_is_judged_are_cut() -> None:
    plan = Plan(evaluated=5, sensitivities=("few",), histories=(0,), shapes=("step",), sizes=(9,))
    assert results(FLAT[:, :5], plan)[1][0].found == 6
    assert results(FLAT, plan)[1][0].tried == 6


def test_the_spread_is_robust_and_never_nothing() -> None:
    noisy = np.r_[RNG.normal(1000, 100, 399), 1e6]
    assert spreads(noisy[None])[0] == pytest.approx(100, rel=0.2)
    assert spreads(np.array([[0.0, 0, 0], [np.nan] * 3, [81, 81, 81]])).tolist() == [1, 1, 9]


def test_parts_are_added_up() -> None:
    plan = Plan(evaluated=20, sensitivities=("few",), histories=(0,), shapes=("day",), sizes=(9.0,))
    both = list(run(FLAT, over(120), plan))
    parts = [*run(FLAT[:2], over(120), plan), *run(FLAT[2:], over(120), plan)]
    assert joined(parts) == both
    assert Shocked("few", 0, "day", 1.0, 0, 0, 0, 0).rate is None


@pytest.mark.req("R13.42")
@pytest.mark.parametrize(
    ("direction", "names"),
    [("both", ("day", "week", "ramp", "step", "fall")), ("up", ("day", "week", "ramp", "step")), ("down", ("fall",))],
)
def test_only_shocks_that_are_watched_for_are_tried(direction: str, names: tuple[str, ...]) -> None:
    assert shapes(direction) == names
