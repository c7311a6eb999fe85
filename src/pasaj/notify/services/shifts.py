"""The on-call list: planning shifts one by one or a week at once, taking over, taking out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from pasaj.access.rules import Actor, can, may
from pasaj.access.services import audit
from pasaj.core import oncall
from pasaj.core.nearest import fold
from pasaj.core.oncall import LONGEST
from pasaj.core.problems import Problem, Refused, problem
from pasaj.notify.models import Contact, ContactRole, Shift
from pasaj.notify.services.contacts import ALLOWED, TURNS
from pasaj.registry import queries as registry

DUTY = "duty"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A shift to be planned. Moments are aware; `turn` 1 is called first."""

    contact: Contact
    role: str
    start_at: datetime
    end_at: datetime
    turn: int = 1
    row: int | None = None  # of the plan it stands in


@dataclass(frozen=True, slots=True)
class Planned:
    """What a plan brought: shifts made, and how many stood already."""

    made: tuple[Shift, ...]
    unchanged: int


def plan(*, wanted: Sequence[Wanted], actor: Actor, now: datetime) -> Planned:
    """Plan shifts, all or none; one that stands already is left as it is.

    Raises Refused: CONTACT-030 (hours), 031 (the person is on call then in the same role), 012 (ended contact),
    004 (role), 010 (turn), ACCESS-001.
    """
    if not may(actor, "plan", Shift):
        raise Refused(problem("ACCESS-001", roles=ALLOWED))
    problems = [one.at("", each.row, one.column) for each in wanted for one in _wrong(each)]
    if problems:
        raise Refused(*problems)
    made: list[Shift] = []
    unchanged = 0
    with transaction.atomic(), audit.at_the_end():
        for one in wanted:
            if _stands(one):
                unchanged += 1
                continue
            if (clash := _clash(one)) is not None:
                problems.append(_told(clash).at("", one.row, "contact"))
                continue
            made.append(_make(one, now))
            _record("planned", made[-1], actor, now)
        if problems:
            raise Refused(*problems)
    return Planned(tuple(made), unchanged)


def plan_text(*, text: str, role: str, today: date, actor: Actor, now: datetime) -> Planned:
    """Plan the lines of a pasted text or a CSV file (`core.oncall.read`); `role` where a line names none.

    Raises Refused with every line that is wrong: CONTACT-034 (not a line), 032 and 033 (who is that?), and as `plan`.
    """
    lines, problems = oncall.read(text, today)
    if not lines and not problems:
        problems = [problem("CONTACT-034", value="", example=oncall.EXAMPLE)]
    home = registry.home()
    people = list(Contact.objects.filter(ended_at=None).order_by("code"))
    wanted: list[Wanted] = []
    for line in lines:
        try:
            contact = _person(line.person, people)
        except Refused as refused:
            problems += [one.at("", line.row) for one in refused.problems]
            continue
        zone = home.zone if home else now.tzinfo
        start, end = line.start.replace(tzinfo=zone), line.end.replace(tzinfo=zone)
        wanted.append(Wanted(contact, line.role or role, start, end, line.turn, line.row))
    if problems:
        raise Refused(*problems)
    return plan(wanted=wanted, actor=actor, now=now)


def swap(*, shift: Shift, contact: Contact, actor: Actor, now: datetime) -> Shift:
    """Somebody else takes over a shift, from now on where it has begun. By the person on call, or by the duty officer.

    Raises Refused: CONTACT-035 (over), 012 (the other has ended), 031 (the other is on call then), ACCESS-001.
    """
    if not can(actor, "swap", shift):
        raise Refused(problem("ACCESS-001", roles=ALLOWED))
    with transaction.atomic(), audit.at_the_end():
        row = _coming(shift, now)
        begun = row.start_at < now
        wanted = Wanted(contact, row.role, max(row.start_at, now), row.end_at, row.turn)
        if problems := _wrong(wanted):
            raise Refused(*problems)
        if (clash := _clash(wanted)) is not None:
            raise Refused(_told(clash))
        before = row.contact.code
        if begun:
            row.end_at = now
            row.save(update_fields=["end_at"])
            row = _make(wanted, now)
        else:
            row.contact = contact
            row.save(update_fields=["contact"])
        _record("swapped", row, actor, now, before)
    return row


def remove(*, shift: Shift, actor: Actor, now: datetime) -> None:
    """Take a shift out of the list; one that has begun ends now. Raises Refused: CONTACT-035 (over), ACCESS-001."""
    if not can(actor, "plan", shift):
        raise Refused(problem("ACCESS-001", roles=ALLOWED))
    with transaction.atomic(), audit.at_the_end():
        row = _coming(shift, now)
        _record("removed", row, actor, now)
        if row.start_at < now:
            row.end_at = now
            row.save(update_fields=["end_at"])
        else:
            row.delete()


def _coming(shift: Shift, now: datetime) -> Shift:
    """The row, locked, unless it is over."""
    row = Shift.objects.select_for_update(of=("self",)).select_related("contact").filter(pk=shift.pk).first()
    if row is None or row.end_at <= now:
        raise Refused(problem("CONTACT-035"))
    return row


def _wrong(one: Wanted) -> list[Problem]:
    found = []
    if not timedelta(0) < one.end_at - one.start_at <= timedelta(hours=LONGEST):
        found.append(problem("CONTACT-030", column="end", limit=LONGEST))
    if one.contact.ended_at is not None:
        found.append(problem("CONTACT-012", column="contact"))
    if not 1 <= one.turn <= TURNS:
        found.append(problem("CONTACT-010", column="turn", value=one.turn))
    known = list(ContactRole.objects.filter(retired_at=None).order_by("order", "code").values_list("code", flat=True))
    if not one.role or (known and one.role not in known):
        found.append(problem("CONTACT-004", column="role", value=one.role[:40], allowed=", ".join(known) or DUTY))
    return found


def _stands(one: Wanted) -> bool:
    return Shift.objects.filter(
        contact=one.contact, role=one.role, start_at=one.start_at, end_at=one.end_at, turn=one.turn
    ).exists()


def _clash(one: Wanted) -> Shift | None:
    """A shift of the same person in the same role that overlaps."""
    rows = Shift.objects.filter(contact=one.contact, role=one.role, start_at__lt=one.end_at, end_at__gt=one.start_at)
    return rows.select_related("contact").order_by("start_at").first()


def _told(clash: Shift) -> Problem:
    home = registry.home()
    zone = home.zone if home else clash.start_at.tzinfo
    start, end = (f"{at.astimezone(zone):%Y-%m-%d %H:%M}" for at in (clash.start_at, clash.end_at))
    return problem("CONTACT-031", name=clash.contact.name, start=start, end=end)


def _make(one: Wanted, now: datetime) -> Shift:
    return Shift.objects.create(
        contact=one.contact, role=one.role, start_at=one.start_at, end_at=one.end_at, turn=one.turn, created_at=now
    )


def _person(text: str, people: Sequence[Contact]) -> Contact:
    """Whom a line of a plan names: by code, else by name without accents and capitals."""
    for one in people:
        if one.code.lower() == text.lower():
            return one
    found = [one for one in people if fold(one.name) == fold(text)]
    if len(found) > 1:
        raise Refused(problem("CONTACT-033", value=text[:60], allowed=", ".join(one.code for one in found)))
    if not found:
        raise Refused(problem("CONTACT-032", value=text[:60]))
    return found[0]


def _record(verb: str, row: Shift, actor: Actor, now: datetime, before: str = "") -> None:
    detail = {"role": row.role, "start": row.start_at, "end": row.end_at, "turn": row.turn}
    if before:
        detail["before"] = before
    audit.record(actor=actor, action=f"shift.{verb}", code=row.contact.code, now=now, detail=detail)
