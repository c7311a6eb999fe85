"""What is asked in an assessment, in the versions it was asked with, and the rounds in which it was."""

from pasaj.assess.models.findings import Entry, Finding, Recommendation
from pasaj.assess.models.frameworks import Framework, FrameworkVersion
from pasaj.assess.models.mapping import MappingAnswer
from pasaj.assess.models.reports import Report, ReportText
from pasaj.assess.models.rounds import (
    AnswerSheet,
    Assessor,
    Assignment,
    Round,
    RoundForm,
    RoundUnit,
    Settlement,
    Sort,
)

__all__ = [
    "AnswerSheet",
    "Assessor",
    "Assignment",
    "Entry",
    "Finding",
    "Framework",
    "FrameworkVersion",
    "MappingAnswer",
    "Recommendation",
    "Report",
    "ReportText",
    "Round",
    "RoundForm",
    "RoundUnit",
    "Settlement",
    "Sort",
]
