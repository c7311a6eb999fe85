"""Rows of the files about places and services: areas, crossing points, institutions, posts, calendar."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pasaj.core.pack import values
from pasaj.core.pack.cells import NAME, Cells
from pasaj.core.pack.shapes import Area, CalendarRule, CrossingPoint, Institution, Post
from pasaj.core.pack.sheets import Book, Sheet

LEVELS = ("0", "1", "2", "zone")
# What people call levels: the first has a number of its own, the others the number of their parents.
COUNTRY = ("country", "national")
DIVISIONS = (
    "arrondissement",
    "commune",
    "county",
    "department",
    "département",
    "district",
    "governorate",
    "municipality",
    "prefecture",
    "province",
    "region",
    "région",
)
_ADMIN = re.compile(r"(?:adm|admin)[ _-]?([012])")
CROSSING_KINDS = ("land", "air", "sea")
OTHER_KINDS = {
    "airport": "air",
    "harbour": "sea",
    "port": "sea",
    "seaport": "sea",
    "bridge": "land",
    "rail": "land",
    "road": "land",
}
OFFICIAL = ("yes", "no", "verify")
STATUSES = ("open", "partly", "closed", "unknown")
INSTITUTION_KINDS = (
    "ministry",
    "border agency",
    "police",
    "migration",
    "protection",
    "coordination",
    "identity",
    "oversight",
    "data",
    "support",
    "civil society",
    "local",
    "foreign",
)
CALENDAR_KINDS = ("holiday", "market")
CADENCES = ("day", "week", "month")
OTHER_CADENCES = {"daily": "day", "weekly": "week", "monthly": "month"}


def key(*parts: str) -> str:
    """A stable key for rows without a code: the fingerprint of what makes them the same row."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def _area(cells: Cells, book: Book) -> Area:
    code = cells.define(book.areas)
    book.area_rows.append(cells.row)
    if code:
        book.places.rows.setdefault(code, cells.row)
    lat, lon = cells.position()
    source, verify = cells.provenance()
    return Area(
        code=code,
        level=_level(cells),
        names=cells.names(),
        parent=cells.text("parent", 40),
        iso=cells.text("iso", 12),
        pcode=cells.text("pcode", 20),
        lat=lat,
        lon=lon,
        borders=cells.flag("borders"),
        source=source,
        verify=verify,
        note=cells.text("note"),
    )


def _level(cells: Cells) -> str:
    """One of LEVELS; empty when the parents will tell it."""
    word = cells.text("level").lower()
    if not cells.has("level") or word in DIVISIONS:
        return ""
    if word in COUNTRY:
        return "0"
    found = _ADMIN.fullmatch(word)
    return found[1] if found else cells.choice("level", LEVELS)


AREAS = Sheet(
    "areas.csv",
    _area,
    needed=("code",),
    more=("level", "parent", "iso", "pcode", "lat", "lon", "borders", "source", "note"),
    names=("name",),
    others={"admin_level": "level", "parent_code": "parent", "p_code": "pcode"},
    required=True,
    origin="source",
)


def parents(areas: Sequence[Area], book: Book) -> tuple[Area, ...]:
    """The areas, each with its parent and level, as far as there is only one answer.

    Checks that every parent exists, lies above its child, and that no chain of parents runs in a circle.
    """
    areas = _settled(areas)
    by_code: dict[str, Area] = {}
    for area in areas:
        if area.code:
            by_code.setdefault(area.code, area)
    for area, row in zip(areas, book.area_rows, strict=True):
        _parent(area, row, by_code, book)
    settled: set[str] = set()
    for area in by_code.values():
        chain: dict[str, None] = {}
        code = area.code
        while code in by_code and code not in settled and code not in chain:
            chain[code] = None
            code = by_code[code].parent
        if code in chain:
            circle = [*list(chain)[list(chain).index(code) :], code]
            shown = circle if len(circle) <= 8 else [*circle[:4], "…", *circle[-3:]]
            book.findings.refuse("PACK-018", AREAS.file, book.areas.rows.get(code), "parent", chain=" > ".join(shown))
        settled.update(chain)
    return areas


def _settled(areas: Sequence[Area]) -> tuple[Area, ...]:
    """Areas without a parent lie in the only country there is; a level that nobody wrote is the number of parents."""
    roots = [area for area in areas if not area.parent]
    countries = [area for area in roots if area.level == "0"]
    if len(roots) == 1 and not roots[0].level:
        areas = [replace(area, level="0") if area is roots[0] else area for area in areas]
    elif len(countries) == 1:
        areas = [_inside(countries[0], area) for area in areas]
    by_code = {area.code: area for area in areas}
    return tuple(area if area.level else replace(area, level=_depth(area, by_code)) for area in areas)


def _inside(country: Area, area: Area) -> Area:
    return area if area.parent or area.level in ("0", "2") else replace(area, parent=country.code)


def _depth(area: Area, by_code: Mapping[str, Area]) -> str:
    """How many areas lie around this one, as a level; empty when that is none of them, or runs in a circle."""
    depth, top = 0, area
    while top.parent in by_code and top.level != "0" and depth < len(LEVELS):
        top, depth = by_code[top.parent], depth + 1
    if top.level in LEVELS[:3]:
        depth += int(top.level)
    elif not top.parent:
        depth += 1
    return LEVELS[depth] if depth < len(LEVELS) - 1 else ""


def _parent(area: Area, row: int, by_code: dict[str, Area], book: Book) -> None:
    if not area.level and not book.findings.told(AREAS.file, row, "level"):
        book.findings.refuse("PACK-010", AREAS.file, row, "level")
    if not area.parent:
        if area.level == "2":
            book.findings.refuse("PACK-010", AREAS.file, row, "parent")
        return
    parent = by_code.get(area.parent)
    if parent is not None:
        if not _above(parent.level, area.level):
            book.findings.refuse(
                "PACK-019",
                AREAS.file,
                row,
                "parent",
                level=area.level,
                parent=parent.code,
                parent_level=parent.level,
            )
    else:
        book.findings.unknown(book.areas, area.parent, AREAS.file, row, "parent")


def _above(parent: str, child: str) -> bool:
    """A zone may lie in any area with a number; an area with a number in one with a lower number.

    A level that was refused already is not held against the row again.
    """
    if not parent or not child:
        return True
    return parent != "zone" and (child == "zone" or parent < child)


def _crossing(cells: Cells, book: Book) -> CrossingPoint:
    code = cells.define(book.crossings)
    if code and code in book.areas.rows:
        cells.refuse("PACK-039", "code", value=code)
    book.places.rows.setdefault(code, cells.row)
    official = cells.choice("official", OFFICIAL)
    lat, lon = cells.position()
    precision = cells.number("precision_km", 0, 1000)
    if official == "no" and (lat is not None or lon is not None):
        cells.warn("PACK-064", "lat")
        lat = lon = precision = None
    elif lat is not None and lon is not None and book.manifest:
        west, south, east, north = book.manifest.extent
        if not (west <= lon <= east and south <= lat <= north):
            cells.warn("PACK-070", "lat")
    source, verify = cells.provenance()
    return CrossingPoint(
        code=code,
        name=cells.need("name", NAME),
        kind=cells.choice("kind", CROSSING_KINDS, others=OTHER_KINDS),
        official=official,
        area=cells.refer("area", book.areas),
        counterpart=cells.text("counterpart", NAME),
        counterpart_country=cells.country("counterpart_country"),
        lat=lat,
        lon=lon,
        precision_km=precision,
        status=cells.choice("status", STATUSES, default="unknown"),
        aliases=cells.several("aliases"),
        note=cells.text("note"),
        source=source,
        verify=verify or ("verify" if official == "verify" else ""),
    )


CROSSINGS = Sheet(
    "crossing_points.csv",
    _crossing,
    needed=(
        "code",
        "name",
        "kind",
        "official",
        "area",
        "counterpart",
        "counterpart_country",
        "lat",
        "lon",
        "precision_km",
        "status",
        "aliases",
        "note",
        "source",
    ),
    required=True,
)


def _institution(cells: Cells, book: Book) -> Institution:
    source, verify = cells.provenance()
    return Institution(
        code=cells.define(book.institutions),
        names=cells.names(),
        kind=cells.choice("kind", INSTITUTION_KINDS),
        supervision=cells.text("supervision", 120),
        mandate=cells.text("mandate"),
        source=source,
        country=cells.country("country"),
        verify=verify,
    )


INSTITUTIONS = Sheet(
    "institutions.csv",
    _institution,
    needed=("code", "kind"),
    more=("supervision", "mandate", "source", "country"),
    names=("name",),
    origin="source",
)


def _calendar(cells: Cells, book: Book) -> CalendarRule:
    column = "rule" if cells.text("rule") else "date"
    if cells.text("rule") and cells.text("date"):
        cells.refuse("PACK-037", "rule")
    written = cells.need(column)
    rule = values.rule(written)
    if written and rule is None:
        cells.refuse("PACK-028", column, value=written[:60])
    country = cells.country("country")
    crossing = cells.refer("crossing", book.crossings, needed=False)
    kind = cells.choice("kind", CALENDAR_KINDS)
    if rule:
        book.once(cells, column, "calendar", rule, country, crossing, kind)
    source, verify = cells.provenance()
    return CalendarRule(
        key=key(rule or "", country, crossing, kind),
        rule=rule or "",
        country=country,
        crossing=crossing,
        kind=kind,
        names=cells.names(),
        source=source,
        verify=verify,
    )


CALENDAR = Sheet(
    "calendar.csv",
    _calendar,
    needed=("date", "kind"),
    more=("rule", "country", "crossing", "source"),
    names=("name",),
    origin="source",
)


def _post(cells: Cells, book: Book) -> Post:
    crossing = cells.refer("crossing", book.crossings)
    institution = cells.refer("institution", book.institutions)
    source_code = cells.refer("source", book.sources)
    cells.need("measures")
    measures = cells.several("measures")
    for measure in measures:
        cells.known("measures", measure, book.measures)
    if crossing and source_code:
        book.once(cells, "crossing", "post", crossing, source_code)
    source, verify = cells.provenance("provenance")
    return Post(
        key=f"{crossing}/{source_code}",
        crossing=crossing,
        institution=institution,
        source_code=source_code,
        measures=measures,
        cadence=cells.choice("cadence", CADENCES, default="day", others=OTHER_CADENCES),
        usual_hour=cells.whole("usual_hour", 0, 23),
        phone=cells.text("phone", 60),
        minimum_staff=cells.whole("minimum_staff", 0, 100_000),
        note=cells.text("note"),
        source=source,
        verify=verify,
    )


POSTS = Sheet(
    "posts.csv",
    _post,
    needed=("crossing", "institution", "source", "measures"),
    more=("cadence", "usual_hour", "phone", "minimum_staff", "note", "provenance"),
    origin="provenance",
)
