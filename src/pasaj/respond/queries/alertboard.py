"""The board of alerts: what runs, what waits for whom, what has ended; a constant number of queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Prefetch, Q, QuerySet, Value, When

from pasaj.access.rules import Actor, policy, visible
from pasaj.notify.models import Delivery
from pasaj.registry.models import Area, CrossingPoint, localised
from pasaj.respond.models import Alert, AlertMessage, Approval, Task
from pasaj.respond.queries.alertwords import ENDED, OPEN, SHAPES

State = AlertMessage.State


@dataclass(frozen=True, slots=True)
class Filter:
    """What of the board is asked for; empty: all. `state` is a state of an alert, "open" or "over"."""

    state: str = ""
    hazard: str = ""
    area: str = ""  # the code of an area or a crossing that an alert names
    mode: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One alert as the board shows it. Numbers are of addresses and tasks; 0 of 0 where there are none."""

    alert: Alert
    message: AlertMessage  # the last one that went out, else the one being written
    waiting: AlertMessage | None  # the one that waits for approval
    headline: str
    places: str
    shape: str
    since: datetime
    sent: int
    acknowledged: int
    tasks: int
    done: int
    for_you: bool  # it waits for the reader's approval

    @property
    def is_real(self) -> bool:
        return self.alert.mode == "actual"


def find(actor: Actor, wanted: Filter) -> QuerySet[Alert]:
    """The alerts the actor may see that fit: running ones first, then what waits, drafts and what has ended."""
    rows = visible(Alert.objects.all(), actor)
    if wanted.state:
        states = {"open": OPEN, "over": ENDED}.get(wanted.state, (wanted.state,))
        rows = rows.filter(state__in=states)
    if wanted.hazard:
        rows = rows.filter(hazard=wanted.hazard)
    if wanted.mode:
        rows = rows.filter(mode=wanted.mode)
    if wanted.area:
        named = visible(AlertMessage.objects.all(), actor).values_list("alert_id", "areas")
        rows = rows.filter(pk__in={alert for alert, areas in named if wanted.area in codes(areas)})
    order = Case(*(When(state=state, then=Value(at)) for at, state in enumerate(OPEN)), default=Value(9),
                 output_field=IntegerField())  # fmt: skip
    return rows.annotate(rank=order).order_by("rank", "-created_at", "-pk")


def codes(areas: Iterable[Mapping[str, Any]]) -> set[str]:
    """The codes of areas and crossings that a message names."""
    return {code for area in areas for name in ("codes", "crossings") for code in area.get(name, ())}


def corners(area: Mapping[str, Any]) -> list[list[float]]:
    """The corners of an outline, latitude first, each once: a ring that ends where it began says that point twice."""
    ring = list(area.get("polygon") or ())
    return ring[:-1] if len(ring) > 1 and list(ring[0]) == list(ring[-1]) else ring


def related(rows: QuerySet[Alert], actor: Actor) -> QuerySet[Alert]:
    """With what a line needs of the messages: one more query however many lines."""
    messages = visible(AlertMessage.objects.order_by("number"), actor).defer("xml")
    return rows.prefetch_related(Prefetch("messages", messages, to_attr="told"))


def lines(alerts: Iterable[Alert], actor: Actor, language: str) -> list[Line]:
    """The lines of alerts read with `related`. Four queries."""
    found = [one for one in alerts if getattr(one, "told", None)]
    identifiers = [message.identifier for one in found for message in told(one)]
    deliveries = standings([*(one.code for one in found), *identifiers])
    tasks = _tasks(found, actor)
    mine = _mine(found, actor)
    names = names_of(message for one in found for message in told(one))
    return [_line(one, language, deliveries, tasks, mine, names) for one in found]


def told(alert: Alert) -> list[AlertMessage]:
    """The messages of an alert that was read with `related`, in their order."""
    return list(alert.told)  # type: ignore[attr-defined]


def current(messages: Sequence[AlertMessage]) -> AlertMessage:
    """What people are told now: the last one that went out; before that the last one written."""
    out = [one for one in messages if one.state == State.PUBLISHED]
    kept = [one for one in messages if one.state != State.DISCARDED]
    return (out or kept or list(messages))[-1]


def _line(
    alert: Alert,
    language: str,
    deliveries: Mapping[str, Counter[str]],
    tasks: Mapping[int, tuple[int, int]],
    mine: set[int],
    names: Mapping[str, str],
) -> Line:
    messages = told(alert)
    shown = current(messages)
    standing = sum(
        (deliveries.get(ref, Counter()) for ref in (alert.code, *(m.identifier for m in messages))), Counter()
    )
    first = min((one.sent_at for one in messages if one.sent_at), default=alert.created_at)
    waiting = next((one for one in messages if one.state == State.SUBMITTED), None)
    total, done = tasks.get(alert.pk, (0, 0))
    return Line(
        alert=alert,
        message=shown,
        waiting=waiting,
        headline=text(shown, language, "headline") or text(shown, language, "event"),
        places=places(shown, language, names),
        shape=SHAPES.get(shown.severity, "reported"),
        since=first,
        sent=standing["total"],
        acknowledged=standing["acknowledged"],
        tasks=total,
        done=done,
        for_you=waiting is not None and waiting.pk in mine,
    )


def text(message: AlertMessage, language: str, part: str) -> str:
    """One part of the text in a language, else in the first one that has it."""
    said = [message.texts.get(language) or {}, *message.texts.values()]
    return next((str(one[part]) for one in said if one.get(part)), "")


def places(message: AlertMessage, language: str, names: Mapping[str, str]) -> str:
    """Where, in words: the names the author gave, else those of the crossings and areas."""
    found = []
    for area in message.areas:
        given = (area.get("names") or {}).get(language, "")
        listed = [names.get(code, code) for code in (*area.get("crossings", ()), *area.get("codes", ()))]
        found.append(given or ", ".join(listed))
    return "; ".join(filter(None, found))


def names_of(messages: Iterable[AlertMessage]) -> dict[str, str]:
    """What the crossings and areas are called that messages name. Two queries."""
    wanted = {code for message in messages for code in codes(message.areas)}
    crossings = CrossingPoint.objects.filter(code__in=wanted).values_list("code", "name")
    areas = Area.objects.filter(code__in=wanted).values_list("code", "names")
    return {**dict(crossings), **{code: localised(names) for code, names in areas}}


def standings(refs: Sequence[str]) -> dict[str, Counter[str]]:
    """By the code that messages tell of: how many addresses they went to and how many acknowledged. One query."""
    # What was withheld or cancelled never reached anybody who could acknowledge.
    went = ~Q(state__in=("withheld", "cancelled"))
    rows = (
        Delivery.objects.filter(message__ref__in=refs, message__kind="alert")
        .values_list("message__ref")
        .annotate(total=Count("pk", filter=went), acknowledged=Count("pk", filter=Q(acknowledged_at__isnull=False)))
        .order_by("message__ref")
    )
    return {ref: Counter(total=total, acknowledged=acknowledged) for ref, total, acknowledged in rows}


def _tasks(alerts: Sequence[Alert], actor: Actor) -> dict[int, tuple[int, int]]:
    """By alert: tasks of its activations and how many are done. One query."""
    rows = (
        Task.objects.filter(activation__alert__in=alerts)
        .exclude(state=Task.State.DROPPED)
        .values_list("activation__alert_id")
        .annotate(total=Count("pk"), done=Count("pk", filter=Q(state=Task.State.DONE)))
        .order_by("activation__alert_id")
    )
    return {alert: (total, done) for alert, total, done in rows}


def _mine(alerts: Sequence[Alert], actor: Actor) -> set[int]:
    """The messages that wait for the actor: submitted, theirs to approve, and not answered by them yet."""
    return set(waiting(actor).filter(alert__in=alerts).values_list("pk", flat=True))


def waiting(actor: Actor) -> QuerySet[AlertMessage]:
    """The messages that wait for this actor's approval, the one submitted first on top."""
    rows = AlertMessage.objects.filter(policy(AlertMessage, "approve", actor), state=State.SUBMITTED)
    # A no or a change makes a draft of it; so an answer since it was submitted speaks of the text as it stands.
    answered = Approval.objects.filter(message=OuterRef("pk"), actor_id=actor.id or 0, at__gte=OuterRef("submitted_at"))
    return rows.exclude(Exists(answered)).select_related("alert").order_by("submitted_at", "pk")
