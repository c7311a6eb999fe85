"""What an answer rests on, as a person checks it: the earlier figures compared with, and how rare the value is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pasaj.core.periods import Period
from pasaj.watch.services.detection.findings import finite, plain

SHOWN = 60  # earlier figures at most
SAME_DAY, WEEKS = 7, 8  # a daily series is shown beside the same weekday of so many weeks


def baseline(
    method: str, controls: Mapping[str, Any], values: Any, at: int, periods: Sequence[Period]
) -> dict[str, Any]:
    """`basis` (the rule in short: kind and numbers) and `baseline` (earlier periods with their figures).

    `values` (n_periods,), `at` the column that was judged.
    """
    kind, columns = _columns(method, controls, values, at)
    rows = [{"period": periods[column].text, "value": _value(values[column])} for column in columns if 0 <= column < at]
    return {"basis": {**kind, "number": len(rows)}, "baseline": rows[-SHOWN:]}


def _columns(method: str, controls: Mapping[str, Any], values: Any, at: int) -> tuple[dict[str, Any], list[int]]:
    base = method.partition("_")[0]
    if base == "farrington":
        freq, w = int(controls["freq"]), int(controls["w"])
        years = [year for year in range(int(controls["b"]), 0, -1) if at - year * freq >= 0]
        around = [
            [at - year * freq + step for step in range(-w, w + 1) if at - year * freq + step >= 0] for year in years
        ]
        # A year of which nothing was reported is not compared with.
        told = [columns for columns in around if any(_value(values[column]) is not None for column in columns)]
        return {"kind": "years", "years": len(told)}, [column for columns in told for column in columns]
    if base == "daily":
        return {"kind": "weekday"}, [at - SAME_DAY * week for week in range(WEEKS, 0, -1)]
    length = int(controls.get("baseline") or 7)
    gap = 0 if base != "ears" or controls.get("variant") == "C1" else 2
    return {"kind": "before", "gap": gap}, list(range(at - gap - length, at - gap))


def record(values: Any, at: int, periods: Sequence[Period]) -> dict[str, Any]:
    """Since when there was no value as high, or as low: the number of periods, and whether it is since the first.

    `values` (n_periods,), NaN where nothing was reported. Empty where the period itself was not reported.
    """
    import numpy as np  # noqa: PLC0415 - only a run needs it

    value = values[at]
    earlier = values[:at]
    reported = np.flatnonzero(~np.isnan(earlier))
    if np.isnan(value) or not reported.size:
        return {}
    found = {}
    for name, reached in (("highest", earlier >= value), ("lowest", earlier <= value)):
        last = np.flatnonzero(reached)
        since = int(last[-1]) if last.size else int(reported[0]) - 1
        found[name] = {"number": at - since - 1, "ever": not last.size, "since": periods[since + 1].text}
    return found


def _value(value: float) -> float | int | None:
    return plain(finite(value))
