"""Addresses in the form in which they are stored and compared."""

from __future__ import annotations

from pasaj.core import phones
from pasaj.core.problems import Refused, problem
from pasaj.notify import channels
from pasaj.notify.models import SMS
from pasaj.registry import queries as registry

LIMIT = 254
EXAMPLE = "+15005550100"


def normal(channel: str, text: str) -> str:
    """The address of a channel as its folder checks it; national telephone numbers are read as the pack says.

    Raises Refused: CONTACT-018 (empty or too long), 003 (no telephone number), NOTIFY-001 (no such channel), 002 (no
    address of this channel).
    """
    value = text.strip()
    if not value or len(value) > LIMIT:
        raise Refused(problem("CONTACT-018", limit=LIMIT))
    return channels.get(channel).check(phone(value) if channel == SMS else value)


def phone(text: str) -> str:
    """A telephone number in E.164; national ones are read as the pack says. Raises Refused: CONTACT-003."""
    home = registry.home()
    setting = home.phone if home else {}
    country, digits = str(setting.get("country", "")), int(setting.get("digits", 0))
    found = phones.normal(text, country, digits)
    if not found:
        example = f"+{country}{'20000000000'[:digits]}" if country else EXAMPLE
        raise Refused(problem("CONTACT-003", value=text.strip()[:60], example=example))
    return found
