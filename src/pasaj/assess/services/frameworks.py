"""Versions of frameworks: stored, published, thrown away. What is published never changes."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.assess.models import Framework, FrameworkVersion
from pasaj.core import framework as core
from pasaj.core.problems import Problem, Refused, problem

State = FrameworkVersion.State


def standing(said: core.Framework) -> Problem | None:
    """Why this version cannot be stored: FRAME-040 (published with another content) or FRAME-043 (with the same)."""
    held = FrameworkVersion.objects.filter(framework__code=said.code, version=said.version).first()
    if held is None or held.is_draft:
        return None
    code = "FRAME-043" if held.fingerprint == core.content_fingerprint(said) else "FRAME-040"
    return problem(code, framework=said.code, version=said.version)


def store(*, said: core.Framework, origin: str, actor: Actor, now: datetime) -> FrameworkVersion:
    """Keep a checked framework as a draft; a draft of the same version is replaced.

    Raises Refused FRAME-040 or FRAME-043: that version is published.
    """
    with transaction.atomic():
        framework, _made = Framework.objects.select_for_update().get_or_create(
            code=said.code, defaults={"origin": origin, "created_at": now}
        )
        refused = standing(said)
        if refused:
            raise Refused(refused)
        row = FrameworkVersion.objects.filter(framework=framework, version=said.version).first()
        row = row or FrameworkVersion(framework=framework, version=said.version)
        row.names, row.content = dict(said.names), core.plain(said)
        row.pillars, row.indicators = len(said.pillars), len(said.indicators)
        row.fingerprint, row.normative = core.content_fingerprint(said), core.normative_fingerprint(said)
        row.origin, row.created_at, row.created_by_id, row.created_by = origin, now, actor.id, actor.label
        row.save()
        _note("framework.stored", row, actor, now)
    return row


def publish(*, version: FrameworkVersion, actor: Actor, now: datetime) -> FrameworkVersion:
    """From now on this version is the one in use, and stays as it is. Raises Refused FRAME-044: it is already."""
    with transaction.atomic():
        row = FrameworkVersion.objects.select_for_update().get(pk=version.pk)
        if not row.is_draft:
            raise Refused(problem("FRAME-044"))
        row.state, row.published_at, row.published_by = State.PUBLISHED, now, actor.label
        row.save(update_fields=["state", "published_at", "published_by"])
        _note("framework.published", row, actor, now)
    return row


def discard(*, version: FrameworkVersion, actor: Actor, now: datetime) -> None:
    """Throw a draft away; a framework of which nothing is left goes too. Raises Refused FRAME-044: it is published."""
    with transaction.atomic():
        row = FrameworkVersion.objects.select_for_update().select_related("framework").get(pk=version.pk)
        if not row.is_draft:
            raise Refused(problem("FRAME-044"))
        _note("framework.discarded", row, actor, now)
        row.delete()
        if not row.framework.versions.exists():
            row.framework.delete()


def _note(action: str, row: FrameworkVersion, actor: Actor, now: datetime) -> None:
    detail = {"version": row.version, "fingerprint": row.fingerprint, "origin": row.origin}
    audit.record(actor=actor, action=action, code=row.framework.code, now=now, detail=detail)
