"""Drills that were played, each beside its plan's promises and beside the one before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from pasaj.access.rules import Actor, visible
from pasaj.core.drill import Compared, compare
from pasaj.respond.models import Drill, DrillScenario

# The steps in their order, and from when to when each is measured.
STEPS: Mapping[str, tuple[Any, Any]] = {
    "report": (_("Reported"), _("from the event to the first count that tells of it")),
    "detect": (_("Found"), _("from the event to the signal")),
    "verify": (_("Verified"), _("from the event to the verified signal")),
    "approve": (_("Approved"), _("from the draft to the approval")),
    "reach_90": (_("Nine of ten reached"), _("from publication to the ninth of ten recipients")),
    "acknowledge": (_("Nine of ten acknowledged"), _("from publication to the ninth of ten acknowledgements")),
    "first_task": (_("First task done"), _("from the activation of the plan")),
    "all_tasks": (_("All tasks done"), _("from the activation of the plan")),
}

# What a line of the timeline tells of.
KINDS: Mapping[str, Any] = {
    "report": _("first report that tells of it"),
    "signal": _("signal found"),
    "verified": _("signal verified"),
    "rumour": _("rumour heard"),
    "confirmed": _("rumour confirmed"),
    "refuted": _("rumour refuted"),
    "unverifiable": _("rumour that could not be verified"),
    "drafted": _("alert written"),
    "approved": _("alert approved"),
    "published": _("message published"),
    "unratified": _("notice that nobody approved"),
    "no_answer": _("approver not reached"),
    "all_clear": _("all clear written"),
    "activated": _("plan activated"),
    "blocked": _("task blocked"),
    "done": _("task done"),
    "refused": _("step refused"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One measured step with its words."""

    label: Any
    span: Any
    hours: Compared


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened in a drill: when (simulated clock), which kind and its words, what."""

    at: datetime
    kind: str
    label: Any
    text: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A drill in a list: how many promises it kept of how many."""

    drill: Drill
    kept: int
    promised: int


def scenarios(actor: Actor) -> QuerySet[DrillScenario]:
    """What can be played, as the actor may see it."""
    return visible(DrillScenario.objects.filter(retired_at=None), actor).order_by("code")


def played(actor: Actor, scenario: str = "") -> list[Listed]:
    """Drills that were played, the latest first."""
    rows = visible(Drill.objects.defer("report"), actor).order_by("-recorded_at", "-pk")
    found = rows.filter(scenario=scenario) if scenario else rows
    return [_listed(one) for one in found]


def _listed(row: Drill) -> Listed:
    steps = compare(tuple(STEPS), row.promised, row.took)
    return Listed(row, sum(one.kept is True for one in steps), sum(one.kept is not None for one in steps))


def drill(actor: Actor, code: str) -> Drill | None:
    """A drill by its code, when the actor may see it."""
    return visible(Drill.objects.filter(code=code), actor).first()


def before(row: Drill) -> Drill | None:
    """The drill of the very same scenario that was played before this one."""
    same = Drill.objects.filter(scenario=row.scenario, fingerprint=row.fingerprint, pk__lt=row.pk)
    return same.defer("report").order_by("-pk").first()


def steps(row: Drill, earlier: Drill | None = None) -> list[Step]:
    """Every step with its hours, its promise, and the drill before."""
    compared = compare(tuple(STEPS), row.promised, row.took, earlier.took if earlier else None)
    return [Step(*STEPS[one.step], one) for one in compared]


def timeline(row: Drill) -> Sequence[Line]:
    """What happened, in order."""
    told = row.report.get("timeline", ())
    return [
        Line(datetime.fromisoformat(one["at"]), one["kind"], KINDS.get(one["kind"], one["kind"]), one["text"])
        for one in told
    ]
