"""What a situation report begins with: the heaviest of what there is, by rules whose sums are shown.

A running alert comes first, then danger to people whom services protect, then what is far from usual, then work that is
late, then silence. Within a rule the size decides. Nothing is weighed by who the people are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ALERT, PROTECTION, CAPACITY, UNUSUAL, LATE, SILENCE = 500, 400, 350, 300, 200, 100
SEVERITIES = ("minor", "moderate", "severe", "extreme")
MOST = 90  # what the size of a thing can add to its rule


@dataclass(frozen=True, slots=True)
class Candidate:
    """One thing that could be the headline. at: its position in the list of facts named `of`.

    terms: what its weight is the sum of, each with a name.
    """

    rule: str
    of: str
    at: int
    terms: tuple[tuple[str, int], ...]

    @property
    def weight(self) -> int:
        return sum(value for _, value in self.terms)


def candidates(facts: Mapping[str, Any]) -> list[Candidate]:
    """Everything that could be the headline, the heaviest first; what stands first in the facts wins a tie."""
    found = [
        *_alerts(facts["alerts"]),
        *_signals(facts["signals"]),
        *_capacity(facts["capacity"]),
        *_figures(facts["figures"]),
        *_late(facts["tasks"]),
        *_silence(facts),
    ]
    return sorted(found, key=lambda one: -one.weight)


def _alerts(rows: Sequence[Mapping[str, Any]]) -> Iterator[Candidate]:
    for at, one in enumerate(rows):
        if one["running"]:
            yield Candidate("alert", "alerts", at, (("alert", ALERT), ("severity", 20 * _rank(one["severity"]))))


def _rank(severity: str) -> int:
    return SEVERITIES.index(severity) if severity in SEVERITIES else 0


def _signals(rows: Sequence[Mapping[str, Any]]) -> Iterator[Candidate]:
    for at, one in enumerate(rows):
        if one["protection"] and one["state"] != "discarded":
            verified = 50 if one["state"] == "verified" else 0
            yield Candidate("protection", "signals", at, (("protection", PROTECTION), ("verified", verified)))


def _capacity(rows: Sequence[Mapping[str, Any]]) -> Iterator[Candidate]:
    for at, one in enumerate(rows):
        if one["reached"]:
            full = min(MOST, int(one["value"] * 10 / one["limit"])) if one["limit"] else MOST
            yield Candidate("capacity", "capacity", at, (("capacity", CAPACITY), ("full", full)))


def _figures(rows: Sequence[Mapping[str, Any]]) -> Iterator[Candidate]:
    for at, one in enumerate(rows):
        if one["against"] in ("above", "below"):
            edge = one["high"] if one["against"] == "above" else one["low"]
            distance = abs(one["total"] - edge)
            size = min(MOST, int(distance * 100 / edge)) if edge else MOST
            yield Candidate("unusual", "figures", at, (("unusual", UNUSUAL), ("distance", size)))


def _late(rows: Sequence[Mapping[str, Any]]) -> Iterator[Candidate]:
    for at, one in enumerate(rows):
        if one["late_hours"] > 0:
            yield Candidate("late", "tasks", at, (("late", LATE), ("hours", min(MOST, int(one["late_hours"])))))


def _silence(facts: Mapping[str, Any]) -> Iterator[Candidate]:
    expected, silent = facts["reporting"]["posts"], len(facts["silent"])
    if silent:
        share = min(MOST, 100 * silent // expected) if expected else MOST
        yield Candidate("silence", "silent", 0, (("silence", SILENCE), ("share", share)))
