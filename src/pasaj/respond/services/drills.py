"""Scenarios of the pack, and what a drill came to. Playing one is the work of `site.drills`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from pasaj import __version__
from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.core.drill import fingerprint, plain
from pasaj.core.pack import Pack
from pasaj.registry.services import next_code
from pasaj.registry.services.packs import Count, upsert
from pasaj.respond.models import Drill, DrillScenario


@dataclass(frozen=True, slots=True)
class Played:
    """How a drill went, as plain values. Hours by step; moments of the simulated clock in ISO 8601."""

    scenario: str
    names: Mapping[str, str]
    fingerprint: str
    plan: str
    plan_version: str
    plan_fingerprint: str
    days: int
    seconds: float
    promised: Mapping[str, float]
    took: Mapping[str, float | None]
    report: Mapping[str, Any]


def load(*, pack: Pack, actor: Actor, now: datetime) -> Count:
    """Store the scenarios of a pack. The same again changes nothing; one that left the pack is marked, not deleted."""
    rows = {
        one.code: {
            "names": dict(one.names),
            "summaries": dict(one.summaries),
            "plan": one.plan,
            "content": plain(one),
            "fingerprint": fingerprint(one),
            "source": one.source,
            "verify": one.verify,
        }
        for one in pack.drills
    }
    return upsert(DrillScenario, "code", rows, now)


def keep(*, played: Played, actor: Actor, now: datetime) -> Drill:
    """Keep how a drill went. Never changed afterwards."""
    with transaction.atomic():
        row = Drill.objects.create(
            code=next_code("DL", now),
            scenario=played.scenario,
            names=dict(played.names),
            fingerprint=played.fingerprint,
            plan=played.plan,
            plan_version=played.plan_version,
            plan_fingerprint=played.plan_fingerprint,
            version=__version__,
            played_at=now,
            recorded_at=timezone.now(),
            seconds=played.seconds,
            days=played.days,
            promised=dict(played.promised),
            took=dict(played.took),
            report=dict(played.report),
            actor_id=actor.id,
            actor_label=actor.label,
        )
        audit.record(
            actor=actor,
            action="drill.played",
            code=row.code,
            now=now,
            detail={"scenario": played.scenario, "plan": played.plan, "took": dict(played.took)},
        )
    return row
