"""Questions about published reports: which there are, what they say, what has moved since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from pasaj.access.rules import Actor, visible
from pasaj.assess.models import Report, Round
from pasaj.assess.queries import rounds
from pasaj.assess.queries.report import standing
from pasaj.assess.queries.report.since import Basis, Moved, basis, moved
from pasaj.core import report as core

LONG = ("basis",)
MOST = 60  # things that moved, on a page


@dataclass(frozen=True, slots=True)
class Chapter:
    """A heading of level 1 with all that follows it."""

    heading: core.Heading
    blocks: Sequence[core.Block]

    @property
    def sections(self) -> list[core.Heading]:
        return [one for one in self.blocks if isinstance(one, core.Heading) and one.level == 2]


@dataclass(frozen=True, slots=True)
class Since:
    """What moved, for a page: the first of it, cells last; how many in all, and how many are not shown."""

    shown: Sequence[Moved]
    count: int
    left: int


def chapters(said: core.Report) -> list[Chapter]:
    """A report by its chapters. What stands before the first belongs to none."""
    found: list[tuple[core.Heading, list[core.Block]]] = []
    for block in said.blocks:
        if isinstance(block, core.Heading) and block.level == 1:
            found.append((block, []))
        elif found:
            found[-1][1].append(block)
    return [Chapter(heading, blocks) for heading, blocks in found]


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
    return moved(edition.basis, basis_of(row, edition.basis["evidence"]))


def basis_of(row: Round, codes: Iterable[str]) -> Basis:
    """What a report of a round would rest on now. codes: statements whose states are looked at."""
    return basis(rounds.result(row), standing.decided(row), standing.worth(codes))


def since_told(edition: Report) -> Since:
    """The same for a page."""
    found = sorted(since(edition), key=lambda one: one.what == "cell")
    return Since(found[:MOST], len(found), max(0, len(found) - MOST))
