"""Counts written as text: a small grammar for SMS, and a tolerant reading of what people send each other."""

from pasaj.core.textgram.reading import LIMIT, Figure, Reading, Span, example, read, read_strictly
from pasaj.core.textgram.words import MEANINGS, TOTAL, Place, Target, Word, Words
from pasaj.core.textgram.writing import SMS, render, reply

__all__ = [
    "LIMIT",
    "MEANINGS",
    "SMS",
    "TOTAL",
    "Figure",
    "Place",
    "Reading",
    "Span",
    "Target",
    "Word",
    "Words",
    "example",
    "read",
    "read_strictly",
    "render",
    "reply",
]
