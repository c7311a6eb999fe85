"""Which indicators a round asks of which unit, and the conditions that a form can decide only when it is filled."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from pasaj.core.framework import Condition, Framework, Indicator, holds
from pasaj.core.framework.conditions import Compared, Every, is_indicator
from pasaj.core.scoring import Missing

Points = Mapping[tuple[str, str], int | None]
"""(unit, indicator) -> the one point that its assessors or a settlement gave; None: it does not apply."""


@dataclass(frozen=True, slots=True)
class Unit:
    """The country, an institution or a crossing point. `facts`: what conditions may ask of it (kind, official…)."""

    code: str
    sort: str  # country, institution, crossing_point
    names: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)


class Crossing(Protocol):
    """What a pack and a row of the home both know of a crossing point."""

    @property
    def kind(self) -> str: ...

    @property
    def official(self) -> str: ...

    @property
    def counterpart_country(self) -> str: ...


class Institution(Protocol):
    """What a pack and a row of the home both know of an institution."""

    @property
    def kind(self) -> str: ...

    @property
    def country(self) -> str: ...


def facts_of_crossing(crossing: Crossing) -> dict[str, str]:
    """Attributes of a crossing point by the names that conditions use; what the pack does not say is left out."""
    found = {"kind": crossing.kind, "official": crossing.official, "counterpart_country": crossing.counterpart_country}
    return {name: value for name, value in found.items() if value}


def facts_of_institution(institution: Institution) -> dict[str, str]:
    """Attributes of an institution, likewise."""
    found = {"kind": institution.kind.replace(" ", "_"), "country": institution.country}
    return {name: value for name, value in found.items() if value}


@dataclass(frozen=True, slots=True)
class Asked:
    """What applies: unit -> codes of indicators. `doubtful`: those of which it is not known yet whether they apply."""

    asked: Mapping[str, tuple[str, ...]]
    doubtful: frozenset[tuple[str, str]]


def asked(framework: Framework, units: Iterable[Unit], points: Points) -> Asked:
    """Apply the conditions of the framework to units, with what is known of other answers.

    An indicator asked of the country may be named in the condition of one asked of crossings: its answer is
    looked for in the same unit first, then in the country.
    """
    units = list(units)
    sorts = {one.code: one.unit for one in framework.indicators}
    country = [unit.code for unit in units if unit.sort == "country"]
    found: dict[str, tuple[str, ...]] = {}
    doubtful: set[tuple[str, str]] = set()
    for unit in units:
        answers = {
            code: points[place, code]
            for code, sort in sorts.items()
            for place in ([unit.code] if sort == unit.sort else country if sort == "country" else [])
            if (place, code) in points
        }
        verdicts = {one.code: holds(one.applies_if, unit.facts, answers) for one in framework.of_unit(unit.sort)}
        found[unit.code] = tuple(code for code, verdict in verdicts.items() if verdict is not False)
        doubtful |= {(unit.code, code) for code, verdict in verdicts.items() if verdict is None}
    return Asked(found, frozenset(doubtful))


def relevance(indicator: Indicator, units: Sequence[Unit], names: Mapping[str, str]) -> str | None:
    """When a form shows the question: an XPath for its `relevant` column. Empty: always. None: for no unit.

    names: the form's question for each indicator that it asks. What is not known (an indicator of another form, one
    that nobody could observe) counts as fulfilled: better a question too many than an answer that is missing.
    """
    condition = indicator.applies_if
    if condition is None:
        return ""
    groups: dict[str | None, list[str]] = {}
    for unit in units:
        groups.setdefault(_left(condition, unit.facts, names), []).append(unit.code)
    groups.pop(None, None)
    if not groups:
        return None
    if groups.keys() == {""} and len(groups[""]) == len(units):
        return ""
    parts = []
    for left, codes in groups.items():
        here = " or ".join(f"${{unit}} = '{code}'" for code in codes)
        parts.append(f"({here}) and {left}" if left else here)
    return " or ".join(parts)


def _left(condition: Condition, facts: Mapping[str, str], names: Mapping[str, str]) -> str | None:
    """What of a condition is left to ask once the facts of a unit are known. Empty: it holds. None: it does not."""
    if isinstance(condition, Compared):
        if is_indicator(condition.subject):
            return _asks(condition, names)
        return None if holds(condition, facts, {}) is False else ""
    parts = [_left(part, facts, names) for part in condition.parts]
    if isinstance(condition, Every):
        if None in parts:
            return None
        return " and ".join(part for part in parts if part)
    if "" in parts:
        return ""
    kept = [part for part in parts if part]
    return f"({' or '.join(kept)})" if kept else None


def _asks(one: Compared, names: Mapping[str, str]) -> str:
    if one.subject not in names:
        return ""
    answer = f"${{{names[one.subject]}}}"
    if one.sign in ("=", "!="):
        word = " or " if one.sign == "=" else " and "
        holds_there = word.join(f"{answer} {one.sign} '{value}'" for value in one.values)
    else:
        holds_there = f"number({answer}) {one.sign} {one.values[0]}"
    not_there, unseen = (f"'{kind.value}'" for kind in (Missing.NOT_APPLICABLE, Missing.NOT_OBSERVED))
    return f"({answer} = '' or {answer} = {unseen} or ({answer} != {not_there} and ({holds_there})))"
