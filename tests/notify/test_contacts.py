"""The directory: adding, changing, ending and erasing contacts, and who is told and asked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from pasaj.access.models import AuditDetail, AuditEntry
from pasaj.access.rules import SYSTEM
from pasaj.access.services import audit
from pasaj.core.problems import Refused
from pasaj.notify import queries
from pasaj.notify.models import Contact, Shift
from pasaj.notify.services import contacts
from pasaj.notify.services.contacts import Said
from tests import make

pytestmark = pytest.mark.django_db


def added(name: str = "Desk on duty", **fields: Any) -> Contact:
    given = {
        "institution": "CELL",
        "role": "duty",
        "addresses": [("mail", "desk@example.org")],
        "language": "fr",
        "actor": SYSTEM,
        "now": make.NOW,
        **fields,
    }
    return contacts.add(name=name, **given)


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[tuple[str, str]]:
    return [(one.code, one.column) for one in refused.value.problems]


@pytest.mark.req("R11.30")
def test_a_contact_is_added_with_its_addresses_in_their_normal_form() -> None:
    make.country()
    home = make.registry.home()
    assert home is not None
    home.phone = {"country": "221", "digits": 9}
    home.save(update_fields=["phone"])
    made = added(addresses=[("sms", "77 123 45 67"), ("mail", " Desk@Example.org "), ("mail", "desk@example.org")])
    assert made.code == "CT-2025-0001"
    assert list(made.addresses.order_by("order").values_list("channel", "value", "order", "exercise")) == [
        ("sms", "+221771234567", 1, False),
        ("mail", "desk@example.org", 2, False),
    ]
    entry = AuditEntry.objects.get(action="contact.added")
    assert (entry.code, sorted(entry.commitments)) == (
        made.code,
        [
            "account",
            "addresses",
            "hours",
            "institution",
            "language",
            "name",
            "place",
            "role",
            "severity",
            "turn",
            "weekdays",
        ],
    )


@pytest.mark.req("R11.30")
def test_every_mistake_is_told_with_its_field_and_nothing_is_written() -> None:
    make.country()
    with pytest.raises(Refused) as refused:
        added(
            " ",
            institution="NOBODY",
            role="no role",
            language="de",
            crossing="TL-XXX",
            turn=0,
            least_severity="loud",
            from_hour=8,
            account="nobody@example.org",
            addresses=[("mail", "not an address"), ("sms", "12"), ("mail", "")],
        )
    assert codes(refused) == [
        ("CONTACT-001", "name"),
        ("ACCESS-006", "institution"),
        ("CONTACT-004", "role"),
        ("CONTACT-005", "crossing"),
        ("CONTACT-006", "language"),
        ("CONTACT-009", "least_severity"),
        ("CONTACT-007", "from_hour"),
        ("CONTACT-010", "turn"),
        ("CONTACT-016", "account"),
        ("NOTIFY-002", "address-0"),
        ("CONTACT-003", "address-1"),
        ("CONTACT-018", "address-2"),
    ]
    with pytest.raises(Refused) as refused:
        added(weekdays=[9])
    assert codes(refused) == [("CONTACT-008", "weekdays")]
    assert (Contact.objects.count(), AuditEntry.objects.count()) == (0, 0)


@pytest.mark.req("R11.30")
def test_the_same_contact_twice_is_refused_and_an_ended_one_may_come_back() -> None:
    make.country()
    first = added()
    with pytest.raises(Refused) as refused:
        added()
    assert codes(refused) == [("CONTACT-011", "name")]
    with pytest.raises(Refused) as refused:
        contacts.end(contact=first, reason=" ", actor=SYSTEM, now=make.NOW)
    assert codes(refused) == [("CONTACT-013", "reason")]
    contacts.end(contact=first, reason="left the office", actor=SYSTEM, now=make.NOW)
    with pytest.raises(Refused) as refused:
        contacts.end(contact=first, reason="left the office", actor=SYSTEM, now=make.NOW)
    assert codes(refused) == [("CONTACT-012", "")]
    assert added().code == "CT-2025-0002"
    assert list(Contact.objects.order_by("code").values_list("code", "end_reason")) == [
        ("CT-2025-0001", "left the office"),
        ("CT-2025-0002", ""),
    ]


@pytest.mark.req("R11.30")
def test_a_change_says_only_what_differs_and_no_change_leaves_no_entry() -> None:
    make.country()
    row = added()
    said = Said("Desk on duty", "CELL", "duty", "fr")
    contacts.change(contact=row, said=said, actor=SYSTEM, now=make.NOW)
    assert AuditEntry.objects.filter(action="contact.changed").count() == 0
    contacts.change(
        contact=row, said=Said("Night desk", "CELL", "duty", "ht", turn=2, weekdays=[4, 0]), actor=SYSTEM, now=make.NOW
    )
    entry = AuditEntry.objects.get(action="contact.changed")
    assert AuditDetail.objects.get(entry=entry).values == {
        "name": "Night desk",
        "turn": 2,
        "language": "ht",
        "weekdays": [0, 4],
    }
    assert audit.verify().sound


@pytest.mark.req("R11.31")
def test_recipients_by_institution_role_place_and_severity() -> None:
    make.country()
    everywhere = added("Everywhere")
    town = added("Town", area="TL0101", role="town_hall", institution="AID")
    north = added("North", area="TL-N", role="director")
    post = added("Post", crossing="TL-BCP-NOR", role="post", institution="IMM")
    other = added("Other post", crossing="TL-BCP-SOU", role="post", institution="IMM")
    worse = added("Only the worst", least_severity="extreme", role="approver")
    gone = added("Gone")
    contacts.end(contact=gone, reason="left", actor=SYSTEM, now=make.NOW)

    def told(**asked: Any) -> set[str]:
        return set(queries.recipients(**asked).values_list("name", flat=True))

    assert told() == {"Everywhere", "Town", "North", "Post", "Other post"}
    assert told(severity="extreme") == {one.name for one in (everywhere, town, north, post, other, worse)}
    assert told(institutions=["IMM"]) == {"Post", "Other post"}
    assert told(roles=["town_hall", "duty"]) == {"Everywhere", "Town"}
    assert told(crossings=["TL-BCP-NOR"]) == {"Everywhere", "Town", "North", "Post"}
    assert told(areas=["TL0101"]) == {"Everywhere", "Town", "North", "Post", "Other post"}
    assert told(areas=["TL"], roles=["post"]) == {"Post", "Other post"}
    assert told(crossings=["TL-UNKNOWN"]) == {"Everywhere"}


@pytest.mark.req("R11.31")
def test_who_is_asked_first_is_on_call_then_by_turn_within_hours() -> None:
    make.country()  # 1 October 2025, a Wednesday, 8 o'clock there
    second = added("Second", turn=2)
    first = added("First", turn=1)
    night = added("Night", turn=1, from_hour=20, to_hour=6)
    elsewhere = added("Elsewhere", institution="AID")
    weekend = added("Weekend", weekdays=[5, 6], turn=3)
    Shift.objects.create(
        contact=second, role="duty", start_at=make.NOW, end_at=make.NOW + timedelta(hours=8), created_at=make.NOW
    )
    order = queries.in_order(role="duty", now=make.NOW)
    assert [one.name for one in order] == ["Second", "First", "Elsewhere"]
    assert queries.in_order(role="duty", institution="CELL", now=make.NOW) == [second, first]
    assert queries.in_order(role="duty", now=make.NOW, severity="severe") == [second, first, night, elsewhere, weekend]
    assert queries.in_order(role="duty", now=make.NOW + timedelta(hours=13)) == [first, night, elsewhere, second]
    assert queries.who_now("duty", make.NOW) == [second]
    assert queries.who_now("duty", make.NOW + timedelta(hours=8)) == []
    assert [one.contact for one in queries.on_call(make.NOW)] == [second]
