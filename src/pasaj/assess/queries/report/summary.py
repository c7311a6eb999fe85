"""What a minister reads: two pages with the main numbers, what is at 0, and what to do first."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pasaj.assess.queries import pages
from pasaj.assess.queries.report.changes import moved
from pasaj.assess.queries.report.findings import first
from pasaj.assess.queries.report.limits import cautions, scope
from pasaj.assess.queries.report.material import (
    Material,
    chapter,
    code,
    listed,
    observed,
    section,
    text,
)
from pasaj.assess.queries.report.pictures import pillars
from pasaj.assess.queries.words import ranged
from pasaj.core import scoring
from pasaj.core.report import Block, Items, Note, PageBreak, Span, spans
from pasaj.core.report.blocks import Spans

ZEROS = 6  # critical indicators named on these pages; the others stand in their chapter
PLACES = 4


def summary(said: Material) -> list[Block]:
    """The chapter that stands for the whole."""
    return [
        chapter(_("Summary"), "summary"),
        *_simulated(said),
        text(f"{scope(said)} {_country(said)}"),
        *pillars(said),
        section(_("Critical indicators at 0"), "summary-critical"),
        *_zeros(said),
        *_since(said),
        *first(said),
        section(_("How sure this is"), "summary-sure"),
        Items(tuple(spans(one) for one in cautions(said))),
        PageBreak(),
    ]


def _simulated(said: Material) -> list[Block]:
    if not said.row.simulated:
        return []
    told = _("Every answer of this round is simulated. Nothing in this report describes a real service.")
    return [Note("simulated", spans(told))]


def _country(said: Material) -> str:
    whole = said.found.scores.country
    if whole is None:
        return _("Nothing that applies has a score yet.")
    return _("Over all pillars the country scores {range} on a scale from 0 to 4; {observed} of the weight behind it "
             "was observed. A range says the lowest and the highest that the score can be.").format(
        range=ranged(whole), observed=observed(whole))  # fmt: skip


def _zeros(said: Material) -> list[Block]:
    lines = [one for one in pages.critical(said.found) if one.zero]
    if not lines:
        return [text(_("No critical indicator is surely 0 anywhere."))]
    widest = sorted(lines, key=lambda one: -len(one.zero))[:ZEROS]
    total = sum(len(one.zero) for one in lines)
    told = ngettext(
        "{count} cell of a critical indicator is 0, whatever the mean says.",
        "{count} cells of {indicators} critical indicators are 0, whatever the mean says.", total,
    ).format(count=total, indicators=len(lines))  # fmt: skip
    items: list[Spans] = [
        spans(
            code(one.code),
            f" {one.question} ",
            Span(listed([said.name(unit) for unit in one.zero], PLACES), strong=True),
        )
        for one in widest
    ]
    if len(lines) > len(widest):
        items.append(spans(Span(_("All of them stand under “Critical indicators”."), address="#critical")))
    return [text(told), Items(tuple(items))]


def _since(said: Material) -> list[Block]:
    """What rose and fell since the round before, in one list."""
    if said.earlier is None:
        return []
    found = [one for one in moved(said) if one.level in ("country", "pillar") and one.verdict in ("up", "down")]
    title = section(_("Since the round before"), "summary-changes")
    before = said.earlier.round
    if not found:
        told = _("Since {code}, no pillar moved by more than what can be noise.").format(code=before.code)
        return [title, text(told)]
    return [title, Items(tuple(_moved(said, one) for one in found))]


def _moved(said: Material, one: scoring.Change) -> Spans:
    name = said.name(one.code) if one.code else _("All pillars")
    words = {"up": _("rose from {old} to {new}"), "down": _("fell from {old} to {new}")}
    told = words[one.verdict].format(old=f"[{ranged(one.old)}]", new=f"[{ranged(one.new)}]")
    return spans(Span(name, strong=True), f" {told}")
