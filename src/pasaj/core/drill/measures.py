"""How long each step of the answer took, against what the plan promises and against the drill before.

The steps follow the chain of an alert: reported, found, verified, published, reached, acknowledged, done. Each
is measured from the moment at which it could begin, so that a slow step does not make the next ones look slow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

SHARE = 0.9  # of recipients that must have been reached, and have acknowledged

# Step -> the moments between which it lies.
STEPS: Mapping[str, tuple[str, str]] = {
    "report": ("onset", "reported"),
    "detect": ("reported", "found"),
    "verify": ("found", "verified"),
    "approve": ("verified", "published"),
    "reach": ("published", "reached"),
    "acknowledge": ("published", "acknowledged"),
    "first_task": ("published", "first_task"),
    "all_tasks": ("published", "all_tasks"),
}

Moments = Mapping[str, datetime | None]


@dataclass(frozen=True, slots=True)
class Measured:
    """One step: from, to and hours (None: it never came to it), the promise, whether it was kept, and before.

    `kept` is None without a promise; a step that was promised and never came is not kept.
    """

    step: str
    start_at: datetime | None
    end_at: datetime | None
    hours: float | None
    promised: float | None
    kept: bool | None
    before: float | None

    @property
    def change(self) -> float | None:
        """Hours more (above 0) or less than in the drill before."""
        return None if self.hours is None or self.before is None else round(self.hours - self.before, 2)


def measured(
    moments: Moments, promises: Mapping[str, float], before: Mapping[str, float | None] | None = None
) -> list[Measured]:
    """Every step of `STEPS`, in order. `promises` and `before`: hours by step."""
    found = []
    for step, (first, last) in STEPS.items():
        start, end = moments.get(first), moments.get(last)
        hours = None if start is None or end is None else round((end - start).total_seconds() / 3600, 2)
        promised = promises.get(step)
        kept = None if promised is None else hours is not None and hours <= promised
        found.append(Measured(step, start, end, hours, promised, kept, (before or {}).get(step)))
    return found


def share_reached(at: Sequence[datetime | None], share: float = SHARE) -> datetime | None:
    """The moment at which `share` of all had it; None when so many never did, or there is nobody.

    `at`: one a recipient, None for those whom it never reached.
    """
    needed = -(-round(share * 1_000_000) * len(at) // 1_000_000)  # rounded up, without the noise of floats
    known = sorted(one for one in at if one is not None)
    return known[needed - 1] if 0 < needed <= len(known) else None
