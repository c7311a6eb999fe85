"""What an activation took, against what its plan promised. Hours; nothing is estimated."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from pasaj.core.plans.shapes import PROMISES

REACHED = 0.9


@dataclass(frozen=True, slots=True)
class Timed:
    """A task: when it was due, acknowledged and done; None: not. `dropped` ones are left out of what all took."""

    action: str
    due_at: datetime
    acknowledged_at: datetime | None = None
    done_at: datetime | None = None
    dropped: bool = False


@dataclass(frozen=True, slots=True)
class Timing:
    """Moments of one activation, all on the business clock; None where there is none.

    happened_at is that of the event itself; reached: when each recipient was reached (None: not yet).
    """

    started_at: datetime
    happened_at: datetime | None = None
    reported_at: datetime | None = None
    detected_at: datetime | None = None
    verified_at: datetime | None = None
    drafted_at: datetime | None = None
    approved_at: datetime | None = None
    published_at: datetime | None = None
    reached: tuple[datetime | None, ...] = ()
    acknowledged: tuple[datetime | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Measured:
    """One word of PROMISES. took: hours, None: it never happened, or nobody knows when. kept: None: cannot be said."""

    promise: str
    promised: float | None
    took: float | None
    never: bool = False  # it is known not to have happened

    @property
    def kept(self) -> bool | None:
        return is_kept(self.promised, self.took, never=self.never)


def is_kept(promised: float | None, took: float | None, *, never: bool) -> bool | None:
    """Whether what took so many hours kept its promise, for reviews and drills alike.

    `never`: it is over, and known not to have happened: then the promise was not kept. None: nothing was promised, or
    nobody knows how long it took.
    """
    if promised is None:
        return None
    if took is None:
        return False if never else None
    return took <= promised


def measure(promises: Mapping[str, float], timing: Timing, tasks: Iterable[Timed]) -> tuple[Measured, ...]:
    """Every word of PROMISES in its order, measured or not, of an activation that is over.

    A signal that was never verified, a message that nobody approved, nine tenths that were never reached, tasks that
    nobody did: those never happened. What was reported and detected happened, also where nobody knows when.
    """
    tasks = list(tasks)
    running = [one for one in tasks if not one.dropped]
    done = [one.done_at for one in running if one.done_at is not None]
    start = timing.happened_at
    took = {
        "report": _hours(start, timing.reported_at),
        "detect": _hours(start, timing.detected_at),
        "verify": _hours(start, timing.verified_at),
        "approve": _hours(timing.drafted_at, timing.approved_at),
        "reach_90": _hours(timing.published_at, share(timing.reached)),
        "acknowledge": _hours(timing.published_at, share(timing.acknowledged)),
        "first_task": _hours(timing.started_at, min(done, default=None)),
        "all_tasks": _hours(timing.started_at, max(done) if done and len(done) == len(running) else None),
    }
    never = {
        "verify": start is not None and timing.verified_at is None,
        "approve": timing.drafted_at is not None and timing.approved_at is None,
        "reach_90": _too_few(timing.published_at, timing.reached),
        "acknowledge": _too_few(timing.published_at, timing.acknowledged),
        "first_task": bool(tasks) and not done,
        "all_tasks": len(done) < len(running),
    }
    return tuple(Measured(name, promises.get(name), took[name], never.get(name, False)) for name in PROMISES)


def _too_few(published_at: datetime | None, moments: tuple[datetime | None, ...]) -> bool:
    return published_at is not None and bool(moments) and share(moments) is None


def share(moments: Iterable[datetime | None], part: float = REACHED) -> datetime | None:
    """When `part` of all had it; None while fewer have, or of nobody. Of ten, the ninth; of three, all three."""
    known = tuple(moments)
    there = sorted(one for one in known if one is not None)
    needed = ceil(round(part * len(known), 9))
    return there[needed - 1] if known and len(there) >= needed else None


def _hours(start: datetime | None, end: datetime | None) -> float | None:
    """Hours between two moments, to a minute; an end before the start is told as none at all."""
    if start is None or end is None or end < start:
        return None
    return round((end - start).total_seconds() / 60) / 60
