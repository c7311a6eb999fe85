"""A drafted finding as plain values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum

Said = str | int | float | tuple[str, ...]
"""What a sentence names: a number, a code, or several codes. Whoever says it knows the names behind the codes."""


class Severity(IntEnum):
    """How grave it is, if it is so."""

    MINOR = 1
    MODERATE = 2
    MAJOR = 3
    CRITICAL = 4


@dataclass(frozen=True, slots=True)
class Subject:
    """What a finding speaks of, by codes."""

    units: tuple[str, ...] = ()
    pillars: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    institutions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reach:
    """How many of how many are concerned. of: what is counted, an id of REACHES. Raises ValueError: no whole."""

    part: float
    whole: float
    of: str

    def __post_init__(self) -> None:
        if not 0 <= self.part <= self.whole or self.whole <= 0:
            raise ValueError(f"{self.part} of {self.whole} is no share.")

    @property
    def share(self) -> float:
        return self.part / self.whole


@dataclass(frozen=True, slots=True)
class Rest:
    """A figure that a finding rests on: which query, of what, and what the finding needs of it."""

    query: str
    parameters: Mapping[str, str]
    claim: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A finding as a rule drafts it.

    key: rule and subject; the same key is the same finding, however often it is drafted. parameters: the
    thresholds it was drafted with. sentence: an id of SENTENCES, filled with `values`. certainty: its parts
    by name, see `priority.certainty`. rights: whether rights of people are touched.
    """

    key: str
    rule: str
    sentence: str
    values: Mapping[str, Said]
    subject: Subject
    severity: Severity
    certainty: Mapping[str, float]
    reach: Reach
    rights: bool
    rests: tuple[Rest, ...]
    parameters: Mapping[str, float] = field(default_factory=dict)


def unique(codes: Iterable[str]) -> tuple[str, ...]:
    """Codes once each, in the order in which they came."""
    return tuple(dict.fromkeys(codes))


def worse(one: Severity, *, when: bool) -> Severity:
    """One step graver where the condition holds."""
    return Severity(min(one + when, Severity.CRITICAL))
