"""The mapping file of an import, checked: a plain dict (from YAML) becomes a `FileMapping`.

period: {column: Date, type: day, format: DD/MM/YYYY}
crossing: {column: Point}                # or a code: XX-BCP-01; or  `area:`, or `place:` for either
values:                                  # wide: one column a figure
- {column: Entrées, measure: entries, direction: in, category: total}
values: {column: Nombre, measure: {column: Mesure, words: {Retours: returns}}}   # long: one row a figure
constants: {source: REG, quality: exact}
decimal: ","
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pasaj.core.importing.shape import Reader
from pasaj.core.periods import EXAMPLES, TYPES, pattern
from pasaj.core.problems import Refused, problem

QUALITIES = ("exact", "partial", "approx", "derived", "estimate")
DIRECTIONS = ("in", "out", "none")
PLACES = ("crossing", "area", "place")
# What people leave in a cell when there is no report. It is never zero.
MISSING = ("", "-", "–", "—", "…", "..", "n/a", "na", "nd", "n.d.")
DELIMITERS = {",": ",", ";": ";", "\t": "\t", "|": "|", "tab": "\t", "comma": ",", "semicolon": ";"}
KEYS = (
    "period",
    *PLACES,
    "values",
    "constants",
    "quality",
    "citation",
    "note",
    "reported",
    "decimal",
    "thousands",
    "encoding",
    "delimiter",
    "zero",
    "missing",
    "not_applicable",
)


@dataclass(frozen=True, slots=True)
class Field:
    """Where a value comes from: a column (its words translated by `words`), or the same for every row."""

    column: str = ""
    constant: str = ""
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def given(self) -> bool:
        return bool(self.column or self.constant)


@dataclass(frozen=True, slots=True)
class PeriodField:
    """The column of the period (or of the first and the last day of a span), its type and date pattern."""

    type: str
    column: str = ""
    end_column: str = ""
    pattern: str = ""
    constant: str = ""


@dataclass(frozen=True, slots=True)
class ValueField:
    """A column of figures and what they measure; an empty direction is the measure's own."""

    column: str
    measure: Field
    direction: Field
    category: Field


@dataclass(frozen=True, slots=True)
class FileMapping:
    """A checked mapping. `place_kind`: crossing, area, or place (a crossing or an area)."""

    period: PeriodField
    place_kind: str
    place: Field
    values: tuple[ValueField, ...]
    source: str = ""
    quality: Field = Field(constant="exact")
    citation: Field = Field()
    note: Field = Field()
    reported: PeriodField | None = None
    decimal: str = ""
    thousands: str = ""
    encoding: str = ""
    delimiter: str = ""
    blank_is_zero: bool = False
    missing: frozenset[str] = frozenset(MISSING)
    not_applicable: frozenset[str] = frozenset()


def parse(plain: object, file: str = "") -> FileMapping:
    """Check a mapping as YAML gives it. Raises Refused with every problem found: IMPORT-008 to 012."""
    if not isinstance(plain, Mapping) or not plain:
        raise Refused(problem("IMPORT-008", file=file))
    reader = Reader(file)
    reader.keys(plain, KEYS)
    constants = reader.section(plain, "constants", ("source", "quality", "citation", "note"))
    values = _values(reader, plain.get("values"))
    reported = None
    if plain.get("reported") is not None:
        reported = _period(reader, plain["reported"], "reported", "day")
    kind, place = _place(reader, plain)
    period = _period(reader, plain.get("period"), "period", "")
    quality = _either(reader, plain, constants, "quality") or Field(constant="exact")
    if quality.constant:
        reader.choice("quality", quality.constant, QUALITIES)
    mapping = FileMapping(
        period=period,
        place_kind=kind,
        place=place,
        values=values,
        source=str(constants.get("source") or ""),
        quality=quality,
        citation=_either(reader, plain, constants, "citation") or Field(),
        note=_either(reader, plain, constants, "note") or Field(),
        reported=reported,
        decimal=reader.choice("decimal", plain.get("decimal"), (",", ".")),
        thousands=reader.choice("thousands", plain.get("thousands"), (",", ".", " ", "'")),
        encoding=reader.text("encoding", plain.get("encoding")),
        delimiter=DELIMITERS.get(reader.choice("delimiter", plain.get("delimiter"), tuple(DELIMITERS)), ""),
        blank_is_zero=reader.choice("zero", plain.get("zero"), ("explicit", "blank_is_zero")) == "blank_is_zero",
        missing=_cells(reader, plain, "missing", MISSING),
        not_applicable=_cells(reader, plain, "not_applicable", ()),
    )
    if mapping.decimal and mapping.decimal == mapping.thousands:
        reader.refuse("IMPORT-011", key="thousands", value=mapping.thousands, allowed="another sign than `decimal`")
    reader.finish()
    return mapping


def _cells(reader: Reader, plain: Mapping[Any, Any], key: str, default: tuple[str, ...]) -> frozenset[str]:
    """Cell texts with a meaning of their own, compared without case."""
    given = plain.get(key)
    if given is None:
        return frozenset(default)
    if not isinstance(given, list):
        given = [given]
    return frozenset(reader.text(key, one).strip().casefold() for one in given)


def _either(reader: Reader, plain: Mapping[Any, Any], constants: Mapping[Any, Any], key: str) -> Field | None:
    """A column, or the constant of that name; not both."""
    constant = constants.get(key)
    if plain.get(key) is None:
        return Field(constant=reader.text(key, constant)) if constant is not None else None
    if constant is not None:
        reader.refuse("IMPORT-012", key=key)
    return _field(reader, plain[key], key)


def _field(reader: Reader, given: object, key: str) -> Field:
    if not isinstance(given, Mapping):
        return Field(constant=reader.text(key, given))
    reader.keys(given, ("column", "words"), key)
    words = reader.section(given, "words", None)
    column = reader.needed(given, f"{key}.column", "column", f"{key}: {{column: NAME}}")
    return Field(column, "", {str(word).strip().casefold(): str(code) for word, code in words.items()})


def _place(reader: Reader, plain: Mapping[Any, Any]) -> tuple[str, Field]:
    given = [kind for kind in PLACES if plain.get(kind) is not None]
    if len(given) != 1:
        if given:
            reader.refuse("IMPORT-012", key=", ".join(given))
        else:
            reader.refuse("IMPORT-010", key="crossing", example="crossing: {column: NAME}")
        return "place", Field()
    return given[0], _field(reader, plain[given[0]], given[0])


def _period(reader: Reader, given: object, key: str, type: str) -> PeriodField:
    example = f"{key}: {{column: Date, type: day, format: DD/MM/YYYY}}"
    if given is None:
        reader.refuse("IMPORT-010", key=key, example=example)
        return PeriodField("day")
    if not isinstance(given, Mapping):
        # The whole file speaks of one period, or the type is still to be told.
        reader.refuse("IMPORT-011", key=key, value=given, allowed=example)
        return PeriodField("day")
    reader.keys(given, ("column", "end_column", "type", "format", "constant"), key)
    chosen = type or reader.choice(f"{key}.type", given.get("type"), TYPES)
    if not chosen:
        reader.refuse("IMPORT-010", key=f"{key}.type", example=example)
    constant = reader.text(f"{key}.constant", given.get("constant"))
    column = reader.text(f"{key}.column", given.get("column"))
    if bool(constant) == bool(column):
        reader.refuse(*(("IMPORT-012",) if column else ("IMPORT-010",)), key=f"{key}.column", example=example)
    return PeriodField(
        type=chosen or "day",
        column=column,
        end_column=reader.text(f"{key}.end_column", given.get("end_column")),
        pattern=_pattern(reader, key, reader.text(f"{key}.format", given.get("format")), chosen or "day"),
        constant=constant,
    )


def _pattern(reader: Reader, key: str, format: str, type: str) -> str:
    if not format:
        return ""
    found = pattern(format, type)
    if found is None:
        allowed = f"{EXAMPLES[type]}: leave it out; else DD/MM/YYYY, %d.%m.%y, …"
        reader.refuse("IMPORT-011", key=f"{key}.format", value=format, allowed=allowed)
    return found or ""


def _values(reader: Reader, given: object) -> tuple[ValueField, ...]:
    example = "values: [{column: NAME, measure: CODE}]"
    entries = [given] if isinstance(given, Mapping) else given
    if not isinstance(entries, list) or not entries:
        reader.refuse("IMPORT-010", key="values", example=example)
        return ()
    found = []
    for number, entry in enumerate(entries, 1):
        key = "values" if len(entries) == 1 else f"values {number}"
        if not isinstance(entry, Mapping):
            reader.refuse("IMPORT-011", key=key, value=entry, allowed=example)
            continue
        reader.keys(entry, ("column", "measure", "direction", "category"), key)
        column = reader.needed(entry, f"{key}.column", "column", example)
        if entry.get("measure") is None:
            reader.refuse("IMPORT-010", key=f"{key}.measure", example=example)
        fields = [
            _field(reader, entry[name], f"{key}.{name}") if entry.get(name) is not None else Field()
            for name in ("measure", "direction", "category")
        ]
        if fields[1].constant:
            reader.choice(f"{key}.direction", fields[1].constant, DIRECTIONS)
        found.append(ValueField(column, *fields))
    return tuple(found)
