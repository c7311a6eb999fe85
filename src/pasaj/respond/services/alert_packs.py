"""Templates of hazards and the settings of alerts, as a country pack has them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.core.alerts import plain
from pasaj.core.pack import Pack
from pasaj.registry.services.packs import Count, upsert
from pasaj.respond.models import AlertSettings, HazardTemplate


def load(*, pack: Pack, actor: Actor, now: datetime) -> Count:
    """Store what a checked pack says of alerts. Loading the same again changes nothing; nothing is deleted."""
    hazards = {
        one.code: {"names": dict(one.names), "content": plain(one), "source": one.source, "verify": one.verify}
        for one in pack.hazards
    }
    chosen = pack.alerts
    settings = (
        {"alerts": {"content": plain(chosen), "source": chosen.source, "verify": chosen.verify}} if chosen else {}
    )
    with transaction.atomic():
        count = upsert(HazardTemplate, "code", hazards, now) + upsert(AlertSettings, "code", settings, now)
        if count.changed:
            audit.record(actor=actor, action="alerts.loaded", code=pack.code, now=now, detail={"hazards": len(hazards)})
    return count
