"""Farrington flexible: this week against the same season of earlier years, with a trend where there is one.

Source: Noufaily, Enki, Farrington, Garthwaite, Andrews, Charlett (2013), An improved algorithm for outbreak
detection in multiple surveillance systems, Stat Med 32, 1206-1222; Farrington, Andrews, Beale, Catchpole (1996),
A statistical algorithm for the early detection of outbreaks of infectious disease, J R Stat Soc A 159, 547-563.
Agrees with R surveillance 1.20.3 (`farringtonFlexible`) in alarms, trend decisions and integer bounds; where R
stops with an error, a reason stands beside the week. docs/methods/farrington.md says when the method fails.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pasaj.core.detect import TAILS, Detection, Law, Method, Series, settings
from pasaj.core.detect import _series as checked
from pasaj.core.detect._farrington_bounds import POWERS, Bounds, bounds
from pasaj.core.detect._farrington_design import Design, Shape, design, shapes
from pasaj.core.detect._farrington_fit import Bools, Cells, Floats, paired, prepare, transforms
from pasaj.core.detect._farrington_model import estimate
from pasaj.core.detect._shared import empty, real, require, whole

METHODS = {"delta": "delta", "nbplugin": "nbPlugin", "muan": "muan"}
DIRECTIONS = ("up", "down", "both")
WIDTH = 768  # cells computed together: their work arrays stay in the cache

SHORT, MISSING = "DETECT-101", "DETECT-103"
SPARSE, FEW, HOLE, UNSETTLED, ENDLESS = "DETECT-110", "DETECT-111", "DETECT-112", "DETECT-113", "DETECT-114"


def check(controls: dict[str, Any]) -> dict[str, Any]:
    """Complete and check the controls. Raises Refused (DETECT-006)."""
    ready = dict(controls)
    method = str(ready["threshold_method"]).casefold()
    ready["threshold_method"] = METHODS.get(method, ready["threshold_method"])
    ready["direction"] = str(ready["direction"]).casefold()
    for name, allowed in (
        ("threshold_method", tuple(METHODS.values())),
        ("powertrans", tuple(POWERS)),
        ("direction", DIRECTIONS),
    ):
        require(ready, name, ready[name] in allowed, ", ".join(allowed))
    for name, least in (("b", 1), ("w", 0), ("no_periods", 1), ("past_weeks_not_included", 0), ("freq", 1)):
        require(ready, name, whole(ready[name]) and ready[name] >= least, f"a whole number from {least}")
    for name in ("reweight", "trend", "weeks_by_date"):
        require(ready, name, isinstance(ready[name], bool | np.bool_), "true or false")
        ready[name] = bool(ready[name])
    require(ready, "alpha", real(ready["alpha"]) and 0 < ready["alpha"] <= 0.5, "more than 0, at most 0.5")
    chance = ready["p_threshold_trend"]
    require(ready, "p_threshold_trend", real(chance) and 0 <= chance <= 1, "a number from 0 to 1")
    beyond = ready["weights_threshold"]
    require(ready, "weights_threshold", real(beyond) and 0 < beyond < np.inf, "more than 0")
    three = ready["three_weeks_threshold"]
    none = three is None
    require(ready, "three_weeks_threshold", none or (real(three) and 1 <= three < np.inf), "empty, or from 1")
    rounds = ready["weights_rounds"]
    require(ready, "weights_rounds", whole(rounds) and 1 <= rounds <= 5, "a whole number from 1 to 5")
    share = ready["min_share"]
    require(ready, "min_share", real(share) and 0 <= share <= 1, "a number from 0 to 1")
    ready["limit54"] = _limit(ready)
    return ready


def _limit(controls: Mapping[str, Any]) -> tuple[int, int]:
    pair = controls["limit54"]
    sequence = isinstance(pair, list | tuple | np.ndarray)
    holds = sequence and len(pair) == 2 and all(map(whole, pair)) and pair[0] >= 0 and pair[1] >= 1
    require(controls, "limit54", holds, "two whole numbers: cases (0 or more) and periods (1 or more)")
    return int(pair[0]), int(pair[1])


@dataclass(frozen=True, slots=True)
class _Batch:
    """Cells with one design: `rows` series (a slice) by `places` evaluated columns, in the order place, row."""

    rows: slice
    places: NDArray[np.int64]
    cells: Cells
    width: int  # cells that are asked for; a single one is there twice


def run(series: Series, controls: Mapping[str, Any]) -> Detection:
    """Evaluate all series, in blocks that fit the cache. Controls as `check` returns them.

    Raises Refused (DETECT-006) if weeks are to go by date and the times are no dates.
    """
    found = empty("farrington", controls, series, SHORT)
    if found.alarm.size:
        with np.errstate(all="ignore"):
            for batch in _batches(series, controls):
                _judge(series, batch, controls, found)
            return replace(found, law=_law(found))
    return found


def _law(found: Detection) -> Law | None:
    """The negative binomial counts of the plug-in; the other bounds rest on two means, or on none."""
    if found.controls["threshold_method"] != "nbPlugin":
        return None
    mean, shape = found.expected, found.expected.shape
    # Numbers that are the same for all answers take no room.
    same = (np.broadcast_to(number, shape) for number in (1.0, 0.0, TAILS[found.controls["direction"]]))
    return Law(mean, np.maximum(found.phi - 1, 0.0) / mean, *same)


def _batches(series: Series, controls: Mapping[str, Any]) -> Iterator[_Batch]:
    """Weeks that share a design are computed together, a few or many series at a time."""
    dated = series.times.dtype.kind == "M"
    require(controls, "weeks_by_date", dated or not controls["weeks_by_date"], "false where times are no dates")
    groups: dict[Shape, list[int]] = {}
    for place, shape in enumerate(shapes(series.times, series.start, series.stop, controls)):
        if shape is not None:
            groups.setdefault(shape, []).append(series.start + place)
    plans = [(design(shape, controls), np.array(places)) for shape, places in groups.items()]
    first = min((int(places[0]) - shape.reach for shape, places in groups.items()), default=0)
    number = len(series.counts)
    for top in range(0, number, WIDTH):
        rows = slice(top, min(number, top + WIDTH))
        table = np.array(series.counts[rows, first : series.stop].T, order="C")  # a copy even of one series
        missing = np.isnan(table)
        here = (~missing).astype(np.float64) if missing.any() else None
        table[missing] = 0.0
        tables = (table, *transforms(table))
        step = max(1, WIDTH // table.shape[1])
        for plan, places in plans:
            for begin in range(0, len(places), step):
                part = places[begin : begin + step]
                yield _batch(plan, rows, part, part - first, tables, here)


def _batch(
    plan: Design,
    rows: slice,
    places: NDArray[np.int64],
    at: NDArray[np.int64],
    tables: tuple[Floats, ...],
    here: Floats | None,
) -> _Batch:
    which = at - plan.back[:, None]
    width = len(at) * tables[0].shape[1]
    columns = paired(np.arange(width))

    def pick(table: Floats) -> Floats:
        picked: Floats = table[which].reshape(len(which), width)
        return picked if len(columns) == width else picked.take(columns, axis=1)

    counts, working, surplus, root = (pick(table) for table in tables)
    known = None if here is None else pick(here)
    if known is not None and known.all():
        known = None
    return _Batch(rows, places, prepare(plan, counts, known, (working, surplus, root)), width)


def _judge(series: Series, batch: _Batch, controls: Mapping[str, Any], found: Detection) -> None:
    """Bounds, alarms and reasons of a batch, written where they belong."""
    columns = batch.places - series.start

    def write(**arrays: NDArray[Any]) -> None:
        for name, values in arrays.items():
            getattr(found, name)[batch.rows, columns] = values

    today = series.counts[batch.rows][:, batch.places]
    if batch.cells.design.own < 0:
        write(reason=np.where(np.isnan(today), MISSING, SPARSE).astype(np.object_))
        return
    whole = estimate(batch.cells, controls)

    def shaped(values: NDArray[Any]) -> NDArray[Any]:
        return values[: batch.width].reshape(len(columns), -1).T

    mean, error, phi = shaped(whole.mean), shaped(whole.error), shaped(whole.phi)
    enough, settled = shaped(whole.enough), shaped(whole.settled)
    for values in (mean, error, phi):
        values[~(enough & settled)] = np.nan
    limits = bounds(mean, error, phi, today, controls)
    recent = _recent(series, batch, controls["limit54"][1])
    few, hole = recent < controls["limit54"][0], np.isnan(recent)
    direction = controls["direction"]
    upper = np.where(few | hole, np.nan, limits.upper)
    silent = np.isnan(upper) if direction == "up" else np.zeros_like(few)
    lower, mean = np.where(silent, np.nan, limits.lower), np.where(silent, np.nan, mean)
    above, below = (today > upper) & (today != 0), today < lower
    alarm = {"up": above, "down": below, "both": above | below}[direction]
    bound = {"up": upper, "down": lower, "both": np.where(few, lower, lower + limits.upper)}[direction]
    # A fall below its bound is an answer whatever is known of rises.
    states = enough, settled, hole & ~alarm & (direction != "down"), few & (direction == "up")
    write(
        expected=mean,
        lower=lower,
        upper=upper,
        alarm=alarm,
        p_value=_chance(limits, few | hole, direction),
        trend_kept=shaped(whole.kept),
        phi=phi,
        reason=_reasons(today, states, np.isnan(bound) & ~alarm),
    )


def _recent(series: Series, batch: _Batch, period: int) -> Floats:
    """Sum of the last `period` counts, the one judged included; NaN if one of them is missing."""
    counts = series.counts[batch.rows]
    total = np.zeros((len(counts), len(batch.places)))
    for back in range(min(period, int(batch.places.min()) + 1)):
        total += counts[:, batch.places - back]
    return total


def _chance(limits: Bounds, one_sided: Bools, direction: str) -> Floats:
    """How likely such a count is; for both directions twice the smaller tail, at most 1."""
    if direction == "up":
        return limits.rise
    if direction == "down":
        return limits.fall
    rise = np.where(one_sided | np.isnan(limits.rise), 1.0, limits.rise)
    both: Floats = np.minimum(1.0, 2 * np.minimum(rise, limits.fall))
    return both


def _reasons(today: Floats, states: tuple[Bools, Bools, Bools, Bools], endless: Bools) -> NDArray[np.object_]:
    """Why a week has no answer, "" where it has one; what stands further down goes before."""
    enough, settled, hole, few = states
    reason = np.full(today.shape, "", dtype=np.object_)
    for code, where in (
        (ENDLESS, endless),
        (FEW, few),
        (HOLE, hole),
        (UNSETTLED, ~settled),
        (SPARSE, ~enough),
        (MISSING, np.isnan(today)),
    ):
        reason[where] = code
    return reason


@dataclass(frozen=True, slots=True, eq=False)
class Baseline:
    """What one week was compared with: N earlier weeks in time order, none where there is no answer.

    `columns` (N): their places on the time axis. `season` (N): 1..no_periods. `same` (N): whether a week
    belongs to the season of the week judged. `weight` (N): 1 for an ordinary week, less for one of a past
    outbreak, 0 for one that was not reported. `fitted` (N): the count that the model says was usual then.
    """

    columns: NDArray[np.int64]
    season: NDArray[np.int64]
    same: Bools
    weight: Floats
    fitted: Floats


def baseline(counts: ArrayLike, times: ArrayLike, at: int, **controls: Any) -> Baseline:
    """The baseline of column `at` of one series: `counts` (n_time). Raises Refused as `run` of the package."""
    ready = settings("farrington", **controls)
    series = checked(np.asarray(counts)[None, :], times, slice(at, at + 1))
    with np.errstate(all="ignore"):
        for batch in _batches(series, ready):
            plan = batch.cells.design
            if plan.own < 0:
                break
            whole = estimate(batch.cells, ready)
            order = np.argsort(-plan.back)
            season = plan.season[plan.row][order]
            weight, fitted = whole.weights[order, 0], whole.fitted[order, 0]
            same = season == ready["no_periods"]
            return Baseline(at - plan.back[order], season, same, weight / weight.max(), fitted)
    whole_numbers, numbers = np.empty(0, dtype=np.int64), np.empty(0)
    return Baseline(whole_numbers, whole_numbers, np.empty(0, dtype=np.bool_), numbers, numbers)


METHOD = Method(
    controls={
        "b": 5,
        "w": 3,
        "no_periods": 10,
        "past_weeks_not_included": 26,
        "reweight": True,
        "weights_threshold": 2.58,
        "alpha": 0.01,
        "trend": True,
        "p_threshold_trend": 0.05,
        "limit54": (5, 4),
        "powertrans": "2/3",
        "threshold_method": "nbPlugin",
        "weeks_by_date": False,
        "freq": 52,
        "min_share": 0.0,
        "three_weeks_threshold": None,
        "weights_rounds": 1,
        "direction": "up",
    },
    check=check,
    run=run,
)
