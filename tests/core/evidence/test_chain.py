"""States of links and statements, against a brute force that shares no code with them."""

from __future__ import annotations

import random

import pytest
from core.evidence.chains import brute, layered
from hypothesis import given
from hypothesis import strategies as st

from pasaj.core.evidence import Chain, Edge, LinkState, NodeState, Standing
from pasaj.core.evidence.chain import cycle, link_state

OK, UPDATED, SUSPECT, BROKEN = LinkState


def chain(*edges: tuple[int, int, LinkState], need: tuple[int, ...] = ()) -> Chain:
    return Chain([Edge(at, *edge) for at, edge in enumerate(edges)], need)


def test_a_state_is_a_word_for_files() -> None:
    assert [one.word for one in LinkState] == ["ok", "updated", "suspect", "broken"]


@pytest.mark.req("R6.9")
@pytest.mark.parametrize(
    ("withdrawn", "accepted", "parent_same", "child_same", "excuse", "state"),
    [
        (False, True, True, True, False, OK),
        (False, True, False, True, False, SUSPECT),
        (False, True, False, True, True, UPDATED),
        (False, True, True, False, True, SUSPECT),  # a claim speaks of the parent only
        (False, False, True, True, True, SUSPECT),  # nobody has accepted it yet
        (True, True, True, True, True, BROKEN),
        (True, False, False, False, True, BROKEN),
    ],
)
def test_the_state_of_a_link(
    withdrawn: bool, accepted: bool, parent_same: bool, child_same: bool, excuse: bool, state: LinkState
) -> None:
    found = link_state(
        withdrawn=withdrawn, accepted=accepted, parent_same=parent_same, child_same=child_same, excused=lambda: excuse
    )
    assert found == state


@pytest.mark.req("R6.9")
def test_the_state_of_a_node() -> None:
    """1 <- 2 (suspect) <- 3 <- 4; 5 rests on 4 and directly on 2; 6 rests on the sound 1 only."""
    found = chain((2, 1, SUSPECT), (3, 2, OK), (4, 3, UPDATED), (5, 4, OK), (5, 2, OK), (6, 1, OK), need=(6, 7))
    assert {node: found.standing(node) for node in range(1, 8)} == {
        1: Standing(NodeState.FRESH),
        2: Standing(NodeState.SUSPECT),
        3: Standing(NodeState.TAINTED, 1),
        4: Standing(NodeState.TAINTED, 2),
        5: Standing(NodeState.TAINTED, 1),  # the nearest counts
        6: Standing(NodeState.FRESH),
        7: Standing(NodeState.UNSUPPORTED),
    }
    assert (found.trouble.suspects(), found.trouble.tainted()) == ({2}, {3, 4, 5})


def test_a_withdrawn_parent_breaks_the_link_and_may_leave_nothing() -> None:
    found = chain((2, 1, BROKEN), (3, 1, BROKEN), (3, 9, OK), (4, 2, OK), need=(2, 3, 4))
    assert found.standing(2) == Standing(NodeState.UNSUPPORTED)
    assert found.standing(3) == Standing(NodeState.SUSPECT)  # it still has one leg
    assert found.standing(4) == Standing(NodeState.TAINTED, 1)
    assert (found.trouble.suspects(), found.unsupported) == ({3}, {2})


def test_ways_up_and_down() -> None:
    found = chain((3, 1, OK), (3, 2, OK), (4, 3, OK), (5, 3, OK), (5, 1, OK))
    assert found.up(5) == {3: 1, 1: 1, 2: 2}
    assert found.down(1) == {3: 1, 5: 1, 4: 2}
    assert list(found.paths(5, 10)) == [(5, 3, 1), (5, 3, 2), (5, 1)]
    assert list(found.paths(1, 10, down=True)) == [(1, 3, 4), (1, 3, 5), (1, 5)]
    assert list(found.paths(5, 2)) == [(5, 3, 1), (5, 3, 2)]
    assert list(found.paths(1, 10)) == []


def test_two_types_of_link_between_the_same_two_are_one_way() -> None:
    found = chain((2, 1, OK), (2, 1, OK))
    assert list(found.paths(2, 10)) == [(2, 1)]


@pytest.mark.req("R6.9")
@given(st.integers(0, 2**32), st.integers(0, 60))
def test_suspect_and_tainted_are_those_of_brute_force(seed: int, edits: int) -> None:
    rng = random.Random(seed)
    ties = layered(rng, 60, 120, layers=6)
    bad = set(rng.sample(ties, edits))
    found = Chain([Edge(at, *tie, SUSPECT if tie in bad else OK) for at, tie in enumerate(ties)])
    assert (found.trouble.suspects(), found.trouble.tainted()) == brute(range(60), ties, bad)


@given(st.integers(0, 2**32))
def test_levels_are_the_fewest_steps(seed: int) -> None:
    rng = random.Random(seed)
    ties = layered(rng, 40, 80, layers=5)
    bad = set(rng.sample(ties, 3))
    found = Chain([Edge(at, *tie, SUSPECT if tie in bad else OK) for at, tie in enumerate(ties)])
    for node, level in found.trouble.levels.items():
        above = [parent for child, parent in ties if child == node]
        if any(child == node for child, _parent in bad):
            assert level == 0
        else:
            assert level == 1 + min(found.trouble.levels[one] for one in above if one in found.trouble.levels)


def test_a_circle_is_found() -> None:
    assert cycle([(2, 1), (3, 2), (3, 1)]) == ()
    assert cycle([]) == ()
    assert cycle([(2, 1), (1, 2)]) == (1, 2)
    assert cycle([(1, 1)]) == (1,)
    assert cycle([(2, 1), (3, 2), (4, 3), (2, 4), (9, 2)]) == (2, 4, 3)
    # What leads into the circle from below is no part of it.
    assert cycle([(1, 5), (5, 6), (6, 5)]) == (5, 6)


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=20))
def test_a_circle_is_one_and_none_is_missed(ties: list[tuple[int, int]]) -> None:
    found = cycle(ties)
    if found:
        assert set(zip(found, (*found[1:], found[0]), strict=True)) <= set(ties)
    else:
        order: list[int] = []
        left = {node for tie in ties for node in tie}
        while left:
            free = {node for node in left if not any(child == node and parent in left for child, parent in ties)}
            assert free
            order += sorted(free)
            left -= free
