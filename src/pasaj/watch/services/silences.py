"""The call made to a silent post: why it is silent, and what came of it. Nothing is overwritten."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.core.problems import Refused, problem
from pasaj.registry.models import Post
from pasaj.watch.models import SilenceCall
from pasaj.watch.services.screening import naming

CAUSES: dict[str, Any] = {
    SilenceCall.Cause.UNKNOWN: _("Not known"),
    SilenceCall.Cause.NO_NETWORK: _("No network"),
    SilenceCall.Cause.NO_POWER: _("No power"),
    SilenceCall.Cause.CLOSED: _("Post closed"),
    SilenceCall.Cause.ABSENT: _("Nobody there to report"),
    SilenceCall.Cause.WORKLOAD: _("Too much to do"),
    SilenceCall.Cause.REFUSED: _("Will not report"),
    SilenceCall.Cause.OTHER: _("Another cause, see the note"),
}
OUTCOMES: dict[str, Any] = {
    SilenceCall.Outcome.WILL_REPORT: _("Reached, will report"),
    SilenceCall.Outcome.REPORTED: _("Reached, reported by telephone"),
    SilenceCall.Outcome.NOT_REACHED: _("Not reached"),
    SilenceCall.Outcome.WRONG_NUMBER: _("The number is wrong"),
}


def record(
    *,
    crossing_code: str,
    source_code: str,
    cause: str,
    outcome: str,
    note: str = "",
    called_at: datetime | None = None,
    origin: str = "entry",
    actor: Actor,
    now: datetime,
) -> SilenceCall:
    """Write down a call to the post that reports as `source_code` at a crossing.

    `called_at` is when it was made (now when left out). Raises Refused, each problem's `column` the
    argument's name: CALL-001 to 005, SCREEN-001.
    """
    post = Post.objects.filter(crossing__code=crossing_code, source_code=source_code).first()
    if post is None:
        raise Refused(problem("CALL-001", column="source_code", crossing=crossing_code, source=source_code))
    problems = naming(origin, note=note)
    if cause not in CAUSES:
        problems.append(problem("CALL-002", column="cause", value=cause, allowed=", ".join(CAUSES)))
    if outcome not in OUTCOMES:
        problems.append(problem("CALL-003", column="outcome", value=outcome, allowed=", ".join(OUTCOMES)))
    if called_at is not None and called_at > now:
        problems.append(problem("CALL-004", column="called_at"))
    if cause == SilenceCall.Cause.OTHER and not note.strip():
        problems.append(problem("CALL-005", column="note"))
    if problems:
        raise Refused(*problems)
    with transaction.atomic():
        row = SilenceCall.objects.create(
            post=post,
            cause=cause,
            outcome=outcome,
            called_at=called_at or now,
            note=note.strip(),
            origin=origin,
            recorded_at=timezone.now(),
            actor_id=actor.id,
            actor_label=actor.label,
        )
        detail = {"post": post.key, "cause": cause, "outcome": outcome}
        audit.record(actor=actor, action="silence.called", code=post.key, now=now, detail=detail)
    return row
