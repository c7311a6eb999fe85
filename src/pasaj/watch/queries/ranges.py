"""Which methods a home runs, with which settings, and what they make of a series."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pasaj.core import usual as core
from pasaj.core.usual import Usual

AUTO = "auto"  # the method that fits each series (core/chooser)
METHODS = (AUTO,)
FALSE_DISCOVERIES = 0.1  # share of false signals among those of one period that is accepted
# Two gaps in a week must not silence a method, and a first single case after days of zero is no alarm by itself.
CONTROLS: Mapping[str, Any] = {"baseline": 7, "min_baseline": 5, "min_sigma": 0.5, "alpha": 0.001}
LAGS = {"ears_c1": 1, "ears_c2": 3, "ears_c3": 3}


def methods(detect: Mapping[str, Any]) -> tuple[str, ...]:
    """The methods a home runs (`[detect] methods` of its pack)."""
    return tuple(detect.get("methods") or METHODS)


def false_discoveries(detect: Mapping[str, Any]) -> float:
    """The share of false signals among those of one period that a home accepts (`[detect] false_discoveries`)."""
    return float(detect.get("false_discoveries") or FALSE_DISCOVERIES)


def usual(values: Sequence[float | None], detect: Mapping[str, Any]) -> list[Usual | None]:
    """The usual range of every value, as the home's first method sees it."""
    return core.usual(values, lag=LAGS.get(methods(detect)[0], 3), **CONTROLS)
