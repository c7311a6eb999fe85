"""From what is wanted to a row: what each kind of statement checks and keeps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pasaj.assess.models import Recommendation
from pasaj.core.policy.order import circle
from pasaj.core.problems import Refused, problem
from pasaj.evidence.models import Node
from pasaj.policy.models import (
    Action,
    Goal,
    Indicator,
    Measure,
    MeasurePart,
    Objective,
    Option,
    Policy,
    Problem,
    Theme,
)
from pasaj.policy.queries.statements import AnyStatement
from pasaj.policy.services.wanted import (
    ActionWanted,
    IndicatorWanted,
    MeasureWanted,
    ObjectiveWanted,
    ProblemWanted,
    Wanted,
)
from pasaj.policy.services.words import choice, line, lines, number, referred, referred_one, texts
from pasaj.registry.models import Area, Function, Institution, Instrument

MODELS: dict[type, type[AnyStatement]] = {
    ProblemWanted: Problem,
    ObjectiveWanted: Objective,
    MeasureWanted: Measure,
    ActionWanted: Action,
    IndicatorWanted: Indicator,
}
LETTERS: dict[type, str] = {Problem: "PB", Objective: "O", Measure: "M", Action: "A", Indicator: "I"}


def next_code(policy: Policy, wanted: Wanted) -> str:
    """The code of a new statement: its letter, the number of its theme or measure, and the next number there."""
    model = MODELS[type(wanted)]
    head = f"{policy.code}-{LETTERS[model]}"
    if isinstance(wanted, ActionWanted):
        head += wanted.measure.partition("-M")[2] + "."
    elif not isinstance(wanted, IndicatorWanted):
        head += f"{wanted.theme}."
    codes = model._default_manager.filter(code__startswith=head).values_list("code", flat=True)
    tails = [code.removeprefix(head) for code in codes]
    return f"{head}{max((int(tail) for tail in tails if tail.isdigit()), default=0) + 1}"


def fill(row: AnyStatement, wanted: Wanted) -> Callable[[], None]:
    """Put what is wanted onto the row; what is returned is called when the row has been saved, for its many-to-many.

    Raises Refused: POL-004, 005, 009 to 017, SCREEN-001.
    """
    row.text = texts(wanted.text)
    return FILLERS[type(wanted)](row, wanted)


def theme_of(policy: Policy, number: int) -> Theme:
    """A theme by its number. Raises Refused: POL-012."""
    found = Theme.objects.filter(policy=policy, number=number).first()
    if found is None:
        raise Refused(problem("POL-012", code=f"{policy.code}-T{number}"))
    return found


def _problem(row: Problem, wanted: ProblemWanted) -> Callable[[], None]:
    row.theme = theme_of(row.policy, wanted.theme)
    row.findings = list(dict.fromkeys(wanted.findings))
    known = set(Node.objects.filter(code__in=row.findings).values_list("code", flat=True))
    known |= set(Instrument.objects.filter(code__in=row.findings).values_list("code", flat=True))
    missing = [code for code in row.findings if code not in known]
    if missing:
        raise Refused(*(problem("POL-012", code=code[:40]) for code in missing))
    row.rights, row.groups = lines(wanted.rights), lines(wanted.groups)
    return _nothing


def _objective(row: Objective, wanted: ObjectiveWanted) -> Callable[[], None]:
    row.theme = theme_of(row.policy, wanted.theme)
    problems = referred(Problem, wanted.problems, policy=row.policy, withdrawn_at=None)
    goals = referred(Goal, wanted.goals, retired_at=None)

    def after() -> None:
        row.problems.set(problems)
        row.goals.set(goals)

    return after


def _measure(row: Measure, wanted: MeasureWanted) -> Callable[[], None]:
    row.theme, row.kind = theme_of(row.policy, wanted.theme), choice(wanted.kind, Measure.Kind.values)
    objectives = referred(Objective, wanted.objectives, policy=row.policy, withdrawn_at=None)
    row.function, row.territory = referred_one(Function, wanted.function), referred_one(Area, wanted.territory)
    basis = referred(Instrument, wanted.basis)
    safeguards = referred(Measure, wanted.safeguards, policy=row.policy, withdrawn_at=None)
    option = referred_one(Option, wanted.option, policy=row.policy, withdrawn_at=None)
    row.option = option.code if option else ""
    shares = _shares(wanted)

    def after() -> None:
        row.objectives.set(objectives)
        row.basis.set(basis)
        row.safeguards.set(safeguards)
        row.institutions.all().delete()
        MeasurePart.objects.bulk_create(
            MeasurePart(measure=row, institution=institution, part=part) for institution, part in shares
        )

    return after


def _shares(wanted: MeasureWanted) -> list[tuple[Institution, str]]:
    codes = [code for code, _part in wanted.institutions]
    twice = next((code for code in codes if codes.count(code) > 1), "")
    if twice:
        raise Refused(problem("POL-017", institution=twice))
    found = {row.code: row for row in referred(Institution, codes)}
    return [(found[code], choice(part, MeasurePart.Part.values)) for code, part in wanted.institutions]


def _action(row: Action, wanted: ActionWanted) -> Callable[[], None]:
    measure, owner = referred_one(Measure, wanted.measure), referred_one(Institution, wanted.owner)
    if measure is None or measure.policy_id != row.policy.pk or measure.withdrawn_at or owner is None:
        raise Refused(problem("POL-012", code=(wanted.measure if owner else wanted.owner)[:40]))
    row.measure, row.owner = measure, owner
    _dates(row, wanted)
    row.deliverable = texts(wanted.deliverable, needed=False)
    needs = referred(Action, wanted.needs, policy=row.policy, withdrawn_at=None)
    row.recommendations = [one.code for one in referred(Recommendation, wanted.recommendations)]
    row.adopts = referred_one(Instrument, wanted.adopts)
    row.personal_data, row.shares_data = wanted.personal_data, wanted.shares_data
    row.assessment, row.agreement = line(wanted.assessment), line(wanted.agreement, 40)
    _no_circle(row, needs)
    return lambda: row.needs.set(needs)


def _dates(row: Action, wanted: ActionWanted) -> None:
    policy = row.policy
    if wanted.last < wanted.first:
        raise Refused(problem("POL-010"))
    if wanted.first < policy.first_date or wanted.last > policy.last_date:
        raise Refused(problem("POL-011", code=row.code, first=policy.first_date, last=policy.last_date))
    row.first_date, row.last_date = wanted.first, wanted.last


def _no_circle(row: Action, needs: list[Action]) -> None:
    through = Action.needs.through._default_manager.filter(from_action__policy=row.policy)
    pairs = through.values_list("from_action__code", "to_action__code")
    ways = [(child, parent) for child, parent in pairs if child != row.code]
    found = circle([*ways, *((row.code, one.code) for one in needs)])
    if found:
        raise Refused(problem("POL-013", circle=" → ".join((*found, found[0]))))


def _indicator(row: Indicator, wanted: IndicatorWanted) -> Callable[[], None]:
    where = {"policy": row.policy, "withdrawn_at": None, "code": wanted.measures}
    row.action = Action.objects.filter(**where).first()
    row.objective = Objective.objects.filter(**where).first()
    if (row.action is None) == (row.objective is None):
        raise Refused(problem("POL-014"))
    row.definition = texts(wanted.definition, needed=False)
    row.unit, row.direction = line(wanted.unit, 60), choice(wanted.direction, Indicator.Direction.values)
    row.baseline = None if wanted.baseline is None else number(wanted.baseline)
    row.target = None if wanted.target is None else number(wanted.target)
    row.baseline_date, row.target_date, row.every_days = wanted.baseline_on, wanted.target_on, wanted.every_days
    row.baseline_source, row.source_name = line(wanted.baseline_source), line(wanted.source_name)
    row.origin = choice(wanted.origin, ("", *Indicator.Origin.values))
    row.denominator, row.personal_data = line(wanted.denominator), wanted.personal_data
    row.figure = wanted.figure
    if row.figure and not Node.objects.filter(code=row.figure, kind="figure").exists():
        raise Refused(problem("POL-012", code=row.figure[:40]))
    return _nothing


def _nothing() -> None:
    pass


FILLERS: dict[type, Callable[[Any, Any], Callable[[], None]]] = {
    ProblemWanted: _problem,
    ObjectiveWanted: _objective,
    MeasureWanted: _measure,
    ActionWanted: _action,
    IndicatorWanted: _indicator,
}
__all__ = ["MODELS", "fill", "next_code"]
