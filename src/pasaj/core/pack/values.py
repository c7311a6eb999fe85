"""Cells to values. Each reader returns None for a text it cannot accept; it never raises."""

import re
from datetime import date
from decimal import Decimal

from pasaj.core import periods

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}", re.ASCII)
CITED = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}", re.ASCII)  # as others number it: SDG-10.7.2
COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)
LANGUAGE = re.compile(r"[a-z]{2,3}", re.ASCII)
PHONE_COUNTRY = re.compile(r"[1-9]\d{0,2}", re.ASCII)
LOCAL_NAME = re.compile(r"name_[a-z]{2,3}", re.ASCII)

_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,15})?", re.ASCII)
_WHOLE = re.compile(r"\d{1,15}", re.ASCII)
_YEARLY = re.compile(r"yearly:(\d{2})-(\d{2})", re.ASCII)
_EASTER = re.compile(r"easter:[+-]?\d{1,3}", re.ASCII)
_WEEKLY = re.compile(r"weekly:(mon|tue|wed|thu|fri|sat|sun)", re.ASCII)
_ADDRESS = re.compile(r"(https?://)?[\w-]+(\.[\w-]+)+(:\d{1,5})?([/?#]\S*)?", re.IGNORECASE)
_LEAP_YEAR = 2024


def number(text: str) -> Decimal | None:
    """A number with a decimal point: no spaces, no thousands separators, no exponent."""
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def whole(text: str) -> int | None:
    """A count: digits only."""
    return int(text) if _WHOLE.fullmatch(text) else None


def day(text: str) -> date | None:
    """A full date, YYYY-MM-DD."""
    found = periods.parse(text, "day") if len(text) == len("2026-02-28") else None
    return found.start if found else None


def runs_backwards(text: str) -> bool:
    """Whether a span names two periods, the later one first."""
    first, _dots, second = text.partition("..")
    start, end = periods.parse(first), periods.parse(second)
    return start is not None and end is not None and end.end < start.start


def rule(text: str) -> str | None:
    """A calendar rule in its normal form: a date, yearly:MM-DD, easter:N or weekly:mon."""
    text = text.lower().replace(" ", "")
    if _WEEKLY.fullmatch(text) or day(text):
        return text
    if match := _YEARLY.fullmatch(text):
        return text if day(f"{_LEAP_YEAR}-{match[1]}-{match[2]}") else None
    if _EASTER.fullmatch(text):
        return f"easter:{int(text.partition(':')[2])}"
    return None


def address(text: str) -> str | None:
    """A web address, with https:// put in front when the scheme is left out. Other schemes are refused."""
    match = _ADDRESS.fullmatch(text)
    if not match:
        return None
    return text if match[1] else f"https://{text}"
