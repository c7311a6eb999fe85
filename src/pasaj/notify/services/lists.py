"""The directory as a CSV file: read all or nothing, and written for the gate."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from pasaj.access.models import Account
from pasaj.access.rules import Actor, may
from pasaj.access.services import audit
from pasaj.core.problems import Problem, Refused, problem
from pasaj.notify.models import MAIL, SMS, Contact, Severity
from pasaj.notify.services import contacts, reaching
from pasaj.notify.services.contacts import ALLOWED, Reach, Said
from pasaj.share.services import Parcel, Row

COLUMNS = (
    "code", "name", "institution", "role", "crossing", "area", "turn", "language", "mail", "phone", "exercise",
    "least_severity", "night_severity", "from_hour", "to_hour", "weekdays", "account",
)  # fmt: skip
NEEDED = ("name", "institution", "role", "language")
LIMIT = 500  # rows of one file
BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file changed."""

    added: int
    changed: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class _Line:
    row: int
    code: str
    said: Said
    reached: list[Reach]


def load(*, data: bytes, actor: Actor, now: datetime) -> Imported:
    """Store a directory: every row, or none. The same file again changes nothing; no address is taken away.

    A row with a code changes that contact, one without is a new one unless name, institution, role and place are
    those of a contact in office. Raises Refused with every problem by row and column: CONTACT-020 (not such a file),
    021 (a column), 022 (twice), 023 (an unknown code), and those of a contact and its addresses.
    """
    if not may(actor, "change", Contact):
        raise Refused(problem("ACCESS-001", roles=ALLOWED))
    lines, problems = _read(data)
    if problems:
        raise Refused(*problems)
    added = changed = 0
    with transaction.atomic(), audit.at_the_end():
        for line in lines:
            try:
                new, differs = _store(line, actor, now)
            except Refused as refused:
                problems += [one.at("", line.row, one.column) for one in refused.problems]
                continue
            added, changed = added + new, changed + (differs and not new)
        if problems:
            raise Refused(*problems)
        found = Imported(added, changed, len(lines) - added - changed)
        if added or changed:
            detail = {"added": added, "changed": changed, "unchanged": found.unchanged}
            audit.record(actor=actor, action="contact.imported", code="contacts", now=now, detail=detail)
    return found


def _store(line: _Line, actor: Actor, now: datetime) -> tuple[bool, bool]:
    """Whether the row made a contact, and whether it changed anything."""
    row = _found(line)
    if row is None:
        said = line.said
        fields = {name: getattr(said, name) for name in Said.__slots__}
        contacts.add(addresses=line.reached, actor=actor, now=now, **fields)
        return True, True
    before = contacts.told(row)
    after = contacts.told(contacts.change(contact=row, said=line.said, actor=actor, now=now))
    known = set(row.addresses.values_list("channel", "value"))
    fresh = [one for one in line.reached if (one.channel, one.value) not in known]
    for one in fresh:
        reaching.add(contact=row, **one._asdict(), actor=actor, now=now)
    return False, bool(fresh) or before != after


def _found(line: _Line) -> Contact | None:
    rows = Contact.objects.filter(ended_at=None)
    if line.code:
        row = rows.filter(code=line.code).first()
        if row is None:
            raise Refused(problem("CONTACT-023", column="code", value=line.code[:20]))
        return row
    said = line.said
    same = rows.filter(name=" ".join(said.name.split()), institution__code=said.institution, role=said.role)
    same = same.filter(crossing__code=said.crossing) if said.crossing else same.filter(crossing=None)
    same = same.filter(area__code=said.area) if said.area else same.filter(area=None)
    return same.order_by("pk").first()


# --- Reading -------------------------------------------------------------------------------------


def _read(data: bytes) -> tuple[list[_Line], list[Problem]]:
    """Rows with what is wrong in themselves; whether they fit the directory is asked when they are stored."""
    header, rows = _table(data)
    missing = [problem("CONTACT-021", row=1, column=one) for one in NEEDED if one not in header]
    if missing:
        return [], missing
    lines: list[_Line] = []
    problems: list[Problem] = []
    first: dict[tuple[str, ...], int] = {}
    for number, cells in rows:
        found = dict(zip(header, cells, strict=False))
        line, wrong = _line(number, found)
        key = (line.code,) if line.code else (*(found.get(one, "") for one in ("name", "institution", "role")),
               line.said.crossing, line.said.area)  # fmt: skip
        if first.setdefault(key, number) != number:
            wrong.append(problem("CONTACT-022", column="name", first=first[key]))
        _fields, refused = contacts.checked(line.said)
        problems += [one.at("", number, one.column) for one in (*wrong, *refused)]
        lines.append(line)
    return lines, problems


def _table(data: bytes) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Column names in small letters, and rows as a spreadsheet counts them. Raises Refused CONTACT-020."""
    if len(data) > BYTES:
        raise Refused(problem("CONTACT-020", limit=LIMIT))
    try:
        text = data.decode("utf-8-sig")
        mark = ";" if text.split("\n", 1)[0].count(";") > text.split("\n", 1)[0].count(",") else ","
        table = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise Refused(problem("CONTACT-020", limit=LIMIT)) from error
    rows = [(number, [cell.strip() for cell in cells]) for number, cells in enumerate(table, 1) if any(cells)]
    if len(rows) < 2 or len(rows) > LIMIT + 1 or "\0" in text:
        raise Refused(problem("CONTACT-020", limit=LIMIT))
    return [one.lower() for one in rows[0][1]], rows[1:]


def _line(row: int, found: Mapping[str, str]) -> tuple[_Line, list[Problem]]:
    problems: list[Problem] = []
    numbers: dict[str, int | None] = {}
    for column in ("turn", "from_hour", "to_hour"):
        cell = found.get(column, "")
        numbers[column] = int(cell) if cell.isdecimal() and len(cell) < 4 else None
        if cell and numbers[column] is None:
            code = "CONTACT-010" if column == "turn" else "CONTACT-007"
            problems.append(problem(code, column=column, value=cell[:20]))
    days = [one for one in found.get("weekdays", "").replace(";", " ").split() if one]
    problems += [problem("CONTACT-008", column="weekdays", value=one[:20]) for one in days if one not in "0123456"]
    said = Said(
        name=found.get("name", ""),
        institution=found.get("institution", ""),
        role=found.get("role", ""),
        language=found.get("language", ""),
        crossing=found.get("crossing", ""),
        area=found.get("area", ""),
        account=found.get("account", ""),
        least_severity=found.get("least_severity") or Severity.MINOR,
        night_severity=found.get("night_severity") or Severity.SEVERE,
        from_hour=numbers["from_hour"],
        to_hour=numbers["to_hour"],
        weekdays=[int(one) for one in days if one in "0123456"],
    )
    turn = numbers["turn"]
    said = said if turn is None else replace(said, turn=turn)
    exercise = found.get("exercise", "").lower() in ("yes", "1", "true")
    given = [
        (column, Reach(channel, value, exercise))
        for column, channel in (("mail", MAIL), ("phone", SMS))
        for value in (one.strip().lstrip("'") for one in found.get(column, "").split(";"))  # see core.csvsafe
        if value
    ]
    reached: list[Reach] = []
    for column, one in given:
        normal, wrong = contacts.reaches([one])
        reached += normal
        problems += [each.at("", None, column) for each in wrong]
    return _Line(row, found.get("code", ""), said, reached), problems


# --- Writing -------------------------------------------------------------------------------------


def parcel(rows: QuerySet[Contact]) -> Parcel:
    """Contacts in office with their addresses, for the gate: what `load` reads."""
    return Parcel(kind="table", title="contacts", form="csv", rows=_rows(rows), header=COLUMNS, question={})


def _rows(rows: QuerySet[Contact]) -> Iterator[Row]:
    found = rows.select_related("institution", "crossing", "area").prefetch_related("addresses").order_by("code")
    mails = dict(Account.objects.values_list("pk", "email"))
    for one in found:
        values = {
            "code": one.code, "name": one.name, "institution": one.institution.code, "role": one.role,
            "crossing": one.crossing.code if one.crossing else "", "area": one.area.code if one.area else "",
            "turn": one.turn, "language": one.language, "least_severity": one.least_severity,
            "night_severity": one.night_severity,
            "from_hour": one.from_hour, "to_hour": one.to_hour, "weekdays": " ".join(map(str, one.weekdays)),
            "account": mails.get(one.account_id or 0, ""),
        }  # fmt: skip
        addresses = [each for each in one.addresses.all() if each.stopped_at is None]
        values["mail"] = _joined(each.value for each in addresses if each.channel == MAIL)
        values["phone"] = _joined(each.value for each in addresses if each.channel == SMS)
        values["exercise"] = "yes" if addresses and all(each.exercise for each in addresses) else ""
        yield Row(values=[values[name] for name in COLUMNS], own_count=True)


def _joined(values: Iterable[str]) -> str:
    return ";".join(values)
