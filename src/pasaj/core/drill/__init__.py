"""Drills: a crisis of the past played again, and how long each step of the answer took."""

from pasaj.core.drill.figures import Report, reports
from pasaj.core.drill.measures import Compared, compare
from pasaj.core.drill.players import Player, Spell, delay, free_from, happens
from pasaj.core.drill.shapes import (
    Absence,
    Change,
    Conflict,
    Counts,
    Cut,
    Key,
    Rumour,
    Scenario,
    Silence,
    Usual,
    fingerprint,
    plain,
)

__all__ = [
    "Absence",
    "Change",
    "Compared",
    "Conflict",
    "Counts",
    "Cut",
    "Key",
    "Player",
    "Report",
    "Rumour",
    "Scenario",
    "Silence",
    "Spell",
    "Usual",
    "compare",
    "delay",
    "fingerprint",
    "free_from",
    "happens",
    "plain",
    "reports",
]
