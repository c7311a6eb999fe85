"""The space-time scan: by hand, its Monte Carlo, zones, refusals."""

import itertools
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_array_equal

from pasaj.core import scan
from pasaj.core.problems import Refused
from pasaj.core.scan import distinct, nearest, space_time, stretches

NAN = float("nan")
tables = arrays(np.int64, st.tuples(st.integers(1, 5), st.integers(1, 6)), elements=st.integers(0, 9))


def every(locations: int) -> list[tuple[int, ...]]:
    """All sets of locations."""
    places = range(locations)
    return [zone for size in range(1, locations + 1) for zone in itertools.combinations(places, size)]


def by_definition(table: Any, zone: tuple[int, ...], duration: int) -> tuple[float, float, float]:
    """Observed, expected and score as the paper writes them, with plain numbers."""
    cases = int(table.sum())
    recent = table[:, table.shape[1] - duration :]
    seen = int(recent[list(zone)].sum())
    usual = sum(int(table[place].sum()) * int(recent.sum()) for place in zone) / cases if cases else 0
    if seen <= usual:
        return seen, usual, 0.0
    rest = (cases - seen) * math.log((cases - seen) / (cases - usual)) if cases > seen else 0.0
    return seen, usual, seen * math.log(seen / usual) + rest


@given(tables)
def test_every_zone_and_duration_has_the_score_of_the_paper(table: Any) -> None:
    found = space_time(table, every(len(table)), replicates=0)
    assert found.score.shape == (2 ** len(table) - 1, table.shape[1])
    for number, zone in enumerate(found.zones):
        for duration in range(1, table.shape[1] + 1):
            seen, usual, score = by_definition(table, zone, duration)
            assert found.observed[number, duration - 1] == seen
            assert found.expected[number, duration - 1] == pytest.approx(usual)
            assert found.score[number, duration - 1] == pytest.approx(score, abs=1e-9)


@pytest.mark.req("R13.13")
def test_clusters_are_listed_by_score_and_share_no_place() -> None:
    table = np.full((8, 12), 5)
    table[[1, 2], -3:] += 9
    table[6, -1] += 12
    found = space_time(table, stretches(range(8), 4), replicates=99)
    first, second = found.clusters[:2]
    assert (first.locations, first.duration, first.first) == ((1, 2), 3, 9)
    assert first.observed == 84
    assert first.relative_risk == pytest.approx(84 / first.expected)
    assert first.outside < 1
    assert first.p_value == 0.01
    assert first.gumbel < 1e-3
    assert (second.locations, second.duration, second.first) == ((6,), 1, 11)
    scores = [cluster.score for cluster in found.clusters]
    assert scores == sorted(scores, reverse=True)
    places = [place for cluster in found.clusters for place in cluster.locations]
    assert len(places) == len(set(places))
    assert len(space_time(table, stretches(range(8), 4), replicates=0, clusters=1).clusters) == 1


def test_a_rise_everywhere_is_no_cluster() -> None:
    table = np.full((6, 10), 4)
    table[:, -2:] *= 3
    found = space_time(table, stretches(range(6), 6))
    assert found.clusters == ()
    assert found.score.max() == 0


def test_without_cases_nothing_is_found() -> None:
    found = space_time(np.zeros((3, 4)), every(3))
    assert found.clusters == ()
    assert_array_equal(found.largest, np.zeros(999))


@pytest.mark.req("R13.14")
@pytest.mark.parametrize("scale", [1, 100])
def test_a_seed_gives_the_same_p_values_again(scale: int) -> None:
    table = np.random.default_rng(5).poisson(3, (6, 8)) * scale
    one, same, other = (space_time(table, every(6), 4, seed=seed) for seed in (7, 7, 8))
    assert_array_equal(one.largest, same.largest)
    assert one.clusters == same.clusters
    assert not np.array_equal(one.largest, other.largest)


def test_the_best_score_of_a_replicate_is_that_of_its_table(monkeypatch: pytest.MonkeyPatch) -> None:
    table = np.random.default_rng(6).poisson(2, (4, 6))
    for draw in ("_shuffled", "_drawn"):
        kept: list[Any] = []
        original = getattr(scan, draw)

        def keep(*args: Any, original: Any = original, kept: list[Any] = kept) -> Any:
            kept.append(original(*args))
            return kept[-1]

        monkeypatch.setattr(scan, "DENSE", 10**9 if draw == "_shuffled" else 0)
        monkeypatch.setattr(scan, draw, keep)
        found = space_time(table, every(4), replicates=40)
        drawn = np.concatenate(kept, axis=1)
        assert drawn.shape == (4, 40, 6)
        for number in range(40):
            shuffled = drawn[:, number, ::-1]
            assert_array_equal(shuffled.sum(axis=0), table.sum(axis=0))
            assert_array_equal(shuffled.sum(axis=1), table.sum(axis=1))
            best = max(by_definition(shuffled, zone, back)[2] for zone in every(4) for back in range(1, 7))
            assert found.largest[number] == pytest.approx(best)


@pytest.mark.parametrize("draw", ["_shuffled", "_drawn"])
def test_cells_vary_as_shuffled_cases_do(draw: str) -> None:
    # Mean and variance of a hypergeometric cell; the last periods only.
    table = np.array([[5, 2, 8, 1], [3, 9, 0, 6], [4, 4, 7, 2]])
    drawn = getattr(scan, draw)(table, 20000, 2, np.random.default_rng(1))
    cases = table.sum()
    for place in range(3):
        for back in range(2):
            here, now = table[place].sum(), table[:, 3 - back].sum()
            mean = here * now / cases
            variance = mean * (cases - here) * (cases - now) / (cases * (cases - 1))
            assert drawn[place, :, back].mean() == pytest.approx(mean, abs=5 * (variance / 20000) ** 0.5)
            assert drawn[place, :, back].var() == pytest.approx(variance, rel=0.06)


def test_shuffled_tables_ring_as_often_as_they_should() -> None:
    rng = np.random.default_rng(20260301)
    zones, rings = stretches(range(6), 3), 0
    for trial in range(400):
        table = rng.multinomial(150, np.outer(np.arange(1, 7), np.ones(8)).ravel() / 168).reshape(6, 8)
        found = space_time(table, zones, 4, replicates=99, seed=trial)
        rings += bool(found.clusters) and found.clusters[0].p_value <= 0.1
    assert 22 <= rings <= 58  # 40 expected, three standard errors


def test_the_smooth_tail_agrees_with_the_rank() -> None:
    table = np.random.default_rng(2).poisson(4, (8, 10))
    for seed in range(3):
        best = space_time(table, stretches(range(8), 4), seed=seed).clusters[0]
        assert best.gumbel == pytest.approx(best.p_value, abs=0.05)


def test_without_enough_replicates_there_is_no_p_value() -> None:
    table = [[1, 2, 9], [2, 2, 1]]
    none, one = (space_time(table, every(2), replicates=number).clusters[0] for number in (0, 1))
    assert math.isnan(none.p_value)
    assert math.isnan(none.gumbel)
    assert one.p_value in (0.5, 1.0)
    assert math.isnan(one.gumbel)


def test_the_results_do_not_depend_on_the_size_of_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    table = np.random.default_rng(9).poisson(2, (5, 6))
    whole = space_time(table, every(5))
    monkeypatch.setattr(scan, "BLOCK", 1000)
    assert_array_equal(space_time(table, every(5)).largest, whole.largest)


@pytest.mark.req("R13.15")
def test_nearest_places_by_travel_time() -> None:
    minutes: Any = [[0, 5, 9, NAN], [5, 0, 9, math.inf], [1, 9, 0, 2], [NAN, NAN, 2, 0]]
    zones = nearest(minutes, 3)
    assert zones == ((0,), (0, 1), (0, 1, 2), (1,), (2,), (0, 2), (0, 2, 3), (3,), (2, 3))
    assert nearest(minutes, 1) == ((0,), (1,), (2,), (3,))
    assert nearest(np.zeros((3, 3)), 2) == ((0,), (0, 1), (1,), (2,), (0, 2))


@pytest.mark.req("R13.15")
def test_stretches_of_a_border_and_administrative_sets() -> None:
    line = stretches([3, 0, 2], 2)
    assert line == ((3,), (0,), (2,), (0, 3), (0, 2))
    assert stretches([0], 5) == ((0,),)
    communes = [[2, 0], [3, 1]]
    assert distinct(line, communes) == (*line, (1, 3))


@pytest.mark.parametrize(
    ("counts", "zones", "more", "code"),
    [
        ([[1, NAN]], [[0]], {}, "DETECT-140"),
        ([[1, -1]], [[0]], {}, "DETECT-140"),
        ([[1, 0.5]], [[0]], {}, "DETECT-140"),
        ([[1, 1e12]], [[0]], {}, "DETECT-140"),
        ([[9e8, 9e8]], [[0]], {}, "DETECT-140"),
        ([1, 2], [[0]], {}, "DETECT-140"),
        ([[]], [[0]], {}, "DETECT-140"),
        ([["x"]], [[0]], {}, "DETECT-140"),
        ([[1, 2]], [], {}, "DETECT-141"),
        ([[1, 2]], [[]], {}, "DETECT-141"),
        ([[1, 2]], [[1]], {}, "DETECT-141"),
        ([[1, 2]], [[-1]], {}, "DETECT-141"),
        ([[1, 2]], [[0, 0]], {}, "DETECT-141"),
        ([[1, 2]], [[0]], {"max_duration": 0}, "DETECT-142"),
        ([[1, 2]], [[0]], {"max_duration": 3}, "DETECT-142"),
        ([[1, 2]], [[0]], {"replicates": -1}, "DETECT-142"),
        ([[1, 2]], [[0]], {"clusters": 0}, "DETECT-142"),
    ],
)
def test_what_cannot_be_scanned_is_refused(counts: Any, zones: Any, more: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as caught:
        space_time(counts, zones, **more)
    assert caught.value.problems[0].code == code


def test_zones_that_cannot_be_made_are_refused() -> None:
    with pytest.raises(Refused, match="DETECT-140"):
        nearest([[0, 1]], 2)
    with pytest.raises(Refused, match="DETECT-142"):
        nearest([[0]], 0)
    with pytest.raises(Refused, match="DETECT-142"):
        stretches([0], 0)
