"""Findings drafted by rules from plain values, and what to look at first. docs/methods/findings.md"""

from collections.abc import Iterable

from pasaj.core.findings.exchange import dependence, from_flows
from pasaj.core.findings.mandates import from_mandates
from pasaj.core.findings.observations import MISSED, Kept, Post, breaches, silence
from pasaj.core.findings.priority import Priority, certainty, of_draft, priority
from pasaj.core.findings.scores import PLACES, Scored, apart, critical, declines, differ, low
from pasaj.core.findings.sentences import CERTAINTIES, REACHES, RULES, SENTENCES, SEVERITIES
from pasaj.core.findings.shapes import Draft, Reach, Rest, Said, Severity, Subject

__all__ = [
    "CERTAINTIES",
    "MISSED",
    "PLACES",
    "REACHES",
    "RULES",
    "SENTENCES",
    "SEVERITIES",
    "Draft",
    "Kept",
    "Post",
    "Priority",
    "Reach",
    "Rest",
    "Said",
    "Scored",
    "Severity",
    "Subject",
    "apart",
    "breaches",
    "certainty",
    "critical",
    "declines",
    "dependence",
    "differ",
    "from_flows",
    "from_mandates",
    "low",
    "of_draft",
    "ordered",
    "priority",
    "silence",
]


def ordered(drafts: Iterable[Draft]) -> list[Draft]:
    """Drafts in the order in which they get their codes: highest priority first, then by key."""
    return sorted(drafts, key=lambda one: (-round(of_draft(one).product, 9), one.key))
