"""What a report says written down: figures, incidents, states of crossings; and taken back again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.collect.models import Outcome
from pasaj.collect.services.meaning.work import Work
from pasaj.core import meaning as core
from pasaj.core.problems import Problem, Refused, problem
from pasaj.watch.models import Incident, Measure, Observation
from pasaj.watch.services import incidents, observations, revisions, status

LONG_AGO, NEVER = timedelta(days=366), timedelta(days=10 * 365)

_Made = tuple[str, Mapping[str, Any]]  # the code of what was made, and what the reader of the report is told of it


def apply(work: Work) -> int:
    """Write every outcome; take back what the version before said and this one does not. Returns failures."""
    derived = core.derive(work.meaning, work.answers)
    before = {
        (one.kind, one.position): one
        for one in Outcome.objects.filter(
            version__submission=work.submission, state__in=(Outcome.State.DONE, Outcome.State.WAITING)
        ).exclude(version=work.version)
    }
    Outcome.objects.filter(version=work.version, state=Outcome.State.FAILED).delete()  # tried again
    failures = list(derived.failures)
    made: list[tuple[str, str, date | None, Callable[[], _Made]]] = [
        *(
            ("observation", one.position, one.period.end, partial(_observe, work, one))
            for one in _in_order(derived.figures)
        ),
        *(("incident", one.position, one.period.end, partial(_record, work, one)) for one in derived.incidents),
        *(("crossing_status", one.position, None, partial(_report, work, one)) for one in derived.status),
    ]
    said: set[tuple[str, str]] = set()
    for kind, position, day, make in made:
        try:
            with transaction.atomic(), audit.at_the_end():
                code, data = _in_time(day, work.now, make)
        except Refused as refused:
            failures += [core.Failure(position, kind, one) for one in refused.problems[:1]]
            continue
        said.add((kind, position))
        _keep(work, kind, position, Outcome.State.DONE, code=code, data=data)
    for row in derived.outcomes:
        said.add((row.kind, row.position))
        _keep(work, row.kind, row.position, Outcome.State.WAITING, data=row.data)
    for failure in failures:
        said.add((failure.kind, failure.position))
        _keep(work, failure.kind, failure.position, Outcome.State.FAILED, why=failure.problem)
    for key, outcome in before.items():
        if key not in said or _moved(outcome, work):
            withdraw(outcome, work.actor, work.now, "")
        else:
            _settle(outcome, Outcome.State.WITHDRAWN, work.now)
    return len(failures)


def _in_time(day: date | None, now: datetime, make: Callable[[], _Made]) -> _Made:
    """What `make` makes, flagged when it speaks of a day long ago. Raises Refused MEANING-010: of one too long ago.

    A phone without power wakes in 1970 or in the year it was built, and then "today" and "60 days at most" are no
    bounds at all.
    """
    ago = now.date() - day if day else timedelta()
    bound = next((one for one in (NEVER, LONG_AGO) if ago > one), None)
    if bound is None:
        return make()
    far = problem("MEANING-010", day=str(day), days=bound.days)
    if bound == NEVER:
        raise Refused(far)
    code, data = make()
    return code, {**data, "unusual": [*data.get("unusual", ()), far.plain()]}


def _moved(outcome: Outcome, work: Work) -> bool:
    """Whether the same part now speaks of another series or day: then the old figure has to be taken back."""
    if outcome.kind != "observation":
        return False  # incidents and status reports keep their code over revisions
    now = Outcome.objects.filter(version=work.version, kind=outcome.kind, position=outcome.position).first()
    return now is None or (now.code, now.data.get("period")) != (outcome.code, outcome.data.get("period"))


def _keep(
    work: Work,
    kind: str,
    position: str,
    state: str,
    *,
    code: str = "",
    data: Mapping[str, Any] | None = None,
    why: Problem | None = None,
) -> None:
    values = {
        "state": state,
        "code": code,
        "data": dict(data or {}),
        "problem": why.plain() if why else None,
        "settled_at": None if state == Outcome.State.WAITING else work.now,
    }
    Outcome.objects.update_or_create(
        version=work.version,
        kind=kind,
        position=position[:200],
        defaults=values,
        create_defaults={**values, "created_at": work.now},
    )
    work.made += 1


def _observe(work: Work, figure: core.Figure) -> _Made:
    """A figure far from the usual is taken and flagged: the officer cannot be asked any more."""
    entry = observations.Entry(
        key=observations.SeriesKey(
            figure.place, figure.measure, figure.direction, figure.category, figure.source, figure.period.type
        ),
        period=figure.period,
        value=figure.value,
        state=figure.state,
        quality=figure.quality,
        note=figure.note,
        confirmed=True,
        field=figure.position,
    )
    asked = observations.examine(entries=[replace(entry, confirmed=False)], actor=work.actor, now=work.now)
    if work.submission.simulated:
        entry = replace(entry, quality=observations.SIMULATED)
    (stored,) = observations.report_all(
        entries=[entry], origin=work.origin, ref=work.ref + figure.position, actor=work.actor, now=work.now
    )
    data: dict[str, Any] = {
        "period": figure.period.text,
        "value": str(figure.value) if figure.value is not None else None,
        "revision": stored.observation.revision,
        "observation": stored.observation.pk,
    }
    if unusual := [one.plain() for one in asked if one.code == "OBS-014"]:
        data["unusual"] = unusual
    return stored.observation.series.code, data


def _in_order(figures: Iterable[core.Figure]) -> list[core.Figure]:
    """Figures by their series, as everybody writes them, so that two who write the same ones never both wait."""
    own = dict(Measure.objects.values_list("code", "direction"))

    def code(one: core.Figure) -> str:
        direction = one.direction or own.get(one.measure, "")
        return observations.series_code(one.place, one.measure, direction, one.category, one.source, one.period.type)

    return sorted(figures, key=code)


def _record(work: Work, event: core.EventOut) -> _Made:
    row = incidents.record(
        type_code=event.type,
        place_code=event.place,
        period=event.period,
        quantities=[incidents.Quantity(one.what, one.value, one.unit) for one in event.quantities],
        detecting=event.detecting,
        hours_to_referral=event.hours_to_referral,
        corridor=event.corridor,
        source=event.source,
        note=event.note,
        ref=work.ref + event.position,
        origin=work.origin,
        actor=work.actor,
        now=work.now,
    )
    return row.code, {"period": event.period.text, "revision": row.revision}


def _report(work: Work, report: core.StatusOut) -> _Made:
    row = status.report(
        crossing_code=report.place,
        side=report.side,
        state=report.state,
        since=report.since,
        until=report.until,
        cause=report.cause,
        hours=report.hours,
        source=report.source,
        note=report.note,
        ref=work.ref + report.position,
        origin=work.origin,
        actor=work.actor,
        now=work.now,
    )
    return row.code, {"since": report.since.isoformat(), "revision": row.revision}


def withdraw(outcome: Outcome, actor: Actor, now: datetime, note: str) -> None:
    """Take back what an outcome made, unless somebody has said something else in its place since."""
    if outcome.kind == "observation":
        standing = _standing(outcome)
        if standing is not None and standing.state != Observation.State.WITHDRAWN:
            observations.withdraw(
                observation=standing, note=note, expected_revision=standing.revision, actor=actor, now=now
            )
    elif outcome.kind == "incident":
        row = revisions.latest(Incident, code=outcome.code)
        if row is not None and not row.withdrawn:
            incidents.withdraw(code=outcome.code, seen=row.revision, note=note, actor=actor, now=now)
    elif outcome.kind == "crossing_status":
        status.withdraw(code=outcome.code, note=note, actor=actor, now=now)
    _settle(outcome, Outcome.State.WITHDRAWN, now)


def _standing(outcome: Outcome) -> Observation | None:
    """The figure that an outcome made, if it is still the last word on its period."""
    mine = Observation.objects.filter(pk=outcome.data.get("observation"), ref__gt="").first()
    if mine is None or mine.ref != f"{outcome.version.submission.receipt}/{outcome.position}":
        return None  # it said what stood already
    newer = Observation.objects.visible().filter(
        series=mine.series, period_start=mine.period_start, period_end=mine.period_end, revision__gt=mine.revision
    )
    return None if newer.exists() else mine


def _settle(outcome: Outcome, state: str, now: datetime) -> None:
    outcome.state, outcome.settled_at = state, now
    outcome.save(update_fields=["state", "settled_at"])
