"""Chains at random, and the states of their nodes by brute force: straight from the definition, no shared code."""

from __future__ import annotations

import random
from collections.abc import Iterable

Tie = tuple[int, int]  # child, parent


def layered(rng: random.Random, nodes: int, links: int, layers: int = 10) -> list[Tie]:
    """`links` different ties between `nodes` nodes in layers; four of five to the layer just above."""
    per = nodes // layers
    found: set[Tie] = set()
    while len(found) < links:
        child = rng.randrange(per, per * layers)
        layer = child // per
        first = (layer - 1) * per if rng.random() < 0.8 else 0
        found.add((child, rng.randrange(first, layer * per)))
    return sorted(found)


def brute(nodes: Iterable[int], ties: Iterable[Tie], bad: set[Tie]) -> tuple[set[int], set[int]]:
    """Suspect nodes, and those below them that are not: every node asks all its ancestors."""
    parents: dict[int, list[int]] = {}
    for child, parent in ties:
        parents.setdefault(child, []).append(parent)
    suspect = {child for child, _parent in bad}
    tainted = set()
    for node in nodes:
        above: set[int] = set()
        waiting = list(parents.get(node, ()))
        while waiting:
            one = waiting.pop()
            if one not in above:
                above.add(one)
                waiting += parents.get(one, ())
        if node not in suspect and above & suspect:
            tainted.add(node)
    return suspect, tainted
