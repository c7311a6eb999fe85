"""Files of a round on their way out through the gate: the Word file to those who are asked, the log of moderation."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.core import word
from pasaj.core.problems import Refused, problem
from pasaj.policy.models import Consultation, ModerationEntry
from pasaj.policy.queries import asking, consultation
from pasaj.share.models import Audience
from pasaj.share.services import Parcel, Released, Row, release

LOG = ("comment", "clause", "said_at", "text", "outcome", "reason", "at", "by")


def export_log(*, row: Consultation, actor: Actor, now: datetime) -> Released:
    """The moderation log of a round as csv, a row a step, the oldest first; for the cell. Raises Refused: the gate."""
    steps = ModerationEntry.objects.filter(comment__consultation=row).order_by("pk")
    parcel = Parcel(
        kind="table",
        title=f"{row.code} moderation",
        form="csv",
        header=("consultation", *LOG),
        rows=(
            Row(
                values=(
                    row.code, one.comment.code, one.comment.asked.clause.code if one.comment.asked else "",
                    one.comment.said_at, one.comment.text, one.outcome, one.reason, one.at, one.actor_label,
                ),
                own_count=True,
            )
            for one in steps.select_related("comment__asked__clause")
        ),
        question={"consultation": row.code, "what": "moderation"},
    )  # fmt: skip
    return release(parcel=parcel, audience=Audience.AMBER, actor=actor, now=now)


def export(*, row: Consultation, language: str, actor: Actor, now: datetime) -> Released:
    """The Word file of an open round in a language, on its way out to those who are asked.

    Raises Refused: CONS-012 (not open), 031 (nothing is asked in this language), 032 (not by Word).
    """
    if row.state != Consultation.State.OPEN:
        raise Refused(problem("CONS-012", code=row.code, state=row.state))
    if Consultation.Channel.WORD not in row.channels:
        raise Refused(problem("CONS-032", code=row.code))
    asked = consultation.asked(row)
    there = asking.languages(asked, row.policy)
    if language not in there:
        raise Refused(problem("CONS-031", value=language[:8], allowed=", ".join(there)))
    cover = asking.cover(row, language)
    document = word.document(asking.word_clauses(asked, language), asking.document_id(row, language), cover)
    parcel = Parcel(
        kind="report",
        title=f"{row.code} {cover.title}",
        form="docx",
        rows=[Row(values=(document,), citation=row.policy.code)],
        question={"consultation": row.code, "language": language},
    )
    with transaction.atomic():
        audit.record(actor=actor, action="consultation.sent", code=row.code, now=now, detail={"language": language})
    return release(parcel=parcel, audience=Audience.AMBER, actor=actor, now=now)
