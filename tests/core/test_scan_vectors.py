"""The scan against the reference: the 120 best scores of scan_top120.csv and its Monte Carlo p-value."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pasaj.core.scan import nearest, space_time

VECTORS = Path(__file__).parents[2].parent / "shared" / "vectors"
pytestmark = [
    pytest.mark.vectors,
    pytest.mark.skipif(not (VECTORS / "scan_counts.csv").exists(), reason=f"the vectors are not at {VECTORS}"),
]


def _read(name: str) -> list[dict[str, str]]:
    with (VECTORS / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _case() -> tuple[Any, Any]:
    rows = _read("scan_counts.csv")
    counts = np.array([[int(row[f"X{place}"]) for row in rows] for place in range(1, len(rows[0]))])
    points = np.array([[float(row["x"]), float(row["y"])] for row in _read("scan_locations.csv")])
    distance = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    return counts, nearest(distance, 8)


@pytest.mark.req("R13.13")
def test_the_best_scores_are_those_of_the_reference() -> None:
    counts, zones = _case()
    assert counts.shape == (20, 20)
    assert len(zones) == 118
    found = space_time(counts, zones, replicates=0)
    number = {zone: place for place, zone in enumerate(zones)}
    rows = _read("scan_top120.csv")
    assert len(rows) == 120
    for row in rows:
        zone = tuple(sorted(int(place) - 1 for place in row["zone_locations"].split()))
        at = number[zone], int(row["duration"]) - 1
        assert found.score[at] == pytest.approx(float(row["score"]), rel=1e-8, abs=1e-8), row
        assert found.relative_risk[at] == pytest.approx(float(row["relrisk_in"]), rel=1e-8), row
        assert found.outside[at] == pytest.approx(float(row["relrisk_out"]), rel=1e-8), row
    best = np.sort(found.score, axis=None)[::-1][:120]
    np.testing.assert_allclose(best, [float(row["score"]) for row in rows], rtol=1e-8, atol=1e-8)
    assert found.clusters[0].score == best[0]


@pytest.mark.req("R13.14")
def test_the_monte_carlo_p_value_is_that_of_the_reference() -> None:
    counts, zones = _case()
    text = (VECTORS / "scan_VERSIONS.txt").read_text(encoding="utf-8")
    reference = float(text.rpartition(":")[2])
    for seed in (1, 2):
        best = space_time(counts, zones, seed=seed).clusters[0]
        assert best.p_value == pytest.approx(reference, abs=0.004)
        assert best.gumbel == pytest.approx(reference, abs=0.004)
