"""Claims about what a statement rests on."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pasaj.core.evidence.claims import Quantity, Value, check, holds, parse, shown
from pasaj.core.problems import Refused


def exact(value: str) -> Quantity:
    return Quantity(Decimal(value), Decimal(value), Decimal(value))


def between(value: str, low: str, high: str) -> Quantity:
    return Quantity(Decimal(value), Decimal(low), Decimal(high))


VALUES: dict[str, Value] = {"score": between("1.6", "1.2", "1.9"), "share": exact("0.41"), "trend": "down"}


@pytest.mark.req("R6.10")
@pytest.mark.parametrize(
    ("text", "true"),
    [
        ("score < 2", True),
        ("score < 1.9", False),  # the highest it may be is no less than 1.9
        ("score <= 1.9", True),
        ("score <= 1.8", False),
        ("score > 1.2", False),
        ("score > 1.1", True),
        ("score >= 1.2", True),
        ("score >= 1.3", False),
        ("score = 1.6", False),  # it may be something else
        ("score != 1.6", False),
        ("score != 2", True),
        ("score≠1", True),
        ("share = 0.41", True),
        ("share == 0.410", True),
        ("share>0.4", True),
        ("share ≥ 0.41 and share ≤ 0.41", True),
        ("share > 0.4 and trend = down", True),
        ("share > 0.5 and trend = down", False),
        ("trend = up", False),
        ("trend != up", True),
        ("trend < 3", False),  # a word is no number
        ("share = down", False),
        ("absent < 3", False),  # what is not known makes no claim true
        ("absent = 0", False),
        ("absent != up", False),
    ],
)
def test_whether_a_claim_holds(text: str, true: bool) -> None:
    assert holds(parse(text), VALUES) is true


def test_a_claim_is_kept_in_one_way_of_writing() -> None:
    assert str(parse("  share≥0.40   and trend=down ")) == "share >= 0.40 and trend = down"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "EVID-002"),
        ("score", "EVID-002"),
        ("2 < score", "EVID-002"),
        ("score ~ 2", "EVID-002"),
        ("score < 2 or share > 1", "EVID-002"),
        ("score < 2 and ", "EVID-002"),
        ("Score < 2", "EVID-002"),
        ("score < 1 2", "EVID-002"),
        ("score < 0,4", "EVID-003"),
        ("score < 1e9", "EVID-003"),
        ("score < nan", "EVID-004"),
        ("score < ٣", "EVID-003"),
        ("trend > down", "EVID-004"),
        ("s < " + "1" * 200, "EVID-001"),
    ],
)
def test_what_is_no_claim(text: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        parse(text)
    assert [one.code for one in refused.value.problems] == [code]


def test_a_claim_is_true_when_it_is_made() -> None:
    check(parse("score < 2"), VALUES, "A1-F07")
    for text, code, said in (
        ("score < 1.5", "EVID-006", "The claim score < 1.5 is not true of A1-F07: its value is 1.6 [1.2; 1.9]."),
        ("size < 2", "EVID-005", "A1-F07 has no value named “size”."),
    ):
        with pytest.raises(Refused) as refused:
            check(parse(text), VALUES, "A1-F07")
        (found,) = refused.value.problems
        assert (found.code, found.text()) == (code, said)
    with pytest.raises(Refused) as refused:
        check(parse("size < 2"), {}, "A1-F07")
    assert refused.value.problems[0].remedy() == "Use one of: –."


def test_a_value_in_signs() -> None:
    assert [shown(one) for one in VALUES.values()] == ["1.6 [1.2; 1.9]", "0.41", "down"]


def test_a_value_lies_in_its_interval() -> None:
    with pytest.raises(ValueError, match="interval"):
        between("2", "0", "1")


COMPARE: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}
tenths = st.integers(-30, 30).map(lambda one: Decimal(one) / 10)


@pytest.mark.req("R6.10")
@given(st.lists(tenths, min_size=3, max_size=3).map(sorted), st.sampled_from(sorted(COMPARE)), tenths)
def test_a_claim_holds_when_it_holds_for_every_value_of_the_interval(
    ends: list[Decimal], sign: str, wanted: Decimal
) -> None:
    low, value, high = ends
    inside = [low + (high - low) * step / 200 for step in range(201)]
    if low <= wanted <= high:
        inside.append(wanted)
    every = all(COMPARE[sign](one, wanted) for one in inside)
    assert holds(parse(f"score {sign} {wanted:f}"), {"score": Quantity(value, low, high)}) is every
