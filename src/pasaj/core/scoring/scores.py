"""Indicator -> pillar -> unit -> country.

A cell is one indicator asked of one unit. Several assessors may answer it; what they disagree about makes its
range wider until somebody settles it, and the settlement stands beside their answers, never in their place.
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from pasaj.core.scoring.ranges import Range, mean

Key = tuple[str, str]  # unit, indicator
Parts = dict[tuple[str, ...], list[tuple[float, Range]]]


class Missing(StrEnum):
    """Why there is no number: two different things."""

    NOT_OBSERVED = "not_observed"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Indicator:
    """What is asked. weight: within its pillar, not negative. critical: a 0 is a finding whatever the mean."""

    code: str
    pillar: str
    weight: float = 1.0
    critical: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What one assessor said of a cell: a point of the scale, or why there is none."""

    unit: str
    indicator: str
    assessor: str
    value: int | Missing

    @property
    def key(self) -> Key:
        return self.unit, self.indicator


@dataclass(frozen=True, slots=True)
class Cell:
    """One indicator of one unit. range is None where it does not apply."""

    range: Range | None
    answers: tuple[Answer, ...] = ()
    settled: Answer | None = None


@dataclass(frozen=True, slots=True)
class Scores:
    """Ranges on every level. A None says: nothing that applies was asked there.

    `indicators` and `pillars` are those of the country: an indicator asked of many units counts as much as one
    asked once.
    """

    cells: Mapping[Key, Cell]
    unit_pillars: Mapping[tuple[str, str], Range | None]
    units: Mapping[str, Range | None]
    indicators: Mapping[str, Range | None]
    pillars: Mapping[str, Range | None]
    country: Range | None


@dataclass(frozen=True, slots=True)
class Critical:
    """A critical indicator of a unit that is 0, may be 0, or that nobody observed.

    state: `zero` (all who observed it say 0, or it was settled so), `disputed` (some say 0), `unseen`.
    """

    unit: str
    indicator: str
    state: str


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A cell that its assessors answered differently.

    kind: `value` (points differ), `applies` (one says that it does not apply, another that it does).
    spread: highest less lowest point. settled: somebody decided.
    """

    unit: str
    indicator: str
    kind: str
    spread: int
    settled: bool


def read(answers: Iterable[Answer], settled: Answer | None = None, *, top: int = 4) -> Cell:
    """One cell from its answers. Raises ValueError for a value off the scale 0 to `top`.

    Points make the range from the lowest to the highest of them. Who did not observe says nothing about the
    points that others saw. One "not applicable" among others makes the cell optional until it is settled.
    """
    given = tuple(answers)
    counted = given if settled is None else (settled,)
    for one in (*given, *counted):
        if not isinstance(one.value, Missing) and not 0 <= one.value <= top:
            raise ValueError(f"{one.indicator} of {one.unit}: {one.value} is not on the scale 0 to {top}.")
    points = [one.value for one in counted if not isinstance(one.value, Missing)]
    outside = [one for one in counted if one.value is Missing.NOT_APPLICABLE]
    if outside and len(outside) == len(counted):
        return Cell(None, given, settled)
    if not points:
        return Cell(Range(0, top, bool(outside), 0.0), given, settled)
    return Cell(Range(min(points), max(points), bool(outside)), given, settled)


def score(
    *,
    indicators: Sequence[Indicator],
    pillars: Mapping[str, float],
    asked: Mapping[str, Iterable[str]],
    answers: Iterable[Answer],
    settlements: Mapping[Key, Answer] | None = None,
    unit_weights: Mapping[str, float] | None = None,
    doubtful: Container[Key] = frozenset(),
    top: int = 4,
) -> Scores:
    """All scores of a round.

    pillars: code -> weight. asked: unit -> codes of the indicators that apply to it by the framework's own
    conditions. unit_weights: of units among those asked the same indicator (1 where none is given).
    doubtful: cells of which it is not known whether they apply: they count as optional.
    An answer to what was not asked is left out: the caller says so where it came from.
    Raises ValueError: a value off the scale, a negative weight. KeyError: an indicator or pillar not described.
    """
    settlements = settlements or {}
    given: dict[Key, list[Answer]] = defaultdict(list)
    for answer in answers:
        given[answer.key].append(answer)
    cells: dict[Key, Cell] = {}
    for unit, codes in asked.items():
        for code in codes:
            cell = read(given[unit, code], settlements.get((unit, code)), top=top)
            if cell.range is not None and (unit, code) in doubtful:
                cell = replace(cell, range=replace(cell.range, optional=True))
            cells[unit, code] = cell
    return aggregate(cells, indicators=indicators, pillars=pillars, unit_weights=unit_weights)


def aggregate(
    cells: Mapping[Key, Cell],
    *,
    indicators: Iterable[Indicator],
    pillars: Mapping[str, float],
    unit_weights: Mapping[str, float] | None = None,
) -> Scores:
    """All scores from cells that were read. Raises as `score` does."""
    described = {one.code: one for one in indicators}
    of_unit_pillars: Parts = {}
    of_indicators: Parts = {}
    for (unit, code), cell in cells.items():
        indicator, unit_weight = described[code], (unit_weights or {}).get(unit, 1.0)
        _add(of_unit_pillars, (unit, indicator.pillar), indicator.weight, cell.range)
        _add(of_indicators, (code,), unit_weight, cell.range)
    unit_pillars = {(unit, pillar): mean(found) for (unit, pillar), found in of_unit_pillars.items()}
    national = {code: mean(found) for (code,), found in of_indicators.items()}
    of_units: Parts = {}
    of_pillars: Parts = {(pillar,): [] for pillar in pillars}
    for (unit, pillar), one in unit_pillars.items():
        _add(of_units, (unit,), pillars[pillar], one)
    for code, one in national.items():
        _add(of_pillars, (described[code].pillar,), described[code].weight, one)
    of_country = {pillar: mean(found) for (pillar,), found in of_pillars.items()}
    return Scores(
        cells=cells,
        unit_pillars=unit_pillars,
        units={unit: mean(found) for (unit,), found in of_units.items()},
        indicators=national,
        pillars=of_country,
        country=mean((pillars[pillar], one) for pillar, one in of_country.items() if one is not None),
    )


def _add(parts: Parts, key: tuple[str, ...], weight: float, one: Range | None) -> None:
    """Names the key even where nothing of it applies."""
    place = parts.setdefault(key, [])
    if one is not None:
        place.append((weight, one))


def critical(scores: Scores, indicators: Iterable[Indicator]) -> list[Critical]:
    """Critical indicators that are or may be 0, and those nobody observed; in the order of unit and code."""
    watched = {one.code for one in indicators if one.critical}
    found = []
    for (unit, code), cell in sorted(scores.cells.items()):
        if code not in watched or cell.range is None or cell.range.low > 0:
            continue
        state = "unseen" if cell.range.observed == 0 else "zero" if cell.range == Range(0, 0) else "disputed"
        found.append(Critical(unit, code, state))
    return found


def disagreements(scores: Scores) -> list[Disagreement]:
    """Cells whose assessors differ, the open ones first, the widest first, then by unit and code."""
    found = []
    for (unit, code), cell in scores.cells.items():
        points = {one.value for one in cell.answers if not isinstance(one.value, Missing)}
        values = {one.value for one in cell.answers}
        spread = max(points) - min(points) if points else 0
        applies = Missing.NOT_APPLICABLE in values and len(values) > 1
        if spread or applies:
            kind = "applies" if applies else "value"
            found.append(Disagreement(unit, code, kind, spread, cell.settled is not None))
    return sorted(found, key=lambda one: (one.settled, one.kind != "applies", -one.spread, one.unit, one.indicator))
