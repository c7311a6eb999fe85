"""EARS against the reference vectors: every row of ears.csv."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pasaj.core.detect import run

VECTORS = Path(__file__).parents[3].parent / "shared" / "vectors"
pytestmark = [
    pytest.mark.vectors,
    pytest.mark.skipif(not (VECTORS / "ears.csv").exists(), reason=f"the reference vectors are not at {VECTORS}"),
]

CONFIGS: dict[str, dict[str, Any]] = {
    "ears_c1": {"variant": "C1"},
    "ears_c2": {"variant": "C2"},
    "ears_c3": {"variant": "C3"},
    "ears_c2_b14s": {"variant": "C2", "baseline": 14, "min_sigma": 0.5, "alpha": 0.005},
    "ears_c3_s": {"variant": "C3", "min_sigma": 1},
}
NAMES = ("d_low", "d_mid", "d_high", "d_out", "d_const")


def _read(name: str) -> list[dict[str, str]]:
    with (VECTORS / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _inputs() -> tuple[Any, Any]:
    rows = _read("daily_input.csv")
    counts = np.array([[float(row[name] or "nan") for row in rows] for name in NAMES])
    return counts, np.array([int(row["t"]) for row in rows])


def test_all_configurations_and_rows_are_checked() -> None:
    rows = _read("ears.csv")
    assert {row["config"] for row in rows} == set(CONFIGS)
    assert {row["series"] for row in rows} == set(NAMES)
    assert len(rows) == len(CONFIGS) * len(NAMES) * 60


@pytest.mark.req("R8.1")
@pytest.mark.parametrize("config", CONFIGS)
def test_bounds_and_alarms_equal_the_reference(config: str) -> None:
    counts, times = _inputs()
    found = run("ears", counts, times, slice(340, 400), **CONFIGS[config])
    checked = 0
    for row in _read("ears.csv"):
        if row["config"] != config:
            continue
        at = NAMES.index(row["series"]), int(row["t"]) - 341
        if row["upperbound"] == "":
            assert np.isnan(found.upper[at]), row
        else:
            assert found.upper[at] == pytest.approx(float(row["upperbound"]), rel=1e-9, abs=1e-12), row
        if row["alarm"] == "":
            assert not found.alarm[at], row
            assert found.reason[at] == "DETECT-104", row
        else:
            assert bool(found.alarm[at]) is (row["alarm"] == "1"), row
            assert found.reason[at] == "", row
        checked += 1
    assert checked == 300


@pytest.mark.parametrize("config", CONFIGS)
def test_one_series_and_one_day_at_a_time_give_the_same_numbers(config: str) -> None:
    counts, times = _inputs()
    whole = run("ears", counts, times, slice(340, 400), **CONFIGS[config])
    for series in range(len(NAMES)):
        for day in range(340, 400, 7):
            one = run("ears", counts[series : series + 1], times, slice(day, day + 1), **CONFIGS[config])
            for name in ("expected", "lower", "upper", "p_value", "alarm", "reason"):
                np.testing.assert_array_equal(getattr(one, name)[0, 0], getattr(whole, name)[series, day - 340])
