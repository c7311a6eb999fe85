"""Which changes lower fragmentation most: against trying everything on whole profiles."""

from dataclasses import replace
from datetime import date
from itertools import combinations, pairwise

import numpy as np
import pytest
from core.mapping.networks import arcs_of, graphs, reached
from core.mapping.situations import situations
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pasaj.core.mapping.closures import Closures
from pasaj.core.mapping.exchange import Need, Statement, ties
from pasaj.core.mapping.graph import Graph, build
from pasaj.core.mapping.mandates import Mandate, Register, review
from pasaj.core.mapping.network import measure
from pasaj.core.mapping.profile import Situation, profile
from pasaj.core.mapping.silences import dependence, silences
from pasaj.core.mapping.whatif import Change, applied, best, candidates
from pasaj.core.problems import Refused

SEED = 11


def case() -> Situation:
    """Two offices that do not speak with each other; the post is heard by one, and by word of mouth."""
    nodes = ("post", "north", "south", "cell", "health")
    needs = [
        Need("alerts", "post", "north"),
        Need("alerts", "north", "cell", 4.0),
        Need("alerts", "south", "cell"),
        Need("alerts", "cell", "south"),
        Need("alerts", "cell", "health"),
    ]
    said = [Statement("alerts", "post", "north", by, True, formal=False) for by in ("sender", "receiver")]
    said += [
        Statement("alerts", "south", "cell", "sender", True),
        Statement("alerts", "south", "cell", "receiver", False),
    ]
    said += [Statement("alerts", "cell", "health", "sender", False)]
    known = ties(said, nodes, needs=needs, respondents=("north", "cell"))
    return Situation(nodes, known, needs, ("post", "south"), "cell")


@pytest.mark.req("R1.2")
def test_candidates_are_what_is_needed_and_known_to_be_missing() -> None:
    found = candidates(case())
    assert found == (
        Change("agreement", "alerts", "post", "north"),
        Change("link", "alerts", "north", "cell"),
        Change("link", "alerts", "south", "cell"),
        Change("link", "alerts", "cell", "south"),
        Change("link", "alerts", "cell", "health"),
    )
    assert found[0].figure().text() == "post and north put in writing what they exchange already: alerts."
    assert found[1].figure().text() == "north tells cell, by an agreement in writing: alerts."


def test_changes_come_to_be_confirmed_in_time_and_in_writing() -> None:
    after = applied(case(), candidates(case()))
    assert {one.state for one in after.ties} == {"confirmed"}
    assert {one.formal for one in after.ties} == {True}
    assert profile(after).known["flows"] == 0
    assert candidates(after) == ()
    assert applied(case(), ()) == case()


def test_by_hand() -> None:
    found = best(case(), 1)
    # It settles the only dispute, and the south is heard.
    assert found.changes == (Change("link", "alerts", "south", "cell"),)
    assert found.components_after == pytest.approx(
        {
            "flows": 3 / 5,
            "disagreement": 0,
            "separation": 4 / 5,
            "dependence": 0,
            "informality": 1 / 2,
            "unheard": 1 / 2,
        }
    )
    assert (found.exact, found.tried) == (True, 5)
    assert found.reduction == found.bound
    assert found.figure().text() == "All 5 choices of 1 changes were tried; none lowers the weighted mean further."
    heard = best(case(), 1, weights={"unheard": 1.0})
    assert heard.changes == (Change("link", "alerts", "north", "cell"),)
    assert (heard.before, heard.after) == (1, 0.5)
    everything = best(case(), 5)
    assert everything.changes == candidates(case())


def mean(situation: Situation, codes: list[str]) -> float:
    known = profile(situation).known
    return sum(known[code] for code in codes) / len(codes)


@settings(max_examples=60, deadline=None)
@given(situations(), st.integers(1, 3))
def test_all_choices_were_tried_and_none_is_better(situation: Situation, count: int) -> None:
    codes, given_ = list(profile(situation).known), candidates(situation)
    assume(codes)
    found = best(situation, count)
    assert found.exact
    assert len(found.changes) == min(count, len(given_))
    after = applied(situation, found.changes)
    # The numbers kept along are those of a whole profile worked out anew.
    assert found.before == pytest.approx(mean(situation, codes), abs=1e-12)
    assert found.after == pytest.approx(mean(after, codes), abs=1e-12)
    assert found.components_before == pytest.approx({code: profile(situation).known[code] for code in codes})
    assert found.components_after == pytest.approx({code: profile(after).known[code] for code in codes})
    means = [mean(applied(situation, choice), codes) for choice in combinations(given_, len(found.changes))]
    assert found.tried == len(means)
    assert found.after == pytest.approx(min(means), abs=1e-9)
    # One after the other is never better, and its bound holds for the best there is.
    greedy = best(situation, count, most=0)
    assert not greedy.exact
    assert greedy.after >= found.after - 1e-9
    assert greedy.bound >= found.reduction - 1e-9
    assert greedy.after == pytest.approx(mean(applied(situation, greedy.changes), codes), abs=1e-12)


def test_one_after_the_other_says_so() -> None:
    found = best(case(), 2, most=9, rng=np.random.default_rng(SEED))
    assert (found.exact, found.tried, found.acceptance, found.favourites) == (False, 9, None, ())
    assert found.figure().text() == "Chosen one after the other: 9 choices were tried, and others may be better."
    assert found.figure().value == found.reduction
    assert best(case(), 2, most=10).exact


def test_nothing_to_choose_from() -> None:
    found = best(applied(case(), candidates(case())), rng=np.random.default_rng(SEED))
    assert (found.changes, found.reduction, found.exact, found.tried) == ((), 0, True, 1)
    assert found.figure().text() == "There is no missing link and no missing agreement to choose from."
    assert found.acceptance is None


def test_how_the_choice_fares_at_other_weights() -> None:
    found = best(case(), 2, rng=np.random.default_rng(SEED), draws=120)
    again = best(case(), 2, rng=np.random.default_rng(SEED), draws=120)
    assert found == again
    assert found.acceptance is not None
    shares = dict(found.favourites)
    assert 0 < found.acceptance <= min(shares[one] for one in found.changes)
    assert sum(shares.values()) == pytest.approx(2)
    assert list(shares.values()) == sorted(shares.values(), reverse=True)
    # Counted anew, on whole profiles.
    weights = np.random.default_rng(SEED).dirichlet(np.ones(len(found.components_before)), 120)
    choices = list(combinations(candidates(case()), 2))
    rows = [[profile(applied(case(), one)).known[code] for code in found.components_before] for one in choices]
    winners = (np.array(rows) @ weights.T).round(12).argmin(axis=0).tolist()
    assert found.acceptance == winners.count(choices.index(found.changes)) / 120


@pytest.mark.parametrize("count", [0, 6])
def test_a_count_out_of_range_is_refused(count: int) -> None:
    with pytest.raises(Refused, match="MAPPING-014"):
        best(case(), count)


@pytest.mark.parametrize(
    "weights", [{}, {"flows": 0.0}, {"flows": -1.0, "unheard": 2.0}, {"gaps": 1.0}, {"flows": float("inf")}]
)
def test_weights_that_do_not_fit_are_refused(weights: dict[str, float]) -> None:
    with pytest.raises(Refused) as caught:
        best(case(), weights=weights)
    (one,) = caught.value.problems
    assert one.code == "MAPPING-015"
    assert one.params["names"] == "flows, disagreement, separation, dependence, informality, unheard"


def test_no_component_is_refused() -> None:
    with pytest.raises(Refused, match="MAPPING-016"):
        best(Situation(("A",)))


@settings(max_examples=200)
@given(graphs(least=1), st.data())
def test_closures_follow_added_arcs(one: Graph, data: st.DataObject) -> None:
    closures, arcs = Closures.of(one), arcs_of(one)
    places = {node: at for at, node in enumerate(one.nodes)}
    pairs = [(a, b) for a in one.nodes for b in one.nodes if a != b]
    for arc in data.draw(st.lists(st.sampled_from(pairs), max_size=4)) if pairs else []:
        closures, arcs = closures.with_arc(places[arc[0]], places[arc[1]]), {*arcs, arc}
    after = build(one.nodes, arcs)
    assert (closures.table == Closures.of(after).table).all()
    assert closures.words == (len(one.nodes) + 1) * len(one.nodes)
    more = [*((places[a], places[b]) for a, b in pairs), (0, 0)]
    shapes = closures.shapes(*np.array(more).T, [0, len(one.nodes) - 1], 0)
    for at, (sender, receiver) in enumerate(more):
        arc = {(one.nodes[sender], one.nodes[receiver])} if sender != receiver else set()
        then = build(one.nodes, arcs | arc)
        assert shapes["dependence"][at] == pytest.approx(dependence(silences(then)).value or 0)
        assert shapes["separation"][at] == pytest.approx(measure(then).separation.value or 0)
        heard = one.nodes[0] in reached(arcs | arc, one.nodes[-1])
        assert shapes["unheard"][at] == (0 if heard else 0.5)


def test_closures_of_more_than_one_word() -> None:
    nodes = [f"I{at}" for at in range(70)]
    chain = build(nodes, pairwise(nodes))
    assert (Closures.of(build(nodes, [*pairwise(nodes)])).with_arc(68, 69).table
            == Closures.of(chain).table).all()  # fmt: skip
    same = np.array([0])
    shapes = Closures.of(chain).shapes(same, same, [0, 5], 69)
    assert shapes["dependence"] == pytest.approx(dependence(silences(chain)).value)
    assert (shapes["separation"], shapes["unheard"]) == (0, 0)
    turned = Closures.of(chain).shapes(np.array([69, 0]), np.array([68, 0]), [69], 0)
    assert turned["unheard"].tolist() == [1, 1]


def test_mandates_weigh_on_the_mean_and_no_link_mends_them() -> None:
    register = Register({"checks": ("",), "rescue": ("",)}, case().institutions, {}, {})
    mandates = review([Mandate("checks", "post", "lead")], register, date(2026, 3, 1))
    found = best(replace(case(), review=mandates), 1)
    alone = best(case(), 1)
    assert found.changes == alone.changes
    assert (found.components_before["gaps"], found.components_after["gaps"]) == (0.5, 0.5)
    assert found.before == pytest.approx((alone.before * 6 + 0.5) / 8)


def test_the_situation_stays_as_it_was() -> None:
    situation = case()
    best(situation, 2)
    assert situation == case()
    assert replace(situation, sources=()) != case()
