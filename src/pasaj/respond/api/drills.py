from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404
from ninja import Router, Schema

from pasaj.access.rules import may
from pasaj.registry.queries import Request
from pasaj.respond.models import Drill
from pasaj.respond.queries import drills as queries

router = Router()


class StepOut(Schema):
    step: str
    promised: float | None
    took: float | None
    kept: bool | None
    before: float | None


class DrillOut(Schema):
    code: str
    scenario: str
    names: dict[str, str]
    plan: str
    plan_version: str
    days: int
    played_at: datetime
    took: dict[str, float | None]
    promised: dict[str, float]
    simulated: bool = True


class DrillWhole(DrillOut):
    steps: list[StepOut]
    before: str | None
    fingerprint: str
    report: dict[str, Any]


@router.get("/drills", response=list[DrillOut])
def drills(request: Request, scenario: str = "") -> list[Drill]:
    """The drills that were played, the latest first: hours by step, and what the plan promised."""
    if not may(request.actor, "view", Drill):
        raise Http404
    return [one.drill for one in queries.played(request.actor, scenario)]


@router.get("/drills/{code}", response=DrillWhole)
def drill(request: Request, code: str) -> dict[str, Any]:
    """One drill with its steps beside the drill before, and everything that happened in it. All of it is simulated."""
    row = queries.drill(request.actor, code)
    if row is None:
        raise Http404
    earlier = queries.before(row)
    fields = {name: getattr(row, name) for name in DrillOut.model_fields if name != "simulated"}
    steps = [{name: getattr(one.hours, name) for name in StepOut.model_fields} for one in queries.steps(row, earlier)]
    return {
        **fields,
        "steps": steps,
        "before": earlier.code if earlier else None,
        "fingerprint": row.fingerprint,
        "report": row.report,
    }
