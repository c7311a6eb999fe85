"""A question for an objective, its options and criteria: begun, changed, decided.

`seen` is the revision of the appraisal before the person's eyes: when somebody changed it since, nothing happens.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from string import ascii_uppercase

from django.db import transaction

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.core import appraisal as core
from pasaj.core.appraisal import grade
from pasaj.core.problems import Problem, Refused, problem
from pasaj.evidence import services as evidence
from pasaj.evidence.services import Draft
from pasaj.policy.models import Appraisal, Criterion, Judgement, Measure, Objective, Option
from pasaj.policy.queries import appraisal as queries
from pasaj.policy.services import chain
from pasaj.policy.services.statements import locked
from pasaj.policy.services.wanted import Texts
from pasaj.policy.services.words import LONGEST, choice, line, reason_of, referred, texts
from pasaj.registry.queries import refuse_naming

MOST = 20
"""Options of a question, and criteria of it."""


@dataclass(frozen=True, slots=True)
class AppraisalWanted:
    """text: the question. weights: by criterion, as the model says. floor: a share from 0 to 1."""

    text: Texts
    weights_known: str = "unknown"
    weights: Mapping[str, object] = field(default_factory=dict)
    draws: int = core.DRAWS
    seed: int = 1
    floor: float = core.FLOOR


@dataclass(frozen=True, slots=True)
class CriterionWanted:
    """scale: a built-in one, or "figure" with `points` (figure, value from 0 to 1) and their unit."""

    code: str
    names: Texts
    scale: str
    points: Sequence[tuple[float, float]] = ()
    unit: str = ""


@transaction.atomic
def begin(
    *, objective: str, wanted: AppraisalWanted, nothing: Texts, actor: Actor, now: datetime, code: str = ""
) -> Appraisal:
    """Ask a question for an objective, with the standard criteria. `nothing`: what happens when nothing is changed.

    Raises Refused: POL-004, 005, 012, SCREEN-001, POLOPT-010 to 013, 016.
    """
    [aim] = referred(Objective, [objective], withdrawn_at=None)
    policy = locked(aim.policy.code)
    row = Appraisal(policy=policy, objective=aim, code=code or _next(policy.code), simulated=policy.simulated)
    row.author_id, row.created_at, row.changed_at = actor.id, now, now
    _fill(row, wanted, [grade.criterion(*one) for one in grade.STANDARD])
    row.save(force_insert=True)
    Criterion.objects.bulk_create(
        Criterion(appraisal=row, number=at, code=one, scale=scale) for at, (one, scale) in enumerate(grade.STANDARD, 1)
    )
    _option(row, nothing, actor, now, status_quo=True)
    return _done(row, "begun", actor, now)


@transaction.atomic
def change(*, code: str, wanted: AppraisalWanted, seen: int, actor: Actor, now: datetime) -> Appraisal:
    """Another question, other weights, more draws. Raises Refused: as `begin`, and POL-003, POLOPT-001, 020."""
    row = opened(code, seen)
    _fill(row, wanted, [queries.criterion_of(one) for one in row.criteria.order_by("number")])
    _moved(row, now)
    follow(row, actor, now)
    return _done(row, "changed", actor, now)


@transaction.atomic
def add_option(*, code: str, text: Texts, seen: int, actor: Actor, now: datetime) -> Option:
    """One more option. Raises Refused: POL-003, 004, 005, SCREEN-001, POLOPT-001, 020, 024."""
    row = opened(code, seen)
    made = _option(row, text, actor, now)
    _moved(row, now)
    _done(row, "changed", actor, now, option=made.code)
    return made


@transaction.atomic
def edit_option(*, option: str, text: Texts, seen: int, actor: Actor, now: datetime) -> Option:
    """Say it otherwise. Raises Refused: POL-003, 004, 005, 012, SCREEN-001, POLOPT-020."""
    [found] = referred(Option, [option], withdrawn_at=None)
    row = opened(found.appraisal.code, seen)
    found.text, found.revision, found.changed_at = texts(text), found.revision + 1, now
    found.save(update_fields=["text", "revision", "changed_at"])
    _moved(row, now)
    follow(row, actor, now)
    _done(row, "changed", actor, now, option=option)
    return found


@transaction.atomic
def withdraw_option(*, option: str, reason: str, seen: int, actor: Actor, now: datetime) -> Option:
    """Take an option out; it keeps its code, and its judgements are kept. Raises Refused: as above, POLOPT-022."""
    [found] = referred(Option, [option], withdrawn_at=None)
    row = opened(found.appraisal.code, seen)
    if found.status_quo:
        raise Refused(problem("POLOPT-022"))
    found.reason, found.withdrawn_at = reason_of(reason), now
    found.revision, found.changed_at = found.revision + 1, now
    found.save(update_fields=["reason", "withdrawn_at", "revision", "changed_at"])
    chain.take_back(option, found.reason, actor, now)
    _moved(row, now)
    _done(row, "changed", actor, now, withdrawn=option, note=found.reason)
    return found


@transaction.atomic
def add_criterion(*, code: str, wanted: CriterionWanted, seen: int, actor: Actor, now: datetime) -> Criterion:
    """One more criterion. Raises Refused: POL-003, 005, 009, SCREEN-001, POLOPT-001, 004, 005, 020, 024."""
    row = opened(code, seen)
    name = line(wanted.code, 16).upper()
    numbers = list(row.criteria.order_by("-number").values_list("number", flat=True))
    if len(numbers) >= MOST:
        raise Refused(problem("POLOPT-024", most=MOST))
    if not name or row.criteria.filter(code=name).exists():
        raise Refused(problem("POLOPT-004", file=code, column=name, value=name))
    made = Criterion(appraisal=row, code=name, number=max(numbers, default=0) + 1)
    made.names, made.unit = texts(wanted.names), line(wanted.unit, 60)
    made.scale = choice(wanted.scale, (queries.FIGURE, *grade.SCALES))
    made.points = sorted([float(a), float(b)] for a, b in wanted.points) if made.scale == queries.FIGURE else []
    wrong = [one for one in core.check(_alone(queries.criterion_of(made))) if one.code == "POLOPT-005"]
    if wrong:
        raise Refused(*wrong)
    made.save(force_insert=True)
    if row.weights_known != Appraisal.Weights.UNKNOWN:
        row.weights_known, row.weights = Appraisal.Weights.UNKNOWN, {}  # nothing is said of the new one yet
    _moved(row, now)
    _done(row, "changed", actor, now, criterion=name)
    return made


@transaction.atomic
def remove_criterion(*, code: str, criterion: str, seen: int, actor: Actor, now: datetime) -> Appraisal:
    """Take a criterion out that nobody has judged yet. Raises Refused: POL-003, 012, POLOPT-001, 020, 023."""
    row = opened(code, seen)
    [found] = referred(Criterion, [criterion], appraisal=row)
    if Judgement.objects.filter(criterion=found).exists():
        raise Refused(problem("POLOPT-023", criterion=criterion))
    if queries.criterion_of(found).vetoes:
        raise Refused(problem("POLOPT-025", criterion=criterion))
    found.delete()
    row.weights_known, row.weights = Appraisal.Weights.UNKNOWN, {}
    _moved(row, now)
    return _done(row, "changed", actor, now, removed=criterion)


@transaction.atomic
def decide(*, code: str, option: str, reason: str, seen: int, actor: Actor, now: datetime) -> Appraisal:
    """Choose an option. The reason must be in writing when something stands against it.

    Raises Refused: POL-003, 005, 012, SCREEN-001, POLOPT-001, 017 to 020, 029, and as `core.appraise`.
    """
    row = opened(code, seen)
    [found] = referred(Option, [option], appraisal=row, withdrawn_at=None)
    told = queries.result(queries.table(row))
    open_ = next((one for one, _criterion in told.unjudged if one == option), None)
    if open_:
        raise Refused(problem("POLOPT-019", option=option))
    against = core.against(told, option, row.floor)
    share = told.first(option)
    if against and not reason.strip():
        raise Refused(_demanded(against, option, share, row.floor))
    row.chosen, row.decision = found, reason_of(reason) if reason.strip() else ""
    row.contested, row.against, row.first_share = bool(against), [str(one) for one in against], share
    row.decided_at, row.decided_label = now, actor.label
    _moved(row, now)
    return _done(row, "decided", actor, now, row.decision, option=option, against=row.against, first=round(share, 4))


@transaction.atomic
def reopen(*, code: str, reason: str, seen: int, actor: Actor, now: datetime) -> Appraisal:
    """Take the choice back. Raises Refused: POL-003, 006, 008 (a measure was chosen as it), POLOPT-001, 021."""
    row = opened(code, seen, decided=True)
    assert row.chosen is not None
    measures = Measure.objects.filter(option=row.chosen.code, withdrawn_at=None).order_by("code")
    named = list(measures.values_list("code", flat=True))
    if named:
        raise Refused(problem("POL-008", code=row.chosen.code, others=", ".join(named)))
    why = reason_of(reason)
    row.chosen, row.decision, row.contested, row.against, row.first_share = None, "", False, [], None
    row.decided_at, row.decided_label = None, ""
    _moved(row, now)
    return _done(row, "reopened", actor, now, why)


@transaction.atomic
def realise(*, code: str, measure: str, seen: int, actor: Actor, now: datetime) -> Measure:
    """Say which measure the chosen option became. Raises Refused: POL-003, 012, POLOPT-001, 021, 026."""
    row = opened(code, seen, decided=True)
    assert row.chosen is not None
    [found] = referred(Measure, [measure], policy=row.policy, withdrawn_at=None)
    if not found.objectives.filter(pk=row.objective_id).exists():
        raise Refused(problem("POLOPT-026", measure=measure, objective=row.objective.code))
    found.option, found.revision, found.changed_at = row.chosen.code, found.revision + 1, now
    found.save(update_fields=["option", "revision", "changed_at"])
    chain.follow([found], actor, now)
    _moved(row, now)
    chain.say(row.policy, [measure], "realised", actor, now, "", option=row.chosen.code)
    audit.record(actor=actor, action="appraisal.realised", code=measure, now=now, detail={"option": row.chosen.code})
    return found


def opened(code: str, seen: int | None, *, decided: bool = False) -> Appraisal:
    """The appraisal, locked, as it was seen. Raises Refused: POL-003, POLOPT-001, 020 (decided), 021 (not decided)."""
    rows = Appraisal.objects.select_for_update(of=("self",)).select_related("policy", "objective", "chosen")
    row = rows.filter(code=code).first()
    if row is None:
        raise Refused(problem("POLOPT-001", code=code))
    if seen is not None and row.revision != seen:
        raise Refused(problem("POL-003", code=code, now=row.revision, seen=seen))
    if (row.chosen_id is not None) != decided:
        raise Refused(problem("POLOPT-021" if decided else "POLOPT-020", code=code))
    return row


def follow(row: Appraisal, actor: Actor, now: datetime) -> None:
    """Put the standing options with their judgements into the chain of evidence, and what they are judged on."""
    found = queries.table(row)
    wanted: dict[tuple[str, str], list[str]] = {}
    drafts = []
    for option in found.options:
        own = {one.code: found.judgements.get((option.code, one.code)) for one in found.criteria}
        said = [f"{criterion}: {_said(one)}" for criterion, one in own.items() if one]
        fields = {"text": option.text, "question": row.text, "judgements": said}
        drafts.append(Draft(option.code, "policy-option", fields, {}, option.text, simulated=row.simulated))
        wanted[option.code, "answers"] = [row.objective.code]
        wanted[option.code, "judged-on"] = sorted({code for one in own.values() if one for code in one.evidence})
    chain.cite({code for codes in wanted.values() for code in codes}, actor, now)
    evidence.put(drafts=drafts, actor=actor, now=now)
    chain.tie(wanted, actor, now)


# --- Inside ------------------------------------------------------------------------------------


def _said(row: Judgement) -> str:
    figures = {"": row.value, "low": row.low, "high": row.high, "sigma": row.sigma}
    words = [row.word, *(f"{name} {value:g}".strip() for name, value in figures.items() if value is not None)]
    return " ".join(one for one in (*words, row.certainty) if one)


def _next(policy: str) -> str:
    head = f"{policy}-Q"
    tails = [code.removeprefix(head) for code in Appraisal.objects.filter(code__startswith=head).values_list(
        "code", flat=True)]  # fmt: skip
    return f"{head}{max((int(tail) for tail in tails if tail.isdigit()), default=0) + 1}"


def _option(row: Appraisal, text: Texts, actor: Actor, now: datetime, *, status_quo: bool = False) -> Option:
    many = row.options.count()
    if many >= MOST:
        raise Refused(problem("POLOPT-024", most=MOST))
    made = Option(policy=row.policy, appraisal=row, code=f"{row.code}-{ascii_uppercase[many]}", status_quo=status_quo)
    made.text, made.author_id, made.simulated = texts(text), actor.id, row.simulated
    made.created_at = made.changed_at = now
    made.save(force_insert=True)
    follow(row, actor, now)
    return made


def _fill(row: Appraisal, wanted: AppraisalWanted, criteria: Sequence[core.Criterion]) -> None:
    row.text = texts(wanted.text)
    row.weights_known = choice(wanted.weights_known, Appraisal.Weights.values)
    row.weights = {} if row.weights_known == Appraisal.Weights.UNKNOWN else dict(wanted.weights)
    if not 100 <= wanted.draws <= core.MOST_DRAWS:
        raise Refused(problem("POLOPT-016", file=row.code, value=wanted.draws, most=core.MOST_DRAWS))
    row.draws, row.seed, row.floor = wanted.draws, wanted.seed, min(max(wanted.floor, 0.0), 1.0)
    question = core.Question(row.code, ("A", "B"), "A", tuple(criteria), {}, queries.weights_of(row))
    wrong = [
        one for one in core.check(question) if one.code in ("POLOPT-010", "POLOPT-011", "POLOPT-012", "POLOPT-013")
    ]
    if wrong:
        raise Refused(*wrong)


def _alone(criterion: core.Criterion) -> core.Question:
    return core.Question("", ("A", "B"), "A", (criterion,))


def _demanded(against: Sequence[core.Against], option: str, share: float, floor: float) -> Problem:
    if core.Against.VETOED in against:
        return problem("POLOPT-018", option=option)
    if core.Against.IN_DOUBT in against:
        return problem("POLOPT-029", option=option)
    return problem("POLOPT-017", option=option, share=f"{share:.0%}", floor=f"{floor:.0%}")


def _moved(row: Appraisal, now: datetime) -> None:
    row.revision, row.changed_at = row.revision + 1, now
    row.save()


def _done(row: Appraisal, action: str, actor: Actor, now: datetime, note: str = "", **details: object) -> Appraisal:
    chain.say(row.policy, [row.code], action, actor, now, note, **details)
    audit.record(actor=actor, action=f"appraisal.{action}", code=row.code, now=now, detail={"note": note, **details})
    return row


def screened(said: str) -> str:
    """A longer text that names nobody. Raises Refused: POL-005, SCREEN-001."""
    found = said.strip().replace("\r\n", "\n")
    if len(found) > LONGEST:
        raise Refused(problem("POL-005", limit=LONGEST))
    refuse_naming(text=found)
    return found
