"""The annex: every answer and where it came from, unit by unit. Assessors are codes; nobody is named."""

from __future__ import annotations

from django.utils.translation import gettext as _

from pasaj.assess.queries.report.material import (
    Material,
    anchor_of,
    cell_address,
    chapter,
    code,
    head,
    section,
    table,
    text,
    tone,
)
from pasaj.assess.queries.rounds import Given
from pasaj.assess.queries.words import NONE, SURE, answered, day, pointed
from pasaj.core import scoring
from pasaj.core.report import Block, Cell, Column, Items, PageBreak, Span, cell, spans
from pasaj.core.rounds import Unit

Sheet = tuple[str, str]  # assessor, receipt


def annex(said: Material) -> list[Block]:
    """Every answer that counts, with the sheet it stands on."""
    told = _("One table a unit. Each answer bears the number of its sheet; under the table the sheets stand with the "
             "code of the assessor, the day they looked and the receipt of the report. What a cell is held to be is "
             "its range: from the lowest to the highest answer, or what somebody settled.")  # fmt: skip
    blocks: list[Block] = [PageBreak(), chapter(_("Annex: every answer and its source"), "annex"), text(told)]
    for unit in said.found.units:
        if said.found.asked.asked.get(unit.code):
            blocks += _unit(said, unit)
    return [*blocks, *_origins(said)]


def _origins(said: Material) -> list[Block]:
    origins = said.found.framework.sources
    items = Items(tuple(spans(code(one.code), f" {one.title}. {one.where}".rstrip()) for one in origins))
    return [section(_("Where the indicators come from"), "origins"), items] if origins else []


def _unit(said: Material, unit: Unit) -> list[Block]:
    given = [one for one in said.found.given if one.answer.unit == unit.code]
    sheets = sheets_of(given)
    asked = set(said.found.asked.asked[unit.code])
    by_indicator: dict[str, list[Given]] = {}
    for one in sorted(given, key=lambda it: it.answer.assessor):
        by_indicator.setdefault(one.answer.indicator, []).append(one)
    rows = [
        (
            head(code(one.code, cell_address(said, (unit.code, one.code))), " ", said.name(one.code)),
            _held(said.found.scores.cells[unit.code, one.code].range),
            _answers(by_indicator.get(one.code, []), sheets),
            _remarks(said, unit.code, one.code, by_indicator.get(one.code, []), sheets),
        )
        for one in said.found.framework.indicators
        if one.code in asked
    ]
    columns = [Column(_("Indicator"), 4), Column(_("Held to be"), 1), Column(_("Answers"), 2), Column(_("Remarks"), 3)]
    title = said.name(unit.code)
    return [
        section(title, anchor_of("answers", unit.code)),
        *table(
            _("Answers about {unit}").format(unit=title), _source(said, given, sheets), columns, rows,
            anchor=anchor_of("table-answers", unit.code),
        ),
    ]  # fmt: skip


def sheets_of(given: list[Given]) -> dict[Sheet, int]:
    """A number for each sheet of a unit, by assessor and day."""
    found = sorted({(one.answer.assessor, one.assessed_on, one.receipt) for one in given})
    return {(assessor, receipt): at for at, (assessor, _on, receipt) in enumerate(found, 1)}


def _held(value: scoring.Range | None) -> Cell:
    return cell(pointed(value), tone=tone(value))


def _source(said: Material, given: list[Given], sheets: dict[Sheet, int]) -> str:
    if not given:
        return " ".join((_("Nobody answered."), said.source))
    days = {(one.answer.assessor, one.receipt): one.assessed_on for one in given}
    told = "; ".join(
        _("[{number}] {assessor}, {day}, receipt {receipt}").format(
            number=number, assessor=key[0], day=day(days[key]), receipt=key[1]
        )
        for key, number in sheets.items()
    )
    return f"{told}. {said.source}"


def _answers(given: list[Given], sheets: dict[Sheet, int]) -> Cell:
    if not given:
        return cell(NONE)
    parts: list[str | Span] = []
    for one in given:
        parts += [" · "] if parts else []
        parts += [f"[{_number(one, sheets)}] ", Span(answered(one.answer.value), strong=True)]
        if one.sure:
            parts.append(f" ({SURE.get(one.sure, one.sure)})")
    return cell(*parts)


def _number(one: Given, sheets: dict[Sheet, int]) -> int:
    return sheets[one.answer.assessor, one.receipt]


def _remarks(said: Material, unit: str, indicator: str, given: list[Given], sheets: dict[Sheet, int]) -> Cell:
    told = [f"[{_number(one, sheets)}] {one.comment}" for one in given if one.comment]
    settled = said.found.settlements.get((unit, indicator))
    if settled is not None:
        told.append(
            _("Settled as {value} on {day}: {reason}").format(
                value=answered(settled.value), day=day(settled.at), reason=settled.reason
            )
        )
    return cell(" ".join(told))
