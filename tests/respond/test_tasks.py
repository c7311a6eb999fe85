"""Tasks: what opens when, what may be done with one, who is told when it is late."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import make
import pytest
from respond import plans as ground
from respond.plans import DUTY, active, at, events, states, task
from respond.test_activations import refused

from pasaj.notify.models import ContactRole, Delivery, Message
from pasaj.notify.services import outbox
from pasaj.notify.services.outbox import Draft, Text
from pasaj.respond.models import Task, TaskEvent
from pasaj.respond.services import activations, tasks


def act(action: str, deed: str, hours: float = 1, **given: Any) -> Task:
    return tasks.act(code=task(action).code, action=deed, actor=DUTY, now=at(hours), **given)


@pytest.mark.req("R11.53")
def test_a_task_opens_when_what_comes_first_is_done(country: make.Country) -> None:
    active()
    assert refused(lambda: act("count", "done")) == [("PLAN-063", "")]
    act("receive", "done")
    assert states() == {"receive": "done", "count": "open", "inform": "open", "patrol": "open", "shelter": "open"}
    assert task("count").opens_at == at(1)
    assert (act("count", "done", 3).state, events("count")) == ("done", ["made", "opened", "done"])


@pytest.mark.req("R11.53")
def test_enforcement_waits_until_a_protection_task_is_acknowledged(country: make.Country) -> None:
    active()
    assert refused(lambda: act("patrol", "done")) == [("PLAN-064", "")]
    act("inform", "acknowledge")
    act("count", "acknowledge")
    assert states()["patrol"] == "waiting"
    act("receive", "acknowledge")
    assert states()["patrol"] == "open"


def told_of_the_alert(institution: str, role: str) -> Delivery:
    who = ground.contact(institution, f"{institution}@example.org", role=role)
    text = {"en": Text("Many arrive", "Help", "Help")}
    draft = Draft("alert", "AL-2025-0001-1", text, severity="severe", acknowledge_minutes=60)
    outbox.put(draft=draft, contacts=[who], actor=DUTY, now=at(0))
    return Delivery.objects.get(contact=who)


@pytest.mark.req("R11.53")
@pytest.mark.parametrize(
    ("institution", "role", "opens"),
    [("AID", "post", True), ("CELL", "protection", True), ("CELL", "post", False)],
)
def test_a_protection_institution_may_acknowledge_the_alert_instead(
    country: make.Country, institution: str, role: str, opens: bool
) -> None:
    active()
    ContactRole.objects.create(code="protection", names=make.names("Protection"), protection=True)
    ContactRole.objects.create(code="post", names=make.names("Post"))
    delivery = told_of_the_alert(institution, role)
    assert tasks.follow_up(now=at(0.1)) == 0
    delivery.acknowledged_at = at(0.2)
    delivery.save()
    assert tasks.follow_up(now=at(0.3)) == opens
    assert states()["patrol"] == ("open" if opens else "waiting")


@pytest.mark.req("R11.54")
def test_doing_the_same_twice_does_nothing_twice(country: make.Country) -> None:
    active()
    for deed in ("acknowledge", "done"):
        first = act("receive", deed, 1)
        second = act("receive", deed, 2)
        assert (second.acknowledged_at, second.state_at) == (first.acknowledged_at, first.state_at)
    assert events("receive") == ["made", "opened", "acknowledged", "done"]


@pytest.mark.django_db(transaction=True)
def test_two_who_finish_a_task_at_once_finish_it_once(at_once: Callable[..., list[Any]]) -> None:
    make.country()
    active()
    at_once(lambda: act("receive", "done"), lambda: act("receive", "done"))
    assert events("receive") == ["made", "opened", "done"]
    assert events("count") == ["made", "opened"]


@pytest.mark.django_db(transaction=True)
def test_finishing_while_it_is_stood_down_leaves_one_end(at_once: Callable[..., list[Any]]) -> None:
    make.country()
    row = active()

    def finish() -> str:
        try:
            return act("receive", "done").state
        except Exception as error:  # noqa: BLE001 - whoever comes second is refused
            return str(error)[:8]

    def down() -> str:
        return activations.stand_down(code=row.code, reason="Over", actor=DUTY, now=at(1)).state

    said = at_once(finish, down)
    state = states()["receive"]
    assert (said[0], state) in (("done", "done"), ("PLAN-055", "dropped"))


def test_a_blocked_task_says_why_and_comes_back(country: make.Country) -> None:
    active()
    assert refused(lambda: act("receive", "block")) == [("PLAN-056", "note")]
    made = act("receive", "block", note="No fuel")
    assert (made.state, made.reason) == ("blocked", "No fuel")
    assert refused(lambda: act("receive", "done")) == [("PLAN-062", "")]
    made = act("receive", "unblock", 2)
    assert (made.state, made.reason, made.opens_at) == ("open", "", at(2))


def test_what_was_done_by_mistake_is_opened_again(country: make.Country) -> None:
    active()
    act("receive", "done")
    made = act("receive", "reopen", 2, note="The wrong task")
    assert (made.state, events("receive")[-2:]) == ("open", ["reopened", "opened"])


def test_a_dropped_task_is_not_waited_for(country: make.Country) -> None:
    active()
    act("receive", "drop", note="Another service does it")
    assert states()["count"] == "open"
    assert states()["patrol"] == "waiting"


def test_a_note_changes_nothing_else(country: make.Country) -> None:
    active()
    act("count", "note", note="They ask for forms")
    assert (states()["count"], TaskEvent.objects.order_by("-pk")[0].note) == ("waiting", "They ask for forms")


def test_a_task_is_given_away_with_a_reason(country: make.Country) -> None:
    ground.contact("CELL", "cell@example.org")
    ground.contact("IMM", "imm@example.org")
    active()
    act("receive", "acknowledge")
    give: dict[str, Any] = {"note": "AID cannot reach the place"}
    assert refused(lambda: act("receive", "reassign", institution="NOPE", **give)) == [("PLAN-065", "institution")]
    assert refused(lambda: act("receive", "reassign", institution="AID", **give)) == [("PLAN-066", "institution")]
    made = act("receive", "reassign", institution="CELL", **give)
    assert (made.institution.code, made.acknowledged_at, made.reason) == ("CELL", None, give["note"])
    last = TaskEvent.objects.filter(action="reassigned").order_by("-pk")[0]
    assert last.details == {"from": "open", "to": "open", "institution": "CELL", "before": "AID", "mandated": True}
    assert Message.objects.filter(ref="AC-2025-0001/CELL").count() == 2
    # No mandate: it is done all the same, and said.
    act("receive", "reassign", 2, institution="IMM", note="Nobody else is there")
    assert TaskEvent.objects.filter(action="reassigned").order_by("-pk")[0].details["mandated"] is False


@pytest.mark.parametrize(
    ("deed", "given", "expected"),
    [
        ("sing", {}, [("PLAN-061", "")]),
        ("unblock", {}, [("PLAN-062", "")]),
        ("done", {"seen": "waiting"}, [("PLAN-069", "")]),
        ("note", {"note": "x" * 2001}, [("PLAN-067", "note")]),
        ("note", {"note": "Monsieur Jean Baptiste of 12 Grand-Rue"}, [("SCREEN-001", "note")]),
    ],
)
def test_what_cannot_be_done_with_a_task(
    country: make.Country, deed: str, given: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    active()
    before = TaskEvent.objects.count()
    assert refused(lambda: act("receive", deed, **given)) == expected
    assert TaskEvent.objects.count() == before


def test_an_unknown_task_is_said(country: make.Country) -> None:
    assert refused(lambda: tasks.act(code="AC-1-T1", action="done", actor=DUTY, now=at(0))) == [("PLAN-060", "")]


# --- Of itself -----------------------------------------------------------------------------------


@pytest.mark.req("R11.54")
def test_an_overdue_task_is_told_of_once_a_step(country: make.Country) -> None:
    ground.contact("AID", "aid@example.org")
    ground.contact("CELL", "cell@example.org", role="duty")
    active(level="orange")
    act("inform", "done", 0.5)
    assert tasks.follow_up(now=at(1.9)) == 0
    assert [tasks.follow_up(now=at(2)) for _twice in range(2)] == [1, 0]
    assert (task("receive").escalation, task("receive").escalated_at) == (1, at(2))
    assert tasks.follow_up(now=at(2.9)) == 0
    assert [tasks.follow_up(now=at(3)) for _twice in range(2)] == [1, 0]
    told = Message.objects.filter(kind="escalation").order_by("pk")
    assert [(one.ref, one.deliveries.get().address) for one in told] == [
        ("AC-2025-0001-T01", "aid@example.org"),
        ("AC-2025-0001-T01", "cell@example.org"),
    ]
    assert events("receive") == ["made", "opened", "escalated", "escalated"]
    # What waits for it is not its own institution's fault.
    assert tasks.follow_up(now=at(30)) == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_tell_of_an_overdue_task_once(at_once: Callable[..., list[Any]]) -> None:
    make.country()
    ground.contact("AID", "aid@example.org")
    active(level="orange")
    done = at_once(lambda: tasks.follow_up(now=at(2)), lambda: tasks.follow_up(now=at(2)))
    assert sorted(done) == [0, 2]  # receive and inform
    assert Message.objects.filter(kind="escalation", ref="AC-2025-0001-T01").count() == 1


@pytest.mark.req("R11.54")
def test_who_acknowledges_the_message_has_seen_the_tasks(country: make.Country) -> None:
    ground.contact("AID", "aid@example.org")
    active()
    told = Delivery.objects.get(message__ref="AC-2025-0001/AID")
    assert told.message.acknowledge_due_at == at(1)
    told.acknowledged_at = at(0.5)
    told.save()
    assert tasks.follow_up(now=at(0.6)) == 3  # two tasks seen, and enforcement opens
    assert (task("receive").acknowledged_at, task("shelter").acknowledged_at) == (at(0.5), at(0.5))
    assert TaskEvent.objects.filter(action="acknowledged").order_by("pk")[0].actor_label == "Desk AID"
    assert states()["patrol"] == "open"
    assert tasks.follow_up(now=at(0.7)) == 0


def test_an_answer_from_before_a_task_came_does_not_count_for_it(country: make.Country) -> None:
    ground.contact("AID", "aid@example.org")
    row = active(level="orange")
    Delivery.objects.filter(message__ref="AC-2025-0001/AID").update(acknowledged_at=at(0.5))
    tasks.follow_up(now=at(0.6))
    activations.change_level(code=row.code, level="red", reason="More arrive", actor=DUTY, now=at(0.8))
    tasks.follow_up(now=at(0.9))
    assert (task("receive").acknowledged_at, task("shelter").acknowledged_at) == (at(0.5), None)


@pytest.mark.req("R11.56")
def test_the_cell_is_told_once_that_a_measure_is_past_its_end(country: make.Country) -> None:
    ground.contact("CELL", "cell@example.org", role="duty")
    row = active(level="orange")
    for action in ("receive", "count", "inform"):
        act(action, "done")
    late = at(24 * 15)
    assert [tasks.follow_up(now=late) for _twice in range(2)] == [1, 0]
    told = Message.objects.get(kind="escalation")
    assert (told.ref, told.texts["en"]["subject"]) == (
        row.code,
        "The measure ended on 15 Oct 2025: Mass returns (AC-2025-0001)",
    )
    activations.prolong(
        code=row.code, ends=row.ends_date + timedelta(days=7), reason="Still needed", actor=DUTY, now=late
    )
    assert tasks.follow_up(now=late) == 0
    assert tasks.follow_up(now=late + timedelta(days=8)) == 1


def test_nothing_happens_after_it_was_stood_down(country: make.Country) -> None:
    row = active()
    activations.stand_down(code=row.code, reason="Over", actor=DUTY, now=at(1))
    assert tasks.follow_up(now=at(50)) == 0
    assert refused(lambda: act("receive", "note", note="Late")) == [("PLAN-055", "")]
