"""What leaves a policy as files: recorded changes between versions, the table of an appraisal, the log of a round."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import make
import openpyxl
import pytest
from django.conf import LazySettings
from django.test import Client
from docx import Document
from lxml import etree
from policy import documents, plans, rounds
from policy.test_appraisal import begun, judged
from policy.test_versions import let_pass, publish

from pasaj.access.models import AuditEntry
from pasaj.policy.models import Consultation, Policy
from pasaj.policy.services import clauses, comments, document
from pasaj.share.models import Release

NOW = make.NOW
LATER = NOW + timedelta(days=40)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


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
def drafter(country: make.Country) -> Client:
    client = Client()
    client.force_login(plans.member(country))  # type: ignore[arg-type]
    return client


def body(answer: Any) -> bytes:
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def changes(data: bytes) -> tuple[list[str], list[str]]:
    """Runs that were put in, and runs that were taken out, as a word processor reads them."""
    tree = etree.fromstring(etree.tostring(Document(io.BytesIO(data)).element))
    put = ["".join(one.itertext(f"{W}t")) for one in tree.iter(f"{W}ins")]
    gone = ["".join(one.itertext(f"{W}delText")) for one in tree.iter(f"{W}del")]
    return [one for one in put if one], [one for one in gone if one]


@pytest.mark.req("R12.97")
def test_two_versions_leave_as_one_word_file_of_recorded_changes(
    policy: Policy, drafter: Client, as_: Callable[[str], Client]
) -> None:
    publish()
    address = "/policy/P1/versions/1/changes.docx"
    assert changes(body(drafter.get(address))) == ([], [])
    who: dict[str, Any] = {"actor": plans.drafter(), "now": LATER}
    text = "Le poste ouvre à 6 h et ferme à 18 h, sauf le dimanche. Voir {{measure:P1-M1.1}}."
    clauses.save(code="P1-C1.2", language="fr", text=text, seen=1, **who)
    document.add(policy="P1", kind="text", text={"fr": "Un article nouveau."}, under="P1-C1", **who)
    document.withdraw(code="P1-C2", reason="Not needed", seen=1, **who)
    data = body(drafter.get(f"{address}?lang=fr"))
    put, gone = changes(data)
    assert "6" in put
    assert "8" in gone
    assert any("Un article nouveau." in one for one in put)
    assert any("Frontières" in one for one in gone)
    words = "\n".join(one.text for one in Document(io.BytesIO(data)).paragraphs)
    assert "{{" not in words + "".join(put)
    assert "A referral post at each crossing" in "".join(put)  # what the reference says
    let_pass(policy)
    publish(note="Second")
    clauses.save(code="P1-C1.2", language="fr", text="Le poste ferme.", seen=2, **who)
    between = body(drafter.get(f"{address}?lang=fr&until=2"))
    assert changes(between) == (put, gone)  # what came after the second version is not in it
    assert changes(body(drafter.get("/policy/P1/versions/2/changes.docx?lang=fr&until=1"))) == (put, gone)
    assert "/policy/P1/versions/1/changes.docx?lang=" in drafter.get("/policy/P1/since/?since=1").content.decode()
    assert address in drafter.get("/policy/P1/versions/").content.decode()
    assert Release.objects.filter(title="P1-V1 to P1-V2").count() == 2
    for who_ in ("partner", "stranger"):
        assert as_(who_).get(address).status_code == 404
    assert drafter.get(f"{address}?until=9").status_code == 404
    assert drafter.get(f"{address}?lang=xx").status_code == 404


@pytest.mark.req("R12.97")
def test_the_draft_of_today_is_for_the_cell(policy: Policy, drafter: Client, as_: Callable[[str], Client]) -> None:
    assert body(drafter.get("/policy/P1/draft.docx"))[:2] == b"PK"
    assert as_("partner").get("/policy/P1/draft.docx").status_code == 404
    assert "draft.docx" not in as_("partner").get("/policy/P1/versions/").content.decode()


@pytest.mark.req("R12.98")
def test_the_table_of_an_appraisal_leaves_through_the_gate(
    country: make.Country, drafter: Client, as_: Callable[[str], Client]
) -> None:
    plans.whole(country)
    row = begun()
    judged("P1-Q1-B", "BENEFIT", "large", evidence=("A1-F01",), note="Seen at two posts")
    base = "/policy/appraisals/P1-Q1/judgements"
    told = list(csv.DictReader(io.StringIO(body(drafter.get(f"{base}.csv")).decode("utf-8-sig"))))
    assert len(told) == row.options.count() * row.criteria.count()
    held = {(one["option"], one["criterion"]): one for one in told}
    said = held["P1-Q1-B", "BENEFIT"]
    assert (said["word"], said["evidence"], said["note"], said["by"]) == (
        "large", "A1-F01", "Seen at two posts", plans.drafter().label,
    )  # fmt: skip
    empty = held["P1-Q1-C", "BENEFIT"]
    assert (empty["word"], empty["revision"], empty["option_text"]) == ("", "", "A mobile team")
    sheet = openpyxl.load_workbook(io.BytesIO(body(drafter.get(f"{base}.xlsx")))).worksheets[0]
    assert [cell.value for cell in sheet[1]][:3] == ["appraisal", "simulated", "option"]
    assert sheet.max_row == len(told) + 1
    assert Release.objects.filter(title="P1-Q1 judgements").count() == 2
    page = drafter.get("/policy/appraisals/P1-Q1/").content.decode()
    assert (f"{base}.csv" in page, f"{base}.xlsx" in page) == (True, True)
    assert drafter.get(f"{base}.pdf").status_code == 404
    assert {as_(one).get(f"{base}.csv").status_code for one in ("partner", "chief", "stranger")} == {404}


# --- A round ------------------------------------------------------------------------------------

API = "/api/v1/consultations/P1-K1/comments"


@pytest.mark.req("R12.99")
def test_an_institution_comments_through_the_interface(
    country: make.Country, drafter: Client, as_: Callable[[str], Client]
) -> None:
    rounds.opened(country)
    said = {"institution": "AID", "clause": "P1-C1.1", "language": "fr", "text": "Le délai est trop court."}

    def post(client: Client, **changed: str) -> Any:
        return client.post(API, {**said, **changed}, content_type="application/json")

    answer = post(as_("partner"))
    assert answer.status_code == 201
    made = answer.json()
    assert [made[name] for name in ("code", "clause", "institution", "channel", "moderation", "outcome")] == [
        "P1-K1-C1", "P1-C1.1", "AID", "web", "shown", "",
    ]  # fmt: skip
    assert AuditEntry.objects.filter(action="comment.said").count() == 1
    comments.dispose(code="P1-K1-C1", outcome="accepted", reason="Right.", actor=plans.drafter(), now=NOW)
    [told] = json.loads(body(as_("partner").get(API)))
    assert (told["text"], told["outcome"], told["reason"]) == (said["text"], "accepted", "Right.")
    # For one's own institution alone; the cell asks and does not answer itself.
    assert post(as_("partner"), institution="IMM").status_code == 404
    assert {post(one).status_code for one in (drafter, as_("duty"), as_("chief"), as_("stranger"))} == {404}
    assert post(Client()).status_code in (401, 403)
    refused = post(as_("partner"), clause="P1-C9")
    assert (refused.status_code, refused.json()["problems"][0]["code"][:4]) == (422, "CONS")
    assert post(as_("partner"), text=" ").status_code == 422
    Consultation.objects.update(state="closed", closed_at=NOW)
    assert post(as_("partner")).status_code == 404
    assert Consultation.objects.get().comments.count() == 1


@pytest.mark.req("R12.99")
def test_the_log_of_moderation_leaves_as_csv(
    country: make.Country, drafter: Client, as_: Callable[[str], Client]
) -> None:
    rounds.opened(country)
    first, second = rounds.open_comment(clause="P1-C1.1"), rounds.open_comment("Achetez !")
    who: dict[str, Any] = {"actor": plans.drafter(), "now": NOW}
    comments.moderate(code=second.code, show=False, reason="Publicité.", **who)
    comments.moderate(code=first.code, show=True, reason="", **who)
    address = "/consultations/P1-K1/moderation.csv"
    told = list(csv.DictReader(io.StringIO(body(drafter.get(address)).decode("utf-8-sig"))))
    assert [(one["comment"], one["clause"], one["outcome"], one["reason"], one["by"]) for one in told] == [
        (second.code, "", "hidden", "Publicité.", plans.drafter().label),
        (first.code, "P1-C1.1", "shown", "", plans.drafter().label),
    ]
    assert Release.objects.filter(title="P1-K1 moderation").count() == 1
    assert address in drafter.get("/consultations/P1-K1/moderation/").content.decode()
    assert {as_(one).get(address).status_code for one in ("partner", "chief", "stranger")} == {404}
