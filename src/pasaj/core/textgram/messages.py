"""Pasted messages: who sent them is dropped, the day of sending is kept."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date

_DATE = r"\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}"
_TIME = r"\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?(?:\s?[ap]\.?\s?m\.?)?"
# "[12/10/2025, 18:03:22] Name: text" and "12/10/2025, 18:03 - Name: text", as telephones copy them.
_HEAD = re.compile(
    rf"^\s*[\u200e\u200f\u202a-\u202c]*(?:\[(?P<one>{_DATE})(?:,?\s+{_TIME})?\]|(?P<two>{_DATE}),?\s+{_TIME}\s+[-\u2013])\s*",
    re.IGNORECASE | re.ASCII,
)
_OURS = re.compile(r"\[(\d{4}-\d{2}-\d{2})\] ?")
_SENDER = re.compile(r"[~\u200e\u200f\u202a-\u202c\s]*[^:\n]{1,80}:(?:\s|$)")


def without_senders(text: str, today: date) -> str:
    """The text in composed letters, LF at line ends, each head of a message replaced by its day: `[2025-10-12] `.

    What follows a head without a sender (somebody joined, a call was missed) may hold names: it goes as well.
    Doing it twice changes nothing.
    """
    plain = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").replace("\0", " ")
    return "\n".join(_line(line, today) for line in plain.split("\n"))


def _line(line: str, today: date) -> str:
    if _OURS.match(line):
        return line
    head = _HEAD.match(line)
    if head is None:
        return line
    sent = _sent(head["one"] or head["two"], today)
    sender = _SENDER.match(line, head.end())
    rest = line[sender.end() :] if sender else ""
    if sent is None:
        return rest.lstrip()
    return f"[{sent.isoformat()}] {rest.lstrip()}"


def _sent(written: str, today: date) -> date | None:
    """The day of a head: day first, month first where that cannot be, or year first. None for anything else."""
    one, two, three = (int(part) for part in re.split(r"[/.-]", written))
    year = three + 2000 if three < 100 else three
    readings = [(one, two, three)] if one > 31 else [(year, two, one), (year, one, two)]
    for reading in readings:
        try:
            found = date(*reading)
        except ValueError:
            continue
        if found <= today:
            return found
    return None


def messages(text: str) -> Iterator[tuple[int, int, date | None]]:
    """Start and end of each message in a text without senders, and the day it was sent (None: not said)."""
    start, sent = 0, None
    at = 0
    for line in text.split("\n"):
        head = _OURS.match(line)
        if head:
            if at > start:
                yield start, at, sent
            start = at + head.end()
            try:
                sent = date.fromisoformat(head[1])
            except ValueError:
                sent = None
        at += len(line) + 1
    yield start, len(text), sent
