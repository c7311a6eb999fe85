"""GLR and LR charts against the reference vectors: every row of glr.csv."""

import csv
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pasaj.core.detect import run

VECTORS = Path(__file__).parents[3].parent / "shared" / "vectors"
pytestmark = [
    pytest.mark.vectors,
    pytest.mark.skipif(not (VECTORS / "glr.csv").exists(), reason=f"the reference vectors are not at {VECTORS}"),
]

CONFIGS: dict[str, dict[str, Any]] = {
    "glrpois": {},
    "glrnb_a0.1": {"family": "nb", "dispersion": 0.1},
    "lrpois_theta": {"mode": "lr", "theta": math.log(1.5), "threshold": 4},
    "lrnb_theta": {"mode": "lr", "theta": math.log(1.5), "threshold": 4, "family": "nb", "dispersion": 0.1},
}
LAST = 36


def _read(name: str) -> list[dict[str, str]]:
    with (VECTORS / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _case(config: str) -> tuple[Any, Any, Any, Any]:
    """Counts, levels, statistics and alarms of a configuration, one row a series."""
    inputs = _read("weekly_input.csv")
    rows = [row for row in _read("glr.csv") if row["config"] == config]
    names = sorted({row["series"] for row in rows})
    assert len(rows) == len(names) * LAST == 360
    counts = np.array([[float(row[name] or "nan") for row in inputs] for name in names])
    rows.sort(key=lambda row: (row["series"], int(row["t"])))
    table = {
        key: np.array([float(row[key]) for row in rows]).reshape(-1, LAST) for key in ("mu0", "statistic", "alarm")
    }
    return counts, table["mu0"], table["statistic"], table["alarm"] == 1


@pytest.mark.req("R13.11")
@pytest.mark.parametrize("config", CONFIGS)
def test_statistics_and_alarms_equal_the_reference(config: str) -> None:
    counts, level, statistic, alarm = _case(config)
    end = counts.shape[1]
    found = run("glr", counts, np.arange(end), slice(end - LAST, end), mu0=level, **CONFIGS[config])
    assert found.statistic is not None
    np.testing.assert_array_equal(found.alarm, alarm)
    np.testing.assert_allclose(found.statistic, statistic, rtol=1e-6, atol=1e-7)
    np.testing.assert_array_equal(found.expected, level)
    assert (found.reason == "").all()


@pytest.mark.req("R13.11")
def test_the_seasonal_level_is_that_of_the_reference() -> None:
    counts, level, _, _ = _case("glrpois")
    end = counts.shape[1]
    found = run("glr", counts, np.arange(end), slice(end - LAST, end), mu0="glm")
    np.testing.assert_allclose(found.expected, level, rtol=1e-6)


def test_every_configuration_is_checked() -> None:
    assert {row["config"] for row in _read("glr.csv")} == set(CONFIGS)
