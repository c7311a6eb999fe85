"""Keys of phones: the list, a new one with its sheet, revoking, and devices that wait."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pasaj.access.rules import may, visible
from pasaj.collect.forms.phones import KeyForm
from pasaj.collect.models import AppUser, Device
from pasaj.collect.queries import phones as queries
from pasaj.collect.services import codes, phones
from pasaj.core.problems import Refused
from pasaj.registry.queries import Request

PAGE = 50
LOOPBACK = {"localhost", "127.0.0.1", "[::1]"}


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language of the sheet, and its name in itself."""

    code: str
    name: str


@require_GET
def phone_list(request: Request) -> HttpResponse:
    if not may(request.actor, "view", AppUser):
        raise Http404
    real_now = timezone.now()
    page = Paginator(queries.keys(request.actor), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(user, user.is_valid(real_now)) for user in page.object_list],
        "waiting": list(queries.waiting(request.actor, real_now)),
        "may_manage": may(request.actor, "manage", AppUser),
    }
    return render(request, "collect/phone_list.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def phone_new(request: Request) -> HttpResponse:
    if not may(request.actor, "manage", AppUser):
        raise Http404
    form = KeyForm(request.POST or None, actor=request.actor)
    if request.method != "POST" or not form.is_valid():
        return render(request, "collect/phone_new.html", {"form": form}, status=422 if form.is_bound else 200)
    try:
        user, token = phones.add(wanted=phones.Wanted(**form.cleaned_data), actor=request.actor, now=request.now)
    except Refused as refused:
        context = {"form": form, "problems": refused.problems}
        return render(request, "collect/phone_new.html", context, status=422)
    # Shown in this answer and never again: no redirect, or the key would have to be kept somewhere.
    return _sheet(request, user, token)


def _sheet(request: Request, user: AppUser, token: str) -> HttpResponse:
    base = settings.PASAJ_URL or f"{request.scheme}://{request.get_host()}"
    made = codes.setup(user=user, token=token, base=base, home=request.home)
    context = {
        "user_key": user,
        "setup": made,
        "picture": codes.picture(made.text),
        "tongues": [Tongue(code, str(get_language_info(code)["name_local"])) for code in _tongues(request)],
        "only_here": request.get_host().rpartition(":")[0] in LOOPBACK and not settings.PASAJ_URL,
    }
    response = render(request, "collect/phone_sheet.html", context, status=201)
    # The origin alone: without any, a browser sends the choice of the language as from nowhere, and it is refused.
    response["Referrer-Policy"] = "strict-origin"
    return response


def _tongues(request: Request) -> list[str]:
    ours = dict(settings.LANGUAGES)
    return [code for code in request.home.languages if code in ours]


@require_http_methods(["GET", "HEAD", "POST"])
def phone_revoke(request: Request, code: str) -> HttpResponse:
    """Asked once more: a key that is revoked never works again, and its sheet has to be given anew."""
    user = get_object_or_404(visible(AppUser.objects.all(), request.actor, "manage"), code=code)
    if request.method != "POST":
        context = {
            "title": _("Revoke the key “%(name)s”?") % {"name": user.name},
            "text": _(
                "Whoever holds it can send nothing more, from any device, and it cannot be given back."
                " What it sent stays."
            ),
            "verb": _("Revoke"),
            "action_url": request.path,
            "cancel_url": reverse("collect:phone-list"),
            "danger": True,
        }
        return render(request, "site/components/confirm.html", context)
    phones.revoke(user=user, actor=request.actor, now=request.now)
    messages.success(request, _("The key “%(name)s” does not work any more.") % {"name": user.name})
    return redirect("collect:phone-list")


@require_POST
def device_decide(request: Request, pk: int) -> HttpResponse:
    users = visible(AppUser.objects.all(), request.actor, "manage")
    device = get_object_or_404(Device.objects.filter(app_user__in=users), pk=pk)
    confirm = request.POST.get("decision") == "confirm"
    released = phones.decide(device=device, confirm=confirm, actor=request.actor, now=request.now)
    if confirm:
        text = _("The device is confirmed. Reports that left quarantine: %(count)s.") % {"count": released}
    else:
        text = _("The device is refused. What it sent stays in quarantine.")
    messages.success(request, text)
    return redirect("collect:phone-list")
