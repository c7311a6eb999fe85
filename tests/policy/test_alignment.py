"""Goals of the pack, and the crosswalk of a policy on its page and in its files."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import make
import openpyxl
import pytest
from core.packs import FULL, checked
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from policy import plans

from pasaj.access.models import Account, AuditEntry
from pasaj.policy.models import Action, Goal
from pasaj.policy.queries import alignment as queries
from pasaj.policy.services import packs
from pasaj.share.models import Release

pytestmark = pytest.mark.django_db


@pytest.mark.req("R12.58")
def test_goals_come_from_the_pack_and_stay_when_they_leave_it(country: make.Country) -> None:
    pack = checked({}, FULL).pack
    assert pack is not None
    told = {"pack": pack, "actor": plans.drafter(), "now": plans.NOW}
    assert packs.load(**told).created == 4  # two goals and two prices
    assert packs.load(**told).changed == 0
    old = Goal.objects.get(code="OLD-A")
    assert (old.framework, old.names, old.relevance) == ("Politique 2015", {"fr": "Retours"}, "country")
    assert (old.source, old.verify) == ("Site (verify)", "verify")
    assert packs.load(**{**told, "pack": replace(pack, goals=pack.goals[:1])}).kept == 1
    assert Goal.objects.get(code="OLD-A").retired_at == plans.NOW
    assert AuditEntry.objects.filter(action="pack.load-policy").count() == 2


@pytest.fixture
def policy(country: make.Country) -> SimpleNamespace:
    row = plans.whole(country)
    Goal.objects.create(
        code="SDG-1", framework="Agenda", names=make.names("Poverty"), relevance="related", source="UN", verify="title"
    )
    return SimpleNamespace(row=row)


@pytest.mark.req("R12.58")
def test_the_crosswalk_shows_gaps_and_how_far(policy: SimpleNamespace) -> None:
    with CaptureQueriesContext(connection) as asked:
        found = queries.crosswalk(policy.row)
    assert len(asked) < 30
    assert [part.name for part in found.parts] == ["GCM", "Agenda"]
    assert [(one.row.code, one.served.gap, one.tone) for one in found.parts[0].lines] == [
        ("GCM-11", True, "quiet"), ("GCM-12", False, "plain"),
    ]  # fmt: skip
    assert found.parts[0].served == 1
    assert [one.row.code for one in found.gaps] == ["GCM-11"]
    assert found.idle == []
    Action.objects.filter(code="P1-A1.1.1").update(state="done", done_date=plans.NOW.date())
    again = queries.crosswalk(policy.row)
    assert [(one.served.done, one.served.actions) for one in again.parts[0].lines] == [(0, 0), (1, 2)]
    assert [part.name for part in queries.crosswalk(policy.row, gaps=True).parts] == ["GCM"]
    assert [part.name for part in queries.crosswalk(policy.row, framework="Agenda").parts] == ["Agenda"]
    assert queries.frameworks() == ["GCM", "Agenda"]


def test_an_objective_that_serves_nothing_is_told(policy: SimpleNamespace) -> None:
    Goal.objects.filter(code="GCM-12").update(retired_at=plans.NOW)
    assert queries.crosswalk(policy.row).idle == ["P1-O1.1"]


def test_who_sees_the_crosswalk(policy: SimpleNamespace, as_: Callable[[str], Client]) -> None:
    seen = {}
    for who in ("duty", "analyst", "approver", "partner", "chief", "stranger"):
        client = as_(who)
        addresses = ("/policy/P1/alignment/", "/policy/P1/alignment.csv")
        answers = [client.get(address) for address in addresses]
        seen[who] = [one.status_code for one in answers]
        for one in answers:
            b"".join(one.streaming_content if one.streaming else ())  # reads the file to its end, which closes it
    assert seen == {
        "duty": [200, 200], "analyst": [200, 200], "approver": [200, 200], "partner": [404, 404], "chief": [404, 404],
        "stranger": [404, 404],
    }  # fmt: skip


def test_the_page_in_four_languages(policy: SimpleNamespace, as_: Callable[[str], Client]) -> None:
    client = as_("duty")
    text = client.get("/policy/P1/alignment/").content.decode()
    assert "1 goal of the core is served by nothing." in text
    assert "Poverty" not in text
    assert "Poverty" in client.get("/policy/P1/alignment/?show=all").content.decode()
    assert "Poverty" not in client.get("/policy/P1/alignment/?show=all&framework=GCM").content.decode()
    assert client.get("/policy/P1/alignment/?framework=x&show=x").status_code == 200
    for language, word in (("fr", "lacune"), ("ht", "twou"), ("es", "brecha")):
        Account.objects.update(language=language)
        assert word in client.get("/policy/P1/alignment/").content.decode()
    Goal.objects.update(retired_at=plans.NOW)
    Account.objects.update(language="en")
    assert "The pack lists no goal." in client.get("/policy/P1/alignment/").content.decode()


@pytest.mark.req("R12.58")
def test_the_files_pass_the_gate(policy: SimpleNamespace, as_: Callable[[str], Client]) -> None:
    client = as_("analyst")
    answer = client.get("/policy/P1/alignment.csv")
    told = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert [(one["goal"], one["objectives"], one["gap"]) for one in told] == [
        ("GCM-11", "", "gap"), ("GCM-12", "P1-O1.1", ""), ("SDG-1", "", ""),
    ]  # fmt: skip
    assert (told[2]["source"], told[2]["verify"]) == ("UN", "title")
    book = client.get("/policy/P1/alignment.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(book.streaming_content))).worksheets[0]
    assert [cell.value for cell in sheet[1]][:4] == ["policy", "simulated", "framework", "goal"]
    assert Release.objects.count() == 2
    assert client.get("/policy/P1/alignment.pdf").status_code == 404
