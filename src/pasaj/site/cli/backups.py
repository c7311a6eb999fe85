"""`pasaj backup` and `pasaj restore`."""

from __future__ import annotations

from pathlib import Path

import click

from pasaj.core.problems import Refused, problem
from pasaj.site.cli import ground, tell
from pasaj.site.cli.tell import _


@click.command(epilog="Example: pasaj backup /media/disk/pasaj-2026-03-14.tar.gz")
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Copy the home into FILE (gzipped tar), while it is in use.

    The copy holds the database, the uploaded files and the key of the alerts with their hashes, but not
    the key of the sessions (secret.key): after a restore everybody signs in again. Keep the file as safe
    as the home itself: whoever has it can sign alerts in your name.
    """
    home = ground.start()

    from django.conf import settings
    from django.db import transaction
    from django.utils import timezone

    from pasaj import __version__
    from pasaj.access.services import audit
    from pasaj.site import backup as backups

    if not ground.has_database():
        raise Refused(problem("CLI-002", home=home))
    if not file.absolute().parent.is_dir():
        raise Refused(problem("CLI-009", path=file.absolute().parent))
    state = ground.migrations()
    with tell.progress(_("Copying")) as show:
        made = backups.write(
            home=home,
            target=file.absolute(),
            database=dict(settings.DATABASES["default"]),
            version=__version__,
            migrations=ground.applied(),
            now=timezone.now(),
            progress=show,
        )
    if not state.missing and not state.unknown:
        with transaction.atomic():
            audit.record(actor=ground.actor(), action="backup.made", code="", now=timezone.now())
    tell.say(_("{file}: the database and {count} files.").format(file=file, count=len(made.sha256) - 1))
    tell.say(_("Not in it: secret.key. Everybody signs in again after a restore."))


@click.command(epilog="Example: PASAJ_HOME=/srv/pasaj-new pasaj restore /media/disk/pasaj-2026-03-14.tar.gz")
@click.argument("file", type=click.Path(path_type=Path))
def restore(file: Path) -> None:
    """Put the backup FILE into an empty home, after checking every hash."""
    home = ground.start()

    from django.conf import settings
    from django.db import connections, transaction
    from django.utils import timezone

    from pasaj.access.services import audit
    from pasaj.site import backup as backups
    from pasaj.site.cli import home as homes

    if not file.is_file():
        raise Refused(problem("CLI-011", path=file, detail=_("there is no such file")))
    if ground.has_database():
        raise Refused(problem("CLI-018", home=home))
    known = ground.known()
    connections.close_all()
    with ground.alone():
        made = backups.read(archive=file, home=home, database=dict(settings.DATABASES["default"]), known=known)
    done = _("Restored: the copy of {moment}, made by version {version}.")
    tell.say(done.format(moment=made.made_at, version=made.version))
    if not ground.migrations().missing:
        forget()
        with transaction.atomic():
            audit.record(actor=ground.actor(), action="backup.restored", code="", now=timezone.now())
    homes.show(homes.survey(home))


def forget() -> None:
    """Remove again what was removed after the backup was made: the list stands beside the home."""
    from django.utils import timezone

    from pasaj.collect.services import redactions

    count = redactions.reapply(now=timezone.now())
    if count:
        tell.say(_("Removed again: the answers of {count} reports.").format(count=count))
