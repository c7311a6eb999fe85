"""The document on pages, as drafters, others of the cell and strangers meet it, without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import make
import pytest
from django.test import Client
from policy import documents, plans

from pasaj.access.models import Account
from pasaj.policy.models import Clause, ClauseDraft, ClauseRevision, ClauseText, Suggestion, Term
from pasaj.policy.services import clauses, document

NOW = documents.NOW
HOURS = "Le poste ouvre à 8 h et ferme à 18 h, sauf le dimanche."
GET = (
    "/policy/P1/document/",
    "/policy/P1/terms/",
    "/policy/clauses/P1-C1.1/",
    "/policy/clauses/P1-C1.1/compare/?old=1&new=1&lang=fr",
)
WRITE = ("/policy/P1/document/new", "/policy/clauses/P1-C1.1/edit")
SUGGEST = "/policy/clauses/P1-C1.1/suggest"
POST = (
    "/policy/P1/document/start", "/policy/clauses/P1-C1.1/act", "/policy/clauses/P1-C1.1/confirm",
    "/policy/clauses/P1-C1.1/realise",
)  # fmt: skip


def drafter(country: make.Country, email: str = "drafter@example.org") -> Client:
    client = Client(headers={"accept-language": "en"})
    account = plans.member(country, email)
    assert isinstance(account, Account)
    client.force_login(account)
    return client


def words(answer: object) -> str:
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())  # type: ignore[attr-defined]
    return " ".join(text.split())


@pytest.mark.req("R12.29")
def test_who_reads_and_writes_the_document(country: make.Country, as_: Callable[[str], Client]) -> None:
    documents.small(country)
    seen = {}
    people = {who: as_(who) for who in ("duty", "approver", "analyst", "chief", "partner", "stranger")}
    for who, client in {**people, "drafter": drafter(country)}.items():
        read = {client.get(address).status_code for address in GET}
        write = {client.get(address).status_code for address in WRITE}
        post = {client.post(address, {"step": "withdraw"}).status_code for address in POST[1:3]}
        seen[who] = (read, write, client.get(SUGGEST).status_code, post)
    assert seen == {
        "duty": ({200}, {404}, 404, {404}),
        "approver": ({200}, {404}, 200, {404}),
        "analyst": ({200}, {404}, 200, {404}),
        "chief": ({404}, {404}, 404, {404}),
        "partner": ({404}, {404}, 404, {404}),
        "stranger": ({404}, {404}, 404, {404}),
        "drafter": ({200}, {200}, 200, {404, 409}),
    }
    assert ClauseText.objects.filter(revision__gt=1).count() == 0


@pytest.mark.req("R12.29")
def test_the_whole_document_is_read_on_one_page(country: make.Country, as_: Callable[[str], Client]) -> None:
    documents.small(country)
    clauses.save(code="P1-C1.1", language="en", text="Children alone are **referred**.", seen=0, actor=plans.drafter(),
                 now=NOW)  # fmt: skip
    text = as_("duty").get("/policy/P1/document/?lang=en", headers={"accept-language": "en"}).content.decode()
    assert '<section class="clause" id="P1-C1.1">' in text
    assert "<p><b>1.1 </b>Children alone are <b>referred</b>.</p>" in text
    assert '<h2 id="P1-C1">1. Protection</h2>' in text
    assert text.count("not translated") == 4 + 1
    assert '<section class="clause" id="P1-C1.2" lang="fr">' in text


@pytest.mark.req("R12.26")
def test_a_drafter_begins_from_the_template(country: make.Country) -> None:
    plans.whole(country)
    documents.template()
    client = drafter(country)
    page = client.get("/policy/P1/document/")
    assert 'action="/policy/P1/document/start"' in page.content.decode()
    assert client.post("/policy/P1/document/start").status_code == 302
    assert Clause.objects.count() == 8
    again = client.post("/policy/P1/document/start", follow=True)
    assert "DOC-007" in words(again)
    assert Clause.objects.count() == 8


@pytest.mark.req("R12.23")
def test_a_clause_is_added_moved_linked_and_withdrawn(country: make.Country) -> None:
    documents.small(country)
    client = drafter(country)
    said = {"kind": "text", "place": "P1-C2|", "text_fr": "Texte neuf."}
    assert client.post("/policy/P1/document/new", said).headers["location"] == "/policy/clauses/P1-C2.1/"
    bad = client.post("/policy/P1/document/new", {**said, "text_fr": "**neuf"})
    assert (bad.status_code, "WRD-004" in words(bad), "**neuf" in bad.content.decode()) == (422, True, True)
    client.post("/policy/clauses/P1-C2.1/act", {"step": "move", "place": "P1-C1|P1-C1.1", "seen": 1})
    assert Clause.objects.get(code="P1-C2.1").parent == Clause.objects.get(code="P1-C1")
    stale = client.post("/policy/clauses/P1-C2.1/act", {"step": "move", "place": "|", "seen": 1})
    assert (stale.status_code, "DOC-018" in words(stale)) == (409, True)
    client.post("/policy/clauses/P1-C2.1/realise", {"measures": ["P1-M1.1"], "seen": 2})
    assert [one.code for one in Clause.objects.get(code="P1-C2.1").measures.all()] == ["P1-M1.1"]
    client.post("/policy/clauses/P1-C2.1/act", {"step": "withdraw", "reason": "Doublon", "seen": 3})
    assert Clause.objects.get(code="P1-C2.1").reason == "Doublon"
    assert "Doublon" in words(client.get("/policy/P1/document/"))
    client.post("/policy/clauses/P1-C2.1/act", {"step": "reinstate", "reason": "Utile", "seen": 4})
    assert Clause.objects.get(code="P1-C2.1").withdrawn_at is None
    assert client.post("/policy/clauses/P1-C2.1/act", {"step": "song"}).status_code == 404


@pytest.mark.req("R12.24")
def test_the_editor_previews_and_keeps_a_draft(country: make.Country) -> None:
    documents.small(country)
    client = drafter(country)
    page = client.get("/policy/clauses/P1-C1.1/edit?lang=fr").content.decode()
    assert documents.SOURCE in page
    assert '<option value="{{measure:M1.1}}">' in page
    tried = client.post(
        "/policy/clauses/P1-C1.1/edit",
        {"lang": "fr", "text": "Un **mot** et {{measure:M1.1}}", "seen": 1, "step": "preview"},
    )
    assert tried.status_code == 200
    assert '<p>Un <b>mot</b> et <a href="/policy/statements/P1-M1.1/">' in tried.content.decode()
    assert ClauseDraft.objects.get().text == "Un **mot** et {{measure:M1.1}}"
    assert "Un **mot** et" in client.get("/policy/clauses/P1-C1.1/edit?lang=fr").content.decode()
    client.post(
        "/policy/clauses/P1-C1.1/edit",
        {"lang": "fr", "text": "Voir", "seen": 1, "step": "insert", "reference": "{{cost:P1}}"},
    )
    assert ClauseDraft.objects.get().text == "Voir {{cost:P1}}"
    done = client.post("/policy/clauses/P1-C1.1/edit", {"lang": "fr", "text": "Voir {{cost:P1}}", "seen": 1})
    assert done.headers["location"] == "/policy/clauses/P1-C1.1/?lang=fr"
    assert (ClauseText.objects.get(clause__code="P1-C1.1").revision, ClauseDraft.objects.count()) == (2, 0)


@pytest.mark.req("R12.24")
def test_what_is_wrong_is_told_and_the_text_stays_in_the_form(country: make.Country) -> None:
    documents.small(country)
    client = drafter(country)
    answer = client.post("/policy/clauses/P1-C1.1/edit", {"lang": "fr", "text": "Un **mot", "seen": 1})
    assert (answer.status_code, "WRD-004" in words(answer), "Un **mot" in answer.content.decode()) == (422, True, True)
    assert "This is your draft of" in words(client.get("/policy/clauses/P1-C1.1/edit?lang=fr"))
    client.post("/policy/clauses/P1-C1.1/edit", {"lang": "fr", "text": "x", "seen": 1, "step": "discard"})
    assert ClauseDraft.objects.count() == 0
    huge = client.post("/policy/clauses/P1-C1.1/edit", {"lang": "fr", "text": "mot " * 100_000, "seen": 1})
    assert (huge.status_code, "WRD-001" in words(huge)) == (422, True)


@pytest.mark.req("R12.24")
def test_a_conflict_shows_both_texts_and_a_proposal(country: make.Country) -> None:
    documents.small(country)
    client = drafter(country)
    clauses.save(code="P1-C1.2", language="fr", text=HOURS.replace("le dimanche", "les jours fériés"), seen=1,
                 actor=documents.other(), now=NOW)  # fmt: skip
    mine = {"lang": "fr", "text": HOURS.replace("à 8 h", "à 7 h"), "seen": 1, "note": "plus tôt"}
    answer = client.post("/policy/clauses/P1-C1.2/edit", mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "<del>8</del>" in page
    assert "<ins>7</ins>" in page
    assert "<ins>les jours fériés</ins>" in page
    proposal = HOURS.replace("à 8 h", "à 7 h").replace("le dimanche", "les jours fériés")
    assert f">\n{proposal}</textarea>" in page
    assert 'name="seen" value="2"' in page
    client.post("/policy/clauses/P1-C1.2/edit", {**mine, "text": proposal, "seen": 2, "merged": "True"})
    made = ClauseRevision.objects.get(clause__code="P1-C1.2", number=3)
    assert (made.text, made.origin, made.note) == (proposal, "merge", "plus tôt")


@pytest.mark.req("R12.24")
def test_others_see_who_edits(country: make.Country) -> None:
    documents.small(country)
    first, second = drafter(country), drafter(country, "second@example.org")
    first.get("/policy/clauses/P1-C1.1/edit?lang=fr")
    assert "has this open (fr)" in words(second.get("/policy/clauses/P1-C1.1/"))
    assert "has this open (fr)" not in words(first.get("/policy/clauses/P1-C1.1/"))


@pytest.mark.req("R12.25")
def test_a_translator_sees_what_changed_in_the_source(country: make.Country) -> None:
    documents.small(country)
    client = drafter(country)
    edit = "/policy/clauses/P1-C1.1/edit"
    client.post(edit, {"lang": "ht", "text": "Timoun ki poukont yo jwenn èd.", "seen": 0})
    client.post(edit, {"lang": "fr", "text": documents.SOURCE.replace("le jour même", "en un jour"), "seen": 1})
    page = client.get(f"{edit}?lang=ht").content.decode()
    assert "<del>le</del>" in page
    assert "translation is old" in words(client.get("/policy/P1/document/?lang=ht"))
    assert client.post("/policy/clauses/P1-C1.1/confirm", {"lang": "ht", "seen": 1}).status_code == 302
    assert "translation is old" not in words(client.get("/policy/P1/document/?lang=ht"))


@pytest.mark.req("R12.23")
def test_two_revisions_stand_beside_each_other(country: make.Country) -> None:
    documents.small(country)
    client = drafter(country)
    clauses.save(code="P1-C1.2", language="fr", text=HOURS.replace("à 8 h", "à 7 h"), seen=1, actor=documents.other(),
                 now=NOW + timedelta(days=1))  # fmt: skip
    page = client.get("/policy/clauses/P1-C1.2/compare/?lang=fr&old=1&new=2").content.decode()
    assert ("<del>8</del>" in page, "<ins>7</ins>" in page) == (True, True)
    bad = [client.get(f"/policy/clauses/P1-C1.2/compare/?lang=fr&{one}").status_code
           for one in ("old=1", "old=1&new=9", "old=a&new=2", "old=²&new=2")]  # fmt: skip
    assert bad == [404, 404, 404, 404]


@pytest.mark.req("R12.28")
def test_a_suggestion_is_written_and_answered(country: make.Country, as_: Callable[[str], Client]) -> None:
    documents.small(country)
    client = drafter(country)
    said = {"lang": "fr", "text": HOURS.replace("18 h", "17 h"), "reason": "Plus sûr", "base": 1}
    assert as_("analyst").post("/policy/clauses/P1-C1.2/suggest", said).status_code == 302
    assert as_("duty").post("/policy/clauses/P1-C1.2/suggest", said).status_code == 404
    assert as_("analyst").post("/policy/suggestions/P1-C1.2-S1", {"step": "take"}).status_code == 404
    refused = client.post("/policy/suggestions/P1-C1.2-S1", {"step": "refuse"})
    assert (refused.status_code, "POL-006" in words(refused)) == (422, True)
    assert client.post("/policy/suggestions/P1-C1.2-S1", {"step": "song"}).status_code == 404
    client.post("/policy/suggestions/P1-C1.2-S1", {"step": "take", "answer": "Oui"})
    assert ClauseText.objects.get(clause__code="P1-C1.2").text == HOURS.replace("18 h", "17 h")
    row = Suggestion.objects.get()
    assert (row.state, row.answer, row.taken_as) == ("taken", "Oui", 2)
    assert client.post("/policy/suggestions/P1-C1.2-S9", {"step": "take"}).status_code == 404


@pytest.mark.req("R12.28")
def test_a_suggestion_over_changed_words_is_brought_together_by_a_person(
    country: make.Country, as_: Callable[[str], Client]
) -> None:
    documents.small(country)
    client = drafter(country)
    as_("analyst").post(
        "/policy/clauses/P1-C1.2/suggest", {"lang": "fr", "text": HOURS.replace("à 8 h", "à 6 h"), "base": 1}
    )
    clauses.save(code="P1-C1.2", language="fr", text=HOURS.replace("à 8 h", "à 7 h"), seen=1, actor=documents.other(),
                 now=NOW)  # fmt: skip
    answer = client.post("/policy/suggestions/P1-C1.2-S1", {"step": "take"})
    assert (answer.status_code, "DOC-010" in words(answer)) == (409, True)
    assert f">\n{HOURS.replace('à 8 h', 'à 6 h')}</textarea>" in answer.content.decode()
    client.post("/policy/suggestions/P1-C1.2-S1", {"step": "settle", "answer": "à la main"})
    assert Suggestion.objects.get().state == "taken"


def test_terms_are_defined_on_a_page(country: make.Country, as_: Callable[[str], Client]) -> None:
    plans.policy(country)
    client = drafter(country)
    said = {"code": "alone", "seen": 0, "name_fr": "enfant seul", "meaning_fr": "sans adulte"}
    assert as_("duty").post("/policy/P1/terms/", said).status_code == 404
    assert client.post("/policy/P1/terms/", said).status_code == 302
    assert client.post("/policy/P1/terms/", said).status_code == 409
    assert client.post("/policy/P1/terms/?term=alone", {**said, "seen": 1, "name_fr": "enfant"}).status_code == 302
    assert Term.objects.get().names == {"fr": "enfant"}
    assert client.post("/policy/P1/terms/", {**said, "code": "B ad"}).status_code == 422


def test_html_is_text_on_every_page(country: make.Country, as_: Callable[[str], Client]) -> None:
    documents.small(country)
    client, bad = drafter(country), "Un <script>alert(1)</script> <b>mot</b>"
    client.post("/policy/clauses/P1-C1.1/edit", {"lang": "fr", "text": bad, "seen": 1})
    clauses.suggest(clause="P1-C1.1", language="fr", text=f"{bad} !", base=2, author="<i>x</i>", reason="<u>y</u>",
                    actor=documents.other(), now=NOW)  # fmt: skip
    document.realise(code="P1-C1.1", measures=[], objectives=[], seen=1, actor=plans.drafter(), now=NOW)
    for address in (
        *GET[:3],
        "/policy/clauses/P1-C1.1/compare/?lang=fr&old=1&new=2",
        "/policy/clauses/P1-C1.1/edit?lang=fr",
    ):
        page = client.get(address).content.decode()
        assert [mark in page for mark in ("<script>alert", "<b>mot</b>", "<i>x", "<u>y")] == [False] * 4
