"""Pages of consultations: who may open which, what their buttons do, and what strangers see."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import make
import pytest
from core.word.replies import changed, gone, ins, said, whole
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from policy import documents, plans, rounds

from pasaj.policy.models import Comment, Consultation, Invitation, Reply, Suggestion, TrayItem
from pasaj.policy.services import comments
from pasaj.site.logs import Masking

As = Callable[[str], Client]
NOW = make.NOW
CELL = {"duty", "approver", "analyst", "drafter"}
ASKED = CELL | {"partner"}
HERE = "/consultations/P1-K1/"
PAGES = {
    "/policy/P1/consultations/": ASKED,
    "/policy/P1/consultations/new/": {"drafter"},
    HERE: ASKED,
    f"{HERE}edit/": set[str](),  # only a draft
    f"{HERE}text/": ASKED,
    f"{HERE}comments/": ASKED,
    f"{HERE}comments/?open=1": ASKED,
    f"{HERE}word/": ASKED,
    f"{HERE}reply/": {"drafter", "partner"},
    f"{HERE}report/": CELL,
    f"{HERE}report.docx": CELL,
    f"{HERE}report.exe": set[str](),
    f"{HERE}moderation/": CELL,
    f"{HERE}tray/": CELL,
    f"{HERE}invitations/": {"drafter"},
    f"{HERE}minutes/": {"drafter"},
    "/comments/P1-K1-C1/": ASKED,  # AID said it
    "/comments/P1-K1-C2/": CELL,  # IMM said it
    "/comments/P1-K1-C9/": set[str](),
    "/consultations/P1-K9/": set[str](),
}
WHO = ("chief", "duty", "approver", "analyst", "partner", "stranger", "drafter")


@pytest.fixture
def people(country: make.Country, cast: make.Cast, as_: As) -> As:
    """The cast and a drafter."""
    cast.accounts["drafter"] = plans.member(country)  # type: ignore[assignment]
    return as_


@pytest.fixture
def row(country: make.Country, people: As) -> Consultation:
    """An open round with a comment of each institution and one that waits."""
    found = rounds.opened(country)
    rounds.comment(clause="P1-C1.1")
    comments.minutes(
        code="P1-K1",
        text="IMM: Secret entre ministères.",
        institution="",
        language="fr",
        actor=plans.drafter(),
        now=NOW,
    )
    rounds.open_comment("Ce qui attend.", name="Rose Pierre", group="migrant")
    return found


def status(client: Client, path: str) -> int:
    """How an address answers; a file is read to its end."""
    answer: Any = client.get(path)
    if answer.streaming:
        b"".join(answer.streaming_content)
    return int(answer.status_code)


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.mark.req("R12.39")
@pytest.mark.parametrize("path", PAGES)
def test_who_may_open_what(row: Consultation, people: As, path: str) -> None:
    assert {who for who in WHO if status(people(who), path) == 200} == PAGES[path]


@pytest.mark.req("R12.39")
def test_nobody_else_learns_of_a_draft(country: make.Country, people: As) -> None:
    rounds.drafted(country)
    assert {who for who in WHO if people(who).get(HERE).status_code == 200} == CELL
    assert "P1-K1" not in text(people("partner").get("/policy/P1/consultations/"))
    assert Client().get("/consult/P1-K1/").status_code == 404
    assert {who for who in WHO if people(who).get(f"{HERE}edit/").status_code == 200} == {"drafter"}
    assert people("drafter").get(f"{HERE}reply/").status_code == 404


@pytest.mark.req("R12.39")
def test_an_institution_sees_what_it_said_and_not_what_others_did(row: Consultation, people: As) -> None:
    for path in (HERE, f"{HERE}text/", f"{HERE}comments/"):
        shown = text(people("partner").get(path))
        assert [one for one in ("Secret entre", "Ce qui attend", "Rose") if one in shown] == []
    assert "Le délai est trop court." in text(people("partner").get(f"{HERE}text/"))
    assert "Secret entre" in text(people("analyst").get(f"{HERE}text/"))
    Consultation.objects.get().institutions.remove(*Consultation.objects.get().institutions.filter(code="AID"))
    assert people("partner").get(HERE).status_code == 404


@pytest.mark.req("R12.39")
@pytest.mark.parametrize(
    ("path", "data", "who"),
    [
        (f"{HERE}act/", {"do": "close", "seen": "2"}, {"drafter"}),
        (f"{HERE}act/", {"do": "report", "seen": "2"}, {"drafter", "approver"}),
        (f"{HERE}text/", {"text": "Bien.", "institution": "AID"}, {"partner"}),
        (f"{HERE}invitations/", {"do": "invite", "label": "Clinique"}, {"drafter"}),
        (f"{HERE}minutes/", {"text": "IMM: Oui."}, {"drafter"}),
        (f"{HERE}moderation/", {"comment": "P1-K1-C3", "do": "show"}, {"drafter"}),
        ("/comments/P1-K1-C1/", {"outcome": "rejected", "reason": "Non."}, {"drafter"}),
        (f"{HERE}reply/", {"do": "take"}, {"drafter", "partner"}),
    ],
)
def test_who_may_change_what(row: Consultation, people: As, path: str, data: dict[str, str], who: set[str]) -> None:
    assert {one for one in WHO if people(one).post(path, data).status_code != 404} == who


@pytest.mark.req("R12.35")
def test_a_round_is_drafted_opened_and_prolonged_in_the_browser(country: make.Country, people: As) -> None:
    documents.small(country)
    client = people("drafter")
    given = {
        "kind": "legal", "institutions": ["AID"], "channels": ["word", "web"], "first": "2025-09-20",
        "last": "2025-10-20", "name_fr": "Relecture", "about_fr": "Est-ce juste ?",
    }  # fmt: skip
    assert client.post("/policy/P1/consultations/new/", {**given, "last": "2025-01-01"}).status_code == 422
    assert client.post("/policy/P1/consultations/new/", {**given, "channels": []}).status_code == 422
    made = client.post("/policy/P1/consultations/new/", given)
    assert (made.status_code, made.headers["Location"]) == (302, HERE)
    assert client.post(f"{HERE}edit/", {**given, "kind": "donors", "seen": "7"}).status_code == 422
    assert client.post(f"{HERE}edit/", {**given, "kind": "donors", "seen": "1"}).status_code == 302
    assert client.post(f"{HERE}act/", {"do": "open", "seen": "1"}).status_code == 409
    assert client.post(f"{HERE}act/", {"do": "nothing", "seen": "2"}).status_code == 404
    assert client.post(f"{HERE}act/", {"do": "open", "seen": "2"}).status_code == 302
    assert client.post(f"{HERE}act/", {"do": "prolong", "seen": "3", "last": "never"}).status_code == 200
    assert client.post(f"{HERE}act/", {"do": "prolong", "seen": "3", "last": "2025-11-20"}).status_code == 302
    row = Consultation.objects.get()
    assert (row.kind, row.state, row.last_date.isoformat(), row.names) == (
        "donors",
        "open",
        "2025-11-20",
        {"fr": "Relecture"},
    )
    assert client.post(f"{HERE}act/", {"do": "close", "seen": "4"}).status_code == 302
    assert "P1-K1" in text(client.get("/policy/P1/consultations/"))


@pytest.mark.req("R12.37")
def test_a_partner_comments_and_reads_the_answer(row: Consultation, people: As) -> None:
    client = people("partner")
    for bad in (
        {"text": ""},
        {"text": "x" * 1_000_000},
        {"text": "Appelez le 3712-3456"},
        {"text": "Oui", "institution": "IMM"},
    ):
        assert client.post(f"{HERE}text/", {"institution": "AID", **bad}).status_code == 422
    kept = text(client.post(f"{HERE}text/", {"institution": "AID", "text": "Appelez le 3712-3456"}))
    assert "3712-3456" in kept  # what was written is still in the form
    html = "<img src=x onerror=alert(1)>"
    assert (
        client.post(f"{HERE}text/?lang=fr", {"institution": "AID", "clause": "P1-C2", "text": html}).status_code == 302
    )
    assert html not in text(client.get(f"{HERE}text/"))
    assert "&lt;img src=x" in text(client.get(f"{HERE}text/"))
    comments.dispose(code="P1-K1-C4", outcome="deferred", reason="En 2027.", actor=plans.drafter(), now=NOW)
    assert "En 2027." in text(client.get("/comments/P1-K1-C4/"))


@pytest.mark.req("R12.36")
def test_a_reply_is_shown_first_and_stored_when_somebody_says_so(row: Consultation, people: As) -> None:
    data = changed((said(documents.SOURCE), f"{said('Les enfants seuls sont ')}{gone('orientés', 'Marie Jean')}"
                    f"{ins('accueillis', 'Marie Jean')}{said(' le jour même.')}"), sent=rounds.sent(row))  # fmt: skip
    client = people("partner")

    def upload(content: bytes, **more: str) -> Any:
        file = SimpleUploadedFile("reply.docx", content)
        return client.post(f"{HERE}reply/", {"do": "show", "institution": "AID", "file": file, **more})

    shown = upload(data)
    assert (shown.status_code, Reply.objects.count(), Suggestion.objects.count()) == (200, 0, 0)
    assert ("accueillis" in text(shown), "Marie Jean" in text(shown)) == (True, True)
    assert "Marie" not in str(dict(client.session))
    assert client.post(f"{HERE}reply/", {"do": "take"}).status_code == 302
    assert [(one.text, one.author) for one in Suggestion.objects.all()] == [
        ("Les enfants seuls sont accueillis le jour même.", "AID (1)")
    ]
    assert client.post(f"{HERE}reply/", {"do": "take"}).status_code == 409  # nothing is held any more
    for content, status, code in (
        (data, 409, "CONS-023"), (b"%PDF-1.7", 422, "CONS-004"), (b"x", 422, "CONS-002"),
        (rounds.sent(row), 422, "CONS-030"),
        (b"x" * 11_000_000, 413, "CONS-001"),
    ):  # fmt: skip
        again = upload(content)
        assert (again.status_code, code in text(again)) == (status, True)
    assert upload(data, institution="IMM").status_code == 422  # not theirs
    assert "P1-K1-R1" in text(client.get(HERE))


@pytest.mark.req("R12.36")
def test_the_tray_is_settled_in_the_browser(row: Consultation, people: As) -> None:
    data = changed((whole(rounds.sent(row), "Clause P1-C1.2", "sauf le dimanche"), ""), sent=rounds.sent(row))
    client = people("drafter")
    file = SimpleUploadedFile("reply.docx", data)
    client.post(f"{HERE}reply/", {"do": "show", "institution": "IMM", "file": file})
    assert client.post(f"{HERE}reply/", {"do": "take"}).headers["Location"] == f"{HERE}tray/"
    item = {"reply": "P1-K1-R1", "number": "1", "clause": "P1-C1.2", "text": "Supprimer.", "reason": ""}
    assert client.post(f"{HERE}tray/", {**item, "do": "aside"}).status_code == 422
    assert client.post(f"{HERE}tray/", {**item, "do": "suggestion", "clause": ""}).status_code == 422
    assert client.post(f"{HERE}tray/", {**item, "number": "x", "do": "comment"}).status_code == 404
    assert client.post(f"{HERE}tray/", {**item, "do": "comment"}).status_code == 302
    assert [(one.state, one.comment and one.comment.sort) for one in TrayItem.objects.all()] == [("placed", "delete")]
    assert "P1-K1-C4" in text(client.get(f"{HERE}tray/"))


@pytest.mark.req("R12.38")
def test_comments_are_answered_until_the_round_can_close_and_be_reported(row: Consultation, people: As) -> None:
    client = people("drafter")
    closed = client.post(f"{HERE}act/", {"do": "close", "seen": "2"})
    assert (closed.status_code, "CONS-024" in text(closed)) == (409, True)
    assert client.post(f"{HERE}moderation/", {"comment": "P1-K1-C3", "do": "hide"}).status_code == 422
    assert client.post(f"{HERE}moderation/", {"comment": "P1-K1-C3", "do": "show"}).status_code == 302
    assert client.post("/comments/P1-K1-C1/", {"outcome": "rejected", "reason": " "}).status_code == 422
    for number in (1, 2, 3):
        answered = client.post(f"/comments/P1-K1-C{number}/", {"outcome": "rejected", "reason": "La loi."})
        assert answered.status_code == 302
    assert "Nothing here." in text(client.get(f"{HERE}comments/?open=1"))
    assert client.post(f"{HERE}act/", {"do": "close", "seen": "2"}).status_code == 302
    assert Client().get("/consult/P1-K1/report/").status_code == 404
    assert people("partner").get(f"{HERE}report/").status_code == 404
    assert client.post(f"{HERE}act/", {"do": "report", "seen": "3"}).status_code == 302
    shown = text(Client().get("/consult/P1-K1/report/"))
    assert [one in shown for one in ("Ce qui attend.", "La loi.", "Rose", "migrated", "others")] == [
        True, True, False, False, True,
    ]  # fmt: skip
    assert Client().get("/consult/P1-K1/").status_code == 302
    assert people("partner").get(f"{HERE}report/").status_code == 200
    assert status(people("partner"), f"{HERE}report.docx") == 200


def test_what_was_kept_back_is_in_no_report(row: Consultation, people: As) -> None:
    comments.moderate(code="P1-K1-C3", show=False, reason="Insulte.", actor=plans.drafter(), now=NOW)
    assert "Ce qui attend" not in text(people("drafter").get(f"{HERE}report/"))


# Without an account


@pytest.mark.req("R12.37")
def test_anybody_reads_and_comments_and_sees_only_what_was_let_through(row: Consultation) -> None:
    client = Client()
    shown = client.get("/consult/P1-K1/")
    assert shown.status_code == 200
    words = (documents.SOURCE, "Ce qui attend", "Secret entre", "trop court", "Rose")
    assert [one in text(shown) for one in words] == [True, False, False, False, False]
    for bad in ("", "x" * 4001, "x" * 1_000_000, "Appelez le 3712-3456", "Madame Rose Pierre le sait."):
        assert client.post("/consult/P1-K1/", {"text": bad}).status_code == 422
    given = {"text": "<b>Merci</b>", "clause": "P1-C2", "group": "migrant", "name": "R."}
    assert client.post("/consult/P1-K1/", given).status_code == 302
    made = Comment.objects.order_by("-pk")[0]
    assert (made.text, made.moderation, made.signed_as, made.actor_id) == ("<b>Merci</b>", "waiting", "R.", None)
    comments.moderate(code=made.code, show=True, reason="", actor=plans.drafter(), now=NOW)
    shown = client.get("/consult/P1-K1/")
    assert ("&lt;b&gt;Merci" in text(shown), "<b>Merci" in text(shown), "R." in text(shown)) == (True, False, False)


@pytest.mark.req("R12.37")
def test_a_body_of_many_megabytes_and_a_form_from_elsewhere_are_refused(row: Consultation) -> None:
    assert Client().post("/consult/P1-K1/", {"text": "x" * 3_000_000}).status_code == 413
    assert Client(enforce_csrf_checks=True).post("/consult/P1-K1/", {"text": "Oui."}).status_code == 403


@pytest.mark.req("R12.39")
def test_only_open_rounds_have_a_public_address(row: Consultation, country: make.Country) -> None:
    for path in ("/consult/P1-K9/", "/consult/P1-K1/report/", "/consult/" + "x" * 500 + "/"):
        assert Client().get(path).status_code == 404
    Consultation.objects.update(last_date=(rounds.TODAY - timedelta(days=1)))
    late = Client().get("/consult/P1-K1/")
    assert (late.status_code, "<textarea" in text(late)) == (200, False)
    assert Client().post("/consult/P1-K1/", {"text": "Trop tard."}).status_code == 409
    Consultation.objects.update(channels=["word"])
    assert Client().get("/consult/P1-K1/").status_code == 404
    assert Client().get(HERE).status_code == 302  # to the sign-in page, like any other


@pytest.mark.req("R12.37")
def test_a_link_works_until_it_is_revoked_and_stands_in_no_log(row: Consultation, people: As) -> None:
    client = people("drafter")
    made = client.post(f"{HERE}invitations/", {"do": "invite", "label": "Clinique du Nord", "institution": ""})
    found = re.search(r"/consult/i/([^/<]+)/", text(made))
    assert found is not None
    link = found[0]
    assert link not in text(client.get(f"{HERE}invitations/"))  # shown once
    guest = Client()
    shown = guest.get(link)
    assert (shown.status_code, shown.headers["Referrer-Policy"], shown.headers["X-Robots-Tag"]) == (
        200, "strict-origin", "noindex, nofollow",
    )  # fmt: skip
    assert "Secret entre" not in text(shown)
    assert guest.post(link, {"text": "Appelez le 3712-3456"}).status_code == 422
    assert guest.post(link, {"text": "D’accord."}).status_code == 302
    said_here = Comment.objects.order_by("-pk")[0]
    assert (said_here.channel, said_here.invitation and said_here.invitation.label) == (
        "invitation",
        "Clinique du Nord",
    )
    number = Invitation.objects.get().pk
    assert client.post(f"{HERE}invitations/", {"do": "revoke", "invitation": "x"}).status_code == 422
    assert client.post(f"{HERE}invitations/", {"do": "revoke", "invitation": str(number)}).status_code == 302
    assert (guest.get(link).status_code, guest.post(link, {"text": "Encore."}).status_code) == (404, 404)
    record = logging.LogRecord("x", logging.INFO, "x", 1, f"GET {link} 200", None, None)
    assert Masking().format(record) == "GET /consult/i/…/ 200"


def test_minutes_are_taken_down_in_the_browser(row: Consultation, people: As) -> None:
    client = people("drafter")
    bad = client.post(f"{HERE}minutes/", {"text": "IMM: Oui.\nrien"})
    assert (bad.status_code, "CONS-033" in text(bad)) == (422, True)
    assert client.post(f"{HERE}minutes/", {"text": "Tous d'accord.", "institution": "AID"}).status_code == 302
    assert Comment.objects.order_by("-pk")[0].text == "Tous d'accord."


def test_the_list_of_comments_asks_a_constant_number_of_questions(row: Consultation, people: As) -> None:
    def count() -> int:
        client = people("drafter")
        with CaptureQueriesContext(connection) as asked:
            client.get(f"{HERE}comments/")
        return len(asked)

    first = count()
    for at in range(3):
        rounds.comment(f"Encore {at}.")
    assert count() == first


API = "/api/v1/consultations/P1-K1"


@pytest.mark.req("R12.39")
def test_programs_read_what_their_people_may(row: Consultation, people: As) -> None:
    comments.dispose(code="P1-K1-C1", outcome="deferred", reason="En 2027.", actor=plans.drafter(), now=NOW)

    def asked(who: str, path: str) -> Any:
        answer: Any = people(who).get(path)
        return json.loads(b"".join(answer.streaming_content)) if answer.status_code == 200 else answer.status_code

    for path in (API, f"{API}/text", f"{API}/comments"):
        assert (asked("stranger", path), asked("chief", path)) == (404, 404)
    assert asked("stranger", "/api/v1/policies/P1/consultations") == 404
    assert [one["code"] for one in asked("partner", "/api/v1/policies/P1/consultations")] == ["P1-K1"]
    assert (asked("partner", API)["institutions"], asked("partner", API)["state"]) == (["AID", "IMM"], "open")
    assert asked("partner", f"{API}/text")[1]["texts"]["fr"]["text"] == documents.SOURCE
    assert [
        (one["code"], one["clause"], one["outcome"], one["reason"]) for one in asked("partner", f"{API}/comments")
    ] == [("P1-K1-C1", "P1-C1.1", "deferred", "En 2027.")]
    assert [one["moderation"] for one in asked("drafter", f"{API}/comments")] == ["shown", "shown", "waiting"]
