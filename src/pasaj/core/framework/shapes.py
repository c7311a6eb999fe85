"""What an assessment framework holds, as plain values. Every code in it has been checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from pasaj.core.framework.conditions import Condition

Texts = Mapping[str, str]
"""A text by language code; every language of the framework is there."""

UNITS = ("country", "institution", "crossing_point")
"""What one answer speaks of."""
LEVELS = ("intra", "inter", "international")
"""Inside one service, between services, with other countries."""
SCALES = ("0-4",)
POINTS = (0, 1, 2, 3, 4)
ANCHORED = (0, 2, 4)
"""Points of the scale that every indicator describes; the points between may be described."""


@dataclass(frozen=True, slots=True)
class Pillar:
    """A group of indicators. `weight`: how much its score counts for the unit, against the other pillars."""

    code: str
    names: Texts
    weight: Decimal


@dataclass(frozen=True, slots=True)
class Origin:
    """A document that indicators are drawn from."""

    code: str
    title: str
    where: str = ""
    note: str = ""
    verify: str = ""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One question, asked once per unit. `anchors`: what a point of the scale means, by point.

    `critical`: a 0 is a finding whatever the mean. `applies_if`: None where it is asked everywhere.
    """

    code: str
    pillar: str
    level: str
    unit: str
    weight: Decimal
    questions: Texts
    anchors: Mapping[int, Texts]
    critical: bool = False
    rights: bool = False
    applies_if: Condition | None = None
    sources: tuple[str, ...] = ()
    verify: str = ""


@dataclass(frozen=True, slots=True)
class Framework:
    """A whole framework. The first of its languages is the one the others are translated from."""

    code: str
    version: str
    languages: tuple[str, ...]
    names: Texts
    descriptions: Texts
    scale: str
    pillars: tuple[Pillar, ...]
    indicators: tuple[Indicator, ...]
    sources: tuple[Origin, ...] = ()
    verify: str = ""

    @property
    def reference(self) -> str:
        """The language of the original wording."""
        return self.languages[0]

    def of_pillar(self, code: str, unit: str = "") -> tuple[Indicator, ...]:
        """The indicators of a pillar, of one unit or all, in their order."""
        return tuple(one for one in self.indicators if one.pillar == code and unit in ("", one.unit))

    def of_unit(self, unit: str) -> tuple[Indicator, ...]:
        """The indicators asked of one sort of unit, in their order."""
        return tuple(one for one in self.indicators if one.unit == unit)
