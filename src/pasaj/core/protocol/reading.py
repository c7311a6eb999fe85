"""JSON of a return operation to plain values. docs/reference/outcomes.md says every field.

A mistaken field is told and read as missing, so that the rest of the operation is still judged and no
mistake becomes a verdict.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pasaj.core import periods
from pasaj.core.problems import Problem, problem
from pasaj.core.protocol.shapes import ANSWERS, PLACE_KINDS, UNKNOWN_COUNTRY, Operation

FIELDS = (
    "place",
    "place_kind",
    "from_country",
    "date",
    "at",
    "handed_at",
    "counts",
    "families_separated",
    "answers",
)
MOST = 10**6
"""Persons in one operation: more is a slip of the finger."""
# A phone writes the offset of its own zone behind the hour it shows; UTC (Z) would be another hour.
_LOCAL = re.compile(r"(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2})(?::\d{2}(?:\.\d+)?)?(?:[+-]\d{2}:\d{2})?", re.ASCII)
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)
_TABLES = ("counts", "answers")
_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the pack. type: crossing or area. transport: land, air or sea. country: on the other side."""

    type: str
    transport: str = ""
    country: str = ""


def read(
    data: object, *, places: Mapping[str, Place], questions: Collection[str], categories: Collection[str], key: str = ""
) -> tuple[Operation, tuple[Problem, ...]]:
    """An operation and everything that is wrong with it. Never raises on what `data` holds.

    questions and categories: those some protocol names; others are told, not read.
    """
    if not isinstance(data, Mapping):
        return Operation(key=key), (problem("PROT-001"),)
    reader = _Reader(data)
    return reader.operation(places, questions, categories, key), tuple(reader.problems)


class _Reader:
    """Typed reading of the fields; what is refused reads as missing."""

    def __init__(self, data: Mapping[Any, Any]) -> None:
        self._data = _nested(data)
        self.problems: list[Problem] = []

    def operation(
        self, places: Mapping[str, Place], questions: Collection[str], categories: Collection[str], key: str
    ) -> Operation:
        for name in self._data:
            if name not in FIELDS:
                self._tell("PROT-002", str(name), value=str(name)[:_SHOWN], allowed=", ".join(FIELDS))
        code, place = self._place(places)
        at, handed = self._moment("at"), self._moment("handed_at")
        given = self._day()
        told = at or handed
        if at is not None and given is not None and at.date() != given:
            self._tell("PROT-006", "date", value=given.isoformat(), other=at.date().isoformat())
            at, handed, given, told = None, None, None, None
        return Operation(
            key=key,
            place=code,
            place_type=place.type,
            transport=place.transport,
            place_kind=self._word("place_kind", PLACE_KINDS),
            from_country=self._country() or place.country,
            day=given or (told.date() if told else None),
            at=at,
            handed_at=handed,
            counts=self._counts(categories),
            families_separated=self._whole("families_separated", self._data.get("families_separated")),
            answers=self._answers(questions),
        )

    def _tell(self, code: str, column: str, **params: str | int) -> None:
        self.problems.append(Problem(code, params, column=column[:_SHOWN]))

    def _text(self, name: str) -> str:
        """A text, empty where nothing was answered."""
        value = self._data.get(name)
        if value is not None and not isinstance(value, str):
            self._tell("PROT-003", name, value=str(value)[:_SHOWN])
            return ""
        return (value or "").strip()

    def _place(self, places: Mapping[str, Place]) -> tuple[str, Place]:
        code = self._text("place")
        found = places.get(code)
        if found is None:
            if code:
                self._tell("PROT-004", "place", value=code[:_SHOWN])
            return "", Place("")
        return code, found

    def _country(self) -> str:
        value = self._text("from_country")
        if value and not _COUNTRY.fullmatch(value):
            self._tell("PROT-003", "from_country", value=value[:_SHOWN])
            # Not as if nothing had been said: then the other side of the crossing would be taken for it.
            return UNKNOWN_COUNTRY
        return value

    def _word(self, name: str, allowed: tuple[str, ...]) -> str:
        value = self._text(name)
        if value and value not in allowed:
            self._tell("PROT-005", name, value=value[:_SHOWN], allowed=", ".join(allowed))
            return ""
        return value

    def _moment(self, name: str) -> datetime | None:
        """Local date and time without a zone, to the minute."""
        value = self._text(name)
        match = _LOCAL.fullmatch(value)
        day = _date(match[1]) if match else None
        if match and day and int(match[2]) < 24 and int(match[3]) < 60:
            return datetime(day.year, day.month, day.day, int(match[2]), int(match[3]))  # noqa: DTZ001 - local on purpose
        if value:
            self._tell("PROT-007", name, value=value[:_SHOWN])
        return None

    def _day(self) -> date | None:
        value = self._text("date")
        found = _date(value)
        if value and found is None:
            self._tell("PROT-007", "date", value=value[:_SHOWN])
        return found

    def _table(self, name: str) -> dict[str, Any]:
        value = self._data.get(name)
        if value is not None and not isinstance(value, Mapping):
            self._tell("PROT-003", name, value=str(value)[:_SHOWN])
            return {}
        return {str(one): told for one, told in (value or {}).items()}

    def _counts(self, categories: Collection[str]) -> dict[str, int | None]:
        found = {}
        for name, value in self._table("counts").items():
            if name in categories:
                found[name] = self._whole(f"counts.{name}", value)
            else:
                self._stranger("counts", name, categories)
        return found

    def _stranger(self, table: str, name: str, known: Collection[str]) -> None:
        self._tell("PROT-002", f"{table}.{name}", value=name[:_SHOWN], allowed=", ".join(sorted(known)))

    def _whole(self, name: str, value: object) -> int | None:
        if value is None:
            return None
        if isinstance(value, str) and _WHOLE.fullmatch(value):
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST:
            self._tell("PROT-008", name, value=str(value)[:_SHOWN], limit=MOST)
            return None
        return value

    def _answers(self, questions: Collection[str]) -> dict[str, str]:
        found = {}
        for name, value in self._table("answers").items():
            if name not in questions:
                self._stranger("answers", name, questions)
            elif value is not None and value not in ANSWERS:
                self._tell("PROT-005", f"answers.{name}", value=str(value)[:_SHOWN], allowed=", ".join(ANSWERS))
            elif value is not None:
                found[name] = value
        return found


def _nested(data: Mapping[Any, Any]) -> dict[str, Any]:
    """The same with `counts.deported` put into `counts`: a form's meaning writes one text a key."""
    found: dict[str, Any] = {}
    for key, value in data.items():
        table, dot, name = str(key).partition(".")
        inner = found.get(table, data.get(table)) if dot and table in _TABLES else ()
        if inner is None or isinstance(inner, Mapping):
            found[table] = {**(inner or {}), name: value}
        else:
            found.setdefault(str(key), value)
    return found


def _date(text: str) -> date | None:
    found = periods.parse(text, "day") if len(text) == len("2026-02-28") else None
    return found.start if found else None
