"""The directory as a file, addresses by hand, and erasure."""

from __future__ import annotations

import csv
import io

import pytest

from pasaj.access.models import AuditDetail, AuditEntry
from pasaj.access.rules import SYSTEM
from pasaj.access.services import audit
from pasaj.core.problems import Refused
from pasaj.notify.models import Address, Contact, Delivery, Message
from pasaj.notify.queries import people
from pasaj.notify.services import contacts, lists, reaching
from pasaj.share.models import Audience
from pasaj.share.services import release
from tests import make
from tests.notify.test_contacts import added

pytestmark = pytest.mark.django_db
FILE = (
    "name,institution,role,language,area,turn,mail,phone,exercise,weekdays,from_hour,to_hour\n"
    "Desk,CELL,duty,fr,,1,desk@example.org;Second@example.org,+15005550100,yes,0 1,8,16\n"
    "Town,AID,town_hall,ht,TL0101,2,,+15005550101,,,,\n"
)


def load(text: str | bytes) -> lists.Imported:
    data = text if isinstance(text, bytes) else text.encode()
    return lists.load(data=data, actor=SYSTEM, now=make.NOW)


def told(refused: pytest.ExceptionInfo[Refused]) -> list[tuple[str, int | None, str]]:
    return [(one.code, one.row, one.column) for one in refused.value.problems]


@pytest.mark.req("R11.33")
def test_a_file_is_stored_and_the_same_file_changes_nothing() -> None:
    make.country()
    assert load(FILE) == lists.Imported(2, 0, 0)
    entries = AuditEntry.objects.count()
    assert load(FILE) == lists.Imported(0, 0, 2)
    french = FILE.replace("desk@example.org;Second@example.org", '"desk@example.org|Second@example.org"')
    assert load("\ufeff" + french.replace(",", ";").replace("|", ";")) == lists.Imported(0, 0, 2)
    assert AuditEntry.objects.count() == entries
    assert list(
        Address.objects.order_by("contact__name", "order").values_list("contact__name", "channel", "value", "exercise")
    ) == [
        ("Desk", "mail", "desk@example.org", True),
        ("Desk", "mail", "second@example.org", True),
        ("Desk", "sms", "+15005550100", True),
        ("Town", "sms", "+15005550101", False),
    ]
    changed = FILE.replace("TL0101,2,,", "TL0101,3,town@example.org,")
    assert load(changed) == lists.Imported(0, 1, 1)
    assert Contact.objects.get(name="Town").turn == 3


@pytest.mark.req("R11.33")
def test_a_stopped_address_is_not_brought_back() -> None:
    make.country()
    load(FILE)
    address = Address.objects.get(value="+15005550101")
    reaching.stop(address=address, actor=SYSTEM, now=make.NOW)
    assert load(FILE) == lists.Imported(0, 0, 2)
    address.refresh_from_db()
    assert address.stopped_at == make.NOW


@pytest.mark.req("R11.33")
def test_every_mistake_has_its_row_and_column_and_nothing_is_stored() -> None:
    make.country()
    with pytest.raises(Refused) as refused:
        load(
            "code,name,institution,role,language,mail,phone,turn,weekdays,from_hour\n"
            ",Good,CELL,duty,fr,,,,,\n"
            ",Bad,NOBODY,duty,xx,no address,12,x,9,x\n"
            ",Good,CELL,duty,fr,,,,,\n"
        )
    assert told(refused) == [
        ("CONTACT-010", 3, "turn"),
        ("CONTACT-007", 3, "from_hour"),
        ("CONTACT-008", 3, "weekdays"),
        ("NOTIFY-002", 3, "mail"),
        ("CONTACT-003", 3, "phone"),
        ("ACCESS-006", 3, "institution"),
        ("CONTACT-006", 3, "language"),
        ("CONTACT-022", 4, "name"),
    ]
    with pytest.raises(Refused) as refused:
        load("code,name,institution,role,language\n,Good,CELL,duty,fr\nCT-2020-0009,Other,CELL,duty,fr\n")
    assert told(refused) == [("CONTACT-023", 3, "code")]
    assert Contact.objects.count() == 0


@pytest.mark.req("R11.33")
@pytest.mark.parametrize(
    ("data", "problems"),
    [
        (b"", [("CONTACT-020", None, "")]),
        (b"name\n", [("CONTACT-020", None, "")]),
        (b"\xff\xfe\x00", [("CONTACT-020", None, "")]),
        (b'name,role\n"open', [("CONTACT-020", None, "")]),
        (b"name\0\nx\n", [("CONTACT-020", None, "")]),
        (b"name\n" + b"x\n" * 600, [("CONTACT-020", None, "")]),
        (b"x" * 1_000_001, [("CONTACT-020", None, "")]),
        (b"name,role\nx,duty\n", [("CONTACT-021", 1, "institution"), ("CONTACT-021", 1, "language")]),
    ],
)
def test_a_file_that_is_no_list(data: bytes, problems: list[tuple[str, int | None, str]]) -> None:
    make.country()
    with pytest.raises(Refused) as refused:
        load(data)
    assert told(refused) == problems


@pytest.mark.req("R11.33")
def test_what_is_exported_is_what_can_be_imported() -> None:
    make.country()
    load(FILE)
    gone = added("Gone")
    contacts.end(contact=gone, reason="left", actor=SYSTEM, now=make.NOW)
    parcel = lists.parcel(people.contacts(SYSTEM))
    released = release(parcel=parcel, audience=Audience.STRICT, actor=SYSTEM, now=make.NOW)
    with released.file as file:
        text = file.read().decode("utf-8-sig")
    rows = [row for row in csv.reader(io.StringIO(text)) if row and row[0].startswith(("code", "CT-"))]
    assert [row[1] for row in rows] == ["name", "Desk", "Town"]
    assert rows[1][8:11] == ["desk@example.org;second@example.org", "+15005550100", "yes"]
    assert load("\n".join(",".join(row) for row in rows)) == lists.Imported(0, 0, 2)


@pytest.mark.req("R11.30")
def test_addresses_are_added_stopped_and_used_again() -> None:
    make.country()
    row = added()
    made = reaching.add(contact=row, channel="sms", value="+1 500 555 0100", actor=SYSTEM, now=make.NOW)
    assert (made.value, made.order) == ("+15005550100", 2)
    with pytest.raises(Refused) as refused:
        reaching.add(contact=row, channel="sms", value="+15005550100", actor=SYSTEM, now=make.NOW)
    assert told(refused) == [("CONTACT-015", None, "value")]
    with pytest.raises(Refused) as refused:
        reaching.add(contact=row, channel="mail", value="nobody", actor=SYSTEM, now=make.NOW)
    assert told(refused) == [("NOTIFY-002", None, "value")]
    reaching.stop(address=made, actor=SYSTEM, now=make.NOW)
    reaching.stop(address=made, actor=SYSTEM, now=make.NOW)
    reaching.restore(address=made, actor=SYSTEM, now=make.NOW)
    made.refresh_from_db()
    assert (made.stopped_at, made.stop_reason) == (None, "")
    assert AuditEntry.objects.filter(action="contact.address-stopped").count() == 1
    other = added("Other", addresses=[("sms", "+15005550100")])
    assert people.shared(other) == {("sms", "+15005550100"): [row.code]}


@pytest.mark.req("R11.34")
def test_an_ended_contact_is_erased_and_the_log_stays_valid() -> None:
    country = make.country()
    row = added("A secret name", addresses=[("mail", "secret@example.org")])
    message = Message.objects.create(
        code="MS-2025-0001", kind="alert", mode="actual", texts={}, created_at=make.NOW, recorded_at=make.NOW
    )
    Delivery.objects.create(
        message=message, contact=row, channel="mail", address="secret@example.org", language="fr", due_at=make.NOW
    )
    with pytest.raises(Refused) as refused:
        reaching.erase(contact=row, reason="asked for", actor=SYSTEM, now=make.NOW)
    assert told(refused) == [("CONTACT-017", None, "")]
    contacts.end(contact=row, reason="left", actor=SYSTEM, now=make.NOW)
    with pytest.raises(Refused) as refused:
        reaching.erase(contact=row, reason=" ", actor=SYSTEM, now=make.NOW)
    assert told(refused) == [("CONTACT-013", None, "reason")]
    assert reaching.erase(contact=row, reason="asked for", actor=SYSTEM, now=make.NOW) == 1
    row.refresh_from_db()
    assert (row.name, row.institution, row.end_reason) == (row.code, country.institutions["CELL"], "left")
    kept = " ".join(AuditDetail.objects.order_by("pk").values_list("content", flat=True))
    assert ("secret" in kept, Address.objects.count()) == (False, 0)
    assert Delivery.objects.exclude(address__startswith="erased").count() == 0
    found = audit.verify()
    assert (found.sound, found.erased) == (True, 2)
