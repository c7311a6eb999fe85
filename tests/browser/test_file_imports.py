"""A file of counts from the page: tried, looked at, stored by the worker, and the same again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from browsing import Visit, axe
from playwright.sync_api import expect

MAPPING = """\
period: {column: Date, type: day, format: DD/MM/YYYY}
crossing: {column: Point}
values:
- {column: Entrées, measure: entries}
- {column: Sorties, measure: exits}
constants: {source: DIE-REG}
"""
HEAD = "Date;Point;Entrées;Sorties\n"
GOOD = HEAD + "12/08/2024;Ouanaminthe;101;0\n13/08/2024;ouanaminthe;102;\n14/08/2024;Malpasse;7;9\n"
BAD = (
    HEAD
    + "31/02/2024;Ouanaminthe;1;1\n15/08/2024;Ouanamint;1;1\n16/08/2024;Ouanaminthe;-4;1\n17/08/2024;Malpasse;3;2\n"
)


def try_file(one: Visit, path: Path, text: str) -> None:
    path.write_text(text, encoding="cp1252")  # as the spreadsheet of an office saves it
    one.open("/imports/new")
    one.page.set_input_files("#id_file", path)
    one.page.fill("#id_mapping", MAPPING)
    one.page.get_by_role("button", name="Try the file").click()
    expect(one.page.get_by_role("heading", level=1)).to_have_text(path.name)


def tallies(one: Visit) -> list[str]:
    """New, changed, unchanged and refused rows."""
    return one.page.locator(".tallies b").all_inner_texts()


@pytest.mark.req("R2.7")
def test_a_file_is_tried_stored_and_known_the_second_time(visit: Callable[..., Visit], tmp_path: Path) -> None:
    one = visit("duty", language="en")
    try_file(one, tmp_path / "counts.csv", GOOD)
    assert tallies(one) == ["3", "0", "0", "0"]
    expect(one.page.locator("main")).to_contain_text("nothing was stored")
    assert axe(one.page) == []

    one.page.get_by_role("button", name="Store the new and changed rows").click()
    # The page asks again by itself until the worker of `pasaj serve` is done.
    expect(one.page.locator("main")).to_contain_text("Visible since", timeout=60_000)
    assert tallies(one) == ["3", "0", "0", "0"]
    code = one.page.url.rstrip("/").rsplit("/", 1)[1]
    one.open("/jobs/")
    expect(one.page.locator("tr", has=one.page.get_by_role("link", name=code))).to_contain_text("Done")

    try_file(one, tmp_path / "counts.csv", GOOD)
    assert tallies(one) == ["0", "0", "3", "0"]
    expect(one.page.get_by_role("button", name="Store the new and changed rows")).to_have_count(0)
    assert (one.complaints, one.outside) == ([], [])


@pytest.mark.req("R2.7")
def test_rows_that_cannot_be_read_are_told_with_row_and_column(visit: Callable[..., Visit], tmp_path: Path) -> None:
    one = visit("duty", language="en", size="phone")
    try_file(one, tmp_path / "bad.csv", BAD)
    assert tallies(one) == ["1", "0", "0", "3"]
    told = [
        (row.locator("th").inner_text(), row.locator("td").first.inner_text(), row.locator(".code").inner_text())
        for row in one.page.locator(".table-records tbody tr").all()
    ]
    assert told == [("2", "Date", "OBS-001"), ("3", "Point", "OBS-005"), ("4", "Entrées", "OBS-003")]
    expect(one.page.locator("tbody")).to_contain_text("Did you mean Ouanaminthe (HT-BCP-OUA)")
    assert axe(one.page) == []


def test_a_mapping_that_is_none_keeps_what_was_typed(visit: Callable[..., Visit], tmp_path: Path) -> None:
    one = visit("duty", language="en")
    (tmp_path / "counts.csv").write_text(GOOD)
    one.open("/imports/new")
    one.page.set_input_files("#id_file", tmp_path / "counts.csv")
    one.page.fill("#id_mapping", "period: {column: Date\n")
    one.page.get_by_role("button", name="Try the file").click()
    expect(one.page.locator(".problems")).to_be_focused()
    assert one.page.input_value("#id_mapping").strip() == "period: {column: Date"
    assert axe(one.page) == []
