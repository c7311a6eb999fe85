"""Writing what a pack says about places and services into this home.

Measures, sources, thresholds and published figures are written by the app that counts (watch).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.core import pack as core
from pasaj.core.problems import Problem, Refused, problem
from pasaj.core.protocol import plain
from pasaj.registry.models import (
    Area,
    CalendarRule,
    CrossingPoint,
    ExchangeLayer,
    ExchangeNeed,
    Function,
    Home,
    Institution,
    Instrument,
    Mandate,
    PackRow,
    Post,
    Protocol,
    TimelineEvent,
)
from pasaj.registry.services.folders import builtin, check_folder, read_folder

__all__ = ["Count", "Loaded", "builtin", "check_folder", "load_pack", "read_folder", "upsert"]

Row = TypeVar("Row", bound=PackRow)
Wanted = Mapping[str, Mapping[str, Any]]
"""Field values by code (or key)."""

SLICE = 500


@dataclass(frozen=True, slots=True)
class Count:
    """What a load did to the rows of one kind. `kept`: gone from the pack, marked retired, never deleted."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    kept: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(
            self.created + other.created,
            self.updated + other.updated,
            self.unchanged + other.unchanged,
            self.kept + other.kept,
        )

    @property
    def changed(self) -> int:
        return self.created + self.updated + self.kept


@dataclass(frozen=True, slots=True)
class Loaded:
    """The home, whether its own row changed, and the counts by kind of row (areas, crossings, …)."""

    home: Home
    home_changed: bool
    counts: Mapping[str, Count] = field(default_factory=dict)

    @property
    def total(self) -> Count:
        return sum(self.counts.values(), Count())

    @property
    def changed(self) -> bool:
        return self.home_changed or self.total.changed > 0


def load_pack(*, pack: core.Pack, actor: Actor, now: datetime, warnings: Sequence[Problem] = ()) -> Loaded:
    """Write a checked pack into this home: rows are made or updated by code, and never deleted.

    Loading the same pack again changes nothing and leaves no entry in the log. Rows that are no
    longer in the pack get `retired_at`; they lose it when they come back. `warnings` are those of the
    check, kept for the pack page. Raises Refused PACK-084 when the home holds another pack.
    """
    with transaction.atomic():
        held = Home.objects.select_for_update().filter(pk=1).first()
        if held is not None and held.code != pack.code:
            raise Refused(problem("PACK-084", held=held.code, offered=pack.code))
        home, home_changed = _home(held, pack, now, warnings)
        counts = {
            "institutions": upsert(Institution, "code", _institutions(pack), now),
            "areas": _areas(pack, now),
            "crossings": upsert(CrossingPoint, "code", _crossings(pack), now),
            "instruments": upsert(Instrument, "code", _instruments(pack), now),
            "functions": upsert(Function, "code", _functions(pack), now),
            "mandates": upsert(Mandate, "key", _mandates(pack), now),
            "exchange_layers": upsert(ExchangeLayer, "code", _layers(pack), now),
            "exchange_needs": upsert(ExchangeNeed, "key", _needs(pack), now),
            "protocols": upsert(Protocol, "code", _protocols(pack), now),
            "timeline": upsert(TimelineEvent, "key", _timeline(pack), now),
            "calendar": upsert(CalendarRule, "key", _calendar(pack), now),
            "posts": upsert(Post, "key", _posts(pack), now),
        }
        loaded = Loaded(home, home_changed, counts)
        if loaded.changed:
            detail = {
                "version": home.version,
                "fingerprint": home.fingerprint,
                **{kind: asdict(count) for kind, count in counts.items()},
            }
            audit.record(actor=actor, action="pack.load", code=home.code, now=now, detail=detail)
    return loaded


def upsert(
    model: type[Row], key: str, wanted: Wanted, now: datetime, *, only: Sequence[str] | None = None, retire: bool = True
) -> Count:
    """Make the rows of a model equal to `wanted` by `key`: bulk writes, nothing written where nothing differs.

    `only` limits which existing rows are looked at (their keys); `retire` marks rows that are not wanted.
    """
    rows = model._default_manager.all() if only is None else model._default_manager.filter(**{f"{key}__in": only})
    held = {getattr(row, key): row for row in rows}
    fresh = [model(**{key: code}, **fields) for code, fields in wanted.items() if code not in held]
    changed: list[Row] = []
    columns: set[str] = set()
    for code, fields in wanted.items():
        if code in held:
            differing = _differing(held[code], {**fields, "retired_at": None})
            if differing:
                changed.append(held[code])
                columns |= differing
    gone = [row for code, row in held.items() if code not in wanted and row.retired_at is None] if retire else []
    for row in gone:
        row.retired_at = now
    model._default_manager.bulk_create(fresh, batch_size=SLICE)
    if changed:
        model._default_manager.bulk_update(changed, sorted(columns), batch_size=SLICE)
    if gone:
        model._default_manager.bulk_update(gone, ["retired_at"], batch_size=SLICE)
    return Count(len(fresh), len(changed), len(wanted) - len(fresh) - len(changed), len(gone))


def _differing(row: PackRow, fields: Mapping[str, Any]) -> set[str]:
    """Set the fields that differ and name them (a foreign key by its field, not its column)."""
    found = set()
    for name, value in fields.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
            found.add(name.removesuffix("_id"))
    return found


def _home(held: Home | None, pack: core.Pack, now: datetime, warnings: Sequence[Problem]) -> tuple[Home, bool]:
    manifest = pack.manifest
    fields: dict[str, Any] = {
        "code": manifest.code,
        "version": manifest.version,
        "schema": manifest.schema,
        "names": dict(manifest.names),
        "languages": list(manifest.languages),
        "default_language": manifest.default_language,
        "timezone": manifest.timezone,
        "extent": list(manifest.extent),
        "licence": manifest.licence,
        "cell": manifest.cell,
        "detect": _detect(manifest),
        "phone": _phone(manifest),
        "fingerprint": pack.fingerprint,
        "warnings": [one.plain() for one in warnings],
        "words": [
            {
                "word": one.word,
                "meaning": one.meaning,
                "measure": one.measure,
                "category": one.category,
                "language": one.language,
            }
            for one in pack.words
        ],
        "layers": {layer.name: json.loads(layer.data.decode("utf-8-sig")) for layer in pack.layers},
    }
    if held is None:
        return Home.objects.create(pk=1, loaded_at=now, **fields), True
    if all(getattr(held, name) == value for name, value in fields.items()):
        return held, False
    for name, value in fields.items():
        setattr(held, name, value)
    held.loaded_at = now
    held.save(update_fields=[*fields, "loaded_at"])
    return held, True


def _detect(manifest: core.Manifest) -> dict[str, Any]:
    found = {"methods": list(manifest.methods), "false_discoveries": manifest.false_discoveries}
    return {name: value for name, value in found.items() if value}


def _phone(manifest: core.Manifest) -> dict[str, Any]:
    return (
        {"country": manifest.phone_country, "digits": manifest.phone_digits} if manifest.phone_country else {}
    )  # fmt: skip


def _institutions(pack: core.Pack) -> Wanted:
    return {
        one.code: {
            "names": dict(one.names),
            "kind": one.kind,
            "supervision": one.supervision,
            "mandate": one.mandate,
            "country": one.country,
            "source": one.source,
            "verify": one.verify,
        }
        for one in pack.institutions
    }


def _areas(pack: core.Pack, now: datetime) -> Count:
    """Parents before their children: a generation at a time."""
    count = Count()
    for generation in _generations(pack.areas):
        ids = dict(Area.objects.filter(code__in={one.parent for one in generation}).values_list("code", "pk"))
        wanted = {
            one.code: {
                "level": one.level,
                "names": dict(one.names),
                "parent_id": ids.get(one.parent),
                "iso": one.iso,
                "pcode": one.pcode,
                "lat": one.lat,
                "lon": one.lon,
                "borders": one.borders,
                "note": one.note,
                "source": one.source,
                "verify": one.verify,
            }
            for one in generation
        }
        count += upsert(Area, "code", wanted, now, only=list(wanted), retire=False)
    codes = {one.code for one in pack.areas}
    gone = [row for row in Area.objects.filter(retired_at=None) if row.code not in codes]
    for row in gone:
        row.retired_at = now
    Area.objects.bulk_update(gone, ["retired_at"], batch_size=SLICE)
    return count + Count(kept=len(gone))


def _generations(areas: Sequence[core.Area]) -> Iterator[list[core.Area]]:
    children: dict[str, list[core.Area]] = {}
    for one in areas:
        children.setdefault(one.parent, []).append(one)
    generation = children.get("", [])
    while generation:
        yield generation
        generation = [child for one in generation for child in children.get(one.code, ())]


def _crossings(pack: core.Pack) -> Wanted:
    areas = dict(Area.objects.values_list("code", "pk"))
    return {
        one.code: {
            "name": one.name,
            "kind": one.kind,
            "official": one.official,
            "area_id": areas[one.area],
            "counterpart": one.counterpart,
            "counterpart_country": one.counterpart_country,
            "lat": one.lat,
            "lon": one.lon,
            "precision_km": one.precision_km,
            "status": one.status,
            "aliases": list(one.aliases),
            "note": one.note,
            "source": one.source,
            "verify": one.verify,
        }
        for one in pack.crossings
    }


def _instruments(pack: core.Pack) -> Wanted:
    return {
        one.code: {
            "title": one.title,
            "kind": one.kind,
            "date": one.date,
            "status": one.status,
            "summary": one.summary,
            "source": one.source,
            "verify": one.verify,
        }
        for one in pack.instruments
    }


def _functions(pack: core.Pack) -> Wanted:
    return {
        one.code: {
            "names": dict(one.names),
            "definitions": dict(one.definitions),
            "territories": list(one.territories),
            "source": one.source,
            "verify": one.verify,
        }
        for one in pack.functions
    }


def _mandates(pack: core.Pack) -> Wanted:
    functions = dict(Function.objects.values_list("code", "pk"))
    institutions = dict(Institution.objects.values_list("code", "pk"))
    areas = dict(Area.objects.values_list("code", "pk"))
    wanted = {}
    for one in pack.mandates:
        days = ("" if day is None else day.isoformat() for day in (one.first, one.last))
        key = "/".join((one.function, one.institution, one.role, one.territory, one.basis, *days))
        wanted[key] = {
            "function_id": functions[one.function],
            "institution_id": institutions[one.institution],
            "role": one.role,
            "territory_id": areas[one.territory] if one.territory else None,
            "basis": one.basis,
            "valid_start": one.first,
            "valid_end": one.last,
            "note": one.note,
            "source": one.source,
            "verify": one.verify,
        }
    return wanted


def _layers(pack: core.Pack) -> Wanted:
    return {
        one.code: {
            "names": dict(one.names),
            "definitions": dict(one.definitions),
            "source": one.source,
            "verify": one.verify,
        }
        for one in pack.exchange_layers
    }


def _needs(pack: core.Pack) -> Wanted:
    layers = dict(ExchangeLayer.objects.values_list("code", "pk"))
    institutions = dict(Institution.objects.values_list("code", "pk"))
    return {
        f"{one.layer}/{one.sender}/{one.receiver}": {
            "layer_id": layers[one.layer],
            "sender_id": institutions[one.sender],
            "receiver_id": institutions[one.receiver],
            "hours": one.hours,
            "basis": one.basis,
            "note": one.note,
            "source": one.source,
            "verify": one.verify,
        }
        for one in pack.needs
    }


def _protocols(pack: core.Pack) -> Wanted:
    return {
        one.code: {
            "names": dict(one.titles),
            "instrument": one.instrument,
            "parameters": plain(one),
            "source": one.source,
            "verify": one.verify,
        }
        for one in pack.protocols
    }


def _timeline(pack: core.Pack) -> Wanted:
    return {
        one.key: {
            "date": one.date,
            "event": one.event,
            "kind": one.kind,
            "source": one.source,
            "verify": one.verify,
        }
        for one in pack.timeline
    }


def _calendar(pack: core.Pack) -> Wanted:
    crossings = dict(CrossingPoint.objects.values_list("code", "pk"))
    return {
        one.key: {
            "rule": one.rule,
            "country": one.country,
            "crossing_id": crossings[one.crossing] if one.crossing else None,
            "kind": one.kind,
            "names": dict(one.names),
            "source": one.source,
            "verify": one.verify,
        }
        for one in pack.calendar
    }


def _posts(pack: core.Pack) -> Wanted:
    crossings = dict(CrossingPoint.objects.values_list("code", "pk"))
    institutions = dict(Institution.objects.values_list("code", "pk"))
    return {
        one.key: {
            "crossing_id": crossings[one.crossing],
            "institution_id": institutions[one.institution],
            "source_code": one.source_code,
            "measures": list(one.measures),
            "cadence": one.cadence,
            "usual_hour": one.usual_hour,
            "phone": one.phone,
            "minimum_staff": one.minimum_staff,
            "note": one.note,
            "source": one.source,
            "verify": one.verify,
        }
        for one in pack.posts
    }
