"""Whether a policy is coherent: what is broken, what of it was waived, and what blocks its publication."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from pasaj.access.queries import Said, say
from pasaj.core.policy.coherence import FAMILIES, RULES, Breach, Rule, Severity, check
from pasaj.core.problems import CATALOGUE, Problem
from pasaj.policy.models import NotAddressed, Policy, Waiver
from pasaj.policy.queries.surroundings import look

ORDER = (Severity.ERROR, Severity.WARNING, Severity.NOTE)


@dataclass(frozen=True, slots=True)
class Found:
    """One breach with the waiver that lets it pass, if any."""

    breach: Breach
    waiver: Waiver | None = None

    @property
    def rule(self) -> Rule:
        return RULES[self.breach.rule]

    @property
    def said(self) -> Said:
        """Message and remedy in the reader's language."""
        return say(self.breach.problem)

    @property
    def stops(self) -> bool:
        """Whether it blocks publication."""
        return self.rule.severity == Severity.ERROR and self.waiver is None

    @property
    def unwaivable(self) -> str:
        """Why nobody can waive it, in the reader's language; empty where an approver can."""
        return _(self.rule.unwaivable) if self.rule.unwaivable else ""


@dataclass(frozen=True, slots=True)
class Checked:
    """A policy as it was checked on a day. found: in the order of the rules; waived ones are among them."""

    policy: Policy
    on: date
    found: tuple[Found, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many of each severity were not waived, and how many were ("waived")."""
        open_ = [one for one in self.found if one.waiver is None]
        told = {str(severity): sum(one.rule.severity == severity for one in open_) for severity in ORDER}
        return {**told, "waived": len(self.found) - len(open_)}

    @property
    def stops(self) -> tuple[Found, ...]:
        """The errors that block publication."""
        return tuple(one for one in self.found if one.stops)

    def of(self, severity: Severity) -> list[tuple[str, list[Found]]]:
        """What of a severity was not waived, by the name of its family."""
        some = [one for one in self.found if one.rule.severity == severity and one.waiver is None]
        groups = [(_(name), [one for one in some if one.rule.family == family]) for family, name in FAMILIES.items()]
        return [(name, rows) for name, rows in groups if rows]


def checked(row: Policy, on: date) -> Checked:
    """A policy checked by every rule: a constant number of queries, whatever its size."""
    let = {one.fingerprint: one for one in row.waivers.filter(ended_at=None)}
    breaches = check(look(row, on))
    return Checked(row, on, tuple(Found(one, let.get(one.fingerprint)) for one in breaches))


@dataclass(frozen=True, slots=True)
class Waived:
    """A waiver as the annex prints it: rule, statement, what was broken, why it is let pass, who decided and when."""

    waiver: Waiver

    @property
    def text(self) -> str:
        """What was broken, in the reader's language."""
        row = self.waiver
        if row.rule not in CATALOGUE:  # of a rule that a later version does not have any more
            return row.rule
        return say(Problem(row.rule, {"code": row.statement, **row.values})).text


def waivers(row: Policy) -> list[Waived]:
    """The waivers that stand, by rule and statement: for the annex of a version."""
    return [Waived(one) for one in row.waivers.filter(ended_at=None).order_by("rule", "statement", "pk")]


def not_addressed(row: Policy) -> list[NotAddressed]:
    """What the policy does not address, with the reasons: for the annex of a version."""
    return list(row.not_addressed.filter(ended_at=None).order_by("kind", "subject"))


def plain(found: Checked) -> dict[str, Any]:
    """Ready for JSON, in the reader's language. `waived`: why each waived breach is let pass."""
    counts = found.counts
    return {
        "policy": found.policy.code,
        "on": found.on.isoformat(),
        "errors": counts["error"],
        "warnings": counts["warning"],
        "notes": counts["note"],
        "problems": [_plain(one) for one in found.found if one.waiver is None],
        "waived": [{**_plain(one), "reason": one.waiver.reason} for one in found.found if one.waiver],
    }


def _plain(one: Found) -> Mapping[str, Any]:
    said = one.said
    return {
        "code": one.breach.rule,
        "severity": str(one.rule.severity),
        "family": one.rule.family,
        "statement": one.breach.statement,
        "message": said.text,
        "remedy": said.remedy,
        "fix": {"kind": one.breach.fix.kind, "code": one.breach.fix.code},
        "fingerprint": one.breach.fingerprint,
    }


def only(rows: Sequence[Policy], code: str) -> Policy | None:
    """The policy of this code; without a code the only one there is."""
    if code:
        return next((one for one in rows if one.code == code), None)
    return rows[0] if len(rows) == 1 else None
