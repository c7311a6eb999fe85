"""Filling forms in the browser: the page with the form, the outbox, and the worker that opens both without network.

These pages are kept by the browser and open without the server. So they hold nothing about a person but an
opaque sign that tells whose drafts are whose.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast
from urllib.parse import quote

from csp.constants import SELF, UNSAFE_INLINE, WASM_UNSAFE_EVAL
from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone, translation

from pasaj.access.rules import may, visible
from pasaj.collect.models import AppUser, Form, FormVersion
from pasaj.collect.services import media, phones
from pasaj.collect.views.callers import largest
from pasaj.collect.views.words import FILLING, OUTBOX
from pasaj.core.problems import Refused
from pasaj.registry.models import CrossingPoint, Home, localised
from pasaj.registry.queries import Request

View = Callable[..., HttpResponse]
# What the form component needs beyond the rule for all pages: its expressions are compiled, its widgets
# write their own styles.
POLICY = {"script-src": [SELF, WASM_UNSAFE_EVAL], "style-src": [SELF, UNSAFE_INLINE], "font-src": [SELF, "data:"]}


def own_policy(view: View) -> View:
    return cast(View, csp_replace(POLICY)(view))


@own_policy
def fill(request: Request, form_id: str) -> HttpResponse:
    """The newest published version of a form, to be filled here."""
    form = get_object_or_404(visible(Form.objects.all(), request.actor, "fill"), form_id=form_id)
    version = get_object_or_404(form.versions, state=FormVersion.State.PUBLISHED)
    return _page(
        request,
        "collect/fill.html",
        {**_of_account(request), **_of_form(form, version, request.home), "words": FILLING},
    )


def outbox(request: Request) -> HttpResponse:
    """What this browser keeps: the rows are drawn there, the server does not know them."""
    if not may(request.actor, "fill", Form):
        raise Http404
    return _page(request, "collect/outbox.html", {**_of_account(request), "words": OUTBOX})


def worker(request: Request) -> HttpResponse:
    """The service worker. Browsers compare it with theirs; a new build gives it new names of files."""
    answer = render(request, "collect/worker.js", content_type="text/javascript")
    answer["Cache-Control"] = "no-cache"
    return answer


@own_policy
def key_fill(request: Request, token: str, form_id: str) -> HttpResponse:
    """The same for whoever has a key and no account."""
    user = _user(token)
    form = get_object_or_404(Form.objects.filter(phones.rights(user), closed_at=None), form_id=form_id)
    version = get_object_or_404(form.versions, state=FormVersion.State.PUBLISHED)
    return _for_key(
        request,
        user,
        "collect/fill.html",
        {**_of_key(user, token), **_of_key_form(token, form, version), "words": FILLING},
    )


def key_outbox(request: Request, token: str) -> HttpResponse:
    user = _user(token)
    return _for_key(request, user, "collect/outbox.html", {**_of_key(user, token), "words": OUTBOX})


def key_worker(request: Request, token: str) -> HttpResponse:
    """A worker's pages lie below its own address, so each key has one. It holds nothing of the key."""
    return worker(request)


def _user(token: str) -> AppUser:
    try:
        return phones.authenticate(token, real_now=timezone.now())
    except Refused as refused:
        raise Http404 from refused


def _for_key(request: Request, user: AppUser, template: str, page: dict[str, Any]) -> HttpResponse:
    """In the key's language, unless another was chosen here; the address holds the key and is told to nobody."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) or user.language or None
    with translation.override(chosen or translation.get_language()):
        answer = _page(request, template, page)
    # The origin alone: without any, a browser sends the choice of the language as from nowhere, and it is refused.
    answer["Referrer-Policy"] = "strict-origin"
    return answer


def _page(request: Request, template: str, page: dict[str, Any]) -> HttpResponse:
    # Where the time is set, "today" of a form is the day that the reports will be read on.
    page["today"] = request.now.astimezone(request.home.zone).date().isoformat() if request.home.clock_at else ""
    page["words"] = {name: str(text) for name, text in page["words"].items()}
    # The frame without the person: whoever opens the kept page later may be somebody else.
    frame: dict[str, Any] = {
        "signed_in": False,
        "actor": None,
        "heartbeat": None,
        "rail": [],
        "rail_bar": [],
        "parts": [],
    }
    return render(request, template, {**frame, "page": page})


def _of_account(request: Request) -> dict[str, Any]:
    """Where somebody with an account sends from, and whose drafts these are."""
    counts = reverse("watch:entry-choose") if may(request.actor, "report", CrossingPoint) else ""
    return {
        "mine": reverse("collect:mine"),
        "counts": counts,
        "owner": f"account:{request.actor.id}",
        "csrf": True,
        "submission": reverse("collect:submission"),
        "receipts": reverse("collect:receipt", args=["-"]).removesuffix("-"),
        "outbox": reverse("collect:outbox"),
        "fill": reverse("collect:fill", args=["__form__"]),
        "worker": reverse("collect:worker"),
        "scope": reverse("collect:worker").removesuffix("sw.js"),
        "largest": largest(),
        "preload": {},
    }


def _of_key(user: AppUser, token: str) -> dict[str, Any]:
    """Where somebody with a key sends from. What asks for forms names its device: see phones.seen."""
    worker = reverse("collect:key-worker", args=[token])
    return {
        "mine": reverse("collect:key-page", args=[token]),
        "owner": f"key:{user.code}",
        "csrf": False,
        "submission": reverse("collect:key-submission", args=[token]),
        "receipts": reverse("collect:key-receipt", args=[token, "-"]).removesuffix("-"),
        "outbox": reverse("collect:key-outbox", args=[token]),
        "fill": reverse("collect:key-fill", args=[token, "__form__"]),
        "worker": worker,
        "scope": worker.removesuffix("sw.js"),
        "largest": largest(),
        "preload": {"username": user.name},
    }


def _of_key_form(token: str, form: Form, version: FormVersion) -> dict[str, Any]:
    """Keys ask for versions by number: drafts of older ones find theirs."""
    xml = reverse("collect:key-form-xml", args=[token, version.pk])
    listed = form.versions.exclude(state=FormVersion.State.DRAFT).values_list("version", "pk")
    return {
        "form": form.form_id,
        "title": localised(form.names) or form.form_id,
        "version": version.version,
        "numbers": dict(listed),
        "xml": xml.replace(f"/{version.pk}.xml", "/__version__.xml"),
        "media": reverse("collect:key-form-media", args=[token, version.pk, "-"]).removesuffix("-"),
        "files": [],
    }


def _of_form(form: Form, version: FormVersion, home: Home) -> dict[str, Any]:
    """What is filled: names, version, and the addresses of the form and its files."""
    files = reverse("collect:form-media", args=[form.form_id, "-"]).removesuffix("-")
    return {
        "form": form.form_id,
        "title": localised(form.names) or form.form_id,
        "version": version.version,
        "xml": reverse("collect:form-xml", args=[form.form_id, "__version__"]),
        "media": files,
        "files": [files + quote(one.name) for one in media.of_form(form, home)],
    }
