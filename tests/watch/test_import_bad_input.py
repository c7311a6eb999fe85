"""Files as they come: wrong dates, wrong encodings, rows that disagree, formulas, nonsense."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import make
import pytest
from django.conf import settings

from pasaj.access.rules import SYSTEM
from pasaj.core.problems import Problem, Refused
from pasaj.watch.models import Import, Observation, Series
from pasaj.watch.services import imports

MAPPING = """
period: {column: Date, type: day}
crossing: {column: Point}
values: [{column: Returned, measure: returns}]
"""
HEAD = "Date,Point,Returned\n"
ACCENTS = HEAD + "2025-09-01,Nòpòt,12\n"


def imported(data: str | bytes, mapping: str = MAPPING, **fields: Any) -> Import:
    raw = data.encode() if isinstance(data, str) else data
    row = imports.open_import(
        file=io.BytesIO(raw), filename="counts.csv", mapping=mapping, source="REG", actor=SYSTEM, now=make.NOW, **fields
    )
    return imports.run(row.pk, now=make.NOW)


def refused(row: Import) -> list[list[str]]:
    path = Path(settings.PASAJ_HOME) / "files" / row.refused_path
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def problems(row: Import) -> list[tuple[str, int | None, str]]:
    return [(one.code, one.row, one.column) for one in map(Problem.of, row.problems)]


def outcome(row: Import) -> tuple[str, int, int, int, int]:
    return row.state, row.rows_new, row.rows_changed, row.rows_unchanged, row.rows_refused


@pytest.mark.parametrize(
    ("line", "code", "column"),
    [
        ("2025-02-29,Northgate,1", "OBS-001", "Date"),
        ("2025-13-01,Northgate,1", "OBS-001", "Date"),
        ("31/02/2025,Northgate,1", "OBS-018", "Date"),
        ("2025-10-02,Northgate,1", "OBS-002", "Date"),
        ("2025-09-01,Northgate,-4", "OBS-003", "Returned"),
        ("2025-09-01,Northgate,2.5", "OBS-004", "Returned"),
        ("2025-09-01,Nortgate,1", "OBS-005", "Point"),
        ("2025-09-01,Xyzzy,1", "OBS-006", "Point"),
        ("2025-09-01,Northgate,99999999999", "OBS-012", "Returned"),
        ("2025-09-01,Northgate,twelve", "OBS-016", "Returned"),
        ("2025-09-01,Northgate,1,2,3", "IMPORT-006", ""),
        ("2025-09-01,,1", "IMPORT-019", "Point"),
        (",Northgate,1", "IMPORT-019", "Date"),
    ],
    ids=lambda one: one if isinstance(one, str) and one[:1].isupper() else "",
)
def test_a_bad_row_is_refused_and_the_others_are_taken(
    country: make.Country, line: str, code: str, column: str
) -> None:
    row = imported(f"{HEAD}2025-09-05,Northgate,3\n{line}\n2025-09-06,Southgate,4\n")
    assert outcome(row) == ("done", 2, 0, 0, 1)
    assert problems(row) == [(code, 3, column)]
    header, bad = refused(row)
    assert header == ["row", "reasons", "Date", "Point", "Returned"]
    assert (bad[0], bad[1].split(":")[0], bad[2:]) == ("3", code, line.split(","))


def test_the_nearest_name_is_suggested(country: make.Country) -> None:
    row = imported(f"{HEAD}2025-09-05,Nortgate,3\n")
    assert "Northgate (TL-BCP-NOR)" in Problem.of(row.problems[0]).remedy()


def test_code_name_and_alias_without_accents_or_case(country: make.Country) -> None:
    row = imported(f"{HEAD}2025-09-01,tl-bcp-nor,1\n2025-09-02,NORTHGATE,2\n2025-09-03,nopot,3\n2025-09-04,Nòpòt,4\n")
    assert outcome(row) == ("done", 4, 0, 0, 0)
    assert [one.code for one in Series.objects.all()] == ["TL-BCP-NOR.returns.in.total.REG.day"]


def test_rows_that_disagree_are_both_refused(country: make.Country) -> None:
    row = imported(
        f"{HEAD}2025-09-01,Northgate,5\n2025-09-02,Northgate,6\n2025-09-01,TL-BCP-NOR,7\n2025-09-01,nopot,5\n"
    )
    assert outcome(row) == ("done", 1, 0, 0, 3)
    assert problems(row) == [
        ("IMPORT-007", 2, "Returned"),
        ("IMPORT-007", 4, "Returned"),
        ("IMPORT-007", 5, "Returned"),
    ]
    said = [(one.params["value"], one.params["first"], one.params["other"]) for one in map(Problem.of, row.problems)]
    assert said == [("5", 4, "7"), ("7", 2, "5"), ("5", 4, "7")]
    assert list(Observation.objects.values_list("period_start__day", "value")) == [(2, 6)]


def test_rows_that_agree_count_once(country: make.Country) -> None:
    row = imported(f"{HEAD}2025-09-01,Northgate,5\n2025-09-01,Northgate,5\n")
    assert outcome(row) == ("done", 1, 0, 1, 0)
    assert Observation.objects.count() == 1


@pytest.mark.parametrize(
    ("encoding", "found", "certain"),
    [
        ("utf-8", "utf-8", True),
        ("utf-8-sig", "utf-8-sig", True),
        ("utf-16", "utf-16", True),
        ("utf-16-le", "utf-16-le", True),
        ("cp1252", "cp1252", False),
    ],
)
def test_encodings_are_found_and_said(country: make.Country, encoding: str, found: str, certain: bool) -> None:
    row = imported(ACCENTS.encode(encoding))
    assert outcome(row) == ("done", 1, 0, 0, 0)
    assert (row.result["encoding"], row.result["certain"]) == (found, certain)
    assert Observation.objects.get().series.code == "TL-BCP-NOR.returns.in.total.REG.day"


def test_an_accent_far_down_still_decides(country: make.Country, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sample is plain ASCII; the rest shows that the file is not UTF-8."""
    monkeypatch.setattr("pasaj.watch.services.reading.SAMPLE", 40)
    row = imported((HEAD + "2025-09-01,Southgate,1\n" * 3 + "2025-09-02,Nòpòt,2\n").encode("cp1252"))
    assert (row.result["encoding"], row.rows_new, row.rows_unchanged) == ("cp1252", 2, 2)


def test_a_stated_encoding_that_is_wrong(country: make.Country) -> None:
    row = imported(ACCENTS.encode("cp1252"), MAPPING + "encoding: utf-8\n")
    assert (row.state, problems(row)) == ("failed", [("IMPORT-002", None, "")])


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "IMPORT-003"),
        (b"\n\n  \n", "IMPORT-003"),
        (HEAD.encode(), "IMPORT-017"),
        (b"PK\x03\x04 a workbook", "IMPORT-001"),
        (b"Date,Point,Returned\n\x00\x01\x02\x03,\n", "IMPORT-001"),
        (b"Day,Point,Returned\n2025-09-01,Northgate,1\n", "IMPORT-004"),
        (b"Date,Date,Point,Returned\n2025-09-01,2025-09-01,Northgate,1\n", "IMPORT-005"),
    ],
    ids=["empty", "blank", "header only", "workbook", "binary", "column missing", "column twice"],
)
def test_a_file_that_cannot_be_read_fails_whole(country: make.Country, data: bytes, code: str) -> None:
    row = imported(data)
    assert (row.state, [one[0] for one in problems(row)], row.applied_at) == ("failed", [code], None)
    assert (Observation.objects.count(), Series.objects.count()) == (0, 0)


def test_an_open_quotation_mark(country: make.Country) -> None:
    row = imported(f'{HEAD}2025-09-01,Northgate,1\n2025-09-02,"Southgate,2\n')
    assert (row.state, row.rows_new, problems(row)) == ("done", 1, [("IMPORT-015", 3, "")])


def test_a_line_without_end_does_not_fill_the_memory(country: make.Country, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pasaj.watch.services.reading.LONGEST_LINE", 1000)
    row = imported(HEAD + "2025-09-01,Northgate," + "1" * 5000)
    assert (row.state, [one[0] for one in problems(row)]) == ("failed", ["IMPORT-015"])


def test_a_number_that_reads_two_ways(country: make.Country) -> None:
    row = imported(f'{HEAD}2025-09-01,Northgate,"1,234"\n')
    assert problems(row) == [("IMPORT-014", 2, "Returned")]
    again = imported(f'{HEAD}2025-09-01,Northgate,"1,234"\n', MAPPING + 'decimal: "."\n')
    assert outcome(again) == ("done", 1, 0, 0, 0)


def test_formulas_in_refused_rows_are_made_harmless(country: make.Country) -> None:
    row = imported(f'{HEAD}"=HYPERLINK(""http://x"")",@SUM(1),+cmd\n')
    assert refused(row)[1][2:] == ['\'=HYPERLINK("http://x")', "'@SUM(1)", "'+cmd"]


def test_a_second_row_of_hxl_tags_is_passed_over(country: make.Country) -> None:
    row = imported(f"{HEAD}#date,#loc+name,#indicator+num\n2025-09-01,Northgate,1\n")
    assert outcome(row) == ("done", 1, 0, 0, 0)


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        ("", "IMPORT-008"),
        ("- a\n- b\n", "IMPORT-008"),
        ("a: [1", "IMPORT-013"),
        ("a: &x [1]\nb: *x\n", "IMPORT-013"),
        (MAPPING + "colour: red\n", "IMPORT-009"),
        ("crossing: {column: Point}\nvalues: [{column: Returned, measure: returns}]\n", "IMPORT-010"),
        (MAPPING + "decimal: '!'\n", "IMPORT-011"),
    ],
)
def test_mappings_that_say_nothing_useful(country: make.Country, mapping: str, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        imported(f"{HEAD}2025-09-01,Northgate,1\n", mapping)
    assert [one.code for one in refusal.value.problems] == [code]
    assert Import.objects.count() == 0


def test_a_key_of_the_mapping_stands_once(country: make.Country) -> None:
    with pytest.raises(Refused) as refused:
        imported(HEAD, MAPPING + "decimal: '.'\ndecimal: ','\n")
    assert [one.code for one in refused.value.problems] == ["IMPORT-013"]
    assert "“decimal” stands twice" in refused.value.problems[0].text()


def test_what_the_mapping_says_for_all_rows_is_told_once(country: make.Country) -> None:
    mapping = MAPPING.replace("returns}", "retruns, category: x}, {column: Returned, measure: returns, category: x}")
    row = imported(HEAD + "2025-03-01,x,1\n2025-03-02,y,1\n", mapping.replace("{column: Point}", "Nortgate"))
    assert (row.state, problems(row)) == (
        "failed",
        [("OBS-008", None, ""), ("OBS-009", None, ""), ("OBS-005", None, "")],
    )


def test_the_first_line_of_excel_names_the_separator(country: make.Country) -> None:
    row = imported("sep=|\r\n" + ACCENTS.replace(",", "|"))
    assert (outcome(row), row.result["delimiter"]) == (("done", 1, 0, 0, 0), "|")


def test_an_unknown_source(country: make.Country) -> None:
    with pytest.raises(Refused) as refusal:
        imports.open_import(
            file=io.BytesIO(b""), filename="x", mapping=MAPPING, source="NOPE", actor=SYSTEM, now=make.NOW
        )
    assert [one.code for one in refusal.value.problems] == ["OBS-011"]


def test_the_name_of_an_upload_is_only_a_name(country: make.Country) -> None:
    row = imports.open_import(
        file=io.BytesIO(ACCENTS.encode()), filename="../../etc/passwd", mapping=MAPPING, source="REG",
        actor=SYSTEM, now=make.NOW,
    )  # fmt: skip
    assert (row.filename, row.path) == ("passwd", f"imports/{row.code}.csv")


def test_an_upload_that_disappeared(country: make.Country) -> None:
    row = imports.open_import(
        file=io.BytesIO(ACCENTS.encode()), filename="x.csv", mapping=MAPPING, source="REG", actor=SYSTEM, now=make.NOW
    )
    imports.remove_files(row)
    assert problems(imports.run(row.pk, now=make.NOW)) == [("IMPORT-016", None, "")]


def test_blank_zero_and_not_applicable(country: make.Country) -> None:
    row = imported(
        f"{HEAD}2025-09-01,Northgate,\n2025-09-02,Northgate,0\n2025-09-03,Northgate,closed\n2025-09-04,Northgate,-\n",
        MAPPING + "not_applicable: [closed]\n",
    )
    assert outcome(row) == ("done", 2, 0, 0, 0)
    found = Observation.objects.order_by("period_start").values_list("period_start__day", "state", "value")
    assert list(found) == [(2, "reported", 0), (3, "na", None)]
