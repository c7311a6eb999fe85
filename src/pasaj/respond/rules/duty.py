"""Who keeps the log and hands over, who reports events and verifies them, who says where their institution works.

The log is the cell's own. An event is seen by the cell, by the chief of its crossing and by who reported it; what its
verification found stays inside the cell. An institution says itself where it works; the duty officer may for all.
"""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_noop as N_  # noqa: N812 - the name gettext tools look for

from pasaj.access.queries import ACTIONS
from pasaj.access.rules import (
    EVERYTHING,
    IS_ADMIN,
    IS_ANALYST,
    IS_APPROVER,
    IS_CHIEF,
    IS_DUTY,
    IS_PARTNER,
    NOTHING,
    Actor,
    Condition,
    define,
    one_of,
)
from pasaj.registry.models import Area, CrossingPoint, Institution
from pasaj.respond.models import Event, Handover, LogEntry, Presence
from pasaj.watch.rules import led_crossings, own_institutions

CELL = (IS_DUTY, IS_APPROVER, IS_ANALYST, IS_ADMIN)


def _leads(field: str) -> Condition:
    return Condition(
        "own-crossing", N_("You lead the post of this crossing."), lambda actor: one_of(field, led_crossings(actor))
    )


def _own(field: str) -> Condition:
    return Condition(
        "own-institution",
        N_("It is of your institution."),
        lambda actor: one_of(field, own_institutions(actor, "partner")),
    )


def _standing(field: str) -> Condition:
    """Rows that nobody has taken back yet, of the actor's institution."""

    def rows(actor: Actor) -> Q:
        own = one_of(field, own_institutions(actor, "partner"))
        return NOTHING if own == NOTHING else own & Q(withdrawn_at=None)

    return Condition("own-standing", N_("It is of your institution and stands."), rows)


IS_OWN_RECORD = Condition(
    "own-record",
    N_("You recorded it yourself."),
    lambda actor: NOTHING if actor.id is None else Q(actor_id=actor.id),
)
IS_OPEN = Condition("open-handover", N_("It is not accepted yet."), lambda actor: Q(accepted_at=None))
IS_ANOTHERS = Condition(
    "anothers-shift",
    N_("Somebody else hands it over."),
    lambda actor: EVERYTHING if actor.id is None else ~Q(outgoing_id=actor.id),
)
IS_STANDING = Condition("standing", N_("It has not been taken back."), lambda actor: Q(withdrawn_at=None))

define(LogEntry, "view", *CELL)
define(LogEntry, "write", IS_DUTY, IS_APPROVER)
define(Handover, "view", *CELL)
define(Handover, "prepare", IS_DUTY & IS_OPEN, IS_APPROVER & IS_OPEN)
define(Handover, "accept", IS_DUTY & IS_OPEN & IS_ANOTHERS, IS_APPROVER & IS_OPEN & IS_ANOTHERS)

define(Event, "view", *CELL, _leads("crossing"), IS_CHIEF & IS_OWN_RECORD, IS_PARTNER & IS_OWN_RECORD,
       _own("institution"))  # fmt: skip
define(Event, "follow", *CELL)  # the steps of verification, what they found, and who said so
define(Event, "report", IS_DUTY, IS_APPROVER, IS_ANALYST, IS_CHIEF, IS_PARTNER)
define(Event, "verify", IS_DUTY, IS_APPROVER)
# Of which places somebody may report an event, and in whose name.
define(CrossingPoint, "tell", IS_DUTY, IS_APPROVER, IS_ANALYST, _leads("pk"), Condition(
    "partner-open-place",
    N_("You are a partner, and it is an official crossing."),
    lambda actor: ~CrossingPoint.PROTECTED if actor.has("partner") else NOTHING,
))  # fmt: skip
define(Area, "tell", IS_DUTY, IS_APPROVER, IS_ANALYST, IS_PARTNER)
define(Institution, "tell", IS_DUTY, IS_APPROVER, IS_ANALYST, _own("pk"), Condition(
    "own-post",
    N_("You lead a post of this institution."),
    lambda actor: one_of("pk", own_institutions(actor, "chief")),
))  # fmt: skip

define(Presence, "view", *CELL, _own("institution"))
define(Presence, "set", IS_DUTY & IS_STANDING, IS_ANALYST & IS_STANDING, _standing("institution"))
define(Institution, "contribute", IS_DUTY, IS_ANALYST, _own("pk"))

# What the entries of the log of who did what say about these rows.
ACTIONS.update(
    {
        "log.written": N_("Entry in the log of the duty room"),
        "log.corrected": N_("Entry of the duty room corrected"),
        "handover.prepared": N_("Handover prepared"),
        "handover.accepted": N_("Handover accepted"),
        "event.reported": N_("Event reported"),
        "event.asked": N_("Event being verified"),
        "event.confirmed": N_("Event confirmed"),
        "event.refuted": N_("Event refuted"),
        "event.unverifiable": N_("Event cannot be verified"),
        "event.reopened": N_("Event opened again"),
        "event.raised": N_("Event made a signal"),
        "presence.set": N_("Who does what where entered"),
        "presence.changed": N_("Who does what where changed"),
        "presence.withdrawn": N_("Who does what where taken back"),
    }
)
