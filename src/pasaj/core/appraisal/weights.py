"""What is known of the weights, and weights drawn from all that agree with it.

Weights are shares of one. Unknown: uniform on the simplex, by normalised exponentials. An order: the same draws,
sorted (uniform on the part of the simplex that keeps the order, by symmetry). Bounds: uniform on the part of the
simplex between them, by exchanges between random pairs of weights: A. Smith, "A Gibbs sampler on the n-simplex",
Annals of Applied Probability 24(1), 2014, which needs in the order of n log n exchanges. Why these three: T. Tervonen
and R. Lahdelma, "Implementing stochastic multicriteria acceptability analysis", EJOR 178(2), 2007.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.random import Generator

SWEEPS = 40
"""Exchanges of every weight with another, from one start: far more than n log n asks for 20 criteria."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody says anything: every weighting is as likely as every other."""


@dataclass(frozen=True, slots=True)
class Order:
    """Tiers of criteria: each one of an earlier tier weighs at least as much as each of a later one."""

    tiers: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Bounds:
    """The share of a criterion lies between two figures; who is not named may have any share."""

    shares: Mapping[str, tuple[float, float]] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Stated:
    """Weights everybody agreed on; only their proportions count."""

    weights: Mapping[str, float] = field(hash=False)


Weights = Unknown | Order | Bounds | Stated


def drawer(weights: Weights, codes: Sequence[str]) -> Callable[["Generator", int], Any]:
    """A function (generator, draws) -> draws x criteria shares, in the order of `codes`.

    Raises ValueError when the weights do not speak of these criteria, or no share agrees with them.
    """
    if isinstance(weights, Unknown):
        return lambda rng, draws: _simplex(rng, draws, len(codes))
    if isinstance(weights, Order):
        return _ordered(weights, codes)
    if isinstance(weights, Bounds):
        return _bounded(*limits(weights, codes))
    fixed = shares(weights, codes)
    return lambda _rng, draws: _repeated(fixed, draws)


def shares(weights: Stated, codes: Sequence[str]) -> tuple[float, ...]:
    """Stated weights as shares of one. Raises ValueError: one is missing or negative, or all are zero."""
    if set(weights.weights) != set(codes):
        raise ValueError("Each criterion has one weight.")
    total = sum(weights.weights.values())
    if min(weights.weights.values()) < 0 or not total > 0:
        raise ValueError("Weights are never negative, and not all zero.")
    return tuple(weights.weights[code] / total for code in codes)


def middle(weights: Weights, codes: Sequence[str]) -> tuple[float, ...] | None:
    """The mean of all weights that agree with what is known; None for bounds, where it has no short formula.

    Equal weights when nothing is known. For an order the rank-order centroid, each tier sharing its own: F. H. Barron
    and B. E. Barrett, "Decision quality using ranked attribute weights", Management Science 42(11), 1996.
    """
    many = len(codes)
    if isinstance(weights, Unknown):
        return (1 / many,) * many
    if isinstance(weights, Stated):
        return shares(weights, codes)
    if isinstance(weights, Bounds):
        return None
    centroid = [sum(1 / place for place in range(at, many + 1)) / many for at in range(1, many + 1)]
    found, at = {}, 0
    for tier in weights.tiers:
        found.update(dict.fromkeys(tier, sum(centroid[at : at + len(tier)]) / max(1, len(tier))))
        at += len(tier)
    return tuple(found[code] for code in codes)


def limits(weights: Bounds, codes: Sequence[str]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Lowest and highest share of each criterion. Raises ValueError where no weights lie between them."""
    if set(weights.shares) - set(codes):
        raise ValueError("A bound names no criterion.")
    low = tuple(weights.shares.get(code, (0.0, 1.0))[0] for code in codes)
    high = tuple(weights.shares.get(code, (0.0, 1.0))[1] for code in codes)
    if any(not 0 <= a <= b <= 1 for a, b in zip(low, high, strict=True)):
        raise ValueError("A bound lies from 0 to 1, the lower one first.")
    if sum(low) > 1 or sum(high) < 1:
        raise ValueError("No weights lie within the bounds.")
    return low, high


def _repeated(fixed: Sequence[float], draws: int) -> Any:
    import numpy as np  # noqa: PLC0415 - heavy

    return np.tile(np.asarray(fixed, dtype=float), (draws, 1))


def _simplex(rng: "Generator", draws: int, many: int) -> Any:
    drawn = rng.standard_exponential((draws, many))
    drawn /= drawn.sum(axis=1, keepdims=True)
    return drawn


def _ordered(weights: Order, codes: Sequence[str]) -> Callable[["Generator", int], Any]:
    named = [code for tier in weights.tiers for code in tier]
    if sorted(named) != sorted(codes):
        raise ValueError("The order names each criterion once.")

    def draw(rng: "Generator", draws: int) -> Any:
        import numpy as np  # noqa: PLC0415 - heavy

        drawn = -np.sort(-_simplex(rng, draws, len(codes)), axis=1)
        found, at = np.empty_like(drawn), 0
        for tier in weights.tiers:
            columns = [codes.index(code) for code in tier]
            # Within a tier nothing is said: which of its members gets which weight is chance.
            found[:, columns] = rng.permuted(drawn[:, at : at + len(tier)], axis=1)
            at += len(tier)
        return found

    return draw


def _bounded(low: Sequence[float], high: Sequence[float]) -> Callable[["Generator", int], Any]:
    def draw(rng: "Generator", draws: int) -> Any:
        import numpy as np  # noqa: PLC0415 - heavy

        least, most = np.asarray(low, dtype=float), np.asarray(high, dtype=float)
        room = most.sum() - least.sum()
        start = least + (most - least) * ((1 - least.sum()) / room if room > 0 else 0)
        found = np.tile(start, (draws, 1))
        half = len(low) // 2
        for _sweep in range(SWEEPS if room > 0 else 0):
            order = rng.permutation(len(low))
            one, two = order[:half], order[half : 2 * half]
            both = found[:, one] + found[:, two]
            bottom = np.maximum(least[one], both - most[two])
            top = np.minimum(most[one], both - least[two])
            given = bottom + (top - bottom) * rng.random((draws, half))
            found[:, one], found[:, two] = given, both - given
        return found

    return draw
