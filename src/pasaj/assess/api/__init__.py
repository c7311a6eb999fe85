"""Assessments, as programs read and settle them: frameworks, rounds, findings, reports."""

from ninja import Router

from pasaj.assess.api import findings, frameworks, mapping, reports, rounds

router = Router(tags=["assess"])
for part in (frameworks, mapping, rounds, findings, reports):
    router.add_router("", part.router)

__all__ = ["router"]
