"""Rules of CAP that no schema says, for the message and its info blocks. Each yields its own code.

Source: CAP-v1.2-os, sections 3.2.1 and 3.2.2; the validators of google/cap-library. A value that cannot be read is
told by the rules of form: the rules here leave it alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from pasaj.core.cap import values
from pasaj.core.cap.places import area, resource
from pasaj.core.cap.reading import Element, at
from pasaj.core.cap.shapes import CATEGORY
from pasaj.core.cap.structure import is_uri
from pasaj.core.problems import Problem

FORBIDDEN = re.compile(r"[\s,<&]")
# Tags and entities of HTML; a lone < or & is text.
MARKUP = re.compile(r"</?[A-Za-z][^<>]*>|&(?:[A-Za-z][A-Za-z0-9]{1,31}|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});")
PROSE = ("event", "audience", "senderName", "headline", "description", "instruction", "contact")
ABOUT_OTHERS = frozenset({"Update", "Cancel", "Ack", "Error"})
TELLS = frozenset({"Alert", "Update", "Cancel"})
NEEDED = ("expires", "description", "web", "area")
ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")

Found = Iterator[Problem]


def meaning(tree: Element) -> Found:
    """Problems CAP-018 to CAP-050 of a message that was read."""
    for name in ("identifier", "sender"):
        for one in tree.told(name):
            if FORBIDDEN.search(one.text):
                yield at(one, "CAP-018", name=name, value=one.text[:60])
    yield from _markup(tree, ("source", "restriction", "note"))
    yield from _references(tree)
    yield from _scope(tree)
    for one in tree.told("addresses", "incidents"):
        if not _can(values.words, one.text):
            yield at(one, "CAP-027", name=one.name)
    infos = tree.all("info")
    if not infos and tree.said("msgType") in TELLS:
        yield at(tree, "CAP-028")
    yield from _same_kind(infos)
    yield from _translated(infos)
    sent = read_moment(tree, "sent")
    for info in infos:
        yield from _info(info, sent)


def read_moment(element: Element, name: str) -> datetime | None:
    """The time that an element says; None where there is none that can be read."""
    found = element.first(name)
    try:
        return values.moment(found.text) if found else None
    except ValueError:
        return None


def _can(reader: object, text: str) -> bool:
    try:
        reader(text)  # type: ignore[operator]
    except ValueError:
        return False
    return True


def _markup(element: Element, names: tuple[str, ...]) -> Found:
    for one in element.told(*names):
        found = MARKUP.search(one.text)
        if found:
            yield at(one, "CAP-036", value=found[0][:60])


def _references(tree: Element) -> Found:
    place = tree.first("references")
    kind = tree.said("msgType")
    if place is None or not place.text.strip():
        if kind in ABOUT_OTHERS:
            yield at(place or tree, "CAP-019", type=kind)
        return
    if not _can(values.references, place.text):
        yield at(place, "CAP-020", value=place.text.strip()[:120])
        return
    sent, seen = read_moment(tree, "sent"), set()
    for one in values.references(place.text):
        if (one.sender, one.identifier) == (tree.said("sender"), tree.said("identifier")):
            yield at(place, "CAP-021")
        elif sent and values.moment(one.sent) > sent:
            yield at(place, "CAP-022", identifier=one.identifier, sent=one.sent)
        if one in seen:
            yield at(place, "CAP-023", identifier=one.identifier)
        seen.add(one)


def _scope(tree: Element) -> Found:
    scope, restriction = tree.said("scope"), tree.said("restriction")
    if scope == "Restricted" and not restriction:
        yield at(tree, "CAP-024")
    if scope in {"Public", "Private"} and restriction:
        yield at(next(tree.told("restriction")), "CAP-025", scope=scope)
    if scope == "Private" and not tree.said("addresses"):
        yield at(tree, "CAP-026")


def _same_kind(infos: list[Element]) -> Found:
    categories = [{one.text for one in info.all("category")} for info in infos]
    codes = [{(one.said("valueName"), one.said("value")) for one in info.all("eventCode")} for info in infos]
    # A word or a name that is wrong is told by the rules of form, not once more as a difference.
    known = all(category <= set(CATEGORY) for category in categories)
    named = all(name for code in codes for name, _value in code)
    for info, category, code in zip(infos, categories, codes, strict=True):
        if known and category != categories[0]:
            yield at(info, "CAP-030")
        if named and code != codes[0]:
            yield at(info, "CAP-031")


def language(info: Element) -> str:
    """The main language of an info block in small letters: `fr` of `fr-HT`."""
    return (info.said("language") or "en-US").partition("-")[0].lower()


def same_text(infos: list[Element], names: tuple[str, ...]) -> Iterator[tuple[Element, int]]:
    """Texts that stand to the letter in an earlier info block of another language, and the number of that block."""
    for name in names:
        seen: dict[str, tuple[str, int]] = {}
        for number, info in enumerate(infos, 1):
            for one in info.told(name):
                spoken, first = seen.setdefault(" ".join(one.text.split()), (language(info), number))
                if spoken != language(info):
                    yield one, first


def _translated(infos: list[Element]) -> Found:
    for one, other in same_text(infos, ("description", "instruction")):
        yield at(one, "CAP-035", name=one.name, other=other)


def _info(info: Element, sent: datetime | None) -> Found:
    for name in NEEDED:
        if info.first(name) is None or (name in {"description", "web"} and not info.said(name)):
            yield at(info, "CAP-029", name=name)
    yield from _times(info, sent)
    yield from _markup(info, PROSE)
    for one in info.told("web"):
        if is_uri(one.text.strip()) and not ABSOLUTE.fullmatch(one.text.strip()):
            yield at(one, "CAP-037", value=one.text.strip()[:60])
    for one in info.all("resource"):
        yield from resource(one)
        yield from _markup(one, ("resourceDesc",))
    for one in info.all("area"):
        yield from area(one)
        yield from _markup(one, ("areaDesc",))


def _times(info: Element, sent: datetime | None) -> Found:
    expires = read_moment(info, "expires")
    if expires is None:
        return
    place = info.all("expires")[0]
    effective, onset = read_moment(info, "effective"), read_moment(info, "onset")
    if effective and effective > expires:
        yield at(place, "CAP-032")
    if onset and onset > expires:
        yield at(place, "CAP-033")
    if sent and expires <= sent:
        yield at(place, "CAP-034")
