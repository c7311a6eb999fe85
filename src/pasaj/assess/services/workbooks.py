"""A file that somebody hands in: its tables as text, and what is wrong with the framework they say."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from pasaj.access.rules import Actor
from pasaj.assess.models import FrameworkVersion
from pasaj.assess.services import frameworks
from pasaj.core import csvsafe
from pasaj.core import framework as core
from pasaj.core.framework.tables import NAMES
from pasaj.core.pack.frameworks import read_tables
from pasaj.core.problems import Problem, Refused, problem

MEGABYTE = 1_000_000
LARGEST = 5 * MEGABYTE
UNPACKED = 20 * MEGABYTE
ENTRIES = 200  # files inside a workbook
ROWS, COLUMNS, LONGEST = 1_000, 200, 10_000  # of a sheet; characters of a cell
Grids = Mapping[str, list[list[str]]]


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What a file says. `row` is the draft made of it, None where it was only checked."""

    said: core.Framework
    warnings: tuple[Problem, ...]
    row: FrameworkVersion | None


def hand_in(*, file: IO[bytes], filename: str, keep: bool, actor: Actor, now: datetime) -> HandedIn:
    """Check a workbook (.xlsx) or its tables (.zip of .csv); with `keep` it becomes a draft.

    Raises Refused: FRAME-041 (not readable), FRAME-042 (too large), every problem of the framework with its row,
    FRAME-040 or FRAME-043 (that version is published).
    """
    found = read_tables(tables(file, filename), filename)
    if found.framework is None:
        raise Refused(*found.problems)
    refused = frameworks.standing(found.framework)
    if refused:
        raise Refused(refused)
    row = frameworks.store(said=found.framework, origin="upload", actor=actor, now=now) if keep else None
    return HandedIn(found.framework, found.warnings, row)


def tables(file: IO[bytes], filename: str) -> Grids:
    """The four tables of a file as text, header first. Raises Refused FRAME-041 or FRAME-042."""
    data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise Refused(problem("FRAME-042", file=filename, limit=LARGEST // MEGABYTE))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            if len(infos) > ENTRIES or sum(one.file_size for one in infos) > UNPACKED:
                raise Refused(problem("FRAME-042", file=filename, limit=LARGEST // MEGABYTE))
            if any(one.filename == "[Content_Types].xml" for one in infos):
                return _workbook(data)
            return {name: _csv(archive, f"{name}.csv") for name in NAMES if f"{name}.csv" in archive.namelist()}
    # A damaged file fails in many ways; which one is no mistake of ours.
    except (zipfile.BadZipFile, LookupError, ValueError, TypeError, AttributeError, OSError, EOFError) as error:
        raise Refused(_unreadable(filename, error)) from error
    except (SyntaxError, RuntimeError, NotImplementedError, csv.Error) as error:  # XML, encryption, compression
        raise Refused(_unreadable(filename, error)) from error


def _unreadable(filename: str, error: Exception) -> Problem:
    return problem("FRAME-041", file=filename, detail=str(error).rstrip(".")[:200] or type(error).__name__)


def _csv(archive: zipfile.ZipFile, name: str) -> list[list[str]]:
    text = archive.read(name).decode("utf-8-sig")
    return _bounded(csv.reader(io.StringIO(text, newline=""), strict=True))


def _workbook(data: bytes) -> Grids:
    from openpyxl import load_workbook  # noqa: PLC0415 - heavy

    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    held = {name.strip().casefold(): name for name in reversed(book.sheetnames)}
    return {name: _bounded(book[held[name]].iter_rows(values_only=True)) for name in NAMES if name in held}


def _bounded(rows: Iterable[Iterable[Any]]) -> list[list[str]]:
    """Rows as text, without empty ones at the end. Raises ValueError where there are too many."""
    found: list[list[str]] = []
    last = 0
    for at, row in enumerate(rows, start=1):
        if at > ROWS * 10:
            raise ValueError("too many rows")
        cells = [_text(cell) for cell in list(row)[:COLUMNS]]
        found.append(cells)
        last = at if any(cells) else last
    if last > ROWS:
        raise ValueError("too many rows")
    return found[:last]


def _text(value: object) -> str:
    """A cell as it is written; what was made harmless for spreadsheets is given back as it was."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return csvsafe.plain(str(value))[:LONGEST]
