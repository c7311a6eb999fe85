"""The state table, row by row, and every combination of facts against it."""

from __future__ import annotations

from dataclasses import asdict, fields
from itertools import product
from typing import Any, get_args, get_type_hints

import pytest

from pasaj.core.openrosa.states import Decision, Facts, decide
from pasaj.core.problems import CATALOGUE

# The first row whose facts all hold decides. A refusal is a code and its HTTP status, else an action and a status.
TABLE: list[tuple[dict[str, Any], tuple[str, int]]] = [
    ({"form": "unknown"}, ("COLLECT-010", 404)),
    ({"form": "forbidden"}, ("COLLECT-011", 403)),
    ({"device": "refused"}, ("COLLECT-012", 403)),
    ({"encrypted": True}, ("COLLECT-013", 422)),
    ({"removed": True}, ("COLLECT-014", 409)),
    ({"known": "different"}, ("COLLECT-015", 409)),
    ({"known": "identical", "held": True}, ("complete", 202)),
    ({"known": "identical"}, ("complete", 201)),
    ({"form": "closed"}, ("COLLECT-016", 409)),
    ({"replaces": "unknown"}, ("COLLECT-017", 404)),
    ({"replaces": "older"}, ("COLLECT-018", 409)),
    ({"replaces": "current", "own": False}, ("COLLECT-019", 403)),
    ({"replaces": "current", "held": True}, ("edit", 202)),
    ({"replaces": "current", "device": "waiting"}, ("COLLECT-036", 403)),
    ({"replaces": "current", "version": "unknown"}, ("edit", 202)),
    ({"replaces": "current", "version": "draft", "tester": False}, ("edit", 202)),
    ({"replaces": "current"}, ("edit", 201)),
    ({"held": True}, ("store", 202)),
    ({"version": "unknown"}, ("store", 202)),
    ({"device": "waiting"}, ("store", 202)),
    ({"version": "draft", "tester": False}, ("store", 202)),
    ({}, ("store", 201)),
]


def expected(facts: Facts) -> tuple[str, int]:
    given = asdict(facts)
    return next(result for row, result in TABLE if all(given[name] == value for name, value in row.items()))


def every() -> list[Facts]:
    hints = get_type_hints(Facts)
    values = [get_args(hints[one.name]) or (False, True) for one in fields(Facts)]
    return [Facts(*combination) for combination in product(*values)]


@pytest.mark.req("R2.2")
def test_every_combination_of_facts_is_decided_as_the_table_says() -> None:
    combinations = every()
    assert len(combinations) == 4 * 4 * 2 * 3 * 2 * 3 * 4 * 2 * 2 * 2
    wrong = []
    for facts in combinations:
        decision = decide(facts)
        found = (decision.code or decision.action, decision.status or CATALOGUE[decision.code].status)
        if found != expected(facts):
            wrong.append((facts, decision))
    assert wrong == []


def test_each_row_of_the_table_is_reached() -> None:
    reached = {id(row) for facts in every() for row in [_row(facts)]}
    assert reached == {id(row) for row in TABLE}


def _row(facts: Facts) -> object:
    given = asdict(facts)
    return next(row for row in TABLE if all(given[name] == value for name, value in row[0].items()))


def test_what_waits_says_why() -> None:
    assert decide(Facts()) == Decision("store", 201)
    assert decide(Facts(version="unknown", device="waiting")) == Decision("store", 202, reasons=("version", "device"))
    assert decide(Facts(version="draft")).reasons == ("draft",)
    # A tester is told "received"; what was only tried feeds no figure all the same.
    assert decide(Facts(version="draft", tester=True)) == Decision("store", 201, reasons=("draft",))


def test_data_is_never_refused_because_a_version_is_gone_or_not_listed() -> None:
    assert decide(Facts(version="unknown")) == Decision("store", 202, reasons=("version",))
    assert decide(Facts(version="closed")) == Decision("store", 201)


def test_what_was_begun_before_a_form_was_closed_may_be_completed() -> None:
    assert decide(Facts(form="closed", known="identical")) == Decision("complete", 201)
    assert decide(Facts(form="closed")) == Decision("refuse", code="COLLECT-016")
