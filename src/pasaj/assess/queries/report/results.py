"""Scores: pillars in the country, units by pillars, critical zeros, where assessors differ."""

from __future__ import annotations

from django.utils.translation import gettext as _

from pasaj.assess.models import Sort
from pasaj.assess.queries import pages
from pasaj.assess.queries.report.material import (
    Material,
    anchor_of,
    cell_address,
    chapter,
    code,
    head,
    observed,
    score,
    section,
    table,
    text,
)
from pasaj.assess.queries.report.pictures import crossings
from pasaj.assess.queries.words import SORTS, answered, number, percent
from pasaj.core import scoring
from pasaj.core.report import Block, Cell, Column, Span, cell

WIDEST = 25  # disagreements that are listed


def results(said: Material) -> list[Block]:
    """The chapter on scores."""
    return [
        chapter(_("Scores"), "scores"),
        section(_("Pillars in the country"), "pillars"),
        *_pillars(said),
        section(_("Pillars by unit"), "units"),
        *_matrix(said),
        *crossings(said),
        section(_("Critical indicators"), "critical"),
        *_critical(said),
        section(_("Where assessors differ"), "differences"),
        *_differences(said),
    ]


def _pillars(said: Material) -> list[Block]:
    scores, lines = said.found.scores, pages.pillar_lines(said.found, said.weights)
    columns = [
        Column(_("Pillar"), 4), Column(_("Weight"), 1, "end"), Column(_("Score, 0 to 4"), 1.6),
        Column(_("Observed"), 1.2, "end"), Column(_("None surely above"), 1.3, "end"),
        Column(_("None surely below"), 1.3, "end"),
    ]  # fmt: skip
    rows = [
        (head(code(one.code), " ", one.name), cell(number(one.weight, 1)), score(one.range), cell(observed(one.range)),
         cell(percent(one.best)), cell(percent(one.worst)))
        for one in lines
    ]  # fmt: skip
    whole = scores.country
    none = percent(None)
    rows.append((head(_("All pillars")), cell(none), score(whole), cell(observed(whole)), cell(none), cell(none)))
    told = _("The last two columns say in which share of random weights no other pillar is surely above, or surely "
             "below.")  # fmt: skip
    caption = _("Score of each pillar in the country, as a range")
    return [text(told), *table(caption, said.source, columns, rows, anchor="table-pillars")]


def _matrix(said: Material) -> list[Block]:
    columns = [Column(_("Unit"), 3), *(Column(one, 1, "centre") for one in said.found.pillars)]
    columns.append(Column(_("All"), 1, "centre"))
    shown = pages.matrix(said.found)
    blocks: list[Block] = [
        text(_("A shade stands for the middle of a range that is at most one point wide; wider ranges are not shaded."))
    ]
    for sort in Sort.values:
        rows = [
            (head(code(one.code), " ", one.name), *(score(it) for it in one.cells), score(one.whole))
            for one in shown
            if one.sort == sort
        ]
        caption = _("Scores by pillar: {sort}").format(sort=str(SORTS[sort]).lower())
        blocks += table(caption, said.source, columns, rows, anchor=anchor_of("table-units", sort))
    return blocks


def _critical(said: Material) -> list[Block]:
    lines = pages.critical(said.found)
    if not lines:
        return [text(_("No critical indicator is 0, and all were observed."))]
    columns = [
        Column(_("Indicator"), 4), Column(_("0 at"), 2.2), Column(_("0 for some, not for others at"), 2),
        Column(_("Observed by nobody at"), 2),
    ]  # fmt: skip
    rows = [
        (head(code(one.code), " ", one.question), _places(said, one.code, one.zero, "bad"),
         _places(said, one.code, one.disputed, "caution"), _places(said, one.code, one.unseen, ""))
        for one in lines
    ]  # fmt: skip
    caption = _("Critical indicators that are or may be 0")
    return [
        text(_("A 0 is a finding whatever the mean.")),
        *table(caption, said.source, columns, rows, anchor="table-critical"),
    ]


def _places(said: Material, indicator: str, units: list[str], tone: str) -> Cell:
    parts: list[str | Span] = []
    for unit in units:
        parts += [", "] if parts else []
        parts.append(code(unit, cell_address(said, (unit, indicator))))
    return cell(*parts, tone=tone if units else "") if parts else cell(percent(None))


def _differences(said: Material) -> list[Block]:
    listed = scoring.disagreements(said.found.scores)
    if not listed:
        return [text(_("No two assessors answered the same cell differently."))]
    columns = [
        Column(_("Unit"), 2), Column(_("Indicator"), 2), Column(_("Answers"), 3), Column(_("Held to be"), 2),
    ]  # fmt: skip
    rows = []
    for one in listed[:WIDEST]:
        key = (one.unit, one.indicator)
        answers = ", ".join(f"{it.answer.assessor}: {answered(it.answer.value)}" for it in said.found.of_cell(*key))
        settled = said.found.settlements.get(key)
        held = cell(answered(settled.value)) if settled else cell(_("open"), tone="caution")
        rows.append((head(code(one.unit)), cell(code(one.indicator, cell_address(said, key))), cell(answers), held))
    told = _("Cells that were answered differently: {count}. The table shows the {shown} widest, open ones first; all "
             "stand in the annex.").format(count=number(len(listed)), shown=number(len(rows)))  # fmt: skip
    caption = _("The widest differences between assessors")
    return [text(told), *table(caption, said.source, columns, rows, anchor="table-differences", keep=2)]
