"""On call: planned one by one or by lines, taken over, taken out; who is on now and tonight, and the gaps."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pasaj.access.models import AuditEntry
from pasaj.access.rules import SYSTEM
from pasaj.access.services import audit
from pasaj.core.problems import Refused
from pasaj.notify.models import Contact, Shift
from pasaj.notify.queries import people, who_now
from pasaj.notify.services import contacts, shifts
from pasaj.notify.services.shifts import Planned, Wanted
from tests import make
from tests.notify.test_contacts import added

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("America/Port-au-Prince")  # NOW is 8 o'clock there, on a Wednesday


def lines(text: str) -> Planned:
    return shifts.plan_text(text=text, role="duty", today=make.TODAY, actor=SYSTEM, now=make.NOW)


def wanted(contact: Contact, start: int, end: int, **fields: object) -> Wanted:
    at = make.NOW
    given = {"role": "duty", **fields}
    return Wanted(contact, start_at=at + timedelta(hours=start), end_at=at + timedelta(hours=end), **given)  # type: ignore[arg-type]


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[tuple[str, int | None]]:
    return [(one.code, one.row) for one in refused.value.problems]


@pytest.mark.req("R11.32")
def test_a_week_is_planned_by_lines_and_the_same_lines_change_nothing() -> None:
    make.country()
    first, second = added("Désk one"), added("Desk two")
    text = f"2025-10-01;06:00-18:00;desk ONE\n2025-10-01;18-6;{second.code}\n2025-10-01;18-6;Desk one;2"
    assert (len(lines(text).made), lines(text).unchanged) == (3, 3)
    assert list(Shift.objects.order_by("start_at", "turn").values_list("contact", "start_at", "end_at", "turn")) == [
        (first.pk, datetime(2025, 10, 1, 6, tzinfo=ZONE), datetime(2025, 10, 1, 18, tzinfo=ZONE), 1),
        (second.pk, datetime(2025, 10, 1, 18, tzinfo=ZONE), datetime(2025, 10, 2, 6, tzinfo=ZONE), 1),
        (first.pk, datetime(2025, 10, 1, 18, tzinfo=ZONE), datetime(2025, 10, 2, 6, tzinfo=ZONE), 2),
    ]
    assert who_now("duty", make.NOW + timedelta(hours=12)) == [second, first]
    assert audit.verify().sound


@pytest.mark.req("R11.32")
def test_a_plan_with_a_mistake_plans_nothing() -> None:
    make.country()
    added("Desk one")
    added("Twin")
    added("Twin", institution="AID")
    with pytest.raises(Refused) as refused:
        lines("2025-10-01;06-18;Desk one\n2025-10-01;06-18;Nobody\n2025-10-01;06-18;Twin\nnonsense 1")
    assert codes(refused) == [("CONTACT-034", 4), ("CONTACT-032", 2), ("CONTACT-033", 3)]
    with pytest.raises(Refused) as refused:
        lines("2025-10-01;06-18;Desk one\n2025-10-01;12-20;Desk one")
    assert codes(refused) == [("CONTACT-031", 2)]
    with pytest.raises(Refused) as refused:
        lines("")
    assert codes(refused) == [("CONTACT-034", None)]
    assert (Shift.objects.count(), AuditEntry.objects.filter(action="shift.planned").count()) == (0, 0)


@pytest.mark.req("R11.32")
def test_impossible_shifts_are_refused() -> None:
    make.country()
    row = added()
    gone = added("Gone")
    contacts.end(contact=gone, reason="left", actor=SYSTEM, now=make.NOW)
    gone.refresh_from_db()
    for one, code in (
        (wanted(row, 5, 5), "CONTACT-030"),
        (wanted(row, 0, 169), "CONTACT-030"),
        (wanted(gone, 0, 8), "CONTACT-012"),
        (wanted(row, 0, 8, turn=0), "CONTACT-010"),
        (wanted(row, 0, 8, role=""), "CONTACT-004"),
    ):
        with pytest.raises(Refused) as refused:
            shifts.plan(wanted=[one], actor=SYSTEM, now=make.NOW)
        assert [each.code for each in refused.value.problems] == [code]


@pytest.mark.req("R11.32")
def test_a_shift_is_taken_over_from_now_on_or_from_its_beginning() -> None:
    make.country()
    one, two = added("One"), added("Two")
    begun, later = shifts.plan(
        wanted=[wanted(one, -4, 4), wanted(one, 10, 18)], actor=SYSTEM, now=make.NOW
    ).made  # fmt: skip
    shifts.swap(shift=begun, contact=two, actor=SYSTEM, now=make.NOW)
    shifts.swap(shift=later, contact=two, actor=SYSTEM, now=make.NOW)
    hour = timedelta(hours=1)
    assert list(Shift.objects.order_by("start_at").values_list("contact__name", "start_at", "end_at")) == [
        ("One", make.NOW - 4 * hour, make.NOW),
        ("Two", make.NOW, make.NOW + 4 * hour),
        ("Two", make.NOW + 10 * hour, make.NOW + 18 * hour),
    ]
    with pytest.raises(Refused) as refused:
        shifts.swap(shift=begun, contact=two, actor=SYSTEM, now=make.NOW)
    assert codes(refused) == [("CONTACT-035", None)]
    shifts.plan(wanted=[wanted(one, 9, 12)], actor=SYSTEM, now=make.NOW)
    with pytest.raises(Refused) as refused:
        shifts.swap(shift=later, contact=one, actor=SYSTEM, now=make.NOW)
    assert codes(refused) == [("CONTACT-031", None)]
    shifts.remove(shift=later, actor=SYSTEM, now=make.NOW)
    assert Shift.objects.filter(pk=later.pk).count() == 0


@pytest.mark.req("R11.32")
def test_now_tonight_and_what_nobody_covers() -> None:
    make.country()
    one, two = added("One"), added("Two")
    lines("2025-10-01;06-22;One\n2025-10-02;0-24;Two")
    week = people.week(SYSTEM, make.TODAY, make.NOW, ZONE)
    assert [shift.contact for shift in week.now] == [one]
    assert [shift.contact for shift in week.tonight] == [two]
    today, tomorrow, third = week.days[:3]
    night = datetime(2025, 10, 1, 22, tzinfo=ZONE)
    assert list(today.gaps) == [("duty", night, datetime(2025, 10, 2, tzinfo=ZONE))]
    assert [shift.contact for shift in tomorrow.shifts] == [two]
    assert list(tomorrow.gaps) == []
    assert list(third.gaps) == [("duty", datetime(2025, 10, 3, tzinfo=ZONE), datetime(2025, 10, 4, tzinfo=ZONE))]
    contacts.end(contact=two, reason="left", actor=SYSTEM, now=make.NOW)
    assert people.week(SYSTEM, make.TODAY, make.NOW, ZONE).tonight == []
    assert people.tonight(datetime(2025, 10, 1, 1, tzinfo=ZONE), ZONE) == datetime(2025, 10, 1, 2, tzinfo=ZONE)
