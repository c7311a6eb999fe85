"""A policy and its statements, each under its code."""

from pasaj.policy.models.appraisal import Appraisal, Criterion, Judgement, Option
from pasaj.policy.models.coherence import NotAddressed, Waiver
from pasaj.policy.models.consultation import (
    AskedClause,
    Comment,
    Consultation,
    Disposition,
    Invitation,
    ModerationEntry,
    Reply,
    TrayItem,
)
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
    "AskedClause",
    "Capacity",
    "Clause",
    "ClauseDraft",
    "ClauseRevision",
    "ClauseText",
    "Comment",
    "Commitment",
    "Consultation",
    "CostLine",
    "Criterion",
    "Disposition",
    "DocumentTemplate",
    "Editing",
    "Entry",
    "Goal",
    "Indicator",
    "Invitation",
    "Judgement",
    "Measure",
    "MeasurePart",
    "ModerationEntry",
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
    "Reply",
    "Statement",
    "Suggestion",
    "Term",
    "Theme",
    "TrayItem",
    "Version",
    "VersionText",
    "Waiver",
]
