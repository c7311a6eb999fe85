"""How it was done: the framework, the scale, how ranges come about, how far assessors agree."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pasaj.assess.queries.report.material import SHORT, Material, chapter, code, head, section, table, text
from pasaj.assess.queries.words import SORTS, number, percent
from pasaj.core.framework.shapes import ANCHORED, UNITS
from pasaj.core.report import Block, Column, Facts, Items, cell, spans
from pasaj.core.rounds.words import said as in_language


def method(said: Material) -> list[Block]:
    """The chapter on the method."""
    return [
        chapter(_("Method"), "method"),
        *_framework(said),
        section(_("Scores and their ranges"), "ranges"),
        *_ranges(),
        section(_("Agreement of assessors"), "agreement"),
        text(agreement(said)),
        section(_("What hangs on the weights"), "weights"),
        text(_weights(said)),
    ]


def _framework(said: Material) -> list[Block]:
    framework, version = said.found.framework, said.row.framework
    rows = [
        (
            head(code(pillar.code), " ", in_language(pillar.names, said.language)),
            cell(number(float(pillar.weight), 1)),
            *(cell(str(len(framework.of_pillar(pillar.code, unit)))) for unit in UNITS),
        )
        for pillar in framework.pillars
    ]
    columns = [Column(_("Pillar"), 4), Column(_("Weight"), 1, "end")]
    columns += [Column(str(SORTS[unit]), 1.4, "end") for unit in UNITS]
    return [
        text(in_language(framework.descriptions, said.language)),
        Facts(
            (
                (_("Framework"), spans(str(version))),
                (_("Version"), spans(code(framework.code), f" {framework.version}")),
                (_("Fingerprint of what decides scores"), spans(code(version.normative[:SHORT]))),
                (_("Indicators"), spans(str(len(framework.indicators)))),
            )
        ),
        *table(
            _("Pillars, their weights, and indicators by what they are asked of"),
            _("Framework {code} {version}.").format(code=framework.code, version=framework.version),
            columns, rows, anchor="table-framework",
        ),
    ]  # fmt: skip


def _ranges() -> list[Block]:
    points = ", ".join(str(one) for one in ANCHORED)
    told = (
        _("Each indicator is answered on a scale from 0 to 4; the points {points} are described in words.").format(
            points=points
        ),
        _("Several assessors may answer the same indicator of the same unit. Where they differ, the score is the range "
          "from the lowest to the highest answer, until somebody settles it; both answers stay on record."),
        _("What nobody could observe may be anything from 0 to 4: it makes the range wider and is never filled in."),
        _("What may not apply at all is counted with and without, whichever moves the end of the range further."),
        _("Indicators make pillars, pillars make units and the country, as weighted means. An indicator asked of many "
          "units weighs as much as one asked once."),
        _("A critical indicator at 0 is a finding, whatever the mean."),
        _("Units and pillars stand in the order of the framework and of the round. Nobody is ranked."),
    )  # fmt: skip
    return [Items(tuple(spans(one) for one in told))]


def agreement(said: Material) -> str:
    """Krippendorff's alpha in a sentence that says what it means."""
    one = said.agreed
    if one.alpha is None or one.low is None or one.high is None:
        return _("It cannot be said: too few cells were observed by two assessors, or all answers are the same.")
    told = ngettext(
        "Krippendorff's alpha (ordinal) is {alpha}, with a 95 % interval from {low} to {high}, over {cells} cell that "
        "two or more assessors observed.",
        "Krippendorff's alpha (ordinal) is {alpha}, with a 95 % interval from {low} to {high}, over {cells} cells that "
        "two or more assessors observed.",
        one.cells,
    ).format(
        alpha=number(one.alpha, 2), low=number(one.low, 2), high=number(one.high, 2), cells=number(one.cells)
    )  # fmt: skip
    means = _("1 is full agreement, 0 what chance alone would give. Above 0.8 answers can be relied on; from 0.67 to "
              "0.8 they allow tentative conclusions; below, single scores are to be read with care.")  # fmt: skip
    return f"{told} {means}"


def _weights(said: Material) -> str:
    weights = said.weights
    if weights is None:
        return _("Fewer than two pillars have a score, so no order can change.")
    return _(
        "The weights of indicators are a decision. With each of them halved to doubled at random, {draws} times, the "
        "order of pillars is another one in {changed} of the draws, and a sure order turns round in {turned}."
    ).format(draws=number(weights.draws), changed=percent(weights.changed), turned=percent(weights.reversed))
