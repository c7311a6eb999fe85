"""One row of one file: typed reading of its cells, each mistake noted with its place.

A reader that refuses a cell notes why and returns a harmless value, so that the rest of the row is
checked too; the values of a pack with problems are never used.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pasaj.core import periods
from pasaj.core.pack import values
from pasaj.core.pack.findings import Domain
from pasaj.core.pack.shapes import Names
from pasaj.core.pack.table import Table
from pasaj.core.pack.vocabulary import nearest
from pasaj.core.periods import Period

NAME, TEXT = 200, 8000
DECIMALS = 4
LARGEST = 10**12

_ERROR = re.compile(r"#(REF!|N/A|NAME\?|VALUE!|DIV/0!|NUM!|NULL!|SPILL!|CALC!|####*)")
_LOST = re.compile("[\ufffd\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_TWICE = re.compile("Ã[\u0080-\u00bf]|â€[\u0080-\u2122]")
_SUSPECT = re.compile("[#Ãâ\ufffd\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_VERIFY = re.compile(r"\bverify\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Head:
    """Where the columns of a table stand, read once per file."""

    table: Table
    at: Mapping[str, int]
    languages: Mapping[str, tuple[tuple[str, int], ...]]
    default: str


class Cells:
    """A row. Column names that the file does not have read as empty cells."""

    __slots__ = ("_cells", "_findings", "_head", "file", "row")

    def __init__(self, head: Head, row: int, cells: list[str]) -> None:
        self._head = head
        self._cells = cells
        self._findings = head.table.findings
        self.file = head.table.file
        self.row = row
        if _SUSPECT.search("\n".join(cells)):
            self._damage()

    def refuse(self, code: str, column: str, **params: object) -> None:
        self._findings.refuse(code, self.file, self.row, column, **params)

    def warn(self, code: str, column: str, **params: object) -> None:
        self._findings.warn(code, self.file, self.row, column, **params)

    def _damage(self) -> None:
        """What spreadsheets and wrong encodings leave behind; damaged cells are then read as empty."""
        for column, cell in zip(self._head.table.header, self._cells, strict=True):
            if _ERROR.fullmatch(cell):
                self.refuse("PACK-030", column, value=cell)
            elif _LOST.search(cell):
                self.refuse("PACK-031", column)
            elif _TWICE.search(cell):
                self.warn("PACK-068", column, value=cell[:60])

    def text(self, column: str, limit: int = TEXT) -> str:
        """The cell without surrounding spaces; empty when the file has no such column."""
        place = self._head.at.get(column)
        cell = self._cells[place] if place is not None else ""
        if len(cell) > limit:
            self.refuse("PACK-032", column, found=len(cell), limit=limit)
        return cell

    def need(self, column: str, limit: int = TEXT) -> str:
        """The same, where an empty cell is a problem."""
        cell = self.text(column, limit)
        if not cell:
            self.refuse("PACK-010", column)
        return cell

    def code(self, column: str = "code", pattern: re.Pattern[str] = values.CODE) -> str:
        """A code that must be there."""
        cell = self.need(column)
        if cell and not pattern.fullmatch(cell):
            self.refuse("PACK-017", column, value=cell[:60])
        return cell

    def define(self, domain: Domain, column: str = "code", pattern: re.Pattern[str] = values.CODE) -> str:
        """The row's own code, which no other row may have."""
        code = self.code(column, pattern)
        first = domain.rows.setdefault(code, self.row) if code else self.row
        if first != self.row:
            self.refuse("PACK-013", column, value=code, first=first)
        return code

    def refer(self, column: str, domain: Domain, *, needed: bool = True) -> str:
        """A code that another file defines. An optional file that is absent leaves optional cells unchecked."""
        cell = self.need(column) if needed else self.text(column)
        if cell and (needed or domain.present):
            self.known(column, cell, domain)
        return cell

    def known(self, column: str, code: str, domain: Domain) -> None:
        """Refuse a code that the other file lacks, unless that file could not be read completely."""
        self._findings.unknown(domain, code, self.file, self.row, column)

    def names(self, prefix: str = "name", *, needed: bool = True) -> Names:
        """Texts by language from `name_fr`, `name_en`…; the default language must be filled when needed."""
        limit = NAME if prefix == "name" else TEXT
        found = {}
        for language, place in self._head.languages.get(prefix, ()):
            cell = self._cells[place]
            if len(cell) > limit:
                self.refuse("PACK-032", f"{prefix}_{language}", found=len(cell), limit=limit)
            if cell:
                found[language] = cell
        default = self._head.default
        if needed and default and default not in found:
            self.refuse("PACK-011", f"{prefix}_{default}", language=default)
        return found

    def has(self, column: str) -> bool:
        """Whether the file has this column at all."""
        return column in self._head.at

    def choice(
        self, column: str, allowed: tuple[str, ...], default: str = "", others: Mapping[str, str] | None = None
    ) -> str:
        """One of a few words, in any case. An empty cell means `default`; without one it is a problem.

        `others`: what people write instead, where it can only mean one of the words.
        """
        cell = self.text(column) if default else self.need(column)
        word = (others or {}).get(cell.lower(), cell.lower())
        if not cell or word in allowed:
            return word or default
        listed = ", ".join(allowed)
        suggestion = nearest(word[:60], allowed)
        if suggestion:
            self.refuse("PACK-024", column, value=cell[:60], nearest=suggestion, allowed=listed)
        else:
            self.refuse("PACK-023", column, value=cell[:60], allowed=listed)
        return ""

    def flag(self, column: str) -> bool:
        """Yes or no; empty is no."""
        cell = self.text(column).lower()
        if cell not in ("", "yes", "no"):
            self.refuse("PACK-022", column, value=cell[:60])
        return cell == "yes"

    def number(self, column: str, low: float, high: float) -> float | None:
        """A number between two bounds, or None for an empty cell."""
        found = self.decimal(column, low, high, example="19.5487", decimals=15)
        return None if found is None else float(found)

    def decimal(
        self,
        column: str,
        low: float = -LARGEST,
        high: float = LARGEST,
        *,
        example: str = "0.25",
        decimals: int = DECIMALS,
    ) -> Decimal | None:
        """An exact number between two bounds, or None for an empty cell."""
        cell = self.text(column)
        if not cell:
            return None
        found = values.number(cell)
        if found is None:
            self.refuse("PACK-020", column, value=cell[:60], example=example)
        elif not low <= found <= high:
            self.refuse("PACK-021", column, value=cell, low=low, high=high)
        elif len(cell.partition(".")[2]) > decimals:
            self.refuse("PACK-038", column, value=cell, limit=decimals)
        return found

    def whole(self, column: str, low: int, high: int) -> int | None:
        """A whole number between two bounds, or None for an empty cell."""
        cell = self.text(column)
        if not cell:
            return None
        found = values.whole(cell)
        if found is None:
            self.refuse("PACK-034", column, value=cell[:60])
        elif not low <= found <= high:
            self.refuse("PACK-021", column, value=cell, low=low, high=high)
        return found

    def day(self, column: str) -> date | None:
        """A date, or None for an empty cell."""
        cell = self.text(column)
        found = values.day(cell)
        if cell and found is None:
            self.refuse("PACK-025", column, value=cell[:60])
        return found

    def period(self, column: str, *, needed: bool = True) -> Period | None:
        """A year, month, week, day or span, or None for an empty or unusable cell."""
        cell = self.need(column) if needed else self.text(column)
        found = periods.parse(cell) if cell else None
        if cell and found is None:
            self.refuse("PACK-027" if values.runs_backwards(cell) else "PACK-026", column, value=cell[:60])
        return found

    def country(self, column: str) -> str:
        """Two capital letters, or empty."""
        cell = self.text(column)
        if cell and not values.COUNTRY.fullmatch(cell):
            self.refuse("PACK-029", column, value=cell[:60])
        return cell

    def several(self, column: str) -> tuple[str, ...]:
        """Texts separated by `;`, each once, in their order."""
        parts = (part.strip() for part in self.text(column).split(";"))
        return tuple(dict.fromkeys(part for part in parts if part))

    def position(self) -> tuple[float | None, float | None]:
        """Latitude and longitude in degrees: both or neither."""
        lat, lon = self.number("lat", -90, 90), self.number("lon", -180, 180)
        if bool(self.text("lat")) != bool(self.text("lon")):
            self.refuse("PACK-033", "lon" if self.text("lat") else "lat")
        return lat, lon

    def provenance(self, column: str = "source") -> tuple[str, str]:
        """Source and verify mark. The word "verify" inside the source is a mark as well."""
        source, mark = self.text(column), self.text("verify", NAME * 5)
        if not source and column in self._head.at:
            self.warn("PACK-063", column)
        if not mark and _VERIFY.search(source):
            mark = "verify"
        return source, mark
