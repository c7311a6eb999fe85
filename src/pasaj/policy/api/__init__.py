"""Policies, as programs read them."""

from ninja import Router

from pasaj.policy.api import appraisal, coherence, consultation, document, policies

router = Router(tags=["policy"])
for part in (policies, document, appraisal, coherence, consultation):
    router.add_router("", part.router)

__all__ = ["router"]
