"""What a coherence rule is, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from pasaj.core.evidence.canonical import fingerprint
from pasaj.core.policy.view import View
from pasaj.core.problems import CATALOGUE, N_, Problem, problem


class Severity(StrEnum):
    """An error blocks publication; a warning and a note do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


FAMILIES: Mapping[str, str] = {
    "graph": N_("Chain from finding to action"),
    "mandate": N_("Mandates"),
    "rights": N_("Rights"),
    "cost": N_("Costs and dates"),
    "following": N_("Indicators"),
    "text": N_("Text"),
    "options": N_("Options"),
}
"""Families of rules and their names (msgids), in their order."""

EVIDENCE = N_("A published sentence must rest on something that stands: nobody can waive that.")
RIGHTS = N_("No advantage makes good what violates rights: nobody can waive that.")
OPEN = ""
"""Why a rule cannot be waived (msgids); OPEN: it can."""


@dataclass(frozen=True, slots=True)
class Fix:
    """The page that mends it: `kind` says which sort of page, `code` of what. The site knows the addresses.

    Kinds: policy, statement, costs, rates, evidence, clauses, clause, terms, consultation, consultations, appraisal,
    mandates, findings (without a problem), not_addressed, load (of an institution).
    """

    kind: str
    code: str


@dataclass(frozen=True, slots=True)
class Breach:
    """One rule broken at one statement. values: what the message names."""

    rule: str
    statement: str
    fix: Fix
    values: Mapping[str, object] = field(default_factory=dict, hash=False)

    @property
    def problem(self) -> Problem:
        """The message and the remedy, with their values."""
        params: dict[str, Any] = {"code": self.statement, **self.values}
        return problem(self.rule, **params)

    @property
    def fingerprint(self) -> str:
        """Of the rule, the statement and what is told of it: a waiver holds only for this."""
        told = {name: str(value) for name, value in self.values.items()}
        return fingerprint({"rule": self.rule, "statement": self.statement, "values": told})


Check = Callable[[View], Iterable[Breach]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule. `item`: its number in the list it comes from (C01 to C61); own: it was added to that item here.

    unwaivable: why nobody can waive it (a msgid), OPEN where an approver can.
    """

    code: str
    family: str
    severity: Severity
    check: Check
    unwaivable: str = OPEN

    @property
    def item(self) -> str:
        """The item it belongs to: the first two digits of its number."""
        return f"C{self.code.partition('-')[2][:2]}"

    @property
    def message(self) -> str:
        """What it says (a msgid with places)."""
        return CATALOGUE[self.code].message

    @property
    def remedy(self) -> str:
        """What to do (a msgid with places)."""
        return CATALOGUE[self.code].remedy


def at(rule: str, statement: str, fix: str = "statement", where: str = "", **values: Any) -> Breach:
    """A breach at a statement, mended on the page `fix` of `where` (the statement itself unless told)."""
    return Breach(rule, statement, Fix(fix, where or statement), values)


def error(code: str, family: str, check: Check, unwaivable: str = OPEN) -> Rule:
    """A rule that blocks publication."""
    return Rule(code, family, Severity.ERROR, check, unwaivable)


def warning(code: str, family: str, check: Check) -> Rule:
    """A rule that is told and blocks nothing."""
    return Rule(code, family, Severity.WARNING, check)


def note(code: str, family: str, check: Check) -> Rule:
    """Something worth knowing."""
    return Rule(code, family, Severity.NOTE, check)
