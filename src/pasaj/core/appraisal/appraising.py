"""One question by every method at once: nobody gets a single score alone. docs/methods/appraisal.md"""

from collections.abc import Sequence
from dataclasses import dataclass

from pasaj.core.appraisal.checking import check
from pasaj.core.appraisal.shapes import Question
from pasaj.core.appraisal.smaa import Smaa, smaa
from pasaj.core.appraisal.stability import Reversal, Stability, reversals, stability
from pasaj.core.appraisal.topsis import topsis
from pasaj.core.appraisal.values import span, value
from pasaj.core.appraisal.veto import Veto, admissible, doubts, unjudged, vetoes
from pasaj.core.appraisal.weighted import weighted
from pasaj.core.appraisal.weights import drawer, middle
from pasaj.core.problems import Refused, problem

DRAWS = 10_000
MOST_DRAWS = 1_000_000


@dataclass(frozen=True, slots=True)
class Sum:
    """A weighted sum: its lowest and highest, and itself where every performance has a figure or a word."""

    low: float
    value: float | None
    high: float


@dataclass(frozen=True, slots=True)
class Appraised:
    """What every method says. Tuples follow `options` (those without a veto) and `criteria` (those that weigh).

    weights: the reference weights, the mean of all that agree with what is known of them: equal ones when nothing is.
    missing: (option, criterion) without a figure or word; while there are any, topsis, stability and reversals are
    not computed. unjudged: who could still be vetoed.
    """

    options: tuple[str, ...]
    criteria: tuple[str, ...]
    vetoes: tuple[Veto, ...]
    doubts: tuple[Veto, ...]
    unjudged: tuple[tuple[str, str], ...]
    missing: tuple[tuple[str, str], ...]
    weights: tuple[float, ...]
    smaa: Smaa
    sums: tuple[Sum, ...]
    topsis: tuple[float, ...] | None
    stability: Stability | None
    reversals: tuple[Reversal, ...]
    seed: int

    def first(self, option: str) -> float:
        """Share of draws in which an option is first; 0 for one that is vetoed."""
        return self.smaa.firsts[self.options.index(option)] if option in self.options else 0.0


def appraise(question: Question, *, seed: int, draws: int = DRAWS) -> Appraised:
    """Appraise a question. The same question, seed and number of draws give the same answer.

    Raises Refused with every mistake of the question (`checking.check`), POLOPT-015 when every option is vetoed,
    POLOPT-016 for draws beyond 100 to 1,000,000.
    """
    import numpy as np  # noqa: PLC0415 - heavy

    found = check(question)
    if not 100 <= draws <= MOST_DRAWS:
        found.append(problem("POLOPT-016", file=question.code, value=draws, most=MOST_DRAWS))
    options = admissible(question)
    if not options:
        found.append(problem("POLOPT-015", file=question.code))
    if found:
        raise Refused(*found)
    weighing = question.weighing()
    codes = [one.code for one in weighing]
    functions = [one.function for one in weighing]
    cells = [[question.cell(option, code) for code in codes] for option in options]
    told = smaa(functions, cells, drawer(question.weights, codes), np.random.default_rng(seed), draws=draws)
    weights = _reference(question, codes, told)
    spans = [[span(f, cell) for f, cell in zip(functions, row, strict=True)] for row in cells]
    missing = tuple((option, code) for option in options for code in codes if question.cell(option, code).value is None)
    values = [
        [None if cell.value is None else value(f, cell.value) for f, cell in zip(functions, row, strict=True)]
        for row in cells
    ]
    whole = [[one for one in row if one is not None] for row in values]
    lows = weighted([[low for low, _high in row] for row in spans], weights)
    highs = weighted([[high for _low, high in row] for row in spans], weights)
    middles = [weighted([row], weights)[0] if len(row) == len(codes) else None for row in whole]
    return Appraised(
        options=options,
        criteria=tuple(codes),
        vetoes=vetoes(question),
        doubts=doubts(question),
        unjudged=unjudged(question),
        missing=missing,
        weights=weights,
        smaa=told,
        sums=tuple(Sum(low, middle, high) for low, middle, high in zip(lows, middles, highs, strict=True)),
        topsis=None if missing else topsis(whole, weights),
        stability=None if missing else stability(whole, weights),
        reversals=() if missing else _reversals(whole, weights),
        seed=seed,
    )


def _reference(question: Question, codes: Sequence[str], told: Smaa) -> tuple[float, ...]:
    """The mean of the weights: exact where it is known, else of those drawn."""
    exact = middle(question.weights, codes)
    return told.weights if exact is None else exact


def _reversals(values: Sequence[Sequence[float]], weights: Sequence[float]) -> tuple[Reversal, ...]:
    return reversals(len(values), lambda kept: topsis([values[at] for at in kept], weights))
