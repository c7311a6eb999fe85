"""Lines of the pages of an appraisal: the table of judgements, and what each method says of each option."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from pasaj.core import appraisal as core
from pasaj.policy.models import Criterion, Judgement, Option
from pasaj.policy.queries.appraisal import Key, Table


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the table. None: nobody has judged it."""

    option: Option
    judgement: Judgement | None
    vetoed: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A criterion with its cells, in the order of the options."""

    criterion: Criterion
    veto: bool
    cells: Sequence[Cell]

    @property
    def removable(self) -> bool:
        """Whether it can be taken out: it rules nobody out, and nobody has judged it."""
        return not self.veto and not any(one.judgement for one in self.cells)


def lines(found: Table) -> list[Line]:
    """The table, a line a criterion."""
    by_code = {one.code: one for one in found.question.criteria}
    vetoed = {(one.option, one.criterion) for one in core.vetoes(found.question)}
    return [
        Line(
            row,
            bool(by_code[row.code].vetoes),
            [
                Cell(one, found.judgements.get((one.code, row.code)), (one.code, row.code) in vetoed)
                for one in found.options
            ],
        )
        for row in found.criteria
    ]


@dataclass(frozen=True, slots=True)
class Standing:
    """What the methods say of one option. None for one that is vetoed; `places`: shares of first, second, …"""

    option: Option
    vetoes: Sequence[core.Veto] = ()
    unjudged: bool = False
    doubtful: bool = False
    places: Sequence[float] = ()
    error: float = 0.0
    confidence: float | None = None
    sum: core.Sum | None = None
    topsis: float | None = None
    central: Sequence[float] | None = None

    @property
    def first(self) -> float | None:
        return self.places[0] if self.places else None


@dataclass(frozen=True, slots=True)
class Steady:
    """A criterion with its reference weight, and how far it can go before another option is first."""

    criterion: Criterion
    weight: float
    low: float | None = None
    high: float | None = None
    below: Option | None = None
    above: Option | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A place with its name."""

    number: int
    word: str


@dataclass(frozen=True, slots=True)
class Central:
    """A criterion with the mean of its weights with which each option without a veto is first; None: it never is."""

    criterion: Criterion
    shares: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Told:
    """A result in lines. criteria: those that weigh. firsts: who leads the weighted sum.

    turned: (option left out, the one that was before, the one that is before without it).
    """

    said: core.Appraised
    standings: Sequence[Standing]
    places: Sequence[Place]
    central: Sequence[Central]
    criteria: Sequence[Criterion]
    steady: Sequence[Steady]
    firsts: Sequence[Option]
    turned: Sequence[tuple[Option, Option, Option]] = field(default=())
    missing: int = 0
    most_error: float = 0.0


def told(found: Table, said: core.Appraised) -> Told:
    """What every method says, by option and by criterion."""
    options = {one.code: one for one in found.options}
    criteria = {one.code: one for one in found.criteria}
    ordered = [options[code] for code in said.options]
    stability = said.stability
    return Told(
        said=said,
        standings=[_standing(one, said) for one in found.options],
        places=[Place(at, _place(at)) for at in range(1, len(said.options) + 1)],
        central=[
            Central(criteria[code], [None if one is None else one[at] for one in said.smaa.central])
            for at, code in enumerate(said.criteria)
        ],
        criteria=[criteria[code] for code in said.criteria],
        steady=[
            _steady(criteria[code], said.weights[at], stability.intervals[at] if stability else None, ordered)
            for at, code in enumerate(said.criteria)
        ],
        firsts=[ordered[at] for at in stability.first] if stability else [],
        turned=[(ordered[one.dropped], ordered[one.first], ordered[one.second]) for one in said.reversals],
        missing=len(said.missing),
        most_error=core.error(0.5, said.smaa.draws),
    )


def _place(number: int) -> str:
    return _("first place") if number == 1 else _("place %(number)s") % {"number": number}


def _standing(option: Option, said: core.Appraised) -> Standing:
    vetoes = [one for one in said.vetoes if one.option == option.code]
    unjudged = any(code == option.code for code, _criterion in said.unjudged)
    doubtful = any(one.option == option.code for one in said.doubts)
    if option.code not in said.options:
        return Standing(option, vetoes, unjudged, doubtful)
    at = said.options.index(option.code)
    return Standing(
        option,
        vetoes,
        unjudged,
        doubtful,
        said.smaa.acceptability[at],
        core.error(said.smaa.firsts[at], said.smaa.draws),
        said.smaa.confidence[at],
        said.sums[at],
        said.topsis[at] if said.topsis else None,
        said.smaa.central[at],
    )


def _steady(criterion: Criterion, weight: float, interval: core.Steady | None, options: Sequence[Option]) -> Steady:
    if interval is None:
        return Steady(criterion, weight)
    below = None if interval.below is None else options[interval.below]
    above = None if interval.above is None else options[interval.above]
    return Steady(criterion, weight, interval.low, interval.high, below, above)


@dataclass(frozen=True, slots=True)
class Open:
    """A cell that nobody has judged."""

    letter: str
    criterion: str


def next_open(found: Table, after: Key = ("", "")) -> Open | None:
    """The next cell that nobody has judged, down the options from the one after `after`; None when all are."""
    every = [(option.code, one.code) for option in found.options for one in found.criteria]
    at = every.index(after) if after in every else -1
    ordered = [*every[at + 1 :], *every[: at + 1]]
    key = next((one for one in ordered if one not in found.judgements), None)
    return Open(key[0].rpartition("-")[2], key[1]) if key else None
