"""Mail by SMTP: one message a transaction, one connection for many."""

from __future__ import annotations

import contextlib
import mimetypes
import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from email.utils import format_datetime, parseaddr
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pasaj.core.problems import Refused, problem
from pasaj.notify.channels import Attachment, Channel, Line, Outcome, Parcel, Sealed, last_bytes, setting

END = b".\r\n"  # what makes the server take a message


class Mail(Channel):
    kind = "mail"
    label = _("Mail")

    @property
    def parallel(self) -> int:  # type: ignore[override]
        return int(setting("PASAJ_SMTP_PARALLEL"))

    def ready(self) -> bool:
        return bool(setting("MAIL_SET_UP"))

    def check(self, address: str) -> str:
        value = address.strip()
        try:
            validate_email(value)
        except ValidationError as error:
            raise Refused(
                problem("NOTIFY-002", value=value[:60], channel=self.kind, example="nom@example.org")
            ) from error
        return value.lower()

    def mask(self, address: str) -> str:
        return f"…@{address.rpartition('@')[2]}"

    @contextlib.contextmanager
    def open(self) -> Iterator[Line]:
        server = Server(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=setting("PASAJ_SMTP_SECONDS"))
        try:
            if settings.EMAIL_USE_TLS:
                server.starttls(context=ssl.create_default_context())
            if settings.EMAIL_HOST_USER:
                server.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
            if server.sock is not None:
                # The end of a message is a write of its own: it must not wait until the server has confirmed the text.
                server.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            yield MailLine(server)
        finally:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                server.quit()
            server.close()


class Server(smtplib.SMTP):
    """A connection that says when it is about to send the dot that ends a message."""

    def transmit(self, sender: str, to: str, content: bytes, sealed: Sealed) -> Outcome:
        code, said = self.mail(sender)
        if code == 250:
            code, said = self.rcpt(to)
        if code not in (250, 251):
            self._reset()
            return _refused(code, said)
        self.putcmd("data")
        code, said = self.getreply()
        if code != 354:
            self._reset()
            return _refused(code, said)
        quoted = re.sub(rb"(?m)^\.", b"..", content)  # RFC 5321, 4.5.2
        self.send(quoted if quoted.endswith(b"\r\n") else quoted + b"\r\n")
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("the connection is gone")
        last_bytes(self.sock, END, sealed)
        code, said = self.getreply()
        if code != 250:
            return _refused(code, said)
        return Outcome("sent", gateway_id=_text(said)[:120], detail=f"{code}")

    def _reset(self) -> None:
        with contextlib.suppress(smtplib.SMTPServerDisconnected):
            self.rset()


def _refused(code: int, said: bytes) -> Outcome:
    """4xx: another time; 5xx: never. 421 and the like end the connection, which the next message notices."""
    detail = f"{code} {_text(said)}"[:300]
    return Outcome("never" if 500 <= code < 600 else "later", detail=detail)


def _text(said: bytes) -> str:
    return said.decode("utf-8", "replace").replace("\n", " ")


class MailLine(Line):
    def __init__(self, server: Server) -> None:
        self.server = server

    def send(self, parcel: Parcel, sealed: Sealed) -> Outcome:
        self.server.ehlo_or_helo_if_needed()
        try:
            content = letter(parcel).as_bytes(policy=POLICY.clone(cte_type="7bit"))
        except FileNotFoundError as error:
            return Outcome("never", detail=f"attachment missing: {error.filename}")
        sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
        return self.server.transmit(sender, parcel.address, content, sealed)


def letter(parcel: Parcel) -> EmailMessage:
    """The mail: text, and what goes along. The same Message-ID at every attempt: readers show it once."""
    mail = EmailMessage(policy=POLICY)
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    mail["Message-ID"] = f"<{parcel.key}@{domain}>"
    mail["Date"] = format_datetime(timezone.now())
    mail["From"] = settings.DEFAULT_FROM_EMAIL
    mail["To"] = parcel.address
    mail["Subject"] = " ".join(parcel.subject.split())
    mail["Content-Language"] = parcel.language
    mail["Auto-Submitted"] = "auto-generated"  # holiday notes do not answer it
    if parcel.stop_url:
        mail["List-Unsubscribe"] = f"<{parcel.stop_url}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(parcel.body)
    for one in parcel.attachments:
        _attach(mail, one)
    return mail


def _attach(mail: EmailMessage, one: Attachment) -> None:
    files = (Path(settings.PASAJ_HOME) / "files").resolve()
    place = (files / one.path).resolve()
    if not place.is_relative_to(files):
        raise FileNotFoundError(2, "outside of the home", one.name)
    kind = one.media_type or mimetypes.guess_type(one.name)[0] or "application/octet-stream"
    main, _slash, sub = kind.partition("/")
    mail.add_attachment(place.read_bytes(), maintype=main, subtype=sub or "octet-stream", filename=one.name)


CHANNEL = Mail()
