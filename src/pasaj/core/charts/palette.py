"""The colours a chart is drawn with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pasaj.core.report import tones


@dataclass(frozen=True, slots=True)
class Palette:
    """ink: words. faint: lesser words. rule: thin lines. accent: what is measured; pale: its body."""

    ink: str
    faint: str
    rule: str
    accent: str
    pale: str
    paper: str
    land: str
    abroad: str
    tones: Mapping[str, str]


PRINT = Palette(
    ink=tones.INK,
    faint=tones.FAINT,
    rule=tones.RULE,
    accent=tones.ACCENT,
    pale="#9dbdd3",
    paper="#ffffff",
    land="#fbfaf6",
    abroad="#ececec",
    tones=tones.TONES,
)
