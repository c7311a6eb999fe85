"""A small framework and its units."""

from __future__ import annotations

from decimal import Decimal

from pasaj.core.framework import Framework, Indicator, Pillar, parse
from pasaj.core.rounds import Unit

LANGUAGES = ("fr", "en")


def texts(text: str) -> dict[str, str]:
    return {one: f"{text} ({one})" for one in LANGUAGES}


def indicator(code: str, pillar: str, unit: str, applies_if: str = "") -> Indicator:
    return Indicator(
        code=code, pillar=pillar, level="intra", unit=unit, weight=Decimal(1), questions=texts(f"How is {code}?"),
        anchors={point: texts(f"{code} at {point}") for point in (0, 2, 4)},
        applies_if=parse(applies_if) if applies_if else None,
    )  # fmt: skip


def framework(*indicators: Indicator) -> Framework:
    pillars = dict.fromkeys(one.pillar for one in indicators)
    return Framework(
        code="small", version="1", languages=LANGUAGES, names=texts("Small"), descriptions=texts(""), scale="0-4",
        pillars=tuple(Pillar(code, texts(code), Decimal(1)) for code in pillars), indicators=tuple(indicators),
    )  # fmt: skip


SMALL = framework(
    indicator("L-1", "LEG", "country"),
    indicator("E-1", "EQP", "crossing_point"),
    indicator("E_1", "EQP", "crossing_point", "kind=sea"),
    indicator("P-1", "PRO", "crossing_point", "kind=land and E-1>=2"),
    indicator("P-2", "PRO", "crossing_point", "L-1=4"),
    indicator("P-3", "PRO", "crossing_point", "kind=air"),
)
COUNTRY = Unit("XX", "country", texts("Country"))
NORTH = Unit("XX-NOR", "crossing_point", texts("North"), {"kind": "land"})
PORT = Unit("XX-PRT", "crossing_point", {"fr": "Port"}, {"kind": "sea"})
