"""What is put into the outbox, to whom it goes, and what became of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import make
import pytest
from django.utils import timezone
from notify.sending import NOW, TEXTS, contact, draft, mail_server, put

from pasaj.access.models import AuditEntry
from pasaj.core.problems import Refused
from pasaj.notify.models import Address, Delivery, DeliveryEvent
from pasaj.notify.queries import Standing, standing
from pasaj.notify.services import composing, outbox
from pasaj.notify.services.outbox import Text

pytestmark = pytest.mark.django_db


def rows(**wanted: object) -> list[tuple[str, str, str, str]]:
    found = Delivery.objects.filter(**wanted).order_by("pk")
    return list(found.values_list("channel", "address", "language", "state"))


def deliver(now: datetime = NOW) -> int:
    return outbox.deliver(real_now=timezone.now(), now=now)


@pytest.mark.req("R11.21")
def test_one_delivery_an_address_in_the_language_of_its_contact(country: make.Country) -> None:
    anna = contact("Anna", "anna@example.org", "+15005550101", language="ht")
    both = contact("Desk", "anna@example.org", "desk@example.org", language="fr")
    other = contact("Carl", "carl@example.org", language="de")
    message = put(anna, both, other, acknowledge_minutes=30)
    assert message.code == "MS-2025-0001"
    assert message.acknowledge_due_at == NOW + timedelta(minutes=30)
    assert rows() == [
        ("mail", "anna@example.org", "ht", "queued"),
        ("sms", "+15005550101", "ht", "queued"),
        ("mail", "desk@example.org", "fr", "queued"),
        ("mail", "carl@example.org", "en", "queued"),  # the home's default
    ]
    assert standing("AL-2026-0001") == Standing(4, 0, 0, 0, 0, 0)
    assert list(AuditEntry.objects.values_list("action", "code")) == [("message.put", "MS-2025-0001")]


def test_only_the_channels_asked_for(country: make.Country) -> None:
    put(contact("Anna", "anna@example.org", "+15005550101"), channels=["sms"])
    assert rows() == [("sms", "+15005550101", "en", "queued")]
    with pytest.raises(Refused) as refused:
        put(contact("Carl", "carl@example.org"), channels=["pigeon"])
    assert [one.code for one in refused.value.problems] == ["NOTIFY-001"]


@pytest.mark.req("R11.22")
def test_the_same_is_not_told_twice_within_ten_minutes(country: make.Country) -> None:
    anna, carl = contact("Anna", "anna@example.org"), contact("Carl", "carl@example.org")
    put(anna)
    put(anna, carl)
    assert rows() == [("mail", "anna@example.org", "en", "queued"), ("mail", "carl@example.org", "en", "queued")]
    put(anna, texts={**TEXTS, "en": Text("It falls", "It falls again.", "It falls")})
    put(anna, ref="AL-2026-0002")
    put(anna, now=NOW + timedelta(minutes=11))
    assert Delivery.objects.filter(address="anna@example.org").count() == 4


@pytest.mark.req("R11.23")
def test_stopped_and_ended_get_nothing(country: make.Country) -> None:
    anna, ended = contact("Anna", "anna@example.org"), contact("Old", "old@example.org", ended_at=NOW)
    Address.objects.filter(contact=anna).update(stopped_at=NOW)
    put(anna, ended)
    assert list(Delivery.objects.values_list("address", "state", "problem")) == [
        ("anna@example.org", "withheld", "stopped")
    ]
    assert list(DeliveryEvent.objects.values_list("kind", "detail")) == [("withheld", {"reason": "stopped"})]


@pytest.mark.req("R11.23")
def test_who_unsubscribes_while_it_waits_gets_nothing(country: make.Country) -> None:
    anna, carl, gone = (contact(name, f"{name}@example.org") for name in ("anna", "carl", "gone"))
    put(anna, carl, gone)
    Address.objects.filter(contact=anna).update(stopped_at=NOW)
    Address.objects.filter(contact=gone).delete()
    with mail_server() as sink:
        assert deliver() == 3
    assert sink.to == ["carl@example.org"]
    assert list(Delivery.objects.order_by("pk").values_list("state", "problem")) == [
        ("withheld", "stopped"), ("sent", ""), ("withheld", "ended"),
    ]  # fmt: skip


@pytest.mark.req("R11.24")
@pytest.mark.parametrize("mode", ["exercise", "test", "system"])
def test_an_exercise_reaches_marked_addresses_only_and_says_so(country: make.Country, mode: str) -> None:
    real = contact("Real", "real@example.org", "+15005550101")
    player = contact("Player", "player@example.org", exercise=True, language="fr")
    put(real, player, mode=mode)
    with mail_server() as sink:
        deliver()
        # Marked when it was put, no longer when it is sent: it is asked at both moments.
        put(player, mode=mode, ref="AL-2")
        Address.objects.update(exercise=False)
        deliver()
    assert sink.to == ["player@example.org"]
    (mail,) = [mail for _to, mail in sink.got]
    prefix = {
        "exercise": "EXERCICE EXERCICE EXERCICE",
        "test": "TEST - AUCUNE ACTION",
        "system": "MESSAGE SYSTÈME - AUCUNE ACTION",
    }[mode]
    assert mail["Subject"] == f"{prefix}. L’eau monte à Northgate"
    body = mail.get_content()  # type: ignore[attr-defined]
    assert body.startswith(f"{prefix}. Mettez d’abord")
    assert list(Delivery.objects.order_by("pk").values_list("address", "state", "problem")) == [
        ("real@example.org", "withheld", "exercise"),
        ("+15005550101", "withheld", "exercise"),
        ("player@example.org", "sent", ""),
        ("player@example.org", "withheld", "exercise"),
    ]


def test_a_prefix_is_said_once_and_in_earnest_never() -> None:
    assert composing.marked("exercise", "EXERCISE EXERCISE EXERCISE. Run") == "EXERCISE EXERCISE EXERCISE. Run"
    assert composing.marked("actual", "Run") == "Run"


@pytest.mark.req("R11.21")
def test_outside_of_the_hours_it_waits_unless_it_is_grave(country: make.Country) -> None:
    # 12:00 UTC is 08:00 in the home's time zone.
    office = contact("Office", "office@example.org", from_hour=9, to_hour=17, night_severity="severe")
    open_now = contact("Open", "open@example.org", from_hour=8, to_hour=9)
    minor = put(office, open_now, severity="minor")
    grave = put(office, ref="AL-2", severity="severe")
    assert list(Delivery.objects.order_by("pk").values_list("message", "opens_at")) == [
        (minor.pk, datetime(2025, 10, 1, 13, tzinfo=UTC)), (minor.pk, None), (grave.pk, None),
    ]  # fmt: skip
    with mail_server() as sink:
        assert deliver() == 2
        assert deliver(NOW + timedelta(minutes=59)) == 0
        assert deliver(NOW + timedelta(minutes=60)) == 1
    assert sink.to == ["office@example.org", "office@example.org", "open@example.org"]


@pytest.mark.req("R11.20")
def test_bad_drafts_are_refused_whole(country: make.Country) -> None:
    def refused(**fields: object) -> list[str]:
        with pytest.raises(Refused) as caught:
            put(contact("Anna", "anna@example.org"), **fields)
        return sorted(one.code for one in caught.value.problems)

    long = "Dlo ap monte nan tout zòn nan, pa pase nan rivyè a. Mete timoun yo an sekirite. " * 13
    assert refused(texts={}) == ["NOTIFY-005"]
    assert refused(texts={"en": Text("A", "", "B"), "fr": Text(" ", "b", "c")}) == ["NOTIFY-003", "NOTIFY-003"]
    assert refused(texts={**TEXTS, "ht": Text("A", "b", long)}) == ["NOTIFY-004"]
    assert refused(acknowledge_minutes=0) == ["NOTIFY-008"]
    assert refused(attachments=(outbox.Attachment("a.xml", "application/cap+xml", "no/such.xml"),)) == ["NOTIFY-006"]
    assert refused(attachments=(outbox.Attachment("a", "text/plain", "../pasaj.sqlite3"),)) == ["NOTIFY-006"]
    assert Delivery.objects.count() == 0


def test_cancel_and_send_again(country: make.Country) -> None:
    actor = make.cast(country).actor("duty")
    message = put(contact("Anna", "anna@example.org"), contact("Bad", "bad@example.org"))
    with mail_server() as sink:
        sink.answers["bad@example.org"] = "550 no such person"
        sink.answers["anna@example.org"] = "451 come back later"
        deliver()
        assert list(Delivery.objects.order_by("pk").values_list("state", "problem")) == [
            ("queued", "451 come back later"), ("failed", "550 no such person"),
        ]  # fmt: skip
        assert outbox.cancel(code=message.code, actor=actor, now=NOW) == 1
        assert outbox.resend(code=message.code, actor=actor, now=NOW) == 1
        sink.answers.clear()
        deliver()
        assert sink.to == ["bad@example.org"]
    for verb in (outbox.cancel, outbox.resend):
        with pytest.raises(Refused) as refused:
            verb(code=message.code, actor=actor, now=NOW)
        assert refused.value.problems[0].code == "NOTIFY-007"
    assert standing("AL-2026-0001") == Standing(1, 1, 0, 0, 0, 0)


def test_what_it_would_cost_is_known_before(country: make.Country, settings: object) -> None:
    settings.PASAJ_SMS_COST = "2.50 HTG"  # type: ignore[attr-defined]
    people = [
        contact("A", "+15005550101", "a@example.org"), contact("B", "+15005550102", language="fr"), contact("C"),
    ]  # fmt: skip
    told = outbox.estimate(draft(texts={**TEXTS, "fr": Text("a", "b", "Alerte à la forêt " * 8)}), people)
    assert [(one.channel, one.addresses, one.segments, str(one.cost), one.currency) for one in told.shares] == [
        ("mail", 1, 0, "0", ""), ("sms", 2, 4, "10.00", "HTG"),
    ]  # fmt: skip
    assert (told.segments, str(told.cost), told.unreachable) == (4, "10.00", 1)
