"""What the round looked at, what it did not see, who did not answer, and what is still to be verified."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pasaj.assess.models import Sort
from pasaj.assess.queries import rounds
from pasaj.assess.queries.report.material import Material, chapter, code, head, section, table, text
from pasaj.assess.queries.words import SORTS, number, percent
from pasaj.core import scoring
from pasaj.core.report import Block, Column, Items, Note, cell, spans


def limits(said: Material) -> list[Block]:
    """The chapter on scope and limits."""
    blocks: list[Block] = [chapter(_("Scope and limits"), "limits")]
    if said.row.simulated:
        simulated = _("Every answer of this round is simulated. Nothing in this report describes a real service.")
        blocks.append(Note("simulated", spans(simulated)))
    return [
        *blocks,
        *_units(said),
        section(_("What was not observed"), "unseen"),
        *_unseen(said),
        section(_("Who answered"), "answered"),
        *_assessors(said),
        section(_("To be read with care"), "care"),
        Items(tuple(spans(one) for one in cautions(said))),
    ]


def _units(said: Material) -> list[Block]:
    lines = {one.code: one for one in rounds.progress(said.found)["unit"]}
    who: dict[str, set[str]] = {}
    for one in said.found.given:
        who.setdefault(one.answer.unit, set()).add(one.answer.assessor)
    rows = [
        (
            head(code(unit.code), " ", said.name(unit.code)),
            cell(str(SORTS[unit.sort])),
            cell(number(lines[unit.code].answered if unit.code in lines else 0)),
            cell(number(lines[unit.code].asked if unit.code in lines else 0)),
            cell(number(len(who.get(unit.code, ())))),
        )
        for unit in said.found.units
    ]
    columns = [
        Column(_("Unit"), 4), Column(_("What it is"), 1.6), Column(_("Answered"), 1, "end"),
        Column(_("Asked"), 1, "end"), Column(_("Assessors"), 1, "end"),
    ]  # fmt: skip
    caption = _("What the round looked at, and how much of it was answered")
    return [text(scope(said)), *table(caption, said.source, columns, rows, anchor="table-scope")]


def scope(said: Material) -> str:
    """How many units of each sort, in a sentence."""
    return _(
        "The round looked at: country {country}, institutions {institutions}, crossing points {crossings}."
    ).format(
        country=len(said.units_of(Sort.COUNTRY)),
        institutions=len(said.units_of(Sort.INSTITUTION)),
        crossings=len(said.units_of(Sort.CROSSING_POINT)),
    )


def _unseen(said: Material) -> list[Block]:
    found = said.found
    seen = {one.key for one in found.given if one.answer.value is not scoring.Missing.NOT_OBSERVED}
    cells = [(unit, indicator) for unit, codes in found.asked.asked.items() for indicator in codes]
    pillar_of = {one.code: one.pillar for one in found.framework.indicators}
    rows = []
    for pillar in found.pillars:
        asked = [key for key in cells if pillar_of[key[1]] == pillar]
        missing = [key for key in asked if key not in seen]
        range_ = found.scores.pillars.get(pillar)
        share = range_.observed if range_ else None
        rows.append(
            (head(code(pillar), " ", said.name(pillar)), cell(number(len(asked))), cell(number(len(missing))),
             cell(percent(share)))
        )  # fmt: skip
    columns = [
        Column(_("Pillar"), 4), Column(_("Cells asked"), 1.2, "end"), Column(_("Observed by nobody"), 1.4, "end"),
        Column(_("Weight observed"), 1.4, "end"),
    ]  # fmt: skip
    told = _("A cell is one indicator of one unit. The last column is the share of the pillar's weight that somebody "
             "observed; the rest makes its range wider.")  # fmt: skip
    caption = _("What nobody could observe, by pillar")
    return [text(told), *table(caption, said.source, columns, rows, anchor="table-unseen")]


def _assessors(said: Material) -> list[Block]:
    lines = rounds.progress(said.found)["assessor"]
    rows = [
        (head(code(one.code)), cell(number(one.answered)), cell(number(one.asked)), cell(percent(one.share)))
        for one in lines
    ]
    columns = [
        Column(_("Assessor"), 2), Column(_("Answered"), 1, "end"), Column(_("Could have answered"), 1.4, "end"),
        Column(_("Share"), 1, "end"),
    ]  # fmt: skip
    told = _("Assessors stand by a code; no person is named. Not every assessor was to look at every unit.")
    caption = _("Answers by assessor")
    return [text(told), *table(caption, said.source, columns, rows, anchor="table-assessors")]


def cautions(said: Material) -> list[str]:
    """What a reader must know before trusting a number."""
    found = said.found
    answered = {one.answer.unit for one in found.given}
    silent = [
        said.name(one.code) for one in found.units if found.asked.asked.get(one.code) and one.code not in answered
    ]
    open_ = sum(not one.settled for one in scoring.disagreements(found.scores))
    verify = sum(bool(one.verify) for one in found.framework.indicators)
    told = []
    if silent:
        told.append(_("Nobody answered about: {units}.").format(units=", ".join(silent)))
    if open_:
        told.append(ngettext(
            "{count} cell that assessors answered differently is not settled.",
            "{count} cells that assessors answered differently are not settled.", open_,
        ).format(count=number(open_)))  # fmt: skip
    if found.asked.doubtful:
        told.append(ngettext(
            "Of {count} cell it is not known whether it applies.",
            "Of {count} cells it is not known whether they apply.", len(found.asked.doubtful),
        ).format(count=number(len(found.asked.doubtful))))  # fmt: skip
    if verify or found.framework.verify:
        told.append(_("Indicators whose wording is still to be verified against its source: {count}.").format(
            count=number(verify or len(found.framework.indicators))))  # fmt: skip
    if said.row.state != said.row.State.CLOSED:
        told.append(_("The round is still open: answers that come later change this report."))
    told.append(_("Scores compare a service with a stated scale, not with another service or country."))
    return told
