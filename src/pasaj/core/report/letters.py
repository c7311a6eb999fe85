"""Words on paper: how wide they are, where they may be divided, what of them can be shown at all.

Nothing is measured with a font: the widths of letters are those of a common sans, in classes, and on the safe side.
Lengths are in millimetres, sizes of letters in points.
"""

from __future__ import annotations

import re

from pasaj.core.report.blocks import Spans

POINT = 25.4 / 72
UNBROKEN = 24  # longer than any word of prose: such a run may be cut anywhere

_NARROW, _WIDE = frozenset("iljtfrI.,;:'’|!()[]/ -"), frozenset("mwMW@%—œŒæ")
# What XML cannot hold and no font can show (controls, halves of characters, noncharacters), and what turns the
# direction of all that follows.
_UNSHOWN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def plain(runs: Spans) -> str:
    """The words of some runs of text."""
    return "".join(one.text for one in runs)


def shown(text: str) -> str:
    """The text with a mark in place of each letter that no file can hold."""
    return _UNSHOWN.sub("\ufffd", text)


def measure(text: str, size: float) -> float:
    """About how wide a line of text is."""
    return sum(_em(letter) for letter in text) * size * POINT


def cuttable(text: str) -> str:
    """The same words, with places inside runs that nothing else would divide where a line may end."""
    return re.sub(rf"[^\s/–—-]{{{UNBROKEN + 1},}}", lambda run: re.sub(r".{12}(?=.{4})", "\\g<0>\u200b", run[0]), text)


def wrapped(text: str, size: float, room: float, most: int) -> tuple[str, ...]:
    """The text in up to `most` lines of the room; what does not fit ends in an ellipsis."""
    lines: list[str] = []
    rest = text.split()
    while rest and len(lines) < most:
        count = 1
        while count < len(rest) and measure(" ".join(rest[: count + 1]), size) <= room:
            count += 1
        lines.append(" ".join(rest[:count]))
        rest = rest[count:]
    whole = not rest
    return tuple(_shortened(line, size, room, whole=whole or at < len(lines) - 1) for at, line in enumerate(lines))


def _shortened(line: str, size: float, room: float, *, whole: bool) -> str:
    if whole and measure(line, size) <= room:
        return line
    while line and measure(line + "…", size) > room:
        line = line[:-1]
    return line.rstrip() + "…"


def _em(letter: str) -> float:
    if letter in _NARROW:
        return 0.3
    if letter in _WIDE or ord(letter) > 0x2E80:
        return 0.95
    return 0.63 if letter.isupper() else 0.53
