"""A paper tally caught up: a week of a crossing on one page, a column a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pasaj.core.periods import Period
from pasaj.core.problems import Problem, problem
from pasaj.registry.models import CrossingPoint
from pasaj.watch.forms.counts import DayCounts, Line
from pasaj.watch.models import Source
from pasaj.watch.queries import figures
from pasaj.watch.services.observations import Entry


@dataclass(frozen=True, slots=True)
class Column:
    """A day of the week; a day to come has no lines."""

    day: date
    form: DayCounts

    @property
    def lines(self) -> list[Line]:
        return self.form.lines


class WeekCounts:
    """The counts of a crossing in a week, bound to what was posted or to what stands."""

    def __init__(
        self,
        days: Sequence[date],
        sheets: Mapping[date, Sequence[figures.Field]],
        data: Mapping[str, Any] | None = None,
    ) -> None:
        self.problems: list[Problem] = []
        self.note = str((data or {}).get("note", "")).strip()
        self.columns = [Column(day, DayCounts(sheets.get(day, ()), data, day)) for day in days]

    @property
    def rows(self) -> list[Line]:
        """The figures asked, as the first day names them."""
        return self.columns[0].lines

    def entries(self, crossing: CrossingPoint, source: Source) -> tuple[list[Entry], list[Problem]]:
        """What is to be stored of all days, and what is wrong with the rest: as for a day."""
        found: list[Entry] = []
        problems: list[Problem] = []
        for column in self.columns:
            entries, wrong = column.form.collect(crossing, source, Period(column.day, column.day))
            found += entries
            problems += wrong
        if not found and not problems:
            problems.append(problem("OBS-022"))
        return found, problems

    def explain(self, problems: Sequence[Problem]) -> None:
        """Put problems beside their cells; those of no cell stand above."""
        names = {line.name for column in self.columns for line in column.lines}
        self.problems += [one for one in problems if one.column not in names]
        for column in self.columns:
            mine = {line.name for line in column.lines}
            column.form.explain([one for one in problems if one.column in mine])

    @property
    def wrong(self) -> list[tuple[Line, Problem]]:
        return [each for column in self.columns for each in column.form.wrong]

    @property
    def asks_any(self) -> bool:
        """Whether anything is counted here at all."""
        return any(column.lines for column in self.columns)

    @property
    def simulated(self) -> bool:
        return any(column.form.simulated for column in self.columns)
