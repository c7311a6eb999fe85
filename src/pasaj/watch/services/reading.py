"""A stored CSV file as a stream of records: its encoding and separator found, its memory bounded."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from pasaj.core import encoding
from pasaj.core.importing import FileMapping
from pasaj.core.problems import Problem, Refused, problem

SAMPLE = 1_000_000  # bytes that the encoding is guessed from; the rest must keep to it
BLOCK = 1_000_000
LONGEST_LINE = 1_000_000  # characters
SEPARATORS = (",", ";", "\t", "|")
HINT = "sep="  # Excel's first line: the separator, and no row of the table


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is written. `certain` is False when the bytes fit more than one alphabet."""

    encoding: str
    certain: bool
    delimiter: str
    header: tuple[str, ...]
    header_row: int  # 1-based, as a spreadsheet counts


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a file, or why it could not be read. `position` is roughly how many bytes were read so far."""

    row: int
    cells: list[str]
    broken: Problem | None
    position: int


def layout(path: Path, mapping: FileMapping, name: str) -> Layout:
    """Find out how a file is written. Raises Refused: IMPORT-001, 002, 003, 015, 017."""
    if path.stat().st_size == 0:
        raise Refused(problem("IMPORT-003", file=name))
    try:
        found, certain = _encoding(path, mapping.encoding)
    except Refused as refused:
        raise Refused(*(one.at(name, None) for one in refused.problems)) from refused
    delimiter = mapping.delimiter or _delimiter(path, found)
    for record in _records(path, found, delimiter, name):
        if record.broken:
            raise Refused(record.broken)
        if any(cell.strip() for cell in record.cells) and not _is_hint(record):
            header = tuple(cell.strip() for cell in record.cells)
            return Layout(found, certain, delimiter, header, record.row)
    raise Refused(problem("IMPORT-003", file=name))


def _is_hint(record: Record) -> bool:
    return record.row == 1 and record.cells[0].lower().startswith(HINT) and not any(record.cells[1:])


def records(path: Path, known: Layout, name: str) -> Generator[Record, None, None]:
    """The rows below the header. Blank rows and a row of HXL tags are left out; row numbers count them."""
    for record in _records(path, known.encoding, known.delimiter, name):
        if record.row <= known.header_row:
            continue
        filled = [cell for cell in record.cells if cell.strip()]
        if record.broken is None and (not filled or all(cell.startswith("#") for cell in filled)):
            continue
        yield record


def _records(path: Path, name_of_encoding: str, delimiter: str, name: str) -> Iterator[Record]:
    with path.open("rb") as raw, io.TextIOWrapper(raw, encoding=name_of_encoding, newline="") as text:
        reader = csv.reader(_lines(text, name), delimiter=delimiter, strict=True)
        row = 0
        while True:
            row += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield Record(row, [], problem("IMPORT-015", file=name, row=row, detail=str(error)), raw.tell())
                continue
            if row == 1 and cells:
                cells[0] = cells[0].removeprefix("\ufeff")
            # No database keeps a NUL; the first megabyte alone was looked at before.
            broken = any("\0" in cell for cell in cells)
            why = problem("IMPORT-015", file=name, row=row, detail="a NUL character") if broken else None
            yield Record(row, [] if broken else cells, why, raw.tell())


def _lines(text: TextIO, name: str) -> Iterator[str]:
    """Lines of bounded length: one without an end would fill the memory."""
    number = 0
    while line := text.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE:
            raise Refused(problem("IMPORT-015", file=name, row=number, detail=f"more than {LONGEST_LINE} characters"))
        yield line


def _encoding(path: Path, stated: str) -> tuple[str, bool]:
    """The encoding of the whole file, from a sample that the rest is held against."""
    with path.open("rb") as raw:
        sample = raw.read(SAMPLE)
        if raw.read(1):
            # Not in the middle of a character, however wide.
            end = sample.rfind(b"\n") + 1 or len(sample)
            sample = (
                sample[: end - end % 4] if sample[:1] in (b"\xff", b"\xfe") or b"\0" in sample[:4] else sample[:end]
            )
    found = encoding.decode(sample, stated)
    if _reads(path, found.encoding):
        return found.encoding, found.certain
    if not stated and found.encoding == "utf-8" and _reads(path, "cp1252"):
        return "cp1252", False
    if stated:
        raise Refused(problem("IMPORT-002", stated=stated, found="cp1252"))
    raise Refused(problem("IMPORT-001", found=f"damaged {found.encoding} text"))


def _reads(path: Path, name: str) -> bool:
    decoder = codecs.getincrementaldecoder(name)()
    with path.open("rb") as raw:
        try:
            while block := raw.read(BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _delimiter(path: Path, name: str) -> str:
    """The separator that stands most often in the first line that is not blank."""
    with path.open("r", encoding=name, newline="") as text:
        for _ in range(100):
            line = text.readline(LONGEST_LINE)
            hint = line.removeprefix("\ufeff").strip("\r\n").lower()
            if hint.startswith(HINT) and hint.removeprefix(HINT) in SEPARATORS:
                return hint.removeprefix(HINT)
            if line.strip():
                return max(SEPARATORS, key=line.count)
    return ","
