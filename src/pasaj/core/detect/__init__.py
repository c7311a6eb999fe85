"""Detectors over many series at once: `run("ears", counts, times, slice(340, 400), variant="C2")`.

A method is a file of this folder with a `METHOD`; adding the file is all it takes to register it
(files that begin with `_` are shared parts, not methods). numpy is loaded by the first run, not by
importing this module, so that a page may read `METHODS` without it.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pasaj.core.problems import Refused, problem

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

METHODS: tuple[str, ...] = tuple(
    sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))
)


@dataclass(frozen=True, slots=True, eq=False)
class Law:
    """What the p-values of answers were read from; float arrays (n_series, n_evaluated), NaN without such an answer.

    Negative binomial counts of `mean` with variance mean + alpha · mean², in a `share` of the periods (none in the
    others); tails are read off Student's t with `freedom` degrees, 0: off the counts themselves. `tails`: 1 where the
    upper one counts, -1 the lower one, 2 twice the smaller. core/attained: which p-values there could have been.
    """

    mean: Floats
    alpha: Floats
    share: Floats
    freedom: Floats
    tails: Floats


LAW = ("mean", "alpha", "share", "freedom", "tails")
TAILS: Mapping[str, float] = {"up": 1.0, "down": -1.0, "both": 2.0}
"""Of `Law`, by the direction that a method watches."""


@dataclass(frozen=True, slots=True, eq=False)
class Detection:
    """The answers of one run; every array has the shape (n_series, n_evaluated).

    `expected`, `lower`, `upper`, `p_value` and `phi` (dispersion) are float and NaN where there is no
    answer or the method has none; `alarm` and `trend_kept` are bool. `reason` is an object array of
    text: "" where the method answered, else the code of a problem (DETECT-1xx) saying why it did not.
    `controls` are the settings the run used, defaults included. `statistic` is what the method holds
    against its threshold (float, NaN without an answer), None for methods that have none. `law`: what the
    p-values were read from, None where they could have been anything.
    """

    method: str
    controls: Mapping[str, Any]
    expected: Floats
    lower: Floats
    upper: Floats
    alarm: Bools
    p_value: Floats
    trend_kept: Bools
    phi: Floats
    reason: NDArray[np.object_]
    statistic: Floats | None = None
    law: Law | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """Checked input of a method: counts (n_series, n_time) float64, NaN missing; columns start..stop."""

    counts: Floats
    times: NDArray[Any]
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Method:
    """One detector: its controls with their defaults, named presets, and the function that runs it.

    `check` receives the completed controls and returns them ready to use, or raises `Refused`.
    """

    controls: Mapping[str, Any]
    check: Callable[[dict[str, Any]], dict[str, Any]]
    run: Callable[[Series, Mapping[str, Any]], Detection]
    presets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def find(name: str) -> tuple[Method, dict[str, Any]]:
    """The method called `name` and the controls its preset fixes: `ears_c2` is ears with variant C2.

    Raises Refused (DETECT-001) for a name that is neither.
    """
    base, _, preset = (name, "", "") if name in METHODS else name.rpartition("_")
    if base in METHODS:
        found: Method = import_module(f"{__name__}.{base}").METHOD
        if not preset:
            return found, {}
        if preset in found.presets:
            return found, dict(found.presets[preset])
    raise Refused(problem("DETECT-001", method=name, allowed=", ".join(names())))


def names() -> tuple[str, ...]:
    """Every name `run` takes: the methods and their presets."""
    found: list[str] = []
    for base in METHODS:
        found += [base, *(f"{base}_{preset}" for preset in find(base)[0].presets)]
    return tuple(found)


def settings(method: str, **controls: Any) -> Mapping[str, Any]:
    """The complete, checked controls a run would use. Raises Refused (DETECT-001, 005, 006)."""
    found, fixed = find(method)
    for control in controls:
        if control not in found.controls:
            allowed = ", ".join(found.controls)
            raise Refused(problem("DETECT-005", method=method, control=control, allowed=allowed))
    return MappingProxyType(found.check({**found.controls, **fixed, **controls}))


def run(method: str, counts: ArrayLike, times: ArrayLike, evaluate: slice, **controls: Any) -> Detection:
    """Evaluate the columns `evaluate` of every series by one method or preset.

    `counts`: (n_series, n_time), counts per period, NaN = not reported. `times`: n_time rising,
    evenly spaced whole numbers or dates (datetime64[D]; months and years may differ by their days).
    `evaluate`: a slice of the time axis with step 1. `controls`: those of the method, see its page in
    docs/methods. Raises Refused with DETECT-001 to 006; a series that cannot be answered is no error:
    see `Detection.reason`.
    """
    found, _ = find(method)
    ready = settings(method, **controls)
    return found.run(_series(counts, times, evaluate), ready)


def _series(counts: ArrayLike, times: ArrayLike, evaluate: slice) -> Series:
    import numpy as np  # noqa: PLC0415 - only a run needs it

    try:
        table = np.ascontiguousarray(counts, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise Refused(problem("DETECT-002", detail=str(error))) from error
    if table.ndim != 2 or np.ndim(counts) != 2:
        raise Refused(problem("DETECT-002", detail=f"counts have {np.ndim(counts)} dimensions, not 2"))
    bad = ~((table >= 0) & (table < np.inf) | np.isnan(table))
    if bad.any():
        row, column = (int(part) for part in np.argwhere(bad)[0])
        raise Refused(problem("DETECT-003", series=row, time=column))
    moments = _times(times, table.shape[1])
    if not isinstance(evaluate, slice) or evaluate.step not in (None, 1):
        raise Refused(problem("DETECT-002", detail="the part to evaluate is not a slice with step 1"))
    start, stop, _ = evaluate.indices(table.shape[1])
    return Series(table, moments, start, max(start, stop))


def _times(times: ArrayLike, length: int) -> NDArray[Any]:
    import numpy as np  # noqa: PLC0415 - only a run needs it

    moments = np.asarray(times)
    if moments.shape != (length,):
        raise Refused(problem("DETECT-002", detail=f"{moments.size} times for {length} columns"))
    dates = moments.dtype.kind == "M"
    if dates:
        moments = moments.astype("datetime64[D]")
    elif moments.dtype.kind not in "iu" and length:
        raise Refused(problem("DETECT-002", detail="times are neither whole numbers nor dates"))
    if dates and np.isnat(moments).any():
        raise Refused(problem("DETECT-004", detail="a date is missing"))
    steps = np.diff(moments.astype(np.int64))
    if not steps.size:
        return moments
    least, most = int(steps.min()), int(steps.max())
    if least < 1:
        raise Refused(problem("DETECT-004", detail=f"{moments[int(steps.argmin()) + 1]} is out of order"))
    # Months, quarters and years are not all of one length; anything shorter is.
    if most - least > (3 if dates and least >= 28 else 0):
        raise Refused(problem("DETECT-004", detail=f"there is a gap before {moments[int(steps.argmax()) + 1]}"))
    return moments
