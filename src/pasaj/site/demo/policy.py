"""The policy of a demonstration: the pack's `policy/demo/`. All simulated.

It was written in the winter on instruments and published counts, and published; followed for some months; brought up
to date and published again when the assessment was there; and after that something moved, which leaves links to look
at again. Each stage is one transaction and looks at the rows: interrupt it whenever you like. What somebody did since
is left as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.assess.models import Finding, Recommendation
from pasaj.assess.services import findings
from pasaj.core.evidence import Quantity
from pasaj.core.pack import demopolicy
from pasaj.core.pack.findings import Findings
from pasaj.core.pack.sheets import Book
from pasaj.core.periods import Period
from pasaj.core.policy import demo
from pasaj.core.problems import Refused
from pasaj.evidence.models import Link, Node
from pasaj.policy.models import Action, Appraisal, Entry, Goal, Objective, Policy, Problem, Progress
from pasaj.policy.services import coherence, following, money, policies, statements, versions
from pasaj.policy.services.wanted import ObjectiveWanted, Wanted
from pasaj.site.demo import asked, drafted, options
from pasaj.site.demo import statements as rows
from pasaj.watch.models import Observation, Series
from pasaj.watch.services import citing, observations

HEARD = timedelta(days=5, hours=10)
"""So long after the end of a period its reading comes in."""
WRITTEN = timedelta(days=21)
"""So long after the policy was begun its document is written."""
APPROVED = timedelta(minutes=20)
REF = "demo-policy"
SIMULATED = "simulated"


@dataclass(frozen=True, slots=True)
class People:
    """Who writes the policy, who decides, who corrects counts, and the partner with the code of his institution."""

    drafter: Actor
    approver: Actor
    officer: Actor
    partner: Actor
    own: str


def read(files: Mapping[str, bytes]) -> demo.Demo | None:
    """The policy of a pack's files; None: it shows none. Raises Refused with everything that is wrong."""
    found = Findings()
    wanted = demopolicy.read(Book(files, found, None))
    if found.problems:
        raise Refused(*found.problems)
    return wanted


def show(*, wanted: demo.Demo | None, people: People, zone: ZoneInfo, now: datetime) -> None:
    """Write it, stage by stage, up to the clock of the demonstration. Nothing where the pack shows none.

    Raises Refused as the services do, when the files name what the pack does not know.
    """
    if wanted is None:
        return
    writer = _Writer(wanted, people, zone, now)
    stages = (
        writer.begin, writer.compare, writer.draft, writer.consult, writer.publish, writer.follow, writer.update,
        writer.publish_again, writer.move,
    )  # fmt: skip
    for stage in stages:
        with transaction.atomic(), audit.at_the_end():
            stage()


class _Writer:
    def __init__(self, wanted: demo.Demo, people: People, zone: ZoneInfo, now: datetime) -> None:
        self.wanted, self.people, self.zone, self.now = wanted, people, zone, now
        self.begun = self._moment(wanted.begun)

    def begin(self) -> None:
        """The policy with its first statements, money and what institutions can do."""
        if self._row() is not None:
            return
        wanted = self.wanted
        said: dict[str, Any] = {"actor": self.people.drafter, "now": self.begun}
        head = policies.begin(wanted=rows.policy(wanted), simulated=True, **said).code
        for year, rate in wanted.rates.by_year.items():
            policies.set_rate(
                policy=head, currency=wanted.rates.currency, year=year, rate=rate, on=wanted.rates.on,
                source=wanted.rates.source, **said,
            )  # fmt: skip
        for institution, many in wanted.capacities.items():
            policies.set_capacity(policy=head, institution=institution, actions=many, **said)
        grounds = {one.code: self._figures(one.figures, self.begun) for one in wanted.problems}
        goals = frozenset(Goal.objects.filter(retired_at=None).values_list("code", flat=True))
        statements.write_all(policy=head, wanted=rows.first(head, wanted, grounds, goals), **said)
        money.put_costs(policy=head, wanted=list(rows.costs(head, wanted, demo.FIRST)), **said)
        money.put_commitments(policy=head, wanted=list(rows.commitments(head, wanted)), **said)

    def compare(self) -> None:
        """The options that were compared for objectives, and the measures that the chosen ones became."""
        head = self._code()
        if not Appraisal.objects.filter(policy__code=head).exists():
            options.compare(head, self.wanted.appraisals, self.people.drafter, self.begun)

    def draft(self) -> None:
        """The clauses of its document."""
        drafted.draft(self._held(), self.wanted, self.people.drafter, self.begun + WRITTEN)

    def consult(self) -> None:
        """The round in which the first draft was read, if there was something to read."""
        row, speaks = self._held(), (self.people.partner, self.people.own)
        for one in self.wanted.consultations if row.clauses.exists() else ():
            asked.ask(row, one, self.people.drafter, speaks, self._moment)

    def publish(self) -> None:
        """The first version, while nothing stands against it."""
        first = next((one for one in self.wanted.versions if one.at is not None), None)
        if first is not None and first.at is not None and not self._held().versions.exists():
            self._publish(first.note, self._moment(first.at))

    def publish_again(self) -> None:
        """The version of the update."""
        second = next((one for one in self.wanted.versions if one.at is None), None)
        if second is not None and self._updated() and self._held().versions.count() == 1:
            self._publish(second.note, self.now)

    def follow(self) -> None:
        """What owners reported and what was observed, in the order in which it came in."""
        head = self._code()
        if Progress.objects.filter(action__policy__code=head).exists():
            return
        steps: list[tuple[datetime, Callable[[datetime], object]]] = [
            (one.at, partial(self._report, head, one)) for one in self.wanted.progress
        ]
        steps += [
            (datetime.combine(reading.on, time()) + HEARD, partial(self._observe, f"{head}-{one.code}", reading))
            for one in self.wanted.indicators
            for reading in one.readings
        ]
        for local, step in sorted(steps, key=lambda pair: pair[0]):
            step(min(self._moment(local), self.now))

    def update(self) -> None:
        """Problems rest on the findings of the assessment, new actions follow up its recommendations."""
        head, wanted = self._code(), self.wanted
        late = [one for one in wanted.actions if one.since == demo.UPDATED]
        known = {one.key: one.code for one in Finding.objects.filter(state=Finding.State.ADOPTED, simulated=True)}
        if not known or self._updated():
            return
        for one in wanted.problems:
            self._rest(head, one, [known[key] for key in one.findings if key in known])
        said: dict[str, Any] = {"actor": self.people.drafter, "now": self.now}
        new: list[tuple[str, Wanted]] = [
            (f"{head}-{one.code}", rows.action(head, one, self._advice(one, known))) for one in late
        ]
        counted = {
            one.code: self._counted(known[one.finding], one.value)
            for one in wanted.indicators
            if one.since == demo.UPDATED and one.finding in known
        }
        new += [
            (f"{head}-{one.code}", rows.indicator(head, one, wanted.invented, counted[one.code]))
            for one in wanted.indicators
            if one.code in counted
        ]
        statements.write_all(policy=head, wanted=new, **said)
        money.put_costs(policy=head, wanted=list(rows.costs(head, wanted, demo.UPDATED)), **said)
        drafted.revise(self._held(), wanted, known, self.people.drafter, self.now)
        for code, figure in counted.items():
            if figure.value is not None:
                following.observe(
                    code=f"{head}-{code}", period_end=figure.on, value=figure.value, source=figure.code,
                    figure=figure.code, **said,
                )  # fmt: skip

    def move(self) -> None:
        """What changed after the last version."""
        head = self._code()
        if not self._updated():
            return
        edited = [f"{head}-{one.target}" for one in self.wanted.moved if one.what == "objective"]
        if Entry.objects.filter(code__in=edited, action="edited").exists():
            return
        for one in self.wanted.moved:
            {"figure": self._recount, "finding": self._reword, "objective": self._reset}[one.what](head, one)

    # --- Steps -------------------------------------------------------------------------------------

    def _updated(self) -> bool:
        """Whether what came with the update is there."""
        late = [f"{self._code()}-{one.code}" for one in self.wanted.actions if one.since == demo.UPDATED]
        return Action.objects.filter(code__in=late).exists()

    def _publish(self, note: str, at: datetime) -> None:
        """Proposed by the drafter and published by the approver; not while errors stand against it."""
        row = self._held()
        if row.clauses.exists() and not coherence.stops(row, at):
            versions.propose(policy=row.code, note=note, public=True, actor=self.people.drafter, now=at)
            versions.publish(policy=row.code, actor=self.people.approver, now=at + APPROVED)

    def _report(self, head: str, one: demo.Progress, at: datetime) -> None:
        row = Action.objects.select_related("owner").get(code=f"{head}-{one.action}")
        actor = self.people.partner if row.owner.code == self.people.own else self.people.drafter
        following.report(code=row.code, state=one.state, note=one.note, seen=row.revision, actor=actor, now=at)

    def _observe(self, code: str, one: demo.Reading, at: datetime) -> None:
        following.observe(
            code=code,
            period_end=one.on,
            value=one.value,
            source=self.wanted.invented,
            actor=self.people.drafter,
            now=at,
        )

    def _rest(self, head: str, one: demo.Problem, found: list[str]) -> None:
        """Let a problem rest on findings and later counts as well."""
        row = Problem.objects.get(code=f"{head}-{one.code}")
        more = [*found, *self._figures(one.later, self.now)]
        if row.withdrawn_at or not more:
            return
        first = self._figures(one.figures, self.now)
        wanted = rows.problem(one, [*first, *more])
        statements.edit(code=row.code, wanted=wanted, seen=row.revision, actor=self.people.drafter, now=self.now)

    def _advice(self, one: demo.Action, known: Mapping[str, str]) -> list[str]:
        """The adopted recommendations for these findings."""
        codes = [known[key] for key in one.recommendations if key in known]
        found = Recommendation.objects.filter(findings__code__in=codes, state=Recommendation.State.ADOPTED)
        return list(found.order_by("pk").distinct().values_list("code", flat=True))

    def _counted(self, finding: str, name: str) -> rows.Counted:
        """The first figure that a finding rests on, with one of its numbers."""
        node = Node.objects.filter(
            pk__in=Link.objects.filter(child__code=finding, parent__kind="figure").values("parent")
        ).order_by("pk")[0]
        found = node.values.get(name)
        value = found.value if isinstance(found, Quantity) else None
        yesterday = self.now.astimezone(self.zone).date() - timedelta(days=1)
        return rows.Counted(node.code, None if value is None else round(value, 4), yesterday)

    def _figures(self, wanted: Sequence[demo.Figure], now: datetime) -> list[str]:
        """Counts as figures of the chain."""
        drafter = self.people.drafter
        return [
            citing.count(Series.objects.get(code=one.series), one.first, one.last, drafter, now).code
            for one in wanted
            if Series.objects.filter(code=one.series).exists()
        ]

    def _recount(self, _head: str, one: demo.Moved) -> None:
        found = Observation.objects.current().filter(series__code=one.target, period_start=one.day, value__isnull=False)
        row = found.select_related("series").first()
        if row is None or row.value is None:
            return
        key = observations.SeriesKey(
            row.series.place.code, row.series.measure.code, row.series.direction, row.series.category,
            row.series.source.code, row.series.cadence,
        )  # fmt: skip
        entry = observations.Entry(
            key, Period(one.day, one.day, row.series.cadence), round(row.value * one.factor, 0), quality=SIMULATED,
            note=one.note, expected_revision=row.revision, confirmed=True,
        )  # fmt: skip
        observations.report_all(entries=[entry], origin="demo", ref=REF, actor=self.people.officer, now=self.now)

    def _reword(self, _head: str, one: demo.Moved) -> None:
        row = Finding.objects.filter(key=one.target, state=Finding.State.ADOPTED, simulated=True).first()
        if row is None:
            return
        said = findings.Wanted(
            statement={**row.statement, **one.text}, severity=row.severity, rights=row.rights,
            rights_affected=row.rights_affected, institution=row.institution.code if row.institution else "",
        )  # fmt: skip
        findings.edit(code=row.code, wanted=said, seen=row.revision, actor=self.people.drafter, now=self.now)

    def _reset(self, head: str, one: demo.Moved) -> None:
        row = Objective.objects.get(code=f"{head}-{one.target}")
        wanted = ObjectiveWanted(
            row.theme.number, one.text, list(row.problems.order_by("pk").values_list("code", flat=True)),
            list(row.goals.order_by("pk").values_list("code", flat=True)),
        )  # fmt: skip
        statements.edit(code=row.code, wanted=wanted, seen=row.revision, actor=self.people.drafter, now=self.now)

    # --- Rows --------------------------------------------------------------------------------------

    def _row(self) -> Policy | None:
        return Policy.objects.filter(simulated=True).order_by("pk").first()

    def _held(self) -> Policy:
        row = self._row()
        assert row is not None
        return row

    def _code(self) -> str:
        return self._held().code

    def _moment(self, local: datetime) -> datetime:
        """A moment on the country's clock."""
        return local.replace(tzinfo=self.zone)
