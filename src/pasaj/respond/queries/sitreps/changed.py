"""What changed since the last situation report, as lines in the active language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pasaj.core.sitrep import Change
from pasaj.respond.queries.sitreps.voice import AGAINST, STATES, Voice

MOST = 12
WHAT: Mapping[str, Any] = {
    "signals": gettext_lazy("Signal"),
    "alerts": gettext_lazy("Alert"),
    "activations": gettext_lazy("Activation"),
    "requests": gettext_lazy("Request"),
    "events": gettext_lazy("Event"),
}


def change_lines(said: Voice, found: Sequence[Change]) -> list[str]:
    """The first of what changed, each as a line; what needs no word is left out."""
    lines = [_line(said, one) for one in found]
    kept = [one for one in lines if one]
    left = len(kept) - MOST
    if left > 0 and not said.share:
        return [*kept[:MOST], _("and {count} more").format(count=said.count(left))]
    return kept[:MOST]


def _line(said: Voice, one: Change) -> str:
    if one.what in WHAT:
        values = {"what": WHAT[one.what], "code": one.key, "now": STATES.get(str(one.now), one.now)}
        if one.kind == "new":
            return _("{what} {code}: new, {now}.").format(**values)
        return _("{what} {code}: {before}, now {now}.").format(before=STATES.get(str(one.before), one.before), **values)
    return _OTHERS[one.what](said, one)


def _silent(said: Voice, one: Change) -> str:
    code, source = one.key.split(" ", 1)
    place = f"{said.place(code)} ({said.source(source)})"
    return (_("{place} fell silent.") if one.kind == "new" else _("{place} reports again.")).format(place=place)


def _late(_said: Voice, one: Change) -> str:
    return (_("Task {code} is late.") if one.kind == "new" else _("Task {code} is no longer late.")).format(
        code=one.key
    )


def _conflict(said: Voice, one: Change) -> str:
    place, measure, _direction = one.key.split(" ")
    values = {"place": said.place(place), "measure": said.measure(measure, inside=True)}
    if one.kind == "new":
        return _("{place}, {measure}: sources began to differ.").format(**values)
    return _("{place}, {measure}: sources no longer differ.").format(**values)


def _figure(said: Voice, one: Change) -> str:
    place, measure, *rest = one.key.split(" ")
    values = {"place": said.place(place), "measure": said.measure(measure, inside=True)}
    if one.kind == "revised":
        figures = {"before": said.count(_number(one.before)), "now": said.count(_number(one.now))}
        day = said.day(rest[-1])
        return _("{place}, {measure}, {day}: corrected from {before} to {now}.").format(**values, **figures, day=day)
    states = {"before": AGAINST[str(one.before)], "now": AGAINST[str(one.now)]}
    return _("{place}, {measure}: {before}, now {now}.").format(**values, **states)


def _number(value: str | float | None) -> float | None:
    return None if value is None else float(value)


_OTHERS = {"silent": _silent, "late": _late, "conflicts": _conflict, "figures": _figure}
