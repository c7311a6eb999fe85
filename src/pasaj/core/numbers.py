"""Numbers as people write them in French, Creole, English and Spanish.

Grouping: spaces of every width, apostrophes, points or commas, in threes. Decimals: point or comma.
`1,234` is a thousand to one reader and one and a bit to another; it is refused unless the decimal sign
is known.
"""

import re
from decimal import Decimal

from pasaj.core.problems import Problem, Refused, problem

LARGEST_COUNT = 10**9  # more than passes anywhere in a year
LARGEST_QUANTITY = 10**15
PLACES = 4  # digits kept after the decimal sign
# Spanish is not among them: 1,250 is a thousand in Santo Domingo and one and a quarter in Madrid.
DECIMALS = {"fr": ",", "ht": ",", "en": "."}

_SPACES = str.maketrans(dict.fromkeys("\u00a0\u2007\u2009\u202f\u2008\u3000", " "))
_SIGNS = str.maketrans({"\u2212": "-", "\u2013": "-", "\u2019": "'", "\u2018": "'", "\u02bc": "'"})
_ALLOWED = re.compile(r"[+-]?[0-9][0-9 .,']*", re.ASCII)
_GROUPED = re.compile(r"[0-9]{1,3}(?:([ .,'])[0-9]{3})(?:\1[0-9]{3})*", re.ASCII)


def read(text: str, *, decimal: str = "", thousands: str = "", whole: bool = False) -> Decimal:
    """The number in `text`.

    `decimal`: "," or "." where it is known (a language's sign: `DECIMALS`), "" to work it out.
    `thousands`: the one grouping sign allowed, "" for any but the decimal. `whole`: a count: not below
    zero, no fraction, at most LARGEST_COUNT. A quantity may have PLACES digits after the decimal sign
    and not be below zero either. Raises Refused: OBS-003, 004, 012, 016, 021, IMPORT-014.
    """
    shown = text.strip()
    plain = shown.translate(_SPACES).translate(_SIGNS)
    if not _ALLOWED.fullmatch(plain):
        raise Refused(_not_a_number(shown))
    sign = -1 if plain[0] == "-" else 1
    body = plain.lstrip("+-")
    found = _known(body, decimal, thousands) if decimal else _guessed(body, thousands, shown)
    if found is None:
        raise Refused(_not_a_number(shown))
    return check(sign * found, whole=whole, shown=shown)


def check(value: Decimal, *, whole: bool, shown: str = "") -> Decimal:
    """`value` if a figure may have it; whole numbers come back without a fraction. Raises as `read`."""
    shown = shown or str(value)
    if not value.is_finite():
        raise Refused(_not_a_number(shown))
    if value < 0:
        raise Refused(problem("OBS-003", value=shown))
    largest = LARGEST_COUNT if whole else LARGEST_QUANTITY
    if value > largest:
        raise Refused(problem("OBS-012", value=shown, largest=f"{largest:,}".replace(",", " ")))
    if value == value.to_integral_value():
        return value.quantize(Decimal(1)) + 0  # + 0: a written "-0" is zero
    if whole:
        raise Refused(problem("OBS-004", value=shown))
    digits = -int(value.normalize().as_tuple().exponent)
    if digits > PLACES:
        raise Refused(problem("OBS-021", value=shown, digits=digits, allowed=PLACES))
    return value.normalize()


def _not_a_number(shown: str) -> Problem:
    return problem("OBS-016", value=shown, example="1250")


def _known(body: str, decimal: str, thousands: str) -> Decimal | None:
    """The reading where the decimal sign is stated."""
    integer, sign, fraction = body.partition(decimal)
    if sign and not re.fullmatch(r"[0-9]+", fraction):
        return None
    digits = _ungrouped(integer, decimal, thousands)
    return None if digits is None else Decimal(f"{digits}.{fraction or 0}")


def _ungrouped(integer: str, decimal: str, thousands: str) -> str | None:
    """The digits of a whole part, its groups of three checked."""
    if integer.isdigit():
        return integer
    match = _GROUPED.fullmatch(integer)
    if not match or match[1] == decimal or (thousands and match[1] != thousands.translate(_SPACES).translate(_SIGNS)):
        return None
    return integer.replace(match[1], "")


def _guessed(body: str, thousands: str, shown: str) -> Decimal | None:
    """The one reading that is possible; refused when there are two."""
    stated = thousands.translate(_SPACES).translate(_SIGNS)
    readings = {
        value
        for sign in (".", ",")
        if sign != stated
        for value in (_known(body, sign, thousands),)
        if value is not None
    }
    if len(readings) == 2:
        # A whole part of zero groups nothing: 0,125 is a decimal.
        if body[0] == "0":
            return min(readings)
        high, low = max(readings), min(readings)
        raise Refused(problem("IMPORT-014", value=shown, first=f"{high.normalize():f}", second=f"{low:f}"))
    return readings.pop() if readings else None
