"""One content, one text, one fingerprint."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pasaj.core.evidence import canonical, fingerprint


@pytest.mark.req("R6.8")
@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (False, "false"),
        (1, "1"),
        (1.0, "1"),
        (Decimal("1.00"), "1"),
        (-0.0, "0"),
        (Decimal("-0.00"), "0"),
        (0.1, "0.1"),
        (Decimal("1E+3"), "1000"),
        (1e-7, "0.0000001"),
        (Decimal("12.340"), "12.34"),
        ("Cafe\u0301", '"Café"'),
        ("one\r\ntwo\rthree", '"one\\ntwo\\nthree"'),
        (date(2026, 3, 1), '"2026-03-01"'),
        (datetime(2026, 3, 1, 12, tzinfo=UTC), '"2026-03-01T12:00:00Z"'),
        (datetime(2026, 3, 1, 7, 0, 0, 500, tzinfo=timezone(timedelta(hours=-5))), '"2026-03-01T12:00:00.000500Z"'),
        ({"b": 1, "a": [None, 2], "gone": None}, '{"a":[null,2],"b":1}'),
        ({"e\u0301": 1}, '{"é":1}'),
        ((1, "x"), '[1,"x"]'),
        ({"b", "a"}, '["a","b"]'),
        (frozenset({10, 9}), "[10,9]"),
    ],
)
def test_the_text_of_a_value(value: object, text: str) -> None:
    assert canonical(value) == text


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (float("nan"), ValueError),
        (Decimal("Infinity"), ValueError),
        (datetime(2026, 3, 1), ValueError),  # noqa: DTZ001 - what is refused
        ("\ud800", ValueError),
        ({"e\u0301": 1, "é": 2}, ValueError),
        ({1: 2}, TypeError),
        (b"bytes", TypeError),
        (object(), TypeError),
    ],
)
def test_what_has_no_text(value: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        canonical(value)


@pytest.mark.req("R6.8")
def test_the_fingerprint_is_the_same_on_every_machine() -> None:
    """Written down once: a change of the rules would make every accepted link suspect."""
    content = {"statement": "Trois postes sur dix n’ont pas d’eau.", "severity": "major", "share": Decimal("0.30")}
    text = '{"severity":"major","share":0.3,"statement":"Trois postes sur dix n’ont pas d’eau."}'
    assert canonical(content) == text
    assert fingerprint(content) == hashlib.sha256(text.encode()).hexdigest()
    assert fingerprint(content) == "ed38f745289c41fee82406ff0ac697430b39fd972825cbb5c92a3d884c8ccce9"


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])) | st.dates()
    | st.decimals(allow_nan=False, allow_infinity=False, places=4),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.text("abcdef", max_size=4), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(values)
def test_reading_the_text_back_gives_the_same_text(value: Any) -> None:
    """So that a fingerprint can be computed again from what was stored."""
    text = canonical(value)
    assert canonical(json.loads(text, parse_float=Decimal)) == text


@given(st.dictionaries(st.text("abc", min_size=1), st.integers()), st.randoms())
def test_the_order_of_keys_says_nothing(value: dict[str, int], rng: Any) -> None:
    keys = list(value)
    rng.shuffle(keys)
    assert canonical({key: value[key] for key in keys}) == canonical(value)
