"""What reaches what, in a graph and in the same graph without each institution in turn, as arcs are added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pasaj.core.mapping.graph import Graph, bits, reaches, weak_groups

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

WORD = 64
MOST_WORDS = 1_000_000
"""Words of the tables that are worked out at once: bounds the memory (about 30 MB)."""


@dataclass(frozen=True, slots=True, eq=False)
class Closures:
    """table[0]: for each institution whom it reaches (itself included), as bits in 64-bit words; table[v + 1]:
    the same with v taken away. groups: a number for each institution, equal within a weak group.

    An added arc costs one pass over the table: whoever reaches its start now reaches all that its end reaches
    (Ibaraki & Katoh, Inf. Process. Lett. 16(2), 1983).
    """

    table: NDArray[np.uint64]
    groups: NDArray[np.int64]

    @classmethod
    def of(cls, graph: Graph) -> Closures:
        """The closures of a graph, worked out anew."""
        import numpy as np  # noqa: PLC0415 - only a run needs it

        size = len(graph.nodes)
        width = -(-size // WORD)
        table = np.zeros((size + 1, size, width), dtype=np.uint64)
        groups = np.zeros(size, dtype=np.int64)
        for without in range(size + 1):
            among = graph.everybody & ~(1 << without - 1 if without else 0)
            for members, found in reaches(graph, among):
                row = np.frombuffer(found.to_bytes(width * WORD // 8, "little"), dtype="<u8")
                table[without, list(bits(members))] = row
        for number, members in enumerate(weak_groups(graph, graph.everybody)):
            groups[list(bits(members))] = number
        return cls(table, groups)

    @property
    def words(self) -> int:
        """The size of the table, which is what an added arc costs."""
        return self.table.size

    def with_arc(self, sender: int, receiver: int) -> Closures:
        """The closures with one more arc; this object stays as it is."""
        import numpy as np  # noqa: PLC0415 - only a run needs it

        reaching = _bit(self.table, sender).astype(bool)[:, :, None]
        gained = self.table[:, receiver, None, :]
        table = self.table | np.where(reaching, gained, np.uint64(0))
        one, other = self.groups[sender], self.groups[receiver]
        return Closures(table, np.where(self.groups == other, one, self.groups))

    def shapes(
        self, senders: Ints, receivers: Ints, sources: Sequence[int], target: int
    ) -> Mapping[str, NDArray[np.float64]]:
        """Separation, dependence and unheard after one more arc, for each of some arcs; by name.

        An arc from an institution to itself changes nothing. As `network.separation`, `silences.dependence`
        and `routes.unheard`, but 0 where those say nothing (unheard without sources: 1).
        """
        import numpy as np  # noqa: PLC0415 - only a run needs it

        at_once = max(1, MOST_WORDS // max(1, self.words))
        reach = [
            self._reach(senders[first : first + at_once], receivers[first : first + at_once], sources, target)
            for first in range(0, len(senders), at_once)
        ]
        size = len(self.groups)
        members = np.bincount(self.groups)
        one, other = self.groups[senders], self.groups[receivers]
        joined = np.where(one == other, 0, 2 * members[one] * members[other])
        together = (members**2).sum() - size + joined
        return {
            "separation": 1 - together / max(1, size * (size - 1)) if size > 1 else np.zeros(len(senders)),
            "dependence": np.concatenate([dependence for dependence, _ in reach]),
            "unheard": np.concatenate([unheard for _, unheard in reach]),
        }

    def _reach(
        self, senders: Ints, receivers: Ints, sources: Sequence[int], target: int
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        import numpy as np  # noqa: PLC0415 - only a run needs it

        size = len(self.groups)
        shift = (senders % WORD).astype(np.uint64)
        reaching = (self.table[:, :, senders // WORD] >> shift & np.uint64(1)).astype(bool).transpose(2, 0, 1)
        gained = self.table[:, receivers, :].transpose(1, 0, 2)
        tables = self.table | np.where(reaching[..., None], gained[:, :, None, :], np.uint64(0))
        reached = np.bitwise_count(tables).sum(axis=(2, 3), dtype=np.int64)
        all_of = np.ascontiguousarray(tables[:, 0], dtype="<u8")
        out = np.bitwise_count(all_of).sum(axis=2, dtype=np.int64)
        places = np.unpackbits(all_of.view(np.uint8), axis=2, count=size, bitorder="little")
        into = places.sum(axis=1, dtype=np.int64)
        # Ordered pairs of others: all ways, less those from and to the one taken away.
        ways = reached[:, :1] - size - (out + into - 2)
        lost = ways - (reached[:, 1:] - (size - 1))
        dependence = (lost / np.maximum(ways, 1)).max(axis=1, initial=0.0)
        heard = places[:, list(sources), target].sum(axis=1, dtype=np.int64)
        return dependence, 1 - heard / max(1, len(sources))


def _bit(table: NDArray[np.uint64], at: int) -> NDArray[np.uint64]:
    import numpy as np  # noqa: PLC0415 - only a run needs it

    found: NDArray[np.uint64] = (table[..., at // WORD] >> np.uint64(at % WORD)) & np.uint64(1)
    return found
