"""Telephone numbers in one form, so that the same number is the same text wherever it was typed.

E.164 (ITU-T, 2010): `+`, country code and subscriber number, 8 to 15 digits together.
"""

from __future__ import annotations

import re

_SEPARATORS = re.compile(r"[\s().\-/\u00a0\u2010-\u2013]+")
_WHOLE = re.compile(r"\+[1-9]\d{7,14}", re.ASCII)
_DIGITS = re.compile(r"\d{3,15}", re.ASCII)


def normal(text: str, country: str = "", digits: int = 0) -> str:
    """`text` in E.164, or an empty text when it is no number. Never raises.

    `country` is the country's code without `+`, `digits` how many a national number has (0: national numbers are
    not read). A number may begin with `+`, `00`, or be the national one, with or without the zero before it.
    """
    bare = _SEPARATORS.sub("", text.strip())
    if bare.startswith("00"):
        bare = f"+{bare[2:]}"
    if not bare.startswith("+") and country and digits and _DIGITS.fullmatch(bare):
        if len(bare) == digits + 1 and bare.startswith("0"):
            bare = bare[1:]
        if len(bare) == digits:
            bare = f"+{country}{bare}"
        elif bare.startswith(country) and len(bare) == len(country) + digits:
            bare = f"+{bare}"
    if not _WHOLE.fullmatch(bare):
        return ""
    own = country and digits and bare.startswith(f"+{country}")
    return "" if own and len(bare) != 1 + len(country) + digits else bare
