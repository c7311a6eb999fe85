"""Questions of the duty room: its log, who is on duty, what is open, and the handovers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from pasaj.access.rules import Actor, visible
from pasaj.notify.models import Delivery, Message
from pasaj.registry import queries as registry
from pasaj.registry.models import localised
from pasaj.respond.models import AlertMessage, Event, Handover, LogEntry, Task
from pasaj.respond.queries.alertboard import text as headline
from pasaj.watch.models import Signal, Source
from pasaj.watch.queries import board
from pasaj.watch.queries import signals as words

KINDS = {
    LogEntry.Kind.CALL_IN: _("Call received"),
    LogEntry.Kind.CALL_OUT: _("Call made"),
    LogEntry.Kind.RADIO: _("Radio"),
    LogEntry.Kind.MESSAGE: _("Message"),
    LogEntry.Kind.VISIT: _("Visit"),
    LogEntry.Kind.DECISION: _("Decision"),
    LogEntry.Kind.NOTE: _("Note"),
}
OPEN_KINDS = {
    "alert": _("Alert running"),
    "approval": _("Waits for approval"),
    "signal": _("Signal"),
    "task": _("Task overdue"),
    "delivery": _("Not acknowledged"),
    "event": _("Event to verify"),
    "silence": _("Silent post"),
}
SILENT_DAYS = 14
RECENT = timedelta(days=28)  # signals older than that stay on their own list
MOST = 40  # lines of one kind in what is open


@dataclass(frozen=True, slots=True)
class OpenItem:
    """One thing that whoever comes must know of. `code` leads to its page, `place` is in words, `count` how many."""

    kind: str  # a key of OPEN_KINDS
    code: str
    since: datetime | date | None = None
    state: str = ""
    place: str = ""
    text: str = ""
    count: int = 0

    def plain(self) -> dict[str, Any]:
        """As a snapshot keeps it: JSON values."""
        found = asdict(self)
        found["since"] = self.since.isoformat() if self.since else ""
        return found


def entries(actor: Actor) -> QuerySet[LogEntry]:
    """The log as far as the actor may read it, the newest first."""
    rows = visible(LogEntry.objects.all(), actor).select_related("institution", "crossing", "corrects", "corrected_by")
    return rows.order_by("-at", "-pk")


def of_day(actor: Actor, day: date) -> QuerySet[LogEntry]:
    """What happened on one local day."""
    home = registry.home()
    assert home is not None
    start = datetime.combine(day, time.min, tzinfo=home.zone)
    return entries(actor).filter(at__gte=start, at__lt=start + timedelta(days=1))


def holding(actor: Actor, text: str) -> QuerySet[LogEntry]:
    """Lines that hold a text, in what was said, with whom, or as a code."""
    found = Q(text__icontains=text) | Q(contact_role__icontains=text) | Q(ref__iexact=text) | Q(code__iexact=text)
    return entries(actor).filter(found | Q(institution__code__iexact=text) | Q(crossing__name__icontains=text))


def about(actor: Actor, code: str) -> QuerySet[LogEntry]:
    """Lines that are about something, or name its code; corrected ones are left out."""
    return entries(actor).filter(Q(ref=code) | Q(text__contains=code), corrected_by=None)


def handovers(actor: Actor) -> QuerySet[Handover]:
    """The handovers the actor may read, the newest first."""
    return visible(Handover.objects.all(), actor).order_by("-prepared_at", "-pk")


def open_items(actor: Actor, now: datetime) -> list[OpenItem]:
    """Everything that is open at `now` as far as the actor may see it, the most urgent kind first.

    A constant number of queries, whatever their length; at most 40 lines of a kind.
    """
    found: list[OpenItem] = []
    for kind in (_alerts, _signals, _tasks, _deliveries, _events, _silences):
        found += list(kind(actor, now))[:MOST]
    return sorted(found, key=lambda one: list(OPEN_KINDS).index(one.kind))


def _alerts(actor: Actor, now: datetime) -> Iterator[OpenItem]:
    wanted = Q(state="submitted") | Q(state="published", alert__state="published", expires_at__gt=now)
    rows = visible(AlertMessage.objects.filter(wanted), actor).select_related("alert").order_by("alert__code", "number")
    seen = set()
    for row in rows:
        waiting = row.state == AlertMessage.State.SUBMITTED
        if (row.alert_id, waiting) not in seen:
            seen.add((row.alert_id, waiting))
            said = headline(row, (get_language() or "").partition("-")[0], "headline")
            since = row.submitted_at if waiting else row.sent_at
            yield OpenItem("approval" if waiting else "alert", row.alert.code, since, row.state, "", said[:160])


def _signals(actor: Actor, now: datetime) -> Iterator[OpenItem]:
    rows = visible(Signal.objects.filter(state__in=words.OPEN, created_at__gt=now - RECENT, created_at__lte=now), actor)
    rows = rows.filter(period_end__gte=(now - RECENT).date()).exclude(kind=Signal.Kind.SILENCE)
    for row in words.by_urgency(words.related(rows))[:MOST]:
        line = words.line(row)
        yield OpenItem("signal", row.code, row.created_at, row.state, line.place, f"{line.kind}: {line.what}")


def _tasks(actor: Actor, now: datetime) -> Iterator[OpenItem]:
    over = Q(state__in=("open", "acknowledged", "blocked"), due_at__lt=now)
    rows = visible(Task.objects.filter(over), actor).select_related("institution").order_by("due_at", "pk")
    for row in rows[:MOST]:
        yield OpenItem("task", row.code, row.due_at, row.state, str(row.institution), localised(row.names))


def _deliveries(actor: Actor, now: datetime) -> Iterator[OpenItem]:
    waits = Delivery.objects.filter(
        message__in=visible(Message.objects.exclude(acknowledge_due_at=None), actor),
        state__in=("sent", "delivered"),
        acknowledged_at=None,
    )
    rows = waits.values("message__code", "message__ref").annotate(number=Count("pk"), since=Max("sent_at"))
    for row in rows.order_by("message__code"):
        yield OpenItem("delivery", row["message__code"], row["since"], text=row["message__ref"], count=row["number"])


def _events(actor: Actor, now: datetime) -> Iterator[OpenItem]:
    rows = visible(Event.objects.filter(state__in=("reported", "verifying"), reported_at__lte=now), actor)
    for row in rows.select_related("crossing", "area").order_by("reported_at", "pk")[:MOST]:
        yield OpenItem("event", row.code, row.reported_at, row.state, str(row.place), row.what[:160])


def _silences(actor: Actor, now: datetime) -> Iterator[OpenItem]:
    home = registry.home()
    assert home is not None
    names = dict(Source.objects.values_list("code", "name"))
    found = board.board(actor=actor, now=now, zone=home.zone, names=names, days=SILENT_DAYS)
    for one in found.silent[:MOST]:
        yield OpenItem("silence", one.post.crossing.code, one.since, "", str(one.post.crossing), one.source)
