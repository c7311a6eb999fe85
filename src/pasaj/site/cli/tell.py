"""What the command line says, and how: language, problems, tables, progress."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click

from pasaj.core.problems import Problem, fill

SHOWN_AFTER = 2.0  # seconds: shorter work needs no bar
WIDTH = 30


def _(text: str) -> str:
    """A text in the user's language, once settings are read; before, in English."""
    if not _is_ready():
        return text
    from django.utils.translation import gettext

    return gettext(text)


def _is_ready() -> bool:
    if "django.conf" not in sys.modules:
        return False
    from django.apps import apps
    from django.conf import settings

    return bool(settings.configured and apps.ready)


def language() -> str:
    """The language asked for: PASAJ_LANG, else the system's when it is one of ours, else empty."""
    from django.conf import settings

    ours = dict(settings.LANGUAGES)
    for name in ("PASAJ_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        code = os.environ.get(name, "").replace("-", "_").split("_")[0].split(".")[0].lower()
        if code in ours:
            return code
    return ""


def spoken(code: str) -> str:
    """A language when we have it; else English: Django would speak that of its settings."""
    from django.conf import settings

    return code if code in dict(settings.LANGUAGES) else "en"


def say(text: str) -> None:
    click.echo(text)


def as_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def described(found: Problem) -> dict[str, Any]:
    values = found.spoken(_)
    return {
        "code": found.code,
        "text": fill(_(found.kind.message), values),
        "remedy": fill(_(found.kind.remedy), values),
        "file": found.file,
        "row": found.row,
        "column": found.column,
    }


def place(found: Problem) -> str:
    """file:row:column, as far as known."""
    return ":".join(str(part) for part in (found.file, found.row, found.column) if part not in (None, ""))


def lines(found: Problem) -> list[str]:
    said = described(found)
    at = place(found)
    return [f"{at + ': ' if at else ''}{found.code}: {said['text']}", _("Remedy: {text}").format(text=said["remedy"])]


def refusal(problems: Iterable[Problem], *, as_json: bool) -> int:
    """Tell the problems; the exit code: 2 when the command or its surroundings are wrong, else 1."""
    found = list(problems)
    if as_json:
        globals()["as_json"]({"problems": [described(one) for one in found]})
    else:
        for one in found:
            for line in lines(one):
                click.echo(line, err=True)
    return 2 if all(one.code.startswith("CLI-") for one in found) else 1


def database_file() -> str:
    if not _is_ready():
        return "…"
    from django.conf import settings

    return str(settings.DATABASES["default"]["NAME"])


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Columns by the widest cell; numbers to the right."""
    cells = [[_cell(value) for value in row] for row in rows]
    widths = [max([len(name), *(len(row[at]) for row in cells)]) for at, name in enumerate(header)]
    numeric = [bool(cells) and all(_is_number(row[at]) for row in cells) for at in range(len(header))]
    for row in [list(header), *cells]:
        parts = (
            text.rjust(width) if right else text.ljust(width)
            for text, width, right in zip(row, widths, numeric, strict=True)
        )
        click.echo("  ".join(parts).rstrip())


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:.0f}" if value == int(value) else f"{value:.1f}"
    return str(value)


def _is_number(text: str) -> bool:
    return text == "–" or text.replace(".", "", 1).replace("-", "", 1).isdigit()


Progress = Callable[[int, int], None]


@contextmanager
def progress(label: str) -> Iterator[Progress]:
    """A bar on a terminal, once the work has taken two seconds; nothing anywhere else."""
    started = time.monotonic()
    last = [0.0]
    terminal = sys.stderr.isatty()

    def show(done: int, total: int) -> None:
        now = time.monotonic()
        if not terminal or now - started < SHOWN_AFTER or now - last[0] < 0.1:
            return
        last[0] = now
        part = min(1.0, done / total) if total else 0.0
        filled = round(WIDTH * part)
        sys.stderr.write(f"\r{label} [{'=' * filled}{' ' * (WIDTH - filled)}] {part:4.0%}")
        sys.stderr.flush()

    try:
        yield show
    finally:
        if last[0]:
            sys.stderr.write("\r" + " " * (len(label) + WIDTH + 9) + "\r")
            sys.stderr.flush()
