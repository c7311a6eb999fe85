"""The statements of a policy as plain values for programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from pasaj.access.rules import Actor, visible
from pasaj.core.policy import shapes
from pasaj.evidence.queries.trace import states_of
from pasaj.policy.models import Indicator, Policy, Problem
from pasaj.policy.queries.costs import seen

RESTS: dict[str, tuple[str, ...]] = {
    "problem": ("findings",),
    "objective": ("problems",),
    "measure": ("objectives", "basis"),
    "action": ("measure", "recommendations"),
    "indicator": ("measures",),
}


def statements(actor: Actor, row: Policy) -> list[dict[str, Any]]:
    """What stands and is open to the reader, in the order of the chain: JSON-ready. A constant number of queries."""
    plan = seen(actor, row)
    problems = set(visible(Problem.objects.filter(policy=row), actor).values_list("code", flat=True))
    indicators = set(visible(Indicator.objects.filter(policy=row), actor).values_list("code", flat=True))
    kinds: list[tuple[str, tuple[Any, ...]]] = [
        ("problem", tuple(one for one in plan.problems if one.code in problems)),
        ("objective", plan.objectives),
        ("measure", plan.measures),
        ("action", plan.actions),
        ("indicator", tuple(one for one in plan.indicators if one.code in indicators)),
    ]
    states = states_of([one.code for _kind, rows in kinds for one in rows])
    themes = {one.code: one.theme for one in plan.measures}
    return [
        _plain(kind, one, str(states[one.code].state) if one.code in states else "", themes)
        for kind, rows in kinds
        for one in rows
    ]


def _plain(kind: str, one: Any, state: str, themes: dict[str, str]) -> dict[str, Any]:
    rests: list[str] = []
    for name in RESTS[kind]:
        value = getattr(one, name)
        rests += [value] if isinstance(value, str) else value
    taken = {"code", "text", "theme", *RESTS[kind]}
    details = {name: _json(value) for name, value in asdict(one).items() if name not in taken}
    theme = one.theme if isinstance(one, shapes.Problem | shapes.Objective | shapes.Measure) else ""
    if isinstance(one, shapes.Action):
        theme = themes.get(one.measure, "")
    return {"code": one.code, "kind": kind, "theme": theme, "text": dict(one.text), "state": state,
            "rests_on": rests, "details": details}  # fmt: skip


def _json(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _json(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_json(one) for one in value]
    return value if value is None or isinstance(value, str | bool | int) else str(value)
