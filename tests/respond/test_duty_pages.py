"""The pages of the duty room: who opens which, what they do, and that nothing of the log reaches those outside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import make
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pasaj.registry.models import Function
from pasaj.respond.models import Event, Handover, LogEntry, Presence
from pasaj.respond.services import events, handover, log, presence
from pasaj.respond.services.events import Said
from pasaj.respond.services.log import Line
from pasaj.respond.services.presence import Where
from pasaj.share.models import Release
from pasaj.watch.models import Signal

pytestmark = pytest.mark.django_db
WHO = ("chief", "duty", "approver", "analyst", "admin", "partner", "dpo", "stranger")
CELL = frozenset({"duty", "approver", "analyst", "admin"})
WRITE = frozenset({"duty", "approver"})
TELL = frozenset({"duty", "approver", "analyst", "chief", "partner"})
MEMBERS = frozenset(WHO) - {"stranger"}
SECRET = "told-in-the-duty-room"
FOUND = "found-by-asking-others"


@dataclass
class Room:
    entry: LogEntry
    north: Event
    south: Event
    shift: Handover
    works: Presence


@pytest.fixture
def room(country: make.Country, cast: make.Cast) -> Room:
    """A line of the log, an event at the chief's crossing, one of the partner, a shift that waits, a presence."""
    duty, now = cast.actor("duty"), make.NOW
    Function.objects.create(code="RECEPTION", names=make.names("Reception"), source="test")
    entry = log.write(
        line=Line(kind="call_in", text=f"{SECRET}, see SG-2025-0001", institution="IMM"), actor=duty, now=now
    )
    said = Said(what="Crowd at the bridge", place="TL-BCP-NOR", source="radio", hazard="rescue", people=(50, 60))
    north = events.report(said=said, actor=duty, now=now)
    events.step(code=north.code, how="phone", asked="IMM", answer=FOUND, actor=duty, now=now)
    other = Said(what="Fire at the depot", place="TL-BCP-SOU", source="partner", hazard="fire", institution="AID")
    south = events.report(said=other, actor=duty, now=now)
    shift = handover.prepare(started_at=now - timedelta(hours=9), ended_at=now, note=SECRET, actor=duty, now=now)
    where = Where("AID", "RECEPTION", "TL-BCP-NOR", make.TODAY, "Meeting of the network")
    return Room(entry, north, south, shift, presence.put(where=where, actor=duty, now=now))


def pages(room: Room) -> list[tuple[str, list[Any], frozenset[str]]]:
    north, south = room.north.code, room.south.code
    return [
        *((name, [], CELL) for name in ("duty", "log-list", "log-csv", "handover-list", "answer-list", "answers-text")),
        ("log-day", [make.TODAY.isoformat()], CELL),
        ("log-entry", [room.entry.code], CELL),
        ("handover", [room.shift.code], CELL),
        *((name, [], WRITE) for name in ("log-new", "handover-new")),
        ("log-correct", [room.entry.code], WRITE),
        *((name, [], CELL | {"chief", "partner"}) for name in ("event-list", "events-csv")),
        ("event-new", [], TELL),
        ("event", [north], CELL | {"chief"}),
        ("event", [south], CELL | {"partner"}),
        *((name, [], CELL | {"partner"}) for name in ("presence-list", "presence-csv")),
        ("presence-new", [], frozenset({"duty", "analyst", "partner"})),
        ("presence-edit", [room.works.code], frozenset({"duty", "analyst", "partner"})),
        ("capacity", [], MEMBERS),
    ]  # fmt: skip


def body(answer: Any) -> str:
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()


@pytest.mark.req("R11.66")
@pytest.mark.req("R7.1")
@pytest.mark.parametrize("who", WHO)
def test_who_opens_what_and_reads_what(room: Room, as_: Callable[[str], Client], who: str) -> None:
    client = as_(who)
    expected, found, told = {}, {}, set()
    for name, arguments, may in pages(room):
        url = reverse(f"respond:{name}", args=arguments)
        answer = client.get(url)
        text = body(answer)
        expected[url], found[url] = 200 if who in may else 404, answer.status_code
        told |= {one for one in (SECRET, FOUND) if one in text}
    assert (found, told) == (expected, {SECRET, FOUND} if who in CELL else set())


def test_without_signing_in_nothing_opens(room: Room) -> None:
    found = {
        name: Client().get(reverse(f"respond:{name}", args=arguments)).status_code for name, arguments, _ in pages(room)
    }
    assert set(found.values()) == {302}


def deeds(room: Room) -> list[tuple[str, list[str], dict[str, str], frozenset[str]]]:
    """Every action: address, form, who may."""
    code = [room.north.code]
    step = {"step-how": "phone", "step-answer": "Yes", "step-asked": "CELL"}
    where = {
        "institution": "AID",
        "function": "RECEPTION",
        "place": "TL-BCP-SOU",
        "first": "2025-09-01",
        "source_note": "x",
    }
    return [
        ("duty", [], {"kind": "note", "text": "Written"}, WRITE),
        ("log-new", [], {"kind": "note", "text": "Written"}, WRITE),
        ("log-correct", [room.entry.code], {"kind": "note", "text": "Better"}, WRITE),
        ("handover-accept", [room.shift.code], {"seen": room.shift.prepared_at.isoformat()}, frozenset({"approver"})),
        ("event-step", code, step, WRITE),
        ("event-settle", code, {"settle-state": "confirmed", "settle-outcome": "Seen"}, WRITE),
        ("presence-new", [], where, frozenset({"duty", "analyst", "partner"})),
        ("presence-withdraw", [room.works.code], {}, frozenset({"duty", "analyst", "partner"})),
        ("event-new", [], {"what": "Smoke", "place": "TL-BCP-NOR", "source": "official", "hazard": "fire"}, TELL),
    ]


@pytest.mark.req("R7.1")
@pytest.mark.parametrize("who", WHO)
def test_who_does_what(room: Room, as_: Callable[[str], Client], who: str) -> None:
    client = as_(who)
    found = {}
    for name, arguments, form, _may in deeds(room):
        found[name] = client.post(reverse(f"respond:{name}", args=arguments), form).status_code
    expected = {name: 302 if who in may else 404 for name, _arguments, _form, may in deeds(room)}
    if who == "duty":
        expected["handover-accept"] = 409  # it is their own shift
    assert found == expected


@pytest.mark.req("R11.60")
def test_one_line_is_enough(room: Room, as_: Callable[[str], Client]) -> None:
    client = as_("duty")
    form = {"kind": "call_out", "who": "TL-BCP-NOR/IMM", "text": "Power is back, see EV-2025-0001"}
    client.post(reverse("respond:duty"), form)
    row = LogEntry.objects.order_by("-pk")[0]
    assert (str(row.crossing), row.institution and row.institution.code, row.at) == ("Northgate", "IMM", make.NOW)
    page = body(client.get(reverse("respond:duty")))
    assert page.count(f'<a class="code" href="{reverse("respond:event", args=["EV-2025-0001"])}">EV-2025-0001</a>') >= 1
    answer = client.post(reverse("respond:duty"), {**form, "text": "Madame Marie Pierre was sent back"})
    assert (answer.status_code, LogEntry.objects.count()) == (422, 2)
    assert answer.context["form"]["text"].value() == "Madame Marie Pierre was sent back"  # nothing typed is lost


@pytest.mark.req("R11.69")
def test_nothing_is_typed_twice(room: Room, as_: Callable[[str], Client], cast: make.Cast) -> None:
    client = as_("duty")
    form = client.get(reverse("respond:event-new"), {"log": room.entry.code}).context["form"]
    assert (form["what"].value(), form["log_entry"].value(), form["institution"].value()) == (
        room.entry.text, room.entry.code, "IMM",
    )  # fmt: skip
    given = {"what": "Crowd", "place": "TL-BCP-NOR", "source": "radio", "hazard": "rescue", "people_low": "40"}
    given["log_entry"] = room.entry.code
    client.post(reverse("respond:event-new"), given)
    row = Event.objects.order_by("-pk")[0]
    assert (row.log_entry, row.people_low, row.people_high) == (room.entry, 40, 40)
    assert client.get(reverse("respond:log-new"), {"ref": row.code}).context["form"]["ref"].value() == row.code
    events.step(code=row.code, how="phone", asked="IMM", answer="Yes", actor=cast.actor("duty"), now=make.NOW)
    settle = {"settle-state": "confirmed", "settle-outcome": "Seen", "seen": "verifying"}
    client.post(reverse("respond:event-settle", args=[row.code]), settle)
    answer = client.post(reverse("respond:event-raise", args=[row.code]), {"protection": "1"})
    signal = Signal.objects.get()
    assert (answer["Location"], signal.protection) == (reverse("watch:signal", args=[signal.code]), True)


@pytest.mark.req("R11.65")
def test_answers_leave_as_a_public_text(room: Room, as_: Callable[[str], Client], cast: make.Cast) -> None:
    events.settle(
        code=room.north.code, state="refuted", outcome="Nobody there", answer="The bridge is open. Ask the post.",
        actor=cast.actor("approver"), now=make.NOW,
    )  # fmt: skip
    answer = as_("analyst").get(reverse("respond:answers-text"))
    assert body(answer) == "Northgate (2025-10-01): The bridge is open. Ask the post."
    assert list(Release.objects.values_list("audience", "kind")) == [("TLP:CLEAR", "text")]


@pytest.mark.req("R11.69")
def test_files_have_tags(room: Room, as_: Callable[[str], Client]) -> None:
    lines = body(as_("partner").get(reverse("respond:presence-csv"))).splitlines()
    assert lines[1].split(",")[:4] == ["#activity+id", "#org+code", "#org+name", "#activity+code"]
    assert lines[2].split(",")[:2] == ["PW-2025-0001", "AID"]
    assert len(lines[0].split(",")) == len(lines[1].split(","))
    lines = body(as_("partner").get(reverse("respond:events-csv"))).splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == ["#event+id", "EV-2025-0002"]
    assert len(lines[0].split(",")) == len(lines[1].split(","))


def test_a_day_that_is_none_is_not_found(room: Room, as_: Callable[[str], Client]) -> None:
    assert as_("duty").get(reverse("respond:log-day", args=["2025-13-01"])).status_code == 404
    assert as_("duty").get(reverse("respond:log-list"), {"q": SECRET}).context["total"] == 1


@pytest.mark.parametrize("name", ["duty", "event-list", "presence-list", "log-list"])
def test_lists_ask_the_same_number_of_questions(
    room: Room, as_: Callable[[str], Client], cast: make.Cast, name: str
) -> None:
    client, duty = as_("duty"), cast.actor("duty")

    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(reverse(f"respond:{name}")).status_code == 200
        return len(caught)

    asked()
    one = asked()
    for at in range(2):
        log.write(line=Line(kind="note", text="More"), actor=duty, now=make.NOW)
        said = Said(what=f"More {at}", place="TL-BCP-SOU", source="radio", hazard="fire")
        events.report(said=said, actor=duty, now=make.NOW)
        where = Where("IMM", "RECEPTION", "TL-BCP-NOR", make.TODAY - timedelta(days=at), "Meeting")
        presence.put(where=where, actor=duty, now=make.NOW)
    assert asked() == one
