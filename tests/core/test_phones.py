from __future__ import annotations

import pytest

from pasaj.core import phones


@pytest.mark.req("R11.30")
@pytest.mark.parametrize(
    ("text", "country", "digits", "found"),
    [
        ("+509 20 00-00.01", "", 0, "+50920000001"),
        ("0050920000001", "509", 8, "+50920000001"),
        ("20000001", "509", 8, "+50920000001"),
        ("020000001", "509", 8, "+50920000001"),
        ("50920000001", "509", 8, "+50920000001"),
        ("(20) 00 00 01", "509", 8, "+50920000001"),
        ("+1 500 555 0100", "509", 8, "+15005550100"),
        ("20000001", "", 0, ""),
        ("2000001", "509", 8, ""),
        ("+5092000001", "509", 8, ""),
        ("+509200000011", "509", 8, ""),
        ("+0", "509", 8, ""),
        ("phone", "509", 8, ""),
        ("", "509", 8, ""),
        ("+12345678901234567", "", 0, ""),
    ],
)
def test_a_number_has_one_form(text: str, country: str, digits: int, found: str) -> None:
    assert phones.normal(text, country, digits) == found
