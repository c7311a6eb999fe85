"""Contingency plans: who does what by which hour once something happened, and what a plan must never lack."""

from pasaj.core.plans.checking import Known, Mandated, check
from pasaj.core.plans.matching import Sign, proposed
from pasaj.core.plans.plain import fingerprint, from_plain, plain
from pasaj.core.plans.review import Measured, Timed, Timing, is_kept, measure
from pasaj.core.plans.shapes import (
    PROMISES,
    SEVERITIES,
    Action,
    Level,
    Plan,
    Trigger,
)
from pasaj.core.plans.standing import Part, Standing, standings

__all__ = [
    "PROMISES",
    "SEVERITIES",
    "Action",
    "Known",
    "Level",
    "Mandated",
    "Measured",
    "Part",
    "Plan",
    "Sign",
    "Standing",
    "Timed",
    "Timing",
    "Trigger",
    "check",
    "fingerprint",
    "from_plain",
    "is_kept",
    "measure",
    "plain",
    "proposed",
    "standings",
]
