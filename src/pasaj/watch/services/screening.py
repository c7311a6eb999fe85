"""Free text beside figures and events: what seems to name a person is not stored."""

from __future__ import annotations

from pasaj.core.problems import Problem, problem
from pasaj.registry import queries as registry

SCREENED_BEFORE = frozenset({"form", "pack", "demo"})
"""Origins whose texts were looked at when they came: a report of a form as a whole, where a person may have let it
pass; a pack and a demonstration when they were written."""


def naming(origin: str = "entry", /, **texts: str) -> list[Problem]:
    """SCREEN-001 for each of `texts` that seems to name a person, its `column` the argument's name."""
    if origin in SCREENED_BEFORE:
        return []
    found = {name: registry.naming(text) for name, text in texts.items() if text}
    return [problem("SCREEN-001", column=name, what=hits[0].kind) for name, hits in found.items() if hits]
