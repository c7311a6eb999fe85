"""frameworks/<code>/: framework.toml and indicators.csv become a checked framework; so do the tables of a workbook."""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from pasaj.core.framework import conditions, tables
from pasaj.core.framework.conditions import Compared, Misread
from pasaj.core.framework.shapes import ANCHORED, LEVELS, POINTS, SCALES, UNITS, Framework, Indicator, Origin, Pillar
from pasaj.core.pack import places, toml, values
from pasaj.core.pack.cells import NAME, Cells, Head
from pasaj.core.pack.findings import Domain, Findings
from pasaj.core.pack.sheets import Book
from pasaj.core.pack.table import Table, decode
from pasaj.core.pack.vocabulary import nearest
from pasaj.core.problems import Problem

FILE = re.compile(r"frameworks/([A-Za-z0-9][A-Za-z0-9_-]{0,39})/(framework\.toml|indicators\.csv)", re.ASCII)
LONGEST = 300  # of a question or an anchor
DESCRIPTION = 2000
WEIGHT = 1000
MOST = {"pillars": 40, "indicators": 500, "sources": 300, "languages": 10}
ATTRIBUTES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "country": {},
    "institution": {"kind": tuple(one.replace(" ", "_") for one in places.INSTITUTION_KINDS), "country": ()},
    "crossing_point": {"kind": places.CROSSING_KINDS, "official": places.OFFICIAL, "counterpart_country": ()},
}
"""What a condition may ask of a unit, and the words allowed; none: a country code."""

_CODE = re.compile(r"[A-Z][A-Z0-9_-]{0,39}", re.ASCII)
_VERSION = re.compile(r"(?=.*\d)[A-Za-z0-9][A-Za-z0-9.-]{0,39}", re.ASCII)
_MARKUP = re.compile(r"<[A-Za-z/!?][^>]{0,20}|&#?\w+;|\$\{|\{\{|\{%")
_HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_LOCAL = re.compile(r"(question|anchor_[0-4])_([a-z]{2,3})", re.ASCII)
_NAME = 'name = {fr = "Gestion des frontières"}'


@dataclass(frozen=True, slots=True)
class Read:
    """A framework, or None with every problem found. Warnings never stop it."""

    framework: Framework | None
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def is_framework(file: str) -> bool:
    """Whether a path is that of a file of a framework."""
    return FILE.fullmatch(file) is not None


def read(book: Book) -> tuple[Framework, ...]:
    """Every usable framework of a pack."""
    found = []
    for folder in sorted({match[1] for file in book.files if (match := FILE.fullmatch(file))}):
        meta, rows = (f"frameworks/{folder}/{name}" for name in ("framework.toml", "indicators.csv"))
        missing = [file for file in (meta, rows) if file not in book.files]
        for file in missing:
            book.findings.refuse("PACK-001", file)
        table = toml.load(meta, book) if meta not in missing else None
        text = decode(book.files[rows], rows, book.findings) if rows not in missing else None
        if table is None or text is None:
            continue
        one = _Reader(table, book.findings).framework(Table(rows, text, book.findings), rows)
        if one.code and one.code != folder:
            table.refuse("FRAME-001", "code", value=one.code, folder=folder)
        for language in book.manifest.languages if book.manifest else ():
            if language not in one.languages:
                table.warn("FRAME-036", "languages", language=language)
        found.append(one)
    return tuple(found)


def read_tables(grids: Mapping[str, Sequence[Sequence[str]]], file: str) -> Read:
    """A framework from the four tables of a workbook (core.framework.tables). Rows are those of its sheets."""
    findings = Findings()
    for name in tables.NAMES:
        if name not in grids:
            findings.refuse("FRAME-018", file, sheet=name)
    if findings.problems:
        return Read(None, tuple(findings.problems), ())
    raw, at = tables.raw(grids)
    out = io.StringIO()
    csv.writer(out).writerows(grids[tables.INDICATORS])
    meta = toml.Table(raw, Book({}, findings, None), file, (), at)
    sheet = f"{file}, {tables.INDICATORS}"
    one = _Reader(meta, findings).framework(Table(sheet, out.getvalue(), findings), sheet)
    return Read(None if findings.problems else one, tuple(findings.problems), tuple(findings.warnings))


class _Reader:
    """One framework while it is read: first what it says of itself, then its indicators."""

    def __init__(self, meta: toml.Table, findings: Findings) -> None:
        self._meta = meta
        self._findings = findings
        self._languages: tuple[str, ...] = ()
        self._pillars = Domain(meta.file, present=True)
        self._sources = Domain(meta.file, present=True)
        self._codes = Domain(meta.file, present=True)

    def framework(self, table: Table, file: str) -> Framework:
        """What could be read; worth using only where no problem was noted."""
        meta = self._meta
        code = meta.code("code", 'code = "border-management"')
        version = meta.text("version", 'version = "2026.1"', needed=True)
        if version and not _VERSION.fullmatch(version):
            meta.refuse("FRAME-002", "version", value=version[:60])
        self._languages = self._spoken()
        names = self._texts(meta, "name", _NAME, NAME, needed=True)
        descriptions = self._texts(meta, "description", f"[description] with {_NAME[8:-1]}", DESCRIPTION)
        scale, verify = meta.choice("scale", SCALES, SCALES[0]), self._line(meta, "verify", 'verify = "the wording"')
        pillars, sources = self._read_pillars(), self._read_sources()
        meta.strangers()
        indicators = self._indicators(table, file)
        self._weigh(pillars, indicators)
        self._circles(indicators, file)
        found = tuple(one for one, _row in indicators)
        return Framework(
            code, version, self._languages, names, descriptions, scale, pillars, found, sources, verify
        )  # fmt: skip

    # --- What it says of itself -----------------------------------------------------------------

    def _spoken(self) -> tuple[str, ...]:
        found = self._meta.get("languages", 'languages = ["fr", "en"]', needed=True)
        if found is None:
            return ()
        if not isinstance(found, list) or not found or not all(isinstance(one, str) for one in found):
            self._meta.bad("languages", 'languages = ["fr", "en"]')
            return ()
        for place, one in enumerate(found):
            if not values.LANGUAGE.fullmatch(one) or one in found[:place]:
                self._meta.refuse("FRAME-017", "languages", value=one[:60])
        self._count("languages", len(found))
        return tuple(dict.fromkeys(one for one in found if values.LANGUAGE.fullmatch(one)))

    def _count(self, what: str, found: int) -> None:
        if found > MOST[what]:
            self._meta.refuse("FRAME-016", what, found=found, limit=MOST[what])

    def _texts(self, table: toml.Table, key: str, example: str, limit: int, *, needed: bool = False) -> dict[str, str]:
        """A text in every language, or none at all where it is not needed."""
        value = table.get(key, example, needed=needed)
        if value is None:
            return {}
        if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
            table.bad(key, example)
            return {}
        for language in value:
            if language not in self._languages:
                table.warn("PACK-074", f"{key}.{language[:20]}", key=f"{key}.{language[:20]}")
        for language in self._languages:
            if not value.get(language, "").strip():
                table.refuse("FRAME-005", f"{key}.{language}", language=language)
        found = {language: value[language].strip() for language in self._languages if language in value}
        for language, text in found.items():
            _judge(table, f"{key}.{language}", text)
            if len(text) > limit:
                table.refuse("PACK-032", f"{key}.{language}", found=len(text), limit=limit)
        return found

    def _line(self, table: toml.Table, key: str, example: str, *, needed: bool = False, limit: int = NAME * 5) -> str:
        found = table.text(key, example, needed=needed, limit=limit)
        _judge(table, key, found)
        return found

    def _read_pillars(self) -> tuple[Pillar, ...]:
        found = []
        for number, table in enumerate(self._meta.tables("pillars", '[[pillars]] with code = "LEG"'), start=1):
            code = self._define(table, self._pillars, 'code = "LEG"', number)
            names = self._texts(table, "name", _NAME, NAME, needed=True)
            found.append(Pillar(code, names, self._weight(table)))
            table.strangers()
        self._pillars.broken = not found
        self._count("pillars", len(found))
        return tuple(found)

    def _read_sources(self) -> tuple[Origin, ...]:
        if "sources" not in self._meta.raw:
            return ()
        found = []
        for number, table in enumerate(self._meta.tables("sources", '[[sources]] with code = "IHR"'), start=1):
            code = self._define(table, self._sources, 'code = "IHR"', number)
            title = self._line(table, "title", 'title = "International Health Regulations"', needed=True)
            where, note = (self._line(table, key, f'{key} = "…"') for key in ("where", "note"))
            found.append(Origin(code, title, where, note, self._line(table, "verify", 'verify = "the page"')))
            table.strangers()
        self._sources.broken = not found
        self._count("sources", len(found))
        return tuple(found)

    def _define(self, table: toml.Table, domain: Domain, example: str, number: int) -> str:
        code = table.code("code", example)
        if code and domain.rows.setdefault(code, number) != number:
            table.refuse("PACK-055", "code", value=code, first_file=table.file)
        return code

    def _weight(self, table: toml.Table) -> Decimal:
        written = table.get("weight", "weight = 1")
        if written is None:
            return Decimal(1)
        found = None if isinstance(written, bool) else _weight(str(written))
        if found is None:
            table.refuse("FRAME-004", "weight", value=str(written)[:60], limit=WEIGHT)
        return Decimal(1) if found is None else found

    # --- Its indicators -------------------------------------------------------------------------

    def _indicators(self, table: Table, file: str) -> list[tuple[Indicator, int]]:
        """The indicators with their rows."""
        head = self._head(table)
        if head is None:
            return []
        rows = [Cells(head, row, cells) for row, cells in table.rows()]
        if len(rows) > MOST["indicators"]:
            self._findings.refuse("FRAME-016", file, found=len(rows), limit=MOST["indicators"])
            return []
        if not rows and not table.broken:
            self._findings.refuse("PACK-012", file)
        found = [(self._indicator(cells), cells) for cells in rows]
        # Conditions name indicators further down: they are read once all are known.
        whole = {one.code: one for one, _cells in reversed(found)}
        return [(self._conditioned(one, cells, whole), cells.row) for one, cells in found]

    def _head(self, table: Table) -> Head | None:
        if not table.header:
            if not table.broken:
                self._findings.refuse("PACK-012", table.file)
            return None
        local = [f"{prefix}_{language}" for prefix in ("question", *(f"anchor_{point}" for point in ANCHORED))
                 for language in self._languages]  # fmt: skip
        at: dict[str, int] = {}
        for place, column in enumerate(table.header):
            if column in at:
                self._findings.refuse("PACK-009", table.file, 1, column)
            at.setdefault(column, place)
            match = _LOCAL.fullmatch(column)
            if column not in tables.PLAIN and not (match and match[2] in self._languages):
                suggestion = nearest(column, (*tables.PLAIN, *local))
                code, more = ("PACK-061", {"nearest": suggestion}) if suggestion else ("PACK-060", {})
                self._findings.warn(code, table.file, 1, column, **more)
        missing = [column for column in ("code", "pillar", "level", "unit", *local) if column not in at]
        for column in missing:
            self._findings.refuse("PACK-008", table.file, 1, column)
        return None if missing else Head(table, at, {}, "")

    def _indicator(self, cells: Cells) -> Indicator:
        code = cells.need("code")
        if code and not _CODE.fullmatch(code):
            cells.refuse("FRAME-003", "code", value=code[:60])
        elif code:
            cells.define(self._codes)
        sources = cells.several("sources")
        for one in sources:
            cells.known("sources", one, self._sources)
        if not sources:
            cells.warn("FRAME-037", "sources")
        anchors = {point: self._spoken_cells(cells, f"anchor_{point}", needed=point in ANCHORED) for point in POINTS}
        return Indicator(
            code=code,
            pillar=cells.refer("pillar", self._pillars),
            level=cells.choice("level", LEVELS),
            unit=cells.choice("unit", UNITS, others={"crossing point": "crossing_point"}),
            weight=self._cell_weight(cells),
            questions=self._spoken_cells(cells, "question", needed=True),
            anchors={point: texts for point, texts in anchors.items() if texts},
            critical=cells.flag("critical"),
            rights=cells.flag("rights"),
            sources=sources,
            verify=_judge(cells, "verify", cells.text("verify", NAME * 5)),
        )

    def _spoken_cells(self, cells: Cells, prefix: str, *, needed: bool) -> dict[str, str]:
        """A text in every language; where it is not needed, in all or in none."""
        found = {language: cells.text(f"{prefix}_{language}", LONGEST) for language in self._languages}
        wanted = needed or any(found.values())
        for language, text in found.items():
            column = f"{prefix}_{language}"
            if self._findings.told(cells.file, cells.row, column):
                continue
            if wanted and not text:
                cells.refuse("FRAME-005", column, language=language)
            _judge(cells, column, text)
        return {language: text for language, text in found.items() if text}

    def _cell_weight(self, cells: Cells) -> Decimal:
        written = cells.text("weight")
        if not written:
            return Decimal(1)
        found = _weight(written)
        if found is None:
            cells.refuse("FRAME-004", "weight", value=written[:60], limit=WEIGHT)
        return Decimal(1) if found is None else found

    def _conditioned(self, one: Indicator, cells: Cells, whole: Mapping[str, Indicator]) -> Indicator:
        written = cells.text("applies_if")
        if not written:
            return one
        try:
            condition = conditions.parse(written)
        except Misread as error:
            cells.refuse("FRAME-011", "applies_if", rest=str(error)[:60] or written[-20:])
            return one
        for compared in conditions.comparisons(condition) if one.unit else ():
            check = _check_answer if conditions.is_indicator(compared.subject) else _check_fact
            check(cells, one, compared, whole)
        return replace(one, applies_if=condition)

    # --- The whole ------------------------------------------------------------------------------

    def _weigh(self, pillars: Sequence[Pillar], indicators: Sequence[tuple[Indicator, int]]) -> None:
        """Weights that leave nothing to divide by."""
        if pillars and not sum(one.weight for one in pillars):
            self._meta.refuse("FRAME-008", "pillars")
        sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        for one, _row in indicators:
            sums[one.pillar, one.unit] += one.weight
        held = {pillar for pillar, _unit in sums}
        for number, pillar in enumerate(pillars, start=1):
            if indicators and pillar.code not in held:
                self._meta.refuse("FRAME-010", f"pillars.{number}", pillar=pillar.code)
            for unit in UNITS:
                if sums.get((pillar.code, unit), 1) == 0:
                    self._meta.refuse("FRAME-009", f"pillars.{number}", pillar=pillar.code, unit=unit)

    def _circles(self, indicators: Sequence[tuple[Indicator, int]], file: str) -> None:
        rows = {one.code: row for one, row in indicators}
        for circle in conditions.circles({one.code: conditions.needs(one.applies_if) for one, _row in indicators}):
            chain = " → ".join((*circle, circle[0]))
            self._findings.refuse("FRAME-015", file, rows[circle[0]], "applies_if", chain=chain[:200])


def _weight(text: str) -> Decimal | None:
    """A weight from 0 to WEIGHT with at most four decimals."""
    found = values.number(text)
    if found is None or not 0 <= found <= WEIGHT or len(text.partition(".")[2]) > 4:
        return None
    return abs(found)


def _judge(where: Cells | toml.Table, at: str, text: str) -> str:
    """Refuse what a page, a form or a printed report could take for something else than text."""
    markup = _MARKUP.search(text)
    if markup:
        where.refuse("FRAME-006", at, found=markup[0][:30])
    if _HIDDEN.search(text):
        where.refuse("FRAME-007", at)
    return text


def _check_answer(cells: Cells, one: Indicator, compared: Compared, whole: Mapping[str, Indicator]) -> None:
    """A comparison with the answer to another indicator."""
    other = whole.get(compared.subject)
    if other is None:
        allowed = ", ".join(ATTRIBUTES[one.unit]) or "–"
        cells.refuse("FRAME-012", "applies_if", value=compared.subject, unit=one.unit, allowed=allowed)
        return
    if other.unit not in (one.unit, "country", ""):
        cells.refuse("FRAME-014", "applies_if", subject=other.code, other=other.unit, unit=one.unit)
    for value in compared.values:
        if value not in map(str, POINTS):
            allowed = ", ".join(map(str, POINTS))
            cells.refuse("FRAME-013", "applies_if", subject=other.code, value=value, allowed=allowed)


def _check_fact(cells: Cells, one: Indicator, compared: Compared, _whole: Mapping[str, Indicator]) -> None:
    """A comparison with an attribute of the unit."""
    known = ATTRIBUTES[one.unit]
    if compared.subject not in known:
        allowed = ", ".join(known) or "–"
        cells.refuse("FRAME-012", "applies_if", value=compared.subject, unit=one.unit, allowed=allowed)
        return
    words = known[compared.subject]
    for value in compared.values:
        fits = value in words if words else values.COUNTRY.fullmatch(value)
        if not fits or compared.sign not in ("=", "!="):
            allowed = ", ".join(words) or "DO"
            cells.refuse("FRAME-013", "applies_if", subject=compared.subject, value=value, allowed=allowed)
