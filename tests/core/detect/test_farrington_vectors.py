"""Farrington flexible against the reference vectors: every row of every ff_*.csv."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pasaj.core.detect import Detection, run

VECTORS = Path(__file__).parents[3].parent / "shared" / "vectors"
pytestmark = [
    pytest.mark.vectors,
    pytest.mark.skipif(
        not (VECTORS / "ff_nbplugin.csv").exists(), reason=f"the reference vectors are not at {VECTORS}"
    ),
]

FIRST, LAST = 391, 416
CONFIGS: dict[str, dict[str, Any]] = {
    "nbplugin": {},
    "delta": {"threshold_method": "delta"},
    "muan": {"threshold_method": "muan"},
    "nbplugin_p1": {"p_threshold_trend": 1, "alpha": 0.005, "limit54": (0, 4)},
    "1996like": {"threshold_method": "delta", "no_periods": 1, "weights_threshold": 1, "past_weeks_not_included": 3},
    "delta_half": {
        "threshold_method": "delta",
        "powertrans": "1/2",
        "no_periods": 5,
        "b": 4,
        "w": 2,
        "reweight": False,
    },
    "notrend": {"trend": False, "alpha": 0.05},
    "dates": {"weeks_by_date": True},
}
WHOLE = {config for config, controls in CONFIGS.items() if controls.get("threshold_method") != "delta"}


def _read(name: str) -> list[dict[str, str]]:
    with (VECTORS / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _inputs(config: str) -> tuple[list[str], Any, Any]:
    rows = _read("weekly_input.csv")
    names = [name for name in rows[0] if name not in ("t", "week_start")]
    counts = np.array([[float(row[name] or "nan") for row in rows] for name in names])
    if config == "dates":
        return names, counts, np.array([row["week_start"] for row in rows], dtype="datetime64[D]")
    return names, counts, np.array([int(row["t"]) for row in rows])


def _found(config: str) -> tuple[list[str], Detection]:
    names, counts, times = _inputs(config)
    return names, run("farrington", counts, times, slice(FIRST - 1, LAST), **CONFIGS[config])


def _number(text: str) -> float:
    return float(text or "nan")


def test_all_configurations_and_rows_are_checked() -> None:
    files = {path.stem.removeprefix("ff_") for path in VECTORS.glob("ff_*.csv")}
    assert files == set(CONFIGS)
    assert len(_inputs("delta")[0]) == 12
    assert all(len(_read(f"ff_{config}.csv")) == 12 * (LAST - FIRST + 1) for config in CONFIGS)


@pytest.mark.req("R13.1")
@pytest.mark.parametrize("config", CONFIGS)
def test_every_row_equals_the_reference(config: str) -> None:
    names, found = _found(config)
    for row in _read(f"ff_{config}.csv"):
        at = names.index(row["series"]), int(row["t"]) - FIRST
        assert bool(found.alarm[at]) is (row["alarm"] == "1"), row
        assert bool(found.trend_kept[at]) is (row["trend_kept"] == "1"), row
        upper, expected, phi = (_number(row[name]) for name in ("upperbound", "expected", "phi"))
        if config in WHOLE:
            np.testing.assert_equal(found.upper[at], upper, err_msg=str(row))
        else:
            np.testing.assert_allclose(found.upper[at], upper, rtol=1e-6, err_msg=str(row))
        near = (0.0, 1e-5) if expected <= 1e-3 else (1e-6, 0.0)
        np.testing.assert_allclose(found.expected[at], expected, *near, err_msg=str(row))
        np.testing.assert_allclose(found.phi[at], phi, rtol=1e-6, err_msg=str(row))
        if row["pvalue"]:
            assert found.p_value[at] == pytest.approx(float(row["pvalue"]), rel=1e-6, abs=1e-12), row
        assert (found.reason[at] == "") is (row["upperbound"] != ""), row


@pytest.mark.req("R13.2")
@pytest.mark.parametrize("config", CONFIGS)
def test_one_series_and_one_week_at_a_time_give_the_same_bits(config: str) -> None:
    names, counts, times = _inputs(config)
    _, whole = _found(config)
    for series in range(len(names)):
        for week in range(FIRST - 1, LAST, 9):
            one = run("farrington", counts[series : series + 1], times, slice(week, week + 1), **CONFIGS[config])
            for name in ("expected", "lower", "upper", "p_value", "phi", "alarm", "trend_kept", "reason"):
                np.testing.assert_array_equal(
                    getattr(one, name)[0, 0], getattr(whole, name)[series, week - FIRST + 1], err_msg=name
                )
