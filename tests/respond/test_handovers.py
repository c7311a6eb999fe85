"""A shift is passed on by two persons, with what is open; once accepted it stays as it is."""

from __future__ import annotations

from datetime import timedelta

import make
import pytest
from django.db import DatabaseError, transaction

from pasaj.core.problems import Refused
from pasaj.respond.models import Handover
from pasaj.respond.queries import duty
from pasaj.respond.services import events, handover
from pasaj.respond.services.events import Said

pytestmark = pytest.mark.django_db
HOURS = timedelta(hours=12)


def prepared(cast: make.Cast, **given: object) -> Handover:
    asked = {"started_at": make.NOW - HOURS, "ended_at": make.NOW, "note": "Quiet night", **given}
    return handover.prepare(actor=cast.actor("duty"), now=make.NOW, **asked)  # type: ignore[arg-type]


def refusal(caught: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [one.code for one in caught.value.problems]


@pytest.mark.req("R11.62")
def test_what_is_open_goes_along(country: make.Country, cast: make.Cast) -> None:
    said = Said(what="Crowd at the bridge", place="TL-BCP-NOR", source="radio", hazard="rescue")
    events.report(said=said, actor=cast.actor("duty"), now=make.NOW)
    row = prepared(cast)
    assert [(one["kind"], one["code"], one["state"], one["place"], one["text"]) for one in row.snapshot] == [
        ("event", "EV-2025-0001", "reported", "Northgate", "Crowd at the bridge")
    ]
    done = handover.accept(code=row.code, seen=row.prepared_at, actor=cast.actor("approver"), now=make.NOW)
    assert (done.outgoing_label, done.incoming_label, done.accepted_at) == ("duty", "approver", make.NOW)
    assert [one.code for one in duty.handovers(cast.actor("analyst"))] == ["HO-2025-0001"]
    assert duty.handovers(cast.actor("chief")).count() == 0


@pytest.mark.req("R11.62")
def test_never_by_one_person_and_never_twice(country: make.Country, cast: make.Cast) -> None:
    row = prepared(cast)
    with pytest.raises(Refused) as caught:
        handover.accept(code=row.code, actor=cast.actor("duty"), now=make.NOW)
    assert refusal(caught) == ["DUTY-013"]
    with pytest.raises(Refused) as caught:
        prepared(cast)
    assert refusal(caught) == ["DUTY-014"]
    again = handover.prepare(
        code=row.code, started_at=row.started_at, ended_at=row.ended_at, note="More", actor=cast.actor("duty"),
        now=make.NOW + timedelta(minutes=1),
    )  # fmt: skip
    with pytest.raises(Refused) as caught:
        handover.accept(code=row.code, seen=row.prepared_at, actor=cast.actor("approver"), now=make.NOW)
    assert refusal(caught) == ["DUTY-015"]
    handover.accept(code=row.code, seen=again.prepared_at, actor=cast.actor("approver"), now=make.NOW)
    for act in (
        lambda: handover.accept(code=row.code, actor=cast.actor("approver"), now=make.NOW),
        lambda: prepared(cast, code=row.code),
    ):
        with pytest.raises(Refused) as caught:
            act()
        assert refusal(caught) == ["DUTY-012"]
    for change in (lambda: Handover.objects.update(note="x"), lambda: Handover.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        ({"ended_at": make.NOW - HOURS}, ["DUTY-010"]),
        ({"started_at": make.NOW + HOURS, "ended_at": make.NOW + 2 * HOURS}, ["DUTY-005"]),
        ({"note": "Madame Marie Pierre called"}, ["SCREEN-001"]),
        ({"code": "HO-2025-0099"}, ["DUTY-011"]),
    ],
)
def test_what_is_refused(country: make.Country, cast: make.Cast, given: dict[str, object], codes: list[str]) -> None:
    with pytest.raises(Refused) as caught:
        prepared(cast, **given)
    assert (refusal(caught), Handover.objects.count()) == (codes, 0)
