"""Episodes: the alarms of one series that follow one another are one thing that happens, with a beginning and an end.

A rise and a fall are never one episode. A few quiet periods in between do not end an episode, because chance can hide a
day of it; more do. The rule is ours (docs/methods/episodes.md); how many periods are few is a setting.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

QUIET = {"day": 3, "week": 2, "month": 1}
"""Quiet periods after which an episode is over, by cadence."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """One unusual period: its place on the time axis (whole periods), up or down, the count and what was expected."""

    at: int
    direction: str
    observed: float
    expected: float | None = None


@dataclass(frozen=True, slots=True)
class Episode:
    """`start`, `end`, `peak`: places on the time axis, ends included; `running`: it may go on."""

    direction: str
    start: int
    end: int
    peak: int
    alarms: tuple[Alarm, ...]
    running: bool

    @property
    def highest(self) -> Alarm:
        """The alarm at the peak: furthest from what was expected."""
        return next(one for one in self.alarms if one.at == self.peak)


def join(alarms: Iterable[Alarm], *, last: int, quiet: int) -> list[Episode]:
    """Join the alarms of one series into episodes, in the order of their beginnings.

    `alarms`: in any order, one a period and direction. `last`: the latest period that was judged. `quiet`: how many
    periods without an alarm may lie between two alarms of one episode (0: only neighbours are joined). An episode is
    running while no more than `quiet` periods have been judged since its last alarm.
    """
    found: list[Episode] = []
    for direction in ("up", "down"):
        stretch: list[Alarm] = []
        for one in sorted((one for one in alarms if one.direction == direction), key=lambda alarm: alarm.at):
            if stretch and one.at - stretch[-1].at > quiet + 1:
                found.append(_episode(stretch, last, quiet))
                stretch = []
            stretch.append(one)
        if stretch:
            found.append(_episode(stretch, last, quiet))
    return sorted(found, key=lambda episode: (episode.start, episode.direction))


def _episode(stretch: Sequence[Alarm], last: int, quiet: int) -> Episode:
    peak = max(stretch, key=lambda one: (_distance(one), -one.at))
    end = stretch[-1].at
    return Episode(stretch[0].direction, stretch[0].at, end, peak.at, tuple(stretch), last - end <= quiet)


def _distance(one: Alarm) -> float:
    """How far from what was expected; from zero where nothing was."""
    return abs(one.observed - (one.expected or 0.0))
