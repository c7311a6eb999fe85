"""The answers to a form as a file."""

from __future__ import annotations

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from pasaj.access.rules import visible
from pasaj.collect.models import Form
from pasaj.collect.services import answers as exports
from pasaj.collect.views.submissions import asked
from pasaj.registry.queries import Request
from pasaj.share.views import hand_over

FILES = {"csv": ("zip", "zip"), "xlsx": ("book", "xlsx")}


@require_GET
def export(request: Request, form_id: str, suffix: str) -> FileResponse:
    """Every answer that the reader may read, with the filters of the list: CSV in a zip, or worksheets."""
    form = get_object_or_404(visible(Form.objects.all(), request.actor), form_id=form_id)
    file, ending = FILES[suffix]
    released = exports.export(
        form=form,
        file=file,
        wanted=asked(request),
        zone=request.home.zone,
        labels=request.GET.get("labels") == "1",
        language=(get_language() or "").split("-")[0],
        actor=request.actor,
        now=request.now,
    )
    return hand_over(released, f"{form_id}.{ending}")
