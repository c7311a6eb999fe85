"""How fast word travels from where things are seen to who decides, over whatever stands between."""

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pasaj.core.mapping.exchange import Tie
from pasaj.core.mapping.graph import Arc, checked, positions
from pasaj.core.mapping.meanings import Figure


@dataclass(frozen=True, slots=True)
class Route:
    """The fastest way from one institution to the deciding body.

    state: timed; untimed (there is a way, but only over exchanges of which nobody said how fast); none.
    hours: by exchanges whose delay is known (untimed and none: None). least: were those whose delay is not
    known immediate (none: None). path: the institutions in turn, both ends included; of equally fast ways the
    one with the fewest steps, then the one that stands first.
    """

    source: str
    target: str
    state: str
    hours: float | None
    least: float | None
    path: tuple[str, ...]

    def figure(self) -> Figure:
        """The way in a sentence. Its value, and its lowest, are hours, not a share."""
        values = {"source": self.source, "target": self.target, "hours": self.hours, "path": " > ".join(self.path)}
        meaning = {"timed": "route", "untimed": "route_unknown", "none": "route_none"}[self.state]
        return Figure("route", self.hours, meaning, values, self.least, None)


def delays(ties: Iterable[Tie], rule: str = "confirmed") -> dict[Arc, float | None]:
    """Hours from one institution to another, all layers together: the fastest; None when nobody said."""
    found: dict[Arc, float | None] = {}
    for one in ties:
        if one.counts(rule):
            hours, before = one.hours, found.get(one.arc)
            found[one.arc] = before if hours is None else hours if before is None else min(hours, before)
    return found


def routes(
    institutions: Sequence[str], hours: Mapping[Arc, float | None], sources: Iterable[str], target: str
) -> tuple[Route, ...]:
    """The route of every source, in the order given (each once). hours: as from `delays`, none below zero.

    Dijkstra from the target backwards. Raises Refused: MAPPING-001 and 002 for institutions.
    """
    places = positions(institutions)
    wanted = tuple(dict.fromkeys(sources))
    checked(places, target, *wanted, *(node for arc in hours for node in arc))
    timed = _ways(places, {arc: one for arc, one in hours.items() if one is not None}, target)
    least = _ways(places, {arc: 0.0 if one is None else one for arc, one in hours.items()}, target)
    found = []
    for source in wanted:
        if source in timed:
            found.append(Route(source, target, "timed", timed[source][0], least[source][0], timed[source][1]))
        elif source in least:
            found.append(Route(source, target, "untimed", None, *least[source]))
        else:
            found.append(Route(source, target, "none", None, None, ()))
    return tuple(found)


def _ways(
    places: Mapping[str, int], hours: Mapping[Arc, float], target: str
) -> dict[str, tuple[float, tuple[str, ...]]]:
    """The best way of everybody who has one: hours and path."""
    into: dict[str, list[tuple[str, float]]] = {}
    for (sender, receiver), one in hours.items():
        into.setdefault(receiver, []).append((sender, one))
    found: dict[str, tuple[float, tuple[str, ...]]] = {}
    heap: list[tuple[float, int, tuple[int, ...], str, tuple[str, ...]]] = [
        (0.0, 0, (places[target],), target, (target,))
    ]
    while heap:
        spent, steps, order, node, path = heapq.heappop(heap)
        if node in found:
            continue
        found[node] = spent, path
        for sender, one in into.get(node, ()):
            if sender not in found:
                heapq.heappush(heap, (spent + one, steps + 1, (places[sender], *order), sender, (sender, *path)))
    return found


def unheard(found: Sequence[Route]) -> Figure:
    """Sources without any way to the deciding body, as a share of all; None when none is named."""
    if not found:
        return Figure("unheard", None, "no_sources")
    part = sum(one.state == "none" for one in found)
    return Figure(
        "unheard", part / len(found), "unheard", {"part": part, "whole": len(found), "target": found[0].target}
    )
