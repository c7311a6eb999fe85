"""What left the system, for those who answer for it; and handing over a released file."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import render

from pasaj.access.rules import visible
from pasaj.registry.queries import Request
from pasaj.share.models import Release
from pasaj.share.services import Released

PAGE = 50


def release_list(request: Request) -> HttpResponse:
    rows = visible(Release.objects.order_by("-pk"), request.actor)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "share/release_list.html", {"page": page})


def hand_over(released: Released, filename: str) -> FileResponse:
    """The answer that carries a released file."""
    response = FileResponse(
        released.file, as_attachment=bool(filename), filename=filename, content_type=released.content_type
    )
    if released.release:
        response["X-Pasaj-Release"] = released.release.code
        response["X-Pasaj-Audience"] = released.release.audience
    return response
