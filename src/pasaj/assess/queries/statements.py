"""Findings and recommendations as programs and files take them: with their factors and what they rest on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from pasaj.access.rules import Actor
from pasaj.assess.models import Finding, Recommendation, Round
from pasaj.assess.queries import findings as queries
from pasaj.evidence.models import Link
from pasaj.evidence.models.links import Disposition
from pasaj.evidence.queries.trace import states_of

FINDING = ("code", "round", "state", "rule", "statement", "severity", "certainty", "certainty_parts", "reach",
           "reach_part", "reach_whole", "reach_of", "priority", "rights", "rights_affected", "institution", "subject",
           "evidence", "standing", "holds", "edited", "reason", "revision", "simulated", "changed_at")  # fmt: skip
RECOMMENDATION = ("code", "round", "state", "text", "findings", "institution", "horizon", "due_date", "effort",
                  "priority", "standing", "reason", "revision", "simulated", "changed_at")  # fmt: skip


def findings(actor: Actor, row: Round, **wanted: object) -> list[dict[str, Any]]:
    """The findings of a round by their codes, each with the fields of FINDING. `wanted`: state, severity, code.

    evidence: the codes it rests on. standing: what it is worth in the chain, "" where it is not in it.
    """
    rows = list(queries.findings(actor, row).filter(**_asked(wanted)))
    rests, states = _chain([one.code for one in rows])
    return [_finding(one, rests[one.code], states.get(one.code, "")) for one in rows]


def recommendations(actor: Actor, row: Round, **wanted: object) -> list[dict[str, Any]]:
    """The recommendations of a round, each with the fields of RECOMMENDATION. priority: the highest of its findings."""
    rows = list(queries.recommendations(actor, row).filter(**_asked(wanted)))
    _rests, states = _chain([one.code for one in rows])
    return [_recommendation(one, states.get(one.code, "")) for one in rows]


def _asked(wanted: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in wanted.items() if value not in ("", None)}


def _chain(codes: Collection[str]) -> tuple[Mapping[str, list[str]], Mapping[str, str]]:
    """What each statement rests on, and what it is worth."""
    rests: dict[str, list[str]] = defaultdict(list)
    links = Link.objects.filter(child__code__in=codes).exclude(disposition=Disposition.CUT)
    for child, parent in links.order_by("parent__code").values_list("child__code", "parent__code"):
        rests[child].append(parent)
    return rests, {code: str(one.state) for code, one in states_of(codes).items()}


def _finding(row: Finding, rests: Iterable[str], standing: str) -> dict[str, Any]:
    factors = row.priority
    return {
        "code": row.code,
        "round": row.round.code,
        "state": row.state,
        "rule": row.rule,
        "statement": row.statement,
        "severity": row.severity,
        "certainty": round(factors.certainty, 4),
        "certainty_parts": row.certainty,
        "reach": round(factors.reach, 4),
        "reach_part": _whole(row.reach_part),
        "reach_whole": _whole(row.reach_whole),
        "reach_of": row.reach_of,
        "priority": round(factors.product, 4),
        "rights": row.rights,
        "rights_affected": row.rights_affected,
        "institution": row.institution.code if row.institution else "",
        "subject": row.subject,
        "evidence": list(rests),
        "standing": standing,
        "holds": row.holds,
        "edited": row.edited,
        "reason": row.reason,
        "revision": row.revision,
        "simulated": row.simulated,
        "changed_at": row.changed_at,
    }


def _recommendation(row: Recommendation, standing: str) -> dict[str, Any]:
    answered = sorted(row.findings.all(), key=lambda one: one.pk)
    return {
        "code": row.code,
        "round": row.round.code,
        "state": row.state,
        "text": row.text,
        "findings": [one.code for one in answered],
        "institution": row.institution.code if row.institution else "",
        "horizon": row.horizon,
        "due_date": row.due_date,
        "effort": row.effort,
        "priority": max((round(one.priority.product, 4) for one in answered), default=None),
        "standing": standing,
        "reason": row.reason,
        "revision": row.revision,
        "simulated": row.simulated,
        "changed_at": row.changed_at,
    }


def _whole(value: float) -> int | float:
    return int(value) if value.is_integer() else value
