"""Who may see places and institutions, and who gives roles.

What a pack says is open to everybody who belongs to an institution. The one exception is where a crossing
lies that is not known to be official (CrossingPoint.PROTECTED): below the level of its commune it is for
those who work with it ("locate").
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext_noop as N_  # noqa: N812 - the name gettext tools look for

from pasaj.access.rules import (
    EVERYTHING,
    IS_ADMIN,
    IS_ANALYST,
    IS_APPROVER,
    IS_DPO,
    IS_DRAFTER,
    IS_DUTY,
    IS_LEAD,
    NOTHING,
    Actor,
    Condition,
    define,
    one_of,
)
from pasaj.registry.models import (
    Area,
    CalendarRule,
    CrossingPoint,
    ExchangeLayer,
    ExchangeNeed,
    Function,
    Home,
    Institution,
    Instrument,
    Mandate,
    Membership,
    Post,
    Protocol,
    TimelineEvent,
)

IS_MEMBER = Condition(
    "member",
    N_("You belong to an institution."),
    lambda actor: EVERYTHING if actor.grants else NOTHING,
)
IS_OPEN_PLACE = Condition(
    "open-place",
    N_("It is an official crossing, or an airport or port to be verified."),
    lambda actor: ~CrossingPoint.PROTECTED if actor.grants else NOTHING,
)


def _led(actor: Actor) -> Iterator[int]:
    """The crossings whose post the actor leads."""
    return (grant.crossing_id for grant in actor.grants if grant.role == "chief" and grant.crossing_id is not None)


LEADS_CROSSING = Condition(
    "own-crossing", N_("You lead the post of this crossing."), lambda actor: one_of("pk", _led(actor))
)
LEADS_POST = Condition(
    "own-post", N_("You lead the post of this crossing."), lambda actor: one_of("crossing_id", _led(actor))
)
REPORTS_HERE = Condition(
    "own-institution",
    N_("Your institution reports from there."),
    lambda actor: one_of("institution_id", actor.institution_ids),
)
IS_OWN_MEMBERSHIP = Condition(
    "own-membership",
    N_("It is your own membership."),
    lambda actor: NOTHING if actor.id is None else Q(account_id=actor.id),
)

PACK = (Area, Institution, CrossingPoint, Instrument, Function, Mandate, ExchangeLayer, ExchangeNeed, Protocol)
for model in (Home, *PACK, TimelineEvent, CalendarRule):
    define(model, "view", IS_MEMBER)
# Who reports when, with how many people and at which telephone number, is not for partners.
define(Post, "view", IS_DUTY, IS_APPROVER, IS_ANALYST, IS_LEAD, IS_DRAFTER, IS_DPO, IS_ADMIN, LEADS_POST, REPORTS_HERE)
define(Home, "load", IS_ADMIN)
define(CrossingPoint, "locate", IS_OPEN_PLACE, IS_DUTY, IS_APPROVER, IS_ANALYST, LEADS_CROSSING)
define(Membership, "view", IS_OWN_MEMBERSHIP, IS_ADMIN, IS_DPO)
define(Membership, "grant", IS_ADMIN)
define(Membership, "end", IS_ADMIN, IS_DPO)
