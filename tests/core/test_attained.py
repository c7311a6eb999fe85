"""The p-values that answers could have had, and what knowing them is worth among many."""

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from pasaj.core import attained, detect, falsealerts
from pasaj.core.judging import Settings, judge

RNG = np.random.default_rng(5)
DAYS = np.arange("2020-01-01", "2020-07-19", dtype="datetime64[D]")
WEEKS = np.arange("2016-01-04", "2020-01-06", 7, dtype="datetime64[D]")
LEVELS = np.array([0.2, 0.6, 1.5, 4.0, 12.0, 40.0])[:, None]


def answered(method: str, times: Any, **controls: Any) -> Any:
    counts = RNG.negative_binomial(3, 3 / (3 + np.repeat(LEVELS, 20, axis=0)), (120, len(times))).astype(float)
    return detect.run(method, counts, times, slice(len(times) - 1, len(times)), **controls)


CASES = [
    ("rare", DAYS, {"direction": "up"}),
    ("rare", DAYS, {"direction": "both"}),
    ("daily", DAYS, {"direction": "up"}),
    ("daily", DAYS, {"direction": "down"}),
    ("daily", DAYS, {"direction": "both"}),
    ("farrington", WEEKS, {"b": 3, "direction": "up", "limit54": (0, 4)}),
    ("farrington", WEEKS, {"b": 3, "direction": "down"}),
    ("farrington", WEEKS, {"b": 3, "direction": "both"}),
]


@pytest.mark.req("R13.71")
@pytest.mark.parametrize(("method", "times", "controls"), CASES)
def test_the_p_value_of_a_method_is_one_of_those_it_could_have(method: str, times: Any, controls: Any) -> None:
    found = answered(method, times, **controls)
    told = [attained.kept(found.law, row, 0) for row in range(120)]
    support = attained.support(told)
    assert support.chance is not None
    compared = 0
    for row, one in enumerate(told):
        p = found.p_value[row, 0]
        if one is None or np.isnan(p):
            continue
        values, chances = support.value[support.owner == row], support.chance[support.owner == row]
        assert np.isclose(values, p, rtol=1e-9, atol=0).any()
        assert (np.diff(values) >= 0).all()
        assert (np.diff(chances) >= 0).all()
        assert (chances <= values).all()
        compared += 1
    assert compared > 50


def test_twice_the_smaller_tail_is_reached_by_both_or_by_one() -> None:
    low, high = [0.5, 0.0, 1.0, 0.0, 2.0], [20.0, 0.0, 1.0, 0.0, 2.0]
    support = attained.support([low, None, high])
    assert support.continuous.tolist() == [False, True, False]
    value, chance = (part[support.owner == 0] for part in (support.value, support.chance))
    # Half a case: nothing is unusually low, so that 2 · P(Y >= 2) is reached with half that chance.
    at = int(np.argmin(np.abs(value - 2 * 0.0902040)))
    assert_allclose([value[at], chance[at]], [0.180408, 0.090204], rtol=1e-5)
    value, chance = (part[support.owner == 2] for part in (support.value, support.chance))
    counts = np.random.default_rng(1).poisson(20, 200000)
    p = np.minimum(1, 2 * np.minimum(stats.poisson.sf(counts - 1, 20), stats.poisson.cdf(counts, 20)))
    for t in (0.01, 0.05, 0.2):
        reached = chance[np.flatnonzero(value <= t)[-1]]
        assert_allclose((p <= t).mean(), reached, atol=0.002)


def test_high_counts_and_methods_without_a_law_are_continuous() -> None:
    law = detect.Law(*(np.array([[one]]) for one in (5000.0, 0.0, 1.0, 0.0, 1.0)))
    assert attained.kept(law, 0, 0) is None
    counts = RNG.poisson(5, (2, len(DAYS))).astype(float)
    found = judge(counts, DAYS, slice(190, 200), cadence="day", settings=[Settings("ears_c1"), Settings("daily")])
    assert attained.kept(found.law, 0, 3) is None
    assert attained.kept(found.law, 1, 3) is not None
    assert detect.run("farrington", counts, DAYS, slice(199, 200), b=1, freq=52, threshold_method="muan").law is None
    empty = attained.support([None, None])
    assert (len(empty.value), empty.continuous.all()) == (0, True)
    assert_allclose(falsealerts.adjust([0.01, 0.5], method="heyse", support=empty), falsealerts.adjust([0.01, 0.5]))


@pytest.mark.req("R13.71")
def test_among_many_low_counts_more_is_found_and_the_share_of_false_ones_stays() -> None:
    rng = np.random.default_rng(11)
    false, found = {"bh": 0, "heyse": 0}, {"bh": 0, "heyse": 0}
    shares: dict[str, list[float]] = {"bh": [], "heyse": []}
    for _ in range(60):
        mean = np.exp(rng.uniform(np.log(0.05), np.log(2), 500))
        surge = np.arange(500) < 10
        counts = rng.poisson(mean) + np.where(surge, rng.poisson(6, 500), 0)
        p = falsealerts.tail(counts, mean)
        support = attained.support([[one, 0.0, 1.0, 0.0, 1.0] for one in mean])
        for method in false:
            control = falsealerts.control(p, 0.1, method=method, support=support if method == "heyse" else None)
            false[method] += int(control.rejected[~surge].sum())
            found[method] += int(control.rejected[surge].sum())
            shares[method].append(control.rejected[~surge].sum() / max(1, control.rejected.sum()))
    assert found["heyse"] > 1.03 * found["bh"]
    assert np.mean(shares["bh"]) < np.mean(shares["heyse"]) < 0.13  # 0.1 and the chance of sixty runs
    assert false["bh"] <= false["heyse"]
