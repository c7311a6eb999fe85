"""What the counts of the last periods will be once all reports are in: a nowcast by chain ladder.

Sources: Mack (1993), Distribution-free calculation of the standard error of chain ladder reserve
estimates, ASTIN Bull 23, 213-225, section 2 (the ladder); the uncertainty from the errors that the same
method would have made on earlier days, as in Wolffram et al. (2023), Collaborative nowcasting of COVID-19
hospitalization incidences in Germany, PLoS Comput Biol 19(8):e1011394 (its simple baseline). How few
reports are weighed against the usual level is the Gamma-Poisson rule, derived in docs/methods/nowcast.md.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from pasaj.core.problems import Refused, problem

Floats = NDArray[np.float64]
Whole = NDArray[np.intp]

YOUNG, UNREPORTED, UNKNOWN = "DETECT-133", "DETECT-134", "DETECT-135"
COMPLETE = 3  # complete rows without which no delays are estimated
USUAL = 60  # rows the delays are estimated from
FEW = 10  # still to come: the shortest interval, not equal tails
LEAST = 10  # earlier errors without which there is no interval


@dataclass(frozen=True, slots=True, eq=False)
class Nowcast:
    """One value a row of the triangle, (n_time,); `proportion` (max_delay + 1,) by delay.

    `reported`: what is known so far. `estimate`, `lower`, `upper`: the final count and its interval; the
    count itself where the row is complete, NaN where there is no answer. `reason`: "" or the code of a
    problem (DETECT-133 to 135). `proportion`: share of the final count that is in after each delay, NaN
    if unknown. `spread`: how far earlier errors went beyond chance, by delay (relative standard deviation).
    """

    reported: Floats
    estimate: Floats
    lower: Floats
    upper: Floats
    reason: NDArray[np.object_]
    proportion: Floats
    spread: Floats


def complete(
    triangle: ArrayLike,
    *,
    interval: float = 0.9,
    window: int | None = None,
    errors: int = 60,
    skipped: ArrayLike | None = None,
) -> Nowcast:
    """Complete a reporting triangle.

    `triangle`: (n_time, max_delay + 1), row = period of the event, oldest first, column = delay in
    periods; each cell what was added (or taken back: below zero) with that delay. NaN = not yet
    observable: every row knows one delay more than the row after it. `interval`: its probability (0 to 1).
    `window`: rows the delays are estimated from (default 60, or twice the delays). `errors`: how many earlier
    days are tried for the interval. `skipped`: (n_time,) rows that say nothing about delays, such as days of which
    nothing was reported: they are completed like the others, but nothing is learnt from them. Raises Refused
    (DETECT-147, 148).
    """
    table, today = _checked(triangle)
    used = np.ones(len(table), dtype=bool) if skipped is None else ~np.asarray(skipped, dtype=bool)
    if used.shape != (len(table),):
        raise Refused(problem("DETECT-147", detail=f"{used.size} rows are skipped or not, of {len(table)}"))
    delays = table.shape[1] - 1
    rows = max(USUAL, 2 * (delays + 1)) if window is None else window
    for name, value, fine, allowed in (
        ("interval", interval, 0 < interval < 1, "more than 0, less than 1"),
        ("window", rows, rows > delays + COMPLETE - 1, f"{delays + COMPLETE} or more"),
        ("errors", errors, errors >= LEAST, f"{LEAST} or more"),
    ):
        if not fine:
            raise Refused(problem("DETECT-148", setting=name, value=value, allowed=allowed))
    ladder = _Ladder(table, today, rows, used)
    signed = bool((table[used] < 0).any())
    known = np.minimum(today - np.arange(len(table)), delays)
    reported = np.where(known >= 0, ladder.total[np.arange(len(table)), np.maximum(known, 0)], np.nan)
    done = known == delays
    final = np.where(done, reported, np.nan)
    reason = np.full(len(table), "", dtype=np.object_)
    reason[known < 0] = UNKNOWN
    proportion, level, number = ladder.at(np.array([today]))
    found = Nowcast(reported, final, final.copy(), final.copy(), reason, proportion[0], np.full(delays + 1, np.nan))
    silent = YOUNG if number[0] < COMPLETE else UNREPORTED if not level[0] > 0 else ""
    if silent:
        found.proportion[:] = np.nan
    for row in np.flatnonzero(~done & (known >= 0)):
        past = None if silent else _past(ladder, int(known[row]), errors)
        if past is None or len(past.miss) < LEAST:
            reason[row] = silent or YOUNG
            continue
        more, doubt = (float(part) for part in _remaining(reported[row], proportion[0, known[row]], level[0]))
        found.spread[known[row]] = math.sqrt(past.spread()[1])
        edges = past.signed(reported[row], more, interval) if signed else past.counts(more, doubt, interval)
        found.estimate[row] = max(0.0, reported[row] + more)
        found.lower[row], found.upper[row] = (max(0.0, reported[row] + edge) for edge in edges)
    return found


def _checked(triangle: ArrayLike) -> tuple[Floats, int]:
    """The table, and the day it is of: row i knows the delays up to (day - i)."""
    try:
        table = np.asarray(triangle, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise Refused(problem("DETECT-147", detail=str(error))) from error
    if table.ndim != 2 or not table.size:
        raise Refused(problem("DETECT-147", detail=f"the shape is {table.shape}"))
    if np.isinf(table).any():
        raise Refused(problem("DETECT-147", detail="a number is not finite"))
    known = (~np.isnan(table)).sum(axis=1)
    rows = np.arange(len(table))
    open_ended = known < table.shape[1]
    today = int((rows + known - 1)[open_ended & (known > 0)].max(initial=-1))
    if today < 0:  # no row is half known: all are complete, or the rest is still to come
        today = int((rows + known - 1)[~open_ended].max(initial=-1))
    expected = np.clip(today + 1 - rows, 0, table.shape[1])
    expected_cells = np.arange(table.shape[1]) < expected[:, None]
    wrong = (expected_cells != ~np.isnan(table)).any(axis=1)
    if wrong.any():
        raise Refused(problem("DETECT-147", detail=f"row {int(wrong.argmax())} knows {known[wrong.argmax()]} delays"))
    return table, today


def _remaining(reported: Floats, proportion: Floats, level: Floats) -> tuple[Floats, Floats]:
    """What is still to come, and the variance that not knowing the level adds to its own.

    The level of a row is unknown: before any report an exponential distribution about the usual level,
    which weighs as much as one case. With many reports this is the ladder, reported · (1 - p) / p.
    """
    slope = (1 - proportion) / (1 / level + proportion)
    more = slope * (reported + 1)
    return more, more * slope


class _Ladder:
    """Delays, and the usual level, as they would have been estimated on any day."""

    def __init__(self, table: Floats, latest: int, window: int, used: NDArray[np.bool_]) -> None:
        self.total = np.nan_to_num(table).cumsum(axis=1)
        self.latest, self.window, self.used = latest, window, used
        learnt = np.where(used[:, None], self.total, 0.0)
        self.sums = np.concatenate([np.zeros((1, table.shape[1])), learnt.cumsum(axis=0)])
        self.rows = np.concatenate([[0], used.cumsum()])

    def at(self, days: Whole) -> tuple[Floats, Floats, Whole]:
        """For each day: share reported by delay, mean of the complete rows, and their number."""
        delays = self.total.shape[1] - 1
        last = np.clip(days[:, None] + 1 - np.arange(delays + 1), 0, len(self.total))
        first = np.minimum(np.clip(days[:, None] + 1 - self.window, 0, None), last)
        place = np.arange(delays + 1)
        seen = self.sums[last, place] - self.sums[first, place]
        before = self.sums[last[:, 1:], place[:-1]] - self.sums[first[:, 1:], place[:-1]]
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.where(seen[:, 1:] > 0, np.maximum(before, 0) / seen[:, 1:], 1.0)
            number = self.rows[last[:, -1]] - self.rows[first[:, -1]]
            level = seen[:, -1] / number
        share = np.ones((len(days), delays + 1))
        share[:, :-1] = ratio[:, ::-1].cumprod(axis=1)[:, ::-1]
        return share, level, number


@dataclass(frozen=True, slots=True, eq=False)
class _Past:
    """Earlier nowcasts of one delay: final minus estimate, what was expected to come, the variance that
    not knowing the level adds to it, and the final count expected (1 at least).
    """

    miss: Floats
    more: Floats
    doubt: Floats
    final: Floats

    def spread(self) -> tuple[float, float]:
        """How much of the doubt the errors show (0 to 1), and the relative variance beyond it; by moments."""
        beyond = float((self.miss**2 - self.more).sum())
        doubt, squares = float(self.doubt.sum()), float((self.more**2).sum())
        shown = min(1.0, max(0.0, beyond / doubt)) if doubt else 0.0
        return shown, max(0.0, (beyond - doubt) / squares) if squares else 0.0

    def counts(self, more: float, doubt: float, interval: float) -> tuple[float, float]:
        """Interval of what is to come, if reports are only added: negative binomial."""
        if more <= 0:  # nothing ever came this late
            return 0.0, 0.0
        shown, beyond = self.spread()
        extra = max(shown * doubt + beyond * more**2, 1e-6 * more)
        law = stats.nbinom(more**2 / extra, more / (more + extra))
        low, high = (float(edge) for edge in law.ppf([(1 - interval) / 2, (1 + interval) / 2]))
        if high > FEW:
            return low, high
        # Few: equal tails would hold much more than asked, so the shortest interval, the lowest of equals.
        lows = np.arange(law.ppf(1 - interval) + 1)
        highs = law.ppf(np.minimum(law.cdf(lows - 1) + interval, law.cdf(high)))
        best = int((highs - lows).argmin())
        return float(lows[best]), float(highs[best])

    def signed(self, reported: float, more: float, interval: float) -> tuple[float, float]:
        """The same if reports are also taken back: Student's t with the mean square of earlier errors."""
        unit = math.sqrt(float((self.miss**2 / self.final).mean()) * max(1.0, reported + more))
        away = float(stats.t.ppf((1 + interval) / 2, len(self.miss))) * unit
        return more - away, more + away


def _past(ladder: _Ladder, delay: int, errors: int) -> _Past:
    """What the nowcasts of rows with this many delays known would have been, for rows complete by now."""
    last = min(len(ladder.total) - 1, ladder.latest - (ladder.total.shape[1] - 1))
    rows = np.arange(max(0, last + 1 - errors), last + 1)
    share, level, number = ladder.at(rows + delay)
    usable = (number >= COMPLETE) & (level > 0) & ladder.used[rows]
    rows, share, level = rows[usable], share[usable, delay], level[usable]
    reported, final = ladder.total[rows, delay], ladder.total[rows, -1]
    more, doubt = _remaining(reported, share, level)
    return _Past(final - reported - more, more, doubt, np.maximum(1.0, reported + more))
