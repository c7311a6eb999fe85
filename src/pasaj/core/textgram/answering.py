"""An answer that fits one SMS."""

from __future__ import annotations

import unicodedata

from pasaj.core import sms

CUT = "..."


def fitting(text: str, ending: str = "") -> str:
    """`text`, then `ending`, as one SMS of the GSM alphabet: letters outside of it lose their accents.

    What is too long is cut at the end of `text`; `ending` is kept whole, unless it does not fit alone.
    """
    said, kept = _plain(text), _plain(ending)
    if not said:
        return _cut(kept, "")
    return _cut(said, f" {kept}" if kept else "")


def _plain(text: str) -> str:
    folded = sms.fold(" ".join(text.split()))
    return "".join(sign if not sms.forcing(sign) else _bare(sign) for sign in folded)


def _bare(sign: str) -> str:
    """A letter without what the alphabet has no room for; a question mark where nothing is left."""
    kept = "".join(one for one in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(one))
    return kept if kept and not sms.forcing(kept) else "?"


def _cut(text: str, ending: str) -> str:
    if sms.measure(text + ending).segments <= 1:
        return text + ending
    for length in range(len(text) - 1, 0, -1):
        shorter = f"{text[:length].rstrip()}{CUT}{ending}"
        if sms.measure(shorter).segments <= 1:
            return shorter
    return _cut(ending.strip(), "")
