"""Questions about keys and the devices that use them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Prefetch, Q, QuerySet

from pasaj.access.rules import Actor, visible
from pasaj.collect.models import AppUser, AppUserRight, Device


def keys(actor: Actor) -> QuerySet[AppUser]:
    """The keys that the actor may see, the newest first, with rights and devices."""
    rights = Prefetch("rights", AppUserRight.objects.select_related("form", "crossing").order_by("pk"))
    devices = Prefetch("devices", Device.objects.order_by("pk"))
    rows = visible(AppUser.objects.select_related("institution"), actor).prefetch_related(rights, devices)
    return rows.annotate(sent=Count("submissions")).order_by("-created_at", "-pk")


def waiting(actor: Actor, real_now: datetime) -> QuerySet[Device]:
    """Devices of living keys that wait for a decision, the first seen first, with what they sent so far."""
    users = visible(AppUser.objects.filter(revoked_at=None, expires_at__gt=real_now), actor)
    rows = Device.objects.filter(state=Device.State.WAITING, app_user__in=users).select_related("app_user")
    held = Count("submissions", filter=Q(submissions__state="quarantined"))
    return rows.annotate(held=held).order_by("first_seen_at", "pk")
