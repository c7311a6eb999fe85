"""GLR and LR charts: by hand, bounds, falls, gaps, refusals."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose, assert_array_equal

from pasaj.core.detect import Detection, run
from pasaj.core.problems import CATALOGUE, Refused

FIELDS = ("expected", "lower", "upper", "alarm", "p_value", "phi", "reason", "statistic")
NAN = float("nan")
PAST = 6


def glr(counts: Any, **controls: Any) -> Detection:
    table = np.atleast_2d(np.asarray(counts, dtype=float))
    return run("glr", table, np.arange(table.shape[1]), slice(PAST, None), **controls)


def statistic(found: Detection) -> Any:
    assert found.statistic is not None
    return found.statistic


tables = arrays(
    np.float64,
    st.tuples(st.integers(1, 4), st.integers(PAST + 1, 16)),
    elements=st.one_of(st.integers(0, 30).map(float), st.just(NAN)),
)
shapes = st.fixed_dictionaries(
    {
        "family": st.sampled_from(("poisson", "nb")),
        "mode": st.sampled_from(("glr", "lr")),
        "direction": st.sampled_from(("up", "down", "both")),
        "threshold": st.sampled_from((0.5, 3.0)),
        "window": st.sampled_from((None, 1, 4)),
    }
)


def test_the_ratio_of_one_period_by_hand() -> None:
    # Twice the level: 8 log 2 - 8 + 4, and with the spread of a negative binomial less.
    found = glr([[4] * PAST + [8, 4]])
    assert_allclose(statistic(found)[0, 0], 8 * math.log(2) - 4)
    # The next period counts too: the likelier beginning is still the first.
    assert_allclose(statistic(found)[0, 1], 12 * math.log(12 / 8) - 4)
    spread = glr([[4] * PAST + [8, 4]], family="nb", dispersion=0.5)
    assert_allclose(statistic(spread)[0, 0], 8 * math.log(2) + 10 * math.log(3 / 5))
    assert (statistic(spread) <= statistic(found)).all()


def test_after_an_alarm_it_begins_anew() -> None:
    found = glr([[4] * PAST + [30, 4, 30]], threshold=5)
    assert_array_equal(found.alarm[0], [True, False, True])
    assert statistic(found)[0, 1] == 0
    assert_allclose(statistic(found)[0, 2], 30 * math.log(30 / 4) - 26)


def test_a_window_forgets() -> None:
    counts = [[4] * PAST + [8, 8, 8, 8, 8]]
    whole, short = statistic(glr(counts, threshold=99)), statistic(glr(counts, threshold=99, window=2))
    assert (whole[0, 2:] > short[0, 2:]).all()
    assert_allclose(short[0, 1:], whole[0, 1])


@settings(max_examples=60)
@given(tables, shapes, st.sampled_from((None, 3.0)))
def test_the_alarm_is_the_side_of_the_bound_the_count_lies_on(table: Any, shape: dict[str, Any], level: Any) -> None:
    spread = 0.3 if shape["family"] == "nb" else None
    found = glr(table, mu0=level, dispersion=spread, **shape)
    today = table[:, PAST:]
    with np.errstate(invalid="ignore"):
        above, below = today >= found.upper, today <= found.lower
        near = (np.abs(today - found.upper) < 1e-7) | (np.abs(today - found.lower) < 1e-7)
    assert_array_equal(found.alarm[~near], (above | below)[~near])
    assert np.isnan(found.upper).all() or shape["direction"] != "down"
    assert np.isnan(found.lower).all() or shape["direction"] != "up"


@pytest.mark.parametrize("family", ["poisson", "nb"])
@pytest.mark.parametrize("mode", ["glr", "lr"])
@pytest.mark.parametrize("direction", ["up", "down"])
def test_a_count_at_the_bound_just_reaches_the_threshold(family: str, mode: str, direction: str) -> None:
    counts = np.random.default_rng(3).poisson(20, (30, PAST + 8)).astype(float)
    controls: dict[str, Any] = {"family": family, "mode": mode, "direction": direction, "mu0": 20.0, "threshold": 3.0}
    controls["dispersion"] = 0.05 if family == "nb" else None
    found = glr(counts, **controls)
    edge = (found.upper if direction == "up" else found.lower)[:, -1]
    sought = ~np.isnan(edge) & (edge > 0)
    assert sought.sum() > 20
    counts[sought, -1] = edge[sought]
    assert_allclose(statistic(glr(counts, **controls))[sought, -1], 3.0, rtol=1e-9)


@pytest.mark.req("R13.12")
@pytest.mark.parametrize("family", ["poisson", "nb"])
@pytest.mark.parametrize("mode", ["glr", "lr"])
def test_falls_ring_too(family: str, mode: str) -> None:
    counts = [[20] * PAST + [20, 9, 7, 5, 20]]
    controls: dict[str, Any] = {"family": family, "mode": mode, "dispersion": 0.02, "threshold": 4, "mu0": 20}
    assert not glr(counts, **controls).alarm.any()
    down, both = glr(counts, direction="down", **controls), glr(counts, direction="both", **controls)
    assert down.alarm[0].any()
    assert not down.alarm[0, 0]
    assert_array_equal(both.alarm, down.alarm)


def test_a_fall_to_nothing_is_the_most_there_can_be() -> None:
    for family in ("poisson", "nb"):
        found = glr([[20] * PAST + [0, 0]], family=family, dispersion=0.1, mu0=20, threshold=25, direction="down")
        once = 20 if family == "poisson" else 10 * math.log(3)
        assert_allclose(statistic(found)[0], [once, 2 * once])
        assert np.isnan(found.lower[0, 0])


@settings(max_examples=60)
@given(tables, shapes, st.sampled_from((None, "glm", 3.0)))
def test_a_batch_equals_its_series_one_by_one(table: Any, shape: dict[str, Any], level: Any) -> None:
    spread = 0.3 if level == 3.0 else None
    whole = glr(table, mu0=level, dispersion=spread, freq=4, **shape)
    for row in range(len(table)):
        one = glr(table[row], mu0=level, dispersion=spread, freq=4, **shape)
        for name in FIELDS:
            assert_array_equal(getattr(one, name)[0], getattr(whole, name)[row])


@pytest.mark.parametrize("mode", ["glr", "lr"])
def test_an_unreported_period_counts_for_nothing(mode: str) -> None:
    with_gap = glr([[4] * PAST + [8, NAN, 8]], mode=mode, threshold=99)
    without = glr([[4] * PAST + [8, 8]], mode=mode, threshold=99)
    assert_allclose(statistic(with_gap)[0], [statistic(without)[0, 0], NAN, statistic(without)[0, 1]])
    assert_array_equal(with_gap.reason[0], ["", "DETECT-103", ""])
    assert_allclose(with_gap.upper[0, 1], without.upper[0, 1])
    assert not with_gap.alarm.any()


@pytest.mark.parametrize("mode", ["glr", "lr"])
@pytest.mark.parametrize(("level", "code"), [(0, "DETECT-130"), ([NAN, 4], "DETECT-132")])
def test_without_a_level_there_is_a_reason(mode: str, level: Any, code: str) -> None:
    found = glr([[4] * PAST + [50, 4]], mode=mode, mu0=level, direction="both")
    assert found.reason[0, 0] == code
    assert code in CATALOGUE
    assert not found.alarm[0, 0]
    assert np.isnan([found.upper[0, 0], found.lower[0, 0], statistic(found)[0, 0]]).all()


def test_the_spread_is_estimated_about_the_level() -> None:
    rng = np.random.default_rng(11)
    level = 30 * np.exp(0.4 * np.cos(2 * np.pi * np.arange(1, 1001) / 52))
    counts = rng.negative_binomial(5, 5 / (5 + level), (6, 1000)).astype(float)
    found = run("glr", counts, np.arange(1000), slice(999, 1000), family="nb", mu0="glm")
    assert_allclose((found.phi - 1) / found.expected, 0.2, atol=0.05)
    about_mean = run("glr", counts, np.arange(1000), slice(999, 1000), family="nb")
    assert ((about_mean.phi - 1) / about_mean.expected > 0.25).all()  # the season is taken for spread


def test_series_without_spread_are_poisson() -> None:
    counts = np.array([[4.0] * PAST + [9, 7], [1, 9, 0, 8, 2, 30, 9, 7]])
    mixed, plain = glr(counts, family="nb"), glr(counts)
    assert_array_equal(statistic(mixed)[0], statistic(plain)[0])
    assert mixed.phi[0, 0] == 1
    assert (statistic(mixed)[1] <= statistic(plain)[1]).all()
    assert np.isnan(plain.phi).all()
    given = glr(counts, family="nb", dispersion=[0, 0.5])
    assert_array_equal(statistic(given)[0], statistic(plain)[0])


@pytest.mark.parametrize(
    "wrong",
    [
        {"family": "normal"},
        {"mode": "max"},
        {"direction": "left"},
        {"theta": 0},
        {"threshold": -1},
        {"window": 0},
        {"window": 1.5},
        {"mu0": "mean"},
        {"family": "nb", "mu0": 3},
        {"dispersion": -1},
        {"dispersion": "much"},
        {"dispersion": [[0.1]]},
        {"family": "nb", "dispersion": [0.1, 0.2, 0.3]},
        {"mu0": [1, 2, 3]},
    ],
)
def test_settings_that_cannot_be_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused) as caught:
        glr([[1.0] * (PAST + 2)], **wrong)
    assert caught.value.problems[0].code == "DETECT-006"


def test_nothing_to_evaluate_is_an_empty_answer() -> None:
    for family in ("poisson", "nb"):
        found = run("glr", np.ones((3, 5)), np.arange(5), slice(5, 5), family=family)
        assert found.alarm.shape == (3, 0)
