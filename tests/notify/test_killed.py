"""A sender that ends at any moment: nothing is lost, nothing goes twice. And clocks that go back."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import make
import pytest
from aiosmtpd.controller import Controller
from django.db import OperationalError, connection
from django.utils import timezone
from notify.sending import NOW, Sink, contact, mail_server, put
from shell import environment, free_port, small_home

from pasaj.notify.channels import Outcome
from pasaj.notify.models import Delivery, DeliveryEvent
from pasaj.notify.services import journal, outbox, sending
from pasaj.notify.services.journal import Journal

DJANGO = {"DJANGO_SETTINGS_MODULE": "pasaj.site.settings"}
FILL = """
import sys, django; django.setup()
from django.utils import timezone
from pasaj.access.rules import SYSTEM
from pasaj.notify.models import Address, Contact
from pasaj.notify.services.outbox import Draft, Text, put
from pasaj.registry.models import Institution
now = timezone.now()
first = Institution.objects.order_by("pk").first()
for at in range(int(sys.argv[1])):
    one = Contact.objects.create(code=f"CT-{at}", name=f"N{at}", institution=first, role="watch", language="en",
                                 created_at=now)
    Address.objects.create(contact=one, channel="mail", value=f"n{at}@example.org")
put(draft=Draft("alert", "AL-1", {"en": Text("Water", "Water rises.", "Water")}), contacts=Contact.objects.all(),
    actor=SYSTEM, now=now)
"""
SEND = """
import django; django.setup()
from django.utils import timezone
from pasaj.notify.services.outbox import deliver
deliver(real_now=timezone.now(), now=timezone.now())
"""
STATES = """
import django, json; django.setup()
from pasaj.notify.models import Delivery
doubtful = Delivery.objects.exclude(presumed_at=None).values_list("address", flat=True)
print(json.dumps([list(Delivery.objects.values_list("state", flat=True)), list(doubtful)]))
"""


def script(home: Path, code: str, *arguments: str, **more: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        env=environment(home, **DJANGO, **more), stdout=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip


@pytest.mark.req("R11.22")
def test_killed_at_three_moments_none_is_lost_and_none_goes_twice(tmp_path: Path) -> None:
    home, number, sink, port = small_home(tmp_path), 300, Sink(), free_port()
    settings = {"PASAJ_SMTP_HOST": "127.0.0.1", "PASAJ_SMTP_PORT": str(port), "PASAJ_SMTP_PARALLEL": "2"}
    assert script(home, FILL, str(number), **settings).wait(60) == 0
    server = Controller(sink, hostname="127.0.0.1", port=port)
    server.start()
    chance = random.Random(20)
    try:
        for _kill in range(3):
            before = len(sink.got)
            sender = script(home, SEND, **settings)
            while len(sink.got) == before and sender.poll() is None:
                time.sleep(0.001)
            time.sleep(chance.uniform(0, 0.15))
            os.kill(sender.pid, signal.SIGKILL)
            sender.wait()
        assert script(home, SEND, **settings).wait(120) == 0
    finally:
        server.stop()
    counts = Counter(sink.to)
    assert {to: count for to, count in counts.items() if count != 1} == {}
    told = subprocess.check_output([sys.executable, "-c", STATES], env=environment(home, **DJANGO), text=True)
    states, doubtful = json.loads(told)
    assert Counter(states) == {"sent": number}
    # A kill between the note and the write after it loses one; whoever looks sees that its answer was not heard.
    lost = {f"n{at}@example.org" for at in range(number)} - counts.keys()
    assert lost <= set(doubtful)
    assert len(lost) <= 1


def in_hand(name: str, number: int) -> list[Delivery]:
    """Rows that a sender claimed."""
    put(*(contact(f"n{at}", f"n{at}@example.org") for at in range(number)))
    Delivery.objects.update(state="sending", claimed_by=name, claimed_at=timezone.now())
    return list(Delivery.objects.order_by("pk"))


def take_over() -> int:
    return sending.take_over(real_now=timezone.now(), now=NOW)


@pytest.mark.django_db
@pytest.mark.req("R11.22")
def test_what_an_ended_sender_had_in_hand(country: make.Country) -> None:
    book = Journal()
    untried, answered, refused, handed = in_hand(book.name, 4)
    book.sealed(answered.pk)
    book.answered(answered.pk, Outcome("sent", "id-7"))
    book.answered(refused.pk, Outcome("later", detail="451 busy"))
    book.sealed(handed.pk)
    assert take_over() == 0  # it lives: its lock says so
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sending"}
    book.leave()  # as the system does when the process ends
    assert take_over() == 4
    rows = Delivery.objects.order_by("pk").values_list("state", "tries", "gateway_id", "problem", "claimed_by")
    assert list(rows) == [
        ("queued", 0, "", "", ""),
        ("sent", 1, "id-7", "", ""),
        ("queued", 1, "", "451 busy", ""),
        ("sent", 1, "", "", ""),
    ]
    handed.refresh_from_db()
    assert handed.presumed_at is not None
    kinds = DeliveryEvent.objects.order_by("delivery", "pk").values_list("delivery", "kind")
    assert list(kinds) == [(answered.pk, "sent"), (refused.pk, "refused"), (handed.pk, "presumed")]
    assert not book.path.exists()
    assert take_over() == 0
    assert untried.pk not in dict(kinds)


@pytest.mark.django_db
def test_a_line_that_was_cut_off_counts_as_not_written(country: make.Country) -> None:
    book = Journal()
    (row,) = in_hand(book.name, 1)
    book.sealed(row.pk)
    os.write(book.handle, f'= {row.pk} {{"state": "se'.encode())
    os.write(book.handle, b"\nnonsense\n")
    book.leave()
    take_over()
    row.refresh_from_db()
    assert (row.state, row.presumed_at is not None) == ("sent", True)


@pytest.mark.django_db
@pytest.mark.req("R11.22")
def test_no_receipt_of_what_was_handed_over_blindly_means_again(country: make.Country, settings: object) -> None:
    settings.PASAJ_SMS_RECEIPTS = "http://127.0.0.1:9"  # type: ignore[attr-defined]
    put(contact("A", "+15005550101"), contact("B", "b@example.org"))
    real_now = timezone.now()
    Delivery.objects.update(state="sent", presumed_at=real_now - timedelta(minutes=9))
    assert sending.take_over(real_now=real_now, now=NOW) == 0
    assert sending.take_over(real_now=real_now + timedelta(minutes=2), now=NOW) == 1
    # A mail server tells nothing later: what it was handed stays handed over.
    assert list(Delivery.objects.order_by("pk").values_list("channel", "state")) == [
        ("sms", "queued"), ("mail", "sent"),
    ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
@pytest.mark.req("R11.22")
def test_a_database_that_fails_after_the_sending_makes_nothing_go_twice() -> None:
    make.country()
    put(*(contact(f"n{at}", f"n{at}@example.org") for at in range(3)))

    def busy(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith('INSERT INTO "notify_deliveryevent"'):
            raise OperationalError("database is locked")
        return execute(sql, params, many, context)

    with mail_server() as sink:
        with connection.execute_wrapper(busy), pytest.raises(OperationalError):
            outbox.deliver(real_now=timezone.now(), now=NOW)
        assert outbox.deliver(real_now=timezone.now(), now=NOW) == 0
    assert sink.to == ["n0@example.org", "n1@example.org", "n2@example.org"]
    assert set(Delivery.objects.values_list("state", "tries", "claimed_by")) == {("sent", 1, "")}
    assert journal.names() == []


@pytest.mark.django_db
def test_a_sender_of_another_machine_is_waited_for_then_followed(country: make.Country) -> None:
    in_hand("elsewhere-1-ab", 1)
    assert take_over() == 0
    Delivery.objects.update(claimed_at=timezone.now() - timedelta(minutes=16))
    assert take_over() == 1
    assert list(Delivery.objects.values_list("state", "claimed_by")) == [("queued", "")]


@pytest.mark.django_db
@pytest.mark.req("R11.22")
def test_clocks_that_go_back_neither_send_again_nor_lose(country: make.Country) -> None:
    put(contact("A", "a@example.org"))
    with mail_server() as sink:
        early = timezone.now() - timedelta(days=30)
        assert outbox.deliver(real_now=early, now=NOW - timedelta(days=400)) == 1
        assert outbox.deliver(real_now=early - timedelta(days=1), now=NOW - timedelta(days=500)) == 0
        put(contact("B", "b@example.org"), ref="AL-2")
        # Tried once; its next moment was set by a clock that has been put back since.
        Delivery.objects.filter(address="b@example.org").update(tries=1, due_at=timezone.now() + timedelta(days=2))
        assert outbox.deliver(real_now=timezone.now(), now=NOW) == 1
    assert sink.to == ["a@example.org", "b@example.org"]


@pytest.mark.django_db
def test_journals_are_tidied_and_urgent_ones_go_first(country: make.Country) -> None:
    put(*(contact(f"n{at}", f"n{at}@example.org") for at in range(3)))
    put(contact("Z", "z@example.org"), ref="AL-9", urgent=True)
    with mail_server() as sink:
        outbox.deliver(real_now=timezone.now(), now=NOW, limit=1)
        assert sink.to == ["z@example.org"]
        outbox.deliver(real_now=timezone.now(), now=NOW)
    assert len(sink.got) == 4
    assert journal.names() == []
