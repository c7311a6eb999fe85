"""What an alert may not say, and how it may speak of numbers.

The danger is to life or health; people who move are never the danger. Help comes before control. Numbers of our
own are words of size in public, until small counts are protected.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from pasaj.core.alerts.shapes import FIELDS, Texts
from pasaj.core.problems import Problem, problem

SIZES: tuple[tuple[int, Mapping[str, str]], ...] = (
    (10_000, {"fr": "des dizaines de milliers", "ht": "plizyè dizèn milye", "en": "tens of thousands",
              "es": "decenas de miles"}),
    (1_000, {"fr": "plusieurs milliers", "ht": "plizyè milye", "en": "several thousand", "es": "varios miles"}),
    (100, {"fr": "plusieurs centaines", "ht": "plizyè santèn", "en": "several hundred", "es": "varios cientos"}),
    (20, {"fr": "plusieurs dizaines", "ht": "plizyè dizèn", "en": "dozens", "es": "decenas"}),
    (0, {"fr": "quelques", "ht": "kèk", "en": "a few", "es": "algunas"}),
)  # fmt: skip
"""From how many on which word is used."""

_FORBIDDEN = re.compile(
    r"\b(?:ill[ée]ga\w*|ilegal\w*|clandestin\w*|sans-papiers|undocumented|indocumentad\w*|inva(?:sion|sión|zyon)\w*"
    r"|envahi\w*|invad\w*|(?:migrant|human) (?:wave|tide|flood)s?|(?:vague|flot|marée) (?:de migrants|humaine?)"
    r"|ola(?:s|da|das)? (?:de )?migr\w*)",
    re.IGNORECASE,
)
_MOVING = re.compile(
    r"\b(?:migra\w*|émigr\w*|emigra\w*|immigr\w*|inmigra\w*|imigra\w*|départs?|departures?|salidas?|influx|afflux"
    r"|exod\w*|éxodo|egzòd|deport\w*|depòte\w*|expuls\w*|refoul\w*|fugitives?|flux|flujos?|crossings?|arrivals?"
    r"|arrivées?|llegadas?|retours? massifs?|returnees)\b",
    re.IGNORECASE,
)
_ENFORCEMENT = re.compile(
    r"\b(?:arr[êe]t(?:er|ez|ation|ations|é|és)|arrest\w*|arete|detain\w*|detent\w*|detien\w*|deten\w*|détention"
    r"|refoul\w*|pushbacks?|push(?:ed)? back|expuls\w*|deport(?:en|ar|ed|ation)?|patrol\w*|patrull\w*|patrouill\w*"
    r"|patwouy\w*|intercept\w*|intèsepte|interpell\w*|disuad\w*|dissuad\w*|deter(?:red)?|raids?|rafles?)\b",
    re.IGNORECASE,
)
_NEGATED = re.compile(
    r"\b(?:ne|n'|n’|pas|aucune?|sans|not|never|no|nobody|without|pa|pinga|okenn|ningun[ao]?|nadie|sin)\b", re.IGNORECASE
)
# As the gate of `share` reads texts: dates, years, hours and our own codes say nothing of how many.
_HARMLESS = re.compile(
    r"\b(?:19|20)\d{2}-(?:19|20)\d{2}\b|\d{4}-\d{2}(?:-\d{2})?(?:T[\d:.+Z-]*)?|\b\d{1,2}[/.]\d{1,2}[/.]\d{4}\b"
    r"|\b\d{1,2}[:h]\d{2}\b|\b(?:19|20)\d{2}\b|\b[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+\b"
)
_DIGITS = re.compile(r"\d[\d\s.,\u00a0\u202f]*")


def rounded(value: float) -> dict[str, str]:
    """The words in which a number of ours may be told in public, by language."""
    return dict(next(words for least, words in SIZES if value >= least))


def counted(text: str) -> tuple[str, ...]:
    """Digits of a public text that may be a count of ours: whatever is no date, year, hour or code."""
    return tuple(found.strip(" .,\u00a0\u202f\n") for found in _DIGITS.findall(_HARMLESS.sub(" ", text)))


def worded(texts: Texts) -> list[Problem]:
    """What is wrong in the words themselves, each problem at `texts.LANGUAGE.FIELD`.

    ALERT-030 (a word that blames or counts people as a flood), ALERT-031 (the danger is named as people who move),
    ALERT-032 (the protection action is one of control).
    """
    found = []
    for language, said in texts.items():
        for field in FIELDS:
            text, column = said.get(field, ""), f"texts.{language}.{field}"
            if match := _FORBIDDEN.search(text):
                found.append(problem("ALERT-030", column=column, word=match[0]))
        if match := _MOVING.search(said.get("event", "")):
            found.append(problem("ALERT-031", column=f"texts.{language}.event", word=match[0]))
        if word := _controlling(said.get("protection", "")):
            found.append(problem("ALERT-032", column=f"texts.{language}.protection", word=word))
    return found


def _controlling(text: str) -> str:
    """The first word of control that is not denied in its sentence: "nobody is turned back" protects."""
    for sentence in re.split(r"[.!?;]+", text):
        match = _ENFORCEMENT.search(sentence)
        if match and not _NEGATED.search(sentence[: match.start()]):
            return match[0]
    return ""
