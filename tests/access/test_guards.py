from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from access.lifting import lifted
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, OperationalError, connection, models, transaction
from django.test.utils import isolate_apps

from pasaj.access.models import GUARDS, AuditDetail, AuditEntry, guard
from pasaj.access.rules import SYSTEM
from pasaj.access.services import audit, guards

NOW = datetime(2025, 10, 1, 12, 0, tzinfo=UTC)
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own statement")
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's own statement")


def run(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def entry() -> AuditEntry:
    audit.record(actor=SYSTEM, action="test.done", code="T-1", now=NOW, detail={"count": 3})
    return AuditEntry.objects.latest("id")


@pytest.mark.req("R7.3")
@pytest.mark.django_db
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE access_auditentry SET action = 'other'",
        "DELETE FROM access_auditentry",
        "UPDATE access_auditdetail SET content = '{}'",
        "UPDATE access_auditentry SET id = 7 WHERE id = 1",
    ],
)
def test_raw_sql_cannot_change_the_log(sql: str) -> None:
    entry()
    before = list(AuditEntry.objects.values())
    with pytest.raises(IntegrityError, match="append-only"):
        run(sql)
    assert list(AuditEntry.objects.values()) == before


@pytest.mark.req("R7.3")
@pytest.mark.django_db
def test_the_orm_cannot_change_the_log() -> None:
    one = entry()
    one.action = "other"
    for change in (
        lambda: one.save(),
        lambda: AuditEntry.objects.update(action="other"),
        lambda: AuditEntry.objects.bulk_update([one], ["action"]),
        lambda: AuditEntry.objects.all().delete(),
        lambda: one.delete(),
        lambda: AuditEntry.objects.bulk_create(
            [one], update_conflicts=True, update_fields=["action"], unique_fields=["id"]
        ),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    assert list(AuditEntry.objects.values_list("action", flat=True)) == ["test.done"]


@on_sqlite
@pytest.mark.django_db
@pytest.mark.parametrize(
    "columns",
    [
        "1, 'zz'",  # the same id
        "9, previous_hash",  # another id, the same link of the chain
    ],
)
def test_replace_cannot_push_an_entry_out(columns: str) -> None:
    entry()
    number, link = columns.split(", ")
    for verb in ("REPLACE", "INSERT OR REPLACE", "INSERT OR IGNORE"):
        with pytest.raises(IntegrityError, match="append-only"):
            run(
                f"{verb} INTO access_auditentry (id, at, recorded_at, actor_id, via, action, code, commitments,"
                f" previous_hash, hash) SELECT {number}, at, recorded_at, actor_id, via, 'other', code, commitments,"
                f" {link}, hash FROM access_auditentry"
            )
    assert list(AuditEntry.objects.values_list("id", "action")) == [(1, "test.done")]


@on_sqlite
@pytest.mark.django_db
def test_replace_by_rowid_is_refused_too() -> None:
    entry()
    with pytest.raises(IntegrityError, match="append-only"):
        run(
            "REPLACE INTO access_auditentry (rowid, id, at, recorded_at, via, action, code, commitments, previous_hash,"
            " hash) SELECT rowid, 9, at, recorded_at, via, 'other', code, commitments, 'zz', hash"
            " FROM access_auditentry"
        )
    assert AuditEntry.objects.get().action == "test.done"


@on_postgresql
@pytest.mark.django_db
def test_truncate_is_refused() -> None:
    entry()
    with pytest.raises(IntegrityError, match="append-only"):
        run("TRUNCATE access_auditentry, access_auditdetail")
    # An ordinary role may not even try; a superuser is refused by the trigger, which is always on.
    with pytest.raises(DatabaseError, match=r"append-only|permission denied"):
        run("SET LOCAL session_replication_role = replica; DELETE FROM access_auditentry")
    assert AuditEntry.objects.count() == 1


@pytest.mark.django_db
def test_values_beside_the_log_may_be_deleted() -> None:
    entry()
    assert AuditDetail.objects.all().delete()[0] == 1
    assert AuditEntry.objects.count() == 1


# --- Tables of other apps ----------------------------------------------------------------------


@pytest.fixture
def batches(db: None) -> Iterator[None]:
    """Rows that may be deleted while their batch is not applied; some unique keys of every sort."""
    with connection.cursor() as cursor:
        cursor.execute('CREATE TABLE "t_batch" ("id" integer PRIMARY KEY, "applied_at" text NULL)')
        cursor.execute(
            'CREATE TABLE "t_row" ("id" integer PRIMARY KEY, "batch_id" integer, "name" text, "day" text,'
            ' "gone" text NULL, UNIQUE ("batch_id", "day"))'
        )
        cursor.execute('CREATE UNIQUE INDEX "t_row_name" ON "t_row" ("name", (LOWER("day"))) WHERE "gone" IS NULL')
        cursor.execute("INSERT INTO t_batch VALUES (1, NULL), (2, '2025-10-01')")
        cursor.execute("INSERT INTO t_row VALUES (1, 1, 'a', 'mon', NULL), (2, 2, 'a', 'TUE', NULL)")
        guard(
            "t_row",
            allow_delete_when="EXISTS (SELECT 1 FROM t_batch WHERE t_batch.id = OLD.batch_id AND applied_at IS NULL)",
        )
        guards.install(connection)
        yield
        del GUARDS["t_row"]


def rows() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM t_row ORDER BY id")
        return [number for (number,) in cursor.fetchall()]


@pytest.mark.usefixtures("batches")
def test_rows_of_a_batch_never_applied_may_go() -> None:
    with pytest.raises(IntegrityError, match="append-only"):
        run("DELETE FROM t_row")
    assert rows() == [1, 2]
    run("DELETE FROM t_row WHERE batch_id = 1")
    assert rows() == [2]
    with pytest.raises(IntegrityError, match="append-only"):
        run("UPDATE t_row SET name = 'b'")


@pytest.mark.django_db
def test_rows_may_change_until_they_are_closed() -> None:
    with connection.cursor() as cursor:
        cursor.execute('CREATE TABLE "t_row" ("id" integer PRIMARY KEY, "closed" text NULL)')
        cursor.execute("INSERT INTO t_row VALUES (1, NULL), (2, 'yes')")
    guard("t_row", allow_update_when="OLD.closed IS NULL", allow_delete_when="OLD.closed IS NULL")
    try:
        guards.install(connection)
        assert guards.missing(connection) == []
        for change in ("UPDATE t_row SET closed = NULL", "DELETE FROM t_row"):
            with pytest.raises(IntegrityError, match="append-only"):
                run(f"{change} WHERE id = 2")
        run("UPDATE t_row SET closed = 'now' WHERE id = 1")
        with pytest.raises(IntegrityError, match="append-only"):
            run("DELETE FROM t_row WHERE id = 1")
        assert rows() == [1, 2]
    finally:
        del GUARDS["t_row"]


@on_sqlite
@pytest.mark.usefixtures("batches")
@pytest.mark.parametrize(
    ("values", "fits"),
    [
        ("2, 9, 'z', 'z', NULL", False),  # the primary key
        ("9, 2, 'z', 'TUE', NULL", False),  # two columns
        ("9, 9, 'a', 'tue', NULL", False),  # an expression, among rows not gone
        ("9, 9, 'a', 'tue', 'yes'", True),  # the same, and gone
        ("9, 9, 'a', 'wed', NULL", True),
        ("NULL, NULL, NULL, NULL, NULL", True),
    ],
)
def test_replace_is_refused_on_every_unique_key(values: str, fits: bool) -> None:
    if fits:
        run(f"REPLACE INTO t_row VALUES ({values})")
        assert len(rows()) == 3
    else:
        with pytest.raises(IntegrityError, match="append-only"):
            run(f"REPLACE INTO t_row VALUES ({values})")
        assert rows() == [1, 2]


@pytest.mark.django_db
def test_every_guarded_table_has_its_triggers_after_all_migrations() -> None:
    assert guards.missing(connection) == []


@pytest.mark.django_db
def test_a_dropped_guard_is_missed_and_put_back() -> None:
    on = ' ON "access_auditentry"' if connection.vendor == "postgresql" else ""
    run(f'DROP TRIGGER "pasaj_guard_access_auditentry_update"{on}')
    assert guards.missing(connection) == ["access_auditentry:update"]
    guards.install(connection)
    assert guards.missing(connection) == []


@pytest.mark.django_db
def test_a_weakened_guard_is_missed() -> None:
    name = "pasaj_guard_access_auditentry_update"
    if connection.vendor == "postgresql":
        run(f'CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$')
        run('ALTER TABLE access_auditentry DISABLE TRIGGER "pasaj_guard_access_auditentry_delete"')
        expected = ["access_auditentry:delete", "access_auditentry:update"]
    else:
        run(f'DROP TRIGGER "{name}"')
        run(f'CREATE TRIGGER "{name}" BEFORE UPDATE ON access_auditentry WHEN 0 BEGIN SELECT 1; END')
        expected = ["access_auditentry:update"]
    assert guards.missing(connection) == expected
    guards.install(connection)
    assert guards.missing(connection) == []


@pytest.mark.django_db
def test_a_guarded_table_that_does_not_exist_is_told() -> None:
    guard("watch_no_such_table")
    try:
        assert guards.missing(connection) == ["watch_no_such_table"]
        guards.install(connection)  # leaves it out
    finally:
        del GUARDS["watch_no_such_table"]
    with pytest.raises(ImproperlyConfigured):
        guard("a" * 41)


@pytest.mark.django_db(transaction=True)
def test_a_rebuilt_table_gets_its_guards_back_with_the_next_migrate() -> None:
    entry_table = AuditEntry._meta.get_field("via")
    wider = models.CharField(max_length=30)
    wider.set_attributes_from_name("via")
    with connection.schema_editor() as editor:
        editor.alter_field(AuditEntry, entry_table, wider)
    if connection.vendor == "sqlite":
        assert "access_auditentry:update" in guards.missing(connection)
    call_command("migrate", "access", verbosity=0)
    assert guards.missing(connection) == []
    with connection.schema_editor() as editor:
        editor.alter_field(AuditEntry, wider, entry_table)
    guards.install(connection)


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_a_table_that_a_guard_looks_at_can_be_rebuilt() -> None:
    """SQLite refuses to rename a table into place while a trigger names the one that is not there."""

    with isolate_apps("pasaj.access"):

        class Batch(models.Model):
            applied_at = models.DateTimeField(null=True)

            class Meta:
                app_label = "access"
                db_table = "t_batch"

    with connection.schema_editor() as editor:
        editor.create_model(Batch)
    run("CREATE TABLE t_row (id integer PRIMARY KEY, batch_id integer)")
    guard("t_row", allow_delete_when="EXISTS (SELECT 1 FROM t_batch WHERE t_batch.id = OLD.batch_id)")
    try:
        guards.install(connection)
        before, after = Batch._meta.get_field("applied_at"), models.DateTimeField(null=True, unique=True)
        after.set_attributes_from_name("applied_at")
        with pytest.raises(OperationalError, match="t_batch"), connection.schema_editor() as editor:
            editor.alter_field(Batch, before, after)
        guards.clear_for_migration(connection)
        assert "t_row:delete" in guards.missing(connection)
        with connection.schema_editor() as editor:
            editor.alter_field(Batch, before, after)
        guards.install(connection)
        assert guards.missing(connection) == []
    finally:
        del GUARDS["t_row"]
        run("DROP TABLE t_row")
        run("DROP TABLE t_batch")


@pytest.mark.django_db
def test_lifting_is_for_tests_and_ends() -> None:
    entry()
    with lifted(connection):
        assert len(guards.missing(connection)) >= 6
        run("UPDATE access_auditentry SET action = 'other'")
    assert guards.missing(connection) == []
    assert not hasattr(guards, "lifted")
