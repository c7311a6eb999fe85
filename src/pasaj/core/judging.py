"""Many series judged at once, each by the method that fits it, with the next method where the first has no answer.

The choice is core/chooser's, the methods are core/detect's; this only puts them together, so that detection, its replay
and the backtest cannot differ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pasaj.core import chooser, detect
from pasaj.core.chooser import Choice
from pasaj.core.detect import LAW, Law

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

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
) -> Answers:
    """Judge the columns `evaluate` of every series.

    `counts`: (n_series, n_time), NaN not reported. `times`: datetime64[D] (n_time,), first days of the periods.
    `cadence`: day, week or month. `settings`: one a series. `day_kinds`: (n_time,) kinds of days, for daily series.
    The methods see what lies before the first evaluated column and the column they judge; the choice rests on the
    whole history. Raises Refused (DETECT-001 to 006).
    """
    import numpy as np  # noqa: PLC0415 - only a run needs it

    start, stop, _step = evaluate.indices(counts.shape[1])
    shape = (len(counts), max(0, stop - start))
    facts = chooser.facts(counts, cadence)
    choices = tuple(
        chooser.choose(fact, override=one.method, sensitivity=one.sensitivity, always_from=one.always_from)
        for fact, one in zip(facts, settings, strict=True)
    )
    found = Answers(
        **{name: np.full(shape, np.nan) for name in NUMBERS},
        alarm=np.zeros(shape, dtype=bool),
        method=np.full(shape, "", dtype=object),
        reason=np.full(shape, "", dtype=object),
        choices=choices,
        controls={},
        law=Law(*(np.full(shape, np.nan) for _ in LAW)),
    )
    for choice, direction, rows in _groups(choices, settings):
        more = {"direction": direction, "day_kinds": day_kinds}
        _follow(found, choice, rows, (counts, times, slice(start, stop)), more)
    return found


def _groups(choices: Sequence[Choice], settings: Sequence[Settings]) -> list[tuple[Choice, str, list[int]]]:
    """The series that the same methods judge in the same direction, in the order of their first series."""
    groups: dict[tuple[str, str], tuple[Choice, str, list[int]]] = {}
    for row, (choice, one) in enumerate(zip(choices, settings, strict=True)):
        name = (repr([(method, sorted(controls.items())) for method, controls in choice.chain]), one.direction)
        groups.setdefault(name, (choice, one.direction, []))[2].append(row)
    return list(groups.values())


def _follow(
    found: Answers, choice: Choice, rows: Sequence[int], asked: tuple[Any, Any, slice], more: Mapping[str, Any]
) -> None:
    """Ask the methods of a choice one after the other, each about what the ones before had no answer for.

    Where none has one, the first method's reason is kept: it is the one that would have suited.
    """
    import numpy as np  # noqa: PLC0415

    counts, times, evaluate = asked
    here = np.asarray(rows)
    waiting = np.ones((len(rows), found.alarm.shape[1]), dtype=bool)
    for method, controls in choice.chain:
        left = np.flatnonzero(waiting.any(axis=1))
        if not left.size:
            return
        own = {name: value for name, value in more.items() if name in detect.find(method)[0].controls}
        one = detect.run(method, counts[here[left]], times, evaluate, **controls, **own)
        for at, row in enumerate(left):
            answered = waiting[row] & (one.reason[at] == "")
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
