"""Farrington: designs, fits against a dense solution, bounds, reasons, refusals."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy import stats

from pasaj.core.detect import METHODS, Detection, run
from pasaj.core.detect import settings as controls_of
from pasaj.core.detect._farrington_bounds import at_least, at_most, bounds, quantile
from pasaj.core.detect._farrington_design import Shape, design, shapes
from pasaj.core.detect._farrington_fit import level_fit, prepare, transforms, trend_fit
from pasaj.core.detect.farrington import WIDTH, baseline
from pasaj.core.problems import CATALOGUE, Refused

FIELDS = ("expected", "lower", "upper", "alarm", "p_value", "trend_kept", "phi", "reason")
NAN = float("nan")
WEEKS = 320


def farrington(counts: Any, evaluate: slice = slice(300, None), **controls: Any) -> Detection:
    table = np.atleast_2d(np.asarray(counts, dtype=float))
    return run("farrington", table, np.arange(table.shape[1]), evaluate, **controls)


def same(one: Detection, other: Detection, rows: Any = slice(None)) -> None:
    for name in FIELDS:
        assert_array_equal(getattr(one, name)[rows], getattr(other, name), err_msg=name)


def simulated(series: int = 12, weeks: int = WEEKS, seed: int = 5) -> Any:
    """Levels from 0.2 to 200 with season, trend and overdispersion; some weeks missing, some years empty."""
    rng = np.random.default_rng(seed)
    time = np.arange(weeks)
    level = rng.uniform(-1.5, 5, (series, 1)) + rng.choice([0, 0.003], (series, 1)) * time
    mean = np.exp(level + 0.6 * np.cos(2 * np.pi * time / 52))
    counts = rng.negative_binomial(mean / 0.8, 1 / 1.8).astype(float)
    counts[1, rng.random(weeks) < 0.1] = NAN
    counts[2, :120] = NAN
    counts[3, time % 52 < 20] = 0
    counts[4] = 0
    counts[5, 100:106] += 80
    return counts


@pytest.mark.req("R13.2")
@pytest.mark.parametrize("method", ["nbPlugin", "delta", "muan"])
@pytest.mark.parametrize("missing", [True, False])
def test_a_batch_equals_its_series_and_weeks_one_by_one(method: str, missing: bool) -> None:
    counts = simulated() if missing else np.nan_to_num(simulated())
    whole = farrington(counts, slice(290, 320), threshold_method=method, limit54=(0, 1))
    assert whole.trend_kept.any()
    assert (~whole.trend_kept).any()
    for row in range(len(counts)):
        same(whole, farrington(counts[row], slice(290, 320), threshold_method=method, limit54=(0, 1)), [row])
    week = farrington(counts, slice(311, 312), threshold_method=method, limit54=(0, 1))
    same(whole, week, (slice(None), slice(21, 22)))


def test_more_series_than_a_block_holds_in_any_order() -> None:
    counts = np.tile(simulated(), (WIDTH // 12 + 1, 1))
    counts = counts[np.random.default_rng(1).permutation(len(counts))]
    whole = farrington(counts, slice(300, 302))
    same(whole, farrington(counts[-5:], slice(300, 302)), slice(len(counts) - 5, None))


def test_later_counts_change_nothing_earlier_and_nothing_is_written_to() -> None:
    counts = simulated()
    kept = counts.copy()
    whole = farrington(counts, slice(290, 310))
    assert_array_equal(counts, kept)
    same(whole, farrington(counts[:, :310], slice(290, 310)))
    one = counts[1:2]
    farrington(one)
    assert_array_equal(one, kept[1:2])


def dense(counts: Any, time: Any, level: Any, weights: Any, *, sloped: bool) -> Any:
    """The same regression by ordinary least squares of the whole matrix, to the end."""
    columns = [(level == one).astype(float) for one in np.unique(level)] + ([time] if sloped else [])
    matrix, mean = np.column_stack(columns), counts + 0.1
    for _ in range(60):
        root = np.sqrt(weights * mean)
        response = np.log(mean) + (counts - mean) / mean
        found = np.linalg.lstsq(matrix * root[:, None], response * root, rcond=None)[0]
        mean = np.exp(matrix @ found)
    return found, mean, np.linalg.inv(matrix.T @ (matrix * (weights * mean)[:, None]))


@pytest.mark.parametrize("sloped", [True, False])
@pytest.mark.parametrize("weighted", [True, False])
def test_a_fit_equals_the_dense_solution(sloped: bool, weighted: bool) -> None:
    rng = np.random.default_rng(2)
    plan = design(Shape((52, 104, 156), 159), controls_of("farrington", b=3))
    size = len(plan.back)
    counts = rng.poisson(np.exp(2 - 0.01 * plan.back + 0.2 * plan.season[plan.row]), (5, size)).T.astype(float)
    weights = rng.uniform(0.2, 1.5, counts.shape) if weighted else None
    cells = prepare(plan, counts, None, transforms(counts))
    fit = (trend_fit if sloped else level_fit)(cells, weights)
    assert fit.converged.all()
    for cell in range(5):
        given = np.ones(size) if weights is None else weights[:, cell]
        found, _, covariance = dense(counts[:, cell], plan.time, plan.row, given, sloped=sloped)
        levels = len(plan.season)
        assert_allclose(np.log(fit.level[:, cell]), found[:levels], rtol=1e-7, atol=1e-9)
        if sloped:
            assert fit.slope[cell] == pytest.approx(found[-1], rel=1e-6)
            assert 1 / fit.grip[cell] == pytest.approx(covariance[-1, -1], rel=1e-4)


def test_counts_beyond_the_table_are_transformed_alike() -> None:
    small, large = np.array([[0.0, 3, 9999]]), np.array([[0.0, 3, 9999, 1e9]])
    for one, other in zip(transforms(small), transforms(large), strict=True):
        assert_array_equal(one[0], other[0, :3])
    for one, other in zip(transforms(np.array([0.0, 2.5])), transforms(np.array([0.0, 2.5, 1e6])), strict=True):
        assert_array_equal(one, other[:2])


@pytest.mark.req("R13.3")
def test_the_design_by_hand() -> None:
    plan = design(Shape((10, 20), 21), controls_of("farrington", b=2, w=1, no_periods=4, past_weeks_not_included=3))
    seasons = dict(zip(plan.back.tolist(), plan.season[plan.row].tolist(), strict=True))
    # Windows 9-11 and 19-21; between them 7 weeks in 3 parts, the first longer by one, in time order.
    windows = dict.fromkeys((9, 10, 11, 19, 20, 21), 4)
    assert seasons == windows | {8: 1, 7: 1, 6: 1, 5: 2, 4: 2} | {18: 1, 17: 1, 16: 1, 15: 2, 14: 2, 13: 3, 12: 3}
    assert list(plan.season) == [3, 2, 1, 4]  # short ones first
    for first, last in zip(plan.bounds[:-1], plan.bounds[1:], strict=True):
        assert (np.diff(plan.back[first:last]) < 0).all()


def test_one_season_takes_the_windows_only_and_recent_weeks_may_count() -> None:
    plan = design(Shape((10, 20), 21), controls_of("farrington", b=2, w=1, no_periods=1, past_weeks_not_included=0))
    assert sorted(plan.back) == [1, 9, 10, 11, 19, 20, 21]
    none = design(Shape((10,), 11), controls_of("farrington", b=1, w=1, no_periods=1, past_weeks_not_included=30))
    assert none.own == -1


def test_windows_that_overlap_and_parts_without_a_week() -> None:
    plan = design(Shape((4, 8), 10), controls_of("farrington", b=2, w=3, no_periods=9, past_weeks_not_included=0))
    assert list(plan.season) == [9]
    short = design(Shape((6,), 6), controls_of("farrington", b=1, w=1, no_periods=9, past_weeks_not_included=0))
    assert list(short.season) == [1, 2, 3, 9]


DATED = {"weeks_by_date": True, "b": 5, "w": 3}


@pytest.mark.req("R13.3")
@pytest.mark.parametrize(
    ("judged", "earlier"),
    [
        # Mondays nearest to the same day of 5 years; 29 February counts as 1 March.
        ("2024-01-01", ["2023-01-02", "2022-01-03", "2021-01-04", "2019-12-30", "2018-12-31"]),
        ("2020-12-28", ["2019-12-30", "2018-12-31", "2017-12-25", "2016-12-26", "2015-12-28"]),
        ("2024-02-29", ["2023-03-02", "2022-03-03", "2021-03-04", "2020-02-27", "2019-02-28"]),
        ("2020-02-29", ["2019-03-02", "2018-03-03", "2017-03-04", "2016-02-27", "2015-02-28"]),
    ],
)
def test_weeks_by_date_are_the_nearest_with_the_same_weekday(judged: str, earlier: list[str]) -> None:
    day = np.datetime64(judged)
    times = np.arange(day - 7 * 400, day + 1, 7)
    (shape,) = shapes(times, 400, 401, controls_of("farrington", **DATED))
    assert shape is not None
    assert [str(times[400 - back]) for back in shape.references] == earlier


def test_months_by_date_are_the_same_day() -> None:
    times = np.arange("2015-01", "2024-01", dtype="datetime64[M]").astype("datetime64[D]")
    counts = np.random.default_rng(1).poisson(20, (2, len(times)))
    controls = {"b": 4, "w": 1, "no_periods": 3, "past_weeks_not_included": 2, "threshold_method": "delta"}
    by_date = run("farrington", counts, times, slice(90, 108), weeks_by_date=True, freq=12, **controls)
    by_index = run("farrington", counts, times, slice(90, 108), freq=12, **controls)
    same(by_date, by_index)
    assert (by_date.reason == "").all()


def test_a_date_without_its_anniversary_is_too_short_a_history() -> None:
    counts, times = np.ones((1, 120)), np.arange("2024-01-01", "2026-04-20", 7, dtype="datetime64[D]")
    found = run("farrington", counts, times, slice(50, 110), weeks_by_date=True, b=1)
    assert set(found.reason[0, :2]) == {"DETECT-101"}
    assert found.reason[0, 3] != "DETECT-101"
    single = run("farrington", np.ones((1, 1)), times[:1], slice(0, 1), weeks_by_date=True)
    assert single.reason[0, 0] == "DETECT-101"


@pytest.mark.req("R13.3")
def test_both_ways_of_counting_weeks_agree_until_a_week_is_out() -> None:
    times = np.arange("2018-03-05", "2024-03-01", 7, dtype="datetime64[D]")
    counts = np.random.default_rng(3).poisson(30, (3, len(times)))
    part = slice(270, 275)  # all reference weeks lie 52 weeks apart there or one more
    found = run("farrington", counts, times, part, weeks_by_date=True, threshold_method="delta")
    plain = run("farrington", counts, times, part, threshold_method="delta")
    assert (found.reason == "").all()
    assert_allclose(found.expected, plain.expected, rtol=0.1)


def test_by_date_a_late_start_shifts_the_prediction_as_in_r_while_it_is_short() -> None:
    times = np.arange("2015-01", "2024-01", dtype="datetime64[M]").astype("datetime64[D]")
    counts = np.tile(np.random.default_rng(1).poisson(20 * np.exp(0.01 * np.arange(108))).astype(float), (3, 1))
    controls = {"b": 5, "w": 2, "no_periods": 4, "past_weeks_not_included": 2, "freq": 12, "p_threshold_trend": 1}
    at = 100
    first = at - 62
    counts[1, first : first + 2] = NAN
    counts[2, first : first + 20] = NAN
    dated, plain = (
        run("farrington", counts, times, slice(at, at + 1), weeks_by_date=by_date, threshold_method="delta", **controls)
        for by_date in (True, False)
    )
    fitted = baseline(counts[1], times, at, **controls)
    own = fitted.fitted[fitted.same]
    slope = np.log(own[-1] / own[0]) / np.ptp(fitted.columns[fitted.same])
    assert dated.trend_kept.all()
    assert slope > 0.005
    assert_allclose(dated.expected[:, 0] / plain.expected[:, 0], [1, np.exp(-2 * slope), 1], rtol=1e-9)


@pytest.mark.req("R13.4")
def test_every_week_has_an_answer_or_a_coded_reason() -> None:
    rng = np.random.default_rng(8)
    rows = [
        np.full(WEEKS, NAN),
        np.zeros(WEEKS),
        np.full(WEEKS, 7.0),
        np.full(WEEKS, 1e9),
        rng.poisson(1e9, WEEKS).astype(float),
        np.where(np.arange(WEEKS) == 310, 4.0, NAN),
        np.where(np.arange(WEEKS) % 52 < 20, NAN, 5.0),
        np.where(rng.random(WEEKS) < 0.7, NAN, rng.poisson(3, WEEKS)),
        np.where(np.arange(WEEKS) < 300, NAN, 4.0),
        np.where(np.arange(WEEKS) == 200, 1e300, 3.0),
        rng.random(WEEKS) * 1e-6,
        np.exp(np.arange(WEEKS) / 10.0),
        rng.poisson(0.02, WEEKS).astype(float),
    ]
    for method in ("nbPlugin", "delta", "muan"):
        for direction in ("up", "down", "both"):
            young = farrington(
                rows,
                slice(50, 56),
                b=1,
                no_periods=12,
                threshold_method=method,
                direction=direction,
                limit54=(0, 4),
            )
            old = farrington(rows, slice(308, 320), threshold_method=method, direction=direction)
            for found in (young, old):
                answered = found.reason == ""
                assert not found.alarm[~answered].any()
                assert set(found.reason[~answered]) <= CATALOGUE.keys()
                bound = found.upper if direction == "up" else found.lower
                for values in (bound, found.p_value, found.expected):
                    assert not np.isnan(values[answered]).any()


def reasons(*rows: Any, **controls: Any) -> list[str]:
    return [str(reason) for reason in farrington(rows, slice(WEEKS - 1, WEEKS), **controls).reason[:, 0]]


@pytest.mark.req("R13.4")
def test_reasons_say_why_there_is_no_answer() -> None:
    plain = np.random.default_rng(4).poisson(9, WEEKS).astype(float)
    silent, hole, same_weeks, never = plain.copy(), plain.copy(), plain.copy(), np.full(WEEKS, NAN)
    silent[-1], hole[-2] = NAN, NAN
    back = WEEKS - 1 - np.arange(WEEKS)
    same_weeks[(back > 4) & ((back % 52 < 4) | (back % 52 > 48))] = NAN
    never[-1] = 5
    low = np.where(back < 4, 0, plain)
    assert reasons(plain, silent, hole, same_weeks, never, low) == [
        "",
        "DETECT-103",
        "DETECT-112",
        "DETECT-110",
        "DETECT-110",
        "DETECT-111",
    ]
    assert reasons(np.zeros(WEEKS), limit54=(0, 1)) == ["DETECT-113"]
    assert reasons(plain, past_weeks_not_included=300) == ["DETECT-110"]
    assert reasons(plain, b=7) == ["DETECT-101"]
    assert set(farrington(plain, slice(0, 260)).reason[0]) == {"DETECT-101"}
    assert farrington(plain, slice(260, 261)).reason[0, 0] == ""
    assert reasons(plain, hole, low, silent, direction="down") == ["", "", "", "DETECT-103"]
    assert reasons(plain, hole, low, direction="both") == ["", "DETECT-112", ""]


@pytest.mark.req("R13.80")
def test_so_much_of_the_baseline_can_be_asked_for() -> None:
    months = {"freq": 12, "b": 3, "w": 1, "no_periods": 1, "past_weeks_not_included": 2, "limit54": (0, 1)}
    figures = np.full(41, NAN)
    figures[[3, 4, 27, 40]] = 9000.0, 8000.0, 16000.0, 27000.0  # what is published now and then

    def reason(values: Any, **more: Any) -> str:
        return str(farrington(values, slice(40, 41), **months, **more).reason[0, 0])

    assert (reason(figures), reason(figures, min_share=0.5)) == ("", "DETECT-110")
    full = np.where(np.isnan(figures), 12000.0, figures)
    assert reason(full, min_share=1.0) == ""
    full[[27, 28, 29]] = NAN  # one year of three
    assert (reason(full, min_share=0.7), reason(full, min_share=0.6)) == ("DETECT-110", "")
    # Among ten seasons, that of the week judged must have its share too.
    plain = np.random.default_rng(4).poisson(9, WEEKS).astype(float)
    back = WEEKS - 1 - np.arange(WEEKS)
    plain[(back > 60) & ((back % 52 < 4) | (back % 52 > 48))] = NAN
    assert reasons(plain) == [""]
    assert reasons(plain, min_share=0.5) == ["DETECT-110"]


def test_an_estimate_too_uncertain_for_a_bound_says_so() -> None:
    plain = np.random.default_rng(4).poisson(9, WEEKS).astype(float)
    back = WEEKS - 1 - np.arange(WEEKS)
    plain[(back > 4) & ((back % 52 < 4) | (back % 52 > 48))] = 0  # no case in the same weeks, ever
    assert reasons(plain, threshold_method="muan", past_weeks_not_included=4) == ["DETECT-114"]


def test_a_constant_series_has_no_trend_and_its_own_count_is_expected() -> None:
    for value in (3.0, 7.0, 1e9):
        found = farrington(np.full(WEEKS, value))
        assert not found.trend_kept.any()
        assert_allclose(found.expected, value)
        assert (found.phi == 1).all()
        assert not found.alarm.any()


def test_huge_counts_are_fitted_like_small_ones() -> None:
    rng = np.random.default_rng(6)
    counts = rng.poisson(1e9, WEEKS).astype(float)
    counts[310] = 1.01e9
    found = farrington(counts, slice(305, 312))
    assert (found.reason == "").all()
    assert_array_equal(found.alarm[0], [False] * 5 + [True, False])
    assert_allclose(found.expected, 1e9, rtol=1e-4)


def test_a_past_outbreak_is_weighed_down() -> None:
    rng = np.random.default_rng(7)
    calm = rng.poisson(20, WEEKS).astype(float)
    shaken = calm.copy()
    shaken[251:255] = 200  # the same weeks of the year before
    plain = farrington(calm, slice(305, 306))
    kept = farrington(shaken, slice(305, 306))
    blind = farrington(shaken, slice(305, 306), reweight=False)
    assert abs(kept.upper[0, 0] - plain.upper[0, 0]) < 10
    assert blind.upper[0, 0] > 2 * plain.upper[0, 0]


@pytest.mark.req("R13.5")
def test_a_fall_rings_downwards_and_either_in_both() -> None:
    counts = np.random.default_rng(9).poisson(60, WEEKS).astype(float)
    counts[310:] = [0, 180, *counts[312:]]
    up, down, both = (farrington(counts, slice(310, 312), direction=way) for way in ("up", "down", "both"))
    assert_array_equal(up.alarm[0], [False, True])
    assert_array_equal(down.alarm[0], [True, False])
    assert_array_equal(both.alarm[0], [True, True])
    assert down.p_value[0, 0] < 0.01 < down.p_value[0, 1]
    assert_allclose(both.p_value[0], [2 * down.p_value[0, 0], 2 * up.p_value[0, 1]])
    assert (up.lower < up.expected).all()
    assert_array_equal(up.lower, down.lower)


@pytest.mark.parametrize("method", ["nbPlugin", "delta"])
@pytest.mark.parametrize("direction", ["up", "down"])
def test_the_p_value_agrees_with_the_alarm(method: str, direction: str) -> None:
    counts = np.random.default_rng(10).poisson(30, (30, WEEKS)).astype(float)
    counts[:, 310] += 15
    counts[:, 311] -= 14
    found = farrington(counts, threshold_method=method, direction=direction, alpha=0.05)
    assert 20 < found.alarm.sum() < 300
    assert_array_equal(found.alarm, found.p_value < 0.05)


@pytest.mark.parametrize("powertrans", ["2/3", "1/2", "none"])
def test_delta_bounds_by_hand(powertrans: str) -> None:
    power = {"2/3": 2 / 3, "1/2": 1 / 2, "none": 1}[powertrans]
    one = np.array([20.0])
    found = bounds(
        one,
        np.array([0.1]),
        np.array([1.5]),
        np.array([33.0]),
        controls_of("farrington", threshold_method="DELTA", powertrans=powertrans),
    )
    tau = 1.5 + 0.1**2 * 20
    spread = {"2/3": np.sqrt(4 / 9 * 20 ** (1 / 3) * tau), "1/2": np.sqrt(tau / 4), "none": np.sqrt(20 * tau)}
    z = stats.norm.ppf(0.99)
    assert found.upper[0] == pytest.approx((20**power + z * spread[powertrans]) ** (1 / power))
    assert found.lower[0] == pytest.approx(max(0, 20**power - z * spread[powertrans]) ** (1 / power))
    assert found.rise[0] == pytest.approx(stats.norm.sf((33**power - 20**power) / spread[powertrans]))
    assert found.rise[0] + found.fall[0] == pytest.approx(1)


def test_muan_bounds_are_the_plug_in_at_the_limits_of_the_mean() -> None:
    controls = controls_of("farrington", threshold_method="MuaN")
    mean, error, phi = np.array([20.0]), np.array([0.1]), np.array([1.5])
    found = bounds(mean, error, phi, np.array([33.0]), controls)
    z = stats.norm.ppf(0.99)
    high, low = 20 * np.exp(0.1 * z), 20 * np.exp(-0.1 * z)
    assert found.upper[0] == stats.nbinom.ppf(0.99, high / 0.5, 1 / 1.5)
    assert found.lower[0] == stats.nbinom.ppf(0.01, low / 0.5, 1 / 1.5)
    assert found.rise[0] == pytest.approx(stats.nbinom.sf(32, high / 0.5, 1 / 1.5))


@settings(max_examples=60)
@given(
    st.floats(1e-12, 1e10),
    st.sampled_from([1.0, 1.0001, 1.5, 4.0, 60.0, 1e4]),
    st.sampled_from([1e-4, 0.01, 0.05, 0.5, 0.95, 0.99, 0.9999]),
)
def test_a_quantile_is_the_smallest_count_with_enough_below(mean: float, phi: float, share: float) -> None:
    mean_, phi_ = np.array([mean]), np.array([phi])
    found = quantile(np.array([share]), mean_, phi_)
    assert at_most(found, mean_, phi_)[0] >= share * (1 - 1e-12)
    assert found[0] == 0 or at_most(found - 1, mean_, phi_)[0] < share


@pytest.mark.parametrize("mean", [0.3, 4.0, 70.0, 3000.0])
def test_quantiles_and_tails_equal_those_of_scipy(mean: float) -> None:
    share = np.array([0.001, 0.01, 0.3, 0.5, 0.9, 0.99, 0.999])
    means, counts = np.full(7, mean), np.array([0.0, 1, 2, 5, 60, 80, 3300])
    assert_array_equal(quantile(share, means, np.ones(7)), stats.poisson.ppf(share, mean))
    assert_array_equal(quantile(share, means, np.full(7, 3.0)), stats.nbinom.ppf(share, mean / 2, 1 / 3))
    assert_allclose(at_least(counts, means, np.ones(7)), stats.poisson.sf(counts - 1, mean), rtol=1e-9, atol=1e-280)
    wide = stats.nbinom.sf(counts - 1, mean / 2, 1 / 3)
    assert_allclose(at_least(counts, means, np.full(7, 3.0)), wide, rtol=1e-9, atol=1e-280)


def test_a_mean_that_is_no_number_has_no_quantile_and_a_huge_one_ends() -> None:
    share = np.full(3, 0.99)
    found = quantile(share, np.array([NAN, np.inf, 1e300]), np.array([2.0, 2.0, 2.0]))
    assert np.isnan(found[:2]).all()
    assert np.isnan(quantile(share[:1], np.array([NAN]), np.ones(1))).all()
    assert np.isnan(at_least(np.array([0.0]), np.array([np.inf]), np.ones(1))).all()


@pytest.mark.req("R13.6")
def test_the_baseline_of_a_week_can_be_shown() -> None:
    counts = simulated()[5]
    found = baseline(counts, np.arange(WEEKS), 310)
    plan = design(Shape((52, 104, 156, 208, 260), 263), controls_of("farrington"))
    assert_array_equal(found.columns, np.sort(310 - plan.back))
    assert_array_equal(
        found.columns[found.same], [310 - 52 * year + k for year in (5, 4, 3, 2, 1) for k in range(-3, 4)]
    )
    assert found.season.max() == 10
    assert found.weight.max() == 1
    outbreak = np.isin(found.columns, np.arange(100, 106))
    assert found.weight[outbreak].max() < 0.5 < found.weight[~outbreak].min()
    assert_allclose(found.fitted[~outbreak].mean(), counts[found.columns[~outbreak]].mean(), rtol=0.1)


def test_the_baseline_marks_what_was_not_reported_and_is_empty_without_an_answer() -> None:
    counts = simulated()[1]
    found = baseline(counts, np.arange(WEEKS), 310, reweight=False)
    assert_array_equal(found.weight, (~np.isnan(counts[found.columns])).astype(float))
    assert (baseline(np.nan_to_num(counts), np.arange(WEEKS), 310, reweight=False).weight == 1).all()
    assert baseline(counts, np.arange(WEEKS), 20).columns.size == 0
    assert baseline(counts, np.arange(WEEKS), 310, past_weeks_not_included=300).columns.size == 0


THREE = {"weights_threshold": 3.5, "three_weeks_threshold": 2.8, "weights_rounds": 2}


def _weights(raised: dict[int, float], **controls: Any) -> dict[int, float]:
    """Weights of some weeks of a Poisson series about 30 with so many cases more in some."""
    counts = np.random.default_rng(6).poisson(30, WEEKS).astype(float)
    for week, more in raised.items():
        counts[week] = 30 + more
    found = baseline(counts, np.arange(WEEKS), 310, **controls)
    return dict(zip(found.columns.tolist(), (found.weight / found.weight.max()).tolist(), strict=True))


@pytest.mark.req("R13.74")
def test_three_raised_weeks_are_an_outbreak_and_a_single_one_is_not() -> None:
    three, single = {150: 12, 151: 12, 152: 12}, {200: 20}
    found = _weights({**three, **single}, **THREE)
    assert found[151] < 0.3 < found[200]
    plain = _weights({**three, **single})
    assert plain[200] < 0.3 < plain[151]
    stronger = _weights(dict.fromkeys(three, 18), **THREE)
    assert max(stronger[week] for week in three) < 0.3
    assert _weights({200: 60}, **THREE)[200] < 0.05  # one that is far beyond all others is


def test_a_missing_week_is_no_part_of_the_three() -> None:
    counts = np.random.default_rng(6).poisson(30, WEEKS).astype(float)
    counts[[150, 152]] = 50
    told = []
    for between in (30.0, NAN):
        counts[151] = between
        found = baseline(counts, np.arange(WEEKS), 310, **{**THREE, "weights_rounds": 1})
        told.append(found.weight[found.columns == 150][0] / found.weight.max())
    assert told[0] == told[1] == 1


@pytest.mark.req("R13.74")
@pytest.mark.parametrize("missing", [True, False])
def test_three_weeks_in_a_batch_equal_the_series_alone(missing: bool) -> None:
    counts = simulated() if missing else np.nan_to_num(simulated())
    whole = farrington(counts, slice(305, 312), **THREE)
    for row in range(len(counts)):
        same(whole, farrington(counts[row], slice(305, 312), **THREE), [row])


@pytest.mark.req("R13.74")
def test_by_three_weeks_more_outbreaks_are_found_with_fewer_false_alarms() -> None:
    rng = np.random.default_rng(9)
    mean = np.repeat([1.5, 5.0, 20.0], 200)[:, None] * np.ones(WEEKS)
    clean = rng.negative_binomial(mean, 1 / 2).astype(float)
    past = clean.copy()
    for row, spread in enumerate(np.sqrt(2 * mean[:, 0])):
        for begin in rng.integers(0, 270, 5):
            past[row, begin : begin + 3] += rng.poisson(rng.choice([2, 3, 5]) * spread / 2, 3)
    wrong, found = {}, {}
    # Weights that take less from ordinary weeks leave room for a bound that is asked for a little more.
    for name, controls in (("one", {}), ("three", {**THREE, "alpha": 0.0115})):
        rings = farrington(clean, slice(300, 320), **controls).alarm
        wrong[name] = rings.mean()
        surged = past[:, 300:301] + rng.poisson(3.5 * np.sqrt(2 * mean[:, :1]))
        judged = np.concatenate([past[:, :300], surged], axis=1)
        found[name] = farrington(judged, slice(300, 301), **controls).alarm.mean()
    assert wrong["three"] <= wrong["one"]
    assert found["three"] > found["one"]


def test_answers_carry_the_settings_used() -> None:
    assert "farrington" in METHODS
    found = farrington(np.ones(WEEKS), threshold_method="NBPLUGIN", limit54=[3, 2], reweight=np.True_)
    assert found.method == "farrington"
    assert dict(found.controls) == {
        "b": 5,
        "w": 3,
        "no_periods": 10,
        "past_weeks_not_included": 26,
        "reweight": True,
        "weights_threshold": 2.58,
        "alpha": 0.01,
        "trend": True,
        "p_threshold_trend": 0.05,
        "limit54": (3, 2),
        "powertrans": "2/3",
        "threshold_method": "nbPlugin",
        "weeks_by_date": False,
        "freq": 52,
        "min_share": 0.0,
        "three_weeks_threshold": None,
        "weights_rounds": 1,
        "direction": "up",
    }


def test_nothing_to_evaluate_is_an_empty_answer() -> None:
    assert farrington(np.ones(WEEKS), slice(9, 9)).alarm.shape == (1, 0)
    assert run("farrington", np.empty((0, 9)), np.arange(9), slice(0, 9)).alarm.shape == (0, 9)


@pytest.mark.parametrize(
    "controls",
    [
        {"b": 0},
        {"b": 2.0},
        {"b": True},
        {"w": -1},
        {"no_periods": 0},
        {"past_weeks_not_included": -1},
        {"freq": 0},
        {"reweight": 1},
        {"trend": "yes"},
        {"weights_threshold": 0},
        {"weights_threshold": NAN},
        {"weights_threshold": "2.58"},
        {"three_weeks_threshold": 0.5},
        {"three_weeks_threshold": "2"},
        {"weights_rounds": 0},
        {"weights_rounds": 6},
        {"weights_rounds": 1.0},
        {"alpha": 0},
        {"alpha": 0.6},
        {"alpha": "small"},
        {"p_threshold_trend": 1.5},
        {"p_threshold_trend": None},
        {"limit54": 5},
        {"limit54": (5,)},
        {"limit54": (5, 0)},
        {"limit54": (-1, 4)},
        {"limit54": (5, 4.5)},
        {"powertrans": "3/4"},
        {"threshold_method": "bayes"},
        {"direction": "sideways"},
        {"weeks_by_date": True},  # the times below are no dates
    ],
)
def test_a_setting_out_of_range_is_refused(controls: dict[str, Any]) -> None:
    with pytest.raises(Refused) as caught:
        farrington(np.ones(WEEKS), **controls)
    (found,) = caught.value.problems
    assert found.code == "DETECT-006"
    assert found.text()
