"""Who reads which edition of a situation report, who writes one, and who lets it go.

The cell reads the whole of each. A chief of a post and a partner read what was sent, in the edition that may be
passed on: counts in words, unofficial crossings as communes.
"""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_noop as N_  # noqa: N812 - the name gettext tools look for

from pasaj.access.queries import ACTIONS
from pasaj.access.rules import (
    EVERYTHING,
    IS_ANALYST,
    IS_APPROVER,
    IS_CHIEF,
    IS_DUTY,
    IS_PARTNER,
    Condition,
    define,
)
from pasaj.respond.models import Sitrep
from pasaj.watch.rules import CELL

WAS_SENT = Condition("sent", N_("It was sent."), lambda _actor: Q(state=Sitrep.State.SENT))
IS_ANOTHERS = Condition(
    "not-author",
    N_("Somebody else wrote it."),
    lambda actor: EVERYTHING if actor.id is None else ~Q(author_id=actor.id),
)

define(Sitrep, "view", *CELL, IS_CHIEF & WAS_SENT, IS_PARTNER & WAS_SENT)
define(Sitrep, "whole", *CELL)  # figures, names of all crossings, and what is being written
define(Sitrep, "write", IS_DUTY, IS_ANALYST)  # draft, edit, read the facts again, submit, discard
define(Sitrep, "approve", IS_APPROVER & IS_ANOTHERS)
define(Sitrep, "send", IS_DUTY, IS_APPROVER)

ACTIONS.update(
    {
        "sitrep.drafted": N_("Situation report drafted"),
        "sitrep.edited": N_("Situation report edited"),
        "sitrep.refreshed": N_("Facts of a situation report read again"),
        "sitrep.submitted": N_("Situation report submitted"),
        "sitrep.returned": N_("Situation report given back"),
        "sitrep.approved": N_("Situation report approved"),
        "sitrep.sent": N_("Situation report sent"),
        "sitrep.discarded": N_("Situation report discarded"),
    }
)
