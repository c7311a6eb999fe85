"""Recording what happened: incidents and sea events, with quantities. Nothing is overwritten, no person is kept.

`now` is the business clock. At an unofficial crossing the commune is kept, not the crossing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.core import numbers
from pasaj.core.periods import Period
from pasaj.core.problems import Problem, Refused, problem
from pasaj.registry.models import Area, CrossingPoint, Institution
from pasaj.watch.models import Incident, IncidentType
from pasaj.watch.services import revisions
from pasaj.watch.services.observations import local_date
from pasaj.watch.services.revisions import Part
from pasaj.watch.services.screening import naming

PREFIX = "IN"
COUNTED = frozenset({"persons", "vehicles", "vessels", "parcels", "pieces", "rounds", "plants"})
"""Units of which there is no half."""
MOST_HOURS = Decimal(8784)  # a year
EARLIEST = 1900
CORRIDOR = re.compile(r"[A-Z]{2}(>[A-Z]{2}){0,9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number of an incident. What and in which unit: only what its type allows."""

    what: str
    value: Decimal
    unit: str


def record(
    *,
    type_code: str,
    place_code: str,
    period: Period,
    quantities: Sequence[Quantity],
    detecting: str = "",
    hours_to_referral: Decimal | None = None,
    corridor: str = "",
    source: str = "",
    note: str = "",
    ref: str = "",
    origin: str = "entry",
    reported_at: datetime | None = None,
    actor: Actor,
    now: datetime,
) -> Incident:
    """Store an incident, or the next revision of the one that has this `ref`; the same again changes nothing.

    `place_code` is a crossing's or an area's, `detecting` an institution's code. `ref` says where it comes
    from ("SB-2026-0007/incidents[1]"); empty makes a new incident each time. Raises Refused with every
    problem, its `column` the argument's name: INCIDENT-001 to 012, 015, 016, OBS-003, 004, 012, 016, 021, SCREEN-001.
    """
    said = naming(origin, source=source, note=note)
    content, parts = _checked(
        type_code, place_code, period, quantities, detecting, hours_to_referral, corridor, said, now
    )
    content |= {"source": source, "note": note}
    with transaction.atomic():
        row, changed = revisions.keep(
            Incident,
            content,
            prefix=PREFIX,
            ref=ref,
            parts=parts,
            origin=origin,
            actor=actor,
            now=now,
            reported_at=reported_at,
        )
        if changed:
            _log(row, "recorded" if row.revision == 1 else "corrected", actor, now)
    return row


def correct(
    *,
    code: str,
    seen: int,
    type_code: str,
    place_code: str,
    period: Period,
    quantities: Sequence[Quantity],
    detecting: str = "",
    hours_to_referral: Decimal | None = None,
    corridor: str = "",
    source: str = "",
    note: str = "",
    actor: Actor,
    now: datetime,
) -> Incident:
    """The next revision of an incident. `seen` is the revision the person had before the eyes.

    Raises Refused as `record` does, and INCIDENT-013 (no such incident), INCIDENT-014 (changed meanwhile).
    """
    said = naming(source=source, note=note)
    content, parts = _checked(
        type_code, place_code, period, quantities, detecting, hours_to_referral, corridor, said, now
    )
    content |= {"source": source, "note": note}
    with transaction.atomic():
        _seen(code, seen)
        row, changed = revisions.keep(
            Incident, content, prefix=PREFIX, code=code, parts=parts, origin="entry", actor=actor, now=now
        )
        if changed:
            _log(row, "corrected", actor, now)
    return row


def withdraw(*, code: str, seen: int, note: str = "", actor: Actor, now: datetime) -> Incident:
    """Take an incident back: it stays in its history and counts no more.

    Raises Refused: INCIDENT-013, 014, SCREEN-001.
    """
    if said := naming(note=note):
        raise Refused(*said)
    with transaction.atomic():
        row = revisions.take_back(_seen(code, seen), note=note, actor=actor, now=now)
        _log(row, "withdrawn", actor, now)
    return row


def _seen(code: str, seen: int) -> Incident:
    standing = revisions.latest(Incident, code=code)
    if standing is None:
        raise Refused(problem("INCIDENT-013", value=code))
    if standing.revision != seen:
        raise Refused(problem("INCIDENT-014", value=code))
    return standing


def _log(row: Incident, verb: str, actor: Actor, now: datetime) -> None:
    detail = {
        "type": row.type.code,
        "place": row.place.code,
        "period": f"{row.period_start}..{row.period_end}",
        "revision": row.revision,
        "ref": row.ref,
    }
    audit.record(actor=actor, action=f"incident.{verb}", code=row.code, now=now, detail=detail)


def _checked(
    type_code: str,
    place_code: str,
    period: Period,
    quantities: Sequence[Quantity],
    detecting: str,
    hours: Decimal | None,
    corridor: str,
    problems: list[Problem],
    now: datetime,
) -> tuple[dict[str, Any], list[Part]]:
    """The fields of an incident and its quantities. Raises Refused with every problem, those known before too."""
    kind = IncidentType.objects.filter(code=type_code, retired_at=None).first()
    if kind is None:
        every = ", ".join(IncidentType.objects.filter(retired_at=None).order_by("code").values_list("code", flat=True))
        raise Refused(problem("INCIDENT-001", column="type_code", value=type_code, allowed=every))
    place = _place(kind, place_code, problems)
    parts = _quantities(kind, quantities, problems)
    _days(period, local_date(now), problems)
    institution = Institution.objects.filter(code=detecting).first() if detecting else None
    if detecting and institution is None:
        problems.append(problem("INCIDENT-009", column="detecting", value=detecting))
    if hours is not None and not (hours.is_finite() and 0 <= hours <= MOST_HOURS):
        problems.append(problem("INCIDENT-012", column="hours_to_referral", value=hours, most=MOST_HOURS))
    way = _corridor(kind, corridor, problems)
    if problems:
        raise Refused(*problems)
    content = {
        "type": kind,
        **place,
        "period_start": period.start,
        "period_end": period.end,
        "detecting": institution,
        "hours_to_referral": None if hours is None else hours.quantize(Decimal("0.01")),
        "corridor": way,
    }
    return content, parts


def _days(period: Period, today: date, problems: list[Problem]) -> None:
    """Nothing that is still to come, and no slip of the keys for a year long gone."""
    if period.start > today:
        problems.append(problem("INCIDENT-008", column="period", value=period.start, today=today))
    elif period.end > today:
        problems.append(problem("INCIDENT-015", column="period_end", value=period.end, today=today))
    elif period.start.year < EARLIEST:
        problems.append(problem("INCIDENT-016", column="period", value=period.start, earliest=EARLIEST))


def _place(kind: IncidentType, code: str, problems: list[Problem]) -> dict[str, Any]:
    """The crossing, or the area: a zone for what happens at sea, the commune of an unofficial crossing."""
    crossing = CrossingPoint.objects.filter(code=code).select_related("area").first()
    if crossing is not None:
        area = crossing.area if crossing.is_protected else None
    else:
        area = Area.objects.filter(code=code).first()
    at_sea = area is not None and area.level == "zone"
    if crossing is None and area is None:
        problems.append(problem("INCIDENT-002", column="place_code", value=code))
    elif kind.domain == IncidentType.Domain.SEA and not at_sea:
        zones = ", ".join(
            Area.objects.filter(level="zone", retired_at=None).order_by("code").values_list("code", flat=True)
        )
        problems.append(problem("INCIDENT-003", column="place_code", value=code, allowed=zones))
    elif kind.domain == IncidentType.Domain.LAND and at_sea:
        problems.append(problem("INCIDENT-004", column="place_code", value=code))
    return {"crossing": None if area else crossing, "area": area}


def _quantities(kind: IncidentType, given: Iterable[Quantity], problems: list[Problem]) -> list[Part]:
    allowed = {one["what"]: one["units"] for one in kind.quantities}
    found: dict[str, Part] = {}
    for one in given:
        column = f"quantities.{one.what}"
        if one.what not in allowed:
            listed = ", ".join(allowed)
            problems.append(problem("INCIDENT-005", column=column, value=one.what, allowed=listed))
        elif one.unit not in allowed[one.what]:
            units = ", ".join(allowed[one.what])
            problems.append(problem("INCIDENT-006", column=column, what=one.what, value=one.unit, allowed=units))
        elif one.what in found:
            problems.append(problem("INCIDENT-007", column=column, what=one.what))
        else:
            try:
                value = numbers.check(one.value, whole=one.unit in COUNTED)
            except Refused as refused:
                problems += [each.at("", None, column) for each in refused.problems]
            else:
                found[one.what] = (one.what, value, one.unit)
    return list(found.values())


def _corridor(kind: IncidentType, written: str, problems: list[Problem]) -> str:
    """The countries of the way, joined by >. Spaces, dashes and small letters are read as well."""
    way = re.sub(r"\s*[>→\-–,;/]\s*", ">", written.strip()).upper()
    if way and not kind.corridor:
        problems.append(problem("INCIDENT-011", column="corridor"))
    elif way and not CORRIDOR.fullmatch(way):
        problems.append(problem("INCIDENT-010", column="corridor", value=written[:60]))
    return way
