"""Alpha against published examples and its definition by pairs."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from pasaj.core.scoring import Agreement, agreement, alpha

# Krippendorff (2011), section C: four observers, twelve units, missing values as dots; ordinal alpha 0.815.
PUBLISHED = ["123321412...", "1233224125.3", ".3332342251.", "12332441251."]


def columns(rows: list[str]) -> list[list[int]]:
    return [[int(one) for one in column if one != "."] for column in zip(*rows, strict=True)]


def slowly(cells: list[list[int]]) -> float | None:
    """The definition, pair by pair."""
    kept = [cell for cell in cells if len(cell) > 1]
    values = [one for cell in kept for one in cell]

    def distance(a: int, b: int) -> float:
        low, high = sorted((a, b))
        between = sum(values.count(point) for point in range(low, high + 1))
        return (between - (values.count(a) + values.count(b)) / 2) ** 2 if a != b else 0.0

    observed = sum(sum(distance(a, b) for a, b in permutations(cell, 2)) / (len(cell) - 1) for cell in kept)
    expected = sum(distance(a, b) for a, b in permutations(values, 2))
    if expected == 0:
        return None
    return 1 - (observed / len(values)) / (expected / (len(values) * (len(values) - 1)))


@pytest.mark.req("R10.5")
def test_the_published_example() -> None:
    found = alpha(columns(PUBLISHED), top=5)
    assert found is not None
    assert round(found, 3) == 0.815


cells = some.lists(some.lists(some.integers(0, 4), max_size=4), max_size=8)


@given(cells)
def test_the_definition_by_pairs(given: list[list[int]]) -> None:
    assert alpha(given) == pytest.approx(slowly(given), abs=1e-9)


def test_full_agreement_chance_and_worse() -> None:
    assert alpha([[0, 0], [4, 4], [2, 2]]) == 1
    assert alpha([[0, 4], [4, 0]]) == pytest.approx(-0.5)
    assert (alpha([[3, 3], [3, 3]]), alpha([[1], []]), alpha([])) == (None, None, None)


def test_the_interval_is_the_same_for_the_same_generator() -> None:
    given = [[0, 1], [4, 4], [2, 3], [1, 1], [3, 4], [0, 0]] * 5
    first, second = (agreement(given, np.random.default_rng(7)) for _ in range(2))
    assert first == second
    assert first.alpha == alpha(given)
    assert first.low is not None
    assert first.high is not None
    assert first.low < first.alpha < first.high <= 1  # type: ignore[operator]
    assert (first.cells, first.draws) == (30, 1000)


def test_the_interval_holds_the_true_value_about_as_often_as_it_says() -> None:
    """Cells from one known distribution: alpha of very many of them is the truth."""
    rng = np.random.default_rng(11)

    def sample(total: int) -> list[list[int]]:
        truth = rng.integers(0, 5, total)
        return [[int(np.clip(one + move, 0, 4)) for move in rng.integers(-1, 2, 2)] for one in truth]

    true = alpha(sample(20_000))
    assert true is not None
    inside = 0
    for _ in range(200):
        found = agreement(sample(80), rng, draws=300)
        inside += found.low <= true <= found.high  # type: ignore[operator]
    assert 180 <= inside <= 199  # 95 % of 200 is 190; a percentile interval is a little narrow


def test_nothing_to_agree_about() -> None:
    rng = np.random.default_rng(1)
    assert agreement([[1]], rng) == Agreement(None, None, None, 0, 0)
    assert agreement([[1, 1], [1, 1]], rng) == Agreement(None, None, None, 2, 0)


@pytest.mark.parametrize("wrong", [[[0, 5]], [[-1, 2]]])
def test_off_the_scale(wrong: list[list[int]]) -> None:
    with pytest.raises(ValueError, match="not on the scale"):
        alpha(wrong)
