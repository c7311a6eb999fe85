"""What is wrong with a question before anything is computed. Each mistake has option and criterion as its place."""

from collections import Counter
from collections.abc import Iterator
from math import isfinite

from pasaj.core.appraisal.shapes import Criterion, Question
from pasaj.core.appraisal.values import Judgements, Linear, Performance, Piecewise, ends, sound
from pasaj.core.appraisal.weights import Bounds, Order, Stated, Unknown
from pasaj.core.problems import Problem, problem


def check(question: Question) -> list[Problem]:
    """Every mistake. `file` is the code of the question, `column` the place: a criterion, or option and criterion.

    Codes: POLOPT-002, 003, 004 options; 004, 005, 014 criteria; 006 to 009 cells; 010 to 013 weights.
    """
    found = list(_options(question))
    by_code = {one.code: one for one in question.criteria}
    found += [problem("POLOPT-004", column=one, value=one) for one in _twice(one.code for one in question.criteria)]
    found += [
        problem("POLOPT-005", column=one.code, criterion=one.code) for one in question.criteria if not _usable(one)
    ]
    if not question.weighing():
        found.append(problem("POLOPT-014"))
    for (option, code), cell in question.cells.items():
        if option in question.options and code in by_code and sound(by_code[code].function):
            found += _cell(option, by_code[code], cell)
    found += _weights(question)
    return [one.at(question.code, None, one.column) for one in found]


def _options(question: Question) -> Iterator[Problem]:
    if len(question.options) < 2:
        yield problem("POLOPT-002")
    if question.status_quo not in question.options:
        yield problem("POLOPT-003")
    for one in _twice(question.options):
        yield problem("POLOPT-004", column=one, value=one)


def _twice(codes: Iterator[str] | tuple[str, ...]) -> list[str]:
    return [code for code, many in Counter(codes).items() if many > 1]


def _usable(criterion: Criterion) -> bool:
    if not sound(criterion.function):
        return False
    words = criterion.function.words if isinstance(criterion.function, Judgements) else ()
    return all(word in words for word in (*criterion.vetoes, *criterion.doubts))


def _cell(option: str, criterion: Criterion, cell: Performance) -> Iterator[Problem]:
    place = f"{option} / {criterion.code}"
    if isinstance(criterion.function, Judgements):
        if cell.value is not None and cell.value not in criterion.function.words:
            yield problem("POLOPT-006", column=place, value=cell.value, allowed=", ".join(criterion.function.words))
        return
    yield from _figures(place, criterion.function, cell)
    if (cell.low is None) != (cell.high is None) or (
        cell.low is not None and cell.high is not None and cell.low > cell.high
    ):
        yield problem("POLOPT-008", column=place)
    if cell.sigma is not None and (cell.value is None or not isfinite(cell.sigma) or cell.sigma < 0):
        yield problem("POLOPT-009", column=place)


def _figures(place: str, function: Linear | Piecewise, cell: Performance) -> Iterator[Problem]:
    low, high = ends(function)
    for one in (cell.value, cell.low, cell.high):
        if one is not None and (isinstance(one, str) or not low <= one <= high):
            yield problem("POLOPT-007", column=place, value=one, low=f"{low:g}", high=f"{high:g}")


def _weights(question: Question) -> Iterator[Problem]:
    codes = {one.code for one in question.weighing()}
    given = question.weights
    if isinstance(given, Unknown):
        return
    if isinstance(given, Order):
        yield from _order(codes, given)
        return
    known = given.weights if isinstance(given, Stated) else given.shares
    strange = sorted(set(known) - codes)
    if strange:
        yield problem("POLOPT-010", value=", ".join(strange))
    yield from _stated(codes, given) if isinstance(given, Stated) else _bounds(codes, given)


def _order(codes: set[str], given: Order) -> Iterator[Problem]:
    named = Counter(code for tier in given.tiers for code in tier)
    wrong = sorted((codes ^ set(named)) | {code for code, many in named.items() if many > 1})
    if wrong:
        yield problem("POLOPT-013", value=", ".join(wrong))


def _stated(codes: set[str], given: Stated) -> Iterator[Problem]:
    missing = sorted(codes - set(given.weights))
    if missing:
        yield problem("POLOPT-010", value=", ".join(missing))
    known = list(given.weights.values())
    if any(not isfinite(one) or one < 0 for one in known) or not any(known):
        yield problem("POLOPT-011")


def _bounds(codes: set[str], given: Bounds) -> Iterator[Problem]:
    shares = [given.shares.get(code, (0.0, 1.0)) for code in sorted(codes)]
    for code in sorted(codes & set(given.shares)):
        low, high = given.shares[code]
        if not 0 <= low <= high <= 1:
            yield problem("POLOPT-012", column=code)
            return
    if shares and (sum(low for low, _high in shares) > 1 or sum(high for _low, high in shares) < 1):
        yield problem("POLOPT-012")
