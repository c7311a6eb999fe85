"""What institutions answer, read or refused with its reason."""

from datetime import date
from typing import Any

import pytest

from pasaj.core.mapping.answers import Claim, claims, complete, told
from pasaj.core.mapping.exchange import Statement, ties
from pasaj.core.mapping.mandates import WHOLE, Mandate
from pasaj.core.problems import Refused

SCOPE, LAYERS = ("cell", "police", "health"), ("alerts",)
FUNCTIONS, BASES, PLACES = ("checks", "rescue"), ("L-1",), ("north", "south")
TURN = {"layer": "alerts", "direction": "send", "others": "police health"}


def read(**changes: Any) -> Any:
    return told({**TURN, **changes}, "cell", SCOPE, LAYERS)


def test_one_answer_speaks_of_several_institutions() -> None:
    found = read(channels="phone email phone", written="yes", hours="2.5")
    assert found.statements("cell") == (
        Statement("alerts", "cell", "police", "sender", True, ("phone", "email"), True, 2.5),
        Statement("alerts", "cell", "health", "sender", True, ("phone", "email"), True, 2.5),
    )
    assert [one.state for one in ties(found.statements("cell"), SCOPE)] == ["only_sender"] * 2


def test_the_other_end_speaks_as_receiver() -> None:
    (one,) = read(direction="receive", others="police", hours=0).statements("cell")
    assert one == Statement("alerts", "police", "cell", "receiver", True, (), None, 0.0)
    assert read().hours is None


def test_a_no_has_neither_channel_nor_delay() -> None:
    found = read(exists="no", channels="phone", written="yes", hours=3)
    assert (found.exists, found.channels, found.formal, found.hours) == (False, (), None, None)


@pytest.mark.parametrize(
    ("changes", "code", "column"),
    [
        ({"layer": "gossip"}, "MAPPING-018", "layer"),
        ({"layer": None}, "MAPPING-018", "layer"),
        ({"others": " "}, "MAPPING-020", "others"),
        ({"others": "police cell"}, "MAPPING-003", "others"),
        ({"others": "moon"}, "MAPPING-021", "others"),
        ({"others": ""}, "MAPPING-020", "others"),
        ({"direction": "sideways"}, "MAPPING-019", "direction"),
        ({"direction": ""}, "MAPPING-019", "direction"),
        ({"exists": "maybe"}, "MAPPING-019", "exists"),
        ({"channels": "phone pigeon"}, "MAPPING-019", "channels"),
        ({"written": "half"}, "MAPPING-019", "written"),
        ({"hours": "soon"}, "MAPPING-011", "hours"),
        ({"hours": "-1"}, "MAPPING-011", "hours"),
        ({"hours": "inf"}, "MAPPING-011", "hours"),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_place(changes: dict[str, Any], code: str, column: str) -> None:
    with pytest.raises(Refused) as refused:
        read(**changes)
    assert [(one.code, one.column) for one in refused.value.problems] == [(code, column)]


def test_a_list_is_complete_when_it_says_so() -> None:
    assert [complete({"complete": word}) for word in ("yes", "no", "")] == [True, False, False]
    with pytest.raises(Refused):
        complete({"complete": "nearly"})


def test_roles_become_claims_by_function() -> None:
    found = claims(
        {
            "roles": {"rescue": "none", "checks": "lead"},
            "bases": {"checks": "L-1", "rescue": "other"},
            "texts": {"checks": "Circular 4"},
            "territories": {"checks": "south north"},
            "since": {"checks": "2020-05-01"},
            "comments": {"checks": "With customs"},
        },
        FUNCTIONS, BASES, PLACES,
    )  # fmt: skip
    day = date(2020, 5, 1)
    assert found == (
        Claim("checks", "lead", "L-1", "Circular 4", ("south", "north"), day, "With customs"),
        Claim("rescue", "none"),
    )
    assert found[0].mandates("police") == tuple(
        Mandate("checks", "police", "lead", place, "L-1", day, None, verify=True) for place in ("south", "north")
    )
    assert found[1].mandates("police") == ()
    assert Claim("rescue", "support").mandates("police") == (
        Mandate("rescue", "police", "support", WHOLE, verify=True),
    )


@pytest.mark.parametrize(
    ("data", "code", "column"),
    [
        ({}, "MAPPING-023", "roles"),
        ({"roles": "lead"}, "MAPPING-023", "roles"),
        ({"roles": {"baking": "lead"}}, "MAPPING-005", "roles"),
        ({"roles": {"checks": "boss"}}, "MAPPING-004", "checks"),
        ({"roles": {"checks": "lead"}, "territories": {"checks": "moon"}}, "MAPPING-006", "checks"),
        ({"roles": {"checks": "lead"}, "bases": {"checks": "L-9"}}, "MAPPING-022", "checks"),
        ({"roles": {"checks": "lead"}, "since": {"checks": "last year"}}, "MAPPING-022", "checks"),
    ],
)
def test_roles_that_cannot_be_read_are_refused(data: dict[str, Any], code: str, column: str) -> None:
    with pytest.raises(Refused) as refused:
        claims(data, FUNCTIONS, BASES, PLACES)
    assert [(one.code, one.column) for one in refused.value.problems] == [(code, column)]
