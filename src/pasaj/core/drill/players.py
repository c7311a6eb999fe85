"""How quickly people answer in a drill: drawn delays, hours in which they are there, and what never happens.

Delays are log-normal, as times of human tasks are (many short, some very long); `minutes` is their mean.
Every draw has a name of its own, so that one more draw elsewhere changes no other.
"""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.random import Generator


@dataclass(frozen=True, slots=True)
class Spell:
    """A stretch of time, the end not included."""

    start_at: datetime
    end_at: datetime


@dataclass(frozen=True, slots=True)
class Player:
    """A role that acts. minutes: mean delay; spread: of its logarithm; hours: local, in which it acts at all.

    never: share of the cases in which it does not act; factor: on the deadlines of its tasks.
    """

    minutes: float = 30.0
    spread: float = 0.5
    from_hour: int = 0
    to_hour: int = 24
    never: float = 0.0
    factor: float = 0.7


def generator(seed: int, name: str) -> Generator:
    """The numpy Generator of one named draw of a drill."""
    import numpy as np  # noqa: PLC0415 - only where a drill is played

    return np.random.default_rng([seed, zlib.crc32(name.encode())])


def delay(player: Player, seed: int, name: str) -> timedelta:
    """How long the player takes, in whole seconds and at least one: mean `minutes`, log-normal."""
    drawn = generator(seed, name).normal()
    minutes = player.minutes * math.exp(player.spread * drawn - player.spread**2 / 2)
    return timedelta(seconds=max(1, round(60 * minutes)))


def happens(share: float, seed: int, name: str) -> bool:
    """Whether something that happens in `share` of the cases happens in this one."""
    return bool(generator(seed, name).random() < share)


def free_from(at: datetime, player: Player, away: Iterable[Spell] = ()) -> datetime:
    """The first moment from `at` on at which the player is there: within the hours and not away.

    `at` is local; hours from 22 to 6 run over midnight.
    """
    spells = sorted(away, key=lambda one: one.start_at)
    while True:
        moved = _into_hours(at, player)
        moved = max((one.end_at for one in spells if one.start_at <= moved < one.end_at), default=moved)
        if moved == at:
            return at
        at = moved


def _into_hours(at: datetime, player: Player) -> datetime:
    start, end = player.from_hour, player.to_hour
    there = start <= at.hour < end if start < end else (at.hour >= start or at.hour < end)
    if start == end or there:
        return at
    opens = at.replace(hour=start, minute=0, second=0, microsecond=0)
    return opens if opens > at else opens + timedelta(days=1)
