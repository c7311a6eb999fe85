"""Who may see what rests on what, link, review and withdraw.

The cell sees the whole chain. Beside it, a partner what his own institution answers for, and everybody what
the rules of its kind show him: a statement is no way round the rules of the thing it speaks of.
"""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_noop as N_  # noqa: N812 - the name gettext tools look for

from pasaj.access.queries import ACTIONS
from pasaj.access.rules import (
    IS_ADMIN,
    IS_ANALYST,
    IS_APPROVER,
    IS_DPO,
    IS_DRAFTER,
    IS_DUTY,
    IS_LEAD,
    Actor,
    Condition,
    define,
    intersection,
    one_of,
    union,
)
from pasaj.evidence.models import KINDS, Link, Node, NodeKind

CELL = (IS_DUTY, IS_APPROVER, IS_ANALYST, IS_LEAD, IS_DRAFTER, IS_DPO, IS_ADMIN)


def _own(actor: Actor) -> Q:
    return one_of("institution_id", {
        grant.institution_id for grant in actor.grants if grant.role == "partner" and grant.institution_id is not None
    })  # fmt: skip


def _of_kind(kind: NodeKind, actor: Actor) -> Q:
    return intersection((kind.seen(actor), Q(kind=kind.code)))


IS_ITS_INSTITUTION = Condition("own-institution", N_("Your institution answers for it."), _own)
IS_SEEN_BY_ITS_KIND = Condition(
    "own-kind",
    N_("You may see the thing itself."),
    lambda actor: union(_of_kind(kind, actor) for kind in KINDS.values()),
)

define(Node, "view", *CELL, IS_ITS_INSTITUTION, IS_SEEN_BY_ITS_KIND)
# Says what a statement rests on, and looks again when that moves.
define(Node, "link", IS_LEAD, IS_DRAFTER, IS_ANALYST)
define(Link, "review", IS_LEAD, IS_DRAFTER, IS_ANALYST, IS_APPROVER)
define(Node, "confirm", IS_LEAD, IS_DRAFTER, IS_APPROVER)
define(Node, "withdraw", IS_LEAD, IS_APPROVER, IS_DPO)

# What the entries of the log say about this app's rows.
ACTIONS.update(
    {
        "evidence.put": N_("Statement put into the chain of evidence"),
        "evidence.changed": N_("Statement in the chain of evidence changed"),
        "evidence.confirmed": N_("Change of wording confirmed"),
        "evidence.withdrawn": N_("Statement withdrawn"),
        "evidence.reinstated": N_("Withdrawn statement taken up again"),
        "evidence.linked": N_("Statement linked to its evidence"),
        "evidence.reviewed": N_("Link to evidence reviewed"),
    }
)
