"""Measures, sources, figures and signals, as programs read them: the same rows as the pages show."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import AfterValidator

from pasaj.access.rules import may, visible
from pasaj.core.periods import FIRST_YEAR, LAST_YEAR
from pasaj.registry.models import CrossingPoint
from pasaj.registry.queries import Request
from pasaj.share.models import Audience
from pasaj.share.services import Parcel, Row, release
from pasaj.share.views import hand_over
from pasaj.watch.models import Cluster, CrossingStatus, Level, Measure, Series, Signal, Source
from pasaj.watch.queries import clusters as cluster_queries
from pasaj.watch.queries import incidents as incident_queries
from pasaj.watch.queries import levels as level_queries
from pasaj.watch.queries import status
from pasaj.watch.services import exports, outgoing

router = Router(tags=["watch"])
MOST = 1000
FURTHEST = 10**9  # rows to leave out; more than any database counts


def _moment(value: datetime) -> datetime:
    """A moment that is one in every time zone; without a zone it is the home's."""
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError(f"a year from {FIRST_YEAR} to {LAST_YEAR}")
    return timezone.make_aware(value) if timezone.is_naive(value) else value


class MeasureOut(Schema):
    code: str
    names: dict[str, str]
    definitions: dict[str, str]
    kind: str
    unit: str
    direction: str
    categories: list[dict[str, Any]]
    cadence: str
    protection: bool
    alert_on: str
    source: str
    verify: str


class SourceOut(Schema):
    code: str
    name: str
    institution: str | None
    definition: str
    url: str
    kind: str
    verify: str


class SeriesOut(Schema):
    code: str
    place: str
    measure: str
    direction: str
    category: str
    source: str
    cadence: str


class SeriesPage(Schema):
    count: int
    items: list[SeriesOut]


class SignalOut(Schema):
    code: str
    kind: str
    method: str
    state: str
    series: str | None
    place: str | None
    measure: str | None
    direction: str
    period_start: date
    period_end: date
    observed: float | None
    expected: float | None
    lower: float | None
    upper: float | None
    p_value: float | None
    protection: bool
    cluster: str | None
    parameters: dict[str, Any]
    details: dict[str, Any]
    inputs_as_of: datetime
    created_at: datetime
    estimate: float | None
    estimate_low: float | None
    estimate_high: float | None
    rests_on: str


class SignalFilter(Schema):
    state: str = ""
    kind: str = ""
    crossing: str = ""
    measure: str = ""
    cluster: str = ""
    first: date | None = None
    last: date | None = None
    limit: int = 100
    offset: int = 0


class ClusterOut(Schema):
    code: str
    measure: str
    direction: str
    category: str
    cadence: str
    start_date: date
    end_date: date
    observed: float
    expected: float
    p_value: float
    places: list[dict[str, Any]]
    as_of: datetime
    run: str


class LevelOut(Schema):
    series: str
    since_date: date
    first_date: date
    last_date: date
    old: float
    new: float
    p_value: float
    before: int
    after: int
    as_of: datetime
    run: str


class FigureFilter(Schema):
    crossing: str = ""
    area: str = ""
    measure: str = ""
    source: str = ""
    series: str = ""
    first: date | None = None
    last: date | None = None
    as_of: Annotated[datetime, AfterValidator(_moment)] | None = None
    published: bool = False
    limit: int = 100
    offset: int = 0


def window(rows: QuerySet[Any], limit: int, offset: int) -> QuerySet[Any]:
    start = max(0, min(offset, FURTHEST))
    return rows[start : start + max(1, min(limit, MOST))]


@router.get("/measures", response=list[MeasureOut])
def measures(request: Request) -> Any:
    return visible(Measure.objects.order_by("order", "code"), request.actor)


@router.get("/sources", response=list[SourceOut])
def sources(request: Request) -> list[dict[str, Any]]:
    rows = visible(Source.objects.select_related("institution").order_by("code"), request.actor)
    return [
        {
            **{name: getattr(row, name) for name in ("code", "name", "definition", "url", "kind", "verify")},
            "institution": row.institution.code if row.institution else None,
        }
        for row in rows
    ]


@router.get("/series", response=SeriesPage)
def series(
    request: Request, crossing: str = "", measure: str = "", source: str = "", limit: int = 100, offset: int = 0
) -> dict[str, Any]:
    wanted = {"crossing__code": crossing, "measure__code": measure, "source__code": source}
    rows = visible(Series.objects.order_by("code"), request.actor).filter(
        **{name: value for name, value in wanted.items() if value}
    )
    rows = rows.select_related("crossing", "area", "measure", "source")
    return {"count": rows.count(), "items": [series_out(row) for row in window(rows, limit, offset)]}


def series_out(row: Series) -> dict[str, Any]:
    return {
        "code": row.code,
        "place": row.place.code,
        "measure": row.measure.code,
        "direction": row.direction,
        "category": row.category,
        "source": row.source.code,
        "cadence": row.cadence,
    }


@router.get("/observations", openapi_extra={"responses": {200: {"description": "An array of figures"}}})
def observations(request: Request, wanted: Query[FigureFilter]) -> FileResponse:
    """Figures with period, source, quality and revision. The answer passes the gate and is recorded as a release."""
    asked = wanted.dict(exclude={"limit", "offset"})
    rows = window(exports.figures(actor=request.actor, **asked), wanted.limit, wanted.offset)
    question = {name: str(value) for name, value in wanted.dict().items() if value}
    released = exports.export(
        rows=rows,
        form="json",
        audience=Audience.AMBER,
        title="API: observations",
        question=question,
        actor=request.actor,
        now=request.now,
        kind="api",
    )
    return hand_over(released, "")


@router.get("/signals", response=list[SignalOut])
def signals(request: Request, wanted: Query[SignalFilter]) -> FileResponse:
    """Signals hold counts: the answer passes the gate, and says in a header how many there are in all."""
    found = {
        "state": wanted.state,
        "kind": wanted.kind,
        "crossing__code": wanted.crossing,
        "measure__code": wanted.measure,
        "cluster__code": wanted.cluster if may(request.actor, "view", Cluster) else "",
        "period_end__gte": wanted.first,
        "period_start__lte": wanted.last,
    }
    rows = visible(Signal.objects.order_by("-period_end", "code"), request.actor).filter(
        **{name: value for name, value in found.items() if value}
    )
    question = {name: str(value) for name, value in wanted.dict().items() if value}
    answer = _hand_over(request, window(rows, wanted.limit, wanted.offset), "json", question)
    answer["X-Pasaj-Count"] = str(rows.count())
    return answer


@router.get("/signals/{code}", response=SignalOut)
def signal(request: Request, code: str) -> FileResponse:
    rows = visible(Signal.objects.filter(code=code), request.actor)
    if not rows.exists():
        raise Http404
    return _hand_over(request, rows, "object", {"signal": code})


@router.get("/clusters", response=list[ClusterOut])
def clusters(request: Request, measure: str = "", limit: int = 100, offset: int = 0) -> FileResponse:
    """Places that rise together, with what each counted. The answer passes the gate, as signals do."""
    rows = window(cluster_queries.find(request.actor, measure=measure), limit, offset)
    found = (_fields(row, ClusterOut, {"measure": row.measure.code, "run": row.run.code}) for row in rows)
    return _own_counts(request, "clusters", ClusterOut, found, {"measure": measure})


@router.get("/levels", response=list[LevelOut])
def levels(request: Request, measure: str = "", crossing: str = "", limit: int = 100, offset: int = 0) -> FileResponse:
    """Since when series lie on another level: estimates of counts a period. The answer passes the gate."""
    rows = window(level_queries.find(request.actor, measure=measure, crossing=crossing), limit, offset)
    found = (_fields(row, LevelOut, {"series": row.series.code, "run": row.run.code}) for row in rows)
    return _own_counts(request, "levels", LevelOut, found, {"measure": measure, "crossing": crossing})


def _fields(row: Cluster | Level, schema: type[Schema], others: dict[str, str]) -> dict[str, Any]:
    """The fields of a schema, in its order."""
    return {name: others[name] if name in others else getattr(row, name) for name in schema.model_fields}


def _own_counts(
    request: Request, title: str, schema: type[Schema], rows: Iterable[dict[str, Any]], question: dict[str, str]
) -> FileResponse:
    """Rows with counts of our own, through the gate."""
    parcel = Parcel(
        kind="api",
        title=f"API: {title}",
        form="json",
        header=tuple(schema.model_fields),
        rows=(Row(values=tuple(row.values()), own_count=True) for row in rows),
        question={name: value for name, value in question.items() if value},
    )
    return hand_over(release(parcel=parcel, audience=Audience.AMBER, actor=request.actor, now=request.now), "")


class IncidentOut(Schema):
    code: str
    revision: int
    type: str
    place: str
    period_start: date
    period_end: date
    quantities: list[dict[str, str]]
    detecting: str | None
    hours_to_referral: str | None
    corridor: str
    source: str
    origin: str
    reported_at: datetime


class IncidentFilter(Schema):
    type: str = ""
    domain: str = ""
    place: str = ""
    first: date | None = None
    last: date | None = None
    limit: int = 100
    offset: int = 0


class StatusOut(Schema):
    side: str
    state: str
    since: date | None
    until: date | None
    cause: str
    hours: str
    source: str
    verify: str
    code: str | None
    revision: int | None
    origin: str


class StatusHistory(Schema):
    crossing: str
    now: list[StatusOut]
    reports: list[StatusOut]


@router.get("/incidents", response=list[IncidentOut])
def incidents(request: Request, wanted: Query[IncidentFilter]) -> FileResponse:
    """Incidents and sea events as they stand, without notes. Their numbers pass the gate."""
    asked = incident_queries.Filter(**wanted.dict(exclude={"limit", "offset"}))
    rows = incident_queries.find(request.actor, asked)
    question = {name: str(value) for name, value in wanted.dict().items() if value}
    parcel = outgoing.incidents(window(rows, wanted.limit, wanted.offset), form="json", kind="api", question=question)
    released = release(parcel=parcel, audience=Audience.AMBER, actor=request.actor, now=request.now)
    answer = hand_over(released, "")
    answer["X-Pasaj-Count"] = str(rows.count())
    return answer


@router.get("/incidents/{code}", response=IncidentOut)
def incident(request: Request, code: str) -> FileResponse:
    rows = incident_queries.find(request.actor, incident_queries.Filter()).filter(code=code)
    if not rows.exists():
        raise Http404
    parcel = outgoing.incidents(rows, form="object", kind="api", question={"incident": code})
    return hand_over(release(parcel=parcel, audience=Audience.AMBER, actor=request.actor, now=request.now), "")


@router.get("/crossings/{code}/status", response=StatusHistory)
def crossing_status(request: Request, code: str) -> dict[str, Any]:
    """What holds on each side today, and the reports that stand. No counts, no notes."""
    crossing = get_object_or_404(visible(CrossingPoint.objects.all(), request.actor), code=code)
    sides = status.standing(crossing, request.now.date(), request.now, request.actor)
    return {
        "crossing": code,
        "now": [status_out(one.side, one.state, one.report) for one in sides],
        "reports": [status_out(row.side, row.state, row) for row in status.history(request.actor, crossing)[:MOST]],
    }


def status_out(side: str, state: str, row: CrossingStatus | None) -> dict[str, Any]:
    words = ("cause", "hours", "source", "verify")
    return {
        "side": side,
        "state": state,
        "since": row.period_start if row else None,
        "until": row.period_end if row else None,
        **{name: getattr(row, name) if row else "" for name in words},
        "code": row.code if row else None,
        "revision": row.revision if row else None,
        "origin": row.origin if row else "pack",
    }


def _hand_over(request: Request, rows: QuerySet[Signal], form: str, question: dict[str, str]) -> FileResponse:
    grouped = may(request.actor, "view", Cluster)
    parcel = Parcel(
        kind="api",
        title="API: signals",
        form=form,
        header=tuple(SignalOut.model_fields),
        rows=(
            Row(values=tuple(signal_out(row, grouped=grouped).values()), own_count=True)
            for row in rows.select_related("series", "crossing", "area", "measure", "cluster")
        ),
        question=question,
    )
    return hand_over(release(parcel=parcel, audience=Audience.AMBER, actor=request.actor, now=request.now), "")


def signal_out(row: Signal, *, grouped: bool) -> dict[str, Any]:
    """The fields of `SignalOut`, in its order. `grouped`: with the places that rise together."""
    place = row.crossing or row.area
    late = row.details.get("late") or {}
    others = {
        "series": row.series.code if row.series else None,
        "place": place.code if place else None,
        "measure": row.measure.code if row.measure else None,
        "cluster": row.cluster.code if grouped and row.cluster else None,
        "estimate": late.get("estimate"),
        "estimate_low": late.get("low"),
        "estimate_high": late.get("high"),
        "rests_on": late.get("rests_on", ""),
    }
    return {name: others[name] if name in others else getattr(row, name) for name in SignalOut.model_fields}
