"""What a pack says for policies: the goals and the prices that they are held against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.core.pack import Pack
from pasaj.policy.models import Goal, Price
from pasaj.policy.services import chain
from pasaj.registry.services.packs import Count, upsert


def load(*, pack: Pack, actor: Actor, now: datetime) -> Count:
    """Store the goals and prices of a pack, and tell the chain of evidence which cited instruments changed.

    Call it after the registry's load; the same pack again changes nothing.
    """
    with transaction.atomic():
        count = upsert(Goal, "code", _goals(pack), now) + upsert(Price, "code", _prices(pack), now)
        if count.changed:
            audit.record(actor=actor, action="pack.load-policy", code=pack.code, now=now, detail=asdict(count))
        chain.cite_again(actor, now)
    return count


def _goals(pack: Pack) -> Mapping[str, Mapping[str, Any]]:
    return {
        one.code: {
            "framework": one.framework,
            "names": dict(one.names),
            "relevance": one.relevance,
            "source": one.source,
            "verify": one.verify,
        }
        for one in pack.goals
    }


def _prices(pack: Pack) -> Mapping[str, Mapping[str, Any]]:
    return {
        one.code: {
            "names": dict(one.names),
            "unit": one.unit,
            "low": one.low,
            "high": one.high,
            "currency": one.currency,
            "source": one.source,
            "verify": one.verify,
        }
        for one in pack.prices
    }
