"""The document for programs: read, written with the revision seen, suggested for."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import make
import pytest
from django.test import Client
from policy import documents, plans

from pasaj.access.models import Account
from pasaj.policy.models import ClauseDraft, ClauseText, Suggestion

HOURS = "Le poste ouvre à 8 h et ferme à 18 h, sauf le dimanche."


def body(answer: Any) -> Any:
    return json.loads(b"".join(answer.streaming_content) if answer.streaming else answer.content)


def drafter(country: make.Country) -> Client:
    client, account = Client(), plans.member(country)
    assert isinstance(account, Account)
    client.force_login(account)
    return client


def put(client: Client, address: str, said: dict[str, Any]) -> Any:
    return client.put(f"/api/v1/{address}", json.dumps(said), content_type="application/json")


def post(client: Client, address: str, said: dict[str, Any]) -> Any:
    return client.post(f"/api/v1/{address}", json.dumps(said), content_type="application/json")


@pytest.mark.req("R12.29")
def test_clauses_are_read_in_their_order(country: make.Country, as_: Callable[[str], Client]) -> None:
    documents.small(country)
    found = body(as_("duty").get("/api/v1/policies/P1/document?language=en"))
    assert [(one["code"], one["number"], one["language"], one["missing"]) for one in found] == [
        ("P1-C1", "1", "fr", True), ("P1-C1.1", "1.1", "fr", True), ("P1-C1.2", "1.2", "fr", True),
        ("P1-C2", "2", "fr", True), ("P1-C3", "A", "fr", True), ("P1-C3.1", "A.1", "en", False),
    ]  # fmt: skip
    (text,) = body(as_("duty").get("/api/v1/clauses/P1-C1.1"))
    assert (text["language"], text["text"], text["revision"], text["stale"]) == ("fr", documents.SOURCE, 1, False)
    for who in ("partner", "chief", "stranger"):
        client = as_(who)
        addresses = ("policies/P1/document", "clauses/P1-C1.1", "clauses/P1-C1.1/suggestions")
        assert [client.get(f"/api/v1/{one}").status_code for one in addresses] == [404, 404, 404]


@pytest.mark.req("R12.24")
def test_a_text_is_written_with_the_revision_seen(country: make.Country, as_: Callable[[str], Client]) -> None:
    documents.small(country)
    client, said = drafter(country), {"text": "Autre.", "seen": 1}
    assert put(as_("analyst"), "clauses/P1-C1.1/texts/fr", said).status_code == 404
    assert body(put(client, "clauses/P1-C1.1/texts/fr", said)) == {
        "clause": "P1-C1.1", "language": "fr", "revision": 2, "text": "Autre.",
    }  # fmt: skip
    late = put(client, "clauses/P1-C1.1/texts/fr", {"text": "Encore.", "seen": 1})
    assert (late.status_code, body(late)["problems"][0]["code"]) == (409, "DOC-002")
    assert ClauseDraft.objects.get().text == "Encore."
    bad = put(client, "clauses/P1-C1.1/texts/fr", {"text": "**mot", "seen": 2})
    assert (bad.status_code, body(bad)["problems"][0]["code"]) == (422, "WRD-004")
    assert put(client, "clauses/P1-C9/texts/fr", said).status_code == 404
    assert put(client, "clauses/P1-C1.1/texts/fr", {"text": 3}).status_code == 422


@pytest.mark.req("R12.28")
def test_suggestions_are_written_and_answered(country: make.Country, as_: Callable[[str], Client]) -> None:
    documents.small(country)
    said = {"language": "fr", "text": HOURS.replace("18 h", "17 h"), "base": 1, "reason": "Plus sûr"}
    made = post(as_("analyst"), "clauses/P1-C1.2/suggestions", said)
    assert (made.status_code, body(made)["code"], body(made)["state"]) == (201, "P1-C1.2-S1", "open")
    assert post(as_("duty"), "clauses/P1-C1.2/suggestions", said).status_code == 404
    assert post(as_("analyst"), "suggestions/P1-C1.2-S1", {"step": "take"}).status_code == 404
    client = drafter(country)
    assert post(client, "suggestions/P1-C1.2-S1", {"step": "refuse"}).status_code == 422
    assert post(client, "suggestions/P1-C1.2-S1", {"step": "song"}).status_code == 422
    done = body(post(client, "suggestions/P1-C1.2-S1", {"step": "take", "answer": "Oui"}))
    assert (done["state"], done["taken_as"], done["answer"]) == ("taken", 2, "Oui")
    assert post(client, "suggestions/P1-C1.2-S1", {"step": "take"}).status_code == 409
    assert ClauseText.objects.get(clause__code="P1-C1.2").text == HOURS.replace("18 h", "17 h")
    assert [one["code"] for one in body(as_("duty").get("/api/v1/clauses/P1-C1.2/suggestions"))] == ["P1-C1.2-S1"]
    assert Suggestion.objects.count() == 1
