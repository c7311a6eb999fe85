"""Weighted sum and TOPSIS against pymcdm (an oracle), and by hand.

Normalisations, by their name in pymcdm: `minmax_normalization` for the weighted sum, which is what linear value
functions are whose ends are the worst and best of the options; `vector_normalization` for TOPSIS.
"""

import numpy as np
import pytest

from pasaj.core.appraisal import Linear, topsis, value, weighted

CASES = 500


@pytest.mark.req("R12.11")
@pytest.mark.filterwarnings("ignore:Alternatives with indices")
def test_as_pymcdm() -> None:
    from pymcdm.methods import TOPSIS, WSM
    from pymcdm.normalizations import minmax_normalization, vector_normalization

    chance, sums, ideals = np.random.default_rng(6), WSM(minmax_normalization), TOPSIS(vector_normalization)
    far = [0.0, 0.0]
    for _case in range(CASES):
        options, criteria = chance.integers(2, 21), chance.integers(1, 11)
        matrix = chance.uniform(1, 1000, (options, criteria)) * 10.0 ** chance.integers(-3, 4, criteria)
        shares, types = chance.dirichlet(np.ones(criteria)), chance.choice([-1, 1], criteria)
        values = [
            [
                value(Linear(*((min(column), max(column)) if kind > 0 else (max(column), min(column)))), one)
                for one, column, kind in zip(row, matrix.T.tolist(), types, strict=True)
            ]
            for row in matrix.tolist()
        ]
        ours = weighted(values, shares.tolist()), topsis(matrix.tolist(), shares.tolist(), (types > 0).tolist())
        theirs = sums(matrix, shares, types), ideals(matrix, shares, types)
        for at in range(2):
            far[at] = max(far[at], float(np.abs(np.array(ours[at]) - theirs[at]).max()))
    assert [one < 1e-9 for one in far] == [True, True], far


@pytest.mark.filterwarnings("ignore:Alternatives with indices")
def test_another_normalisation_gives_another_order() -> None:
    """Why the normalisation is named: that of pymcdm's default puts another option first."""
    from pymcdm.methods import TOPSIS
    from pymcdm.normalizations import minmax_normalization

    matrix, shares = [[0.71, 18.0], [0.19, 20.0], [0.11, 30.0]], [0.5, 0.5]
    theirs = TOPSIS(minmax_normalization)(np.array(matrix), np.array(shares), np.array([1, 1]))
    ours = topsis(matrix, shares)
    assert ours is not None
    assert (np.argsort(ours)[::-1].tolist(), np.argsort(theirs)[::-1].tolist()) == ([0, 2, 1], [2, 0, 1])


def test_by_hand() -> None:
    assert weighted([[1, 0], [0.5, 0.5], [0, 1]], [3, 1]) == (0.75, 0.5, 0.25)
    assert topsis([[3, 0], [4, 0]], [1, 1]) == (0, 1)  # a column of zeros says nothing
    assert topsis([[3, 1], [4, 1]], [1, 1], [False, True]) == (1, 0)
    assert topsis([[2, 2], [2, 2]], [1, 1]) is None
    assert topsis([[2, 2]], [1, 1]) is None
    assert topsis([], [1, 1]) is None


@pytest.mark.parametrize("method", [weighted, topsis])
@pytest.mark.parametrize(
    ("matrix", "shares", "said"),
    [
        ([[1.0]], [0.5, 0.5], "Each option has one"),
        ([[1.0, 1.0]], [-1, 2], "never negative"),
        ([[1.0, 1.0]], [0, 0], "not all zero"),
        ([], [], "not all zero"),
    ],
)
def test_wrong_input(method: object, matrix: list[list[float]], shares: list[float], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        method(matrix, shares)  # type: ignore[operator]


def test_one_benefit_a_criterion() -> None:
    with pytest.raises(ValueError, match="one figure a criterion"):
        topsis([[1.0, 2.0]], [1, 1], [True])
