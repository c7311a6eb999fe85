"""Who may see what left: those who answer for it, and each person what he took himself."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_noop as N_  # noqa: N812 - the name gettext tools look for

from pasaj.access.rules import IS_ADMIN, IS_APPROVER, IS_DPO, NOTHING, Condition, define
from pasaj.share.models import Release

IS_OWN_RELEASE = Condition(
    "own-release",
    N_("You took it yourself."),
    lambda actor: NOTHING if actor.id is None else Q(actor_id=actor.id),
)

define(Release, "view", IS_DPO, IS_APPROVER, IS_ADMIN, IS_OWN_RELEASE)
