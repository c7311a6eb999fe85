"""Frameworks of a country pack: each comes as a published version."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.assess.models import Framework, FrameworkVersion
from pasaj.assess.services import frameworks
from pasaj.assess.services.citing import MANDATES
from pasaj.core.framework import content_fingerprint
from pasaj.core.pack import Pack
from pasaj.evidence.services import touched
from pasaj.registry.services.packs import Count

ORIGIN = "pack"


def load(*, pack: Pack, actor: Actor, now: datetime) -> Count:
    """Store and publish the frameworks of a pack that are not here yet. Call it after the registry's load.

    Loading the same pack again changes nothing. A framework that left the pack is marked, its versions stay.
    Raises Refused FRAME-040: a version that is in use says something else in the pack.
    """
    created = updated = unchanged = 0
    with transaction.atomic():
        for said in pack.frameworks:
            held = FrameworkVersion.objects.filter(framework__code=said.code, version=said.version).first()
            if held and not held.is_draft and held.fingerprint == content_fingerprint(said):
                unchanged += 1
                continue
            row = frameworks.store(said=said, origin=ORIGIN, actor=actor, now=now)
            frameworks.publish(version=row, actor=actor, now=now)
            created, updated = created + (held is None), updated + (held is not None)
        kept = _retire([one.code for one in pack.frameworks], actor, now)
        touched(topics=[MANDATES], actor=actor, now=now)
    return Count(created, updated, unchanged, kept)


def _retire(codes: list[str], actor: Actor, now: datetime) -> int:
    """Mark those that left the pack, and take the mark from those that came back. Returns how many left."""
    gone = Framework.objects.filter(origin=ORIGIN, retired_at=None).exclude(code__in=codes)
    back = Framework.objects.filter(retired_at__isnull=False, code__in=codes)
    left = list(gone.order_by("code"))
    for rows, action, moment in ((left, "framework.retired", now), (list(back), "framework.returned", None)):
        for row in rows:
            row.retired_at = moment
            row.save(update_fields=["retired_at"])
            audit.record(actor=actor, action=action, code=row.code, now=now)
    return len(left)
