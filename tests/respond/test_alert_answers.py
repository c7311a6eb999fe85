"""Who was told of an alert says that it was read; alerts that come from events; why, for whoever approves."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import make
import pytest
from django.test import Client
from respond import alerting
from respond.alerting import NOW
from respond.test_events import SAID, asked, settled

from pasaj.access.models import AuditEntry
from pasaj.core.problems import Refused
from pasaj.notify.models import Contact, Delivery, DeliveryEvent, Message
from pasaj.respond.models import Activation, Alert, AlertMessage
from pasaj.respond.queries.reviews import timing
from pasaj.respond.services import alerts, events
from pasaj.respond.services.alerts import Origin

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home_folder")]
As = Callable[[str], Client]
CODE = "AL-2025-0001"
ONE, READ = f"/response/alerts/{CODE}/", f"/response/alerts/{CODE}/read/"


@pytest.fixture(autouse=True)
def now(country: make.Country) -> None:
    country.home.clock_at = NOW
    country.home.save()


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def told(cast: make.Cast, **given: Any) -> Message:
    """An alert told to the chief, who has two addresses and an account, and to a desk."""
    alerting.contact("Chief", mail="chief@example.org", phone="+15005550101", account=cast.account("chief"))
    alerting.contact("Desk", mail="desk@example.org")
    alerting.published(cast, **given)
    return Message.objects.get(ref=CODE, kind="alert")


@pytest.mark.req("R11.28")
def test_whoever_was_told_says_on_the_page_that_it_was_read(cast: make.Cast, as_: As) -> None:
    message = told(cast)
    chief = as_("chief")
    assert "You were told of this alert." in text(chief.get(ONE))
    assert {who for who in make.CAST if "You were told of this alert." in text(as_(who).get(ONE))} == {"chief"}
    assert {who: as_(who).post(READ).status_code for who in make.CAST if who != "chief"} == {
        who: 404 for who in make.CAST if who != "chief"
    }
    assert Delivery.objects.exclude(acknowledged_at=None).count() == 0
    assert chief.get(READ).status_code == 405
    assert chief.post(READ).status_code == 302
    assert (
        list(
            Delivery.objects.exclude(acknowledged_at=None)
            .order_by("pk")
            .values_list("contact__name", "acknowledged_at")
        )
        == [("Chief", NOW)] * 2
    )
    assert list(DeliveryEvent.objects.filter(kind="acknowledged").values_list("detail", flat=True)) == [
        {"by": "page"}, {"by": "page"},
    ]  # fmt: skip
    entry = AuditEntry.objects.get(action="message.acknowledged")
    assert (entry.code, entry.actor_id) == (message.code, cast.account("chief").pk)
    assert "You were told of this alert." not in text(chief.get(ONE))
    assert chief.post(READ).status_code == 404


@pytest.mark.req("R11.28")
def test_an_answer_by_telephone_is_written_down_by_the_duty_officer(cast: make.Cast, as_: As) -> None:
    message = told(cast)
    desk = Delivery.objects.get(contact__name="Desk")
    page, act = f"/notices/{message.code}/", f"/notices/{message.code}/act"
    said = {"step": "phone", "recipient": str(desk.pk)}
    assert {who for who in make.CAST if "Said by telephone" in text(as_(who).get(page))} == {"duty"}
    assert {as_(who).post(act, said).status_code for who in make.CAST if who != "duty"} == {404}
    duty = as_("duty")
    for wrong in ("", "x", "1" * 30, "-1", "\u00b2"):
        assert duty.post(act, {"step": "phone", "recipient": wrong}).status_code == 404
    assert "No message" not in text(duty.post(act, {"step": "phone", "recipient": "999999"}, follow=True))
    assert Delivery.objects.exclude(acknowledged_at=None).count() == 0
    assert "1 recipient." in text(duty.post(act, said, follow=True))
    desk.refresh_from_db()
    assert desk.acknowledged_at == NOW
    entry = AuditEntry.objects.get(action="message.acknowledged")
    assert (entry.code, entry.actor_id) == (message.code, cast.account("duty").pk)
    assert "acknowledged by telephone" in text(duty.get(page))
    assert "can be acknowledged now" in text(duty.post(act, said, follow=True))  # only once


def test_a_message_that_asks_nothing_is_not_answered(cast: make.Cast, as_: As) -> None:
    told(cast)
    alerts.cancel(code=CODE, reason="Over.", actor=cast.actor("duty"), now=NOW)
    alerts.approve(identifier=f"{CODE}-2", actor=cast.actor("approver"), now=NOW)
    end = Message.objects.filter(ref=CODE).order_by("-pk")[0]
    row = end.deliveries.order_by("pk")[0]
    assert "Said by telephone" not in text(as_("duty").get(f"/notices/{end.code}/"))
    as_("duty").post(f"/notices/{end.code}/act", {"step": "phone", "recipient": str(row.pk)})
    assert "You were told of this alert." not in text(as_("chief").get(ONE))
    assert as_("chief").post(READ).status_code == 404
    assert Delivery.objects.exclude(acknowledged_at=None).count() == 0


@pytest.mark.req("R11.57")
def test_a_review_knows_whom_the_alert_reached(cast: make.Cast) -> None:
    told(cast)
    Delivery.objects.filter(contact__name="Chief").update(sent_at=NOW, acknowledged_at=NOW)
    found = timing(Activation(alert=Alert.objects.get(), started_at=NOW))
    assert (sorted(found.reached, key=str), sorted(found.acknowledged, key=str)) == ([NOW, None], [NOW, None])


# --- From an event of the duty room ------------------------------------------------------------


@pytest.mark.req("R11.63")
def test_an_alert_is_drafted_from_a_confirmed_event(cast: make.Cast, as_: As) -> None:
    alerting.hazard()
    Contact.objects.all().delete()
    row = events.report(said=replace(SAID), actor=cast.actor("duty"), now=make.NOW)
    page, link = f"/response/events/{row.code}/", f"/response/alerts/new/?event={row.code}"
    with pytest.raises(Refused) as caught:
        alerts.draft(hazard="reception", origins=[Origin("event", row.code)], actor=cast.actor("duty"), now=NOW)
    assert [(one.code, one.column) for one in caught.value.problems] == [("ALERT-004", "origins")]
    assert link not in as_("duty").get(page).content.decode()
    asked(cast, row.code)
    settled(cast, row.code, "confirmed")
    assert {who for who in ("chief", "duty", "approver", "analyst") if link in as_(who).get(page).content.decode()} == {
        "duty", "analyst",
    }  # fmt: skip
    assert "Families wait at the bridge" in text(as_("duty").get(link))
    made = as_("duty").post(
        "/response/alerts/new/",
        {"event": [row.code], "hazard": "reception", "mode": "exercise", "audience": "services"},
    )
    message = AlertMessage.objects.get()
    assert made["Location"] == f"/response/messages/{message.identifier}/edit/"
    assert [(one.kind, one.code) for one in message.alert.origins.all()] == [("event", row.code)]
    assert message.areas[0]["crossings"] == ["TL-BCP-NOR"]


# --- Before the eyes of who approves -----------------------------------------------------------


@pytest.mark.req("R11.45")
def test_who_approves_an_end_reads_why(cast: make.Cast, as_: As) -> None:
    told(cast)
    alerts.cancel(code=CODE, reason="The count was of two days.", actor=cast.actor("duty"), now=NOW)
    assert "Why The count was of two days." in text(as_("approver").get(f"/response/messages/{CODE}-2/decide/"))


@pytest.mark.req("R11.2")
def test_an_approver_is_told_that_the_text_is_their_own(cast: make.Cast, as_: As) -> None:
    told(cast)
    alerts.cancel(code=CODE, reason="Over.", actor=cast.actor("approver"), now=NOW)
    shown = as_("approver").get(f"/response/messages/{CODE}-2/decide/", follow=True)
    assert shown.redirect_chain == [(ONE, 302)]
    assert "Whoever wrote or changed a message does not approve it. Ask another approver." in text(shown)
    assert AlertMessage.objects.get(number=2).state == "submitted"
