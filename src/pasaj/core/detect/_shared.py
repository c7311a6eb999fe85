"""What every method does alike: refuse a control, and begin with an answer for nothing."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from pasaj.core.detect import Detection, Series
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
