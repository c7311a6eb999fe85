"""What a sender reads about the own reports, with a key or an account: what arrived, what lacks, what the cell asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from pasaj.access.rules import Actor
from pasaj.collect.models import AppUser, Attachment, Message, Submission

MOST = 50  # reports on the page, the latest first
State, Review = Submission.State, Submission.Review

CLOSED = (State.REDACTED, State.REFUSED)  # nothing is asked about these any more
PLAIN = {
    State.QUARANTINED: gettext_lazy("Arrived. The cell looks at it before it counts."),
    State.REFUSED: gettext_lazy("Arrived. The cell does not count it."),
    State.REDACTED: gettext_lazy("Removed for data protection. Delete it on the phone too."),
}
REVIEWED = {
    Review.NEW: gettext_lazy("Arrived."),
    Review.APPROVED: gettext_lazy("Arrived. The cell has looked at it and found it in order."),
    Review.QUESTION: gettext_lazy("Arrived. The cell has a question about it."),
    Review.REJECTED: gettext_lazy("Arrived. The cell did not accept it."),
}


@dataclass(frozen=True, slots=True)
class Report:
    """One report of a sender. `missing`: files that its answers name and that have not arrived."""

    row: Submission
    state: Any
    missing: tuple[str, ...]
    letters: tuple[Message, ...]

    @property
    def asks(self) -> bool:
        return self.row.review == Review.QUESTION and self.row.state not in CLOSED

    @property
    def stands_out(self) -> bool:
        """Whether there is more to read than that it arrived."""
        return self.asks or bool(self.missing or self.letters)

    @property
    def place(self) -> str:
        return str(self.row.crossing or self.row.area or "")


def of_key(user: AppUser) -> QuerySet[Submission]:
    """What was sent with a key."""
    return Submission.objects.filter(app_user=user)


def of_account(actor: Actor) -> QuerySet[Submission]:
    """What somebody with an account sent: from a phone or on a page."""
    return Submission.objects.none() if actor.id is None else Submission.objects.filter(account_id=actor.id)


def asked(own: QuerySet[Submission]) -> QuerySet[Submission]:
    """Those of a sender's reports that the cell has an open question about."""
    return own.filter(review=Review.QUESTION).exclude(state__in=CLOSED)


def reports(own: QuerySet[Submission]) -> list[Report]:
    """A sender's latest reports, those with an open question first. Three queries."""
    rows = list(own.select_related("form", "crossing", "area").order_by("-received_at", "-pk")[:MOST])
    missing: dict[int, list[str]] = {}
    files = Attachment.objects.filter(version__in=[one.current_id for one in rows], expected=True, sha256="")
    for version, name in files.order_by("pk").values_list("version", "name"):
        missing.setdefault(version, []).append(name)
    letters: dict[int, list[Message]] = {}
    for one in Message.objects.filter(submission__in=rows).order_by("pk"):
        letters.setdefault(one.submission_id, []).append(one)
    made = [
        Report(row, _state(row), tuple(missing.get(row.current_id or 0, ())), tuple(letters.get(row.pk, ())))
        for row in rows
    ]
    return sorted(made, key=lambda one: not one.asks)


def _state(row: Submission) -> Any:
    return PLAIN.get(State(row.state)) or REVIEWED[Review(row.review)]
