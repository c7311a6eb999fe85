"""What is to happen when, on the clock of a drill."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from datetime import datetime, timedelta

Deed = Callable[[datetime], object]


class Agenda:
    """Deeds in the order of their moments; the clock stands at the one that is being done.

    `pace` is told how much simulated time passes between two deeds: whoever watches may make it last.
    """

    def __init__(self, start: datetime, pace: Callable[[timedelta], None]) -> None:
        self.now = start
        self._pace = pace
        self._deeds: list[tuple[datetime, int, Deed]] = []
        self._count = itertools.count()

    def at(self, moment: datetime, deed: Deed) -> None:
        """Do it then; what lies in the past is done at once, after what waits already."""
        heapq.heappush(self._deeds, (max(moment, self.now), next(self._count), deed))

    def run(self, until: datetime, after: Deed) -> None:
        """Do everything up to `until`, and `after` behind each deed."""
        while self._deeds and self._deeds[0][0] <= until:
            moment, _number, deed = heapq.heappop(self._deeds)
            if moment > self.now:
                self._pace(moment - self.now)
            self.now = moment
            deed(moment)
            after(moment)
        self.now = until
