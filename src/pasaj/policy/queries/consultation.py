"""Rounds of consultation: what they hold, how far they are, what is for everybody."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_noop as N_  # noqa: N812 - the name gettext tools look for

from pasaj.access.rules import Actor, visible
from pasaj.policy.models import (
    AskedClause,
    Comment,
    Consultation,
    Disposition,
    Invitation,
    Policy,
    Suggestion,
    TrayItem,
)
from pasaj.registry.models import Institution

KINDS = {
    "interministerial": N_("Between ministries"),
    "civil_society": N_("Civil society"),
    "public": N_("Everybody"),
    "donors": N_("Those who fund"),
    "legal": N_("Legal review"),
}
STATES = {"draft": N_("Draft"), "open": N_("Open"), "closed": N_("Closed")}
CHANNELS = {
    "word": N_("Word file"),
    "web": N_("Comments by account"),
    "invitation": N_("Comments by invitation"),
    "open": N_("Comments by anybody"),
    "meeting": N_("Minutes of a meeting"),
}
OUTCOMES = {
    "accepted": N_("Accepted"),
    "partly": N_("Accepted in part"),
    "rejected": N_("Not accepted"),
    "deferred": N_("For later"),
    "out_of_scope": N_("Not a matter of this policy"),
}
GROUPS = {
    "": N_("Not said"),
    "citizen": N_("A resident"),
    "migrant": N_("Somebody who migrated or moves across the border"),
    "association": N_("An association"),
    "research": N_("Research"),
    "business": N_("A business"),
    "abroad": N_("Somebody who lives abroad"),
    "other": N_("Other"),
}
SORTS = {
    "comment": N_("Comment"),
    "delete": N_("Delete the clause"),
    "move": N_("Move the clause"),
    "new": N_("New clause"),
    "text": N_("Other words"),
}
MODERATIONS = {"waiting": N_("Waits"), "shown": N_("Shown"), "hidden": N_("Kept back")}


def of_policy(actor: Actor, policy: Policy) -> QuerySet[Consultation]:
    """The rounds of a policy that the reader may see, the newest first."""
    return visible(policy.consultations.order_by("-number"), actor)


def find(code: str) -> Consultation | None:
    """The round of this code."""
    return Consultation.objects.select_related("policy").filter(code=code).first()


def public(code: str, today: date) -> Consultation | None:
    """A round that anybody may answer today, or whose report is for everybody."""
    row = find(code)
    if row is None:
        return None
    answers = row.is_open and Consultation.Channel.OPEN in row.channels and row.first_date <= today
    return row if answers or row.reported_at else None


def takes(row: Consultation, today: date) -> bool:
    """Whether something can be said today."""
    return row.is_open and row.first_date <= today <= row.last_date


def asked(row: Consultation) -> list[AskedClause]:
    """What is asked about, in reading order."""
    return list(row.asked.select_related("clause").order_by("place"))


def suggested(row: Consultation) -> QuerySet[Suggestion]:
    """The texts that came with replies to a round."""
    codes = row.replies.values("code")
    return Suggestion.objects.filter(source__in=codes).select_related("clause").order_by("clause_id", "pk")


def disposed() -> Exists:
    """Whether a comment has an answer."""
    return Exists(Disposition.objects.filter(comment=OuterRef("pk")))


def unanswered(row: Consultation) -> dict[str, int]:
    """What stands against closing: comments without an answer, open suggestions and tray, what waits to be let through.

    A comment that was kept back needs no answer: the reason for keeping it back is one.
    """
    comments = row.comments.exclude(moderation=Comment.Moderation.HIDDEN).exclude(disposed())
    return {
        "comments": comments.exclude(moderation=Comment.Moderation.WAITING).count(),
        "suggestions": suggested(row).filter(state=Suggestion.State.OPEN).count(),
        "tray": TrayItem.objects.filter(reply__consultation=row, state=TrayItem.State.OPEN).count(),
        "waiting": row.comments.filter(moderation=Comment.Moderation.WAITING).count(),
    }


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a round is. replied: institutions asked that have said something; silent: those that have not."""

    counts: Mapping[str, int]
    comments: int
    replies: int
    suggestions: int
    replied: Sequence[Institution]
    silent: Sequence[Institution]

    @property
    def done(self) -> bool:
        return not any(self.counts.values())


def progress(row: Consultation) -> Progress:
    """How far a round is."""
    said = set(row.comments.exclude(institution=None).values_list("institution_id", flat=True))
    said |= set(row.replies.values_list("institution_id", flat=True))
    institutions = list(row.institutions.order_by("code"))
    return Progress(
        unanswered(row),
        row.comments.count(),
        row.replies.count(),
        suggested(row).count(),
        [one for one in institutions if one.pk in said],
        [one for one in institutions if one.pk not in said],
    )


def hashed(token: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(token.encode()).hexdigest()


def by_token(token: str) -> Invitation | None:
    """The invitation of a secret that still works."""
    if not 20 <= len(token) <= 100:
        return None
    rows = Invitation.objects.select_related("consultation__policy", "institution")
    return rows.filter(token_sha256=hashed(token), revoked_at=None, consultation__state=Consultation.State.OPEN).first()


def comments(actor: Actor, row: Consultation) -> QuerySet[Comment]:
    """The comments of a round that the reader may see, in the order they came."""
    rows = visible(row.comments.all(), actor).select_related("institution", "asked__clause", "after", "reply")
    return rows.prefetch_related("dispositions__clause").order_by("pk")


def shown(row: Consultation) -> QuerySet[Comment]:
    """What everybody may read on the public page: open comments that were let through."""
    rows = row.comments.filter(channel=Consultation.Channel.OPEN, moderation=Comment.Moderation.SHOWN)
    return rows.select_related("asked__clause").order_by("pk")


def waiting(row: Consultation) -> QuerySet[Comment]:
    """Comments that nobody but the cell has seen."""
    return row.comments.filter(moderation=Comment.Moderation.WAITING).select_related("asked__clause").order_by("pk")


def tray(row: Consultation) -> QuerySet[TrayItem]:
    """What found no place, those to be settled first."""
    rows = TrayItem.objects.filter(reply__consultation=row).select_related(
        "reply__institution", "suggestion", "comment"
    )
    return rows.order_by("-state", "reply_id", "number")


def answer(one: Comment) -> Disposition | None:
    """What was done with a comment: the newest answer."""
    rows = sorted(one.dispositions.all(), key=lambda each: each.pk)
    return rows[-1] if rows else None


def counts_by_state(rows: QuerySet[Consultation]) -> QuerySet[Consultation]:
    """Rounds with how many comments they hold."""
    return rows.annotate(said=Count("comments", filter=~Q(comments__moderation="hidden")))
