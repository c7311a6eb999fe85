"""Drills: a crisis of the past played again, and how long each step of the answer took."""

from pasaj.core.drill.figures import Report, reports
from pasaj.core.drill.measures import STEPS, Measured, Moments, measured, share_reached
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
    "STEPS",
    "Absence",
    "Change",
    "Conflict",
    "Counts",
    "Cut",
    "Key",
    "Measured",
    "Moments",
    "Player",
    "Report",
    "Rumour",
    "Scenario",
    "Silence",
    "Spell",
    "Usual",
    "delay",
    "fingerprint",
    "free_from",
    "happens",
    "measured",
    "plain",
    "reports",
    "share_reached",
]
