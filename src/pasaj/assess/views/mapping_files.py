"""The matrices as files, through the gate."""

from __future__ import annotations

from django.http import FileResponse, Http404
from django.utils import timezone
from django.views.decorators.http import require_safe

from pasaj.access.rules import may
from pasaj.assess.forms.matrices import day_of
from pasaj.assess.services import mapping_files as files
from pasaj.assess.views.rounds import find
from pasaj.registry.models import Mandate
from pasaj.registry.queries import Request
from pasaj.share.views import hand_over


@require_safe
def mandates(request: Request, suffix: str) -> FileResponse:
    """The mandates of the pack on a day (`?day=`; today when it is none)."""
    if not may(request.actor, "view", Mandate):
        raise Http404
    day = day_of(request.GET, timezone.localdate(request.now))
    released = files.export_mandates(day=day, form=suffix, actor=request.actor, now=request.now)
    return hand_over(released, f"mandates-{day.isoformat()}.{suffix}")


@require_safe
def table(request: Request, code: str, what: str, suffix: str) -> FileResponse:
    """Exchange, the answers of both ends, needs, roles or the profile of a round."""
    row = find(request, code)
    released = files.export(row=row, what=what, form=suffix, actor=request.actor, now=request.now)
    return hand_over(released, f"{row.code}-{what}.{suffix}")
