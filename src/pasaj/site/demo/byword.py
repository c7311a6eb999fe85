"""What somebody writes into the Word file of a round, as a word processor records it. Simulated."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import unescape
from io import BytesIO
from itertools import count
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from pasaj.core.word.xml import WORD, run, tag, words

DOCUMENT, COMMENTS = "word/document.xml", "word/comments.xml"
_RUN = re.compile(r'<w:r><w:t xml:space="preserve">([^<]*)</w:t></w:r>')
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass
class Pen:
    """Changes are recorded under the name of `author` at `at` (ISO 8601 with its zone)."""

    author: str
    at: str
    comments: list[str] = field(default_factory=list)
    numbers: count[int] = field(default_factory=lambda: count(9000))

    def write(self, sent: bytes, changes: Sequence[tuple[str, str]], remarks: Sequence[tuple[str, str]]) -> bytes:
        """The file with (old words, new words) changed and (words, comment) remarked; always the same for the same.

        Raises ValueError: words that do not stand once in a run of the file.
        """
        with ZipFile(BytesIO(sent)) as file:
            parts = {name: file.read(name) for name in file.namelist()}
        body = parts[DOCUMENT].decode()
        for old, new in changes:
            gone = self._by("del", tag("r", words(old, gone=True)))
            body = _swapped(body, old, gone + self._by("ins", run(new)))
        for on, says in remarks:
            body = _swapped(body, on, self._hung(on, says))
        parts[DOCUMENT] = body.encode()
        if self.comments:
            parts[COMMENTS] = f'<w:comments xmlns:w="{WORD}">{"".join(self.comments)}</w:comments>'.encode()
        return _packed(parts)

    def _by(self, kind: str, inside: str) -> str:
        return tag(kind, inside, id=next(self.numbers), author=self.author, date=self.at)

    def _hung(self, on: str, says: str) -> str:
        number = len(self.comments)
        said = tag("p", run(says))
        self.comments.append(tag("comment", said, id=number, author=self.author, date=self.at))
        ends = [tag(f"commentRange{end}", id=number) for end in ("Start", "End")]
        return ends[0] + run(on) + ends[1] + tag("r", tag("commentReference", id=number))


def _swapped(body: str, old: str, new: str) -> str:
    """The body with a run parted around the old words, and what is new in their place."""
    found = [one for one in _RUN.finditer(body) if old in unescape(one[1])]
    if len(found) != 1:
        raise ValueError(f"{len(found)} runs hold: {old}")
    before, _old, after = unescape(found[0][1]).partition(old)
    return body[: found[0].start()] + run(before) + new + run(after) + body[found[0].end() :]


def _packed(parts: dict[str, bytes]) -> bytes:
    done = BytesIO()
    with ZipFile(done, "w", ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(ZipInfo(name, _EPOCH), data, ZIP_DEFLATED)
    return done.getvalue()
