"""The first half of a drill: reports come in, the detectors run as they do every day, a duty officer triages.

What the players know is what the services tell them; only whether a signal is real stands in the scenario, where a
duty officer would have telephoned.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from pasaj.access.rules import SYSTEM
from pasaj.core.drill import Key, Player, Report, Rumour, Scenario, delay, free_from
from pasaj.core.periods import containing
from pasaj.respond.services import events
from pasaj.site.drills.agenda import Agenda
from pasaj.site.drills.gateway import Gateway
from pasaj.site.drills.stage import People
from pasaj.watch.models import Signal
from pasaj.watch.services import detection, signals
from pasaj.watch.services.observations import SIMULATED, Entry, SeriesKey, report_all

LOOK_BACK = timedelta(days=28)  # as the daily detection looks back
TRUE_KINDS = ("unusual", "capacity")
DUTY = Player(minutes=25, from_hour=6, to_hour=22)


@dataclass
class Stage:
    """Everything a drill needs: what is played, by whom, when, and what was seen so far."""

    scenario: Scenario
    zone: ZoneInfo
    people: People
    agenda: Agenda
    gateway: Gateway
    moments: dict[str, datetime] = field(default_factory=dict)
    timeline: list[dict[str, str]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    busy_until: datetime | None = None  # the duty officer does one thing after the other
    real: list[str] = field(default_factory=list)  # codes of verified signals

    def tell(self, kind: str, text: str, at: datetime) -> None:
        """Write down what happened; texts are codes and figures, so that they read the same in every language."""
        self.timeline.append({"at": at.astimezone(self.zone).isoformat(), "kind": kind, "text": text})

    def first(self, moment: str, at: datetime) -> None:
        """Note when something happened for the first time."""
        self.moments.setdefault(moment, at)

    def add(self, what: str, number: int = 1) -> None:
        self.counts[what] = self.counts.get(what, 0) + number

    def player(self, role: str, usual: Player) -> Player:
        return self.scenario.players.get(role, usual)

    def local(self, at: datetime) -> datetime:
        """The moment on the country's clock, without a zone, as scenarios have it."""
        return at.astimezone(self.zone).replace(tzinfo=None)

    def aware(self, local: datetime) -> datetime:
        return local.replace(tzinfo=self.zone)

    def after(self, at: datetime, role: str, usual: Player, name: str, turn: int = 0) -> datetime:
        """When a player has done something that could begin `at`: there, not away, and after the drawn time."""
        player = self.player(role, usual)
        away = [one.spell for one in self.scenario.absences if (one.role, one.turn) == (role, turn)]
        begins = free_from(self.local(at), player, away)
        return self.aware(free_from(begins + delay(player, self.scenario.seed, name), player, away))

    def by_duty(self, at: datetime, role: str, usual: Player, name: str) -> datetime:
        """The same for the duty officer, who does one thing after the other."""
        begins = max(at, self.busy_until) if self.busy_until else at
        self.busy_until = self.after(begins, role, usual, name)
        return self.busy_until


Verified = Callable[[Signal, datetime], None]


def reports(stage: Stage, told: list[Report]) -> None:
    """Put every report on the agenda."""
    for one in told:
        stage.agenda.at(stage.aware(one.at), lambda now, one=one: _report(stage, one, now))  # type: ignore[misc]


def _report(stage: Stage, told: Report, now: datetime) -> None:
    entries = [
        Entry(
            SeriesKey(key.place, key.measure, category=key.category, source=key.source),
            containing("day", told.day),
            Decimal(value),
            quality=SIMULATED,
            confirmed=True,
        )
        for key, value in told.values
    ]
    report_all(entries=entries, origin="demo", actor=SYSTEM, now=now)
    stage.add("reports")
    onset = stage.scenario.onset_at
    if (
        stage.local(now) >= onset
        and told.day >= onset.date()
        and any(_is_real(stage, key, told.day) for key, _ in told.values)
    ):
        if "reported_at" not in stage.moments:
            stage.tell("report", f"{told.place} {told.source} {told.day}", now)
        stage.first("reported_at", now)


def _is_real(stage: Stage, key: Any, day: Any) -> bool:
    """Whether the scenario makes something happen in this series on this day."""
    counted = any(
        one.key == key and one.start <= day < one.start + timedelta(days=len(one.weights))
        for one in stage.scenario.counts
    )
    return counted or any(one.key == key and one.start <= day <= one.end for one in stage.scenario.changes)


# --- Detection and triage ------------------------------------------------------------------------


def nights(stage: Stage, verified: Verified) -> None:
    """The daily detection, as the background work does it: in the first minute of each day, over the days before."""
    for ahead in range(1, stage.scenario.days + 1):
        day = stage.scenario.start + timedelta(days=ahead)
        at = stage.aware(datetime.combine(day, datetime.min.time())) + timedelta(minutes=1)
        stage.agenda.at(at, lambda now: _detect(stage, now, verified))


def _detect(stage: Stage, now: datetime, verified: Verified) -> None:
    today = now.astimezone(stage.zone).date()
    run = detection.open_run(
        as_of=now, from_date=today - LOOK_BACK, to_date=today - timedelta(days=1), actor=SYSTEM, now=now
    )
    detection.run(run.pk, now=now)
    found = Signal.objects.filter(run=run, state=Signal.State.NEW, period_end__gte=stage.scenario.start)
    rows = list(found.select_related("series").order_by("-protection", "kind", "code"))
    stage.add("signals", len(rows))
    for one in sorted(rows, key=lambda row: row.kind not in TRUE_KINDS):
        real = _says_real(stage, one)
        if real:
            if "detected_at" not in stage.moments:
                stage.tell("signal", one.code, now)
            stage.first("detected_at", now)
        seen = stage.by_duty(now, "duty", DUTY, f"triage/{one.key}")
        stage.agenda.at(seen, lambda at, code=one.code, real=real: _triage(stage, code, real, at, verified))  # type: ignore[misc]


def _says_real(stage: Stage, signal: Signal) -> bool:
    """Whether the signal tells of what the scenario makes happen, from its onset on."""
    onset = stage.scenario.onset_at.date()
    if signal.kind not in TRUE_KINDS or signal.period_end < onset or (place := signal.crossing or signal.area) is None:
        return False
    keys = [one.key for one in stage.scenario.counts] + [one.key for one in stage.scenario.changes]
    if signal.series is None:
        keys = [key for key in keys if key.place == place.code]
    else:
        series = signal.series
        own = Key(place.code, series.measure.code, series.category, series.source.code)
        keys = [key for key in keys if key == own]
    return any(_is_real(stage, key, signal.period_end) for key in keys)


def _triage(stage: Stage, code: str, real: bool, now: datetime, verified: Verified) -> None:
    duty = stage.people.duty
    if not real:
        signals.act(code=code, action="discard", actor=duty, now=now, reason="explained", note="Drill")
        stage.add("discarded")
        return
    signals.act(code=code, action="verify", actor=duty, now=now)
    stage.add("verified")
    if "verified_at" not in stage.moments:
        stage.tell("verified", code, now)
    stage.first("verified_at", now)
    stage.real.append(code)
    verified(Signal.objects.get(code=code), now)


# --- Rumours -------------------------------------------------------------------------------------


def rumours(stage: Stage) -> None:
    """What is said comes to the duty room, somebody else is asked, and it is found true or not."""
    for one in stage.scenario.rumours:
        stage.agenda.at(stage.aware(one.at), lambda now, one=one: _heard(stage, one, now))  # type: ignore[misc]


def _heard(stage: Stage, rumour: Rumour, now: datetime) -> None:
    said = events.Said(
        what=next(iter(rumour.texts.values())),
        place=rumour.place,
        source=rumour.source_kind,
        hazard="safety",
    )
    row = events.report(said=said, origin="demo", actor=stage.people.duty, now=now)
    stage.tell("rumour", row.code, now)
    stage.add("rumours")
    stage.agenda.at(now + timedelta(hours=rumour.hours / 2), lambda at: _asked(stage, row.code, at))
    stage.agenda.at(now + timedelta(hours=rumour.hours), lambda at: _settled(stage, row.code, rumour.outcome, at))


def _asked(stage: Stage, code: str, now: datetime) -> None:
    asked = sorted(stage.people.of)[0]
    events.step(code=code, how="phone", answer="–", asked=asked, origin="demo", actor=stage.people.duty, now=now)


def _settled(stage: Stage, code: str, outcome: str, now: datetime) -> None:
    events.settle(code=code, state=outcome, outcome="–", answer="–", origin="demo", actor=stage.people.duty, now=now)
    stage.tell(outcome, code, now)
