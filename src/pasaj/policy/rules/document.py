"""Who may read the draft of a document and change it, and how clauses hang together with the rest of the chain.

The draft is for the cell. Who answers a consultation sees the text of its round, what was published is for
everybody: both are for the rules of their parts.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop as N_  # noqa: N812 - the name gettext tools look for

from pasaj.access.queries import ACTIONS
from pasaj.access.rules import IS_ANALYST, IS_APPROVER, IS_DPO, IS_DRAFTER, IS_LEAD, define
from pasaj.evidence.models import LinkType, NodeKind, link_type, node_kind
from pasaj.policy.models import Clause, ClauseRevision, Suggestion, Term
from pasaj.policy.rules.statements import CELL

for _model in (Clause, ClauseRevision, Suggestion, Term):
    define(_model, "view", *CELL)
define(Clause, "edit", IS_DRAFTER)
define(Clause, "suggest", IS_DRAFTER, IS_APPROVER, IS_ANALYST, IS_LEAD, IS_DPO)
define(Suggestion, "decide", IS_DRAFTER)
define(Term, "edit", IS_DRAFTER)

KIND, REALISES, CITES = "policy-clause", "realises", "cites"
# The text is that of the source language: a translation does not move it.
node_kind(NodeKind(KIND, N_("clause"), fields=("text", "kind", "part"), address="policy:clause", withdrawn_there=True))
link_type(LinkType(REALISES, N_("realises"), frozenset({KIND}), frozenset({"policy-measure", "policy-objective"})))
link_type(LinkType(CITES, N_("cites"), frozenset({KIND}), frozenset({"figure", "finding", "policy-measure"})))

ACTIONS.update(
    {
        "document.started": N_("Document of a policy begun from the template"),
        "document.loaded": N_("Template of policies taken from the pack"),
        "clause.added": N_("Clause added"),
        "clause.moved": N_("Clause moved"),
        "clause.linked": N_("What a clause realises changed"),
        "clause.saved": N_("Text of a clause saved"),
        "clause.withdrawn": N_("Clause withdrawn"),
        "clause.reinstated": N_("Clause taken up again"),
        "clause.suggested": N_("Another text suggested for a clause"),
        "clause.taken": N_("Suggestion for a clause taken"),
        "clause.refused": N_("Suggestion for a clause refused"),
        "term.written": N_("Term of a policy written"),
    }
)
