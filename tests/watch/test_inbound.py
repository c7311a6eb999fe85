"""Counts by SMS: whose they are, what is recorded, what is answered, and what is not recorded anywhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import make
import pytest
from django.test import Client
from django.urls import reverse

from pasaj.access.models import AuditEntry
from pasaj.access.rules import SYSTEM
from pasaj.access.services import audit
from pasaj.core import sms
from pasaj.notify.models import Contact, Delivery, Inbound
from pasaj.notify.services import contacts
from pasaj.registry.models import Post
from pasaj.watch import jobs
from pasaj.watch.models import Observation
from pasaj.watch.services import inbound

pytestmark = pytest.mark.django_db
NUMBER, OTHER = "+15005550101", "+15005550199"
YESTERDAY = date(2025, 9, 30)
Said = list[tuple[str, str, Decimal | None, int]]


@pytest.fixture
def post(country: make.Country) -> Contact:
    return contacts.add(
        name="North post", institution="IMM", role="post", crossing="TL-BCP-NOR", addresses=[("sms", NUMBER)],
        language="en", actor=SYSTEM, now=make.NOW,
    )  # fmt: skip


def text(said: str, sender: str = NUMBER, minutes: int = 0, **fields: Any) -> Inbound:
    at = make.NOW + timedelta(minutes=minutes)
    given = {"channel": "sms", "external_id": f"x{Inbound.objects.count()}", "received_at": at, "recorded_at": at}
    return Inbound.objects.create(sender=sender, text=said, **{**given, **fields})


def read(row: Inbound, minutes: int = 0) -> tuple[str, str, str, str]:
    """State, meaning, problem and reference after reading."""
    at = make.NOW + timedelta(minutes=minutes)
    inbound.read_waiting(now=at, real_now=at + timedelta(hours=1))
    row.refresh_from_db()
    return row.state, row.meaning, row.problem, row.ref


def stored() -> Said:
    rows = Observation.objects.order_by("series__code", "period_start", "revision")
    return [(one.series.code, one.period_start.isoformat(), one.value, one.revision) for one in rows]


def answers(sender: str = NUMBER) -> list[str]:
    rows = Delivery.objects.filter(address=sender).select_related("message").order_by("pk")
    return [one.message.texts[one.language]["short"] for one in rows]


@pytest.mark.req("R11.35")
def test_a_report_is_recorded_as_its_sources_and_answered(post: Contact) -> None:
    row = text("report nor 30/9 deported 12 spontaneous 3 entries 40")
    assert read(row) == ("settled", "count", "", "TL-BCP-NOR 2025-09-30")
    assert stored() == [
        ("TL-BCP-NOR.entries.in.total.REG.day", "2025-09-30", Decimal(40), 1),
        ("TL-BCP-NOR.returns.in.deported.REG.day", "2025-09-30", Decimal(12), 1),
        ("TL-BCP-NOR.returns.in.spontaneous.REG.day", "2025-09-30", Decimal(3), 1),
        ("TL-BCP-NOR.returns.in.total.REG.day", "2025-09-30", Decimal(15), 1),
    ]
    one = Observation.objects.get(series__code="TL-BCP-NOR.returns.in.total.REG.day")
    assert (one.origin, one.ref, one.quality, one.actor_label, one.reported_at) == (
        "sms", f"IN-{row.pk}", "derived", post.code, make.NOW
    )  # fmt: skip
    assert answers() == ["NOR 30/9 DEPORTED 12 SPONTANEOUS 3 ENTRIES 40"]
    assert set(AuditEntry.objects.filter(action="observation.reported").values_list("via", flat=True)) == {"sms"}
    assert audit.verify().sound


@pytest.mark.req("R11.35")
def test_the_same_again_is_one_record_and_a_correction_a_revision(post: Contact) -> None:
    for minutes, said in enumerate(("report nor 30/9 entries 40", "REPORT Northgate 30/9 ENTRIES 40")):
        assert read(text(said, minutes=minutes), minutes)[0] == "settled"
    assert stored() == [("TL-BCP-NOR.entries.in.total.REG.day", "2025-09-30", Decimal(40), 1)]
    read(text("report nor 30/9 entries 41", minutes=5), 5)
    assert stored() == [
        ("TL-BCP-NOR.entries.in.total.REG.day", "2025-09-30", Decimal(40), 1),
        ("TL-BCP-NOR.entries.in.total.REG.day", "2025-09-30", Decimal(41), 2),
    ]
    assert answers() == ["NOR 30/9 ENTRIES 40", "NOR 30/9 ENTRIES 40", "NOR 30/9 ENTRIES 41"]


@pytest.mark.req("R11.35")
def test_nothing_to_report_is_zero_of_everything_expected(post: Contact) -> None:
    assert read(text("report nor 30/9 zero"))[0] == "settled"
    assert stored() == [
        ("TL-BCP-NOR.entries.in.total.REG.day", "2025-09-30", Decimal(0), 1),
        ("TL-BCP-NOR.returns.in.total.REG.day", "2025-09-30", Decimal(0), 1),
    ]
    assert answers() == ["NOR 30/9 ZERO"]


@pytest.mark.req("R11.36")
@pytest.mark.parametrize(
    ("said", "code", "answer"),
    [
        (
            "hello nor 30/9 entries 40", "TEXT-001",
            "The message does not begin with RAPPORT. Write it like: REPORT NOR 30/9 ENTRIES 3 DEPORTED 12",
        ),
        ("report nor 30/9 entris 40", "TEXT-007", None),
        ("report nor entries 40", "TEXT-004", None),
        ("report nor 30/9 entries", "TEXT-009", None),
        ("report nor 12/13 entries 4", "TEXT-005", None),
        ("report 30/9 entries 40", "TEXT-002", None),
        ("report nor 30/9 entries 1,5", "", None),
        (
            "report sou 30/9 entries 40", "INBOX-003",
            "This number does not report for Southgate. Write it like: REPORT NOR 30/9 RETURNS 12 DEPORTED 3",
        ),
        ("report nor 30/9 entries 40 report sou 30/9 entries 3", "TEXT-003", None),
    ],
)  # fmt: skip
def test_a_mistake_is_recorded_nowhere_and_told_with_a_right_example(
    post: Contact, said: str, code: str, answer: str | None
) -> None:
    state, meaning, problem, ref = read(text(said))
    assert (state, meaning, ref, stored()) == ("unknown", "count", "", [])
    assert problem == code or not code
    (told,) = answers()
    assert sms.measure(told).segments == 1
    assert "Write it like: REPORT NOR 30/9" in told
    assert answer is None or told.split(". ")[0] == answer.split(". ")[0]


@pytest.mark.req("R11.36")
def test_the_right_example_is_right(post: Contact) -> None:
    read(text("what"))
    (told,) = answers()
    example = told.partition("Write it like: ")[2]
    assert read(text(example, minutes=1), 1)[0] == "settled"


@pytest.mark.req("R11.35")
def test_an_unknown_number_is_answered_once_a_day_and_its_text_screened(country: make.Country) -> None:
    first = text("Mr Jean Baptiste called", OTHER)
    assert read(first) == ("unknown", "", "INBOX-001", "")
    assert first.text == "[…] called"
    assert read(text("report nor 30/9 entries 40", OTHER, 10), 10)[2] == "INBOX-001"
    assert (len(answers(OTHER)), stored()) == (1, [])
    assert read(text("hello", OTHER, 26 * 60), 26 * 60)[2] == "INBOX-001"
    assert len(answers(OTHER)) == 2


@pytest.mark.req("R11.35")
def test_a_contact_without_a_post_reports_nothing(country: make.Country) -> None:
    contacts.add(
        name="Desk", institution="CELL", role="duty", addresses=[("sms", OTHER)], language="fr", actor=SYSTEM,
        now=make.NOW,
    )  # fmt: skip
    assert read(text("report nor 30/9 entries 40", OTHER)) == ("unknown", "", "INBOX-002", "")
    assert stored() == []


@pytest.mark.req("R11.35")
def test_the_number_of_a_post_itself_reports(country: make.Country) -> None:
    Post.objects.filter(key="TL-BCP-SOU/REG").update(phone="+1 500 555-0199")
    Post.objects.filter(key="TL-BCP-NOR/REG").update(phone="not a number")
    assert read(text("report sou 30/9 entries 40", OTHER)) == ("settled", "count", "", "TL-BCP-SOU 2025-09-30")
    one = Observation.objects.get()
    assert (one.actor_label, one.actor_id) == ("TL-BCP-SOU/REG", None)


@pytest.mark.req("R11.35")
def test_too_many_texts_are_not_read(post: Contact) -> None:
    for minute in range(inbound.MOST + 3):
        last = text(f"report nor 30/9 entries {minute}", minutes=minute)
    assert read(last, 30)[2] == "INBOX-004"
    assert len(stored()) == inbound.MOST
    assert len(answers()) == inbound.MOST + 1


@pytest.mark.req("R11.35")
def test_what_is_far_from_usual_is_recorded_when_it_is_sent_again(country: make.Country, post: Contact) -> None:
    country.year(country.series(measure="entries"), [40 + day % 5 for day in range(60)])
    today = "report nor 1/10 entries 900"
    assert read(text(today))[2] == "INBOX-005"
    before = Observation.objects.count()
    assert read(text("report nor 1/10 entries 901", minutes=1), 1)[2] == "INBOX-005"
    assert read(text(today.upper(), minutes=2), 2)[0] == "settled"
    assert Observation.objects.count() == before + 1
    assert "send the same text again" in answers()[0]


@pytest.mark.req("R11.35")
def test_what_may_be_a_code_waits_for_whoever_asked(cast: make.Cast, post: Contact) -> None:
    row = contacts.add(
        name="Approver", institution="CELL", role="approver", addresses=[("sms", OTHER)], language="en",
        account="approver@example.org", actor=SYSTEM, now=make.NOW,
    )  # fmt: skip
    code = text("YES K7M2QX", OTHER, contact=row)
    note = text("hello there", NUMBER)
    report = text("report nor 30/9 entries 40")

    def waiting(after: timedelta) -> list[int]:
        inbound.read_waiting(now=make.NOW, real_now=make.NOW + after)
        return list(Inbound.objects.filter(state="new").order_by("pk").values_list("pk", flat=True))

    assert waiting(timedelta(0)) == [code.pk, note.pk]
    assert waiting(timedelta(seconds=30)) == [code.pk]
    assert waiting(timedelta(minutes=15)) == []
    report.refresh_from_db()
    assert inbound.read(number=report.pk, now=make.NOW) is False
    jobs.read_texts(make.NOW)


@pytest.mark.req("R11.36")
def test_the_answer_is_in_the_senders_language(country: make.Country) -> None:
    contacts.add(
        name="Poste", institution="IMM", role="post", crossing="TL-BCP-NOR", addresses=[("sms", NUMBER)],
        language="fr", actor=SYSTEM, now=make.NOW,
    )  # fmt: skip
    read(text("report nor 30/9"))
    (told,) = answers()
    assert "Écrivez" in told
    assert "RAPPORT NOR 30/9 RETURNS 12 ENTREES 3" in told


@pytest.mark.req("R11.35")
def test_the_duty_officer_reads_a_text_by_hand(
    post: Contact, as_: Callable[[str], Client]
) -> None:  # fmt: skip
    row = text("tell them: Northgate 30/9 entries 40", OTHER)
    read(row)
    url = f"{reverse('watch:paste')}?inbound={row.pk}"
    page = as_("duty").get(url)
    assert [draft.typed for draft in page.context["form"].drafts] == ["40"]
    assert as_("chief").get(url).context["form"].drafts == []
    assert as_("duty").get(reverse("watch:paste"), {"inbound": "x"}).context["form"].drafts == []
    form = page.context["form"]
    draft = form.drafts[0]
    answer = as_("duty").post(
        url,
        {"text": row.text, "read": form.fingerprint, "do": "save", "quality": "estimate", "t-0": "1",
         "f-0": "entries.total", "p-0": draft.place, "d-0": draft.day, "v-0": "40", "s-0": draft.source,
         "x-0": draft.current},
    )  # fmt: skip
    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.state, row.meaning, row.problem, row.ref) == ("settled", "count", "", "TL-BCP-NOR 2025-09-30")
    assert len(stored()) == 1
