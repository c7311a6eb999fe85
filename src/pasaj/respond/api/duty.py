"""The duty room for programs: its log, events, who does what where, and the capacity of reception."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, Http404
from ninja import Query, Router, Schema, Status

from pasaj.access.rules import may
from pasaj.core.problems import Refused, problem
from pasaj.registry.queries import Request
from pasaj.respond.models import Event, LogEntry
from pasaj.respond.queries import capacity, choices, duty
from pasaj.respond.queries import events as event_queries
from pasaj.respond.queries import presence as presence_queries
from pasaj.respond.services import duty_files, events
from pasaj.share.models import Audience
from pasaj.share.services import Parcel, Row, release
from pasaj.share.views import hand_over

router = Router()
MOST = 1000
FURTHEST = 10**9  # rows to leave out; more than any database counts
CAPACITY = (
    "place", "source", "rule", "as_of", "occupied", "places", "places_as_of", "share", "state", "places_a_day",
    "full_on_estimate", "quality",
)  # fmt: skip


class Paging(Schema):
    limit: int = 100
    offset: int = 0


class EventFilter(Paging):
    state: str = ""
    source: str = ""
    hazard: str = ""
    place: str = ""


class EventOut(Schema):
    code: str
    reported_at: datetime
    source: str
    source_note: str
    institution: str
    place: str
    pcode: str
    what: str
    hazard: str
    people_low: int | None
    people_high: int | None
    people_verified: str
    state: str
    state_at: datetime
    signal: str
    origin: str


class EventIn(Schema):
    what: str
    place: str
    source: str
    hazard: str
    people_low: int | None = None
    people_high: int | None = None
    source_note: str = ""
    institution: str = ""
    reported_at: datetime | None = None


class PresenceFilter(Paging):
    institution: str = ""
    function: str = ""
    place: str = ""


class PresenceOut(Schema):
    code: str
    institution: str
    institution_name: str
    function: str
    function_name: str
    place: str
    place_name: str
    pcode: str
    start: date
    end: date | None
    capacity_note: str
    source: str
    verify: str
    origin: str


class LogFilter(Paging):
    day: date | None = None
    q: str = ""


class LogOut(Schema):
    code: str
    at: datetime
    written_at: datetime
    kind: str
    institution: str
    crossing: str
    contact_role: str
    text: str
    ref: str
    corrects: str
    corrected_by: str
    by: str
    origin: str


class CapacityOut(Schema):
    place: str
    source: str
    rule: str
    as_of: date
    occupied: float | None
    places: float | None
    places_as_of: date | None
    share: float | None
    state: str
    places_a_day: float | None
    full_on_estimate: date | None
    quality: str


def _part(rows: QuerySet[Any], wanted: Paging) -> QuerySet[Any]:
    start = max(0, min(wanted.offset, FURTHEST))
    return rows[start : start + max(1, min(wanted.limit, MOST))]


def _hand(request: Request, parcel: Parcel, count: int | None = None, audience: str = Audience.AMBER) -> FileResponse:
    answer = hand_over(release(parcel=parcel, audience=audience, actor=request.actor, now=request.now), "")
    if count is not None:
        answer["X-Pasaj-Count"] = str(count)
    return answer


def _question(wanted: Schema) -> dict[str, object]:
    return {name: str(value) for name, value in wanted.dict().items() if value}


@router.get("/events", response=list[EventOut], url_name="events")
def event_list(request: Request, wanted: Query[EventFilter]) -> FileResponse:
    """Events and rumours, the newest first, without what their verification found. Numbers of people are unverified."""
    rows = event_queries.find(request.actor, event_queries.Filter(**wanted.dict(exclude={"limit", "offset"})))
    parcel = duty_files.event_parcel(_part(rows, wanted), form="json", kind="api", question=_question(wanted))
    return _hand(request, parcel, rows.count())


@router.post("/events", response={201: EventOut}, url_name="event_report")
def event_report(request: Request, said: EventIn) -> Status[dict[str, Any]]:
    """Report an event. Where, and in whose name: what the form on the page offers as well."""
    if not may(request.actor, "report", Event):
        raise Http404
    _refuse_foreign(request, said)
    given = said.dict(exclude={"people_low", "people_high"})
    low, high = said.people_low, said.people_high
    if low is not None or high is not None:
        given["people"] = (high if low is None else low, low if high is None else high)
    row = events.report(said=events.Said(**given), origin="api", actor=request.actor, now=request.now)
    return Status(201, duty_files.event_plain(row))


def _refuse_foreign(request: Request, said: EventIn) -> None:
    """The same choices that the form offers. Raises Refused EVENT-010."""
    if said.place not in {code for _label, pairs in choices.places(request.actor) for code, _name in pairs}:
        raise Refused(problem("EVENT-010", column="place", value=said.place[:40]))
    if said.institution and said.institution not in dict(choices.institutions(request.actor, "tell")):
        raise Refused(problem("EVENT-010", column="institution", value=said.institution[:40]))


@router.get("/events/{code}", response=EventOut, url_name="event")
def event_detail(request: Request, code: str) -> FileResponse:
    """One event."""
    rows = event_queries.find(request.actor).filter(code=code)
    if not rows.exists():
        raise Http404
    return _hand(request, duty_files.event_parcel(rows, form="object", kind="api", question={"event": code}))


@router.get("/presence", response=list[PresenceOut], url_name="presence")
def presence_list(request: Request, wanted: Query[PresenceFilter]) -> FileResponse:
    """Who does what where, each entry with its source."""
    rows = presence_queries.find(request.actor, **wanted.dict(exclude={"limit", "offset"}))
    parcel = duty_files.presence_parcel(_part(rows, wanted), form="json", kind="api", question=_question(wanted))
    return _hand(request, parcel, rows.count())


@router.get("/duty-log", response=list[LogOut], url_name="duty_log")
def log_list(request: Request, wanted: Query[LogFilter]) -> FileResponse:
    """The log of the duty room, for the cell; of one day, or every line that holds a text."""
    if not may(request.actor, "view", LogEntry):
        raise Http404
    rows = duty.of_day(request.actor, wanted.day) if wanted.day else duty.entries(request.actor)
    if wanted.q:
        rows = rows & duty.holding(request.actor, wanted.q[:100])
    parcel = duty_files.log_parcel(_part(rows, wanted), form="json", kind="api", question=_question(wanted))
    return _hand(request, parcel, rows.count(), Audience.STRICT)


@router.get("/capacity", response=list[CapacityOut], url_name="capacity")
def capacity_list(request: Request) -> FileResponse:
    """How full places of reception are, by place and source. `full_on_estimate` is an estimate at the present pace."""
    rows = [
        (
            one.place.code,
            one.series.source.code,
            one.rule.code,
            one.latest.period_end,
            one.latest.value,
            one.places.value if one.places else None,
            one.places.period_end if one.places else None,
            one.share,
            one.judged.state,
            one.pace,
            one.full_date,
            one.latest.quality,
        )
        for one in capacity.receptions(request.actor, request.now)
    ]
    lines = (Row(values=row, own_count=True) for row in rows)
    return _hand(
        request, Parcel(kind="api", title="API: capacity", form="json", rows=lines, header=CAPACITY), len(rows)
    )
