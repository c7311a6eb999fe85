"""Activating a plan, raising and lowering it, prolonging, standing down: what happens to its tasks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import make
import pytest
from respond import plans as ground
from respond.plans import DUTY, NOW, active, at, events, states, task

from pasaj.access.models import AuditEntry
from pasaj.core.problems import Refused
from pasaj.evidence.models import Node
from pasaj.notify.models import Delivery, Message
from pasaj.registry.models import Institution
from pasaj.respond.models import Activation, Decision, Plan, Task
from pasaj.respond.services import activations, tasks


def refused(work: Callable[[], object]) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as caught:
        work()
    return [(one.code, one.column) for one in caught.value.problems]


def start(**fields: Any) -> Activation:
    given: dict[str, Any] = {"plan": "returns", "alert": "AL-2025-0001", "level": "red", "actor": DUTY, "now": NOW}
    return activations.activate(**{**given, **fields})


@pytest.mark.req("R11.52")
def test_an_activation_makes_a_task_an_action_with_its_hour(country: make.Country) -> None:
    row = active()
    assert (row.code, row.level, row.mode, row.state) == ("AC-2025-0001", "red", "actual", "active")
    assert row.ends_date == date(2025, 10, 15)
    found = Task.objects.order_by("order").values_list("code", "action", "institution__code", "due_at", "state")
    assert list(found) == [
        ("AC-2025-0001-T01", "receive", "AID", at(2), "open"),
        ("AC-2025-0001-T02", "count", "IMM", at(4), "waiting"),
        ("AC-2025-0001-T03", "inform", "CELL", at(1), "open"),
        ("AC-2025-0001-T04", "patrol", "IMM", at(6), "waiting"),
        ("AC-2025-0001-T05", "shelter", "AID", at(8), "waiting"),
    ]
    assert events("receive") == ["made", "opened"]
    assert events("count") == ["made"]
    assert list(Decision.objects.order_by("pk").values_list("kind", "details__level")) == [("activated", "red")]
    assert Node.objects.get(code=row.code).kind == "activation"
    assert AuditEntry.objects.filter(action="activation.started", code=row.code).count() == 1


@pytest.mark.req("R11.52")
def test_the_plan_may_change_while_it_is_active(country: make.Country) -> None:
    row = active()
    held = Plan.objects.get()
    held.content, held.fingerprint = {**held.content, "actions": []}, "0" * 64
    held.save()
    row.refresh_from_db()
    assert [one["code"] for one in row.content["actions"]] == ["receive", "count", "inform", "patrol", "shelter"]
    activations.change_level(code=row.code, level="orange", reason="Fewer arrive", actor=DUTY, now=at(1))
    assert states()["patrol"] == "dropped"


@pytest.mark.req("R11.52")
def test_activating_twice_changes_nothing(country: make.Country) -> None:
    row = active()
    assert start(now=at(1)) == row
    assert (Activation.objects.count(), Task.objects.count(), Decision.objects.count()) == (1, 5, 1)


@pytest.mark.django_db(transaction=True)
def test_two_who_activate_at_once_make_one(at_once: Callable[..., list[Any]]) -> None:
    make.country()
    ground.mandates()
    ground.plan()
    ground.alert()
    first, second = at_once(start, start)
    assert first.pk == second.pk
    assert (Activation.objects.count(), Task.objects.count()) == (1, 5)


def test_another_level_for_the_same_alert_is_a_change_of_level(country: make.Country) -> None:
    row = active(level="orange")
    assert states() == {"receive": "open", "count": "waiting", "inform": "open"}
    again = start(reason="It grows", now=at(1))
    assert (again.pk, again.level, Activation.objects.count()) == (row.pk, "red", 1)
    assert refused(lambda: start(level="orange")) == [("PLAN-056", "reason")]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"plan": "storm"}, [("PLAN-050", "")]),
        ({"level": "blue"}, [("PLAN-051", "level")]),
        ({"alert": "AL-2025-0009"}, [("PLAN-052", "")]),
        ({"alert": "AL-2025-0002"}, [("PLAN-053", "")]),
        ({"reason": "x" * 2001}, [("PLAN-067", "reason")]),
        ({"reason": "Ask Monsieur Jean Baptiste of 12 Grand-Rue"}, [("SCREEN-001", "reason")]),
    ],
)
def test_what_cannot_be_activated(
    country: make.Country, given: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    ground.mandates()
    ground.plan()
    ground.alert()
    ground.alert("AL-2025-0002", state="draft")
    assert refused(lambda: start(**given)) == expected
    assert Activation.objects.count() == 0


def test_a_plan_that_left_the_pack_or_whose_lead_is_unknown_is_not_activated(country: make.Country) -> None:
    made = ground.plan()
    ground.alert()
    Institution.objects.filter(code="AID").update(code="GONE")
    assert refused(start) == [("PLAN-065", "")]
    made.retired_at = NOW
    made.save()
    assert refused(start) == [("PLAN-058", "")]
    assert (Activation.objects.count(), Task.objects.count()) == (0, 0)


@pytest.mark.req("R11.54")
def test_institutions_are_told_of_their_tasks_in_the_mode_of_the_alert(country: make.Country) -> None:
    ground.contact("AID", "aid@example.org")
    ground.contact("AID", "chief@example.org", role="director")
    ground.contact("IMM", "imm@example.org", role="post")
    active(mode="exercise")
    found = Message.objects.order_by("ref").values_list("kind", "ref", "mode", "severity")
    assert list(found) == [
        ("task", "AC-2025-0001/AID", "exercise", "severe"),
        ("task", "AC-2025-0001/IMM", "exercise", "severe"),
    ]
    text = Message.objects.get(ref="AC-2025-0001/AID").texts["en"]["body"]
    assert text.splitlines()[0] == "Your tasks: Mass returns (AC-2025-0001)."
    assert [line.rpartition("(")[2] for line in text.splitlines()[2:]] == ["AC-2025-0001-T01)", "AC-2025-0001-T05)"]
    # The role that the plan names, where somebody holds it; else everybody of the institution.
    told = Delivery.objects.order_by("address").values_list("address", "state")
    assert list(told) == [("aid@example.org", "withheld"), ("imm@example.org", "withheld")]


@pytest.mark.req("R11.55")
def test_lowering_drops_tasks_and_raising_takes_them_up(country: make.Country) -> None:
    row = active()
    tasks.act(code=task("receive").code, action="done", actor=DUTY, now=at(1))
    activations.change_level(code=row.code, level="orange", reason="Fewer arrive", actor=DUTY, now=at(2))
    assert states() == {"receive": "done", "count": "open", "inform": "open", "patrol": "dropped", "shelter": "dropped"}
    assert task("patrol").reason == "Fewer arrive"
    activations.change_level(code=row.code, level="red", reason="They come again", actor=DUTY, now=at(3))
    assert states() == {"receive": "done", "count": "open", "inform": "open", "patrol": "open", "shelter": "open"}
    assert (task("patrol").due_at, task("patrol").reason) == (at(9), "")
    assert events("patrol") == ["made", "opened", "dropped", "reopened", "opened"]
    kinds = list(Decision.objects.order_by("pk").values_list("kind", "reason"))
    assert kinds == [("activated", ""), ("level", "Fewer arrive"), ("level", "They come again")]


def test_a_level_that_adds_actions_numbers_its_tasks_on(country: make.Country) -> None:
    row = active(level="orange")
    activations.change_level(code=row.code, level="red", reason="More arrive", actor=DUTY, now=at(1))
    added = Task.objects.filter(order__gt=3).order_by("order").values_list("code", "action", "due_at")
    assert list(added) == [("AC-2025-0001-T04", "patrol", at(7)), ("AC-2025-0001-T05", "shelter", at(9))]


def test_what_a_change_of_level_refuses(country: make.Country) -> None:
    row = active()
    change: dict[str, Any] = {"code": row.code, "reason": "x", "actor": DUTY, "now": at(1)}
    assert refused(lambda: activations.change_level(level="red", **change)) == [("PLAN-068", "level")]
    assert refused(lambda: activations.change_level(level="blue", **change)) == [("PLAN-051", "level")]
    assert refused(lambda: activations.change_level(level="orange", **{**change, "reason": " "})) == [
        ("PLAN-056", "reason")
    ]
    assert refused(lambda: activations.change_level(level="orange", **{**change, "code": "AC-1"})) == [("PLAN-054", "")]


@pytest.mark.req("R11.56")
def test_a_measure_is_prolonged_by_a_decision_with_a_reason(country: make.Country) -> None:
    row = active()
    prolong: dict[str, Any] = {"code": row.code, "actor": DUTY, "now": at(1)}
    for ends in (row.ends_date, row.ends_date + timedelta(days=15)):
        assert refused(lambda ends=ends: activations.prolong(ends=ends, reason="x", **prolong)) == [
            ("PLAN-057", "ends")
        ]
    later = row.ends_date + timedelta(days=14)
    assert refused(lambda: activations.prolong(ends=later, reason="", **prolong)) == [("PLAN-056", "reason")]
    assert activations.prolong(ends=later, reason="Still closed", **prolong).ends_date == later
    made = Decision.objects.get(kind="prolonged")
    assert (made.reason, made.details) == ("Still closed", {"from": "2025-10-15", "to": "2025-10-29"})


def test_decisions_are_written_down_and_never_change(country: make.Country) -> None:
    row = active()
    said: dict[str, Any] = {"code": row.code, "actor": DUTY, "now": at(1)}
    made = activations.decide(text="Open the school as well", reason="The centre is full", **said)
    assert (made.code, made.kind, made.text) == ("DN-2025-0002", "decided", "Open the school as well")
    assert refused(lambda: activations.decide(text=" ", reason="x", **said)) == [("PLAN-073", "text")]
    with pytest.raises(Exception, match="respond_decision"):
        Decision.objects.filter(pk=made.pk).update(text="Other")


@pytest.mark.req("R11.56")
def test_standing_down_drops_what_is_left_once(country: make.Country) -> None:
    ground.contact("IMM", "imm@example.org")
    row = active()
    tasks.act(code=task("receive").code, action="done", actor=DUTY, now=at(1))
    down: dict[str, Any] = {"code": row.code, "reason": "It is over", "actor": DUTY}
    assert activations.stand_down(now=at(2), **down).state == "stood_down"
    assert activations.stand_down(now=at(3), **down).stood_down_at == at(2)
    assert set(states().values()) == {"done", "dropped"}
    assert Decision.objects.filter(kind="stood_down").count() == 1
    assert Message.objects.order_by("-pk")[0].texts["en"]["subject"] == "Stood down: Mass returns (AC-2025-0001)"
    assert refused(lambda: activations.decide(code=row.code, text="x", reason="x", actor=DUTY, now=at(4))) == [
        ("PLAN-055", "")
    ]
    # The same plan for the same alert may be activated again.
    assert start(now=at(5)).code == "AC-2025-0002"


def test_an_exercise_stays_an_exercise(country: make.Country) -> None:
    assert active(mode="exercise").mode == "exercise"
    assert Node.objects.get(code="AC-2025-0001").simulated
