"""Live references in a text: `{{figure:FG-2026-0007}}`, `{{figure:FG-2026-0007|low}}`.

    reference = "{{" kind ":" code [ "|" field ] "}}"

A number that somebody types into a text is wrong a week later and nobody sees it. A reference is shown with what
stands now, and when a version is published what it said is kept with the fingerprint of what it rests on. A
backslash before the braces makes them plain signs. (Values bound to text: D. Knuth's WEB and Manubot go the same way.)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from pasaj.core.problems import Problem, problem

ANY: tuple[str, ...] = ()
FIELDS: Mapping[str, tuple[str, ...]] = {
    "figure": ANY,  # the names of its values, which its query gives
    "score": ANY,
    "count": ANY,
    "finding": ("title", "severity"),
    "measure": ("title", "lead"),
    "cost": ("total", "funded", "gap"),
    "clause": ("number", "title"),
    "term": ("name", "meaning"),
}
"""Kinds of reference with what may be asked of each; the first is meant where none is named."""

_CODE = r"[A-Za-z0-9](?:[A-Za-z0-9._/:+-]{0,218}[A-Za-z0-9])?"
PATTERN = rf"\{{\{{([a-z]{{1,20}}):({_CODE})(?:\|([a-z][a-z0-9_]{{0,39}}))?\}}\}}"
_WHOLE = re.compile(PATTERN)
_ANY = re.compile(r"\\.|\{\{([^{}\n]*)(\}\})?", re.DOTALL)
_MARKS = re.compile(r"([\\*\[\]{}])")


@dataclass(frozen=True, slots=True)
class Reference:
    """One reference. `start`, `end`: where it stands in the text; `line`, `column`: the same, from 1."""

    kind: str
    code: str
    field: str = ""
    start: int = 0
    end: int = 0
    line: int = 1
    column: int = 1

    @property
    def key(self) -> str:
        """`kind:CODE` or `kind:CODE|field`: what it asks for, wherever it stands."""
        return f"{self.kind}:{self.code}" + (f"|{self.field}" if self.field else "")

    @property
    def written(self) -> str:
        """As it stands in a text."""
        return f"{{{{{self.key}}}}}"


@dataclass(frozen=True, slots=True)
class Said:
    """What a reference says now. `text`: in the language of the reader; `fingerprint`: of what it rests on, empty where
    that has none; `as_of`: since when it is so, ISO 8601; `simulated`: made up for demonstration.
    """

    text: str
    address: str = ""
    fingerprint: str = ""
    as_of: str = ""
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class Frozen:
    """What a reference said when its text was published."""

    key: str
    text: str
    fingerprint: str
    as_of: str

    def plain(self) -> dict[str, str]:
        """As JSON keeps it."""
        return {"key": self.key, "text": self.text, "fingerprint": self.fingerprint, "as_of": self.as_of}


def read(written: str) -> Reference | None:
    """The reference that a text is, or None."""
    found = _WHOLE.fullmatch(written)
    return Reference(found[1], found[2], found[3] or "") if found else None


def find(text: str) -> tuple[Reference, ...]:
    """The references of a text that are written as they should be, in their order."""
    return tuple(one for one in _found(text) if isinstance(one, Reference))


def check(text: str) -> tuple[Problem, ...]:
    """What is wrong with how references are written: WRD-008 (not one), WRD-009 (kind), WRD-011 (field)."""
    problems = []
    for one in _found(text):
        if isinstance(one, Problem):
            problems.append(one)
        elif one.kind not in FIELDS:
            allowed = ", ".join(FIELDS)
            problems.append(problem("WRD-009", row=one.line, column=str(one.column), kind=one.kind, allowed=allowed))
        elif one.field and FIELDS[one.kind] and one.field not in FIELDS[one.kind]:
            problems.append(_no_field(one, FIELDS[one.kind]))
    return tuple(problems)


def checked(text: str, known: Callable[[Reference], Collection[str] | None]) -> tuple[Problem, ...]:
    """The same, and what references lead nowhere.

    `known(reference)`: the fields that may be asked of what it names, None where there is no such thing. Adds WRD-010
    (no such thing) and WRD-011 (nothing of this name is known of it).
    """
    problems = list(check(text))
    if problems:
        return tuple(problems)
    for one in find(text):
        fields = known(one)
        if fields is None:
            problems.append(problem("WRD-010", row=one.line, column=str(one.column), key=one.key))
        elif one.field and one.field not in fields:
            problems.append(_no_field(one, fields))
    return tuple(problems)


def filled(text: str, values: Mapping[str, Said]) -> str:
    """The text with what each reference says in its place, its signs made plain; one without a value stays as it is."""
    made, at = [], 0
    for one in find(text):
        if one.key in values:
            made += [text[at : one.start], escaped(values[one.key].text)]
            at = one.end
    return "".join([*made, text[at:]])


def frozen(text: str, values: Mapping[str, Said]) -> tuple[Frozen, ...]:
    """What the references of a text say now, each once, to be kept with a version of it. Raises KeyError: no value."""
    found = {one.key: values[one.key] for one in find(text)}
    return tuple(Frozen(key, said.text, said.fingerprint, said.as_of) for key, said in found.items())


def hidden(text: str) -> str:
    """The text with a mark in place of each reference: for titles, which have no room for what it says."""
    return _WHOLE.sub("…", text)


def escaped(text: str) -> str:
    """A plain text as it is written so that none of its signs means anything."""
    return _MARKS.sub(r"\\\1", text)


def _found(text: str) -> Iterator[Reference | Problem]:
    line, since = 1, 0
    for found in _ANY.finditer(text):
        if found[1] is None:
            continue
        line += text.count("\n", since, found.start())
        since = found.start()
        column = since - text.rfind("\n", 0, since)
        one = _WHOLE.fullmatch(found[0])
        if one:
            yield Reference(one[1], one[2], one[3] or "", found.start(), found.end(), line, column)
        else:
            yield problem("WRD-008", row=line, column=str(column), text=found[0][:60])


def _no_field(one: Reference, fields: Collection[str]) -> Problem:
    allowed = ", ".join(sorted(fields)) or "–"
    return problem("WRD-011", row=one.line, column=str(one.column), field=one.field, key=one.key, allowed=allowed)
