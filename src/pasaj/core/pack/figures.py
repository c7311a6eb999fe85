"""Rows of the files about what is counted: measures, categories, sources, thresholds, published figures, texts."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from pasaj.core.detect import METHODS
from pasaj.core.pack import values
from pasaj.core.pack.cells import NAME, Cells
from pasaj.core.pack.places import CADENCES, OTHER_CADENCES, key
from pasaj.core.pack.shapes import (
    Category,
    Instrument,
    Measure,
    PublishedFigure,
    Source,
    Threshold,
    TimelineEvent,
)
from pasaj.core.pack.sheets import Book, Sheet
from pasaj.core.periods import Period

TOTAL = "total"
_NEVER = Period(date.min, date.min)
"""Stands in for an unusable period, in a row that is refused."""
MEASURE_KINDS = ("count", "quantity")
DIRECTIONS = ("in", "out", "none")
ALERT_ON = ("up", "down", "both", "none")
AUTO = "auto"  # the detector that fits each series
DETECTORS = (AUTO, *METHODS, "ears_c1", "ears_c2", "ears_c3")
SENSITIVITIES = ("few", "balanced", "early")
MOST_WARNED = 1_000_000  # of always_from: a rule for higher counts is a threshold
SOURCE_KINDS = ("operational", "published")
OPERATORS = ("ge", "le")
QUALITIES = ("exact", "partial", "approx", "derived", "estimate")


def _source(cells: Cells, book: Book) -> Source:
    written = cells.text("url", 490)
    url = values.address(written) if written else ""
    if url is None:
        cells.refuse("PACK-046", "url", value=written[:60])
    return Source(
        code=cells.define(book.sources),
        name=cells.need("name", 300),
        institution=cells.refer("institution", book.institutions, needed=False),
        definition=cells.text("definition"),
        url=url or "",
        kind=cells.choice("kind", SOURCE_KINDS, default="operational"),
        verify=cells.text("verify", NAME * 5),
    )


SOURCES = Sheet(
    "sources.csv",
    _source,
    needed=("code", "name", "institution", "definition", "url"),
    more=("kind",),
    required=True,
)


def _measure(cells: Cells, book: Book) -> Measure:
    code = cells.define(book.measures)
    categories = tuple(one for one in cells.several("categories") if one != TOTAL)
    for category in categories:
        if not values.CODE.fullmatch(category):
            cells.refuse("PACK-017", "categories", value=category[:60])
    kind = cells.choice("kind", MEASURE_KINDS)
    found = Measure(
        code=code,
        names=cells.names(),
        kind=kind,
        # Things that are counted need no unit; what is measured means nothing without one.
        unit=cells.text("unit", 40) if kind == "count" else cells.need("unit", 40),
        direction=cells.choice("direction", DIRECTIONS),
        categories=categories,
        cadence=cells.choice("cadence", CADENCES, others=OTHER_CADENCES),
        protection=cells.flag("protection"),
        alert_on=cells.choice("alert_on", ALERT_ON, default="none"),
        definitions=cells.names("definition", needed=False),
        category_names={},
        per_source=cells.flag("per_source"),
        method=cells.choice("method", DETECTORS, default=AUTO),
        sensitivity=cells.choice("sensitivity", SENSITIVITIES, default="balanced"),
        always_from=cells.whole("always_from", 1, MOST_WARNED),
        source=cells.text("source"),
        verify=cells.text("verify", NAME * 5),
    )
    if found.always_from is not None:
        _warned(cells, found)
    book.measure.setdefault(code, found)
    return found


def _warned(cells: Cells, found: Measure) -> None:
    """Only counts that are watched for rises, by the method for rare ones, can warn from a number on."""
    for column, value, allowed in (
        ("kind", found.kind, ("count",)),
        ("alert_on", found.alert_on, ("up", "both")),
        ("method", found.method, (AUTO, "rare")),
    ):
        if value and value not in allowed:
            cells.refuse("PACK-099", column, value=value, always_from=found.always_from, allowed=", ".join(allowed))


MEASURES = Sheet(
    "measures.csv",
    _measure,
    needed=("code", "kind", "unit", "direction", "categories", "cadence", "protection", "alert_on"),
    more=("per_source", "method", "sensitivity", "always_from", "source"),
    names=("name", "definition"),
    required=True,
)


def _category(cells: Cells, book: Book) -> Category:
    measure = cells.refer("measure", book.measures)
    code = category(cells, book, "code", measure) or cells.need("code")
    if measure and code:
        book.once(cells, "code", "category", measure, code)
    return Category(measure=measure, code=code, names=cells.names())


CATEGORIES = Sheet("categories.csv", _category, needed=("measure", "code"), names=("name",))


def category(cells: Cells, book: Book, column: str, measure: str) -> str:
    """A category of a measure, or empty. `total` belongs to every measure."""
    code = cells.text(column)
    owner = book.measure.get(measure)
    if code and code != TOTAL and owner is not None and code not in owner.categories:
        listed = ", ".join(owner.categories) or TOTAL
        cells.refuse("PACK-035", column, value=code[:60], measure=measure, allowed=listed)
    return code


def named(measures: tuple[Measure, ...], categories: tuple[Category, ...]) -> tuple[Measure, ...]:
    """Measures with the names of their categories."""
    by_measure: dict[str, dict[str, dict[str, str]]] = {}
    for one in categories:
        by_measure.setdefault(one.measure, {})[one.code] = dict(one.names)
    return tuple(replace(one, category_names=by_measure.get(one.code, {})) for one in measures)


def _instrument(cells: Cells, book: Book) -> Instrument:
    cells.period("date", needed=False)
    source, verify = cells.provenance()
    return Instrument(
        code=cells.define(book.instruments),
        title=cells.need("title"),
        kind=cells.need("kind", 40),
        date=cells.text("date", 40),
        status=cells.text("status"),
        summary=cells.text("summary"),
        source=source,
        verify=verify,
    )


INSTRUMENTS = Sheet(
    "instruments.csv",
    _instrument,
    needed=("code", "title", "kind"),
    more=("date", "status", "summary", "source"),
    origin="source",
)


def _event(cells: Cells, book: Book) -> TimelineEvent:
    period = cells.period("date") or _NEVER
    written, event = cells.text("date", 40), cells.need("event")
    if event:
        book.once(cells, "event", "event", written, event)
    source, verify = cells.provenance()
    return TimelineEvent(
        key=key(written, event),
        date=written,
        period=period,
        event=event,
        kind=cells.need("kind", 40),
        source=source,
        verify=verify,
    )


TIMELINE = Sheet("timeline.csv", _event, needed=("date", "event", "kind"), more=("source",), origin="source")


def _threshold(cells: Cells, book: Book) -> Threshold:
    measure = cells.refer("measure", book.measures)
    versus = cells.refer("versus", book.measures, needed=False)
    factor = cells.decimal("factor", -10_000_000, 10_000_000)
    value = cells.decimal("value")
    if bool(versus) == (value is not None):
        cells.refuse("PACK-036", "value")
    source, verify = cells.provenance()
    return Threshold(
        code=cells.define(book.thresholds),
        names=cells.names(),
        measure=measure,
        category=category(cells, book, "category", measure) or TOTAL,
        op=cells.choice("op", OPERATORS),
        versus=versus,
        factor=Decimal(1) if factor is None else factor,
        value=value,
        protection=cells.flag("protection"),
        source=source,
        verify=verify,
    )


THRESHOLDS = Sheet(
    "thresholds.csv",
    _threshold,
    needed=("code", "measure", "op"),
    more=("category", "versus", "factor", "value", "protection", "source"),
    names=("name",),
    origin="source",
)


def _figure(cells: Cells, book: Book) -> PublishedFigure:
    place = cells.refer("place", book.places)
    measure = cells.refer("measure", book.measures)
    owner = book.measure.get(measure)
    direction = cells.choice("direction", DIRECTIONS, default=owner.direction if owner else "none")
    split = category(cells, book, "category", measure) or TOTAL
    period = cells.period("period") or _NEVER
    source = cells.refer("source", book.sources)
    reported_at = cells.day("reported_at")
    book.once(cells, "period", "figure", place, measure, direction, split, period.text, source, reported_at)
    return PublishedFigure(
        file=cells.file,
        row=cells.row,
        place=place,
        place_kind="crossing" if place in book.crossings.rows else "area",
        measure=measure,
        direction=direction,
        category=split,
        period=period,
        value=_value(cells, owner),
        quality=cells.choice("quality", QUALITIES),
        source=source,
        citation=cells.text("citation"),
        note=cells.text("note"),
        reported_at=reported_at,
        verify=cells.text("verify", NAME * 5),
    )


def _value(cells: Cells, owner: Measure | None) -> Decimal:
    """The figure itself: a count is a whole number, a quantity has at most four decimals."""
    cells.need("value")
    if owner is not None and owner.kind == "count":
        return Decimal(cells.whole("value", 0, 10**12) or 0)
    return cells.decimal("value") or Decimal(0)


FIGURES: Sheet[PublishedFigure] = Sheet(
    "observations/",
    _figure,
    needed=("place", "measure", "period", "value", "quality", "source"),
    more=("direction", "category", "citation", "note", "reported_at"),
)
