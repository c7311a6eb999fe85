"""Cells that a spreadsheet takes as text: no exported text can start a formula.

A cell that begins with =, +, -, @, a tab or a line break is run as a formula by Excel, LibreOffice and
Google Sheets; an apostrophe in front makes it text. Numbers stay numbers.
"""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

Value = str | int | float | Decimal | date | bool | None

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20", "|", "%")
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?", re.ASCII)
# A spreadsheet in French or Spanish takes a semicolon for the end of a cell, whatever stands around it.
_WITHIN = re.compile(r"(;\s*)(?='*[=+\-@])")
_WITHIN_SAFE = re.compile(r"(;\s*)'(?='*[=+\-@])")


def cell(value: Value) -> str | int | float | Decimal:
    """One value ready for csv.writer or a worksheet: numbers unchanged, dates ISO, text made harmless."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float | Decimal):
        return value
    if isinstance(value, date):
        return value.isoformat()
    return text(value)


def text(value: str) -> str:
    """Text with an apostrophe in front where a spreadsheet would run it."""
    value = _WITHIN.sub(r"\1'", value.replace("\x00", ""))
    risky = value.lstrip(" \u00a0").startswith(_STARTS) or value.startswith("'")
    return f"'{value}" if risky and not _NUMBER.fullmatch(value) else value


def plain(value: str) -> str:
    """What was written before `text` made it harmless."""
    return _WITHIN_SAFE.sub(r"\1", value.removeprefix("'"))


def row(values: Iterable[Value]) -> list[str | int | float | Decimal]:
    """A whole row, each cell by `cell`."""
    return [cell(value) for value in values]
