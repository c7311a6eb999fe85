"""From a workbook to a version that is served for ever, and every way in which a workbook is wrong."""

from __future__ import annotations

import hashlib
import io
import shutil
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import make
import pytest
from collect.workbooks import COUNTS, HEADER, NAMED, counts, workbook
from django.conf import LazySettings
from django.db import DatabaseError, transaction
from django.utils import timezone

from pasaj.access.models import AuditEntry
from pasaj.collect import jobs
from pasaj.collect.models import Form, FormDefinition, FormUpload, FormVersion
from pasaj.collect.services import conversion
from pasaj.core.forms.fields import from_plain
from pasaj.core.problems import Problem, Refused

HandIn = Callable[..., FormUpload]
JAVA = shutil.which("java") is not None
pytestmark = pytest.mark.django_db


def said(row: FormUpload) -> list[tuple[str, str, int | None, str]]:
    problems = [Problem.of(one) for one in row.problems]
    return [(one.code, one.file, one.row, one.column) for one in problems]


def test_a_form_is_stored_as_it_will_be_served(hand_in: HandIn, home_folder: Path) -> None:
    data = counts()
    row = hand_in(data)
    assert (row.state, row.problems, row.phase, row.done, row.total) == ("done", [], "", 5, 5)
    version = row.version
    assert version is not None
    assert (version.form.form_id, version.version, version.number, version.state) == ("daily", "1", 1, "draft")
    assert (version.languages, version.default_language, version.validated) == (["fr", "ht"], "fr", JAVA)
    assert (version.form.names, version.findings) == ({"fr": "Rapport"}, [])
    definition = version.definition
    xml = bytes(definition.xml)
    assert definition.sha256 == hashlib.sha256(xml).hexdigest()
    assert definition.md5 == hashlib.md5(xml, usedforsecurity=False).hexdigest()
    assert [one.path for one in from_plain(version.fields)] == [
        "crossing", "day", "entries", "returns", "note", "meta/instanceID",
    ]  # fmt: skip
    assert (home_folder / "files" / version.source_path).read_bytes() == data
    told = AuditEntry.objects.order_by("id").values_list("action", "code")
    assert list(told) == [("form.uploaded", row.code), ("form.stored", "daily")]


def test_a_definition_never_changes(hand_in: HandIn) -> None:
    version = hand_in(counts()).version
    with pytest.raises(DatabaseError), transaction.atomic():
        FormDefinition.objects.filter(version=version).update(xml=b"other")
    with pytest.raises(DatabaseError), transaction.atomic():
        FormDefinition.objects.filter(version=version).delete()


def test_the_same_file_twice_is_one_version(hand_in: HandIn) -> None:
    first, second = hand_in(counts()), hand_in(counts())
    assert first.version == second.version
    assert FormVersion.objects.count() == 1


def test_the_same_version_with_other_content_is_refused(hand_in: HandIn) -> None:
    hand_in(counts())
    row = hand_in(counts("1", ("integer", "staff", "Agents présents", "Ajan prezan")))
    assert (row.state, said(row)) == ("failed", [("FORM-012", "settings", 2, "version")])
    assert hand_in(counts("2", ("integer", "staff", "Agents présents", "Ajan prezan"))).state == "done"
    kept = FormVersion.objects.order_by("number").values_list("version", "number")
    assert list(kept) == [("1", 1), ("2", 2)]


def test_a_form_without_a_version_gets_one_and_keeps_it(hand_in: HandIn) -> None:
    data = workbook(*COUNTS, settings={"form_id": "daily"})
    first = hand_in(data).version
    assert first is not None
    assert first.version == "20251001080000"  # local time
    assert hand_in(data).version == first
    assert first.form.names == {"fr": "daily"}


def test_titles_in_each_language(hand_in: HandIn) -> None:
    titles = {"title_fr": "Rapport", "title_ht": "Rapò"}
    version = hand_in(workbook(*COUNTS, settings={"form_id": "daily", "version": "3", **titles})).version
    assert version is not None
    assert version.form.names == {"fr": "Rapport", "ht": "Rapò"}
    assert "<h:title>Rapport</h:title>" in bytes(version.definition.xml).decode()


def test_a_later_version_keeps_the_meaning(hand_in: HandIn) -> None:
    FormVersion.objects.filter(pk=hand_in(counts()).version_id).update(meaning={"place": "crossing"})
    version = hand_in(counts("2")).version
    assert version is not None
    assert version.meaning == {"place": "crossing"}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", [("FORM-001", "form.xlsx", None, "")]),
        (b"type,name\ntext,a\n", [("FORM-001", "form.xlsx", None, "")]),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, [("FORM-001", "form.xlsx", None, "")]),
        (b"\x01\x02\x03", [("FORM-001", "form.xlsx", None, "")]),
        (counts()[:3000], [("FORM-034", "form.xlsx", None, "")]),
        (workbook(*COUNTS, sheet="Feuil1"), [("FORM-005", "form.xlsx", None, "")]),
        (workbook(), [("FORM-032", "survey", None, "")]),
        (workbook(*COUNTS, settings={}), [("FORM-010", "settings", 2, "form_id")]),
        (workbook(*COUNTS, settings={"form_id": "a b"}), [("FORM-011", "settings", 2, "form_id")]),
        (
            workbook(*COUNTS, settings={"form_id": "a", "public_key": "MIIB", "submission_url": "https://x.org"}),
            [("COLLECT-119", "settings", 2, "public_key"), ("FORM-035", "settings", 2, "submission_url")],
        ),
        (workbook(("text", "a", "x" * 10_001)), [("FORM-006", "survey", 2, "")]),
        (workbook(("text", "a", "A", "A", "${zz} = 1")), [("FORM-014", "survey", 2, "relevant")]),
        (workbook(("textt", "a", "A", "A")), [("FORM-013", "survey", 2, "type")]),
        (
            workbook((), ("select_one yn", "a", "A", "A"), choices=[("list_name", "name", "label"), ("x", "y", "Y")]),
            [("FORM-016", "survey", 3, "type")],
        ),
        (workbook(("text", "a", "A", "A"), ("text", "a", "B", "B")), [("FORM-015", "survey", 3, "name")]),
        (workbook(("begin group", "g", "G", "G"), ("text", "a", "A", "A")), [("FORM-019", "survey", 2, "")]),
        (workbook(("text", "a b", "A", "A")), [("FORM-022", "survey", 2, "name")]),
        (workbook(("text", "a")), [("FORM-044", "survey", 2, "label")]),
    ],
)
def test_a_wrong_workbook_is_told_where_and_why(
    hand_in: HandIn, data: bytes, expected: list[tuple[str, str, int | None, str]]
) -> None:
    row = hand_in(data)
    assert (row.state, said(row), row.version) == ("failed", expected, None)
    assert list(AuditEntry.objects.order_by("id").values_list("action", flat=True)) == ["form.uploaded", "form.failed"]
    assert Form.objects.count() == 0


@pytest.mark.skipif(not JAVA, reason="ODK Validate needs Java")
@pytest.mark.parametrize(
    ("survey", "expected"),
    [
        ((("integer", "a", "A", "A", "", "", ". >< 1"),), ("FORM-017", "survey", 2, "constraint")),
        ((("integer", "a", "A", "A", "(1 + 2"),), ("FORM-017", "survey", 2, "relevant")),
        (((), ("calculate", "a", "", "", "", "foo(1)"), COUNTS[2]), ("FORM-017", "survey", 3, "calculation")),
        (
            (("calculate", "a", "", "", "", "${b}+1"), ("calculate", "b", "", "", "", "${a}+1"), COUNTS[2]),
            ("FORM-018", "survey", 2, "calculation"),
        ),
    ],
)
def test_what_only_validate_sees(hand_in: HandIn, survey: tuple[tuple[str, ...], ...], expected: object) -> None:
    assert said(hand_in(workbook(*survey))) == [expected]


def test_without_java_it_says_so(hand_in: HandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    row = hand_in(counts())
    assert row.version is not None
    assert (row.state, row.version.validated, conversion.java()) == ("done", False, "")


def changed(data: bytes, *, add: dict[str, bytes], types: tuple[bytes, bytes] = (b"", b"")) -> bytes:
    """The same workbook with further files in it, and other words in its list of types."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for name in set(source.namelist()) - add.keys():
            content = source.read(name)
            target.writestr(name, content.replace(*types) if name == "[Content_Types].xml" and types[0] else content)
        for name, content in add.items():
            target.writestr(name, content)
    return file.getvalue()


def test_macros_bombs_and_other_archives(hand_in: HandIn) -> None:
    macros = changed(counts(), add={"xl/vbaProject.bin": b"x"})
    assert said(hand_in(macros, filename="form.xlsm")) == [("FORM-002", "form.xlsm", None, "")]
    bomb = changed(counts(), add={"xl/big.xml": b"\0" * 90_000_000})
    assert len(bomb) < 1_000_000
    assert said(hand_in(bomb)) == [("FORM-004", "form.xlsx", None, "")]
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("a.txt", "a")
    assert said(hand_in(other.getvalue())) == [("FORM-001", "form.xlsx", None, "")]
    word = changed(counts(), add={}, types=(b"spreadsheetml", b"wordprocessingml"))
    assert said(hand_in(word)) == [("FORM-001", "form.xlsx", None, "")]
    broken = changed(counts(), add={"xl/worksheets/sheet1.xml": b"<worksheet"})
    assert said(hand_in(broken)) == [("FORM-034", "form.xlsx", None, "")]


def test_a_file_too_large_is_not_kept(hand_in: HandIn, home_folder: Path) -> None:
    with pytest.raises(Refused) as refused:
        hand_in(b"PK" + b"\0" * 10_000_001)
    assert [one.code for one in refused.value.problems] == ["FORM-003"]
    assert (FormUpload.objects.count(), (home_folder / "files").exists()) == (0, False)


def test_a_conversion_that_takes_too_long_is_ended(hand_in: HandIn, settings: LazySettings) -> None:
    settings.PASAJ_FORM_SECONDS = 0
    row = hand_in(counts())
    assert (row.state, said(row)) == ("failed", [("FORM-008", "", None, "")])


def test_five_thousand_questions_end_one_way_or_the_other(hand_in: HandIn, settings: LazySettings) -> None:
    settings.PASAJ_FORM_SECONDS = 6
    chained = [("integer", f"q{at}", f"Q{at}", f"Q{at}", f"${{q{at - 1}}} > 0" if at else "") for at in range(5000)]
    row = hand_in(workbook(*chained))
    assert [code for code, *_place in said(row)] in ([], ["FORM-008"], ["FORM-009"], ["FORM-021"])


def test_publishing_at_once_when_nothing_stands_against_it(hand_in: HandIn) -> None:
    row = hand_in(counts(), publish=True)
    assert row.version is not None
    assert (row.version.state, said(row)) == ("published", [])
    refused = hand_in(counts("2", NAMED), publish=True)
    assert refused.version is not None
    assert (refused.state, refused.version.state) == ("done", "draft")
    assert said(refused) == [("FORM-024", "", None, ""), ("COLLECT-101", "survey", 7, HEADER[2])]
    assert hand_in(counts(), publish=True).version == row.version


def test_what_waits_is_woken_and_claimed_once(cast: make.Cast, home_folder: Path) -> None:
    actor = cast.actor("duty")
    row = conversion.upload(file=io.BytesIO(counts()), filename="a.xlsx", actor=actor, now=make.NOW)
    now = timezone.now()
    assert (jobs.wake_waiting(now), jobs.wake_waiting(now)) == (1, 0)
    jobs.run_conversion.call(row.pk)
    row.refresh_from_db()
    assert row.state == "done"
    assert jobs.wake_waiting(now + timedelta(days=1)) == 0


def meant(text: str, version: str = "1", *survey: tuple[object, ...]) -> bytes:
    said_ = {"form_id": "daily", "form_title": "Rapport", "version": version, "pasaj_meaning": text}
    return workbook(*(survey or COUNTS), settings=said_)


MEANT = "place: crossing\nperiod: day\nsource: {code: REG}\nfigures:\n- {question: entries, measure: entries}\n"


def test_the_settings_sheet_says_what_the_answers_mean(hand_in: HandIn) -> None:
    version = hand_in(meant(MEANT)).version
    assert version is not None
    figures = [{"question": "entries", "measure": "entries"}]
    assert version.meaning == {"place": "crossing", "period": "day", "source": {"code": "REG"}, "figures": figures}
    assert b"pasaj_meaning" not in bytes(version.definition.xml)
    heir = hand_in(counts("2")).version
    assert heir is not None
    assert heir.meaning == version.meaning
    other = hand_in(workbook(*COUNTS[:2], settings={"form_id": "daily", "version": "3", "form_title": "R"})).version
    assert other is not None
    assert other.meaning == {}  # it asks something else
    assert hand_in(meant("", "4", *COUNTS)).problems == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("place: [", [("MEANING-001", "settings", 2, "pasaj_meaning")]),
        (MEANT.replace("entries", "entrees"), [("MEANING-004", "settings", None, "figures[1].question")]),
        ("just words", [("MEANING-001", "settings", None, "")]),
    ],
)
def test_a_meaning_that_cannot_be_is_told_at_once(
    hand_in: HandIn, text: str, expected: list[tuple[str, str, int | None, str]]
) -> None:
    row = hand_in(meant(text))
    assert (row.state, said(row)) == ("failed", expected)
    assert FormVersion.objects.count() == 0


def test_a_damaged_workbook_is_told_without_where_it_lies(hand_in: HandIn, home_folder: Path) -> None:
    damaged = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(counts())) as good, zipfile.ZipFile(damaged, "w") as out:
        for name in good.namelist():
            out.writestr(name, b"<broken" if name.endswith("sheet1.xml") else good.read(name))
    row = hand_in(damaged.getvalue())
    assert said(row) == [("FORM-034", "form.xlsx", None, "")]
    assert str(home_folder) not in str(row.problems)


@pytest.mark.skipif(not JAVA, reason="needs Java")
def test_a_choice_without_a_label_is_found_by_its_row(hand_in: HandIn) -> None:
    choices = [("list_name", "name", "label"), ("yn", "yes", None), ("yn", "no", "No")]
    row = hand_in(workbook(("select_one yn", "a", "A", "A"), choices=choices))
    assert said(row) == [("FORM-047", "choices", 2, "label")]
