"""Revisions that moved a figure further than those of its source usually do."""

from math import inf

import pytest

from pasaj.core.revisions import ENOUGH, Figure, spikes

USUAL = [Figure("posts", (100.0 + k, 104.0 + k + k % 3)) for k in range(20)]


@pytest.mark.req("R13.28")
def test_a_figure_moved_further_than_its_source_does_is_told() -> None:
    figures = [*USUAL, Figure("posts", (100.0, 103.0)), Figure("posts", (100.0, 210.0)), Figure("posts", (100.0, 30.0))]
    found = spikes(figures)
    assert [(one.index, one.first, one.farthest, one.last) for one in found] == [(21, 100, 210, 210), (22, 100, 30, 30)]
    up, down = found
    assert up.ratio == 2.1
    assert up.score > 3.5
    assert down.score < -3.5
    assert down.high < up.farthest
    assert 100 < up.high < 210
    assert 30 < down.low < 100 < down.high
    assert not up.pooled


@pytest.mark.req("R13.28")
def test_a_source_that_corrects_much_is_judged_by_itself() -> None:
    wild = [Figure("survey", (100.0, 100.0 + (-1) ** k * (20 + 3 * k))) for k in range(12)]
    moved = Figure("survey", (100.0, 145.0))
    assert not spikes([*USUAL, *wild, moved])
    assert [one.index for one in spikes([*USUAL, Figure("posts", (100.0, 145.0))])] == [20]
    # The same figure of a source of which little is known is judged by all of them.
    assert [one.pooled for one in spikes([*USUAL, Figure("new", (100.0, 160.0))])] == [True]


def test_a_value_that_came_and_went_is_told_and_small_or_usual_changes_are_not() -> None:
    gone = Figure("posts", (100.0, 1000.0, 101.0))
    found = spikes([*USUAL, gone])
    assert [(one.farthest, one.last, one.ratio) for one in found] == [(1000, 101, 10)]
    assert not spikes([*USUAL, Figure("posts", (0.0, 4.0))])
    zero = spikes([*USUAL, Figure("posts", (0.0, 40.0))])
    assert [one.ratio for one in zero] == [inf]
    assert zero[0].low == 0


def test_nothing_is_usual_before_enough_was_revised() -> None:
    few = USUAL[: ENOUGH - 2] + [Figure("posts", (50.0,))] * 30 + [Figure("posts", (100.0, 900.0))]
    assert spikes(few) == ()
    assert spikes([]) == ()
    assert spikes([*USUAL, Figure("posts", (7.0, 7.0))]) == ()


@pytest.mark.parametrize("values", [(), (-1.0, 2.0), (1.0, inf), (1.0, float("nan"))])
def test_figures_that_are_none_are_refused(values: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="Every figure"):
        spikes([Figure("posts", values)])


def test_a_distance_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="distance"):
        spikes(USUAL, far=0)


@pytest.mark.req("R13.28")
def test_a_figure_moved_less_than_usual_is_no_spike() -> None:
    doubling = [Figure("late", (100.0, 200.0 + k)) for k in range(10)]
    assert not spikes([*doubling, Figure("late", (100.0, 110.0))])
    assert [
        one.index for one in spikes([*doubling, Figure("late", (100.0, 60.0)), Figure("late", (100.0, 900.0))])
    ] == [10, 11]
