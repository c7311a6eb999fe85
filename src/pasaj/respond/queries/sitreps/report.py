"""A situation report as blocks, which page, PDF and Word are drawn from, in one language and one edition."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from pasaj.core import sitrep as core
from pasaj.core.report import (
    Block,
    Cell,
    Column,
    Facts,
    Heading,
    Items,
    Note,
    Report,
    Span,
    Table,
    cell,
    paragraph,
    spans,
)
from pasaj.registry.models import localised
from pasaj.respond.models import Sitrep
from pasaj.respond.queries.sitreps.changed import change_lines
from pasaj.respond.queries.sitreps.pictures import pictures
from pasaj.respond.queries.sitreps.sentences import PARTS
from pasaj.respond.queries.sitreps.totals import totals
from pasaj.respond.queries.sitreps.voice import AGAINST, STATES, Voice

Plain = Mapping[str, Any]
WHOLE, SHARE = "whole", "share"
EDITIONS = (WHOLE, SHARE)
AUDIENCES = {WHOLE: "TLP:AMBER", SHARE: "TLP:GREEN"}
MODES = {"exercise": "EXERCICE – EXERCISE", "test": "TEST", "system": "SYSTEM"}
TOTALS, OUTSIDE, LINES = 8, 7, 6  # rows of a table


@dataclass(frozen=True, slots=True)
class _Told:
    """What every part draws on."""

    row: Sitrep
    said: Voice
    language: str
    layers: Plain

    def text(self, part: str) -> str:
        return text_of(self.row, self.language, part, self.said)

    @property
    def source(self) -> str:
        """Stands under every table and picture."""
        facts = self.said.facts
        values = {"at": self.said.moment(facts["as_of"]), "start": self.said.day(facts["start"])}
        told = _("Counts as known on {at}, from {start} to {end}.").format(**values, end=self.said.day(facts["end"]))
        return _("Simulated data.") + " " + told if facts["simulated"] else told


def build(
    row: Sitrep,
    *,
    language: str,
    edition: str,
    layers: Plain,
    hidden: Collection[str] = (),
    previous: Plain | None = None,
) -> Report:
    """The report of a sitrep as it stands.

    edition: one of EDITIONS. layers: the outlines of the home's map. hidden: codes of crossings said as their commune
    in the whole edition too. previous: the facts of the report before, for what changed.
    """
    with override(language):
        told = _Told(row, Voice(row.facts, edition == SHARE, hidden), language, layers)
        return Report(
            code=row.code,
            title=_title(told),
            subtitle=told.text("headline"),
            language=language,
            blocks=tuple(_blocks(told, previous)),
            label=_label(told, edition),
            facts=_facts(told, edition),
            brief=True,
        )


def _title(told: _Told) -> str:
    if told.said.share:
        return _("Situation report")
    return _("Situation report no. {number}").format(number=told.row.number)


def _label(told: _Told, edition: str) -> str:
    row = told.row
    words = [MODES[row.mode]] if row.mode in MODES else []
    words += [AUDIENCES[edition]]
    words += [_("Draft")] if row.state in (Sitrep.State.DRAFT, Sitrep.State.SUBMITTED) else []
    words += [_("Simulated data")] if row.simulated else []
    return " · ".join(words)


def _facts(told: _Told, edition: str) -> Facts:
    row, said, facts = told.row, told.said, told.row.facts
    rows = [
        (_("Country"), spans(localised(facts["country"]))),
        (_("As of"), spans(said.moment(facts["as_of"]))),
        (_("Period"), spans(f"{said.day(facts['start'])} – {said.day(facts['end'])}")),
        (_("Audience"), spans(AUDIENCES[edition])),
    ]
    if row.previous:
        rows.append((_("Report before"), spans(Span(row.previous.code, code=True))))
    if row.approved_at and not said.share:
        rows.append((_("Approved by"), spans(row.approver_label)))
    return Facts(tuple(rows))


def _blocks(told: _Told, previous: Plain | None) -> Iterator[Block]:
    yield from _notes(told)
    yield Heading(1, _("Situation"), "situation")
    yield from _written(told, "situation")
    yield from pictures(told.said, told.layers, told.source)
    yield from _counts(told)
    yield from _far(told)
    yield from _conflicts(told)
    yield Heading(1, _("Response"), "response")
    yield from _written(told, "response")
    yield from _tasks(told)
    yield Heading(1, _("Needs and gaps"), "needs")
    yield from _written(told, "needs")
    yield Heading(1, _("Next steps"), "next")
    yield from _written(told, "next")
    if previous is not None:
        yield Heading(1, _("What changed since the last report"), "changed")
        lines = change_lines(told.said, core.changes(previous, told.said.facts))
        yield _items(lines) if lines else paragraph(_("Nothing that this report compares."))
    yield Heading(1, _("Sources and limits"), "limits")
    yield _items(_limits(told))


def _notes(told: _Told) -> Iterator[Block]:
    row = told.row
    if row.mode in MODES:
        yield Note("caution", spans(Span(_("This is an exercise or a test: nothing in it has happened."), strong=True)))
    if row.simulated:
        yield Note("simulated", spans(_("The figures are simulated: they describe no real event.")))
    if row.corrects:
        values = {"code": row.corrects.code, "why": told.said.soft(row.correction)}
        yield Note("caution", spans(Span(_("Corrects {code}: {why}").format(**values), strong=True)))


def _written(told: _Told, part: str) -> Iterator[Block]:
    """What somebody wrote: lines that begin with a hyphen are a list."""
    listed: list[str] = []
    for line in told.text(part).splitlines():
        words = line.strip()
        if words.startswith("- "):
            listed.append(words[2:])
            continue
        if listed:
            yield _items(listed)
            listed = []
        if words:
            yield paragraph(words)
    if listed:
        yield _items(listed)


def _items(lines: Sequence[str]) -> Items:
    return Items(tuple(spans(one) for one in lines))


def text_of(row: Sitrep, language: str, part: str, said: Voice) -> str:
    """A part in the active language: as somebody wrote it; what nobody touched, in the words of the edition."""
    if said.share and row.marks.get(language, {}).get(part) == core.DRAFTED:
        return "\n".join(PARTS[part](said))
    return said.soft(row.texts.get(language, {}).get(part, ""))


# --- Tables ------------------------------------------------------------------------------------


def _counts(told: _Told) -> Iterator[Block]:
    said, facts = told.said, told.said.facts
    columns = [Column(_("Measure"), 3), Column(_("Source"), 3), Column(_("Places"), 1, "end"),
               Column(_("Period"), 1.3, "end"), Column(_("Before"), 1.3, "end")]  # fmt: skip
    rows = [
        (cell(said.measure(one["measure"]), head=True), cell(said.source(one["source"])), _number(said, one["places"]),
         _number(said, one["total"]), _number(said, one["before"]))
        for one in totals(facts)[:TOTALS]
    ]  # fmt: skip
    yield from _table(_("Sums over the places that reported, source by source"), told.source, columns, rows, "totals")


def _far(told: _Told) -> Iterator[Block]:
    said, facts = told.said, told.said.facts
    columns = [Column(_("Place"), 2.4), Column(_("Measure"), 2.2), Column(_("Source"), 2.4),
               Column(_("Period"), 1.2, "end"), Column(_("Usual"), 1.6, "end"), Column(_("Days"), 1, "end"),
               Column(_("Against usual"), 2)]  # fmt: skip
    outside = [one for one in facts["figures"] if one["against"] in ("above", "below")]
    rows = [_outside(said, one) for one in outside[:OUTSIDE]]
    caption = _("Counts outside what is usual")
    if len(outside) > OUTSIDE and not said.share:
        caption += " " + _("({count} of {all})").format(count=said.count(OUTSIDE), all=said.count(len(outside)))
    yield from _table(caption, told.source, columns, rows, "outside")


def _outside(said: Voice, one: Plain) -> tuple[Cell, ...]:
    days = "" if said.share else f"{one['days']}/{one['expected']}"
    return (
        cell(said.place(one["place"]), head=True),
        cell(said.measure(one["measure"])),
        cell(said.source(one["source"])),
        _number(said, one["total"]),
        cell(said.usual(one)),
        cell(days),
        cell(str(AGAINST[one["against"]]), tone="bad" if one["against"] == "above" else "caution"),
    )


def _conflicts(told: _Told) -> Iterator[Block]:
    said = told.said
    columns = [Column(_("Place"), 2.4), Column(_("Measure"), 2.4), Column(_("Source"), 3),
               Column(_("Sum of the days that differ"), 1.6, "end"), Column(_("Reported"), 2)]  # fmt: skip
    rows = [
        (cell(said.place(one["place"]), head=True), cell(said.measure(one["measure"])),
         cell(said.source(value["source"])), _number(said, value["total"]), cell(said.moment(value["reported_at"])))
        for one in said.facts["conflicts"][:LINES]
        for value in one["values"]
    ]  # fmt: skip
    caption = _("Sources that contradict each other, side by side")
    yield from _table(caption, told.source, columns, rows, "conflicts")


def _tasks(told: _Told) -> Iterator[Block]:
    said = told.said
    columns = [Column(_("Task"), 4), Column(_("Institution"), 2.4), Column(_("State"), 1.4), Column(_("Due"), 2)]
    troubled = [one for one in said.facts["tasks"] if one["late_hours"] > 0 or one["state"] == "blocked"]
    rows = [
        (cell(localised(one["names"]), head=True), cell(said.institution(one["institution"])),
         cell(_("late") if one["late_hours"] > 0 and one["state"] != "blocked" else str(STATES[one["state"]]),
              tone="bad" if one["late_hours"] > 0 else "caution"),
         cell(said.moment(one["due_at"])))
        for one in troubled[:LINES]
    ]  # fmt: skip
    yield from _table(_("Tasks that are late or blocked"), _("Board of the activations."), columns, rows, "tasks")


def _number(said: Voice, value: float | None) -> Cell:
    return cell(said.count(value))


def _table(
    caption: str, source: str, columns: Sequence[Column], rows: Sequence[tuple[Cell, ...]], anchor: str
) -> Iterator[Block]:
    if rows:
        yield Table(caption, source, tuple(columns), tuple(rows), anchor=f"table-{anchor}")


# --- Limits ------------------------------------------------------------------------------------


def _limits(told: _Told) -> list[str]:
    said, facts = told.said, told.said.facts
    used = {one["source"] for one in facts["figures"]}
    named = "; ".join(said.source(code) for code in sorted(used)) or _("none reported in the period")
    found = [_("Sources of counts: {names}.").format(names=named)]
    if said.share:
        found.append(_("Counts are given as words of size only, and crossings that are not public as their commune."))
    else:
        found.append(
            _(
                "“Usual” is the range of the daily averages of the four periods of the same length before, times the"
                " days reported. A count is called above or below where it lies further beyond than twice the square"
                " root of the edge, and by five at least."
            )
        )
    found.append(_("Sums cover the places and days that were reported; what is missing is not estimated."))
    found.append(_("Figures that contradict each other are shown side by side and never averaged."))
    if any("estimate" in one["quality"] or "estimated" in one["quality"] for one in facts["figures"]):
        found.append(_("Some counts are estimates of those who reported them."))
    if facts["revisions"]:
        found.append(_("Figures of the last report were corrected since; the list of changes says which."))
    return found
