"""Frameworks as files: out through the gate, back in, and what people hand in instead."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import make
import pytest
from assess.frameworks import Stored, said
from core.frameworks import ROWS, table
from django.test import Client
from openpyxl import Workbook, load_workbook

from pasaj.assess.models import FrameworkVersion
from pasaj.assess.queries import in_use
from pasaj.assess.services import exports, workbooks
from pasaj.core.framework.tables import NAMES, tables
from pasaj.core.problems import Refused
from pasaj.share.models import Release

pytestmark = pytest.mark.django_db
FORMS = {"book": "xlsx", "zip": "zip"}


def taken(row: FrameworkVersion, form: str, cast: make.Cast) -> bytes:
    with exports.export(version=row, form=form, actor=cast.actor("partner"), now=make.NOW).file as file:
        return file.read()


def handed(data: bytes, cast: make.Cast, keep: bool = True, filename: str = "border.xlsx") -> workbooks.HandedIn:
    return workbooks.hand_in(
        file=io.BytesIO(data), filename=filename, keep=keep, actor=cast.actor("admin"), now=make.NOW
    )


def refusals(data: bytes, cast: make.Cast) -> list[str]:
    with pytest.raises(Refused) as refused:
        handed(data, cast)
    assert FrameworkVersion.objects.filter(state="draft").count() == 0
    return [one.code for one in refused.value.problems]


def book(grids: dict[str, Any]) -> bytes:
    made, out = Workbook(), io.BytesIO()
    made.remove(made.active)
    for name, rows in grids.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(out)
    return out.getvalue()


def grids(version: str = "2026.1") -> dict[str, Any]:
    return {name: [header, *rows] for name, (header, rows) in tables(said(version)).items()}


@pytest.mark.req("R10.3")
@pytest.mark.parametrize("form", FORMS)
def test_what_leaves_comes_back_the_same(stored: Stored, cast: make.Cast, form: str) -> None:
    risky = said(
        rows=table([(*ROWS[0][:10], "=1+1 ?", "'Quoted'?", "-", "+", "", "", "@a", "a;=b", "x", "y"), *ROWS[1:]])
    )
    row = stored(one=risky)
    data = taken(row, form, cast)
    assert refusals(data, cast) == ["FRAME-043"]
    found = workbooks.read_tables(workbooks.tables(io.BytesIO(data), "x"), "x")
    assert (found.problems, found.framework) == ((), risky)


def test_no_cell_of_the_file_is_a_formula(stored: Stored, cast: make.Cast) -> None:
    row = stored(one=said(rows=table([(*ROWS[0][:10], "=1+1 ?", *ROWS[0][11:]), *ROWS[1:]])))
    opened = load_workbook(io.BytesIO(taken(row, "book", cast)))
    assert opened.sheetnames == list(NAMES)
    cells = [cell for sheet in opened for line in sheet.iter_rows() for cell in line if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    with zipfile.ZipFile(io.BytesIO(taken(row, "zip", cast))) as archive:
        assert sorted(archive.namelist()) == sorted(f"{name}.csv" for name in NAMES)
        assert "'=1+1 ?" in archive.read("indicators.csv").decode("utf-8-sig")
    # Questions are no counts: the gate lets them by without a line in its book.
    assert Release.objects.count() == 0


@pytest.mark.req("R10.3")
def test_a_workbook_becomes_a_draft(stored: Stored, cast: make.Cast) -> None:
    stored()
    changed = grids("2026.2")
    changed["pillars"] = [
        (code, 2.0 if at else weight, *names) for at, (code, weight, *names) in enumerate(changed["pillars"])
    ]
    changed["notes"] = [("anything",)]
    only = handed(book(changed), cast, keep=False)
    assert (only.row, FrameworkVersion.objects.count()) == (None, 1)
    found = handed(book(changed), cast)
    assert found.row
    assert (found.row.version, found.row.state, found.row.origin) == ("2026.2", "draft", "upload")
    assert [one.weight for one in found.said.pillars] == [2, 2]
    assert in_use("border") == said()


@pytest.mark.req("R10.3")
def test_every_problem_with_its_row(cast: make.Cast) -> None:
    broken = grids()
    broken["indicators"][1] = ("LEG-01", "LAW", *broken["indicators"][1][2:])
    broken["indicators"][3] = (*broken["indicators"][3][:4], True, *broken["indicators"][3][5:-1], "<b>Yes")
    with pytest.raises(Refused) as refused:
        handed(book(broken), cast)
    assert [(one.code, one.row, one.column) for one in refused.value.problems] == [
        ("PACK-016", 2, "pillar"),
        ("FRAME-006", 4, "anchor_4_en"),
        ("FRAME-004", 4, "weight"),
    ]


def archive(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name.replace("__", "."), content)
    return out.getvalue()


@pytest.mark.req("R10.3")
@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (b"", ["FRAME-041"]),
        (b"%PDF-1.7", ["FRAME-041"]),
        (b"PK\x03\x04 cut", ["FRAME-041"]),
        (archive(readme__txt=b"x"), ["FRAME-018"] * 4),
        (archive(framework__csv=b"\xff\xfe"), ["FRAME-041"]),
        (archive(framework__csv=b'code\n"open'), ["FRAME-041"]),
        (archive(**{"[Content_Types]__xml": b"<a"}), ["FRAME-041"]),
        (archive(framework__csv=b"0" * (workbooks.UNPACKED + 1)), ["FRAME-042"]),
        (archive(**{f"f{at}__txt": b"" for at in range(workbooks.ENTRIES + 1)}), ["FRAME-042"]),
        (b"0" * (workbooks.LARGEST + 1), ["FRAME-042"]),
        (archive(indicators__csv=b"x\n" * (workbooks.ROWS + 2)), ["FRAME-041"]),
        (archive(indicators__csv=b"\n" * (workbooks.ROWS * 10 + 2)), ["FRAME-041"]),
        (archive(**{f"{name}__csv": b"" for name in NAMES}), ["PACK-053"] * 5 + ["PACK-012"]),
    ],
    ids=range(13),
)
def test_what_is_no_framework_is_told(data: bytes, codes: list[str], cast: make.Cast) -> None:
    assert refusals(data, cast) == codes


def test_cells_as_people_write_them(cast: make.Cast) -> None:
    rough = grids()
    rough["indicators"] = [(*row, None, "x" * 20_000 if not at else 1.5) for at, row in enumerate(rough["indicators"])]
    rough["indicators"] += [(None,)] * 50
    found = handed(book(rough), cast)
    assert found.said == said()
    assert [one.code for one in found.warnings][:1] == ["PACK-060"]


@pytest.mark.req("R10.3")
def test_the_file_is_handed_over_by_the_gate(stored: Stored, lead: Client) -> None:
    stored()
    for suffix, kind in (("xlsx", "spreadsheetml.sheet"), ("zip", "application/zip")):
        answer = lead.get(f"/assessment/frameworks/border/2026.1/file.{suffix}")
        data = b"".join(answer.streaming_content)
        assert (answer.status_code, answer["Content-Type"].endswith(kind), data[:2]) == (200, True, b"PK")
        assert f'filename="border-2026.1.{suffix}"' in answer["Content-Disposition"]
    assert lead.get("/assessment/frameworks/border/2026.1/file.pdf").status_code == 404


def test_numbers_and_yes_as_spreadsheets_keep_them() -> None:
    assert workbooks._bounded([[2.0, 1.5, 3, True, False, None, "'=x"], [None]]) == [
        ["2", "1.5", "3", "yes", "no", "", "=x"]
    ]
