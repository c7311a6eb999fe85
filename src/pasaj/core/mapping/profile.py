"""Fragmentation as a profile of components, and what a weighted mean of them is worth.

No component is hidden behind another: `composite` takes whole profiles and answers for many weights at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pasaj.core.mapping import flows, network, routes, silences
from pasaj.core.mapping.exchange import Need, Tie, arcs, confirmation, formalisation
from pasaj.core.mapping.graph import Graph, build, weak_groups
from pasaj.core.mapping.meanings import Figure
from pasaj.core.problems import Refused, problem

if TYPE_CHECKING:
    from numpy.random import Generator

    from pasaj.core.mapping.mandates import Review

COMPONENTS = ("gaps", "overlaps", "flows", "disagreement", "separation", "dependence", "informality", "unheard")
DECIMALS = 12
"""Sums are compared to this many decimals, so that rounding never decides."""


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything a profile looks at. sources: where things are seen; target: who decides ("": not said)."""

    institutions: Sequence[str]
    ties: Sequence[Tie] = ()
    needs: Sequence[Need] = ()
    sources: Sequence[str] = ()
    target: str = ""
    review: Review | None = None


@dataclass(frozen=True, slots=True)
class Component:
    """One side of fragmentation: 0 is none of it, 1 is as much as can be; None: not known.

    lowest, highest: as `Figure` has them. figure: the measure it is made of (for disagreement and
    informality its complement), which has the sentence.
    """

    code: str
    value: float | None
    lowest: float | None
    highest: float | None
    figure: Figure


@dataclass(frozen=True, slots=True)
class Profile:
    """The components in the order of COMPONENTS, the unknown ones too."""

    components: tuple[Component, ...]
    known: Mapping[str, float] = field(init=False)
    """The values that are known, by code."""

    def __post_init__(self) -> None:
        found = {one.code: one.value for one in self.components if one.value is not None}
        object.__setattr__(self, "known", found)


@dataclass(frozen=True, slots=True)
class Standing:
    """One profile among others. ranks: the share of weights at which it is the least fragmented, second, ...

    mean, low, high: its weighted mean over all weights: average, 5 % and 95 % quantile. least, most: the
    smallest and largest it can be with any weights.
    """

    name: str
    ranks: tuple[float, ...]
    mean: float
    low: float
    high: float
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Composite:
    """Profiles side by side, in the order given. components: those all of them know, which alone count."""

    components: tuple[str, ...]
    draws: int
    standings: tuple[Standing, ...]


def profile(situation: Situation) -> Profile:
    """The components of a situation. Links are those both ends confirm.

    separation and unheard are lowest if every open answer were a yes. dependence has no bounds, as a further
    link can raise or lower it. Raises Refused as `graph.build`, `flows.compare` and `routes.routes` do.
    """
    given = tuple(situation.institutions)
    graph = build(given, arcs(situation.ties))
    hoped = build(given, arcs(situation.ties, "possible"))
    apart = _separation(graph), _separation(hoped)
    unheard = _unheard(situation, "confirmed"), _unheard(situation, "possible")
    nothing = Figure("", None, "no_functions")
    review = situation.review
    found = (
        _plain("gaps", review.gap_share if review else replace(nothing, code="gaps")),
        _plain("overlaps", review.overlap_share if review else replace(nothing, code="overlaps")),
        _plain("flows", flows.gap(flows.compare(situation.needs, situation.ties, given))),
        _turned("disagreement", confirmation(situation.ties)),
        _plain("separation", replace(apart[0], lowest=apart[1].value, highest=apart[0].value)),
        _plain("dependence", silences.dependence(silences.silences(graph))),
        _turned("informality", formalisation(situation.ties)),
        _plain("unheard", replace(unheard[0], lowest=unheard[1].value, highest=unheard[0].value)),
    )
    return Profile(found)


def _separation(graph: Graph) -> Figure:
    return network.separation([one.bit_count() for one in weak_groups(graph, graph.everybody)])


def _unheard(situation: Situation, rule: str) -> Figure:
    if not situation.target:
        return routes.unheard(())
    hours = routes.delays(situation.ties, rule)
    return routes.unheard(routes.routes(situation.institutions, hours, situation.sources, situation.target))


def _plain(code: str, figure: Figure) -> Component:
    return Component(code, figure.value, figure.lowest, figure.highest, figure)


def _turned(code: str, figure: Figure) -> Component:
    value, low, high = (None if one is None else 1 - one for one in (figure.value, figure.highest, figure.lowest))
    return Component(code, value, low, high, figure)


def composite(profiles: Mapping[str, Profile], rng: Generator, *, draws: int = 10_000) -> Composite:
    """How profiles stand to each other when nobody knows the weights.

    Weights are drawn evenly from all that are not below zero and add up to one; with each, a profile has the
    weighted mean of its components. Rank acceptability of SMAA-2 (Lahdelma & Salminen, Operations Research
    49(3), 2001) with certain values: only the weights are uncertain here. Equal means share the better rank.
    Raises Refused (MAPPING-016) when no component is known of every profile.
    """
    import numpy as np  # noqa: PLC0415 - only a run needs it

    common = tuple(code for code in COMPONENTS if profiles and all(code in one.known for one in profiles.values()))
    if not common:
        raise Refused(problem("MAPPING-016"))
    values = np.array([[one.known[code] for code in common] for one in profiles.values()])
    means = (rng.dirichlet(np.ones(len(common)), draws) @ values.T).round(DECIMALS)
    ranks = (means[:, None, :] < means[:, :, None]).sum(axis=2)
    standings = []
    for at, name in enumerate(profiles):
        shares = np.bincount(ranks[:, at], minlength=len(profiles)) / draws
        low, high = np.quantile(means[:, at], (0.05, 0.95))
        standings.append(
            Standing(
                name=name,
                ranks=tuple(float(one) for one in shares),
                mean=float(means[:, at].mean()),
                low=float(low),
                high=float(high),
                least=float(values[at].min()),
                most=float(values[at].max()),
            )
        )
    return Composite(common, draws, tuple(standings))
