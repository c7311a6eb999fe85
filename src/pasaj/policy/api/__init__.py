"""Policies, as programs read them."""

from ninja import Router

from pasaj.policy.api import appraisal, coherence, document, policies

router = Router(tags=["policy"])
for part in (policies, document, appraisal, coherence):
    router.add_router("", part.router)

__all__ = ["router"]
