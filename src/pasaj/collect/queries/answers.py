"""One submission as a person reads it: answers in the order of the form, differences, what they became.

Only for who may read it (rule "read"): callers have asked before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from django.utils.translation import get_language

from pasaj.access.rules import EVERYTHING, Actor, can, policy
from pasaj.collect.models import FormVersion, Submission, SubmissionVersion
from pasaj.collect.queries.places import named
from pasaj.core.forms.fields import CROSSINGS_FILE, Field, Labels, from_plain
from pasaj.core.meaning.answers import Answers, read
from pasaj.registry.models import CrossingPoint

POSITIONS = frozenset({"geopoint", "geotrace", "geoshape"})
# What phones fill in about whoever holds them: for those who know the keys.
PERSONAL = frozenset({"deviceid", "subscriberid", "simserial", "phonenumber", "username", "email", "uid"})
FREE = frozenset({"text", "barcode"})
SEPARATOR = " · "


@dataclass(frozen=True, slots=True)
class Item:
    """A question and its answer. `hidden`: there is one, and the reader may not see it."""

    label: str
    name: str
    value: str
    kind: str = "text"
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """Where a group of the form begins; without a label, where the questions of none go on."""

    label: str


@dataclass(frozen=True, slots=True)
class Table:
    """The turns of a repeat: a column a question, a row a turn. Repeats within stand below, each with its turn."""

    label: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Item, ...], ...]


Part = Item | Heading | Table


@dataclass(frozen=True, slots=True)
class Reader:
    """What one reader may see of one submission's answers."""

    language: str
    positions: bool
    senders: bool
    places: Mapping[str, str]  # names of the codes of crossings.csv that may be met

    def hides(self, field: Field) -> bool:
        if is_position(field):
            return not self.positions
        return field.preload in PERSONAL and not self.senders


@dataclass(frozen=True)
class Sheet:
    """The answers of one version of a submission with the questions they answer."""

    fields: tuple[Field, ...]
    answers: Answers | None  # None: its bytes cannot be read, or were redacted

    @cached_property
    def by_path(self) -> Mapping[str, Field]:
        return {one.path: one for one in self.fields}


def is_position(field: Field) -> bool:
    return field.kind in POSITIONS or field.type in POSITIONS


def may_place(actor: Actor, submission: Submission) -> bool:
    """Whether positions in the answers, and files that may hold one, are shown to the actor.

    They are those of the crossing. Where the crossing is not known, any could be meant.
    """
    if submission.crossing is None:
        return policy(CrossingPoint, "locate", actor) == EVERYTHING
    return can(actor, "locate", submission.crossing)


def reader(actor: Actor, submission: Submission, *sheets: Sheet, senders: bool) -> Reader:
    """What the actor may see of these sheets of one submission. Two queries."""
    codes = {code for one in sheets for code in _codes(one)}
    places = named(codes) if codes else {}
    return Reader((get_language() or "").split("-")[0], may_place(actor, submission), senders, places)


def _codes(found: Sheet) -> Iterator[str]:
    """What was chosen from the shared list of crossings."""
    listed = {one.path for one in found.fields if one.choices_file == CROSSINGS_FILE}
    for (path, _turns), value in _flat(found):
        if path in listed:
            yield from value.split()


def sheet(version: SubmissionVersion) -> Sheet:
    """Read a version. Where its form's version is not known here, the newest one that is lends its questions."""
    known = version.form_version or FormVersion.objects.filter(form=version.form_id).order_by("-number").first()
    fields = from_plain(known.fields) if known else ()
    body = getattr(version, "body", None)
    return Sheet(fields, parsed(bytes(body.xml), fields) if body else None)


def parsed(xml: bytes, fields: Sequence[Field]) -> Answers | None:
    try:
        return read(xml, [one.path for one in fields if one.kind == "repeat"])
    except (ParseError, DefusedXmlException):
        return None


def is_private(found: Sheet) -> bool:
    """Whether somebody wrote words of their own: reading them is written down."""
    known = {one.path for one in found.fields if one.kind not in FREE}
    return found.answers is None or any(value and path not in known for (path, _turns), value in _flat(found))


# --- Answers in order --------------------------------------------------------------------------


def parts(found: Sheet, to: Reader) -> list[Part]:
    """The answers in the form's order, then those that no question of it knows."""
    if found.answers is None:
        return []
    made: list[Part] = []
    group = ""
    for field in found.fields:
        if field.kind == "repeat" and not field.repeat:
            made.extend(_tables(found, found.answers, field, to, ""))
        elif field.repeat or field.kind == "group" or _is_aside(field):
            continue
        elif field.answers and (value := found.answers.values.get(field.path, "")):
            above = field.path.rpartition("/")[0]
            if above != group:
                made.append(Heading(_label(found, above, to)))
                group = above
            made.append(item(field, value, to))
    return made


def aside(found: Sheet, to: Reader) -> list[Part]:
    """What nobody was asked: values that the form calculates for itself, and answers that it does not know."""
    values = found.answers.values if found.answers else {}
    known = found.by_path
    made: list[Part] = [
        item(field, values[field.path], to)
        for field in found.fields
        if not field.repeat and _is_aside(field) and not _is_meta(field) and values.get(field.path)
    ]
    return made + [Item(path, path, value) for path, value in values.items() if path not in known and value]


def _is_aside(field: Field) -> bool:
    return _is_meta(field) or field.kind == "metadata" or (field.kind == "calculate" and not field.labels)


def _is_meta(field: Field) -> bool:
    return field.path == "meta" or field.path.startswith("meta/")


def _label(found: Sheet, path: str, to: Reader) -> str:
    """What the form calls a group; the way to it where groups stand within each other."""
    steps = path.split("/") if path else []
    groups = (found.by_path.get("/".join(steps[: at + 1])) for at in range(len(steps)))
    return SEPARATOR.join(one.label(to.language) for one in groups if one and one.labels)


def _tables(found: Sheet, answers: Answers, repeat: Field, to: Reader, above: str) -> Iterator[Table]:
    below = repeat.path.removeprefix(f"{repeat.repeat}/") if repeat.repeat else repeat.path
    turns = answers.repeats.get(below, ())
    if not turns:
        return
    columns = [one for one in found.fields if one.repeat == repeat.path and one.answers]
    rows = tuple(
        tuple(item(one, turn.values.get(one.path.removeprefix(f"{repeat.path}/"), ""), to) for one in columns)
        for turn in turns
    )
    label = repeat.label(to.language)
    yield Table(f"{label}{above}", tuple(one.label(to.language) for one in columns), rows)
    inner = [one for one in found.fields if one.kind == "repeat" and one.repeat == repeat.path]
    for number, turn in enumerate(turns, start=1):
        for one in inner:
            yield from _tables(found, turn, one, to, f"{SEPARATOR}{label} {number}{above}")


def item(field: Field, value: str, to: Reader) -> Item:
    """One answer, with the labels of its choices in the reader's language."""
    label = field.label(to.language)
    if to.hides(field):
        return Item(label, field.name, "", field.kind, hidden=bool(value))
    return Item(label, field.name, said(field, value, to.language, to.places), field.kind)


def said(field: Field, value: str, language: str, places: Mapping[str, str]) -> str:
    """An answer in words: codes of choices by their labels, those of the shared list by name and code."""
    if field.kind == "select_one":
        return chosen(field, value, language, places)
    if field.kind in {"select_multiple", "rank"}:
        return ", ".join(chosen(field, code, language, places) for code in value.split())
    return value


def chosen(field: Field, code: str, language: str, places: Mapping[str, str]) -> str:
    if field.choices_file == CROSSINGS_FILE:
        return f"{places[code]} ({code})" if code in places else code
    labels: Labels = field.choices.get(code, {})
    return labels.get(language) or next(iter(labels.values()), "") or code


# --- Two versions side by side -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Change:
    """An answer that differs between two versions. `where`: the turn of a repeat, if it stands in one."""

    label: str
    where: str
    before: Item
    after: Item


def changes(before: Sheet, after: Sheet, to: Reader) -> list[Change]:
    """What differs, in the order of the newer version's form."""
    old, new = dict(_flat(before)), dict(_flat(after))
    made = []
    for key in dict.fromkeys([*new, *old]):
        one, other = old.get(key, ""), new.get(key, "")
        if one != other:
            path, turns = key
            field = after.by_path.get(path) or before.by_path.get(path) or Field(path, path, "text")
            was, now = item(field, one, to), item(field, other, to)
            made.append(Change(field.label(to.language), ".".join(map(str, turns)), was, now))
    return made


Key = tuple[str, tuple[int, ...]]


def _flat(found: Sheet) -> Iterator[tuple[Key, str]]:
    if found.answers is None:
        return
    order = {one.path: at for at, one in enumerate(found.fields)}
    values = list(_leaves(found.answers, "", ()))
    yield from sorted(values, key=lambda one: (order.get(one[0][0], len(order)), one[0][1]))


def _leaves(answers: Answers, start: str, turns: tuple[int, ...]) -> Iterator[tuple[Key, str]]:
    for path, value in answers.values.items():
        yield (f"{start}{path}", turns), value
    for path, rounds in answers.repeats.items():
        for number, one in enumerate(rounds, start=1):
            yield from _leaves(one, f"{start}{path}/", (*turns, number))


def question_of(fields: Sequence[Field], position: str, language: str) -> str:
    """The question that a part of the answers came from, as the form calls it; of other parts the position."""
    where, _point, last = position.rpartition(".")
    name = last.partition("#")[0]
    found = next((one for one in fields if name in (one.path, one.name)), None)
    turn = f" ({where.partition('[')[2].rstrip(']')})" if "[" in where else ""
    return f"{found.label(language)}{turn}" if found else position


def check_label(finding: Mapping[str, Any], found: Sheet, language: str) -> str:
    """The question that a finding speaks of, as the form calls it."""
    path = str(finding.get("path", "")).lstrip("/")
    field = found.by_path.get(path) or found.by_path.get(path.partition("/")[2])
    return field.label(language) if field else path
