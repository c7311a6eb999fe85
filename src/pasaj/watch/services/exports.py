"""Observations on their way out: as rows that the gate can judge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from django.db.models import QuerySet

from pasaj.access.rules import Actor, visible
from pasaj.registry.models import CrossingPoint
from pasaj.share.services import Parcel, Released, Row, release
from pasaj.watch.models import Answer, Observation

HEADER = (
    "place", "place_name", "area", "measure", "direction", "category", "period_type", "period_start", "period_end",
    "state", "value", "unit", "source", "quality", "revision", "reported_at", "citation", "lon", "lat",
    "estimate", "estimate_low", "estimate_high", "estimate_as_of",
)  # fmt: skip
# HXL 1.1 hashtags and attributes (hxlstandard.org), a tag a column.
HXL = (
    "#loc+code", "#loc+name", "#adm+code", "#indicator+code", "#indicator+direction", "#indicator+category",
    "#date+type", "#date+start", "#date+end", "#status", "#indicator+value+num", "#indicator+unit", "#meta+source",
    "#meta+quality", "#meta+revision", "#date+reported", "#meta+citation", "#geo+lon", "#geo+lat",
    "#indicator+estimate+num", "#indicator+estimate+min+num", "#indicator+estimate+max+num", "#date+estimate",
)  # fmt: skip
CHUNK = 2000


def is_published(observation: Observation) -> bool:
    """A figure that a source printed for everybody, with the place where it was printed."""
    return observation.origin == "pack" and bool(observation.citation)


Estimate = tuple[float | None, float | None, float | None, datetime | None]
NONE: Estimate = (None, None, None, None)


def _estimates() -> Mapping[tuple[int, date, date], Estimate]:
    """What open figures will be once all reports are in, as the latest run of detection has it. One query."""
    # Asked whole: only what is still open has an estimate, and a slice of rows could not be asked with.
    answers = Answer.objects.filter(estimate__isnull=False).values_list(
        "series", "period_start", "period_end", "estimate", "estimate_low", "estimate_high", "run__as_of"
    )
    return {
        (series, start, end): (_plain(value), _plain(low), _plain(high), at)
        for series, start, end, value, low, high, at in answers
    }


def _plain(value: float | None) -> float | None:
    """A number as it is written down: whole numbers whole."""
    return int(value) if value is not None and value.is_integer() else value


def _estimate(observation: Observation, found: Mapping[tuple[int, date, date], Estimate]) -> Estimate:
    """The estimate of a figure, if it speaks of this revision."""
    one = found.get((observation.series_id, observation.period_start, observation.period_end))
    return one if one and one[3] and observation.reported_at <= one[3] else NONE


def _row(observation: Observation, estimate: Estimate) -> Row:
    series = observation.series
    place = series.place
    # The position of a protected crossing never leaves, whoever asks: a file is passed on.
    shown = isinstance(place, CrossingPoint) and not place.is_protected
    area = place.area.code if isinstance(place, CrossingPoint) else place.code
    return Row(
        values=(
            place.code,
            place.name if isinstance(place, CrossingPoint) else str(place),
            area,
            series.measure.code,
            series.direction,
            series.category,
            series.cadence,
            observation.period_start,
            observation.period_end,
            observation.state,
            observation.value,
            series.measure.unit,
            series.source.code,
            observation.quality,
            observation.revision,
            observation.reported_at,
            observation.citation,
            place.lon if shown else None,
            place.lat if shown else None,
            *estimate,
        ),
        own_count=not is_published(observation) or estimate != NONE,
        citation=observation.citation if is_published(observation) else "",
    )


def figures(
    *,
    actor: Actor,
    crossing: str = "",
    area: str = "",
    measure: str = "",
    source: str = "",
    series: str = "",
    first: date | None = None,
    last: date | None = None,
    as_of: datetime | None = None,
    published: bool = False,
) -> QuerySet[Observation]:
    """The figures that `actor` may see: latest revisions, or those known at `as_of`; in a stable order."""
    every = Observation.objects.known_at(as_of) if as_of else Observation.objects.current()
    rows = visible(every, actor).select_related(
        "series__crossing__area", "series__area", "series__measure", "series__source"
    )
    wanted = {
        "series__crossing__code": crossing,
        "series__area__code": area,
        "series__measure__code": measure,
        "series__source__code": source,
        "series__code": series,
        "period_end__gte": first,
        "period_start__lte": last,
    }
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    if published:
        rows = rows.filter(origin="pack").exclude(citation="")
    return rows.order_by("series__code", "period_start", "period_end")


def export(
    *,
    rows: QuerySet[Observation],
    form: str,
    audience: str,
    title: str,
    question: Mapping[str, object],
    actor: Actor,
    now: datetime,
    hxl: bool = False,
    kind: str = "table",
) -> Released:
    """Hand `rows` to the gate as a file of `form` (csv, xlsx, geojson, json).

    Raises Refused as `share.services.release` does: SHARE-001 for our own counts to the public.
    """

    def out() -> Iterator[Row]:
        found = _estimates()
        for observation in rows.iterator(CHUNK):
            yield _row(observation, _estimate(observation, found))

    parcel = Parcel(
        kind=kind, title=title, form=form, rows=out(), header=HEADER, hxl=HXL if hxl else (), question=question
    )
    return release(parcel=parcel, audience=audience, actor=actor, now=now)
