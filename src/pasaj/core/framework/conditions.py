"""Where an indicator applies: `kind=land and (official=yes or INS-05>=1)`.

Comparisons joined by `and`, `or` and brackets; `and` binds tighter. Left of the sign stands an attribute of
the unit (small letters) or the code of another indicator (capitals); right of it one value, or several with
bars between them (`kind=air|sea`). What is not known makes the answer unknown, never false (Kleene's logic).
"""

import operator
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

LONGEST = 300
DEEPEST = 10
_TOKEN = re.compile(r"\s*(?:(\()|(\))|(>=|<=|!=|=|>|<)|([\w|-]+))", re.ASCII)
_CODE = re.compile(r"[A-Z][A-Z0-9_-]*", re.ASCII)
_ORDER: dict[str, Callable[[int, int], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
SIGNS = ("=", "!=", *_ORDER)


@dataclass(frozen=True, slots=True)
class Compared:
    """One comparison. `values` has one entry where the sign is one of order."""

    subject: str
    sign: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Every:
    """All parts must hold."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one part must hold."""

    parts: tuple["Condition", ...]


Condition = Compared | Every | Either
Token = tuple[str, str]


class Misread(ValueError):  # noqa: N818 - it reads as what it says
    """A condition that cannot be read; the text says from where on."""


def is_indicator(subject: str) -> bool:
    """Whether the left side of a comparison names an indicator, not an attribute."""
    return _CODE.fullmatch(subject) is not None


def parse(text: str) -> Condition:
    """Read a condition. Raises Misread with the rest of the text that could not be read."""
    if len(text) > LONGEST:
        raise Misread(text[LONGEST:])
    reader = _Reader(text)
    found = reader.either(0)
    if reader.at < len(reader.tokens):
        raise Misread(reader.rest())
    return found


class _Reader:
    """Recursive descent over the tokens of one text."""

    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str, int]] = []
        self.at = 0
        self._text = text
        place = 0
        while text[place:].strip():
            match = _TOKEN.match(text, place)
            if match is None:
                raise Misread(text[place:].strip())
            opened, closed, sign, word = match.groups()
            kind = "(" if opened else ")" if closed else "sign" if sign else "word"
            if kind == "word" and word in ("and", "or"):
                kind = word
            self.tokens.append((kind, sign or word or kind, match.start(match.lastindex or 0)))
            place = match.end()

    def rest(self) -> str:
        """What has not been read."""
        return self._text[self.tokens[self.at][2] :] if self.at < len(self.tokens) else ""

    def _take(self, kind: str) -> str | None:
        if self.at < len(self.tokens) and self.tokens[self.at][0] == kind:
            self.at += 1
            return self.tokens[self.at - 1][1]
        return None

    def _need(self, kind: str) -> str:
        found = self._take(kind)
        if found is None:
            raise Misread(self.rest())
        return found

    def either(self, depth: int) -> Condition:
        parts = [self.every(depth)]
        while self._take("or"):
            parts.append(self.every(depth))
        return _joined(Either, parts)

    def every(self, depth: int) -> Condition:
        parts = [self.one(depth)]
        while self._take("and"):
            parts.append(self.one(depth))
        return _joined(Every, parts)

    def one(self, depth: int) -> Condition:
        if depth == DEEPEST:
            raise Misread(self.rest())
        if self._take("("):
            inner = self.either(depth + 1)
            self._need(")")
            return inner
        begin = self.at
        subject, sign, said = self._need("word"), self._need("sign"), self._need("word")
        values = tuple(dict.fromkeys(said.split("|")))
        if "|" in subject or not all(values) or (sign in _ORDER and len(values) > 1):
            self.at = begin
            raise Misread(self.rest())
        return Compared(subject, sign, values)


def _joined(kind: type[Every] | type[Either], parts: list[Condition]) -> Condition:
    """One condition of several; a part of the same kind is opened, so that brackets that say nothing vanish."""
    if len(parts) == 1:
        return parts[0]
    flat: list[Condition] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, kind) else (part,))
    return kind(tuple(flat))


def written(condition: Condition | None) -> str:
    """The condition as text in its one form; `parse` reads it back. Empty for none."""
    if condition is None:
        return ""
    if isinstance(condition, Compared):
        return f"{condition.subject}{condition.sign}{'|'.join(condition.values)}"
    if isinstance(condition, Either):
        return " or ".join(written(part) for part in condition.parts)
    return " and ".join(f"({written(part)})" if isinstance(part, Either) else written(part) for part in condition.parts)


def comparisons(condition: Condition | None) -> Iterator[Compared]:
    """Every comparison in a condition, in the order it is written."""
    if isinstance(condition, Compared):
        yield condition
    elif condition is not None:
        for part in condition.parts:
            yield from comparisons(part)


def needs(condition: Condition | None) -> frozenset[str]:
    """The codes of the indicators whose answers a condition asks for."""
    return frozenset(one.subject for one in comparisons(condition) if is_indicator(one.subject))


def holds(condition: Condition | None, facts: Mapping[str, str], answers: Mapping[str, int | None]) -> bool | None:
    """Whether a condition holds for a unit; None where that is not known yet.

    `facts`: attributes of the unit by name. `answers`: points by indicator; None says that the indicator does
    not apply, and then no comparison with it holds. A missing fact or answer is unknown.
    """
    if condition is None:
        return True
    if isinstance(condition, Compared):
        return _holds(condition, facts, answers)
    parts = [holds(part, facts, answers) for part in condition.parts]
    deciding = isinstance(condition, Either)
    if deciding in parts:
        return deciding
    return None if None in parts else not deciding


def _holds(one: Compared, facts: Mapping[str, str], answers: Mapping[str, int | None]) -> bool | None:
    known: Mapping[str, object] = answers if is_indicator(one.subject) else facts
    if one.subject not in known:
        return None
    found = known[one.subject]
    if found is None:
        return False
    if one.sign in _ORDER:
        return _ORDER[one.sign](int(str(found)), int(one.values[0]))
    return (str(found) in one.values) == (one.sign == "=")


def circles(asks: Mapping[str, Collection[str]]) -> list[tuple[str, ...]]:
    """Circles among indicators that ask for each other: each as its codes in order, found once.

    `asks`: by indicator, those whose answers its condition needs. What leads nowhere is peeled off until only
    circles (and what hangs on them) are left.
    """
    left = {code: {one for one in needed if one in asks} for code, needed in asks.items()}
    found: list[tuple[str, ...]] = []
    while True:
        while ended := {code for code, needed in left.items() if not needed}:
            left = {code: needed - ended for code, needed in left.items() if code not in ended}
        if not left:
            return found
        way = [min(left)]
        while (following := min(left[way[-1]])) not in way:
            way.append(following)
        circle = tuple(way[way.index(following) :])
        found.append(circle)
        left = {code: needed - set(circle) for code, needed in left.items() if code not in circle}
