"""Who runs a consultation, who is asked, and who sees what was said.

A drafter runs a round. A partner of an institution that is asked sees it once it is open, comments for that
institution, and sees what it said. The public address of an open round is for everybody: its pages ask no rule but the
channels and dates of the round (`queries/consultation.py`, `public`).
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_noop as N_  # noqa: N812 - the name gettext tools look for

from pasaj.access.queries import ACTIONS
from pasaj.access.rules import IS_APPROVER, IS_DRAFTER, IS_PARTNER, Actor, Condition, define, one_of
from pasaj.policy.models import Comment, Consultation, Invitation, ModerationEntry, Reply, TrayItem
from pasaj.policy.rules.statements import CELL

_ASKED = Consultation.institutions.through


def _own(actor: Actor) -> set[int]:
    return {one.institution_id for one in actor.grants if one.role == "partner" and one.institution_id is not None}


def _asked(actor: Actor) -> Q:
    return Exists(_ASKED.objects.filter(one_of("institution_id", _own(actor)), consultation_id=OuterRef("pk"))) & ~Q(
        state="draft"
    )


def _open_to(actor: Actor) -> Q:
    return _asked(actor) & Q(state="open")


IS_ASKED = Condition("asked", N_("Your institution is asked, and the round was opened."), _asked)
IS_OPEN_TO = Condition("open-to", N_("Your institution is asked, and the round is open."), _open_to)
OF_THEIRS = Condition(
    "own-comment", N_("Your institution said it."), lambda actor: one_of("institution_id", _own(actor))
)

define(Consultation, "view", *CELL, IS_PARTNER & IS_ASKED)
define(Consultation, "run", IS_DRAFTER)
define(Consultation, "report", IS_APPROVER, IS_DRAFTER)
define(Consultation, "comment", IS_PARTNER & IS_OPEN_TO)
define(Consultation, "reply", IS_DRAFTER, IS_PARTNER & IS_OPEN_TO)
define(Comment, "view", *CELL, IS_PARTNER & OF_THEIRS)
define(Comment, "moderate", IS_DRAFTER)
define(Comment, "dispose", IS_DRAFTER)
define(ModerationEntry, "view", *CELL)
define(Invitation, "view", IS_DRAFTER)
define(Reply, "view", *CELL, IS_PARTNER & OF_THEIRS)
define(TrayItem, "view", *CELL)
define(TrayItem, "settle", IS_DRAFTER)

ACTIONS.update(
    {
        "consultation.created": N_("Consultation drafted"),
        "consultation.changed": N_("Consultation changed"),
        "consultation.opened": N_("Consultation opened, its clauses frozen"),
        "consultation.sent": N_("Word file of a consultation handed out"),
        "consultation.closed": N_("Consultation closed"),
        "consultation.reported": N_("Report of a consultation published"),
        "consultation.replied": N_("Reply to a consultation taken in"),
        "consultation.invited": N_("Somebody invited to comment"),
        "consultation.revoked": N_("Invitation to comment revoked"),
        "consultation.settled": N_("Part of a reply placed or set aside"),
        "comment.said": N_("Comment made in a consultation"),
        "comment.moderated": N_("Comment shown or kept back"),
        "comment.answered": N_("Answer to a comment given"),
    }
)
