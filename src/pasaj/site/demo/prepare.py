"""The stages of a demonstration. Each looks at the rows to see whether it is done: interrupt it whenever you like."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from pasaj.access.models import Account, address
from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.core.problems import Refused, problem
from pasaj.registry import queries as registry
from pasaj.registry.models import CalendarRule, Home
from pasaj.registry.services import packs
from pasaj.site.cli import tell
from pasaj.site.cli.home import set_up
from pasaj.site.cli.tell import _
from pasaj.site.demo import (
    alerts,
    directory,
    dutyroom,
    figures,
    findings,
    happenings,
    load,
    people,
    policy,
    reports,
    rounds,
    sitreps,
)
from pasaj.site.demo.script import Script, read
from pasaj.site.demo.section import FILE
from pasaj.watch.models import Backtest, DetectionRun, Observation, Signal
from pasaj.watch.services import backtests, detection, signals

TOGETHER = 50


@dataclass(frozen=True, slots=True)
class Prepared:
    """The logins, and the path of the page of one key; empty where the script opens none."""

    logins: list[people.Login]
    key: str


def prepare(*, actor: Actor) -> Prepared:
    """Make the home a demonstration, or go on with one; the logins have fresh passwords, the open key a fresh token.

    Raises Refused: CLI-022 (the home is in use), CLI-023 (no demo.toml), CLI-024 (a wrong one).
    """
    _refuse_home_in_use()
    set_up(None)
    home = registry.home()
    assert home is not None
    text = _script_of(home)
    script = read(text)
    world = _world(home, script)
    clock = figures.clock(script, world)
    _set_clock(home, clock, actor)
    sent = reports.plan(script, world, clock)
    _simulate(script, world, text, sent, actor, clock)
    happenings.tell(script=script, world=world, actor=actor, now=clock)
    _detect(script, world, clock, actor)
    _backtest(script, clock, actor)
    made = people.logins(people=script.people, actor=actor, now=clock)
    happenings.call(script=script, world=world, officer=_officer(script), now=clock)
    directory.fill(wanted=script.directory, world=world, actor=actor, now=clock)
    reports.look(plans=sent, officer=_officer(script), now=clock)
    _triage(script, world, clock)
    sitreps.report(asked=script.sitreps, officer=_officer(script), approver=_person(script, "approver"), now=clock)
    _duty_room(script, clock)
    _policy(home, script, world, clock)
    for wanted in script.rounds:
        with tell.progress(_("Assessing")) as show:
            held = rounds.hold(wanted=wanted, world=world, actor=_lead(script), progress=show)
        if held is not None:
            findings.decide(row=held, wanted=wanted.decided, actor=_lead(script), now=clock)
            rounds.report(held, _lead(script), clock)
    _policy(home, script, world, clock)
    alerts.tell(wanted=script.alerts, officer=_officer(script), approver=_person(script, "approver"), now=clock)
    # Wake-ups for workers that do not run here; what is due is found by its own rows as well.
    DBTaskResult.objects.filter(status="READY").delete()
    return Prepared(made, reports.address(script, actor, clock))


def _simulate(
    script: Script, world: figures.World, text: str, sent: list[reports.Planned], actor: Actor, clock: datetime
) -> None:
    """The year, but for what comes with reports; then the reports, each in its turn."""
    loaded, left = load.loaded(), reports.left(sent)
    if loaded and not left:
        return
    rows = list(figures.simulated(script, world))
    if not loaded:
        apart = reports.brought(sent)
        year = [one for one in rows if ((one.place, one.measure, one.category, one.source), one.day) not in apart]
        with tell.progress(_("Simulating a year")) as show:
            load.load(figures=year, text=text, actor=actor, now=clock, progress=show)
    with tell.progress(_("Sending reports")) as show:
        reports.send(plans=left, figures=rows, script=script, actor=actor, now=clock, progress=show)


def _refuse_home_in_use() -> None:
    """A home with accounts or figures of its own never becomes a demonstration."""
    from pasaj.site.cli import ground  # noqa: PLC0415 - the command line calls us

    if not ground.has_database() or ground.migrations().missing:
        return
    home = registry.home()
    if home is None or home.demo:
        return
    if Account.objects.exists() or Observation.objects.exclude(origin="pack").exists():
        raise Refused(problem("CLI-022", home=ground.folder()))


def _script_of(home: Home) -> str:
    folder: Path | None = packs.builtin().get(home.code)
    if folder is None or not (folder / FILE).is_file():
        raise Refused(problem("CLI-023", pack=home.code))
    return (folder / FILE).read_text(encoding="utf-8")


def _world(home: Home, script: Script) -> figures.World:
    published = Observation.objects.current().filter(
        series__area__code=script.year.place,
        series__measure__code=script.year.measure,
        series__source__code=script.year.source,
        series__category=script.year.category,
        series__cadence="month",
        origin="pack",
        value__isnull=False,
    )
    totals = {row.period_start: int(row.value or 0) for row in published.exclude(quality="partial")}
    special = [
        figures.SpecialDay(rule.kind, rule.crossing.code if rule.crossing else "", rule.rule)
        for rule in CalendarRule.objects.filter(retired_at=None).select_related("crossing")
    ]
    return figures.World(totals=figures.year(totals, script.year.months), zone=home.zone, special=special)


def _set_clock(home: Home, clock: datetime, actor: Actor) -> None:
    if home.demo and home.clock_at == clock:
        return
    with transaction.atomic():
        Home.objects.filter(pk=home.pk).update(demo=True, clock_at=clock)
        audit.record(actor=actor, action="demo.clock", code=home.code, now=clock, detail={"clock_at": clock})


def _detect(script: Script, world: figures.World, clock: datetime, actor: Actor) -> None:
    """The whole year for the measures that the script names, the last weeks for all."""
    recent = world.last - timedelta(days=script.detect_days - 1)
    wanted = [(measure, world.first) for measure in script.detect_year] + [("", recent)]
    for measure, first in wanted:
        run = _run(measure, first, world.last, clock, actor)
        if run is not None:
            with tell.progress(_("Detecting")) as show:
                detection.run(run.pk, now=clock, progress=show)


def _backtest(script: Script, clock: datetime, actor: Actor) -> None:
    """One for each measure that the script names; an interrupted one goes on."""
    for measure in script.backtest:
        begun = Backtest.objects.filter(measure__code=measure, as_of=clock).first()
        work = begun or backtests.open_backtest(measure=measure, actor=actor, now=clock)
        if work.state != Backtest.State.DONE:
            with tell.progress(_("Trying the detectors on the past")) as show:
                backtests.run(work.pk, progress=show)


def _run(measure: str, first: date, last: date, clock: datetime, actor: Actor) -> DetectionRun | None:
    """The run that is still to be done: an interrupted one goes on."""
    begun = DetectionRun.objects.filter(as_of=clock, measure=measure, from_date=first, to_date=last).first()
    if begun is None:
        return detection.open_run(as_of=clock, from_date=first, to_date=last, measure=measure, actor=actor, now=clock)
    if begun.state == DetectionRun.State.DONE:
        return None
    DetectionRun.objects.filter(pk=begun.pk).update(state=DetectionRun.State.QUEUED, started_at=timezone.now())
    return begun


def _duty_room(script: Script, clock: datetime) -> None:
    logins = {one.part: one.email for one in script.people}
    with tell.progress(_("Filling the duty room")):
        dutyroom.fill(room=script.duty_room, officer=logins["duty"], approver=logins["approver"], now=clock)


def _policy(home: Home, script: Script, world: figures.World, clock: datetime) -> None:
    partner = next(one for one in script.people if one.part == "partner")
    who = policy.People(
        _lead(script), _person(script, "approver"), _officer(script), _person(script, "partner"), partner.institution
    )
    with tell.progress(_("Writing a policy")):
        wanted = policy.read(packs.read_folder(packs.builtin()[home.code]))
        policy.show(wanted=wanted, people=who, zone=world.zone, now=clock)


def _officer(script: Script) -> Actor:
    """The duty officer of the demonstration."""
    return _person(script, "duty")


def _lead(script: Script) -> Actor:
    """Who leads assessments in the demonstration."""
    return _person(script, "analyst")


def _person(script: Script, part: str) -> Actor:
    """The login that plays a part."""
    found = next(one for one in script.people if one.part == part)
    return registry.actor_for(Account.objects.get(email=address(found.email)), via="command")


def _triage(script: Script, world: figures.World, clock: datetime) -> None:
    """The duty officer of the demonstration has dealt with what is older; nobody's own decision is touched."""
    officer = _officer(script)
    fresh = Signal.objects.filter(
        state=Signal.State.NEW, period_end__lte=world.last - timedelta(days=script.triage.days)
    )
    untouched = fresh.exclude(series__source__kind="published").annotate(events_so_far=Count("events"))
    codes = list(untouched.filter(events_so_far=1).order_by("pk").values_list("code", flat=True))
    with tell.progress(_("Looking at older signals")) as show:
        for start in range(0, len(codes), TOGETHER):
            with transaction.atomic():  # one write to the disk for many
                for at, code in enumerate(codes[start : start + TOGETHER], start):
                    _deal_with(code, at, script.triage.note, officer, clock)
            show(start, len(codes))


def _deal_with(code: str, at: int, note: str, officer: Actor, now: datetime) -> None:
    action = ("acknowledge", "verify", "discard")[at % 3]
    reason = "minor" if action == "discard" else ""
    signals.act(code=code, action=action, actor=officer, now=now, reason=reason, note=note)
