"""Many series judged at once, each by the method that fits it, with the next method where the first has no answer.

The choice is core/chooser's, the methods are core/detect's; this only puts them together, so that detection, its replay
and the backtest cannot differ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pasaj.core import chooser, detect
from pasaj.core.chooser import Choice, Facts
from pasaj.core.detect import LAW, Law

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from pasaj.core.neighbours import Completed

    Floats = NDArray[np.float64]

NUMBERS = ("expected", "lower", "upper", "p_value")


@dataclass(frozen=True, slots=True)
class Settings:
    """What a measure asks for: a method of its own (empty: the one that fits), how sensitive, and which direction.

    `always_from`: the count from which it warns whatever is usual; None: no such rule.
    """

    method: str = ""
    sensitivity: str = "balanced"
    direction: str = "both"
    always_from: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """Of shape (n_series, n_evaluated): numbers (NaN where there are none), `alarm`, `method` ("" without an answer),
    `reason` (code of a problem, "" with an answer). `choices`: one a series. `controls`: of the methods that answered,
    by series and method. `law`: what the p-values were read from, with NaN where they could have been anything.
    """

    expected: Floats
    lower: Floats
    upper: Floats
    p_value: Floats
    alarm: NDArray[np.bool_]
    method: NDArray[np.object_]
    reason: NDArray[np.object_]
    choices: tuple[Choice, ...]
    controls: dict[tuple[int, str], Mapping[str, Any]]
    law: Law


def judge(
    counts: Floats,
    times: NDArray[Any],
    evaluate: slice,
    *,
    cadence: str,
    settings: Sequence[Settings],
    day_kinds: Sequence[int] | None = None,
    lenders: Sequence[Floats | None] = (),
) -> Answers:
    """Judge the columns `evaluate` of every series.

    `counts`: (n_series, n_time), NaN not reported. `times`: datetime64[D] (n_time,), first days of the periods.
    `cadence`: day, week or month. `settings`: one a series. `day_kinds`: (n_time,) kinds of days, for daily series.
    The methods see what lies before the first evaluated column and the column they judge; the choice rests on the
    whole history. `lenders`: for each series the counts of its neighbours, (n, n_time), or None; one that has only
    begun borrows its past from them (core/neighbours); for what was borrowed no answer is given. Raises Refused
    (DETECT-001 to 006).
    """
    import numpy as np  # noqa: PLC0415 - only a run needs it

    start, stop, _step = evaluate.indices(counts.shape[1])
    shape = (len(counts), max(0, stop - start))
    facts = chooser.facts(counts, cadence)
    choices = [
        chooser.choose(fact, override=one.method, sensitivity=one.sensitivity, always_from=one.always_from)
        for fact, one in zip(facts, settings, strict=True)
    ]
    loans = _loans(counts, facts, choices, lenders, [one.sensitivity for one in settings])
    lent = counts.copy() if loans else counts
    for row, (choice, past) in loans.items():
        choices[row], lent[row] = choice, past.counts
    begun = {row: past.begun - start for row, (_choice, past) in loans.items()}
    found = Answers(
        **{name: np.full(shape, np.nan) for name in NUMBERS},
        alarm=np.zeros(shape, dtype=bool),
        method=np.full(shape, "", dtype=object),
        reason=np.full(shape, "", dtype=object),
        choices=tuple(choices),
        controls={},
        law=Law(*(np.full(shape, np.nan) for _ in LAW)),
    )
    for choice, direction, rows in _groups(choices, settings):
        more = {"direction": direction, "day_kinds": day_kinds}
        asked = _Asked(counts, lent, begun, times, slice(start, stop))
        _follow(found, choice, rows, asked, more)
    return found


def _loans(
    counts: Floats,
    facts: Sequence[Facts],
    choices: Sequence[Choice],
    lenders: Sequence[Floats | None],
    sensitivities: Sequence[str],
) -> dict[int, tuple[Choice, Completed]]:
    """The series that have only begun, with the method for them and their borrowed past."""
    from pasaj.core.neighbours import completed  # noqa: PLC0415 - loads the numerical library

    found = {}
    for row, neighbours in enumerate(lenders):
        if neighbours is None or choices[row].code not in {"new", "short"} or not chooser.young(facts[row]):
            continue
        past = completed(counts[row], neighbours)
        if past is None:
            continue
        (lent,) = chooser.facts(past.counts[None], facts[row].cadence)
        number = len(past.neighbours)
        choice = chooser.borrowed(facts[row], lent, number, sensitivity=sensitivities[row])
        if choice is not None:
            found[row] = choice, past
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """What is asked: counts as reported, the same with what was borrowed (`lent`), and from which evaluated column on
    the counts of a series with a borrowed past are its own (`begun`).
    """

    counts: Floats
    lent: Floats
    begun: Mapping[int, int]
    times: NDArray[Any]
    evaluate: slice


def _groups(choices: Sequence[Choice], settings: Sequence[Settings]) -> list[tuple[Choice, str, list[int]]]:
    """The series that the same methods judge in the same direction, in the order of their first series."""
    groups: dict[tuple[str, str], tuple[Choice, str, list[int]]] = {}
    for row, (choice, one) in enumerate(zip(choices, settings, strict=True)):
        name = (repr([(method, sorted(controls.items())) for method, controls in choice.chain]), one.direction)
        groups.setdefault(name, (choice, one.direction, []))[2].append(row)
    return list(groups.values())


def _follow(found: Answers, choice: Choice, rows: Sequence[int], asked: _Asked, more: Mapping[str, Any]) -> None:
    """Ask the methods of a choice one after the other, each about what the ones before had no answer for.

    Where none has one, the first method's reason is kept: it is the one that would have suited. Only the first one sees
    what was borrowed.
    """
    import numpy as np  # noqa: PLC0415

    here = np.asarray(rows)
    waiting = np.ones((len(rows), found.alarm.shape[1]), dtype=bool)
    for turn, (method, controls) in enumerate(choice.chain):
        left = np.flatnonzero(waiting.any(axis=1))
        if not left.size:
            return
        own = {name: value for name, value in more.items() if name in detect.find(method)[0].controls}
        table = asked.counts if turn else asked.lent
        one = detect.run(method, table[here[left]], asked.times, asked.evaluate, **controls, **own)
        for at, row in enumerate(left):
            answered = waiting[row] & (one.reason[at] == "")
            answered[: max(0, asked.begun.get(int(here[row]), 0))] = False
            _take(found, here[row], at, answered, (method, one))
            unasked = waiting[row] & ~answered & (found.reason[here[row]] == "")
            found.reason[here[row], unasked] = one.reason[at, unasked]
            waiting[row] &= ~answered


def _take(found: Answers, row: Any, at: int, answered: Any, one: tuple[str, detect.Detection]) -> None:
    """Write one method's answers for one series into the whole."""
    method, told = one
    if not answered.any():
        return
    for name in NUMBERS:
        getattr(found, name)[row, answered] = getattr(told, name)[at, answered]
    if told.law is not None:
        for name in LAW:
            getattr(found.law, name)[row, answered] = getattr(told.law, name)[at, answered]
    found.alarm[row, answered] = told.alarm[at, answered]
    found.method[row, answered] = method
    found.reason[row, answered] = ""
    kept = {name: value for name, value in told.controls.items() if name != "day_kinds"}
    found.controls[int(row), method] = kept
