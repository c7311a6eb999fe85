"""Findings drafted by rules: from the rows of a round to drafts, to findings, to what they rest on.

Drafting again updates what nobody has touched; of what a person edited, adopted or dismissed it only says what the rule
finds now.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from pasaj.access.rules import SYSTEM, Actor
from pasaj.access.services import audit
from pasaj.assess.models import Finding, Round
from pasaj.assess.queries import mapping, observations, pages, sayings
from pasaj.assess.queries import rounds as queries
from pasaj.assess.services import chain, citing
from pasaj.core import findings as core
from pasaj.core.mapping import mandates
from pasaj.core.mapping.flows import compare
from pasaj.core.problems import Refused, problem
from pasaj.registry.models import Area
from pasaj.watch.queries.omissions import omissions

State = Finding.State


@dataclass(slots=True)
class Drafted:
    """What drafting came to, by codes. moved: a person's finding of which the rule says something else now."""

    new: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    superseded: list[str] = field(default_factory=list)
    same: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules of a round see, read once."""

    found: queries.Result
    earlier: queries.Result | None
    first_month: str
    last_month: str

    @property
    def scored(self) -> core.Scored:
        return core.Scored(self.found.framework, self.found.scores, {one.code: one.sort for one in self.found.units})


def gather(row: Round, now: datetime) -> tuple[Facts, list[core.Draft]]:
    """Everything the rules find in a round now, in the order in which it gets its codes."""
    earlier = pages.comparable(SYSTEM, row).order_by("-period_start", "-pk").first()
    months = observations.window(row)
    facts = Facts(queries.result(row), queries.result(earlier) if earlier else None, *months)
    scored = facts.scored
    drafts = [*core.low(scored), *core.critical(scored), *core.differ(scored)]
    if facts.earlier is not None:
        changes = pages.changes(facts.earlier, facts.found)
        drafts += core.declines(changes, facts.earlier.round.code, scored)
    drafts += _from_matrices(row)
    drafts += core.breaches(observations.kept(SYSTEM, *months)[0], *months)
    first, last = observations.days(row, now.date())
    drafts += core.silence(omissions(first, last), first.isoformat(), last.isoformat())
    return facts, core.ordered(drafts)


def _from_matrices(row: Round) -> list[core.Draft]:
    """What the pack's mandates and the exchange that a round heard of leave open on its last day."""
    heard = mapping.situation(row)
    drafts = []
    if heard.review is not None:
        _register, known = mapping.mandates_on(row.period_end)
        force = sum(1 for one in known if mandates.within((one.first, one.last), row.period_end))
        parts = Area.objects.filter(level="1", retired_at=None).count()
        unverified = {one.function for one in known if one.verify}
        drafts += core.from_mandates(heard.review, mandates=force, territories=parts, unverified=unverified)
    drafts += core.from_flows(compare(heard.needs, heard.ties, heard.institutions), heard.ties)
    return [*drafts, *core.dependence(citing.falls_silent(heard), len(heard.institutions))]


@transaction.atomic
def draft(*, code: str, actor: Actor, now: datetime) -> Drafted:
    """Have the rules look at a round. Raises Refused: ROUND-001, ROUND-011 (not open yet)."""
    row = Round.objects.select_for_update(of=("self",)).select_related("framework__framework").filter(code=code).first()
    if row is None:
        raise Refused(problem("ROUND-001", code=code))
    if row.state == Round.State.DRAFT:
        raise Refused(problem("ROUND-011", code=code, state=row.state))
    facts, wanted = gather(row, now)
    names = sayings.book(facts.found)
    with audit.at_the_end():
        done, rows = _write(row, wanted, names, now)
        _forget(row, {one.key for one in wanted}, done, actor, now)
        chain.follow([(rows[one.key], one) for one in wanted], facts.found, names, actor, now)
        for action, codes in (("drafted", done.new), ("redrafted", done.updated), ("moved", done.moved)):
            chain.say(row, codes, action, actor, now)
        chain.say(row, done.superseded, "superseded", actor, now)
        detail = {"new": done.new, "updated": done.updated, "moved": done.moved, "superseded": done.superseded}
        audit.record(actor=actor, action="finding.drafted", code=code, now=now, detail=detail)
    return done


def _write(
    row: Round, wanted: Sequence[core.Draft], names: sayings.Book, now: datetime
) -> tuple[Drafted, dict[str, Finding]]:
    """Rows for the drafts, by key."""
    done, number = Drafted(), chain.last_number(row, "F")
    rows = {one.key: one for one in row.findings.select_for_update()}
    for one in wanted:
        said = plain(one, names)
        found = rows.get(one.key)
        if found is None:
            number += 1
            found = Finding(round=row, code=f"{row.code}-F{number:02}", rule=one.rule, key=one.key, created_at=now)
            found.simulated = row.simulated
            take_over(found, said, now)
            found.save(force_insert=True)
            rows[one.key] = found
            done.new.append(found.code)
        elif found.touched:
            proposed = {} if said == found.drafted else said
            if (proposed, True) != (found.proposed, found.holds):
                found.proposed, found.holds, found.changed_at = proposed, True, now
                found.save(update_fields=["proposed", "holds", "changed_at"])
                done.moved.append(found.code)
            else:
                done.same += 1
        elif said != found.drafted or found.state == State.SUPERSEDED:
            found.state, found.revision = State.DRAFT, found.revision + 1
            take_over(found, said, now)
            found.save()
            done.updated.append(found.code)
        else:
            done.same += 1
    return done, rows


def take_over(found: Finding, said: Mapping[str, Any], now: datetime) -> None:
    """A finding says what its rule says."""
    found.drafted, found.proposed, found.holds, found.changed_at = dict(said), {}, True, now
    found.statement, found.severity, found.certainty = said["statement"], said["severity"], said["certainty"]
    found.reach_part, found.reach_whole, found.reach_of = said["reach"]
    found.rights, found.subject = said["rights"], said["subject"]


def _forget(row: Round, keys: set[str], done: Drafted, actor: Actor, now: datetime) -> None:
    """Findings of rules that find them no more: superseded where nobody touched them, else said so."""
    for found in row.findings.exclude(rule="own").exclude(state=State.SUPERSEDED).order_by("pk"):
        if found.key in keys or not found.holds:
            continue
        found.changed_at = now
        if found.touched:
            found.holds, found.proposed = False, {}
            done.moved.append(found.code)
        else:
            found.state = State.SUPERSEDED
            done.superseded.append(found.code)
        found.save(update_fields=["state", "holds", "proposed", "changed_at"])
        if found.state == State.SUPERSEDED:
            chain.take_back(found.code, _("Its rule finds it no more."), actor, now)


def plain(one: core.Draft, names: sayings.Book) -> dict[str, Any]:
    """A draft as it is kept and compared."""
    subject = {
        name: list(codes)
        for name in ("units", "pillars", "indicators", "functions", "institutions")
        if (codes := getattr(one.subject, name))
    }
    said = {
        "statement": sayings.statements(one, names),
        "sentence": one.sentence,
        "values": dict(one.values),
        "severity": int(one.severity),
        "certainty": {name: round(part, 6) for name, part in one.certainty.items()},
        "reach": [one.reach.part, one.reach.whole, one.reach.of],
        "rights": one.rights,
        "subject": subject,
        "parameters": dict(one.parameters),
        "rests": _rests(one.rests),
    }
    # As a JSON field gives it back: lists for tuples.
    found: dict[str, Any] = json.loads(json.dumps(said))
    return found


def _rests(rests: Iterable[core.Rest]) -> list[list[Any]]:
    return [[one.query, dict(one.parameters), one.claim] for one in rests]
