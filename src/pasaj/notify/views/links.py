"""The link in a message: whoever has it reads the message, says so, or wants no more. Nobody signs in.

Opening it changes nothing: mail servers open links to look at them.
"""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from pasaj.notify.models import Address, Delivery
from pasaj.notify.queries import outbox
from pasaj.notify.services import answers, composing
from pasaj.registry.queries import Request

METHODS = ["GET", "HEAD", "POST"]


def _delivery(token: str) -> Delivery:
    row = answers.by_token(token) if len(token) < 100 else None
    if row is None:
        raise Http404
    return row


# No session stands behind these forms: the secret in the address is all that is asked for, and a mail program that
# offers "unsubscribe" posts without having read a page of ours (RFC 8058).
@csrf_exempt
@require_http_methods(METHODS)
def link(request: Request, token: str) -> HttpResponse:
    row = _delivery(token)
    if request.method == "POST":
        answers.acknowledge(delivery=row, by="link", now=request.now)
        return redirect("notify:link", token=token)
    return _page(request, row, token, "notify/link.html")


@csrf_exempt
@require_http_methods(METHODS)
def link_stop(request: Request, token: str) -> HttpResponse:
    row = _delivery(token)
    if request.method == "POST":
        answers.stop(channel=row.channel, address=row.address, by="link", now=request.now, delivery=row)
        return redirect("notify:link-stop", token=token)
    return _page(request, row, token, "notify/link_stop.html")


def _page(request: Request, row: Delivery, token: str, template: str) -> HttpResponse:
    """In the language chosen on the page, else the one the message was sent in."""
    chosen = request.COOKIES.get("language", "")
    language = chosen if chosen in row.message.texts else row.language
    addresses = Address.objects.filter(channel=row.channel, value=row.address)
    with translation.override(language):
        request.LANGUAGE_CODE = language
        text = outbox.readable(row.message)[language]
        context = {
            "message": row.message,
            "delivery": row,
            "token": token,
            "language": language,
            "subject": composing.marked(row.message.mode, text["subject"]),
            "body": composing.marked(row.message.mode, text["body"]),
            "asks": row.message.acknowledge_due_at is not None,
            "stopped": addresses.exists() and not addresses.filter(stopped_at=None).exists(),
        }
        answer = render(request, template, context)
    answer["X-Robots-Tag"] = "noindex, nofollow"
    # The origin alone: without any, a browser sends the choice of the language as from nowhere, and it is refused.
    answer["Referrer-Policy"] = "strict-origin"
    return answer
