"""plans/*.toml: what is read, and every mistake with its line and key."""

from __future__ import annotations

import pytest
from core.packs import FULL, checked
from core.plans import FILE, PLAN, TOML

WITH = {**FULL, "mandates.csv": FULL["mandates.csv"].replace("2019-12-31", "")}


def found(text: str, file: str = FILE, **others: str) -> list[tuple[str, int | None, str]]:
    result = checked({**WITH, file: text, **{name.replace("__", "/") + ".toml": one for name, one in others.items()}})
    told = [*result.problems, *result.warnings]
    return [(one.code, one.row, one.column) for one in told if one.file == file and one.code != "PACK-066"]


@pytest.mark.req("R11.50")
def test_a_plan_is_read_as_it_stands() -> None:
    result = checked({**WITH, FILE: TOML})
    assert result.problems == ()
    assert result.pack is not None
    assert result.pack.plans == (PLAN,)


def test_a_day_in_quotes_is_read_as_well() -> None:
    result = checked({**WITH, FILE: TOML.replace("2027-06-30", '"2027-06-30"')})
    assert result.pack is not None
    assert result.pack.plans == (PLAN,)


def test_a_plan_without_promises_promises_nothing() -> None:
    text = TOML.replace("[promises]\napprove = 2\nfirst_task = 4.5\n", "")
    result = checked({**WITH, FILE: text})
    assert result.pack is not None
    assert result.pack.plans[0].promises == {}


@pytest.mark.req("R11.51")
@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("schema = 1", "schema = 2", [("PLAN-001", 1, "schema")]),
        ("schema = 1", "schema = true", [("PLAN-001", 1, "schema")]),
        ("schema = 1\n", "", [("PACK-053", None, "schema")]),
        ("hours = 2\n", "hours = -1\n", [("PLAN-002", 51, "actions.1.hours")]),
        ("hours = 2\n", "hours = inf\n", [("PLAN-002", 51, "actions.1.hours")]),
        ("hours = 2\n", 'hours = "2"\n', [("PLAN-002", 51, "actions.1.hours")]),
        ("hours = 2\n", "hours = true\n", [("PLAN-002", 51, "actions.1.hours")]),
        ("hours = 2\n", "", [("PACK-053", 45, "actions.1.hours")]),
        ("approve = 2", "approve = -2", [("PLAN-002", 15, "promises.approve")]),
        ("approve = 2", "aprove = 2", [("PACK-074", 15, "promises.aprove")]),
        ("[promises]", "[[promises]]", [("PACK-054", None, "promises")]),
        ("days = 14", "days = 0", [("PLAN-003", 5, "days")]),
        ("days = 14", "days = 1.5", [("PLAN-003", 5, "days")]),
        ("days = 14", "days = true", [("PLAN-003", 5, "days")]),
        ("days = 14\n", "", [("PLAN-003", None, "days")]),
        ("2027-06-30", "2027-06-30T10:00:00", [("PLAN-004", 6, "review_date")]),
        ("2027-06-30", '"30 June"', [("PLAN-004", 6, "review_date")]),
        ("2027-06-30", "12", [("PLAN-004", 6, "review_date")]),
        ("review_date = 2027-06-30\n", "", [("PACK-053", None, "review_date")]),
        ('actions = ["receive", "count"]', 'actions = ["receive", "sing"]', [("PLAN-005", 37, "levels.1.actions")]),
        ('after = ["receive"]', 'after = ["sing"]', [("PLAN-006", 64, "actions.2.after")]),
        ('level = "red"', 'level = "blue"', [("PLAN-007", 28, "triggers.2.level")]),
        ("protection = true", 'protection = "yes"', [("PLAN-008", 52, "actions.1.protection")]),
        ("times = 3", "times = -3", [("PLAN-009", 24, "triggers.1.times")]),
        ('measure = "returns"', 'measure = "retours"', [("PACK-015", 21, "triggers.1.measure")]),
        ('measure = "returns"\n', "", [("PACK-053", 18, "triggers.1.measure")]),
        ('kind = "alert"', 'kind = "alarm"', [("PACK-024", 27, "triggers.2.kind")]),
        ('severity = "severe"', 'severity = "sever"', [("PACK-024", 30, "triggers.2.severity")]),
        ('lead = "CELL"', 'lead = "CEL"', [("PACK-015", 48, "actions.1.lead")]),
        ('lead = "CELL"\n', "", [("PLAN-023", 45, "actions.1.lead")]),
        ('function = "RESCUE"', 'function = "RESCU"', [("PACK-015", 50, "actions.1.function")]),
        ('code = "count"', 'code = "receive"', [("PLAN-005", 37, "levels.1.actions"),
                                               ("PLAN-005", 43, "levels.2.actions"),
                                               ("PACK-055", 59, "actions.2.code"),
                                               ("PLAN-006", 73, "actions.3.after")]),
        ('source = "Working proposal"\n', "", [("PACK-075", None, "")]),
        ("hours = 6", "hours = 4", [("PLAN-028", 73, "actions.3.after")]),
        (', "patrol"]', "]", [("PLAN-031", 68, "actions.3.code")]),
        ("[name]\n", "[[name\n", [("PACK-052", 10, "")]),
    ],
)  # fmt: skip
def test_each_mistake_has_its_line_and_key(old: str, new: str, expected: list[tuple[str, int | None, str]]) -> None:
    assert TOML.count(old) >= 1
    assert found(TOML.replace(old, new, 1)) == expected


@pytest.mark.req("R11.51")
def test_a_hazard_needs_its_template_once_the_pack_has_templates() -> None:
    assert found(TOML, alerts__returns='code = "mass-returns"\n') == []
    assert found(TOML, alerts__storm='code = "storm"\n') == [("PLAN-021", 29, "triggers.2.hazard")]
    assert found(TOML, alerts__storm="code = \n") == []  # its own reader tells of it


def test_two_plans_cannot_have_one_code() -> None:
    result = checked({**WITH, FILE: TOML, "plans/second.toml": TOML})
    assert [(one.code, one.file, one.row) for one in result.problems] == [("PACK-055", "plans/second.toml", 2)]


def test_a_mandate_that_ends_before_the_review_does_not_hold() -> None:
    result = checked({**FULL, FILE: TOML})
    assert [(one.code, one.row, one.column) for one in result.problems] == [("PLAN-024", 48, "actions.1.lead")]
