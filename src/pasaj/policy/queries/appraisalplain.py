"""Appraisals as rows of plain values, for programs."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import QuerySet

from pasaj.core import appraisal as core
from pasaj.policy.models import Appraisal, Criterion, Option
from pasaj.policy.queries.appraisal import Table
from pasaj.policy.queries.appraisalpages import lines, told

Rows = list[tuple[object, ...]]
APPRAISAL = (
    "code", "policy", "objective", "question", "options", "criteria", "weights_known", "weights", "draws", "seed",
    "floor", "chosen", "reason", "against", "first_share", "decided_at", "revision", "simulated",
)  # fmt: skip
FIGURES = ("word", "value", "low", "high", "sigma", "certainty", "evidence", "note", "dissent", "at")
JUDGEMENT = ("option", "criterion", *FIGURES, "by", "revision")
CELL = ("option", "option_text", "status_quo", "criterion", "vetoed", *FIGURES, "by", "revision")
STANDING = (
    "option", "vetoed_by", "places", "error", "confidence", "central_weights", "sum", "sum_low", "sum_high", "topsis",
    "method", "draws", "seed",
)  # fmt: skip
METHOD = "SMAA-2 with weighted sum; TOPSIS with vector normalisation"


def appraisals(rows: QuerySet[Appraisal]) -> Rows:
    """Appraisals with the codes of their standing options and their criteria: three queries."""
    found = list(rows)
    options: dict[int, list[str]] = defaultdict(list)
    criteria: dict[int, list[str]] = defaultdict(list)
    for one in Option.objects.filter(appraisal__in=found, withdrawn_at=None).order_by("pk"):
        options[one.appraisal_id].append(one.code)
    for row in Criterion.objects.filter(appraisal__in=found).order_by("number"):
        criteria[row.appraisal_id].append(row.code)
    return [
        (
            one.code, one.policy.code, one.objective.code, one.text, options[one.pk], criteria[one.pk],
            one.weights_known, one.weights, one.draws, one.seed, one.floor, one.chosen.code if one.chosen else "",
            one.decision, one.against, one.first_share, one.decided_at, one.revision, one.simulated,
        )
        for one in found
    ]  # fmt: skip


def judgements(found: Table) -> Rows:
    """The judgements that count, by option and criterion."""
    ordered = [(option.code, one.code) for option in found.options for one in found.criteria]
    return [
        (*key, *(getattr(one, name) for name in FIGURES), one.actor_label, one.revision)
        for key in ordered
        if (one := found.judgements.get(key)) is not None
    ]


def cells(found: Table) -> Rows:
    """Every cell of the table for a file: option by option, empty where nobody has judged."""
    made: Rows = []
    rows = lines(found)
    for at, option in enumerate(found.options):
        for line in rows:
            cell = line.cells[at]
            held = cell.judgement
            said = [_flat(getattr(held, name)) for name in FIGURES] if held else [""] * len(FIGURES)
            who = (held.actor_label, held.revision) if held else ("", "")
            made.append((option.code, str(option), option.status_quo, line.criterion.code, cell.vetoed, *said, *who))
    return made


def _flat(value: object) -> object:
    """As a cell of a file holds it: codes in a row, nothing for None."""
    if isinstance(value, list):
        return " ".join(str(one) for one in value)
    return "" if value is None else value


def standings(found: Table, said: core.Appraised) -> Rows:
    """What every method says of each option, in their order."""
    lines = told(found, said)
    codes = [one.code for one in lines.criteria]
    return [
        (
            one.option.code, [veto.criterion for veto in one.vetoes], list(one.places),
            one.error if one.places else None, one.confidence,
            dict(zip(codes, one.central, strict=True)) if one.central else {},
            one.sum and one.sum.value, one.sum and one.sum.low, one.sum and one.sum.high, one.topsis,
            METHOD, said.smaa.draws, said.seed,
        )
        for one in lines.standings
    ]  # fmt: skip
