"""The facts as they stand beside the texts in the editor: a line each, with its source and when it was known."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from pasaj.core import sitrep as core
from pasaj.registry.models import localised
from pasaj.respond.models import Sitrep
from pasaj.respond.queries.sitreps.changed import change_lines
from pasaj.respond.queries.sitreps.sentences import of_candidate
from pasaj.respond.queries.sitreps.totals import totals
from pasaj.respond.queries.sitreps.voice import AGAINST, SEVERITIES, STATES, Voice

MOST = 14  # lines beside a part


@dataclass(frozen=True, slots=True)
class Line:
    """text: what is known. source: who says so. when: when we learnt it, or since when. code: of what it tells."""

    text: str
    source: str = ""
    when: str = ""
    code: str = ""


def beside(row: Sitrep, hidden: Collection[str]) -> dict[str, list[Line]]:
    """By part, in the active language."""
    said = Voice(row.facts, hidden=hidden)
    return {
        "headline": list(_weights(said)),
        "situation": [*_figures(said), *_conflicts(said), *_silent(said), *_signals(said)],
        "response": list(_response(said)),
        "needs": list(_needs(said)),
        "next": list(_next(row, said)),
    }


def _weights(said: Voice) -> Iterator[Line]:
    """What could be the headline, with the sum that orders it."""
    for one in core.candidates(said.facts)[:5]:
        total = " + ".join(str(value) for _name, value in one.terms)
        yield Line(of_candidate(said, one), _("weight {sum} = {weight}").format(sum=total, weight=one.weight))


def _figures(said: Voice) -> Iterator[Line]:
    outside = [one for one in said.facts["figures"] if one["against"] in ("above", "below")]
    for one in outside[:MOST]:
        text = _("{place}, {measure}: {total} ({against}: {usual}), {days} of {expected} days").format(
            place=said.place(one["place"]), measure=said.measure(one["measure"], inside=True),
            total=said.count(one["total"]), against=AGAINST[one["against"]], usual=said.usual(one),
            days=one["days"], expected=one["expected"],
        )  # fmt: skip
        yield Line(text, said.source(one["source"]), said.moment(one["reported_at"]))
    for one in totals(said.facts)[:MOST]:
        text = _("{measure}: {total} at {places} places; before: {before}").format(
            measure=said.measure(one["measure"]), total=said.count(one["total"]), places=one["places"],
            before=said.count(one["before"]),
        )  # fmt: skip
        yield Line(text, said.source(one["source"]))


def _conflicts(said: Voice) -> Iterator[Line]:
    for one in said.facts["conflicts"]:
        told = " / ".join(f"{said.source(value['source'])}: {said.count(value['total'])}" for value in one["values"])
        text = _("{place}, {measure}: sources differ on {days} days").format(
            place=said.place(one["place"]), measure=said.measure(one["measure"], inside=True), days=one["days"]
        )
        yield Line(text, told)


def _silent(said: Voice) -> Iterator[Line]:
    for one in said.facts["silent"]:
        yield Line(_("{place} is silent").format(place=said.place(one["place"])), said.source(one["source"]),
                   said.day(one["since"]))  # fmt: skip


def _signals(said: Voice) -> Iterator[Line]:
    for one in said.facts["signals"][:MOST]:
        yield Line(localised(one["says"]), str(STATES[one["state"]]), said.day(one["end"]), one["code"])


def _response(said: Voice) -> Iterator[Line]:
    for one in said.facts["alerts"]:
        state = f"{STATES[one['state']]}, {SEVERITIES[one['severity']]}"
        yield Line(localised(one["headlines"]), state, said.moment(one["sent_at"]), one["code"])
    for one in said.facts["activations"]:
        text = _("{plan}: {done} of {tasks} tasks done, {late} late, {blocked} blocked").format(
            plan=localised(one["names"]), **{name: one[name] for name in ("done", "tasks", "late", "blocked")}
        )
        yield Line(text, str(STATES[one["state"]]), said.moment(one["started_at"]), one["code"])


def _needs(said: Voice) -> Iterator[Line]:
    for one in said.facts["capacity"]:
        text = f"{said.place(one['place'])}: {localised(one['names'])}"
        text += f": {said.count(one['value'])} / {said.count(one['of'])}"
        reached = _("reached") if one["reached"] else _("not reached")
        yield Line(text, f"{said.source(one['source'])}, {reached}")
    for one in said.facts["requests"]:
        text = f"{said.count(one['quantity'])} {one['unit']}, {one['what']}"
        told = f"{said.institution(one['asking'])} → {said.institution(one['asked'])}, {STATES[one['state']]}"
        yield Line(text, told, said.moment(one["needed_at"]), one["code"])
    for one in said.facts["gaps"]:
        places = said.listed([said.place(place) for place in one["places"]], 5)
        yield Line(_("Nobody is registered for “{function}” at: {places}.").format(
            function=localised(one["names"]), places=places), _("register of who does what where"))  # fmt: skip


def _next(row: Sitrep, said: Voice) -> Iterator[Line]:
    for one in said.facts["tasks"]:
        if one["late_hours"] > 0 or one["state"] == "blocked":
            yield Line(localised(one["names"]), f"{said.institution(one['institution'])}, {STATES[one['state']]}",
                       said.moment(one["due_at"]), one["code"])  # fmt: skip
    if row.previous is not None:
        yield from (Line(text, row.previous.code) for text in
                    change_lines(said, core.changes(row.previous.facts, said.facts)))  # fmt: skip
