"""Rights impact is a veto: an option that violates a right is not made good by any advantage.

A vetoed option stands in no order, so that it can neither be first nor shift the places of others; it is shown as
vetoed, with its reason. Not compensable in the sense of B. Roy, "The outranking approach and the foundations of
ELECTRE methods", Theory and Decision 31, 1991, section 4 (veto thresholds).
"""

from dataclasses import dataclass

from pasaj.core.appraisal.shapes import Question


@dataclass(frozen=True, slots=True)
class Veto:
    """An option, the criterion that rules it out, and the word of its judgement."""

    option: str
    criterion: str
    word: str


def vetoes(question: Question) -> tuple[Veto, ...]:
    """Every veto, in the order of options and criteria."""
    return tuple(
        Veto(option, one.code, word)
        for option in question.options
        for one in question.criteria
        for word in one.vetoes
        if question.cell(option, one.code).value == word
    )


def doubts(question: Question) -> tuple[Veto, ...]:
    """Every judgement that comes near a veto, in the order of options and criteria."""
    return tuple(
        Veto(option, one.code, word)
        for option in question.options
        for one in question.criteria
        for word in one.doubts
        if question.cell(option, one.code).value == word
    )


def unjudged(question: Question) -> tuple[tuple[str, str], ...]:
    """(option, criterion) that could veto and that nobody has judged yet: nothing is known, and nothing is allowed."""
    return tuple(
        (option, one.code)
        for option in question.options
        for one in question.criteria
        if one.vetoes and question.cell(option, one.code).value is None
    )


def admissible(question: Question) -> tuple[str, ...]:
    """The options without a veto, in their order."""
    out = {one.option for one in vetoes(question)}
    return tuple(one for one in question.options if one not in out)
