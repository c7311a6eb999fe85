"""Addresses in the form in which they are stored and compared."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from pasaj.core import phones
from pasaj.core.problems import Refused, problem
from pasaj.notify.models import MAIL, SMS
from pasaj.registry import queries as registry

LIMIT = 254
EXAMPLE = "+15005550100"


def normal(channel: str, text: str) -> str:
    """The address of a channel: mail in small letters, telephone numbers in E.164, others as they were written.

    Raises Refused: CONTACT-018 (empty or too long), 002 (no e-mail address), 003 (no telephone number).
    """
    value = text.strip()
    if not value or len(value) > LIMIT:
        raise Refused(problem("CONTACT-018", limit=LIMIT))
    if channel == MAIL:
        return _mail(value)
    return phone(value) if channel == SMS else value


def _mail(value: str) -> str:
    try:
        validate_email(value)
    except ValidationError as error:
        raise Refused(problem("CONTACT-002", value=value[:60])) from error
    return value.lower()


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
