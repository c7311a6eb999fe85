"""A protocol as JSON-ready values and back: how a home keeps what its pack said."""

from collections.abc import Iterable, Mapping
from datetime import time
from typing import Any

from pasaj.core.protocol.shapes import Clause, Protocol, Side, Window

FAMILIES = "families_together"
POST = "inspection_post"


def plain(protocol: Protocol) -> dict[str, Any]:
    """Sides, scope and clauses; `of` reads them back. Code, titles and marks have columns of their own."""
    return {
        "receiving": {"country": protocol.receiving.country, "timezone": protocol.receiving.timezone},
        "handing": {"country": protocol.handing.country, "timezone": protocol.handing.timezone},
        "scope": dict(protocol.scope),
        "clauses": [_clause(one) for one in protocol.clauses],
    }


def of(code: str, titles: Mapping[str, str], parameters: Mapping[str, Any]) -> Protocol:
    """The protocol that `plain` wrote."""
    return Protocol(
        code=code,
        titles=dict(titles),
        receiving=Side(**parameters["receiving"]),
        handing=Side(**parameters["handing"]),
        scope=dict(parameters["scope"]),
        clauses=tuple(_read(one) for one in parameters["clauses"]),
    )


def categories(protocols: Iterable[Protocol]) -> frozenset[str]:
    """The categories of returns that some protocol names."""
    return frozenset(category for one in protocols for category in one.scope)


def answers(protocols: Iterable[Protocol]) -> frozenset[str]:
    """The questions whose answers some clause needs."""
    found: set[str] = set()
    for clause in (clause for protocol in protocols for clause in protocol.clauses):
        found |= set(clause.expect)
        found |= {"families": {FAMILIES}, "posts": {POST}}.get(clause.rule, set())
    return frozenset(found)


def _clause(one: Clause) -> dict[str, Any]:
    return {
        "code": one.code,
        "texts": dict(one.texts),
        "rule": one.rule,
        "hours": _window(one.hours),
        "short_hours": _window(one.short_hours),
        "short_weekdays": list(one.short_weekdays),
        "holidays": list(one.holidays),
        "holiday_reading": one.holiday_reading,
        "points": list(one.points),
        "expect": dict(one.expect),
        "measure": one.measure,
        "institutions": list(one.institutions),
        "source": one.source,
        "verify": one.verify,
    }


def _read(one: Mapping[str, Any]) -> Clause:
    lists = {key: tuple(one[key]) for key in ("short_weekdays", "holidays", "points", "institutions")}
    windows = {key: _times(one[key]) for key in ("hours", "short_hours")}
    return Clause(**{**one, **lists, **windows})


def _window(window: Window | None) -> list[str] | None:
    return [f"{one:%H:%M}" for one in window] if window else None


def _times(window: list[str] | None) -> Window | None:
    return (time.fromisoformat(window[0]), time.fromisoformat(window[1])) if window else None
