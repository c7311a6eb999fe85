"""Statements as somebody wants them: plain values and the codes of what they refer to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ProblemWanted:
    """findings: codes of the chain of evidence, or of instruments. rights, groups: in a person's words."""

    theme: int
    text: Texts
    findings: Sequence[str] = ()
    rights: Sequence[str] = ()
    groups: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ObjectiveWanted:
    """problems: codes. goals: codes of the alignment list."""

    theme: int
    text: Texts
    problems: Sequence[str]
    goals: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class MeasureWanted:
    """kind: of `Measure.Kind`. institutions: (code, part). function, territory: codes or "". basis: instruments."""

    theme: int
    text: Texts
    kind: str
    objectives: Sequence[str]
    institutions: Sequence[tuple[str, str]] = ()
    function: str = ""
    territory: str = ""
    basis: Sequence[str] = ()
    safeguards: Sequence[str] = ()
    option: str = ""


@dataclass(frozen=True, slots=True)
class ActionWanted:
    """measure, owner, needs, adopts: codes. recommendations: of assessments. agreement: of sharing."""

    measure: str
    text: Texts
    owner: str
    first: date
    last: date
    deliverable: Texts = field(default_factory=dict)
    needs: Sequence[str] = ()
    recommendations: Sequence[str] = ()
    adopts: str = ""
    personal_data: bool = False
    assessment: str = ""
    shares_data: bool = False
    agreement: str = ""


@dataclass(frozen=True, slots=True)
class IndicatorWanted:
    """measures: the code of an action or an objective. figure: the code of a figure when the origin is "pasaj"."""

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
    origin: str = ""
    source_name: str = ""
    figure: str = ""
    denominator: str = ""
    personal_data: bool = False


Wanted = ProblemWanted | ObjectiveWanted | MeasureWanted | ActionWanted | IndicatorWanted
