"""A policy as a pack writes it down for its demonstration: everything simulated. Codes are without the policy's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

Texts = Mapping[str, str]
"""A text by language code."""

FIRST, UPDATED = 1, 2
"""When a statement came: with the first version, or with the update that followed the assessment."""

MOVED = ("figure", "finding", "objective")
OUTCOMES = ("accepted", "partly", "rejected", "deferred", "out_of_scope")
ACCEPTED, REJECTED = "accepted", "rejected"
DECIDED = (ACCEPTED, REJECTED)
"""What becomes of other words for a clause."""
KINDS = ("interministerial", "civil_society", "public", "donors", "legal")


@dataclass(frozen=True, slots=True)
class Figure:
    """A count of a series, by its code, from a day to a day."""

    series: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Problem:
    """grounds: instruments. figures: counts it rests on from the first.

    findings: keys of rules, and `later`: counts, which it rests on since the assessment.
    """

    code: str
    theme: int
    text: Texts
    grounds: tuple[str, ...]
    figures: tuple[Figure, ...] = ()
    findings: tuple[str, ...] = ()
    later: tuple[Figure, ...] = ()
    rights: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Objective:
    """What is to be reached about which problems."""

    code: str
    theme: int
    text: Texts
    problems: tuple[str, ...]
    goals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Measure:
    """parts: (institution, part), the lead first."""

    code: str
    theme: int
    text: Texts
    kind: str
    objectives: tuple[str, ...]
    parts: tuple[tuple[str, str], ...]
    function: str = ""
    basis: tuple[str, ...] = ()
    safeguards: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cost:
    """A cost line in each of `years`."""

    label: str
    kind: str
    quantity: Decimal
    unit: str
    unit_cost: Decimal
    periods: Decimal
    currency: str
    years: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Action:
    """measure: the one it stands under. recommendations: keys of findings whose recommendations it follows up."""

    code: str
    measure: str
    text: Texts
    deliverable: Texts
    owner: str
    first: date
    last: date
    needs: tuple[str, ...] = ()
    recommendations: tuple[str, ...] = ()
    since: int = FIRST
    costs: tuple[Cost, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """One observation of an indicator."""

    on: date
    value: Decimal


@dataclass(frozen=True, slots=True)
class Indicator:
    """finding: the key of one whose first figure it is computed from, by the number `value`; its baseline is what that
    figure says first. "" where `source_name` says its source.
    """

    code: str
    measures: str
    text: Texts
    definition: Texts
    unit: str
    direction: str
    target: Decimal
    target_on: date
    every_days: int
    baseline: Decimal | None = None
    baseline_on: date | None = None
    source_name: str = ""
    denominator: str = ""
    finding: str = ""
    value: str = ""
    since: int = FIRST
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """How an action stood; `at` on the clock of the country, without a zone."""

    action: str
    at: datetime
    state: str
    note: str


@dataclass(frozen=True, slots=True)
class Commitment:
    """Money that a funder stands for, in one year."""

    action: str
    funder: str
    amount: Decimal
    currency: str
    year: int
    state: str
    on: date


@dataclass(frozen=True, slots=True)
class Moved:
    """What changed after the last version. what: of MOVED. target: a series, the key of a finding, an objective.

    A figure has its day, the factor of its correction and why; a finding and an objective their new text.
    """

    what: str
    target: str
    text: Texts = field(default_factory=dict)
    day: date = date.min
    factor: Decimal = Decimal(1)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One way to reach an objective. judged: criterion -> (word, how certain or ""). law: what the rights rest on."""

    text: Texts
    judged: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    dissent: Mapping[str, str] = field(default_factory=dict)
    law: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Appraisal:
    """A question for an objective. options: the first is to change nothing. chosen: the place of one, from 1."""

    objective: str
    text: Texts
    options: tuple[Option, ...]
    chosen: int
    reason: str
    measure: str


@dataclass(frozen=True, slots=True)
class Rates:
    """What a unit of `currency` is worth, by year."""

    currency: str
    on: date
    source: str
    by_year: Mapping[int, Decimal]


@dataclass(frozen=True, slots=True)
class Term:
    """A word that the policy defines."""

    code: str
    names: Texts
    meanings: Texts


@dataclass(frozen=True, slots=True)
class Clause:
    """The text of a clause, by the code that the template of the pack gives it. measures: which it puts into words."""

    code: str
    text: Texts
    measures: tuple[str, ...] = ()
    since: int = FIRST


@dataclass(frozen=True, slots=True)
class Comment:
    """What an institution said of a clause, and what was done with it. at: on the clock of the country."""

    institution: str
    at: datetime
    clause: str
    text: str
    outcome: str
    answer: str


@dataclass(frozen=True, slots=True)
class Change:
    """Other words for a clause in a reply by Word, in every language; taken over or not.

    Only the source language stands in the file; the drafters say what is taken over in the others.
    """

    clause: str
    old: Texts
    new: Texts
    outcome: str
    answer: str


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment in the margin of a reply by Word. on: the words it hangs on."""

    clause: str
    on: str
    text: str
    outcome: str
    answer: str


@dataclass(frozen=True, slots=True)
class Reply:
    """The Word file that an institution sent back. at: on the clock of the country."""

    institution: str
    at: datetime
    changes: tuple[Change, ...]
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class Consultation:
    """A round, from its first day to its last, closed when all was answered."""

    kind: str
    names: Texts
    about: Texts
    first: date
    last: date
    closed: datetime
    comments: tuple[Comment, ...]
    replies: tuple[Reply, ...] = ()


@dataclass(frozen=True, slots=True)
class Version:
    """A version that was published, and why. at: on the clock of the country; None: when the update is there."""

    note: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Demo:
    """The whole. begun: on the clock of the country, without a zone. themes: (names, a goal or "").

    label: stands behind every cost line. invented: what is said of every invented number.
    """

    names: Texts
    purpose: Texts
    institution: str
    languages: tuple[str, ...]
    begun: datetime
    first: date
    last: date
    currency: str
    label: str
    invented: str
    themes: tuple[tuple[Texts, str], ...]
    rates: Rates
    capacities: Mapping[str, int]
    versions: tuple[Version, ...] = ()
    problems: tuple[Problem, ...] = ()
    objectives: tuple[Objective, ...] = ()
    measures: tuple[Measure, ...] = ()
    actions: tuple[Action, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    progress: tuple[Progress, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    moved: tuple[Moved, ...] = ()
    terms: tuple[Term, ...] = ()
    clauses: tuple[Clause, ...] = ()
    consultations: tuple[Consultation, ...] = ()
    appraisals: tuple[Appraisal, ...] = ()
