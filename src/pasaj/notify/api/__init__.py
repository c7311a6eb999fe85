"""Whom we tell, who is on call, and what was told, as programs read them."""

from ninja import Router

from pasaj.notify.api import directory, outbox

router = Router(tags=["notify"])
for part in (directory, outbox):
    router.add_router("", part.router)

__all__ = ["router"]
