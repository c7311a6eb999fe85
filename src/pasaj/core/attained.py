"""Which p-values an answer could have had: what discrete false-discovery control needs to know of each of them.

Where 0.1 cases are usual, one case has the p-value 0.095, and nothing lies between that and 1: such an answer can
hardly be small by chance, and the others need not pay for it (core/falsealerts). What a method read its p-value from
(`detect.Law`) is kept beside the answer as five numbers, from which the list is made again when many are weighed
together. Sources of the laws are on the pages of the methods; the use is that of Heyse (2011) and of Döhler, Durand,
Roquain (2018), see falsealerts.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from pasaj.core.detect import LAW, Law
from pasaj.core.detect._negbin import at_least, at_most
from pasaj.core.falsealerts import Support

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

FINE = 40.0  # a spread from which neighbouring counts have nearly the same p-values: as good as continuous
LEAST = 1e-9  # p-values below are not told apart: they count as themselves


def kept(law: Law, row: int, column: int) -> list[float] | None:
    """What to keep of one answer: its numbers of `law`; None where its p-value could have been anything, or nearly."""
    numbers = [float(getattr(law, name)[row, column]) for name in LAW]
    mean, alpha = numbers[:2]
    return numbers if mean > 0 and mean + alpha * mean * mean < FINE**2 else None


def support(answers: Sequence[Sequence[float] | None]) -> Support:
    """The p-values each answer could have had, as `falsealerts.adjust` takes them. `answers`: as `kept` gives them."""
    continuous = np.array([one is None for one in answers], dtype=bool)
    owners = np.flatnonzero(~continuous)
    numbers = np.array([one for one in answers if one is not None], dtype=np.float64).reshape(-1, len(LAW)).T
    tails = numbers[-1]
    sides = [_side(numbers, np.flatnonzero(tails != -1), rising=True)]
    sides.append(_side(numbers, np.flatnonzero(tails != 1), rising=False))
    value, step, place = (np.concatenate(parts) for parts in zip(*sides, strict=True))
    order = np.lexsort((value, place))
    value, step, place = value[order], step[order], place[order]
    # The chances of both tails together, added up within each answer.
    total = np.cumsum(step)
    first = np.flatnonzero(np.diff(place, prepend=-1))
    before = np.repeat(total[first] - step[first], np.diff(np.append(first, len(place))))
    return Support(value, owners[place], continuous, np.minimum(value, total - before))


def _side(numbers: Floats, chosen: Places, *, rising: bool) -> tuple[Floats, Floats, Places]:
    """Of one tail of the `chosen` answers: the p-value of every count there could be, the chance of that count, whose.

    `numbers`: (5, n). The chance of the rarest count told apart is that of all beyond it, too.
    """
    mean, alpha = numbers[:2, chosen]
    length = (_last(mean, alpha) + 1).astype(np.intp)
    place = np.repeat(chosen, length)
    count = (np.arange(len(place)) - np.repeat(np.cumsum(length) - length, length)).astype(np.float64)
    own = numbers[:, place]
    tail = _tail(count, own, rising=rising)
    rarer = _tail(count + (1 if rising else -1), own, rising=rising)
    step = np.where(rarer < LEAST, tail, tail - rarer)
    value = np.minimum(1.0, np.abs(own[-1]) * tail)
    some = tail >= LEAST
    return value[some], step[some], place[some]


def _last(mean: Floats, alpha: Floats) -> Floats:
    """A count so high that nearly nothing lies beyond."""
    last: Floats = np.ceil(mean + 4 * np.sqrt(mean + alpha * mean * mean) + 4)
    while (short := at_least(last, mean, alpha) > LEAST).any():
        last = np.where(short, 2 * last, last)
    return last


def _tail(count: Floats, numbers: Floats, *, rising: bool) -> Floats:
    """One-sided p-values as the methods read them."""
    mean, alpha, share, freedom, _tails = numbers
    # A quiet period has no counts: all of it lies in the upper tail of zero.
    upper = np.where(count > 0, share * at_least(count, mean, alpha), 1.0)
    tail: Floats = upper if rising else at_most(count, mean, alpha)
    rough = freedom > 0
    tail[rough] = stats.t.cdf(special.ndtri(tail[rough]), freedom[rough])
    return tail
