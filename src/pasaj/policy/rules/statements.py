"""Who may see and change a policy and its statements, and how they hang together in the chain of evidence.

The cell works on drafts. A partner sees the measures in which his institution has a part and the actions that it
owns, and says how these stand. What was published is for everybody: that is for the rules of versions.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_noop as N_  # noqa: N812 - the name gettext tools look for

from pasaj.access.queries import ACTIONS
from pasaj.access.rules import (
    EVERYTHING,
    IS_ADMIN,
    IS_ANALYST,
    IS_APPROVER,
    IS_DPO,
    IS_DRAFTER,
    IS_DUTY,
    IS_LEAD,
    IS_PARTNER,
    NOTHING,
    Actor,
    Condition,
    define,
    one_of,
)
from pasaj.evidence.models import LinkType, NodeKind, link_type, node_kind
from pasaj.policy.models import (
    Action,
    Commitment,
    CostLine,
    Indicator,
    Measure,
    MeasurePart,
    Objective,
    Policy,
    Problem,
)
from pasaj.registry.rules import IS_MEMBER

CELL = (IS_DUTY, IS_APPROVER, IS_ANALYST, IS_LEAD, IS_DRAFTER, IS_DPO, IS_ADMIN)


def _own(actor: Actor) -> set[int]:
    return {one.institution_id for one in actor.grants if one.institution_id is not None}


def _part(actor: Actor, outer: str) -> Q:
    rows = MeasurePart.objects.filter(one_of("institution_id", _own(actor)), measure=OuterRef(outer))
    return Q(Exists(rows))


HAS_A_PART = Condition("own-part", N_("Your institution has a part in it."), lambda actor: _part(actor, "pk"))
OWNS_IT = Condition("own-action", N_("Your institution owns it."), lambda actor: one_of("owner_id", _own(actor)))
OWNS_ITS_ACTION = Condition(
    "own-action", N_("Your institution owns its action."), lambda actor: one_of("action__owner_id", _own(actor))
)

define(Policy, "view", *CELL, IS_PARTNER)
define(Policy, "edit", IS_DRAFTER)
define(Policy, "decide", IS_APPROVER)
for _model in (Problem, Objective):
    define(_model, "view", *CELL)
    define(_model, "edit", IS_DRAFTER)
define(Measure, "view", *CELL, IS_MEMBER & HAS_A_PART)
define(Measure, "edit", IS_DRAFTER)
define(Action, "view", *CELL, IS_MEMBER & OWNS_IT)
define(Action, "edit", IS_DRAFTER)
define(Action, "follow", IS_DRAFTER, IS_PARTNER & OWNS_IT)  # says how it stands
for _lines in (CostLine, Commitment):
    define(_lines, "view", *CELL, IS_MEMBER & OWNS_ITS_ACTION)
    define(_lines, "edit", IS_DRAFTER)
define(Indicator, "view", *CELL, IS_MEMBER & OWNS_ITS_ACTION)
define(Indicator, "edit", IS_DRAFTER)
define(Indicator, "observe", IS_DRAFTER, IS_ANALYST, IS_PARTNER & OWNS_ITS_ACTION)


def _members(actor: Actor) -> Q:
    """Documents are for everybody who belongs to an institution."""
    return EVERYTHING if actor.grants else NOTHING


GROUNDS = frozenset({"finding", "figure", "signal", "submission", "document"})
node_kind(NodeKind("document", N_("cited document"), fields=("title", "kind", "date", "status"), seen=_members))
for _kind, _name, _fields, _needs in (
    ("policy-problem", N_("problem"), ("text", "rights", "groups"), True),
    ("policy-objective", N_("objective"), ("text", "goals"), True),
    ("policy-measure", N_("policy measure"), ("text", "kind", "parts", "function", "territory", "basis"), True),
    ("policy-action", N_("action"), ("text", "owner", "first", "last", "deliverable"), True),
    ("policy-cost", N_("cost line"), ("label", "kind", "unit", "currency", "year"), True),
    ("policy-indicator", N_("indicator of a policy"), (
        "text", "definition", "unit", "direction", "baseline", "target", "target_on"), True),
    ("policy-reading", N_("observation of an indicator"), ("period_end", "source"), True),
):  # fmt: skip
    node_kind(NodeKind(
        _kind, _name, fields=_fields, needs_support=_needs, address="policy:statement", withdrawn_there=True,
    ))  # fmt: skip
for _type, _name, _child, _parents in (
    ("arises-from", N_("arises from"), "policy-problem", GROUNDS),
    ("addresses", N_("addresses"), "policy-objective", frozenset({"policy-problem"})),
    ("based-on", N_("is based on"), "policy-measure", frozenset({"document"})),
    ("serves", N_("serves"), "policy-measure", frozenset({"policy-objective"})),
    ("implements", N_("implements"), "policy-action", frozenset({"policy-measure"})),
    ("follows-up", N_("follows up"), "policy-action", frozenset({"recommendation"})),
    ("costs", N_("is a cost of"), "policy-cost", frozenset({"policy-action"})),
    ("measures", N_("measures"), "policy-indicator", frozenset({"policy-action", "policy-objective"})),
    ("reports", N_("reports"), "policy-reading", frozenset({"policy-indicator", "figure"})),
):
    link_type(LinkType(_type, _name, frozenset({_child}), _parents))

# What the entries of the log say about this app's rows.
ACTIONS.update(
    {
        "policy.created": N_("Policy begun"),
        "policy.changed": N_("Policy changed"),
        "policy.written": N_("Statement of a policy written"),
        "policy.edited": N_("Statement of a policy edited"),
        "policy.withdrawn": N_("Statement of a policy withdrawn"),
        "policy.reinstated": N_("Statement of a policy taken up again"),
        "policy.progress": N_("How an action stands said"),
        "policy.observed": N_("Indicator of a policy observed"),
        "policy.costs": N_("Costs of a policy changed"),
    }
)
