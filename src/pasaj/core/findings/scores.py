"""Findings from scores: low ones, critical zeros, assessors who differ, declines.

docs/methods/findings.md says which thresholds, and why.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from pasaj.core.findings.priority import voices
from pasaj.core.findings.shapes import Draft, Reach, Rest, Severity, Subject, worse
from pasaj.core.framework import Framework
from pasaj.core.framework.shapes import Indicator
from pasaj.core.scoring import Cell, Change, Missing, Range, Scores

Key = tuple[str, str]

LIMITS: Mapping[str, float] = {"pillar": 2.0, "unit": 2.0, "indicator": 1.0}
"""Below which score of 4 a level is low. Of a single indicator only what is surely low is drafted."""
VERY_LOW = 1.0
WIDE = 2
"""Points apart from which a disagreement is a finding."""
PLACES = 6
LARGE = 0.5
"""Points by which a score must have fallen, beyond what can be noise."""


@dataclass(frozen=True)
class Scored:
    """A round as its rules see it. names of units stand with whoever says the sentences; sorts: unit -> its sort."""

    framework: Framework
    scores: Scores
    sorts: Mapping[str, str]

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        return {one.code: one for one in self.framework.indicators}


def low(found: Scored) -> list[Draft]:
    """Pillars of the country, units, and indicators of the country below their limit, or perhaps below it."""
    described = found.indicators
    zeros = {code for (_unit, code), cell in found.scores.cells.items() if described[code].critical and _zero(cell)}
    levels: list[tuple[str, str, Range | None]] = [
        *(("pillar", code, one) for code, one in found.scores.pillars.items()),
        *(("unit", code, one) for code, one in found.scores.units.items()),
        # A critical indicator at 0 is told by its own rule.
        *(("indicator", code, one) for code, one in found.scores.indicators.items() if code not in zeros),
    ]
    drafts = []
    for level, code, exact in levels:
        limit, one = LIMITS[level], exact and rounded(exact)
        # What nobody observed is no finding; of one indicator, what is merely possible is not either.
        if one is None or not one.observed or one.low >= limit or (level == "indicator" and one.high >= limit):
            continue
        drafts.append(_low_draft(found, level, code, one, limit))
    return drafts


def rounded(one: Range) -> Range:
    """A range as figures of the chain of evidence have it: the last bits of a mean decide nothing."""
    return replace(one, low=round(one.low, PLACES), high=round(one.high, PLACES))


def _low_draft(found: Scored, level: str, code: str, one: Range, limit: float) -> Draft:
    sure = one.high < limit
    sentence = "low_possible" if not sure else "low_exact" if one.exact else "low"
    cells = _behind(found, level, code)
    below = {key: cell for key, cell in cells.items() if cell.range is not None and cell.range.low < limit}
    rights = _rights(found, below)
    claim = f"score < {limit:g}" if sure else f"lowest < {limit:g} and highest >= {limit:g}"
    return Draft(
        key=f"low:{level}:{code}",
        rule="low",
        sentence=sentence,
        values={"name": code, "low": one.low, "high": one.high, "limit": limit},
        subject=Subject(**{f"{level}s": (code,)}),
        severity=worse(Severity.MAJOR if one.low < VERY_LOW else Severity.MODERATE, when=sure and rights),
        certainty={
            "range": 1.0 if sure else (limit - one.low) / (one.high - one.low),
            "assessors": _assessors(cells.values()),
        },
        reach=_spread(level, cells, below),
        rights=rights,
        rests=(Rest("score", {"level": level, "code": code}, claim),),
        parameters={"limit": limit, "very_low": VERY_LOW},
    )


def _rights(found: Scored, cells: Mapping[Key, Cell]) -> bool:
    """Whether at least half of the cells that somebody saw are of indicators that touch rights."""
    seen = [found.indicators[code].rights for (_unit, code), cell in cells.items() if _seen(cell)]
    return bool(seen) and 2 * sum(seen) >= len(seen)


def _behind(found: Scored, level: str, code: str) -> dict[Key, Cell]:
    """The cells that apply and that a score is made of."""
    return {
        key: cell
        for key, cell in found.scores.cells.items()
        if cell.range is not None
        and code == {"pillar": found.indicators[key[1]].pillar, "unit": key[0], "indicator": key[1]}[level]
    }


def _seen(cell: Cell) -> bool:
    return cell.range is not None and cell.range.observed > 0


def _zero(cell: Cell) -> bool:
    """Whether somebody saw it, and it is or may be 0."""
    return cell.range is not None and cell.range.observed > 0 and cell.range.low == 0


def _spread(level: str, cells: Mapping[Key, Cell], below: Mapping[Key, Cell]) -> Reach:
    """Of a unit, the share of what it was asked; else the share of units asked."""
    if level == "unit":
        return Reach(len(below), len(cells), "cells")
    return Reach(len({unit for unit, _code in below}), len({unit for unit, _code in cells}), "units")


def _assessors(cells: Iterable[Cell]) -> float:
    observed = [cell for cell in cells if _seen(cell)]
    return voices(sum(1 for cell in observed if cell.settled is not None or len(_points(cell)) > 1), len(observed))


def _points(cell: Cell) -> list[int]:
    return [one.value for one in cell.answers if not isinstance(one.value, Missing)]


# --- Critical indicators -----------------------------------------------------------------------


def critical(found: Scored) -> list[Draft]:
    """Critical indicators that are 0 somewhere whatever the mean, or that some assessors hold to be 0."""
    drafts = []
    for one in found.framework.indicators:
        cells = {unit: cell for (unit, code), cell in found.scores.cells.items() if code == one.code and cell.range}
        seen = {unit: cell for unit, cell in cells.items() if _zero(cell)}
        zero = sorted(unit for unit, cell in seen.items() if cell.range == Range(0, 0))
        disputed = sorted(seen.keys() - set(zero))
        if one.critical and seen:
            drafts.append(_critical_draft(one, cells, zero, disputed))
    return drafts


def _critical_draft(one: Indicator, cells: Mapping[str, Cell], zero: list[str], disputed: list[str]) -> Draft:
    sentence = "critical_mixed" if zero and disputed else "critical_zero" if zero else "critical_disputed"
    if zero and len(cells) == 1:
        sentence = "critical_one"
    concerned = [*zero, *disputed]
    said = [1.0 if unit in zero else _share_of_zero(cells[unit]) for unit in concerned]
    units = tuple(zero or disputed)
    return Draft(
        key=f"critical:{one.code}",
        rule="critical",
        sentence=sentence,
        values={"name": one.code, "part": len(units), "whole": len(cells), "units": units, "others": tuple(disputed)},
        subject=Subject(units=tuple(concerned), indicators=(one.code,)),
        severity=Severity.CRITICAL if one.rights else Severity.MAJOR,
        certainty={"said": sum(said) / len(said), "assessors": _assessors(cells[unit] for unit in concerned)},
        reach=Reach(len(concerned), len(cells), "units"),
        rights=one.rights,
        rests=(
            *(Rest("cell", {"unit": unit, "indicator": one.code}, "score = 0 and applies = yes") for unit in zero),
            *(Rest("cell", {"unit": unit, "indicator": one.code}, "lowest = 0") for unit in disputed),
        ),
    )


def _share_of_zero(cell: Cell) -> float:
    """Which share of those who observed it say 0; all of them where only whether it applies is open."""
    points = _points(cell)
    return points.count(0) / len(points) if points else 1.0


# --- Disagreement ------------------------------------------------------------------------------


def differ(found: Scored) -> list[Draft]:
    """Indicators on which assessors differ widely and nobody has settled it."""
    drafts = []
    for one in found.framework.indicators:
        cells = {unit: cell for (unit, code), cell in found.scores.cells.items() if code == one.code and cell.range}
        wide = sorted(unit for unit, cell in cells.items() if cell.settled is None and apart(cell) >= WIDE)
        if not wide:
            continue
        drafts.append(
            Draft(
                key=f"differ:{one.code}",
                rule="differ",
                sentence="differ",
                values={"name": one.code, "points": WIDE, "part": len(wide), "whole": len(cells), "units": tuple(wide)},
                subject=Subject(units=tuple(wide), indicators=(one.code,)),
                severity=Severity.MODERATE if one.critical else Severity.MINOR,
                certainty={},
                reach=Reach(len(wide), len(cells), "units"),
                rights=one.rights,
                rests=tuple(
                    Rest("cell", {"unit": unit, "indicator": one.code}, f"spread >= {WIDE} and settled = no")
                    for unit in wide
                ),
                parameters={"points": WIDE},
            )
        )
    return drafts


def apart(cell: Cell, top: int = 4) -> int:
    """Points between the highest and the lowest answer; `top` where it is open whether it applies at all."""
    values = {one.value for one in cell.answers}
    if Missing.NOT_APPLICABLE in values and len(values) > 1:
        return top
    points = _points(cell)
    return max(points) - min(points) if points else 0


# --- Decline -----------------------------------------------------------------------------------


def declines(changes: Iterable[Change], earlier: str, found: Scored) -> list[Draft]:
    """Scores that fell by LARGE points or more beyond the noise since the round `earlier` (its code)."""
    drafts = []
    for one in changes:
        if one.verdict != "down" or one.old is None or one.new is None:
            continue
        drop = one.old.low - one.new.high
        if drop < LARGE:
            continue
        cells = {key: cell for key, cell in found.scores.cells.items() if cell.range and _part_of(one, key, found)}
        rights = _rights(found, cells)
        drafts.append(
            Draft(
                key=f"decline:{one.level}:{one.code}",
                rule="decline",
                sentence="decline",
                values={
                    "name": one.code, "earlier": earlier, "drop": drop, "old_low": one.old.low,
                    "old_high": one.old.high, "low": one.new.low, "high": one.new.high,
                },
                subject=Subject() if one.level == "country" else Subject(**{f"{one.level}s": (one.code,)}),
                severity=Severity.MAJOR if drop >= 1 else Severity.MODERATE,
                certainty={"assessors": _assessors(cells.values())},
                reach=_spread(one.level, cells, cells) if one.level != "unit" else _one_of(one.code, found),
                rights=rights,
                rests=(Rest("change", {"earlier": earlier, "level": one.level, "code": one.code}, "verdict = down"),),
                parameters={"points": LARGE},
            )
        )  # fmt: skip
    return drafts


def _part_of(one: Change, key: Key, found: Scored) -> bool:
    place = {"country": "", "pillar": found.indicators[key[1]].pillar, "unit": key[0], "indicator": key[1]}
    return one.code == place[one.level]


def _one_of(unit: str, found: Scored) -> Reach:
    """One of the units of its sort."""
    return Reach(1, sum(1 for sort in found.sorts.values() if sort == found.sorts[unit]), "units")
