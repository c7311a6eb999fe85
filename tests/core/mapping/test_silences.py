"""One institution taken away: against working it out anew from the definition."""

import pytest
from core.mapping.networks import arcs_of, both, graph, graphs, groups, reached, ways, without
from hypothesis import given

from pasaj.core.mapping.graph import Graph
from pasaj.core.mapping.silences import Silence, dependence, silences
from pasaj.core.problems import Refused


@pytest.mark.req("R1.2")
@given(graphs(least=1))
def test_silences_by_definition(one: Graph) -> None:
    target = one.nodes[0]
    found = silences(one, target)
    assert [silence.institution for silence in found] == list(one.nodes)
    arcs = arcs_of(one)
    strong = groups(one.nodes, ways(one.nodes, arcs))
    for silence in found:
        node = silence.institution
        others, left = without(one, node)
        before = {pair for pair in ways(one.nodes, arcs) if node not in pair}
        after = ways(others, left)
        assert (silence.ways, silence.lost) == (len(before), len(before - after))
        assert silence.divides == (len(groups(others, after)) > len(strong))
        own = [other for other in others if other in reached(both(arcs), node)]
        parts = groups(own, ways(own, both(left)))
        assert {frozenset(part) for part in silence.cut} <= parts
        assert len(silence.cut) == max(0, len(parts) - 1)
        if len(parts) > 1:
            (largest,) = parts - {frozenset(part) for part in silence.cut}
            assert len(largest) == max(map(len, parts))
        lost = {first for first, last in before - after if last == target}
        assert set(silence.unheard) == (lost if node != target else set())
        assert silence.dependence == (len(before - after) / len(before) if before else 0)


def test_who_is_cut_off_in_words() -> None:
    # Two posts report to one office, which alone speaks with the ministry; the ministry tells a partner.
    found = silences(graph("AC BC CD DE"), "D")
    office = found[2]
    assert office.cut == (("A",), ("B",))
    assert [one.text() for one in office.figures()] == [
        "If C is silent, these are cut off from the rest: A, B.",
        "If C is silent, 4 of 5 ways between others are lost.",
        "If C is silent, word from these no longer reaches D: A, B.",
    ]
    assert [one.value for one in office.figures()] == [0.8] * 3
    assert found[0].figures() == ()
    assert found[3].unheard == ()
    worst = dependence(found)
    assert worst.value == 0.8
    assert worst.text() == "C: its silence would cut 4 of 5 ways between others, more than any other."


def test_without_a_deciding_body_nobody_goes_unheard() -> None:
    assert [one.unheard for one in silences(graph("AB BC"))] == [(), (), ()]


def test_dependence_of_nothing() -> None:
    assert dependence(silences(graph("AB"))).value is None
    assert dependence(silences(graph("AB"))).text() == "There is no link, so nothing can be said."
    everybody = dependence(silences(graph("AB BA AC CA BC CB")))
    assert everybody.value == 0
    assert everybody.text() == "No way between two institutions depends on a third."


def test_all_who_matter_most_are_named() -> None:
    quiet = [Silence(name, (), False, 10, lost, ()) for name, lost in (("A", 3), ("B", 5), ("C", 5))]
    assert dependence(quiet).values["names"] == "B, C"


def test_an_unknown_target_is_refused() -> None:
    with pytest.raises(Refused, match="MAPPING-001"):
        silences(graph("AB"), "Z")
