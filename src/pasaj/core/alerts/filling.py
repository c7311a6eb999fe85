"""Words between braces of a template: filled where something is known, told where not."""

from __future__ import annotations

import re
from collections.abc import Mapping

PLACES = ("place", "date", "period", "count", "scale")
_BRACES = re.compile(r"\{(\w*)\}")


def fill(text: str, values: Mapping[str, str]) -> str:
    """`text` with the words of `values`; a brace without a value stays as it is."""
    return _BRACES.sub(lambda found: values.get(found[1]) or found[0], text)


def left(text: str) -> tuple[str, ...]:
    """The braces that nothing filled, as they are written."""
    return tuple(dict.fromkeys(found[0] for found in _BRACES.finditer(text)))
