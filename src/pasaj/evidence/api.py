"""The chain of evidence for programs: what a statement is worth, what it rests on, and what rests on it."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404
from ninja import Router, Schema

from pasaj.evidence.queries.trace import plain, suspects, trace
from pasaj.registry.queries import Request
from pasaj.share.models import Audience
from pasaj.share.services import Parcel, Row, release
from pasaj.share.views import hand_over

router = Router(tags=["evidence"])
MOST = 1000


class LineOut(Schema):
    code: str
    kind: str
    title: str
    revision: int
    fingerprint: str
    state: str
    levels: int
    withdrawn: bool
    critical: bool
    simulated: bool


class TraceOut(LineOut):
    says: dict[str, str]
    up: list[dict[str, Any]]
    down: list[dict[str, Any]]
    left_off: int
    paths_up: list[list[str]]
    paths_down: list[list[str]]
    blockers: list[dict[str, Any]]


class SuspectOut(Schema):
    code: str
    kind: str
    revision: int
    state: str
    levels: int


@router.get("/evidence", response=list[SuspectOut])
def evidence_suspects(request: Request, limit: int = 100, offset: int = 0) -> list[dict[str, Any]]:
    """Statements that somebody must look at, the most urgent first. No words and no numbers of theirs."""
    start = max(0, min(offset, 10**9))
    return [
        {
            "code": one.code,
            "kind": one.kind,
            "revision": one.revision,
            "state": str(one.standing.state),
            "levels": one.standing.levels,
        }
        for one in suspects(request.actor)[start : start + max(1, min(limit, MOST))]
    ]


@router.get("/evidence/{code}", response=TraceOut)
def evidence_trace(request: Request, code: str) -> FileResponse:
    """One statement with its chain. It holds counts: the answer passes the gate and is recorded as a release."""
    found = trace(code, request.actor)
    if found is None:
        raise Http404
    values = plain(found)
    parcel = Parcel(
        kind="api",
        title="API: evidence",
        form="object",
        header=tuple(values),
        rows=(Row(values=tuple(values.values()), own_count=True),),
        question={"evidence": code},
    )
    return hand_over(release(parcel=parcel, audience=Audience.AMBER, actor=request.actor, now=request.now), "")
