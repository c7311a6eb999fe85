"""What is lost when one institution falls silent: who is cut off, which ways between others, who goes unheard."""

from collections.abc import Sequence
from dataclasses import dataclass

from pasaj.core.mapping.graph import Graph, bits, positions, reaches, spread, weak_groups
from pasaj.core.mapping.graph import checked as known
from pasaj.core.mapping.meanings import Figure


@dataclass(frozen=True, slots=True)
class Silence:
    """One institution taken away.

    cut: the parts that its own group falls into, the largest left out (of equals the one that stands first);
    not empty: it is a cut vertex of the network, direction left aside. divides: it is one, direction kept: the
    network without it has more strong groups. ways, lost: ordered pairs of others of which the first reached
    the second with it, and those that no longer do. unheard: who no longer reaches the deciding body.
    """

    institution: str
    cut: tuple[tuple[str, ...], ...]
    divides: bool
    ways: int
    lost: int
    unheard: tuple[str, ...]
    target: str = ""

    @property
    def dependence(self) -> float:
        """Lost ways as a share of the ways between others; 0 when there are none."""
        return self.lost / self.ways if self.ways else 0.0

    def figures(self) -> tuple[Figure, ...]:
        """What is lost, in sentences; empty when nothing is. Their value is the share of lost ways."""
        found = []
        values: dict[str, object]
        if self.cut:
            values = {"name": self.institution, "cut": ", ".join(one for part in self.cut for one in part)}
            found.append(Figure("silence_cut", self.dependence, "silence_cut", values))
        if self.lost:
            values = {"name": self.institution, "part": self.lost, "whole": self.ways}
            found.append(Figure("silence_ways", self.dependence, "silence_ways", values))
        if self.unheard:
            values = {"name": self.institution, "target": self.target, "unheard": ", ".join(self.unheard)}
            found.append(Figure("silence_unheard", self.dependence, "silence_unheard", values))
        return tuple(found)


def silences(graph: Graph, target: str = "") -> tuple[Silence, ...]:
    """Every institution taken away in turn, in their order. target: the deciding body ("": none is named).

    (sna: cutpoints, mode digraph, connected "weak" for `cut` and "strong" for `divides`). Raises Refused
    (MAPPING-001) for a target that is not in the graph.
    """
    everybody = graph.everybody
    if target:
        known(positions(graph.nodes), target)
    end = 1 << graph.nodes.index(target) if target else 0
    heard = spread(end, graph.into, everybody)
    found = reaches(graph, everybody)
    reached = [0] * len(graph.nodes)
    for members, all_of in found:
        for at in bits(members):
            reached[at] = all_of
    before, groups = _ways(found), weak_groups(graph, everybody)
    result = []
    for at, node in enumerate(graph.nodes):
        one = 1 << at
        group = next(members for members in groups if members & one)
        parts = weak_groups(graph, group & ~one)
        left = reaches(graph, everybody & ~one)
        # Ways from it, and ways to it; the way to itself is counted in neither.
        own = reached[at].bit_count() + sum(all_of >> at & 1 for all_of in reached) - 2
        still = spread(end & ~one, graph.into, everybody & ~one)
        result.append(
            Silence(
                institution=node,
                cut=tuple(graph.names(part) for part in parts[1:]),
                divides=len(left) > len(found),
                ways=before - own,
                lost=before - own - _ways(left),
                unheard=graph.names(heard & ~still & ~one) if node != target else (),
                target=target,
            )
        )
    return tuple(result)


def _ways(found: Sequence[tuple[int, int]]) -> int:
    """Ordered pairs of different institutions of which the first reaches the second."""
    return sum(members.bit_count() * (all_of.bit_count() - 1) for members, all_of in found)


def dependence(found: Sequence[Silence]) -> Figure:
    """The largest share of the ways between others that is lost by the silence of one; None without any way."""
    if not any(one.ways for one in found):
        return Figure("dependence", None, "no_links")
    worst = max(found, key=lambda one: one.dependence)
    if not worst.lost:
        return Figure("dependence", 0.0, "no_dependence")
    names = ", ".join(one.institution for one in found if one.dependence == worst.dependence)
    values = {"names": names, "part": worst.lost, "whole": worst.ways}
    return Figure("dependence", worst.dependence, "dependence", values)
