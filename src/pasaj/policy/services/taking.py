"""An action plan that comes back as a workbook: looked at, then confirmed. Nothing is stored before.

What was looked at goes to the person as signed text and comes back with the confirmation; a line that somebody
changed meanwhile is refused.
"""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from django.core import signing
from django.db import transaction

from pasaj.access.rules import Actor
from pasaj.core import csvsafe
from pasaj.core.problems import Problem, Refused, problem
from pasaj.policy.models import Action, Commitment, CostLine, Policy, Price
from pasaj.policy.services import money
from pasaj.policy.services.money import CommitmentWanted, CostWanted
from pasaj.policy.services.words import choice, currency_of, line, number
from pasaj.policy.services.workbook import COSTS, FORMAT, HEAD, MONEY

MEGABYTE = 1_000_000
LARGEST, UNPACKED, ENTRIES, ROWS = 10 * MEGABYTE, 60 * MEGABYTE, 200, 10_000
SALT = "policy.workbook"
KEPT_SECONDS = 3600
NUMBERS = frozenset({"quantity", "unit_cost", "periods", "amount", "year"})
TINY = Decimal("1e-7")
"""A float that differs by less from four decimals means them."""
SHEETS: Mapping[str, tuple[str, ...]] = {"costs": COSTS[:12], "money": MONEY[:9]}
Wanted = CostWanted | CommitmentWanted


@dataclass(frozen=True, slots=True)
class Changed:
    """A line that would change: what of it, before and after."""

    wanted: Wanted
    moved: list[tuple[str, str, str]]
    seen: int


@dataclass(slots=True)
class Preview:
    """What the workbook would do. gone: codes that stand here and not in it: they are left alone. unrated: currency
    and year that no rate speaks of: such lines count nowhere.
    """

    new: list[Wanted] = field(default_factory=list)
    changed: list[Changed] = field(default_factory=list)
    unchanged: int = 0
    refused: list[Problem] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    unrated: set[tuple[str, int]] = field(default_factory=set)
    token: str = ""


def look(*, policy: Policy, file: IO[bytes], filename: str, actor: Actor) -> Preview:
    """Read a workbook against what stands. Every cell that cannot be taken is told with sheet, row and column.

    Raises Refused: POL-060 (no workbook), 061 (too large), 062 (of another policy), 063 (a column is missing).
    """
    book = _read(file, filename)
    found = dict(row[:2] for row in _about(book, filename))
    if found.get("format") != FORMAT:
        raise Refused(problem("POL-060", name=filename, detail="format"))
    if found.get("policy") != policy.code:
        raise Refused(problem("POL-062", found=str(found.get("policy"))[:20], code=policy.code))
    made = Preview()
    known = _known(policy)
    for sheet, names in SHEETS.items():
        _sheet(made, known, sheet, _lines(book, sheet, names, filename))
    if not made.refused and (made.new or made.changed):
        made.token = _signed(policy, made, actor)
    return made


@transaction.atomic
def take(*, policy: Policy, token: str, actor: Actor, now: datetime) -> int:
    """Store what was looked at; returns the number of lines. Raises Refused: POL-067, POL-068, and as `put_costs`."""
    try:
        said = signing.loads(token, salt=SALT, max_age=KEPT_SECONDS)
    except signing.BadSignature:
        raise Refused(problem("POL-068")) from None
    if (said["policy"], said["actor"]) != (policy.code, actor.id):
        raise Refused(problem("POL-068"))
    _as_seen(policy, said["seen"])
    costs = [one for row in said["costs"] if isinstance(one := _wanted("costs", row), CostWanted)]
    given = [one for row in said["money"] if isinstance(one := _wanted("money", row), CommitmentWanted)]
    made = money.put_costs(policy=policy.code, wanted=costs, actor=actor, now=now)
    more = money.put_commitments(policy=policy.code, wanted=given, actor=actor, now=now)
    return len(made) + len(more)


# --- Reading -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Book:
    """The same workbook twice: with what its formulas came to, and as they are written."""

    values: Any
    formulas: Any


@dataclass(frozen=True, slots=True)
class _Row:
    """A row by the names of its columns; a cell whose formula has no value is in `empty`."""

    number: int
    cells: dict[str, object]
    empty: frozenset[str]


def _read(file: IO[bytes], filename: str) -> _Book:
    from openpyxl import load_workbook  # noqa: PLC0415 - heavy

    data = file.read(LARGEST + 1)
    try:
        with zipfile.ZipFile(io.BytesIO(data[:LARGEST])) as archive:
            infos = archive.infolist()
            large = len(infos) > ENTRIES or sum(one.file_size for one in infos) > UNPACKED
        if len(data) > LARGEST or large:
            raise Refused(problem("POL-061", name=filename, limit=LARGEST // MEGABYTE))
        values, formulas = (load_workbook(io.BytesIO(data), read_only=True, data_only=one) for one in (True, False))
    except Refused:
        raise
    except Exception as error:
        if len(data) > LARGEST:
            raise Refused(problem("POL-061", name=filename, limit=LARGEST // MEGABYTE)) from error
        raise Refused(problem("POL-060", name=filename, detail=type(error).__name__)) from error
    return _Book(values, formulas)


def _about(book: _Book, filename: str) -> list[tuple[str, str]]:
    if "about" not in book.values.sheetnames:
        raise Refused(problem("POL-060", name=filename, detail="about"))
    rows = book.values["about"].iter_rows(max_row=20, max_col=2, values_only=True)
    return [(str(row[0] or ""), str(row[1] or "")) for row in rows if len(row) > 1]


def _lines(book: _Book, sheet: str, names: Sequence[str], filename: str) -> Iterator[_Row]:
    if sheet not in book.values.sheetnames:
        raise Refused(problem("POL-060", name=filename, detail=sheet))
    both = zip(
        book.values[sheet].iter_rows(max_col=40, values_only=True),
        book.formulas[sheet].iter_rows(max_col=40, values_only=True), strict=False,
    )  # fmt: skip
    head: dict[str, int] = {}
    for place, (values, formulas) in enumerate(both, 1):
        if place == 1:
            head = {str(one).strip(): column for column, one in enumerate(values) if one is not None}
            for name in names:
                if name not in head:
                    raise Refused(problem("POL-063", sheet=sheet, name=name))
            continue
        if place > ROWS + HEAD:
            raise Refused(problem("POL-061", name=filename, limit=LARGEST // MEGABYTE))
        cells = {name: values[head[name]] if head[name] < len(values) else None for name in names}
        empty = {
            name for name in names
            if cells[name] is None and head[name] < len(formulas) and str(formulas[head[name]] or "").startswith("=")
        }  # fmt: skip
        if cells["code"] != "#" and (empty or any(one not in (None, "") for one in cells.values())):
            yield _Row(place, cells, frozenset(empty))


# --- Against what stands ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Known:
    """What lines of a policy may refer to."""

    policy: Policy
    actions: frozenset[str]
    items: frozenset[str]
    rates: frozenset[tuple[str, int]]


def _known(policy: Policy) -> _Known:
    actions = Action.objects.filter(policy=policy, withdrawn_at=None).values_list("code", flat=True)
    items = Price.objects.filter(retired_at=None).values_list("code", flat=True)
    rates = policy.rates.values_list("currency", "year")
    return _Known(policy, frozenset(actions), frozenset(items), frozenset(rates))


def _sheet(made: Preview, known: _Known, sheet: str, rows: Iterator[_Row]) -> None:
    model: type[CostLine | Commitment] = CostLine if sheet == "costs" else Commitment
    there = {one.code: one for one in _standing(model, known.policy)}
    codes: set[str] = set()
    for row in rows:
        code = _text(row.cells["code"])
        line = there.get(code)
        wrong = _of_code(code, line, codes) + _unreadable(row)
        codes.add(code)
        if not wrong:
            wanted = _wanted(sheet, {name: _said(name, value) for name, value in row.cells.items()})
            wrong = _unfit(wanted, known)
        if wrong:
            made.refused += [one.at(sheet, row.number, column) for column, one in wrong]
        else:
            _compare(made, wanted, line, known)
    made.gone += [code for code, one in there.items() if code not in codes and not one.withdrawn_at]


def _standing(model: type[CostLine | Commitment], policy: Policy) -> Iterable[CostLine | Commitment]:
    return model._default_manager.filter(action__policy=policy).select_related("action").order_by("pk")


Wrong = list[tuple[str, Problem]]


def _of_code(code: str, line: CostLine | Commitment | None, codes: set[str]) -> Wrong:
    if code and code in codes:
        return [("code", problem("POL-066", code=code[:40]))]
    if code and line is None:
        return [("code", problem("POL-069", code=code[:40]))]
    if line is not None and line.withdrawn_at:
        return [("code", problem("POL-070", code=code))]
    return []


def _unreadable(row: _Row) -> Wrong:
    """Cells that hold no value that could be kept."""
    found: Wrong = [(name, problem("POL-065")) for name in sorted(row.empty)]
    for name, value in row.cells.items():
        if name in row.empty:
            continue
        if name in NUMBERS and (_number(value) is None or (name == "year" and _number(value) != _year(value))):
            found.append((name, problem("POL-064", value=_text(value)[:40])))
        if name == "on" and _day(value) is None:
            found.append((name, problem("POL-071", value=_text(value)[:40])))
    return found


def _unfit(wanted: Wanted, known: _Known) -> Wrong:
    """What the service would refuse, with the column it stands in. Problems of the screen of names come later."""
    first, last = known.policy.first_date, known.policy.last_date
    found: Wrong = []

    def tried(column: str, verb: Callable[..., object], *values: object) -> None:
        try:
            verb(*values)
        except Refused as refused:
            found.append((column, refused.problems[0]))

    if wanted.action not in known.actions:
        found.append(("action", problem("POL-012", code=wanted.action[:40])))
    if not first.year <= wanted.year <= last.year:
        found.append(("year", problem("POL-011", code=wanted.code or "…", first=first, last=last)))
    tried("currency", currency_of, wanted.currency)
    if isinstance(wanted, CostWanted):
        tried("kind", choice, wanted.kind, CostLine.Kind.values)
        tried("label", line, wanted.label)
        tried("unit", line, wanted.unit, 60)
        tried("justification", line, wanted.justification, 2000)
        if wanted.item and wanted.item not in known.items:
            found.append(("item", problem("POL-012", code=wanted.item[:40])))
        for name in ("quantity", "unit_cost", "periods"):
            tried(name, _not_negative, getattr(wanted, name))
    else:
        tried("state", choice, wanted.state, Commitment.State.values)
        tried("funder", line, wanted.funder, 200)
        tried("source", line, wanted.source)
        tried("amount", _not_negative, wanted.amount, 0)
    return found


def _not_negative(value: Decimal, above: int | None = None) -> None:
    if number(value) < 0 or (above is not None and value <= above):
        raise Refused(problem("POL-015", value=str(value)[:40], places=4))


def _compare(made: Preview, wanted: Wanted, row: CostLine | Commitment | None, known: _Known) -> None:
    if wanted.currency != known.policy.currency and (wanted.currency, wanted.year) not in known.rates:
        made.unrated.add((wanted.currency, wanted.year))
    if row is None:
        made.new.append(wanted)
        return
    before = _plain(_of_row(row))
    moved = [(name, before[name], now) for name, now in _plain(wanted).items() if before[name] != now]
    if moved:
        made.changed.append(Changed(wanted, moved, row.revision))
    else:
        made.unchanged += 1


def _of_row(row: CostLine | Commitment) -> Wanted:
    if isinstance(row, CostLine):
        names = [name for name in COSTS[:12] if name not in ("code", "action")]
        return CostWanted(row.action.code, code=row.code, **{name: getattr(row, name) for name in names})
    names = [name for name in MONEY[:9] if name not in ("code", "action", "on")]
    values = {name: getattr(row, name) for name in names}
    return CommitmentWanted(row.action.code, code=row.code, on=row.dated_date, **values)


def _plain(wanted: Wanted) -> dict[str, str]:
    """Fields as text: numbers without zeros at their end, so that 2 and 2.0000 are the same."""
    return {name: f"{one.normalize():f}" if isinstance(one, Decimal) else str(one)
            for name, one in asdict(wanted).items()}  # fmt: skip


def _wanted(sheet: str, values: Mapping[str, Any]) -> Wanted:
    """A line as it is wanted: from cells, or from what was signed."""
    data: dict[str, Any] = {name: Decimal(value) if name in NUMBERS else value for name, value in values.items()}
    data["year"] = int(data["year"])
    if sheet == "costs":
        return CostWanted(**data)
    return CommitmentWanted(**{**data, "on": date.fromisoformat(str(data["on"]))})


# --- Cells -------------------------------------------------------------------------------------------


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else csvsafe.plain(str(value)).strip()


def _number(value: object) -> Decimal | None:
    """A number of a cell; None for text, truth values and nothing. A float is the shortest text that reads as it."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        found = Decimal(repr(value)) if isinstance(value, int) or math.isfinite(value) else None
        return None if found is None else round(found, 4) if abs(found - round(found, 4)) < TINY else found
    return None


def _year(value: object) -> Decimal | None:
    found = _number(value)
    return None if found is None else Decimal(int(found))


def _day(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    try:
        return date.fromisoformat(_text(value))
    except ValueError:
        return None


def _said(name: str, value: object) -> str:
    if name in NUMBERS:
        return str(_number(value))
    return str(_day(value)) if name == "on" else _text(value)


# --- What was looked at ------------------------------------------------------------------------------


def _signed(policy: Policy, made: Preview, actor: Actor) -> str:
    wanted = [*made.new, *(one.wanted for one in made.changed)]
    return signing.dumps(
        {
            "policy": policy.code,
            "actor": actor.id,
            "seen": {one.wanted.code: one.seen for one in made.changed},
            "costs": [_plain(one) for one in wanted if isinstance(one, CostWanted)],
            "money": [_plain(one) for one in wanted if isinstance(one, CommitmentWanted)],
        },
        salt=SALT,
        compress=True,
    )


def _as_seen(policy: Policy, seen: Mapping[str, int]) -> None:
    now = {one.code: one.revision for model in (CostLine, Commitment) for one in _standing(model, policy)}
    other = [code for code, revision in seen.items() if now.get(code) != revision]
    if other:
        raise Refused(*(problem("POL-067", code=code) for code in other))
