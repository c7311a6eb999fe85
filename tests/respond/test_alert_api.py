"""Alerts for programs: who reads what of them, and drafting, handing in and approving with a token that may write."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import make
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from respond import alerting
from respond.alerting import NOW

from pasaj.access.rules import SYSTEM
from pasaj.access.services import tokens
from pasaj.notify.models import Message
from pasaj.registry.models import Home
from pasaj.respond.models import Alert, AlertMessage, Approval
from pasaj.respond.services import alerts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home_folder", "daytime")]
As = Callable[[str], Client]
API = "/api/v1/alerts"
CELL = ("duty", "approver", "analyst", "admin", "dpo")
OUTSIDE = ("chief", "partner")
SECRETS = ("zulu hidden headline", "zulu hidden words", "zulu hidden note", "zulu hidden reason")
NOTHING = {"total": 0, "sent": 0, "delivered": 0, "acknowledged": 0, "failed": 0, "withheld": 0}


@pytest.fixture
def daytime(country: make.Country) -> None:
    """The clock of the home stands where the alerts of these tests do."""
    Home.objects.update(clock_at=NOW)


def body(answer: Any) -> Any:
    return json.loads(b"".join(answer.streaming_content) if answer.streaming else answer.content)


def key(cast: make.Cast, who: str, *, write: bool = True) -> dict[str, str]:
    _row, secret = tokens.issue(
        account=cast.account(who), name="script", days=30, may_write=write, actor=SYSTEM, now=make.NOW
    )
    return {"Authorization": f"Bearer {secret}"}


def post(said: object, headers: dict[str, str], code: str = "") -> tuple[int, Any]:
    path = f"{API}/{code}" if code else API
    answer = Client().post(path, json.dumps(said), content_type="application/json", headers=headers)
    return answer.status_code, body(answer)


def refusal(answer: tuple[int, Any]) -> tuple[int, list[tuple[str, str]]]:
    """The status, and of each problem its code and its place, in the reader's words."""
    status, said = answer
    return status, [(one["code"], one["place"]) for one in said["problems"]]


def status(client: Client, path: str) -> str:
    answer = client.get(path)
    body(answer)
    return str(answer.status_code)


def listed(client: Client, question: str = "") -> list[str]:
    answer = client.get(f"{API}{question}")
    found = [one["code"] for one in body(answer)]
    assert (answer.status_code, answer["X-Pasaj-Audience"]) == (200, "TLP:AMBER")
    return found


def moment(value: Any) -> str | None:
    return None if value is None else value.isoformat()


def message(row: AlertMessage) -> dict[str, Any]:
    """A message as programs are to read it."""
    said = {name: getattr(row, name) for name in (
        "identifier", "type", "state", "scope", "urgency", "severity", "certainty", "texts", "areas", "references",
        "unratified", "sha256",
    )}  # fmt: skip
    return {**said, **{name: moment(getattr(row, name)) for name in ("onset_at", "expires_at", "sent_at")}}


# --- Reading -------------------------------------------------------------------------------------


@pytest.fixture
def three(cast: make.Cast) -> None:
    """1: to the immigration service at the north, with a secret update begun; 2: to everybody; 3: a secret draft; 4: a
    secret one that was refused and waits again."""
    duty = cast.actor("duty")
    alerting.signal()
    alerting.published(cast, origins=[alerts.Origin("signal", "SG-2025-0001")])
    alerting.published(cast, audience="public", areas=[{"crossing": "TL-BCP-SOU"}], now=NOW + timedelta(minutes=1))
    secret = {"en": {"headline": SECRETS[0], "description": SECRETS[1]}, "fr": {"headline": SECRETS[0]}}
    begun = alerts.update(code="AL-2025-0001", actor=duty, now=NOW + timedelta(minutes=2))
    given: dict[str, Any] = {"texts": secret, "note": SECRETS[2]}
    alerts.change(identifier=begun.identifier, given=given, actor=duty, now=NOW + timedelta(minutes=2))
    alerting.drafted(cast, **given, now=NOW + timedelta(minutes=3))
    row = alerting.submitted(cast, now=NOW + timedelta(minutes=4), note=SECRETS[2], severity="moderate")
    later: dict[str, Any] = {"identifier": row.identifier, "now": NOW + timedelta(minutes=5)}
    alerts.refuse(**later, actor=cast.actor("approver"), note=SECRETS[3])
    alerts.submit(**later, actor=duty)


@pytest.mark.req("R11.6")
def test_who_reads_which_alerts(three: None, as_: As) -> None:
    every = ["AL-2025-0004", "AL-2025-0003", "AL-2025-0002", "AL-2025-0001"]
    assert {who: listed(as_(who)) for who in make.CAST} == {
        **dict.fromkeys(CELL, every), "chief": every[2:], "partner": every[2:3], "stranger": [],
    }  # fmt: skip
    seen = {who: "".join(status(as_(who), f"{API}/{code}") for code in every) for who in make.CAST}
    assert seen == {
        **dict.fromkeys(CELL, "200200200200"), "chief": "404404200200", "partner": "404404200404",
        "stranger": "404404404404",
    }  # fmt: skip
    assert [Client().get(path).status_code for path in (API, f"{API}/AL-2025-0002")] == [401, 401]


@pytest.mark.req("R11.6")
@pytest.mark.parametrize("who", [*OUTSIDE, "stranger"])
def test_nothing_of_drafts_is_read_outside_the_cell(three: None, as_: As, who: str) -> None:
    client = as_(who)
    paths = [API, *(f"{API}?state={state}" for state in ("open", *Alert.State.values)),
             *(f"{API}/AL-2025-000{number}" for number in (1, 2, 3, 4))]  # fmt: skip
    told = [json.dumps(body(client.get(path)), ensure_ascii=False) for path in paths]
    assert [secret for secret in (*SECRETS, "AL-2025-0001-2", "AL-2025-0003", "AL-2025-0004", "SG-2025-0001")
            if any(secret in text for text in told)] == (["SG-2025-0001"] if who == "chief" else [])  # fmt: skip
    inside = json.dumps(body(as_("duty").get(API)), ensure_ascii=False)
    assert [secret in inside for secret in SECRETS] == [True, True, False, False]  # notes are on the page only


@pytest.mark.req("R11.6")
def test_an_alert_is_read_whole_and_by_others_without_the_cells_own(three: None, as_: As) -> None:
    alert = Alert.objects.get(code="AL-2025-0001")
    first, second = AlertMessage.objects.filter(alert=alert).order_by("number")
    said = {
        "code": "AL-2025-0001", "hazard": "reception", "mode": "actual", "state": "published", "plan": "reception",
        "ends_date": moment(alert.ends_date), "created_at": moment(NOW), "origins": ["SG-2025-0001"],
        "messages": [message(first), message(second)], "deliveries": {**NOTHING, "total": 2},
    }  # fmt: skip
    client = as_("duty")
    assert body(client.get(f"{API}/AL-2025-0001")) == said
    assert body(client.get(API))[3] == said
    assert body(as_("chief").get(f"{API}/AL-2025-0001")) == {**said, "messages": [message(first)], "deliveries": None}


@pytest.mark.req("R11.6")
def test_an_origin_is_named_to_those_who_may_see_it(cast: make.Cast, as_: As) -> None:
    alerting.signal(place="TL-BCP-SOU")
    alerting.published(cast, audience="public", origins=[alerts.Origin("signal", "SG-2025-0001")])
    assert {who: body(as_(who).get(f"{API}/AL-2025-0001"))["origins"] for who in ("analyst", *OUTSIDE)} == {
        "analyst": ["SG-2025-0001"], "chief": [], "partner": [],
    }  # fmt: skip


def test_alerts_are_asked_for_by_state_and_danger_and_in_parts(three: None, as_: As) -> None:
    client = as_("analyst")
    asked = {question: listed(client, question) for question in (
        "?state=draft", "?state=submitted", "?state=published", "?state=open", "?state=expired", "?state=nothing",
        "?hazard=reception", "?hazard=flood", "?state=draft&hazard=flood", "?limit=1&offset=1",
    )}  # fmt: skip
    first, second, third, fourth = (f"AL-2025-000{number}" for number in (4, 3, 2, 1))
    assert asked == {
        "?state=draft": [second], "?state=submitted": [first], "?state=published": [third, fourth],
        "?state=open": [first, second, third, fourth],
        "?state=expired": [], "?state=nothing": [], "?hazard=reception": [first, second, third, fourth],
        "?hazard=flood": [], "?state=draft&hazard=flood": [], "?limit=1&offset=1": [second],
    }  # fmt: skip
    answer = client.get(f"{API}?limit=1")
    assert (len(body(answer)), answer["X-Pasaj-Count"]) == (1, "4")


@pytest.mark.parametrize("who", ["duty", "chief"])
def test_many_alerts_ask_as_much_of_the_database_as_few(cast: make.Cast, as_: As, who: str) -> None:
    client, counts = as_(who), []
    alerting.signal()
    for _more in range(2):
        alerting.published(cast, origins=[alerts.Origin("signal", "SG-2025-0001")])
        body(client.get(API))
        with CaptureQueriesContext(connection) as asked:
            body(client.get(API))
        counts.append(len(asked))
    assert counts[0] == counts[1]


# --- Writing -------------------------------------------------------------------------------------

DRAFT = {"hazard": "reception", "fields": {"areas": [{"crossing": "TL-BCP-NOR"}]}}


@pytest.fixture
def hazard(country: make.Country) -> None:
    alerting.hazard()
    alerting.contact("Desk", mail="desk@example.org", phone="+15005550001")


@pytest.mark.req("R11.6")
def test_who_drafts_and_with_which_token(hazard: None, cast: make.Cast) -> None:
    assert {who: post(DRAFT, key(cast, who))[0] for who in make.CAST} == {
        who: 201 if who in ("duty", "analyst") else 404 for who in make.CAST
    }
    assert refusal(post(DRAFT, key(cast, "duty", write=False))) == (403, [("ACCESS-023", "")])
    assert post(DRAFT, {})[0] == 401
    session = Client(enforce_csrf_checks=True)
    session.force_login(cast.account("duty"))
    said = json.dumps(DRAFT)
    assert [session.post(path, said, content_type="application/json").status_code for path in
            (API, f"{API}/AL-2025-0001")] == [403, 403]  # fmt: skip
    assert Alert.objects.count() == 2


@pytest.mark.req("R11.6")
def test_a_draft_is_filled_from_its_origins_and_fields(hazard: None, cast: make.Cast) -> None:
    alerting.signal()
    status, told = post({
        "hazard": "reception", "origins": [{"kind": "signal", "code": "SG-2025-0001"}], "mode": "exercise",
        "fields": {"onset_at": "2025-10-01T11:00:00-05:00", "expires_at": "2025-10-02T11:00:00-05:00",
                   "ends_date": "2025-10-09", "severity": "minor", "texts": {"en": {"instruction": "Call the cell."}}},
    }, key(cast, "analyst"))  # fmt: skip
    row = AlertMessage.objects.get()
    assert (status, told) == (201, {
        "code": "AL-2025-0001", "hazard": "reception", "mode": "exercise", "state": "draft", "plan": "reception",
        "ends_date": "2025-10-09", "created_at": "2025-10-01T15:00:00Z", "origins": ["SG-2025-0001"],
        "deliveries": NOTHING, "messages": [{
            **message(row), "onset_at": "2025-10-01T16:00:00Z", "expires_at": "2025-10-02T16:00:00Z",
        }],
    })  # fmt: skip
    assert (row.severity, row.texts["en"]["instruction"], row.texts["en"]["headline"], row.author_id) == (
        "minor", "Call the cell.", "People need help at Northgate", cast.account("analyst").pk,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("said", "status", "problems"),
    [
        ({"hazard": "flood"}, 422, [("ALERT-002", "column hazard")]),
        ({"origins": [{"kind": "signal", "code": "SG-9"}]}, 422, [("ALERT-003", "column origins")]),
        ({"fields": {"audience": "public", "hazard": "x"}}, 422, [
            ("ALERT-009", "column audience"), ("ALERT-009", "column hazard"),
        ]),
        ({"fields": {"severity": "dire", "urgency": [1]}}, 422, [
            ("ALERT-009", "column severity"), ("ALERT-009", "column urgency"),
        ]),
        ({"fields": {"expires_at": "tomorrow"}}, 422, [("ALERT-009", "column expires_at")]),
        ({"fields": {"expires_at": "2025-10-02T11:00:00"}}, 422, [("ALERT-009", "column expires_at")]),  # which zone?
        ({"fields": {"expires_at": "9999-12-31T23:59:59-05:00"}}, 422, [("ALERT-009", "column expires_at")]),
        ({"fields": {"onset_at": "0001-01-01T00:00:00+05:00"}}, 422, [("ALERT-009", "column onset_at")]),
        ({"fields": {"expires_at": "2025-10-01T09:00:00-05:00"}}, 422, [("ALERT-010", "column expires_at")]),
        ({"fields": {"ends_date": "2025-10-01"}}, 422, [("ALERT-015", "column ends_date")]),
        ({"fields": {"areas": [{"crossing": "TL-UBP-01"}]}}, 422, [("ALERT-018", "column areas.0")]),
        ({"fields": {"areas": [{"crossings": 5}]}}, 422, [("ALERT-009", "column areas.0")]),
        ({"fields": {"areas": [{"polygon": 5}]}}, 422, [("ALERT-009", "column areas.0")]),
        ({"fields": {"areas": "north"}}, 422, [("ALERT-009", "column areas")]),
        ({"fields": {"category": [{}]}}, 422, [("ALERT-009", "column category")]),
        ({"fields": {"texts": "help"}}, 422, [("ALERT-009", "column texts")]),
        ({"fields": {"texts": {"en": "help"}}}, 422, [("ALERT-009", "column texts.en")]),
        ({"fields": {"texts": {"xx": {"headline": "Help"}}}}, 422, [("ALERT-035", "column texts.xx")]),
        ({"fields": {"recipients": 5}}, 422, [("ALERT-009", "column recipients")]),
        ({"fields": {"recipients": {"institutions": "IMM"}}}, 422, [("ALERT-009", "column recipients.institutions")]),
        ({"fields": {"recipients": {"institutions": ["X"]}}}, 422, [("ALERT-016", "column recipients.institutions")]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_draft_is_told_with_its_field(
    hazard: None, cast: make.Cast, said: dict[str, Any], status: int, problems: list[tuple[str, str]]
) -> None:
    assert refusal(post({**DRAFT, **said}, key(cast, "duty"))) == (status, problems)
    assert not Alert.objects.exists()


def test_a_draft_of_another_shape_is_refused(hazard: None, cast: make.Cast) -> None:
    duty = key(cast, "duty")
    wrong = [{}, {**DRAFT, "mode": "real"}, {**DRAFT, "audience": "all"}, {**DRAFT, "origins": [{"kind": "rumour"}]},
             {**DRAFT, "fields": []}]  # fmt: skip
    assert [post(said, duty)[0] for said in wrong] == [422] * 5
    assert not Alert.objects.exists()


# --- The way of an alert -------------------------------------------------------------------------


@pytest.mark.req("R11.2")
def test_from_the_draft_to_the_all_clear(hazard: None, cast: make.Cast) -> None:
    duty, approver, code = key(cast, "duty"), key(cast, "approver"), "AL-2025-0001"

    def step(name: str, who: dict[str, str], note: str = "") -> tuple[int, str, list[str]]:
        status, told = post({"step": name, "note": note}, who, code)
        return status, told["state"], [one["state"] for one in told["messages"]]

    post(DRAFT, duty)
    assert step("submit", duty) == (200, "submitted", ["submitted"])
    assert refusal(post({"step": "refuse"}, approver, code)) == (422, [("ALERT-008", "column note")])
    assert step("refuse", approver, "Say where") == (200, "draft", ["draft"])
    alerts.change(identifier=f"{code}-1", given={"texts": {"en": {"instruction": "Call."}}}, actor=cast.actor("duty"),
                  now=NOW)  # fmt: skip
    assert step("submit", duty) == (200, "submitted", ["submitted"])
    assert step("approve", approver, "Clear") == (200, "published", ["published"])
    assert step("update", duty) == (200, "published", ["published", "draft"])
    assert refusal(post({"step": "update"}, duty, code)) == (409, [("ALERT-014", "")])
    assert refusal(post({"step": "discard"}, duty, code)) == (422, [("ALERT-008", "column note")])
    assert step("discard", duty, "Nothing new") == (200, "published", ["published", "discarded"])
    assert refusal(post({"step": "all_clear"}, duty, code)) == (422, [("ALERT-008", "column note")])
    assert step("all_clear", duty, "They are home") == (200, "published", ["published", "discarded", "submitted"])
    assert step("approve", approver) == (200, "ended", ["published", "discarded", "published"])
    assert post({"step": "cancel", "note": "Over"}, duty, code)[0] == 404
    assert list(Approval.objects.order_by("pk").values_list("decision", "note")) == [
        ("no", "Say where"), ("yes", "Clear"), ("yes", ""),
    ]  # fmt: skip


@pytest.mark.req("R11.6")
def test_who_takes_which_step(hazard: None, cast: make.Cast) -> None:
    keys = {who: key(cast, who) for who in make.CAST}
    row = alerting.drafted(cast)

    def allowed(step: str) -> dict[str, int]:
        said = {"step": step, "note": ""}
        return {who: post(said, keys[who], row.alert.code)[0] for who in make.CAST if who not in ("duty", "analyst")}

    assert [set(allowed(step).values()) for step in ("submit", "approve", "refuse", "discard", "update", "cancel")] == [
        {404}
    ] * 6
    assert post({"step": "submit"}, keys["analyst"], row.alert.code)[0] == 200
    reads = key(cast, "approver", write=False)
    assert refusal(post({"step": "approve"}, reads, row.alert.code)) == (403, [("ACCESS-023", "")])
    assert post({"step": "publish"}, keys["approver"], row.alert.code)[0] == 422
    assert post({"step": "approve"}, keys["approver"], "AL-2025-0009")[0] == 404
    assert {who for who in make.CAST if post({"step": "approve"}, keys[who], row.alert.code)[0] == 200} == {"approver"}


@pytest.mark.req("R11.2")
def test_whoever_wrote_it_does_not_approve_it(hazard: None, cast: make.Cast, country: make.Country) -> None:
    make.member(cast.account("duty"), country.institutions["CELL"], "approver")
    row = alerting.submitted(cast)
    assert refusal(post({"step": "approve"}, key(cast, "duty"), row.alert.code)) == (403, [("ALERT-005", "")])
    assert post({"step": "approve"}, key(cast, "analyst"), row.alert.code)[0] == 404
    assert (Approval.objects.count(), AlertMessage.objects.get().state) == (0, "submitted")


@pytest.mark.req("R11.2")
def test_two_approvals_publish_once(hazard: None, cast: make.Cast, country: make.Country) -> None:
    cast.accounts["second"] = alerting.another_approver(country)
    row = alerting.submitted(cast, severity="extreme")
    first, second, code = key(cast, "approver"), key(cast, "second"), row.alert.code
    status, told = post({"step": "approve"}, first, code)
    assert (status, told["state"], Message.objects.filter(kind="alert").count()) == (200, "submitted", 0)
    assert refusal(post({"step": "approve"}, first, code)) == (409, [("ALERT-007", "")])
    status, told = post({"step": "approve"}, second, code)
    assert (status, told["state"], told["deliveries"]) == (200, "published", {**NOTHING, "total": 2})
    assert [post({"step": "approve"}, who, code)[0] for who in (first, second)] == [404, 404]
    assert (Message.objects.filter(kind="alert").count(), AlertMessage.objects.count()) == (1, 1)
    assert list(AlertMessage.objects.values_list("alert__events__action", flat=True).order_by("alert__events__pk")) == [
        "drafted", "submitted", "approved", "approved", "published",
    ]  # fmt: skip
