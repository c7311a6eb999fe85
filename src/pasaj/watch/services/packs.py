"""What a pack says about counting: measures, sources, thresholds, and figures somebody published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.core.pack import CrossingStatus as PackStatus
from pasaj.core.pack import Measure as PackMeasure
from pasaj.core.pack import Pack, PublishedFigure
from pasaj.registry import queries as registry
from pasaj.registry.models import Institution
from pasaj.registry.services.packs import Count, upsert
from pasaj.watch.models import CrossingStatus, IncidentType, Measure, Observation, Series, Source, Threshold
from pasaj.watch.services import citing, status
from pasaj.watch.services.observations import SeriesKey, series_code, series_for

SLICE = 1000

Said = tuple[Decimal, str, str, str]  # value, quality, citation, note
Figures = dict[tuple[int, date, date], tuple[int, Said | None]]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did, by kind of row: measures, sources, thresholds, figures, incident types, statuses."""

    counts: Mapping[str, Count] = field(default_factory=dict)

    @property
    def total(self) -> Count:
        return sum(self.counts.values(), Count())


def load(*, pack: Pack, actor: Actor, now: datetime) -> Loaded:
    """Write the pack's measures, sources, thresholds and published figures. Call it after the registry's load.

    Loading the same pack again changes nothing and leaves no entry in the log. Nothing is deleted: what
    left the pack gets `retired_at`, a figure that changed in it gets a new revision. A correction that
    somebody made here stays until the pack itself says something new.
    """
    with transaction.atomic():
        counts = {
            "measures": upsert(Measure, "code", _measures(pack), now),
            "sources": upsert(Source, "code", _sources(pack), now),
            "thresholds": upsert(Threshold, "code", _thresholds(pack), now),
            "figures": _figures(pack, actor, now),
            "incident types": upsert(IncidentType, "code", _incident_types(pack), now),
            "statuses": _statuses(pack, actor, now),
        }
        loaded = Loaded(counts)
        if loaded.total.changed:
            detail = {
                "version": pack.manifest.version,
                **{kind: asdict(count) for kind, count in counts.items()},
            }
            audit.record(actor=actor, action="pack.load-figures", code=pack.code, now=now, detail=detail)
    return loaded


def _measures(pack: Pack) -> dict[str, dict[str, Any]]:
    return {
        one.code: {
            "names": dict(one.names),
            "definitions": dict(one.definitions),
            "kind": one.kind,
            "unit": one.unit,
            "direction": one.direction,
            "categories": _categories(one),
            "cadence": one.cadence,
            "protection": one.protection,
            "alert_on": one.alert_on,
            "per_source": one.per_source,
            "method": one.method,
            "sensitivity": one.sensitivity,
            "always_from": one.always_from,
            "order": order,
            "source": one.source,
            "verify": one.verify,
        }
        for order, one in enumerate(pack.measures)
    }


def _categories(one: PackMeasure) -> list[dict[str, Any]]:
    """Codes with names; a code nobody has named is its own name."""
    default = next(iter(one.names), "en")
    return [{"code": code, "names": dict(one.category_names.get(code) or {default: code})} for code in one.categories]


def _sources(pack: Pack) -> dict[str, dict[str, Any]]:
    institutions = dict(Institution.objects.values_list("code", "pk"))
    return {
        one.code: {
            "name": one.name,
            "institution_id": institutions.get(one.institution),
            "definition": one.definition,
            "url": one.url,
            "kind": one.kind,
            "verify": one.verify,
        }
        for one in pack.sources
    }


def _thresholds(pack: Pack) -> dict[str, dict[str, Any]]:
    measures = dict(Measure.objects.values_list("code", "pk"))
    return {
        one.code: {
            "names": dict(one.names),
            "measure_id": measures[one.measure],
            "category": one.category,
            "op": one.op,
            "versus_id": measures[one.versus] if one.versus else None,
            "factor": one.factor,
            "value": one.value,
            "protection": one.protection,
            "source": one.source,
            "verify": one.verify,
        }
        for one in pack.thresholds
    }


def _incident_types(pack: Pack) -> dict[str, dict[str, Any]]:
    return {
        one.code: {
            "names": dict(one.names),
            "definitions": dict(one.definitions),
            "domain": one.domain,
            "quantities": [{"what": each.what, "units": list(each.units)} for each in one.quantities],
            "corridor": one.corridor,
            "protection": one.protection,
            "order": order,
            "source": one.source,
            "verify": one.verify,
        }
        for order, one in enumerate(pack.incident_types)
    }


def _statuses(pack: Pack, actor: Actor, now: datetime) -> Count:
    """Closures and reopenings that the pack knows of. What somebody corrected here stays until the pack changes."""
    refs = [_ref(one) for one in pack.statuses]
    said = {
        row.ref: row
        for row in CrossingStatus.objects.filter(ref__in=refs, origin="pack")
        .select_related("crossing")
        .order_by("revision")
    }
    created = updated = 0
    for ref, one in zip(refs, pack.statuses, strict=True):
        before = said.get(ref)
        if before is not None and _says(before, one):
            continue
        status.report(
            crossing_code=one.crossing,
            side=one.side,
            state=one.state,
            since=one.start,
            until=one.end,
            cause=one.cause,
            hours=one.hours,
            source=one.source,
            verify=one.verify,
            ref=ref,
            origin="pack",
            reported_at=_at_midnight(one.start, now),
            actor=actor,
            now=now,
        )
        created, updated = created + (before is None), updated + (before is not None)
    return Count(created, updated, len(refs) - created - updated)


def _ref(one: PackStatus) -> str:
    return f"pack:{one.crossing}:{one.side}:{one.start}"


def _says(row: CrossingStatus, one: PackStatus) -> bool:
    return (row.state, row.period_end, row.cause, row.hours, row.source, row.verify) == (
        one.state, one.end, one.cause[:300], one.hours[:200], one.source[:300], one.verify,
    )  # fmt: skip


# --- Published figures -------------------------------------------------------------------------


def _figures(pack: Pack, actor: Actor, now: datetime) -> Count:
    """New and changed figures of the pack, each as a revision of origin "pack"."""
    count = Count()
    series: dict[str, Series] = {}
    for at in range(0, len(pack.figures), SLICE):
        count += _part(pack.figures[at : at + SLICE], series, actor, now)
    return count


def _part(figures: Sequence[PublishedFigure], series: dict[str, Series], actor: Actor, now: datetime) -> Count:
    keys = [_series(one, series) for one in figures]
    held = _held({one.pk for one in keys})
    real_now = timezone.now()
    fresh, created = [], 0
    for one, where in zip(figures, keys, strict=True):
        said: Said = (one.value, one.quality, one.citation, _note(one))
        revision, before = held.get((where.pk, one.period.start, one.period.end), (0, None))
        if before == said:
            continue
        created += before is None
        fresh.append(
            Observation(
                series=where,
                period_start=one.period.start,
                period_end=one.period.end,
                revision=revision + 1,
                value=one.value,
                quality=one.quality,
                citation=one.citation,
                note=_note(one),
                origin="pack",
                reported_at=_known_at(one, now),
                recorded_at=real_now,
                actor_id=actor.id,
                actor_label=actor.label,
            )
        )
    Observation.objects.bulk_create(fresh)
    citing.counted({one.series.code for one in fresh}, actor, now)
    return Count(created, len(fresh) - created, len(figures) - len(fresh))


def _series(one: PublishedFigure, known: dict[str, Series]) -> Series:
    code = series_code(one.place, one.measure, one.direction, one.category, one.source, one.period.type)
    if code not in known:
        known[code] = series_for(
            SeriesKey(one.place, one.measure, one.direction, one.category, one.source, one.period.type)
        )
    return known[code]


def _held(series: set[int]) -> Figures:
    """The highest revision of each figure, and what the pack said last about it. One query."""
    found: Figures = {}
    rows = (
        Observation.objects.filter(series__in=series)
        .order_by("revision")
        .values_list(
            "series_id", "period_start", "period_end", "revision", "origin", "value", "quality", "citation", "note"
        )
    )
    for number, start, end, revision, origin, value, quality, citation, note in rows:
        said = found.get((number, start, end), (0, None))[1]
        if origin == "pack" and value is not None:
            said = (value, quality, citation, note)
        found[number, start, end] = (revision, said)
    return found


def _note(one: PublishedFigure) -> str:
    """The note of a figure, its verify mark included: it is shown wherever the figure is."""
    return " ".join(part for part in (one.note, f"[verify: {one.verify}]" if one.verify else "") if part)


def _known_at(one: PublishedFigure, now: datetime) -> datetime:
    """When it became known: the stated date, else the day after its period; never later than now."""
    return _at_midnight(one.reported_at or one.period.end + timedelta(days=1), now)


def _at_midnight(day: date, now: datetime) -> datetime:
    """The beginning of a day at home, never later than now."""
    home = registry.home()
    return min(now, datetime.combine(day, time(0), home.zone if home else now.tzinfo))
