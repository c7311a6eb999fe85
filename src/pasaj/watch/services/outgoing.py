"""Incidents on their way out: rows that the gate can judge. Free text stays inside the cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import QuerySet

from pasaj.share.services import Parcel, Row
from pasaj.watch.models import Incident

HEADER = (
    "code", "revision", "type", "place", "period_start", "period_end", "quantity", "value", "unit", "detecting",
    "hours_to_referral", "corridor", "source", "origin", "reported_at",
)  # fmt: skip


def plain(row: Incident) -> dict[str, Any]:
    """An incident as programs read it, without its note."""
    return {
        "code": row.code,
        "revision": row.revision,
        "type": row.type.code,
        "place": row.place.code,
        "period_start": row.period_start,
        "period_end": row.period_end,
        "quantities": [
            {"what": one.what, "value": f"{one.value.normalize():f}", "unit": one.unit} for one in row.quantities.all()
        ],
        "detecting": row.detecting.code if row.detecting else None,
        "hours_to_referral": None if row.hours_to_referral is None else f"{row.hours_to_referral.normalize():f}",
        "corridor": row.corridor,
        "source": row.source,
        "origin": row.origin,
        "reported_at": row.reported_at,
    }


def incidents(rows: QuerySet[Incident], *, form: str, kind: str, question: Mapping[str, object]) -> Parcel:
    """Incidents for the gate: as csv a line a quantity, as json or object one each."""
    if form == "csv":
        return Parcel(kind=kind, title="incidents", form=form, rows=_lines(rows), header=HEADER, question=question)
    fields = tuple(name for name in HEADER if name not in ("quantity", "value", "unit"))
    header = (*fields[:6], "quantities", *fields[6:])
    each = (Row(values=[plain(row)[name] for name in header], own_count=True) for row in rows)
    return Parcel(kind=kind, title="API: incidents", form=form, rows=each, header=header, question=question)


def _lines(rows: QuerySet[Incident]) -> Iterator[Row]:
    for row in rows:
        said = plain(row)
        for one in said["quantities"] or [{"what": "", "value": "", "unit": ""}]:
            values = said | {"quantity": one["what"], "value": one["value"], "unit": one["unit"]}
            yield Row(values=[values[name] for name in HEADER], own_count=True)
