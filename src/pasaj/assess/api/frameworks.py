"""Frameworks, as programs read them: questions and what their points mean, no counts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404
from ninja import Router, Schema

from pasaj.assess.models import FrameworkVersion
from pasaj.assess.queries import frameworks as queries
from pasaj.registry.queries import Request

router = Router()


class VersionOut(Schema):
    version: str
    state: str
    fingerprint: str
    normative: str
    published_at: datetime | None


class FrameworkOut(Schema):
    code: str
    names: dict[str, str]
    origin: str
    retired: bool
    in_use: str | None
    versions: list[VersionOut]


class PillarOut(Schema):
    code: str
    names: dict[str, str]
    weight: str


class SourceOut(Schema):
    code: str
    title: str
    where: str
    note: str
    verify: str


class IndicatorOut(Schema):
    code: str
    pillar: str
    level: str
    unit: str
    weight: str
    critical: bool
    rights: bool
    applies_if: str
    sources: list[str]
    verify: str
    questions: dict[str, str]
    anchors: dict[str, dict[str, str]]


class ContentOut(VersionOut):
    code: str
    names: dict[str, str]
    descriptions: dict[str, str]
    languages: list[str]
    scale: str
    verify: str
    pillars: list[PillarOut]
    indicators: list[IndicatorOut]
    sources: list[SourceOut]


@router.get("/frameworks", response=list[FrameworkOut])
def frameworks(request: Request) -> list[dict[str, Any]]:
    return [
        {
            "code": one.framework.code,
            "names": one.versions[0].names,
            "origin": one.framework.origin,
            "retired": one.framework.retired_at is not None,
            "in_use": one.in_use.version if one.in_use else None,
            "versions": one.versions,
        }
        for one in queries.listed(request.actor)
    ]


@router.get("/frameworks/{code}", response=ContentOut)
def framework(request: Request, code: str) -> dict[str, Any]:
    return _content(queries.version(request.actor, code))


@router.get("/frameworks/{code}/{version}", response=ContentOut)
def framework_version(request: Request, code: str, version: str) -> dict[str, Any]:
    return _content(queries.version(request.actor, code, version))


def _content(row: FrameworkVersion | None) -> dict[str, Any]:
    if row is None:
        raise Http404
    named = ("state", "fingerprint", "normative", "published_at")
    return {**row.content, **{name: getattr(row, name) for name in named}}
