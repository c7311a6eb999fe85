"""Two rounds: what moved, and what cannot be told from noise."""

from __future__ import annotations

from math import sqrt

import pytest

from pasaj.core.scoring import Answer, Change, Indicator, Missing, Range, Scores, compare, noise, score

INDICATORS = [Indicator("L1", "LEG", 3), Indicator("L2", "LEG"), Indicator("E1", "EQP")]
PILLARS = {"LEG": 1.0, "EQP": 1.0}


def one_round(cells: dict[tuple[str, str], list[int | Missing]]) -> Scores:
    asked: dict[str, list[str]] = {}
    for unit, code in cells:
        asked.setdefault(unit, []).append(code)
    answers = [
        Answer(unit, code, f"assessor {at}", value)
        for (unit, code), values in cells.items()
        for at, value in enumerate(values)
    ]
    return score(indicators=INDICATORS, pillars=PILLARS, asked=asked, answers=answers)


def told(old: Scores, new: Scores, same: set[str] | None = None) -> dict[tuple[str, str], Change]:
    found = compare(old, new, indicators=INDICATORS, pillars=PILLARS, same=same or {"L1", "L2", "E1"})
    return {(one.level, one.code): one for one in found}


@pytest.mark.req("R10.6")
def test_verdicts() -> None:
    old = one_round({("A", "L1"): [1], ("A", "L2"): [2], ("A", "E1"): [3], ("B", "L1"): [Missing.NOT_APPLICABLE]})
    new = one_round({("A", "L1"): [3], ("A", "L2"): [2], ("A", "E1"): [1], ("B", "L1"): [2]})
    found = told(old, new)
    verdicts = {key: one.verdict for key, one in found.items()}
    assert verdicts == {
        ("country", ""): "down", ("pillar", "LEG"): "up", ("pillar", "EQP"): "down", ("unit", "A"): "down",
        ("indicator", "L1"): "up", ("indicator", "L2"): "same", ("indicator", "E1"): "down",
    }  # fmt: skip
    assert {one.margin for one in found.values()} == {None}
    assert found["pillar", "LEG"] == Change("pillar", "LEG", Range(1.25, 1.25), Range(2.75, 2.75), None, "up", 2)
    assert list(found) == [
        ("country", ""), ("pillar", "LEG"), ("pillar", "EQP"), ("unit", "A"), ("indicator", "E1"), ("indicator", "L1"),
        ("indicator", "L2"),
    ]  # fmt: skip


@pytest.mark.req("R10.6")
def test_only_what_both_asked_and_mean_alike() -> None:
    old = one_round({("A", "L1"): [0], ("A", "L2"): [0], ("A", "E1"): [0], ("C", "L1"): [0]})
    new = one_round({("A", "L1"): [4], ("A", "L2"): [4], ("B", "L1"): [4]})
    found = told(old, new, {"L1", "E1"})
    assert set(found) == {("country", ""), ("pillar", "LEG"), ("pillar", "EQP"), ("unit", "A"), ("indicator", "L1")}
    assert (found["country", ""].cells, found["pillar", "EQP"].verdict) == (1, "unknown")


@pytest.mark.req("R10.6")
def test_a_range_that_overlaps_is_noise() -> None:
    old = one_round({("A", "L1"): [1, 3]})
    assert told(old, one_round({("A", "L1"): [3, 4]}))["pillar", "LEG"].verdict == "noise"
    assert told(old, one_round({("A", "L1"): [4, 4]}))["pillar", "LEG"].verdict == "up"


@pytest.mark.req("R10.6")
def test_a_single_assessor_hides_noise_that_others_show() -> None:
    """L1 answered twice, one point apart: the pooled deviation is 1/sqrt(2). E1 answered once in both rounds."""
    old = one_round({("A", "L1"): [1, 2], ("A", "E1"): [1]})
    new = one_round({("A", "L1"): [1, 2], ("A", "E1"): [2]})
    spread = noise(old, new)
    assert spread == pytest.approx(sqrt(0.5))
    found = told(old, new)
    assert found["pillar", "EQP"].margin == pytest.approx(1.96 * sqrt(0.5) * sqrt(2))
    assert found["pillar", "EQP"].verdict == "noise"
    assert found["pillar", "LEG"].margin == 0
    assert told(old, one_round({("A", "L1"): [1, 2], ("A", "E1"): [4]}))["pillar", "EQP"].verdict == "up"


def test_equal_and_exact_with_known_noise_is_the_same() -> None:
    old = one_round({("A", "L1"): [2, 2], ("A", "E1"): [1, 2]})
    found = told(old, old)
    assert (found["pillar", "LEG"].verdict, found["pillar", "EQP"].verdict) == ("same", "noise")


def test_noise_needs_two_assessors() -> None:
    assert noise(one_round({("A", "L1"): [1], ("A", "E1"): [2, Missing.NOT_OBSERVED]})) is None
