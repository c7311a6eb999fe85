"""Database triggers that keep append-only tables append-only, whoever writes: ORM, bulk update or raw SQL.

An app names its tables in its models (`guard("watch_observation", …)`); after every `migrate` the
triggers are put (back) in place, because SQLite silently drops them when a later migration rebuilds
the table. Refused are UPDATE and DELETE (unless `allow_update_when` or `allow_delete_when` holds for
the row as it was) and TRUNCATE.
On SQLite `REPLACE INTO` deletes the old row without firing a delete trigger, so a BEFORE INSERT
trigger refuses a row that repeats any unique key; `INSERT OR IGNORE` of such a row is refused too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from pasaj.access.models import GUARDS, Guard

PREFIX = "pasaj_guard_"
REFUSED = "Pasaj: this table is append-only"

# What PostgreSQL's pg_trigger.tgtype holds: row = 1, before = 2, delete = 8, update = 16, truncate = 32.
POSTGRES_KINDS = {"update": 19, "delete": 11, "truncate": 34}


def install(connection: BaseDatabaseWrapper) -> None:
    """Put every missing or changed trigger in place. Tables that do not exist yet are left out."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        found = _found(connection, cursor)
        for guard in _present(connection, cursor):
            for what, body in _bodies(connection, cursor, guard).items():
                if found.get((guard.table, what)) != body:
                    for statement in _statements(connection, guard.table, what, body):
                        cursor.execute(statement)


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Guards that are absent or not as written here ("table:update"), and guarded tables that do not exist."""
    with connection.cursor() as cursor:
        found = _found(connection, cursor)
        present = _present(connection, cursor)
        absent = GUARDS.keys() - {guard.table for guard in present}
        return sorted(absent) + sorted(
            f"{guard.table}:{what}"
            for guard in present
            for what, body in _bodies(connection, cursor, guard).items()
            if found.get((guard.table, what)) != body
        )


def clear_for_migration(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers that may look at another table: SQLite refuses to rebuild that table otherwise.

    Called before a `migrate` that has something to do; `install` follows at its end.
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        for guard in GUARDS.values():
            for what, condition in (("delete", guard.allow_delete_when), ("update", guard.allow_update_when)):
                if condition:
                    cursor.execute(f'DROP TRIGGER IF EXISTS "{_name(guard.table, what)}"')


def _present(connection: BaseDatabaseWrapper, cursor: CursorWrapper) -> list[Guard]:
    tables = set(connection.introspection.table_names(cursor))
    return [guard for guard in GUARDS.values() if guard.table in tables]


def _name(table: str, what: str) -> str:
    return f"{PREFIX}{table}_{what}"


def _bodies(connection: BaseDatabaseWrapper, cursor: CursorWrapper, guard: Guard) -> dict[str, str]:
    """What each trigger of a table must contain, as the database gives it back."""
    if connection.vendor == "postgresql":
        return {what: _postgres_body(guard, what) for what in POSTGRES_KINDS}
    return {
        "update": _sqlite_trigger(guard.table, "update", _unless(guard.allow_update_when)),
        "delete": _sqlite_trigger(guard.table, "delete", _unless(guard.allow_delete_when)),
        "insert": _sqlite_trigger(guard.table, "insert", " OR ".join(_repeats(cursor, guard.table))),
    }


def _found(connection: BaseDatabaseWrapper, cursor: CursorWrapper) -> dict[tuple[str, str], str]:
    """What the triggers in the database contain, by table and what they refuse."""
    if connection.vendor == "postgresql":
        cursor.execute(
            "SELECT c.relname, t.tgname, p.prosrc, t.tgtype FROM pg_trigger t"
            " JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid"
            " WHERE t.tgname LIKE %s AND t.tgenabled = 'A' AND t.tgqual IS NULL"
            " AND c.relnamespace = ANY (SELECT oid FROM pg_namespace WHERE nspname = ANY (current_schemas(false)))",
            [PREFIX.replace("_", r"\_") + "%"],
        )
        rows = [(table, name, body) for table, name, body, kind in cursor.fetchall() if _fits(name, kind)]
    else:
        cursor.execute("SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'")
        rows = [row for row in cursor.fetchall() if row[1].startswith(PREFIX)]
    return {(table, name.removeprefix(_name(table, ""))): body for table, name, body in rows}


def _statements(connection: BaseDatabaseWrapper, table: str, what: str, body: str) -> Iterator[str]:
    name = _name(table, what)
    if connection.vendor == "sqlite":
        yield f'DROP TRIGGER IF EXISTS "{name}"'
        yield body
        return
    scope = "STATEMENT" if what == "truncate" else "ROW"
    yield f'CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS $guard${body}$guard$'
    yield f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"'
    yield (f'CREATE TRIGGER "{name}" BEFORE {what.upper()} ON "{table}" FOR EACH {scope} EXECUTE FUNCTION "{name}"()')
    yield f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER "{name}"'  # also when replication roles switch others off


def _fits(name: str, kind: int) -> bool:
    return POSTGRES_KINDS.get(name.rsplit("_", 1)[-1]) == kind


def _unless(condition: str | None) -> str:
    return f"({condition}) IS NOT TRUE" if condition else ""


def _postgres_body(guard: Guard, what: str) -> str:
    refuse = f"RAISE EXCEPTION '{REFUSED} ({guard.table})' USING ERRCODE = 'integrity_constraint_violation';"
    allowed = {"delete": (guard.allow_delete_when, "OLD"), "update": (guard.allow_update_when, "NEW")}
    condition, row = allowed.get(what, (None, ""))
    if condition:
        return f" BEGIN IF {_unless(condition)} THEN {refuse} END IF; RETURN {row}; END "
    return f" BEGIN {refuse} END "


def _sqlite_trigger(table: str, what: str, when: str) -> str:
    condition = f" WHEN {when}" if when else ""
    return (
        f'CREATE TRIGGER "{_name(table, what)}" BEFORE {what.upper()} ON "{table}"{condition}'
        f" BEGIN SELECT RAISE(ABORT, '{REFUSED} ({table})'); END"
    )


def _repeats(cursor: CursorWrapper, table: str) -> Iterator[str]:
    """SQL conditions, one a unique key of an SQLite table: "a row with NEW's key is there already"."""
    yield f'EXISTS (SELECT 1 FROM "{table}" WHERE rowid = NEW.rowid)'  # noqa: S608 - names come from models
    cursor.execute('SELECT name, partial FROM pragma_index_list(%s) WHERE "unique" ORDER BY name', [table])
    for index, partial in cursor.fetchall():
        cursor.execute("SELECT name FROM pragma_index_xinfo(%s) WHERE key ORDER BY seqno", [index])
        columns = [row[0] for row in cursor.fetchall()]
        if partial or None in columns:
            yield _repeats_computed(cursor, table, index)
        else:
            same = " AND ".join(f'"{column}" = NEW."{column}"' for column in columns)
            yield f'EXISTS (SELECT 1 FROM "{table}" WHERE {same})'  # noqa: S608


def _repeats_computed(cursor: CursorWrapper, table: str, index: str) -> str:
    """The same for an index over expressions or over some rows only: its terms are computed for NEW and compared."""
    cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'index' AND name = %s", [index])
    terms, condition = _terms(cursor.fetchone()[0], table)
    cursor.execute("SELECT name FROM pragma_table_info(%s) ORDER BY cid", [table])
    new = ", ".join(f'NEW."{name}" AS "{name}"' for (name,) in cursor.fetchall())
    keys = ", ".join(f"{term} AS k{number}" for number, term in enumerate(terms))
    same = " AND ".join(f"o.k{number} = n.k{number}" for number in range(len(terms)))
    return (  # the names come from the schema
        f"EXISTS (SELECT 1 FROM (SELECT {keys} FROM (SELECT {new}) WHERE {condition}) AS n"  # noqa: S608
        f' JOIN (SELECT {keys} FROM "{table}" WHERE {condition}) AS o ON {same})'
    )


def _terms(sql: str, table: str) -> tuple[list[str], str]:
    """The terms and the condition of a CREATE UNIQUE INDEX statement."""
    rest = re.split(rf'\sON\s+"{re.escape(table)}"\s*\(', sql, maxsplit=1, flags=re.IGNORECASE)[1]
    terms, depth, start = [], 0, 0
    for position, letter in enumerate(rest):
        if letter == "(":
            depth += 1
        elif letter in ",)" and depth == 0:
            terms.append(re.sub(r"\s+(ASC|DESC)$", "", rest[start:position].strip(), flags=re.IGNORECASE))
            start = position + 1
            if letter == ")":
                break
        elif letter == ")":
            depth -= 1
    condition = re.sub(r"^\s*WHERE\s+", "", rest[start:], flags=re.IGNORECASE).strip()
    return terms, condition or "1"
