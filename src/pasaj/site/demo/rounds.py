"""A simulated round of an assessment: `[[round]]` of demo.toml.

Its forms are made from the framework, converted and published; assessors' keys answer them through the service that
takes the reports of real phones. Each step looks at the rows: interrupt it whenever you like.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from pasaj.access.rules import Actor
from pasaj.assess.models import Assessor, Report, Round
from pasaj.assess.queries import frameworks
from pasaj.assess.queries import rounds as queries
from pasaj.assess.services import reports, rounds, settlements, sheets
from pasaj.collect import jobs
from pasaj.collect.models import AppUser, FormVersion, Submission, SubmissionVersion
from pasaj.collect.services import meaning, phones
from pasaj.collect.services.submissions import Sender, receive
from pasaj.core import rounds as core
from pasaj.core import scoring
from pasaj.registry import queries as registry
from pasaj.site.demo import filling, institutions
from pasaj.site.demo.figures import World
from pasaj.site.demo.surveys import Asked

Progress = Callable[[int, int], object]
HOUR = 15
SURE = ("low", "medium", "high")
STEP_UNIT, STEP_INDICATOR, STEP_ASSESSOR = 0.7, 0.8, 0.45  # points by which each moves an answer
COMMENTED = 0.06  # share of answers


def hold(*, wanted: Asked, world: World, actor: Actor, progress: Progress) -> Round | None:
    """Make the round, answer it, settle some of what differs and close it. None: the pack has no such framework."""
    version = frameworks.version(actor, wanted.framework)
    if version is None:
        return None
    row = Round.objects.filter(title=wanted.title, simulated=True).first()
    if row is not None and row.state == Round.State.CLOSED:
        return row
    first, last = (_moment(world, ago) for ago in (wanted.first, wanted.last))
    if row is None:
        row = rounds.create(
            framework=version,
            wanted=_wanted(wanted, first.date(), last.date()),
            actor=actor,
            now=first,
        )
    _open(row, actor, first)
    _answer(row, wanted, _assessors(row, wanted, actor, first), first, last, progress)
    _settle(row, wanted, actor, last)
    return rounds.close(code=row.code, actor=actor, now=last + timedelta(hours=1))


def report(row: Round, actor: Actor, now: datetime) -> Report:
    """Publish its report, once."""
    there = Report.objects.filter(round=row).first()
    return there or reports.publish(code=row.code, actor=actor, now=now)


def _wanted(wanted: Asked, first: date, last: date) -> rounds.Wanted:
    heard = wanted.mapping
    scope = rounds.Scope(
        country=registry.nation(),
        institutions=wanted.institutions,
        partners=heard.partners if heard else (),
        crossings=wanted.crossings,
    )
    return rounds.Wanted(wanted.title, first, last, scope, mapping=heard is not None, simulated=True)


def _moment(world: World, ago: int) -> datetime:
    return datetime.combine(world.last - timedelta(days=ago), time(HOUR), tzinfo=world.zone)


def _open(row: Round, actor: Actor, now: datetime) -> None:
    """Publish the forms; a conversion that was interrupted is done again."""
    rounds.publish(code=row.code, wake=lambda _upload: None, actor=actor, now=now)
    for form in row.forms.select_related("upload"):
        if form.upload.version_id is None:
            jobs.convert(form.upload_id)


def _assessors(row: Round, wanted: Asked, actor: Actor, now: datetime) -> list[Assessor]:
    found = []
    for name in wanted.assessors:
        user = AppUser.objects.filter(name=name).order_by("pk").first()
        if user is None:
            user, _token = phones.add(wanted=phones.Wanted(name=name), actor=actor, now=now)
        known = row.assessors.filter(app_user=user).first()
        found.append(known or rounds.add_assessor(code=row.code, app_user=user, actor=actor, now=now))
    return found


# --- Answers -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Sheet:
    sort: str
    assessor: Assessor
    day: date
    answers: Mapping[str, str]  # question -> answer
    instance: str
    turns: filling.Turns = field(default_factory=dict)


def _answer(
    row: Round, wanted: Asked, people: list[Assessor], first: datetime, last: datetime, progress: Progress
) -> None:
    forms = {
        form.sort: form.upload.version
        for form in row.forms.select_related("upload__version__form", "upload__version__definition")
        if form.upload.version is not None
    }
    planned = list(_planned(row, wanted, people, first.date(), last.date()))
    planned += _heard(row, wanted, people, first.date(), last.date())
    there = set(SubmissionVersion.objects.filter(submission__via="demo").values_list("instance_id", flat=True))
    for at, sheet in enumerate(planned, 1):
        form = forms.get(sheet.sort)
        if form is not None and sheet.instance not in there:
            _send(sheet, form, first + (sheet.day - first.date()))
        progress(at, len(planned))
    # What an interrupted run had sent and not put to use.
    waiting = Submission.objects.filter(via="demo", form__origin="round", processing=Submission.Processing.WAITING)
    for number in waiting.order_by("pk").values_list("pk", flat=True):
        meaning.process(number, now=last)
    while sheets.settle_waiting(last) == sheets.SLICE:
        pass


def _send(sheet: _Sheet, form: FormVersion, at: datetime) -> None:
    xml = filling.document(bytes(form.definition.xml), sheet.answers, instance=sheet.instance, turns=sheet.turns)
    sender = Sender("demo", app_user=sheet.assessor.app_user)
    actor = Actor(id=None, label=str(sheet.assessor.app_user), via="key")
    received = receive(xml=xml, files=[], sender=sender, incomplete=False, actor=actor, now=at)
    meaning.process(received.submission_id, now=at)


def _planned(row: Round, wanted: Asked, people: list[Assessor], first: date, last: date) -> Iterator[_Sheet]:
    """Who looked at what, when, and said what: the same for the same seed."""
    framework, units = queries.framework_of(row.framework), queries.units_of(row)
    chance = random.Random(wanted.seed)  # noqa: S311 - a simulation
    harder = {one.code: chance.gauss(0, STEP_INDICATOR) for one in framework.indicators}
    names = {
        sort: core.questions(one.code for one in framework.of_unit(sort))
        for sort in ("country", "institution", "crossing_point")
    }
    for unit in units:
        better = chance.gauss(0, STEP_UNIT)
        many = 1 if chance.random() < wanted.alone and unit.sort != "country" else 2
        for person in chance.sample(people, min(many, len(people))):
            day = first + timedelta(days=chance.randrange(max(1, (last - first).days)))
            applies = core.asked(framework, [unit], {}).asked[unit.code]
            said = {
                code: _said(wanted, chance, wanted.levels.get(pillar, 2.0) + better + harder[code])
                for code, pillar in ((one.code, one.pillar) for one in framework.of_unit(unit.sort))
                if code in applies
            }
            answers = {"date": day.isoformat(), "unit": unit.code, **_filled(wanted, chance, said, names[unit.sort])}
            place = f"pasaj:demo/{row.code}/{unit.code}/{person.code}"
            yield _Sheet(unit.sort, person, day, answers, f"uuid:{uuid.uuid5(uuid.NAMESPACE_URL, place)}")


def _heard(row: Round, wanted: Asked, people: list[Assessor], first: date, last: date) -> Iterator[_Sheet]:
    """What institutions say of each other, each to one of the assessors in turn."""
    if wanted.mapping is None:
        return
    for at, one in enumerate(institutions.planned(row, wanted.mapping, first, last)):
        place = f"pasaj:demo/{row.code}/{one.institution}/{one.sort}"
        instance = f"uuid:{uuid.uuid5(uuid.NAMESPACE_URL, place)}"
        yield _Sheet(one.sort, people[at % len(people)], one.day, one.answers, instance, one.turns)


def _said(wanted: Asked, chance: random.Random, level: float) -> str:
    if chance.random() < wanted.unseen:
        return str(scoring.Missing.NOT_OBSERVED)
    return str(min(4, max(0, round(level + chance.gauss(0, STEP_ASSESSOR)))))


def _filled(wanted: Asked, chance: random.Random, said: Mapping[str, str], names: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for code, value in said.items():
        found[names[code]] = value
        if value.isdecimal():
            found[f"{names[code]}_sure"] = chance.choices(SURE, (1, 3, 4))[0]
        if wanted.comments and chance.random() < COMMENTED:
            found[f"{names[code]}_comment"] = chance.choice(wanted.comments)
    return found


# --- Settling ----------------------------------------------------------------------------------


def _settle(row: Round, wanted: Asked, actor: Actor, now: datetime) -> None:
    """The widest disagreements first, as their lead would; the rest stays open."""
    found = queries.result(row)
    listed = scoring.disagreements(found.scores)
    for one in listed[: round(len(listed) * wanted.settled)]:
        if one.settled:
            continue
        answers = found.of_cell(one.unit, one.indicator)
        points = sorted(it.answer.value for it in answers if not isinstance(it.answer.value, scoring.Missing))
        settlements.settle(
            code=row.code,
            unit=one.unit,
            indicator=one.indicator,
            value=str(points[0]) if points else str(scoring.Missing.NOT_APPLICABLE),
            reason=wanted.reason,
            seen=settlements.stands(answers, found.settlements.get((one.unit, one.indicator))),
            actor=actor,
            now=now,
        )
