"""On time, late, silent: the board, the owner's page, reminders, figures that read themselves, recommendations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import make
import pytest
from assess import examples
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from notify import sending
from policy import plans

from pasaj.assess.models import Recommendation, Round
from pasaj.evidence import services as evidence
from pasaj.evidence.models import KINDS, Figure, Node
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


def advised(*codes: str) -> None:
    """Recommendations of a round, for these codes, put into the chain."""
    row = Round.objects.create(
        code="A1", title="Round", framework=examples.version(), period_start=date(2025, 9, 1),
        period_end=date(2025, 9, 27), created_at=NOW,
    )  # fmt: skip
    for code in codes:
        Recommendation.objects.create(
            round=row, code=code, text=make.names(f"Advice {code}"), horizon="short", due_date=date(2025, 12, 31),
            effort="low", state="adopted", institution=Institution.objects.get(code="CELL"), created_at=NOW,
            changed_at=NOW,
        )  # fmt: skip
    drafts = [
        evidence.Draft(code, "recommendation", dict.fromkeys(KINDS["recommendation"].fields, ""), {},
                       make.names(code))
        for code in codes
    ]  # fmt: skip
    evidence.put(drafts=drafts, actor=plans.drafter(), now=NOW)


@pytest.mark.req("R12.49")
def test_what_was_done_with_each_recommendation(policy: Policy, as_: Callable[[str], Client]) -> None:
    address = "/policy/P1/recommendations/"
    assert "There is no recommendation" in page(as_("duty"), address)
    advised("A1-R01", "A1-R02", "A1-R03")
    follows = ActionWanted(
        "P1-M2.1", make.names("Follow it up"), "IMM", date(2025, 1, 1), date(2025, 2, 1), recommendations=("A1-R01",)
    )
    first, second, gone = statements.write_all(
        policy="P1", wanted=[("", follows), ("", replace(follows, recommendations=("A1-R01", "A1-R02"))),
                             ("", replace(follows, recommendations=("A1-R03",)))],
        actor=plans.drafter(), now=NOW,
    )  # fmt: skip
    statements.withdraw(code=gone.code, seen=1, reason="Not needed", actor=plans.drafter(), now=NOW)

    def told() -> list[tuple[str, list[str]]]:
        found = board.recommendations(plans.drafter(), policy)
        return [(one.row.code, [each.code for each in one.actions]) for one in found]

    # What nobody follows up stands first; an action that was withdrawn follows nothing up.
    assert told() == [("A1-R03", []), ("A1-R01", [first.code, second.code]), ("A1-R02", [second.code])]
    following.report(code=second.code, state="running", note="", seen=1, actor=plans.drafter(), now=NOW)
    text = page(as_("duty"), address)
    rows = {one.split("</a>")[0][-6:]: one for one in text.split('<th scope="row"')[1:]}
    assert list(rows) == ["A1-R03", "A1-R01", "A1-R02"]
    assert "nobody follows it up" in rows["A1-R03"]
    assert (second.code in rows["A1-R02"], first.code in rows["A1-R02"]) == (True, False)
    assert ("running" in rows["A1-R02"], "planned" in rows["A1-R01"]) == (True, True)
    assert "1 recommendation is followed up by no action." in text
    Recommendation.objects.filter(code="A1-R03").update(state="dropped", reason="Overtaken")
    assert [code for code, _actions in told()] == ["A1-R01", "A1-R02"]
    assert as_("partner").get(address).status_code == 404


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
