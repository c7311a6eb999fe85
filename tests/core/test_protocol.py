"""Verdicts of the other clauses, whom a protocol speaks of, and what must hold whatever is answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from string import Formatter
from typing import Any

import pytest
from core.protocols import CLAUSES, FACTS, GOOD, NOON, PROTOCOL, at
from hypothesis import given
from hypothesis import strategies as st

from pasaj.core.protocol import (
    ANSWERS,
    REASONS,
    VERDICTS,
    Facts,
    Operation,
    answers,
    categories,
    judge,
    judge_all,
    of,
    plain,
    summarise,
)


def verdicts(operation: Operation, facts: Facts = FACTS) -> dict[str, tuple[str, str]]:
    """Verdict and first reason by clause."""
    (judged,) = judge_all([operation], PROTOCOL, facts)
    return {one.clause: (one.verdict, one.reasons[0].code) for one in judged.findings}


@pytest.mark.req("R1.5")
def test_an_operation_that_kept_every_clause() -> None:
    assert verdicts(GOOD) == {
        "a": ("compliant", "in_hours"),
        "b": ("compliant", "families_together"),
        "c": ("compliant", "listed_point"),
        "d": ("compliant", "answers_met"),
        "e": ("compliant", "answers_met"),
        "f": ("compliant", "list_covers"),
        "g": ("compliant", "post_there"),
    }


@pytest.mark.req("R1.5")
def test_an_operation_of_which_nothing_is_known_but_the_persons() -> None:
    bare = Operation(counts={"deported": 3})
    assert verdicts(bare, Facts(FACTS.clocks)) == {
        "a": ("unknown", "no_time"),
        "b": ("unknown", "no_families"),
        "c": ("unknown", "no_place"),
        "d": ("unknown", "no_answers"),
        "e": ("unknown", "no_answers"),
        "f": ("unknown", "no_list"),
        "g": ("unknown", "no_post"),
    }


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ("compliant", "listed_point")),
        ({"place_kind": ""}, ("compliant", "listed_point")),
        ({"place": "P-9"}, ("breach", "unlisted_point")),
        ({"place": "P-9", "place_kind": ""}, ("breach", "unlisted_point")),
        ({"place": "AREA", "place_type": "area", "place_kind": "other"}, ("breach", "other_place")),
        ({"place": "", "place_type": "", "place_kind": "other"}, ("breach", "other_place")),
        ({"place": "AREA", "place_type": "area", "place_kind": "official"}, ("unknown", "no_place")),
        ({"place": "AREA", "place_type": "area", "place_kind": ""}, ("unknown", "no_place")),
        ({"place": "", "place_type": "", "place_kind": ""}, ("unknown", "no_place")),
        ({"place_kind": "other"}, ("unknown", "place_contradicts")),
    ],
)
def test_the_official_points(changes: dict[str, str], expected: tuple[str, str]) -> None:
    assert verdicts(replace(GOOD, **changes))["c"] == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("answer", "apart", "expected"),
    [
        ("yes", 0, ("compliant", "families_together")),
        ("yes", None, ("compliant", "families_together")),
        ("unknown", 0, ("compliant", "families_together")),
        ("unknown", 2, ("breach", "families_counted")),
        ("no", 2, ("breach", "families_counted")),
        ("no", None, ("breach", "families_apart")),
        ("some", None, ("breach", "families_apart")),
        ("yes", 2, ("unknown", "families_contradict")),
        ("no", 0, ("unknown", "families_contradict")),
        ("unknown", None, ("unknown", "no_families")),
    ],
)
def test_families(answer: str, apart: int | None, expected: tuple[str, str]) -> None:
    told = {**GOOD.answers, "families_together": answer}
    assert verdicts(replace(GOOD, answers=told, families_separated=apart))["b"] == expected


@pytest.mark.parametrize(
    ("effects", "documents", "expected"),
    [
        ("yes", "no", ("compliant", "answers_met")),
        ("yes", "unknown", ("unknown", "no_answers")),
        ("unknown", "unknown", ("unknown", "no_answers")),
        ("no", "no", ("breach", "answers_against")),
        ("some", "no", ("breach", "answers_against")),
        ("yes", "some", ("breach", "answers_against")),
        ("unknown", "yes", ("breach", "answers_against")),
    ],
)
def test_effects_and_documents(effects: str, documents: str, expected: tuple[str, str]) -> None:
    told = {**GOOD.answers, "effects_kept": effects, "documents_retained": documents}
    assert verdicts(replace(GOOD, answers=told))["d"] == expected


@pytest.mark.parametrize(
    ("announced", "expected"),
    [
        (None, ("unknown", "no_list")),
        (0, ("breach", "list_none")),
        (39, ("unknown", "list_shorter")),
        (40, ("compliant", "list_covers")),
        (90, ("compliant", "list_covers")),
    ],
)
def test_lists_are_known_from_another_source_only(announced: int | None, expected: tuple[str, str]) -> None:
    told = {} if announced is None else {("P-1", NOON.date()): announced}
    facts = replace(FACTS, announced={"returns_announced": told})
    asked = replace(GOOD, answers={**GOOD.answers, "list_received": "yes"})
    assert verdicts(asked, facts)["f"] == expected


def test_a_list_is_compared_with_all_who_were_handed_over_that_day() -> None:
    second = replace(GOOD, key="RO-2", counts={"deported": 1})
    uncounted = replace(GOOD, key="RO-3", counts={"deported": None, "voluntary": 0})
    elsewhere = replace(GOOD, key="RO-4", place="P-2")
    spontaneous = replace(GOOD, key="RO-5", counts={"deported": 0, "voluntary": 0, "spontaneous": 70})

    def lists(*operations: Operation) -> list[str]:
        found = judge_all(operations, PROTOCOL, FACTS)
        return [one.reasons[0].code for judged in found for one in judged.findings if one.clause == "f"]

    assert lists(GOOD, elsewhere, spontaneous) == ["list_covers", "no_list"]
    assert lists(GOOD, second) == ["list_shorter", "list_shorter"]
    assert lists(GOOD, uncounted) == ["list_uncompared", "scope_unknown"]
    assert lists(GOOD, replace(GOOD, day=None)) == ["list_covers", "no_list"]


@pytest.mark.parametrize(
    ("answer", "recorded", "expected"),
    [
        ("yes", True, ("compliant", "post_there")),
        ("unknown", True, ("compliant", "post_there")),
        ("yes", False, ("compliant", "post_there")),
        ("no", False, ("breach", "post_missing")),
        ("no", True, ("disputed", "post_contradicts")),
        ("unknown", False, ("unknown", "no_post")),
    ],
)
def test_inspection_posts(answer: str, recorded: bool, expected: tuple[str, str]) -> None:
    facts = replace(FACTS, posts={"P-1": frozenset({"IMM" if recorded else "OTHER"})})
    assert verdicts(replace(GOOD, answers={**GOOD.answers, "inspection_post": answer}), facts)["g"] == expected


@pytest.mark.req("R1.5")
@pytest.mark.parametrize(
    ("counts", "changes", "expected"),
    [
        ({"deported": 40, "voluntary": 5, "spontaneous": 3}, {}, ("applies", 40)),
        ({"deported": 40}, {}, ("applies", 40)),
        ({"deported": 0, "voluntary": 5}, {}, ("disputed", 5)),
        ({"deported": None, "voluntary": 5}, {}, ("unknown", None)),
        ({"deported": 0, "voluntary": None, "spontaneous": 3}, {}, ("unknown", None)),
        ({"deported": 0, "voluntary": 0, "spontaneous": 3}, {}, ("outside", 0)),
        ({"deported": 0, "voluntary": 0, "expelled": 4}, {}, ("unknown", None)),
        ({"deported": 0, "voluntary": 0, "expelled": 0}, {}, ("outside", 0)),
        ({}, {}, ("unknown", None)),
        # Somebody else's returns, and those of whom nobody says whose they were.
        ({"deported": 40}, {"from_country": "US"}, ("outside", 0)),
        ({"deported": 40}, {"from_country": "", "transport": "air"}, ("unknown", None)),
        ({"deported": 40}, {"from_country": "ZZ"}, ("unknown", None)),
        ({"deported": 40}, {"from_country": ""}, ("applies", 40)),
    ],
)
def test_whom_the_protocol_speaks_of(
    counts: dict[str, int | None], changes: dict[str, str], expected: tuple[str, int | None]
) -> None:
    found = judge(replace(GOOD, counts=counts, **changes), PROTOCOL, FACTS)  # type: ignore[arg-type]
    assert (found.scope, found.persons) == expected
    assert len(found.findings) == (0 if expected[0] == "outside" else len(CLAUSES))


def test_two_categories_of_which_one_was_not_counted() -> None:
    wider = replace(PROTOCOL, scope={**PROTOCOL.scope, "expelled": "applies"})
    found = judge(GOOD, wider, FACTS)
    assert (found.scope, found.persons) == ("applies", None)


def test_where_the_scope_is_disputed_every_verdict_is() -> None:
    voluntary = replace(at("2026-07-01T20:00"), counts={"deported": 0, "voluntary": 5}, place_kind="")
    unasked = replace(voluntary, answers={})
    found = {one.clause: one for one in judge(unasked, PROTOCOL, FACTS).findings}
    assert [(reason.code, dict(reason.values)) for reason in found["a"].reasons] == [
        ("scope_disputed", {}),
        ("out_of_hours", {"receiving": "2026-07-01 20:00", "handing": "2026-07-01 20:00"}),
    ]
    assert {clause: one.verdict for clause, one in found.items()} == {
        "a": "disputed",
        "b": "disputed",
        "c": "disputed",
        "d": "unknown",
        "e": "unknown",
        "f": "unknown",
        "g": "disputed",
    }


MOMENTS = st.datetimes(datetime.fromisoformat("2014-01-01"), datetime.fromisoformat("2026-12-31"))
ANSWER = st.sampled_from(ANSWERS)
OPERATIONS = st.builds(
    Operation,
    place=st.sampled_from(["", "P-1", "P-9"]),
    place_type=st.just("crossing"),
    transport=st.sampled_from(["land", "air"]),
    place_kind=st.sampled_from(["", "official", "other"]),
    from_country=st.sampled_from(["", "DO", "US"]),
    day=st.none() | st.just(NOON.date()),
    at=st.none() | MOMENTS,
    handed_at=st.none() | MOMENTS,
    counts=st.dictionaries(st.sampled_from([*PROTOCOL.scope, "expelled"]), st.none() | st.integers(0, 50)),
    families_separated=st.none() | st.integers(0, 3),
    answers=st.dictionaries(st.sampled_from(sorted(answers([PROTOCOL]))), ANSWER),
)


@given(OPERATIONS)
def test_every_verdict_is_one_of_four_and_says_why(operation: Operation) -> None:
    judged = judge(operation, PROTOCOL, FACTS)
    assert [one.clause for one in judged.findings] in ([], [one.code for one in PROTOCOL.clauses])
    for one in judged.findings:
        assert one.verdict in VERDICTS
        for reason in one.reasons:
            names = {name for _text, name, _spec, _how in Formatter().parse(REASONS[reason.code]) if name}
            assert names <= set(reason.values)


MISSING: dict[str, dict[str, Any]] = {
    "a": {"at": None, "handed_at": None},
    "b": {"families_separated": None, "answers": {}},
    "c": {"place": "", "place_type": "", "place_kind": ""},
    "d": {"answers": {}},
    "e": {"answers": {}},
    "f": {"day": None},
    "g": {"answers": {}, "place": ""},
}


@given(OPERATIONS, st.sampled_from(sorted(MISSING)))
def test_a_missing_answer_never_keeps_or_breaks_a_clause(operation: Operation, clause: str) -> None:
    """Leave out all that a clause needs: its verdict is unknown."""
    found = {one.clause: one.verdict for one in judge(replace(operation, **MISSING[clause]), PROTOCOL, FACTS).findings}
    assert found.get(clause, "unknown") == "unknown"


@given(OPERATIONS, st.sampled_from(["yes", "no"]), st.sampled_from(["effects_kept", "documents_retained"]))
def test_an_answer_more_never_turns_one_certainty_into_the_other(operation: Operation, answer: str, name: str) -> None:
    """From unknown an answer may lead anywhere; from breach no further answer leads to compliant."""
    without = replace(operation, answers={key: one for key, one in operation.answers.items() if key != name})
    more = replace(without, answers={**without.answers, name: answer})
    before = {one.clause: one.verdict for one in judge(without, PROTOCOL, FACTS).findings}
    after = {one.clause: one.verdict for one in judge(more, PROTOCOL, FACTS).findings}
    assert {key: one for key, one in before.items() if key != "d"} == {
        key: one for key, one in after.items() if key != "d"
    }
    assert before.get("d") != "compliant"
    if before.get("d") in ("breach", "disputed"):
        assert after["d"] == before["d"]


@given(st.lists(OPERATIONS, max_size=8))
def test_the_summary_counts_every_operation_once_a_clause(operations: list[Operation]) -> None:
    judged = judge_all(operations, PROTOCOL, FACTS)
    found = summarise(judged)
    assert sum(found.outside.values()) == sum(1 for one in judged if one.scope == "outside")
    for clause in PROTOCOL.clauses:
        cells = [row[clause.code] for row in found.cells.values()]
        assert sum(cell.n for cell in cells) + sum(found.outside.values()) == len(operations)
        assert sum(sum(cell.persons.values()) for cell in cells) == sum(one.persons or 0 for one in judged)


def test_the_summary_by_place_and_month() -> None:
    operations = [
        GOOD,
        at("2026-07-02T20:00", counts={"deported": 5}),
        at("2026-07-03T20:00", counts={"deported": None, "voluntary": 0}),
        at("2026-08-03T09:00"),
        at("2026-08-03T09:00", counts={"deported": 0, "voluntary": 0}),
        replace(GOOD, day=None, at=None),
    ]
    found = summarise(judge_all(operations, PROTOCOL, FACTS))
    assert list(found.cells) == [("P-1", "2026-07"), ("P-1", "2026-08"), ("P-1", "")]
    july = found.cells["P-1", "2026-07"]["a"]
    assert july.n == 3
    assert july.operations == {"compliant": 1, "breach": 1, "disputed": 0, "unknown": 1}
    assert july.persons == {"compliant": 40, "breach": 5, "disputed": 0, "unknown": 0}
    assert july.uncounted == {"compliant": 0, "breach": 0, "disputed": 0, "unknown": 1}
    assert found.cells["P-1", ""]["a"].operations["unknown"] == 1
    assert found.outside == {("P-1", "2026-08"): 1}


def test_parameters_survive_the_home() -> None:
    again = of(PROTOCOL.code, PROTOCOL.titles, plain(PROTOCOL))
    assert again == PROTOCOL
    assert categories([PROTOCOL]) == {"deported", "voluntary", "spontaneous"}
    assert answers([PROTOCOL]) == set(GOOD.answers)


@given(MOMENTS)
def test_no_hour_is_judged_harsher_than_by_its_worst_clock(moment: datetime) -> None:
    """In summer both clocks agree, so that only the holidays of one country can be disputed."""
    found = judge(replace(GOOD, at=moment, day=moment.date()), PROTOCOL, FACTS).findings[0]
    here = moment.replace(tzinfo=FACTS.clocks.receiving).utcoffset()
    if here == timedelta(hours=-4) and found.verdict == "disputed":
        assert [one.code for one in found.reasons] == ["holiday_differs"]
