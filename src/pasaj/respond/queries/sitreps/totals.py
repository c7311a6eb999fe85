"""Sums over the crossings that reported: derived, said with how many they are, and never across sources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Plain = dict[str, Any]


def totals(facts: Mapping[str, Any]) -> list[Plain]:
    """Measure by measure and source by source, protection first, then movements in and out, then the largest.

    A place without coordinates that is an area (a department, a commune) is a place like others. before: of the same
    places only, where each of them reported in the period before too.
    """
    found: dict[tuple[str, str, str], Plain] = {}
    for one in facts["figures"]:
        key = one["measure"], one["direction"], one["source"]
        row = found.setdefault(
            key,
            {"measure": key[0], "direction": key[1], "source": key[2], "total": 0, "places": 0, "before": 0,
             "days": 0, "expected": 0},
        )  # fmt: skip
        row["total"] += one["total"]
        row["places"] += 1
        row["days"] += one["days"]
        row["expected"] += one["expected"]
        whole = row["before"] is not None and one["before"] is not None
        row["before"] = row["before"] + one["before"] if whole else None
    measures = facts["measures"]
    return sorted(
        found.values(),
        key=lambda one: (
            not measures[one["measure"]]["protection"],
            one["direction"] == "none",
            -one["total"],
            one["measure"],
            one["source"],
        ),
    )
