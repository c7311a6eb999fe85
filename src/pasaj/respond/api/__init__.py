"""Alerts, plans, the duty room, sitreps and drills, as programs read them."""

from ninja import Router

from pasaj.respond.api import alerts, drills, duty, feeds, plans, sitreps

router = Router(tags=["respond"])
for part in (alerts, feeds, plans, duty, sitreps, drills):
    router.add_router("", part.router)

__all__ = ["router"]
