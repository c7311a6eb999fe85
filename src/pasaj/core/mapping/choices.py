"""A situation as the few numbers that changes move, so that very many choices of changes can be tried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pasaj.core.mapping.closures import Closures
from pasaj.core.mapping.exchange import DISPUTED, arcs, confirmation, formalisation
from pasaj.core.mapping.flows import compare, gap
from pasaj.core.mapping.graph import build
from pasaj.core.mapping.profile import DECIMALS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from pasaj.core.mapping.profile import Situation
    from pasaj.core.mapping.whatif import Change

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

COUNTS = ("failing", "yes", "no", "formal", "known")
"""Needs that fail; exchanges confirmed and disputed; confirmed ones in writing, and of which that is known."""


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """A situation after some changes: COUNTS, and what reaches what."""

    counts: Ints
    graph: Closures


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """The candidates of a situation, by their place in it; equal to whole profiles worked out anew (tested).

    deltas: what each adds to COUNTS. senders, receivers: the arc each adds (from one to itself: none). limits:
    how many are links, agreements, links that settle a dispute. names: the components, in their order.
    """

    names: tuple[str, ...]
    first: State
    deltas: Ints
    senders: Ints
    receivers: Ints
    constant: Mapping[str, float]
    needs: int
    sources: tuple[int, ...]
    target: int
    limits: tuple[int, int, int]

    @classmethod
    def of(cls, situation: Situation, changes: Sequence[Change], known: Mapping[str, float]) -> Model:
        """The model of a situation, its candidates and its known components."""
        import numpy as np  # noqa: PLC0415 - only a run needs it

        places = {one: at for at, one in enumerate(situation.institutions)}
        flow = gap(compare(situation.needs, situation.ties, situation.institutions)).values
        sure, written = confirmation(situation.ties).values, formalisation(situation.ties).values
        yes, formal = _number(sure, "part"), _number(written, "part")
        counts = (_number(flow, "part"), yes, _number(sure, "whole") - yes, formal, _number(written, "whole"))
        have = arcs(situation.ties)
        disputed = {(one.layer, *one.arc) for one in situation.ties if one.state in DISPUTED}
        settles = [(one.layer, one.sender, one.receiver) in disputed for one in changes]
        links = [one.kind == "link" for one in changes]
        fresh = [link and (one.sender, one.receiver) not in have for link, one in zip(links, changes, strict=True)]
        deltas = [(-link, link, -settled, 1, link) for link, settled in zip(links, settles, strict=True)]
        ends = [
            (places[one.sender], places[one.receiver if new else one.sender])
            for new, one in zip(fresh, changes, strict=True)
        ]
        table = np.array(ends, dtype=np.int64).reshape(-1, 2)
        return cls(
            names=tuple(known),
            first=State(np.array(counts), Closures.of(build(tuple(situation.institutions), have))),
            deltas=np.array(deltas, dtype=np.int64).reshape(-1, len(COUNTS)),
            senders=table[:, 0],
            receivers=table[:, 1],
            constant={code: known[code] for code in ("gaps", "overlaps") if code in known},
            needs=_number(flow, "whole"),
            sources=tuple(places[one] for one in dict.fromkeys(situation.sources)) if situation.target else (),
            target=places.get(situation.target, 0),
            limits=(sum(links), len(links) - sum(links), sum(settles)),
        )

    def step(self, state: State, at: int) -> State:
        """The state with one more change."""
        graph = state.graph.with_arc(int(self.senders[at]), int(self.receivers[at]))
        return State(state.counts + self.deltas[at], graph)

    def components(self, state: State) -> Floats:
        """The components of a state."""
        import numpy as np  # noqa: PLC0415 - only a run needs it

        return self._values(
            state.counts[None, :], state.graph, np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64)
        )

    def following(self, state: State, places: Sequence[int]) -> Floats:
        """The components after one more change, for each of some changes: a row a change."""
        import numpy as np  # noqa: PLC0415 - only a run needs it

        at = np.array(places, dtype=np.int64)
        return self._values(state.counts + self.deltas[at], state.graph, self.senders[at], self.receivers[at])

    def _values(self, counts: Ints, graph: Closures, senders: Ints, receivers: Ints) -> Floats:
        import numpy as np  # noqa: PLC0415 - only a run needs it

        failing, yes, no, formal, known = counts.T
        found = dict(graph.shapes(senders, receivers, self.sources, self.target))
        parts = {
            "flows": (failing, self.needs),
            "disagreement": (no, yes + no),
            "informality": (known - formal, known),
        }
        for code in self.names:
            if code in self.constant:
                found[code] = np.full(len(counts), self.constant[code])
            elif code in parts:
                found[code] = parts[code][0] / parts[code][1]
        return np.stack([found[code] for code in self.names], axis=1)

    def every(self, count: int) -> Floats:
        """The components of every choice of `count` changes (1 or more), in the order of `combinations`."""
        import numpy as np  # noqa: PLC0415 - only a run needs it

        rows: list[Floats] = []
        size = len(self.deltas)

        def walk(state: State, first: int, left: int) -> None:
            if left == 1:
                rows.append(self.following(state, range(first, size)))
                return
            for at in range(first, size - left + 1):
                walk(self.step(state, at), at + 1, left - 1)

        walk(self.first, 0, count)
        return np.concatenate(rows)

    def one_by_one(self, count: int, shares: Floats) -> tuple[tuple[int, ...], Floats, int]:
        """One change after the other, each the best after those before it.

        Gives the changes, the components after them, and how many choices were looked at.
        """
        chosen: list[int] = []
        state, looked = self.first, 0
        row = self.components(state)[0]
        for _ in range(count):
            left = [at for at in range(len(self.deltas)) if at not in chosen]
            rows = self.following(state, left)
            best = least(rows, shares)
            looked += len(left)
            chosen.append(left[best])
            row = rows[best]
            state = self.step(state, chosen[-1])
        return tuple(sorted(chosen)), row, looked

    def bound(self, count: int, shares: Floats) -> float:
        """A reduction of the weighted mean that no `count` changes exceed.

        Each component alone is lowered as far as it could be: the numbers by the best `count` changes for it,
        separation and unheard by all changes together (a further arc never raises them), dependence to zero.
        """
        everything = self.first
        for at in range(len(self.deltas)):
            everything = self.step(everything, at)
        now = dict(zip(self.names, self.components(self.first)[0].tolist(), strict=True))
        floors = dict(zip(self.names, self.components(everything)[0].tolist(), strict=True))
        failing, yes, no, formal, known = self.first.counts.tolist()
        links, agreements, settling = (min(count, one) for one in self.limits)
        if "flows" in floors:
            floors["flows"] = (failing - links) / self.needs
        if "disagreement" in floors:
            floors["disagreement"] = (no - settling) / (yes + no + count)
        if "informality" in floors:
            floors["informality"] = (known - formal - agreements) / (known + count)
        floors["dependence"] = 0.0
        return float(sum(part * (now[code] - floors[code]) for code, part in zip(self.names, shares, strict=True)))


def least(rows: Floats, shares: Floats) -> int:
    """The row with the lowest weighted mean; of equals the first."""
    return int((rows * shares).sum(axis=1).round(DECIMALS).argmin())


def _number(values: Mapping[str, object], name: str) -> int:
    found = values[name]
    assert isinstance(found, int)
    return found
