"""Situations drawn at random, small enough to try everything on."""

from itertools import permutations

from core.mapping.networks import NAMES
from hypothesis import strategies as st

from pasaj.core.mapping.exchange import ENDS, Need, Statement, ties
from pasaj.core.mapping.profile import Situation

LAYERS = ("alerts", "counts")


@st.composite
def situations(draw: st.DrawFn) -> Situation:
    nodes = NAMES[: draw(st.integers(2, 5))]
    keys = [(layer, *arc) for layer in LAYERS for arc in permutations(nodes, 2)]
    needs = [
        Need(*key, hours=draw(st.sampled_from([None, 2.0])))
        for key in draw(st.lists(st.sampled_from(keys), unique=True, max_size=6))
    ]
    said = []
    for key in draw(st.lists(st.sampled_from(keys), unique=True, max_size=8)):
        for by in ENDS:
            exists = draw(st.sampled_from([True, True, False, None]))
            if exists is not None:
                formal, hours = (
                    draw(st.sampled_from([True, False, False, None])),
                    draw(st.sampled_from([None, 1.0, 3.0])),
                )
                said.append(Statement(*key, by, exists, formal=formal, hours=hours))
    target = draw(st.sampled_from(["", nodes[0]]))
    sources = draw(st.lists(st.sampled_from(nodes), max_size=3))
    respondents = draw(st.sets(st.sampled_from(nodes)))
    return Situation(nodes, ties(said, nodes, needs=needs, respondents=respondents), needs, sources, target)
