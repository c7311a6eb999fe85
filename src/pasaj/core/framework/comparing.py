"""Two versions of a framework side by side: what came, what went, what changed and how much that matters.

A change is *normative* where it touches what decides scores (pillar, level, unit, weight, critical, rights,
applicability, scale); it is a *rewording* where the original language changed, for a person to judge whether
the question is still the same; the rest are translations, sources and notes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pasaj.core.framework.parameters import plain
from pasaj.core.framework.shapes import Framework

NORMATIVE = frozenset({"pillar", "level", "unit", "weight", "critical", "rights", "applies_if", "scale"})
WEIGHTS = ("normative", "wording", "other")
"""How much a change matters, the gravest first."""
_KEPT = frozenset({"code", "version", "pillars", "indicators", "sources"})
"""Of the framework itself: compared in other ways."""


@dataclass(frozen=True, slots=True)
class Field:
    """One value that differs. `language` of a text, `point` of an anchor; texts are empty where nothing stood."""

    name: str
    before: str
    after: str
    matters: str
    language: str = ""
    point: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to one pillar, indicator or source: added, removed or changed."""

    code: str
    what: str
    fields: tuple[Field, ...] = ()

    @property
    def matters(self) -> str:
        """How much it matters: by its gravest field. That a pillar or an indicator comes or goes decides scores."""
        found = {one.matters for one in self.fields} if self.what == "changed" else {"normative"}
        return next(one for one in WEIGHTS if one in found)


@dataclass(frozen=True, slots=True)
class Difference:
    """All that differs between two versions."""

    itself: tuple[Field, ...]
    pillars: tuple[Change, ...]
    indicators: tuple[Change, ...]
    sources: tuple[Change, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.itself or self.pillars or self.indicators or self.sources)

    def counts(self) -> dict[str, int]:
        """Indicators added, removed, changed normatively, reworded, and otherwise changed."""
        changed = [one for one in self.indicators if one.what == "changed"]
        return {
            "added": sum(one.what == "added" for one in self.indicators),
            "removed": sum(one.what == "removed" for one in self.indicators),
            **{matters: sum(one.matters == matters for one in changed) for matters in WEIGHTS},
        }


def compare(before: Framework, after: Framework) -> Difference:
    """What differs from one version to another, in the order of the newer one; what is gone comes last."""
    old, new = plain(before), plain(after)
    reference = after.reference
    itself = _fields(
        {key: value for key, value in old.items() if key not in _KEPT},
        {key: value for key, value in new.items() if key not in _KEPT},
        reference,
    )
    return Difference(
        itself=itself,
        pillars=_changes(old["pillars"], new["pillars"], reference),
        indicators=_changes(old["indicators"], new["indicators"], reference),
        sources=_changes(old["sources"], new["sources"], reference),
    )


def _changes(old: Iterable[Mapping[str, Any]], new: Iterable[Mapping[str, Any]], reference: str) -> tuple[Change, ...]:
    before = {one["code"]: one for one in old}
    after = {one["code"]: one for one in new}
    found = []
    for code, one in after.items():
        if code not in before:
            found.append(Change(code, "added"))
        elif fields := _fields(before[code], one, reference):
            found.append(Change(code, "changed", fields))
    found.extend(Change(code, "removed") for code in before if code not in after)
    return tuple(found)


def _fields(old: Mapping[str, Any], new: Mapping[str, Any], reference: str) -> tuple[Field, ...]:
    before, after = dict(_flat(old)), dict(_flat(new))
    return tuple(
        Field(name, before.get(key, ""), after.get(key, ""), _matters(name, language, reference), language, point)
        for key in dict.fromkeys((*after, *before))
        if before.get(key, "") != after.get(key, "")
        for name, point, language in (key,)
    )


def _matters(name: str, language: str, reference: str) -> str:
    if name in NORMATIVE:
        return "normative"
    return "wording" if language == reference else "other"


def _flat(raw: Mapping[str, Any]) -> Iterable[tuple[tuple[str, str, str], str]]:
    """Every value of a row under its name, point and language, as text."""
    for name, value in raw.items():
        if name == "anchors":
            for point, texts in value.items():
                yield from ((("anchor", point, language), text) for language, text in texts.items())
        elif isinstance(value, dict):
            yield from (((name.removesuffix("s"), "", language), text) for language, text in value.items())
        elif isinstance(value, list):
            yield (name, "", ""), "; ".join(value)
        elif isinstance(value, bool):
            yield (name, "", ""), "yes" if value else "no"
        else:
            yield (name, "", ""), value
