"""`pasaj assess score` and `pasaj assess report`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pasaj.core.problems import Refused, problem
from pasaj.site.cli import ground, leaving, tell
from pasaj.site.cli.tell import _

if TYPE_CHECKING:
    from pasaj.assess.models import Round
    from pasaj.assess.queries.rounds import Result
    from pasaj.core.report import Report
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


FORMS = {".pdf": "pdf", ".docx": "docx"}
KNOWN = 8  # rounds that a refusal names


@assess.command(epilog="Example: pasaj assess report A1 -o report.pdf --lang fr")
@click.argument("round_code", metavar="ROUND")
@click.option("-o", "--output", "target", required=True, type=click.Path(path_type=Path), help="FILE.pdf or FILE.docx.")
@click.option("--lang", "language", default="", metavar="LANG", help="fr, ht, en or es. [default: the pack's first]")
def report(round_code: str, target: Path, language: str) -> None:
    """Write the report of ROUND to a file: its newest edition, or a draft that says so. What left is recorded."""
    home = ground.open_home()
    form = leaving.form_of(target, FORMS)

    from pasaj.assess.queries.report import LANGUAGES, build
    from pasaj.assess.services import documents

    wanted = language or home.default_language
    if wanted not in LANGUAGES:
        raise Refused(problem("CLI-037", value=wanted, allowed=", ".join(LANGUAGES)))
    actor, now, row = ground.actor(), ground.now(home), _round(round_code)
    said = _published(row, wanted)
    if said is None:
        said = build(row, language=wanted, actor=actor, now=now)
        tell.say(_("Not published yet: this is a draft, and says so."))
    leaving.write(documents.release_report(said=said, form=form, actor=actor, now=now), target)
    tell.say(_("{file}: report {code}, {language}.").format(file=target, code=said.code, language=wanted))


def _round(code: str) -> Round:
    from pasaj.assess.models import Round

    row = Round.objects.select_related("framework__framework").filter(code=code).first()
    if row is None:
        known = ", ".join(Round.objects.order_by("-pk").values_list("code", flat=True)[:KNOWN])
        raise Refused(problem("CLI-036", code=code, known=known or "–"))
    return row


def _published(row: Round, language: str) -> Report | None:
    """What the newest edition says in a language, whoever may see it; None: nothing is published in it."""
    from pasaj.assess.models import Report
    from pasaj.assess.queries import reports

    newest = Report.objects.filter(round=row).order_by("-number").first()
    return reports.says(newest, language) if newest else None
