"""What people type, as it is kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from django.db import models

from pasaj.core.problems import Refused, problem
from pasaj.registry.queries import refuse_naming

LONGEST = 2000
SHORT = 240
CURRENCY = re.compile(r"[A-Z]{3}")
DIGITS_BEFORE = 14

Row = TypeVar("Row", bound=models.Model)


def texts(said: Mapping[str, str], *, needed: bool = True) -> dict[str, str]:
    """Texts by language. Raises Refused: POL-004 (empty), POL-005 (too long), SCREEN-001."""
    found = {language: text.strip().replace("\r\n", "\n") for language, text in said.items() if text.strip()}
    if not found and needed:
        raise Refused(problem("POL-004"))
    if any(len(text) > LONGEST for text in found.values()):
        raise Refused(problem("POL-005", limit=LONGEST))
    refuse_naming(**found)
    return found


def line(said: str, limit: int = SHORT) -> str:
    """One line of text. Raises Refused: POL-005, SCREEN-001."""
    found = " ".join(said.split())
    if len(found) > limit:
        raise Refused(problem("POL-005", limit=limit))
    refuse_naming(text=found)
    return found


def lines(said: Iterable[str]) -> list[str]:
    """Several lines, each once, without empty ones. Raises as `line`."""
    return list(dict.fromkeys(found for one in said if (found := line(one))))


def reason_of(said: str) -> str:
    """A reason. Raises Refused: POL-005, POL-006 (none), SCREEN-001."""
    found = said.strip().replace("\r\n", "\n")
    if not found:
        raise Refused(problem("POL-006"))
    if len(found) > LONGEST:
        raise Refused(problem("POL-005", limit=LONGEST))
    refuse_naming(reason=found)
    return found


def number(said: object, places: int = 4) -> Decimal:
    """An exact number with at most so many decimals. Raises Refused: POL-015."""
    try:
        found = Decimal(str(said))
    except InvalidOperation:
        raise Refused(problem("POL-015", value=str(said)[:40], places=places)) from None
    exponent = found.as_tuple().exponent
    if not isinstance(exponent, int) or found.adjusted() >= DIGITS_BEFORE:
        raise Refused(problem("POL-015", value=str(said)[:40], places=places))
    if found != round(found, places):
        raise Refused(problem("POL-015", value=str(said)[:40], places=places))
    return found


def currency_of(said: str) -> str:
    """A currency. Raises Refused: POL-016."""
    if not CURRENCY.fullmatch(said):
        raise Refused(problem("POL-016", value=said[:40]))
    return said


def choice(value: str, allowed: Sequence[str]) -> str:
    """One of `allowed`. Raises Refused: POL-009."""
    if value not in allowed:
        raise Refused(problem("POL-009", value=value[:40], allowed=", ".join(allowed)))
    return value


def referred(model: type[Row], codes: Iterable[str], **where: object) -> list[Row]:
    """The rows of these codes in their order, each once. Raises Refused: POL-012 for each that is not there."""
    wanted = list(dict.fromkeys(codes))
    found = {row.code: row for row in model._default_manager.filter(code__in=wanted, **where)}  # type: ignore[attr-defined]
    missing = [code for code in wanted if code not in found]
    if missing:
        raise Refused(*(problem("POL-012", code=code[:40]) for code in missing))
    return [found[code] for code in wanted]


def referred_one(model: type[Row], code: str, **where: object) -> Row | None:
    """The row of this code; None for "". Raises Refused: POL-012."""
    return referred(model, [code], **where)[0] if code else None
