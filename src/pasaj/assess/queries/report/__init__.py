"""The report of a round as blocks, chapter by chapter, in one language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from pasaj import __version__
from pasaj.access.rules import Actor
from pasaj.assess.models import Assessor, Round
from pasaj.assess.queries.report.annex import annex
from pasaj.assess.queries.report.changes import changes
from pasaj.assess.queries.report.exchange import exchange
from pasaj.assess.queries.report.findings import findings
from pasaj.assess.queries.report.limits import limits
from pasaj.assess.queries.report.mandates import mandates
from pasaj.assess.queries.report.material import SHORT, Material, code, gather, spoken
from pasaj.assess.queries.report.method import method
from pasaj.assess.queries.report.pictures import maps
from pasaj.assess.queries.report.results import results
from pasaj.assess.queries.report.summary import summary
from pasaj.assess.queries.words import day
from pasaj.core.report import Facts, Report, spans
from pasaj.registry import queries as registry

LANGUAGES = ("fr", "ht", "en", "es")
CHAPTERS = (summary, method, limits, results, maps, mandates, exchange, changes, findings, annex)


def build(
    row: Round,
    *,
    language: str,
    actor: Actor,
    now: datetime,
    edition: str = "",
    waived: tuple[tuple[str, str], ...] = (),
) -> Report:
    """The whole report as the round stands at `now`. `edition`: its code once published; empty: it says draft.

    Raises ValueError: a language that reports are not written in.
    """
    made = builds(row, languages=[language], actor=actor, now=now, edition=edition, waived=waived)
    return made[language]


def builds(
    row: Round,
    *,
    languages: Sequence[str],
    actor: Actor,
    now: datetime,
    edition: str = "",
    waived: tuple[tuple[str, str], ...] = (),
) -> dict[str, Report]:
    """The same in several languages, with the round read once."""
    if unknown := set(languages).difference(LANGUAGES):
        raise ValueError(f"{', '.join(sorted(unknown))}: none of {LANGUAGES}")
    read = gather(row=row, actor=actor, now=now, edition=edition, waived=waived)
    return {one: _written(read, one) for one in languages}


def _written(read: Material, language: str) -> Report:
    with override(language):
        said = spoken(read, language)
        return Report(
            code=said.edition or said.row.code,
            title=said.row.title,
            subtitle=_("Report of an assessment"),
            language=language,
            blocks=tuple(block for part in CHAPTERS for block in part(said)),
            label=_label(said),
            facts=_facts(said),
        )


def _label(said: Material) -> str:
    words = [] if said.edition else [_("Draft")]
    words += [_("Simulated data")] if said.row.simulated else []
    return " · ".join(words)


def _facts(said: Material) -> Facts:
    row, version = said.row, said.row.framework
    home = registry.home()
    return Facts(
        (
            (_("Country"), spans(str(home) if home else "")),
            (_("Round"), spans(code(row.code))),
            (_("Period"), spans(f"{day(row.period_start)} – {day(row.period_end)}")),
            (_("Framework"), spans(f"{version} {version.version} ", code(version.fingerprint[:SHORT]))),
            (_("Assessors"), spans(str(Assessor.objects.filter(round=row).count()))),
            (_("Answers as of"), spans(day(said.now))),
            (_("Edition"), spans(code(said.edition)) if said.edition else spans(_("Draft, not published"))),
            (_("Audience"), spans("TLP:AMBER")),
            (_("Made with"), spans(f"Pasaj {__version__}")),
        )
    )
