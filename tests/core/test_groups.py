"""Groups of neighbouring places: found, told in reported counts, and rarely where nothing happened."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pasaj.core import scan
from pasaj.core.groups import rising

NAN = np.nan
DAYS, LONGEST = 56, 7
WEEK = np.array([1.0, 1.5, 0.8, 0.9, 1.6, 0.7, 0.4])


def along(places: int) -> tuple[tuple[int, ...], ...]:
    return scan.stretches(list(range(places)), max(1, places // 2))


def overdispersed(seed: int, places: int = 8, mean: float = 60, alpha: float = 0.1) -> Any:
    """Counts of places with levels and weekdays of their own; a variance of mean + alpha · mean²."""
    rng = np.random.default_rng(seed)
    levels = mean * np.exp(rng.normal(0, 0.6, (places, 1)))
    week = np.exp(rng.normal(0, 0.35, (places, 7)))[:, np.arange(DAYS) % 7]
    mu = levels * week * np.exp(rng.normal(0, 0.1, DAYS))
    return rng.negative_binomial(1 / alpha, 1 / (1 + alpha * mu)).astype(float)


def steady(places: int = 6) -> Any:
    """The same every week, at every place on its own level."""
    return np.outer(np.arange(1, places + 1) * 20.0, WEEK[np.arange(DAYS) % 7])


@pytest.mark.req("R13.60")
def test_neighbours_that_rise_together_are_a_group_with_reported_counts() -> None:
    counts = steady()
    counts[1:4, -3:] *= 2
    (group,) = rising(counts, along(6), LONGEST, weekdays=True, seed=3)
    assert [place.row for place in group.places] == [1, 2, 3]
    assert group.first == DAYS - 3
    assert group.observed == counts[1:4, -3:].sum() == sum(place.observed for place in group.places)
    assert counts[1:4, -3:].sum() / 2 < group.expected < group.observed
    assert all(place.observed > place.expected for place in group.places)
    assert group.p_value < 0.001
    assert rising(counts, along(6), LONGEST, weekdays=True, seed=3) == (group,)


@pytest.mark.req("R13.61")
def test_counts_as_uneven_as_those_of_a_border_seldom_give_a_group() -> None:
    tables = [overdispersed(seed) for seed in range(150)]
    groups = sum(bool(rising(table, along(8), LONGEST, weekdays=True, seed=7)) for table in tables)
    # The same tables as if people came one by one: nearly every second one has a "rise".
    zones = scan.distinct([[place] for place in range(8)], along(8))
    plain = [scan.space_time(table, zones, LONGEST, replicates=99, seed=7) for table in tables[:20]]
    assert sum(any(len(one.locations) > 1 and one.gumbel <= 0.01 for one in found.clusters) for found in plain) >= 8
    assert groups <= 5


@pytest.mark.req("R13.61")
def test_a_doubling_over_three_days_at_four_of_twelve_is_mostly_found_in_such_counts() -> None:
    found = 0
    for seed in range(30):
        table = overdispersed(seed, places=12)
        table[:4, -3:] *= 2
        groups = rising(table, along(12), LONGEST, weekdays=True, seed=1)
        found += bool(groups) and {place.row for place in groups[0].places} <= {0, 1, 2, 3, 4, 5}
    assert found >= 20


def test_one_place_that_rises_is_no_group() -> None:
    counts = steady()
    counts[2, -3:] *= 6
    counts[3, -3:] += 1
    assert rising(counts, along(6), LONGEST, weekdays=True) == ()


def test_a_zone_that_stands_on_its_strongest_place_alone_is_no_group() -> None:
    # Only the pair is a zone that can win: its second place has what it always has.
    counts = np.full((6, DAYS), 30.0)
    counts[0, -3:] = 200
    counts[1, -3:] = 36
    assert rising(counts, [(0, 1)], LONGEST) == ()


@pytest.mark.req("R13.61")
def test_a_rise_everywhere_and_a_fall_are_no_groups() -> None:
    counts = steady()
    counts[:, -3:] *= 3
    assert rising(counts, along(6), LONGEST, weekdays=True) == ()
    fallen = steady()
    fallen[1:3, -3:] *= 0.9
    assert rising(fallen, along(6), LONGEST, weekdays=True) == ()


def test_gaps_are_neither_counted_nor_expected_and_gappy_places_are_left_out() -> None:
    counts = steady(8)
    counts[1:4, -3:] *= 2
    whole = rising(counts, along(8), LONGEST, weekdays=True)[0]
    counts[2, -1] = NAN
    counts[5, :30] = NAN
    counts[6, :-LONGEST] = 0
    group = rising(counts, along(8), LONGEST, weekdays=True)[0]
    assert [place.row for place in group.places] == [1, 2, 3]
    assert group.places[1].observed == np.nansum(counts[2, -3:])
    assert group.places[1].expected < whole.places[1].expected


@pytest.mark.parametrize("places", [1, 3])
def test_few_places_or_no_zones_of_several_give_no_group(places: int) -> None:
    assert rising(steady(places), along(places), LONGEST) == ()
    assert rising(steady(), [(0,), (1,)], LONGEST) == ()


def test_a_day_without_any_report_and_short_tables_are_answered() -> None:
    counts = steady()
    counts[:, 20] = NAN
    assert rising(counts, along(6), LONGEST, weekdays=True) == ()
    assert rising(counts[:, -10:], along(6), 3) == ()


@pytest.mark.parametrize(
    ("counts", "longest"),
    [(np.zeros(5), 2), (np.full((3, 9), -1.0), 2), (np.zeros((3, 9)), 9), (np.zeros((3, 9)), 0)],
)
def test_tables_that_are_none_are_refused(counts: Any, longest: int) -> None:
    with pytest.raises(ValueError, match="places by time"):
        rising(counts, [(0, 1)], longest)
