"""JSON of a return operation: what is read, what is told, and that nothing in it makes the reader fail."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pasaj.core.protocol import Operation, Place, read
from pasaj.core.protocol.reading import FIELDS

PLACES = {"P-1": Place("crossing", "land", "DO"), "AREA": Place("area")}
QUESTIONS, CATEGORIES = ("effects_kept", "order_copy"), ("deported", "spontaneous")


def told(data: object) -> tuple[Operation, list[tuple[str, str]]]:
    operation, problems = read(data, places=PLACES, questions=QUESTIONS, categories=CATEGORIES, key="K")
    return operation, [(one.code, one.column) for one in problems]


FULL: dict[str, Any] = {
    "place": "P-1",
    "place_kind": "official",
    "from_country": "DO",
    "date": "2026-07-01",
    "at": "2026-07-01T11:05",
    "handed_at": "2026-07-01 11:05:30",
    "counts": {"deported": 40, "spontaneous": None},
    "families_separated": 2,
    "answers": {"effects_kept": "yes", "order_copy": None},
}


@pytest.mark.req("R1.5")
def test_a_full_operation() -> None:
    assert set(FULL) == set(FIELDS)
    moment = datetime.fromisoformat("2026-07-01T11:05")
    assert told(FULL) == (
        Operation(
            key="K",
            place="P-1",
            place_type="crossing",
            transport="land",
            place_kind="official",
            from_country="DO",
            day=moment.date(),
            at=moment,
            handed_at=moment,
            counts={"deported": 40, "spontaneous": None},
            families_separated=2,
            answers={"effects_kept": "yes"},
        ),
        [],
    )


def test_what_the_meaning_of_a_form_writes_is_read_too() -> None:
    """One text a key, hours as phones write them."""
    flat = {
        "place": "P-1",
        "place_kind": "official",
        "from_country": "DO",
        "at": "2026-07-01T11:05:00.000-05:00",
        "handed_at": "2026-07-01T11:05:00.000-04:00",
        "counts.deported": "40",
        "families_separated": "2",
        "answers.effects_kept": "yes",
    }
    full = told({**FULL, "counts": {"deported": 40}})
    assert told(flat) == full
    assert told({**flat, "counts": {"spontaneous": 3}})[0].counts == {"deported": 40, "spontaneous": 3}
    assert told({"counts.deported": "4", "counts": None})[0].counts == {"deported": 4}
    assert told({"counts.deported": "4", "counts": 7})[1] == [("PROT-002", "counts.deported"), ("PROT-003", "counts")]


def test_everything_may_be_missing() -> None:
    assert told({}) == (Operation(key="K"), [])
    assert told(dict.fromkeys(FIELDS)) == (Operation(key="K"), [])


def test_the_country_is_that_of_the_crossing_when_it_is_not_told() -> None:
    assert told({"place": "P-1"})[0].from_country == "DO"
    assert told({"place": "P-1", "from_country": "US"})[0].from_country == "US"
    assert told({"place": "AREA"})[0].from_country == ""
    assert told({"place": "P-1", "from_country": "somewhere"})[0].from_country == "ZZ"


def test_the_day_comes_from_either_clock_or_from_the_date() -> None:
    assert told({"at": "2026-07-01T11:00"})[0].day == date(2026, 7, 1)
    assert told({"handed_at": "2026-07-01T11:00"})[0].day == date(2026, 7, 1)
    assert told({"date": "2026-07-02", "handed_at": "2026-07-01T23:30"})[0].day == date(2026, 7, 2)


@pytest.mark.parametrize(
    ("data", "problems"),
    [
        ([], [("PROT-001", "")]),
        (None, [("PROT-001", "")]),
        ({"persons": 3}, [("PROT-002", "persons")]),
        ({"place": 7}, [("PROT-003", "place")]),
        ({"place": "P-2"}, [("PROT-004", "place")]),
        ({"place_kind": "bridge"}, [("PROT-005", "place_kind")]),
        ({"from_country": "Dominican Republic"}, [("PROT-003", "from_country")]),
        ({"at": "2026-07-01T11:00Z"}, [("PROT-007", "at")]),
        ({"at": "2026-07-01T24:00"}, [("PROT-007", "at")]),
        ({"at": "2026-07-01T23:60"}, [("PROT-007", "at")]),
        ({"at": "2026-02-30T11:00"}, [("PROT-007", "at")]),
        ({"handed_at": "11:00"}, [("PROT-007", "handed_at")]),
        ({"date": "1 July"}, [("PROT-007", "date")]),
        ({"at": "2026-07-01T11:00", "date": "2026-07-02"}, [("PROT-006", "date")]),
        ({"counts": [1]}, [("PROT-003", "counts")]),
        ({"counts": {"deported": -1}}, [("PROT-008", "counts.deported")]),
        ({"counts": {"deported": True}}, [("PROT-008", "counts.deported")]),
        ({"counts": {"deported": 1.5}}, [("PROT-008", "counts.deported")]),
        ({"counts": {"deported": "-1"}}, [("PROT-008", "counts.deported")]),
        ({"counts": {"deported": 10**7}}, [("PROT-008", "counts.deported")]),
        ({"counts": {"men": 1}}, [("PROT-002", "counts.men")]),
        ({"families_separated": "two"}, [("PROT-008", "families_separated")]),
        ({"answers": "yes"}, [("PROT-003", "answers")]),
        ({"answers": {"order_copy": "oui"}}, [("PROT-005", "answers.order_copy")]),
        ({"answers": {"order_copy": ["yes"]}}, [("PROT-005", "answers.order_copy")]),
        ({"answers": {"orders": "yes"}}, [("PROT-002", "answers.orders")]),
    ],
)
def test_mistakes_are_told_and_read_as_missing(data: Any, problems: list[tuple[str, str]]) -> None:
    found = told(data)
    assert found[1] == problems
    assert (found[0].counts.get("deported"), dict(found[0].answers), found[0].at, found[0].day) == (
        None,
        {},
        None,
        None,
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)


@given(JSON | st.dictionaries(st.sampled_from(FIELDS), JSON))
def test_nothing_makes_it_fail(data: Any) -> None:
    operation, problems = read(data, places=PLACES, questions=QUESTIONS, categories=CATEGORIES)
    assert operation.place in ("", *PLACES)
    assert all(one.text() and one.remedy() for one in problems)
