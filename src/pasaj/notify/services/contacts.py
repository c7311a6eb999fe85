"""The directory: adding, changing and ending contacts. Ended ones are kept, so that who was told stays known."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction

from pasaj.access.models import Account
from pasaj.access.models import address as account_address
from pasaj.access.rules import Actor, can, may
from pasaj.access.services import audit
from pasaj.core.pack.values import CODE
from pasaj.core.problems import Problem, Refused, problem
from pasaj.notify.models import Address, Contact, ContactRole, Severity
from pasaj.notify.services import addresses as forms
from pasaj.registry import queries as registry
from pasaj.registry.models import Area, CrossingPoint, Institution
from pasaj.registry.services import next_code

NAME, TURNS = 150, 99
ALLOWED = "duty, admin"


class Reach(NamedTuple):
    """Where somebody is reached. `exercise`: nobody real is, only exercises and tests are sent there."""

    channel: str
    value: str
    exercise: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a contact, by codes. Places: a crossing's or an area's code, or neither."""

    name: str
    institution: str
    role: str
    language: str
    crossing: str = ""
    area: str = ""
    turn: int = 1
    least_severity: str = Severity.MINOR
    night_severity: str = Severity.SEVERE
    from_hour: int | None = None
    to_hour: int | None = None
    weekdays: Sequence[int] = ()
    account: str = ""  # the e-mail address with which the person signs in


def add(
    *,
    name: str,
    institution: str,
    role: str,
    addresses: Iterable[Reach | tuple[str, str] | tuple[str, str, bool]],
    language: str,
    actor: Actor,
    now: datetime,
    **more: Any,
) -> Contact:
    """Add a contact with its addresses, in the order in which they are tried. `more`: the other fields of `Said`.

    Raises Refused with every problem, its `column` the field: CONTACT-001, 004 to 010 and 016 (a field), 011 (there
    already), 002, 003, 015 and 018 (an address), ACCESS-006 (institution), ACCESS-001 (not allowed).
    """
    if not may(actor, "change", Contact):
        raise Refused(problem("ACCESS-001", roles=ALLOWED))
    said = Said(name, institution, role, language, **more)
    fields, problems = checked(said)
    reached, wrong = reaches(addresses)
    if problems or wrong:
        raise Refused(*problems, *wrong)
    with transaction.atomic():
        refuse_twins(fields)
        made = Contact.objects.create(code=next_code("CT", now), created_at=now, **fields)
        Address.objects.bulk_create(
            [
                Address(contact=made, channel=one.channel, value=one.value, exercise=one.exercise, order=order)
                for order, one in enumerate(reached, 1)
            ]
        )
        detail = {**told(made), "addresses": [f"{one.channel} {one.value}" for one in reached]}
        audit.record(actor=actor, action="contact.added", code=made.code, now=now, detail=detail)
    return made


def change(*, contact: Contact, said: Said, actor: Actor, now: datetime) -> Contact:
    """Say a contact anew; its addresses stay. Nothing is written where nothing differs.

    Raises Refused as `add` does, and CONTACT-012 (ended).
    """
    if not can(actor, "change", contact):
        raise Refused(problem("ACCESS-001", roles=ALLOWED))
    fields, problems = checked(said)
    if problems:
        raise Refused(*problems)
    with transaction.atomic():
        row = held(contact)
        before = told(row)
        changed = [name for name, value in fields.items() if getattr(row, name) != value]
        if not changed:
            return row
        refuse_twins(fields, but=row)
        for name in changed:
            setattr(row, name, fields[name])
        row.save(update_fields=changed)
        after = told(row)
        detail = {key: value for key, value in after.items() if before[key] != value}
        audit.record(actor=actor, action="contact.changed", code=row.code, now=now, detail=detail)
    return row


def end(*, contact: Contact, reason: str, actor: Actor, now: datetime) -> Contact:
    """The contact is told of nothing more from now on; shifts that have not begun go. Kept with the reason.

    Raises Refused: CONTACT-013 (no reason), 012 (ended already), SCREEN-001 (a name in the reason), ACCESS-001.
    """
    if not can(actor, "change", contact):
        raise Refused(problem("ACCESS-001", roles=ALLOWED))
    why = reason.strip()[:200]
    if not why:
        raise Refused(problem("CONTACT-013", column="reason"))
    registry.refuse_naming(reason=why)
    with transaction.atomic():
        row = held(contact)
        row.ended_at, row.end_reason = now, why
        row.save(update_fields=["ended_at", "end_reason"])
        gone = row.shifts.filter(start_at__gte=now).count()
        row.shifts.filter(start_at__gte=now).delete()
        row.shifts.filter(end_at__gt=now).update(end_at=now)
        detail = {"reason": why, "shifts": gone}
        audit.record(actor=actor, action="contact.ended", code=row.code, now=now, detail=detail)
    return row


def held(contact: Contact) -> Contact:
    """The row, locked for the transaction. Raises Refused CONTACT-012 when it has ended."""
    row = Contact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    if row.ended_at is not None:
        raise Refused(problem("CONTACT-012"))
    return row


def told(row: Contact) -> dict[str, Any]:
    """What the log keeps of a contact: values that can be erased."""
    return {
        "name": row.name,
        "institution": row.institution.code,
        "role": row.role,
        "place": row.crossing.code if row.crossing else row.area.code if row.area else "",
        "turn": row.turn,
        "language": row.language,
        "severity": f"{row.least_severity} {row.night_severity}",
        "hours": f"{row.from_hour}-{row.to_hour}" if row.from_hour is not None else "",
        "weekdays": list(row.weekdays),
        "account": row.account_id,
    }


def refuse_twins(fields: dict[str, Any], but: Contact | None = None) -> None:
    """Raise Refused CONTACT-011 where a contact in office says the same by name, institution, role and place."""
    key = {name: fields[name] for name in ("name", "institution", "role", "crossing", "area")}
    twins = Contact.objects.filter(ended_at=None, **key)
    twin = (twins.exclude(pk=but.pk) if but else twins).order_by("pk").first()
    if twin is not None:
        raise Refused(problem("CONTACT-011", column="name", code=twin.code))


def reaches(given: Iterable[Reach | tuple[str, str] | tuple[str, str, bool]]) -> tuple[list[Reach], list[Problem]]:
    """Addresses in their normal form, and what is wrong with the others. The same one twice counts once."""
    found: list[Reach] = []
    problems: list[Problem] = []
    for number, one in enumerate(given):
        reach = Reach(*one)
        try:
            normal = reach._replace(value=forms.normal(reach.channel, reach.value))
        except Refused as refused:
            problems += [each.at("", None, f"address-{number}") for each in refused.problems]
            continue
        if (normal.channel, normal.value) not in {(each.channel, each.value) for each in found}:
            found.append(normal)
    return found, problems


# --- Checks --------------------------------------------------------------------------------------


def checked(said: Said) -> tuple[dict[str, Any], list[Problem]]:
    """Field values of a contact, and every problem with its field as column."""
    found: dict[str, Any] = {}
    problems: list[Problem] = []
    for check in (_named, _institution, _role, _place, _language, _severities, _hours, _turn, _account):
        try:
            found.update(check(said))
        except Refused as refused:
            problems += refused.problems
    return found, problems


def _named(said: Said) -> dict[str, Any]:
    name = " ".join(said.name.split())
    if not 0 < len(name) <= NAME:
        raise Refused(problem("CONTACT-001", column="name", limit=NAME))
    return {"name": name}


def _institution(said: Said) -> dict[str, Any]:
    row = Institution.objects.filter(code=said.institution, retired_at=None).first()
    if row is None:
        known = ", ".join(Institution.objects.filter(retired_at=None).order_by("code").values_list("code", flat=True))
        raise Refused(problem("ACCESS-006", column="institution", code=said.institution[:40], allowed=known))
    return {"institution": row}


def _role(said: Said) -> dict[str, Any]:
    known = list(ContactRole.objects.filter(retired_at=None).order_by("order", "code").values_list("code", flat=True))
    # A pack without roles leaves them open.
    if said.role not in known and (known or not CODE.fullmatch(said.role)):
        raise Refused(problem("CONTACT-004", column="role", value=said.role[:40], allowed=", ".join(known) or "duty"))
    return {"role": said.role}


def _place(said: Said) -> dict[str, Any]:
    crossing = CrossingPoint.objects.filter(code=said.crossing).first() if said.crossing else None
    area = Area.objects.filter(code=said.area).first() if said.area else None
    for code, row, column in ((said.crossing, crossing, "crossing"), (said.area, area, "area")):
        if code and row is None:
            raise Refused(problem("CONTACT-005", column=column, value=code[:40]))
    return {"crossing": crossing, "area": area}


def _language(said: Said) -> dict[str, Any]:
    home = registry.home()
    known = list(home.languages) if home else [said.language]
    if said.language not in known or not said.language:
        raise Refused(
            problem("CONTACT-006", column="language", value=said.language[:8], allowed=", ".join(known))
        )  # fmt: skip
    return {"language": said.language}


def _severities(said: Said) -> dict[str, Any]:
    found = {"least_severity": said.least_severity, "night_severity": said.night_severity}
    for column, value in found.items():
        if value not in Severity.values:
            allowed = ", ".join(Severity.values)
            raise Refused(problem("CONTACT-009", column=column, value=value[:20], allowed=allowed))
    return found


def _hours(said: Said) -> dict[str, Any]:
    first, last = said.from_hour, said.to_hour
    whole = first is not None and last is not None and 0 <= first <= 23 and 0 <= last <= 24
    if not whole and (first, last) != (None, None):
        shown = "-".join("" if hour is None else str(hour) for hour in (first, last))
        raise Refused(problem("CONTACT-007", column="from_hour", value=shown))
    return {"from_hour": first, "to_hour": last, "weekdays": _weekdays(said.weekdays)}


def _weekdays(given: Collection[int]) -> list[int]:
    for one in given:
        if one not in range(7):
            raise Refused(problem("CONTACT-008", column="weekdays", value=one))
    days = sorted(set(given))
    return [] if len(days) == 7 else days


def _turn(said: Said) -> dict[str, Any]:
    if not 1 <= said.turn <= TURNS:
        raise Refused(problem("CONTACT-010", column="turn", value=said.turn))
    return {"turn": said.turn}


def _account(said: Said) -> dict[str, Any]:
    if not said.account:
        return {"account_id": None}
    row = Account.objects.filter(email=account_address(said.account), is_active=True).first()
    if row is None:
        raise Refused(problem("CONTACT-016", column="account", value=said.account[:60]))
    return {"account_id": row.pk}
