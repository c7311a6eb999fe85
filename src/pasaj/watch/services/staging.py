"""Figures of a running import: compared with what stands, written where nobody sees them, swept if it fails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, tzinfo
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from pasaj.registry import queries as registry
from pasaj.registry.models import Area, CrossingPoint
from pasaj.watch.models import Import, Measure, Observation, Series, Signal, Source
from pasaj.watch.services.scratch import CHANGED, NEW, UNCHANGED, Kept

SLICE = 2000
ATTEMPTS = 3

Key = tuple[int, date, date]


@dataclass(slots=True)
class Standing:
    """What the table holds of one figure."""

    last_revision: int = 0  # hidden rows included: a new revision goes above them
    state: str = ""
    value: Decimal | None = None
    quality: str = ""
    citation: str = ""
    note: str = ""
    revision: int = 0
    from_this_file: set[tuple[str, Decimal | None]] = field(default_factory=set)


class SeriesByCode:
    """Ids of series, made on demand; the database is asked once for each code."""

    def __init__(self) -> None:
        self.ids: dict[str, int] = {}
        self.made: list[int] = []
        self._places: dict[str, tuple[int | None, int | None]] = {}

    def find(self, codes: set[str], *, make: bool) -> None:
        """Learn the ids of `codes`; with `make`, create the series that do not exist yet."""
        unknown = sorted(codes - self.ids.keys())
        if not unknown:
            return
        self.ids.update(Series.objects.filter(code__in=unknown).values_list("code", "pk"))
        missing = [code for code in unknown if code not in self.ids]
        if missing and make:
            Series.objects.bulk_create(_fresh(missing), ignore_conflicts=True)
            found = dict(Series.objects.filter(code__in=missing).values_list("code", "pk"))
            self.ids.update(found)
            self.made += found.values()


def stage(
    row: Import, part: Sequence[Kept], series: SeriesByCode, now: datetime, *, attempts: int = ATTEMPTS
) -> dict[int, list[int]]:
    """Compare one slice with what stands and write what differs, in one short transaction.

    Returns the ids of `part` by what became of them (NEW, CHANGED, UNCHANGED). A dry run writes nothing.
    """
    try:
        with transaction.atomic():
            return _stage(row, part, series, now)
    except IntegrityError:
        # Somebody reported the very figure between our look and our write (PostgreSQL): look again.
        if attempts <= 1:
            raise
        return stage(row, part, series, now, attempts=attempts - 1)


def _stage(row: Import, part: Sequence[Kept], series: SeriesByCode, now: datetime) -> dict[int, list[int]]:
    series.find({one.series for one in part}, make=not row.dry_run)
    if series.made and not row.dry_run:
        Import.objects.filter(pk=row.pk).update(result={**row.result, "made": series.made})
    standing = _standing(row, part, series)
    outcome: dict[int, list[int]] = {NEW: [], CHANGED: [], UNCHANGED: []}
    fresh: list[tuple[Any, ...]] = []
    shared, zone = _shared(row, now), _zone(now)
    for one in part:
        found = standing.get((series.ids.get(one.series, 0), one.start, one.end), Standing())
        status = _status(one, found)
        outcome[status].append(one.id)
        if status != UNCHANGED and not row.dry_run:
            fresh.append(_values(one, series.ids[one.series], found.last_revision + 1, shared, zone))
    _insert(fresh)
    return outcome


COLUMNS = (
    "series_id", "period_start", "period_end", "revision", "state", "value", "quality", "citation", "note",
    "reported_at", "origin", "ref", "recorded_at", "actor_id", "actor_label", "batch_id",
)  # fmt: skip


def _shared(row: Import, now: datetime) -> tuple[Any, ...]:
    """What all rows of an import have in common: when it was learnt, and the last columns."""
    moment = connection.ops.adapt_datetimefield_value
    last = (row.origin, "", moment(timezone.now()), row.requested_by_id, row.requested_by, row.pk)
    return (moment(now), *last)


def _values(one: Kept, series: int, revision: int, shared: tuple[Any, ...], zone: tzinfo | None) -> tuple[Any, ...]:
    ops = connection.ops
    known = shared[0]
    if one.reported:
        known = ops.adapt_datetimefield_value(datetime.combine(one.reported, time(12), zone))
    value = None if one.value is None else ops.adapt_decimalfield_value(one.value, 20, 4)
    days = (ops.adapt_datefield_value(one.start), ops.adapt_datefield_value(one.end))
    said = (one.state, value, one.quality, one.citation, one.note)
    return (series, *days, revision, *said, known, *shared[1:])


def _insert(rows: Sequence[tuple[Any, ...]]) -> None:
    """Many rows at once. Ten times as fast as making objects of them; constraints and guards hold all the same."""
    if rows:
        names = ", ".join(COLUMNS)
        places = ", ".join(["%s"] * len(COLUMNS))
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO watch_observation ({names}) VALUES ({places})", rows)  # noqa: S608


def _zone(now: datetime) -> tzinfo | None:
    home = registry.home()
    return home.zone if home else now.tzinfo


def _status(one: Kept, found: Standing) -> int:
    if (one.state, one.value) in found.from_this_file:
        return UNCHANGED  # this file said so before; a correction made since then stays
    if not found.revision:
        return NEW
    same = (found.state, found.value, found.quality) == (one.state, one.value, one.quality)
    words = one.citation in ("", found.citation) and one.note in ("", found.note)
    return UNCHANGED if same and words else CHANGED


def _standing(row: Import, part: Sequence[Kept], series: SeriesByCode) -> dict[Key, Standing]:
    """What stands of the figures of a slice. One query."""
    ids = {series.ids[one.series] for one in part if one.series in series.ids}
    wanted = {(series.ids[one.series], one.start, one.end) for one in part if one.series in series.ids}
    rows = (
        Observation.objects.filter(
            series__in=ids,
            period_start__gte=min(one.start for one in part),
            period_start__lte=max(one.start for one in part),
        )
        .order_by("revision")
        .values_list(
            "series_id", "period_start", "period_end", "revision", "state", "value", "quality", "citation", "note",
            "batch_id", "batch__applied_at", "batch__sha256",
        )
    )  # fmt: skip
    found: dict[Key, Standing] = {}
    for number, start, end, revision, state, value, quality, citation, note, batch, applied, sha256 in rows.iterator(
        SLICE
    ):
        key = (number, start, end)
        if key not in wanted:
            continue
        known = found.setdefault(key, Standing())
        known.last_revision = revision
        if batch is not None and applied is None:
            continue
        known.revision, known.state, known.value = revision, state, value
        known.quality, known.citation, known.note = quality, citation, note
        if sha256 and sha256 == row.sha256:
            known.from_this_file.add((state, value))
    return found


def _fresh(codes: Sequence[str]) -> list[Series]:
    """New series from their codes: place.measure.direction.category.source.cadence (codes hold no dots)."""
    parts = {code: code.split(".") for code in codes}
    crossings = _ids(CrossingPoint, {one[0] for one in parts.values()})
    areas = _ids(Area, {one[0] for one in parts.values()} - crossings.keys())
    measures = _ids(Measure, {one[1] for one in parts.values()})
    sources = _ids(Source, {one[4] for one in parts.values()})
    return [
        Series(
            code=code,
            crossing_id=crossings.get(place),
            area_id=areas.get(place),
            measure_id=measures[measure],
            direction=direction,
            category=category,
            source_id=sources[source],
            cadence=cadence,
        )
        for code, (place, measure, direction, category, source, cadence) in parts.items()
    ]


def _ids(model: type[CrossingPoint] | type[Area] | type[Measure] | type[Source], codes: set[str]) -> dict[str, int]:
    return dict(model._default_manager.filter(code__in=codes).values_list("code", "pk"))


def sweep(row: Import) -> None:
    """Delete the hidden rows of an import that was not applied, and the series made for them alone."""
    while True:
        with transaction.atomic():
            part = list(
                Observation.objects.filter(batch=row, batch__applied_at=None).values_list("pk", flat=True)[:SLICE]
            )
            if not part:
                break
            Observation.objects.filter(pk__in=part)._raw_delete("default")
    made = row.result.get("made") or Import.objects.values_list("result", flat=True).get(pk=row.pk).get("made")
    if made:
        used = Exists(Observation.objects.filter(series=OuterRef("pk")))
        signalled = Exists(Signal.objects.filter(series=OuterRef("pk")))
        with transaction.atomic():
            Series.objects.filter(~used, ~signalled, pk__in=made).delete()
