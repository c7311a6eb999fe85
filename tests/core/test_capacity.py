"""Threshold rules."""

from datetime import date
from decimal import Decimal

import pytest

from pasaj.core.capacity import Rule, against, judge, latest

FULL = Rule("full", "ge", Decimal("0.9"))
STAFF = Rule("staff", "le", value=Decimal(2))
THIN = Rule("thin", "le", Decimal("0.5"))


def d(value: int | str) -> Decimal:
    return Decimal(value)


@pytest.mark.parametrize(
    ("rule", "observed", "versus", "state", "limit"),
    [
        (FULL, 89, 100, "below", 90),
        (FULL, 90, 100, "reached", 90),
        (FULL, 0, 0, "below", 0),
        (FULL, 1, 0, "reached", 0),
        (FULL, None, 100, "unknown", 90),
        (FULL, 5, None, "unknown", None),
        (STAFF, 2, None, "reached", 2),
        (STAFF, 3, None, "below", 2),
        (STAFF, None, None, "unknown", 2),
        (THIN, 5, 10, "reached", 5),
        (THIN, 0, 0, "below", 0),
        (Rule("none", "le", value=Decimal(0)), 0, None, "reached", 0),
    ],
)
def test_rules(rule: Rule, observed: int | None, versus: int | None, state: str, limit: int | None) -> None:
    found = judge(rule, None if observed is None else d(observed), None if versus is None else d(versus))
    assert (found.state, found.limit, found.alarm) == (state, limit, state == "reached")
    assert found.rule == rule.code


def test_the_share_says_how_full() -> None:
    assert judge(FULL, d(45), d(100)).share == 0.5
    assert judge(FULL, d(45), d(0)).share is None
    assert judge(FULL, None, d(10)).share is None


def test_an_unknown_operator_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="gt is not one of ge, le"):
        Rule("x", "gt")


def test_the_latest_value_is_carried_for_a_while() -> None:
    values = {date(2026, 3, 1): d(40), date(2026, 3, 5): d(50), date(2026, 3, 9): d(60)}
    assert latest(values, date(2026, 3, 5)) == (date(2026, 3, 5), 50)
    assert latest(values, date(2026, 3, 8)) == (date(2026, 3, 5), 50)
    assert latest(values, date(2026, 3, 16)) == (date(2026, 3, 9), 60)
    assert latest(values, date(2026, 3, 17)) is None
    assert latest(values, date(2026, 3, 4), carry=2) is None


@pytest.mark.parametrize(
    ("bases", "base", "state"),
    [
        ([{date(2025, 9, 30): Decimal(100)}], (0, date(2025, 9, 30)), "reached"),
        ([{date(2025, 9, 23): Decimal(100)}], (0, date(2025, 9, 23)), "reached"),  # known for a week
        ([{date(2025, 9, 22): Decimal(100)}], None, "unknown"),
        ([{date(2025, 10, 1): Decimal(100)}], None, "unknown"),  # what is said later is not known yet
        ([{}, {date(2025, 9, 29): Decimal(200)}], (1, date(2025, 9, 29)), "below"),  # another source says it
        ([{date(2025, 9, 29): Decimal(100)}, {date(2025, 9, 30): Decimal(200)}], (0, date(2025, 9, 29)), "reached"),
        ([], None, "unknown"),
    ],
)
def test_the_last_count_is_judged_by_what_there_was(bases: list[dict[date, Decimal]], base: object, state: str) -> None:
    values = {date(2025, 9, 28): Decimal(5), date(2025, 9, 30): Decimal(100), date(2025, 10, 2): Decimal(7)}
    found = against(Rule("FULL", "ge"), values, bases, date(2025, 10, 1))
    assert found is not None
    assert (found.day, found.observed, found.base, found.judged.state) == (
        date(2025, 9, 30), Decimal(100), base, state,
    )  # fmt: skip


def test_without_a_count_nothing_is_judged() -> None:
    assert against(Rule("FULL", "ge"), {date(2025, 10, 2): Decimal(1)}, [], date(2025, 10, 1)) is None
