"""What every method does alike: refuse a control, and begin with an answer for nothing."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from pasaj.core.detect import TAILS, Detection, Law, Series
from pasaj.core.problems import Refused, problem


def require(controls: Mapping[str, Any], name: str, holds: object, allowed: str) -> None:
    """Refuse a control (DETECT-006) that does not hold."""
    if not holds:
        raise Refused(problem("DETECT-006", control=name, value=controls[name], allowed=allowed))


def whole(value: object) -> bool:
    """A whole number, and not a truth value."""
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def real(value: object) -> bool:
    """A number, and not a truth value."""
    return whole(value) or isinstance(value, float | np.floating)


def unknown(shape: tuple[int, ...], direction: str) -> Law:
    """A law of nothing yet; every number that is not told otherwise counts in full and as it is."""
    mean, alpha = np.full(shape, np.nan), np.full(shape, np.nan)
    return Law(mean, alpha, np.ones(shape), freedom=np.zeros(shape), tails=np.full(shape, TAILS[direction]))


def law_of(found: Detection) -> Law:
    """The law of a detection that has one."""
    assert found.law is not None
    return found.law


def empty(method: str, controls: Mapping[str, Any], series: Series, reason: str = "") -> Detection:
    """A detection that has not answered anything yet; `reason` stands everywhere until it does."""
    shape = (len(series.counts), series.stop - series.start)
    return Detection(
        method=method,
        controls=controls,
        expected=np.full(shape, np.nan),
        lower=np.full(shape, np.nan),
        upper=np.full(shape, np.nan),
        alarm=np.zeros(shape, dtype=np.bool_),
        p_value=np.full(shape, np.nan),
        trend_kept=np.zeros(shape, dtype=np.bool_),
        phi=np.full(shape, np.nan),
        reason=np.full(shape, reason, dtype=np.object_),
    )
