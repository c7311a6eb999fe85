"""Many series, each by its own method, with the next one where the first has no answer."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from pasaj.core import detect
from pasaj.core.judging import Settings, judge

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
