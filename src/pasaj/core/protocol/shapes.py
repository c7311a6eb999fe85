"""A protocol, an operation that returned people, and what is found of it: plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, tzinfo

VERDICTS = ("compliant", "breach", "disputed", "unknown")
RULES = ("hours", "place", "families", "answers", "announced", "posts")
"""How a clause is judged. docs/reference/pack.md says what each needs."""
SCOPES = ("applies", "outside", "disputed")
READINGS = ("either", "common", "disputed")
"""Whose holidays count: those of either country, only those of all, or both readings side by side."""
ANSWERS = ("yes", "no", "some", "unknown")
UNKNOWN_COUNTRY = "ZZ"
"""A country that was told and could not be read, or that nobody knew (ISO 3166 leaves this code free)."""
PLACE_KINDS = ("official", "other")

Names = Mapping[str, str]
Window = tuple[time, time]
"""First and last minute in which something is allowed; both belong to it."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two parties. `timezone` is a name of the IANA list."""

    country: str
    timezone: str


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: its text by language and the parameters of its rule (the others stay empty).

    hours: allowed on ordinary days; short_hours: on `short_weekdays` (0 is Monday) and on holidays of
    `holidays` (countries), read as `holiday_reading` says. points: crossing codes. expect: answer by
    question. measure: where another source counts the persons announced. institutions: whose posts count.
    """

    code: str
    texts: Names
    rule: str
    hours: Window | None = None
    short_hours: Window | None = None
    short_weekdays: tuple[int, ...] = ()
    holidays: tuple[str, ...] = ()
    holiday_reading: str = "disputed"
    points: tuple[str, ...] = ()
    expect: Mapping[str, str] = field(default_factory=dict)
    measure: str = ""
    institutions: tuple[str, ...] = ()
    source: str = ""
    verify: str = ""


@dataclass(frozen=True, slots=True)
class Protocol:
    """A protocol as its pack gives it. `scope`: applies, outside or disputed, by category of return."""

    code: str
    titles: Names
    receiving: Side
    handing: Side
    scope: Mapping[str, str]
    clauses: tuple[Clause, ...]
    instrument: str = ""
    source: str = ""
    verify: str = ""


@dataclass(frozen=True, slots=True)
class Clocks:
    """The clocks of both sides."""

    receiving: tzinfo
    handing: tzinfo


@dataclass(frozen=True, slots=True)
class Calendar:
    """The holidays of one country. Outside `years` (None: all are known) an unlisted day may be one too."""

    days: frozenset[date]
    years: frozenset[int] | None = None

    def holiday(self, day: date) -> bool | None:
        """Whether a day is a holiday; None when nobody wrote that year down."""
        if day in self.days:
            return True
        return False if self.years is None or day.year in self.years else None


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation that returned people, as it was reported. Every answer may be missing.

    place: code of a crossing or an area, as `place_type` says (crossing, area or empty); transport: kind of the
    crossing (land, air, sea); place_kind: official or other, as answered. at: local date and time of the
    receiving side; handed_at: of the handing side; both without a zone. counts: persons by category,
    None where asked and not answered.
    """

    key: str = ""
    place: str = ""
    place_type: str = ""
    transport: str = ""
    place_kind: str = ""
    from_country: str = ""
    day: date | None = None
    at: datetime | None = None
    handed_at: datetime | None = None
    counts: Mapping[str, int | None] = field(default_factory=dict)
    families_separated: int | None = None
    answers: Mapping[str, str] = field(default_factory=dict)

    @property
    def month(self) -> str:
        """2026-02, or empty when not even the day is known."""
        return f"{self.day:%Y-%m}" if self.day else ""

    def answer(self, question: str) -> str:
        return self.answers.get(question, "unknown")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: a code of `REASONS` and the values its sentence names."""

    code: str
    values: Mapping[str, str | int] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict on one clause. Where the scope is disputed, the second reason says what was found apart from it."""

    clause: str
    verdict: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """An operation and its findings, one a clause; none when the protocol does not speak of it.

    scope: applies, outside, disputed or unknown. persons: those the protocol speaks of (or may speak of,
    when disputed), None when they were not counted.
    """

    operation: Operation
    scope: str
    persons: int | None
    findings: tuple[Finding, ...]
