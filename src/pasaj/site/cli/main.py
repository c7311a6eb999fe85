"""The entry point: which commands there are, and how each way of failing is told."""

from __future__ import annotations

import errno
import io
import os
import shutil
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from pasaj import __version__
from pasaj.core.problems import Problem, Refused, problem
from pasaj.site.cli import (
    alerts,
    assess,
    backups,
    detection,
    drills,
    forms,
    home,
    packs,
    people,
    phones,
    policy,
    policyfiles,
    records,
    serving,
    tell,
    trace,
)
from pasaj.site.environment import BadSetting

EXAMPLE = "Example: pasaj demo"
NO_ROOM = 100_000  # bytes: less than a database needs to be opened


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=EXAMPLE,
)
@click.version_option(__version__, prog_name="pasaj")
def pasaj() -> None:
    """The working system of a border and migration coordination cell.

    The data lives in the folder that PASAJ_HOME names (./var when it is not set).
    Exit codes: 0 done, 1 something was refused or needs care, 2 the command or its surroundings are wrong.
    """


for command in (
    home.init,
    serving.demo,
    serving.serve,
    serving.work,
    home.status,
    packs.pack,
    records.import_,
    detection.detect,
    detection.backtest,
    records.signals,
    records.export,
    trace.trace,
    forms.form,
    assess.assess,
    policy.policy,
    alerts.alert,
    drills.drill,
    phones.app_user,
    people.user,
    people.token,
    backups.backup,
    backups.restore,
    people.audit,
):
    pasaj.add_command(command)
for command in (policyfiles.export, policyfiles.verify):
    policy.policy.add_command(command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pasaj.site.settings")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that lacks a letter shows another one
            stream.reconfigure(errors="replace")
    try:
        code = run(given)
        sys.stdout.flush()
    except BrokenPipeError:
        code = _reader_left()
    except OSError as error:  # such as a full disk behind our output: tell it where that still works
        code = _reader_left(tell.refusal([_of_system(error)], as_json=False))
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """Run one command. Returns its exit code; every foreseeable failure is told, none raised."""
    try:
        with pasaj.make_context("pasaj", arguments) as context:
            pasaj.invoke(context)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return 2
    except click.exceptions.Exit as done:
        return done.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo(err=True)
        return 130
    except BrokenPipeError:
        return _reader_left()
    except Refused as refused:
        return tell.refusal(refused.problems, as_json="--json" in arguments)
    except Exception as error:
        found = translate(error)
        if found is None:
            raise
        return tell.refusal([found], as_json="--json" in arguments)
    return 0


def translate(error: Exception) -> Problem | None:
    """The problem that an exception stands for; None when it is our own mistake."""
    if isinstance(error, click.UsageError):
        command = error.ctx.command_path if error.ctx else "pasaj"
        return problem("CLI-027", detail=error.format_message(), command=command)
    if isinstance(error, BadSetting):
        return problem("CLI-014", detail=str(error))
    if isinstance(error, sqlite3.Error) or _is_database_error(error):
        return _of_database(error)
    if isinstance(error, OSError):
        return _of_system(error)
    if isinstance(error, UnicodeEncodeError) and error.reason.startswith("surrogates"):
        given = error.object.encode("utf-8", "replace").decode()
        return problem("CLI-027", detail=f"“{given[:60]}” is not UTF-8.", command="pasaj")
    return None


def _is_database_error(error: Exception) -> bool:
    if "django.db.utils" not in sys.modules:
        return False
    from django.db import utils

    return isinstance(error, (utils.OperationalError, utils.InterfaceError)) or type(error) is utils.DatabaseError


def _of_database(error: Exception) -> Problem:
    text = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    path = tell.database_file()
    if "full" in text or ("disk I/O" in text and _is_full(path)):
        return problem("CLI-016", path=path)
    if "unable to open" in text or "readonly" in text:
        return problem("CLI-009", path=path)
    if any(word in text for word in ("not a database", "malformed", "disk I/O")):
        return problem("CLI-015", path=path, detail=text)
    return problem("CLI-013", detail=text)


def _is_full(path: str) -> bool:
    """SQLite calls it an I/O error when there is no room for its shared memory."""
    try:
        return shutil.disk_usage(Path(path).parent).free < NO_ROOM
    except OSError:
        return False


def _of_system(error: OSError) -> Problem:
    path = str(error.filename or "")
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return problem("CLI-016", path=path or "…")
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return problem("CLI-009", path=path or "…")
    return problem("CLI-011", path=path or "…", detail=error.strerror or str(error))


def _reader_left(code: int = 141) -> int:
    """Whoever read our output has gone (`pasaj signals | head`): end quietly, as other programs do."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return code
