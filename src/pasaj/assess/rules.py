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
from pasaj.assess.models import Framework, FrameworkVersion, Report, Round
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
        "round.answered": N_("Answers of an assessor counted"),
        "round.settled": N_("Disagreement of assessors settled"),
        "round.reported": N_("Report of a round published"),
    }
)
