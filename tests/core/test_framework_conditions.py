"""Conditions of applicability: read, written, judged with what is known, and no circles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pasaj.core.framework.conditions import (
    DEEPEST,
    LONGEST,
    Compared,
    Condition,
    Either,
    Every,
    Misread,
    circles,
    comparisons,
    holds,
    needs,
    parse,
    written,
)

LAND, OFFICIAL, LAW = (
    Compared("kind", "=", ("land",)),
    Compared("official", "=", ("yes",)),
    Compared("A-1", ">=", ("1",)),
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("kind=land", LAND),
        ("  kind = land ", LAND),
        ("kind=air|sea", Compared("kind", "=", ("air", "sea"))),
        ("kind=air|sea|air", Compared("kind", "=", ("air", "sea"))),
        ("kind!=land", Compared("kind", "!=", ("land",))),
        ("A-1>=1", LAW),
        ("A-1<2", Compared("A-1", "<", ("2",))),
        ("kind=land and official=yes", Every((LAND, OFFICIAL))),
        ("kind=land or official=yes and A-1>=1", Either((LAND, Every((OFFICIAL, LAW))))),
        ("(kind=land or official=yes) and A-1>=1", Every((Either((LAND, OFFICIAL)), LAW))),
        ("(kind=land)", LAND),
        ("(kind=land and official=yes) and A-1>=1", Every((LAND, OFFICIAL, LAW))),
        ("kind=land or (official=yes or A-1>=1)", Either((LAND, OFFICIAL, LAW))),
    ],
)
def test_what_is_read(text: str, found: Condition) -> None:
    assert parse(text) == found
    assert parse(written(found)) == found


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("", ""),
        ("kind", ""),
        ("kind=", ""),
        ("kind=land and", ""),
        ("(kind=land", ""),
        ("kind=land official=yes", "official=yes"),
        ("kind=land)", ")"),
        ("=land", "=land"),
        ("kind=land; official=yes", "; official=yes"),
        ("kind=land and 'x'", "'x'"),
        ("A-1>=1|2", "A-1>=1|2"),
        ("A|B=1", "A|B=1"),
        ("kind=|land", "kind=|land"),
        ("kind=and", "and"),
        ("x" * (LONGEST + 3), "xxx"),
        (f"{'(' * (DEEPEST + 1)}kind=land", "(kind=land"),
    ],
)
def test_what_cannot_be_read_is_said_from_where_on(text: str, rest: str) -> None:
    with pytest.raises(Misread) as error:
        parse(text)
    assert str(error.value) == rest


COMPARED = st.builds(
    Compared,
    subject=st.sampled_from(["kind", "official", "A-1", "B-2"]),
    sign=st.sampled_from(["=", "!="]),
    values=st.lists(st.sampled_from(["0", "1", "2"]), min_size=1, unique=True).map(tuple),
) | st.builds(Compared, subject=st.sampled_from(["A-1", "B-2"]), sign=st.sampled_from([">", "<", ">=", "<="]),
              values=st.sampled_from([("0",), ("2",), ("4",)]))  # fmt: skip


def flat(condition: Condition) -> Condition:
    return parse(written(condition))


CONDITIONS = st.recursive(
    COMPARED,
    lambda inner: st.lists(inner, min_size=2, max_size=3).flatmap(
        lambda parts: st.sampled_from([Every(tuple(parts)), Either(tuple(parts))])
    ),
    max_leaves=5,
)
FACTS = st.dictionaries(st.sampled_from(["kind", "official"]), st.sampled_from(["0", "1", "2"]))
ANSWERS = st.dictionaries(st.sampled_from(["A-1", "B-2"]), st.none() | st.integers(0, 4))


@given(CONDITIONS, FACTS, ANSWERS)
def test_writing_keeps_the_meaning(one: Condition, facts: dict[str, str], answers: dict[str, int | None]) -> None:
    again = flat(one)
    assert flat(again) == again
    assert holds(again, facts, answers) == holds(one, facts, answers)


@given(CONDITIONS, FACTS, ANSWERS, FACTS, ANSWERS)
def test_what_is_known_stays_when_more_is_known(
    one: Condition,
    facts: dict[str, str],
    answers: dict[str, int | None],
    more: dict[str, str],
    later: dict[str, int | None],
) -> None:
    before = holds(one, facts, answers)
    assert before is None or holds(one, {**more, **facts}, {**later, **answers}) == before


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", True),
        ("kind=land", True),
        ("kind=sea", False),
        ("kind!=air|sea", True),
        ("colour=red", None),
        ("colour!=red", None),
        ("A-1>=2", True),
        ("A-1>2", False),
        ("A-1<=2", True),
        ("A-1<2", False),
        ("A-1=1|2", True),
        ("GONE-1=0", False),
        ("GONE-1!=0", False),
        ("NEW-1>=1", None),
        ("NEW-1>=1 or kind=land", True),
        ("NEW-1>=1 and kind=sea", False),
        ("NEW-1>=1 and kind=land", None),
        ("NEW-1>=1 or kind=sea", None),
        ("kind=sea or A-1=4", False),
    ],
)
def test_what_is_not_known_is_not_no(text: str, expected: bool | None) -> None:
    condition = parse(text) if text else None
    assert holds(condition, {"kind": "land"}, {"A-1": 2, "GONE-1": None}) is expected


def test_what_a_condition_asks_for() -> None:
    condition = parse("kind=land and (A-1>=1 or B-2=0) and A-1<4")
    assert [written(one) for one in comparisons(condition)] == ["kind=land", "A-1>=1", "B-2=0", "A-1<4"]
    assert needs(condition) == {"A-1", "B-2"}
    assert (needs(None), written(None)) == (frozenset(), "")


@pytest.mark.parametrize(
    ("asks", "found"),
    [
        ({}, []),
        ({"A": {"B"}, "B": {"C"}, "C": set()}, []),
        ({"A": {"UNKNOWN"}}, []),
        ({"A": {"A"}}, [("A",)]),
        ({"A": {"B"}, "B": {"C"}, "C": {"A"}, "D": {"A"}}, [("A", "B", "C")]),
        ({"A": {"B"}, "B": {"C"}, "C": {"B"}}, [("B", "C")]),
        ({"A": {"B"}, "B": {"A"}, "C": {"D"}, "D": {"C"}}, [("A", "B"), ("C", "D")]),
    ],
)
def test_circles(asks: dict[str, set[str]], found: list[tuple[str, ...]]) -> None:
    assert circles(asks) == found


@given(st.dictionaries(st.integers(0, 7).map(str), st.frozensets(st.integers(0, 7).map(str))))
def test_every_circle_is_one_and_without_them_none_is_left(asks: dict[str, frozenset[str]]) -> None:
    found = circles(asks)
    for circle in found:
        assert all(after in asks[one] for one, after in zip(circle, (*circle[1:], circle[0]), strict=True))
    gone = {code for circle in found for code in circle}
    assert circles({code: needed - gone for code, needed in asks.items() if code not in gone}) == []
