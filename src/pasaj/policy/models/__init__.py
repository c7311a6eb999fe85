"""A policy and its statements, each under its code."""

from pasaj.policy.models.appraisal import Appraisal, Criterion, Judgement, Option
from pasaj.policy.models.coherence import NotAddressed, Waiver
from pasaj.policy.models.document import (
    Clause,
    ClauseDraft,
    ClauseRevision,
    ClauseText,
    DocumentTemplate,
    Editing,
    Suggestion,
    Term,
)
from pasaj.policy.models.indicators import Indicator, Reading
from pasaj.policy.models.money import Capacity, Commitment, CostLine, Price, Rate
from pasaj.policy.models.policies import Entry, Goal, Policy, Theme
from pasaj.policy.models.statements import Action, Measure, MeasurePart, Objective, Problem, Progress, Statement
from pasaj.policy.models.versions import Proposal, Version, VersionText

__all__ = [
    "Action",
    "Appraisal",
    "Capacity",
    "Clause",
    "ClauseDraft",
    "ClauseRevision",
    "ClauseText",
    "Commitment",
    "CostLine",
    "Criterion",
    "DocumentTemplate",
    "Editing",
    "Entry",
    "Goal",
    "Indicator",
    "Judgement",
    "Measure",
    "MeasurePart",
    "NotAddressed",
    "Objective",
    "Option",
    "Policy",
    "Price",
    "Problem",
    "Progress",
    "Proposal",
    "Rate",
    "Reading",
    "Statement",
    "Suggestion",
    "Term",
    "Theme",
    "Version",
    "VersionText",
    "Waiver",
]
