"""plans/*.toml: contingency plans, read and checked. The format is in docs/reference/plans.md."""

import tomllib
from collections.abc import Callable, Iterable
from datetime import date, datetime
from math import isfinite
from typing import TypeVar

from pasaj.core.pack import toml, values
from pasaj.core.pack.shapes import Mandate
from pasaj.core.pack.sheets import Book
from pasaj.core.pack.toml import Table
from pasaj.core.plans.checking import Known, Mandated, check
from pasaj.core.plans.shapes import (
    DIRECTIONS,
    LONGEST_DAYS,
    LONGEST_HOURS,
    PLACES,
    PROMISES,
    SEVERITIES,
    Action,
    Level,
    Plan,
    Trigger,
)

_Coded = TypeVar("_Coded", Level, Action)
SCHEMA = 1
KINDS = ("signal", "alert")
MOST_TIMES = 1000.0
_NAME = 'name = {fr = "Retours en grand nombre"}'
_WHEN = 'when = {fr = "Plus de trois fois le nombre attendu"}'
_WARNED = frozenset({"PLAN-031"})
"""Mistakes that leave a plan usable."""


def is_plan(file: str) -> bool:
    """Whether a file of a pack is one of its contingency plans."""
    return file.startswith("plans/") and file.endswith(".toml")


def read(book: Book, mandates: Iterable[Mandate]) -> tuple[Plan, ...]:
    """Every usable plan. Mandates must hold on the day on which the plan is reviewed at the latest.

    Raises nothing: every mistake is noted with file, line and remedy.
    """
    known = Known(
        measures={code: one.alert_on for code, one in book.measure.items()},
        protection=frozenset(code for code, one in book.measure.items() if one.protection),
        mandates=tuple(Mandated(one.function, one.institution, one.role, one.first, one.last) for one in mandates),
        hazards=hazards(book),
    )
    found: dict[str, tuple[str, Plan]] = {}
    for file in sorted(one for one in book.files if is_plan(one)):
        table = toml.load(file, book)
        if table is None:
            continue
        before = len(book.findings.problems)
        one = _plan(table, book)
        first = found.setdefault(one.code, (file, one))[0]
        if first != file and one.code:
            table.refuse("PACK-055", "code", value=one.code, first_file=first)
        # What could not be read is not judged as well: one mistake, one message.
        if len(book.findings.problems) == before:
            _judge(table, one, known)
    return tuple(one for _file, one in found.values())


def hazards(book: Book) -> frozenset[str] | None:
    """Codes of the templates of alerts; None when the pack has none, so that triggers cannot be checked."""
    found = set()
    for file, data in book.files.items():
        if file.startswith("alerts/") and file.endswith(".toml"):
            try:
                code = tomllib.loads(data.decode("utf-8-sig")).get("code", "")
            except (ValueError, RecursionError):
                continue  # its own reader tells of it
            found.add(str(code))
    return frozenset(found) if found else None


def _judge(table: Table, plan: Plan, known: Known) -> None:
    for one in check(plan, known, plan.review_date):
        tell = table.warn if one.code in _WARNED else table.refuse
        tell(one.code, one.column, **one.params)


def _plan(table: Table, book: Book) -> Plan:
    schema = table.get("schema", "schema = 1", needed=True)
    if schema is not None and (schema != SCHEMA or isinstance(schema, bool)):
        table.refuse("PLAN-001", "schema", value=str(schema)[:20], known=SCHEMA)
    source, verify = table.provenance()
    levels = _several(table, "levels", "monitor", _level)
    actions = _several(table, "actions", "reception", lambda inner: _action(inner, book))
    plan = Plan(
        code=table.code("code", 'code = "mass-returns"'),
        version=table.text("version", 'version = "2026.1"', needed=True, limit=40),
        names=table.names("name", _NAME),
        hazards=table.several("hazards", 'hazards = ["mass-returns"]', needed=True),
        triggers=tuple(_trigger(inner, book) for inner in table.tables("triggers", '[[triggers]] with kind = "alert"')),
        levels=levels,
        actions=actions,
        promises=_promises(table),
        days=_days(table),
        review_date=_day(table),
        source=source,
        verify=verify,
    )
    table.strangers()
    _references(table, plan)
    return plan


def _several(table: Table, key: str, code: str, build: Callable[[Table], _Coded]) -> tuple[_Coded, ...]:
    """A list of tables with a code each, no code twice."""
    found: list[_Coded] = []
    for inner in table.tables(key, f'[[{key}]] with code = "{code}"'):
        one = build(inner)
        if one.code in {other.code for other in found}:
            inner.refuse("PACK-055", "code", value=one.code, first_file=table.file)
        found.append(one)
    return tuple(found)


def _trigger(table: Table, book: Book) -> Trigger:
    kind = table.choice("kind", KINDS)
    level = table.text("level", 'level = "red"', needed=True, limit=40)
    found = Trigger(kind=kind, level=level)  # of a kind that is not known, nothing more can be read
    if kind == "alert":
        found = Trigger(
            kind=kind,
            level=level,
            hazard=table.text("hazard", 'hazard = "mass-returns"', needed=True, limit=40),
            severity=table.choice("severity", SEVERITIES, default=SEVERITIES[0]),
        )
    elif kind == "signal":
        found = _signal(table, level, book)
    if kind:
        table.strangers()
    return found


def _signal(table: Table, level: str, book: Book) -> Trigger:
    protection = _yes(table, "protection")
    measure = table.text("measure", 'measure = "returns"', needed=not protection, limit=40)
    table.known("measure", (measure,) if measure else (), book.measures)
    return Trigger(
        kind="signal",
        level=level,
        measure=measure,
        direction=table.choice("direction", DIRECTIONS, default=DIRECTIONS[0]),
        place=table.choice("place", PLACES, default=PLACES[0]),
        times=_number(table, "times", MOST_TIMES, "PLAN-009") if "times" in table.raw else 0.0,
        protection=protection,
    )


def _level(table: Table) -> Level:
    found = Level(
        code=table.code("code", 'code = "red"'),
        names=table.names("name", _NAME),
        when=table.names("when", _WHEN),
        actions=table.several("actions", 'actions = ["reception"]', needed=True),
        colour=table.text("colour", 'colour = "red"', limit=40),
    )
    table.strangers()
    return found


def _action(table: Table, book: Book) -> Action:
    source, verify = table.provenance()
    lead = table.text("lead", 'lead = "IMM"', limit=40)
    support = table.several("support", 'support = ["AID"]')
    function = table.text("function", 'function = "RECEPTION"', needed=True, limit=40)
    roles = table.several("roles", 'roles = ["duty"]')
    table.known("lead", (lead,) if lead else (), book.institutions)
    table.known("support", support, book.institutions)
    table.known("roles", roles, book.contact_roles)
    table.known("function", (function,) if function else (), book.functions)
    found = Action(
        code=table.code("code", 'code = "reception"'),
        names=table.names("name", _NAME),
        lead=lead,
        function=function,
        hours=_number(table, "hours", LONGEST_HOURS, "PLAN-002"),
        support=support,
        after=table.several("after", 'after = ["reception"]'),
        resources=table.names("resources", 'resources = {fr = "deux bus"}') if "resources" in table.raw else {},
        protection=_yes(table, "protection"),
        enforcement=_yes(table, "enforcement"),
        roles=roles,
        source=source,
        verify=verify,
    )
    table.strangers()
    return found


def _yes(table: Table, key: str) -> bool:
    value = table.get(key, f"{key} = true")
    if value is not None and not isinstance(value, bool):
        table.refuse("PLAN-008", key, value=str(value)[:60])
        return False
    return bool(value)


def _number(table: Table, key: str, most: float, code: str) -> float:
    value = table.get(key, f"{key} = 4", needed=True)
    if value is None:
        return 0.0
    usable = isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value) and 0 <= value <= most
    if not usable:
        table.refuse(code, key, value=str(value)[:60], most=f"{most:g}")
        return 0.0
    return float(value)


def _promises(table: Table) -> dict[str, float]:
    """Hours by word of PROMISES; none is needed."""
    if "promises" not in table.raw:
        return {}
    inner = table.table("promises", "[promises] with approve = 2")
    if inner is None:
        return {}
    found = {one: _number(inner, one, LONGEST_HOURS, "PLAN-002") for one in PROMISES if one in inner.raw}
    inner.strangers()
    return found


def _days(table: Table) -> int:
    value = table.get("days", "days = 14")
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= LONGEST_DAYS:
        shown = "" if value is None else str(value)[:60]
        table.refuse("PLAN-003", "days", value=shown, most=LONGEST_DAYS)
        return 1
    return value


def _day(table: Table) -> date:
    value = table.get("review_date", "review_date = 2027-06-30", needed=True)
    if value is None:
        return date.max
    # TOML has days of its own; one in quotes is read as well.
    found = values.day(value) if isinstance(value, str) else value
    if not isinstance(found, date) or isinstance(found, datetime):
        table.refuse("PLAN-004", "review_date", value=str(value)[:60])
        return date.max
    return found


def _references(table: Table, plan: Plan) -> None:
    """Codes of the plan's own parts that it does not have."""
    actions = {one.code for one in plan.actions}
    levels = [one.code for one in plan.levels]
    for at, level in enumerate(plan.levels, 1):
        for code in level.actions:
            if code not in actions:
                table.refuse("PLAN-005", f"levels.{at}.actions", level=level.code, value=code[:60])
    for at, action in enumerate(plan.actions, 1):
        for code in action.after:
            if code not in actions:
                table.refuse("PLAN-006", f"actions.{at}.after", action=action.code, value=code[:60])
    for at, trigger in enumerate(plan.triggers, 1):
        if trigger.level and trigger.level not in levels:
            allowed = ", ".join(levels)
            table.refuse("PLAN-007", f"triggers.{at}.level", value=trigger.level, allowed=allowed)
