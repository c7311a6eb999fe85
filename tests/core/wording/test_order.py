"""Places between siblings: always one more, in order, and few digits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pasaj.core.wording.order import between, row


@pytest.mark.parametrize(
    ("low", "high", "key"),
    [
        ("", "", "5"), ("5", "", "7"), ("", "5", "2"), ("5", "6", "55"), ("55", "6", "57"), ("", "1", "05"),
        ("9", "", "95"), ("1", "12", "11"), ("01", "02", "015"), ("199", "2", "1995"),
    ],
)  # fmt: skip
def test_a_place_between_two(low: str, high: str, key: str) -> None:
    assert between(low, high) == key


@pytest.mark.parametrize(("low", "high"), [("6", "5"), ("5", "5"), ("50", ""), ("", "a"), ("x", "")])
def test_what_is_no_order_is_refused(low: str, high: str) -> None:
    with pytest.raises(ValueError, match=r"not a place|does not stand before"):
        between(low, high)


def test_a_row_has_keys_of_one_length() -> None:
    assert row(0) == ()
    assert row(3) == ("2", "4", "6")
    assert list(row(250)) == sorted(set(row(250)))
    assert max(map(len, row(250))) == 3


@given(st.lists(st.integers(0, 1000), max_size=60))
def test_any_row_of_insertions_stays_in_order(wanted: list[int]) -> None:
    keys: list[str] = []
    for one in wanted:
        at = one % (len(keys) + 1)
        keys.insert(at, between(keys[at - 1] if at else "", keys[at] if at < len(keys) else ""))
    assert keys == sorted(set(keys))
