"""The report of a round: what it says, that it stays as it was published, and what has moved since."""

from __future__ import annotations

from datetime import timedelta

import make
import pytest
from assess.examples import NORTH, SOUTH, a_round, answers, assessor, report
from collect import phone
from django.db import DatabaseError, connection, transaction

from pasaj.access.models import AuditEntry
from pasaj.access.rules import SYSTEM
from pasaj.assess.models import Report, ReportText, Round
from pasaj.assess.queries import reports as queries
from pasaj.assess.queries.report import LANGUAGES, build, builds
from pasaj.assess.services import reports
from pasaj.core import report as core
from pasaj.core.problems import Refused
from pasaj.core.report import Heading, Note, Paragraph, Table

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("with_lead")]
CHAPTERS = ["summary", "method", "limits", "scores", "findings", "recommendations", "annex"]


@pytest.fixture
def answered() -> Round:
    """Two assessors, one disagreement, a critical zero, something nobody observed."""
    row = a_round(simulated=True)
    (_a, marie), (_b, paul) = assessor(row, "Marie"), assessor(row, "Paul")
    report(row, marie, NORTH, {"EQP-1": 3, "EQP-2": "not_observed", "PRO-1": 4})
    report(row, paul, NORTH, {"EQP-1": 1})
    report(row, marie, SOUTH, {"EQP-1": 0, "EQP-2": "not_applicable"})
    report(row, marie, "TL", {"LEG-1": 4}, sort="country")
    return row


def built(row: Round, language: str = "en", **more: str) -> core.Report:
    return build(row, language=language, actor=SYSTEM, now=make.NOW, **more)


def words(block: object) -> str:
    return "".join(one.text for one in block.spans) if isinstance(block, Paragraph | Note) else ""


def table(said: core.Report, anchor: str) -> list[list[str]]:
    (found,) = [one for one in said.blocks if isinstance(one, Table) and one.anchor == anchor]
    return [["".join(run.text for run in cell.spans) for cell in row] for row in found.rows]


def chapters(said: core.Report) -> list[str]:
    return [one.anchor for one in said.blocks if isinstance(one, Heading) and one.level == 1]


# --- What it says ------------------------------------------------------------------------------


@pytest.mark.req("R10.71")
def test_chapters_in_every_language(answered: Round) -> None:
    found = {language: built(answered, language) for language in LANGUAGES}
    assert {language: chapters(said) for language, said in found.items()} == dict.fromkeys(LANGUAGES, CHAPTERS)
    assert [said.subtitle for said in found.values()] == [
        "Rapport d'évaluation", "Rapò evalyasyon", "Report of an assessment", "Informe de evaluación"
    ]  # fmt: skip
    assert {len(said.blocks) for said in found.values()} == {len(found["en"].blocks)}
    with pytest.raises(ValueError, match="de"):
        built(answered, "de")


@pytest.mark.req("R10.71")
def test_scores_are_ranges_and_zeros_are_named(answered: Round) -> None:
    said = built(answered)
    assert [row[:4] for row in table(said, "table-pillars")] == [
        ["LEG LEG", "1.0", "2.0 to 4.0", "50%"], ["EQP EQP", "1.0", "0.2 to 2.8", "50%"],
        ["PRO PRO", "1.0", "4.0", "100%"], ["All pillars", "—", "1.1 to 3.6", "67%"],
    ]  # fmt: skip
    assert table(said, "table-critical") == [["EQP-1 How is EQP-1?", SOUTH, "—", "—"]]
    assert table(said, "table-differences") == [[NORTH, "EQP-1", "A1-E1: 3, A1-E2: 1", "open"]]


@pytest.mark.req("R10.71")
def test_every_answer_stands_in_the_annex_with_its_source_and_nobody_is_named(answered: Round) -> None:
    said = built(answered)
    rows = table(said, "table-answers-tl-bcp-nor")
    assert rows[0][:3] == ["EQP-1 How is EQP-1?", "1 to 3", "[1] 3 (sure) · [2] 1 (sure)"]
    assert rows[0][3] == f"[1] Seen at {NORTH} [2] Seen at {NORTH}"
    (found,) = [one for one in said.blocks if isinstance(one, Table) and one.anchor == "table-answers-tl-bcp-nor"]
    receipts = [one.outcome.version.submission.receipt for one in answered.sheets.filter(unit__code=NORTH)]
    assert [receipt in found.source for receipt in receipts] == [True, True]
    text = str(core.to_plain(said))
    assert ("Marie" in text, "Paul" in text) == (False, False)


@pytest.mark.req("R10.71")
def test_every_table_says_its_source_and_date(answered: Round) -> None:
    said = built(answered)
    sources = {one.source for one in said.blocks if isinstance(one, Table)}
    assert {one for one in sources if "1 Oct 2025" not in one} == {"Framework small 1."}
    anchors = [one.anchor for one in said.blocks if isinstance(one, Table | Heading)]
    assert len(anchors) == len(set(anchors))


@pytest.mark.req("R9.8")
def test_simulated_and_draft_are_said(answered: Round) -> None:
    assert built(answered).label == "Draft · Simulated data"
    assert built(answered, edition="A1-ED1").label == "Simulated data"
    notes = [words(one) for one in built(answered).blocks if isinstance(one, Note) and one.tone == "simulated"]
    assert notes == ["Every answer of this round is simulated. Nothing in this report describes a real service."] * 2
    Round.objects.filter(pk=answered.pk).update(simulated=False)
    answered.refresh_from_db()
    assert built(answered, edition="A1-ED1").label == ""


def test_a_round_without_answers_can_be_previewed() -> None:
    said = built(a_round())
    assert chapters(said) == CHAPTERS
    assert "Nobody answered about" in " ".join(
        "".join(run.text for run in item) for one in said.blocks if isinstance(one, core.Items) for item in one.items
    )


@pytest.mark.req("R10.6")
def test_what_moved_since_the_round_before(answered: Round) -> None:
    later = a_round(title="Second", starts=make.TODAY, ends=make.TODAY + timedelta(days=9))
    _one, user = assessor(later, "Anne")
    report(later, user, SOUTH, {"EQP-1": 4})
    report(later, user, NORTH, {"EQP-1": 4})
    said = built(later)
    assert chapters(said) == [*CHAPTERS[:4], "changes", *CHAPTERS[4:]]
    assert [row[3] for row in table(said, "table-changes") if row[0].startswith("EQP-1")] == ["rose"]


# --- Frozen ------------------------------------------------------------------------------------


def publish(row: Round, **more: object) -> Report:
    return reports.publish(code=row.code, actor=SYSTEM, now=make.NOW, **more)  # type: ignore[arg-type]


@pytest.mark.req("R10.72")
def test_what_is_published_is_what_was_built(answered: Round) -> None:
    made = publish(answered)
    assert (made.code, made.number, made.languages, made.supersedes) == ("A1-ED1", 1, ["fr", "ht", "en", "es"], None)
    for text in made.texts.all():
        said = queries.says(made, text.language)
        assert said == built(answered, text.language, edition="A1-ED1")
        assert text.fingerprint == core.fingerprint(said)  # type: ignore[arg-type]
    assert queries.says(made, "de") is None
    (entry,) = AuditEntry.objects.filter(action="round.reported")
    assert (entry.code, entry.detail.values["fingerprint"]) == ("A1-ED1", made.fingerprint)


@pytest.mark.req("R10.72")
def test_a_second_edition_stands_beside_the_first(answered: Round) -> None:
    one, two = publish(answered, languages=["fr"]), publish(answered, languages=["fr", "fr"])
    assert (two.code, two.supersedes, two.languages) == ("A1-ED2", one, ["fr"])
    assert one.fingerprint != two.fingerprint  # its code is on its title page


@pytest.mark.req("R10.72")
def test_a_published_report_never_changes(answered: Round) -> None:
    made = publish(answered, languages=["en"])
    for table_ in (Report._meta.db_table, ReportText._meta.db_table):
        for act in (f"UPDATE {table_} SET fingerprint = 'x'", f"DELETE FROM {table_}"):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(act)
    assert Report.objects.get() == made


def refusal(row: Round, **more: object) -> list[str]:
    with pytest.raises(Refused) as refused:
        publish(row, **more)
    return [one.code for one in refused.value.problems]


@pytest.mark.req("R10.72")
def test_what_cannot_be_published(answered: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal(answered, languages=["de"]) == ["REPORT-007"]
    assert refusal(a_round(title="Empty")) == ["REPORT-006"]
    with pytest.raises(Refused) as refused:
        reports.publish(code="A9", actor=SYSTEM, now=make.NOW)
    assert [one.code for one in refused.value.problems] == ["ROUND-001"]
    first = assessor(answered, "Late")[1]

    def meanwhile(*args: object, **more: object) -> dict[str, core.Report]:
        report(answered, first, SOUTH, {"EQP-1": 4})
        return builds(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(reports, "builds", meanwhile)
    assert refusal(answered, languages=["en"]) == ["REPORT-005"]
    assert not Report.objects.exists()


@pytest.mark.req("R10.73")
def test_later_changes_are_listed(answered: Round) -> None:
    made = publish(answered, languages=["en"])
    assert queries.since(made) == []
    said = queries.says(made, "en")
    user = answered.assessors.get(code="A1-E1").app_user
    phone.send(phone.sender(user), answers(answered, SOUTH, {"EQP-1": 2}))
    assert queries.since(made) == []  # it waits
    report(answered, user, SOUTH, {"EQP-1": 2, "EQP-2": 1}, day="2025-09-21")
    found = {(one.what, one.code): (one.before, one.now) for one in queries.since(made)}
    assert found["cell", f"{SOUTH} EQP-1"] == ([0, 0], [2, 2])
    assert found["cell", f"{SOUTH} EQP-2"] == (None, [1, 1])
    assert {what for what, _code in found} == {"country", "pillar", "unit", "cell"} | (
        {"answers"} if ("answers", "A1") in found else set()
    )
    assert queries.says(made, "en") == said
