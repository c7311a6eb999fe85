"""People: who has an account and which roles, and taking access away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from pasaj.access.models import Account, ApiToken
from pasaj.access.queries import factors_of, tokens_of
from pasaj.access.rules import ROLES, may, visible
from pasaj.core.problems import Refused
from pasaj.registry import queries
from pasaj.registry.forms import PersonFilter
from pasaj.registry.models import Membership
from pasaj.registry.queries import Request
from pasaj.registry.services import memberships

PAGE = 50
Words = dict[str, str]
asking = require_http_methods(["GET", "HEAD", "POST"])  # a question first; the answer is sent by POST


@require_safe
def person_list(request: Request) -> HttpResponse:
    if not may(request.actor, "list", Account):
        raise Http404
    form = PersonFilter(request.GET)
    page = Paginator(queries.accounts(request.actor, form.text), PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "people": queries.people(page.object_list, timezone.now())}
    return render(request, "registry/person_list.html", context)


@require_safe
def person(request: Request, pk: int) -> HttpResponse:
    found = _account(request, pk, "list")
    roles = [(_role(row), row) for row in queries.roles_of([found])]
    context = {
        "person": found,
        "factors": factors_of(found),
        "roles": [(label, row) for label, row in roles if row.ended_at is None],
        "ended": [(label, row) for label, row in roles if row.ended_at is not None],
        "may_end": may(request.actor, "end", Membership),
        "may_close": may(request.actor, "deactivate", Account),
        "may_reset": may(request.actor, "reset", Account),
        "tokens": _working_tokens(found) if may(request.actor, "reset", Account) else [],
    }
    return render(request, "registry/person.html", context)


@asking
def end_role(request: Request, pk: int, role: int) -> HttpResponse:
    found = _account(request, pk, "list")
    rows = queries.roles_of([found]).filter(ended_at=None)
    row = get_object_or_404(visible(rows, request.actor, "end"), pk=role)
    where = row.institution.code
    words = {
        "title": _("End the role of %(name)s") % {"name": found},
        "text": _(
            "%(role)s at %(institution)s: from now on no page opens by this role. What was done stays in the log."
        )
        % {"role": _role(row), "institution": where},
        "verb": _("End the role"),
        "done": _("The role %(role)s at %(institution)s has ended.") % {"role": _role(row), "institution": where},
    }
    return _ask(request, found, words, lambda: memberships.end(membership=row, actor=request.actor, now=request.now))


@asking
def close(request: Request, pk: int) -> HttpResponse:
    found = _account(request, pk, "deactivate")
    words = {
        "title": _("Close the account of %(name)s") % {"name": found},
        "text": _(
            "Nobody can sign in with it any more. Its sessions and access tokens end now and for good. "
            "Its roles stay, for the day it is opened again; what was done stays in the log."
        ),
        "verb": _("Close the account"),
        "done": _("The account of %(name)s is closed.") % {"name": found},
    }
    return _ask(request, found, words, lambda: memberships.close(account=found, actor=request.actor, now=request.now))


@asking
def tokens(request: Request, pk: int) -> HttpResponse:
    found = _account(request, pk, "reset")
    number = len(_working_tokens(found))
    words = {
        "title": _("Revoke the access tokens of %(name)s") % {"name": found},
        "text": ngettext(
            "%(number)s token works. The program that uses it stops at once.",
            "%(number)s tokens work. The programs that use them stop at once.",
            number,
        )
        % {"number": number},
        "verb": _("Revoke the tokens"),
        "done": _("No access token of %(name)s works any more.") % {"name": found},
    }
    return _ask(
        request, found, words, lambda: memberships.revoke_tokens(account=found, actor=request.actor, now=request.now)
    )


@never_cache
@asking
def password(request: Request, pk: int) -> HttpResponse:
    found = _account(request, pk, "reset")
    words = {
        "title": _("Give %(name)s a new password") % {"name": found},
        "text": _(
            "The present password stops working, and whoever is signed in with it is signed out. "
            "You will see the new one once."
        ),
        "verb": _("Give a new password"),
    }
    return _password_page(request, found, words, memberships.reset_password)


@never_cache
@asking
def reopen(request: Request, pk: int) -> HttpResponse:
    found = _account(request, pk, "deactivate")
    words = {
        "title": _("Open the account of %(name)s again") % {"name": found},
        "text": _("It holds the roles it held, with a new password, which you will see once. End first what is over."),
        "verb": _("Open the account"),
    }
    return _password_page(request, found, words, memberships.reopen)


def _account(request: Request, pk: int, action: str) -> Account:
    return get_object_or_404(visible(Account.objects.all(), request.actor, action), pk=pk)


def _role(row: Membership) -> str:
    return _(ROLES[row.role])


def _working_tokens(account: Account) -> list[ApiToken]:
    real_now = timezone.now()
    return [token for token in tokens_of(account) if token.is_valid(real_now)]


def _ask(request: Request, account: Account, words: Words, do: Callable[[], Any]) -> HttpResponse:
    """Ask before it is done; then back to the person, or the reason why not."""
    if request.method != "POST":
        return _question(request, account, words)
    try:
        do()
    except Refused as refused:
        return _question(request, account, words, refused)
    messages.success(request, words["done"])
    return redirect("registry:person", pk=account.pk)


def _question(request: Request, account: Account, words: Words, refused: Refused | None = None) -> HttpResponse:
    context = {
        **words,
        "problems": refused.problems if refused else (),
        "action_url": request.path,
        "cancel_url": reverse("registry:person", args=[account.pk]),
        "danger": True,
    }
    return render(request, "site/components/confirm.html", context, status=409 if refused else 200)


def _password_page(request: Request, account: Account, words: Words, do: Callable[..., str]) -> HttpResponse:
    """Show a password once, to an administrator who has typed the own one a moment ago."""
    try:
        page: HttpResponse = _show_once(request, account, words, do)
    except ReauthenticationRequired:
        if request.method != "POST":
            raise  # allauth asks for the password and comes back
        return redirect(request.path)
    return page


@reauthentication_required  # type: ignore[untyped-decorator]
def _show_once(request: Request, account: Account, words: Words, do: Callable[..., str]) -> HttpResponse:
    if request.method != "POST":
        return _question(request, account, words)
    try:
        plain = do(account=account, actor=request.actor, now=request.now)
    except Refused as refused:
        return _question(request, account, words, refused)
    # Shown in this answer and never again: no redirect, or it would have to be kept somewhere.
    return render(request, "registry/person_password.html", {"person": account, "plain": plain}, status=201)
