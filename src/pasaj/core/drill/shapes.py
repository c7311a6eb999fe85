"""What a scenario of a drill says: what happens, where and when, and how quickly people answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from pasaj.core.drill.players import Player, Spell

Names = Mapping[str, str]


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """One daily series: place (a crossing or an area) x measure x category x source."""

    place: str
    measure: str
    category: str
    source: str


@dataclass(frozen=True, slots=True)
class Usual:
    """An ordinary day: mean, factors from Monday to Sunday, variance over mean (0: the same every day)."""

    key: Key
    level: float
    weekdays: tuple[float, ...] = (1.0,) * 7
    dispersion: float = 1.5


@dataclass(frozen=True, slots=True)
class Counts:
    """Persons on top of the usual ones: a total dealt out over days by their weights."""

    key: Key
    start: date
    total: int
    weights: tuple[float, ...]  # one a day, from `start` on


@dataclass(frozen=True, slots=True)
class Change:
    """Usual counts times a factor on some days: 0 for a closed crossing."""

    key: Key
    start: date
    end: date  # inclusive
    factor: float


@dataclass(frozen=True, slots=True)
class Silence:
    """Days of which a source reports nothing from a place, not even later."""

    place: str
    source: str
    start: date
    end: date  # inclusive


@dataclass(frozen=True, slots=True)
class Conflict:
    """A second source counts the same movements, and differs from the first by a factor."""

    key: Key  # of the second source
    of: str  # code of the first source
    start: date
    end: date
    factor: float


@dataclass(frozen=True, slots=True)
class Cut:
    """No network: what would be sent to or from these places waits until it is back."""

    places: tuple[str, ...]
    start_at: datetime
    end_at: datetime


@dataclass(frozen=True, slots=True)
class Rumour:
    """Something is said, and turns out true or not after some hours of asking."""

    at: datetime
    place: str
    source_kind: str
    texts: Names
    outcome: str  # confirmed, refuted, unverifiable
    hours: float


@dataclass(frozen=True, slots=True)
class Absence:
    """Who cannot be reached: a role and its turn (1 the first, 2 the deputy…)."""

    role: str
    turn: int
    spell: Spell


@dataclass(frozen=True, slots=True)
class Scenario:
    """A whole scenario. Moments are on the country's clock, without a zone; the crisis begins at `onset_at`."""

    code: str
    plan: str
    hazard: str
    level: str
    names: Names
    summaries: Names
    start: date  # the first day that is played
    days: int
    before: int  # ordinary days put in before the first
    onset_at: datetime
    seed: int
    usual: tuple[Usual, ...]
    counts: tuple[Counts, ...] = ()
    changes: tuple[Change, ...] = ()
    silences: tuple[Silence, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    cuts: tuple[Cut, ...] = ()
    rumours: tuple[Rumour, ...] = ()
    absences: tuple[Absence, ...] = ()
    players: Mapping[str, Player] = field(default_factory=dict)
    source: str = ""
    verify: str = ""
    facts: tuple[tuple[str, str], ...] = ()  # what is published of the real crisis, and where


def plain(scenario: Scenario) -> dict[str, Any]:
    """A scenario as JSON-ready values, moments in ISO 8601."""
    found: dict[str, Any] = json.loads(json.dumps(asdict(scenario), default=str))
    return found


def fingerprint(scenario: Scenario) -> str:
    """SHA-256 of everything a scenario says: two drills are compared only when it is the same."""
    text = json.dumps(plain(scenario), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
