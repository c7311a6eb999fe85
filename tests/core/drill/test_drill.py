"""Scenarios, players and measures of drills, on values that can be followed by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from pasaj.core.drill import (
    Change,
    Conflict,
    Counts,
    Cut,
    Key,
    Player,
    Scenario,
    Silence,
    Spell,
    Usual,
    compare,
    delay,
    fingerprint,
    free_from,
    happens,
    plain,
    reports,
)

NORTH = Key("TL-BCP-NOR", "returns", "total", "REG")
SOUTH = Key("TL-BCP-SOU", "returns", "total", "REG")
DAY = date(2025, 6, 10)


def at(hour: float, day: date = DAY) -> datetime:
    return datetime(day.year, day.month, day.day) + timedelta(hours=hour)  # noqa: DTZ001 - on the country's clock


def scenario(**more: object) -> Scenario:
    one = Scenario(
        code="surge",
        plan="P",
        hazard="returns",
        level="orange",
        names={"en": "Surge"},
        summaries={"en": "Many return"},
        start=DAY,
        days=4,
        before=3,
        onset_at=at(6),
        seed=7,
        usual=(Usual(NORTH, 0.0), Usual(SOUTH, 40.0)),
    )
    return replace(one, **more)  # type: ignore[arg-type]


def values(told: Scenario, key: Key) -> dict[date, int]:
    return {one.day: value for one in reports(told) for held, value in one.values if held == key}


def test_counts_add_up_exactly_and_stand_on_their_days() -> None:
    found = values(scenario(counts=(Counts(NORTH, DAY, 1000, (1, 0, 3)),)), NORTH)
    assert (sum(found.values()), found[DAY + timedelta(days=1)]) == (1000, 0)
    assert [day for day in found if found[day]] == [DAY, DAY + timedelta(days=2)]
    assert found[DAY] < found[DAY + timedelta(days=2)]


def test_counts_beyond_the_days_that_are_played_are_left_out() -> None:
    found = values(scenario(counts=(Counts(NORTH, DAY + timedelta(days=3), 100, (0, 1)),)), NORTH)
    assert set(found.values()) == {0}


def test_the_same_scenario_says_the_same_and_the_seed_changes_it() -> None:
    assert reports(scenario()) == reports(scenario())
    assert values(scenario(), SOUTH) != values(scenario(seed=8), SOUTH)
    # A series more changes nothing of the others.
    assert values(scenario(usual=(Usual(SOUTH, 40.0),)), SOUTH) == values(scenario(), SOUTH)


def test_counts_of_a_series_without_a_usual_level_are_refused() -> None:
    with pytest.raises(ValueError, match="TL-BCP-NOR returns: no usual level is said"):
        reports(scenario(usual=(), counts=(Counts(NORTH, DAY, 5, (1,)),)))


def test_a_silence_reports_nothing_and_the_other_source_goes_on() -> None:
    told = scenario(silences=(Silence("TL-BCP-SOU", "REG", DAY, DAY + timedelta(days=1)),))
    days = {one.day for one in reports(told) if one.place == "TL-BCP-SOU"}
    assert days == {DAY + timedelta(days=ahead) for ahead in (-3, -2, -1, 2, 3)}
    assert {one.day for one in reports(told) if one.place == "TL-BCP-NOR"} > days


def test_a_second_source_differs_by_its_factor_and_agrees_on_other_days() -> None:
    other = replace(SOUTH, source="NET")
    found = scenario(conflicts=(Conflict(other, "REG", DAY, DAY, 0.5),))
    first, second = values(found, SOUTH), values(found, other)
    assert second[DAY] == round(first[DAY] * 0.5)
    assert all(second[day] == first[day] for day in first if day != DAY)


def test_what_does_not_vary_is_the_same_every_day() -> None:
    assert set(values(scenario(usual=(Usual(NORTH, 620, dispersion=0),)), NORTH).values()) == {620}


def test_a_closed_crossing_counts_nobody_on_those_days() -> None:
    found = values(scenario(changes=(Change(SOUTH, DAY, DAY + timedelta(days=1), 0),)), SOUTH)
    assert [day for day, value in found.items() if value == 0] == [DAY, DAY + timedelta(days=1)]
    assert values(scenario(changes=(Change(NORTH, DAY, DAY, 0),)), SOUTH) == values(scenario(), SOUTH)


def test_reports_wait_for_the_network() -> None:
    cut = Cut(("TL-BCP-NOR",), at(12), at(40))
    sent = {one.day: one.at for one in reports(scenario(cuts=(cut,))) if one.place == "TL-BCP-NOR"}
    assert sent[DAY] >= at(40)
    assert sent[DAY + timedelta(days=1)] >= at(18, DAY + timedelta(days=1))
    assert sent[DAY - timedelta(days=1)] < at(0)


def test_reports_come_in_the_order_in_which_they_arrive() -> None:
    sent = [one.at for one in reports(scenario())]
    assert sent == sorted(sent)
    assert sent[0] > at(18, DAY - timedelta(days=3))


def test_delays_have_the_mean_they_are_told() -> None:
    drawn = [delay(Player(minutes=30, spread=0.5), 1, f"n{one}").total_seconds() / 60 for one in range(2000)]
    assert abs(sum(drawn) / len(drawn) - 30) < 1.2
    assert delay(Player(minutes=0), 1, "x") == timedelta(seconds=1)
    assert delay(Player(), 1, "x") == delay(Player(), 1, "x") != delay(Player(), 1, "y")


def test_what_never_and_what_always_happens() -> None:
    assert [happens(share, 1, "x") for share in (0.0, 1.0)] == [False, True]


@pytest.mark.parametrize(
    ("hour", "start", "end", "then"),
    [(10, 8, 18, 10), (7, 8, 18, 8), (18, 8, 18, 32), (3, 22, 6, 3), (23, 22, 6, 23), (10, 22, 6, 22), (5, 8, 8, 5)],
)
def test_somebody_is_there_in_the_hours(hour: int, start: int, end: int, then: int) -> None:
    assert free_from(at(hour), Player(from_hour=start, to_hour=end)) == at(then)


def test_somebody_who_is_away_comes_back_within_the_hours() -> None:
    player = Player(from_hour=8, to_hour=18)
    away = [Spell(at(9), at(20)), Spell(at(33), at(34)), Spell(at(60), at(61))]
    assert free_from(at(10), player, away) == at(32)
    assert free_from(at(33.5), player, away) == at(34)


def test_away_spells_that_follow_each_other_are_all_waited_for() -> None:
    assert free_from(at(9), Player(), [Spell(at(8), at(10)), Spell(at(10), at(12))]) == at(12)


def test_hours_that_never_open_do_not_run_for_ever() -> None:
    player = Player(from_hour=8, to_hour=9)
    away = [Spell(at(8 + 24 * day), at(9 + 24 * day)) for day in range(3)]
    assert free_from(at(8), player, away) == at(8 + 72)


def test_a_drill_is_compared_with_its_promises_and_with_the_one_before() -> None:
    steps = ("report", "detect", "verify", "approve")
    rows = compare(steps, {"report": 6, "detect": 2, "verify": 4}, {"report": 6.0, "detect": 9.5}, {"detect": 11.0})
    assert [one.step for one in rows] == list(steps)
    assert [one.took for one in rows] == [6, 9.5, None, None]
    assert [one.kept for one in rows] == [True, False, False, None]
    assert [one.change for one in rows] == [None, -1.5, None, None]
    assert [one.before for one in compare(("report",), {}, {"report": 1.0})] == [None]


def test_a_scenario_is_plain_and_its_fingerprint_follows_it() -> None:
    told = scenario(counts=(Counts(NORTH, DAY, 5, (1,)),), players={"duty": Player()})
    assert plain(told)["counts"][0]["key"]["place"] == "TL-BCP-NOR"
    assert plain(told)["onset_at"] == "2025-06-10 06:00:00"
    assert fingerprint(told) == fingerprint(replace(told))
    assert fingerprint(told) != fingerprint(replace(told, seed=8))
