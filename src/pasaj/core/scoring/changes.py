"""Two rounds beside each other: what moved, and what lies within the noise.

Compared are only cells that apply in both rounds, of indicators that mean the same in both, so that no score moves
because something else was asked. A score moved when its
new range lies wholly outside the old one by more than the noise of assessors.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt

from pasaj.core.scoring.ranges import CLOSE, Range
from pasaj.core.scoring.scores import Cell, Indicator, Key, Missing, Scores, aggregate

WIDTH = 1.96  # standard errors, for 95 %


@dataclass(frozen=True, slots=True)
class Change:
    """One score in both rounds.

    level: `country`, `pillar`, `unit` or `indicator`. verdict: `up`, `down`, `same` (both exact and equal),
    `noise` (cannot be told apart), `unknown` (no cell to compare). margin: points that a
    gap must exceed; None when no cell of either round had two assessors, so that the noise is not known and only
    the ranges speak. cells: how many are behind it.
    """

    level: str
    code: str
    old: Range | None
    new: Range | None
    margin: float | None
    verdict: str
    cells: int


def noise(*rounds: Scores) -> float | None:
    """Standard deviation of assessors who answer the same cell, pooled over cells, in points. None: no such cell.

    Takes points of the scale as equally far apart; that is an approximation.
    """
    squares, freedom = 0.0, 0
    for scores in rounds:
        for cell in scores.cells.values():
            points = [one.value for one in cell.answers if not isinstance(one.value, Missing)]
            if len(points) > 1:
                middle = sum(points) / len(points)
                squares += sum((point - middle) ** 2 for point in points)
                freedom += len(points) - 1
    return sqrt(squares / freedom) if freedom else None


def compare(
    old: Scores,
    new: Scores,
    *,
    indicators: Iterable[Indicator],
    pillars: Mapping[str, float],
    same: Iterable[str],
) -> list[Change]:
    """Country, pillars, units and indicators of two rounds, on the cells that both have.

    indicators and pillars: of the newer framework, whose weights serve both rounds. same: codes of indicators
    that mean the same in both versions. Raises as `aggregate` does.
    """
    described, meant = list(indicators), set(same)
    shared = sorted(
        key
        for key in old.cells.keys() & new.cells.keys()
        if key[1] in meant and _applies(key, old) and _applies(key, new)
    )
    spread = noise(old, new)
    before, after = (
        aggregate({key: scores.cells[key] for key in shared}, indicators=described, pillars=pillars)
        for scores in (old, new)
    )
    pairs: list[tuple[str, str, Range | None, Range | None]] = [
        ("country", "", before.country, after.country),
        *(("pillar", code, before.pillars[code], after.pillars[code]) for code in pillars),
        *(("unit", unit, before.units[unit], after.units[unit]) for unit in sorted(before.units)),
        *(("indicator", code, before.indicators[code], after.indicators[code]) for code in sorted(before.indicators)),
    ]
    carried = _carried(shared, described, pillars)
    changes = []
    for level, code, was, now in pairs:
        weights = carried.get((level, code), {})
        margin = None if spread is None else WIDTH * spread * _hidden(weights, before.cells, after.cells)
        changes.append(Change(level, code, was, now, margin, _verdict(was, now, margin or 0.0), len(weights)))
    return changes


def _applies(key: Key, scores: Scores) -> bool:
    return scores.cells[key].range is not None


def _carried(
    cells: Iterable[Key], indicators: Iterable[Indicator], pillars: Mapping[str, float]
) -> dict[tuple[str, str], dict[Key, float]]:
    """(level, code) -> what each cell carries there. In the country the units asked the same indicator share it."""
    described = {one.code: one for one in indicators}
    cells = list(cells)
    units = Counter(code for _unit, code in cells)
    found: dict[tuple[str, str], dict[Key, float]] = defaultdict(dict)
    for key in cells:
        unit, code = key
        one = described[code]
        found["indicator", code][key] = 1.0
        found["unit", unit][key] = one.weight * pillars[one.pillar]
        found["pillar", one.pillar][key] = one.weight / units[code]
        found["country", ""][key] = one.weight * pillars[one.pillar] / units[code]
    return found


def _hidden(weights: Mapping[Key, float], *rounds: Mapping[Key, Cell]) -> float:
    """Standard error, per point of assessors' noise, that ranges do not show: that of cells with one answer.

    A cell with several answers shows their spread in its range already.
    """
    total = sum(weights.values())
    if not total:
        return 0.0
    single = sum(
        (weight / total) ** 2 for cells in rounds for key, weight in weights.items() if len(cells[key].answers) == 1
    )
    return sqrt(single)


def _verdict(old: Range | None, new: Range | None, margin: float) -> str:
    if old is None or new is None:
        return "unknown"
    if new.low > old.high + margin + CLOSE:
        return "up"
    if new.high < old.low - margin - CLOSE:
        return "down"
    return "same" if old.exact and new.exact and abs(new.low - old.low) <= CLOSE else "noise"
