"""CUSUM against the reference vectors: every row of cusum.csv."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pasaj.core.detect import run

VECTORS = Path(__file__).parents[3].parent / "shared" / "vectors"
pytestmark = [
    pytest.mark.vectors,
    pytest.mark.skipif(not (VECTORS / "cusum.csv").exists(), reason=f"the reference vectors are not at {VECTORS}"),
]

CONFIGS: dict[str, dict[str, Any]] = {
    "cusum_rossi": {},
    "cusum_rossi_glm": {"mean": "glm"},
    "cusum_standard": {"trans": "standard"},
    "cusum_anscombe": {"trans": "anscombe", "k": 0.75, "h": 3},
}
LAST = 36


def _read(name: str) -> list[dict[str, str]]:
    with (VECTORS / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.req("R13.10")
@pytest.mark.parametrize("config", CONFIGS)
def test_levels_sums_bounds_and_alarms_equal_the_reference(config: str) -> None:
    inputs = _read("weekly_input.csv")
    expected = [row for row in _read("cusum.csv") if row["config"] == config]
    names = sorted({row["series"] for row in expected})
    counts = np.array([[float(row[name] or "nan") for row in inputs] for name in names])
    end = counts.shape[1]
    found = run("cusum", counts, np.arange(1, end + 1), slice(end - LAST, end), **CONFIGS[config])
    assert found.statistic is not None
    assert len(expected) == len(names) * LAST == 396
    for row in expected:
        at = names.index(row["series"]), int(row["t"]) - 1 - (end - LAST)
        assert found.expected[at] == pytest.approx(float(row["m"]), rel=1e-7), row
        assert found.statistic[at] == pytest.approx(float(row["cusum"]), rel=1e-6, abs=1e-7), row
        assert found.upper[at] == pytest.approx(float(row["upperbound"]), rel=1e-6, abs=1e-7), row
        assert bool(found.alarm[at]) is (row["alarm"] == "1"), row
    assert (found.reason == "").all()


def test_every_configuration_is_checked() -> None:
    assert {row["config"] for row in _read("cusum.csv")} == set(CONFIGS)
