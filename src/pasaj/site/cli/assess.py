"""`pasaj assess score`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from pasaj.core.problems import Refused, problem
from pasaj.site.cli import ground, tell
from pasaj.site.cli.tell import _

if TYPE_CHECKING:
    from pasaj.assess.queries.rounds import Result
    from pasaj.core.scoring import Range


@click.group(epilog="Example: pasaj assess score A1")
def assess() -> None:
    """Assessments of border management: rounds and their scores."""


@assess.command(epilog="Example: pasaj assess score A1 --json")
@click.argument("round_code", metavar="ROUND")
@click.option("--json", "as_json", is_flag=True, help="Print every score as JSON.")
def score(round_code: str, as_json: bool) -> None:
    """Score the answers of ROUND as they stand now: each score is a range from 0 to 4."""
    ground.open_home()

    from pasaj.assess.models import Round
    from pasaj.assess.queries import rounds as queries

    row = Round.objects.select_related("framework__framework").filter(code=round_code).first()
    if row is None:
        raise Refused(problem("ROUND-001", code=round_code))
    found = queries.result(row)
    if as_json:
        tell.as_json(plain(found))
    else:
        _say(found)


def plain(found: Result) -> dict[str, Any]:
    """All scores of a round, ready for JSON."""
    from pasaj.assess.queries import rounds as queries
    from pasaj.core import scoring

    scores, agreed = found.scores, queries.agreement(found)
    return {
        "round": found.round.code,
        "framework": {"code": found.framework.code, "version": found.framework.version},
        "simulated": found.round.simulated,
        "country": _ends(scores.country),
        "pillars": {code: _ends(one) for code, one in scores.pillars.items()},
        "indicators": {code: _ends(one) for code, one in scores.indicators.items()},
        "units": {code: _ends(one) for code, one in scores.units.items()},
        "unit_pillars": [
            {"unit": unit, "pillar": pillar, **(_ends(one) or {})}
            for (unit, pillar), one in scores.unit_pillars.items()
        ],
        "critical": [
            {"unit": one.unit, "indicator": one.indicator, "state": one.state}
            for one in scoring.critical(scores, found.indicators)
        ],
        "disagreements": [
            {
                "unit": one.unit,
                "indicator": one.indicator,
                "kind": one.kind,
                "spread": one.spread,
                "settled": one.settled,
            }
            for one in scoring.disagreements(scores)
        ],
        "agreement": {"alpha": agreed.alpha, "low": agreed.low, "high": agreed.high, "cells": agreed.cells},
        "answers": len(found.given),
    }


def _ends(one: Range | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {"low": one.low, "high": one.high, "observed": one.observed, "may_not_apply": one.optional}


def _say(found: Result) -> None:
    row, scores = found.round, found.scores
    tell.say(f"{row.code}  {row.title}  ({found.framework.code} {found.framework.version})")
    if row.simulated:
        tell.say(_("Simulated."))
    for code, one in [*scores.pillars.items(), ("", scores.country)]:
        words = "–" if one is None else f"{one.low:.2f} – {one.high:.2f}   {one.observed:.0%}"
        tell.say(f"  {code or _('All'):<10} {words}")
    tell.say(_("{count} answers. The last column: share of the weight that somebody observed.").format(
        count=len(found.given)
    ))  # fmt: skip
