"""Files and mappings that somebody made to break things: refused with a code, on both databases."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import make
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from pasaj.access.rules import SYSTEM
from pasaj.core.problems import Problem, Refused
from pasaj.watch.models import Import, Observation
from pasaj.watch.services import imports

MAPPING = """
period: {column: Date, type: day}
crossing: {column: Point}
values: [{column: Returned, measure: returns}]
note: {column: Note}
"""
HEAD = "Date,Point,Returned,Note\n"
GOOD = "2025-09-05,Northgate,3,\n"


def opened(data: str | bytes, mapping: str | bytes = MAPPING, **fields: Any) -> Import:
    raw = data.encode() if isinstance(data, str) else data
    given = {"filename": "counts.csv", "source": "REG", "actor": SYSTEM, "now": make.NOW, **fields}
    return imports.open_import(file=io.BytesIO(raw), mapping=mapping, **given)


def imported(data: str | bytes, mapping: str = MAPPING) -> Import:
    return imports.run(opened(data, mapping).pk, now=make.NOW)


def codes(row: Import) -> list[tuple[str, int | None]]:
    return [(one.code, one.row) for one in map(Problem.of, row.problems)]


WHOLE = MAPPING.replace("note: {column: Note}\n", "")


@pytest.mark.parametrize(
    "rest",
    [
        "missing: [&a x, *a]",  # an alias: enough of them unfold into gigabytes
        "note: !!binary aGVsbG8=",
        "note: !!timestamp 2020-01-01",
        "note: !!float .nan",
        "missing: !!set {a, b}",
        "note: !!python/object/apply:os.system [id]",
        "missing: !!omap [a: b]",
        'note: "a\\0b"',
        'note: "\\ud800"',
        'quality: {column: Note, words: {"\\ud800": exact}}',
        "quality: {column: Note, words: {!!binary aGVsbG8=: exact}}",
        "quality: {column: Note, words: {[a, b]: exact}}",
        f"note: {'9' * 100_001}",
        f"note: {'[' * 9000}",
        f"note: {'{a: ' * 5000}",
        "---\nx: z",
        "note: \x07",
    ],
    ids=lambda text: text[:30],
)
def test_a_mapping_that_would_harm_is_refused(country: make.Country, as_: Callable[[str], Client], rest: str) -> None:
    mapping = f"{WHOLE}{rest}\n"
    with pytest.raises(Refused):
        opened(HEAD + GOOD, mapping)
    file = SimpleUploadedFile("counts.csv", (HEAD + GOOD).encode())
    given = SimpleUploadedFile("m.yaml", mapping.encode())
    answer = as_("duty").post("/imports/new", {"file": file, "mapping_file": given})
    assert (answer.status_code, Import.objects.count()) == (422, 0)


def test_words_of_a_mapping_stay_what_was_typed(country: make.Country) -> None:
    row = opened(HEAD + GOOD, f"{WHOLE}note: no\ncitation: 2024-01-01\nmissing: [~, 1e3, 0o7]\n")
    assert [row.mapping[key] for key in ("note", "citation", "missing")] == ["no", "2024-01-01", [None, "1e3", "0o7"]]


@pytest.mark.parametrize(
    "encoding", ["zlib_codec", "base64", "rot13", "unicode_escape", "raw_unicode_escape", "utf-7", "idna", "punycode"]
)
def test_only_alphabets_are_encodings(country: make.Country, encoding: str) -> None:
    """Others unpack, run for ever, or give letters that no database takes."""
    row = imported(HEAD + "2025-09-05,Northgate,3,\\ud800\\u0000\n", f"{MAPPING}\nencoding: {encoding}")
    assert (row.state, codes(row)) == ("failed", [("IMPORT-011", None)])


def test_a_date_format_that_says_a_thing_twice(country: make.Country) -> None:
    twice = MAPPING.replace("type: day", "type: day, format: '%d/%m/%Y %d'")
    with pytest.raises(Refused) as error:
        opened("Date,Point,Returned,Note\n05/09/2025 05,Northgate,3,\n", twice)
    assert [one.code for one in error.value.problems] == ["IMPORT-011"]


def test_a_nul_is_no_text(country: make.Country) -> None:
    stated = f"{MAPPING}\nencoding: utf-8"
    row = imported(f"{HEAD}{GOOD}2025-09-06,Northgate,4,a\0b\n2025-09-06,X\0,5,\n", stated)
    assert (row.state, codes(row)) == ("done", [("IMPORT-015", 3), ("IMPORT-015", 4)])
    assert list(Observation.objects.values_list("value", flat=True)) == [3]
    assert imported(f"a\0b,{HEAD}{GOOD}", stated).state == "failed"


@pytest.mark.parametrize(
    "cell", ["9" * 5000, "1e400", "NaN", "Infinity", "0." + "0" * 5000 + "1", "-0", "٣", "1_000", "0x10", "--5", "+"]
)
def test_numbers_that_are_none(country: make.Country, cell: str) -> None:
    row = imported(f"{HEAD}2025-09-05,Northgate,{cell},\n")
    assert row.state == "done"
    found = list(Observation.objects.values_list("value", flat=True))
    assert found == ([0] if cell == "-0" else [])


def test_overlong_cells_and_lines(country: make.Country) -> None:
    row = imported(f"{HEAD}2025-09-05,{'x' * 100_000},3,\n2025-09-06,Northgate,4,{'y' * 100_000}\n")
    assert (row.state, codes(row)) == ("done", [("OBS-006", 2)])
    assert imported(f"{HEAD}{GOOD}2025-09-06,{'x' * 1_000_000},3,\n").state == "failed"


@pytest.mark.parametrize(
    "name", ["../../evil.csv", "a/b.csv", "..", "<script>alert(77)</script>.csv", 'a"\r\nb.csv', "=1+1.csv"]
)
def test_a_file_name_is_only_a_name(country: make.Country, as_: Callable[[str], Client], name: str) -> None:
    folder = Path(settings.PASAJ_HOME) / "files"
    before = {path for path in folder.parent.rglob("*") if path.parent != folder / "imports"}
    row = opened(HEAD + GOOD + "2025-09-06,Xyzzy,1,\n", filename=name, dry_run=True)
    imports.run(row.pk, now=make.NOW)
    assert {path for path in folder.parent.rglob("*") if path.parent != folder / "imports"} == before
    row.refresh_from_db()
    assert row.path == f"imports/{row.code}.csv"
    client = as_("duty")
    for url in (f"/imports/{row.code}/", "/imports/", "/jobs/", "/imports/new"):
        page = client.get(url).content.decode()
        assert "<script>alert" not in page


def test_refused_rows_leave_without_formulas_in_head_and_cells(
    country: make.Country, cast: make.Cast, as_: Callable[[str], Client]
) -> None:
    head = 'Date,Point,Returned,Note,"=HYPERLINK(""http://evil.example"",1)",@x\n'
    data = head + "2025-09-05,=1+1,3,,+1+1,-1\n2025-09-06,'=2+2,4,,|calc,\t=1\n"
    row = imports.run(opened(data, actor=cast.actor("duty"), dry_run=True).pk, now=make.NOW)
    answer = as_("duty").get(f"/imports/{row.code}/refused.csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.reader(io.StringIO(text)))
    cells = [[cell for cell in line if cell not in rows[0][:2]] for line in rows]
    assert rows[0] == ["row", "reasons", "Date", "Point", "Returned", "Note",
                       "'=HYPERLINK(\"http://evil.example\",1)", "'@x"]  # fmt: skip
    assert [line[3] for line in rows[1:]] == ["'=1+1", "''=2+2"]
    assert [line[6:] for line in rows[1:]] == [["'+1+1", "-1"], ["'|calc", "'\t=1"]]
    assert not [cell for line in cells for cell in line if cell[:1] in "=+@|\t" and cell]
    assert answer["Content-Disposition"] == f'attachment; filename="{row.code}-refused.csv"'
