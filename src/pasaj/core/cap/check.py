"""Whether a message is a valid one, by itself and beside those that were sent before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from pasaj.core.cap import values
from pasaj.core.cap.build import reference
from pasaj.core.cap.meaning import meaning
from pasaj.core.cap.reading import read
from pasaj.core.cap.shapes import Alert, Reference
from pasaj.core.cap.structure import structure
from pasaj.core.problems import Problem, Refused, problem

PLACE = "/alert/references"


def check(data: bytes) -> list[Problem]:
    """Everything that makes the message invalid, form first; empty for a valid one.

    Each problem has its place in `column`: `/alert/info[2]/area[1]/polygon`.
    """
    try:
        tree = read(data)
    except Refused as refused:
        return [one.at("", None, "/") for one in refused.problems]
    return [*structure(tree), *meaning(tree)]


def check_beside(alert: Alert, earlier: Iterable[Alert], *, related: Iterable[tuple[str, str]] = ()) -> list[Problem]:
    """Problems CAP-022 and CAP-051 to CAP-054 that only show beside earlier messages.

    `related` are (sender, identifier) of the messages of the same event. Without it they are found by following
    the references from this message and to those that it reaches.
    """
    known = {(one.sender, one.identifier): one for one in earlier}
    return list(_beside(alert, known, set(related) or _related(alert, known)))


Known = dict[tuple[str, str], Alert]


def _beside(alert: Alert, known: Known, related: set[tuple[str, str]]) -> Iterator[Problem]:
    me = (alert.sender, alert.identifier)
    if me in known and known[me] != alert:
        yield problem("CAP-054", column="/alert/identifier", sender=alert.sender, identifier=alert.identifier)
    for one in alert.references:
        found = known.get((one.sender, one.identifier))
        if found is None:
            continue
        written = reference(found).sent
        if not _same_moment(one.sent, written, found.sent):
            yield problem("CAP-053", column=PLACE, identifier=one.identifier, sent=one.sent, known=written)
        elif found.sent > alert.sent:
            yield problem("CAP-022", column=PLACE, identifier=one.identifier, sent=one.sent)
    circle = _circle(alert, known)
    if circle:
        yield problem("CAP-052", column=PLACE, circle=" → ".join(circle))
    if alert.msg_type in {"Update", "Cancel"}:
        named = {(one.sender, one.identifier) for one in alert.references}
        for key in sorted(related - named - {me}):
            other = known.get(key)
            if other is not None and _in_force(other, alert.sent):
                last = reference(other)
                yield problem("CAP-051", column=PLACE, identifier=last.identifier, sent=last.sent)


def _same_moment(text: str, written: str, sent: datetime) -> bool:
    """UTC can be written in two ways; everything else is compared to the letter."""
    return text == written or (not sent.utcoffset() and text[-6:] == "+00:00" and values.moment(text) == sent)


def _in_force(alert: Alert, now: datetime) -> bool:
    """Whether a message still holds; one that says no end does."""
    if alert.msg_type not in {"Alert", "Update"} or alert.sent > now:
        return False
    ends = [info.expires for info in alert.info]
    return not ends or any(end is None or end > now for end in ends)


def _keys(references: Iterable[Reference]) -> set[tuple[str, str]]:
    return {(one.sender, one.identifier) for one in references}


def _related(alert: Alert, known: Known) -> set[tuple[str, str]]:
    """What is joined to this message by references in either direction."""
    links: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for one in (*known.values(), alert):
        me = (one.sender, one.identifier)
        for other in _keys(one.references):
            links.setdefault(me, set()).add(other)
            links.setdefault(other, set()).add(me)
    found: set[tuple[str, str]] = set()
    waiting = [(alert.sender, alert.identifier)]
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting += links.get(key, ())
    return found


def _circle(alert: Alert, known: Known) -> list[str]:
    """The identifiers along a way of references that comes back to this message; empty when there is none."""
    me = (alert.sender, alert.identifier)
    waiting = [(key, [alert.identifier]) for key in sorted(_keys(alert.references) - {me})]
    seen: set[tuple[str, str]] = set()
    while waiting:
        key, way = waiting.pop(0)
        if key == me:
            return [*way, alert.identifier]
        if key not in seen and key in known:
            seen.add(key)
            waiting += [(other, [*way, key[1]]) for other in sorted(_keys(known[key].references))]
    return []
