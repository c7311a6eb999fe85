"""Places in a row of siblings: a key between any two others, so that moving one clause changes no other.

A key is the digits of a decimal fraction, without a zero at the end: "5" stands after "25" and before "75". Texts of
digits sort alike in every database and language. (Fractional indexing, after D. Greenspan, Figma, 2017.)
"""

from __future__ import annotations

import re

LONGEST = 60
_KEY = re.compile(r"[0-9]*[1-9]", re.ASCII)


def between(low: str, high: str) -> str:
    """A key after `low` and before `high`; "" means the start and the end. Raises ValueError: not so ordered keys."""
    for key in (low, high):
        if key and not _KEY.fullmatch(key):
            raise ValueError(f"not a place: {key}")
    if high and low >= high:
        raise ValueError(f"{low} does not stand before {high}")
    made = ""
    while True:
        at = len(made)
        floor = int(low[at]) if at < len(low) else 0
        roof = int(high[at]) if high and at < len(high) else 10
        if roof - floor > 1:
            return made + str((floor + roof) // 2)
        made += str(floor)
        if roof > floor:  # from here on the upper bound is left behind
            high = ""


def row(count: int) -> tuple[str, ...]:
    """Keys for so many siblings in a row, evenly apart and of one length."""
    digits = len(str(count + 1))
    step = 10**digits // (count + 1)
    return tuple(f"{(at + 1) * step:0{digits}}".rstrip("0") for at in range(count))
