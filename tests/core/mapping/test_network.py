"""Network measures: R sna's answers, the definitions worked out slowly, and their sentences."""

import json
from itertools import pairwise, permutations
from pathlib import Path
from typing import Any

import pytest
from core.mapping.networks import arcs_of, both, graph, graphs, groups, ways
from hypothesis import given

from pasaj.core.mapping.graph import Graph, build
from pasaj.core.mapping.network import betweenness, measure, separation
from pasaj.core.mapping.routes import routes
from pasaj.core.mapping.silences import silences
from pasaj.core.problems import Refused

GOLDEN: list[dict[str, Any]] = json.loads(Path(__file__).with_name("sna.json").read_text(encoding="utf-8"))


@pytest.mark.req("R1.2")
@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: f"{case['size']}-{len(case['arcs'])}")
def test_equal_to_r_sna(case: dict[str, Any]) -> None:
    """The answers of sna 2.7-1, written by `bench/mapping.py --golden`."""
    names = [f"I{at:02}" for at in range(case["size"])]
    hours = {(names[a], names[b]): spent for a, b, spent in case["arcs"]}
    one = build(names, hours)
    found, quiet, sna = measure(one), silences(one), case["sna"]
    far = routes(names, hours, names, names[0])
    assert found.indegree == tuple(sna["indegree"])
    assert found.outdegree == tuple(sna["outdegree"])
    assert (len(found.weak), len(found.strong)) == (sna["weak_groups"], sna["strong_groups"])
    assert [bool(silence.cut) for silence in quiet] == [bool(one) for one in sna["weak"]]
    assert [silence.divides for silence in quiet] == [bool(one) for one in sna["strong"]]
    values = {
        "density": found.density.value,
        "edgewise": found.reciprocity.value,
        "dyadic": found.dyadic,
        "nonnull": found.dyadic_nonnull,
        "in_centralisation": found.in_centralisation.value,
        "out_centralisation": found.out_centralisation.value,
        "betweenness_centralisation": found.betweenness_centralisation.value,
        "separation": found.separation.value,
    }
    assert values == pytest.approx({name: sna[name] for name in values}, rel=1e-9, abs=1e-12)
    assert found.betweenness == pytest.approx(tuple(sna["betweenness"]), rel=1e-9, abs=1e-12)
    assert [-1 if one.hours is None else one.hours for one in far] == pytest.approx(sna["hours"], rel=1e-9)


def test_the_golden_graphs_are_all_there() -> None:
    assert len(GOLDEN) == 12
    assert {len(case["arcs"]) > 1 for case in GOLDEN} == {True}


def _shortest(one: Graph) -> dict[tuple[str, str], list[tuple[str, ...]]]:
    """All shortest ways of each pair, by trying every order of institutions."""
    known, found = arcs_of(one), {}
    for length in range(2, len(one.nodes) + 1):
        for path in permutations(one.nodes, length):
            if all(step in known for step in pairwise(path)):
                pair = path[0], path[-1]
                if not found.get(pair) or len(found[pair][0]) == length:
                    found.setdefault(pair, []).append(path)
    return found


@given(graphs(most=6))
def test_betweenness_is_the_share_of_shortest_ways(one: Graph) -> None:
    expected = dict.fromkeys(one.nodes, 0.0)
    for paths in _shortest(one).values():
        for path in paths:
            for node in path[1:-1]:
                expected[node] += 1 / len(paths)
    assert betweenness(one) == pytest.approx(list(expected.values()), abs=1e-12)


@given(graphs())
def test_groups_density_and_reciprocity_by_definition(one: Graph) -> None:
    found, arcs, size = measure(one), arcs_of(one), len(one.nodes)
    weak, strong = ways(one.nodes, both(arcs)), ways(one.nodes, arcs)
    assert {frozenset(group) for group in found.weak} == groups(one.nodes, weak)
    assert {frozenset(group) for group in found.strong} == groups(one.nodes, strong)
    for order in (found.weak, found.strong):
        assert list(order) == sorted(order, key=lambda group: (-len(group), group))
    returned = sum((b, a) in arcs for a, b in arcs)
    assert found.density.value == (len(arcs) / (size * (size - 1)) if size > 1 else None)
    assert found.reciprocity.value == (returned / len(arcs) if arcs else None)
    assert found.separation.value == (pytest.approx(1 - len(weak) / (size * (size - 1))) if size > 1 else None)
    for figure in found.figures:
        assert figure.value is None or 0 <= figure.value <= 1
        assert "…" not in figure.text()


def test_a_star_is_as_central_as_can_be() -> None:
    found = measure(graph("AB AC AD BA CA DA"))
    assert found.betweenness == (6, 0, 0, 0)
    assert found.betweenness_centralisation.value == 1
    assert found.betweenness_centralisation.text() == "A: stands between others more than anybody else."
    told = measure(graph("AB AC AD"))
    assert (told.out_centralisation.value, told.in_centralisation.value) == (1, pytest.approx(1 / 9))
    assert told.out_centralisation.text() == "A: tells 3 of 3 other institutions, more than anybody else."
    assert told.in_centralisation.text() == "B, C, D: hears from 1 of 3 other institutions, more than anybody else."
    assert measure(graph("BA CA DA")).in_centralisation.value == 1


def test_a_ring_has_no_centre() -> None:
    found = measure(graph("AB BC CA"))
    assert [one.value for one in found.figures] == [0.5, 0, 0, 0, 0, 0]
    assert found.in_centralisation.text() == "In this, all institutions are in the same position."
    assert found.betweenness_centralisation.text() == "In this, all institutions are in the same position."
    assert found.density.text() == "3 of 6 possible directed links between 3 institutions exist."
    assert found.reciprocity.text() == "0 of 3 links are returned."
    assert (found.dyadic, found.dyadic_nonnull) == (0, 0)


def test_a_network_without_links_is_dyadically_reciprocal_and_edgewise_nothing() -> None:
    found = measure(graph("", "ABC"))
    assert (found.reciprocity.value, found.dyadic, found.dyadic_nonnull) == (None, 1, None)
    assert (
        found.separation.text() == "Of 3 pairs of institutions, 3 are not linked over any way; the network has 3 parts."
    )


@pytest.mark.parametrize("nodes", ["", "A"])
def test_too_few_institutions_are_no_error(nodes: str) -> None:
    found = measure(build(nodes, ()))
    assert [one.value for one in found.figures] == [None] * 6
    assert found.density.text() == "There are too few institutions to say."
    assert separation([1]).value is None


def test_what_is_no_graph_is_refused() -> None:
    for code, nodes, arcs in [
        ("MAPPING-001", "AB", [("A", "C")]),
        ("MAPPING-001", "AB", [("C", "A")]),
        ("MAPPING-002", "ABA", []),
        ("MAPPING-003", "AB", [("A", "A")]),
    ]:
        with pytest.raises(Refused, match=code):
            build(nodes, arcs)


def test_an_arc_given_twice_counts_once() -> None:
    assert build("AB", [("A", "B"), ("A", "B")]) == graph("AB")
