"""Templates of hazards and the settings of a country, as plain values that JSON keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

Names = Mapping[str, str]
Texts = Mapping[str, Mapping[str, str]]
"""By language: what each of FIELDS says."""

AUDIENCES = ("services", "public")
SEVERITIES = ("minor", "moderate", "severe", "extreme")
URGENCIES = ("Immediate", "Expected", "Future", "Past", "Unknown")
CERTAINTIES = ("Observed", "Likely", "Possible", "Unlikely", "Unknown")
FIELDS = ("event", "headline", "description", "protection", "instruction", "short")
NEEDED = ("event", "headline", "description", "protection", "short")
LIMITS: Mapping[str, int] = {
    "event": 35,
    "headline": 160,
    "description": 2000,
    "protection": 600,
    "instruction": 1200,
    "short": 480,
    "audience": 120,
}
"""Longest texts in characters. 35 and 160: what receivers of CAP show of an event and a headline."""


@dataclass(frozen=True, slots=True)
class Template:
    """A danger to people that alerts are written of, with texts by audience.

    `texts[audience][language][field]`; {place}, {date}, {period}, {count} and {scale} are filled in. `hours` until
    it expires, `days` until the measure that comes with it ends. `measures`, `kinds`, `incidents`: of which signals
    and incidents it is offered first.
    """

    code: str
    names: Names
    category: tuple[str, ...]
    response_types: tuple[str, ...]
    urgency: str
    severity: str
    certainty: str
    hours: int
    days: int
    texts: Mapping[str, Texts]
    institutions: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    plan: str = ""
    measures: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    incidents: tuple[str, ...] = ()
    source: str = ""
    verify: str = ""


@dataclass(frozen=True, slots=True)
class Colour:
    """What a severity is called in the country: a word and a shape, never the colour alone."""

    code: str
    names: Names
    shape: str


@dataclass(frozen=True, slots=True)
class Part:
    """What a national institution does when an alert goes out."""

    institution: str
    names: Names


@dataclass(frozen=True, slots=True)
class Settings:
    """How alerts are approved and sent in a country. Minutes are of the business clock.

    `minutes`: how long each approver has, `total_minutes` all of them together. `night`: local hours from (included)
    to (excluded). `segments`: SMS an alert may take in any language. `circle_km`: around a town without an outline.
    """

    sender: str = ""
    sender_names: Names = field(default_factory=dict)
    contact: str = ""
    web: str = ""
    quorum: Mapping[str, int] = field(
        default_factory=lambda: {"minor": 1, "moderate": 1, "severe": 1, "extreme": 2},
    )
    approvers: str = "approver"  # the role of contacts who are asked
    approvers_institution: str = ""
    minutes: int = 15
    total_minutes: int = 60
    night: tuple[int, int] = (20, 6)
    unratified_hours: int = 6
    unratified_institutions: tuple[str, ...] = ()
    unratified_roles: tuple[str, ...] = ()
    institutions: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    acknowledge: Mapping[str, int] = field(
        default_factory=lambda: {"minor": 240, "moderate": 120, "severe": 60, "extreme": 30},
    )
    segments: int = 3
    circle_km: float = 8.0
    colours: Mapping[str, Colour] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()
    source: str = ""
    verify: str = ""

    def is_night(self, hour: int) -> bool:
        """Whether a local hour (0 to 23) is one of the night."""
        start, end = self.night
        return start <= hour < end if start <= end else hour >= start or hour < end


def plain(one: Template | Settings) -> dict[str, Any]:
    """JSON-ready; `template_of` and `settings_of` read it back."""
    return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(one).items()}


def template_of(content: Mapping[str, Any]) -> Template:
    """The template that `plain` wrote."""
    return Template(**_tuples(content))


def settings_of(content: Mapping[str, Any]) -> Settings:
    """The settings that `plain` wrote; what is missing is as it is by default."""
    found = _tuples(content)
    if "colours" in found:
        found["colours"] = {severity: Colour(**one) for severity, one in found["colours"].items()}
    if "parts" in found:
        found["parts"] = tuple(Part(**one) for one in found["parts"])
    return Settings(**found)


def _tuples(content: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in content.items()}
