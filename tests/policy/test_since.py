"""What changed under a policy since a version or a day: one page, one answer for programs."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import make
import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from policy import documents, plans
from policy.test_versions import let_pass, publish

from pasaj.evidence import services as evidence
from pasaj.policy.models import Policy, Version
from pasaj.policy.queries import changes
from pasaj.policy.services import clauses, document, money, statements

NOW = make.NOW
LATER = NOW + timedelta(days=40)
DAY = "2025-10-20"  # between the two


@pytest.fixture(autouse=True)
def home_folder(settings: LazySettings, tmp_path: Path) -> Path:
    settings.PASAJ_HOME = tmp_path
    return tmp_path


@pytest.fixture
def policy(country: make.Country) -> Policy:
    row = documents.small(country)
    plans.ground("A1-F01")
    for language in ("ht", "en", "es"):
        clauses.save(code="P1-C1.1", language=language, text="Children.", seen=0, actor=plans.drafter(), now=NOW)
    let_pass(row)
    return row


@pytest.fixture
def first(policy: Policy) -> Version:
    return publish()


@pytest.fixture
def drafter(country: make.Country) -> Client:
    client = Client()
    client.force_login(plans.member(country))  # type: ignore[arg-type]
    return client


def everything() -> None:
    """A figure moves, an objective is reworded, an action is new, another withdrawn, a clause says something else."""
    who: dict[str, Any] = {"actor": plans.drafter(), "now": LATER}
    draft = evidence.Draft("FG-2025-0001", "figure", {"query": "test", "parameters": {}}, {"count": 20},
                           make.names("Children"))  # fmt: skip
    evidence.put(drafts=[draft], **who)
    changed = replace(plans.OBJECTIVE, text=make.names("Every child alone is referred within an hour"))
    statements.edit(code="P1-O1.1", wanted=changed, seen=1, **who)
    statements.write_all(policy="P1", wanted=[("", replace(plans.TRAIN, text=make.names("Train judges")))], **who)
    statements.withdraw(code="P1-A1.1.2", reason="Too dear", seen=1, **who)
    clauses.save(code="P1-C1.2", language="fr", text="Le poste ouvre à 6 h.", seen=1, note="Earlier", **who)
    document.withdraw(code="P1-C3.1", reason="Not needed", seen=1, **who)


def sent(answer: Any) -> Any:
    return json.loads(b"".join(answer.streaming_content))


def told(rows: Any) -> dict[str, str]:
    return {one.code: one.what for one in rows}


@pytest.mark.req("R12.95")
@pytest.mark.parametrize("start", ["version", "day"])
def test_a_version_and_a_day_are_told_alike(first: Version, start: str) -> None:
    begin: Any = first if start == "version" else NOW + timedelta(days=1)
    assert changes.since(plans.drafter(), first.policy, begin, None, "fr") == changes.Since([], [], [], [], [])
    everything()
    found = changes.since(plans.drafter(), first.policy, begin, None, "fr")
    assert told(found.evidence) == {"FG-2025-0001": "changed"}
    assert [
        ("".join(one.text for one in said if one.kind == "insert")) for _name, said in found.evidence[0].fields
    ] == ["20"]
    assert found.evidence[0].under[:3] == ["P1-PB1.1", "P1-O1.1", "P1-M1.1"]
    assert told(found.statements) == {"P1-O1.1": "changed", "P1-A1.1.3": "added", "P1-A1.1.2": "withdrawn"}
    assert {one.code: (one.deeds[0].action, one.deeds[0].note) for one in found.statements} == {
        "P1-O1.1": ("edited", ""), "P1-A1.1.3": ("written", ""), "P1-A1.1.2": ("withdrawn", "Too dear"),
    }  # fmt: skip
    assert told(found.clauses) == {"P1-C1.2": "changed", "P1-C3.1": "withdrawn"}
    beside = "/policy/clauses/P1-C1.2/compare/?lang=fr&old=1&new=2"
    assert [one.beside for one in found.clauses if one.beside] == [[("fr", beside)]]
    assert {(one.child, one.parent) for one in found.looks} == {
        ("A1-F01", "FG-2025-0001"), ("P1-M1.1", "P1-O1.1"), ("P1-M2.1", "P1-O1.1"), ("P1-I1", "P1-O1.1"),
    }  # fmt: skip
    look = next(one for one in found.looks if one.child == "A1-F01")
    assert (look.under[0], "P1-A1.1.1-L1" in look.under) == ("P1-PB1.1", True)
    assert found.instruments == []


@pytest.mark.req("R12.95")
def test_from_one_version_to_the_next(first: Version) -> None:
    everything()
    let_pass(first.policy)
    second = publish(note="Second")
    clauses.save(code="P1-C1.2", language="fr", text="Le poste ferme.", seen=2, actor=plans.drafter(), now=LATER)
    found = changes.since(plans.drafter(), first.policy, first, second, "fr")
    assert told(found.clauses) == {"P1-C1.2": "changed", "P1-C3.1": "withdrawn"}
    assert "6" in "".join(one.text for one in found.clauses[0].fields[0][1])
    # The links of the policy itself were looked at before the second was published.
    assert [(one.child, one.parent) for one in found.looks] == [("A1-F01", "FG-2025-0001")]
    after = changes.since(plans.drafter(), first.policy, second, None, "fr")
    assert (told(after.clauses), told(after.statements)) == ({"P1-C1.2": "changed"}, {})


@pytest.mark.req("R12.95")
def test_who_is_not_of_the_cell_learns_of_no_finding_and_no_line_of_money(first: Version) -> None:
    everything()
    line = replace(plans.COST, action="P1-A1.1.3", label="Judges' trainers")
    money.put_costs(policy="P1", wanted=[line], actor=plans.drafter(), now=LATER)
    let_pass(first.policy)
    second = publish(note="Second")
    found = changes.between(first.content, second.content, "en")
    assert told(found.statements) == {"P1-O1.1": "changed", "P1-A1.1.3": "added", "P1-A1.1.2": "withdrawn"}
    assert {one.title for one in found.statements} >= {"Train judges"}
    assert told(found.clauses) == {"P1-C1.2": "changed", "P1-C3.1": "withdrawn"} or told(found.clauses) == {
        "P1-C3.1": "withdrawn"
    }
    assert not [*found.evidence, *found.looks]
    whole = changes.since(plans.drafter(), first.policy, first, second, "en")
    assert "P1-A1.1.3-L1" in told(whole.statements)


@pytest.mark.req("R12.95")
def test_one_page_for_versions_and_days(first: Version, drafter: Client, as_: Callable[[str], Client]) -> None:
    everything()
    for asked in ("since=1", "since=V1", "since=P1-V1", f"since={DAY}", f"since=1&since={DAY}&shown=1",
                  f"since=1&since={DAY}&shown={DAY}"):  # fmt: skip
        text = drafter.get(f"/policy/P1/since/?{asked}").content.decode()
        for each in ("FG-2025-0001", "Edited", "Too dear", "/policy/clauses/P1-C1.2/compare/"):
            assert each in text, (asked, each)
        assert ("What changed since P1-V1" in text) == (DAY not in asked or asked.endswith(f"shown={DAY}"))
    assert "What changed since P1-V1" in drafter.get("/policy/P1/since/?since=nonsense").content.decode()
    assert drafter.get("/policy/P1/since/?lang=xx").status_code == 404
    outside = as_("partner").get("/policy/P1/since/?since=2025-01-01").content.decode()
    assert "This is the first version." in outside
    assert "FG-2025-0001" not in outside
    let_pass(first.policy)
    publish(note="Second")
    outside = as_("partner").get("/policy/P1/since/").content.decode()
    assert ("P1-A1.1.3" in outside, "FG-2025-0001" in outside, "A1-F01" in outside) == (True, False, False)
    backwards = drafter.get("/policy/P1/since/?since=2&until=1").content.decode()
    assert ("What changed since P1-V1" in backwards, "Too dear" in backwards) == (True, True)


@pytest.mark.req("R12.95")
def test_programs_get_the_answer_of_the_page(first: Version, drafter: Client, as_: Callable[[str], Client]) -> None:
    everything()
    answer = drafter.get("/api/v1/policies/P1/changes?since=1&language=fr")
    assert answer.status_code == 200
    said = sent(answer)
    assert [one["code"] for one in said["evidence"]] == ["FG-2025-0001"]
    assert said["evidence"][0]["fields"] == [{"field": "count", "before": "12", "now": "20"}]
    assert {one["code"]: one["what"] for one in said["clauses"]} == {"P1-C1.2": "changed", "P1-C3.1": "withdrawn"}
    assert sent(drafter.get(f"/api/v1/policies/P1/changes?since={DAY}"))["evidence"] == said["evidence"]
    for asked in ("since=9", "since=nonsense", "since=1&until=9", "since=1&language=xx"):
        assert drafter.get(f"/api/v1/policies/P1/changes?{asked}").status_code == 404
    assert as_("partner").get("/api/v1/policies/P1/changes?since=1").status_code == 404
    assert as_("stranger").get("/api/v1/policies/P1/changes?since=1").status_code in (403, 404)


@pytest.mark.req("R12.95")
def test_the_page_asks_as_often_for_many_changes(first: Version, drafter: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            assert drafter.get("/policy/P1/since/?since=1").status_code == 200
        return len(found)

    everything()
    asked()
    before = asked()
    actions = [("", replace(plans.TRAIN, text=make.names(f"Train {at}"))) for at in range(30)]
    statements.write_all(policy="P1", wanted=actions, actor=plans.drafter(), now=LATER)
    assert asked() == before
