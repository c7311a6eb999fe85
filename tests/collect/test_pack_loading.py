"""Forms of a pack go the way of every form, once."""

from __future__ import annotations

import io

import make
import pytest
from openpyxl import load_workbook

from pasaj.collect import jobs
from pasaj.collect.models import Form, FormUpload, FormVersion
from pasaj.collect.services import pack_forms
from pasaj.core.problems import Refused

SURVEY = "type,name,label::Français (fr),label::Kreyòl (ht)\ninteger,entries,Entrées,Antre\n"
FILES = {
    "pack.toml": b"",
    "forms/daily/survey.csv": SURVEY.encode(),
    "forms/daily/settings.csv": b"form_title,form_id,version\nRapport,daily,1\n",
    "forms/short/survey.csv": b"\xef\xbb\xbf" + SURVEY.replace("\n", "\r\n").encode(),
    "forms/lost/settings.csv": b"form_id\nlost\n",
    "forms/wrong name/survey.csv": SURVEY.encode(),
}
pytestmark = pytest.mark.django_db


def loaded(cast: make.Cast, files: dict[str, bytes]) -> list[FormUpload]:
    return pack_forms.load(files=files, convert=jobs.convert, actor=cast.actor("admin"), now=make.NOW)


def test_folders_are_found_by_their_survey() -> None:
    assert sorted(pack_forms.folders(FILES)) == ["daily", "short"]


def test_the_same_folder_gives_the_same_bytes() -> None:
    folder = {**pack_forms.folders(FILES)["daily"], "meaning.yaml": b"place: x\n"}
    data = pack_forms.workbook(folder, "daily")
    assert data == pack_forms.workbook(folder, "daily")
    book = load_workbook(io.BytesIO(data), read_only=True)
    rows = {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}
    book.close()
    head = ["type", "name", "label::Français (fr)", "label::Kreyòl (ht)"]
    assert rows == {
        "survey": [head, ["integer", "entries", "Entrées", "Antre"]],
        "settings": [["form_title", "form_id", "version", "pasaj_meaning"], ["Rapport", "daily", "1", "place: x\n"]],
    }


def test_a_sheet_that_is_no_csv_is_told() -> None:
    for broken in (b"\xff\xfe\x00", b'a,b\n"open,1\n'):
        with pytest.raises(Refused) as refused:
            pack_forms.workbook({"survey.csv": broken}, "daily")
        (found,) = refused.value.problems
        assert (found.code, found.file) == ("FORM-036", "forms/daily/survey.csv")


def test_a_pack_is_loaded_once(cast: make.Cast) -> None:
    seen: list[tuple[int, int]] = []
    first = pack_forms.load(
        files=FILES, convert=jobs.convert, actor=cast.actor("admin"), now=make.NOW,
        progress=lambda done, total: seen.append((done, total)),
    )  # fmt: skip
    assert [(one.filename, one.origin, one.problems) for one in first] == [
        ("daily.xlsx", "pack", []), ("short.xlsx", "pack", []),
    ]  # fmt: skip
    assert seen == [(1, 2), (2, 2)]
    states = FormVersion.objects.order_by("form__form_id").values_list("form__form_id", "form__origin", "state")
    assert list(states) == [("daily", "pack", "published"), ("short", "pack", "published")]
    assert loaded(cast, FILES) == []
    changed = {**FILES, "forms/daily/settings.csv": b"form_title,form_id,version\nRapport,daily,2\n"}
    assert [one.version and one.version.version for one in loaded(cast, changed)] == ["2"]
    assert Form.objects.count() == 2
    assert loaded(cast, FILES) == []  # an older pack takes nothing back


def test_a_form_of_the_pack_is_screened_like_every_other(cast: make.Cast) -> None:
    files = {**FILES, "forms/daily/survey.csv": SURVEY.encode() + b"text,who,Nom complet,Non konple\n"}
    row = loaded(cast, files)[0]
    assert [one["code"] for one in row.problems] == ["FORM-024", "COLLECT-101"]
    assert row.version is not None
    assert row.version.state == "draft"
