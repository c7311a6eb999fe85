"""Adjusted p-values: by hand, by definition, by simulation."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose, assert_array_equal
from scipy import stats

from pasaj.core.falsealerts import FINE, METHODS, Support, adjust, attainable, control, tail
from pasaj.core.problems import Refused

NAN = float("nan")
probabilities = arrays(np.float64, st.integers(1, 12), elements=st.one_of(st.floats(0, 1), st.just(NAN)))
means = st.lists(st.floats(0.05, 8), min_size=1, max_size=8)


@pytest.mark.req("R13.16")
def test_benjamini_hochberg_by_hand() -> None:
    # Table 1 of Benjamini and Hochberg (1995): four of fifteen are rejected at 0.05.
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528]
    p += [0.7590, 1.0]
    found = control(p, 0.05)
    assert_array_equal(found.rejected, [True] * 4 + [False] * 11)
    assert_allclose(found.adjusted[:5], [0.0015, 0.003, 0.0095, 0.035625, 0.0603])
    assert_allclose(adjust([0.04, 0.01, NAN, 0.03]), [0.04, 0.03, NAN, 0.04])
    assert_allclose(adjust([0.01, 0.02], method="by"), [0.03, 0.03])


@pytest.mark.req("R13.16")
@given(probabilities, st.randoms(use_true_random=False))
def test_order_shape_and_gaps_stay(p: Any, random: Any) -> None:
    order = list(range(len(p)))
    random.shuffle(order)
    for method in ("bh", "by"):
        adjusted = adjust(p, method=method)
        assert_array_equal(adjust(p[order], method=method), adjusted[order])
        assert_array_equal(np.isnan(adjusted), np.isnan(p))
        assert_array_equal(adjust(p.reshape(1, -1, 1), method=method).ravel(), adjusted)
        assert_array_equal(adjusted[~np.isnan(p)], adjust(p[~np.isnan(p)], method=method))
        assert (adjusted[~np.isnan(p)] >= p[~np.isnan(p)]).all()
    assert (adjust(p, method="by") >= adjust(p))[~np.isnan(p)].all()


@given(probabilities)
def test_benjamini_hochberg_agrees_with_scipy(p: Any) -> None:
    known = p[~np.isnan(p)]
    if len(known):
        for method in ("bh", "by"):
            expected = stats.false_discovery_control(known, method=method)
            assert_allclose(adjust(known, method=method), expected, rtol=1e-12, atol=0)


@given(means, st.sampled_from((None, 0.7, 5.0)), st.data())
def test_tails_and_their_support_are_those_of_scipy(mean: list[float], size: Any, data: Any) -> None:
    y = np.array(data.draw(st.lists(st.integers(0, 30), min_size=len(mean), max_size=len(mean))), dtype=float)
    law = stats.poisson(mean) if size is None else stats.nbinom(size, size / (size + np.array(mean)))
    assert_allclose(tail(y, mean, size), law.sf(y - 1), rtol=1e-8, atol=1e-300)
    assert_allclose(tail(y, mean, size, mid=True), law.sf(y) + law.pmf(y) / 2, rtol=1e-8, atol=1e-300)
    support = attainable(mean, size)
    for test in range(len(mean)):
        values = support.value[support.owner == test]
        assert (np.diff(values) >= 0).all()
        assert values[-1] == 1
        assert np.isclose(values, tail(y, mean, size)[test], rtol=1e-8).any()


def _by_definition(p: Any, mean: Any, method: str) -> Any:
    """Heyse and DBH step-down with every chance looked up in the list of its test."""
    lists = [tail(np.arange(80), one) for one in mean]

    def chance(test: int, t: float) -> float:
        return float(max([value for value in lists[test] if value <= t * (1 + 1e-9)], default=0.0))

    order = np.argsort(p, kind="stable")
    sums = []
    for place in order:
        chances = [chance(test, p[place]) for test in range(len(p))]
        if method == "heyse":
            sums.append(sum(chances))
        else:
            sums.append(sum(one / (1 - one) if one < 1 else np.inf for one in chances))
    share = np.minimum(1, np.array(sums) / np.arange(1, len(p) + 1))
    # Heyse goes down from the largest, DBH up from the smallest while each is small enough.
    share = np.minimum.accumulate(share[::-1])[::-1] if method == "heyse" else np.maximum.accumulate(share)
    adjusted = np.empty(len(p))
    adjusted[order] = share
    return adjusted


@settings(max_examples=60)
@given(means, st.data())
def test_discrete_methods_are_their_definitions(mean: list[float], data: Any) -> None:
    y = data.draw(st.lists(st.integers(0, 12), min_size=len(mean), max_size=len(mean)))
    p = tail(y, mean)
    support = attainable(mean)
    for method in ("heyse", "dbh"):
        found = adjust(p, method=method, support=support)
        assert_allclose(found, _by_definition(p, mean, method), rtol=1e-6, atol=1e-12)
    assert (adjust(p, method="heyse", support=support) <= adjust(p) * (1 + 1e-8)).all()


def test_continuous_tests_make_the_discrete_methods_plain() -> None:
    p = np.array([0.001, 0.02, 0.3, 0.011, 0.9])
    support = attainable(np.full(5, 1e6))
    assert support.continuous.all()
    assert_allclose(adjust(p, method="heyse", support=support), adjust(p))
    odds = np.sort(p / (1 - p)) * 5 / np.arange(1, 6)
    stepped = np.minimum(1, np.maximum.accumulate(odds))
    assert_allclose(np.sort(adjust(p, method="dbh", support=support)), stepped)
    assert adjust([1.0], method="dbh", support=attainable([NAN]))[0] == 1


def test_a_test_that_cannot_be_small_costs_the_others_nothing() -> None:
    # Nine points where even one case is not rare, and one with 6 cases where 1 is usual.
    mean = np.array([1.0] + [0.1] * 9)
    p = tail([6, 0, 0, 0, 0, 0, 0, 0, 0, 0], mean)
    support = attainable(mean)
    plain, aware = adjust(p)[0], adjust(p, method="heyse", support=support)[0]
    assert plain == pytest.approx(10 * p[0])
    assert aware < 0.35 * plain


def test_families_are_adjusted_by_themselves() -> None:
    p = np.array([[0.01, 0.2, 0.03], [0.04, 0.5, NAN]])
    by_horizon = adjust(p, family=["next week", "next month", "next week"])
    assert_allclose(by_horizon[:, [0, 2]], adjust(p[:, [0, 2]]))
    assert_allclose(by_horizon[:, 1], adjust(p[:, 1]))
    mean = np.array([[0.5, 2.0, 1.0], [3.0, 0.2, 0.1]])
    whole = adjust(p, method="heyse", support=attainable(mean), family=[[1], [2]])
    assert_allclose(whole[0], adjust(p[0], method="heyse", support=attainable(mean[0])))
    assert_allclose(whole[1], adjust(p[1], method="heyse", support=attainable(mean[1])))


def test_nothing_to_adjust_stays_nothing() -> None:
    assert adjust([]).shape == (0,)
    assert adjust([], method="dbh", support=attainable([])).shape == (0,)
    assert np.isnan(adjust([NAN, NAN])).all()
    assert not control([NAN]).rejected.any()


def test_where_nothing_is_counted_or_expected() -> None:
    assert_array_equal(tail([NAN, 3, 0, 2], [1, NAN, 0, 0]), [NAN, NAN, 1, 0])
    support = attainable([0, NAN, FINE, 2])
    assert_array_equal(support.continuous, [True, True, True, False])


def _simulated(rng: np.random.Generator, size: float | None) -> tuple[Any, Any, Any]:
    """Counts of 200 points, many of them small; a tenth have a surge."""
    mean = np.exp(rng.uniform(np.log(0.2), np.log(20), 200))
    surge = rng.random(200) < 0.1
    level = np.where(surge, mean + 4 * np.sqrt(mean) + 2, mean)
    counts = rng.poisson(level) if size is None else rng.negative_binomial(size, size / (size + level))
    return counts, mean, surge


@pytest.mark.req("R13.17")
@pytest.mark.parametrize("size", [None, 4.0])
@pytest.mark.parametrize("q", [0.05, 0.2])
def test_the_share_of_false_alerts_is_kept_and_discrete_methods_find_more(size: float | None, q: float) -> None:
    rng = np.random.default_rng(20260301)
    shares: dict[str, list[float]] = {method: [] for method in METHODS}
    hits = dict.fromkeys(METHODS, 0)
    for _ in range(300):
        counts, mean, surge = _simulated(rng, size)
        p, support = tail(counts, mean, size), attainable(mean, size)
        rejected = {}
        for method in METHODS:
            own = support if method in ("heyse", "dbh") else None
            rejected[method] = control(p, q, method=method, support=own).rejected
            shares[method].append((rejected[method] & ~surge).sum() / max(1, rejected[method].sum()))
            hits[method] += int((rejected[method] & surge).sum())
        assert not (rejected["bh"] & ~rejected["heyse"]).any()
    for method in METHODS:
        error = np.std(shares[method]) / 300**0.5
        assert np.mean(shares[method]) <= q + 3 * error, method
    assert hits["heyse"] > 1.02 * hits["bh"]
    assert hits["bh"] > 1.02 * hits["by"]
    assert hits["dbh"] > hits["bh"]


@pytest.mark.parametrize(
    ("p", "more", "code"),
    [
        ([1.1], {}, "DETECT-145"),
        ([-0.1], {}, "DETECT-145"),
        (["x"], {}, "DETECT-145"),
        ([0.1], {"method": "holm"}, "DETECT-146"),
        ([0.1], {"method": "heyse"}, "DETECT-146"),
        ([0.1], {"support": attainable([1.0])}, "DETECT-146"),
        ([0.1], {"method": "dbh", "support": attainable([1.0, 2.0])}, "DETECT-146"),
        ([0.1, 0.2], {"family": [1, 2, 3]}, "DETECT-146"),
        ([0.1], {"q": 0}, "DETECT-146"),
        ([0.1], {"q": 1}, "DETECT-146"),
    ],
)
def test_what_cannot_be_adjusted_is_refused(p: Any, more: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as caught:
        control(p, **more)
    assert caught.value.problems[0].code == code


def test_a_support_can_be_given_by_hand() -> None:
    # Two tests that attain 0.04 and 1, one that attains 0.01, 0.03 and 1.
    support = Support(
        np.array([0.04, 1, 0.01, 0.03, 1, 0.04, 1]), np.array([0, 0, 1, 1, 1, 2, 2]), np.zeros(3, dtype=bool)
    )
    found = adjust([0.04, 0.01, 1], method="heyse", support=support)
    # Up to 0.01 the second attains 0.01, and the others, whose lists end above, count as 0.01 at most.
    assert_allclose(found, [(0.04 + 0.03 + 0.04) / 2, 0.03, 1])
