"""The first draft of each part of a situation report, from its facts, in the active language.

A line that begins with "- " is an item of a list. What people make of it is theirs; the next report begins from that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pasaj.core import sitrep as core
from pasaj.core.sitrep import Candidate
from pasaj.registry.models import localised
from pasaj.respond.queries.sitreps.totals import totals
from pasaj.respond.queries.sitreps.voice import AGAINST, SEVERITIES, Voice

Plain = Mapping[str, Any]
FEW, SOME = 5, 7


def drafted(said: Voice) -> dict[str, str]:
    """Every part."""
    return {part: "\n".join(lines(said)) for part, lines in PARTS.items()}


# --- The headline ------------------------------------------------------------------------------


def headline(said: Voice) -> Iterator[str]:
    """One sentence on the heaviest of what there is."""
    found = core.candidates(said.facts)
    yield of_candidate(said, found[0]) if found else _("Nothing unusual in what was reported.")


def of_candidate(said: Voice, one: Candidate) -> str:
    """A candidate as a sentence."""
    return HEADLINES[one.rule](said, said.facts[one.of][one.at])


def _alert(said: Voice, one: Plain) -> str:
    values = {"headline": localised(one["headlines"]), "code": one["code"], "severity": SEVERITIES[one["severity"]]}
    return _("Alert {code} is running ({severity}): {headline}").format(**values)


def _signal(said: Voice, one: Plain) -> str:
    return said.soft(localised(one["says"]))


def _capacity(said: Voice, one: Plain) -> str:
    values = {"place": said.place(one["place"]), "rule": localised(one["names"]), "value": said.count(one["value"])}
    if said.share:
        return _("{place}: a limit is reached ({measure}).").format(
            place=values["place"], measure=said.measure(one["measure"], inside=True)
        )
    return _("{place}: {rule}; {value} against {of}.").format(**values, of=said.count(one["of"]))


def _unusual(said: Voice, one: Plain) -> str:
    values = {
        "measure": said.measure(one["measure"]),
        "place": said.place(one["place"]),
        "total": said.count(one["total"]),
        "against": AGAINST[one["against"]],
        "range": said.usual(one),
        "source": said.source(one["source"]),
    }
    if said.share:
        return _("{measure} at {place}: {total}, {against} ({source}).").format(**values)
    return _("{measure} at {place}: {total}, {against} ({range}; {source}).").format(**values)


def _late(said: Voice, one: Plain) -> str:
    values = {"task": localised(one["names"]), "institution": said.institution(one["institution"])}
    if said.share:
        return _("A task is late: {task} ({institution}).").format(**values)
    hours = int(one["late_hours"])
    return ngettext(
        "A task is {count} hour late: {task} ({institution}).",
        "A task is {count} hours late: {task} ({institution}).",
        hours,
    ).format(count=said.count(hours), **values)


def _silence(said: Voice, _first: Plain) -> str:
    silent = len(said.facts["silent"])
    values = {"silent": said.count(silent), "posts": said.count(said.facts["reporting"]["posts"])}
    return _("Silent posts: {silent} of {posts}.").format(**values)


HEADLINES: Mapping[str, Callable[[Voice, Plain], str]] = {
    "alert": _alert,
    "protection": _signal,
    "capacity": _capacity,
    "unusual": _unusual,
    "late": _late,
    "silence": _silence,
}


# --- The situation -----------------------------------------------------------------------------


def situation(said: Voice) -> Iterator[str]:
    facts = said.facts
    values = {"start": said.day(facts["start"]), "end": said.day(facts["end"]), "at": said.moment(facts["as_of"])}
    yield _("From {start} to {end}, as known on {at}.").format(**values) + " " + _reports(said)
    yield from (_total(said, one) for one in totals(facts)[:FEW])
    outside = [one for one in facts["figures"] if one["against"] in ("above", "below")]
    if outside:
        yield _("Outside what is usual:")
        yield from (f"- {_unusual(said, one)}" for one in outside[:FEW])
    if facts["conflicts"]:
        yield _("Sources that contradict each other:")
        yield from (f"- {_contradiction(said, one)}" for one in facts["conflicts"][:FEW])
    if facts["silent"]:
        names = [said.place(one["place"]) for one in facts["silent"]]
        yield _silence(said, {}) + " " + said.listed(list(dict.fromkeys(names)), SOME) + "."
    yield from _signals(said)
    yield from _events(said)


def _reports(said: Voice) -> str:
    counted = said.facts["reporting"]
    if said.share:
        return _("Days without a report are not estimated.")
    values = {"reported": said.count(counted["reported"]), "expected": said.count(counted["expected"])}
    return _("Daily reports received: {reported} of {expected}; missing ones are not estimated.").format(**values)


def _total(said: Voice, one: Plain) -> str:
    values = {
        "measure": said.measure(one["measure"]),
        "total": said.count(one["total"]),
        "source": said.source(one["source"]),
        "places": ngettext("{count} place", "{count} places", one["places"]).format(count=said.count(one["places"])),
        "before": said.count(one["before"]),
    }
    if said.share:
        return _("{measure}: {total} ({source}).").format(**values)
    if one["before"] is None:
        return _("{measure}: {total} at the places that reported ({source}; {places}).").format(**values)
    return _("{measure}: {total} at the places that reported ({source}; {places}); before: {before}.").format(**values)


def _contradiction(said: Voice, one: Plain) -> str:
    told = "; ".join(f"{said.source(value['source'])} {said.count(value['total'])}" for value in one["values"])
    return _("{measure} at {place}: {told}.").format(
        measure=said.measure(one["measure"]), place=said.place(one["place"]), told=told
    )


def _signals(said: Voice) -> Iterator[str]:
    rows = said.facts["signals"]
    if not rows:
        return
    count = {state: said.count(sum(one["state"] == state for one in rows)) for state in
             ("verified", "acknowledged", "new", "discarded")}  # fmt: skip
    yield _(
        "Signals: {verified} verified, {acknowledged} acknowledged, {new} not looked at yet, {discarded} discarded."
    ).format(**count)
    verified = [one for one in rows if one["state"] == "verified"]
    yield from (f"- {one['code']}: {said.soft(localised(one['says']))}" for one in verified[:FEW])


def _events(said: Voice) -> Iterator[str]:
    """Rumours are told to the cell only: what is not confirmed is not passed on."""
    shown = [one for one in said.facts["events"] if one["state"] == "confirmed" or (one["open"] and not said.share)]
    if shown:
        yield _("Events and rumours:")
    for one in shown[:FEW]:
        values = {"code": one["code"], "place": said.place(one["place"]), "what": said.soft(one["what"])}
        state = _("confirmed") if one["state"] == "confirmed" else _("not verified")
        yield "- " + _("{code}, {place} ({state}): {what}").format(**values, state=state)


# --- Response, needs, next steps ---------------------------------------------------------------


def response(said: Voice) -> Iterator[str]:
    facts = said.facts
    if not (facts["alerts"] or facts["activations"] or facts["requests"]):
        yield _("No alert is running and no plan is activated.")
    for one in facts["alerts"]:
        values = {"code": one["code"], "headline": localised(one["headlines"]), "at": said.moment(one["ends_at"])}
        if one["running"]:
            yield "- " + _("Alert {code} runs until {at}: {headline}").format(**values)
        else:
            yield "- " + _("Alert {code} is over since {at}: {headline}").format(**values)
    for one in facts["activations"]:
        values = {name: said.count(one[name]) for name in ("tasks", "done", "late", "blocked")}
        yield "- " + _(
            "{plan} ({code}): {done} of {tasks} tasks done, {late} late, {blocked} blocked; ends {day}."
        ).format(plan=localised(one["names"]), code=one["code"], day=said.day(one["ends"]), **values)
    settled = sum(not one["waits"] for one in facts["requests"])
    if facts["requests"]:
        values = {"all": said.count(len(facts["requests"])), "settled": said.count(settled)}
        yield "- " + _("Requests between institutions: {all}, of these settled: {settled}.").format(**values)


def needs(said: Voice) -> Iterator[str]:
    facts = said.facts
    found = [f"- {_capacity(said, one)}" for one in facts["capacity"] if one["reached"]]
    for one in facts["tasks"]:
        if one["state"] == "blocked":
            values = {"task": localised(one["names"]), "institution": said.institution(one["institution"])}
            found.append("- " + _("Blocked: {task} ({institution}).").format(**values))
    for one in facts["requests"]:
        if one["waits"]:
            values = {"asking": said.institution(one["asking"]), "asked": said.institution(one["asked"])}
            told = said.soft(f"{said.count(one['quantity'])} {one['unit']}, {one['what']}")
            found.append("- " + _("{asking} asks {asked}: {what}").format(what=told, **values))
    for one in facts["gaps"]:
        places = said.listed([said.place(place) for place in one["places"]], FEW)
        found.append("- " + _("Nobody is registered for “{function}” at: {places}.").format(
            function=localised(one["names"]), places=places))  # fmt: skip
    yield from found[: 2 * SOME] or [_("No gap is recorded.")]


def next_steps(said: Voice) -> Iterator[str]:
    facts = said.facts
    if facts["silent"]:
        names = list(dict.fromkeys(said.place(one["place"]) for one in facts["silent"]))
        yield "- " + _("Call the silent posts: {places}.").format(places=said.listed(names, SOME))
    if facts["conflicts"]:
        names = list(dict.fromkeys(said.place(one["place"]) for one in facts["conflicts"]))
        yield "- " + _("Ask the sources that differ: {places}.").format(places=said.listed(names, SOME))
    late = [one for one in facts["tasks"] if one["late_hours"] > 0]
    if late:
        names = list(dict.fromkeys(said.institution(one["institution"]) for one in late))
        yield "- " + _("Follow up late tasks with: {institutions}.").format(institutions=said.listed(names, SOME))
    unseen = sum(one["state"] == "new" for one in facts["signals"])
    if unseen:
        yield "- " + _("Look at signals nobody has looked at: {count}.").format(count=said.count(unseen))
    if any(one["open"] for one in facts["events"]):
        yield "- " + _("Verify the events and rumours that are open.")
    yield "- " + _("Next situation report: when the situation changes, at the latest after the next period.")


PARTS: Mapping[str, Callable[[Voice], Iterator[str]]] = {
    "headline": headline,
    "situation": situation,
    "response": response,
    "needs": needs,
    "next": next_steps,
}
