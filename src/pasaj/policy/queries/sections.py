"""The parts of a document that come from data, drawn anew at every reading.

`SECTIONS[name](policy, language)` gives blocks of a report in that language, which is active while it is called;
`THEME_SECTIONS[name](policy, theme, language)` the same of one theme. Other parts of this app add theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.utils import formats
from django.utils.translation import gettext as _

from pasaj.assess.models import Finding
from pasaj.assess.queries.findingwords import SEVERITIES
from pasaj.core.policy import shapes
from pasaj.core.report import Block, Cell, Column, Facts, Items, Note, Span, Spans, Table, cell, spans
from pasaj.evidence.models import Node
from pasaj.policy.models import Policy, Theme
from pasaj.policy.queries import amounts, consultreport
from pasaj.policy.queries.alignment import crosswalk
from pasaj.policy.queries.references import money, number
from pasaj.registry.models import Institution, Instrument, localised

Section = Callable[[Policy, str], Sequence[Block]]
ThemeSection = Callable[[Policy, Theme, str], Sequence[Block]]
PARTS = ("lead", "support", "consulted", "informed")
NONE = "–"
HELD = frozenset({"situation", "evidence", "frame"})
"""Parts that tell findings, figures and observations: not in a public version."""


def known() -> list[str]:
    """The names of all parts that come from data."""
    return [*SECTIONS, *THEME_SECTIONS]


# --- Pieces ------------------------------------------------------------------------------------


def code_span(code: str) -> Span:
    """A code that leads to what it rests on."""
    return Span(code, code=True, address=f"/trace/{code}/")


def short_span(code: str) -> Span:
    """The same without the policy's code."""
    return Span(code.partition("-")[2] or code, code=True, address=f"/trace/{code}/")


def codes(found: Iterable[str], made: Callable[[str], Span] = short_span) -> Spans:
    """Codes with commas between; a dash where there are none."""
    runs: list[str | Span] = []
    for one in found:
        runs += [", "] if runs else []
        runs.append(made(one))
    return spans(*runs) if runs else spans(NONE)


def empty(text: str) -> Sequence[Block]:
    """That there is nothing yet."""
    return (Note("info", spans(text)),)


def held(policy: Policy) -> shapes.Policy:
    """The plan of a policy, read once for one reading of its document."""
    return amounts.plan_of(policy)


def source(policy: Policy) -> str:
    """What stands under every table."""
    said = _("Source: statements of policy {code}.").format(code=policy.code)
    return f"{said} {_('Demonstration figures.')}" if policy.simulated else said


def institutions(policy: Policy) -> dict[str, str]:
    """Names of institutions by code."""
    return {one.code: str(one) for one in Institution.objects.all()}


def day(value: date | None) -> str:
    return str(formats.date_format(value, "SHORT_DATE_FORMAT")) if value else NONE


def _runs(made: Spans) -> Cell:
    return Cell(made)


# --- The situation, problems and objectives ----------------------------------------------------


def situation(policy: Policy, language: str) -> Sequence[Block]:
    """The findings that problems rest on, with what they are worth."""
    under: dict[str, list[str]] = {}
    for problem in held(policy).problems:
        for code in problem.findings:
            under.setdefault(code, []).append(problem.code)
    nodes = {one.code: one for one in Node.objects.filter(code__in=under, kind="finding")}
    if not nodes:
        return empty(_("No problem of this policy rests on a finding yet."))
    rows = {one.code: one for one in Finding.objects.filter(code__in=nodes)}
    order = sorted(nodes, key=lambda code: (-(rows[code].severity if code in rows else 0), code))
    lines = [
        (
            cell(code_span(code), head=True),
            cell(localised(nodes[code].titles)),
            cell(str(SEVERITIES[rows[code].severity]) if code in rows else NONE),
            cell(f"{rows[code].priority.certainty:.1f}" if code in rows else NONE),
            _runs(codes(under[code])),
        )
        for code in order
    ]
    columns = (
        Column(_("Finding"), 1.2), Column(_("What was found"), 5), Column(_("Severity"), 1.2),
        Column(_("Certainty (0 to 1)"), 1.1, "end"), Column(_("Problems"), 1.5),
    )  # fmt: skip
    return (Table(_("Findings that this policy answers to"), source(policy), columns, tuple(lines)),)


def problems(policy: Policy, theme: Theme, language: str) -> Sequence[Block]:
    """The problems of a theme with what they rest on."""
    rows = [one for one in held(policy).problems if one.theme == f"{policy.code}-T{theme.number}"]
    if not rows:
        return empty(_("No problem has been written for this theme yet."))
    return (Items(tuple((*_stated(one.code, one.text), *_behind(codes(one.findings, code_span))) for one in rows)),)


def objectives(policy: Policy, theme: Theme, language: str) -> Sequence[Block]:
    """The objectives of a theme with the problems that they address."""
    rows = [one for one in held(policy).objectives if one.theme == f"{policy.code}-T{theme.number}"]
    if not rows:
        return empty(_("No objective has been written for this theme yet."))
    return (Items(tuple((*_stated(one.code, one.text), *_behind(codes(one.problems))) for one in rows)),)


def _stated(code: str, text: shapes.Texts) -> Spans:
    return spans(short_span(code), " ", localised(dict(text)))


def _behind(made: Spans) -> Spans:
    return (Span(" ("), *made, Span(")"))


# --- Measures ----------------------------------------------------------------------------------


def measures(policy: Policy, theme: Theme | None, language: str) -> Sequence[Block]:
    """Measures, of one theme or all, each with its objectives and who has which part."""
    wanted = f"{policy.code}-T{theme.number}" if theme else ""
    rows = [one for one in held(policy).measures if not wanted or one.theme == wanted]
    if not rows:
        return empty(_("No measure has been written here yet."))
    names, words = institutions(policy), part_words()
    made = []
    for one in rows:
        inner = [
            spans(
                _("{part}: {names}").format(part=words[part], names=", ".join(names.get(code, code) for code in found))
            )
            for part in PARTS
            if (found := [each.institution for each in one.institutions if each.part == part])
        ]
        inner.append((Span(_("Serves") + " "), *codes(one.objectives)))
        made.append((_stated(one.code, one.text), Items(tuple(inner))))
    return (Items(tuple(said for said, _inner in made), inner=tuple(inner for _said, inner in made)),)


def part_words() -> dict[str, str]:
    """The parts that institutions have, as people say them."""
    return {
        "lead": _("Responsible"), "support": _("Supports"), "consulted": _("Consulted"), "informed": _("Informed"),
    }  # fmt: skip


def mandates(policy: Policy, language: str) -> Sequence[Block]:
    """Who has which part in which measure."""
    rows, names, words = held(policy).measures, institutions(policy), part_words()
    if not rows:
        return empty(_("No measure has been written here yet."))
    columns = (Column(_("Measure"), 1), Column(_("What it is"), 4), *(Column(words[part], 2) for part in PARTS))
    lines = []
    for one in rows:
        by = {part: [each.institution for each in one.institutions if each.part == part] for part in PARTS}
        lines.append(
            (
                cell(short_span(one.code), head=True),
                cell(localised(dict(one.text))),
                *(
                    cell(
                        ", ".join(names.get(code, code) for code in by[part]) or NONE,
                        tone=("gap" if part == "lead" else "") if not by[part] else part if part == "lead" else "",
                    )
                    for part in PARTS
                ),
            )
        )
    return (Table(_("Who does what"), source(policy), columns, tuple(lines)),)


# --- Plan, money, monitoring -------------------------------------------------------------------


def action_plan(policy: Policy, language: str) -> Sequence[Block]:
    """Every action with owner, dates, what there is to show for it, and cost."""
    found, names = held(policy), institutions(policy)
    if not found.actions:
        return empty(_("No action has been written yet."))
    sums = amounts.sums_of(policy)
    columns = (
        Column(_("Action"), 1.1), Column(_("What is done"), 4), Column(_("Owner"), 2), Column(_("From"), 1.1),
        Column(_("To"), 1.1), Column(_("To show for it"), 2.5),
        Column(_("Cost, {currency}").format(currency=policy.currency), 1.5, "end"),
    )  # fmt: skip
    lines = [
        (
            cell(short_span(one.code), head=True),
            cell(localised(dict(one.text))),
            cell(names.get(one.owner, one.owner)),
            cell(day(one.first)),
            cell(day(one.last)),
            cell(localised(dict(one.deliverable)) or NONE),
            cell(_amount(sums.actions[one.code].total) if one.code in sums.actions else NONE),
        )
        for one in found.actions
    ]
    return (Table(_("Action plan"), source(policy), columns, tuple(lines)), *_unrated(sums))


def gap(policy: Policy, language: str) -> Sequence[Block]:
    """Cost, what is committed and what is missing, year by year."""
    found = held(policy)
    sums = amounts.sums_of(policy)
    if not found.costs and not found.commitments:
        return empty(_("No cost has been entered yet."))
    columns = (
        Column(_("Year"), 1), Column(_("Cost"), 2, "end"), Column(_("Committed or paid"), 2, "end"),
        Column(_("Not covered"), 2, "end"),
    )  # fmt: skip
    rows = [(str(year), sums.years[year]) for year in sorted(sums.years)]
    rows.append((_("Together"), sums.whole))
    lines = [
        (
            cell(name, head=True),
            cell(_amount(one.total)),
            cell(_amount(one.funded)),
            cell(_amount(one.gap), tone="gap" if one.gap > 0 else ""),
        )
        for name, one in rows
    ]
    caption = _("Financing in {currency}").format(currency=policy.currency)
    return (Table(caption, source(policy), columns, tuple(lines)), *_unrated(sums))


def _amount(value: Decimal) -> str:
    return money(value, "").strip()


def _unrated(sums: amounts.Sums) -> Sequence[Block]:
    if not sums.whole.unrated:
        return ()
    missing = ", ".join(f"{currency} {year}" for currency, year in sorted(sums.whole.unrated))
    return (Note("caution", spans(_("No rate is known for: {missing}. These lines are not in the sums.").format(
        missing=missing))),)  # fmt: skip


def frame(policy: Policy, language: str) -> Sequence[Block]:
    """How the policy is followed: indicators with where they begin, where they shall be, and who says so."""
    found = held(policy)
    if not found.indicators:
        return empty(_("No indicator has been written yet."))
    newest = {one.indicator: one for one in found.readings}  # they come in the order of their periods
    columns = (
        Column(_("Indicator"), 0.8), Column(_("What is measured"), 4), Column(_("Of"), 1.2), Column(_("Baseline"), 1.6),
        Column(_("Target"), 1.6), Column(_("Every … days"), 1, "end"), Column(_("Source"), 1.8),
        Column(_("Last observed"), 1.6),
    )  # fmt: skip
    lines = [
        (
            cell(short_span(one.code), head=True),
            cell(localised(dict(one.text))),
            cell(short_span(one.measures)),
            cell(_valued(one.baseline, one.unit, one.baseline_on)),
            cell(_valued(one.target, one.unit, one.target_on)),
            cell(str(one.every_days) if one.every_days else NONE),
            cell(one.source_name or (_("this system") if one.source else NONE)),
            cell(
                _valued(newest[one.code].value, one.unit, newest[one.code].period_end) if one.code in newest else NONE
            ),
        )
        for one in found.indicators
    ]
    return (Table(_("Monitoring"), source(policy), columns, tuple(lines)),)


def _observed(one: shapes.Reading | None, unit: str) -> str:
    return _valued(one.value, unit, one.period_end) if one else NONE


def _valued(value: Decimal | None, unit: str, on: date | None) -> str:
    if value is None:
        return NONE
    said = f"{number(value)} {unit}".strip()
    return f"{said} ({day(on)})" if on else said


# --- Annexes -----------------------------------------------------------------------------------


def evidence(policy: Policy, language: str) -> Sequence[Block]:
    """From each measure by its objectives and problems to what was found or is cited."""
    found = held(policy)
    if not found.measures:
        return empty(_("No measure has been written here yet."))
    aims = {one.code: one for one in found.objectives}
    wrongs = {one.code: one for one in found.problems}
    lines, cited = [], set()
    for one in found.measures:
        addressed = list(dict.fromkeys(code for aim in one.objectives if aim in aims for code in aims[aim].problems))
        grounds = list(dict.fromkeys(code for each in addressed if each in wrongs for code in wrongs[each].findings))
        cited |= {*grounds, *one.basis}
        bare = not grounds and not one.basis
        lines.append(
            (
                cell(short_span(one.code), head=True),
                _runs(codes(one.objectives)),
                _runs(codes(addressed)),
                Cell(codes(grounds, code_span), "gap" if bare else ""),
                _runs(codes(one.basis, code_span)),
            )
        )
    columns = (
        Column(_("Measure"), 1), Column(_("Objectives"), 2), Column(_("Problems"), 2),
        Column(_("Findings and figures"), 3), Column(_("Legal basis"), 2),
    )  # fmt: skip
    named = Node.objects.filter(code__in=cited).order_by("code")
    titles = {one.code: one.title for one in Instrument.objects.filter(code__in=cited)}
    facts = tuple((one.code, spans(titles.get(one.code) or localised(one.titles))) for one in named)
    table = Table(_("What each measure rests on"), source(policy), columns, tuple(lines))
    return (table, Facts(facts)) if facts else (table,)


def disposition(policy: Policy, language: str) -> Sequence[Block]:
    """What became of every comment of the rounds of consultation that are closed."""
    return consultreport.annex(policy, language) or empty(_("No consultation has been closed yet."))


def alignment(policy: Policy, language: str) -> Sequence[Block]:
    """Which objectives answer to which commitments; those of the core that none answers to are gaps."""
    parts = crosswalk(policy, gaps=True, known=held(policy)).parts
    if not parts:
        return empty(_("No objective names a commitment yet."))
    lines = [
        (
            cell(line.row.code, head=True),
            cell(line.title),
            cell(part.name),
            Cell(codes(line.served.objectives), "gap" if line.served.gap else ""),
        )
        for part in parts
        for line in part.lines
    ]
    columns = (
        Column(_("Commitment"), 1.2),
        Column(_("What it says"), 4),
        Column(_("Where"), 2.5),
        Column(_("Objectives"), 2),
    )
    return (Table(_("Commitments and objectives"), source(policy), columns, tuple(lines)),)


def terms(policy: Policy, language: str) -> Sequence[Block]:
    """The words that the policy defines."""
    rows = sorted(policy.terms.all(), key=lambda one: localised(one.names).casefold())
    if not rows:
        return empty(_("No term has been defined yet."))
    return (Facts(tuple((localised(one.names), spans(localised(one.meanings))) for one in rows)),)


SECTIONS: dict[str, Section] = {
    "situation": situation,
    "terms": terms,
    "mandates": mandates,
    "plan": action_plan,
    "gap": gap,
    "frame": frame,
    "evidence": evidence,
    "disposition": disposition,
    "alignment": alignment,
}
THEME_SECTIONS: dict[str, ThemeSection] = {"problems": problems, "objectives": objectives}
