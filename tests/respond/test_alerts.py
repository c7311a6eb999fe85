"""The cycle of an alert: drafted, handed in, approved by somebody else, published, updated, ended."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import make
import pytest
from django.db import IntegrityError, transaction
from respond import alerting
from respond.alerting import NOW

from pasaj.access.models import AuditEntry
from pasaj.access.rules import SYSTEM
from pasaj.core.problems import Refused
from pasaj.evidence.models import Link, Node
from pasaj.notify.models import Delivery, Message
from pasaj.registry.models import Membership
from pasaj.respond.models import Alert, AlertEvent, AlertMessage, Approval
from pasaj.respond.queries import alerts as queries
from pasaj.respond.services import alerts, signing
from pasaj.respond.services.alerts import Origin
from pasaj.watch.services import signals

pytestmark = pytest.mark.usefixtures("home_folder")
State = AlertMessage.State


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[tuple[str, str]]:
    return [(one.code, one.column) for one in refused.value.problems]


def refusing(call: object, *args: object, **kwargs: object) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as refused:
        call(*args, **kwargs)  # type: ignore[operator]
    return codes(refused)


# --- Drafting ----------------------------------------------------------------------------------


@pytest.mark.req("R11.1")
def test_a_draft_is_filled_from_its_signals(country: make.Country, cast: make.Cast) -> None:
    alerting.hazard()
    alerting.signal("SG-2025-0001")
    alerting.signal("SG-2025-0002", place="TL-UBP-01")
    row = alerts.draft(
        hazard="reception",
        origins=[Origin("signal", "SG-2025-0001"), Origin("signal", "SG-2025-0002")],
        actor=cast.actor("duty"),
        now=NOW,
    )
    assert (row.identifier, row.state, row.type, row.scope) == ("AL-2025-0001-1", "draft", "Alert", "Restricted")
    assert row.texts["en"]["headline"] == "People need help at Northgate, Hill town"
    assert row.texts["fr"]["headline"] == "Des personnes ont besoin d'aide à Northgate, Hill town (fr)"
    assert [one["crossings"] for one in row.areas] == [["TL-BCP-NOR"], []]
    assert [one["codes"] for one in row.areas] == [[], ["TL0101"]]
    assert row.alert.ends_date == date(2025, 10, 15)
    assert row.expires_at == NOW + timedelta(hours=24)
    assert list(row.alert.origins.order_by("pk").values_list("kind", "code")) == [
        ("signal", "SG-2025-0001"),
        ("signal", "SG-2025-0002"),
    ]
    assert list(AlertEvent.objects.values_list("action", "actor_id")) == [("drafted", cast.account("duty").pk)]
    assert AuditEntry.objects.filter(action="alert.drafted", code="AL-2025-0001").count() == 1


def test_only_verified_signals_and_known_things(country: make.Country, cast: make.Cast) -> None:
    alerting.hazard()
    alerting.signal("SG-2025-0001", state="new")
    said = refusing(
        alerts.draft,
        hazard="reception",
        origins=[Origin("signal", "SG-2025-0001"), Origin("signal", "SG-1"), Origin("incident", "IN-1"),
                 Origin("event", "EV-1"), Origin("external", "X"), Origin("rumour", "Y")],
        actor=cast.actor("duty"),
        now=NOW,
    )  # fmt: skip
    assert said == [("ALERT-004", "origins"), *[("ALERT-003", "origins")] * 5]
    assert refusing(alerts.draft, hazard="flood", actor=cast.actor("duty"), now=NOW) == [("ALERT-002", "hazard")]
    assert refusing(alerts.draft, hazard="reception", mode="real", actor=SYSTEM, now=NOW) == [("ALERT-009", "mode")]
    assert refusing(alerts.draft, hazard="reception", audience="all", actor=SYSTEM, now=NOW) == [
        ("ALERT-009", "audience")
    ]
    assert Alert.objects.count() == 0


WRONG: Any = {
    "severity": "awful",
    "urgency": "soon",
    "category": ["Weather"],
    "response_types": [],
    "scope": "Private",
    "expires_at": NOW - timedelta(hours=1),
    "onset_at": "tomorrow",
    "ends_date": date(2025, 10, 1),
    "web": "javascript:1",
    "note": "x" * 1001,
    "areas": [{"crossing": "TL-UBP-01"}, {"area": "XX"}, {"crossing": "XX"}, {}, "x",
              {"polygon": [[19, -72], [19.1, -72]]},
              {"polygon": [[19, -72], [19.2, -71.8], [19, -71.8], [19.2, -72]]},
              {"polygon": [[50, 3], [51, 3], [51, 4]]}],
    "recipients": {"institutions": ["XX"], "crossings": ["YY"]},
    "texts": {"de": {}, "fr": {"event": "x" * 36, "colour": "red", "headline": "Des migrants clandestins"}},
    "colour": "red",
}  # fmt: skip


def test_every_wrong_field_is_told_with_its_name(country: make.Country, cast: make.Cast) -> None:
    row = alerting.drafted(cast)
    said = refusing(alerts.change, identifier=row.identifier, given=WRONG, actor=cast.actor("duty"), now=NOW)
    assert said == [
        ("ALERT-009", "severity"),
        ("ALERT-009", "urgency"),
        ("ALERT-009", "category"),
        ("ALERT-009", "response_types"),
        ("ALERT-009", "scope"),
        ("ALERT-009", "onset_at"),
        ("ALERT-015", "ends_date"),
        ("ALERT-009", "web"),
        ("ALERT-026", "note"),
        ("ALERT-018", "areas.0"),
        ("ALERT-016", "areas.1"),
        ("ALERT-016", "areas.2"),
        ("ALERT-017", "areas.3"),
        ("ALERT-009", "areas.4"),
        ("ALERT-040", "areas.5"),
        ("ALERT-041", "areas.6"),
        ("ALERT-042", "areas.7"),
        ("ALERT-016", "recipients.institutions"),
        ("ALERT-016", "recipients.crossings"),
        ("ALERT-035", "texts.de"),
        ("ALERT-026", "texts.fr.event"),
        ("ALERT-009", "texts.fr.colour"),
        ("ALERT-030", "texts.fr.headline"),
        ("ALERT-009", "colour"),
        ("ALERT-010", "expires_at"),
    ]
    row.refresh_from_db()
    assert (row.severity, row.urgency) == ("severe", "Immediate")


def test_changing_lays_texts_over_what_is_there(country: make.Country, cast: make.Cast) -> None:
    row = alerting.drafted(cast)
    alerts.change(
        identifier=row.identifier,
        given={"texts": {"en": {"headline": "Help at Northgate"}}, "severity": "extreme", "plan": "other"},
        actor=cast.actor("analyst"),
        now=NOW,
    )
    row.refresh_from_db()
    assert row.texts["en"]["headline"] == "Help at Northgate"
    assert row.texts["en"]["event"] == "Urgent reception"
    assert (row.severity, row.alert.plan) == ("extreme", "other")


def test_texts_for_the_public_are_taken_from_the_template(country: make.Country, cast: make.Cast) -> None:
    row = alerting.drafted(cast)
    alerts.change(identifier=row.identifier, given={"texts": {"en": {"headline": "Own"}}}, actor=cast.actor("duty"),
                  now=NOW)  # fmt: skip
    row = alerts.refill(identifier=row.identifier, audience="public", actor=cast.actor("duty"), now=NOW)
    assert (row.scope, row.restriction) == ("Public", "")
    assert row.texts["en"]["headline"] == "People need help at Northgate"


def test_a_draft_is_thrown_away_with_a_reason(country: make.Country, cast: make.Cast) -> None:
    row = alerting.drafted(cast)
    assert refusing(alerts.discard, code=row.identifier, actor=cast.actor("duty"), now=NOW, reason=" ") == [
        ("ALERT-008", "reason")
    ]
    alert = alerts.discard(code=row.alert.code, actor=cast.actor("duty"), now=NOW, reason="The post explained it")
    row.refresh_from_db()
    assert (alert.state, row.state) == ("discarded", "discarded")
    assert refusing(alerts.discard, code=alert.code, actor=cast.actor("duty"), now=NOW, reason="again") == [
        ("ALERT-013", "")
    ]
    assert refusing(alerts.discard, code="AL-2025-0009", actor=cast.actor("duty"), now=NOW, reason="x") == [
        ("ALERT-012", "")
    ]


# --- Approval ----------------------------------------------------------------------------------


@pytest.mark.req("R3.8")
@pytest.mark.req("R11.1")
def test_nothing_is_handed_in_without_a_protection_action(country: make.Country, cast: make.Cast) -> None:
    row = alerting.drafted(cast)
    texts = {language: {"protection": ""} for language in ("fr", "ht", "en", "es")}
    alerts.change(identifier=row.identifier, given={"texts": texts}, actor=cast.actor("duty"), now=NOW)
    said = refusing(alerts.submit, identifier=row.identifier, actor=cast.actor("duty"), now=NOW)
    assert said == [("ALERT-021", f"texts.{language}.protection") for language in ("en", "fr", "ht", "es")]
    row.refresh_from_db()
    assert row.state == State.DRAFT


@pytest.mark.req("R2.5")
@pytest.mark.req("R11.1")
def test_a_second_person_approves_and_that_publishes(country: make.Country, cast: make.Cast) -> None:
    row = alerting.submitted(cast)
    assert Alert.objects.get().state == "submitted"
    row = alerts.approve(identifier=row.identifier, actor=cast.actor("approver"), now=NOW, note="Seen")
    row.refresh_from_db()
    assert (row.state, row.sent_at, row.alert.state) == ("published", NOW, "published")
    assert signing.verify(row.xml.encode(), [signing.key().fingerprint]).trusted is True
    assert list(AlertEvent.objects.order_by("pk").values_list("action", flat=True)) == [
        "drafted",
        "submitted",
        "approved",
        "published",
    ]
    message = Message.objects.get()
    assert (message.kind, message.ref, message.severity, message.urgent) == ("alert", "AL-2025-0001", "severe", True)
    assert sorted(message.texts) == ["en", "es", "fr", "ht"]
    assert message.texts["en"]["short"] == "Northgate: reception. First water and care."
    assert [one["name"] for one in message.attachments] == ["alert.xml"]
    assert sorted(Delivery.objects.values_list("channel", flat=True)) == ["mail", "sms"]


@pytest.mark.req("R11.1")
def test_whoever_wrote_in_it_never_approves_it(country: make.Country, cast: make.Cast) -> None:
    for who in ("duty", "analyst"):
        make.member(cast.account(who), country.institutions["CELL"], "approver")
    row = alerting.drafted(cast)
    alerts.change(identifier=row.identifier, given={"note": "More"}, actor=cast.actor("analyst"), now=NOW)
    alerts.submit(identifier=row.identifier, actor=cast.actor("duty"), now=NOW)
    for who in ("duty", "analyst"):
        assert refusing(alerts.approve, identifier=row.identifier, actor=cast.actor(who), now=NOW) == [
            ("ALERT-005", "")
        ]
    for who in ("partner", "chief"):
        assert refusing(alerts.approve, identifier=row.identifier, actor=cast.actor(who), now=NOW) == [
            ("ALERT-006", "")
        ]
    assert refusing(alerts.approve, identifier=row.identifier, actor=SYSTEM, now=NOW) == [("ALERT-006", "")]
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.create(
            message=row, actor_id=1, actor_label="x", author_id=1, decision="yes", by="page", content_sha256="0",
            at=NOW, recorded_at=NOW,
        )  # fmt: skip


@pytest.mark.req("R11.2")
def test_the_gravest_alerts_need_two_persons_who_hold_the_role_still(country: make.Country, cast: make.Cast) -> None:
    second, third = (alerting.another_approver(country, name) for name in ("second", "third"))
    row = alerting.submitted(cast, severity="extreme")
    actor = {one: make.Cast({"x": account}).actor("x") for one, account in (("second", second), ("third", third))}
    alerts.approve(identifier=row.identifier, actor=cast.actor("approver"), now=NOW)
    assert refusing(alerts.approve, identifier=row.identifier, actor=cast.actor("approver"), now=NOW) == [
        ("ALERT-007", "")
    ]
    Membership.objects.filter(account=cast.account("approver"), role="approver").update(ended_at=NOW)
    row = alerts.approve(identifier=row.identifier, actor=actor["second"], now=NOW)
    assert row.state == State.SUBMITTED  # the first yes counts no more
    row = alerts.approve(identifier=row.identifier, actor=actor["third"], now=NOW)
    assert row.state == State.PUBLISHED


@pytest.mark.req("R11.2")
def test_an_edit_asks_again(country: make.Country, cast: make.Cast) -> None:
    second = make.Cast({"x": alerting.another_approver(country)}).actor("x")
    row = alerting.submitted(cast, severity="extreme")
    alerts.approve(identifier=row.identifier, actor=cast.actor("approver"), now=NOW)
    alerts.refuse(identifier=row.identifier, actor=second, now=NOW, note="Say which reception")
    row.refresh_from_db()
    assert (row.state, row.alert.state) == ("draft", "draft")
    texts = {"en": {"instruction": "Tell the cell what you bring."}}
    alerts.change(identifier=row.identifier, given={"texts": texts}, actor=cast.actor("duty"), now=NOW)
    alerts.submit(identifier=row.identifier, actor=cast.actor("duty"), now=NOW)
    row = alerts.approve(identifier=row.identifier, actor=second, now=NOW)
    assert row.state == State.SUBMITTED  # what was approved before was another text
    row = alerts.approve(identifier=row.identifier, actor=cast.actor("approver"), now=NOW)
    assert row.state == State.PUBLISHED


def test_refusing_needs_a_reason_and_a_message_that_waits(country: make.Country, cast: make.Cast) -> None:
    row = alerting.drafted(cast)
    approver = cast.actor("approver")
    assert refusing(alerts.refuse, identifier=row.identifier, actor=approver, now=NOW, note="") == [
        ("ALERT-008", "note")
    ]
    assert refusing(alerts.refuse, identifier=row.identifier, actor=approver, now=NOW, note="No") == [("ALERT-001", "")]
    assert refusing(alerts.approve, identifier=row.identifier, actor=approver, now=NOW) == [("ALERT-001", "")]


def test_its_end_must_lie_ahead_when_it_is_sent(country: make.Country, cast: make.Cast) -> None:
    row = alerting.submitted(cast)
    late = NOW + timedelta(hours=25)
    assert refusing(alerts.approve, identifier=row.identifier, actor=cast.actor("approver"), now=late) == [
        ("ALERT-010", "expires_at")
    ]
    row.refresh_from_db()
    assert (row.state, Approval.objects.count()) == ("submitted", 0)


# --- The public --------------------------------------------------------------------------------


@pytest.mark.req("R11.3")
def test_counts_of_ours_are_words_in_public(country: make.Country, cast: make.Cast) -> None:
    row = alerting.drafted(cast, audience="public")
    texts = {
        language: {"description": f"{row.texts[language]['description']} 340"} for language in ("fr", "ht", "en", "es")
    }
    alerts.change(identifier=row.identifier, given={"texts": texts}, actor=cast.actor("duty"), now=NOW)
    said = queries.troubles(AlertMessage.objects.get())
    found = [(one.code, one.column, one.params["found"], one.params["words"]) for one in said]
    assert found == [
        ("ALERT-033", "texts.en.description", "340", "several hundred"),
        ("ALERT-033", "texts.fr.description", "340", "plusieurs centaines"),
        ("ALERT-033", "texts.ht.description", "340", "plizyè santèn"),
        ("ALERT-033", "texts.es.description", "340", "varios cientos"),
    ]


# --- After publication ---------------------------------------------------------------------------


@pytest.mark.req("R11.4")
def test_update_and_cancel_refer_to_what_is_in_force(country: make.Country, cast: make.Cast) -> None:
    first = alerting.published(cast)
    later = NOW + timedelta(hours=2)
    draft = alerts.update(code=first.alert.code, actor=cast.actor("duty"), now=later)
    assert (draft.type, draft.number, draft.state) == ("Update", 2, "draft")
    assert draft.references == [["alerts@x", first.identifier, "2025-10-01T10:00:00-05:00"]] or draft.references == [
        [first.sender, first.identifier, "2025-10-01T11:00:00-04:00"]
    ]
    assert refusing(alerts.update, code=first.alert.code, actor=cast.actor("duty"), now=later) == [("ALERT-014", "")]
    alerts.submit(identifier=draft.identifier, actor=cast.actor("duty"), now=later)
    second = alerts.approve(identifier=draft.identifier, actor=cast.actor("approver"), now=later)
    third = alerts.cancel(code=first.alert.code, reason="The closure was lifted", actor=cast.actor("duty"), now=later)
    assert (third.type, third.state, third.note) == ("Cancel", "submitted", "The closure was lifted")
    assert [one[1] for one in third.references] == [first.identifier, second.identifier]
    third = alerts.approve(identifier=third.identifier, actor=cast.actor("approver"), now=later)
    assert third.alert.state == "cancelled"
    assert f"{first.sender},{first.identifier},{first_sent(first)}" in third.xml
    assert refusing(alerts.cancel, code=first.alert.code, reason="Again", actor=cast.actor("duty"), now=later) == [
        ("ALERT-013", "")
    ]


def first_sent(row: AlertMessage) -> str:
    return row.xml.partition("<sent>")[2].partition("</sent>")[0]


def test_all_clear_ends_an_alert(country: make.Country, cast: make.Cast) -> None:
    first = alerting.published(cast)
    later = NOW + timedelta(hours=5)
    row = alerts.all_clear(code=first.alert.code, reason="Everybody is housed", actor=cast.actor("duty"), now=later)
    assert (row.type, row.response_types, row.severity, row.urgency) == ("Update", ["AllClear"], "minor", "Past")
    row = alerts.approve(identifier=row.identifier, actor=cast.actor("approver"), now=later)
    assert row.alert.state == "ended"
    assert row.texts["en"]["headline"] == "All clear: Urgent reception, Northgate"


def test_a_clock_that_went_back_sends_nothing(country: make.Country, cast: make.Cast) -> None:
    first = alerting.published(cast)
    before = NOW - timedelta(hours=1)
    assert refusing(alerts.update, code=first.alert.code, actor=cast.actor("duty"), now=before) == [("ALERT-011", "")]
    row = alerts.cancel(code=first.alert.code, reason="Wrong", actor=cast.actor("duty"), now=NOW)
    assert refusing(alerts.approve, identifier=row.identifier, actor=cast.actor("approver"), now=before) == [
        ("ALERT-011", "")
    ]


def test_time_ends_an_alert_and_reminds_of_its_measures(country: make.Country, cast: make.Cast) -> None:
    first = alerting.published(cast)
    assert alerts.follow_up(now=NOW + timedelta(hours=23)) == 0
    assert alerts.follow_up(now=NOW + timedelta(hours=24)) == 1
    assert alerts.follow_up(now=NOW + timedelta(hours=24)) == 0
    first.alert.refresh_from_db()
    assert first.alert.state == "expired"
    assert refusing(alerts.update, code=first.alert.code, actor=cast.actor("duty"), now=NOW) == [("ALERT-013", "")]


def test_what_was_published_stays_as_it_is(country: make.Country, cast: make.Cast) -> None:
    row = alerting.published(cast)
    for change in ({"severity": "minor"}, {"texts": {}}):
        with pytest.raises(Exception, match="respond_alertmessage"), transaction.atomic():
            AlertMessage.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        AlertMessage.objects.create(
            alert=row.alert, number=9, identifier="x", sender="x", type="Alert", scope="Public", severity="minor",
            urgency="Past", certainty="Unknown", sent_at=NOW, expires_at=NOW, created_at=NOW,
        )  # fmt: skip


def test_a_preview_in_each_language(country: make.Country, cast: make.Cast) -> None:
    row = alerting.drafted(cast, mode="exercise")
    shown = queries.preview(row, "fr")
    assert shown.page.headline == "EXERCICE: Des personnes ont besoin d'aide à Northgate"
    assert shown.page.instruction.splitlines()[0] == "Ouvrir l'accueil : de l'eau, des soins et un toit pour la nuit."
    assert "<identifier>AL-2025-0001-1</identifier>" in shown.cap
    assert (shown.length.segments, shown.areas) == (1, ("Northgate",))


@pytest.mark.req("R11.9")
def test_a_published_alert_rests_on_its_signals(country: make.Country, cast: make.Cast) -> None:
    alerting.hazard()
    alerting.contact("Desk", mail="desk@example.org")
    signal = alerting.signal("SG-2025-0001", state="acknowledged")
    signals.act(code=signal.code, action="verify", actor=cast.actor("duty"), now=NOW)
    row = alerts.draft(hazard="reception", origins=[Origin("signal", signal.code)], actor=cast.actor("duty"), now=NOW)
    assert Node.objects.filter(kind="alert").count() == 0
    alerts.submit(identifier=row.identifier, actor=cast.actor("duty"), now=NOW)
    alerts.approve(identifier=row.identifier, actor=cast.actor("approver"), now=NOW)
    node = Node.objects.get(code="AL-2025-0001")
    assert (node.kind, node.revision) == ("alert", 1)
    assert list(Link.objects.filter(child=node).values_list("type", "parent__code")) == [("raised-on", signal.code)]
    later = alerts.cancel(code="AL-2025-0001", reason="Over", actor=cast.actor("duty"), now=NOW)
    alerts.approve(identifier=later.identifier, actor=cast.actor("approver"), now=NOW)
    node.refresh_from_db()
    assert node.revision == 2
