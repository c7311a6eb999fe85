"""What one address gets: the text in its language, with what makes an exercise plain and how to acknowledge."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from pasaj.core import sms
from pasaj.notify.channels import Attachment, Parcel
from pasaj.notify.models import Delivery, Message, Mode

# What stands before every text that is not meant in earnest, and before none that is.
PREFIXES: dict[str, Any] = {
    Mode.EXERCISE: gettext_lazy("EXERCISE EXERCISE EXERCISE"),
    Mode.TEST: gettext_lazy("TEST - NO ACTION"),
    Mode.SYSTEM: gettext_lazy("SYSTEM MESSAGE - NO ACTION"),
}
LETTERS = "BCDFGHJKLMNPQRSTVWXZ"  # no vowels: no word of any language comes out
WORD = 4


@dataclass(frozen=True, slots=True)
class Secrets:
    """What lets whoever got a message answer it without signing in. Made from the signing key: never stored."""

    token: str
    word: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.token.encode()).hexdigest()


def secrets_of(message: str, channel: str, address: str) -> Secrets:
    """The link's secret and the reply word of one delivery, the same at every attempt."""
    key = f"notify\0{message}\0{channel}\0{address}".encode()
    made = hmac.new(settings.SECRET_KEY.encode(), key, hashlib.sha256).digest()
    number = int.from_bytes(made[24:], "big")
    word = "".join(LETTERS[number // len(LETTERS) ** at % len(LETTERS)] for at in range(WORD))
    return Secrets(made[:24].hex(), word)


def public_address() -> str:
    """The address that links in messages begin with: PASAJ_URL, else where this server was last started; or empty."""
    if settings.PASAJ_URL:
        return str(settings.PASAJ_URL)
    try:
        return (Path(settings.PASAJ_HOME) / "address").read_text(encoding="utf-8").strip().rstrip("/")
    except OSError:
        return ""


def language_for(texts: Mapping[str, Any], wanted: str, default: str) -> str:
    """The language that somebody is told in: the wanted one if it is there, else the home's, else the first."""
    for one in (wanted, default):
        if one in texts:
            return one
    return sorted(texts)[0]


def parcel(delivery: Delivery, message: Message, base: str) -> Parcel:
    """What the delivery's address gets. `base`: the public address of this server, or empty."""
    made = secrets_of(message.code, delivery.channel, delivery.address)
    text: Mapping[str, str] = message.texts[delivery.language]
    asks = message.acknowledge_due_at is not None
    link = f"{base}/n/{made.token}/" if base else ""
    with translation.override(delivery.language):
        subject, body, short = (marked(message.mode, text.get(part, "")) for part in ("subject", "body", "short"))
        if asks:
            short = f"{short}\n{pgettext('SMS', 'Reply')}: {made.word}"
            body = f"{body}\n\n{_ask(link)}"
        if link and delivery.channel != "bulletin":
            body = f"{body}\n\n-- \n{_('No more messages to this address:')} {link}stop"
    return Parcel(
        key=f"{message.code}.{delivery.pk}",
        delivery=delivery.pk or 0,
        message=message.code,
        address=delivery.address,
        language=delivery.language,
        subject=subject,
        body=body,
        short=sms.fold(short),
        acknowledge_url=link if asks else "",
        stop_url=f"{link}stop" if link else "",
        reply_word=made.word if asks else "",
        attachments=tuple(Attachment(**one) for one in message.attachments),
    )


def _ask(link: str) -> str:
    if link:
        return _("Say that you have read this:") + f" {link}"
    return _("Say that you have read this: call the cell.")


def marked(mode: str, text: str) -> str:
    """The text with what says that it is no earnest, in the language in use; nothing is said twice."""
    if mode == Mode.ACTUAL or not text:
        return text
    prefix = str(PREFIXES[mode])
    return text if text.startswith(prefix) else f"{prefix}. {text}"


def marked_in(language: str, mode: str, text: str) -> str:
    """`marked` in a given language."""
    with translation.override(language):
        return marked(mode, text)
