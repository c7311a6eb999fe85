"""A plan as JSON-ready values and back: an activation keeps it so, as it stood."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pasaj.core.evidence.canonical import fingerprint as of
from pasaj.core.plans.shapes import Action, Level, Plan, Trigger


def plain(plan: Plan) -> dict[str, Any]:
    """Everything the plan says; `from_plain` reads it back equal."""
    return {
        "code": plan.code,
        "version": plan.version,
        "names": dict(plan.names),
        "hazards": list(plan.hazards),
        "triggers": [_trigger(one) for one in plan.triggers],
        "levels": [_level(one) for one in plan.levels],
        "actions": [_action(one) for one in plan.actions],
        "promises": {name: float(hours) for name, hours in plan.promises.items()},
        "days": plan.days,
        "review_date": plan.review_date.isoformat(),
        "source": plan.source,
        "verify": plan.verify,
    }


def fingerprint(plan: Plan) -> str:
    """SHA-256 of everything the plan says: equal plans, equal fingerprints."""
    return of(plain(plan))


def from_plain(content: Mapping[str, Any]) -> Plan:
    """The plan that `plain` wrote. Raises KeyError or ValueError for anything else."""
    return Plan(
        code=content["code"],
        version=content["version"],
        names=dict(content["names"]),
        hazards=tuple(content["hazards"]),
        triggers=tuple(Trigger(**one) for one in content["triggers"]),
        levels=tuple(Level(**{**one, "actions": tuple(one["actions"])}) for one in content["levels"]),
        actions=tuple(_read_action(one) for one in content["actions"]),
        promises=dict(content["promises"]),
        days=content["days"],
        review_date=date.fromisoformat(content["review_date"]),
        source=content["source"],
        verify=content["verify"],
    )


def _trigger(one: Trigger) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "level": one.level,
        "measure": one.measure,
        "direction": one.direction,
        "place": one.place,
        "times": float(one.times),
        "protection": one.protection,
        "hazard": one.hazard,
        "severity": one.severity,
    }


def _level(one: Level) -> dict[str, Any]:
    return {
        "code": one.code,
        "names": dict(one.names),
        "when": dict(one.when),
        "actions": list(one.actions),
        "colour": one.colour,
    }


def _action(one: Action) -> dict[str, Any]:
    return {
        "code": one.code,
        "names": dict(one.names),
        "lead": one.lead,
        "function": one.function,
        "hours": float(one.hours),
        "support": list(one.support),
        "after": list(one.after),
        "resources": dict(one.resources),
        "protection": one.protection,
        "enforcement": one.enforcement,
        "roles": list(one.roles),
        "source": one.source,
        "verify": one.verify,
    }


def _read_action(one: Mapping[str, Any]) -> Action:
    lists = {name: tuple(one[name]) for name in ("support", "after", "roles")}
    return Action(**{**one, **lists})
