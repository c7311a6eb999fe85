"""Farrington: which earlier weeks a week is compared with, and the season each of them belongs to.

Source: Noufaily, Enki, Farrington, Garthwaite, Andrews, Charlett (2013), An improved algorithm for outbreak
detection in multiple surveillance systems, Stat Med 32, 1206-1222, section 3 (10-level seasonal factor);
Farrington, Andrews, Beale, Catchpole (1996), J R Stat Soc A 159, 547-563 (windows around the same week).

Everything is counted in weeks back from the week judged, so that one design serves all weeks and series.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

WEEK = 7


@dataclass(frozen=True, slots=True)
class Shape:
    """What makes two weeks share a design: weeks back to each reference point, and to the first column."""

    references: tuple[int, ...]
    reach: int


@dataclass(frozen=True)
class Design:
    """The baseline of a week, ordered by season, then time. N weeks, L seasons that occur, short ones first.

    `back` (N): weeks before the week judged. `season` (L): their numbers, 1..no_periods. `bounds` (L+1):
    season l is the weeks bounds[l]..bounds[l+1]. `time` (N): weeks from a week in the middle of the
    baseline; the week judged lies `ahead` weeks after that one.
    """

    back: NDArray[np.int64]
    season: NDArray[np.int64]
    bounds: NDArray[np.int64]
    no_periods: int

    @cached_property
    def row(self) -> NDArray[np.int64]:
        """(N) position in `season` of each week."""
        return np.repeat(np.arange(len(self.season)), np.diff(self.bounds))

    @cached_property
    def own(self) -> int:
        """Position in `season` of the season of the week judged, -1 if no earlier week has it."""
        places = np.flatnonzero(self.season == self.no_periods)
        return int(places[0]) if len(places) else -1

    @cached_property
    def ahead(self) -> int:
        return round(float(self.back.mean()))

    @cached_property
    def time(self) -> NDArray[np.float64]:
        return (self.ahead - self.back).astype(np.float64)

    @cached_property
    def runs(self) -> tuple[tuple[slice, slice, int], ...]:
        """Seasons of equal length that follow each other: their weeks, their places, their length."""
        lengths = np.diff(self.bounds)
        cuts = np.flatnonzero(np.diff(lengths, prepend=0)).tolist()
        return tuple(
            (slice(int(self.bounds[first]), int(self.bounds[last])), slice(first, last), int(lengths[first]))
            for first, last in pairwise((*cuts, len(lengths)))
        )

    @cached_property
    def beside(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """(N) positions of the week before and of the week after each week; N where the baseline has none."""
        place = np.full(int(self.back.max()) + 2, len(self.back))
        place[self.back] = np.arange(len(self.back))
        return place[self.back + 1], place[self.back - 1]  # the week judged itself is never in its baseline

    @cached_property
    def column(self) -> NDArray[np.float64]:
        """(N, 1): `time` beside many cells."""
        return self.time[:, None]


def shapes(times: NDArray[Any], start: int, stop: int, controls: Mapping[str, Any]) -> list[Shape | None]:
    """The shape of each column start..stop; None where a reference point lies before the first column."""
    years = range(1, controls["b"] + 1)
    found: list[Shape | None] = []
    for at in range(start, stop):
        if controls["weeks_by_date"]:
            references = tuple(_back_to_anniversary(times, at, year) for year in years)
        else:
            references = tuple(controls["freq"] * year for year in years)
        reach = min(at, max(references) + controls["w"])
        found.append(Shape(references, reach) if min(references) > 0 and max(references) <= at else None)
    return found


def _back_to_anniversary(times: NDArray[Any], at: int, years: int) -> int:
    """Columns back to the date nearest to the same day `years` ago on the same weekday, or -1 if none.

    29 February becomes 1 March. Weekly series only keep the weekday; others look for the very day.
    """
    day = times[at]
    month = day.astype("datetime64[M]")
    goal = int(((month - 12 * years).astype("datetime64[D]") + (day - month.astype("datetime64[D]"))).astype(np.int64))
    stamps = times.astype(np.int64)
    if len(times) > 1 and stamps[1] - stamps[0] == WEEK:
        # Days since 1 January 1970, a Thursday: 4 days after a Sunday.
        candidate = goal - (goal + 4) % WEEK + (int(stamps[at]) + 4) % WEEK
        if abs(candidate - goal) > WEEK // 2:
            candidate += WEEK if candidate < goal else -WEEK
        goal = candidate
    place = int(np.searchsorted(stamps, goal))
    return at - place if place < at and stamps[place] == goal else -1


def design(shape: Shape, controls: Mapping[str, Any]) -> Design:
    """The weeks and seasons of a shape: windows around the reference points, and the time between them.

    What lies between two windows is split, in time order, into no_periods - 1 seasons, the first of them
    longer by one where it does not divide. The last `past_weeks_not_included` weeks are left out.
    """
    w, parts = controls["w"], controls["no_periods"] - 1
    season = np.zeros(shape.reach + w + 1, dtype=np.int64)  # by weeks back; 0: not in the baseline
    season[: w + 1] = parts + 1
    for nearer, further in zip((0, *shape.references), shape.references, strict=False):
        between = np.arange(further - w - 1, nearer + w, -1)
        if parts and len(between):
            length, longer = divmod(len(between), parts)
            lengths = [length + 1] * longer + [length] * (parts - longer)
            inside = between < len(season)
            season[between[inside]] = np.repeat(np.arange(1, parts + 1), lengths)[inside]
        season[max(0, further - w) : further + w + 1] = parts + 1
    season[: controls["past_weeks_not_included"] + 1] = 0
    season[shape.reach + 1 :] = 0
    used = np.flatnonzero(season)[::-1]
    length = np.bincount(season[used], minlength=parts + 2)
    used = used[np.lexsort((season[used], length[season[used]]))]
    first = np.flatnonzero(np.diff(season[used], prepend=0))
    return Design(used, season[used][first], np.append(first, len(used)), parts + 1)
