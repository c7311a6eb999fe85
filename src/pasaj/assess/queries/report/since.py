"""What a published report rested on, and what has moved since: scores, answers, findings, states of evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pasaj.assess.queries.rounds import Result
from pasaj.core import scoring

DECIMALS = 6  # of a score: what is nearer is the same
Basis = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Moved:
    """One thing that is no longer as it was published. None: there was, or is, no such thing.

    what: country, pillar, unit, cell, answers, finding or evidence. before, now: a range, or a word.
    """

    what: str
    code: str
    before: Any
    now: Any


def basis(found: Result, findings: Mapping[str, str], states: Mapping[str, str]) -> Basis:
    """What a report of this round rests on, as plain values: by what it is and its code.

    findings: what was decided on each. states: in the chain of evidence.
    """
    scores = found.scores
    return {
        "country": {found.round.code: _plain(scores.country)},
        "pillar": {code: _plain(one) for code, one in scores.pillars.items()},
        "unit": {code: _plain(one) for code, one in scores.units.items()},
        "cell": {f"{unit} {code}": _plain(cell.range) for (unit, code), cell in scores.cells.items()},
        "answers": {found.round.code: len(found.given)},
        "finding": dict(findings),
        "evidence": dict(states),
    }


def moved(then: Mapping[str, Mapping[str, Any]], now: Mapping[str, Mapping[str, Any]]) -> list[Moved]:
    """What differs between two bases, in the order of the second; what is gone comes last in its group."""
    found = []
    for what, current in now.items():
        before = then.get(what, {})
        codes = [*current, *sorted(code for code in before if code not in current)]
        found += [
            Moved(what, code, before.get(code), current.get(code))
            for code in codes
            if before.get(code) != current.get(code)
        ]
    return found


def _plain(value: scoring.Range | None) -> list[float] | None:
    return None if value is None else [round(value.low, DECIMALS), round(value.high, DECIMALS)]
