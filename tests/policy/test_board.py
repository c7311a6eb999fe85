"""On time, late, silent: the board, the owner's page, reminders, figures that read themselves, recommendations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import make
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from notify import sending
from policy import plans

from pasaj.evidence.models import Figure, Node
from pasaj.notify.models import Delivery, Message
from pasaj.policy.models import Indicator, Policy, Reading
from pasaj.policy.queries import board
from pasaj.policy.services import following, reminding, statements
from pasaj.policy.services.wanted import ActionWanted
from pasaj.registry.models import Institution

NOW = plans.NOW  # 1 October 2025: P1-A1.1.1 was to end in June, P1-A1.1.2 began in July
TODAY = NOW.date()


@pytest.fixture
def policy(country: make.Country) -> Policy:
    row = plans.whole(country)
    Policy.objects.update(state="in_force")
    return row


def page(client: Client, address: str) -> str:
    answer = client.get(address, headers={"accept-language": "en"})
    assert answer.status_code == 200, address
    return str(answer.content.decode())


@pytest.mark.req("R12.46")
def test_the_board_puts_what_is_late_first(policy: Policy, as_: Callable[[str], Client]) -> None:
    found = board.board(plans.drafter(), policy, TODAY)
    assert [(one.row.code, one.standing.state, one.standing.days) for one in found.actions] == [
        ("P1-A1.1.1", "late", 93), ("P1-A1.1.2", "late", 92)]  # fmt: skip
    who: dict[str, Any] = {"actor": plans.drafter(), "now": NOW}
    following.report(code="P1-A1.1.2", state="running", note="", seen=1, **who)
    found = board.board(plans.drafter(), policy, TODAY)
    assert [(one.row.code, one.standing.state) for one in found.actions] == [
        ("P1-A1.1.1", "late"), ("P1-A1.1.2", "on_time")]  # fmt: skip
    later = board.board(plans.drafter(), policy, TODAY + timedelta(days=136))
    assert [one.standing.state for one in later.actions] == ["late", "silent"]
    text = page(as_("duty"), "/policy/P1/board/")
    assert "late, 93 days" in text
    assert "silent, 274 days" in text  # the indicator


@pytest.mark.req("R12.46")
def test_an_owner_sees_the_own_actions_only(policy: Policy, as_: Callable[[str], Client]) -> None:
    partner, chief = page(as_("partner"), "/policy/mine/"), page(as_("chief"), "/policy/mine/")
    assert ("P1-A1.1.2" in partner, "P1-A1.1.1" in partner) == (True, False)
    assert ("P1-A1.1.2" in chief, "P1-A1.1.1" in chief) == (False, True)
    assert "Your institution owns no action." in page(as_("duty"), "/policy/mine/")
    statuses = {who: [as_(who).get(f"/policy/{one}/").status_code for one in ("mine", "P1/board", "P1/recommendations")]
                for who in ("duty", "partner", "chief", "stranger")}  # fmt: skip
    assert statuses == {"duty": [200, 200, 200], "partner": [200, 200, 404], "chief": [200, 404, 404],
                        "stranger": [404, 404, 404]}  # fmt: skip
    assert "P1-A1.1.1" not in page(as_("partner"), "/policy/P1/board/")


@pytest.mark.req("R12.47")
def test_indicators_stand_against_the_line(policy: Policy, as_: Callable[[str], Client]) -> None:
    following.observe(code="P1-I1", period_end=date(2025, 9, 30), value=Decimal(50), source="x",
                      actor=plans.drafter(), now=NOW)  # fmt: skip
    (one,) = board.board(plans.drafter(), policy, TODAY).indicators
    assert (one.course.state, one.course.expected) == ("on_course", Decimal("37.4521"))  # 20 + 70 * 273 / 1095
    text = page(as_("duty"), "/policy/P1/board/")
    assert "37.4521" in text
    assert "on course" in text


@pytest.mark.req("R12.48")
def test_owners_are_reminded_once_a_rhythm(policy: Policy, country: make.Country) -> None:
    sending.contact("Aid desk", "aid@example.org", institution="AID")
    assert reminding.remind(now=NOW) == 1  # nobody of IMM is in the directory
    message = Message.objects.get()
    assert (message.kind, message.ref, message.mode) == ("policy", "P1/AID", "actual")
    assert "P1-A1.1.2 Open posts: 92 days late" in message.texts["en"]["body"]
    assert Delivery.objects.count() == 1
    assert reminding.remind(now=NOW + timedelta(days=29)) == 0
    assert reminding.remind(now=NOW + timedelta(days=31)) == 1


@pytest.mark.req("R12.48")
@pytest.mark.parametrize(
    ("changed", "modes"),
    [({"state": "draft"}, []), ({"state": "consultation"}, []), ({"simulated": True}, ["exercise"]), ({}, ["actual"])],
)
def test_nobody_is_chased_for_a_draft_nor_in_earnest_for_a_made_up_one(
    policy: Policy, country: make.Country, changed: dict[str, Any], modes: list[str]
) -> None:
    sending.contact("Aid desk", "aid@example.org", institution="AID")
    Policy.objects.update(**changed)
    reminding.remind(now=NOW)
    assert list(Message.objects.values_list("mode", flat=True)) == modes


@pytest.mark.req("R12.47")
def test_an_indicator_computed_here_reads_its_figure(policy: Policy) -> None:
    node = Node.objects.create(
        code="FG-2025-0001", kind="figure", revision=1, fingerprint="0" * 64,
        values_text='{"value": {"value": 41.5, "low": 41.5, "high": 41.5}}',
    )  # fmt: skip
    figure = Figure.objects.create(node=node, query="x", key="k", as_of=NOW)
    wanted = replace(plans.INDICATOR, origin="pasaj", figure="FG-2025-0001")
    statements.edit(code="P1-I1", wanted=wanted, seen=1, actor=plans.drafter(), now=NOW)
    assert reminding.read_figures(now=NOW) == 1
    assert [(one.value, one.period_end, one.source) for one in Reading.objects.all()] == [
        (Decimal("41.5"), TODAY, "FG-2025-0001")]  # fmt: skip
    assert reminding.read_figures(now=NOW + timedelta(days=1)) == 0
    Node.objects.filter(pk=node.pk).update(values_text='{"value": {"value": 42, "low": 42, "high": 42}}')
    assert reminding.read_figures(now=NOW) == 1  # counted again for the same day: a correction
    Figure.objects.filter(pk=figure.pk).update(as_of=NOW + timedelta(days=90))
    assert reminding.read_figures(now=NOW + timedelta(days=90)) == 1
    Node.objects.filter(pk=node.pk).update(values_text='{"a": "word"}')
    Figure.objects.filter(pk=figure.pk).update(as_of=NOW + timedelta(days=190))
    assert reminding.read_figures(now=NOW + timedelta(days=190)) == 0
    assert Reading.objects.order_by("-pk")[0].revision == 1


@pytest.mark.req("R12.49")
def test_what_was_done_with_each_recommendation(policy: Policy, as_: Callable[[str], Client]) -> None:
    assert "There is no recommendation" in page(as_("duty"), "/policy/P1/recommendations/")
    assert board.recommendations(plans.drafter(), policy) == []


@pytest.mark.req("R12.9")
def test_the_board_asks_as_often_for_many_actions(policy: Policy, as_: Callable[[str], Client]) -> None:
    client = as_("duty")

    def asked(address: str) -> int:
        with CaptureQueriesContext(connection) as found:
            page(client, address)
        return len(found)

    pages = ("/policy/P1/board/", "/policy/P1/plan/", "/policy/P1/calendar/", "/policy/P1/financing/")
    for one in pages:
        asked(one)
    before = [asked(one) for one in pages]
    wanted = [
        ("", ActionWanted("P1-M2.1", make.names(f"Action {at}"), "IMM", date(2025, 1, 1), date(2025, 2, 1)))
        for at in range(12)
    ]
    more = [("", replace(plans.INDICATOR, measures="P1-A1.1.1")) for _at in range(5)]
    statements.write_all(policy="P1", wanted=[*wanted, *more], actor=plans.drafter(), now=NOW)
    assert [asked(one) for one in pages] == before
    assert Indicator.objects.count() == 6
    assert Institution.objects.count() == 3
