"""Events and rumours: reported by anybody of the network, verified with others, settled with an outcome."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import make
import pytest
from django.db import DatabaseError, transaction

from pasaj.core.problems import Refused
from pasaj.respond.models import Event, EventStep
from pasaj.respond.queries import events as queries
from pasaj.respond.services import events, log
from pasaj.respond.services.events import Said
from pasaj.watch.models import Signal, SignalEvent

pytestmark = pytest.mark.django_db
SAID = Said(
    what="Families wait at the bridge", place="TL-BCP-NOR", source="partner", hazard="rescue", people=(50, 200),
    source_note="Market radio", institution="AID",
)  # fmt: skip


def refusal(caught: pytest.ExceptionInfo[Refused]) -> list[tuple[str, str]]:
    return [(one.code, one.column) for one in caught.value.problems]


def reported(cast: make.Cast, **given: object) -> Event:
    return events.report(said=replace(SAID, **given), actor=cast.actor("duty"), now=make.NOW)  # type: ignore[arg-type]


def asked(cast: make.Cast, code: str, institution: str = "IMM") -> Event:
    return events.step(
        code=code, how="phone", asked=institution, asked_role="post", answer="Sees it", actor=cast.actor("duty"),
        now=make.NOW,
    )  # fmt: skip


def settled(cast: make.Cast, code: str, state: str, outcome: str = "Seen by the post", answer: str = "") -> Event:
    return events.settle(
        code=code, state=state, outcome=outcome, answer=answer, actor=cast.actor("approver"), now=make.NOW
    )


@pytest.mark.req("R11.63")
def test_from_a_call_to_a_signal(country: make.Country, cast: make.Cast) -> None:
    actor = cast.actor("duty")
    entry = log.write(line=log.Line(kind="call_in", text="Families wait"), actor=actor, now=make.NOW)
    row = reported(cast, log_entry=entry.code)
    assert (row.code, row.state, row.people_low, row.people_high, row.log_entry) == (
        "EV-2025-0001", "reported", 50, 200, entry,
    )  # fmt: skip
    assert asked(cast, row.code).state == "verifying"
    assert settled(cast, row.code, "confirmed").outcome == "Seen by the post"
    signal = events.raise_signal(code=row.code, protection=True, actor=actor, now=make.NOW)
    assert events.raise_signal(code=row.code, protection=True, actor=actor, now=make.NOW) == signal
    assert (signal.kind, signal.crossing, signal.protection) == ("event", country.crossings["TL-BCP-NOR"], True)
    assert [(one.action, one.actor_label) for one in queries.steps(row)] == [
        ("reported", "duty"), ("asked", "duty"), ("confirmed", "approver"), ("raised", "duty"),
    ]  # fmt: skip


@pytest.mark.req("R11.64")
def test_only_what_is_confirmed_becomes_a_signal(country: make.Country, cast: make.Cast) -> None:
    row = reported(cast)
    for deed in (lambda: None, lambda: asked(cast, row.code), lambda: settled(cast, row.code, "unverifiable")):
        deed()
        with pytest.raises(Refused) as caught:
            events.raise_signal(code=row.code, protection=True, actor=cast.actor("duty"), now=make.NOW)
        assert refusal(caught) == [("EVENT-003", "")]
    assert Signal.objects.count() == 0


@pytest.mark.req("R11.63")
def test_who_reported_it_cannot_confirm_it(country: make.Country, cast: make.Cast) -> None:
    row = reported(cast)
    with pytest.raises(Refused) as caught:
        settled(cast, row.code, "confirmed")
    assert refusal(caught) == [("EVENT-005", "")]
    asked(cast, row.code, "AID")
    with pytest.raises(Refused) as caught:
        settled(cast, row.code, "confirmed")
    assert refusal(caught) == [("EVENT-006", "")]
    asked(cast, row.code, "IMM")
    assert settled(cast, row.code, "confirmed").state == "confirmed"


@pytest.mark.req("R11.65")
def test_a_refuted_rumour_keeps_its_answer(country: make.Country, cast: make.Cast) -> None:
    row = reported(cast)
    asked(cast, row.code)
    for answer, found in (
        ("", [("EVENT-007", "answer")]),
        ("Only 12 people were there", [("EVENT-008", "answer")]),
        ("Ask Monsieur Pierre Louis", [("SCREEN-001", "answer")]),
    ):
        with pytest.raises(Refused) as caught:
            settled(cast, row.code, "refuted", answer=answer)
        assert refusal(caught) == found
    settled(cast, row.code, "refuted", answer="The bridge is open since 30/09/2025. Ask the post.")
    assert [(one.code, one.answer) for one in queries.answers(cast.actor("analyst"))] == [
        (row.code, "The bridge is open since 30/09/2025. Ask the post.")
    ]
    assert queries.answers(cast.actor("stranger")).count() == 0


def test_opening_again_keeps_the_history_and_tells_the_signal(country: make.Country, cast: make.Cast) -> None:
    row = reported(cast)
    asked(cast, row.code)
    settled(cast, row.code, "confirmed")
    signal = events.raise_signal(code=row.code, protection=False, actor=cast.actor("duty"), now=make.NOW)
    again = events.reopen(code=row.code, reason="The picture is old", actor=cast.actor("duty"), now=make.NOW)
    assert (again.state, again.outcome) == ("verifying", "")
    assert list(SignalEvent.objects.filter(signal=signal).order_by("pk").values_list("action", "note")) == [
        ("raised", ""), ("noted", "EV-2025-0001: The picture is old"),
    ]  # fmt: skip
    assert settled(cast, row.code, "refuted", "An old picture", "The picture is an old one.").signal == signal
    with pytest.raises(DatabaseError), transaction.atomic():
        EventStep.objects.update(answer="x")


def test_somebody_was_faster(country: make.Country, cast: make.Cast) -> None:
    row = reported(cast)
    asked(cast, row.code)
    with pytest.raises(Refused) as caught:
        events.settle(
            code=row.code, state="confirmed", outcome="x", seen="reported", actor=cast.actor("duty"), now=make.NOW
        )
    assert refusal(caught) == [("EVENT-009", "")]


@pytest.mark.req("R11.61")
@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"what": ""}, [("DUTY-002", "what")]),
        ({"what": "Jean Baptiste, 34 ans, is held"}, [("SCREEN-001", "what")]),
        ({"source": "dream"}, [("DUTY-004", "source")]),
        ({"hazard": "people"}, [("DUTY-004", "hazard")]),
        ({"place": "NOWHERE"}, [("DUTY-009", "place")]),
        ({"institution": "NOBODY"}, [("DUTY-008", "institution")]),
        ({"people": (5, 4)}, [("EVENT-002", "people_low")]),
        ({"people": (-1, 4)}, [("EVENT-002", "people_low")]),
        ({"people": (0, 1_000_001)}, [("EVENT-002", "people_low")]),
        ({"reported_at": make.NOW + timedelta(hours=1)}, [("DUTY-005", "reported_at")]),
        ({"log_entry": "LG-2025-0404"}, [("DUTY-001", "log_entry")]),
    ],
)
def test_what_is_refused(
    country: make.Country, cast: make.Cast, given: dict[str, object], found: list[tuple[str, str]]
) -> None:
    with pytest.raises(Refused) as caught:
        reported(cast, **given)
    assert (refusal(caught), Event.objects.count()) == (found, 0)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"answer": " "}, [("DUTY-002", "answer")]),
        ({"how": "none"}, [("DUTY-004", "how")]),
        ({"asked": "?"}, [("DUTY-008", "asked")]),
        ({"code": "EV-2025-0404"}, [("EVENT-001", "")]),
    ],
)
def test_steps_that_are_refused(
    country: make.Country, cast: make.Cast, given: dict[str, str], found: list[tuple[str, str]]
) -> None:
    row = reported(cast)
    step = {"code": row.code, "how": "phone", "answer": "Yes", **given}
    with pytest.raises(Refused) as caught:
        events.step(**step, actor=cast.actor("duty"), now=make.NOW)  # type: ignore[arg-type]
    row.refresh_from_db()
    assert (refusal(caught), row.state, row.steps.count()) == (found, "reported", 1)


@pytest.mark.req("R11.66")
def test_an_unofficial_crossing_is_kept_as_its_commune(country: make.Country, cast: make.Cast) -> None:
    row = reported(cast, place="TL-UBP-01")
    assert (row.crossing, row.area) == (None, country.areas["TL0101"])


@pytest.mark.req("R11.66")
@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("duty", ["EV-2025-0003", "EV-2025-0002", "EV-2025-0001"]),
        ("approver", ["EV-2025-0003", "EV-2025-0002", "EV-2025-0001"]),
        ("analyst", ["EV-2025-0003", "EV-2025-0002", "EV-2025-0001"]),
        ("admin", ["EV-2025-0003", "EV-2025-0002", "EV-2025-0001"]),
        ("chief", ["EV-2025-0001"]),
        ("partner", ["EV-2025-0003", "EV-2025-0002"]),
        ("stranger", []),
        ("dpo", []),
    ],
)
def test_who_sees_which(country: make.Country, cast: make.Cast, who: str, seen: list[str]) -> None:
    reported(cast, institution="")
    reported(cast, place="TL-BCP-SOU")
    events.report(said=replace(SAID, place="TL0101", institution=""), actor=cast.actor("partner"), now=make.NOW)
    assert [row.code for row in queries.find(cast.actor(who))] == seen
