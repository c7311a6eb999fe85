"""The report of a round on its page and as files, as the lead, the cell and strangers meet it."""

from __future__ import annotations

import hashlib
import html
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import make
import pytest
from assess.examples import SOUTH, a_round, report
from assess.test_reports import answered as answered
from django.test import Client

from pasaj.access.models import AuditEntry
from pasaj.access.rules import SYSTEM
from pasaj.assess.models import Report, Round
from pasaj.assess.queries.report import LANGUAGES
from pasaj.assess.services import documents, reports
from pasaj.core.problems import Refused
from pasaj.share.models import Audience, Release
from pasaj.site.cli.main import run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("with_lead")]
As = Callable[[str], Client]
PAGE = "/assessment/rounds/A1/report/"
CELL = {"duty", "approver", "analyst", "lead", "dpo", "admin"}


def text(client: Client, path: str = PAGE) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get(path).content.decode())))


def taken(client: Client, path: str) -> bytes:
    answer = client.get(PAGE + path)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


@pytest.mark.req("R7.1")
def test_the_report_is_for_the_cell(answered: Round, as_: As) -> None:
    pages = ["", "draft/", "draft/?part=annex", "draft.docx", "1/", "1.docx?lang=fr"]
    reports.publish(code="A1", actor=SYSTEM, now=make.NOW)

    def asked(who: str) -> set[int]:
        found = set()
        for page in pages:
            answer = as_(who).get(PAGE + page)
            found.add(answer.status_code)
            if answer.streaming:
                b"".join(answer.streaming_content)
        return found

    assert {who: asked(who) for who in (*make.CAST, "lead")} == {
        who: {200 if who in CELL else 404} for who in (*make.CAST, "lead")
    }


@pytest.mark.req("R7.1")
def test_only_the_lead_publishes(answered: Round, as_: As) -> None:
    for who in make.CAST:
        assert as_(who).post(f"{PAGE}publish").status_code == 404, who
        assert "Publish the report" not in text(as_(who)), who
    assert not Report.objects.exists()
    made = as_("lead").post(f"{PAGE}publish")
    assert (made.status_code, made["Location"]) == (302, f"{PAGE}1/")
    edition = Report.objects.get()
    assert (edition.code, edition.languages, edition.actor_label) == ("A1-ED1", list(LANGUAGES), "lead")


@pytest.mark.req("R10.72")
def test_what_cannot_be_published_is_told_on_the_page(as_: As) -> None:
    a_round()
    answer = as_("lead").post(f"{PAGE}publish")
    assert (answer.status_code, b"REPORT-006" in answer.content) == (422, True)


@pytest.mark.req("R10.71")
def test_draft_and_edition_on_the_page(answered: Round, as_: As) -> None:
    page = text(as_("duty"))
    assert ("Draft · Simulated data" in page, "This is a draft" in page, "Nothing is published yet" in page) == (
        True, True, True
    )  # fmt: skip
    reports.publish(code="A1", actor=SYSTEM, now=make.NOW)
    page = text(as_("duty"))
    assert ("Draft · Simulated data" in page, "Edition A1-ED1" in page) == (False, True)
    assert f"Its fingerprint is {Report.objects.get().fingerprint}." in page
    assert "Nothing: scores, findings and states of evidence are as they were published." in page
    assert "Draft · Simulated data" in text(as_("duty"), f"{PAGE}draft/")


@pytest.mark.req("R10.73")
def test_what_moved_later_is_listed_and_the_edition_stays(answered: Round, as_: As) -> None:
    reports.publish(code="A1", actor=SYSTEM, now=make.NOW)
    before = text(as_("duty")).split("Contents")[1]
    user = answered.assessors.get(code="A1-E1").app_user
    report(answered, user, SOUTH, {"EQP-1": 2}, day="2025-09-21")
    page = text(as_("duty"))
    assert f"Cell {SOUTH} EQP-1 0.0 2.0" in page
    assert page.split("Contents")[1] == before
    assert f"{SOUTH} EQP-1" not in text(as_("duty"), f"{PAGE}draft/").split("Contents")[0]


@pytest.mark.req("R10.71")
def test_the_annex_has_a_page_of_its_own(answered: Round, as_: As) -> None:
    marked = as_("duty").get(PAGE).content
    annex = as_("duty").get(f"{PAGE}?part=annex").content
    assert (b'id="summary"' in marked, b'id="annex"' in marked, b"?part=annex" in marked) == (True, False, True)
    assert (b'id="summary"' in annex, b'id="annex"' in annex, b"#summary" in annex) == (False, True, True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_speaks_its_own_language_on_a_page_in_another(answered: Round, as_: As, language: str) -> None:
    page = as_("duty").get(f"{PAGE}?lang={language}").content.decode()
    assert f'<article class="report" lang="{language}">' in page
    assert '<html lang="en"' in page


def test_what_is_not_there(answered: Round, as_: As) -> None:
    reports.publish(code="A1", languages=["fr"], actor=SYSTEM, now=make.NOW)
    paths = ("2/", "x/", "1.txt", "draft.txt", "1/?lang=en", "draft/?lang=de", "1.pdf?lang=ht", "9.pdf")
    assert [as_("duty").get(PAGE + path).status_code for path in paths] == [404] * len(paths)
    assert as_("duty").get("/assessment/rounds/A9/report/").status_code == 404
    assert 'lang="fr">' in as_("duty").get(PAGE).content.decode()  # the reader's English is not there


# --- Files -------------------------------------------------------------------------------------


@pytest.mark.req("R10.74")
def test_files_are_the_same_bytes_each_time(answered: Round, as_: As) -> None:
    reports.publish(code="A1", languages=["fr"], actor=SYSTEM, now=make.NOW)
    for name in ("1.pdf", "1.docx"):
        first = taken(as_("duty"), name)
        assert first == taken(as_("analyst"), name)
        begins = b"%PDF" if name.endswith("pdf") else b"PK"
        assert first[: len(begins)] == begins
    with zipfile.ZipFile(io.BytesIO(taken(as_("duty"), "1.docx"))) as archive:
        assert "Rapport d’évaluation".replace("’", "'") in archive.read("word/document.xml").decode()


@pytest.mark.req("R2.11")
def test_each_file_passes_the_gate(answered: Round, as_: As) -> None:
    edition = reports.publish(code="A1", languages=["fr"], actor=SYSTEM, now=make.NOW)
    answer = as_("duty").get(f"{PAGE}1.docx")
    data = b"".join(answer.streaming_content)
    (row,) = Release.objects.all()
    said = edition.texts.get()
    assert (row.audience, row.kind, row.sha256) == ("TLP:AMBER", "report", hashlib.sha256(data).hexdigest())
    assert row.question == {"report": "A1-ED1", "language": "fr", "fingerprint": said.fingerprint}
    assert (answer["X-Pasaj-Release"], answer["Content-Disposition"]) == (
        row.code, 'attachment; filename="A1-ED1-fr.docx"'
    )  # fmt: skip
    assert AuditEntry.objects.filter(action="share.release", code=row.code).count() == 1


@pytest.mark.req("R2.11")
def test_no_report_goes_to_the_public(answered: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    from pasaj.assess.queries.report import build

    said = build(answered, language="en", actor=SYSTEM, now=make.NOW)
    monkeypatch.setattr(documents, "AUDIENCE", Audience.CLEAR)
    with pytest.raises(Refused) as refused:
        documents.release_report(said=said, form="docx", actor=SYSTEM, now=make.NOW)
    assert [one.code for one in refused.value.problems] == ["SHARE-001"]
    assert not Release.objects.exists()


# --- The command -------------------------------------------------------------------------------


@pytest.fixture
def command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    """The command in this process and database: exit code, and the first word of what it complained of."""
    from pasaj.registry import queries
    from pasaj.site.cli import ground

    monkeypatch.setenv("PASAJ_LANG", "en")
    monkeypatch.setattr(ground, "open_home", queries.home)

    def called(*words: object) -> tuple[int, str]:
        code = run(["assess", "report", *map(str, words)])
        said = capsys.readouterr()
        return code, said.err.split(": ")[0] or said.out.strip()

    return called


@pytest.mark.req("R10.74")
def test_the_command_writes_the_edition_or_a_draft(
    answered: Round, command: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    target = tmp_path / "report.docx"
    code, said = command("A1", "-o", target, "--lang", "ht")
    assert (code, said.splitlines()) == (
        0, ["Not published yet: this is a draft, and says so.", f"{target}: report A1, ht."]
    )  # fmt: skip
    reports.publish(code="A1", languages=["en", "fr"], actor=SYSTEM, now=make.NOW)
    assert command("A1", "-o", target) == (0, f"{target}: report A1-ED1, en.")
    first = target.read_bytes()
    assert command("A1", "-o", target, "--lang", "en")[0] == 0
    assert target.read_bytes() == first
    assert Release.objects.count() == 3
    assert [one.name for one in tmp_path.iterdir() if "report" in one.name] == ["report.docx"]


@pytest.mark.req("R9.5")
def test_what_the_command_refuses(answered: Round, command: Callable[..., tuple[int, str]], tmp_path: Path) -> None:
    target = tmp_path / "report.pdf"
    assert command("A1", "-o", tmp_path / "report.odt") == (2, "CLI-020")
    assert command("A1", "-o", tmp_path / "none" / "report.pdf") == (2, "CLI-009")
    assert command("A9", "-o", target) == (2, "CLI-036")
    assert command("A1", "-o", target, "--lang", "de") == (2, "CLI-037")
    assert command("A1") == (2, "CLI-027")
    assert not target.exists()
    assert not Release.objects.exists()
