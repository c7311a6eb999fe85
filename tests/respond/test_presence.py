"""Who does what where: with its source, by the institution itself or the duty officer, once a place and activity."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import make
import pytest

from pasaj.access.rules import can, visible
from pasaj.core.problems import Refused
from pasaj.registry.models import Function, Institution
from pasaj.respond.models import Presence
from pasaj.respond.queries import presence as queries
from pasaj.respond.services import presence
from pasaj.respond.services.presence import Where

pytestmark = pytest.mark.django_db
WHERE = Where(
    institution="AID", function="RECEPTION", place="TL-BCP-NOR", first=make.TODAY, source_note="Meeting of the network"
)


@pytest.fixture
def functions(country: make.Country) -> None:
    for code in ("RECEPTION", "HEALTH"):
        Function.objects.create(code=code, names=make.names(code.title()), source="test")


def put(cast: make.Cast, code: str = "", **given: object) -> Presence:
    return presence.put(where=replace(WHERE, **given), code=code, actor=cast.actor("duty"), now=make.NOW)  # type: ignore[arg-type]


def refusal(caught: pytest.ExceptionInfo[Refused]) -> list[tuple[str, str]]:
    return [(one.code, one.column) for one in caught.value.problems]


@pytest.mark.req("R11.67")
def test_partners_by_places(functions: None, cast: make.Cast) -> None:
    first = put(cast)
    put(cast, function="HEALTH", institution="IMM", place="TL-UBP-01", last=make.TODAY)
    put(cast, first=make.TODAY - timedelta(days=9), last=make.TODAY - timedelta(days=1))
    changed = put(cast, first.code, capacity_note="Two teams")
    assert (changed.code, changed.capacity_note, Presence.objects.count()) == (first.code, "Two teams", 3)
    matrix = queries.matrix(queries.standing(queries.find(cast.actor("duty")), make.TODAY))
    assert [code for code, _name in matrix.columns] == ["TL0101", "TL-BCP-NOR"]  # the commune, not the crossing
    assert [(who.code, [[one.code for one in cell] for cell in cells]) for who, cells in matrix.lines] == [
        ("AID", [[], ["PW-2025-0001"]]),
        ("IMM", [["PW-2025-0002"], []]),
    ]
    presence.withdraw(code=first.code, actor=cast.actor("duty"), now=make.NOW)
    assert [one.code for one in queries.find(cast.actor("duty"), institution="AID")] == ["PW-2025-0003"]
    for deed in (
        lambda: put(cast, first.code),
        lambda: presence.withdraw(code=first.code, actor=cast.actor("duty"), now=make.NOW),
    ):
        with pytest.raises(Refused) as caught:
            deed()
        assert refusal(caught) == [("PRESENCE-006", "")]


@pytest.mark.req("R11.67")
@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"institution": ""}, [("DUTY-008", "institution")]),
        ({"institution": "NOBODY"}, [("DUTY-008", "institution")]),
        ({"function": "?"}, [("PRESENCE-002", "function")]),
        ({"place": "?"}, [("DUTY-009", "place")]),
        ({"last": make.TODAY - timedelta(days=1)}, [("PRESENCE-003", "last")]),
        ({"source_note": " "}, [("PRESENCE-004", "source_note")]),
        ({"capacity_note": "Led by Madame Marie Pierre"}, [("SCREEN-001", "capacity_note")]),
        ({"code": "PW-2025-0404"}, [("PRESENCE-001", "")]),
    ],
)  # fmt: skip
def test_what_is_refused(
    functions: None, cast: make.Cast, given: dict[str, object], found: list[tuple[str, str]]
) -> None:
    with pytest.raises(Refused) as caught:
        put(cast, **given)  # type: ignore[arg-type]
    assert (refusal(caught), Presence.objects.count()) == (found, 0)


def test_once_a_place_and_activity(functions: None, cast: make.Cast) -> None:
    put(cast)
    with pytest.raises(Refused) as caught:
        put(cast)
    assert refusal(caught) == [("PRESENCE-005", "")]


@pytest.mark.req("R11.66")
@pytest.mark.parametrize(
    ("who", "seen", "changes", "speaks_for"),
    [
        ("duty", 2, 2, ["AID", "CELL", "IMM"]),
        ("analyst", 2, 2, ["AID", "CELL", "IMM"]),
        ("approver", 2, 0, []),
        ("partner", 1, 1, ["AID"]),
        ("chief", 0, 0, []),
        ("stranger", 0, 0, []),
    ],
)
def test_each_for_their_own(
    functions: None, cast: make.Cast, who: str, seen: int, changes: int, speaks_for: list[str]
) -> None:
    rows = [put(cast), put(cast, institution="IMM")]
    actor = cast.actor(who)
    named = visible(Institution.objects.order_by("code"), actor, "contribute").values_list("code", flat=True)
    assert (queries.find(actor).count(), sum(can(actor, "set", row) for row in rows), list(named)) == (
        seen, changes, speaks_for,
    )  # fmt: skip
