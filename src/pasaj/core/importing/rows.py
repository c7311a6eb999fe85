"""One row of a file, read through its mapping: figures, or the reasons why not."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache

from pasaj.core import numbers, periods
from pasaj.core.forms import text_screen, words
from pasaj.core.importing.mapping import DIRECTIONS, QUALITIES, Field, FileMapping, PeriodField, ValueField
from pasaj.core.nearest import Names, fold
from pasaj.core.periods import Period
from pasaj.core.problems import Problem, Refused, problem

TOTAL = "total"
_ADDRESS = re.compile(r"https?://\S+|www\.\S+")


@dataclass(frozen=True, slots=True)
class MeasureFacts:
    """What a row needs to know of a measure: count or quantity, its own direction, categories."""

    kind: str
    direction: str
    categories: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Lookup:
    """What the figures may speak of. `until` (today) is the last day a period may begin on."""

    crossings: Names
    areas: Names
    measures: Mapping[str, MeasureFacts]
    sources: frozenset[str]
    until: date
    places: frozenset[str] = frozenset()  # folded names of what is known and may be called after a person


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of a file. `value` None with state "na": this measure does not apply there and then.

    `row` is the row of the file as a spreadsheet counts (the header is row 1), `column` that of the value.
    """

    row: int
    column: str
    place_kind: str
    place: str
    measure: str
    direction: str
    category: str
    period: Period
    value: Decimal | None
    state: str
    source: str
    quality: str
    citation: str
    note: str
    reported: date | None

    @property
    def key(self) -> tuple[str, str, str, str, str, Period, str]:
        """What makes two cells speak of the same figure."""
        return self.place_kind, self.place, self.measure, self.direction, self.category, self.period, self.source


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one row; when anything is wrong with it, its problems and no figure."""

    number: int
    cells: tuple[Cell, ...] = ()
    problems: tuple[Problem, ...] = field(default=())


def columns_of(mapping: FileMapping) -> tuple[str, ...]:
    """Every column the mapping names, once, in its order."""
    spans = [mapping.period, *([mapping.reported] if mapping.reported else [])]
    named = [name for one in spans for name in (one.column, one.end_column)]
    named += [one.column for one in (mapping.place, mapping.quality, mapping.citation, mapping.note)]
    for value in mapping.values:
        named += [value.column, value.measure.column, value.direction.column, value.category.column]
    return tuple(dict.fromkeys(name for name in named if name))


def missing_columns(mapping: FileMapping, header: Sequence[str], file: str = "") -> list[Problem]:
    """Columns of the mapping that the header lacks (IMPORT-004) or has twice (IMPORT-005)."""
    found: list[Problem] = []
    for name in columns_of(mapping):
        at = _positions(tuple(header), name)
        if not at:
            found.append(problem("IMPORT-004", file=file, row=1, name=name, header=", ".join(header)))
        elif len(at) > 1:
            found.append(problem("IMPORT-005", file=file, row=1, column=name, name=name))
    return found


def of_persons(mapping: FileMapping, header: Sequence[str], file: str = "") -> list[Problem]:
    """Columns beside those of the mapping that list persons (SCREEN-002): such a file is not taken at all."""
    used = set(columns_of(mapping))
    return [
        problem("SCREEN-002", file=file, row=1, column=name[:80])
        for name in header
        if name not in used and words.register_column(name)
    ]


def unknown_words(mapping: FileMapping, lookup: Lookup, file: str = "") -> list[Problem]:
    """What the mapping itself says for every row and nobody knows: told once, not in each row.

    Measures and categories (OBS-008, 009), a constant place or period (OBS-005 to 007, 017, 018, 002).
    """
    reading = _Reading(mapping, (), (), 1, lookup, file)
    for value in mapping.values:
        for measure in (value.measure.constant, *value.measure.words.values()):
            if measure and measure not in lookup.measures:
                reading.refuse("OBS-008", value=measure, allowed=_listed(lookup.measures))
        facts = lookup.measures.get(value.measure.constant)
        if facts is not None and value.category.constant:
            reading.category(value.category, value.measure.constant, facts)
    if mapping.place.constant:
        reading.place()
    if mapping.period.constant:
        reading.period(mapping.period)
    return [one.at(file, None) for one in dict.fromkeys(reading.problems)]


@lru_cache(maxsize=1024)  # the same few names for every row of a file
def _positions(header: tuple[str, ...], name: str) -> tuple[int, ...]:
    """Columns called `name`: exactly, else without case, accents and punctuation."""
    exact = tuple(at for at, one in enumerate(header) if one.strip() == name.strip())
    return exact or tuple(at for at, one in enumerate(header) if fold(one) == fold(name) != "")


def row_values(
    mapping: FileMapping,
    header: Sequence[str],
    row: Sequence[str],
    number: int,
    lookup: Lookup,
    *,
    source: str = "",
    file: str = "",
) -> Row:
    """Read one row. `header` must have passed `missing_columns`; `source` outweighs the mapping's.

    An empty row gives no figure and no problem. Cells that say nothing (`mapping.missing`) give no
    figure unless the mapping says that blank is zero.
    """
    if not any(cell.strip() for cell in row):
        return Row(number)
    if len(row) != len(header) and any(cell.strip() for cell in row[len(header) :]):
        return Row(number, problems=(problem("IMPORT-006", file, number, found=len(row), expected=len(header)),))
    reading = _Reading(mapping, header, row, number, lookup, file)
    cells = reading.cells(source or mapping.source)
    if reading.problems:
        return Row(number, problems=tuple(dict.fromkeys(reading.problems)))
    return Row(number, cells)


class _Reading:
    """The state of reading one row."""

    def __init__(
        self, mapping: FileMapping, header: Sequence[str], row: Sequence[str], number: int, lookup: Lookup, file: str
    ) -> None:
        self.mapping, self.header, self.row, self.number = mapping, tuple(header), row, number
        self.lookup, self.file = lookup, file
        self.problems: list[Problem] = []

    def refuse(self, code: str, column: str = "", **params: object) -> None:
        shown = {name: text_screen.shown(value) for name, value in params.items()}
        self.problems.append(problem(code, self.file, self.number, column, **shown))

    def free_text(self, given: Field, *, names: bool) -> str:
        """A free text; SCREEN-001 when it seems to name a person. Addresses of pages hold numbers that mean nothing."""
        found = self.value(given)
        hits = text_screen.hits(_ADDRESS.sub(" ", found), names=names, places=self.lookup.places)
        if hits:
            self.refuse("SCREEN-001", given.column, what=hits[0].kind)
        return found

    def text(self, column: str) -> str:
        at = _positions(self.header, column)[0]
        return self.row[at].strip() if at < len(self.row) else ""

    def value(self, given: Field) -> str:
        if not given.column:
            return given.constant
        found = self.text(given.column)
        return given.words.get(found.casefold(), found)

    def cells(self, source: str) -> tuple[Cell, ...]:
        mapping = self.mapping
        kind, place = self.place()
        period = self.period(mapping.period)
        if source not in self.lookup.sources:
            self.refuse("OBS-011", value=source, allowed=_listed(self.lookup.sources))
        shared = Cell(
            row=self.number,
            column="",
            place_kind=kind,
            place=place,
            measure="",
            direction="",
            category="",
            period=period or Period(self.lookup.until, self.lookup.until),
            value=None,
            state="reported",
            source=source,
            quality=self.word(mapping.quality, QUALITIES, "OBS-019") or "exact",
            citation=self.free_text(mapping.citation, names=False),
            note=self.free_text(mapping.note, names=True),
            reported=self.reported(),
        )
        found = [self.cell(value, shared) for value in mapping.values]
        return tuple(cell for cell in found if cell is not None)

    def cell(self, given: ValueField, shared: Cell) -> Cell | None:
        text = self.text(given.column)
        blank = text.casefold() in self.mapping.missing
        applies = text.casefold() not in self.mapping.not_applicable
        if blank and applies and not (self.mapping.blank_is_zero and not text):
            return None
        measure = self.value(given.measure)
        facts = self.lookup.measures.get(measure)
        if facts is None:
            self.refuse("OBS-008", given.measure.column, value=measure, allowed=_listed(self.lookup.measures))
            return None
        category = self.category(given.category, measure, facts)
        number = Decimal(0) if blank else self.number_in(text, given.column, facts.kind == "count") if applies else None
        return replace(
            shared,
            column=given.column,
            measure=measure,
            direction=self.word(given.direction, DIRECTIONS, "OBS-010") or facts.direction,
            category=category,
            value=number if applies else None,
            state="reported" if applies else "na",
        )

    def category(self, given: Field, measure: str, facts: MeasureFacts) -> str:
        found = self.value(given) or TOTAL
        if found not in facts.categories and found.casefold() in {TOTAL, *facts.categories}:
            found = found.casefold()
        if found != TOTAL and found not in facts.categories:
            allowed = _listed({TOTAL, *facts.categories})
            self.refuse("OBS-009", given.column, value=found, measure=measure, allowed=allowed)
        return found

    def number_in(self, text: str, column: str, whole: bool) -> Decimal | None:
        try:
            return numbers.read(text, decimal=self.mapping.decimal, thousands=self.mapping.thousands, whole=whole)
        except Refused as refused:
            self.problems += [one.at(self.file, self.number, column) for one in refused.problems]
            return None

    def word(self, given: Field, allowed: tuple[str, ...], code: str) -> str:
        """One of a few words, in any case; "" when the cell is empty."""
        found = self.value(given).casefold()
        if found and found not in allowed:
            self.refuse(code, given.column, value=found, allowed=", ".join(allowed))
            return ""
        return found

    def place(self) -> tuple[str, str]:
        text, column = self.value(self.mapping.place), self.mapping.place.column
        kind = self.mapping.place_kind
        if not text:
            self.refuse("IMPORT-019", column, what=kind, name=column)
            return kind, ""
        asked = {"crossing": ("crossing",), "area": ("area",)}.get(kind, ("crossing", "area"))
        known: dict[str, Callable[[str], tuple[str, ...]]] = {
            "crossing": self.lookup.crossings.find,
            "area": self.lookup.areas.find,
        }
        found = [(one, code) for one in asked for code in known[one](text)]
        if len(found) == 1:
            return found[0]
        if found:
            self.refuse("OBS-007", column, value=text, names=", ".join(code for _, code in found))
        elif kind == "area":
            self.refuse("OBS-017", column, value=text)
        else:
            self.unknown_crossing(text, column)
        return kind, ""

    def unknown_crossing(self, text: str, column: str) -> None:
        near = self.lookup.crossings.near(text)
        if near:
            shown = ", ".join(f"{one.name} ({one.code})" if one.name != one.code else one.code for one in near)
            self.refuse("OBS-005", column, value=text, nearest=shown)
        else:
            self.refuse("OBS-006", column, value=text)

    def period(self, given: PeriodField) -> Period | None:
        text = given.constant or self.text(given.column)
        if not text:
            self.refuse("IMPORT-019", given.column, what="period", name=given.column)
            return None
        found = self.day_or_period(text, given, given.column)
        if found is None or not given.end_column:
            return self.begun(found, given)
        last = self.day_or_period(self.text(given.end_column), given, given.end_column)
        if last is None:
            return None
        if last.end < found.start:
            self.refuse("OBS-020", given.end_column, start=found.start, end=last.end)
            return None
        return self.begun(periods.span(found.start, last.end), given)

    def begun(self, period: Period | None, given: PeriodField) -> Period | None:
        if period is not None and period.start > self.lookup.until:
            self.refuse("OBS-002", given.column, period=period.text, today=self.lookup.until)
            return None
        return period

    def day_or_period(self, text: str, given: PeriodField, column: str) -> Period | None:
        found = periods.read(text, given.type, given.pattern)
        if found is None:
            example = periods.EXAMPLES[given.type]
            if given.pattern:
                example = date(2026, 2, 28).strftime(given.pattern)
            # Right in shape and yet no date: it does not exist. Else it is written in another way.
            if given.type == "day" and _shape(text) == _shape(example):
                self.refuse("OBS-001", column, value=text, example=example)
            else:
                self.refuse("OBS-018", column, value=text, type=given.type, example=example)
        return found

    def reported(self) -> date | None:
        given = self.mapping.reported
        if given is None or not (given.constant or self.text(given.column)):
            return None
        found = self.period(given)
        return found.start if found else None


def _shape(text: str) -> str:
    """Digits as zeros; a day or a month may have one or two."""
    return re.sub(r"[0-9]+", lambda found: "0" * max(2, len(found[0])), text)


def _listed(codes: Iterable[str], most: int = 30) -> str:
    known = sorted(codes)
    return ", ".join(known[:most]) + (", …" if len(known) > most else "")


def disagreeing(cells: Iterable[Cell], file: str = "") -> list[Problem]:
    """Cells of one file that give different values for one figure: a problem for each (IMPORT-007).

    Neither is right until a person says so; the same value twice is no problem.
    """
    seen: dict[object, list[Cell]] = {}
    for cell in cells:
        seen.setdefault(cell.key, []).append(cell)
    found: list[Problem] = []
    for same in seen.values():
        if len({(cell.value, cell.state) for cell in same}) > 1:
            for cell in same:
                other = next(one for one in same if (one.value, one.state) != (cell.value, cell.state))
                found.append(
                    problem(
                        "IMPORT-007",
                        file,
                        cell.row,
                        cell.column,
                        value=_shown(cell),
                        first=other.row,
                        other=_shown(other),
                    )
                )
    return sorted(found, key=lambda one: one.row or 0)


def _shown(cell: Cell) -> str:
    return "n/a" if cell.value is None else str(cell.value)
