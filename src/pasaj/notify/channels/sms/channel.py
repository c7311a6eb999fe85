"""SMS through a gateway that speaks as Kannel's smsbox does: sendsms, receipts by number, inbound by GET.

Source: Kannel 1.4.5 user guide, 6.3 "Using the HTTP interface to send SMS" and 6.3.7 "Delivery reports".
"""

from __future__ import annotations

import contextlib
import http.client
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from pasaj.core import phones, sms
from pasaj.core.problems import Refused, problem
from pasaj.notify.channels import (
    Channel,
    Incoming,
    Line,
    Outcome,
    Parcel,
    Price,
    Receipt,
    Sealed,
    gateway_token,
    last_bytes,
    setting,
)

NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
# What %d of a delivery report says: 1 delivered, 2 not, 4 kept by the network, 8 taken by it, 16 refused by it.
MASK = 31
STATES = {"1": "delivered", "2": "failed", "4": "waiting", "8": "sent", "16": "failed"}
ACCEPTED = re.compile(r"\s*(?:0: Accepted for delivery|3: Queued for later delivery)", re.IGNORECASE)


class Sms(Channel):
    kind = "sms"
    label = _("SMS")

    @property
    def confirms(self) -> bool:  # type: ignore[override]
        return bool(_callback())

    @property
    def parallel(self) -> int:  # type: ignore[override]
        return int(setting("PASAJ_SMS_PARALLEL"))

    @property
    def room(self) -> int | None:  # type: ignore[override]
        return int(setting("PASAJ_SMS_PARTS"))

    def ready(self) -> bool:
        return bool(setting("PASAJ_SMS_URL"))

    def check(self, address: str) -> str:
        value = phones.normal(address)
        if not value:
            raise Refused(problem("NOTIFY-002", value=address[:60], channel=self.kind, example="+15005550100"))
        return value

    def mask(self, address: str) -> str:
        return f"{address[:4]}…{address[-2:]}"

    def parts(self, parcel: Parcel) -> int:
        return sms.measure(parcel.short).segments

    def price(self, parcel: Parcel) -> Price:
        amount, currency = cost()
        segments = self.parts(parcel)
        return Price(segments, amount * segments, currency)

    @contextlib.contextmanager
    def open(self) -> Iterator[Line]:
        parts = urlsplit(setting("PASAJ_SMS_URL"))
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(parts.netloc, timeout=setting("PASAJ_SMS_SECONDS"))
        connection.connect()
        try:
            yield SmsLine(connection, parts.path or "/cgi-bin/sendsms")
        finally:
            connection.close()

    def receipt(self, given: Mapping[str, str]) -> Receipt | None:
        key, code = given.get("delivery", ""), given.get("state", "").strip()
        if code not in STATES or not (key.isascii() and key.isdecimal() and len(key) < 18):
            return None
        return Receipt(int(key), STATES[code], code)  # type: ignore[arg-type]

    def incoming(self, given: Mapping[str, str]) -> Incoming | None:
        sender, text = given.get("from", "").strip(), given.get("text", "")
        if sender[:1].isdecimal():  # a gateway may leave out the sign of international numbers
            sender = f"+{sender}"
        if not NUMBER.fullmatch(sender):
            return None
        return Incoming(sender, text, given.get("id", "")[:120])


def cost() -> tuple[Decimal, str]:
    """Price of a part and its currency; nothing where none is set. An amount that is none counts as none."""
    amount, _space, currency = setting("PASAJ_SMS_COST").partition(" ")
    try:
        return Decimal(amount or 0), currency.strip()
    except InvalidOperation:
        return Decimal(0), ""


def _callback() -> str:
    base = setting("PASAJ_SMS_RECEIPTS") or settings.PASAJ_URL
    return f"{base}/gateway/{gateway_token()}/sms/receipt" if base else ""


class SmsLine(Line):
    def __init__(self, connection: http.client.HTTPConnection, path: str) -> None:
        self.connection, self.path = connection, path

    def send(self, parcel: Parcel, sealed: Sealed) -> Outcome:
        headers = {
            "Content-Type": "text/plain; charset=UTF-8",
            "X-Kannel-Username": setting("PASAJ_SMS_USER"),
            "X-Kannel-Password": setting("PASAJ_SMS_PASSWORD"),  # in a header: gateways log addresses
            "X-Kannel-To": parcel.address,
            "X-Kannel-Coding": "2" if sms.forcing(parcel.short) else "0",
        }
        if setting("PASAJ_SMS_FROM"):
            headers["X-Kannel-From"] = setting("PASAJ_SMS_FROM")
        if callback := _callback():
            headers["X-Kannel-DLR-Mask"] = str(MASK)
            headers["X-Kannel-DLR-Url"] = f"{callback}?delivery={parcel.delivery}&state=%d"
        body = parcel.short.encode()
        self.connection.putrequest("POST", quote(self.path), skip_accept_encoding=True)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.connection.putheader(name, value)
        self.connection.endheaders(body[:-1])
        if self.connection.sock is None:
            raise http.client.NotConnected
        last_bytes(self.connection.sock, body[-1:], sealed)
        answer = self.connection.getresponse()
        said = answer.read(2000).decode("utf-8", "replace").strip()
        return _outcome(answer.status, said)


def _outcome(status: int, said: str) -> Outcome:
    """What the answer means: a gateway that answers 200 with the text of an error has not taken it."""
    detail = f"{status} {said}"[:300]
    if status in (200, 202) and ACCEPTED.match(said):
        return Outcome("sent", detail=detail)
    if status == 400:
        return Outcome("never", detail=detail)
    return Outcome("later", detail=detail)  # 403 too: whoever mends the password need not send anything again


CHANNEL = Sms()
