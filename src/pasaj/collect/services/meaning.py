"""From a submission to figures and events: after it was stored, once, and again whenever it is edited.

The rows say what is left to do (`processing = waiting`); doing it twice changes nothing. What cannot be
used becomes a failed outcome with its reason, in the tray, and never costs the rest of the report.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.db import OperationalError, transaction
from django.utils import timezone

from pasaj.access.models import Account
from pasaj.access.rules import EVERYTHING, NOBODY, Actor, can, policy
from pasaj.access.services import audit
from pasaj.collect.models import Check, FormVersion, Outcome, ReviewEvent, Submission, SubmissionBody, SubmissionVersion
from pasaj.collect.services import spool
from pasaj.core import meaning as core
from pasaj.core.forms.fields import Field
from pasaj.core.problems import Problem, Refused, problem
from pasaj.registry import queries as registry
from pasaj.registry.models import Area, CrossingPoint
from pasaj.registry.queries import naming
from pasaj.watch.models import Incident, Measure, Observation
from pasaj.watch.services import incidents, observations, revisions, status

State, Processing = Submission.State, Submission.Processing
ENGINE = "rxeval"
MOMENTS = frozenset({"date", "time", "datetime"})
"""What the engine (rxeval 0.1) compares as text, so that every rule on it seems broken."""
NO_NUMBER = 'the form calculates "NaN"'
"""Sums over blank answers: here the engine gives up, where the phone's counts them as nothing."""
SLICE = 50
LONG_AGO, NEVER = timedelta(days=366), timedelta(days=10 * 365)

log = logging.getLogger("pasaj.collect")
_Made = tuple[str, Mapping[str, Any]]  # the code of what was made, and what the reader of the report is told of it


def process_waiting(now: datetime, *, limit: int = SLICE) -> int:
    """Work through submissions that wait, the oldest first. Returns how many were looked at.

    `now` is the business clock. Each is a transaction of its own, so that no writer holds the database for long.
    """
    waiting = Submission.objects.filter(state=State.RECEIVED, processing=Processing.WAITING)
    ids = list(waiting.order_by("pk").values_list("pk", flat=True)[:limit])
    for number in ids:
        try:
            with spool.turn(gives_way=True):  # phones that wait for their answer come first
                process(number, now=now)
        except OperationalError:
            raise  # the database was busy or away: they go on waiting
        except Exception as error:
            log.exception("Submission %s cannot be put to use.", number)
            _stumble(number, error, now)
    return len(ids)


def _stumble(submission_id: int, error: Exception, now: datetime) -> None:
    """A report that nothing can be made of goes into the tray, or it would stand in the way of all others."""
    problems = error.problems if isinstance(error, Refused) else ()
    found = next(iter(problems), problem("CLI-031", detail=type(error).__name__))
    with transaction.atomic():
        submission = Submission.objects.select_for_update(of=("self",)).get(pk=submission_id)
        Outcome.objects.update_or_create(
            version_id=submission.current_id,
            kind="report",
            position="",
            defaults={"state": Outcome.State.FAILED, "problem": found.plain(), "settled_at": now, "created_at": now},
        )
        _finish(submission, Processing.FAILED)


def process(submission_id: int, *, now: datetime) -> Submission:
    """Give a submission its meaning: outcomes of its current version, and what an older one said taken back."""
    with transaction.atomic(), audit.at_the_end():
        return _process(submission_id, now)


def _process(submission_id: int, now: datetime) -> Submission:
    submission = (
        Submission.objects.select_for_update(of=("self",)).select_related("form", "app_user").get(pk=submission_id)
    )
    if submission.state != State.RECEIVED or submission.processing != Processing.WAITING:
        return submission
    work = _open(submission, now)
    if work is None or not _may_feed(work):
        return submission
    _evaluate(work)
    failed = _apply(work)
    submission.processing = Processing.FAILED if failed else Processing.DONE
    if work.meaning.empty:
        submission.processing = Processing.NOTHING
    submission.save(update_fields=["processing", "crossing", "area", "period_start"])
    audit.record(
        actor=work.actor,
        action="submission.processed",
        code=submission.receipt,
        now=now,
        detail={"version": work.version.number, "outcomes": work.made, "failed": failed},
    )
    return submission


def retry(*, submission: Submission, actor: Actor, now: datetime) -> Submission:
    """Try the meaning of a submission again, after somebody mended what stood in the way."""
    with transaction.atomic():
        changed = Submission.objects.filter(
            pk=submission.pk, state=State.RECEIVED, processing__in=(Processing.FAILED, Processing.NOTHING)
        ).update(processing=Processing.WAITING)
        if changed:
            audit.record(actor=actor, action="submission.retried", code=submission.receipt, now=now)
    return process(submission.pk, now=now)


def take_back(*, submission: Submission, note: str, actor: Actor, now: datetime) -> None:
    """Withdraw everything that a submission gave, when it is set aside. Inside the caller's transaction."""
    with audit.at_the_end():
        for outcome in Outcome.objects.filter(version__submission=submission, state=Outcome.State.DONE):
            _withdraw(outcome, actor, now, note)


# --- One submission at work --------------------------------------------------------------------


@dataclass(slots=True)
class _Work:
    submission: Submission
    version: SubmissionVersion
    fields: tuple[Field, ...]
    meaning: core.Meaning
    answers: core.Answers
    xml: bytes
    actor: Actor
    now: datetime
    made: int = 0
    flags: list[dict[str, Any]] = field(default_factory=list)

    @property
    def ref(self) -> str:
        return f"{self.submission.receipt}/"

    @property
    def origin(self) -> str:
        return "demo" if self.submission.simulated else "form"


def _open(submission: Submission, now: datetime) -> _Work | None:
    version = SubmissionVersion.objects.select_related("form_version__definition").get(current_of=submission)
    form_version = version.form_version
    if form_version is None:  # of an unknown version, let out of quarantine: kept, and feeds nothing
        _finish(submission, Processing.NOTHING)
        return None
    fields = tuple(Field.of(one) for one in form_version.fields)
    xml = bytes(SubmissionBody.objects.values_list("xml", flat=True).get(version=version))
    return _Work(
        submission=submission,
        version=version,
        fields=fields,
        meaning=_declared(version, form_version, fields),
        answers=core.read(xml, [one.path for one in fields if one.kind == "repeat"]),
        xml=xml,
        actor=_actor(submission),
        now=now,
    )


def _declared(version: SubmissionVersion, filled: FormVersion, fields: tuple[Field, ...]) -> core.Meaning:
    """What the form says that its answers mean.

    Where nothing could be made of them by the version that was filled, the one published since is asked: somebody
    has mended it, and reports of the faulty one are still in the tray. It must name no question they do not have.
    """
    own = core.parse(filled.meaning, fields)
    states = set(Outcome.objects.filter(version=version).values_list("state", flat=True))
    newer = filled.form.versions.filter(number__gt=filled.number, state="published").exclude(meaning={}).first()
    if states != {Outcome.State.FAILED} or newer is None:
        return own
    try:
        return core.parse(newer.meaning, fields)
    except Refused:
        return own


def _actor(submission: Submission) -> Actor:
    """Who a figure says it comes from: the key's code or the account, never the name of a person."""
    if submission.app_user:
        return Actor(id=None, label=submission.app_user.code, via="form")
    return Actor(id=submission.account_id, label="", via="form")


def _finish(submission: Submission, processing: str) -> None:
    submission.processing = processing
    submission.save(update_fields=["processing"])


def _may_feed(work: _Work) -> bool:
    """Whether the report may feed anything: nobody named in it, and from a place its sender may speak of."""
    submission = work.submission
    code = core.place_of(work.meaning, work.answers)
    submission.crossing = CrossingPoint.objects.filter(code=code).first() if code else None
    submission.area = Area.objects.filter(code=code).first() if code and submission.crossing is None else None
    submission.period_start = core.day_of(work.meaning, work.answers)
    seen = _looked_at(work)
    reasons = []
    if "screen" not in seen and _may_name_somebody(work):
        submission.held = True
        reasons.append("screen")
    if "right" not in seen and not work.meaning.empty and not _has_right(submission, code):
        reasons.append("right")
    if reasons:
        submission.state, submission.reasons = State.QUARANTINED, reasons
        submission.save(update_fields=["state", "reasons", "held", "crossing", "area", "period_start"])
        _say(submission, "quarantined", {"reasons": submission.reasons}, work)
        return False
    return True


def _looked_at(work: _Work) -> set[str]:
    """For which reasons a person has let this very version out. Whoever confirms a device has read nothing."""
    let_out = work.submission.events.filter(action="released").values_list("details", flat=True)
    mine = [one for one in let_out if one.get("version") == work.version.number]
    return {reason for one in mine for reason in one.get("reasons", ())}


def _may_name_somebody(work: _Work) -> bool:
    """Whether free text of the report holds what the screening takes for a name, a number or an address."""
    free = {one.path for one in work.fields if one.kind == "text"}
    return any(naming(text) for path, text in _texts(work.answers, "") if path in free)


def free_texts(version: SubmissionVersion) -> list[str]:
    """What somebody wrote into a version: the answers to its open questions, or all of an unknown form's."""
    fields = [Field.of(one) for one in version.form_version.fields] if version.form_version else []
    free = {one.path for one in fields if one.kind == "text"}
    try:
        answers = core.read(bytes(version.body.xml), [one.path for one in fields if one.kind == "repeat"])
    except Refused:  # it cannot be read, so nothing was made of it
        return []
    return [text for path, text in _texts(answers, "") if path in free or not fields]


def _texts(answers: core.Answers, start: str) -> Iterator[tuple[str, str]]:
    for path, text in answers.values.items():
        if text:
            yield f"{start}{path}", text
    for path, turns in answers.repeats.items():
        for turn in turns:
            yield from _texts(turn, f"{start}{path}/")


def _has_right(submission: Submission, code: str) -> bool:
    """A key that is bound to crossings may speak of those alone, an account of those its role names."""
    user = submission.app_user
    if user is None:
        return _account_speaks(submission)
    rights = user.rights.filter(form__in=(submission.form_id,)) | user.rights.filter(form=None)
    bound = [one.crossing_id for one in rights]
    return not bound or None in bound or (submission.crossing_id in bound and bool(code))


def _account_speaks(submission: Submission) -> bool:
    """By the roles held now: whoever holds none any more is looked at first."""
    account = Account.objects.filter(pk=submission.account_id or 0, is_active=True).first()
    actor = registry.actor_for(account) if account else NOBODY
    if submission.crossing is None:
        return policy(CrossingPoint, "speak", actor) == EVERYTHING
    return can(actor, "speak", submission.crossing)


def _say(submission: Submission, action: str, details: Mapping[str, Any], work: _Work) -> None:
    ReviewEvent.objects.create(
        submission=submission, at=work.now, actor_id=None, actor_label="Pasaj", action=action, details=dict(details)
    )
    audit.record(
        actor=work.actor, action=f"submission.{action}", code=submission.receipt, now=work.now, detail=dict(details)
    )


# --- Evaluating the answers again --------------------------------------------------------------


def _evaluate(work: _Work) -> None:
    """Constraints, required answers and calculations once more, by another engine. It flags, and refuses nothing."""
    definition = work.version.form_version.definition  # type: ignore[union-attr]
    engine, found = evaluate(bytes(definition.xml), work.xml)
    moments = {one.path for one in work.fields if one.kind in MOMENTS}
    work.flags = [one for one in found if one["path"].strip("/").partition("/")[2] not in moments]
    Check.objects.update_or_create(
        version=work.version,
        defaults={"engine": engine, "findings": work.flags, "checked_at": timezone.now()},
    )


def evaluate(form: bytes, answers: bytes) -> tuple[str, list[dict[str, Any]]]:
    """The engine's name and version, and what it found: kind, path and message. No engine, no findings."""
    try:
        import rxeval  # noqa: PLC0415 - has no wheel for every machine, and the web process does without
    except ImportError:
        return "", []
    engine = f"{ENGINE} {rxeval.__version__}"
    try:
        found = rxeval.submission_findings(form.decode(), answers.decode("utf-8-sig"))
    except (ValueError, RuntimeError):  # what it cannot read is no fault of the answers
        found = [{"kind": "not-evaluated"}]
    return engine, [_finding(one) for one in found if not str(one.get("says", "")).endswith(NO_NUMBER)]


def _finding(one: Mapping[str, Any]) -> dict[str, Any]:
    """The engine's own sentence is not kept: it repeats the answers, which may be what has to be taken out later."""
    return {"kind": str(one.get("kind", "")), "path": str(one.get("path", ""))[:300], "message": ""}


# --- Applying ----------------------------------------------------------------------------------


def _apply(work: _Work) -> int:
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
            _withdraw(outcome, work.actor, work.now, "")
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


def _moved(outcome: Outcome, work: _Work) -> bool:
    """Whether the same part now speaks of another series or day: then the old figure has to be taken back."""
    if outcome.kind != "observation":
        return False  # incidents and status reports keep their code over revisions
    now = Outcome.objects.filter(version=work.version, kind=outcome.kind, position=outcome.position).first()
    return now is None or (now.code, now.data.get("period")) != (outcome.code, outcome.data.get("period"))


def _keep(
    work: _Work,
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


def _observe(work: _Work, figure: core.Figure) -> _Made:
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


def _record(work: _Work, event: core.EventOut) -> _Made:
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


def _report(work: _Work, report: core.StatusOut) -> _Made:
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


def _withdraw(outcome: Outcome, actor: Actor, now: datetime, note: str) -> None:
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
