"""Names of bookmarks: letters, digits and low lines, at most 40, that can be read back into what they stand for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pasaj.core.word.shapes import DocumentId, WordClause

MOST = 40
_SHORT = {"-": "m", ".": "p", "/": "s", "Z": "Z"}
_LONG = {letter: sign for sign, letter in _SHORT.items()}
_CLAUSE = re.compile(r"pj_([A-Za-z0-9]+)_(\d{1,6})_([0-9a-f]{6})_(\d{1,4})x(_Copy_\d+)?")
_DOCUMENT = re.compile(r"pjdoc_([A-Za-z0-9]+)_([A-Za-z0-9]+)_([a-z]{2,3})_(\d{1,6})")


@dataclass(frozen=True, slots=True)
class Anchor:
    """What the bookmark of a paragraph of a clause says; `at`: 0 for the line of the code, then counted from 1.

    `copied`: LibreOffice's name for the bookmark of a paragraph that was pasted while the first one is still there.
    """

    code: str
    revision: int
    mark: str
    at: int
    copied: bool = False


def anchor(clause: WordClause, at: int) -> str:
    """The name of the bookmark around a paragraph of a clause. Raises ValueError for a code too long to name.

    A paragraph each, not one around all: LibreOffice 7.4 keeps of a bookmark over several only the last. The letter at
    the end tells it from a copy, which word processors number.
    """
    return _bounded(f"pj_{safe(clause.code)}_{clause.revision}_{clause.mark}_{at}x")


def anchored(name: str) -> Anchor | None:
    """What a name stands for; nothing if it is none of ours, or a copy that a word processor has renamed."""
    found = _CLAUSE.fullmatch(name)
    code = plain(found[1]) if found else None
    return Anchor(code, int(found[2]), found[3], int(found[4]), found[5] is not None) if found and code else None


def document_name(document: DocumentId) -> str:
    """The name of the bookmark that says which document this is. Raises ValueError if too long."""
    return _bounded(f"pjdoc_{safe(document.policy)}_{safe(document.round)}_{document.language}_{document.version}")


def named_document(name: str) -> DocumentId | None:
    """The document that a name stands for."""
    found = _DOCUMENT.fullmatch(name)
    if not found:
        return None
    policy, told = plain(found[1]), plain(found[2])
    return DocumentId(policy, told, found[3], int(found[4])) if policy and told else None


def safe(code: str) -> str:
    """A code in letters and digits: `P1-C4` as `P1ZmC4`. Other signs are written as Z, x, their number, x."""
    return "".join(one if one.isascii() and one.isalnum() and one != "Z" else _sign(one) for one in code)


def plain(name: str) -> str | None:
    """The code that `safe` wrote; nothing where it did not write it."""
    made, at = [], 0
    for found in re.finditer(r"Z(?:x([0-9a-f]{1,6})x|(.))|[A-Ya-z0-9]", name):
        if found.start() != at:
            return None
        at = found.end()
        if found[1]:
            number = int(found[1], 16)
            if number > 0x10FFFF:
                return None
            made.append(chr(number))
        elif found[2]:
            if found[2] not in _LONG:
                return None
            made.append(_LONG[found[2]])
        else:
            made.append(found[0])
    return "".join(made) if at == len(name) else None


def _sign(letter: str) -> str:
    return f"Z{_SHORT[letter]}" if letter in _SHORT else f"Zx{ord(letter):x}x"


def _bounded(name: str) -> str:
    if len(name) > MOST:
        raise ValueError(f"{name} is longer than the {MOST} characters of a bookmark.")
    return name
