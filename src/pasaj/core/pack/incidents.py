"""Rows of the files about what happens at a crossing beside its counts: types of incident, and its status."""

from dataclasses import replace

from pasaj.core.pack import values
from pasaj.core.pack.cells import NAME, Cells
from pasaj.core.pack.shapes import CrossingStatus, IncidentType, Quantity
from pasaj.core.pack.sheets import Book, Sheet

DOMAINS = ("land", "sea", "any")
SIDES = ("own", "other")
STATES = ("open", "partly", "closed", "no_control")
UNIT = 20


def _type(cells: Cells, book: Book) -> IncidentType:
    source, verify = cells.provenance()
    return IncidentType(
        code=cells.define(book.incident_types),
        names=cells.names(),
        definitions=cells.names("definition", needed=False),
        domain=cells.choice("domain", DOMAINS),
        quantities=_quantities(cells),
        corridor=cells.flag("corridor"),
        protection=cells.flag("protection"),
        source=source,
        verify=verify,
    )


def _quantities(cells: Cells) -> tuple[Quantity, ...]:
    """What may be counted of such an incident: `persons:persons;weight:kg|g`. Each name once."""
    found: dict[str, Quantity] = {}
    for part in cells.several("quantities"):
        what, _colon, rest = part.partition(":")
        units = tuple(unit.strip() for unit in rest.split("|"))
        usable = values.CODE.fullmatch(what.strip()) and all(0 < len(unit) <= UNIT for unit in units)
        if not usable or what.strip() in found:
            cells.refuse("PACK-048", "quantities", value=part[:60])
        else:
            found[what.strip()] = Quantity(what.strip(), tuple(dict.fromkeys(units)))
    return tuple(found.values())


INCIDENT_TYPES = Sheet(
    "incident_types.csv",
    _type,
    needed=("code", "domain", "quantities"),
    more=("corridor", "protection", "source"),
    names=("name", "definition"),
    origin="source",
)


def _status(cells: Cells, book: Book) -> CrossingStatus:
    crossing = cells.refer("crossing", book.crossings)
    side = cells.choice("side", SIDES)
    cells.need("from")
    start, end = cells.day("from"), cells.day("until")
    if start and end and end < start:
        cells.refuse("PACK-049", "until", value=end.isoformat())
    if crossing and side and start:
        book.once(cells, "from", "status", crossing, side, start.isoformat())
    source, verify = cells.provenance()
    found = CrossingStatus(
        crossing=crossing,
        side=side,
        state=cells.choice("state", STATES),
        end=end,
        cause=cells.text("cause"),
        hours=cells.text("hours", NAME),
        source=source,
        verify=verify,
    )
    return replace(found, start=start) if start else found


STATUSES = Sheet(
    "crossing_status.csv",
    _status,
    needed=("crossing", "side", "state", "from"),
    more=("until", "cause", "hours", "source"),
    origin="source",
)
