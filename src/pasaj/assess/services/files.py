"""Answers and scores of a round on their way out, as rows that the gate can judge."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from pasaj.access.rules import Actor
from pasaj.assess.queries.rounds import Given, Result
from pasaj.core.scoring import Missing, Range
from pasaj.share.models import Audience
from pasaj.share.services import Parcel, Released, Row, release

HEAD = ("round", "framework", "framework_version", "simulated")
ANSWERS = (*HEAD, "unit", "unit_kind", "pillar", "indicator", "assessor", "value", "missing", "confidence", "comment",
           "assessed_on", "received_at", "receipt", "settled_as", "settled_why", "counts")  # fmt: skip
SCORES = (*HEAD, "level", "unit", "pillar", "indicator", "low", "high", "observed", "may_not_apply")
KINDS = {"answers": ANSWERS, "scores": SCORES}


def export(*, found: Result, what: str, form: str, actor: Actor, now: datetime) -> Released:
    """`answers`: a row an answer, those replaced or settled included; `scores`: a row a range. csv or xlsx.

    Raises Refused as the gate does. KeyError: neither of the two.
    """
    parcel = Parcel(
        kind="table",
        title=f"{found.round.code} {what}",
        form=form,
        rows=(Row(values=row, own_count=True) for row in table(found, what)),
        header=KINDS[what],
        question={"round": found.round.code, "what": what},
    )
    return release(parcel=parcel, audience=Audience.AMBER, actor=actor, now=now)


def table(found: Result, what: str) -> Iterator[tuple[object, ...]]:
    """The rows of `answers` or `scores`, their columns in the order of KINDS."""
    head = found.round.code, found.framework.code, found.framework.version, found.round.simulated
    return ((*head, *row) for row in (_answers(found) if what == "answers" else _scores(found)))


def _answers(found: Result) -> Iterator[tuple[object, ...]]:
    pillar_of = {one.code: one.pillar for one in found.framework.indicators}
    sort_of = {one.code: one.sort for one in found.units}
    for counts, answers in ((True, found.given), (False, found.replaced)):
        for one in sorted(answers, key=_order):
            unit, code = one.key
            value, settled = one.answer.value, found.settlements.get(one.key)
            point = None if isinstance(value, Missing) else value
            yield (
                unit, sort_of.get(unit, ""), pillar_of.get(code, ""), code, one.answer.assessor, point,
                value.value if isinstance(value, Missing) else "", one.sure, one.comment, one.assessed_on,
                one.received_at, one.receipt, settled.value if settled else "", settled.reason if settled else "",
                counts,
            )  # fmt: skip


def _order(one: Given) -> tuple[str, str, str]:
    return one.answer.unit, one.answer.indicator, one.answer.assessor


def _scores(found: Result) -> Iterator[tuple[object, ...]]:
    scores = found.scores
    pillar_of = {one.code: one.pillar for one in found.framework.indicators}
    yield from _line(("country", "", "", ""), scores.country)
    for pillar in found.pillars:
        yield from _line(("pillar", "", pillar, ""), scores.pillars.get(pillar))
    for code, ranged in scores.indicators.items():
        yield from _line(("indicator", "", pillar_of[code], code), ranged)
    for unit, ranged in scores.units.items():
        yield from _line(("unit", unit, "", ""), ranged)
    for (unit, pillar), ranged in scores.unit_pillars.items():
        yield from _line(("unit_pillar", unit, pillar, ""), ranged)
    for (unit, code), cell in scores.cells.items():
        yield from _line(("cell", unit, pillar_of[code], code), cell.range)


def _line(key: tuple[str, ...], ranged: Range | None) -> Iterator[tuple[object, ...]]:
    if ranged is None:
        yield (*key, None, None, None, None)
    else:
        yield (*key, round(ranged.low, 4), round(ranged.high, 4), round(ranged.observed, 4), ranged.optional)
