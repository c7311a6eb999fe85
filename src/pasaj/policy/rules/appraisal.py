"""Who sees and changes an options appraisal, and how options hang in the chain of evidence.

The cell reads, the drafter judges and decides. An option that violates rights is chosen, if at all, by somebody who
approves, with the reason in writing.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop as N_  # noqa: N812 - the name gettext tools look for

from pasaj.access.queries import ACTIONS
from pasaj.access.rules import IS_APPROVER, IS_DRAFTER, define
from pasaj.evidence.models import LinkType, NodeKind, link_type, node_kind
from pasaj.policy.models import Appraisal, Option
from pasaj.policy.rules.statements import CELL, GROUNDS

define(Appraisal, "view", *CELL)
define(Appraisal, "edit", IS_DRAFTER)
define(Appraisal, "decide", IS_DRAFTER, IS_APPROVER)
define(Appraisal, "override", IS_APPROVER)  # a veto
define(Option, "view", *CELL)
define(Option, "edit", IS_DRAFTER)

node_kind(
    NodeKind(
        "policy-option", N_("option"), fields=("text", "question", "judgements"), needs_support=True,
        address="policy:option", withdrawn_there=True,
    )
)  # fmt: skip
for _type, _name, _child, _parents in (
    ("answers", N_("answers"), "policy-option", frozenset({"policy-objective"})),
    ("judged-on", N_("is judged on"), "policy-option", GROUNDS),
    ("chosen-as", N_("was chosen as"), "policy-measure", frozenset({"policy-option"})),
):
    link_type(LinkType(_type, _name, frozenset({_child}), _parents))

ACTIONS.update(
    {
        "appraisal.begun": N_("Appraisal of options begun"),
        "appraisal.changed": N_("Appraisal of options changed"),
        "appraisal.judged": N_("Option judged"),
        "appraisal.decided": N_("Option chosen"),
        "appraisal.reopened": N_("Choice of an option taken back"),
        "appraisal.realised": N_("Chosen option made a measure"),
    }
)
