"""A policy as plain values: every statement with the codes of what it rests on. All money is Decimal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

Texts = Mapping[str, str]
"""A text by language code."""

MEASURE_KINDS = ("protection", "enforcement", "legal", "institutional", "service", "information")
PARTS = ("lead", "support", "consulted", "informed")
COST_KINDS = ("capital", "recurrent")
DIRECTIONS = ("up", "down", "hold")
COMMITMENT_STATES = ("pledged", "committed", "paid")
STATES = ("planned", "running", "done", "dropped")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, for whom, on which findings. rights, groups: in a person's words."""

    code: str
    theme: str
    text: Texts
    findings: tuple[str, ...] = ()
    rights: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Objective:
    """What shall be reached. goals: codes of the alignment list."""

    code: str
    theme: str
    text: Texts
    problems: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """An institution's part in a measure: one of PARTS."""

    institution: str
    part: str


@dataclass(frozen=True, slots=True)
class Measure:
    """A policy measure. function, territory: what its lead must be mandated to do, and where ("": the country).

    basis: instruments it rests on. safeguards: measures that protect people where this one enforces.
    """

    code: str
    theme: str
    kind: str
    text: Texts
    objectives: tuple[str, ...] = ()
    institutions: tuple[Part, ...] = ()
    function: str = ""
    territory: str = ""
    basis: tuple[str, ...] = ()
    safeguards: tuple[str, ...] = ()
    option: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """What is done for a measure, by whom, when. needs: actions that must be done before.

    adopts: the instrument whose adoption it is ("": none). assessment: the data-protection assessment it names.
    agreement: the sharing agreement a flow of data rests on. recommendations: of assessments that it follows up.
    """

    code: str
    measure: str
    text: Texts
    owner: str
    first: date
    last: date
    deliverable: Texts = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    recommendations: tuple[str, ...] = ()
    adopts: str = ""
    personal_data: bool = False
    assessment: str = ""
    shares_data: bool = False
    agreement: str = ""
    state: str = "planned"
    done_on: date | None = None


@dataclass(frozen=True, slots=True)
class Cost:
    """A cost line: quantity x unit cost x periods in one currency and year. item: of the price list ("": none)."""

    code: str
    action: str
    label: str
    kind: str
    quantity: Decimal
    unit: str
    unit_cost: Decimal
    periods: Decimal
    currency: str
    year: int
    item: str = ""
    justification: str = ""


@dataclass(frozen=True, slots=True)
class Commitment:
    """Money that somebody stands for: `state` one of COMMITMENT_STATES."""

    code: str
    action: str
    funder: str
    amount: Decimal
    currency: str
    year: int
    state: str


@dataclass(frozen=True, slots=True)
class Rate:
    """What one unit of a currency is worth in the policy's own, in one year: `on` the day it is of."""

    currency: str
    year: int
    rate: Decimal
    on: date | None
    source: str


@dataclass(frozen=True, slots=True)
class Price:
    """An item of the price list and the range its unit cost is expected in."""

    item: str
    unit: str
    low: Decimal
    high: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """How an action or an objective is followed. every_days: how often it is observed.

    source: "pasaj" (then `figure` names how it is computed) or "external" (then `source_name` names it).
    """

    code: str
    measures: str
    text: Texts
    definition: Texts
    unit: str
    direction: str
    baseline: Decimal | None = None
    baseline_on: date | None = None
    baseline_source: str = ""
    target: Decimal | None = None
    target_on: date | None = None
    every_days: int | None = None
    source: str = ""
    source_name: str = ""
    figure: str = ""
    denominator: str = ""
    personal_data: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """One observation of an indicator: of the period that ends on a day."""

    indicator: str
    period_end: date
    value: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class Policy:
    """The whole plan. first, last: the period it is for. languages: those it is to stand in, the first its source.

    minimum: the least certainty (0 to 1) of a finding that a problem may rest on.
    """

    code: str
    text: Texts
    first: date
    last: date
    languages: tuple[str, ...]
    currency: str
    minimum: float = 0.0
    themes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    objectives: tuple[Objective, ...] = ()
    measures: tuple[Measure, ...] = ()
    actions: tuple[Action, ...] = ()
    costs: tuple[Cost, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    rates: tuple[Rate, ...] = ()
    prices: tuple[Price, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    readings: tuple[Reading, ...] = ()
    capacities: Mapping[str, int] = field(default_factory=dict)
    """By institution: how many actions it can run at once."""
