"""What a drill took, beside what its plan promises and beside an earlier drill of the same scenario. Hours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pasaj.core.plans.review import is_kept


@dataclass(frozen=True, slots=True)
class Compared:
    """One step. took: None, it never came to it. kept: None, nothing was promised; a promise never met is not kept."""

    step: str
    promised: float | None
    took: float | None
    kept: bool | None
    before: float | None

    @property
    def change(self) -> float | None:
        """Hours more (above 0) or less than in the drill before; None where one of both never came to it."""
        return None if self.took is None or self.before is None else round(self.took - self.before, 2)


def compare(
    steps: Sequence[str],
    promised: Mapping[str, float],
    took: Mapping[str, float | None],
    before: Mapping[str, float | None] | None = None,
) -> list[Compared]:
    """Every step, in their order. All values are hours by step."""
    return [
        Compared(
            step,
            promised.get(step),
            took.get(step),
            is_kept(promised.get(step), took.get(step), never=True),  # a drill sees every step begin
            (before or {}).get(step),
        )
        for step in steps
    ]
