"""Who may see whether a policy is coherent, and who may let a breach pass."""

from __future__ import annotations

from django.utils.translation import gettext_noop as N_  # noqa: N812 - the name gettext tools look for

from pasaj.access.queries import ACTIONS
from pasaj.access.rules import IS_APPROVER, define
from pasaj.policy.models import NotAddressed, Policy, Waiver
from pasaj.policy.rules.statements import CELL

define(Policy, "check", *CELL)
define(Policy, "waive", IS_APPROVER)
for _model in (Waiver, NotAddressed):
    define(_model, "view", *CELL)

ACTIONS.update(
    {
        "pack.load-policy": N_("What a pack says for policies loaded"),
        "policy.waived": N_("Breach of a coherence rule waived"),
        "policy.unwaived": N_("Waiver of a coherence rule taken back"),
        "policy.set-aside": N_("Finding or group recorded as not addressed"),
        "policy.taken-up": N_("Record of what is not addressed taken back"),
    }
)
