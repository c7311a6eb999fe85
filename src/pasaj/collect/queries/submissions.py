"""Questions about submissions: the list and its filters, what waits, and where they come from.

Nothing here reads an answer: who may see that a submission exists need not be who may read it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy, pgettext_lazy

from pasaj.access.rules import Actor, visible
from pasaj.collect.models import Form, FormVersion, Message, Outcome, ReviewEvent, Submission
from pasaj.core.forms.fields import Field, from_plain
from pasaj.registry.models import CrossingPoint

State, Review, Processing = Submission.State, Submission.Review, Submission.Processing

# Their words. The tones stand beside those of all statuses: see site's tag `status`.
STATES: dict[str, Any] = {
    State.RECEIVED: pgettext_lazy("report", "Received"),
    State.QUARANTINED: gettext_lazy("In quarantine"),
    State.REFUSED: pgettext_lazy("state of a report", "Set aside"),
    State.REDACTED: gettext_lazy("Redacted"),
}
REVIEWS: dict[str, Any] = {
    Review.NEW: gettext_lazy("To be looked at"),
    Review.APPROVED: gettext_lazy("Approved"),
    Review.QUESTION: gettext_lazy("Question asked"),
    Review.REJECTED: gettext_lazy("Rejected"),
}
PROCESSINGS: dict[str, Any] = {
    Processing.WAITING: gettext_lazy("Figures to be made"),
    Processing.DONE: gettext_lazy("Figures made"),
    Processing.FAILED: gettext_lazy("In the tray"),
    Processing.NOTHING: gettext_lazy("Makes no figures"),
}
REASONS: dict[str, Any] = {
    "version": gettext_lazy("It fills a version of the form that is not known here"),
    "device": gettext_lazy("It comes from a second device, which nobody has confirmed"),
    "draft": gettext_lazy("It fills a draft of the form"),
    "screen": gettext_lazy("Its text may name a person: only the data-protection focal point reads it"),
    "right": gettext_lazy("It is for a place that the sender does not report for"),
}


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list is asked for; empty fields ask for everything."""

    form: str = ""
    crossing: str = ""
    area: str = ""
    state: str = ""
    reason: str = ""
    review: str = ""
    processing: str = ""
    text: str = ""  # of the receipt
    first: date | None = None  # of receipt
    last: date | None = None
    period_first: date | None = None
    period_last: date | None = None

    @property
    def is_narrow(self) -> bool:
        """Whether more is asked for than what the list always offers."""
        days = (self.first, self.last, self.period_first, self.period_last)
        return any((self.processing, self.reason, *days))

    def rows(self, zone: tzinfo, *, with_state: bool = True) -> Q:
        wanted = Q()
        exact = {
            "form__form_id": self.form,
            "crossing__code": self.crossing,
            "state": self.state if with_state else "",
            "review": self.review,
            "processing": self.processing,
            "received_at__gte": self.first and midnight(self.first, zone),
            "received_at__lt": self.last and self.last < date.max and midnight(self.last + timedelta(days=1), zone),
            "period_start__gte": self.period_first,
            "period_start__lte": self.period_last,
        }
        for name, value in exact.items():
            if value:
                wanted &= Q(**{name: value})
        if self.area:
            wanted &= Q(area__code=self.area) | Q(crossing__area__code=self.area)
        if self.reason:
            wanted &= holds(self.reason)
        if self.text:
            wanted &= Q(receipt__icontains=self.text)
        return wanted


def holds(reason: str) -> Q:
    """Submissions that wait for this reason. A list in JSON is read as text: both databases can."""
    return Q(state=State.QUARANTINED, reasons__icontains=f'"{reason}"') if reason in REASONS else Q(pk__in=())


def midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time.min, zone)


def find(actor: Actor, wanted: Filter, zone: tzinfo) -> QuerySet[Submission]:
    """The submissions that the actor may see and that fit the filter, the newest first."""
    rows = visible(Submission.objects.filter(wanted.rows(zone)), actor)
    return related(rows).order_by("-received_at", "-pk")


def related(rows: QuerySet[Submission]) -> QuerySet[Submission]:
    """With everything a line about a submission names: one query however many lines."""
    return rows.select_related("form", "crossing", "area", "app_user", "current")


def counts(actor: Actor, wanted: Filter, zone: tzinfo) -> dict[str, int]:
    """How many there are in each state, with the filter's other fields applied."""
    rows = visible(Submission.objects.filter(wanted.rows(zone, with_state=False)), actor)
    found = dict(rows.values_list("state").annotate(number=Count("pk")).order_by())
    return {str(state): found.get(state, 0) for state in STATES}


def forms(actor: Actor) -> list[tuple[str, Form]]:
    """The forms that somebody has sent, by formID, for the filter."""
    sent = visible(Submission.objects.filter(form=OuterRef("pk")), actor)
    return [(one.form_id, one) for one in sorted(Form.objects.filter(Exists(sent)), key=str)]


def crossings(actor: Actor) -> QuerySet[CrossingPoint]:
    """The crossings that a submission speaks of, for the filter."""
    sent = visible(Submission.objects.filter(crossing=OuterRef("pk")), actor)
    return CrossingPoint.objects.filter(Exists(sent)).order_by("name", "code")


@dataclass(frozen=True, slots=True)
class Place:
    """How many submissions came from a crossing."""

    crossing: CrossingPoint
    number: int
    waiting: int  # in quarantine or in the tray


@dataclass(frozen=True, slots=True)
class Line:
    """A submission as a line of a list, in words. `sender` is the code of a key, or how it came."""

    row: Submission
    place: str
    review: Any
    processing: Any
    reasons: list[Any]
    sender: str


VIAS: dict[str, Any] = {"basic": gettext_lazy("an account, from a phone"), "web": gettext_lazy("an account, on a page")}


def line(row: Submission) -> Line:
    """Asks no database when the submission was read with `related`."""
    return Line(
        row=row,
        place=str(row.crossing or row.area or ""),
        review=REVIEWS[row.review],
        processing=PROCESSINGS[row.processing],
        reasons=[REASONS.get(one, one) for one in row.reasons],
        sender=row.app_user.code if row.app_user else str(VIAS.get(row.via, row.via)),
    )


def places(actor: Actor, wanted: Filter, zone: tzinfo) -> list[Place]:
    """Submissions by crossing, by name."""
    rows = visible(Submission.objects.filter(wanted.rows(zone)), actor).exclude(crossing=None)
    found = rows.values("crossing").annotate(number=Count("pk"), waiting=Count("pk", filter=WAITS))
    by_pk = CrossingPoint.objects.select_related("area").in_bulk([row["crossing"] for row in found])
    made = [Place(by_pk[row["crossing"]], row["number"], row["waiting"]) for row in found]
    return sorted(made, key=lambda one: (one.crossing.name, one.crossing.code))


# --- What waits for somebody -------------------------------------------------------------------

FAILED = Q(state=State.RECEIVED, processing=Processing.FAILED)
FAILURE = gettext_lazy("It could not be made into figures")
WAITS = Q(state=State.QUARANTINED) | FAILED


@dataclass(frozen=True, slots=True)
class Pile:
    """What waits for the same reason, the oldest first. `reason`: of REASONS, or "failed"."""

    reason: str
    label: Any
    total: int
    rows: list[Submission]


def waiting(actor: Actor) -> int:
    """How many submissions wait in the tray."""
    return visible(Submission.objects.filter(WAITS), actor).count()


def tray(actor: Actor, most: int) -> list[Pile]:
    """What failed and what is in quarantine, by reason; one with two reasons stands under both.

    At most `most` of each pile are given, and the number of all: a query for each pile, and one.
    """
    rows = visible(Submission.objects.all(), actor)
    piles = {"failed": (FAILED, FAILURE), **{reason: (holds(reason), label) for reason, label in REASONS.items()}}
    totals = rows.aggregate(**{name: Count("pk", filter=wanted) for name, (wanted, _label) in piles.items()})
    return [
        Pile(name, label, totals[name], list(related(rows.filter(wanted)).order_by("received_at", "pk")[:most]))
        for name, (wanted, label) in piles.items()
        if totals[name]
    ]


def failures(rows: list[Submission]) -> dict[int, list[Outcome]]:
    """What failed of the versions that count, by submission. One query."""
    found: dict[int, list[Outcome]] = {}
    failed = Outcome.objects.filter(
        version__in=[one.current_id for one in rows if one.current_id], state=Outcome.State.FAILED
    )
    for one in failed.annotate(of=F("version__submission")).order_by("pk"):
        found.setdefault(one.of, []).append(one)
    return found


def questions(rows: Iterable[Submission]) -> dict[int, tuple[Field, ...]]:
    """What the forms of these submissions ask, by submission. One query."""
    of = {one.pk: one.current.form_version_id for one in rows if one.current and one.current.form_version_id}
    found = FormVersion.objects.filter(pk__in=of.values()).values_list("pk", "fields")
    read = {pk: from_plain(plain) for pk, plain in found}
    return {row: read[version] for row, version in of.items() if version in read}


def marks(rows: Iterable[Submission]) -> dict[int, str]:
    """What stands of each now: see services.review.mark. One query."""
    found = Submission.objects.filter(pk__in=[one.pk for one in rows])
    return {one.pk: mark_of(one.current_id, one.event, one.message) for one in with_marks(found)}


def with_marks(rows: QuerySet[Submission]) -> QuerySet[Any]:
    """With the last event and the last message of each."""
    events = ReviewEvent.objects.filter(submission=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    messages = Message.objects.filter(submission=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    return rows.annotate(event=Subquery(events), message=Subquery(messages))


def mark_of(version: int | None, event: int | None, message: int | None) -> str:
    """Changes with every version, event and message of a submission."""
    return f"{version or 0}.{event or 0}.{message or 0}"
