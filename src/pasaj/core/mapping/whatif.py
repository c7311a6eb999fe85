"""What if a missing link or agreement were there: which few of them lower fragmentation most."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

from pasaj.core.mapping.choices import Model, least
from pasaj.core.mapping.exchange import Statement, Tie
from pasaj.core.mapping.flows import compare
from pasaj.core.mapping.meanings import Figure
from pasaj.core.mapping.profile import COMPONENTS, DECIMALS, Situation, profile
from pasaj.core.problems import Refused, problem

if TYPE_CHECKING:
    from numpy.random import Generator

    from pasaj.core.mapping.choices import Floats

MOST_CHANGES = 5
MOST_TRIED = 200_000
"""Choices that are all tried; with more of them changes are chosen one after the other."""
MOST_WORK = 2 * 10**9
"""Words of memory all tried choices may touch (about ten seconds)."""
AT_ONCE = 50
"""Weights that are tried on all choices at once: bounds the memory."""


@dataclass(frozen=True, slots=True)
class Change:
    """link: a needed exchange that is missing or disputed comes to be, confirmed, in time and in writing.

    agreement: a needed and confirmed exchange that rests on nothing in writing is put in writing.
    """

    kind: str
    layer: str
    sender: str
    receiver: str

    def figure(self) -> Figure:
        """The change as a sentence; it has no value."""
        values = {"layer": self.layer, "sender": self.sender, "receiver": self.receiver}
        return Figure(self.kind, None, self.kind, values)


@dataclass(frozen=True, slots=True)
class Plan:
    """The changes found, with the weighted mean and the components before and after them.

    exact: no other choice of as many changes lowers the mean further. bound: no choice lowers it by more than
    this (exact: by how much these do). tried: choices looked at. acceptance: the share of random weights at
    which exactly these changes are the best, and favourites each candidate's share of weights at which it is
    among the best (the highest first); empty where no generator was given or not all choices were tried.
    """

    changes: tuple[Change, ...]
    before: float
    after: float
    components_before: Mapping[str, float]
    components_after: Mapping[str, float]
    exact: bool
    bound: float
    tried: int
    acceptance: float | None = None
    favourites: tuple[tuple[Change, float], ...] = ()

    @property
    def reduction(self) -> float:
        return self.before - self.after

    def figure(self) -> Figure:
        """How far the choice can be trusted. Its value is the reduction."""
        if not self.changes:
            return Figure("whatif", None, "whatif_none")
        values = {"tried": self.tried, "count": len(self.changes)}
        return Figure("whatif", self.reduction, "whatif_exact" if self.exact else "whatif_greedy", values)


def candidates(situation: Situation) -> tuple[Change, ...]:
    """Every link and agreement that is needed and missing, in the order of the needs.

    An exchange of which nobody knows yet is no candidate: asking comes first.
    """
    known = {(one.layer, *one.arc): one for one in situation.ties}
    found = []
    for flow in compare(situation.needs, situation.ties, situation.institutions):
        need = flow.need
        tie = known.get((need.layer, need.sender, need.receiver))
        if flow.state in ("missing", "disputed"):
            found.append(Change("link", need.layer, need.sender, need.receiver))
        elif tie is not None and tie.state == "confirmed" and tie.formal is False:
            found.append(Change("agreement", need.layer, need.sender, need.receiver))
    return tuple(found)


def applied(situation: Situation, changes: Sequence[Change]) -> Situation:
    """The situation with the changes made."""
    made = {(one.layer, one.sender, one.receiver): one for one in changes}
    limits = {(one.layer, one.sender, one.receiver): one.hours for one in situation.needs}
    ties = []
    for tie in situation.ties:
        key = (tie.layer, *tie.arc)
        change = made.get(key)
        if change is None:
            ties.append(tie)
        elif change.kind == "agreement":
            ends = [replace(one, formal=True) for one in tie.claims]
            ties.append(Tie(*key, *ends))
        else:
            ends = [Statement(*key, by, exists=True, formal=True, hours=limits[key]) for by in ("sender", "receiver")]
            ties.append(Tie(*key, *ends))
    return replace(situation, ties=tuple(ties))


def best(
    situation: Situation,
    count: int = 3,
    *,
    weights: Mapping[str, float] | None = None,
    rng: Generator | None = None,
    draws: int = 1000,
    most: int = MOST_TRIED,
) -> Plan:
    """The `count` candidates (all, where there are fewer) that lower the weighted mean of the components most.

    weights: by component of the profile that is known (default: all alike); components that are not known are
    left out, also where a change would make them known. With up to `most` choices every one is tried (what a
    further link changes is worked out from the choice without it), otherwise the change that lowers the mean
    most is taken, one after the other. Of equals the first in the order of the candidates is taken.
    Raises Refused: MAPPING-014 for a count that is not 1 to 5, 015 for weights that do not fit, 016 when no
    component is known.
    """
    import numpy as np  # noqa: PLC0415 - only a run needs it

    if not 1 <= count <= MOST_CHANGES:
        raise Refused(problem("MAPPING-014", value=count, most=MOST_CHANGES))
    before = profile(situation).known
    share = _weights(before, weights)
    given = candidates(situation)
    count = min(count, len(given))
    model = Model.of(situation, given, before)
    shares = np.array(list(share.values()))
    sets = math.comb(len(given), count)
    exact = sets <= most and sets * model.first.graph.words <= MOST_WORK
    rows = model.every(count) if exact and count else model.components(model.first)
    if exact:
        best_row = least(rows, shares)
        chosen, after, looked = _choices(len(given), count)[best_row], rows[best_row], sets
    else:
        chosen, after, looked = model.one_by_one(count, shares)
    start = model.components(model.first)[0]
    high, low = float((start * shares).sum()), float((after * shares).sum())
    plan = Plan(
        changes=tuple(given[at] for at in chosen),
        before=high,
        after=low,
        components_before=dict(zip(model.names, start.tolist(), strict=True)),
        components_after=dict(zip(model.names, after.tolist(), strict=True)),
        exact=exact,
        bound=high - low if exact else model.bound(count, shares),
        tried=looked,
    )
    if rng is None or not exact or not count:
        return plan
    return _accepted(plan, given, rows, rng, draws)


def _choices(size: int, count: int) -> list[tuple[int, ...]]:
    return list(combinations(range(size), count))


def _weights(known: Mapping[str, float], given: Mapping[str, float] | None) -> dict[str, float]:
    """Weights that add up to one, in the order of the components."""
    if not known:
        raise Refused(problem("MAPPING-016"))
    weights = dict.fromkeys(known, 1.0) if given is None else given
    fine = all(math.isfinite(one) and one >= 0 for one in weights.values()) and any(weights.values())
    if not fine or not weights.keys() <= known.keys():
        raise Refused(problem("MAPPING-015", names=", ".join(known)))
    whole = sum(weights.values())
    return {code: weights.get(code, 0.0) / whole for code in COMPONENTS if code in known}


def _accepted(plan: Plan, given: Sequence[Change], rows: Floats, rng: Generator, draws: int) -> Plan:
    """The plan with what becomes of its choice at other weights (drawn as in `profile.composite`)."""
    import numpy as np  # noqa: PLC0415 - only a run needs it

    tried = _choices(len(given), len(plan.changes))
    # Of choices with the same components only the first can be taken.
    firsts = np.sort(np.unique(rows.round(DECIMALS), axis=0, return_index=True)[1])
    wins = np.zeros(len(tried), dtype=np.int64)
    weights = rng.dirichlet(np.ones(rows.shape[1]), draws)
    for first in range(0, draws, AT_ONCE):
        means = (rows[firsts] @ weights[first : first + AT_ONCE].T).round(DECIMALS)
        wins += np.bincount(firsts[means.argmin(axis=0)], minlength=len(tried))
    places = {one: at for at, one in enumerate(given)}
    within = np.zeros(len(given), dtype=np.int64)
    for number in np.flatnonzero(wins).tolist():
        within[list(tried[number])] += wins[number]
    own = tried.index(tuple(places[one] for one in plan.changes))
    order = sorted((at for at in range(len(given)) if within[at]), key=lambda at: (-within[at], at))
    return replace(
        plan,
        acceptance=float(wins[own] / draws),
        favourites=tuple((given[at], float(within[at] / draws)) for at in order),
    )
