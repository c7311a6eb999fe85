"""What an answer must look like: constraints, examples and names of questions that let in one person's particulars."""

from __future__ import annotations

import re

from pasaj.core.forms import text_screen, words
from pasaj.core.nearest import distance, fold

LONG_NUMBER = 6  # signs from which on a pattern is that of a document or a telephone
LONGEST_NUMBER = 20
LONGEST_PATTERN = 200  # signs of a pattern that is tried on a name

_REGEX = re.compile(r"regex\s*\(\s*\.\s*,\s*(['\"])(.*?)\1\s*\)")
_CLASS = re.compile(r"(?:\[[^\]]*(?:0-9|A-Z|a-z|\\d)[^\]]*\]|\\d|\\w)(?:\{(\d{1,6})(?:,\d*)?\}|[*+?])?")
_TIMES = re.compile(r"\)\{(\d{1,6})")
_FIXED = re.compile(r"^\^?\(?[A-Za-z]")  # begins with letters that are always the same: R-2025-041
_LENGTH = re.compile(r"string-length\s*\(\s*\.\s*\)\s*(>=|<=|=|>|<)\s*(\d{1,6})\b")
_FROM = re.compile(r"\.\s*>=?\s*\d{6,}")
_TO = re.compile(r"\.\s*<=?\s*9{7,}")  # as many nines as the number has figures
_NAMES = ("Jean Paul", "Jean PAUL", "JEAN Paul", "JEAN PAUL")
_NO_NAMES = ("pont coupe", "route 3", "x")
_EXAMPLE = re.compile(
    r"\b(?:ex(?:emple|ample)?|e\s?\.?g|p\.?\s?ej(?:emplo)?|par exemple|por ejemplo|for example|egzanp|pa egzanp|format"
    r"|fòma|formato|such as|like|comme|como|tankou|tel que)\b[\s.:,]*",
    re.IGNORECASE,
)
_BLANKS = re.compile(r"(?<![^\W\d])[\d+#_()xX][\d\s.#_()xX+-]{5,}(?![^\W\d])")
_FIGURES = re.compile(
    r"\b(?:[7-9]|1[0-4]|sept|huit|neuf|dix|onze|seven|eight|nine|ten|eleven|siete|ocho|nueve|diez|once|sèt|uit|nèf|dis)"
    r"\s+(?:digits?|figures|chiffres|chif|d[ií]gitos|cifras)\b",
    re.IGNORECASE,
)
_CODES = {
    "name": words.NAME,
    "phone": words.PHONE,
    "document": words.DOCUMENT,
    "birth": words.BIRTH,
    "e-mail": words.EMAIL,
}
_BIRTH = re.compile(r"\b(?:naiss\w*|nac(?:im\w*|io|id\w*)?|birth\w*|bday|dob|ddn|fdn)\b")
_BIRTHS = ("birth", "naissance", "nacimiento", "nesans")
_KEYS = frozenset(fold("key clé clés clef id uid code kòd código clave identifiant identifier ref").split())


def long_number(constraint: str, kind: str) -> bool:
    """Whether a constraint accepts signs and digits as documents and telephones have them."""
    for _quote, pattern in _REGEX.findall(constraint):
        signs = [int(times or 1) for times in _CLASS.findall(pattern)]
        most = sum(signs)
        for times in _TIMES.findall(pattern):
            most *= int(times)
        enough = most >= LONG_NUMBER and (not _FIXED.search(pattern) or max(signs) >= LONG_NUMBER)
        if enough or "@" in pattern or re.search(r"\\?\+\d{2,3}", pattern):
            return True
    if _FROM.search(constraint) or (kind != "decimal" and _TO.search(constraint)):
        return True
    return any(
        sign not in ("<", "<=")
        and LONG_NUMBER <= int(length) <= LONGEST_NUMBER
        and (sign == "=" or _REGEX.search(constraint) is not None)
        for sign, length in _LENGTH.findall(constraint)
    )


def name(constraint: str) -> bool:
    """Whether a constraint lets a person's name in and keeps ordinary words out."""
    return any(_lets_in(pattern) for _quote, pattern in _REGEX.findall(constraint))


def _lets_in(pattern: str) -> bool:
    if len(pattern) > LONGEST_PATTERN:
        return False
    try:
        known = re.compile(pattern)
        return any(known.fullmatch(one) for one in _NAMES) and not any(known.fullmatch(one) for one in _NO_NAMES)
    except (re.error, RecursionError, OverflowError):
        return False


def shown(text: str) -> set[str]:
    """What the example or the blanks in a hint stand for: the codes of `words`, and COLLECT-116."""
    found: set[str] = set()
    for example in _EXAMPLE.finditer(text):
        found |= {_CODES[hit.kind] for hit in text_screen.hits(text[example.end() :])}
    for blanks in _BLANKS.findall(text):
        if any(mark in "xX#_" for mark in blanks):
            filled = re.sub(r"[xX#_]", "4", blanks).strip()
            found |= {_CODES[hit.kind] for hit in text_screen.hits(filled, names=False)}
    if _FIGURES.search(text):
        found.add("COLLECT-116")
    return found


def key_of_person(question: str) -> bool:
    """Whether a question's own name says that it tells persons apart: `migrant_id`, `personKey`."""
    said = words.plain(question).split()
    return bool(_KEYS & set(said)) and words.persons(question) and not words.things(" ".join(said))


def birth(folded: str) -> bool:
    """Whether a date is that of a birth by any word of its labels or its name, one letter wrong allowed."""
    words_said = (word for word in folded.split() if len(word) > 3)
    return bool(_BIRTH.search(folded)) or any(distance(one, word, 1) <= 1 for word in words_said for one in _BIRTHS)
