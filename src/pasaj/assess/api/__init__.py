"""Assessments, as programs read and settle them: frameworks and rounds."""

from ninja import Router

from pasaj.assess.api import frameworks, rounds

router = Router(tags=["assess"])
for part in (frameworks, rounds):
    router.add_router("", part.router)

__all__ = ["router"]
