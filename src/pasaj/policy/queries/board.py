"""How a policy is kept: actions and indicators by how they stand, and what became of recommendations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max
from django.utils import timezone

from pasaj.access.rules import Actor, can, visible
from pasaj.assess.models import Recommendation
from pasaj.core.policy.monitoring import Course, Standing, course, standing
from pasaj.policy.models import Action, Indicator, Policy
from pasaj.policy.queries import plan as plans
from pasaj.registry.models import Institution

URGENT = ("late", "silent", "on_time", "waiting", "done", "dropped")
COURSES = ("silent", "behind", "unread", "unset", "on_course", "reached")


@dataclass(frozen=True, slots=True)
class Kept:
    """An action and how it stands; heard: when its owner last said so."""

    row: Action
    standing: Standing
    heard: date | None


@dataclass(frozen=True, slots=True)
class Followed:
    """An indicator and how it stands against the line to its target."""

    row: Indicator
    course: Course


@dataclass(frozen=True, slots=True)
class Board:
    """Of one policy, the most urgent first; counts by state, of all that the reader may see."""

    actions: list[Kept]
    indicators: list[Followed]
    counts: list[tuple[str, int]]
    courses: list[tuple[str, int]]


def kept(rows: Any, today: date) -> list[Kept]:
    """Standing actions with their last word, the most urgent first: two queries, whatever their number."""
    heard = rows.annotate(heard_at=Max("progress__at")).select_related("owner", "policy", "measure", "adopts")
    found = []
    for row in heard.order_by("pk"):
        day = timezone.localtime(row.heard_at).date() if row.heard_at else None
        found.append(Kept(row, standing(plans.action(row, needs=()), day, today), day))
    return sorted(found, key=lambda one: (URGENT.index(one.standing.state), -one.standing.days, one.row.pk))


def followed(rows: Any, today: date) -> list[Followed]:
    """Standing indicators against their targets, the most urgent first: a few queries."""
    listed = list(rows.select_related("action", "objective", "policy").order_by("pk"))
    readings: dict[str, list[Any]] = defaultdict(list)
    for policy in {one.policy for one in listed}:
        for reading in plans.readings(policy):
            readings[reading.indicator].append(reading)
    found = [Followed(row, course(plans.indicator(row), readings[row.code], today)) for row in listed]
    return sorted(found, key=lambda one: (COURSES.index(one.course.state), one.row.pk))


def board(actor: Actor, row: Policy, today: date) -> Board:
    """A policy as far as the reader may see it."""
    actions = kept(visible(Action.objects.filter(policy=row, withdrawn_at=None), actor), today)
    indicators = followed(visible(Indicator.objects.filter(policy=row, withdrawn_at=None), actor), today)
    return Board(
        actions, indicators, _counts(URGENT, (one.standing.state for one in actions)),
        _counts(COURSES, (one.course.state for one in indicators)),
    )  # fmt: skip


def _counts(order: Iterable[str], states: Iterable[str]) -> list[tuple[str, int]]:
    listed = list(states)
    return [(state, listed.count(state)) for state in order if state in listed]


def mine(actor: Actor, today: date) -> tuple[list[Kept], list[Followed]]:
    """The actions that the reader's institutions own, in every policy, and the indicators of these actions."""
    own = {one.institution_id for one in actor.grants if one.institution_id is not None}
    actions = visible(Action.objects.filter(owner__in=own, withdrawn_at=None), actor)
    indicators = visible(Indicator.objects.filter(action__owner__in=own, withdrawn_at=None), actor)
    return kept(actions, today), followed(indicators, today)


@dataclass(frozen=True, slots=True)
class Answered:
    """A recommendation and the standing actions of a policy that follow it up."""

    row: Recommendation
    actions: list[Action]


def recommendations(actor: Actor, row: Policy) -> list[Answered]:
    """What was done with each recommendation that the reader may see; what nobody follows up comes first."""
    by_code: dict[str, list[Action]] = defaultdict(list)
    actions = visible(Action.objects.filter(policy=row, withdrawn_at=None), actor)
    for action in actions.select_related("owner").order_by("pk"):
        for code in action.recommendations:
            by_code[code].append(action)
    rows = visible(Recommendation.objects.exclude(state=Recommendation.State.DROPPED), actor)
    found = [Answered(one, by_code[one.code]) for one in rows.select_related("institution", "round").order_by("pk")]
    return sorted(found, key=lambda one: (bool(one.actions), one.row.pk))


def due(row: Policy, today: date) -> dict[Institution, tuple[list[Kept], list[Followed]]]:
    """By owner: the actions of a policy that are late or silent, and the silent indicators of its actions."""
    found: dict[Institution, tuple[list[Kept], list[Followed]]] = {}
    for one in kept(Action.objects.filter(policy=row, withdrawn_at=None), today):
        if one.standing.state in ("late", "silent"):
            found.setdefault(one.row.owner, ([], []))[0].append(one)
    indicators = Indicator.objects.filter(policy=row, withdrawn_at=None, action__isnull=False)
    for each in followed(indicators.select_related("action__owner"), today):
        if each.course.state == "silent" and each.row.action:
            found.setdefault(each.row.action.owner, ([], []))[1].append(each)
    return found


def may_report(actor: Actor, rows: Iterable[Kept]) -> bool:
    """Whether the reader may say how any of these stands."""
    return any(can(actor, "follow", one.row) for one in rows)
