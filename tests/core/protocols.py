"""A protocol of two made-up countries on the clocks of the real ones, for the tests of its rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from pasaj.core.protocol import Calendar, Clause, Clocks, Facts, Operation, Protocol, Side

CLOCKS = Clocks(ZoneInfo("America/Port-au-Prince"), ZoneInfo("America/Santo_Domingo"))
FLAG, DUARTE, NEW_YEAR = date(2026, 5, 18), date(2026, 1, 26), date(2026, 1, 1)
YEARS = frozenset(range(2014, 2027))
CALENDARS = {"HT": Calendar(frozenset({FLAG, NEW_YEAR}), YEARS), "DO": Calendar(frozenset({DUARTE, NEW_YEAR}), YEARS)}
HOURS = Clause(
    code="a",
    texts={"fr": "Heures"},
    rule="hours",
    hours=(time(8), time(17, 59)),
    short_hours=(time(8), time(12)),
    short_weekdays=(6,),
    holidays=("HT", "DO"),
)
CLAUSES = (
    HOURS,
    Clause("b", {"fr": "Familles"}, "families"),
    Clause("c", {"fr": "Points"}, "place", points=("P-1", "P-2")),
    Clause("d", {"fr": "Effets"}, "answers", expect={"effects_kept": "yes", "documents_retained": "no"}),
    Clause("e", {"fr": "Copie"}, "answers", expect={"order_copy": "yes"}),
    Clause("f", {"fr": "Listes"}, "announced", measure="returns_announced"),
    Clause("g", {"fr": "Postes"}, "posts", institutions=("IMM",)),
)
PROTOCOL = Protocol(
    code="XX-1999",
    titles={"fr": "Protocole"},
    receiving=Side("HT", "America/Port-au-Prince"),
    handing=Side("DO", "America/Santo_Domingo"),
    scope={"deported": "applies", "voluntary": "disputed", "spontaneous": "outside"},
    clauses=CLAUSES,
)
NOON = datetime.fromisoformat("2026-07-01T11:00")  # a Wednesday in summer: both clocks agree
COUNTS = {"deported": 40, "voluntary": 0, "spontaneous": 3}
GOOD = Operation(
    key="RO-1",
    place="P-1",
    place_type="crossing",
    transport="land",
    place_kind="official",
    from_country="DO",
    day=NOON.date(),
    at=NOON,
    counts=COUNTS,
    families_separated=0,
    answers={
        "families_together": "yes",
        "effects_kept": "yes",
        "documents_retained": "no",
        "order_copy": "yes",
        "inspection_post": "yes",
    },
)
FACTS = Facts(
    CLOCKS,
    CALENDARS,
    {"P-1": frozenset({"IMM"})},
    {"returns_announced": {("P-1", NOON.date()): 40}},
)


def at(text: str, **more: object) -> Operation:
    """The good operation at another hour of the receiving side."""
    moment = datetime.fromisoformat(text)
    return replace(GOOD, at=moment, day=moment.date(), **more)  # type: ignore[arg-type]
