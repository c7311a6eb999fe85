"""Whether a policy is coherent, for programs."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from pasaj.access.rules import can, visible
from pasaj.policy.models import Policy
from pasaj.policy.queries import coherence as queries
from pasaj.registry.queries import Request
from pasaj.share.models import Audience
from pasaj.share.services import Parcel, Row, release
from pasaj.share.views import hand_over

router = Router()


class FixOut(Schema):
    kind: str
    code: str


class BreachOut(Schema):
    code: str
    severity: str
    family: str
    statement: str
    message: str
    remedy: str
    fix: FixOut
    fingerprint: str


class WaivedOut(BreachOut):
    reason: str


class CheckOut(Schema):
    policy: str
    on: str
    errors: int
    warnings: int
    notes: int
    problems: list[BreachOut]
    waived: list[WaivedOut]


@router.get("/policies/{code}/check", response=CheckOut)
def policy_check(request: Request, code: str) -> FileResponse:
    """Every breach of a coherence rule, in the reader's language. Its messages hold figures: it passes the gate."""
    row = get_object_or_404(visible(Policy.objects.all(), request.actor), code=code)
    if not can(request.actor, "check", row):
        raise Http404
    values: dict[str, Any] = queries.plain(queries.checked(row, request.now.date()))
    parcel = Parcel(
        kind="api",
        title="API: check of a policy",
        form="object",
        header=tuple(values),
        rows=(Row(values=tuple(values.values()), own_count=True),),
        question={"policy": code},
    )
    return hand_over(release(parcel=parcel, audience=Audience.AMBER, actor=request.actor, now=request.now), "")
