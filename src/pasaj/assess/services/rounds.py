"""A round from its scope to its forms: made, opened, widened, closed.

Opening it makes the forms from the framework and hands them in as any form is; a framework may get new versions
meanwhile, the round stays with the one it began with.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from pasaj.access.models import Account
from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.assess.models import Assessor, Assignment, FrameworkVersion, Round, RoundForm, RoundUnit, Sort
from pasaj.assess.queries.rounds import fingerprint, questionnaires
from pasaj.assess.services import citing
from pasaj.assess.services.questionnaires import workbook
from pasaj.collect.models import AppUser
from pasaj.collect.services import conversion, forms
from pasaj.core import rounds as core
from pasaj.core.problems import Refused, problem
from pasaj.core.rounds.mapping import SORTS
from pasaj.registry.models import CrossingPoint, Institution
from pasaj.registry.services import next_number

State = Round.State


@dataclass(frozen=True, slots=True)
class Scope:
    """What a round looks at: codes of crossing points and institutions, and whether at the country itself."""

    country: str = ""  # its code; empty: not
    institutions: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()  # institutions that are not assessed and only speak for themselves (mapping)
    crossings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """A round as it is asked for."""

    title: str
    starts: date
    ends: date
    scope: Scope
    photos: bool = False
    mapping: bool = False
    simulated: bool = False


@transaction.atomic
def create(*, framework: FrameworkVersion, wanted: Wanted, actor: Actor, now: datetime) -> Round:
    """Make a round, not yet open. Raises Refused: ROUND-010, 016, 019, 020."""
    _check(wanted)
    row = Round.objects.create(
        code=f"A{next_number('A')}",
        title=wanted.title.strip()[:200],
        framework=framework,
        period_start=wanted.starts,
        period_end=wanted.ends,
        pictures=wanted.photos,
        mapping=wanted.mapping,
        simulated=wanted.simulated,
        created_at=now,
        created_by_id=actor.id,
    )
    _look_at(row, wanted.scope)
    detail = {"framework": str(framework), "units": row.units.count()}
    audit.record(actor=actor, action="round.created", code=row.code, now=now, detail=detail)
    return row


@transaction.atomic
def change(*, code: str, wanted: Wanted, actor: Actor, now: datetime) -> Round:
    """Change title, dates and scope while it is not closed; what has answers stays. An open round needs `publish` next.

    Raises Refused: as `create`, and ROUND-011, 017.
    """
    _check(wanted)
    row = _locked(code, State.DRAFT, State.OPEN)
    row.title, row.period_start, row.period_end = wanted.title.strip()[:200], wanted.starts, wanted.ends
    if row.state == State.DRAFT:
        row.pictures = wanted.photos
    # Once institutions were asked they stay asked; they can still be asked later.
    row.mapping = wanted.mapping or row.forms.filter(sort__in=SORTS).exists()
    row.save(update_fields=["title", "period_start", "period_end", "pictures", "mapping"])
    _look_at(row, wanted.scope)
    citing.moved(row, actor, now)
    audit.record(actor=actor, action="round.changed", code=row.code, now=now, detail={"units": row.units.count()})
    return row


def _check(wanted: Wanted) -> None:
    if not wanted.title.strip():
        raise Refused(problem("ROUND-019"))
    if wanted.ends < wanted.starts:
        raise Refused(problem("ROUND-016"))
    scope = wanted.scope
    if not (scope.country or scope.institutions or scope.crossings or (wanted.mapping and scope.partners)):
        raise Refused(problem("ROUND-010"))


def _look_at(row: Round, scope: Scope) -> None:
    """Make the units of a round those of the scope."""
    partners = [one for one in scope.partners if one not in scope.institutions]
    institutions = {one.code: one for one in Institution.objects.filter(code__in=[*scope.institutions, *partners])}
    crossings = {one.code: one for one in CrossingPoint.objects.filter(code__in=scope.crossings)}
    unknown = [
        code for code in (*scope.institutions, *partners, *scope.crossings) if code not in {**institutions, **crossings}
    ]
    if unknown:
        raise Refused(*(problem("ROUND-020", unit=code) for code in unknown))
    wanted: dict[str, RoundUnit] = {}
    if scope.country:
        wanted[scope.country] = RoundUnit(round=row, sort=Sort.COUNTRY, code=scope.country)
    for code, institution in institutions.items():
        assessed = code not in partners
        wanted[code] = RoundUnit(
            round=row, sort=Sort.INSTITUTION, code=code, institution=institution, assessed=assessed
        )
    for code, crossing in crossings.items():
        wanted[code] = RoundUnit(round=row, sort=Sort.CROSSING_POINT, code=code, crossing=crossing)
    there = {one.code: one for one in row.units.all()}
    gone = [one for code, one in there.items() if code not in wanted]
    moved = [one for code, one in there.items() if code in wanted and one.assessed != wanted[code].assessed]
    answered = [one.code for one in gone if one.mapping_answers.exists()]
    answered += [one.code for one in (*gone, *moved) if one.sheets.exists()]
    if answered:
        raise Refused(*(problem("ROUND-017", unit=code) for code in answered))
    RoundUnit.objects.filter(pk__in=[one.pk for one in gone]).delete()
    for one in moved:
        one.assessed = wanted[one.code].assessed
        one.save(update_fields=["assessed"])
    RoundUnit.objects.bulk_create([one for code, one in wanted.items() if code not in there])


# --- Assessors ---------------------------------------------------------------------------------


@transaction.atomic
def add_assessor(
    *,
    code: str,
    app_user: AppUser | None = None,
    account: Account | None = None,
    units: Iterable[str] = (),
    actor: Actor,
    now: datetime,
) -> Assessor:
    """Let the holder of a key or an account answer, about these units or (none given) about all.

    Raises Refused: ROUND-011 (closed), 003 (a unit outside the scope), 018 (named twice).
    """
    row = _locked(code, State.DRAFT, State.OPEN)
    who = app_user.code if app_user else account.email if account else ""
    account_id = account.pk if account else None
    same = row.assessors.filter(app_user=app_user) if app_user else row.assessors.filter(account_id=account_id)
    if same.exists():
        raise Refused(problem("ROUND-018", who=who))
    bound = _bound(row, units)
    numbers = [int(one.rpartition("-E")[2]) for one in row.assessors.values_list("code", flat=True)]
    assessor = Assessor.objects.create(
        round=row,
        code=f"{row.code}-E{max(numbers, default=0) + 1}",
        app_user=app_user,
        account_id=account_id,
        everywhere=not bound,
    )
    Assignment.objects.bulk_create(Assignment(assessor=assessor, unit=unit) for unit in bound)
    detail = {"assessor": assessor.code, "units": [one.code for one in bound]}
    audit.record(actor=actor, action="round.assessor", code=row.code, now=now, detail=detail)
    return assessor


@transaction.atomic
def assign(*, code: str, assessor: str, units: Iterable[str] = (), actor: Actor, now: datetime) -> Assessor:
    """Let an assessor look at these units from now on, or (none given) at all; answers that count go on counting.

    Raises Refused: ROUND-011 (closed), 003 (a unit outside the scope), 023 (no such assessor).
    """
    row = _locked(code, State.DRAFT, State.OPEN)
    found = row.assessors.filter(code=assessor).first()
    if found is None:
        raise Refused(problem("ROUND-023", assessor=assessor, code=code))
    bound = _bound(row, units)
    found.everywhere = not bound
    found.save(update_fields=["everywhere"])
    found.assignments.exclude(unit__in=bound).delete()
    held = set(found.assignments.values_list("unit_id", flat=True))
    Assignment.objects.bulk_create(Assignment(assessor=found, unit=unit) for unit in bound if unit.pk not in held)
    detail = {"assessor": found.code, "units": [one.code for one in bound]}
    audit.record(actor=actor, action="round.assigned", code=row.code, now=now, detail=detail)
    return found


def _bound(row: Round, units: Iterable[str]) -> list[RoundUnit]:
    wanted = list(dict.fromkeys(units))
    there = {one.code: one for one in row.units.filter(code__in=wanted)}
    missing = [one for one in wanted if one not in there]
    if missing:
        raise Refused(*(problem("ROUND-003", unit=one, code=row.code) for one in missing))
    return [there[one] for one in wanted]


# --- Forms -------------------------------------------------------------------------------------


def publish(
    *,
    code: str,
    wake: Callable[[int], object],
    actor: Actor,
    now: datetime,
) -> list[RoundForm]:
    """Open a round, or bring the forms of an open one up to its scope: they are handed in, converted and published.

    `wake` is called with each upload inside the transaction: it asks a worker for the conversion. A form that says
    what it said before is not handed in again. Returns the forms that were. Raises Refused: ROUND-011, 012.
    """
    handed: list[RoundForm] = []
    with transaction.atomic():
        row = _locked(code, State.DRAFT, State.OPEN)
        wanted = questionnaires(row)
        if not wanted:
            raise Refused(problem("ROUND-012"))
        for sort, made in wanted:
            form = _hand_in(row, sort, made, actor, now)
            if form is not None:
                handed.append(form)
                wake(form.upload_id)
        if row.state == State.DRAFT:
            row.state, row.opened_at = State.OPEN, now
            row.save(update_fields=["state", "opened_at"])
            audit.record(actor=actor, action="round.opened", code=row.code, now=now)
    return handed


def _hand_in(row: Round, sort: str, made: core.Questionnaire, actor: Actor, now: datetime) -> RoundForm | None:
    said = fingerprint(made)
    there = row.forms.filter(sort=sort).first()
    if there is not None and there.fingerprint == said:
        return None
    number = there.number + 1 if there else 1
    data = workbook(made, str(number))
    upload = conversion.upload(
        file=io.BytesIO(data), filename=f"{made.form_id}.xlsx", publish=True, origin="round", actor=actor, now=now
    )
    fields = {"name": made.form_id, "number": number, "fingerprint": said, "upload": upload}
    form, _new = RoundForm.objects.update_or_create(round=row, sort=sort, defaults=fields)
    return form


# --- The end -----------------------------------------------------------------------------------


@transaction.atomic
def close(*, code: str, actor: Actor, now: datetime) -> Round:
    """No answer that comes from now on counts; its forms are offered no more. Raises Refused: ROUND-011."""
    row = _locked(code, State.OPEN)
    row.state, row.closed_at = State.CLOSED, now
    row.save(update_fields=["state", "closed_at"])
    for made in row.forms.select_related("upload__version"):
        if made.upload.version is not None:
            forms.close(form_id=made.upload.version.form_id, actor=actor, now=now)
    audit.record(actor=actor, action="round.closed", code=row.code, now=now)
    return row


def _locked(code: str, *states: str) -> Round:
    row = Round.objects.select_for_update(of=("self",)).select_related("framework").filter(code=code).first()
    if row is None:
        raise Refused(problem("ROUND-001", code=code))
    if row.state not in states:
        raise Refused(problem("ROUND-011", code=code, state=row.state))
    return row
