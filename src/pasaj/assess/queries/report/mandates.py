"""Who is mandated to do what, and what that leaves open: the pack's mandates on the last day of the round."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from pasaj.assess.queries import mapping, matrices
from pasaj.assess.queries.matrices import Mandates, Names
from pasaj.assess.queries.report.material import Material, chapter, code, section, table, text
from pasaj.assess.queries.words import NONE, day, number
from pasaj.assess.templatetags.matrices import letter_of, letters_of
from pasaj.core.mapping.grids import MandateRow, Role
from pasaj.core.mapping.meanings import Figure
from pasaj.core.report import Block, Cell, Column, Items, cell, spans

MOST = 10  # sentences of one kind


def mandates(said: Material) -> list[Block]:
    """The chapter on mandates; nothing where the pack names no functions."""
    register, held = mapping.mandates_on(said.row.period_end)
    if not register.functions:
        return []
    found, names = matrices.mandate_matrix(register, held, said.row.period_end), matrices.names()
    return [
        chapter(_("Who is mandated to do what"), "mandates"),
        text(_legend()),
        *_matrix(said, found, names),
        section(_("What mandates leave open"), "mandates-open"),
        *_open(found, names),
    ]


def _legend() -> str:
    words = ", ".join(f"{letter} {matrices.ROLES[role]}" for role, letter in _letters())
    return _("A row is a function, a column an institution: {roles}. A question mark: nobody has checked the mandate "
             "against its source yet. A star: only in a part of the country. A shaded function lacks a lead, in all "
             "or in a part of its territory.").format(roles=words)  # fmt: skip


def _letters() -> list[tuple[str, str]]:
    return [(role, letter_of(role)) for role in matrices.ROLES]


def _matrix(said: Material, found: Mandates, names: Names) -> list[Block]:
    lacking = {one.function for one in found.gaps}
    columns = [Column(_("Function"), 5), *(Column(one, 1, "centre", turned=True) for one in found.grid.institutions)]
    rows = [_row(one, names, lacking) for one in found.grid.rows]
    source = _("Mandates of the country pack in force on {day}.").format(day=day(said.row.period_end))
    caption = _("Functions by institution")
    return table(caption, source, columns, rows, anchor="table-mandates")


def _row(row: MandateRow, names: Names, lacking: Iterable[str]) -> tuple[Cell, ...]:
    title = cell(
        code(row.function), f" {names.functions.get(row.function, '')}", tone="gap" if row.function in lacking else "",
        head=True,
    )  # fmt: skip
    return (title, *(_role(one) for one in row.cells))


def _role(one: Role | None) -> Cell:
    if one is None:
        return cell("")
    marks = ("?" if one.verify else "") + ("" if one.everywhere else "*")
    return cell(f"{letters_of(one)}{marks}", tone=one.roles[0])


def _open(found: Mandates, names: Names) -> list[Block]:
    groups: list[tuple[str, Sequence[Figure]]] = [
        (_("Gaps"), [figure for one in found.gaps for figure in one.figures()]),
        (_("Overlaps"), [one.figure() for one in found.overlaps]),
        (_("Two roles of one institution"), [one.figure() for one in found.conflicts]),
        (_("Mandates that ended, or whose text does not carry them"), [one.figure() for one in found.lapsed]),
    ]
    blocks: list[Block] = [Items(tuple(spans(matrices.say(one, names)) for one in found.shares))]
    for title, figures in groups:
        if figures:
            blocks += [text(f"{title} ({number(len(figures))}):"), sentences(figures, names)]
    orphans = found.review.orphans
    if orphans:
        told = _("Institutions of the pack without any mandate in force: {names}.")
        blocks.append(text(told.format(names=", ".join(orphans) or NONE)))
    return blocks


def sentences(figures: Sequence[Figure], names: Names) -> Items:
    """What measures mean, the first of them, and how many more there are."""
    items = [spans(matrices.say(one, names)) for one in figures[:MOST]]
    if len(figures) > MOST:
        items.append(spans(_("and {count} more").format(count=number(len(figures) - MOST))))
    return Items(tuple(items))
