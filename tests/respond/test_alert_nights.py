"""At night: codes by SMS, deputies in order, a notice that nobody approved, and what time does."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import make
import pytest
from django.test import Client
from respond import alerting
from respond.alerting import NIGHT, NOW

from pasaj.core.problems import Refused
from pasaj.notify.models import Contact, Inbound, Message
from pasaj.notify.services import composing
from pasaj.registry.models import Membership
from pasaj.respond.models import Alert, AlertEvent, AlertMessage, Approval, ApprovalRequest
from pasaj.respond.queries import alerts as queries
from pasaj.respond.services import alerts
from pasaj.respond.services.alerts.nights import read

pytestmark = pytest.mark.usefixtures("home_folder")
FIRST, DEPUTY = "+15005550010", "+15005550011"


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


@pytest.fixture
def asked(country: make.Country, cast: make.Cast) -> AlertMessage:
    """An alert handed in at night; the approver is asked first, a deputy after."""
    alerting.settings(unratified_roles=("duty",))
    deputy = alerting.another_approver(country, "deputy")
    alerting.contact("Approver", role="approver", institution="CELL", account=cast.account("approver"), phone=FIRST)
    alerting.contact("Deputy", role="approver", institution="CELL", account=deputy, phone=DEPUTY, turn=2)
    alerting.contact("Desk", mail="desk@example.org")
    return alerting.submitted(cast, now=NIGHT)


def code_of(message: Message) -> str:
    return re.findall(r"\b[A-Z2-9]{6}\b", message.texts["en"]["short"])[0]


def questions() -> list[Message]:
    return list(Message.objects.filter(kind="approval").order_by("pk"))


@pytest.mark.req("R11.5")
def test_the_code_of_the_first_approver_publishes(asked: AlertMessage, cast: make.Cast) -> None:
    assert alerts.follow_up(now=NIGHT) == 1
    assert alerts.follow_up(now=NIGHT) == 0
    (question,) = questions()
    code = code_of(question)
    assert ApprovalRequest.objects.filter(code_sha256__contains=code).count() == 0
    answer = alerts.answer_code(sender=FIRST, text=f" {code.lower()} ", now=NIGHT + minutes(5))
    assert (answer.identifier, answer.decision, answer.problem) == (asked.identifier, "yes", None)
    approval = Approval.objects.get()
    assert (approval.actor_id, approval.by, approval.decision) == (cast.account("approver").pk, "code", "yes")
    asked.refresh_from_db()
    assert (asked.state, asked.alert.state) == ("published", "published")
    assert alerts.follow_up(now=NIGHT + minutes(30)) == 0


def test_pages_and_programs_never_show_the_code(
    asked: AlertMessage, cast: make.Cast, as_: Callable[[str], Client]
) -> None:
    alerts.follow_up(now=NIGHT)
    (question,) = questions()
    code = code_of(question)
    assert question.texts["fr"]["short"].count(code) == 2
    row = question.deliveries.get()
    link = f"/n/{composing.secrets_of(question.code, row.channel, row.address).token}/"
    for path in (
        f"/notices/{question.code}/",
        f"/notices/{question.code}/bulletin",
        "/notices/",
        link,
        f"/api/v1/notices/{question.code}",
        "/api/v1/notices",
        f"/response/alerts/{asked.alert.code}/",
    ):
        shown = as_("duty").get(path)
        assert (shown.status_code, code in shown.content.decode()) == (200, False), path
    texts = as_("duty").get(f"/api/v1/notices/{question.code}").json()["texts"]
    assert texts["fr"]["short"] == question.texts["fr"]["short"].replace(code, "••••••")
    assert code in composing.parcel(row, question, "").short  # the one whom it was sent to


def test_by_day_somebody_in_the_office_has_time(country: make.Country, cast: make.Cast) -> None:
    alerting.contact("Approver", role="approver", institution="CELL", account=cast.account("approver"), phone=FIRST)
    alerting.contact("Desk", mail="desk@example.org")
    alerting.submitted(cast, now=NOW)
    assert alerts.follow_up(now=NOW + minutes(14)) == 0
    assert alerts.follow_up(now=NOW + minutes(15)) == 1
    assert len(questions()) == 1


@pytest.mark.req("R11.5")
def test_deputies_are_asked_in_order_and_the_late_code_still_counts(asked: AlertMessage) -> None:
    alerts.follow_up(now=NIGHT)
    assert alerts.follow_up(now=NIGHT + minutes(14)) == 0
    assert alerts.follow_up(now=NIGHT + minutes(15)) == 1
    first, second = questions()
    assert list(ApprovalRequest.objects.order_by("turn").values_list("contact__name", "turn")) == [
        ("Approver", 1),
        ("Deputy", 2),
    ]
    wrong = alerts.answer_code(sender=DEPUTY, text=code_of(first), now=NIGHT + minutes(16))
    assert wrong.problem is not None
    assert wrong.problem.code == "ALERT-050"  # the code of another number
    assert alerts.answer_code(sender=FIRST, text=code_of(first), now=NIGHT + minutes(17)).decision == "yes"
    late = alerts.answer_code(sender=DEPUTY, text=code_of(second), now=NIGHT + minutes(18))
    assert late.problem is not None
    assert late.problem.code == "ALERT-051"


@pytest.mark.parametrize("text", ["NO {code}", "non {code}", "Non: {code}"])
def test_no_and_the_code_refuses(asked: AlertMessage, text: str) -> None:
    alerts.follow_up(now=NIGHT)
    answer = alerts.answer_code(sender=FIRST, text=text.format(code=code_of(questions()[0])), now=NIGHT + minutes(2))
    assert (answer.decision, answer.problem) == ("no", None)
    asked.refresh_from_db()
    assert asked.state == "draft"


@pytest.mark.req("R11.5")
def test_five_wrong_codes_close_the_request(asked: AlertMessage) -> None:
    alerts.follow_up(now=NIGHT)
    code = code_of(questions()[0])
    wrong = "AAAAAA" if code != "AAAAAA" else "BBBBBB"
    said = [alerts.answer_code(sender=FIRST, text=wrong, now=NIGHT).problem for _one in range(6)]
    assert [one.code for one in said if one] == ["ALERT-050"] * 4 + ["ALERT-052", "ALERT-051"]
    after = alerts.answer_code(sender=FIRST, text=code, now=NIGHT)
    assert after.problem is not None
    assert after.problem.code == "ALERT-051"
    assert Approval.objects.count() == 0


def test_a_number_that_was_not_asked_and_a_text_that_is_no_code(asked: AlertMessage) -> None:
    alerts.follow_up(now=NIGHT)
    said = [alerts.answer_code(sender="+15005550099", text="ABCDEF", now=NIGHT).problem,
            alerts.answer_code(sender=FIRST, text="what is this", now=NIGHT).problem]  # fmt: skip
    assert [one.code for one in said if one] == ["ALERT-053", "ALERT-050"]


def test_who_lost_the_role_meanwhile_does_not_approve(asked: AlertMessage, cast: make.Cast) -> None:
    alerts.follow_up(now=NIGHT)
    Membership.objects.filter(account=cast.account("approver")).update(ended_at=NIGHT)
    answer = alerts.answer_code(sender=FIRST, text=code_of(questions()[0]), now=NIGHT + minutes(1))
    assert answer.problem is not None
    assert answer.problem.code == "ALERT-006"
    asked.refresh_from_db()
    assert asked.state == "submitted"


def test_who_wrote_it_is_not_asked(country: make.Country, cast: make.Cast) -> None:
    make.member(cast.account("duty"), country.institutions["CELL"], "approver")
    alerting.contact("Duty", role="approver", institution="CELL", account=cast.account("duty"), phone=FIRST)
    alerting.contact("Nobody", role="approver", institution="CELL", phone=DEPUTY, turn=2)
    alerting.contact("Desk", mail="desk@example.org")
    alerting.settings(unratified_roles=("duty",))
    alerting.submitted(cast, now=NIGHT)
    alerts.follow_up(now=NIGHT)
    assert (len(questions()), AlertMessage.objects.filter(unratified=True).count()) == (0, 1)


@pytest.mark.req("R11.5")
def test_nobody_answers_and_a_restricted_notice_goes_out_once(asked: AlertMessage, cast: make.Cast) -> None:
    done = [alerts.follow_up(now=NIGHT + minutes(at)) for at in range(0, 61, 5)]
    assert done == [1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]
    notice = AlertMessage.objects.get(unratified=True)
    assert (notice.type, notice.scope, notice.state, notice.number) == ("Alert", "Restricted", "published", 2)
    assert notice.sent_at is not None
    assert notice.expires_at - notice.sent_at == timedelta(hours=6)
    message = Message.objects.get(kind="alert")
    assert {language: text["short"].split(":")[0] for language, text in message.texts.items()} == {
        "en": "NOT RATIFIED",
        "fr": "NON RATIFIÉ",
        "ht": "PA RATIFYE",
        "es": "NO RATIFICADO",
    }
    assert sorted(message.deliveries.values_list("contact__name", flat=True)) == ["Desk"]
    assert notice.xml.count("NOT RATIFIED") >= 2  # in the note and in the texts
    assert AlertEvent.objects.filter(action="unratified").count() == 1
    # Approved at last: the message replaces the notice.
    row = alerts.approve(identifier=asked.identifier, actor=cast.actor("approver"), now=NIGHT + minutes(90))
    assert (row.type, row.state, [one[1] for one in row.references]) == ("Update", "published", [notice.identifier])


def test_a_notice_that_nobody_ratifies_lapses_and_the_message_still_waits(asked: AlertMessage) -> None:
    for at in (0, 15, 30):
        alerts.follow_up(now=NIGHT + minutes(at))
    assert Alert.objects.get().state == "published"
    assert alerts.follow_up(now=NIGHT + timedelta(hours=7)) == 1
    assert Alert.objects.get().state == "submitted"
    assert alerts.follow_up(now=NIGHT + timedelta(hours=7)) == 0
    assert list(AlertEvent.objects.order_by("-pk").values_list("action", flat=True)[:1]) == ["lapsed"]


def test_texts_that_came_in_are_settled_and_others_left(asked: AlertMessage) -> None:
    alerts.follow_up(now=NIGHT)
    code = code_of(questions()[0])
    texts = (FIRST, "RAPO NOR 12"), ("+15005550099", "ABCDEF"), (FIRST, "ABCDEF"), (FIRST, code)
    for at, (sender, text) in enumerate(texts):
        Inbound.objects.create(
            channel="sms", external_id=str(at), sender=sender, text=text, received_at=NIGHT, recorded_at=NIGHT,
            contact=Contact.objects.filter(addresses__value=sender).first(),
        )  # fmt: skip
    assert alerts.settle_codes(now=NIGHT + minutes(1)) == 2
    assert list(Inbound.objects.order_by("pk").values_list("state", "meaning", "problem", "ref")) == [
        ("new", "", "", ""),
        ("new", "", "", ""),
        ("settled", "code", "ALERT-050", asked.identifier),
        ("settled", "code", "", asked.identifier),
    ]
    asked.refresh_from_db()
    assert asked.state == "published"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("abcdef", ("yes", "ABCDEF")),
        ("KOD ABCDEF.", ("yes", "ABCDEF")),
        ("Kòd: abcdef", ("yes", "ABCDEF")),
        ("NO ABCDEF", ("no", "ABCDEF")),
        ("NON ABCDEF", ("no", "ABCDEF")),
        ("ABCDE", None),
        ("ABCDE1", None),
        ("RAPO BEL 49", None),
        ("", None),
    ],
)
def test_what_counts_as_an_answer(text: str, said: object) -> None:
    assert read(text) == said


@pytest.mark.django_db(transaction=True)
def test_two_approvers_at_once_publish_once(home_folder: object, at_once: Callable[..., list[Any]]) -> None:
    here = make.country()
    people = make.cast(here)
    second = make.Cast({"x": alerting.another_approver(here)}).actor("x")
    row = alerting.submitted(people)
    first = people.actor("approver")

    def approving(actor: Any) -> Callable[[], str]:
        def work() -> str:
            try:
                alerts.approve(identifier=row.identifier, actor=actor, now=NOW)
            except Refused as refused:
                return str(refused.problems[0].code)
            return "published"

        return work

    assert sorted(at_once(approving(first), approving(second))) == ["ALERT-001", "published"]
    assert Message.objects.filter(kind="alert").count() == 1
    assert AlertEvent.objects.filter(action="published").count() == 1
    assert queries.approvals(AlertMessage.objects.get()).count() == 1
