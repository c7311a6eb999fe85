"""Versions of forms: published, closed, and what stands against them until somebody may waive it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from pasaj.access.rules import SYSTEM, Actor
from pasaj.access.services import audit
from pasaj.collect.models import Form, FormVersion, Waiver
from pasaj.core.problems import Problem, Refused, problem
from pasaj.registry.queries import refuse_naming

LONGEST_WAIVER = 366  # days


def publish(*, version_id: int, actor: Actor, now: datetime) -> FormVersion:
    """Make a draft the version that phones are offered; the one before it is closed and accepted all the same.

    Raises Refused: FORM-023 (form closed), FORM-024 with every finding that stands, FORM-025 (no draft).
    """
    with transaction.atomic():
        form = Form.objects.select_for_update().get(versions=version_id)
        version = form.versions.select_for_update().get(pk=version_id)
        if form.closed_at:
            raise Refused(problem("FORM-023", form=form.form_id))
        if version.state != FormVersion.State.DRAFT:
            raise Refused(problem("FORM-025", state=version.state))
        against = standing(version, now)
        if against:
            found = [Problem.of(one["problem"]) for one in against]
            raise Refused(problem("FORM-024", count=len(found)), *found)
        form.versions.filter(state=FormVersion.State.PUBLISHED).update(state=FormVersion.State.CLOSED, closed_at=now)
        version.state, version.published_at = FormVersion.State.PUBLISHED, now
        version.save(update_fields=["state", "published_at"])
        detail = {"version": version.version, "waived": len(version.findings)}
        audit.record(actor=actor, action="form.published", code=form.form_id, now=now, detail=detail)
    return version


def close(*, form_id: int, actor: Actor, now: datetime) -> Form:
    """End a form: no version is offered any more and none can be published. Closing it twice changes nothing."""
    with transaction.atomic():
        form = Form.objects.select_for_update().get(pk=form_id)
        if form.closed_at is None:
            form.closed_at = now
            form.save(update_fields=["closed_at"])
            form.versions.filter(state=FormVersion.State.PUBLISHED).update(
                state=FormVersion.State.CLOSED, closed_at=now
            )
            audit.record(actor=actor, action="form.closed", code=form.form_id, now=now)
    return form


# --- Waivers -----------------------------------------------------------------------------------


def standing(version: FormVersion, now: datetime, waivers: Sequence[Waiver] | None = None) -> list[Mapping[str, Any]]:
    """The findings of a version that no waiver lifts at `now`."""
    rows = active(version.form, now) if waivers is None else waivers
    lifted = {(one.rule, one.question) for one in rows}
    return [
        one for one in version.findings if not (one["waivable"] and (one["problem"]["code"], one["question"]) in lifted)
    ]


def active(form: Form, now: datetime) -> list[Waiver]:
    """The waivers of a form that hold at `now`, the first to end first."""
    return list(form.waivers.filter(ended_at=None, expires_at__gt=now).order_by("expires_at"))


def grant_waiver(
    *, form_id: int, rule: str, question: str, purpose: str, expires_at: datetime, actor: Actor, now: datetime
) -> Waiver:
    """Let a form ask what the screening refuses, for a purpose and until a day.

    Raises Refused: FORM-028 (no purpose, or no end within a year), FORM-029 (never waived), FORM-030
    (nothing to waive).
    """
    if not purpose.strip() or not now < expires_at <= now + timedelta(days=LONGEST_WAIVER):
        raise Refused(problem("FORM-028", days=LONGEST_WAIVER))
    refuse_naming(purpose=purpose)
    with transaction.atomic():
        form = Form.objects.select_for_update().get(pk=form_id)
        found = [
            one
            for version in form.versions.all()
            for one in version.findings
            if one["problem"]["code"] == rule and one["question"] == question
        ]
        if not found:
            raise Refused(problem("FORM-030"))
        if not all(one["waivable"] for one in found):
            raise Refused(problem("FORM-029", rule=rule))
        waiver = Waiver.objects.create(
            form=form,
            rule=rule,
            question=question,
            purpose=purpose.strip(),
            granted_at=now,
            granted_by_id=actor.id,
            granted_by=actor.label,
            expires_at=expires_at,
        )
        detail = {"rule": rule, "question": question, "purpose": waiver.purpose, "until": expires_at}
        audit.record(actor=actor, action="form.waiver", code=form.form_id, now=now, detail=detail)
    return waiver


def end_waiver(*, waiver_id: int, actor: Actor, now: datetime) -> Waiver:
    """Take a waiver back. A published version that needed it is closed at once."""
    with transaction.atomic():
        waiver = Waiver.objects.select_for_update().select_related("form").get(pk=waiver_id)
        if waiver.ended_at is None:
            waiver.ended_at = now
            waiver.save(update_fields=["ended_at"])
            detail = {"rule": waiver.rule, "question": waiver.question}
            audit.record(actor=actor, action="form.waiver-ended", code=waiver.form.form_id, now=now, detail=detail)
            _close_unwaived(waiver.form, actor, now)
    return waiver


def close_unwaived(*, now: datetime) -> int:
    """Close published versions whose waivers have run out: phones are not offered them any more. Returns how many."""
    closed = 0
    for form in Form.objects.filter(
        versions__state=FormVersion.State.PUBLISHED, waivers__expires_at__lte=now
    ).distinct():
        with transaction.atomic():
            closed += _close_unwaived(form, SYSTEM, now)
    return closed


def _close_unwaived(form: Form, actor: Actor, now: datetime) -> bool:
    version = form.versions.select_for_update().filter(state=FormVersion.State.PUBLISHED).first()
    if version is None or not standing(version, now):
        return False
    version.state, version.closed_at = FormVersion.State.CLOSED, now
    version.save(update_fields=["state", "closed_at"])
    detail = {"version": version.version}
    audit.record(actor=actor, action="form.version-closed", code=form.form_id, now=now, detail=detail)
    return True
