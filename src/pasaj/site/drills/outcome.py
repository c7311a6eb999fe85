"""What a drill came to: the moments of the answer, measured as a real activation is measured."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pasaj.core.drill import fingerprint
from pasaj.core.plans import Timed, Timing, measure
from pasaj.notify.models import Delivery
from pasaj.respond.models import Activation, AlertMessage, Plan, Task
from pasaj.respond.services.drills import Played
from pasaj.site.drills.answers import Answer
from pasaj.site.drills.play import Stage


def played(stage: Stage, answer: Answer, plan: Plan, seconds: float) -> Played:
    """Everything of a drill as plain values."""
    scenario = stage.scenario
    activation = answer.ended()
    first = _first_message(answer)
    reached, acknowledged = _told(first)
    timing = Timing(
        started_at=activation.started_at if activation else stage.agenda.now,
        happened_at=stage.aware(scenario.onset_at),
        **{name: stage.moments.get(name) for name in (
            "reported_at", "detected_at", "verified_at", "drafted_at", "approved_at", "published_at",
        )},
        reached=reached,
        acknowledged=acknowledged,
    )  # fmt: skip
    promises = plan.content.get("promises", {})
    rows = measure(promises, timing, _timed(activation))
    return Played(
        scenario=scenario.code,
        names=scenario.names,
        fingerprint=fingerprint(scenario),
        plan=plan.code,
        plan_version=plan.version,
        plan_fingerprint=plan.fingerprint,
        days=scenario.days,
        seconds=round(seconds, 1),
        promised={one.promise: one.promised for one in rows if one.promised is not None},
        took={one.promise: None if one.took is None else round(one.took, 2) for one in rows},
        report={
            "onset_at": timing.happened_at.isoformat() if timing.happened_at else None,
            "moments": {name: at.astimezone(stage.zone).isoformat() for name, at in sorted(stage.moments.items())},
            "timeline": sorted(stage.timeline, key=lambda one: one["at"]),
            "counts": {**stage.counts, **_counts(reached, acknowledged)},
            "institutions": _by_institution(activation),
            "facts": [list(one) for one in scenario.facts],
            "source": scenario.source,
            "verify": scenario.verify,
            "seed": scenario.seed,
            "level": scenario.level,
        },
    )


def _first_message(answer: Answer) -> AlertMessage | None:
    rows = AlertMessage.objects.filter(alert__code=answer.alert, state=AlertMessage.State.PUBLISHED, unratified=False)
    return rows.order_by("sent_at", "number").first()


def _told(message: AlertMessage | None) -> tuple[tuple[datetime | None, ...], tuple[datetime | None, ...]]:
    """When each recipient of the first message was reached, and when each acknowledged."""
    if message is None:
        return (), ()
    rows = Delivery.objects.filter(message__ref=message.alert.code, message__kind="alert").order_by("pk")
    first = rows.first()
    if first is None:
        return (), ()
    same = list(rows.filter(message=first.message).exclude(state=Delivery.State.WITHHELD))
    return tuple(one.delivered_at for one in same), tuple(one.acknowledged_at for one in same)


def _counts(reached: tuple[datetime | None, ...], acknowledged: tuple[datetime | None, ...]) -> dict[str, int]:
    return {
        "recipients": len(reached),
        "reached": sum(one is not None for one in reached),
        "acknowledged": sum(one is not None for one in acknowledged),
    }


def _timed(activation: Activation | None) -> list[Timed]:
    if activation is None:
        return []
    return [
        Timed(
            action=one.action,
            due_at=one.due_at,
            acknowledged_at=one.acknowledged_at,
            done_at=one.state_at if one.state == Task.State.DONE else None,
            dropped=one.state == Task.State.DROPPED,
        )
        for one in activation.tasks.order_by("order")
    ]


def _by_institution(activation: Activation | None) -> list[dict[str, Any]]:
    """Tasks by institution: how many, done in time, late, not done. In the order of codes: nobody is ranked."""
    found: dict[str, dict[str, Any]] = {}
    if activation is None:
        return []
    for one in activation.tasks.select_related("institution").order_by("institution__code", "order"):
        row = found.setdefault(
            one.institution.code, {"code": one.institution.code, "tasks": 0, "in_time": 0, "late": 0, "open": 0}
        )
        row["tasks"] += 1
        if one.state != Task.State.DONE:
            row["open"] += 1
        else:
            row["in_time" if one.state_at <= one.due_at else "late"] += 1
    return list(found.values())
