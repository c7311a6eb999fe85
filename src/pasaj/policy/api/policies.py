"""Policies and their statements for programs."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from django.http import FileResponse, Http404
from ninja import Router, Schema

from pasaj.access.rules import may, visible
from pasaj.policy.models import Policy, Problem, Version
from pasaj.policy.queries import changes, changesplain, costs, versions
from pasaj.policy.queries.programs import statements
from pasaj.registry.queries import Request
from pasaj.share.models import Audience
from pasaj.share.services import Parcel, Row, release
from pasaj.share.views import hand_over

router = Router()


class PolicyOut(Schema):
    code: str
    names: dict[str, str]
    state: str
    languages: list[str]
    first: str
    last: str
    currency: str
    institution: str
    revision: int
    simulated: bool


class PolicyDetailOut(PolicyOut):
    themes: list[dict[str, Any]]
    cost: str
    pledged: str
    committed: str
    paid: str
    gap: str
    missing_rates: list[dict[str, Any]]


class StatementOut(Schema):
    code: str
    kind: str
    theme: str
    text: dict[str, str]
    state: str
    rests_on: list[str]
    details: dict[str, Any]


@router.get("/policies", response=list[PolicyOut])
def policies(request: Request) -> list[dict[str, Any]]:
    """Policies, the newest first."""
    rows = visible(Policy.objects.select_related("institution"), request.actor).order_by("-pk")
    return [_plain(one) for one in rows]


@router.get("/policies/{code}", response=PolicyDetailOut)
def policy_detail(request: Request, code: str) -> FileResponse:
    """A policy with its sums, exact decimals as text. It holds figures: the answer passes the gate."""
    row = _find(request, code)
    found = costs.reckoned(request.actor, row)
    sums = {name: str(getattr(found.all, name)) for name in ("cost", "pledged", "committed", "paid", "gap")}
    values = {
        **_plain(row),
        "themes": [
            {"number": one.number, "names": one.names, "goal": one.goal} for one in row.themes.order_by("number")
        ],
        **sums,
        "missing_rates": [
            {"currency": one.currency, "year": one.year, "codes": list(one.codes)} for one in found.missing
        ],
    }
    rows = (Row(values=tuple(values.values()), own_count=True),)
    return _leave(request, "object", tuple(values), rows, {"policy": code})


@router.get("/policies/{code}/statements", response=list[StatementOut])
def policy_statements(request: Request, code: str) -> FileResponse:
    """The statements of a policy that stand, with what each rests on and whether that holds; no cost lines."""
    found = statements(request.actor, _find(request, code))
    header = ("code", "kind", "theme", "text", "state", "rests_on", "details")
    rows = [Row(values=tuple(one[name] for name in header), own_count=True) for one in found]
    return _leave(request, "json", header, rows, {"policy": code, "what": "statements"})


class ChangesOut(Schema):
    since: str
    until: str
    links: list[dict[str, Any]]
    evidence: list[dict[str, Any]]
    instruments: list[dict[str, Any]]
    statements: list[dict[str, Any]]
    clauses: list[dict[str, Any]]
    left_off: int


@router.get("/policies/{code}/changes", response=ChangesOut)
def policy_changes(request: Request, code: str, since: str, until: str = "", language: str = "") -> FileResponse:
    """What changed under a policy since a version or a day, until another version or now: the page's answer.

    since, until: the number of a version, or for since a day (2026-01-31). language: texts are compared in it.
    """
    row = _find(request, code)
    if not may(request.actor, "view", Problem) or (language and language not in row.languages):
        raise Http404
    rows = list(versions.versions(request.actor, row))
    start, end = changes.start_of(since, rows), changes.start_of(until, rows)
    if start is None or (until and not isinstance(end, Version)):
        raise Http404
    begin = start if isinstance(start, Version) else _moment(request, start)
    last = end if isinstance(end, Version) else None
    found = changes.since(request.actor, row, begin, last, language or row.source_language)
    values = {"since": since, "until": until, **changesplain.plain(found)}
    rows_out = (Row(values=tuple(values.values()), own_count=True),)
    return _leave(request, "object", tuple(values), rows_out, {"policy": code, "since": since, "until": until})


def _moment(request: Request, day: date) -> datetime:
    return datetime.combine(day, time.min, request.home.zone).astimezone(UTC)


def _find(request: Request, code: str) -> Policy:
    row = visible(Policy.objects.select_related("institution"), request.actor).filter(code=code).first()
    if row is None:
        raise Http404
    return row


def _plain(row: Policy) -> dict[str, Any]:
    return {
        "code": row.code, "names": row.names, "state": row.state, "languages": row.languages,
        "first": row.first_date.isoformat(), "last": row.last_date.isoformat(), "currency": row.currency,
        "institution": row.institution.code, "revision": row.revision, "simulated": row.simulated,
    }  # fmt: skip


def _leave(
    request: Request, form: str, header: tuple[str, ...], rows: Any, question: dict[str, object]
) -> FileResponse:
    parcel = Parcel(kind="api", title="API: policy", form=form, header=header, rows=rows, question=question)
    return hand_over(release(parcel=parcel, audience=Audience.AMBER, actor=request.actor, now=request.now), "")
