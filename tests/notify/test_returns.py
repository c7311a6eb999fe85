"""What comes back: receipts in any order, texts, links; and who is told next when nothing does."""

from __future__ import annotations

import logging
from datetime import timedelta

import make
import pytest
from django.test import Client
from django.utils import timezone
from notify.sending import NOW, TEXTS, contact, mail_server, put

from pasaj.access.models import AuditEntry
from pasaj.notify import channels
from pasaj.notify.models import Address, Contact, Delivery, DeliveryEvent, Inbound, Message
from pasaj.notify.services import composing, escalation, outbox
from pasaj.notify.services.outbox import Text
from pasaj.site.logs import Masking

pytestmark = pytest.mark.django_db
PHONE = "+15005550101"


def call(what: str, kind: str = "sms", token: str = "", **given: str) -> int:
    return Client().get(f"/gateway/{token or channels.gateway_token()}/{kind}/{what}", given).status_code


def handed_over(**fields: object) -> Delivery:
    """An SMS that a gateway took."""
    put(contact("Anna", PHONE, language="ht"), **fields)
    Delivery.objects.update(state="sent", sent_at=NOW)
    return Delivery.objects.get()


@pytest.mark.req("R11.26")
@pytest.mark.parametrize(
    ("receipts", "state", "events"),
    [
        (["8", "1"], "delivered", ["taken", "delivered"]),
        (["1", "8"], "delivered", ["delivered", "taken"]),
        (["1", "1", "1"], "delivered", ["delivered"]),
        (["8", "4", "1", "8"], "delivered", ["taken", "waiting", "delivered"]),
        (["2"], "failed", ["failed"]),
        (["16", "1"], "delivered", ["failed", "delivered"]),
        (["1", "2"], "delivered", ["delivered", "failed"]),
        (["4"], "sent", ["waiting"]),
    ],
)
def test_receipts_in_any_order_move_forward_only(
    country: make.Country, receipts: list[str], state: str, events: list[str]
) -> None:
    row = handed_over()
    assert [call("receipt", delivery=str(row.pk), state=one) for one in receipts] == [200] * len(receipts)
    row.refresh_from_db()
    assert row.state == state
    assert row.delivered_at == (NOW if state == "delivered" else None)
    assert list(row.events.order_by("pk").values_list("kind", flat=True)) == events


@pytest.mark.req("R11.26")
def test_a_receipt_faster_than_the_answer_of_the_gateway(country: make.Country) -> None:
    from pasaj.notify.channels import Outcome
    from pasaj.notify.services import sending

    row = handed_over()
    Delivery.objects.update(state="sending", claimed_by="sender", sent_at=None)
    row.refresh_from_db()
    call("receipt", delivery=str(row.pk), state="1")
    sms = {"sms": channels.get("sms")}
    sending.settle([row], {row.pk: Outcome("sent", "id-1")}, sms, now=NOW, real_now=timezone.now())
    row.refresh_from_db()
    assert (row.state, row.claimed_by) == ("delivered", "")


@pytest.mark.req("R11.26")
def test_calls_of_strangers_and_nonsense_change_nothing(country: make.Country) -> None:
    row = handed_over()
    key = str(row.pk)
    assert call("receipt", token="0" * 40, delivery=key, state="1") == 404
    assert call("receipt", kind="pigeon", delivery=key, state="1") == 404
    assert call("receipt", delivery="999999", state="1") == 200  # known to nobody: answered politely
    assert call("receipt", delivery="9" * 30, state="1") == 400
    assert call("receipt", delivery=key, state="7") == 400
    assert call("receipt", delivery="x", state="1") == 400
    assert call("receipt") == 400
    assert call("in", **{"from": "nobody", "text": "wi"}) == 400
    assert call("in", **{"from": PHONE, "text": "x" * 30_000}) == 404
    assert call("receipt", kind="mail", delivery=key, state="1") == 400
    big = Client().post(
        f"/gateway/{channels.gateway_token()}/sms/in", b"x" * 30_000, content_type="application/octet-stream"
    )
    assert big.status_code == 404
    row.refresh_from_db()
    assert (row.state, row.events.count(), Inbound.objects.count()) == ("sent", 0, 0)


@pytest.mark.req("R11.26")
def test_secrets_of_addresses_are_not_logged() -> None:
    def logged(path: str) -> str:
        return Masking("%(message)s").format(logging.LogRecord("x", 30, "", 1, "Not Found: %s", (path,), None))

    token = channels.gateway_token()
    assert logged(f"/gateway/{token}/sms/in?from=1") == "Not Found: /gateway/…/sms/in?from=1"
    assert logged("/n/0123456789abcdef/stop") == "Not Found: /n/…/stop"


@pytest.mark.req("R11.26")
@pytest.mark.parametrize(
    "text", ["{word}", "{low}", "OK {word}", "wi {low}!", "Dakò, {word}", "D’accord {low}", "OK", "Wi"]
)
def test_a_reply_acknowledges(country: make.Country, text: str) -> None:
    row = handed_over(acknowledge_minutes=30)
    said = text.format(word=row.reply_word, low=row.reply_word.lower())
    assert call("in", **{"from": PHONE.lstrip("+"), "text": said, "id": "a-1"}) == 200
    row.refresh_from_db()
    assert row.acknowledged_at == NOW
    found = Inbound.objects.get()
    assert (found.state, found.meaning, found.ref) == ("settled", "acknowledged", row.message.code)
    assert found.contact == row.contact
    assert AuditEntry.objects.filter(action="message.acknowledged").values_list("via", "code").get() == (
        "sms", row.message.code,
    )  # fmt: skip


def test_what_is_no_answer_stays_for_the_apps_above(country: make.Country) -> None:
    handed_over(acknowledge_minutes=30)
    for at, text in enumerate(("RAPO BEL 49 retounen", "wi men dlo a ap monte toujou isit", "", "XXXX", "483 920")):
        call("in", **{"from": PHONE, "text": text, "id": f"a-{at}"})
    call("in", **{"from": "+15005559999", "text": "OK", "id": "stranger"})
    assert set(Inbound.objects.values_list("state", "meaning")) == {("new", "")}
    assert Inbound.objects.count() == 6
    assert Delivery.objects.get().acknowledged_at is None


def test_a_bare_yes_with_two_open_questions_is_no_answer(country: make.Country) -> None:
    handed_over(acknowledge_minutes=30)
    put(Contact.objects.get(), acknowledge_minutes=30, ref="AL-2")
    call("in", **{"from": PHONE, "text": "ok"})
    assert Delivery.objects.filter(acknowledged_at=None).count() == 2


def test_the_same_text_handed_in_twice_is_one(country: make.Country) -> None:
    for _again in range(2):
        call("in", **{"from": PHONE, "text": "RAPO", "id": "uuid-1"})
        call("in", **{"from": PHONE, "text": "RAPO 2"})
    assert Inbound.objects.count() in (2, 3)  # without a number of the gateway's the minute decides
    assert Inbound.objects.filter(external_id="uuid-1").count() == 1


@pytest.mark.req("R11.23")
@pytest.mark.parametrize("text", ["STOP", "sispann", "Arrêt", "ALTO", "Stop tout"])
def test_stop_stops_everybody_of_the_number_and_is_confirmed_once(country: make.Country, text: str) -> None:
    anna = contact("Anna", PHONE, language="ht")
    contact("Same phone", PHONE)
    for at in range(2):
        call("in", **{"from": PHONE, "text": text, "id": f"a-{at}"})
    assert list(Address.objects.values_list("stop_reason", flat=True)) == ["sms", "sms"]
    (farewell,) = Message.objects.all()
    row = Delivery.objects.get()
    assert (farewell.kind, row.address, row.contact, row.language) == ("farewell", PHONE, anna, "ht")
    put(anna)
    assert Delivery.objects.filter(state="withheld", problem="stopped").count() == 1
    assert AuditEntry.objects.filter(action="message.stopped").count() == 2


def test_a_text_whose_process_ended_is_settled_later(country: make.Country) -> None:
    from pasaj.notify import jobs

    row = handed_over(acknowledge_minutes=30)
    Inbound.objects.create(channel="sms", external_id="a", sender=PHONE, text="ok", received_at=NOW, recorded_at=NOW)
    assert jobs.settle_inbound(timezone.now()) == 1
    assert jobs.settle_inbound(timezone.now()) == 0
    row.refresh_from_db()
    assert row.acknowledged_at == NOW


def test_a_reply_is_in_the_language_of_its_sender_and_sent_once(country: make.Country) -> None:
    contact("Anna", PHONE, language="ht")
    call("in", **{"from": PHONE, "text": "RAPO BEL 49", "id": "a"})
    texts = {"en": Text("a", "b", "Thank you: 49"), "ht": Text("a", "b", "Mèsi: 49")}
    first = outbox.reply(inbound=Inbound.objects.get(), texts=texts, now=NOW)
    assert outbox.reply(inbound=Inbound.objects.get(), texts=texts, now=NOW) is None
    row = Delivery.objects.get(message=first)
    assert (row.language, row.urgent, Message.objects.count()) == ("ht", True, 1)


# --- Links -------------------------------------------------------------------------------------


def link_of(row: Delivery) -> str:
    return f"/n/{composing.secrets_of(row.message.code, row.channel, row.address).token}/"


@pytest.mark.req("R11.28")
def test_the_link_shows_and_only_the_button_acknowledges(country: make.Country) -> None:
    put(contact("Anna", "anna@example.org", PHONE, language="ht"), acknowledge_minutes=30, mode="actual")
    mail, sms = Delivery.objects.order_by("pk")
    reader = Client(enforce_csrf_checks=True)
    page = reader.get(link_of(mail))
    assert page.status_code == 200
    assert page["Referrer-Policy"] == "strict-origin"
    assert "Mete timoun yo nan lekòl la anvan." in page.content.decode()
    assert "Mwen li sa" in page.content.decode()
    assert Delivery.objects.filter(acknowledged_at=None).count() == 2
    assert reader.post(link_of(mail)).status_code == 302
    assert "Mwen li sa" not in reader.get(link_of(mail)).content.decode()
    assert list(Delivery.objects.values_list("acknowledged_at", flat=True)) == [NOW, NOW]  # the person has read it
    reader.post(link_of(sms))
    assert DeliveryEvent.objects.filter(kind="acknowledged").count() == 2
    reader.cookies["language"] = "es"
    assert "Primero los niños a la escuela." in reader.get(link_of(mail)).content.decode()
    assert reader.get("/n/ffff/").status_code == 404
    assert reader.post("/n/ffff/stop").status_code == 404


@pytest.mark.req("R11.23")
def test_the_link_stops_with_one_click_of_a_mail_program(country: make.Country) -> None:
    put(contact("Anna", "anna@example.org"))
    row = Delivery.objects.get()
    reader = Client(enforce_csrf_checks=True)
    assert reader.get(f"{link_of(row)}stop").status_code == 200
    assert Address.objects.get().stopped_at is None
    reader.post(f"{link_of(row)}stop", {"List-Unsubscribe": "One-Click"})
    assert (Address.objects.get().stopped_at, Address.objects.get().stop_reason) == (NOW, "link")
    with mail_server() as sink:
        outbox.deliver(real_now=timezone.now(), now=NOW)
    assert (sink.to, Delivery.objects.get().problem) == ([], "stopped")


# --- Escalation --------------------------------------------------------------------------------

LATER = NOW + timedelta(minutes=31)


def chain() -> list[Contact]:
    return [
        contact(name, f"{name.lower()}@example.org", role="chief", turn=at)
        for at, name in enumerate(("First", "Second", "Third"), 1)
    ]


@pytest.mark.req("R11.29")
def test_the_next_deputy_is_told_once_a_step_with_what_happened(country: make.Country) -> None:
    first, second, third = chain()
    message = put(first, acknowledge_minutes=30)
    Delivery.objects.update(state="sent")
    assert escalation.follow_up(now=NOW + timedelta(minutes=29)) == 0
    assert escalation.follow_up(now=LATER) == 1
    assert escalation.follow_up(now=LATER) == 0
    assert escalation.follow_up(now=NOW) == 0  # the clock went back
    (passed,) = Message.objects.filter(kind="escalation")
    assert (passed.follows, passed.ref, passed.acknowledge_due_at) == (
        message, message.ref, LATER + timedelta(minutes=30),
    )  # fmt: skip
    assert passed.texts["en"]["subject"] == "To pass on: Water rises at Northgate"
    assert passed.texts["en"]["body"].startswith("First did not say that this was read. You are next.")
    assert passed.deliveries.get().contact == second
    Delivery.objects.update(state="sent")
    assert escalation.follow_up(now=LATER + timedelta(minutes=31)) == 1
    last = Message.objects.filter(kind="escalation").order_by("pk").last()
    assert last is not None
    assert (last.follows, last.deliveries.get().contact) == (message, third)
    assert last.texts["en"]["subject"] == "To pass on: Water rises at Northgate"
    Delivery.objects.update(state="sent")
    assert escalation.follow_up(now=LATER + timedelta(hours=5)) == 0  # nobody is left
    events = DeliveryEvent.objects.filter(kind="escalated").order_by("pk").values_list("detail", flat=True)
    assert list(events) == [{"to": second.code}, {"to": third.code}, {"to": ""}]


@pytest.mark.req("R11.29")
def test_one_of_a_group_who_has_read_it_is_enough(country: make.Country) -> None:
    first, second, third = chain()
    other = contact("Other", "other@example.org", institution="AID", role="chief")
    put(first, second, other, acknowledge_minutes=30)
    Delivery.objects.filter(contact=second).update(acknowledged_at=NOW)
    assert escalation.follow_up(now=LATER) == 0  # the other institution has nobody else
    assert Delivery.objects.filter(contact=third).count() == 0


def test_nothing_escalates_that_was_cancelled_or_kept_from_a_real_address(country: make.Country) -> None:
    first, _second, _third = chain()
    message = put(first, acknowledge_minutes=30)
    outbox.cancel(code=message.code, actor=make.cast(country).actor("duty"), now=NOW)
    put(first, acknowledge_minutes=30, mode="exercise", ref="AL-2")
    assert escalation.follow_up(now=LATER) == 0
    assert Message.objects.filter(kind="escalation").count() == 0


def test_what_grows_too_long_for_sms_is_passed_on_short(country: make.Country) -> None:
    first, second, _third = chain()
    Address.objects.create(contact=second, channel="sms", value=PHONE)
    long = Text("Water rises", "b", "Bring the children to the school. " * 26)
    put(first, acknowledge_minutes=30, texts={**TEXTS, "en": long})
    assert escalation.follow_up(now=LATER) == 1
    passed = Message.objects.get(kind="escalation")
    assert passed.texts["en"]["short"] == "To pass on: Water rises"
