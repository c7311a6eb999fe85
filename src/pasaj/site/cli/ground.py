"""What must stand before a command can work: settings, Django, a database of the right age, a pack."""

from __future__ import annotations

import contextlib
import fcntl
import getpass
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pasaj.core.problems import Refused, problem
from pasaj.site import environment
from pasaj.site.cli import tell

if TYPE_CHECKING:
    from django.db.migrations.loader import MigrationLoader

    from pasaj.access.rules import Actor
    from pasaj.registry.models import Home


@dataclass(frozen=True, slots=True)
class Migrations:
    """Names like "watch.0002_more": `missing` in the database, `unknown` to this version."""

    missing: tuple[str, ...]
    unknown: tuple[str, ...]


def start() -> Path:
    """Read the settings, set up Django and the user's language. Returns the home folder."""
    import django
    from django.conf import settings
    from django.utils import translation

    django.setup()
    translation.activate(tell.language() or "en")
    home: Path = settings.PASAJ_HOME
    return home


def open_home() -> Home:
    """`start`, then the home of a database that fits this version and holds a pack.

    Raises Refused: CLI-002 (no database), CLI-003 (newer), CLI-004 (older), CLI-028 (no pack).
    """
    start()
    from django.utils import translation

    from pasaj.registry import queries as registry

    check_database()
    found = registry.home()
    if found is None:
        raise Refused(problem("CLI-028", home=folder()))
    if not tell.language():
        translation.activate(tell.spoken(found.default_language))
    return found


def folder() -> str:
    from django.conf import settings

    return str(settings.PASAJ_HOME)


def check_database() -> None:
    if not has_database():
        raise Refused(problem("CLI-002", home=folder()))
    found = migrations()
    refuse_newer(found)
    if found.missing:
        raise Refused(problem("CLI-004", count=len(found.missing)))


def check_guards() -> None:
    """Raises Refused ACCESS-008: an interrupted migration can leave append-only tables without their triggers."""
    from django.db import connection

    from pasaj.access.services import guards

    absent = guards.missing(connection)
    if absent:
        raise Refused(problem("ACCESS-008", names=", ".join(absent)))


def has_database() -> bool:
    """Whether there is a database with tables of ours; on SQLite, without making an empty file."""
    from django.db import connection

    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        return False
    return "django_migrations" in connection.introspection.table_names()


def refuse_newer(found: Migrations) -> None:
    if found.unknown:
        raise Refused(problem("CLI-003", unknown=", ".join(found.unknown[:3])))


def migrations() -> Migrations:
    loader = _loader()
    known, done = set(loader.disk_migrations), set(loader.applied_migrations)
    replaced = {one for migration in loader.disk_migrations.values() for one in migration.replaces}
    return Migrations(missing=_names(known - done), unknown=_names(done - known - replaced))


def applied() -> tuple[str, ...]:
    """Names of the migrations that the database has."""
    return _names(_loader().applied_migrations)


def known() -> tuple[str, ...]:
    """Names of the migrations that this version has; asks no database."""
    from django.db.migrations.loader import MigrationLoader

    return _names(MigrationLoader(None).disk_migrations)


def _loader() -> MigrationLoader:
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    return MigrationLoader(connection)


def _names(migrations: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(sorted(".".join(one) for one in migrations))


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Only one command at a time sets up a home. The lock goes with the process, however it ends.

    Raises Refused: CLI-010 (another one is at it).
    """
    path = Path(folder()) / "setup.lock"
    environment.private_folder(path.parent)
    environment.private_folder(path.parent / "files")
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            raise Refused(problem("CLI-010", home=folder(), pid=file.read().strip() or "…")) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def actor() -> Actor:
    """Whoever runs a command holds the home and may do everything; the log says that it was a command."""
    from pasaj.access.rules import Actor

    return Actor(id=None, label=_user(), via="command", language=tell.language())


def _user() -> str:
    try:
        return f"{getpass.getuser()} (pasaj)"
    except (KeyError, OSError):
        return "pasaj"


def now(home: Home) -> datetime:
    """The business clock of the home."""
    from django.utils import timezone

    return home.business_now(timezone.now())
