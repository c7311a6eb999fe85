"""The cast before the directory and the on-call list: who opens, reads and changes what."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import make
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pasaj.access.models import AuditEntry
from pasaj.access.rules import SYSTEM
from pasaj.notify.models import Address, Contact, Inbound, Shift
from pasaj.notify.services import contacts
from tests.notify.test_contacts import added

pytestmark = pytest.mark.django_db
WHO = ("chief", "duty", "approver", "analyst", "partner", "stranger", "admin", "dpo")
MEMBERS = frozenset(WHO) - {"stranger"}
REACHES = frozenset({"duty", "approver", "admin", "dpo"})
CHANGES = frozenset({"duty", "admin"})


@pytest.fixture
def rows(cast: make.Cast) -> dict[str, Contact]:
    """One of the cell, one of the chief's institution, one that is the partner himself, one ended."""
    found = {
        "cell": added("Cell desk", addresses=[("mail", "cell@secret.example.org"), ("sms", "+15005550100")]),
        "post": added("North post", institution="IMM", role="post", addresses=[("sms", "+15005550101")],
                      crossing="TL-BCP-NOR"),
        "partner": added("Partner desk", institution="AID", addresses=[("mail", "partner@secret.example.org")],
                         account="partner@example.org"),
        "gone": added("Gone", addresses=[("mail", "gone@secret.example.org")]),
    }  # fmt: skip
    contacts.end(contact=found["gone"], reason="left", actor=SYSTEM, now=make.NOW)
    hours = timedelta(hours=1)
    Shift.objects.create(
        contact=found["cell"], role="duty", start_at=make.NOW - 4 * hours, end_at=make.NOW + 8 * hours,
        created_at=make.NOW,
    )  # fmt: skip
    Inbound.objects.create(
        channel="sms", external_id="1", sender="+15005550199", text="who is this", received_at=make.NOW,
        recorded_at=make.NOW, state="unknown", problem="INBOX-001",
    )  # fmt: skip
    return found


def statuses(as_: Callable[[str], Client], url: str) -> dict[str, int]:
    found = {}
    for who in WHO:
        answer = as_(who).get(url)
        if answer.streaming:
            b"".join(answer.streaming_content)
        found[who] = answer.status_code
    return found


@pytest.mark.req("R11.34")
def test_who_opens_what(rows: dict[str, Contact], as_: Callable[[str], Client]) -> None:
    shift = Shift.objects.get()
    pages: list[tuple[str, list[Any], frozenset[str]]] = [
        ("notify:contact-list", [], MEMBERS),
        ("notify:contacts-csv", [], CHANGES | {"dpo"}),
        ("notify:contact-new", [], CHANGES),
        ("notify:contact-import", [], CHANGES),
        ("notify:contact", [rows["cell"].code], REACHES | {"analyst"}),
        ("notify:contact", [rows["post"].code], REACHES | {"chief"}),
        ("notify:contact", [rows["partner"].code], REACHES | {"partner"}),
        ("notify:contact", [rows["gone"].code], REACHES | {"analyst"}),
        ("notify:contact", ["CT-2019-0001"], frozenset()),
        ("notify:contact-edit", [rows["cell"].code], CHANGES),
        ("notify:contact-edit", [rows["gone"].code], frozenset()),
        ("notify:on-call", [], MEMBERS),
        ("notify:shift-swap", [shift.pk], CHANGES),
        ("notify:inbound-list", [], CHANGES | {"dpo"}),
        ("api:contacts", [], MEMBERS),
        ("api:on_call", [], MEMBERS),
    ]
    expected, found = {}, {}
    for name, arguments, may in pages:
        url = reverse(name, args=arguments)
        expected[url] = {who: 200 if who in may else 404 for who in WHO}
        found[url] = statuses(as_, url)
    assert found == expected
    visitor = Client()
    assert [visitor.get(reverse(name, args=arguments)).status_code for name, arguments, _may in pages] == [
        401 if name.startswith("api:") else 302 for name, _arguments, _may in pages
    ]


@pytest.mark.req("R11.34")
def test_addresses_are_for_those_who_reach(rows: dict[str, Contact], as_: Callable[[str], Client]) -> None:
    secrets = {"cell": "cell@secret.example.org", "post": "+15005550101", "partner": "partner@secret.example.org"}
    for who in sorted(MEMBERS):
        client = as_(who)
        text = client.get(reverse("notify:contact-list")).content.decode()
        api = b"".join(client.get(reverse("api:contacts")).streaming_content).decode()
        own = {"partner"} if who == "partner" else set()
        for shown in (text, api):
            assert {name for name, secret in secrets.items() if secret in shown} == (
                set(secrets) if who in REACHES else own
            ), who
    text = as_("chief").get(reverse("notify:contact", args=[rows["post"].code])).content.decode()
    assert (secrets["post"] in text, "North post" in text) == (False, True)


@pytest.mark.req("R11.34")
def test_the_api_says_who_is_on_call(rows: dict[str, Contact], as_: Callable[[str], Client]) -> None:
    def names(url: str, who: str = "duty") -> list[str]:
        return [row["name"] for row in json.loads(b"".join(as_(who).get(url).streaming_content))]

    assert names("/api/v1/on-call") == ["Cell desk"]
    assert names("/api/v1/on-call?role=deputy") == []
    assert names("/api/v1/on-call?at=2025-10-01T23:30:00") == []
    assert names("/api/v1/on-call", "partner") == []
    assert names("/api/v1/contacts?institution=IMM") == ["North post"]
    assert names("/api/v1/contacts", "partner") == ["Partner desk"]


def deeds(rows: dict[str, Contact]) -> list[tuple[str, str, dict[str, Any], frozenset[str]]]:
    code = rows["cell"].code
    address = Address.objects.get(value="cell@secret.example.org")
    shift = Shift.objects.get()
    other = rows["partner"].pk
    contact = {"name": "New desk", "institution": "CELL", "role": "duty", "language": "fr", "turn": "1",
               "least_severity": "minor", "night_severity": "severe", "mail": "new@example.org"}  # fmt: skip
    plan = {"role": "duty", "text": f"2025-10-03;06-18;{code}"}
    new = {"contact": rows["cell"].pk, "role": "duty", "start_at": "2025-10-05T06:00", "end_at": "2025-10-05T18:00",
           "turn": "1"}  # fmt: skip
    return [
        ("new", reverse("notify:contact-new"), contact, CHANGES),
        ("edit", reverse("notify:contact-edit", args=[code]), {**contact, "turn": "2", "name": "Cell"}, CHANGES),
        ("add", reverse("notify:address-add", args=[code]), {"channel": "mail", "value": "b@example.org"}, CHANGES),
        ("stop", reverse("notify:address-turn", args=[code, address.pk]), {"do": "stop"}, CHANGES | {"dpo"}),
        ("restore", reverse("notify:address-turn", args=[code, address.pk]), {"do": "restore"}, CHANGES | {"dpo"}),
        ("plan", reverse("notify:shift-plan"), plan, CHANGES),
        ("shift", reverse("notify:shift-new"), new, CHANGES),
        ("swap", reverse("notify:shift-swap", args=[shift.pk]), {"contact": other}, CHANGES),
        ("erase", reverse("notify:contact-erase", args=[rows["gone"].code]), {"reason": "asked"}, frozenset({"dpo"})),
        ("end", reverse("notify:contact-end", args=[code]), {"reason": "moved on"}, CHANGES),
    ]


@pytest.mark.req("R11.34")
@pytest.mark.parametrize("who", WHO)
def test_who_may_not_changes_nothing_and_who_may_is_written_down(
    rows: dict[str, Contact], as_: Callable[[str], Client], cast: make.Cast, who: str
) -> None:
    client = as_(who)
    for name, url, form, may in deeds(rows):
        entries = AuditEntry.objects.count()
        status = client.post(url, form).status_code
        if who in may:
            assert (name, status) == (name, 302)
            last = AuditEntry.objects.latest("pk")
            assert (name, last.actor_id, AuditEntry.objects.count() > entries) == (name, cast.account(who).pk, True)
        else:
            assert (name, status, AuditEntry.objects.count()) == (name, 404, entries)


@pytest.mark.req("R11.34")
def test_a_person_swaps_the_own_shift_and_stops_the_own_address(
    rows: dict[str, Contact], as_: Callable[[str], Client]
) -> None:
    mate = added("Second desk", institution="AID", turn=2)
    shift = Shift.objects.create(
        contact=rows["partner"], role="duty", start_at=make.NOW + timedelta(hours=9),
        end_at=make.NOW + timedelta(hours=19), created_at=make.NOW,
    )  # fmt: skip
    client = as_("partner")
    assert client.post(reverse("notify:shift-swap", args=[shift.pk]), {"contact": mate.pk}).status_code == 302
    shift.refresh_from_db()
    assert shift.contact == mate
    assert client.post(reverse("notify:shift-swap", args=[shift.pk]), {"contact": mate.pk}).status_code == 404
    assert client.post(reverse("notify:shift-remove", args=[shift.pk])).status_code == 404
    address = Address.objects.get(contact=rows["partner"])
    url = reverse("notify:address-turn", args=[rows["partner"].code, address.pk])
    assert client.post(url, {"do": "stop"}).status_code == 302
    address.refresh_from_db()
    assert address.stopped_at == make.NOW
    assert as_("duty").post(reverse("notify:shift-remove", args=[shift.pk])).status_code == 302
    assert Shift.objects.filter(pk=shift.pk).count() == 0


@pytest.mark.req("R11.33")
def test_mistakes_come_back_with_what_was_typed(rows: dict[str, Contact], as_: Callable[[str], Client]) -> None:
    client = as_("duty")
    before = Contact.objects.count()
    form = {"name": "New desk", "institution": "CELL", "role": "duty", "language": "fr", "turn": "1",
            "least_severity": "minor", "night_severity": "severe", "mail": "not an address", "phone": "12"}  # fmt: skip
    answer = client.post(reverse("notify:contact-new"), form)
    text = answer.content.decode()
    assert (answer.status_code, 'value="not an address"' in text, Contact.objects.count()) == (422, True, before)
    for url, given in (
        (reverse("notify:contact-end", args=[rows["cell"].code]), {"reason": ""}),
        (reverse("notify:address-add", args=[rows["cell"].code]), {"channel": "sms", "value": "x"}),
        (reverse("notify:address-add", args=[rows["cell"].code]), {"channel": "sms", "value": ""}),
        (reverse("notify:shift-plan"), {"role": "duty", "text": "nonsense"}),
        (reverse("notify:shift-plan"), {"role": "nothing", "text": "nonsense"}),
        (reverse("notify:shift-new"), {"contact": "0"}),
        (
            reverse("notify:shift-new"),
            {"contact": rows["cell"].pk, "role": "duty", "start_at": "2025-10-05T06:00", "end_at": "2025-10-05T05:00",
             "turn": "1"},
        ),
        (reverse("notify:contact-edit", args=[rows["cell"].code]), {**form, "account": "nobody@example.org"}),
        (reverse("notify:contact-import"), {}),
        (reverse("notify:contact-import"), {"file": SimpleUploadedFile("a.csv", b"name\nx\n")}),
        (reverse("notify:shift-swap", args=[Shift.objects.get().pk]), {"contact": ""}),
    ):  # fmt: skip
        assert (url, client.post(url, given).status_code) == (url, 422)
    file = SimpleUploadedFile("a.csv", b"name,institution,role,language\nFrom a file,CELL,duty,fr\n")
    assert client.post(reverse("notify:contact-import"), {"file": file}).status_code == 302
    assert Contact.objects.filter(name="From a file").count() == 1
    erase = reverse("notify:contact-erase", args=[rows["gone"].code])
    assert as_("dpo").post(erase, {"reason": ""}).status_code == 422
    over = Shift.objects.get()
    Shift.objects.filter(pk=over.pk).update(end_at=make.NOW)
    assert client.post(reverse("notify:shift-remove", args=[over.pk])).status_code == 422


@pytest.mark.req("R11.32")
def test_the_week_is_read_from_any_day(rows: dict[str, Contact], as_: Callable[[str], Client]) -> None:
    client = as_("duty")
    url = reverse("notify:on-call")
    for asked in ("", "?from=2025-09-01", "?from=nonsense", "?from=9999-12-31", "?from=0001-01-01"):
        assert (asked, client.get(url + asked).status_code) == (asked, 200)
    assert client.get(url, {"from": "2025-09-08"}).context["week"].days[0].day.isoformat() == "2025-09-08"
    assert [one.contact.name for one in client.get(url).context["week"].now] == ["Cell desk"]
    assert client.get(reverse("notify:contact-list"), {"ended": "yes"}).context["total"] == 1
    filters = {"q": "north", "role": "post", "institution": "IMM"}
    assert client.get(reverse("notify:contact-list"), filters).context["total"] == 1
    assert client.get(reverse("notify:inbound-list"), {"state": "new"}).context["total"] == 0
    assert client.get(reverse("notify:inbound-list"), {"state": "x"}).context["total"] == 1


def test_lists_ask_the_database_as_often_for_many_rows(
    rows: dict[str, Contact], as_: Callable[[str], Client]
) -> None:  # fmt: skip
    client = as_("duty")
    urls = [reverse(f"notify:{name}") for name in ("contact-list", "on-call", "inbound-list", "contacts-csv")]

    def asked() -> dict[str, int]:
        found = {}
        for url in urls:
            with CaptureQueriesContext(
                connection,
            ) as log:
                answer = client.get(url)
                if answer.streaming:
                    b"".join(answer.streaming_content)
            found[url] = len(log)
        return found

    asked()
    few = asked()
    for number in range(3):
        row = added(f"More {number}", addresses=[("mail", f"m{number}@example.org")])
        Shift.objects.create(
            contact=row, role="duty", start_at=make.NOW, end_at=make.NOW + timedelta(hours=5), created_at=make.NOW
        )
        Inbound.objects.create(
            channel="sms", external_id=f"m{number}", sender="1", text="x", received_at=make.NOW, recorded_at=make.NOW,
            contact=row,
        )  # fmt: skip
    assert asked() == few
