"""Writing rows as CSV, XLSX, GeoJSON or JSON, one row at a time."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from pasaj.core.csvsafe import cell

LONGEST_CELL = 32_767  # characters, of a worksheet
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
Values = Iterable[Sequence[object]]
Writer = Callable[[IO[bytes], Sequence[str], Sequence[str], Values], None]


def plain(value: object) -> Any:
    """What JSON and spreadsheets can hold: whole numbers whole, moments in ISO 8601."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def write_csv(out: IO[bytes], header: Sequence[str], hxl: Sequence[str], rows: Values) -> None:
    """RFC 4180 with a byte-order mark, so that spreadsheets read the accents."""
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(map(cell, header))
    if hxl:
        writer.writerow(hxl)
    writer.writerows([cell(plain(value)) for value in row] for row in rows)
    text.detach()


def write_xlsx(out: IO[bytes], header: Sequence[str], hxl: Sequence[str], rows: Values) -> None:
    """One sheet, written a row at a time."""
    with _book(out) as book:
        sheet = book.add_worksheet("Pasaj")
        _line(sheet, 0, header)
        if hxl:
            sheet.write_row(1, 0, hxl)
        for at, row in enumerate(rows, 2 if hxl else 1):
            _line(sheet, at, row)


def _book(out: IO[bytes]) -> Any:
    """A workbook that keeps no row in memory, and takes text for text: no formulas, no links."""
    from xlsxwriter import Workbook  # noqa: PLC0415 - only exports need it

    return Workbook(
        out,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )


def _line(sheet: Any, at: int, values: Sequence[object]) -> None:
    for column, value in enumerate(values):
        found = cell(plain(value))
        if isinstance(found, str):
            if found:
                sheet.write_string(at, column, _short(CONTROLS.sub("", found)))
        else:
            sheet.write_number(at, column, found)


def _short(text: str) -> str:
    """What a cell of a worksheet can hold; the CSV has the rest."""
    return text if len(text) <= LONGEST_CELL else f"{text[: LONGEST_CELL - 1]}…"


def write_json(out: IO[bytes], header: Sequence[str], hxl: Sequence[str], rows: Values) -> None:
    """An array of objects, a row a line."""
    _array(out, (dict(zip(header, map(plain, row), strict=True)) for row in rows), b"[", b"]\n")


def write_object(out: IO[bytes], header: Sequence[str], hxl: Sequence[str], rows: Values) -> None:
    """The one row as an object."""
    (row,) = rows
    out.write(json.dumps(dict(zip(header, map(plain, row), strict=True)), ensure_ascii=False).encode() + b"\n")


def write_geojson(out: IO[bytes], header: Sequence[str], hxl: Sequence[str], rows: Values) -> None:
    """Points from the columns `lon` and `lat`; a row without them has no geometry (RFC 7946, section 3.2)."""
    lon, lat = header.index("lon"), header.index("lat")
    names = [name for name in header if name not in {"lon", "lat"}]

    def features() -> Iterator[dict[str, Any]]:
        for row in rows:
            located = row[lon] is not None and row[lat] is not None
            values = [plain(value) for at, value in enumerate(row) if at not in {lon, lat}]
            yield {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [plain(row[lon]), plain(row[lat])]} if located else None,
                "properties": dict(zip(names, values, strict=True)),
            }

    _array(out, features(), b'{"type": "FeatureCollection", "features": [', b"]}\n")


def _array(out: IO[bytes], items: Iterable[dict[str, Any]], start: bytes, end: bytes) -> None:
    out.write(start)
    for at, item in enumerate(items):
        out.write((b",\n" if at else b"\n") + json.dumps(item, ensure_ascii=False).encode())
    out.write(end)


def write_text(out: IO[bytes], header: Sequence[str], hxl: Sequence[str], rows: Values) -> None:
    """The first value of each row, as it is."""
    for row in rows:
        out.write(str(row[0]).encode())


def write_bytes(out: IO[bytes], header: Sequence[str], hxl: Sequence[str], rows: Values) -> None:
    """The one value of the one row: a document that was drawn before."""
    ((document,),) = rows
    if not isinstance(document, bytes):
        raise TypeError("A document is bytes.")
    out.write(document)


# --- Several tables in one file ----------------------------------------------------------------

Sheets = Sequence[tuple[str, Sequence[str]]]  # name and header of each table
Lines = Iterable[tuple[int, Sequence[object]]]  # a row, and the place of its table among them
MOST_ROWS = 1_048_576  # of one worksheet


def write_zip(out: IO[bytes], sheets: Sheets, rows: Lines) -> None:
    """A CSV for each table. Rows come in any order: each table grows in a file of its own."""
    with ExitStack() as stack:
        files = [stack.enter_context(tempfile.TemporaryFile()) for _sheet in sheets]
        texts = [io.TextIOWrapper(file, encoding="utf-8-sig", newline="") for file in files]
        writers = [csv.writer(text) for text in texts]
        for writer, (_name, header) in zip(writers, sheets, strict=True):
            writer.writerow(map(cell, header))
        for at, row in rows:
            writers[at].writerow([cell(plain(value)) for value in row])
        for text in texts:
            text.flush()
            text.detach()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name, file in zip(_names(sheets, 100), files, strict=True):
                file.seek(0)
                with archive.open(f"{name}.csv", "w", force_zip64=True) as entry:
                    shutil.copyfileobj(file, entry, 1 << 20)


def write_book(out: IO[bytes], sheets: Sheets, rows: Lines) -> None:
    """A worksheet for each table; one that is full goes on in the next."""
    names = _names(sheets, 25)
    with _book(out) as book:
        open_ = [book.add_worksheet(name) for name in names]
        counts, parts = [1] * len(sheets), [1] * len(sheets)
        for sheet, (_name, header) in zip(open_, sheets, strict=True):
            _line(sheet, 0, header)
        for at, row in rows:
            if counts[at] == MOST_ROWS:
                parts[at] += 1
                open_[at], counts[at] = book.add_worksheet(f"{names[at]} {parts[at]}"), 1
                _line(open_[at], 0, sheets[at][1])
            _line(open_[at], counts[at], row)
            counts[at] += 1


def _names(sheets: Sheets, longest: int) -> list[str]:
    """A name for each table that files and worksheets can have, none twice."""
    found: list[str] = []
    for name, _header in sheets:
        safe = re.sub(r"[^\w. -]", "-", name)[:longest].strip(" .-'") or "sheet"
        taken = {one.casefold() for one in found}
        number = 2
        made = safe
        while made.casefold() in taken:
            made, number = f"{safe[: longest - 4]}-{number}", number + 1
        found.append(made)
    return found


BOOKS: dict[str, tuple[str, Callable[[IO[bytes], Sheets, Lines], None]]] = {
    "zip": ("application/zip", write_zip),
    "book": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", write_book),
}
WRITERS: dict[str, tuple[str, Writer]] = {
    "csv": ("text/csv; charset=utf-8", write_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", write_xlsx),
    "geojson": ("application/geo+json", write_geojson),
    "json": ("application/json", write_json),
    "object": ("application/json", write_object),
    "text": ("text/plain; charset=utf-8", write_text),
    "pdf": ("application/pdf", write_bytes),
    "workbook": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", write_bytes),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", write_bytes),
}
