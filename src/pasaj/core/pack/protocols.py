"""protocols/*.toml: what two countries agreed on how people are handed over, and how it is judged."""

import re
from collections.abc import Callable, Collection
from datetime import time
from typing import Any

from pasaj.core.pack import toml, values
from pasaj.core.pack.sheets import Book
from pasaj.core.pack.toml import Table
from pasaj.core.pack.vocabulary import Vocabulary
from pasaj.core.protocol.shapes import ANSWERS, READINGS, RULES, SCOPES, Clause, Protocol, Side, Window

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EXPECTED = tuple(one for one in ANSWERS if one in ("yes", "no"))
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
_TITLE = '[title] with fr = "Accord sur les retours"'
_TEXT = 'text = {fr = "Pas de retour la nuit."}'
_SIDE = '{country = "XX", timezone = "Africa/Dakar"}'


def is_protocol(file: str) -> bool:
    """Whether a file of a pack is one of its protocols."""
    return file.startswith("protocols/") and file.endswith(".toml")


def read(book: Book, zones: Collection[str] | None) -> tuple[Protocol, ...]:
    """Every usable protocol. `zones` are the timezones this machine knows (None: not checked)."""
    found: dict[str, tuple[str, Protocol]] = {}
    for file in sorted(one for one in book.files if is_protocol(one)):
        table = toml.load(file, book)
        if table is None:
            continue
        one = _protocol(table, book, zones)
        first = found.setdefault(one.code, (file, one))[0]
        if first != file and one.code:
            table.refuse("PACK-055", "code", value=one.code, first_file=first)
    return tuple(one for _file, one in found.values())


def _protocol(table: Table, book: Book, zones: Collection[str] | None) -> Protocol:
    code = table.code("code", 'code = "XX-YY-1999"')
    instrument = table.text("instrument", 'instrument = "ML-LAW-2004"')
    if instrument:
        table.known("instrument", (instrument,), book.instruments)
    source, verify = table.provenance()
    found = Protocol(
        code=code,
        titles=table.names("title", _TITLE),
        receiving=_side(table, "receiving", zones),
        handing=_side(table, "handing", zones),
        scope=_words(table, "scope", SCOPES, 'scope = {deported = "applies"}'),
        clauses=_clauses(table, book),
        instrument=instrument,
        source=source,
        verify=verify,
    )
    table.strangers()
    return found


def _side(table: Table, key: str, zones: Collection[str] | None) -> Side:
    inner = table.table(key, f"{key} = {_SIDE}")
    if inner is None:
        return Side("", "")
    country = inner.text("country", 'country = "XX"', needed=True)
    if country and not values.COUNTRY.fullmatch(country):
        inner.refuse("PACK-029", "country", value=country[:60])
    zone = inner.text("timezone", 'timezone = "Africa/Dakar"', needed=True, limit=60)
    if zone and zones is not None and zone not in zones:
        inner.refuse("PACK-044", "timezone", value=zone[:60], nearest=Vocabulary(zones).nearest(zone) or "Africa/Dakar")
    inner.strangers()
    return Side(country, zone)


def _words(table: Table, key: str, allowed: tuple[str, ...], example: str) -> dict[str, str]:
    """A table of codes, each with one of a few words."""
    inner = table.table(key, example)
    if inner is None:
        return {}
    if not inner.raw:
        table.bad(key, example)
    for name in inner.raw:
        if not values.CODE.fullmatch(name):
            inner.refuse("PACK-017", name[:60], value=name[:60])
    return {name: inner.choice(name, allowed) for name in inner.raw}


def _clauses(table: Table, book: Book) -> tuple[Clause, ...]:
    found: dict[str, Clause] = {}
    for inner in table.tables("clauses", '[[clauses]] with code = "a"'):
        one = _clause(inner, book)
        if one.code in found:
            inner.refuse("PACK-055", "code", value=one.code, first_file=table.file)
        found[one.code] = one
    return tuple(found.values())


def _clause(table: Table, book: Book) -> Clause:
    rule = table.choice("rule", RULES)
    source, verify = table.provenance()
    code, texts = table.code("code", 'code = "a"'), table.names("text", _TEXT)
    more = _PARAMETERS[rule](table, book) if rule in _PARAMETERS else {}
    # Without a known rule nobody can say which keys belong to it.
    if rule:
        table.strangers()
    return Clause(code=code, texts=texts, rule=rule, source=source, verify=verify, **more)


def _hours(table: Table, _book: Book) -> dict[str, Any]:
    weekdays = table.several("short_weekdays", 'short_weekdays = ["sun"]')
    for one in weekdays:
        if one not in WEEKDAYS:
            table.word("short_weekdays", one, WEEKDAYS)
    holidays = table.several("holidays", 'holidays = ["XX", "YY"]')
    for one in holidays:
        if not values.COUNTRY.fullmatch(one):
            table.refuse("PACK-029", "holidays", value=one[:60])
    return {
        "hours": _window(table, "hours", needed=True),
        # Without it, nothing is allowed on the days that have short hours.
        "short_hours": _window(table, "short_hours"),
        "short_weekdays": tuple(WEEKDAYS.index(one) for one in weekdays if one in WEEKDAYS),
        "holidays": holidays,
        "holiday_reading": table.choice("holiday_reading", READINGS, default="disputed"),
    }


def _window(table: Table, key: str, *, needed: bool = False) -> Window | None:
    """First and last allowed minute of a day."""
    example = f'{key} = ["08:00", "17:59"]'
    value = table.get(key, example, needed=needed)
    if value is None:
        return None
    told = (
        value if isinstance(value, list) and all(isinstance(one, str) and _TIME.fullmatch(one) for one in value) else []
    )
    found = tuple(time.fromisoformat(one) for one in told)
    if len(told) != 2 or len(found) != 2 or found[0] > found[1]:
        table.bad(key, example)
        return None
    return found[0], found[1]


def _place(table: Table, book: Book) -> dict[str, Any]:
    points = table.several("points", 'points = ["ML-BCP-PON"]', needed=True)
    table.known("points", points, book.crossings)
    return {"points": points}


def _answers(table: Table, _book: Book) -> dict[str, Any]:
    return {"expect": _words(table, "expect", EXPECTED, 'expect = {effects_kept = "yes"}')}


def _announced(table: Table, book: Book) -> dict[str, Any]:
    measure = table.text("measure", 'measure = "returns_announced"', needed=True)
    if measure:
        table.known("measure", (measure,), book.measures)
    return {"measure": measure}


def _posts(table: Table, book: Book) -> dict[str, Any]:
    institutions = table.several("institutions", 'institutions = ["IMM"]', needed=True)
    table.known("institutions", institutions, book.institutions)
    return {"institutions": institutions}


_PARAMETERS: dict[str, Callable[[Table, Book], dict[str, Any]]] = {
    "hours": _hours,
    "place": _place,
    "families": lambda _table, _book: {},
    "answers": _answers,
    "announced": _announced,
    "posts": _posts,
}
