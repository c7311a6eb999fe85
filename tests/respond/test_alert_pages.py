"""The pages of alerts as those who write, approve and read them meet them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import make
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from respond import alerting

from pasaj.core.problems import Refused
from pasaj.respond.forms.alerts import MOST_POINTS, MessageForm, Offered, Outline
from pasaj.respond.models import Alert, AlertMessage, Plan
from pasaj.respond.queries import alertboard as board
from pasaj.respond.queries import alertpage as page
from pasaj.respond.services import alerts

pytestmark = pytest.mark.django_db
As = Callable[[str], Client]
BOARD, NEW = "/response/", "/response/alerts/new/"
ONE, FIRST = "/response/alerts/AL-2025-0001/", "/response/messages/AL-2025-0001-1/"
CELL = {"duty", "approver", "analyst", "admin", "dpo"}
MOMENT = "%Y-%m-%dT%H:%M"
ZONE = ZoneInfo("America/Port-au-Prince")  # of the small country


@pytest.fixture
def now(country: make.Country) -> Any:
    """The clock of the home stands where the alerts of these tests do."""
    country.home.clock_at = alerting.NOW
    country.home.save()
    return alerting.NOW


@pytest.fixture
def for_everybody(now: Any) -> None:
    """A hazard whose texts hold no number: a date is one, and might be a count of ours."""
    texts = {
        language: {part: said.replace(", {period}", "") for part, said in parts.items()}
        for language, parts in alerting.SERVICES.items()
    }
    alerting.hazard(texts={"services": texts, "public": texts})


@pytest.fixture
def draft(now: Any, cast: make.Cast) -> AlertMessage:
    return alerting.drafted(cast)


@pytest.fixture
def submitted(draft: AlertMessage, cast: make.Cast) -> AlertMessage:
    return alerts.submit(identifier=draft.identifier, actor=cast.actor("duty"), now=alerting.NOW)


@pytest.fixture
def published(submitted: AlertMessage, cast: make.Cast) -> AlertMessage:
    return alerts.approve(identifier=submitted.identifier, actor=cast.actor("approver"), now=alerting.NOW)


def typed(message: AlertMessage, **changed: Any) -> dict[str, Any]:
    """What the form of a message sends when nothing else is touched."""
    values = MessageForm.initial_of(message)
    sent = {name: value for name, value in values.items() if value not in (None, [], "")}
    sent["polygon"] = Outline().prepare_value(values["polygon"])
    sent["expires_at"] = message.expires_at.astimezone(ZONE).strftime(MOMENT)
    return {**sent, **changed}


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


# --- Who ---------------------------------------------------------------------------------------


@pytest.mark.req("R11.41")
def test_who_opens_what(published: AlertMessage, cast: make.Cast, as_: As) -> None:
    other = alerting.drafted(cast).identifier
    expected = {
        BOARD: set(make.CAST),
        NEW: {"duty", "analyst"},
        ONE: CELL | {"chief"},
        f"{FIRST}preview/": CELL | {"chief"},
        f"{ONE}update/": {"duty", "approver"},
        f"{ONE}all-clear/": {"duty", "approver"},
        f"{ONE}cancel/": {"duty", "approver"},
        "/response/alerts/AL-2025-0002/": CELL,
        "/response/alerts/AL-2025-0002/discard/": {"duty", "analyst"},
        f"/response/messages/{other}/edit/": {"duty", "analyst"},
        f"/response/messages/{other}/submit/": {"duty", "analyst"},
    }
    found = {path: {who for who in make.CAST if as_(who).get(path).status_code == 200} for path in expected}
    assert found == expected
    assert {as_(who).get("/response/alerts/AL-2025-0009/").status_code for who in make.CAST} == {404}


@pytest.mark.req("R11.45")
def test_only_another_approver_decides(submitted: AlertMessage, cast: make.Cast, as_: As) -> None:
    opened = {who: as_(who).get(f"{FIRST}decide/").status_code for who in make.CAST}
    # Those who write or approve are led to the alert; to others the page does not exist.
    assert opened == {**dict.fromkeys(make.CAST, 404), "approver": 200, "duty": 302, "analyst": 302}
    assert as_("duty").post(f"{FIRST}decide/", {"decision": "yes"}).status_code == 302
    submitted.refresh_from_db()
    assert submitted.state == "submitted"


@pytest.mark.req("R11.46")
def test_a_chief_reads_what_was_published_and_nothing_of_the_cell(published: AlertMessage, as_: As) -> None:
    inside, outside = text(as_("analyst").get(ONE)), text(as_("chief").get(ONE))
    for word in ("History", "Whom it reached", "Approval"):
        assert (word in inside, word in outside) == (True, False), word
    assert "Open the reception: water, care and a roof for the night." in outside
    assert "approver" not in outside


# --- The board ---------------------------------------------------------------------------------


@pytest.mark.req("R11.40")
def test_the_board_lists_what_runs_first_and_exercises_apart(published: AlertMessage, cast: make.Cast, as_: As) -> None:
    waiting = alerting.submitted(cast)
    alerting.drafted(cast, mode="exercise")
    shown = as_("approver").get(BOARD)
    assert [one.alert.code for one in shown.context["real"]] == ["AL-2025-0001", waiting.alert.code]
    assert [one.alert.code for one in shown.context["others"]] == ["AL-2025-0003"]
    assert [one.for_you for one in shown.context["real"]] == [False, True]
    assert [one.for_you for one in as_("duty").get(BOARD).context["real"]] == [False, False]
    line = shown.context["real"][0]
    assert (line.headline, line.places, line.shape) == ("People need help at Northgate", "Northgate", "alert")
    assert (line.sent, line.acknowledged, line.tasks, line.done) == (2, 0, 0, 0)
    words = text(shown)
    assert "1 alert is running" in words
    assert "Severe" in words
    assert "Exercises and tests" in words


@pytest.mark.req("R11.40")
def test_the_board_is_filtered(published: AlertMessage, cast: make.Cast, as_: As) -> None:
    alerting.drafted(cast, mode="exercise", areas=[{"area": "TL0101"}])

    def codes(question: str) -> list[str]:
        shown = as_("duty").get(f"{BOARD}?{question}").context
        return [one.alert.code for one in (*shown["real"], *shown["others"])]

    found = {question: codes(question) for question in (
        "state=open", "state=published", "state=over", "mode=exercise", "area=TL0101", "area=TL-BCP-NOR",
        "hazard=reception", "hazard=nothing", "state=nonsense",
    )}  # fmt: skip
    both, first, second = ["AL-2025-0001", "AL-2025-0002"], ["AL-2025-0001"], ["AL-2025-0002"]
    assert found == {
        "state=open": both, "state=published": first, "state=over": [], "mode=exercise": second, "area=TL0101": second,
        "area=TL-BCP-NOR": first, "hazard=reception": both, "hazard=nothing": [], "state=nonsense": [],
    }  # fmt: skip


@pytest.mark.req("R11.40")
def test_an_empty_board_says_how_an_alert_comes_to_be(now: Any, as_: As) -> None:
    assert "drafts it from a verified signal" in text(as_("duty").get(BOARD))


@pytest.mark.req("R11.40")
@pytest.mark.parametrize("path", [BOARD, "/"])
def test_the_board_asks_as_often_for_three_as_for_one(now: Any, cast: make.Cast, as_: As, path: str) -> None:
    client = as_("approver")
    alerting.published(cast)
    alerting.submitted(cast)
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(path)
    for _time in range(2):
        alerting.published(cast)
        alerting.submitted(cast)
    with CaptureQueriesContext(connection) as many:
        client.get(path)
    assert len(many) == len(few)


# --- Beginning ---------------------------------------------------------------------------------


@pytest.mark.req("R11.41")
def test_a_verified_signal_offers_to_draft_an_alert(now: Any, cast: make.Cast, as_: As) -> None:
    alerting.hazard(measures=("returns",))
    alerting.hazard("other")
    signal = alerting.signal()
    link = f"{NEW}?signal={signal.code}"
    assert link in as_("duty").get(f"/signals/{signal.code}/").content.decode()
    assert link not in as_("approver").get(f"/signals/{signal.code}/").content.decode()
    shown = as_("duty").get(link)
    assert [(one.code, one.offered) for one in shown.context["hazards"]] == [("reception", True), ("other", False)]
    assert [one.code for one in shown.context["origins"]] == [signal.code]
    assert shown.context["hazards"][0].sentence == "People need help at …"
    made = as_("duty").post(NEW, {"signal": [signal.code], "hazard": "reception", "mode": "actual"})
    assert made["Location"] == f"{FIRST}edit/"
    message = AlertMessage.objects.get()
    assert [(one.kind, one.code) for one in message.alert.origins.all()] == [("signal", signal.code)]
    assert signal.code in text(as_("analyst").get(ONE))


@pytest.mark.req("R11.41")
def test_a_signal_that_nobody_verified_is_refused_with_what_was_chosen(now: Any, cast: make.Cast, as_: As) -> None:
    alerting.hazard()
    signal = alerting.signal(state="new")
    assert NEW not in as_("duty").get(f"/signals/{signal.code}/").content.decode()
    sent = {"signal": [signal.code], "hazard": "reception", "mode": "exercise"}
    refused = as_("duty").post(NEW, sent)
    assert (refused.status_code, [one.code for one in refused.context["problems"]]) == (409, ["ALERT-004"])
    assert refused.context["mode"] == "exercise"
    assert Alert.objects.count() == 0
    missing = as_("duty").post(NEW, {"mode": "actual"})
    assert [one.code for one in missing.context["problems"]] == ["ALERT-002"]


# --- Writing -----------------------------------------------------------------------------------


@pytest.mark.req("R11.42")
def test_protection_is_the_first_field_of_every_language(draft: AlertMessage, as_: As) -> None:
    form = as_("duty").get(f"{FIRST}edit/").context["form"]
    assert [(code, fields[0].name) for code, _name, fields in form.tongues] == [
        (code, f"protection_{code}") for code in ("fr", "ht", "en", "es")
    ]


@pytest.mark.req("R11.42")
def test_saving_changes_the_draft_and_nothing_else(draft: AlertMessage, as_: As) -> None:
    before = MessageForm.initial_of(draft)
    sent = typed(draft, headline_en="People need water at Northgate", severity="extreme")
    assert as_("duty").post(f"{FIRST}edit/", sent)["Location"] == f"{FIRST}edit/"
    after = MessageForm.initial_of(AlertMessage.objects.get())
    # The parts that nobody wrote are kept as empty texts.
    written = {name: value for name, value in after.items() if value != "" or name in before}
    assert written == {**before, "headline_en": "People need water at Northgate", "severity": "extreme"}


@pytest.mark.req("R11.42")
def test_nothing_typed_is_lost_and_every_problem_stands_beside_its_field(draft: AlertMessage, as_: As) -> None:
    sent = typed(draft, headline_en="A" * 300, polygon="18.5, -72.3\nnowhere", expires_at="2025-09-01T10:00")
    first = as_("duty").post(f"{FIRST}edit/", sent)
    assert first.status_code == 422
    assert list(first.context["form"].errors) == ["polygon"]
    assert "Line 2 is no point" in text(first)
    sent["polygon"] = ""
    second = as_("duty").post(f"{FIRST}edit/", sent)
    assert second.status_code == 422
    assert sorted(second.context["form"].errors) == ["expires_at", "headline_en"]
    assert second.context["form"]["headline_en"].value() == "A" * 300
    assert AlertMessage.objects.get().texts == draft.texts


@pytest.mark.req("R11.42")
def test_what_stands_against_submitting_is_told_beside_its_field_and_on_top(draft: AlertMessage, as_: As) -> None:
    as_("duty").post(f"{FIRST}edit/", typed(draft, protection_es="", crossings=[]))
    shown = as_("duty").get(f"{FIRST}edit/")
    assert [each.code for each in shown.context["troubles"]["protection_es"]] == ["ALERT-021"]
    assert [each.code for each in shown.context["troubles"]["areas"]] == ["ALERT-017"]
    summary = {said.code: (where, label) for said, where, label in shown.context["missing"]}
    assert summary["ALERT-021"] == ("id_protection_es", "Protection first · Español")
    assert summary["ALERT-017"] == ("id_areas", "Communes and departments")
    assert 'href="#id_protection_es"' in shown.content.decode()
    refused = as_("duty").post(f"{FIRST}submit/")
    assert refused.status_code == 422
    assert AlertMessage.objects.get().state == "draft"


@pytest.mark.req("R11.43")
def test_a_crossing_that_is_not_official_is_not_offered(draft: AlertMessage, as_: As) -> None:
    form = as_("duty").get(f"{FIRST}edit/").context["form"]
    assert [code for code, _name in form.fields["crossings"].choices] == ["TL-BCP-NOR", "TL-BCP-SOU"]
    assert [code for code, _name in form.fields["areas"].choices] == ["TL-N", "TL0101"]
    refused = as_("duty").post(f"{FIRST}edit/", typed(draft, crossings=["TL-UBP-01"]))
    assert list(refused.context["form"].errors) == ["crossings"]


@pytest.mark.req("R11.43")
def test_an_outline_is_kept_as_it_was_typed(draft: AlertMessage, as_: As) -> None:
    lines = "19.50, -71.80\n19.50 -71.70\n19.40; -71.75\n19.50, -71.80"
    sent = typed(draft, polygon=lines, place_en="The plain", crossings=[])
    assert as_("duty").post(f"{FIRST}edit/", sent).status_code == 302
    (area,) = AlertMessage.objects.get().areas
    assert sorted(set(map(tuple, area["polygon"]))) == [(19.4, -71.75), (19.5, -71.8), (19.5, -71.7)]
    assert area["names"]["en"] == "The plain"
    shown = as_("duty").get(f"{FIRST}edit/")
    (ring,) = [one["geometry"]["coordinates"][0] for one in shown.context["map"]["areas"]["features"]]
    assert len(ring) == 4


@pytest.mark.req("R11.43")
@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("18.5, -72.3\n18.6, -72.3", "An outline has at least three points."),
        ("18.5, -72.3\n18.6, -72.3\n99, -72.3", "Line 3 is no point."),
        ("18.5, -72.3\n18.6, -72.3\nnan, -72.3", "Line 3 is no point."),
        ("18.5, -72.3\n18.6\n18.6, -72.3", "Line 2 is no point."),
        ("\n".join(f"18.{at:03d}, -72.3" for at in range(MOST_POINTS + 1)), "An outline has at most 100 points;"),
    ],
)
def test_what_is_no_outline_is_refused(lines: str, said: str) -> None:
    field = Outline(required=False)
    with pytest.raises(Exception, match=re.escape(said)):
        field.clean(lines)


@pytest.mark.req("R11.44")
def test_the_length_of_a_text_is_told_while_it_is_typed(now: Any, as_: As) -> None:
    assert "5 characters, GSM-7: 1 SMS, room for 155 more" in text(
        as_("duty").post("/response/measure/", {"short_fr": "Hello"})
    )
    long = as_("duty").post("/response/measure/", {"short_ht": "ê" * 100})
    assert "100 characters, UCS-2: 2 SMS, room for 34 more in the last. These signs make it dearer: ê" in text(long)
    assert as_("duty").get("/response/measure/").status_code == 405
    assert Client().post("/response/measure/", {"short_fr": "x"}).status_code == 302


@pytest.mark.req("R11.44")
def test_how_many_are_reached_is_told_before_sending(draft: AlertMessage, cast: make.Cast, as_: As) -> None:
    reach = as_("duty").get(f"{FIRST}submit/").context["reach"]
    assert (reach.contacts, reach.institutions, reach.channels) == (1, 1, (("mail", 1), ("sms", 1)))
    assert reach.segments >= 1
    exercise = alerts.draft(
        hazard="reception",
        mode="exercise",
        actor=cast.actor("duty"),
        now=alerting.NOW,
        areas=[{"crossing": "TL-BCP-NOR"}],
    )
    told = as_("duty").get(f"/response/messages/{exercise.identifier}/submit/").context["reach"]
    assert (told.contacts, told.channels, told.unreachable) == (1, (), 1)


@pytest.mark.req("R11.42")
@pytest.mark.parametrize("language", ["fr", "ht", "en", "es"])
def test_it_is_shown_as_it_will_look(draft: AlertMessage, as_: As, language: str) -> None:
    shown = as_("duty").get(f"{FIRST}preview/?lang={language}")
    assert shown.context["sms"].splitlines()[0] == draft.texts[language]["short"]
    assert len(shown.context["sms"].splitlines()) == 2  # the word to answer with
    assert "urn:oasis:names:tc:emergency:cap:1.2" in shown.context["preview"].cap
    assert shown.context["subject"] == draft.texts[language]["headline"]
    assert as_("duty").get(f"{FIRST}preview/?lang=xx").context["chosen"] in ("fr", "en")


# --- Deciding ----------------------------------------------------------------------------------


@pytest.mark.req("R11.45")
def test_an_approver_sends_back_with_a_reason_or_approves(submitted: AlertMessage, cast: make.Cast, as_: As) -> None:
    shown = as_("approver").get(f"{FIRST}decide/")
    seen = shown.context["seen"]
    assert shown.context["tongue"].parts["protection"] == "Open the reception: water, care and a roof for the night."
    empty = as_("approver").post(f"{FIRST}decide/", {"decision": "no", "note": "", "seen": seen})
    assert (empty.status_code, list(empty.context["form"].errors)) == (422, ["note"])
    back = as_("approver").post(f"{FIRST}decide/", {"decision": "no", "note": "Which gate?", "seen": seen})
    assert back["Location"] == ONE
    assert "Which gate?" in text(as_("duty").get(ONE))
    alerts.change(
        identifier=submitted.identifier, given={"contact": "Desk"}, actor=cast.actor("duty"), now=alerting.NOW
    )
    alerts.submit(identifier=submitted.identifier, actor=cast.actor("duty"), now=alerting.NOW)
    # What was read is not what stands there now: it is shown again.
    stale = as_("approver").post(f"{FIRST}decide/", {"decision": "yes", "seen": seen})
    assert (stale.status_code, stale.context["moved"]) == (422, True)
    assert AlertMessage.objects.get().state == "submitted"
    fresh = as_("approver").post(f"{FIRST}decide/", {"decision": "yes", "seen": stale.context["seen"]})
    assert fresh["Location"] == ONE
    assert AlertMessage.objects.get().state == "published"


@pytest.mark.req("R11.45")
def test_what_is_different_from_the_last_message_is_told(published: AlertMessage, cast: make.Cast, as_: As) -> None:
    new = as_("duty").post(f"{ONE}update/")
    assert new["Location"] == "/response/messages/AL-2025-0001-2/edit/"
    second = AlertMessage.objects.get(number=2)
    sent = typed(second, headline_en="People need water at Northgate", severity="extreme")
    as_("duty").post("/response/messages/AL-2025-0001-2/edit/", sent)
    as_("duty").post("/response/messages/AL-2025-0001-2/submit/")
    shown = as_("approver").get("/response/messages/AL-2025-0001-2/decide/")
    found = {one.label: (one.old, one.new) for one in shown.context["changes"]}
    assert found["Severity"] == ("Severe", "Extreme")
    assert found["Headline · English"] == ("People need help at Northgate", "People need water at Northgate")
    assert set(found) <= {"Severity", "Headline · English", "Expires"}
    assert shown.context["approvals"].needed == 2


@pytest.mark.req("R11.47")
@pytest.mark.parametrize(
    ("step", "kind", "state"), [("cancel", "Cancel", "cancelled"), ("all-clear", "Update", "ended")]
)
def test_an_alert_is_ended_with_a_reason(published: AlertMessage, as_: As, step: str, kind: str, state: str) -> None:
    asked = as_("duty").get(f"{ONE}{step}/")
    assert asked.status_code == 200
    empty = as_("duty").post(f"{ONE}{step}/", {"reason": " "})
    assert empty.status_code == 422
    assert Alert.objects.get().state == "published"
    assert as_("duty").post(f"{ONE}{step}/", {"reason": "It is over."})["Location"] == ONE
    last = AlertMessage.objects.get(number=2)
    assert (last.type, last.state) == (kind, "submitted")
    shown = as_("duty").get(ONE)
    assert [one.name for one in shown.context["steps"]] == ["discard"]
    assert f"#{published.identifier}" in shown.content.decode()
    seen = as_("approver").get(f"/response/messages/{last.identifier}/decide/").context["seen"]
    as_("approver").post(f"/response/messages/{last.identifier}/decide/", {"decision": "yes", "seen": seen})
    assert Alert.objects.get().state == state
    assert as_("duty").get(f"{ONE}{step}/").status_code == 404


@pytest.mark.req("R11.47")
def test_a_draft_is_thrown_away_with_a_reason(draft: AlertMessage, as_: As) -> None:
    named = as_("duty").post(f"{ONE}discard/", {"reason": "Written for Mme Marie Jean-Baptiste"})
    assert (named.status_code, [one.code for one in named.context["problems"]]) == (422, ["SCREEN-001"])
    assert as_("duty").post(f"{ONE}discard/", {"reason": "Written twice."})["Location"] == ONE
    assert Alert.objects.get().state == "discarded"
    assert as_("duty").get(f"{FIRST}edit/")["Location"] == ONE
    assert as_("duty").post(f"{ONE}publish/", {"reason": "x"}).status_code == 404


# --- Everybody, the morning, the search --------------------------------------------------------


@pytest.mark.req("R11.48")
def test_a_real_public_alert_has_a_page_for_everybody(for_everybody: None, cast: make.Cast, as_: As) -> None:
    open_ = alerting.published(cast, audience="public")
    alerting.published(cast)
    alerting.published(cast, audience="public", mode="exercise")
    alerting.submitted(cast, audience="public")
    found = {code: Client().get(f"/a/{code}/").status_code for code in
             ("AL-2025-0001", "AL-2025-0002", "AL-2025-0003", "AL-2025-0004", "AL-2025-0009")}  # fmt: skip
    assert found == {"AL-2025-0001": 200, **dict.fromkeys(list(found)[1:], 404)}
    shown = Client().get("/a/AL-2025-0001/", headers={"accept-language": "en"})
    words = text(shown)
    for said in open_.texts.values():
        assert said["protection"].replace("'", "&#x27;") in words
    assert len(shown.content) < 30_000
    # What is inside the cell is not told there.
    assert "approver" not in words
    assert f'href="{reverse("respond:alert-public", args=["AL-2025-0001"])}"' in as_("duty").get(ONE).content.decode()


@pytest.mark.req("R11.48")
def test_a_public_alert_that_is_over_says_so(for_everybody: None, cast: make.Cast) -> None:
    alerting.published(cast, audience="public")
    last = alerts.cancel(code="AL-2025-0001", reason="A mistake.", actor=cast.actor("duty"), now=alerting.NOW)
    later = alerting.NOW + timedelta(minutes=5)
    alerts.approve(identifier=last.identifier, actor=cast.actor("approver"), now=later)
    assert "This alert no longer holds." in text(Client().get("/a/AL-2025-0001/"))


@pytest.mark.req("R11.49")
def test_the_morning_shows_what_runs_and_what_waits_for_the_reader(
    published: AlertMessage, cast: make.Cast, as_: As
) -> None:
    waiting = alerting.submitted(cast)
    shown = as_("approver").get("/")
    assert [one.alert.code for one in shown.context["running"]] == ["AL-2025-0001"]
    assert [(one.identifier, said) for one, said in shown.context["approve"]] == [
        (waiting.identifier, "People need help at Northgate")
    ]
    assert as_("duty").get("/").context["approve"] == []
    assert [one.alert.code for one in as_("chief").get("/").context["running"]] == ["AL-2025-0001"]
    assert as_("stranger").get("/").context["running"] == []


@pytest.mark.req("R11.49")
def test_codes_lead_to_the_alert(published: AlertMessage, as_: As) -> None:
    assert as_("duty").get("/search/?q=al-2025-0001")["Location"] == ONE
    assert as_("duty").get("/search/?q=AL-2025-0001-1")["Location"] == f"{ONE}#AL-2025-0001-1"
    assert as_("stranger").get("/search/?q=AL-2025-0001-1").status_code == 200


# --- Small things ------------------------------------------------------------------------------


def test_extent_and_outlines() -> None:
    ring = AlertMessage(
        areas=[{"polygon": [[18.0, -72.0], [18.5, -72.0], [18.5, -71.5]], "codes": [], "crossings": []}]
    )
    features = page.outline(ring, frozenset())
    assert page.extent(features) == pytest.approx([-72.15, 17.85, -71.35, 18.65])
    assert page.extent([]) == []


def test_the_form_takes_what_it_gives(draft: AlertMessage, cast: make.Cast, as_: As) -> None:
    form = as_("duty").get(f"{FIRST}edit/").context["form"]
    offered = Offered(("fr",), (), (), (), (), ())
    alone = MessageForm({"severity": "none"}, offered=offered)
    assert not alone.is_valid()
    assert set(form.fields) >= {"plan", "polygon", "short_ht"}
    with pytest.raises(Refused):
        alerts.submit(identifier="AL-2025-0009-1", actor=cast.actor("duty"), now=alerting.NOW)
    assert board.codes([{"codes": ["A"], "crossings": ["B"]}, {}]) == {"A", "B"}


def test_a_plan_is_activated_from_an_alert_in_force(published: AlertMessage, cast: make.Cast) -> None:
    alert = published.alert
    alert.refresh_from_db()
    library = reverse("respond:plan-list")
    assert [page.activate_url(alert, cast.actor(who)) for who in ("duty", "analyst")] == [library, ""]
    Plan.objects.create(
        code="mine", version="1", names={"en": "Mine"}, content={}, fingerprint="f" * 64, review_date=make.TODAY
    )
    alert.plan = "mine"
    own = reverse("respond:plan-activate", args=["mine"]) + f"?alert={alert.code}"
    assert page.activate_url(alert, cast.actor("approver")) == own
    alert.state = Alert.State.CANCELLED
    assert page.activate_url(alert, cast.actor("duty")) == ""
