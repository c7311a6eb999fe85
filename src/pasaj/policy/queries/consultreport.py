"""What was said in a round and what was done with it, as a report: on its page, as PDF and Word.

Nothing that was kept back, no name of a person and no count stands in it. Groups of fewer than five are not named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from django.db.models import QuerySet
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import override

from pasaj.core import wording
from pasaj.core.report import Block, Cell, Column, Facts, Heading, Note, Paragraph, Report, Table, spans
from pasaj.policy.models import AskedClause, Comment, Consultation, Policy, Suggestion
from pasaj.policy.queries import consultation as queries
from pasaj.registry.models import localised

FEWEST = 5
"""A group with fewer comments is not named."""


def said(row: Consultation, language: str) -> Report:
    """The report of a round in a language. Texts of people stay in the language they wrote in."""
    with override(language):
        return Report(
            code=row.code,
            title=localised(row.names, language),
            subtitle=_("What was said and what was done with it"),
            language=language,
            blocks=tuple(_blocks(row, language)),
            label=_("Simulated: for demonstration and exercise.") if row.simulated else "",
            facts=Facts(tuple((name, spans(value)) for name, value in _facts(row, language) if value)),
            brief=True,
        )


def annex(policy: Policy, language: str) -> list[Block]:
    """What became of every comment of the closed rounds of a policy: a table a round, the oldest first."""
    columns = (
        Column(_("Clause"), 0.9), Column(_("Who"), 1.2), Column(_("What was said"), 3), Column(_("What was done"), 1.1),
        Column(_("Why"), 2.4),
    )  # fmt: skip
    made: list[Block] = []
    for row in policy.consultations.filter(state=Consultation.State.CLOSED).order_by("pk"):
        rows = list(_listed(row))
        if rows:
            title = f"{row.code} {localised(row.names, language)}"
            made.append(Table(title, _("Answers of the cell"), columns, tuple(rows)))
    return made


def _listed(row: Consultation) -> Iterator[tuple[Cell, ...]]:
    for one in _comments(row):
        yield (*_cells(one.asked.clause.short if one.asked else "–"), *_said(one))
    for each in queries.suggested(row):
        yield (*_cells(each.clause.short), *_suggested(each))


def _comments(row: Consultation) -> QuerySet[Comment]:
    """What was said and may be shown, in the order in which it came."""
    return (
        row.comments.filter(moderation=Comment.Moderation.SHOWN)
        .select_related("institution", "invitation", "asked__clause", "after")
        .prefetch_related("dispositions__clause")
        .order_by("pk")
    )


def _facts(row: Consultation, language: str) -> Iterator[tuple[str, str]]:
    progress = queries.progress(row)
    yield _("Policy"), f"{row.policy.code} {localised(row.policy.names, language)}"
    yield _("Who was asked"), _(queries.KINDS[row.kind])
    yield _("From"), formats.date_format(row.first_date)
    yield _("To"), formats.date_format(row.last_date)
    yield _("Ways to answer"), ", ".join(_(queries.CHANNELS[one]) for one in row.channels)
    yield _("Institutions that answered"), ", ".join(localised(one.names, language) for one in progress.replied)
    yield _("Institutions that did not"), ", ".join(localised(one.names, language) for one in progress.silent)
    yield _("Others who answered"), ", ".join(_groups(row))


def _groups(row: Consultation) -> list[str]:
    """The groups of open comments that are large enough to be named; the others together."""
    found = Counter(queries.shown(row).values_list("group", flat=True))
    named = sorted(_(queries.GROUPS[one]) for one, count in found.items() if count >= FEWEST and one)
    rest = any(count for one, count in found.items() if count < FEWEST or not one)
    return [*named, _("others")] if rest else named


def _blocks(row: Consultation, language: str) -> Iterator[Block]:
    comments = list(_comments(row))
    suggestions = list(queries.suggested(row))
    about = localised(row.about_text, language) if row.about_text else ""
    if about:
        yield Paragraph(spans(about))
    if not comments and not suggestions:
        yield Note("info", spans(_("Nobody said anything.")))
    for one in [None, *queries.asked(row)]:
        yield from _clause(one, comments, suggestions, language)


def _clause(
    asked: AskedClause | None, comments: Sequence[Comment], suggestions: Sequence[Suggestion], language: str
) -> Iterator[Block]:
    here = [one for one in comments if one.asked_id == (asked.pk if asked else None)]
    texts = [one for one in suggestions if asked and one.clause_id == asked.clause_id]
    if not here and not texts:
        return
    name = f"{asked.number} {asked.clause.code}" if asked else _("The text as a whole")
    yield Heading(2, name, f"c{asked.pk if asked else 0}")
    rows = [*(_said(one) for one in here), *(_suggested(one) for one in texts)]
    columns = (
        Column(_("Who"), 1.2), Column(_("What was said"), 3), Column(_("What was done"), 1.1), Column(_("Why"), 2.4),
    )  # fmt: skip
    yield Table(name, _("Answers of the cell"), columns, tuple(rows), keep=1)


def _said(one: Comment) -> tuple[Cell, ...]:
    who = _groupless(one)
    what = one.text if one.sort == Comment.Sort.COMMENT else _(queries.SORTS[one.sort]) + _behind(one)
    found = queries.answer(one)
    done = _(queries.OUTCOMES[found.outcome]) if found else ""
    if found and found.clause:
        done += f" ({found.clause.code} r{found.revision})"
    return _cells(who, what, done, found.reason if found else "")


def _behind(one: Comment) -> str:
    after = " " + _("(behind {code})").format(code=one.after.code) if one.after else ""
    return f"{after}: {one.text}" if one.text != "–" else after


def _groupless(one: Comment) -> str:
    if one.institution:
        return str(one.institution)
    return one.invitation.label if one.invitation else _("Somebody")


def _suggested(one: Suggestion) -> tuple[Cell, ...]:
    done = {
        Suggestion.State.TAKEN: _("Taken over"),
        Suggestion.State.REFUSED: _("Not accepted"),
        Suggestion.State.OPEN: "",
    }[Suggestion.State(one.state)]
    if one.taken_as:
        done += f" ({one.clause.code} r{one.taken_as})"
    text = wording.plain(wording.hidden(one.text))  # what its references say may be for the cell alone
    return _cells(one.author.partition(" (")[0], _("Other words: {text}").format(text=text), done, one.answer)


def _cells(*values: str) -> tuple[Cell, ...]:
    return tuple(Cell(spans(value)) for value in values)
