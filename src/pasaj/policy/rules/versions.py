"""Who may see versions, propose and publish them. A public one is for everybody, by a page of its own."""

from __future__ import annotations

from django.utils.translation import gettext_noop as N_  # noqa: N812 - the name gettext tools look for

from pasaj.access.queries import ACTIONS
from pasaj.access.rules import IS_APPROVER, IS_DRAFTER, IS_PARTNER, define
from pasaj.policy.models import Policy, Version
from pasaj.policy.rules.statements import CELL

define(Version, "view", *CELL, IS_PARTNER)
define(Policy, "propose", IS_DRAFTER)
define(Policy, "publish", IS_APPROVER)
define(Policy, "turn", IS_APPROVER)

ACTIONS.update(
    {
        "policy.proposed": N_("Version of a policy proposed"),
        "policy.refused": N_("Proposed version of a policy sent back"),
        "policy.published": N_("Version of a policy published"),
        "policy.turned": N_("State of a policy changed"),
    }
)
