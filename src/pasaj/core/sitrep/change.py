"""What changed from one situation report to the next, by comparing their facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Rows = Sequence[Mapping[str, Any]]
# What a line of a list of facts is known by, and which of its values is compared.
STATES: Mapping[str, str] = {"signals": "state", "alerts": "state", "activations": "state", "requests": "state",
                             "events": "state"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """what: the list of facts. kind: "new", "changed", "over" or "revised". key: a code, or place and source.

    before, now: the state or the total then and now; None where there was or is none.
    """

    what: str
    kind: str
    key: str
    before: str | float | None = None
    now: str | float | None = None


def changes(before: Mapping[str, Any] | None, now: Mapping[str, Any]) -> list[Change]:
    """What changed; nothing where there is no earlier report."""
    if not before:
        return []
    found: list[Change] = []
    for what, name in STATES.items():
        found += _states(what, name, before[what], now[what])
    found += _gone("silent", _posts(before["silent"]), _posts(now["silent"]))
    found += _gone("late", _late(before["tasks"]), _late(now["tasks"]))
    found += _gone("conflicts", _keys(before["conflicts"]), _keys(now["conflicts"]))
    found += _figures(before["figures"], now["figures"])
    found += [Change("figures", "revised", one["key"], one["before"], one["now"]) for one in now["revisions"]]
    return found


def _states(what: str, name: str, before: Rows, now: Rows) -> Iterator[Change]:
    """New ones and those whose state moved. One that is no longer told of has ended long enough ago."""
    known = {one["code"]: one[name] for one in before}
    for one in now:
        code = one["code"]
        if code not in known:
            yield Change(what, "new", code, None, one[name])
        elif known[code] != one[name]:
            yield Change(what, "changed", code, known[code], one[name])


def _gone(what: str, before: Sequence[str], now: Sequence[str]) -> Iterator[Change]:
    yield from (Change(what, "new", one) for one in now if one not in before)
    yield from (Change(what, "over", one) for one in before if one not in now)


def _figures(before: Rows, now: Rows) -> Iterator[Change]:
    """Where a count came to lie elsewhere against what is usual: totals of other periods are not compared."""
    known = {one["key"]: one for one in before}
    for one in now:
        last = known.get(one["key"])
        if (
            last is not None
            and last["against"] != one["against"]
            and "unknown" not in (last["against"], one["against"])
        ):
            yield Change("figures", "changed", one["key"], last["against"], one["against"])


def _posts(rows: Rows) -> list[str]:
    return [f"{one['place']} {one['source']}" for one in rows]


def _late(rows: Rows) -> list[str]:
    return [one["code"] for one in rows if one["late_hours"] > 0]


def _keys(rows: Rows) -> list[str]:
    return [one["key"] for one in rows]
