"""The log of the duty room (main courante): written line by line, corrected by a later line, never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.core.problems import Problem, Refused, problem
from pasaj.registry.services import next_code
from pasaj.respond.models import LogEntry
from pasaj.respond.services.places import SHORT, among, institution_of, moment_of, place_of, text_of


@dataclass(frozen=True, slots=True)
class Line:
    """One line as a person wants it. institution, crossing, ref: codes; `contact_role`: an office, never a person.

    at: when it happened (business clock); none: now.
    """

    kind: str
    text: str
    institution: str = ""
    crossing: str = ""
    contact_role: str = ""
    ref: str = ""
    at: datetime | None = None


def write(*, line: Line, origin: str = "entry", actor: Actor, now: datetime) -> LogEntry:
    """Add a line. Raises Refused: DUTY-002 to 006, 008, 009, SCREEN-001, its `column` the field's name."""
    content = _checked(line, now, origin)
    with transaction.atomic():
        return _keep(content, None, origin, actor, now)


def correct(*, code: str, line: Line, actor: Actor, now: datetime) -> LogEntry:
    """Add a line that stands instead of an earlier one, which stays readable.

    Without a time of its own it keeps the earlier one's. Raises Refused as `write`, and DUTY-001 (no such line),
    DUTY-007 (corrected already).
    """
    with transaction.atomic():
        old = LogEntry.objects.select_for_update(of=("self",)).filter(code=code).first()
        if old is None:
            raise Refused(problem("DUTY-001", code=code[:40]))
        later = LogEntry.objects.filter(corrects=old).values_list("code", flat=True).first()
        if later is not None:
            raise Refused(problem("DUTY-007", code=code, by=later))
        content = _checked(line, now, "entry")
        if line.at is None:
            content["at"] = old.at
        return _keep(content, old, "entry", actor, now)


def _checked(line: Line, now: datetime, origin: str) -> dict[str, Any]:
    problems: list[Problem] = []
    text = text_of(line.text, problems, "text", origin=origin)
    if not text:
        problems.append(problem("DUTY-002", column="text"))
    role = text_of(line.contact_role, problems, "contact_role", limit=40, origin=origin)
    ref = text_of(line.ref, problems, "ref", limit=60, origin=origin)
    crossing = area = None
    if line.crossing:
        crossing, area = place_of(line.crossing, problems, "crossing")
        if area is not None and crossing is None:  # calls are with posts: an unofficial crossing has none
            problems.append(problem("DUTY-009", column="crossing", value=line.crossing[:40]))
    content = {
        "kind": among(line.kind, LogEntry.Kind.values, problems, "kind"),
        "at": moment_of(line.at, now, problems),
        "institution": institution_of(line.institution, problems),
        "crossing": crossing,
        "contact_role": role,
        "text": text,
        "ref": ref,
    }
    if problems:
        raise Refused(*problems)
    return content


def _keep(content: dict[str, Any], old: LogEntry | None, origin: str, actor: Actor, now: datetime) -> LogEntry:
    row = LogEntry.objects.create(
        code=next_code("LG", now),
        **content,
        corrects=old,
        written_at=now,
        recorded_at=timezone.now(),
        origin=origin,
        actor_id=actor.id,
        actor_label=actor.label[:SHORT],
    )
    detail = {"kind": row.kind, "at": row.at, "ref": row.ref, "corrects": old.code if old else ""}
    audit.record(actor=actor, action="log.corrected" if old else "log.written", code=row.code, now=now, detail=detail)
    return row
