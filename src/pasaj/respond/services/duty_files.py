"""The log, events and who does what where on their way out: rows that the gate can judge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pasaj.registry.models import Area
from pasaj.respond.models import Event, LogEntry, Presence
from pasaj.share.services import Parcel, Row

LOG = (
    "code", "at", "written_at", "kind", "institution", "crossing", "contact_role", "text", "ref", "corrects",
    "corrected_by", "by", "origin",
)  # fmt: skip
EVENTS = (
    "code", "reported_at", "source", "source_note", "institution", "place", "pcode", "what", "hazard", "people_low",
    "people_high", "people_verified", "state", "state_at", "signal", "origin",
)  # fmt: skip
EVENTS_HXL = (
    "#event+id", "#date+reported", "#meta+source+type", "#meta+source", "#org+reporting+code", "#loc+code",
    "#adm2+code+v_pcodes", "#description", "#event+type", "#affected+ind+min", "#affected+ind+max",
    "#status+quality", "#status", "#date+status", "#event+signal+id", "#meta+origin",
)  # fmt: skip
PRESENCE = (
    "code", "institution", "institution_name", "function", "function_name", "place", "place_name", "pcode", "start",
    "end", "capacity_note", "source", "verify", "origin",
)  # fmt: skip
PRESENCE_HXL = (
    "#activity+id", "#org+code", "#org+name", "#activity+code", "#activity+name", "#loc+code", "#loc+name",
    "#adm2+code+v_pcodes", "#date+start", "#date+end", "#capacity", "#meta+source", "#meta+verify", "#meta+origin",
)  # fmt: skip


def log_plain(row: LogEntry) -> dict[str, Any]:
    """A line of the log as programs read it, by the names of LOG."""
    later = getattr(row, "corrected_by", None)
    return {
        "code": row.code,
        "at": row.at,
        "written_at": row.written_at,
        "kind": str(row.kind),
        "institution": row.institution.code if row.institution else "",
        "crossing": row.crossing.code if row.crossing else "",
        "contact_role": row.contact_role,
        "text": row.text,
        "ref": row.ref,
        "corrects": row.corrects.code if row.corrects else "",
        "corrected_by": later.code if later else "",
        "by": row.actor_label,
        "origin": row.origin,
    }


def event_plain(row: Event) -> dict[str, Any]:
    """An event as programs read it, by the names of EVENTS; what its verification found stays in the cell."""
    return {
        "code": row.code,
        "reported_at": row.reported_at,
        "source": str(row.source),
        "source_note": row.source_note,
        "institution": row.institution.code if row.institution else "",
        "place": row.place.code,
        "pcode": _pcode(row.area or (row.crossing.area if row.crossing else None)),
        "what": row.what,
        "hazard": str(row.hazard),
        "people_low": row.people_low,
        "people_high": row.people_high,
        "people_verified": "unverified" if row.people_low is not None else "",
        "state": str(row.state),
        "state_at": row.state_at,
        "signal": row.signal.code if row.signal else "",
        "origin": row.origin,
    }


def presence_plain(row: Presence) -> dict[str, Any]:
    """Who does what where as programs read it, by the names of PRESENCE."""
    return {
        "code": row.code,
        "institution": row.institution.code,
        "institution_name": str(row.institution),
        "function": row.function.code,
        "function_name": str(row.function),
        "place": row.place.code,
        "place_name": str(row.place),
        "pcode": _pcode(row.area or (row.crossing.area if row.crossing else None)),
        "start": row.presence_start,
        "end": row.presence_end,
        "capacity_note": row.capacity_note,
        "source": row.source_note,
        "verify": row.verify,
        "origin": row.origin,
    }


def log_parcel(rows: Iterable[LogEntry], *, form: str, kind: str, question: Mapping[str, object]) -> Parcel:
    """Lines of the log for the gate."""
    return _parcel("log of the duty room", LOG, (), (log_plain(row) for row in rows), form, kind, question)


def event_parcel(rows: Iterable[Event], *, form: str, kind: str, question: Mapping[str, object]) -> Parcel:
    """Events for the gate; a file has HXL tags."""
    hxl = EVENTS_HXL if kind == "table" else ()
    return _parcel("events", EVENTS, hxl, (event_plain(row) for row in rows), form, kind, question)


def presence_parcel(rows: Iterable[Presence], *, form: str, kind: str, question: Mapping[str, object]) -> Parcel:
    """Who does what where for the gate; a file has HXL tags."""
    hxl = PRESENCE_HXL if kind == "table" else ()
    return _parcel("who does what where", PRESENCE, hxl, (presence_plain(row) for row in rows), form, kind, question)


def answers_text(rows: Iterable[Event]) -> Parcel:
    """Answers to refuted rumours as a text for the public: places, days and answers, never a count."""
    said = "\n\n".join(f"{row.place} ({row.state_at:%Y-%m-%d}): {row.answer}" for row in rows)
    return Parcel(kind="text", title="rumours and answers", form="text", rows=[Row(values=[said])], counts=False)


def _parcel(
    title: str,
    header: tuple[str, ...],
    hxl: tuple[str, ...],
    plain: Iterable[dict[str, Any]],
    form: str,
    kind: str,
    question: Mapping[str, object],
) -> Parcel:
    rows = (Row(values=[one[name] for name in header], own_count=True) for one in plain)
    return Parcel(kind=kind, title=title, form=form, rows=rows, header=header, hxl=hxl, question=question)


def _pcode(area: Area | None) -> str:
    return area.pcode if area else ""
