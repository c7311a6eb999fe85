"""Whether the text says what the plan says: clauses, languages, references, terms, numbers, comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pasaj.core.policy.coherence.kind import Breach, Rule, at, error, note, warning
from pasaj.core.policy.shapes import Action, Indicator, Measure, Objective, Problem
from pasaj.core.policy.view import Clause, Reference, View

_MONTHS = (
    "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre|janvye|fevriye|avril|me|jen|"
    "jiyè|out|septanm|oktòb|novanm|desanm|january|february|march|april|may|june|july|august|september|october|november|"
    "december|enero|febrero|marzo|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"
)
_SPANS = (
    r"h|heures?|jours?|mois|semaines?|ans?|années?|minutes?|è|èdtan|jou|mwa|semèn|ane|minit|hours?|days?|weeks?|months?|"
    r"years?|horas?|días?|semanas?|mes(?:es)?|años?|minutos?"
)
HARMLESS = re.compile(
    r"\{\{[^{}]*\}\}"  # a live reference
    r"|\b\d{4}-\d{2}(?:-\d{2})?\b|\d{1,2}[/.]\d{1,2}[/.]\d{4}|\d{1,2}[:h]\d{2}"  # dates and hours of the day
    r"|\b(?:19|20)\d{2}(?:\s*[-–]\s*(?:19|20)\d{2})?\b"  # years
    rf"|\d{{1,2}}(?:er)?\s+(?:de\s+)?(?:{_MONTHS})\b"
    rf"|\d+(?:\s*[-–]\s*\d+)?\s*(?:{_SPANS})\b"  # how long: what the policy demands, no figure
    r"|(?:articles?|atik|art[íi]culos?|art\.|n[°ºo]\.?|annexes?|anèks|anexos?|chap\w*|cap\w*|§)\s*\d+(?:[.-]\d+)*"
    r"|\d+(?:er|re|e|è|ème|st|nd|rd|th|[ºª°])\b"  # ordinals
    r"|\b[A-Z][A-Z0-9]*(?:-[A-Za-z0-9]+(?:\.[A-Za-z0-9]+)*)+"  # our own codes
    r"|(?m:^)\s*\d+[.)]\s",  # numbered lists
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f ]\d{3})*(?:[.,]\d+)?")
_TO_FILL_IN = re.compile(r"\[[^\[\]\n]{8,}? [^\[\]\n]+\](?!\()")  # some words in square brackets that are no link
OPEN_STATES = ("draft", "open")


def bare_numbers(text: str) -> tuple[str, ...]:
    """The numbers of a text that are typed and not bound: no dates, spans of time, ordinals, references or codes."""
    return tuple(found[0] for found in _NUMBER.finditer(HARMLESS.sub(" · ", text)))


def measure_without_clause(view: View) -> Iterator[Breach]:
    """C50: a clause realises each measure. Without any clause, the next rule but one says so."""
    for one in view.policy.measures:
        if view.clauses and one.code not in view.realised_by:
            yield at("COH-501", one.code, "clauses", view.policy.code)


def measure_in_two_clauses(view: View) -> Iterator[Breach]:
    """C50: and no more than one."""
    for one in view.policy.measures:
        clauses = view.realised_by.get(one.code, ())
        if len(clauses) > 1:
            codes = ", ".join(clause.code for clause in clauses)
            yield at("COH-502", one.code, "clause", clauses[1].code, clauses=codes)


def clause_without_language(view: View) -> Iterator[Breach]:
    """C50: a clause stands in every language of the policy. Without its own, another rule says so."""
    for one in _speaking(view):
        missing = [language for language in view.policy.languages if not one.texts.get(language, "").strip()]
        if missing and one.source not in missing:
            yield at("COH-503", one.code, "clause", languages=", ".join(missing))


def translation_stale(view: View) -> Iterator[Breach]:
    """C50: and its translations are of the text that stands."""
    for one in _speaking(view):
        stale = [language for language in one.stale if language in view.policy.languages]
        if stale:
            yield at("COH-504", one.code, "clause", languages=", ".join(stale))


def realises_nothing(view: View) -> Iterator[Breach]:
    """C50: what a clause realises stands."""
    for one in view.clauses:
        for code in one.realises:
            if code not in view.measures and code not in view.objectives:
                yield at("COH-505", one.code, "clause", realised=code)


def statement_without_language(view: View) -> Iterator[Breach]:
    """Added to C50: statements, which the annexes print, stand in every language."""
    plan = view.policy
    told: list[Problem | Objective | Measure | Action | Indicator] = [*plan.problems, *plan.objectives, *plan.measures]
    told += [*view.actions.values(), *plan.indicators]
    for one in told:
        missing = [language for language in plan.languages if not one.text.get(language, "").strip()]
        if missing:
            yield at("COH-506", one.code, languages=", ".join(missing))


def no_document(view: View) -> Iterator[Breach]:
    """Added to C50: there is a text."""
    if not view.clauses and view.policy.measures:
        yield at("COH-507", view.policy.code, "clauses")


def clause_empty(view: View) -> Iterator[Breach]:
    """Added to C50: a clause says something in its own language."""
    for one in _speaking(view):
        if not one.texts.get(one.source, "").strip():
            yield at("COH-508", one.code, "clause", language=one.source)


def place_to_fill_in(view: View) -> Iterator[Breach]:
    """Added to C50: nothing is left of what the template asks for in square brackets."""
    for one in _speaking(view):
        texts = (one.texts.get(language, "") for language in dict.fromkeys((one.source, *view.policy.languages)))
        places = next((found for text in texts if (found := _TO_FILL_IN.findall(text))), [])
        if places:
            yield at("COH-509", one.code, "clause", place=places[0])


def _speaking(view: View) -> Iterator[Clause]:
    return (one for one in view.clauses if one.speaks)


def term_unused(view: View) -> Iterator[Breach]:
    """C51: a term that is defined is used. Without any clause, C50 says so."""
    if not view.clauses:
        return
    used = {reference.code for one in view.clauses for reference in one.references if reference.kind == "term"}
    texts = {
        language: "\n".join(one.texts.get(language, "") for one in view.clauses).casefold()
        for language in view.policy.languages
    }
    for code, names in view.terms.items():
        spoken = any(name.strip() and name.casefold() in texts.get(language, "") for language, name in names.items())
        if code not in used and not spoken:
            yield at("COH-511", view.policy.code, "terms", term=code)


def _lost(view: View) -> Iterator[tuple[Clause, Reference]]:
    return ((one, reference) for one in view.clauses for reference in one.references if not reference.known)


def term_undefined(view: View) -> Iterator[Breach]:
    """C51: a term that is used is defined."""
    for one, reference in _lost(view):
        if reference.kind == "term":
            yield at("COH-512", one.code, "terms", view.policy.code, term=reference.code)


def number_typed(view: View) -> Iterator[Breach]:
    """C52: numbers in a text are live references."""
    for one in _speaking(view):
        numbers = bare_numbers(one.texts.get(one.source, ""))
        if numbers:
            yield at("COH-521", one.code, "clause", numbers=", ".join(dict.fromkeys(numbers)))


def reference_lost(view: View) -> Iterator[Breach]:
    """C52: and what they refer to is there."""
    for one, reference in _lost(view):
        if reference.kind not in ("term", "clause"):
            yield at("COH-522", one.code, "clause", reference=f"{reference.kind}:{reference.code}")


def cross_reference_lost(view: View) -> Iterator[Breach]:
    """C53: a clause that another refers to is there."""
    for one, reference in _lost(view):
        if reference.kind == "clause":
            yield at("COH-531", one.code, "clause", reference=reference.code)


def comment_unanswered(view: View) -> Iterator[Breach]:
    """C54: every comment of a closed round has an answer."""
    for one in view.consultations:
        if one.state not in OPEN_STATES and one.undisposed:
            values: dict[str, Any] = {"count": len(one.undisposed), "comment": one.undisposed[0]}
            yield at("COH-541", one.code, "consultation", **values)


def round_open(view: View) -> Iterator[Breach]:
    """C54: a round that is still open is told."""
    for one in view.consultations:
        if one.state in OPEN_STATES:
            yield at("COH-542", one.code, "consultation")


RULES: tuple[Rule, ...] = (
    error("COH-501", "text", measure_without_clause),
    error("COH-502", "text", measure_in_two_clauses),
    error("COH-503", "text", clause_without_language),
    error("COH-504", "text", translation_stale),
    error("COH-505", "text", realises_nothing),
    warning("COH-506", "text", statement_without_language),
    error("COH-507", "text", no_document),
    error("COH-508", "text", clause_empty),
    warning("COH-509", "text", place_to_fill_in),
    note("COH-511", "text", term_unused),
    error("COH-512", "text", term_undefined),
    warning("COH-521", "text", number_typed),
    error("COH-522", "text", reference_lost),
    error("COH-531", "text", cross_reference_lost),
    error("COH-541", "text", comment_unanswered),
    warning("COH-542", "text", round_open),
)
