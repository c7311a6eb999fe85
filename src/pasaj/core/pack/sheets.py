"""Files to rows of plain values: which columns a file has, which it must have, and what is unknown."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from pasaj.core.pack.cells import Cells, Head
from pasaj.core.pack.findings import Domain, Findings
from pasaj.core.pack.shapes import Manifest, Measure
from pasaj.core.pack.table import Table, decode
from pasaj.core.pack.vocabulary import nearest

T = TypeVar("T")

_LOCAL = re.compile(r"(name|definition)_([a-z]{2,3})")


@dataclass(slots=True)
class Book:
    """A pack while it is read, file by file, in the order in which files refer to each other."""

    files: Mapping[str, bytes]
    findings: Findings
    manifest: Manifest | None
    institutions: Domain = field(default_factory=lambda: Domain("institutions.csv"))
    sources: Domain = field(default_factory=lambda: Domain("sources.csv"))
    areas: Domain = field(default_factory=lambda: Domain("areas.csv"))
    crossings: Domain = field(default_factory=lambda: Domain("crossing_points.csv"))
    measures: Domain = field(default_factory=lambda: Domain("measures.csv"))
    instruments: Domain = field(default_factory=lambda: Domain("instruments.csv"))
    functions: Domain = field(default_factory=lambda: Domain("functions.csv"))
    layers: Domain = field(default_factory=lambda: Domain("exchange_layers.csv"))
    thresholds: Domain = field(default_factory=lambda: Domain("thresholds.csv"))
    incident_types: Domain = field(default_factory=lambda: Domain("incident_types.csv"))
    contact_roles: Domain = field(default_factory=lambda: Domain("contact_roles.csv"))
    goals: Domain = field(default_factory=lambda: Domain("alignment.csv"))
    prices: Domain = field(default_factory=lambda: Domain("prices.csv"))
    places: Domain = field(default_factory=lambda: Domain("areas.csv or crossing_points.csv"))
    area_rows: list[int] = field(default_factory=list)
    measure: dict[str, Measure] = field(default_factory=dict)
    meant: dict[str, tuple[tuple[str, ...], int]] = field(default_factory=dict)
    """What a word of messages means, and the row that said so first."""
    keys: dict[tuple[object, ...], tuple[str, int]] = field(default_factory=dict)

    def once(self, cells: Cells, column: str, *key: object) -> None:
        """Refuse a second row with the same key, for rows without a code. The key starts with its kind of row."""
        place = (cells.file, cells.row)
        file, first = self.keys.setdefault((column, *key), place)
        if (file, first) != place:
            shown = " · ".join(str(part) for part in key[1:] if part)
            cells.refuse("PACK-014", column, first=first, first_file=file, value=shown)


Build = Callable[[Cells, Book], T]


@dataclass(frozen=True, slots=True)
class Sheet(Generic[T]):
    """One file of the format. `needed` columns must stand in the header, `more` ones may."""

    file: str
    build: Build[T]
    needed: tuple[str, ...]
    more: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    others: Mapping[str, str] = field(default_factory=dict)
    """What columns are called elsewhere; read where the column itself is missing."""
    required: bool = False
    origin: str = ""
    """The column that says where a row comes from, in files where it may be left out at the price of a warning."""


def read(sheet: Sheet[T], book: Book, domain: Domain | None = None, file: str = "") -> tuple[T, ...]:
    """Every usable row of a file. A missing optional file is an empty one."""
    file = file or sheet.file
    data = book.files.get(file)
    if data is None:
        if sheet.required:
            book.findings.refuse("PACK-001", file)
            _lost(domain)
        return ()
    if domain is not None:
        domain.present = True
    text = decode(data, file, book.findings)
    if text is None:
        _lost(domain)
        return ()
    table = Table(file, text, book.findings)
    head = _head(table, sheet, book)
    if head is None:
        _lost(domain)
        return ()
    found = tuple(sheet.build(Cells(head, row, cells), book) for row, cells in table.rows())
    if table.broken:
        _lost(domain)
    elif sheet.required and not found:
        book.findings.refuse("PACK-012", file)
    return found


def _lost(domain: Domain | None) -> None:
    """Some codes of this file are not known: do not blame the rows that refer to it."""
    if domain is not None:
        domain.broken = True


def _head(table: Table, sheet: Sheet[T], book: Book) -> Head | None:
    """Places of the columns; None when the header is unusable."""
    if not table.header:
        if not table.broken:
            book.findings.refuse("PACK-012", table.file)
        return None
    languages = book.manifest.languages if book.manifest else ()
    default = book.manifest.default_language if book.manifest else ""
    at: dict[str, int] = {}
    local: dict[str, list[tuple[str, int]]] = {prefix: [] for prefix in sheet.names}
    known = (*sheet.needed, *sheet.more, *sheet.names, "verify")
    for place, column in enumerate(table.header):
        column = _column(column, table.header, sheet, default)
        if column in at:
            book.findings.refuse("PACK-009", table.file, 1, column)
            continue
        at[column] = place
        match = _LOCAL.fullmatch(column)
        if match and match[1] in local:
            if languages and match[2] not in languages:
                book.findings.warn("PACK-069", table.file, 1, column)
            else:
                local[match[1]].append((match[2], place))
        elif column not in known:
            _unknown(table, column, (*known, *(f"{prefix}_{default}" for prefix in sheet.names)))
    missing = _missing(at, sheet, default)
    if sheet.origin and sheet.origin not in at:
        book.findings.warn("PACK-072", table.file, 1, sheet.origin)
    for column in missing:
        book.findings.refuse("PACK-008", table.file, 1, column)
    # Without some column every row would be refused for it; one problem says it once.
    return None if missing else Head(table, at, {key: tuple(value) for key, value in local.items()}, default)


def _column(written: str, header: Sequence[str], sheet: Sheet[T], default: str) -> str:
    """What a column of the header is: `name` may be that of the default language, and the other way round."""
    if written in sheet.names and default:
        return f"{written}_{default}"
    meant = sheet.others.get(written, "")
    if "name" in sheet.needed and default and written == f"name_{default}":
        meant = "name"
    return meant if meant and meant not in header else written


def _missing(at: Mapping[str, int], sheet: Sheet[T], default: str) -> list[str]:
    """Columns that must be there and are not; for a file with names, that of the default language."""
    missing = [column for column in sheet.needed if column not in at]
    if "name" in sheet.names and default and f"name_{default}" not in at:
        missing.append(f"name_{default}")
    return missing


def _unknown(table: Table, column: str, known: tuple[str, ...]) -> None:
    suggestion = nearest(column, known)
    if suggestion:
        table.findings.warn("PACK-061", table.file, 1, column, nearest=suggestion)
    else:
        table.findings.warn("PACK-060", table.file, 1, column)
