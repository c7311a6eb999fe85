"""The same addresses for somebody signed in: forms that are filled in the browser."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods

from pasaj.access.rules import visible
from pasaj.collect import jobs
from pasaj.collect.models import Form, FormVersion, Submission
from pasaj.collect.services import media, submissions
from pasaj.collect.services.phones import clean_device
from pasaj.collect.services.submissions import Sender
from pasaj.collect.views import uploads
from pasaj.collect.views.callers import check_length, dressed, guarded
from pasaj.collect.views.openrosa import definition, file, receipt_document, receipt_of
from pasaj.collect.views.uploads import Body
from pasaj.registry.queries import Request

NO_VERSION = "-"  # stands for a version that a form does not state


@csrf_exempt  # checked within: the check reads the body, and the body must go to our handler
@require_http_methods(["HEAD", "POST"])
def submission(request: Request) -> HttpResponse:
    """Takes what the page of a form sends, as a phone would send it."""
    if request.method == "HEAD":
        return dressed(HttpResponse(status=204))
    return dressed(guarded(lambda: _bounded(request)))


def _bounded(request: Request) -> HttpResponse:
    check_length(request)
    body = uploads.prepare(request)
    try:
        checked: HttpResponse = _checked(request, body)
    finally:
        body.discard()
    return checked


@csrf_protect
def _checked(request: Request, body: Body) -> HttpResponse:
    xml, incomplete = uploads.answers(request, body)
    stated = clean_device(request.GET.get("deviceID", ""))
    received = submissions.receive(
        xml=xml,
        files=body.files,
        sender=Sender("web", account_id=request.actor.id, stated_device=stated),
        incomplete=incomplete,
        actor=request.actor,
        now=request.now,
    )
    jobs.wake_reports()
    return receipt_of(received)


@require_GET
def receipt(request: Request, instance_id: str) -> HttpResponse:
    """Whether a report has arrived, for whoever sent it or may see it."""
    own = Submission.objects.filter(account_id=request.actor.id)
    found = receipt_document(instance_id, own) or receipt_document(
        instance_id, visible(Submission.objects.all(), request.actor)
    )
    if found is None:
        raise Http404(_("Nothing is found at this address."))
    return found


@require_GET
def form_xml(request: Request, form_id: str, version: str) -> HttpResponse:
    form = _form(request, form_id)
    versions = FormVersion.objects.select_related("definition").defer("definition__xml", "fields")
    text = "" if version == NO_VERSION else version
    return definition(request, get_object_or_404(versions, form=form, version=text))


@require_GET
def form_media(request: Request, form_id: str, name: str) -> HttpResponse:
    found = media.find(_form(request, form_id), name, request.home)
    if found is None:
        raise Http404
    return file(request, found)


def _form(request: HttpRequest, form_id: str) -> Form:
    return get_object_or_404(visible(Form.objects.all(), request.actor, "fill"), form_id=form_id)  # type: ignore[attr-defined]
