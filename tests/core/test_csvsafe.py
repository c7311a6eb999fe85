"""No exported cell starts a formula."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pasaj.core.csvsafe import cell, plain, row, text


@pytest.mark.parametrize(
    "value",
    [
        "=1+1",
        "+cmd|' /C calc'!A0",
        "-2+3+cmd|' /C calc'!A0",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "=1",
        "|x",
        "%x",
        "'quoted",
    ],
)
def test_text_that_would_run_gets_an_apostrophe(value: str) -> None:
    assert text(value) == f"'{value}"
    assert plain(text(value)) == value


def test_a_cell_that_a_semicolon_would_split_starts_no_formula_within() -> None:
    """Spreadsheets of the languages we speak separate by semicolons."""
    for value, out in (("a;=1+1", "a;'=1+1"), ("a; @x;-1", "a; '@x;'-1"), ("a;'=1", "a;''=1"), ("a; b", "a; b")):
        assert (text(value), plain(out)) == (out, value)


@pytest.mark.parametrize("value", ["", "Belladère", "a=b", "-5", "+3,5", "12.5", "2026-02-28"])
def test_harmless_text_stays(value: str) -> None:
    assert text(value) == value
    assert plain(value) == value


def test_values_keep_their_type() -> None:
    assert row([-5, 1.5, Decimal("-2.5"), None, True, False, date(2026, 2, 28), "=A1"]) == [
        -5,
        1.5,
        Decimal("-2.5"),
        "",
        "yes",
        "no",
        "2026-02-28",
        "'=A1",
    ]


@given(st.text(max_size=30) | st.text(alphabet=";'=- a", max_size=8))
def test_no_text_starts_a_formula_and_all_read_back(value: str) -> None:
    value = value.replace("\x00", "")
    out = text(value)
    try:
        float(out.replace(",", "."))
    except ValueError:
        assert not out.lstrip(" \u00a0").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert plain(out) == value
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerow([cell(value), "end"])
    assert list(csv.reader(io.StringIO(buffer.getvalue(), newline=""), strict=True)) == [[out, "end"]]
