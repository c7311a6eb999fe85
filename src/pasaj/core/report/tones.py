"""The shades of a report in print: pale, so that black words stay readable on each (contrast above 10:1).

The points of the scale run from orange to blue-green, which people who do not tell red from green tell apart; the
words in a cell say the same as its shade, so that a black-and-white copy loses nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

TONES: Mapping[str, str] = {
    "s0": "#f7cbb5",
    "s1": "#fbe3c0",
    "s2": "#f6f3d4",
    "s3": "#d8ebe3",
    "s4": "#b5dadb",
    "lead": "#b4d0ea",
    "support": "#d2e3f3",
    "consulted": "#e6eff8",
    "informed": "#f3f7fb",
    "gap": "#f7cbb5",
    "good": "#d3eadb",
    "caution": "#fbe8bd",
    "bad": "#f7cbb5",
    "muted": "#ececec",
}
NOTES: Mapping[str, str] = {"info": "#2f6690", "caution": "#b26a00", "simulated": "#6b4e9b"}
"""The bar beside a note."""

INK, FAINT, RULE, ACCENT = "#1c1c1c", "#595959", "#bdbdbd", "#1f4e6b"
"""Words, lesser words, thin lines, headings."""
