"""core.plans: plans as values, their check, which level is proposed, what may open, what took how long."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from core.plans import ACTIONS, KNOWN, PLAN
from hypothesis import given
from hypothesis import strategies as st

from pasaj.core.drill import compare
from pasaj.core.plans import (
    PROMISES,
    Action,
    Level,
    Part,
    Plan,
    Sign,
    Standing,
    Timed,
    Timing,
    Trigger,
    check,
    fingerprint,
    from_plain,
    measure,
    plain,
    proposed,
    standings,
)
from pasaj.core.plans.review import share

DAY = date(2026, 11, 30)
START = datetime(2026, 11, 30, 6, tzinfo=UTC)
RECEIVE, COUNT, PATROL = ACTIONS


def told(plan: Plan, day: date = DAY, **known: Any) -> list[tuple[str, str]]:
    return [(one.code, one.column) for one in check(plan, replace(KNOWN, **known), day)]


def acted(*actions: Action, **fields: Any) -> Plan:
    return replace(PLAN, actions=actions, **fields)


@pytest.mark.req("R11.50")
def test_a_plan_is_read_back_equal_and_has_one_fingerprint() -> None:
    assert from_plain(plain(PLAN)) == PLAN
    assert fingerprint(PLAN) == fingerprint(from_plain(plain(PLAN)))
    assert fingerprint(replace(PLAN, days=15)) != fingerprint(PLAN)


def test_parts_of_a_plan_are_found_by_code() -> None:
    assert PLAN.level("red") == PLAN.levels[1]
    assert PLAN.level("blue") is None
    assert PLAN.action("count") == COUNT
    assert PLAN.action("sing") is None
    assert PLAN.of_level("orange") == (RECEIVE, COUNT)
    assert PLAN.of_level("blue") == ()
    assert replace(PLAN, levels=(Level("x", {}, {}, ("receive", "sing")),)).of_level("x") == (RECEIVE,)


@pytest.mark.req("R11.51")
def test_a_good_plan_has_no_mistake() -> None:
    assert told(PLAN) == []
    assert told(PLAN, hazards=None) == []


@pytest.mark.req("R11.51")
@pytest.mark.parametrize(
    ("trigger", "expected"),
    [
        (Trigger("signal", "orange", measure="returns"), []),
        (Trigger("signal", "orange", measure="water", direction="down"), []),
        (Trigger("signal", "orange", protection=True), []),
        (Trigger("signal", "orange", measure="water", direction="up"), [("PLAN-020", "triggers.1.measure")]),
        (Trigger("signal", "orange", measure="entries"), [("PLAN-020", "triggers.1.measure")]),
        (Trigger("signal", "orange", measure="nothing"), [("PLAN-020", "triggers.1.measure")]),
        (Trigger("signal", "orange", measure="returns", protection=True), [("PLAN-020", "triggers.1.measure")]),
        (Trigger("alert", "orange", hazard="storm"), [("PLAN-021", "triggers.1.hazard")]),
    ],
)
def test_every_trigger_can_happen(trigger: Trigger, expected: list[tuple[str, str]]) -> None:
    assert told(replace(PLAN, triggers=(trigger, PLAN.triggers[1]))) == expected


@pytest.mark.req("R11.51")
def test_without_templates_at_hand_a_hazard_is_not_judged() -> None:
    other = replace(PLAN, triggers=(PLAN.triggers[0], replace(PLAN.triggers[1], hazard="storm")))
    assert told(other, hazards=None) == []


@pytest.mark.req("R11.51")
@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        (replace(PLAN, triggers=PLAN.triggers[:1]), [("PLAN-022", "levels.2.code")]),
        (acted(replace(RECEIVE, lead=""), COUNT, PATROL), [("PLAN-023", "actions.1.lead")]),
        (acted(RECEIVE, replace(COUNT, lead="AID"), PATROL), [("PLAN-024", "actions.2.lead")]),
        (acted(RECEIVE, replace(COUNT, lead="CELL"), PATROL), [("PLAN-024", "actions.2.lead")]),
        (
            acted(replace(RECEIVE, protection=False), COUNT, PATROL),
            [("PLAN-025", "levels.1.actions"), ("PLAN-025", "levels.2.actions"), ("PLAN-030", "actions.3.after")],
        ),
        (
            replace(PLAN, levels=(PLAN.levels[0], replace(PLAN.levels[1], actions=("count", "receive", "patrol")))),
            [("PLAN-026", "levels.2.actions")],
        ),
        (
            acted(replace(RECEIVE, after=("count",), hours=4.5), COUNT, PATROL),
            [("PLAN-027", "actions.1.after"), ("PLAN-027", "actions.2.after")],
        ),
        (acted(RECEIVE, replace(COUNT, hours=1), PATROL), [("PLAN-028", "actions.2.after")]),
        (
            replace(PLAN, levels=(replace(PLAN.levels[0], actions=("receive",)),
                                  replace(PLAN.levels[1], actions=("receive", "patrol")))),
            [("PLAN-029", "levels.2.actions"), ("PLAN-031", "actions.2.code")],
        ),
        (acted(RECEIVE, COUNT, replace(PATROL, after=())), [("PLAN-030", "actions.3.after")]),
        (
            replace(PLAN, levels=(PLAN.levels[0], replace(PLAN.levels[1], actions=("receive",)))),
            [("PLAN-031", "actions.3.code")],
        ),
        (acted(RECEIVE, COUNT, replace(PATROL, protection=True)), [("PLAN-032", "actions.3.enforcement")]),
        (acted(RECEIVE, replace(COUNT, support=("IMM",)), PATROL), [("PLAN-033", "actions.2.support")]),
        (replace(PLAN, promises={"report": 6.0, "detect": 2.0}), [("PLAN-034", "promises.detect")]),
        (replace(PLAN, promises={"report": 6.0, "verify": 6.0, "approve": 1.0}), []),
        (replace(PLAN, promises={"detect": 6.0, "verify": 2.0}), [("PLAN-034", "promises.verify")]),
    ],
)  # fmt: skip
def test_each_mistake_of_a_plan_has_its_place(plan: Plan, expected: list[tuple[str, str]]) -> None:
    assert told(plan) == expected


def test_mandates_are_those_of_the_day() -> None:
    assert told(PLAN, date(2028, 1, 1)) == [("PLAN-024", "actions.1.lead")]
    assert told(PLAN, date(1999, 1, 1)) == [("PLAN-024", "actions.2.lead"), ("PLAN-024", "actions.3.lead")]


def test_an_unknown_prerequisite_or_function_is_left_to_the_reader_of_the_file() -> None:
    plan = acted(RECEIVE, replace(COUNT, after=("receive", "sing"), function=""), PATROL)
    assert told(plan) == [("PLAN-029", "levels.1.actions"), ("PLAN-029", "levels.2.actions")]


@pytest.mark.parametrize(
    ("sign", "level"),
    [
        (Sign("signal", measure="returns", direction="up", place="crossing", times=3.0), "orange"),
        (Sign("signal", measure="returns", direction="up", place="crossing", times=2.9), ""),
        (Sign("signal", measure="returns", direction="down", place="crossing", times=9.0), ""),
        (Sign("signal", measure="returns", direction="up", place="area", times=9.0), ""),
        (Sign("signal", measure="water", direction="up", place="crossing", times=9.0), ""),
        (Sign("alert", hazard="mass-returns", severity="extreme"), "red"),
        (Sign("alert", hazard="mass-returns", severity="moderate"), ""),
        (Sign("alert", hazard="storm", severity="extreme"), ""),
        (Sign("alert", hazard="mass-returns", severity=""), ""),
    ],
)
def test_a_sign_proposes_the_highest_level_it_meets(sign: Sign, level: str) -> None:
    found = proposed(PLAN, sign)
    assert (found.code if found else "") == level


def test_a_trigger_may_ask_for_any_measure_of_people_in_need() -> None:
    plan = replace(PLAN, triggers=(Trigger("signal", "orange", protection=True), PLAN.triggers[1]))
    found = proposed(plan, Sign("signal", measure="water", protection=True))
    assert found == plan.levels[0]
    assert proposed(plan, Sign("signal", measure="returns")) is None


@pytest.mark.req("R11.53")
def test_a_task_opens_after_what_comes_first_and_enforcement_after_protection() -> None:
    parts = [
        Part("receive", "open", protection=True),
        Part("count", "waiting", ("receive",)),
        Part("patrol", "waiting", ("gone", "sung"), enforcement=True),
        Part("sung", "dropped"),
    ]
    assert standings(parts) == {
        "receive": Standing("receive", (), False),
        "count": Standing("count", ("receive",), False),
        "patrol": Standing("patrol", (), True),
        "sung": Standing("sung", (), False),
    }
    assert [one.may_open for one in standings(parts).values()] == [True, False, False, True]
    assert standings(parts, acknowledged=True)["patrol"].may_open
    for change in ({"acknowledged": True}, {"state": "done"}):
        seen = [replace(parts[0], **change), *parts[1:]]  # type: ignore[arg-type]
        assert standings(seen)["patrol"].may_open


@given(st.lists(st.tuples(st.sampled_from(["open", "done", "dropped"]), st.booleans(), st.booleans()), max_size=6))
def test_no_enforcement_opens_without_an_acknowledged_protection(told: list[tuple[str, bool, bool]]) -> None:
    others = [Part(str(at), state, (), protects, False, seen) for at, (state, protects, seen) in enumerate(told)]
    found = standings([*others, Part("enforce", "waiting", enforcement=True)])["enforce"]
    assert found.may_open == any(one.protection and (one.acknowledged or one.state == "done") for one in others)


def after(hours: float) -> datetime:
    return START + timedelta(hours=hours)


@pytest.mark.req("R11.57")
def test_what_an_activation_took_is_set_against_its_promises() -> None:
    timing = Timing(
        started_at=START,
        happened_at=after(-10),
        reported_at=after(-8),
        detected_at=after(-7.5),
        verified_at=after(-3),
        drafted_at=after(-2),
        approved_at=after(-1),
        published_at=after(-1),
        reached=(after(0), after(1), None),
        acknowledged=(after(2), after(3)),
    )
    tasks = [
        Timed("a", after(2), done_at=after(1.5)),
        Timed("b", after(4), done_at=after(6)),
        Timed("c", after(4), dropped=True),
    ]
    promises = {"report": 2.0, "detect": 1.0, "acknowledge": 4.0, "first_task": 1.0}
    found = measure(promises, timing, tasks)
    assert tuple(one.promise for one in found) == PROMISES
    assert {one.promise: (one.promised, one.took, one.kept) for one in found} == {
        "report": (2.0, 2.0, True),
        "detect": (1.0, 2.5, False),
        "verify": (None, 7.0, None),
        "approve": (None, 1.0, None),
        "reach_90": (None, None, None),
        "acknowledge": (4.0, 4.0, True),
        "first_task": (1.0, 1.5, False),
        "all_tasks": (None, 6.0, None),
    }


@pytest.mark.req("R11.57")
def test_what_did_not_happen_or_ran_backwards_has_no_time() -> None:
    timing = Timing(started_at=START, happened_at=after(1), reported_at=after(0))
    found = measure({"report": 1.0, "all_tasks": 1.0}, timing, [Timed("a", START, done_at=after(1)), Timed("b", START)])
    assert [(one.promise, one.took, one.kept) for one in found if one.promised is not None or one.took is not None] == [
        ("report", None, None),
        ("first_task", 1.0, None),
        ("all_tasks", None, False),
    ]
    assert all(one.took is None for one in measure({}, Timing(START), []))


@pytest.mark.req("R11.57")
def test_a_step_that_never_happened_breaks_its_promise_in_reviews_as_in_drills() -> None:
    promises = dict.fromkeys(PROMISES, 1.0)
    over = Timing(START, after(-9), drafted_at=START, published_at=START, reached=(START, None), acknowledged=(None,))
    found = {one.promise: one.kept for one in measure(promises, over, [Timed("a", START)])}
    never = {"verify", "approve", "reach_90", "acknowledge", "first_task", "all_tasks"}
    assert found == {name: False if name in never else None for name in PROMISES}
    drill = compare(sorted(never), promises, {})
    assert {one.step: one.kept for one in drill} == dict.fromkeys(never, False)
    # Nothing to go by: an alert of no signal, to nobody, a plan whose only task was dropped.
    nothing = measure(promises, Timing(START, published_at=START), [])
    assert {one.promise: one.kept for one in nothing} == dict.fromkeys(PROMISES)
    dropped = {one.promise: one.kept for one in measure(promises, Timing(START), [Timed("a", START, dropped=True)])}
    assert (dropped["first_task"], dropped["all_tasks"]) == (False, None)


@pytest.mark.parametrize(
    ("count", "reached", "expected"),
    [(10, 9, 9.0), (10, 8, None), (3, 3, 3.0), (3, 2, None), (20, 18, 18.0), (0, 0, None), (1, 1, 1.0)],
)
def test_nine_of_ten_are_counted_exactly(count: int, reached: int, expected: float | None) -> None:
    moments = [after(at + 1) if at < reached else None for at in range(count)]
    assert share(moments) == (None if expected is None else after(expected))
