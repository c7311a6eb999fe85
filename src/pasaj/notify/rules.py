"""Who may see whom we tell, what was sent, and what came back.

Contacts are officials in their office. Their names and roles are for the cell's duty and for colleagues of the same
institution; their addresses for those who have to reach them, and for themselves.
"""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_noop as N_  # noqa: N812 - the name gettext tools look for

from pasaj.access.queries import ACTIONS
from pasaj.access.rules import (
    IS_ADMIN,
    IS_ANALYST,
    IS_APPROVER,
    IS_DPO,
    IS_DUTY,
    NOTHING,
    Condition,
    define,
    one_of,
)
from pasaj.notify.models import Contact, ContactRole, Inbound, Message, Shift
from pasaj.registry.rules import IS_MEMBER

IS_COLLEAGUE = Condition(
    "own-institution",
    N_("It is somebody of your institution."),
    lambda actor: one_of("institution_id", actor.institution_ids),
)
IS_OWN_CONTACT = Condition(
    "own-contact",
    N_("It is you."),
    lambda actor: NOTHING if actor.id is None or not actor.grants else Q(account_id=actor.id),
)
IS_COLLEAGUES_SHIFT = Condition(
    "own-institution",
    N_("It is somebody of your institution."),
    lambda actor: one_of("contact__institution_id", actor.institution_ids),
)
IS_OWN_SHIFT = Condition(
    "own-shift",
    N_("It is your shift."),
    lambda actor: NOTHING if actor.id is None or not actor.grants else Q(contact__account_id=actor.id),
)

REACHES = (IS_DUTY, IS_APPROVER, IS_ADMIN, IS_DPO)
define(ContactRole, "view", IS_MEMBER)
define(Contact, "view", *REACHES, IS_COLLEAGUE, IS_OWN_CONTACT)
define(Contact, "reach", *REACHES, IS_OWN_CONTACT)  # see the addresses
define(Contact, "change", IS_DUTY, IS_ADMIN)  # add, change, end, import
define(Contact, "stop", IS_DUTY, IS_ADMIN, IS_DPO, IS_OWN_CONTACT)  # stop and restore an address
define(Contact, "export", IS_DUTY, IS_ADMIN, IS_DPO)
define(Contact, "erase", IS_DPO)
define(Shift, "view", *REACHES, IS_COLLEAGUES_SHIFT)
define(Shift, "plan", IS_DUTY, IS_ADMIN)
define(Shift, "swap", IS_DUTY, IS_ADMIN, IS_OWN_SHIFT)
# Whoever has a telephone can write anything: what came in is for those who look at it.
define(Inbound, "view", IS_DUTY, IS_ADMIN, IS_DPO)
define(Inbound, "settle", IS_DUTY)

# What was sent is for the cell; to which address, for those who have to reach people.
define(Message, "view", IS_DUTY, IS_APPROVER, IS_ANALYST, IS_DPO, IS_ADMIN)
define(Message, "reach", IS_DUTY, IS_APPROVER)
define(Message, "settle", IS_DUTY)  # cancel what waits, try again what was given up, say that it was printed

ACTIONS.update(
    {
        "pack.load-contact-roles": N_("Contact roles of the pack loaded"),
        "contact.added": N_("Contact added"),
        "contact.changed": N_("Contact changed"),
        "contact.ended": N_("Contact ended"),
        "contact.erased": N_("Contact erased"),
        "contact.address-added": N_("Address of a contact added"),
        "contact.address-stopped": N_("Address of a contact stopped"),
        "contact.address-restored": N_("Address of a contact in use again"),
        "contact.tried": N_("Test sent to an address of a contact"),
        "contact.imported": N_("Contacts imported"),
        "shift.planned": N_("Shift planned"),
        "shift.swapped": N_("Shift taken over"),
        "shift.removed": N_("Shift removed"),
        "message.put": N_("Message put into the outbox"),
        "message.cancelled": N_("Rest of a message cancelled"),
        "message.resent": N_("Failed deliveries tried again"),
        "message.printed": N_("Bulletins handed out"),
        "message.acknowledged": N_("Message acknowledged"),
        "message.stopped": N_("Address stopped by whoever has it"),
        "message.escalated": N_("Message passed on to a deputy"),
    }
)
