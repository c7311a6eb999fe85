"""What senders see of their own reports: holders of a key at `/key/<token>/`, accounts under their session.

For a key the address is the secret, as it is for the phone: it sets no cookie, sends no referrer, counts as no
device, and shows nothing of other keys. There is no session, hence no token against forged requests:
whoever could forge one would need the key.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from pasaj.access.rules import Actor, may, visible
from pasaj.collect.models import AppUser, Form, Submission
from pasaj.collect.queries import forms
from pasaj.collect.queries import sender as queries
from pasaj.collect.services import phones, review
from pasaj.core.problems import Problem, Refused, problem
from pasaj.notify.queries import people
from pasaj.registry import queries as registry
from pasaj.registry.models import CrossingPoint, Home
from pasaj.registry.queries import Request

TEXTED = 20  # texts with counts that are listed
LARGEST = 32_000  # bytes of an answer with all that a form wraps around it
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self';"
    " form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


@csrf_exempt
def page(request: HttpRequest, token: str) -> HttpResponse:
    """GET: the reports. POST: an answer to a question about one of them."""
    home = registry.home()
    with translation.override(translation.get_language(), deactivate=True):
        translation.activate(home.default_language if home else settings.LANGUAGE_CODE)
        response = _answered(request, home, token)
    timezone.deactivate()
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Robots-Tag"] = "noindex"
    return response


def _answered(request: HttpRequest, home: Home | None, token: str) -> HttpResponse:
    if home is None:
        return _refused(problem("COLLECT-035"))
    if request.method not in {"GET", "HEAD", "POST"}:
        return _refused(problem("COLLECT-034", method=request.method or ""))
    timezone.activate(home.zone)
    real_now = timezone.now()
    try:
        user = phones.authenticate(token, real_now=real_now)
    except Refused as refused:
        return _refused(refused.problems[0])
    _speak(user, home)
    if request.method != "POST":
        return _shown(request, home, user, token)
    given = _given(request)
    try:
        review.answer(
            own=queries.of_key(user),
            receipt=given.get("receipt", ""),
            text=given.get("text", ""),
            actor=Actor(id=None, label=str(user), via="key", language=user.language),
            now=home.business_now(real_now),
        )
    except Refused as refused:
        return _shown(request, home, user, token, refused.problems, given)
    return HttpResponse(status=303, headers={"Location": f"{request.path}?answered=1"})


def _speak(user: AppUser, home: Home) -> None:
    ours = dict(settings.LANGUAGES)
    translation.activate(next(one for one in (user.language, home.default_language, "en") if one in ours))


def _given(request: HttpRequest) -> dict[str, str]:
    """The fields of the form, never more of the body than an answer takes."""
    stated = request.META.get("CONTENT_LENGTH") or "0"
    if not (stated.isascii() and stated.isdigit() and len(stated) < 8 and int(stated) <= LARGEST):
        return {"receipt": "", "text": "x" * (review.LONGEST + 1)}
    text = request.read(int(stated)).decode("utf-8", "replace").replace("\0", "")
    return {name: values[0].replace("\0", "") for name, values in parse_qs(text, max_num_fields=20).items()}


def _shown(
    request: HttpRequest,
    home: Home,
    user: AppUser,
    token: str,
    problems: tuple[Problem, ...] = (),
    typed: dict[str, str] | None = None,
) -> HttpResponse:
    context = {
        **_told(request, queries.of_key(user), problems, typed or {}),
        "home_name": home,
        "user": user,
        "forms": [
            (form, reverse("collect:key-fill", args=[token, form.form_id]))
            for form in forms.open_ones(Form.objects.filter(phones.rights(user)))
        ],
        "outbox": reverse("collect:key-outbox", args=[token]),
        "language": translation.get_language(),
        "demo": home.demo,
        "stated_date": bool(home.clock_at),
        "now": home.business_now(timezone.now()),
    }
    status = problems[0].kind.status if problems else 200
    return _page(context, status)


def _told(
    request: HttpRequest, own: QuerySet[Submission], problems: tuple[Problem, ...], typed: Mapping[str, str]
) -> dict[str, Any]:
    """What both pages show."""
    return {
        "reports": queries.reports(own),
        "most": queries.MOST,
        "problems": problems,
        "typed": typed,
        "answered": "answered" in request.GET,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: Request) -> HttpResponse:
    """The same for somebody with an account. Everybody may look at the own reports, also without a role any more."""
    own = queries.of_account(request.actor)
    problems: tuple[Problem, ...] = ()
    typed = {name: request.POST.get(name, "") for name in ("receipt", "text")}
    if request.method == "POST":
        try:
            review.answer(own=own, **typed, actor=request.actor, now=request.now)
            return redirect(f"{reverse('collect:mine')}?answered=1")
        except Refused as refused:
            problems = refused.problems
    context = {
        **_told(request, own, problems, typed),
        "forms": [(form, reverse("collect:fill", args=[form.form_id])) for form in forms.fillable(request.actor)],
        "outbox": reverse("collect:outbox"),
        "opened": set(visible(own, request.actor).values_list("receipt", flat=True)),
        "texted": [(row, people.why(row.problem)) for row in people.counted(request.actor)[:TEXTED]],
        "may_count": may(request.actor, "report", CrossingPoint),
    }
    return render(request, "collect/mine.html", context, status=problems[0].kind.status if problems else 200)


def _refused(found: Problem) -> HttpResponse:
    return _page({"problems": (found,), "language": translation.get_language()}, found.kind.status)


def _page(context: dict[str, Any], status: int) -> HttpResponse:
    """Without what other pages know of their reader: here is no session and no account."""
    return HttpResponse(render_to_string("collect/sender.html", context), status=status)
