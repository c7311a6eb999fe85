"""What was found, on what it rests and what that is worth, and what is recommended."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pasaj.assess.queries import findingwords
from pasaj.assess.queries.findings import Priority
from pasaj.assess.queries.report.material import Material, chapter, code, head, section, table, text
from pasaj.assess.queries.words import NONE, day, number
from pasaj.core.evidence import NodeState
from pasaj.core.report import Block, Cell, Column, Items, Span, cell, spans
from pasaj.core.report.blocks import Spans
from pasaj.core.rounds.words import said as in_language
from pasaj.evidence.queries.words import standing_word

GRAVE = {4: "bad", 3: "caution"}
FIRST = 5  # findings that the summary names
EVIDENCE = 6  # codes named for one finding; its page has all


def findings(said: Material) -> list[Block]:
    """The chapters on findings and on recommendations."""
    return [*_findings(said), *_recommendations(said)]


def first(said: Material) -> list[Block]:
    """What the summary says: what to look at first, and what is recommended for it."""
    shown = said.stand.findings[:FIRST]
    if not shown:
        return []
    items = Items(tuple(_first(said, one) for one in shown), numbered=True)
    more = spans(Span(_("All findings, with what each rests on"), address="#findings"))
    return [section(_("What to look at first"), "summary-findings"), items, Items((more,))]


def _first(said: Material, one: Priority) -> Spans:
    row = one.finding
    answers = [it for it in said.stand.recommendations if row.code in {found.code for found in it.findings.all()}]
    told: list[str | Span] = [code(row.code, trace_of(row.code)), f" {in_language(row.statement, said.language)}"]
    for it in answers[:1]:
        who = str(it.institution or NONE)
        told += [" ", Span(f"→ {in_language(it.text, said.language)}", strong=True), f" ({it.code}, {who})"]
    return spans(*told)


def _findings(said: Material) -> list[Block]:
    stand = said.stand
    blocks: list[Block] = [chapter(_("Findings"), "findings")]
    left = ngettext(
        "{count} more is a draft of a rule that nobody adopted; it is not part of this report.",
        "{count} more are drafts of rules that nobody adopted; they are not part of this report.",
        stand.drafts,
    ).format(count=number(stand.drafts))  # fmt: skip
    if not stand.findings:
        return [*blocks, text(_("No finding is adopted yet.")), *([text(left)] if stand.drafts else [])]
    told = _("Priority is severity times certainty times reach, each from 0 to 1: what is grave, sure and wide comes "
             "first. Each finding rests on figures and reports under their codes; its state says whether they are "
             "still what was accepted.")  # fmt: skip
    columns = [
        Column(_("Code"), 1.4), Column(_("Finding"), 8), Column(_("Severity"), 1.5), Column(_("Certainty"), 0.9, "end"),
        Column(_("Reach"), 0.9, "end"), Column(_("Priority"), 0.9, "end"), Column(_("Rests on"), 2),
        Column(_("State"), 1.4),
    ]  # fmt: skip
    caption = _("Adopted findings, what comes first on top")
    return [
        *blocks,
        text(f"{told} {left}" if stand.drafts else told),
        *table(caption, said.source, columns, [_row(said, one) for one in stand.findings], anchor="table-findings"),
        *_waived(said),
    ]


def _row(said: Material, one: Priority) -> tuple[Cell, ...]:
    row = one.finding
    rights = f" {_('Rights: {rights}').format(rights=row.rights_affected)}" if row.rights_affected else ""
    return (
        head(code(row.code, trace_of(row.code))),
        cell(f"{in_language(row.statement, said.language)}{rights}"),
        cell(str(findingwords.SEVERITIES[row.severity]), tone=GRAVE.get(row.severity, "")),
        cell(number(one.certainty, 2)),
        cell(number(one.reach, 2)),
        cell(Span(number(one.product, 2), strong=True)),
        _rests(said, row.code),
        _worth(said, row.code),
    )


def _rests(said: Material, finding: str) -> Cell:
    codes = said.stand.rests.get(finding, ())
    parts: list[str | Span] = []
    for one in codes[:EVIDENCE]:
        parts += [", "] if parts else []
        parts.append(code(one, trace_of(one)))
    if len(codes) > EVIDENCE:
        parts.append(" " + _("and {count} more").format(count=number(len(codes) - EVIDENCE)))
    return cell(*parts) if parts else cell(NONE)


def _worth(said: Material, finding: str) -> Cell:
    found = said.stand.worth.get(finding)
    if found is None:
        return cell(NONE)
    return cell(standing_word(found), tone="" if found.state == NodeState.FRESH else "caution")


def _waived(said: Material) -> list[Block]:
    if not said.waived:
        return []
    told = _(
        "These findings rest on something that has changed or that nobody has accepted yet. They were let pass, "
        "and why:"
    )
    items = Items(tuple(spans(code(finding), f" {reason}") for finding, reason in said.waived))
    return [section(_("Let pass"), "waived"), text(told), items]


def _recommendations(said: Material) -> list[Block]:
    blocks: list[Block] = [chapter(_("Recommendations"), "recommendations")]
    if not said.stand.recommendations:
        return [*blocks, text(_("No recommendation is adopted yet."))]
    columns = [
        Column(_("Code"), 1.4), Column(_("Recommendation"), 7), Column(_("Who does it"), 2), Column(_("Horizon"), 1.2),
        Column(_("By"), 1.2), Column(_("Effort"), 1.2), Column(_("Answers to"), 1.6),
    ]  # fmt: skip
    rows = []
    for one in said.stand.recommendations:
        codes: list[str | Span] = []
        for found in one.findings.all():
            codes += [", "] if codes else []
            codes.append(code(found.code, trace_of(found.code)))
        rows.append((
            head(code(one.code, trace_of(one.code))), cell(in_language(one.text, said.language)),
            cell(str(one.institution or NONE)),
            cell(str(findingwords.HORIZONS[one.horizon])), cell(day(one.due_date)),
            cell(str(findingwords.EFFORTS[one.effort])), cell(*codes),
        ))  # fmt: skip
    caption = _("Adopted recommendations, who does them and until when")
    return [*blocks, *table(caption, said.source, columns, rows, anchor="table-recommendations")]


def trace_of(code: str) -> str:
    """Where the chain of evidence of a code is shown."""
    return reverse("site:trace", args=[code])
