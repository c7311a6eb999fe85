"""Does the order of pillars hang on the weights? Scores again under many weights.

The weights of indicators are a decision; others would have decided otherwise. Two families: `near_weights`
halves to doubles each of them, `any_weights` forgets them. Pillars are compared by their ranges: one stands
above another only where its lowest possible score is above the other's highest. Idea: stochastic acceptability,
R. Lahdelma and P. Salminen, "SMAA-2", Operations Research 49(3), 2001, section 2.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from pasaj.core.scoring.ranges import CLOSE, Range

if TYPE_CHECKING:
    from numpy.random import Generator


@dataclass(frozen=True, slots=True)
class Pair:
    """Two pillars: in which share of the draws the first is surely above the second, surely below, or neither.

    stated: `above`, `below` or `open` under the weights of the framework.
    """

    first: str
    second: str
    above: float
    below: float
    open: float
    stated: str


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """changed: share of draws in which at least one pair is not as under the stated weights.

    reversed: share in which at least one sure order turned round. best, worst: pillar -> share of draws in which
    no other is surely above it, or surely below it.
    """

    draws: int
    pairs: tuple[Pair, ...]
    changed: float
    reversed: float
    best: Mapping[str, float]
    worst: Mapping[str, float]


def near_weights(weights: Sequence[float], rng: "Generator", draws: int = 1000) -> Any:
    """Draws x indicators: each stated weight times a factor between 1/2 and 2, uniform on the logarithm."""
    import numpy as np  # noqa: PLC0415 - heavy

    factors = np.exp(rng.uniform(-np.log(2), np.log(2), (draws, len(weights))))
    return np.asarray(weights, dtype=float) * factors


def any_weights(indicators: int, rng: "Generator", draws: int = 1000) -> Any:
    """Draws x indicators: exponential weights, so that their shares within a pillar are uniform on the simplex."""
    return rng.exponential(size=(draws, indicators))


def sensitivity(
    ranges: Sequence[tuple[str, Range]], stated: Sequence[float], drawn: Any, pillars: Sequence[str]
) -> Sensitivity:
    """What the order of `pillars` (of two or more) does under weights.

    ranges: (pillar, country-wide range) of each indicator; stated: their weights; drawn: draws x indicators, from
    one of the two functions above. Pillars without an indicator are left out.
    Raises ValueError: lengths differ, a weight is negative, nothing was drawn.
    """
    import numpy as np  # noqa: PLC0415 - heavy

    drawn = np.asarray(drawn, dtype=float)
    if drawn.ndim != 2 or not len(drawn) or not len(ranges) == len(stated) == drawn.shape[1]:
        raise ValueError("Each indicator has one weight a draw.")
    if (drawn < 0).any() or min(stated, default=0) < 0:
        raise ValueError("A weight is never negative.")
    weights = np.vstack([np.asarray(stated, dtype=float), drawn])
    ends = {pillar: _ends([one for p, one in ranges if p == pillar], weights[:, _columns(ranges, pillar)])
            for pillar in pillars if _columns(ranges, pillar)}  # fmt: skip
    above = {(a, b): ends[a][0] > ends[b][1] + CLOSE for a in ends for b in ends if a != b}
    return _told(list(ends), above, len(drawn))


def _columns(ranges: Sequence[tuple[str, Range]], pillar: str) -> list[int]:
    return [at for at, (name, _one) in enumerate(ranges) if name == pillar]


def _ends(ranges: Sequence[Range], weights: Any) -> tuple[Any, Any]:
    """Lowest and highest mean for each row of weights; see `ranges.mean`."""
    low = _lowest([(one.low, one.optional) for one in ranges], weights)
    return low, -_lowest([(-one.high, one.optional) for one in ranges], weights)


def _lowest(values: Sequence[tuple[float, bool]], weights: Any) -> Any:
    import numpy as np  # noqa: PLC0415 - heavy

    must = [at for at, (_value, optional) in enumerate(values) if not optional]
    may = sorted((value, at) for at, (value, optional) in enumerate(values) if optional)
    total = weights[:, must].sum(axis=1)
    summed = weights[:, must] @ np.array([values[at][0] for at in must])
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.where(total > 0, summed / total, np.inf)
        for value, at in may:
            # An infinite mean (nothing taken yet) is above every value; weights of zero change nothing.
            take = (value < found) & (weights[:, at] > 0)
            total = np.where(take, total + weights[:, at], total)
            summed = np.where(take, summed + value * weights[:, at], summed)
            found = np.where(take, summed / total, found)
    return found


def _told(pillars: list[str], above: Mapping[tuple[str, str], Any], draws: int) -> Sensitivity:
    import numpy as np  # noqa: PLC0415 - heavy

    pairs = []
    changed, turned = np.zeros(draws, dtype=bool), np.zeros(draws, dtype=bool)
    for first, second in combinations(pillars, 2):
        up, down = above[first, second], above[second, first]
        stated = "above" if up[0] else "below" if down[0] else "open"
        changed |= (up[1:] != up[0]) | (down[1:] != down[0])
        turned |= (down[1:] & up[0]) | (up[1:] & down[0])
        shares = float(up[1:].mean()), float(down[1:].mean())
        pairs.append(Pair(first, second, *shares, float((~up[1:] & ~down[1:]).mean()), stated))
    beaten = {p: np.any([above[q, p][1:] for q in pillars if q != p], axis=0) for p in pillars}
    beats = {p: np.any([above[p, q][1:] for q in pillars if q != p], axis=0) for p in pillars}
    return Sensitivity(
        draws=draws,
        pairs=tuple(pairs),
        changed=float(changed.mean()),
        reversed=float(turned.mean()),
        best={p: float(1 - np.mean(beaten[p])) for p in pillars},
        worst={p: float(1 - np.mean(beats[p])) for p in pillars},
    )
