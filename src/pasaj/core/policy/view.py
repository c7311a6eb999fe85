"""A policy and what it is held against, as plain values: what the coherence rules look at.

What is looked up again and again (a measure by its code, the actions of a measure) is made once and kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TypeVar

from pasaj.core.policy.shapes import Action, Cost, Indicator, Measure, Objective, Policy, Problem, Reading, Texts

One = TypeVar("One")
COUNTRY = ""
"""The territory that holds all others."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding of an assessment. severity: 1 to 4. certainty: 0 to 1. live: something it rests on still stands."""

    code: str
    severity: int = 2
    certainty: float = 1.0
    live: bool = True
    rights: bool = False


@dataclass(frozen=True, slots=True)
class Tie:
    """A link of the chain of evidence under the policy that is in trouble. state: "suspect" or "broken"."""

    child: str
    parent: str
    state: str


@dataclass(frozen=True, slots=True)
class Mandate:
    """An institution's role in a function. territory: "" the country. first, last: days, both included; None: open."""

    function: str
    institution: str
    role: str
    territory: str = COUNTRY
    first: date | None = None
    last: date | None = None

    def holds(self, on: date) -> bool:
        """Whether it is in force on a day."""
        return (self.first is None or self.first <= on) and (self.last is None or on <= self.last)


@dataclass(frozen=True, slots=True)
class Instrument:
    """A legal text. in_force: whether it is said to be; None: nobody says. held: it stands in the register."""

    code: str
    in_force: bool | None = None
    held: bool = True


@dataclass(frozen=True, slots=True)
class Agreement:
    """An agreement under which data flow. first, last: days, both included; None: open."""

    code: str
    first: date | None = None
    last: date | None = None

    def holds(self, on: date) -> bool:
        """Whether it is in force on a day."""
        return (self.first is None or self.first <= on) and (self.last is None or on <= self.last)


@dataclass(frozen=True, slots=True)
class Goal:
    """Something a policy is aligned with. compact: it is an objective of the Global Compact for Migration."""

    code: str
    framework: str
    relevance: str = "core"
    compact: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """A live reference in a clause: kind and code as written; known: it leads somewhere."""

    kind: str
    code: str
    known: bool = True


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause. realises: measures and objectives. texts: by language. stale: languages older than the source text.

    speaks: it is text that must stand in each language; a part that comes from data has none of its own.
    """

    code: str
    kind: str
    source: str
    texts: Texts = field(default_factory=dict)
    realises: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    speaks: bool = True


@dataclass(frozen=True, slots=True)
class Consultation:
    """A round of consultation. groups, institutions: who was heard. undisposed: comments without an answer."""

    code: str
    state: str
    groups: tuple[str, ...] = ()
    institutions: tuple[str, ...] = ()
    undisposed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Appraisal:
    """A question and its options. first_share: how often the chosen one is first, 0 to 1; None: not reckoned.

    reason: what is written of the choice. floor: the share below which a reason is demanded.
    """

    code: str
    options: tuple[str, ...]
    status_quo: str = ""
    chosen: str = ""
    vetoed: tuple[str, ...] = ()
    first_share: float | None = None
    floor: float = 0.5
    reason: str = ""


@dataclass(frozen=True)
class View:
    """A policy and its surroundings on a day.

    findings: those it rests on and the grave ones of the assessments. ties, unsupported: what is in trouble in the
    chain under it. institutions: until when each is there (None: open). parents: the territory above each.
    figures: codes of figures that Pasaj computes. set_aside: findings and groups that are not addressed, with a
    reason that an approver signed. terms: names by code of the term.
    """

    policy: Policy
    on: date
    findings: Mapping[str, Finding] = field(default_factory=dict)
    ties: tuple[Tie, ...] = ()
    unsupported: frozenset[str] = frozenset()
    mandates: tuple[Mandate, ...] = ()
    institutions: Mapping[str, date | None] = field(default_factory=dict)
    parents: Mapping[str, str] = field(default_factory=dict)
    instruments: Mapping[str, Instrument] = field(default_factory=dict)
    agreements: Mapping[str, Agreement] = field(default_factory=dict)
    goals: Mapping[str, Goal] = field(default_factory=dict)
    figures: frozenset[str] = frozenset()
    clauses: tuple[Clause, ...] = ()
    terms: Mapping[str, Texts] = field(default_factory=dict)
    consultations: tuple[Consultation, ...] = ()
    appraisals: tuple[Appraisal, ...] = ()
    set_aside: frozenset[str] = frozenset()

    @cached_property
    def problems(self) -> Mapping[str, Problem]:
        """Problems by code."""
        return {one.code: one for one in self.policy.problems}

    @cached_property
    def objectives(self) -> Mapping[str, Objective]:
        """Objectives by code."""
        return {one.code: one for one in self.policy.objectives}

    @cached_property
    def measures(self) -> Mapping[str, Measure]:
        """Measures by code."""
        return {one.code: one for one in self.policy.measures}

    @cached_property
    def actions(self) -> Mapping[str, Action]:
        """Actions by code, without those that were dropped."""
        return {one.code: one for one in self.policy.actions if one.state != "dropped"}

    @cached_property
    def actions_of(self) -> Mapping[str, tuple[Action, ...]]:
        """The actions of each measure, without those that were dropped."""
        return grouped(self.actions.values(), lambda one: one.measure)

    @cached_property
    def costs_of(self) -> Mapping[str, tuple[Cost, ...]]:
        """The cost lines of each action."""
        return grouped(self.policy.costs, lambda one: one.action)

    @cached_property
    def indicators_of(self) -> Mapping[str, tuple[Indicator, ...]]:
        """The indicators of each action or objective."""
        return grouped(self.policy.indicators, lambda one: one.measures)

    @cached_property
    def readings_of(self) -> Mapping[str, tuple[Reading, ...]]:
        """The observations of each indicator."""
        return grouped(self.policy.readings, lambda one: one.indicator)

    @cached_property
    def mandates_of(self) -> Mapping[str, tuple[Mandate, ...]]:
        """The mandates to lead each function."""
        return grouped((one for one in self.mandates if one.role == "lead"), lambda one: one.function)

    @cached_property
    def realised_by(self) -> Mapping[str, tuple[Clause, ...]]:
        """The clauses that realise each measure or objective."""
        found: dict[str, list[Clause]] = defaultdict(list)
        for clause in self.clauses:
            for code in clause.realises:
                found[code].append(clause)
        return {code: tuple(some) for code, some in found.items()}

    def span(self, measure: Measure) -> tuple[date, date]:
        """From the first to the last day of a measure's actions; of the policy where it has none."""
        actions = self.actions_of.get(measure.code, ())
        if not actions:
            return self.policy.first, self.policy.last
        return min(one.first for one in actions), max(one.last for one in actions)

    def reaches(self, above: str, territory: str) -> bool:
        """Whether a territory is `above` or lies inside it. A circle of territories ends the search."""
        seen: set[str] = set()
        while territory != above and territory not in seen:
            seen.add(territory)
            territory = self.parents.get(territory, COUNTRY)
        return territory == above

    def leads(self, measure: Measure, on: date) -> tuple[str, ...]:
        """Who is mandated to lead the function of a measure in its territory on a day, by code."""
        found = {
            one.institution
            for one in self.mandates_of.get(measure.function, ())
            if one.holds(on) and self.reaches(one.territory, measure.territory)
        }
        return tuple(sorted(found))


def grouped(rows: Iterable[One], key: Callable[[One], str]) -> Mapping[str, tuple[One, ...]]:
    """Rows by a key, in their order."""
    found: dict[str, list[One]] = defaultdict(list)
    for one in rows:
        found[key(one)].append(one)
    return {code: tuple(some) for code, some in found.items()}
