"""What tests of messages need: contacts, drafts, a real mail server."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes
from email.message import Message as Mail
from email.policy import default
from typing import Any

import make
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.test import override_settings
from shell import free_port

from pasaj.access.rules import Actor
from pasaj.notify.models import Address, Contact, Message
from pasaj.notify.services import outbox
from pasaj.notify.services.outbox import Draft, Text
from pasaj.registry.models import Institution

NOW = make.NOW
ACTOR = Actor(id=7, label="Duty", via="web")
TEXTS = {
    "en": Text("Water rises at Northgate", "Bring children to the school first.", "Water rises at Northgate"),
    "fr": Text("L’eau monte à Northgate", "Mettez d’abord les enfants à l’école.", "L’eau monte à Northgate"),
    "ht": Text("Dlo ap monte nan Nòpòt", "Mete timoun yo nan lekòl la anvan.", "Dlo ap monte nan Nòpòt"),
    "es": Text("El agua sube en Northgate", "Primero los niños a la escuela.", "El agua sube en Northgate"),
}


def contact(name: str, *addresses: str, institution: str = "IMM", exercise: bool = False, **fields: Any) -> Contact:
    """A contact with addresses: those with an @ are for mail, those with a + for SMS."""
    made = Contact.objects.create(
        code=f"CT-{Contact.objects.count() + 1}",
        name=name,
        institution=Institution.objects.get(code=institution),
        role=fields.pop("role", "watch"),
        language=fields.pop("language", "en"),
        created_at=NOW,
        **fields,
    )
    for order, value in enumerate(addresses, 1):
        channel = "mail" if "@" in value else "sms" if value.startswith("+") else "bulletin"
        Address.objects.create(contact=made, channel=channel, value=value, order=order, exercise=exercise)
    return made


def draft(**fields: Any) -> Draft:
    given: dict[str, Any] = {"kind": "alert", "ref": "AL-2026-0001", "texts": TEXTS, "severity": "severe"}
    return Draft(**{**given, **fields})


def put(*contacts: Contact, now: datetime = NOW, channels: Any = None, **fields: Any) -> Message:
    return outbox.put(draft=draft(**fields), contacts=contacts, actor=ACTOR, now=now, channels=channels)


class Sink:
    """Keeps what was delivered; answers as told to: {address: "550 no such person"}."""

    def __init__(self) -> None:
        self.got: list[tuple[str, Mail]] = []
        self.answers: dict[str, str] = {}
        self.connections = 0

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connections += 1
        return responses

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content or b""
        mail = message_from_bytes(content if isinstance(content, bytes) else content.encode(), policy=default)
        self.got += [(to, mail) for to in envelope.rcpt_tos]
        return f"250 kept as {len(self.got)}"

    @property
    def to(self) -> list[str]:
        return sorted(address for address, _mail in self.got)


@contextlib.contextmanager
def mail_server() -> Iterator[Sink]:
    """A real mail server on a free port, and the settings that lead to it."""
    sink, port = Sink(), free_port()
    server = Controller(sink, hostname="127.0.0.1", port=port)
    server.start()
    try:
        with override_settings(MAIL_SET_UP=True, EMAIL_HOST="127.0.0.1", EMAIL_PORT=port):
            yield sink
    finally:
        server.stop()
