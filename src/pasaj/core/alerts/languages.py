"""Whether an alert says the same in each of its languages: numbers, places, length, and the language itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from pasaj.core.alerts.filling import left
from pasaj.core.alerts.shapes import FIELDS, LIMITS, NEEDED, Texts
from pasaj.core.alerts.wording import worded
from pasaj.core.problems import Problem, problem


def _of(words: str) -> frozenset[str]:
    return frozenset(words.split())


WORDS: Mapping[str, frozenset[str]] = {
    "fr": _of(
        "le les des du et est sont dans pour une aux avec sur ce ces cette qui que ne pas vous votre vos leur leurs "
        "plus sans chez ont être par au ou où"
    ),
    "ht": _of(
        "nan yo ki pou ak yon moun gen pa ap sou se li nou ou lè kote tout epi oswa bay si sa tankou anvan apre "
        "fè jwenn kont men ba pran"
    ),
    "en": _of(
        "the and of to in is are for with who that this be not or at on from their your by where have has it as "
        "any before people"
    ),
    "es": _of(
        "el los las del y es son en para una con por que se no su sus al o donde esta este estas quien quienes hay "
        "sin como más antes"
    ),
}
"""Small words by which a language is known; words of two of them weigh for both."""
LEAST_WORDS = 6
LEAST_HITS = 3
SENTENCES = 2
"""By how many sentences instructions may differ between languages."""
ALIKE = 25
"""Characters from which the same text in two languages is no mere name."""
_CODE = re.compile(r"\b[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+\b")
_NUMBER = re.compile(r"\d+(?:[ .,\u00a0\u202f]\d{3})*(?!\d)")
_SENTENCE = re.compile(r"[.!?]+(?=\s|$)")
_WORD = re.compile(r"[^\W\d_]+")


def check(texts: Texts, required: Sequence[str], places: Sequence[Mapping[str, str]] = ()) -> list[Problem]:
    """Every problem of the texts, its column `texts.LANGUAGE.FIELD`. `places`: names by language.

    ALERT-020 (a text is missing), 021 (no protection action), 022 (numbers or codes differ), 023 (a place is not
    named), 024 (sentences differ), 025 (another language), 026 (too long), 027 (copied from another language), 028 (a
    brace is left), and those of `worded`.
    """
    said = {language: texts.get(language, {}) for language in required}
    found = list(worded(said))
    for language in required:
        found += _own(language, said[language])
    for field in FIELDS:
        found += _alike(field, {language: one.get(field, "").strip() for language, one in said.items()}, places)
    return found


def language_of(text: str, among: Collection[str] = tuple(WORDS)) -> str:
    """The language whose small words a text has most of; empty where that cannot be told."""
    words = [word.lower() for word in _WORD.findall(text)]
    hits = Counter(
        {language: sum(word in WORDS[language] for word in words) for language in among if language in WORDS}
    )
    ranked = hits.most_common(2)
    if len(words) < LEAST_WORDS or len(ranked) < 2 or ranked[0][1] < LEAST_HITS:
        return ""
    return ranked[0][0] if ranked[0][1] >= 1.5 * ranked[1][1] else ""


def numbers(text: str) -> Counter[str]:
    """Codes and numbers of a text, each as often as it stands there, without the marks between thousands."""
    without = _CODE.sub(" ", text)
    return Counter(_CODE.findall(text)) + Counter(re.sub(r"\D", "", one) for one in _NUMBER.findall(without))


def _own(language: str, said: Mapping[str, str]) -> Iterator[Problem]:
    """What is wrong with one language by itself."""
    for field in NEEDED:
        if not said.get(field, "").strip():
            code = "ALERT-021" if field == "protection" else "ALERT-020"
            yield problem(code, column=f"texts.{language}.{field}", language=language, field=field)
    for field in (*FIELDS, "audience"):
        text, column = said.get(field, "").strip(), f"texts.{language}.{field}"
        if len(text) > LIMITS[field]:
            yield problem("ALERT-026", column=column, found=len(text), limit=LIMITS[field])
        if braces := left(text):
            yield problem("ALERT-028", column=column, braces=", ".join(braces))
        if (other := language_of(text)) and language in WORDS and other != language:
            yield problem("ALERT-025", column=column, language=language, other=other)


def _alike(field: str, said: Mapping[str, str], places: Sequence[Mapping[str, str]]) -> Iterator[Problem]:
    """What differs between the languages, told of the one that stands apart from the first."""
    there = {language: text for language, text in said.items() if text}
    first, text = next(iter(there.items()), ("", ""))
    expected, sentences = numbers(text), len(_SENTENCE.findall(text))
    # A name may be a common word in one language ("Centre"); what at least half of them name is a place.
    named = [place for place in places if 2 * sum(_names(place, *one) for one in there.items()) >= max(len(there), 1)]
    seen: dict[str, str] = {}
    for language, one in there.items():
        column = f"texts.{language}.{field}"
        differing = (expected - numbers(one)) + (numbers(one) - expected)
        if differing:
            listed = ", ".join(sorted(differing))
            yield problem("ALERT-022", column=column, language=language, first=first, found=listed)
        for place in named:
            if not _names(place, language, one):
                yield problem("ALERT-023", column=column, language=language, place=place.get(language, "…"))
        if field in {"protection", "instruction"} and abs(len(_SENTENCE.findall(one)) - sentences) > SENTENCES:
            count = len(_SENTENCE.findall(one))
            yield problem("ALERT-024", column=column, language=language, first=first, found=count, wanted=sentences)
        twin = seen.setdefault(one.casefold(), language)
        if twin != language and len(one) >= ALIKE:
            yield problem("ALERT-027", column=column, language=language, first=twin)


def _names(place: Mapping[str, str], language: str, text: str) -> bool:
    name = place.get(language, "")
    return bool(name) and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None
