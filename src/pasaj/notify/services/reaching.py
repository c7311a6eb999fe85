"""Addresses of a contact: added, stopped, in use again; and all that is personal erased once the contact has ended."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from pasaj.access.models import AuditEntry
from pasaj.access.rules import Actor, can
from pasaj.access.services import audit
from pasaj.core.problems import Refused, problem
from pasaj.notify.models import Address, Contact, Delivery, Inbound
from pasaj.notify.services import addresses as forms
from pasaj.notify.services.contacts import ALLOWED, held

STOPPED = "by hand"
ERASED = "erased"


def add(
    *, contact: Contact, channel: str, value: str, exercise: bool = False, actor: Actor, now: datetime
) -> Address:  # fmt: skip
    """Add an address, the last to be tried.

    Raises Refused: CONTACT-003, 018, NOTIFY-001, 002 (not an address), CONTACT-015 (there already), 012 (ended),
    ACCESS-001.
    """
    if not can(actor, "change", contact):
        raise Refused(problem("ACCESS-001", roles=ALLOWED))
    try:
        normal = forms.normal(channel, value)
    except Refused as refused:
        raise Refused(*(one.at("", None, "value") for one in refused.problems)) from refused
    with transaction.atomic():
        row = held(contact)
        if row.addresses.filter(channel=channel, value=normal).exists():
            raise Refused(problem("CONTACT-015", column="value", value=normal))
        last = row.addresses.aggregate(last=Max("order"))["last"] or 0
        made = Address.objects.create(
            contact=row, channel=channel, value=normal, exercise=exercise, order=min(last + 1, 99)
        )
        detail = {"address": str(made), "exercise": exercise}
        audit.record(actor=actor, action="contact.address-added", code=row.code, now=now, detail=detail)
    return made


def stop(*, address: Address, reason: str = STOPPED, actor: Actor, now: datetime) -> Address:
    """Use an address no more; it is kept, so that an import does not bring it back. Nothing happens twice."""
    return _turn(address, now, reason.strip()[:40] or STOPPED, actor, now)


def restore(*, address: Address, actor: Actor, now: datetime) -> Address:
    """Use a stopped address again. Raises Refused: CONTACT-012 (the contact has ended), ACCESS-001."""
    return _turn(address, None, "", actor, now)


def _turn(address: Address, stopped_at: datetime | None, reason: str, actor: Actor, now: datetime) -> Address:
    if not can(actor, "stop", address.contact):
        raise Refused(problem("ACCESS-001", roles=ALLOWED))
    with transaction.atomic():
        held(address.contact)
        row = Address.objects.select_for_update(of=("self",)).get(pk=address.pk)
        if (row.stopped_at is None) == (stopped_at is None):
            return row
        row.stopped_at, row.stop_reason = stopped_at, reason
        row.save(update_fields=["stopped_at", "stop_reason"])
        verb = "restored" if stopped_at is None else "stopped"
        detail = {"address": str(row), "reason": reason}
        audit.record(actor=actor, action=f"contact.address-{verb}", code=row.contact.code, now=now, detail=detail)
    return row


def erase(*, contact: Contact, reason: str, actor: Actor, now: datetime) -> int:
    """Remove who an ended contact was and where it was reached: here, in what was sent, and beside the log.

    The row stays with its code, office and dates, and so do the log's entries, whose chain stays valid. Returns
    how many addresses went. Raises Refused: CONTACT-013 (no reason), 017 (not ended), ACCESS-001.
    """
    if not can(actor, "erase", contact):
        raise Refused(problem("ACCESS-001", roles="dpo"))
    if not reason.strip():
        raise Refused(problem("CONTACT-013", column="reason"))
    with transaction.atomic(), audit.at_the_end():
        row = Contact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
        if row.ended_at is None:
            raise Refused(problem("CONTACT-017"))
        gone, _by_model = row.addresses.all().delete()
        for delivery in Delivery.objects.filter(contact=row).exclude(address__startswith=ERASED):
            delivery.address = f"{ERASED}-{delivery.pk}"  # one for each: the same message went to several
            delivery.save(update_fields=["address"])
        Inbound.objects.filter(contact=row).update(sender=ERASED)
        row.name, row.account_id = row.code, None
        row.save(update_fields=["name", "account_id"])
        entries = AuditEntry.objects.filter(code=row.code, action__startswith="contact.").values_list("pk", flat=True)
        audit.erase(actor=actor, now=now, reason=reason.strip(), entries=list(entries))
        audit.record(actor=actor, action="contact.erased", code=row.code, now=now, detail={"addresses": gone})
    return gone
