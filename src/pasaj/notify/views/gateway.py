"""What gateways call: receipts of what was sent, and texts that come in. A secret in the address says who asks."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from pasaj.core.problems import Refused
from pasaj.notify import channels
from pasaj.notify.channels import Channel
from pasaj.notify.services import inbound, receipts
from pasaj.registry import queries as registry

LONGEST = 20_000  # bytes of a call: an SMS of ten parts takes 6,000 percent-encoded
ANSWER = "text/plain; charset=utf-8"


@csrf_exempt
def receipt(request: HttpRequest, token: str, kind: str) -> HttpResponse:
    """What became of a delivery. Answered alike whether we know it: a gateway would only call again."""
    channel, given = _called(request, token, kind)
    if channel is None:
        return _answer(404)
    said = channel.receipt(given)
    real_now = timezone.now()
    if said is not None:
        receipts.receive(channel=kind, receipt=said, now=_business(real_now), real_now=real_now)
    return _answer(200 if said is not None else 400)


@csrf_exempt
def incoming(request: HttpRequest, token: str, kind: str) -> HttpResponse:
    """A text: kept, then settled. The answer is empty: gateways send what stands in it to the sender."""
    channel, given = _called(request, token, kind)
    if channel is None:
        return _answer(404)
    said = channel.incoming(given)
    if said is None:
        return _answer(400)
    real_now = timezone.now()
    now = _business(real_now)
    row, new = inbound.receive(channel=kind, incoming=said, now=now, real_now=real_now)
    if new:
        inbound.settle(inbound=row, now=now)
    return _answer(200)


def _called(request: HttpRequest, token: str, kind: str) -> tuple[Channel | None, Mapping[str, str]]:
    """The channel and what is said, if the secret is right and the call not too long."""
    if not hmac.compare_digest(token.encode(), channels.gateway_token().encode()) or registry.home() is None:
        return None, {}
    try:
        channel = channels.get(kind)
        stated = request.META.get("CONTENT_LENGTH") or "0"
        if not stated.isdecimal() or int(stated) > LONGEST or len(request.META.get("QUERY_STRING", "")) > LONGEST:
            return None, {}
        given = {**request.GET.dict(), **(request.POST.dict() if request.method == "POST" else {})}
    except (Refused, RequestDataTooBig, UnreadablePostError, MultiPartParserError):
        return None, {}
    return channel, {name: str(value).replace("\x00", "") for name, value in given.items()}


def _business(real_now: datetime) -> datetime:
    home = registry.home()
    assert home is not None
    return home.business_now(real_now)


def _answer(status: int) -> HttpResponse:
    return HttpResponse(status=status, content_type=ANSWER)
