"""What was told to whom, for programs: the same rows and addresses as on the pages."""

from __future__ import annotations

from datetime import datetime

from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema

from pasaj.access.rules import can, visible
from pasaj.notify.models import Message
from pasaj.notify.queries import outbox as queries
from pasaj.registry.queries import Request

router = Router()
LARGEST = 500


class NoticeFilter(Schema):
    kind: str = ""
    ref: str = ""
    limit: int = 100
    offset: int = 0


class NoticeOut(Schema):
    code: str
    kind: str
    ref: str
    mode: str
    severity: str
    urgent: bool
    created_at: datetime
    acknowledge_due_at: datetime | None
    total: int
    sent: int
    delivered: int
    acknowledged: int
    failed: int
    withheld: int


class RecipientOut(Schema):
    contact: str
    institution: str
    channel: str
    address: str
    language: str
    state: str
    tries: int
    sent_at: datetime | None
    delivered_at: datetime | None
    acknowledged_at: datetime | None
    escalated_at: datetime | None
    problem: str


class NoticePage(NoticeOut):
    texts: dict[str, dict[str, str]]
    recipients: list[RecipientOut]


@router.get("/notices", response=list[NoticeOut])
def notices(request: Request, wanted: Query[NoticeFilter]) -> list[Message]:
    """Messages, the newest first."""
    rows = queries.messages(request.actor)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.ref:
        rows = rows.filter(ref=wanted.ref)
    first = max(wanted.offset, 0)
    return list(rows[first : first + min(max(wanted.limit, 1), LARGEST)])


@router.get("/notices/{code}", response=NoticePage)
def notice(request: Request, code: str) -> NoticePage:
    """One message with its texts and everybody it went to; addresses are masked for who need not reach people."""
    get_object_or_404(visible(Message.objects.all(), request.actor), code=code)
    row = queries.messages(request.actor).get(code=code)
    plain = can(request.actor, "reach", row)
    recipients = [
        RecipientOut(
            contact=one.contact.code if one.contact else "",
            institution=one.contact.institution.code if one.contact else "",
            channel=one.channel,
            address=queries.shown(one, plain=plain),
            language=one.language,
            state=one.state,
            tries=one.tries,
            sent_at=one.sent_at,
            delivered_at=one.delivered_at,
            acknowledged_at=one.acknowledged_at,
            escalated_at=one.escalated_at,
            problem=one.problem,
        )
        for one in queries.deliveries(row)
    ]
    return NoticePage(**NoticeOut.from_orm(row).dict(), texts=queries.readable(row), recipients=recipients)
