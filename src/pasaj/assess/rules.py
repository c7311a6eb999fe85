"""Who may see frameworks, and who hands in new ones.

A published framework is open to everybody who belongs to an institution: whoever is assessed may know what is
asked. A draft is seen by those who may publish it.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q
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
    Condition,
    define,
)
from pasaj.assess.models import Finding, Framework, FrameworkVersion, Recommendation, Report, Round
from pasaj.evidence.models import LinkType, NodeKind, link_type, node_kind
from pasaj.registry.rules import IS_MEMBER

State = FrameworkVersion.State

HAS_PUBLISHED = Condition(
    "has-published",
    N_("A version of it is published."),
    lambda actor: Q(Exists(FrameworkVersion.objects.filter(framework=OuterRef("pk"), state=State.PUBLISHED))),
)
IS_PUBLISHED = Condition("published", N_("It is published."), lambda actor: Q(state=State.PUBLISHED))
IS_DRAFT = Condition("draft", N_("It is a draft."), lambda actor: Q(state=State.DRAFT))

define(Framework, "view", IS_MEMBER & HAS_PUBLISHED, IS_LEAD, IS_ADMIN)
define(Framework, "upload", IS_LEAD, IS_ADMIN)
define(FrameworkVersion, "view", IS_MEMBER & IS_PUBLISHED, IS_LEAD, IS_ADMIN)
define(FrameworkVersion, "publish", IS_LEAD & IS_DRAFT, IS_ADMIN & IS_DRAFT)
define(FrameworkVersion, "discard", IS_LEAD & IS_DRAFT, IS_ADMIN & IS_DRAFT)
# Scores speak of services, never of persons; they are for the cell.
define(Round, "view", IS_DUTY, IS_APPROVER, IS_ANALYST, IS_LEAD, IS_DRAFTER, IS_DPO, IS_ADMIN)
define(Round, "run", IS_LEAD)
define(Round, "settle", IS_LEAD)
define(Round, "publish", IS_LEAD)
define(Report, "view", IS_DUTY, IS_APPROVER, IS_ANALYST, IS_LEAD, IS_DRAFTER, IS_DPO, IS_ADMIN)

define(Round, "find", IS_LEAD)  # has its rules draft findings
CELL = (IS_DUTY, IS_APPROVER, IS_ANALYST, IS_LEAD, IS_DRAFTER, IS_DPO, IS_ADMIN)
for _model in (Finding, Recommendation):
    define(_model, "view", *CELL)
    define(_model, "edit", IS_LEAD, IS_ANALYST)
    define(_model, "decide", IS_LEAD)  # adopt, dismiss, open again

node_kind(NodeKind(
    "finding", N_("finding"), fields=("statement", "severity", "rights"), needs_support=True, address="assess:finding",
    withdrawn_there=True,
))  # fmt: skip
node_kind(NodeKind(
    "recommendation", N_("recommendation"), fields=("text", "institution", "horizon", "due", "effort"),
    needs_support=True, address="assess:recommendation", withdrawn_there=True,
))  # fmt: skip
link_type(LinkType("rests-on", N_("rests on"), frozenset({"finding"}), frozenset({"figure", "signal", "submission"})))
link_type(LinkType("answers-to", N_("answers to"), frozenset({"recommendation"}), frozenset({"finding"})))

# What the entries of the log say about this app's rows.
ACTIONS.update(
    {
        "framework.stored": N_("Framework handed in"),
        "framework.published": N_("Framework published"),
        "framework.discarded": N_("Draft of a framework thrown away"),
        "framework.retired": N_("Framework no longer in the pack"),
        "framework.returned": N_("Framework in the pack again"),
        "round.created": N_("Round of an assessment made"),
        "round.changed": N_("Scope of a round changed"),
        "round.opened": N_("Round opened"),
        "round.closed": N_("Round closed"),
        "round.assessor": N_("Assessor named"),
        "round.assigned": N_("Units of an assessor changed"),
        "round.answered": N_("Answers of an assessor counted"),
        "round.settled": N_("Disagreement of assessors settled"),
        "round.reported": N_("Report of a round published"),
        "finding.drafted": N_("Findings drafted by rules"),
        "finding.written": N_("Finding written"),
        "finding.edited": N_("Finding edited"),
        "finding.adopted": N_("Finding adopted"),
        "finding.dismissed": N_("Finding dismissed"),
        "finding.opened": N_("Finding opened again"),
        "recommendation.written": N_("Recommendation written"),
        "recommendation.edited": N_("Recommendation edited"),
        "recommendation.adopted": N_("Recommendation adopted"),
        "recommendation.dropped": N_("Recommendation dropped"),
        "recommendation.opened": N_("Recommendation opened again"),
    }
)
