"""Numbers as people write them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pasaj.core.numbers import DECIMALS, LARGEST_COUNT, LARGEST_QUANTITY, check, read
from pasaj.core.problems import Refused


def code(text: str, decimal: str = "", thousands: str = "", whole: bool = False) -> str:
    with pytest.raises(Refused) as caught:
        read(text, decimal=decimal, thousands=thousands, whole=whole)
    (found,) = caught.value.problems
    assert found.text()
    return found.code


def outcome(text: str, decimal: str, whole: bool) -> str:
    try:
        return "" if read(text, decimal=decimal, whole=whole) >= 0 else "negative"
    except Refused as refused:
        return refused.problems[0].code


@pytest.mark.parametrize(
    ("text", "decimal", "expected"),
    [
        ("0", "", "0"),
        ("-0", "", "0"),
        (" 1250 ", "", "1250"),
        ("+7", "", "7"),
        ("1 250", "", "1250"),
        ("1\u202f250\u00a0000", ",", "1250000"),
        ("1'250", "", "1250"),
        ("1’250,5", "", "1250.5"),
        ("12,5", "", "12.5"),
        ("12.50", "", "12.5"),
        ("1,234,567", "", "1234567"),
        ("1.234.567", "", "1234567"),
        ("1.234,5", "", "1234.5"),
        ("1,234.5", "", "1234.5"),
        ("1,234", ".", "1234"),
        ("1,234", ",", "1.234"),
        ("1.234", ",", "1234"),
        ("12,00", ",", "12"),
        ("0,125", "", "0.125"),
        ("1234,567", "", "1234.567"),
        ("12345", ",", "12345"),
    ],
)
def test_reading(text: str, decimal: str, expected: str) -> None:
    assert str(read(text, decimal=decimal)) == expected


def test_the_sign_of_thousands_may_be_stated() -> None:
    assert read("1,234", thousands=",") == 1234
    assert read("1 234", decimal=",", thousands=" ") == 1234
    assert read("1\u202f234", decimal=",", thousands=" ") == 1234
    assert code("1.234", decimal=",", thousands=" ") == "OBS-016"


@pytest.mark.parametrize("text", ["1,234", "1.234", "12,000", "999.999"])
def test_two_readings_are_refused_unless_the_decimal_sign_is_known(text: str) -> None:
    assert code(text) == "IMPORT-014"
    assert code(text, whole=True) == "IMPORT-014"
    for decimal in DECIMALS.values():
        assert read(text, decimal=decimal) > 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "abc",
        "1e5",
        "12a",
        "1,,2",
        "1 2 3",
        "12 34",
        "1,23,4",
        "1.2.3",
        "٣",
        "½",
        "=1+1",
        "1.",
        "--3",
        "1,234 567",
        "٫5",
        "NaN",
        "inf",
    ],
)
def test_what_is_no_number(text: str) -> None:
    assert code(text) == "OBS-016"
    assert code(text, decimal=".") == "OBS-016"


def test_a_count_is_whole_not_negative_and_not_huge() -> None:
    assert code("-3", whole=True) == "OBS-003"
    assert code("−3", whole=True) == "OBS-003"
    assert code("3.5", whole=True) == "OBS-004"
    assert read("3.0", whole=True) == 3
    assert read(str(LARGEST_COUNT), whole=True) == LARGEST_COUNT
    assert code(str(LARGEST_COUNT + 1), whole=True) == "OBS-012"
    assert code("9" * 400, whole=True) == "OBS-012"


def test_a_quantity_has_few_digits_after_the_sign() -> None:
    assert read("2.1250") == Decimal("2.125")
    assert code("2.12345") == "OBS-021"
    assert code("0." + "0" * 40 + "1") == "OBS-021"
    assert code("-2.5") == "OBS-003"
    assert code(str(LARGEST_QUANTITY * 10)) == "OBS-012"


def test_a_decimal_that_is_no_number_is_refused() -> None:
    for odd in ("NaN", "Infinity", "-Infinity"):
        with pytest.raises(Refused, match="OBS-016"):
            check(Decimal(odd), whole=False)


@given(st.integers(0, LARGEST_COUNT), st.sampled_from([" ", ",", ".", "'", "\u202f"]))
def test_a_grouped_count_reads_back(value: int, sign: str) -> None:
    text = f"{value:,}".replace(",", sign)
    decimal = "," if sign == "." else "."
    assert read(text, decimal=decimal, whole=True) == value


@given(st.text(max_size=12), st.sampled_from(["", ",", "."]), st.booleans())
def test_any_text_gives_a_number_or_a_coded_refusal(text: str, decimal: str, whole: bool) -> None:
    refusals = {"OBS-003", "OBS-004", "OBS-012", "OBS-016", "OBS-021", "IMPORT-014"}
    assert outcome(text, decimal, whole) in refusals | {""}
