"""What a contingency plan says, as plain values. The format of its file is in docs/reference/plans.md."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

Names = Mapping[str, str]
"""A text by language code."""

SEVERITIES = ("minor", "moderate", "severe", "extreme")
"""The words of CAP, the least first."""
DIRECTIONS = ("any", "up", "down")
PLACES = ("any", "crossing", "area")
PROMISES = ("report", "detect", "verify", "approve", "reach_90", "acknowledge", "first_task", "all_tasks")
"""What a plan promises a time for, in the order in which it happens; each in hours.

report, detect, verify: from the event until it is reported, detected, verified; approve: from the draft to the
approval; reach_90: from publishing until nine of ten recipients are reached; acknowledge: until they have
acknowledged; first_task, all_tasks: from the activation until the first, and every, task is done.
"""
LONGEST_HOURS = 8784.0
LONGEST_DAYS = 366


@dataclass(frozen=True, slots=True)
class Trigger:
    """A condition that proposes a level of the plan; it never activates it.

    kind "signal": measure (empty: any one), direction of the deviation, where (`place`), only measures that tell of
    people in need (`protection`), and only from `times` the expected count on.
    kind "alert": the hazard of a published alert, from a severity on.
    """

    kind: str
    level: str
    measure: str = ""
    direction: str = "any"
    place: str = "any"
    times: float = 0.0
    protection: bool = False
    hazard: str = ""
    severity: str = "minor"


@dataclass(frozen=True, slots=True)
class Level:
    """A step of the plan, the mildest first. `when` tells when it applies; `colour` is only shown."""

    code: str
    names: Names
    when: Names
    actions: tuple[str, ...]
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """What one institution does by hour H+`hours` of the activation. `after`: actions that must be done before."""

    code: str
    names: Names
    lead: str
    function: str
    hours: float
    support: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    resources: Names = field(default_factory=dict)
    protection: bool = False
    enforcement: bool = False
    roles: tuple[str, ...] = ()
    source: str = ""
    verify: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole plan. days: until the measure ends unless it is prolonged. promises: hours by word of PROMISES."""

    code: str
    version: str
    names: Names
    hazards: tuple[str, ...]
    triggers: tuple[Trigger, ...]
    levels: tuple[Level, ...]
    actions: tuple[Action, ...]
    promises: Mapping[str, float]
    days: int
    review_date: date
    source: str = ""
    verify: str = ""

    def level(self, code: str) -> Level | None:
        return next((one for one in self.levels if one.code == code), None)

    def action(self, code: str) -> Action | None:
        return next((one for one in self.actions if one.code == code), None)

    def of_level(self, code: str) -> tuple[Action, ...]:
        """The actions of a level in its order; none of an unknown one."""
        level = self.level(code)
        found = (self.action(one) for one in level.actions) if level else ()
        return tuple(one for one in found if one is not None)
