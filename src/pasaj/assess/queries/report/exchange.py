"""Who tells whom what, as both ends say it; what is needed beside it; and how fragmented that is, side by side."""

from __future__ import annotations

from django.utils.translation import gettext as _

from pasaj.assess.queries import mapping, matrices
from pasaj.assess.queries.matrices import Names
from pasaj.assess.queries.report.mandates import sentences
from pasaj.assess.queries.report.material import Material, chapter, code, head, section, table, text
from pasaj.assess.queries.words import NONE, number, percent
from pasaj.assess.templatetags.matrices import FLOWS, LINES, measure_word, state_text
from pasaj.core.mapping import drawing
from pasaj.core.mapping.flows import FAILING, Flow
from pasaj.core.mapping.grids import Exchanged, ExchangeGrid
from pasaj.core.mapping.profile import Component, Situation, profile
from pasaj.core.report import Block, Cell, Column, Items, Note, Picture, Span, cell, spans

# A cell says its state in a sign; the legend says what it means.
SIGNS = {
    "confirmed": "+", "not_received": "≠", "not_sent": "≠", "only_sender": "›", "only_receiver": "‹",
    "denied": "–", "absent": "–", "unanswered": "?",
}  # fmt: skip
TONES = {
    "confirmed": "good", "not_received": "bad", "not_sent": "bad", "only_sender": "caution",
    "only_receiver": "caution", "denied": "muted", "absent": "muted",
}  # fmt: skip
MOST = 40  # needs that are listed
CHANGES = 3  # of the what-if
BOTH = ("gaps", "overlaps")  # components that are known without anybody's answer


def exchange(said: Material) -> list[Block]:
    """The chapters on exchange and on fragmentation; nothing where nothing is known or needed."""
    found, names = mapping.situation(said.row), matrices.names()
    blocks: list[Block] = []
    if found.ties:
        blocks += _exchange(said, found, names)
    return [*blocks, *_profile(said, found, names)]


def _exchange(said: Material, found: Situation, names: Names) -> list[Block]:
    shown = matrices.exchange_matrix(found)
    blocks: list[Block] = [chapter(_("Who tells whom what"), "exchange")]
    if matrices.silent(found):
        told = _("No institution has answered on exchange yet: what stands here is only what is needed.")
        blocks.append(Note("caution", spans(told)))
    return [
        *blocks,
        text(
            _(
                "A row tells, a column hears. Each exchange is asked of both ends; their contradiction is itself a "
                "finding."
            )
        ),
        Items(tuple(spans(Span(sign, strong=True), f" {state_text(state)}") for state, sign in SIGNS.items())),
        *_grid(said, shown.grid),
        sentences(shown.figures, names),
        *_network(said, found, shown.grid),
        section(_("What is needed and fails"), "needs"),
        *_needs(said, shown.flows, names),
    ]


def _grid(said: Material, grid: ExchangeGrid) -> list[Block]:
    columns = [Column(_("From, to"), 3), *(Column(one, 1, "centre", turned=True) for one in grid.receivers)]
    rows = [(head(code(row.sender)), *(_cell(one) for one in row.cells)) for row in grid.rows]
    caption = _("Exchange between institutions: the surest state of all that one tells the other")
    return table(caption, said.source, columns, rows, anchor="table-exchange")


def _cell(one: Exchanged | None) -> Cell:
    if one is None:
        return cell("")
    many = f" {one.layers}" if one.layers > 1 else ""
    return cell(f"{SIGNS[one.state]}{many}", tone=TONES.get(one.state, ""))


def _network(said: Material, found: Situation, grid: ExchangeGrid) -> list[Block]:
    """The drawing, where anything is drawn."""
    links = drawing.links(found.ties)
    if not links:
        return []
    named = {*grid.senders, *grid.receivers}
    nodes = [one for one in found.institutions if one in named]
    caption = _("The network of exchange")
    kinds = dict.fromkeys(one.kind for one in links)
    looks = {"confirmed": _("drawn through"), "disputed": _("dashed"), "half": _("dotted")}
    told = "; ".join(f"{looks[kind]}: {LINES[kind]}" for kind in kinds)
    said_by = "; ".join(f"{one.sender} → {one.receiver} ({LINES[one.kind]})" for one in links)
    svg = drawing.svg(drawing.draw(nodes, links), caption, palette=drawing.Palette())
    return [Picture(f"{caption} ({told})", said.source, svg, said_by, anchor="figure-network")]


def _needs(said: Material, flows: tuple[Flow, ...], names: Names) -> list[Block]:
    failing = [one for one in flows if one.state in FAILING]
    told = _(
        "Needed exchanges: {count}; met: {met}; too late, disputed or missing: {failing}; not known: {open}."
    ).format(
        count=number(len(flows)),
        met=number(sum(one.state == "met" for one in flows)),
        failing=number(len(failing)),
        open=number(sum(one.state not in (*FAILING, "met") for one in flows)),
    )
    columns = [
        Column(_("What"), 3), Column(_("From"), 1), Column(_("To"), 1), Column(_("Within, hours"), 1, "end"),
        Column(_("Takes, hours"), 1, "end"), Column(_("State"), 1.4),
    ]  # fmt: skip
    rows = [
        (head(names.layers.get(one.need.layer, one.need.layer)), cell(code(one.need.sender)),
         cell(code(one.need.receiver)), cell(_hours(one.need.hours)), cell(_hours(one.hours)),
         cell(str(FLOWS[one.state]), tone="bad"))
        for one in failing[:MOST]
    ]  # fmt: skip
    caption = _("Needed exchanges that fail")
    return [text(told), *table(caption, said.source, columns, rows, anchor="table-needs", keep=3)]


def _hours(value: float | None) -> str:
    return NONE if value is None else number(value, 0 if float(value).is_integer() else 1)


# --- Fragmentation -----------------------------------------------------------------------------


def _profile(said: Material, found: Situation, names: Names) -> list[Block]:
    known = profile(found)
    shown = [one for one in known.components if one.code in BOTH or not matrices.silent(found)]
    if not any(one.value is not None for one in shown):
        return []
    columns = [
        Column(_("Component"), 2), Column(_("Share"), 0.8, "end"), Column(_("Could be"), 1.2, "end"),
        Column(_("What it means"), 5),
    ]  # fmt: skip
    rows = [
        (
            head(measure_word(one.code)),
            cell(percent(one.value)),
            cell(_could(one)),
            cell(matrices.say(one.figure, names)),
        )
        for one in shown
    ]
    told = _("Fragmentation has several sides and is never one number: each goes from 0 (none of it) to 100 %, with "
             "what it could still be once every open question is answered.")  # fmt: skip
    caption = _("Components of fragmentation")
    return [
        chapter(_("Fragmentation"), "fragmentation"),
        text(told),
        *table(caption, said.source, columns, rows, anchor="table-fragmentation"),
        *_better(found, names),
    ]


def _could(one: Component) -> str:
    if one.lowest is None or one.highest is None or one.lowest == one.highest:
        return NONE
    return _("{low} to {high}").format(low=percent(one.lowest), high=percent(one.highest))


def _better(found: Situation, names: Names) -> list[Block]:
    """Which few missing links and agreements would lower it most."""
    better = None if matrices.silent(found) else matrices.better(found, CHANGES)
    if better is None or not better.plan.changes:
        return []
    items = Items(tuple(spans(matrices.say(one.figure(), names)) for one in better.plan.changes), numbered=True)
    return [section(_("What would help most"), "better"), items, text(matrices.say(better.plan.figure(), names))]
