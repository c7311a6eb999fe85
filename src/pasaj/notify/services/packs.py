"""What a pack says about the roles of contacts."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.core.pack import Pack
from pasaj.notify.models import ContactRole
from pasaj.registry.services.packs import Count, upsert


def load(*, pack: Pack, actor: Actor, now: datetime) -> Count:
    """Store the contact roles of a pack. Call it after the registry's load; the same pack again changes nothing."""
    wanted = {
        one.code: {
            "names": dict(one.names),
            "protection": one.protection,
            "may_approve": one.may_approve,
            "order": one.order,
            "source": one.source,
            "verify": one.verify,
        }
        for one in pack.contact_roles
    }
    with transaction.atomic():
        count = upsert(ContactRole, "code", wanted, now)
        if count.changed:
            audit.record(actor=actor, action="pack.load-contact-roles", code=pack.code, now=now, detail=asdict(count))
    return count
