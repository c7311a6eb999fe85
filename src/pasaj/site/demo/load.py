"""The simulated figures on their way into the database: in slices, and visible by one flag at the end."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.registry.services import next_code
from pasaj.site.demo.figures import Figure
from pasaj.site.demo.section import FILE
from pasaj.watch.models import Import, Observation
from pasaj.watch.services import imports
from pasaj.watch.services.observations import SeriesKey, series_for

SLICE = 2000
Progress = Callable[[int, int], object]


def loaded() -> bool:
    """Whether a simulated year is in the home already."""
    return Import.objects.filter(origin="demo", applied_at__isnull=False).exists()


def load(*, figures: Iterable[Figure], text: str, actor: Actor, now: datetime, progress: Progress) -> Import:
    """Write the figures under one batch that becomes visible at the end. What an interrupted load left goes first.

    Raises Refused IMPORT-020 while an import writes.
    """
    rows = list(figures)
    with imports.alone():
        imports.sweep_others(None, now=now)
        Import.objects.filter(origin="demo", applied_at=None).delete()
        batch = _batch(len(rows), text, actor, now)
        _write(rows, batch, actor, progress)
        with transaction.atomic():
            real_now = timezone.now()
            Import.objects.filter(pk=batch.pk).update(
                state=Import.State.DONE, applied_at=real_now, finished_at=real_now, rows_new=len(rows)
            )
            audit.record(actor=actor, action="demo.loaded", code=batch.code, now=now, detail={"rows": len(rows)})
    return batch


def _batch(total: int, text: str, actor: Actor, now: datetime) -> Import:
    return Import.objects.create(
        code=next_code("IM", now),
        origin="demo",
        filename=FILE,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        state=Import.State.RUNNING,
        requested_at=now,
        requested_by=actor.label,
        started_at=timezone.now(),
        heartbeat_at=timezone.now(),
        total=total,
        result={"process": imports.process()},  # it ends with this process; no worker goes on with it
    )


def _write(rows: list[Figure], batch: Import, actor: Actor, progress: Progress) -> None:
    series: dict[tuple[str, ...], int] = {}
    for start in range(0, len(rows), SLICE):
        part = rows[start : start + SLICE]
        with transaction.atomic():
            Observation.objects.bulk_create([_row(one, _series(one, series), batch, actor) for one in part])
            Import.objects.filter(pk=batch.pk).update(done=start + len(part), heartbeat_at=timezone.now())
        progress(start + len(part), len(rows))


def _series(figure: Figure, known: dict[tuple[str, ...], int]) -> int:
    key = (figure.place, figure.measure, figure.category, figure.source)
    if key not in known:
        known[key] = series_for(
            SeriesKey(
                place_code=figure.place,
                measure=figure.measure,
                category=figure.category,
                source=figure.source,
            )
        ).pk
    return known[key]


def _row(figure: Figure, series_id: int, batch: Import, actor: Actor) -> Observation:
    return Observation(
        series_id=series_id,
        period_start=figure.day,
        period_end=figure.day,
        revision=figure.revision,
        value=Decimal(figure.value),
        quality="simulated",
        origin="demo",
        reported_at=figure.reported_at,
        recorded_at=batch.started_at or timezone.now(),
        actor_id=actor.id,
        actor_label=actor.label,
        batch=batch,
    )
