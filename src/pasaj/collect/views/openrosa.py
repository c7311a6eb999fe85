"""The addresses of an OpenRosa server: for phones with a key, and for accounts with an access token."""

from __future__ import annotations

import json
from urllib.parse import quote

from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _

from pasaj.collect import jobs
from pasaj.collect.models import Form, FormDefinition, FormVersion, Submission, SubmissionVersion
from pasaj.collect.services import media, submissions
from pasaj.collect.services.submissions import Received
from pasaj.collect.views import uploads
from pasaj.collect.views.callers import XML, Caller, openrosa
from pasaj.core.openrosa import answers
from pasaj.core.problems import Refused, problem
from pasaj.registry.models import localised


@openrosa("GET", "HEAD")
def form_list(request: HttpRequest, caller: Caller) -> HttpResponse:
    """The newest version of each form that the caller may send; drafts too for a tester."""
    forms = Form.objects.filter(caller.forms(), closed_at=None)
    rows = FormVersion.objects.filter(caller.versions(), form__in=forms).exclude(state="closed").order_by("number")
    found = rows.values_list("form__form_id", "pk", "form__names", "version", "definition__md5")
    newest = {row[0]: row for row in found}
    listed = [
        answers.Listed(
            form_id=form_id,
            name=localised(names),
            version=version,
            md5=md5,
            url=f"{caller.base}/forms/{pk}.xml",
            manifest=f"{caller.base}/forms/{pk}/manifest",
        )
        for form_id, pk, names, version, md5 in sorted(newest.values(), key=lambda row: row[0])
    ]
    return HttpResponse(answers.form_list(listed), content_type=XML)


@openrosa("GET", "HEAD")
def form_xml(request: HttpRequest, caller: Caller, version: int) -> HttpResponse:
    """The very bytes of a version."""
    return definition(request, _version(caller, version))


@openrosa("GET", "HEAD")
def manifest(request: HttpRequest, caller: Caller, version: int) -> HttpResponse:
    """The files of a version's form."""
    form = _version(caller, version).form
    listed = [
        answers.Media(one.name, one.md5, f"{caller.base}/forms/{version}/media/{quote(one.name)}")
        for one in media.of_form(form, caller.home)
    ]
    return HttpResponse(answers.manifest(listed), content_type=XML)


@openrosa("GET", "HEAD")
def form_media(request: HttpRequest, caller: Caller, version: int, name: str) -> HttpResponse:
    """One file of a version's form."""
    found = media.find(_version(caller, version).form, name, caller.home)
    if found is None:
        raise Refused(problem("COLLECT-033"))
    return file(request, found)


@openrosa("HEAD", "POST")
def submission(request: HttpRequest, caller: Caller) -> HttpResponse:
    """HEAD: whether one may send here. POST: a submission, or some of its files."""
    if request.method == "HEAD":
        return HttpResponse(status=204, content_type=XML)
    body = uploads.prepare(request)
    try:
        xml, incomplete = uploads.answers(request, body)
        received = submissions.receive(
            xml=xml,
            files=body.files,
            sender=caller.sender,
            incomplete=incomplete,
            actor=caller.actor,
            now=caller.now,
        )
    finally:
        body.discard()
    jobs.wake_reports()
    return receipt_of(received)


@openrosa("GET", "HEAD")
def receipt(request: HttpRequest, caller: Caller, instance_id: str) -> HttpResponse:
    """Whether a report of the caller's own has arrived."""
    if caller.app_user:
        mine = Submission.objects.filter(app_user=caller.app_user)
    else:
        mine = Submission.objects.filter(account_id=caller.actor.id)
    found = receipt_document(instance_id, mine)
    if found is None:
        raise Refused(problem("COLLECT-033"))
    return found


# --- What the pages' own addresses answer with too ---------------------------------------------


def definition(request: HttpRequest, version: FormVersion) -> HttpResponse:
    """The XForm as it was published, or 304."""
    md5 = version.definition.md5
    unchanged = get_conditional_response(request, etag=f'"{md5}"')
    if unchanged is not None:
        return unchanged
    xml = FormDefinition.objects.values_list("xml", flat=True).get(version=version)
    response = HttpResponse(bytes(xml), content_type=XML)
    return _kept(response, md5)


def file(request: HttpRequest, served: media.Served) -> HttpResponse:
    """A file of a form, or 304."""
    unchanged = get_conditional_response(request, etag=f'"{served.md5}"')
    if unchanged is not None:
        return unchanged
    if served.path is None:
        return _kept(HttpResponse(served.data, content_type=served.content_type), served.md5)
    found: HttpResponse = FileResponse(served.path.open("rb"), content_type=served.content_type)  # type: ignore[assignment]
    return _kept(found, served.md5)


def _kept(response: HttpResponse, md5: str) -> HttpResponse:
    """Keep it, and ask each time whether it is still the same."""
    response["ETag"] = f'"{md5}"'
    response["Cache-Control"] = "private, no-cache"
    return response


def receipt_of(received: Received) -> HttpResponse:
    """What the sender of a submission reads."""
    if received.state == Submission.State.QUARANTINED:
        text = _("Received, and waiting for the cell to look at it. Receipt {receipt}")
    else:
        text = _("Received. Receipt {receipt}")
    said = text.format(receipt=received.receipt)
    response = HttpResponse(answers.response(said, success=True), status=received.status, content_type=XML)
    response["X-Pasaj-Receipt"] = received.receipt
    return response


def receipt_document(instance_id: str, among: QuerySet[Submission]) -> HttpResponse | None:
    """JSON about the newest submission with this instance, or None."""
    versions = SubmissionVersion.objects.filter(instance_id=instance_id[:250].replace("\0", ""), submission__in=among)
    found = versions.select_related("submission").order_by("-pk").first()
    if found is None:
        return None
    told = {
        "instance_id": found.instance_id,
        "receipt": found.submission.receipt,
        "received_at": found.received_at.isoformat(),
        "state": found.submission.state,
    }
    return HttpResponse(json.dumps(told), content_type="application/json")


def _version(caller: Caller, pk: int) -> FormVersion:
    """A version that the caller may fetch. Raises Refused: COLLECT-033."""
    forms = Form.objects.filter(caller.forms())
    rows = FormVersion.objects.filter(caller.versions(), pk=pk, form__in=forms)
    found = rows.select_related("form", "definition").defer("definition__xml", "fields").first()
    if found is None:
        raise Refused(problem("COLLECT-033"))
    return found
