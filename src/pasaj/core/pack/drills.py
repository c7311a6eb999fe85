"""drills/*.toml: crises of the past, as they are played again in a drill."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from pasaj.core.drill.players import Player, Spell
from pasaj.core.drill.shapes import Absence, Change, Conflict, Counts, Cut, Key, Rumour, Scenario, Silence, Usual
from pasaj.core.pack import toml
from pasaj.core.pack.sheets import Book
from pasaj.core.pack.toml import Table

PLAYERS = ("post", "duty", "drafter", "approver", "recipient", "institution", "gateway")
OUTCOMES = ("confirmed", "refuted", "unverifiable")
SHAPES: dict[str, Callable[[int, int], float]] = {
    "flat": lambda _at, _days: 1.0,
    "rise": lambda at, _days: at + 1.0,
    "fall": lambda at, days: float(days - at),
    "peak": lambda at, days: 1.0 + min(at, days - 1 - at),
}
LONGEST = 120  # days that are played, and ordinary days before
_NAME = 'name = {fr = "Retours en masse"}'
_WHEN = "onset = 2015-06-17T06:00:00"
_TOTALS = "totals = {XX-BCP-01 = 1200}"
_LEVELS = "levels = {XX-BCP-01 = 12.5}"


@dataclass(frozen=True, slots=True)
class _Days:
    """The days of a scenario, and what its parts may name."""

    first: date  # of the ordinary days
    last: date
    book: Book


def is_drill(file: str) -> bool:
    """Whether a file of a pack is one of its drills."""
    return file.startswith("drills/") and file.endswith(".toml")


def read(book: Book) -> tuple[Scenario, ...]:
    """Every usable scenario. That plan, hazard and level exist is seen when it is played."""
    found: dict[str, tuple[str, Scenario]] = {}
    for file in sorted(one for one in book.files if is_drill(one)):
        table = toml.load(file, book)
        if table is None:
            continue
        one = _scenario(table, book)
        first = found.setdefault(one.code, (file, one))[0]
        if first != file and one.code:
            table.refuse("PACK-055", "code", value=one.code, first_file=first)
    return tuple(one for _file, one in found.values())


def _scenario(table: Table, book: Book) -> Scenario:
    if table.get("schema", "schema = 1", needed=True) not in (1, None):
        table.bad("schema", "schema = 1")
    start = _date(table, "start", "start = 2015-06-16")
    days = round(_number(table, "days", "days = 30", 1, LONGEST))
    before = round(_number(table, "before", "before = 42", 14, LONGEST, 42))
    within = _Days(start - timedelta(days=before), start + timedelta(days=days - 1), book)
    found = _whole(table, within, before)
    _without_usual(table, found)
    table.strangers()
    return found


def _whole(table: Table, within: _Days, before: int) -> Scenario:
    source, verify = table.provenance()
    return Scenario(
        code=table.code("code", 'code = "returns-2015"'),
        plan=table.code("plan", 'plan = "mass-returns"'),
        hazard=table.code("hazard", 'hazard = "mass-returns"'),
        level=table.code("level", 'level = "orange"'),
        names=table.names("name", _NAME),
        summaries=table.names("summary", 'summary = {fr = "Ce qui est joué."}'),
        start=within.first + timedelta(days=before),
        days=(within.last - within.first).days + 1 - before,
        before=before,
        onset_at=_moment(table, "onset", _WHEN, within),
        seed=round(_number(table, "seed", "seed = 2015", 0, 2**31)),
        facts=tuple((one.text("text", 'text = "…"', needed=True), _source(one)) for one in _some(table, "facts")),
        usual=tuple(_usual(table, within)),
        counts=tuple(_counts(table, within)),
        changes=tuple(_changes(table, within)),
        silences=tuple(_silences(table, within)),
        conflicts=tuple(_conflicts(table, within)),
        cuts=tuple(_cut(one, within) for one in _some(table, "cut")),
        rumours=tuple(_rumour(one, within) for one in _some(table, "rumour")),
        absences=tuple(_absence(one, within) for one in _some(table, "absence")),
        players=_players(table),
        source=source,
        verify=verify,
    )


def _source(table: Table) -> str:
    found = table.text("source", 'source = "Ministry bulletin 12"', needed=True)
    table.strangers()
    return found


def _some(table: Table, key: str) -> Iterator[Table]:
    """The tables under a key that may be absent."""
    if key in table.raw:
        yield from table.tables(key, f"[[{key}]]")


def _without_usual(table: Table, scenario: Scenario) -> None:
    """Counts on top of nothing: the series has no ordinary days to be unusual against."""
    known = {one.key for one in scenario.usual}
    for one in scenario.counts:
        if one.key not in known:
            table.refuse("DRILL-002", "counts", place=one.key.place, measure=one.key.measure)
    for change in scenario.changes:
        if change.key not in known:
            table.refuse("DRILL-002", "change", place=change.key.place, measure=change.key.measure)
    for other in scenario.conflicts:
        if Key(other.key.place, other.key.measure, other.key.category, other.of) not in known:
            table.refuse("DRILL-002", "conflict", place=other.key.place, measure=other.key.measure)


# --- Parts -------------------------------------------------------------------------------------


def _keys(table: Table, book: Book, places: Collection[str]) -> list[Key]:
    """The series of one measure, category and source at several places."""
    measure = table.text("measure", 'measure = "returns"', needed=True)
    source = table.text("source", 'source = "REG"', needed=True)
    category = table.text("category", 'category = "total"') or "total"
    table.known("measure", (measure,) if measure else (), book.measures)
    table.known("source", (source,) if source else (), book.sources)
    known = book.measure.get(measure)
    if known and category not in ("total", *known.categories):
        table.word("category", category, ("total", *known.categories))
    return [Key(place, measure, category, source) for place in places]


def _by_place(table: Table, key: str, example: str, book: Book, low: float = 0) -> dict[str, float]:
    """A table of numbers by place."""
    value = table.get(key, example, needed=True)
    if value is None:
        return {}
    wrong = not isinstance(value, dict) or not value
    if wrong or not all(_is_number(one) and low <= one <= 1e7 for one in value.values()):
        table.bad(key, example)
        return {}
    _known(table, key, value, book)
    return {place: float(one) for place, one in value.items()}


def _usual(table: Table, within: _Days) -> Iterator[Usual]:
    for one in table.tables("usual", "[[usual]]"):
        levels = _by_place(one, "levels", _LEVELS, within.book)
        weekdays = _weights(one, "weekdays", "weekdays = [1, 1, 1, 1, 1, 0.8, 0.5]", 7)
        dispersion = _number(one, "dispersion", "dispersion = 1.5", 0, 100, 1.5)
        for key in _keys(one, within.book, levels):
            yield Usual(key, levels[key.place], weekdays or (1.0,) * 7, dispersion)
        one.strangers()


def _counts(table: Table, within: _Days) -> Iterator[Counts]:
    for one in _some(table, "counts"):
        totals = _by_place(one, "totals", _TOTALS, within.book)
        start = _day(one, "start", within)
        days = round(_number(one, "days", "days = 19", 1, LONGEST, 1))
        shape = one.choice("shape", tuple(SHAPES), default="flat")
        given = _weights(one, "weights", "weights = [1, 2, 3]")
        weights = given or tuple(SHAPES[shape](at, days) for at in range(days))
        for key in _keys(one, within.book, totals):
            yield Counts(key, start, round(totals[key.place]), weights)
        one.strangers()


def _changes(table: Table, within: _Days) -> Iterator[Change]:
    for one in _some(table, "change"):
        places = _places(one, within.book)
        start, end = _span(one, within)
        factor = _number(one, "factor", "factor = 0", 0, 100)
        yield from (Change(key, start, end, factor) for key in _keys(one, within.book, places))
        one.strangers()


def _silences(table: Table, within: _Days) -> Iterator[Silence]:
    for one in _some(table, "silence"):
        places, source = _places(one, within.book), one.text("source", 'source = "REG"', needed=True)
        one.known("source", (source,) if source else (), within.book.sources)
        start, end = _span(one, within)
        yield from (Silence(place, source, start, end) for place in places)
        one.strangers()


def _conflicts(table: Table, within: _Days) -> Iterator[Conflict]:
    for one in _some(table, "conflict"):
        places, of = _places(one, within.book), one.text("of", 'of = "REG"', needed=True)
        one.known("of", (of,) if of else (), within.book.sources)
        start, end = _span(one, within)
        factor = _number(one, "factor", "factor = 0.6", 0, 100)
        yield from (Conflict(key, of, start, end, factor) for key in _keys(one, within.book, places))
        one.strangers()


def _cut(table: Table, within: _Days) -> Cut:
    start, end = (_moment(table, key, f"{key} = 2015-06-20T08:00:00", within) for key in ("start", "end"))
    if end <= start:
        table.bad("end", "end = 2015-06-22T08:00:00")
    found = Cut(_places(table, within.book), start, end)
    table.strangers()
    return found


def _rumour(table: Table, within: _Days) -> Rumour:
    place = table.text("place", 'place = "XX-BCP-01"', needed=True)
    _known(table, "place", (place,) if place else (), within.book)
    found = Rumour(
        at=_moment(table, "at", "at = 2015-06-20T08:00:00", within),
        place=place,
        source_kind=table.code("kind", 'kind = "social"'),
        texts=table.names("text", 'text = {fr = "On dit que…"}'),
        outcome=table.choice("outcome", OUTCOMES),
        hours=_number(table, "hours", "hours = 5", 0, 24 * 30),
    )
    table.strangers()
    return found


def _absence(table: Table, within: _Days) -> Absence:
    start, end = (_moment(table, key, f"{key} = 2015-06-20T08:00:00", within) for key in ("start", "end"))
    if end <= start:
        table.bad("end", "end = 2015-06-22T08:00:00")
    turn = round(_number(table, "turn", "turn = 1", 1, 99, 1))
    found = Absence(table.code("role", 'role = "approver"'), turn, Spell(start, end))
    table.strangers()
    return found


def _players(table: Table) -> dict[str, Player]:
    if "players" not in table.raw:
        return {}
    inner = table.table("players", "[players.duty]")
    found: dict[str, Player] = {}
    for role in inner.raw if inner else ():
        if role not in PLAYERS:
            table.word("players", str(role), PLAYERS)
            continue
        assert inner is not None
        one = inner.table(role, "minutes = 20")
        if one is not None:
            found[role] = _player(one)
    return found


def _player(table: Table) -> Player:
    usual = Player()
    found = Player(
        minutes=_number(table, "minutes", "minutes = 20", 0, 100_000, usual.minutes),
        spread=_number(table, "spread", "spread = 0.5", 0, 3, usual.spread),
        from_hour=round(_number(table, "from_hour", "from_hour = 7", 0, 23, usual.from_hour)),
        to_hour=round(_number(table, "to_hour", "to_hour = 21", 0, 24, usual.to_hour)),
        never=_number(table, "never", "never = 0.05", 0, 1, usual.never),
        factor=_number(table, "factor", "factor = 0.8", 0, 100, usual.factor),
    )
    table.strangers()
    return found


# --- Values ------------------------------------------------------------------------------------


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _number(table: Table, key: str, example: str, low: float, high: float, default: float | None = None) -> float:
    value = table.get(key, example, needed=default is None)
    if value is None:
        return low if default is None else default
    if not _is_number(value) or not low <= value <= high:
        table.bad(key, example)
        return low
    return float(value)


def _weights(table: Table, key: str, example: str, length: int = 0) -> tuple[float, ...]:
    """A list of weights, one above zero at least; none when the key is absent."""
    value = table.get(key, example)
    if value is None:
        return ()
    numbers = isinstance(value, list) and all(_is_number(one) and 0 <= one <= 1e6 for one in value)
    if not numbers or not any(value) or len(value) != (length or len(value)) or len(value) > LONGEST:
        table.bad(key, example)
        return ()
    return tuple(float(one) for one in value)


def _places(table: Table, book: Book) -> tuple[str, ...]:
    found = table.several("places", 'places = ["XX-BCP-01"]', needed=True)
    _known(table, "places", found, book)
    return found


def _known(table: Table, key: str, places: Iterable[str], book: Book) -> None:
    """Refuse places that are neither a crossing nor an area: both files are always there."""
    for place in places:
        book.findings.unknown(book.places, place, *table.place(key))


def _date(table: Table, key: str, example: str) -> date:
    value: Any = table.get(key, example, needed=True)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if value is not None:
        table.bad(key, example)
    return date(2000, 1, 1)


def _day(table: Table, key: str, within: _Days) -> date:
    """A day of the scenario, or the last one after saying that it lies outside."""
    found = _date(table, key, f"{key} = 2015-06-21")
    return found if _inside(table, key, found, within) else within.last


def _span(table: Table, within: _Days) -> tuple[date, date]:
    start, end = _day(table, "start", within), _day(table, "end", within)
    if end < start:
        table.bad("end", "end = 2015-07-09")
    return start, end


def _moment(table: Table, key: str, example: str, within: _Days) -> datetime:
    """A moment of the scenario on the country's clock, without a zone."""
    value = table.get(key, example, needed=True)
    last = datetime.combine(within.last, datetime.max.time().replace(microsecond=0))
    if not isinstance(value, datetime) or value.tzinfo is not None:
        if value is not None:
            table.bad(key, example)
        return last
    return value if _inside(table, key, value.date(), within) else last


def _inside(table: Table, key: str, day: date, within: _Days) -> bool:
    if within.first <= day <= within.last:
        return True
    table.refuse("DRILL-003", key, day=day, first=within.first, last=within.last)
    return False
