"""The order of a policy as a pack proposes it: headings, texts to be written, and parts that come from data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

KINDS = ("heading", "text", "measures", "annex", "table")
HEADS = frozenset({"heading", "annex"})
THEME = "{theme}"


@dataclass(frozen=True, slots=True)
class Section:
    """One clause of a template. `texts` by language; `part`: the name of a part that comes from data (kind table).

    under: the code of the heading that it stands under, "" for the first level. each: "theme", once for each of them.
    """

    code: str
    kind: str
    texts: Mapping[str, str] = field(default_factory=dict)
    under: str = ""
    part: str = ""
    each: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """The whole of it, in its order: what stands under something comes after it."""

    code: str
    names: Mapping[str, str]
    sections: tuple[Section, ...]
    source: str = ""
    verify: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """A clause to be made. `above`: the place of its heading in the row, None on the first level. `theme`: a number."""

    section: Section
    above: int | None
    theme: int | None
    texts: Mapping[str, str]


def planned(template: Template, themes: Sequence[tuple[int, Mapping[str, str]]]) -> tuple[Planned, ...]:
    """The clauses that a template makes for a policy with these themes (number, names by language)."""
    made: list[Planned] = []
    below: dict[str, list[Section]] = {}
    for one in template.sections:
        below.setdefault(one.under, []).append(one)

    def put(section: Section, above: int | None, theme: tuple[int, Mapping[str, str]] | None) -> None:
        number, names = theme or (None, {})
        texts = {language: text.replace(THEME, names.get(language, "")) for language, text in section.texts.items()}
        made.append(Planned(section, above, number, texts))
        here = len(made) - 1
        for inner in below.get(section.code, ()):
            put(inner, here, theme)

    for one in below.get("", ()):
        for theme in _times(one, themes):
            put(one, None, theme)
    return tuple(made)


def _times(
    one: Section, themes: Sequence[tuple[int, Mapping[str, str]]]
) -> Iterator[tuple[int, Mapping[str, str]] | None]:
    if one.each:
        yield from themes
    else:
        yield None
