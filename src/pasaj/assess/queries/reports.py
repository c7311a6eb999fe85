"""Questions about published reports: which there are, what they say, what has moved since."""

from __future__ import annotations

from django.db.models import QuerySet

from pasaj.access.rules import Actor, visible
from pasaj.assess.models import Report, Round
from pasaj.assess.queries import rounds
from pasaj.assess.queries.report.since import Moved, basis, moved
from pasaj.core import report as core

LONG = ("basis",)


def editions(actor: Actor, row: Round) -> QuerySet[Report]:
    """The editions of a round's report, the newest first."""
    return visible(Report.objects.filter(round=row).defer(*LONG), actor).order_by("-number")


def says(edition: Report, language: str) -> core.Report | None:
    """What an edition says in a language; None where it was not published in it."""
    text = edition.texts.filter(language=language).first()
    return None if text is None else core.from_plain(text.content)


def since(edition: Report) -> list[Moved]:
    """What moved since an edition was published: scores, answers, findings and states of evidence."""
    row = Round.objects.select_related("framework__framework").get(pk=edition.round_id)
    return moved(edition.basis, basis(rounds.result(row)))
