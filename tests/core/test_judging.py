"""Many series, each by its own method, with the next one where the first has no answer."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from pasaj.core import detect
from pasaj.core.judging import Settings, judge
from pasaj.core.neighbours import completed

DAYS = np.arange("2025-01-01", "2025-02-10", dtype="datetime64[D]")
RNG = np.random.default_rng(3)
COUNTS = RNG.poisson(60, (4, len(DAYS))).astype(float)
COUNTS[0, :20] = np.nan  # twenty days of history
COUNTS[1, :35] = np.nan  # five
COUNTS[2, :] = np.nan
COUNTS[0, -1] = COUNTS[3, -1] = 400.0
EVALUATE = slice(len(DAYS) - 6, len(DAYS))


def settings(*methods: str) -> list[Settings]:
    return [Settings(method=method) for method in methods]


@pytest.mark.req("R13.43")
def test_each_series_has_an_answer_or_the_reason_of_its_own_method() -> None:
    found = judge(COUNTS, DAYS, EVALUATE, cadence="day", settings=settings("", "", "", "ears_c1"))
    assert [one.code for one in found.choices] == ["short", "new", "new", "set"]
    assert found.method[:, -1].tolist() == ["ears_c2", "ears_c1", "", "ears_c1"]
    assert found.alarm[:, -1].tolist() == [True, False, False, True]
    # Five days are enough for the last of the chain from the fourth on.
    assert found.method[1].tolist() == ["", "", "", "", "ears_c1", "ears_c1"]
    assert set(found.reason[1, :4]) == {"DETECT-101"} | set(found.reason[1, :1])
    assert set(found.reason[2]) == {"DETECT-103"}
    assert_array_equal(found.reason != "", found.method == "")
    assert found.controls[3, "ears_c1"]["variant"] == "C1"


def test_the_numbers_are_those_of_the_method_alone() -> None:
    found = judge(COUNTS, DAYS, EVALUATE, cadence="day", settings=settings("", "", "", ""))
    method, controls = found.choices[0].chain[0]
    alone = detect.run(method, COUNTS[:1], DAYS, EVALUATE, **controls, direction="both")
    assert_array_equal(found.upper[0], alone.upper[0])
    assert_array_equal(found.p_value[0], alone.p_value[0])


def test_directions_are_kept_apart() -> None:
    both = [Settings("ears_c1", direction="up"), Settings("ears_c1", direction="down")]
    rows = np.repeat(COUNTS[3:], 2, axis=0)
    assert judge(rows, DAYS, EVALUATE, cadence="day", settings=both).alarm[:, -1].tolist() == [True, False]


def test_nothing_asked_is_nothing_answered() -> None:
    found = judge(COUNTS, DAYS, slice(40, 40), cadence="day", settings=settings("", "", "", ""))
    assert found.alarm.shape == (4, 0)
    assert judge(COUNTS[:0], DAYS, EVALUATE, cadence="day", settings=[]).choices == ()


# --- A series that has only begun ---------------------------------------------------------------

WEEK = np.array([1.0, 1.5, 0.8, 0.9, 1.6, 0.7, 0.4])
LONG = np.arange("2025-01-01", "2025-05-01", dtype="datetime64[D]")


def border(own: int, level: float = 60.0, places: int = 5, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """The counts of a post that opened `own` days ago, and of its neighbours, which were there before."""
    rng = np.random.default_rng(seed)
    week = WEEK[np.arange(len(LONG)) % 7]
    means = np.outer(level * np.exp(rng.normal(0, 0.5, places)), week)
    neighbours = rng.negative_binomial(10, 1 / (1 + means / 10)).astype(float)
    mine = rng.negative_binomial(10, 1 / (1 + level * week / 10)).astype(float)
    mine[: len(LONG) - own] = np.nan
    return mine[None], neighbours


LAST = slice(len(LONG) - 1, len(LONG))


@pytest.mark.req("R13.66")
def test_a_series_that_has_only_begun_borrows_its_past() -> None:
    counts, neighbours = border(15)
    found = judge(counts, LONG, LAST, cadence="day", settings=[Settings()], lenders=[neighbours])
    choice = found.choices[0]
    assert (choice.code, choice.params) == ("neighbours", {"reported": 15, "number": 5})
    assert found.method[0, 0] == choice.method == "daily"
    # Nothing but the past is borrowed: the same as the model of weekdays over what neighbours.completed gives.
    past = completed(counts[0], neighbours)
    assert past is not None
    alone = detect.run("daily", past.counts[None], LONG, LAST, **choice.controls, direction="both")
    assert (found.expected[0, 0], found.upper[0, 0]) == (alone.expected[0, 0], alone.upper[0, 0])
    # Without neighbours the few days there are say what is usual.
    assert judge(counts, LONG, LAST, cadence="day", settings=[Settings()]).choices[0].code == "short"


@pytest.mark.req("R13.66")
def test_for_what_was_borrowed_there_is_no_answer() -> None:
    counts, neighbours = border(15)
    found = judge(
        counts, LONG, slice(len(LONG) - 28, len(LONG)), cadence="day", settings=[Settings()], lenders=[neighbours]
    )
    assert found.method[0].tolist() == [""] * 13 + ["daily"] * 15
    assert set(found.reason[0, :13]) == {"DETECT-103"}
    assert np.isnan(found.expected[0, :13]).all()


@pytest.mark.req("R13.67")
def test_with_a_borrowed_past_more_is_found_and_nothing_rings_more_often() -> None:
    rows = [border(15, level=300, seed=seed) for seed in range(60)]
    counts = np.vstack([mine for mine, _neighbours in rows])
    settings = [Settings()] * len(rows)

    def rings(factor: float, lenders: list[np.ndarray]) -> int:
        shocked = counts.copy()
        shocked[:, -1] = np.round(shocked[:, -1] * factor)
        return int(judge(shocked, LONG, LAST, cadence="day", settings=settings, lenders=lenders).alarm.sum())

    neighbours = [others for _mine, others in rows]
    assert rings(1, neighbours) <= 2
    assert rings(2.5, neighbours) >= rings(2.5, []) + 5


@pytest.mark.parametrize(
    ("own", "level", "places", "method", "code"),
    [
        (50, 60.0, 5, "", "weekdays"),  # enough of its own
        (15, 0.8, 5, "", "short"),  # a share of rare counts says little
        (5, 60.0, 5, "", "new"),  # too few days for a share
        (15, 60.0, 1, "", "short"),  # one neighbour would lend its own oddities
        (15, 60.0, 5, "ears_c1", "set"),  # the measure has its own method
    ],
)
def test_who_does_not_borrow(own: int, level: float, places: int, method: str, code: str) -> None:
    counts, neighbours = border(own, level, places)
    found = judge(counts, LONG, LAST, cadence="day", settings=[Settings(method)], lenders=[neighbours])
    assert found.choices[0].code == code


def test_neighbours_that_are_as_young_lend_too_little() -> None:
    counts, neighbours = border(15)
    neighbours[:, : len(LONG) - 25] = np.nan
    found = judge(counts, LONG, LAST, cadence="day", settings=[Settings()], lenders=[neighbours])
    assert found.choices[0].code == "short"


def test_a_series_reported_now_and_then_has_not_only_begun() -> None:
    counts, neighbours = border(110)
    counts[0, np.arange(len(LONG)) % 4 > 0] = np.nan
    found = judge(counts, LONG, LAST, cadence="day", settings=[Settings()], lenders=[neighbours])
    assert found.choices[0].code == "short"


def test_a_loan_changes_nothing_for_the_series_beside_it() -> None:
    (young, neighbours), (old, _others) = border(15), border(100, seed=2)
    counts, two = np.vstack([young, old]), [Settings(), Settings()]
    found = judge(counts, LONG, LAST, cadence="day", settings=two, lenders=[neighbours, None])
    alone = judge(old, LONG, LAST, cadence="day", settings=two[:1])
    assert [one.code for one in found.choices] == ["neighbours", "weekdays"]
    assert found.upper[1, 0] == alone.upper[0, 0]
