"""`pasaj init` and `pasaj status`."""

from __future__ import annotations

import contextlib
import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from pasaj.core.problems import Refused, problem
from pasaj.site import environment
from pasaj.site.cli import ground, tell
from pasaj.site.cli.tell import _

FEW_BYTES = 1_000_000_000
MANY_BYTES = 500_000_000  # of a database, read in some ten seconds


@click.command(epilog="Example: PASAJ_HOME=/srv/pasaj pasaj init --pack haiti")
@click.option(
    "--pack",
    default=None,
    metavar="NAME|PATH",
    help="A built-in pack or the path of a pack folder. [default: the built-in one]",
)
def init(pack: str | None) -> None:
    """Create the home and its database, or bring them up to date, and load a pack.

    Running it again is safe: it does what is missing.
    """
    home = ground.start()
    with ground.alone():
        set_up(pack)
    tell.say(_("Ready: {home}").format(home=home))
    if not _has_account():
        tell.say(_("Next: pasaj user add EMAIL --institution CODE --role admin, then pasaj serve"))


def _has_account() -> bool:
    from pasaj.access.models import Account

    return Account.objects.exists()


def set_up(pack: str | None, *, forms: bool = True) -> None:
    """Everything `init` does; every step may be repeated. Without `forms` those of the pack are left out."""
    from pasaj.registry import queries as registry
    from pasaj.registry.services.packs import builtin
    from pasaj.site.cli import backups, packs

    _migrate()
    backups.forget()  # a backup of an older version is brought up to date only here
    found = registry.home()
    if found is None or pack is not None:
        folder: Path | None = packs.find(pack)
        assert folder is not None
        packs.load_into(folder)
    else:
        folder = builtin().get(found.code)
    if folder is not None and forms:
        packs.load_forms(folder)


def _migrate() -> None:
    from django.core.management import call_command
    from django.db import connection

    if ground.has_database():
        ground.refuse_newer(ground.migrations())
    if connection.vendor == "sqlite":  # SQLite gives the files beside it the same permissions
        environment.private_file(Path(tell.database_file()))
    missing = ground.migrations().missing
    if missing:
        tell.say(_("Database: {count} changes to make.").format(count=len(missing)))
    quiet = io.StringIO()
    with contextlib.redirect_stdout(quiet), _all_or_nothing():
        call_command("migrate", interactive=False, verbosity=0, run_syncdb=True)
        call_command("createcachetable", verbosity=0)
    ground.check_guards()


@contextlib.contextmanager
def _all_or_nothing() -> Iterator[None]:
    """Every change to the database in one transaction.

    Django notes that a change was made a moment after making it: a kill between the two would leave tables
    that the next run wants to make again. On PostgreSQL a change to a table with rows may need a transaction
    of its own, so that only a first set-up is one there.
    """
    from django.db import connection, transaction

    if connection.vendor != "sqlite" and ground.has_database():
        yield
        return
    connection.disable_constraint_checking()  # SQLite rebuilds tables, and allows this outside a transaction only
    try:
        with transaction.atomic():
            yield
    finally:
        connection.enable_constraint_checking()


@click.command(epilog="Example: pasaj status --json")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@click.pass_context
def status(context: click.Context, as_json: bool) -> None:
    """How the home is: database, pack, background work, imports, disk.

    Exit code 1 when something needs care.
    """
    home = ground.start()
    found = survey(home)
    if as_json:
        tell.as_json(found)
    else:
        show(found)
    if found["care"]:
        context.exit(1)


def survey(home: Path) -> dict[str, Any]:
    """Facts as plain values; `care` lists what somebody should look at, as problems are told."""
    from django.db import connection

    if not ground.has_database():
        raise Refused(problem("CLI-002", home=home))
    state = ground.migrations()
    ground.refuse_newer(state)
    free = shutil.disk_usage(home).free
    found: dict[str, Any] = {
        "home": str(home),
        "database": {"kind": connection.vendor, "version": _version()},
        "migrations_missing": list(state.missing),
        "disk_free_bytes": free,
        "readable_by_others": environment.readable_by_others(home, "secret.key", "pasaj.sqlite3", "files"),
        "care": [],
    }
    if state.missing:
        found["care"].append(tell.described(problem("CLI-004", count=len(state.missing))))
        return found
    found["database"]["damage"] = _damage()
    found |= _contents()
    found["care"] += [tell.described(one) for one in _care(found)]
    return found


def _version() -> str:
    from django.db import connection

    connection.ensure_connection()
    if connection.vendor == "sqlite":
        import sqlite3

        return sqlite3.sqlite_version
    return str(connection.pg_version)  # type: ignore[attr-defined]


def _damage() -> str | None:
    """What SQLite finds wrong with its file, empty when nothing is; None for files that would take long to read.

    PostgreSQL looks after its own.
    """
    from django.db import connection

    if connection.vendor != "sqlite" or Path(tell.database_file()).stat().st_size > MANY_BYTES:
        return None
    with connection.cursor() as cursor:
        said = str(cursor.execute("PRAGMA quick_check(1)").fetchone()[0])
    return "" if said == "ok" else " ".join(said.split())


def _contents() -> dict[str, Any]:
    from django.db import connection
    from django.utils import timezone
    from django_tasks_db.models import DBTaskResult

    from pasaj.access.services import guards
    from pasaj.registry import queries as registry
    from pasaj.site import beats
    from pasaj.watch.models import DetectionRun, Import

    now = timezone.now()
    home = registry.home()
    beat = beats.latest(now)
    return {
        "pack": home and {"code": home.code, "version": home.version, "demo": home.demo},
        "clock": home and {"at": home.business_now(now).isoformat(), "set": home.clock_at is not None},
        "guards_missing": guards.missing(connection),
        "heartbeat": {"at": beat.at and beat.at.isoformat(), "alive": beat.alive},
        "queues": {
            queue: DBTaskResult.objects.filter(queue_name=queue, status="READY").count() for queue in ("urgent", "slow")
        },
        "last_detection": _work(DetectionRun.objects.order_by("-pk").first()),
        "last_import": _work(Import.objects.exclude(origin="pack").order_by("-pk").first()),
    }


def _work(row: Any) -> dict[str, Any] | None:
    if row is None:
        return None
    return {
        "code": row.code,
        "state": row.state,
        "requested_at": row.requested_at.isoformat(),
        "finished_at": row.finished_at and row.finished_at.isoformat(),
    }


def _care(found: dict[str, Any]) -> list[Any]:
    care = []
    if found["database"]["damage"]:
        care.append(problem("CLI-015", path=tell.database_file(), detail=found["database"]["damage"]))
    if found["pack"] is None:
        care.append(problem("CLI-028", home=found["home"]))
    if found["guards_missing"]:
        care.append(problem("ACCESS-008", names=", ".join(found["guards_missing"])))
    # Stopped in order it leaves no sign of life; an old one, or work that waits, means that it broke.
    waits = found["heartbeat"]["at"] is not None or any(found["queues"].values())
    if waits and not found["heartbeat"]["alive"]:
        care.append(problem("CLI-032"))
    care += [
        problem("CLI-033", code=found[name]["code"])
        for name in ("last_detection", "last_import")
        if found[name] and found[name]["state"] == "failed"
    ]
    if found["readable_by_others"]:
        care.append(problem("CLI-035", path=found["home"]))
    if found["disk_free_bytes"] < FEW_BYTES:
        care.append(problem("CLI-034", free=found["disk_free_bytes"] // 1_000_000))
    return care


def show(found: dict[str, Any]) -> None:
    rows: list[tuple[str, object]] = [
        (_("Home"), found["home"]),
        (_("Database"), f"{found['database']['kind']} {found['database']['version']}"),
    ]
    if "pack" in found:
        pack, beat = found["pack"], found["heartbeat"]
        rows += [
            (_("Pack"), f"{pack['code']} {pack['version']}" if pack else "–"),
            (_("Business clock"), found["clock"]["at"] if found["clock"] else "–"),
            (_("Last sign of life"), beat["at"] or "–"),
            (_("Waiting work"), ", ".join(f"{name} {count}" for name, count in found["queues"].items())),
            (_("Last detection"), _brief(found["last_detection"])),
            (_("Last import"), _brief(found["last_import"])),
        ]
    rows.append((_("Free disk space"), f"{found['disk_free_bytes'] / 1e9:.1f} GB"))
    width = max(len(name) for name, _value in rows)
    for name, value in rows:
        tell.say(f"{name.ljust(width)}  {value}")
    for one in found["care"]:
        tell.say(f"{one['code']}: {one['text']}\n  {one['remedy']}")


def _brief(work: dict[str, Any] | None) -> str:
    return f"{work['code']} {work['state']} {work['finished_at'] or work['requested_at']}" if work else "–"
