"""A detection run: slices of series, posts and places, each written in a short transaction of its own.

A run that is killed goes on where its last written slice ended; keys make sure that nothing is found twice.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from importlib.metadata import version
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Min
from django.utils import timezone

from pasaj import __version__
from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.core.judging import NUMBERS
from pasaj.core.problems import Refused, problem
from pasaj.registry.models import Home, Post
from pasaj.registry.services import next_code
from pasaj.watch.models import Answer, DetectionRun, Measure, Observation, Series, Work
from pasaj.watch.queries import ranges
from pasaj.watch.rules import requester
from pasaj.watch.services.detection import (
    auto,
    decide,
    episodes,
    groups,
    late,
    revised,
    rules,
    shifts,
    table,
    unusual,
)
from pasaj.watch.services.detection.decide import Verdicts
from pasaj.watch.services.detection.findings import Finding, write
from pasaj.watch.services.stopping import stop

Progress = Callable[[int, int], None]
SERIES, PLACES, KINDS = 100, 20, 20  # how many a slice
WRITE = 400  # findings in one transaction
COUNTED = ("series_seen", "refused", "chosen", "withheld")
ESTIMATED = ("estimate", "estimate_low", "estimate_high")
ANSWERED = [
    "period_end", "method", "choice", "reason", *NUMBERS, "attainable", "alarm", "finding", "run",
    *ESTIMATED, "rests_on",
]  # fmt: skip


def open_run(
    *,
    as_of: datetime,
    from_date: date,
    to_date: date,
    measure: str = "",
    after: DetectionRun | None = None,
    actor: Actor,
    now: datetime,
) -> DetectionRun:
    """Write down a run that a worker (or `run`) carries out.

    `as_of`: only what was known then is looked at. `from_date`, `to_date`: periods that end in between are
    judged, and months that became known in it. `measure`: only this one. `after`: an earlier run; only series with
    figures that it did not know are looked at, from the first of those figures on.
    Raises Refused: CLI-025 (dates the wrong way round), OBS-008 (unknown measure), DETECT-001 (the pack
    asks for a method that does not exist).
    """
    if from_date > to_date:
        raise Refused(problem("CLI-025", first=from_date, last=to_date))
    codes = list(Measure.objects.order_by("order", "code").values_list("code", flat=True))
    if measure and measure not in codes:
        raise Refused(problem("OBS-008", value=measure, allowed=", ".join(codes)))
    home = Home.objects.get(pk=1)
    methods = ranges.methods(home.detect)
    _check_methods(methods)
    with transaction.atomic():
        run = DetectionRun.objects.create(
            code=next_code("DR", now),
            requested_at=now,
            requested_by_id=actor.id,
            requested_by=actor.label,
            as_of=as_of,
            from_date=from_date,
            to_date=to_date,
            measure=measure,
            methods=list(methods),
            after=after,
            settings={
                "measures": table.measures(),
                "false_discoveries": ranges.false_discoveries(home.detect),
                "late": late.SETTINGS,
            },
        )
        audit.record(
            actor=actor,
            action="detection.opened",
            code=run.code,
            now=now,
            detail={"as_of": as_of, "from": from_date, "to": to_date, "measure": measure},
        )
    return run


def _check_methods(methods: Sequence[str]) -> None:
    """The names against the list of methods. Loads no numerical library: pages open runs too."""
    from pasaj.core import detect  # noqa: PLC0415

    for method in methods:
        if method != ranges.AUTO and method not in detect.METHODS and method.rpartition("_")[0] not in detect.METHODS:
            raise Refused(problem("DETECT-001", method=method, allowed=", ".join((ranges.AUTO, *detect.METHODS))))


def last_run(measure: str = "", *, before: datetime) -> DetectionRun | None:
    """The latest complete run that looked at everything (or at this measure) with the settings of today."""
    methods = list(ranges.methods(Home.objects.get(pk=1).detect))
    rows = DetectionRun.objects.filter(state=Work.State.DONE, measure=measure, as_of__lt=before)
    row = rows.order_by("-as_of", "-pk").first()
    same = row is not None and row.methods == methods and row.settings.get("measures") == table.measures()
    return row if same else None


def first_day(measure: str = "") -> date | None:
    """The first day of which anything was reported (of this measure)."""
    rows = Observation.objects.visible().filter(series__cadence__in=table.CADENCES)
    rows = rows.filter(series__measure__code=measure) if measure else rows
    found: date | None = rows.aggregate(first=Min("period_start"))["first"]
    return found


def cancel(*, code: str, actor: Actor, now: datetime) -> DetectionRun:
    """Ask a run to stop after its present slice; one that waits is cancelled at once. Signals found stay."""
    return stop(DetectionRun, code, "detection.cancelled", actor, now)


@dataclass(frozen=True, slots=True)
class Slice:
    phase: str
    ids: tuple[Any, ...]


def run(run_id: int, *, now: datetime, progress: Progress | None = None) -> DetectionRun:
    """Carry out a run, or go on with one whose worker is gone. Returns it done, or cancelled.

    `now` is the business clock; signs of life are real time. Raises DetectionRun.DoesNotExist, and
    Refused (DETECT-001) when the pack asks for a method that does not exist: the run is marked failed.
    """
    work = DetectionRun.objects.get(pk=run_id)
    if work.state in {Work.State.DONE, Work.State.CANCELLED}:
        return work
    home = Home.objects.get(pk=1)
    slices = list(_slices(work))
    work.state, work.started_at = Work.State.RUNNING, work.started_at or timezone.now()
    work.total, work.versions = len(slices), versions()
    work.heartbeat_at = timezone.now()
    work.save(update_fields=["state", "started_at", "total", "versions", "heartbeat_at"])
    try:
        return _go_on(work, slices, home, now, progress)
    except Refused as refused:
        work.problems = [one.plain() for one in refused.problems]
        with transaction.atomic():
            _finish(work, Work.State.FAILED)
            detail = {"problems": [one.code for one in refused.problems]}
            audit.record(actor=requester(work), action="detection.failed", code=work.code, now=now, detail=detail)
        raise


def _go_on(
    work: DetectionRun, slices: Sequence[Slice], home: Home, now: datetime, progress: Progress | None
) -> DetectionRun:
    weighed = None
    for at, part in enumerate(slices[work.done :], work.done + 1):
        if DetectionRun.objects.filter(pk=work.pk, cancel_asked=True).exists():
            return _finish(work, Work.State.CANCELLED)
        if part.phase == "answer":
            work.series_seen += len(part.ids)
            _write_answers(work, auto.answers(work, part.ids, home.zone), at)
        elif part.phase == "group":
            groups.join(work, part.ids, now)
            _write(work, (), now, at)
        else:
            if part.phase == "decide":
                weighed = weighed or decide.verdicts(work)
            found = _judge(work, part, home, weighed)
            work.series_seen += len(part.ids) if part.phase == "unusual" else 0
            _write(work, found, now, at)
        if part.phase in {"decide", "unusual"}:
            episodes.join(work, part.ids, now)
        if progress:
            progress(at, len(slices))
    work.digest = _digest(work)
    return _finish(work, Work.State.DONE)


def _slices(work: DetectionRun) -> Iterator[Slice]:
    """Everything to look at, in a fixed order: what is new since an interruption comes at the end of its phase."""
    series = list(table.series_of(work).order_by("pk").values_list("pk", flat=True))
    if ranges.AUTO in work.methods:
        yield from _cut("answer", series, SERIES)
        yield from _cut("decide", series, SERIES)
    if set(work.methods) - {ranges.AUTO}:
        yield from _cut("unusual", series, SERIES)
    yield from _cut("group", groups.kinds(work), KINDS)
    yield from _cut("shift", series, SERIES)
    if not work.measure:
        posts = Post.objects.filter(retired_at=None, cadence__in=list(rules.PATIENCE)).order_by("pk")
        yield from _cut("silence", list(posts.values_list("pk", flat=True)), PLACES)
    crossings = Series.objects.filter(crossing__isnull=False).order_by("crossing")
    at_crossings = list(crossings.values_list("crossing", flat=True).distinct())
    areas = Series.objects.filter(area__isnull=False).order_by("area").values_list("area", flat=True).distinct()
    if not work.measure:
        yield from _cut("habit", at_crossings, PLACES)
    places = [("crossing", number) for number in at_crossings] + [("area", number) for number in areas]
    yield from _cut("conflict", places, PLACES)
    yield from _cut("capacity", places, PLACES)
    # What is usual is a question about all sources together.
    yield Slice("revision", ("all",))


def _cut(phase: str, ids: Sequence[Any], size: int) -> Iterator[Slice]:
    for start in range(0, len(ids), size):
        yield Slice(phase, tuple(ids[start : start + size]))


def _judge(work: DetectionRun, part: Slice, home: Home, weighed: Verdicts | None) -> list[Finding]:
    if weighed is not None and part.phase == "decide":
        return decide.findings(work, part.ids, weighed)
    if part.phase == "unusual":
        return unusual.judge(work, part.ids, home.zone, ranges.CONTROLS)
    if part.phase == "shift":
        return shifts.judge(work, part.ids)
    if part.phase == "silence":
        return rules.silences(work, part.ids, home.zone)
    if part.phase == "habit":
        return rules.habits(work, part.ids, home.zone)
    if part.phase == "revision":
        return revised.changes(work, home.zone)
    if part.phase == "conflict":
        return rules.conflicts(work, part.ids)
    return rules.capacities(work, part.ids)


def _write(work: DetectionRun, findings: Sequence[Finding], now: datetime, done: int) -> None:
    """Write a slice in transactions short enough for others to get in between; the last one marks it done."""
    parts = [findings[start : start + WRITE] for start in range(0, len(findings), WRITE)] or [()]
    for at, part in enumerate(parts, 1):
        try:
            _write_part(work, part, now, done if at == len(parts) else None)
        except IntegrityError:
            # Another run wrote the same key between our look and our row; now it is there to be seen.
            _write_part(work, part, now, done if at == len(parts) else None)


def _write_part(work: DetectionRun, part: Sequence[Finding], now: datetime, done: int | None) -> None:
    with transaction.atomic():
        tally = write(part, work, now)
        new, known = work.signals_new + tally.new, work.signals_known + tally.known
        fields: dict[str, Any] = {"signals_new": new, "signals_known": known, "heartbeat_at": timezone.now()}
        if done is not None:
            fields |= {name: getattr(work, name) for name in COUNTED} | {"done": done}
        DetectionRun.objects.filter(pk=work.pk).update(**fields)
    for name, value in fields.items():
        setattr(work, name, value)


def _write_answers(work: DetectionRun, found: Sequence[Answer], done: int) -> None:
    """Write the answers of a slice in place of earlier ones, and mark it done, in one transaction."""
    with transaction.atomic():
        Answer.objects.bulk_create(
            found, batch_size=WRITE, update_conflicts=True, unique_fields=["series", "period_start"],
            update_fields=ANSWERED,
        )  # fmt: skip
        fields = {name: getattr(work, name) for name in COUNTED}
        DetectionRun.objects.filter(pk=work.pk).update(done=done, heartbeat_at=timezone.now(), **fields)
    work.done = done


def _digest(work: DetectionRun) -> str:
    """A fingerprint of every answer of the run, bit for bit; empty where no answers are kept."""
    if ranges.AUTO not in work.methods:
        return ""
    rows = work.answers.order_by("series", "period_start")
    return digest(rows.select_related("series").iterator(chunk_size=2000))


def digest(answers: Iterable[Answer]) -> str:
    """SHA-256 over answers in the order they come in: the numbers in hexadecimal, bit for bit."""
    found = sha256()
    for one in answers:
        numbers = [None if number is None else number.hex() for number in (getattr(one, name) for name in NUMBERS)]
        told = (one.series.code, one.period_start.isoformat(), one.method, one.reason, one.alarm, *numbers)
        if one.estimate is not None:
            told += (*(getattr(one, name).hex() for name in ESTIMATED), one.rests_on)
        found.update(f"{told}\n".encode())
    return found.hexdigest()


def _finish(work: DetectionRun, state: str) -> DetectionRun:
    work.state, work.finished_at = state, timezone.now()
    work.save(update_fields=["state", "finished_at", "series_seen", "problems", "digest"])
    return work


def versions() -> dict[str, str]:
    """Of everything that the answers of a method depend on."""
    return {
        "pasaj": __version__,
        "python": platform.python_version(),
        **{name: version(name) for name in ("numpy", "scipy")},
    }
