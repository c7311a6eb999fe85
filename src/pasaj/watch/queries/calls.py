"""Calls made to silent posts: the latest of each, and those about a silence."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pasaj.access.rules import Actor, visible
from pasaj.registry.models import CrossingPoint
from pasaj.watch.models import SilenceCall


def since(actor: Actor, posts: Collection[int], day: date, zone: ZoneInfo, now: datetime) -> dict[int, SilenceCall]:
    """The last call to each post from the morning of `day` on, by post. One query."""
    rows = visible(SilenceCall.objects.filter(post__in=list(posts)), actor)
    rows = rows.filter(called_at__gte=datetime.combine(day, time(0), zone), called_at__lte=now)
    return {row.post_id: row for row in rows.order_by("called_at", "pk")}


def during(actor: Actor, post_key: str, first: date, last: date, zone: ZoneInfo) -> list[SilenceCall]:
    """The calls about a silence: from its first day to a week after its last, the latest first."""
    rows = visible(SilenceCall.objects.filter(post__key=post_key), actor)
    begin = datetime.combine(first, time(0), zone)
    end = datetime.combine(last + timedelta(days=8), time(0), zone)
    return list(rows.filter(called_at__gte=begin, called_at__lt=end).order_by("-called_at", "-pk"))


def of_crossing(actor: Actor, crossing: CrossingPoint, limit: int) -> list[SilenceCall]:
    """The last calls to any post of a crossing."""
    rows = visible(SilenceCall.objects.filter(post__crossing=crossing), actor)
    return list(rows.select_related("post__institution").order_by("-called_at", "-pk")[:limit])
