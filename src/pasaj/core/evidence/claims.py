"""Claims about a number that a statement rests on: `score < 2`, `share > 0.4 and trend = down`.

A statement that says "fewer than half" does not move when a recount finds 41 % in place of 43 %. The link
from it to the figure may carry such a claim; as long as it holds, the recount is noted and nobody is asked.

    claim      = comparison { "and" comparison }
    comparison = name ( "<" | "<=" | ">" | ">=" | "=" | "!=" ) ( number | word )

A quantity has an interval, which is a point where it is exact. A comparison holds when it holds for every
value of the interval: what the figure may be, not only what it is likely to be. `!=` holds when the number
lies outside. Words know only `=` and `!=`. A value that is not known makes no claim true.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from pasaj.core.problems import Refused, problem

LONGEST = 200  # signs of a claim
_SIGNS = {"≤": "<=", "≥": ">=", "≠": "!=", "==": "="}
_NAME = r"[a-z][a-z0-9_]{0,39}"
_COMPARISON = re.compile(rf"({_NAME})\s*(<=|>=|!=|<|>|=)\s*(\S+)", re.ASCII)
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,10})?", re.ASCII)
_WORD = re.compile(_NAME, re.ASCII)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number and the interval it lies in; `low` and `high` are the number itself where it is exact.

    `value` None: no point of the interval is known to be nearer than another.
    """

    value: Decimal | None
    low: Decimal
    high: Decimal

    def __post_init__(self) -> None:
        if not self.low <= (self.low if self.value is None else self.value) <= self.high:
            raise ValueError("A value lies in its interval.")


Value = Quantity | str


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison of a claim: a name, a sign, and a number or a word."""

    name: str
    sign: str
    wanted: Decimal | str

    def holds(self, value: Value | None) -> bool:
        """Whether it holds for every value of the interval."""
        if isinstance(value, str) and isinstance(self.wanted, str):
            return (value == self.wanted) == (self.sign == "=")
        if isinstance(value, Quantity) and isinstance(self.wanted, Decimal):
            return _holds_throughout(self.sign, value, self.wanted)
        return False

    def __str__(self) -> str:
        wanted = self.wanted if isinstance(self.wanted, str) else f"{self.wanted:f}"
        return f"{self.name} {self.sign} {wanted}"


@dataclass(frozen=True, slots=True)
class Claim:
    """Comparisons that must hold together."""

    parts: tuple[Comparison, ...]

    def __str__(self) -> str:
        return " and ".join(map(str, self.parts))


@lru_cache(maxsize=1024)
def parse(text: str) -> Claim:
    """Read a claim. Raises Refused: EVID-001 (too long), 002 (no comparison), 003 (neither number nor word),
    004 (a word compared by size). `str()` of the result is the claim as it is kept.
    """
    if len(text) > LONGEST:
        raise Refused(problem("EVID-001", limit=LONGEST))
    plain = text.strip()
    for sign, ours in _SIGNS.items():
        plain = plain.replace(sign, ours)
    return Claim(tuple(_comparison(part) for part in re.split(r"\s+and\s+", plain)))


def holds(claim: Claim, values: Mapping[str, Value]) -> bool:
    """Whether every comparison holds for what is known."""
    return all(part.holds(values.get(part.name)) for part in claim.parts)


def check(claim: Claim, values: Mapping[str, Value], code: str) -> None:
    """Raises Refused for a claim that speaks of what `code` does not have (EVID-005) or is not true (EVID-006)."""
    for part in claim.parts:
        if part.name not in values:
            allowed = ", ".join(sorted(values)) or "–"
            raise Refused(problem("EVID-005", name=part.name, code=code, allowed=allowed))
        if not part.holds(values[part.name]):
            raise Refused(problem("EVID-006", claim=part, code=code, value=shown(values[part.name])))


def shown(value: Value) -> str:
    """A value in signs that need no language: `1.6 [1.2; 1.9]`, `1.6` where it is exact, `[1.2; 1.9]` where only the
    interval is known, or the word.
    """
    if isinstance(value, str):
        return value
    if value.low == value.high:
        return f"{value.low:f}"
    interval = f"[{value.low:f}; {value.high:f}]"
    return interval if value.value is None else f"{value.value:f} {interval}"


def _comparison(text: str) -> Comparison:
    found = _COMPARISON.fullmatch(text.strip())
    if found is None:
        raise Refused(problem("EVID-002", text=text.strip() or "–"))
    name, sign, wanted = found.groups()
    if _NUMBER.fullmatch(wanted):
        return Comparison(name, sign, Decimal(wanted))
    if not _WORD.fullmatch(wanted):
        raise Refused(problem("EVID-003", value=wanted))
    if sign not in {"=", "!="}:
        raise Refused(problem("EVID-004", value=wanted, sign=sign))
    return Comparison(name, sign, wanted)


def _holds_throughout(sign: str, value: Quantity, wanted: Decimal) -> bool:
    return {
        "<": value.high < wanted,
        "<=": value.high <= wanted,
        ">": value.low > wanted,
        ">=": value.low >= wanted,
        "=": value.low == value.high == wanted,
        "!=": not value.low <= wanted <= value.high,
    }[sign]
