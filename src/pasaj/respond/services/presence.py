"""Who does what where: each institution's own word on where it works, with its source. `now` is the business clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.core.problems import Problem, Refused, problem
from pasaj.registry.models import Function
from pasaj.registry.services import next_code
from pasaj.respond.models import Presence
from pasaj.respond.services.places import SHORT, institution_of, place_of, text_of

LONGEST = 300


@dataclass(frozen=True, slots=True)
class Where:
    """One activity at one place. `institution`, `function`, `place`: codes. last: none is until further notice."""

    institution: str
    function: str
    place: str
    first: date
    source_note: str
    last: date | None = None
    capacity_note: str = ""
    verify: str = ""


def put(*, where: Where, code: str = "", origin: str = "entry", actor: Actor, now: datetime) -> Presence:
    """Enter where an institution works, or change `code`.

    Raises Refused: DUTY-003, 008, 009, PRESENCE-001 to 006, SCREEN-001, its `column` the field's name.
    """
    content = _checked(where, origin)
    with transaction.atomic():
        row = _standing(code) if code else Presence(code=next_code("PW", now), origin=origin)
        same = Presence.objects.filter(
            **{name: content[name] for name in ("institution", "function", "crossing", "area", "presence_start")},
            withdrawn_at=None,
        ).exclude(pk=row.pk)
        twin = same.values_list("code", flat=True).first()
        if twin is not None:
            raise Refused(problem("PRESENCE-005", institution=str(content["institution"]), code=twin))
        for name, value in content.items():
            setattr(row, name, value)
        row.changed_at, row.actor_id, row.actor_label = now, actor.id, actor.label[:SHORT]
        row.save()
        detail = {"institution": where.institution, "function": where.function, "place": row.place.code}
        action = "presence.changed" if code else "presence.set"
        audit.record(actor=actor, action=action, code=row.code, now=now, detail=detail)
    return row


def withdraw(*, code: str, actor: Actor, now: datetime) -> Presence:
    """Take an entry back that was wrong; one that ended is changed instead. Raises Refused: PRESENCE-001, 006."""
    with transaction.atomic():
        row = _standing(code)
        row.withdrawn_at = row.changed_at = now
        row.save(update_fields=["withdrawn_at", "changed_at"])
        audit.record(actor=actor, action="presence.withdrawn", code=code, now=now)
    return row


def _standing(code: str) -> Presence:
    row = Presence.objects.select_for_update(of=("self",)).filter(code=code).first()
    if row is None:
        raise Refused(problem("PRESENCE-001", code=code[:40]))
    if row.withdrawn_at is not None:
        raise Refused(problem("PRESENCE-006", code=code))
    return row


def _checked(where: Where, origin: str) -> dict[str, Any]:
    problems: list[Problem] = []
    institution = institution_of(where.institution, problems)
    if institution is None and not where.institution:
        problems.append(problem("DUTY-008", column="institution", value="-"))
    function = Function.objects.filter(code=where.function).first()
    if function is None:
        problems.append(problem("PRESENCE-002", column="function", value=where.function[:40]))
    crossing, area = place_of(where.place, problems)
    if where.last is not None and where.last < where.first:
        problems.append(problem("PRESENCE-003", column="last"))
    source = text_of(where.source_note, problems, "source_note", limit=LONGEST, origin=origin)
    if not source:
        problems.append(problem("PRESENCE-004", column="source_note"))
    content = {
        "institution": institution,
        "function": function,
        "crossing": crossing,
        "area": area,
        "presence_start": where.first,
        "presence_end": where.last,
        "capacity_note": text_of(where.capacity_note, problems, "capacity_note", limit=LONGEST, origin=origin),
        "source_note": source,
        "verify": text_of(where.verify, problems, "verify", limit=LONGEST, origin=origin),
    }
    if problems:
        raise Refused(*problems)
    return content
