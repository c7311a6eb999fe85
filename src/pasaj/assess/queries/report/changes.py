"""What moved since the round before, and what lies within the noise."""

from __future__ import annotations

from django.utils.translation import gettext as _

from pasaj.assess.queries import pages
from pasaj.assess.queries.report.material import Material, chapter, code, head, score, table, text
from pasaj.assess.queries.words import NONE, VERDICTS, day, number
from pasaj.core import scoring
from pasaj.core.report import Block, Cell, Column, cell

TONES = {"up": "good", "down": "bad", "noise": "muted", "same": "muted", "unknown": "muted"}


def changes(said: Material) -> list[Block]:
    """The chapter on changes; nothing where there is no earlier round."""
    if said.earlier is None:
        return []
    before = said.earlier.round
    told = _("Compared with round {code} ({title}, {start} to {end}), on the cells that apply in both and mean the "
             "same in both versions of the framework. A score moved when its new range lies wholly outside the old "
             "one by more than the noise of assessors; everything else is within noise.").format(
        code=before.code, title=before.title, start=day(before.period_start), end=day(before.period_end))  # fmt: skip
    columns = [
        Column(_("What"), 4), Column(before.code, 1.4), Column(said.row.code, 1.4), Column(_("Verdict"), 1.6),
        Column(_("Margin, points"), 1.2, "end"), Column(_("Cells"), 1, "end"),
    ]  # fmt: skip
    found = [one for one in moved(said) if one.level != "indicator" or one.verdict in ("up", "down")]
    rows = [
        (_what(said, one), score(one.old), score(one.new), cell(str(VERDICTS[one.verdict]), tone=TONES[one.verdict]),
         cell(number(one.margin, 2) if one.margin is not None else NONE), cell(number(one.cells)))
        for one in found
    ]  # fmt: skip
    caption = _("Scores of two rounds: the country, pillars, units, and the indicators that moved")
    return [
        chapter(_("Since the round before"), "changes"),
        text(told),
        *table(caption, said.source, columns, rows, anchor="table-changes"),
    ]


def moved(said: Material) -> list[scoring.Change]:
    """All changes since the round before; none where there is no such round."""
    return pages.changes(said.earlier, said.found) if said.earlier is not None else []


def _what(said: Material, one: scoring.Change) -> Cell:
    return head(code(one.code), " ", said.name(one.code)) if one.code else head(_("All pillars"))
