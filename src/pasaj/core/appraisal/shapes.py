"""A question with its options, criteria and cells, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pasaj.core.appraisal.values import Function, Performance
from pasaj.core.appraisal.weights import Unknown, Weights


@dataclass(frozen=True, slots=True)
class Criterion:
    """What options are judged by. vetoes: words of its scale that no advantage makes good.

    A criterion that can veto weighs nothing beside: it is never traded against another. doubts: its words that rule
    nothing out and are not to be passed over either: who chooses such an option writes why.
    """

    code: str
    function: Function
    vetoes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """options: codes in their order, one of them `status_quo`. cells: (option, criterion) -> performance.

    A cell that is missing is not known: its value may be anything from 0 to 1.
    """

    code: str
    options: tuple[str, ...]
    status_quo: str
    criteria: tuple[Criterion, ...]
    cells: Mapping[tuple[str, str], Performance] = field(default_factory=dict, hash=False)
    weights: Weights = field(default_factory=Unknown)

    def weighing(self) -> tuple[Criterion, ...]:
        """The criteria that are traded against each other."""
        return tuple(one for one in self.criteria if not one.vetoes)

    def cell(self, option: str, criterion: str) -> Performance:
        """What is held of an option on a criterion; an empty performance where nothing is."""
        return self.cells.get((option, criterion), Performance())
