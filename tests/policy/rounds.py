"""A round of consultation to try things with: two institutions asked about the small document."""

from __future__ import annotations

from datetime import date
from typing import Any

import make
from policy import documents, plans

from pasaj.core.word import Item, document
from pasaj.policy.models import Consultation, Reply
from pasaj.policy.queries import asking, consultation
from pasaj.policy.queries import replies as queries
from pasaj.policy.services import comments, replies
from pasaj.policy.services import consultation as rounds
from pasaj.policy.services.comments import CommentWanted
from pasaj.policy.services.consultation import ConsultationWanted

NOW, TODAY = make.NOW, make.TODAY
CHANNELS = ("word", "web", "invitation", "open", "meeting")


def wanted(**changed: Any) -> ConsultationWanted:
    values: dict[str, Any] = {
        "kind": "interministerial", "names": make.names("First round"), "first": date(2025, 9, 1),
        "last": date(2025, 10, 31), "channels": CHANNELS, "institutions": ("AID", "IMM"),
        "about": make.names("Is this right?"),
    }  # fmt: skip
    return ConsultationWanted(**{**values, **changed})


def drafted(country: make.Country, **changed: Any) -> Consultation:
    """P1-K1 of the small document, not opened."""
    documents.small(country)
    return rounds.begin(policy="P1", wanted=wanted(**changed), actor=plans.drafter(), now=NOW)


def opened(country: make.Country, **changed: Any) -> Consultation:
    """P1-K1, open; it asks about P1-C1, P1-C1.1, P1-C1.2, P1-C2 and P1-C3."""
    drafted(country, **changed)
    return rounds.begin_asking(code="P1-K1", seen=1, actor=plans.drafter(), now=NOW)


def sent(row: Consultation) -> bytes:
    """The Word file in French."""
    clauses = asking.word_clauses(consultation.asked(row), "fr")
    return document(clauses, asking.document_id(row, "fr"), asking.cover(row, "fr"))


def taken(row: Consultation, data: bytes, institution: str = "AID") -> Reply:
    found = queries.preview(row, data)
    return replies.take(
        code=row.code, preview=found, institution=institution, today=TODAY, actor=plans.drafter(), now=NOW
    )


def comment(text: str = "Le délai est trop court.", **changed: Any) -> Any:
    values = {"text": text, "language": "fr", **changed}
    return comments.comment(
        code="P1-K1", wanted=CommentWanted(**values), institution="AID", today=TODAY, actor=plans.drafter(), now=NOW
    )


def open_comment(text: str = "Le délai est trop court.", **changed: Any) -> Any:
    values = {"text": text, "language": "fr", **changed}
    return comments.comment_open(
        code="P1-K1", wanted=CommentWanted(**values), address="192.0.2.7", today=TODAY, actor=plans.drafter(), now=NOW
    )


def tray_item(row: Reply, **changed: Any) -> Item:
    return queries.item({**row.tray.order_by("number")[0].item, **changed})
