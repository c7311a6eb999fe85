"""The profile, and its weighted mean at many weights."""

from dataclasses import replace
from datetime import date
from math import prod

import numpy as np
import pytest
from core.mapping.situations import situations
from hypothesis import given, settings
from hypothesis import strategies as st

from pasaj.core.mapping.exchange import Need, Statement, ties
from pasaj.core.mapping.mandates import Mandate, Register, review
from pasaj.core.mapping.meanings import MEANINGS, Figure
from pasaj.core.mapping.profile import COMPONENTS, Component, Profile, Situation, composite, profile
from pasaj.core.problems import Refused

SEED = 7


def said(arc: str, sender: bool = True, receiver: bool | None = True, formal: bool | None = None) -> list[Statement]:
    found = [Statement("alerts", arc[0], arc[1], "sender", sender, formal=formal, hours=1.0)]
    return found if receiver is None else [*found, Statement("alerts", arc[0], arc[1], "receiver", receiver)]


def made(**values: float | None) -> Profile:
    figure = Figure("", None, "no_links")
    return Profile(tuple(Component(code, values.get(code), None, None, figure) for code in COMPONENTS))


@pytest.mark.req("R1.2")
def test_a_profile_by_hand() -> None:
    nodes = "ABCDE"
    needs = [Need("alerts", "A", "B", 2.0), Need("alerts", "B", "C", 2.0), Need("alerts", "D", "C", 2.0)]
    statements = [
        *said("AB", formal=True),
        *said("BC", formal=False),
        *said("DC", receiver=False),
        *said("EC", receiver=None),
    ]
    register = Register({"checks": ("",), "rescue": ("",)}, tuple(nodes), {}, {})
    mandates = review([Mandate("checks", "A", "lead"), Mandate("checks", "B", "lead")], register, date(2026, 3, 1))
    found = profile(Situation(nodes, ties(statements, nodes, needs=needs), needs, "ADE", "C", mandates))
    assert [one.code for one in found.components] == list(COMPONENTS)
    assert found.known == pytest.approx(
        {
            "gaps": 1 / 2,
            "overlaps": 1 / 2,
            "flows": 1 / 3,
            "disagreement": 1 / 3,
            "separation": 1 - 3 / 10,
            "dependence": 1,
            "informality": 1 / 2,
            "unheard": 2 / 3,
        }
    )
    bounds = {one.code: (one.lowest, one.highest) for one in found.components}
    assert bounds["separation"] == pytest.approx((1 - 6 / 10, 1 - 3 / 10))
    assert bounds["unheard"] == pytest.approx((1 / 3, 2 / 3))
    assert bounds["disagreement"] == pytest.approx((1 / 4, 2 / 4))
    assert bounds["dependence"] == (None, None)
    assert found.components[5].figure.text() == (
        "B: its silence would cut 1 of 1 ways between others, more than any other."
    )


def test_what_is_not_known_is_no_number() -> None:
    found = profile(Situation(("A", "B")))
    assert found.known == {"separation": 1}
    assert [one.value for one in found.components if one.code != "separation"] == [None] * 7


@given(situations())
def test_components_are_shares_within_their_bounds(situation: Situation) -> None:
    found = profile(situation)
    for one in found.components:
        assert one.figure.meaning in MEANINGS
        assert "…" not in one.figure.text()
        if one.value is not None:
            assert 0 <= one.value <= 1
            assert one.lowest is None or one.lowest - 1e-12 <= one.value
            assert one.highest is None or one.value <= one.highest + 1e-12
    assert profile(replace(situation, ties=tuple(reversed(situation.ties)))).known == pytest.approx(found.known)


def _better(differences: list[float]) -> float:
    """The share of weights at which a weighted mean of differences is below zero (all different, none zero).

    The tail of a linear form of evenly drawn weights: the sum over d > 0 of d^(n-1) / product of (d - e).
    """
    above = [
        one ** (len(differences) - 1) / prod(one - other for other in differences if other != one)
        for one in differences
        if one > 0
    ]
    return 1 - sum(above)


def test_ranks_equal_the_closed_form() -> None:
    one = {"gaps": 0.9, "flows": 0.2, "separation": 0.5, "unheard": 0.3}
    other = {"gaps": 0.3, "flows": 0.6, "separation": 0.35, "unheard": 0.38}
    draws = 200_000
    found = composite(
        {"now": made(**one), "then": made(**other, overlaps=0.1)}, np.random.default_rng(SEED), draws=draws
    )
    assert found.components == ("gaps", "flows", "separation", "unheard")
    expected = _better([one[code] - other[code] for code in found.components])
    assert 0.3 < expected < 0.7
    now, then = found.standings
    assert now.ranks == pytest.approx((expected, 1 - expected), abs=5 * (0.25 / draws) ** 0.5)
    assert then.ranks == pytest.approx((1 - expected, expected), abs=5 * (0.25 / draws) ** 0.5)
    assert now.mean == pytest.approx(np.mean(list(one.values())), abs=0.002)
    assert (now.least, now.most) == (0.2, 0.9)
    assert now.least < now.low < now.mean < now.high < now.most


def test_a_profile_that_is_better_throughout_is_always_first() -> None:
    found = composite(
        {"bad": made(gaps=0.5, flows=0.9), "good": made(gaps=0.4, flows=0.9)}, np.random.default_rng(SEED)
    )
    assert [one.ranks for one in found.standings] == [(0, 1), (1, 0)]
    same = composite({"a": made(gaps=0.5), "b": made(gaps=0.5)}, np.random.default_rng(SEED), draws=10)
    assert [one.ranks for one in same.standings] == [(1, 0), (1, 0)]


def test_the_same_generator_gives_the_same_answer() -> None:
    profiles = {"a": made(gaps=0.5, flows=0.1), "b": made(gaps=0.2, flows=0.4)}
    first, second = (composite(profiles, np.random.default_rng(SEED), draws=500) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("profiles", [{}, {"a": made(gaps=0.5), "b": made(flows=0.5)}])
def test_nothing_in_common_is_refused(profiles: dict[str, Profile]) -> None:
    with pytest.raises(Refused, match="MAPPING-016"):
        composite(profiles, np.random.default_rng(SEED))


@settings(max_examples=20)
@given(st.lists(st.fixed_dictionaries({"gaps": st.floats(0, 1), "flows": st.floats(0, 1)}), min_size=1, max_size=4))
def test_every_profile_has_one_rank_at_each_weight(values: list[dict[str, float]]) -> None:
    profiles = {str(at): made(**one) for at, one in enumerate(values)}
    found = composite(profiles, np.random.default_rng(SEED), draws=200)
    for one in found.standings:
        assert sum(one.ranks) == pytest.approx(1)
        assert one.least - 1e-9 <= one.low <= one.high <= one.most + 1e-9
