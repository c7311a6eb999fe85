"""Answers as files: columns of all versions, repeats as tables with keys, nothing that may not leave."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from typing import Any

import make
import pytest
from collect import filled
from django.test import Client
from openpyxl import load_workbook

from pasaj.access.models import AuditEntry
from pasaj.core.forms.fields import Field
from pasaj.share.models import Release

pytestmark = pytest.mark.django_db
As = Callable[[str], Client]
NORTH, SOUTH, UNOFFICIAL = "TL-BCP-NOR", "TL-BCP-SOU", "TL-UBP-01"
URL = "/collect/exports/market"


def tables(client: Client, query: str = "") -> dict[str, list[dict[str, str]]]:
    answer = client.get(f"{URL}.csv{query}")
    assert answer.status_code == 200
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    return {
        name: list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"), newline="")))
        for name in archive.namelist()
    }


@pytest.fixture
def who(country: make.Country) -> Any:
    return filled.sender(country)


def test_repeats_are_tables_tied_by_keys(country: make.Country, who: Any, as_: As) -> None:
    stalls = (
        "<stall><kind>rice</kind><price>2.5</price><worker><hours>8</hours></worker><worker><hours>4</hours></worker>"
        "</stall><stall><kind>oil</kind><price>3</price></stall>"
    )
    row = filled.report(who, "uuid:1", country, NORTH, stalls=stalls)
    key = row.receipt
    found = tables(as_("duty"))
    assert list(found) == ["market.csv", "stall.csv", "worker.csv"]
    (main,) = found["market.csv"]
    assert main == {
        "key": key, "receipt": key, "instance_id": "uuid:1", "form_version": "1",
        "received_at": row.received_at.isoformat(), "state": "received", "review": "new", "complete": "yes",
        "crossing": NORTH, "area": "", "period_start": "2025-09-30", "via": "key", "visit/count": "4",
        "visit/goods": "rice oil", "where": filled.POSITION, "note": "", "photo": "",
    }  # fmt: skip
    assert [tuple(one.values()) for one in found["stall.csv"]] == [
        (f"{key}/stall[1]", key, key, "rice", "2.5"), (f"{key}/stall[2]", key, key, "oil", "3"),
    ]  # fmt: skip
    assert [tuple(one.values()) for one in found["worker.csv"]] == [
        (f"{key}/stall[1]/worker[1]", f"{key}/stall[1]", key, "8"),
        (f"{key}/stall[1]/worker[2]", f"{key}/stall[1]", key, "4"),
    ]  # fmt: skip


def test_worksheets_in_words(country: make.Country, who: Any, as_: As) -> None:
    filled.report(who, "uuid:1", country, NORTH, note="=1+1")
    client = as_("duty")
    client.cookies["language"] = "fr"
    answer = client.get(f"{URL}.xlsx?labels=1")
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert book.sheetnames == ["market", "stall", "worker"]
    header, row = (list(one) for one in book["market"].iter_rows(values_only=True))
    told = dict(zip(header, row, strict=True))
    assert (told["Personnes"], told["Biens"], told["Note"]) == (4, "Riz, Oil", "'=1+1")
    stall = [[one.value for one in row] for row in book["stall"]]
    assert stall[0] == ["key", "parent_key", "receipt", "Kind", "Price"]
    assert stall[1][3:] == ["Riz", 2.5]  # numbers can be added up


def test_places_are_named_and_no_column_has_the_name_of_another(country: make.Country, as_: As) -> None:
    asked = [
        Field("crossing", "crossing", "select_one", labels={"fr": "Passage"}, choices_file="crossings.csv"),
        Field("post", "post", "text"),
        Field("persons", "persons", "integer", "int", labels={"fr": "Personnes"}),
    ]
    filled.phone.form("visits", fields=[one.plain() for one in asked])
    who = filled.phone.sender(filled.phone.key()[0])
    for number, (place, persons) in enumerate(((SOUTH, "12"), ("XX", "007"), ("", ""))):
        xml = (
            f"<data id='visits' version='1'><crossing>{place}</crossing><post>0012</post><persons>{persons}</persons>"
            f"<meta><instanceID>uuid:{number}</instanceID></meta></data>"
        )
        filled.phone.send(who, xml.encode())
    client = as_("duty")
    client.cookies["language"] = "fr"

    def sheet(query: str) -> list[tuple[Any, ...]]:
        answer = client.get(f"/collect/exports/visits.xlsx{query}")
        book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
        rows = list(book["visits"].iter_rows(values_only=True))
        at, last = rows[0].index("crossing"), len(rows[0]) - 3
        return [(row[at], *row[last:]) for row in rows]

    assert sheet("") == [
        ("crossing", "answer/crossing", "post", "persons"),
        (None, SOUTH, "0012", 12), (None, "XX", "0012", "007"), (None, None, "0012", None),
    ]  # fmt: skip
    assert sheet("?labels=1") == [
        ("crossing", "Passage", "post", "Personnes"),
        (None, f"Southgate ({SOUTH})", "0012", 12), (None, "XX", "0012", "007"), (None, None, "0012", None),
    ]  # fmt: skip


def test_columns_are_those_of_all_versions(country: make.Country, who: Any, as_: As) -> None:
    filled.report(who, "uuid:1", country, NORTH)
    newer = [
        Field("visit", "visit", "group"),
        Field("visit/count", "count", "integer"),
        Field("fresh", "fresh", "text"),
    ]
    filled.phone.form("market", version="2", fields=[one.plain() for one in newer])
    filled.report(who, "uuid:2", country, NORTH, version="2")
    rows = tables(as_("duty"))["market.csv"]
    assert [(one["form_version"], one["visit/count"], one["visit/goods"], one["fresh"]) for one in rows] == [
        ("1", "4", "rice oil", ""), ("2", "4", "rice oil", ""),
    ]  # fmt: skip
    assert list(rows[0])[12:15] == ["visit/count", "fresh", "visit/goods"]


@pytest.mark.req("R3.3")
def test_positions_leave_only_with_an_open_crossing(country: make.Country, who: Any, as_: As) -> None:
    for place in (NORTH, UNOFFICIAL, ""):
        filled.report(who, f"uuid:{place}", country, place)
    rows = tables(as_("duty"))["market.csv"]
    assert {one["crossing"]: one["where"] for one in rows} == {NORTH: filled.POSITION, UNOFFICIAL: "", "": ""}


@pytest.mark.req("R7.1")
def test_what_may_not_leave_does_not(country: make.Country, who: Any, as_: As) -> None:
    north = filled.report(who, "uuid:1", country, NORTH, note="open words")
    south = filled.report(who, "uuid:2", country, SOUTH)
    held = filled.report(who, "uuid:3", country, NORTH, note="kept", held=True, state="quarantined", reasons=["screen"])
    waits = filled.report(who, "uuid:4", country, NORTH, state="quarantined", reasons=["device"])
    gone = filled.report(who, "uuid:5", country, NORTH, note="removed words", state="redacted")
    found = {who: {one["receipt"] for one in tables(as_(who))["market.csv"]} for who in make.CAST if who != "stranger"}
    every = {north.receipt, south.receipt, gone.receipt}
    assert found == {
        **dict.fromkeys(("duty", "approver", "analyst", "admin", "dpo"), every),
        "chief": {north.receipt, gone.receipt}, "partner": set(),
    }  # fmt: skip
    assert as_("stranger").get(f"{URL}.csv").status_code == 404
    told = {one["receipt"]: one for one in tables(as_("dpo"))["market.csv"]}
    assert {value for value in told[gone.receipt].values() if value} == {gone.receipt, "redacted"}
    asked = tables(as_("dpo"), "?state=quarantined")["market.csv"]
    assert ([one["receipt"] for one in asked], held.receipt) == ([waits.receipt], held.receipt)


@pytest.mark.req("R3.5")
def test_each_file_is_a_release_and_an_entry(country: make.Country, who: Any, as_: As) -> None:
    filled.report(who, "uuid:1", country, NORTH)
    answer = as_("analyst").get(f"{URL}.xlsx?crossing={NORTH}&from=2025-01-01")
    assert (answer["X-Pasaj-Audience"], answer["Content-Disposition"]) == (
        "TLP:AMBER", 'attachment; filename="market.xlsx"',
    )  # fmt: skip
    assert b"".join(answer.streaming_content)[:2] == b"PK"
    row = Release.objects.get()
    assert (row.question, row.rows) == ({"form": "market", "crossing": NORTH, "first": "2025-01-01"}, 3)
    assert AuditEntry.objects.filter(action="share.release", code=row.code).count() == 1


def test_a_long_table_goes_on_in_the_next_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    from pasaj.share.services import files

    monkeypatch.setattr(files, "MOST_ROWS", 3)
    out = io.BytesIO()
    sheets = [("same?", ["a"]), ("same*", ["b"])]
    files.write_book(out, sheets, [(0, [number]) for number in range(4)] + [(1, ["x"])])
    book = load_workbook(out)
    assert {name: [one[0] for one in book[name].iter_rows(values_only=True)] for name in book.sheetnames} == {
        "same": ["a", 0, 1], "same-2": ["b", "x"], "same 2": ["a", 2, 3],
    }  # fmt: skip


def test_a_worksheet_holds_text_as_text() -> None:
    from pasaj.share.services import files

    out = io.BytesIO()
    told = ["=1+1", "https://example.org", "0042", "a\x00b\x01", "", "é" * 40_000]
    files.write_xlsx(out, ["n", "ratio", *"abcdef"], [], [[7, 0.5, *told]])
    (row,) = load_workbook(out)["Pasaj"].iter_rows(min_row=2, values_only=True)
    assert row == (7, 0.5, "'=1+1", "https://example.org", "0042", "ab", None, "é" * 32_766 + "…")
