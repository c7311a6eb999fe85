"""Questions about plans and their activations: the library, the board, whose tasks, what runs.

Lists are filtered by the rules of whoever asks. `now` is the business clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, Q, QuerySet

from pasaj.access.rules import Actor, visible
from pasaj.core import plans as core
from pasaj.core.plans import Action, Known, Mandated
from pasaj.core.problems import Problem
from pasaj.notify import queries as notify
from pasaj.registry import queries as registry
from pasaj.registry.models import Function, Institution, Mandate, localised
from pasaj.respond.models import Activation, Alert, Decision, HazardTemplate, Plan, ResourceRequest, Task
from pasaj.respond.queries.standings import RUNNING, standings_of
from pasaj.watch.models import Measure

State = Task.State


# --- Plans ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shelved:
    """A plan of the library. problems: what its check says today; due: it should have been looked at again."""

    row: Plan
    plan: core.Plan
    problems: tuple[Problem, ...]
    due: bool
    running: int


@dataclass(frozen=True, slots=True)
class Leading:
    """An institution and, plan by plan, how many actions it leads and supports."""

    institution: Institution
    cells: tuple[tuple[int, int], ...]


def plans(actor: Actor) -> QuerySet[Plan]:
    """Plans that the pack has now."""
    return visible(Plan.objects.filter(retired_at=None), actor).order_by("code")


def library(actor: Actor, today: date) -> list[Shelved]:
    """Every plan with what its check says on a day."""
    running = Count("activations", filter=Q(activations__state=Activation.State.ACTIVE))
    known = known_today()
    return [_shelved(row, known, today) for row in plans(actor).annotate(running=running)]


def shelved(row: Plan, today: date) -> Shelved:
    """One plan with what its check says on a day."""
    return _shelved(row, known_today(), today)


def _shelved(row: Plan, known: Known, today: date) -> Shelved:
    plan = core.from_plain(row.content)
    running = getattr(row, "running", 0)
    return Shelved(row, plan, tuple(core.check(plan, known, today)), row.review_date <= today, running)


def known_today() -> Known:
    """What plans are held against here and now."""
    measures = Measure.objects.filter(retired_at=None).order_by("code").values_list("code", "alert_on", "protection")
    rows = Mandate.objects.filter(retired_at=None).order_by("pk")
    held = rows.values_list("function__code", "institution__code", "role", "valid_start", "valid_end")
    found = list(measures)
    return Known(
        measures={code: alert_on for code, alert_on, _protection in found},
        mandates=tuple(Mandated(*one) for one in held),
        protection=frozenset(code for code, _alert_on, protection in found if protection),
        hazards=_hazards(),
    )


def _hazards() -> frozenset[str] | None:
    """Codes of the templates of alerts; None where the pack has none."""
    rows = HazardTemplate.objects.filter(retired_at=None).order_by("code")
    return frozenset(rows.values_list("code", flat=True)) or None


def leading(found: Sequence[Shelved]) -> list[Leading]:
    """Who leads and supports how much of which plan, institutions in the order of their codes."""
    codes = {code for one in found for action in one.plan.actions for code in (action.lead, *action.support)}
    rows = Institution.objects.filter(code__in=codes).order_by("code")
    return [Leading(one, tuple(_share(one.code, shelf.plan) for shelf in found)) for one in rows]


def _share(code: str, plan: core.Plan) -> tuple[int, int]:
    leads = sum(one.lead == code for one in plan.actions)
    return leads, sum(code in one.support for one in plan.actions)


@dataclass(frozen=True, slots=True)
class Hour:
    """What is due by one hour of a plan."""

    hours: float
    actions: tuple[Action, ...]


def timeline(plan: core.Plan, level: str = "") -> list[Hour]:
    """The actions of a level (empty: of the plan) by the hour at which they are due."""
    actions = plan.of_level(level) if level else plan.actions
    hours = sorted({one.hours for one in actions})
    return [Hour(hour, tuple(one for one in actions if one.hours == hour)) for hour in hours]


def fitting(actor: Actor, hazard: str, severity: str) -> list[tuple[Plan, str]]:
    """Plans whose triggers an alert meets, with the code of the level that they propose."""
    found = []
    sign = core.Sign("alert", hazard=hazard, severity=severity)
    for row in plans(actor):
        level = core.proposed(core.from_plain(row.content), sign)
        if level is not None:
            found.append((row, level.code))
    return found


# --- Activations ---------------------------------------------------------------------------------


def activations(actor: Actor) -> QuerySet[Activation]:
    """Activations an actor may see, running ones and the newest first, with counts of their own tasks."""
    rows = visible(Activation.objects.select_related("plan", "alert"), actor)
    return rows.order_by(F("stood_down_at").desc(nulls_first=True), "-started_at", "-pk")


def tasks(actor: Actor, row: Activation | None = None) -> QuerySet[Task]:
    """Tasks an actor may see, the ones due first first."""
    rows = visible(Task.objects.select_related("institution", "activation__alert"), actor)
    if row is not None:
        rows = rows.filter(activation=row)
    return rows.order_by("due_at", "order", "pk")


@dataclass(frozen=True, slots=True)
class Line:
    """A task on the board. late: its hour has passed and it is not done. waits: codes of the tasks it waits for."""

    task: Task
    late: bool
    waits: tuple[str, ...]
    waits_for_protection: bool

    @property
    def hours(self) -> float:
        """The hour of the activation at which it is due."""
        started: datetime = self.task.activation.started_at
        return round((self.task.due_at - started).total_seconds() / 360) / 10


@dataclass(frozen=True, slots=True)
class Lane:
    """The tasks of one institution, those that are late first. reachable: somebody of it is in the directory."""

    institution: Institution
    lines: tuple[Line, ...]
    reachable: bool

    @property
    def late(self) -> int:
        return sum(one.late for one in self.lines)


@dataclass(frozen=True, slots=True)
class Counted:
    """How the tasks of an activation stand."""

    total: int
    done: int
    open: int
    waiting: int
    blocked: int
    dropped: int
    late: int

    @property
    def asked(self) -> int:
        """Those that count: dropped ones left out."""
        return self.total - self.dropped


@dataclass(frozen=True, slots=True)
class Board:
    """An activation as its board shows it. changed: the plan in the pack is not the one that it began with."""

    row: Activation
    plan: core.Plan
    level: core.Level
    lines: tuple[Line, ...]
    lanes: tuple[Lane, ...]
    count: Counted
    changed: bool
    past: bool
    alert_over: bool


def board(actor: Actor, row: Activation, now: datetime) -> Board:
    """The board of an activation: the tasks an actor may see, late ones first, then by the hour they are due."""
    every = list(row.tasks.select_related("institution").order_by("due_at", "order", "pk"))
    shown = set(tasks(actor, row).values_list("pk", flat=True))
    found = lines(row, every, now)
    mine = sorted((one for one in found if one.task.pk in shown), key=lambda one: not one.late)
    plan = core.from_plain(row.content)
    level = plan.level(row.level)
    assert level is not None  # of the plan as it stood when somebody chose it
    return Board(
        row=row,
        plan=plan,
        level=level,
        lines=tuple(mine),
        lanes=_lanes(mine),
        count=counted(one for one in mine),
        changed=row.plan.fingerprint != row.fingerprint or row.plan.retired_at is not None,
        past=row.state == Activation.State.ACTIVE and _today(now) > row.ends_date,
        alert_over=row.state == Activation.State.ACTIVE and row.alert.state in ("expired", "cancelled", "ended"),
    )


def lines(row: Activation, every: Sequence[Task], now: datetime) -> list[Line]:
    """Tasks with what they wait for; `every` are all of the activation."""
    found = standings_of(row, every)
    codes = {one.action: one.code for one in every}
    made = []
    for one in every:
        one.activation = row
        waiting = one.state == State.WAITING
        standing = found[one.action]
        made.append(
            Line(
                task=one,
                late=one.state in RUNNING and one.due_at <= now,
                waits=tuple(codes[action] for action in standing.waits_for) if waiting else (),
                waits_for_protection=waiting and standing.waits_for_protection,
            )
        )
    return made


def _lanes(found: Iterable[Line]) -> tuple[Lane, ...]:
    lanes: dict[Institution, list[Line]] = {}
    for one in found:
        lanes.setdefault(one.task.institution, []).append(one)
    told = _in_directory(one.code for one in lanes)
    made = [Lane(institution, tuple(own), institution.code in told) for institution, own in lanes.items()]
    return tuple(sorted(made, key=lambda one: (-one.late, one.institution.code)))


def _in_directory(codes: Iterable[str]) -> set[str]:
    found = notify.recipients(institutions=list(codes), severity="extreme")
    return set(found.values_list("institution__code", flat=True))


def counted(found: Iterable[Line]) -> Counted:
    """How many tasks stand how."""
    every = list(found)
    states = {state: sum(one.task.state == state for one in every) for state in State.values}
    return Counted(
        total=len(every),
        done=states[State.DONE],
        open=states[State.OPEN],
        waiting=states[State.WAITING],
        blocked=states[State.BLOCKED],
        dropped=states[State.DROPPED],
        late=sum(one.late for one in every),
    )


def _today(now: datetime) -> date:
    home = registry.home()
    return (now.astimezone(home.zone) if home else now).date()


@dataclass(frozen=True, slots=True)
class Running:
    """An activation that runs, for lists and the morning page."""

    row: Activation
    count: Counted
    past: bool

    @property
    def name(self) -> str:
        return localised(self.row.content["names"])

    @property
    def level_name(self) -> str:
        found = (one["names"] for one in self.row.content["levels"] if one["code"] == self.row.level)
        return localised(next(found, {}), self.row.level)


def active(actor: Actor, now: datetime | None = None) -> list[Running]:
    """What runs, with how the tasks stand that the actor may see; the one with most late tasks first.

    Without `now`, nothing is told as late.
    """
    rows = activations(actor).filter(state=Activation.State.ACTIVE)
    found = running(actor, rows, now)
    return sorted(found, key=lambda one: -one.count.late)


def running(actor: Actor, rows: Iterable[Activation], now: datetime | None) -> list[Running]:
    """Activations with counts, in two queries however many they are."""
    wanted = list(rows)
    own: dict[int, list[Line]] = {one.pk: [] for one in wanted}
    for task in tasks(actor).filter(activation__in=wanted):
        late = now is not None and task.state in RUNNING and task.due_at <= now
        own[task.activation_id].append(Line(task, late, (), False))
    today = _today(now) if now is not None else None
    active_state = Activation.State.ACTIVE
    return [
        Running(
            row=one,
            count=counted(own[one.pk]),
            past=today is not None and one.state == active_state and today > one.ends_date,
        )
        for one in wanted
    ]


@dataclass(frozen=True, slots=True)
class Mine:
    """A task of one's own institution, and what its plan is called."""

    line: Line
    plan: str


def mine(actor: Actor, now: datetime) -> list[Mine]:
    """Running tasks of the actor's own institutions; late ones first, then by the hour they are due."""
    rows = Task.objects.filter(
        institution__in=actor.institution_ids, activation__state=Activation.State.ACTIVE
    ).values_list("activation", flat=True)
    found: list[Mine] = []
    for row in visible(Activation.objects.select_related("alert", "plan"), actor).filter(pk__in=rows).order_by("pk"):
        every = list(row.tasks.select_related("institution").order_by("due_at", "order", "pk"))
        name = localised(row.content["names"])
        found += [
            Mine(one, name)
            for one in lines(row, every, now)
            if one.task.institution_id in actor.institution_ids and one.task.state in RUNNING
        ]
    return sorted(found, key=lambda one: (not one.line.late, one.line.task.due_at, one.line.task.code))


def requests(actor: Actor, row: Activation) -> QuerySet[ResourceRequest]:
    """What was asked for in an activation, the newest first."""
    rows = ResourceRequest.objects.select_related("asking", "asked").prefetch_related("events")
    return visible(rows, actor).filter(activation=row).order_by("-created_at", "-pk")


def decisions(actor: Actor, row: Activation) -> QuerySet[Decision]:
    """The log of decisions of an activation, the newest first."""
    return visible(Decision.objects.filter(activation=row), actor).order_by("-at", "-pk")


# --- Words ---------------------------------------------------------------------------------------


def core_plan(row: Activation) -> core.Plan:
    """The plan as it stood when the activation began."""
    return core.from_plain(row.content)


def function_of(action: Action | None) -> Function | None:
    """The function that an action belongs to, as the registry has it."""
    return Function.objects.filter(code=action.function).first() if action else None


def alert_name(alert: Alert) -> str:
    """What an alert speaks of, from the headline of its newest message; else its hazard."""
    newest = alert.messages.order_by("-number").first()
    texts = {language: text.get("headline", "") for language, text in newest.texts.items()} if newest else {}
    return localised({language: text for language, text in texts.items() if text}) or alert.hazard
