"""One address of a contact is tried: by whom, how often, and that nobody else gets anything."""

from __future__ import annotations

from collections.abc import Callable

import make
import pytest
from django.test import Client
from django.utils import timezone
from notify.sending import NOW, contact, mail_server, put

from pasaj.access.models import AuditEntry
from pasaj.core.problems import Refused
from pasaj.notify.models import Address, Delivery, Message
from pasaj.notify.services import outbox, trying

pytestmark = pytest.mark.django_db
As = Callable[[str], Client]


def codes(caught: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [one.code for one in caught.value.problems]


@pytest.mark.req("R11.22")
def test_a_real_address_gets_one_message_that_says_test(country: make.Country, cast: make.Cast) -> None:
    anna = contact("Anna", "anna@example.org", "other@example.org", "+15005550101", language="ht")
    contact("Bert", "bert@example.org")
    address = Address.objects.get(value="anna@example.org")
    message = trying.send(address=address, actor=cast.actor("duty"), now=NOW)
    with mail_server() as sink:
        outbox.deliver(real_now=timezone.now(), now=NOW)
    ((to, mail),) = sink.got
    body = mail.get_body(("plain",))
    assert body is not None
    assert to == "anna@example.org"
    assert str(mail["Subject"]).startswith("TÈS")
    assert f"({anna.code})" in body.get_content()
    assert [(one.address, one.state) for one in Delivery.objects.all()] == [("anna@example.org", "sent")]
    assert (message.kind, message.mode, message.acknowledge_due_at) == ("trial", "test", None)
    entry = AuditEntry.objects.get(action="contact.tried")
    assert (entry.code, entry.actor_id) == (anna.code, cast.account("duty").pk)


@pytest.mark.req("R11.22")
def test_any_other_test_still_reaches_no_real_address(country: make.Country) -> None:
    message = put(contact("Anna", "anna@example.org"), mode="test")
    assert [(one.state, one.problem) for one in message.deliveries.all()] == [("withheld", "exercise")]


def test_it_is_not_sent_again_and_again(country: make.Country, cast: make.Cast) -> None:
    contact("Anna", *(f"a{number}@example.org" for number in range(12)))
    duty, rows = cast.actor("duty"), list(Address.objects.order_by("pk"))
    trying.send(address=rows[0], actor=duty, now=NOW)
    for actor in (duty, cast.actor("admin")):  # nor by another person
        with pytest.raises(Refused) as caught:
            trying.send(address=rows[0], actor=actor, now=NOW)
        assert codes(caught) == ["CONTACT-019"]
    for one in rows[1:10]:
        trying.send(address=one, actor=duty, now=NOW)
    with pytest.raises(Refused) as caught:
        trying.send(address=rows[10], actor=duty, now=NOW)
    assert codes(caught) == ["CONTACT-019"]
    trying.send(address=rows[10], actor=cast.actor("admin"), now=NOW)
    assert Message.objects.filter(kind="trial").count() == 11


def test_what_is_stopped_or_ended_is_not_tried(country: make.Country, cast: make.Cast) -> None:
    anna = contact("Anna", "anna@example.org")
    address = Address.objects.get()
    Address.objects.update(stopped_at=NOW)
    with pytest.raises(Refused) as caught:
        trying.send(address=address, actor=cast.actor("duty"), now=NOW)
    assert codes(caught) == ["CONTACT-024"]
    Address.objects.update(stopped_at=None)
    anna.ended_at, anna.end_reason = NOW, "moved"
    anna.save()
    with pytest.raises(Refused) as caught:
        trying.send(address=address, actor=cast.actor("duty"), now=NOW)
    assert codes(caught) == ["CONTACT-012"]
    assert Message.objects.count() == 0


def test_who_may_try_an_address(cast: make.Cast, as_: As) -> None:
    anna = contact("Anna", "anna@example.org")
    other = contact("Bert", "bert@example.org")
    number = Address.objects.get(value="anna@example.org").pk
    page = f"/notices/contacts/{anna.code}/"
    for who in make.CAST:
        shown = as_(who).get(page)
        offered = shown.status_code == 200 and "Send a test" in shown.content.decode()
        assert offered == (who in ("duty", "admin")), who
        if who not in ("duty", "admin"):
            assert as_(who).post(f"{page}addresses/{number}/test/").status_code == 404, who
    assert Message.objects.count() == 0
    duty = as_("duty")
    assert duty.get(f"{page}addresses/{number}/test/").status_code == 405
    assert duty.post(f"/notices/contacts/{other.code}/addresses/{number}/test/").status_code == 404
    assert duty.post(f"{page}addresses/{number}/test/").status_code == 302
    again = as_("admin").post(f"{page}addresses/{number}/test/")
    assert (again.status_code, [one.code for one in again.context["problems"]]) == (422, ["CONTACT-019"])
    assert Message.objects.count() == 1
    listed = as_("duty").get("/notices/").content.decode()
    assert "Test of an address" in listed
