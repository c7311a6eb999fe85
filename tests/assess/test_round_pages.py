"""Pages of a round as the lead, the cell and strangers meet them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import make
import pytest
from assess.examples import NORTH, SOUTH, a_round, assessor, convert, report, version, wanted
from django.test import Client

from pasaj.assess.models import Round
from pasaj.assess.services import rounds
from pasaj.share.models import Release

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("with_lead")]
As = Callable[[str], Client]
LIST = "/assessment/rounds/"


@pytest.fixture
def answered(cast: make.Cast) -> Round:
    """Two assessors, one disagreement, a critical zero."""
    row = a_round(simulated=True)
    (_a, marie), (_b, paul) = assessor(row, "Marie"), assessor(row, "Paul")
    report(row, marie, NORTH, {"EQP-1": 3, "EQP-2": "not_observed", "PRO-1": 4})
    report(row, paul, NORTH, {"EQP-1": 1, "EQP-2": 2})
    report(row, marie, SOUTH, {"EQP-1": 0, "EQP-2": "not_applicable"})
    report(row, marie, "TL", {"LEG-1": 4}, sort="country")
    return row


@pytest.mark.req("R7.1")
def test_rounds_are_for_the_cell(answered: Round, as_: As) -> None:
    pages = [LIST, f"{LIST}A1/", f"{LIST}A1/results/", f"{LIST}A1/differences/", f"{LIST}A1/units/{NORTH}/",
             f"{LIST}A1/cells/{NORTH}/EQP-1/", f"{LIST}A1/answers.csv", f"{LIST}A1/scores.xlsx"]  # fmt: skip

    def asked(who: str) -> set[int]:
        found = set()
        for page in pages:
            answer = as_(who).get(page)
            found.add(answer.status_code)
            if answer.streaming:
                b"".join(answer.streaming_content)
        return found

    cell = {"duty", "approver", "analyst", "lead", "dpo", "admin"}
    assert {who: asked(who) for who in (*make.CAST, "lead")} == {
        who: {200 if who in cell else 404} for who in (*make.CAST, "lead")
    }


@pytest.mark.req("R7.1")
def test_only_the_lead_runs_and_settles(answered: Round, as_: As) -> None:
    acts = [f"{LIST}A1/{what}" for what in ("open", "close", "assessors")]
    for who in ("duty", "analyst", "admin", "partner", "stranger"):
        assert [as_(who).post(act).status_code for act in acts] == [404] * 3, who
        assert [as_(who).get(f"{LIST}{what}").status_code for what in ("new", "A1/edit")] == [404, 404], who
        assert b"Settle it" not in as_(who).get(f"{LIST}A1/cells/{NORTH}/EQP-1/").content
    as_("analyst").post(f"{LIST}A1/cells/{NORTH}/EQP-1/", {"value": "2", "reason": "x", "seen": ""})
    assert not answered.settlements.exists()


@pytest.mark.req("R10.7")
def test_from_the_page_to_an_open_round(cast: make.Cast, as_: As, monkeypatch: pytest.MonkeyPatch) -> None:
    from pasaj.collect import jobs

    monkeypatch.setattr(jobs, "wake", convert)
    client, framework = as_("lead"), version()
    asked = {
        "title": "Second", "framework": framework.pk, "starts": "2025-10-01", "ends": "2025-10-20",
        "institutions": ["IMM"], "crossings": [NORTH],
    }  # fmt: skip
    assert client.post(f"{LIST}new", {**asked, "ends": "2025-09-01"}).status_code == 422
    assert client.post(f"{LIST}new", {**asked, "framework": ""}).status_code == 422
    made = client.post(f"{LIST}new", asked)
    assert (made.status_code, made["Location"]) == (302, f"{LIST}A1/")
    assert b"Open the round" in client.get(made["Location"]).content
    assert client.post(f"{LIST}A1/edit", {**asked, "country": "on", "crossings": [NORTH, SOUTH]}).status_code == 302
    assert sorted(Round.objects.get().units.values_list("code", flat=True)) == ["IMM", "TL", NORTH, SOUTH]
    account = cast.account("lead").pk
    named = client.post(f"{LIST}A1/assessors", {"who": f"account:{account}", "units": [NORTH]})
    assert named.status_code == 302
    again = client.post(f"{LIST}A1/assessors", {"who": "assessor:A1-E1", "units": [NORTH, SOUTH]})
    assert again.status_code == 302
    (who,) = Round.objects.get().assessors.all()
    assert sorted(who.assignments.values_list("unit__code", flat=True)) == [NORTH, SOUTH]
    page = client.post(f"{LIST}A1/open", follow=True).content.decode()
    assert ("a1_crossing_point" in page, "Close the round" in page, "lead@example.org" in page) == (True, True, True)
    assert client.post(f"{LIST}A1/assessors", {"who": ""}).status_code == 200
    assert client.post(f"{LIST}A1/close").status_code == 302
    assert Round.objects.get().state == "closed"
    assert client.get(f"{LIST}A1/edit").status_code == 404
    assert client.post(f"{LIST}A1/open").status_code == 422


def test_the_page_says_when_forms_lag_behind_and_when_a_version_is_out(answered: Round, as_: As) -> None:
    from dataclasses import replace

    from assess.examples import SMALL

    page = as_("lead").get(f"{LIST}A1/").content.decode()
    assert ("The forms do not ask yet" in page, "is out" in page) == (False, False)
    scope = replace(wanted().scope, institutions=("IMM", "AID"))
    from pasaj.access.rules import SYSTEM

    rounds.change(code="A1", wanted=wanted(scope=scope), actor=SYSTEM, now=make.NOW)
    version(replace(SMALL, version="2"))
    page = as_("lead").get(f"{LIST}A1/").content.decode()
    assert ("The forms do not ask yet" in page, "Small 2 is out" in page) == (True, True)


@pytest.mark.req("R9.8")
def test_a_simulated_round_says_so_on_every_page(answered: Round, as_: As) -> None:
    for page in ("", "A1/", "A1/results/", "A1/differences/", f"A1/units/{NORTH}/", f"A1/cells/{NORTH}/EQP-1/"):
        assert b"origin-simulated" in as_("duty").get(LIST + page).content, page


@pytest.mark.req("R10.4")
def test_results_show_ranges_and_what_is_open(answered: Round, as_: As) -> None:
    page = as_("duty").get(f"{LIST}A1/results/").content.decode()
    assert "1 disagreement to settle" in page
    assert "1.5 to 2.5" in page  # EQP at the north
    assert "A 0 is a finding whatever the mean" in page
    differences = as_("duty").get(f"{LIST}A1/differences/").content.decode()
    assert "1 cell was answered differently" in differences
    unit = as_("duty").get(f"{LIST}A1/units/{NORTH}/").content.decode()
    assert "A1-E1: 3" in unit
    assert "could not be observed" in unit


@pytest.mark.req("R10.4")
def test_settling_on_the_page(answered: Round, as_: As) -> None:
    client, url = as_("lead"), f"{LIST}A1/cells/{NORTH}/EQP-1/"
    seen = client.get(url).context["form"].initial["seen"]
    assert client.post(url, {"value": "2", "reason": "", "seen": seen}).status_code == 422
    stale = client.post(url, {"value": "2", "reason": "So", "seen": "before"})
    assert (stale.status_code, b"ROUND-015" in stale.content) == (422, True)
    nothing = client.post(url, {"reason": "So", "seen": seen})
    assert (nothing.status_code, b"ROUND-022" in nothing.content) == (422, True)
    assert b"Not settled" not in client.get(url).content
    assert client.post(url, {"value": "2", "reason": "Looked again together", "seen": seen}).status_code == 302
    page = client.get(url).content.decode()
    assert "Not settled" in page
    assert "Looked again together" in page
    assert "A1-E2" in page
    assert "settled" in client.get(f"{LIST}A1/differences/").content.decode()


def test_what_is_not_there(answered: Round, as_: As) -> None:
    pages = ("A9/", "A1/units/XX/", f"A1/cells/{NORTH}/XX/", "A1/cells/XX/EQP-1/", "A1/compare/A9/", "A1/compare/A1/")
    assert [as_("lead").get(LIST + page).status_code for page in pages] == [404] * len(pages)


@pytest.mark.req("R10.6")
def test_two_rounds_beside_each_other(answered: Round, as_: As, country: make.Country) -> None:
    later = answered.period_start + timedelta(days=30)
    from pasaj.access.rules import SYSTEM

    second = rounds.create(
        framework=answered.framework,
        wanted=wanted(starts=later, ends=later, simulated=True),
        actor=SYSTEM,
        now=make.NOW,
    )
    rounds.publish(code=second.code, wake=convert, actor=SYSTEM, now=make.NOW)
    _who, marie = assessor(second)
    report(second, marie, SOUTH, {"EQP-1": 4})
    report(second, marie, "TL", {"LEG-1": 4}, sort="country")
    url = f"{LIST}A2/compare/A1/"

    def told(query: str) -> tuple[dict[str, list[str]], int]:
        context = as_("analyst").get(url + query).context
        return {part.sort: [one.code for _name, one in part.rows] for part in context["compared"]}, context["hidden"]

    first, hidden = told("")
    assert (first, hidden) == (
        {"pillar": ["", "LEG", "EQP", "PRO"], "unit": [SOUTH], "indicator": []},
        8,
    )
    every = {"pillar": ["", "LEG", "EQP", "PRO"], "unit": ["TL", "IMM", NORTH, SOUTH],
             "indicator": ["LEG-1", "LEG-2", "EQP-1", "EQP-2", "PRO-1"]}  # fmt: skip
    assert told("?all=1") == (every, 0)
    page = as_("analyst").get(url).content.decode()
    assert (">rose<" in page, "Nothing moved by more than the noise." in page) == (True, True)
    assert f"{LIST}A2/compare/A1/" in as_("analyst").get(f"{LIST}A2/results/").content.decode()


@pytest.mark.req("R3.5")
def test_answers_and_scores_as_files(answered: Round, as_: As) -> None:
    def table(what: str) -> list[dict[str, str]]:
        answer = as_("analyst").get(f"{LIST}A1/{what}.csv")
        assert answer["X-Pasaj-Audience"] == "TLP:AMBER"
        return list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))

    answers = table("answers")
    assert len(answers) == 8
    first = next(one for one in answers if one["indicator"] == "EQP-2" and one["assessor"] == "A1-E1")
    assert (first["unit"], first["value"], first["missing"], first["confidence"], first["counts"]) == (
        NORTH, "", "not_observed", "high", "yes",
    )  # fmt: skip
    scores = table("scores")
    assert [one["level"] for one in scores][:4] == ["country", "pillar", "pillar", "pillar"]
    (north,) = [one for one in scores if (one["level"], one["unit"], one["pillar"]) == ("unit_pillar", NORTH, "EQP")]
    assert (north["low"], north["high"], north["observed"]) == ("1.5", "2.5", "1.0")
    assert Release.objects.count() == 2


@pytest.mark.req("R9.7")
def test_pages_ask_the_same_number_of_questions(
    country: make.Country, cast: make.Cast, as_: As, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    row = a_round()
    _who, marie = assessor(row)
    client = as_("lead")
    report(row, marie, NORTH, {"EQP-1": 1})
    for page in ("", "A1/", "A1/results/", "A1/differences/", f"A1/units/{NORTH}/"):
        client.get(LIST + page)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count(page: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as made:
            client.get(LIST + page)
        return len(made)

    pages = ("", "A1/", "A1/results/", "A1/differences/", f"A1/units/{NORTH}/", f"A1/cells/{NORTH}/EQP-1/")
    before = [count(page) for page in pages]
    for number in range(3):
        _other, key = assessor(row, f"Paul {number}")
        report(row, key, NORTH, {"EQP-1": number})
        report(row, key, SOUTH, {"EQP-1": number})
    a_round()
    assert [count(page) for page in pages] == before
