"""Questions about imports and other background work."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db.models import QuerySet

from pasaj.access.rules import Actor, visible
from pasaj.core.problems import Problem
from pasaj.watch.models import Backtest, DetectionRun, Import, Source, Work

RECENT = 50


@dataclass(frozen=True, slots=True)
class Job:
    """An import, a detection run or a backtest as the page of jobs lists it."""

    kind: str  # import, detection or backtest
    work: Work
    told: bool = True  # whether the reader may see what stood in the file

    @property
    def requested_at(self) -> datetime:
        return self.work.requested_at

    @property
    def problem(self) -> Problem | None:
        """The first reason why it failed."""
        return Problem.of(self.work.problems[0]) if self.work.problems else None

    @property
    def percent(self) -> int:
        return percent(self.work)

    @property
    def ends(self) -> bool:
        """Whether nothing more will happen to it by itself."""
        return self.work.state not in (Work.State.QUEUED, Work.State.RUNNING)


def percent(work: Work) -> int:
    """How far it is, in whole per cent."""
    return min(100, 100 * work.done // work.total) if work.total else 0


def codes(row: Import) -> list[tuple[str, int]]:
    """Which problems an import met and how often, without what stood in the file. Failed ones keep the first only."""
    return sorted((row.result.get("codes") or Counter(one["code"] for one in row.problems)).items())


def find(actor: Actor) -> QuerySet[Import]:
    """The imports the actor may see, latest first."""
    return visible(Import.objects.select_related("source"), actor).order_by("-pk")


def earlier_mappings(actor: Actor) -> list[Import]:
    """The latest import of each file name that worked: their mappings can be used again."""
    rows = find(actor).filter(state=Work.State.DONE, origin="import")
    seen: dict[str, Import] = {}
    for row in rows[:200]:
        seen.setdefault(f"{row.filename} {sorted(row.mapping)}", row)
    return list(islice(seen.values(), 20))


def sources(actor: Actor) -> list[Source]:
    """The sources a file may be imported for."""
    return list(visible(Source.objects.filter(retired_at=None), actor).order_by("code"))


def jobs(actor: Actor) -> list[Job]:
    """The latest imports, detection runs and backtests together, latest first. Four queries."""
    rows = list(find(actor)[:RECENT])
    own = set(
        visible(Import.objects.filter(pk__in=[one.pk for one in rows]), actor, "refused").values_list("pk", flat=True)
    )
    found = [Job("import", one, told=one.pk in own) for one in rows]
    found += [Job("detection", one) for one in visible(DetectionRun.objects.order_by("-pk"), actor)[:RECENT]]
    backtests = visible(Backtest.objects.select_related("measure").order_by("-pk"), actor)
    found += [Job("backtest", one) for one in backtests[:RECENT]]
    return sorted(found, key=lambda one: (one.requested_at, one.work.code), reverse=True)[:RECENT]
