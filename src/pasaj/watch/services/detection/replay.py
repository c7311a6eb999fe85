"""A past run once more: from the figures as they were known then, with the settings as they were then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pasaj.core.problems import Refused, problem
from pasaj.registry.models import Home
from pasaj.watch.models import DetectionRun, Work
from pasaj.watch.services.detection import auto, table
from pasaj.watch.services.detection.runs import SERIES, digest, versions


@dataclass(frozen=True, slots=True)
class Replay:
    """The fingerprint of the answers now and then, and which versions differ from those of the run."""

    digest: str
    was: str
    changed: tuple[str, ...]

    @property
    def same(self) -> bool:
        return self.digest == self.was


def replay(*, code: str, progress: Callable[[int, int], None] | None = None) -> Replay:
    """Compute the answers of a past run again and compare their fingerprints. Writes nothing.

    The same figures, settings, machine and versions give the same bits; holidays are those of the pack as it is now.
    Raises Refused: DETECT-007 (no such run, or one that kept no answers).
    """
    run = DetectionRun.objects.select_related("after").filter(code=code, state=Work.State.DONE).first()
    if run is None or not run.digest:
        raise Refused(problem("DETECT-007", code=code))
    was, before = run.digest, run.versions
    zone = Home.objects.get(pk=1).zone
    series = list(table.series_of(run).order_by("pk").values_list("pk", flat=True))
    answers = []
    for start in range(0, len(series), SERIES):
        answers += auto.answers(run, series[start : start + SERIES], zone)
        if progress:
            progress(min(start + SERIES, len(series)), len(series))
    answers.sort(key=lambda one: (one.series_id, one.period_start))
    now = versions()
    changed = tuple(f"{name} {before.get(name)} → {now[name]}" for name in sorted(now) if before.get(name) != now[name])
    return Replay(digest(answers), was, changed)
