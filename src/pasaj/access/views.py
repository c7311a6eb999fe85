"""The account pages and the audit log."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pasaj.access import queries
from pasaj.access.forms import AccountForm, AuditForm, EraseForm, TokenForm
from pasaj.access.models import Account, ApiToken, AuditEntry
from pasaj.access.rules import ROLES, Actor, may, visible
from pasaj.access.services import accounts, audit, tokens

if TYPE_CHECKING:

    class Request(HttpRequest):
        """What the middleware adds to a request of somebody signed in."""

        user: Account
        actor: Actor
        now: datetime


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: Request) -> HttpResponse:
    mine = request.user
    current = {"name": mine.name, "language": mine.language, "theme": mine.theme}
    form = AccountForm(request.POST or None, initial=current)
    if request.method == "POST" and form.is_valid():
        accounts.change_account(account=mine, actor=request.actor, now=request.now, **form.cleaned_data)
        if mine.language:
            translation.activate(mine.language)
        messages.success(request, _("Your account is saved."))
        response = redirect("access:account")
        accounts.remember_choices(response, mine)
        return response
    roles = [(ROLES.get(grant.role, grant.role), grant) for grant in request.actor.grants]
    context = {
        "form": form,
        "factors": queries.factors_of(mine),
        "roles": [(_(label), grant) for label, grant in roles],
        "tokens": sum(token.is_valid(timezone.now()) for token in queries.tokens_of(mine)),
    }
    return render(request, "access/account.html", context)


@require_GET
def token_list(request: Request) -> HttpResponse:
    real_now = timezone.now()
    found = [(token, token.is_valid(real_now)) for token in queries.tokens_of(request.user)]
    return render(request, "access/token_list.html", {"tokens": found})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def token_new(request: Request) -> HttpResponse:
    try:
        page: HttpResponse = _token_new(request)
    except ReauthenticationRequired:
        if request.method != "POST":
            raise  # allauth asks for the password and comes back
        typed = {field: request.POST[field] for field in TokenForm.base_fields if field in request.POST}
        return redirect(f"{reverse('access:token-new')}?{urlencode(typed)}")
    return page


@reauthentication_required  # type: ignore[untyped-decorator]
def _token_new(request: Request) -> HttpResponse:
    form = TokenForm(request.POST or None, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        token, plain = tokens.issue(account=request.user, actor=request.actor, now=request.now, **form.cleaned_data)
        # Shown in this answer and never again: no redirect, or it would have to be kept somewhere.
        return render(request, "access/token_new.html", {"token": token, "plain": plain}, status=201)
    return render(request, "access/token_new.html", {"form": form})


@require_POST
def token_revoke(request: Request, pk: int) -> HttpResponse:
    token = get_object_or_404(visible(ApiToken.objects.all(), request.actor, "revoke"), pk=pk)
    tokens.revoke(token=token, actor=request.actor, now=request.now)
    messages.success(request, _("The token “%(name)s” does not work any more.") % {"name": token.name})
    return redirect("access:token-list")


@require_GET
def audit_log(request: Request) -> HttpResponse:
    form = AuditForm(request.GET)
    form.is_valid()  # a field that makes no sense shows its error, the others still count
    wanted = {field: value for field, value in form.cleaned_data.items() if value}
    before = request.GET.get("before", "")
    page = queries.audit_page(
        actor=request.actor,
        zone=timezone.get_current_timezone(),
        before=int(before) if before.isdecimal() and len(before) < 19 else None,
        **wanted,
    )
    older = request.GET.copy()
    older["before"] = str(page.older)
    context = {
        "form": form,
        "page": page,
        "older": older.urlencode() if page.older else "",
        "searching": bool(wanted),
        "own_only": not request.actor.has("dpo", "admin"),
    }
    return render(request, "access/audit.html", context)


@require_GET
def audit_entry(request: Request, pk: int) -> HttpResponse:
    return _entry_page(request, _entry(request, pk), EraseForm())


@require_POST
def audit_erase(request: Request, pk: int) -> HttpResponse:
    entry = _entry(request, pk, "erase")
    form = EraseForm(request.POST)
    if not form.is_valid():
        return _entry_page(request, entry, form, status=422)
    audit.erase(actor=request.actor, now=request.now, entries=[entry.pk], reason=form.cleaned_data["reason"])
    messages.success(request, _("The values are erased. The entry itself stays, and the log stays valid."))
    return redirect("access:audit-entry", pk=pk)


def _entry(request: Request, pk: int, action: str = "view") -> AuditEntry:
    entries = visible(AuditEntry.objects.select_related("detail"), request.actor, action)
    return get_object_or_404(entries, pk=pk)


def _entry_page(request: Request, entry: AuditEntry, form: EraseForm, status: int = 200) -> HttpResponse:
    values = audit.read_values(entry=entry, actor=request.actor, now=request.now)
    context = {
        "entry": entry,
        "line": queries.audit_line(entry),
        "values": values,
        "form": form if values and may(request.actor, "erase", AuditEntry) else None,
    }
    return render(request, "access/audit_entry.html", context, status=status)
