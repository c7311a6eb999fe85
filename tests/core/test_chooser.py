"""The chooser: every series has a method, a reason for it, and others to ask after it."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pasaj.core import detect
from pasaj.core.chooser import ALPHA, EARS_ALPHA, FEW, REASONS, SENSITIVITIES, Facts, choose, facts
from pasaj.core.problems import fill

NAN = float("nan")


@pytest.mark.req("R13.43")
@pytest.mark.parametrize(
    ("known", "method", "code"),
    [
        (Facts("day", 400, 390, 120.0), "daily", "weekdays"),
        (Facts("day", 35, 35, 120.0), "daily", "weekdays"),
        (Facts("day", 34, 34, 120.0), "ears_c2", "short"),
        (Facts("day", 4, 4, 120.0), "ears_c2", "new"),
        (Facts("day", 400, 390, 0.4), "rare", "rare"),
        (Facts("day", 400, 390, 1.0), "daily", "weekdays"),
        (Facts("week", 400, 390, 1.9), "rare", "rare"),
        (Facts("day", 20, 20, 0.4), "ears_c2", "short"),
        (Facts("week", 160, 158, 30.0), "farrington", "weeks"),
        (Facts("week", 159, 158, 30.0), "ears_c2", "short"),
        (Facts("week", 600, 590, 0.2), "rare", "rare"),
        (Facts("month", 38, 30, 9000.0), "farrington", "months"),
        (Facts("month", 37, 30, 9000.0), "ears_c2", "short"),
        (Facts("month", 40, 19, 9000.0), "ears_c2", "short"),  # more gaps than figures
        (Facts("month", 40, 20, 9000.0), "farrington", "months"),
        (Facts("month", 40, 6, 9000.0), "ears_c2", "new"),
        (Facts("month", 0, 0, 0.0), "ears_c2", "new"),
    ],
)
def test_length_fullness_and_level_decide(known: Facts, method: str, code: str) -> None:
    found = choose(known)
    assert (found.method, found.code) == (method, code)
    assert found.chain[0] == (found.method, found.controls)
    assert "…" not in fill(REASONS[code], found.params)


@pytest.mark.parametrize(("span", "years"), [(160, 3), (211, 3), (212, 4), (264, 5), (900, 5)])
def test_as_many_years_are_compared_as_there_are_and_five_at_most(span: int, years: int) -> None:
    found = choose(Facts("week", span, span, 40.0))
    assert (found.controls["b"], found.params["years"]) == (years, years)
    # The first of them is whole, with the weeks before it.
    assert span - 1 - 52 * years - 3 >= 0


def test_months_have_room_for_four_seasons() -> None:
    controls = choose(Facts("month", 50, 50, 40.0)).controls
    assert (controls["freq"], controls["w"], controls["no_periods"], controls["b"]) == (12, 1, 4, 4)


@pytest.mark.req("R13.70")
def test_four_seasons_ring_less_of_nothing_and_find_more_falls_than_none() -> None:
    rng, months = np.random.default_rng(3), np.arange(96)
    log = np.log(500) + 0.008 * months + 0.4 * np.sin(2 * np.pi * months / 12) + 0.2 * (months % 12 == 6)
    log = log + np.cumsum(rng.normal(0, 0.02, (200, 96)), axis=1)
    usual = np.exp(log) * rng.gamma(50, 0.02, log.shape)
    counts = rng.poisson(usual).astype(float)
    fallen = counts.copy()
    fallen[:, -1] = rng.poisson(0.65 * usual[:, -1])
    chosen = choose(facts(counts, "month")[0]).controls
    wrong, found = {}, {}
    for seasons in (1, chosen["no_periods"]):
        controls = {**chosen, "no_periods": seasons, "direction": "both"}
        wrong[seasons] = detect.run("farrington", counts, months, slice(84, 96), **controls).alarm.mean()
        found[seasons] = detect.run("farrington", fallen, months, slice(95, 96), **controls).alarm.mean()
    assert wrong[4] < 0.75 * wrong[1]
    assert found[4] > found[1]


@pytest.mark.req("R13.80")
def test_a_method_that_is_set_is_fitted_to_the_cadence_all_the_same() -> None:
    months = choose(Facts("month", 50, 50, 40.0), override="farrington").controls
    assert months == choose(Facts("month", 50, 50, 40.0)).controls
    assert choose(Facts("week", 10, 10, 40.0), override="farrington").controls["b"] == 1
    assert "freq" not in choose(Facts("day", 900, 900, 40.0), override="farrington").controls
    assert choose(Facts("day", 90, 90, 40.0), override="ears_c3").controls["student"] is False
    baselines = [choose(Facts(one, 8, 8, 40.0)).controls["baseline"] for one in ("day", "week", "month")]
    assert baselines == [28, 13, 12]


def test_a_measure_may_set_its_method() -> None:
    known = Facts("day", 400, 390, 120.0)
    wanted = {"ears_c1": EARS_ALPHA["few"], "farrington": ALPHA["few"], "glr": None, "daily": 0.0005}
    for method, alpha in wanted.items():
        found = choose(known, override=method, sensitivity="few")
        assert (found.method, found.code, found.controls.get("alpha")) == (method, "set", alpha)
        assert [name for name, _ in found.chain] == [method, "ears_c2", "ears_c1"]


@pytest.mark.req("R13.72")
def test_a_measure_that_always_warns_is_judged_as_rare_whatever_its_history() -> None:
    for known in (Facts("day", 0, 0, 0.0), Facts("day", 400, 390, 120.0), Facts("week", 400, 390, 40.0)):
        found = choose(known, always_from=2)
        assert (found.method, found.code, found.params) == ("rare", "always", {"least": 2})
        assert found.controls["always_from"] == 2


def test_early_asks_for_less_than_few() -> None:
    for known in (Facts("day", 400, 390, 120.0), Facts("day", 10, 10, 120.0), Facts("week", 400, 390, 1.0)):
        alphas = [choose(known, sensitivity=one).controls["alpha"] for one in SENSITIVITIES]
        assert alphas == sorted(set(alphas))


def test_facts_are_read_from_the_counts() -> None:
    counts = np.full((3, 200), NAN)
    counts[0, 50:150] = 4
    counts[0, 60] = NAN
    counts[1, 199] = 7
    found = facts(counts, "day")
    assert found[0] == Facts("day", 100, 99, 4.0)
    assert found[1] == Facts("day", 1, 1, 7.0)
    assert found[2] == Facts("day", 0, 0, 0.0)


def test_the_level_is_that_of_late() -> None:
    counts = np.r_[np.full(100, 50.0), np.zeros(52)][None]
    assert facts(counts, "week")[0].level == 0.0


any_facts: Any = st.builds(
    Facts, st.sampled_from(sorted(FEW)), st.integers(0, 2000), st.integers(0, 2000), st.floats(0, 1e9)
)


@given(any_facts, st.sampled_from(SENSITIVITIES))
def test_there_is_always_a_method(known: Facts, sensitivity: str) -> None:
    found = choose(known, sensitivity=sensitivity)
    assert found.code in REASONS
    assert len(found.chain) == 3
    assert found == choose(known, sensitivity=sensitivity)
