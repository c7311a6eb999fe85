"""Contingency plans of a country pack. A plan that changes leaves its activations as they are: each keeps its own."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.core.pack import Pack
from pasaj.core.plans import fingerprint, plain
from pasaj.registry.services.packs import Count, upsert
from pasaj.respond.models import Plan


def load(*, pack: Pack, actor: Actor, now: datetime) -> Count:
    """Store the plans of a pack. Call it after the registry's load.

    Loading the same pack again changes nothing and leaves no entry in the log. A plan that left the pack gets
    `retired_at`; its activations run on.
    """
    wanted = {
        one.code: {
            "version": one.version,
            "names": dict(one.names),
            "content": plain(one),
            "fingerprint": fingerprint(one),
            "review_date": one.review_date,
            "source": one.source,
            "verify": one.verify,
        }
        for one in pack.plans
    }
    with transaction.atomic():
        count = upsert(Plan, "code", wanted, now)
        if count.changed:
            audit.record(actor=actor, action="plan.loaded", code=pack.code, now=now, detail=asdict(count))
    return count
