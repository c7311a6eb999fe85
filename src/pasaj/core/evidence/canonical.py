"""One text for one content, whatever the machine, and its SHA-256.

The text is JSON (RFC 8259) without spaces, in UTF-8, with these rules, so that equal contents are equal bytes:

- text: Unicode NFC (UAX #15), line ends as LF; nothing is trimmed;
- numbers: the shortest decimal notation without an exponent: 1, 1.0, Decimal("1.00") and -0 are `1`, `1`, `1`
  and `0`. A float is the decimal that Python prints for it, the shortest that reads back as the same double;
- dates: ISO 8601 text (`2026-03-01`); moments: UTC with `Z`, a fraction only when there is one;
- keys: text, sorted by code point; a field without a value (None) is left out of an object, and is `null` in a list;
- sets: a list sorted by the text of its members.

It is close to RFC 8785 (JCS) and differs in numbers: money and measurements are decimals, not doubles.
"""

import hashlib
import json
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any


def canonical(value: object) -> str:
    """The one text of a content: see the module. Raises TypeError or ValueError for what has none.

    None has: not-a-number and infinity, a moment without a time zone, half of a surrogate pair, two keys that
    are the same in NFC, and any other type than those named above.
    """
    for types, write in _WRITERS:
        if isinstance(value, types):
            return write(value)
    raise TypeError(f"{type(value).__name__} has no canonical text.")


def fingerprint(content: object) -> str:
    """SHA-256 of the canonical text, in hexadecimal."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def _constant(value: Any) -> str:
    return {None: "null", True: "true", False: "false"}[value]


def _text(value: Any) -> str:
    normal = unicodedata.normalize("NFC", value).replace("\r\n", "\n").replace("\r", "\n")
    normal.encode()  # UnicodeEncodeError, a ValueError, for half of a surrogate pair
    return json.dumps(normal, ensure_ascii=False)


def _number(value: Any) -> str:
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not exact.is_finite():
        raise ValueError(f"{value} is not a number.")
    text = f"{exact:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _moment(value: Any) -> str:
    if value.tzinfo is None:
        raise ValueError("A moment without a time zone is not one moment.")
    return json.dumps(value.astimezone(UTC).isoformat().replace("+00:00", "Z"))


def _date(value: Any) -> str:
    return json.dumps(value.isoformat())


def _object(value: Any) -> str:
    parts: dict[str, str] = {}
    for key, inner in value.items():
        if not isinstance(key, str):
            raise TypeError("A key is a text.")
        if inner is None:
            continue
        name = unicodedata.normalize("NFC", key)
        if name in parts:
            raise ValueError(f"The key {name} stands twice.")
        parts[name] = f"{_text(name)}:{canonical(inner)}"
    return "{" + ",".join(parts[name] for name in sorted(parts)) + "}"


def _list(value: Iterable[object]) -> str:
    return "[" + ",".join(canonical(one) for one in value) + "]"


def _set(value: Iterable[object]) -> str:
    return "[" + ",".join(sorted(canonical(one) for one in value)) + "]"


# In this order: True is an int and a moment is a date to Python.
_WRITERS: tuple[tuple[Any, Callable[[Any], str]], ...] = (
    ((bool, type(None)), _constant),
    (str, _text),
    ((int, float, Decimal), _number),
    (datetime, _moment),
    (date, _date),
    (Mapping, _object),
    ((list, tuple), _list),
    ((set, frozenset), _set),
)
