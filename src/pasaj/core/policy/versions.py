"""What a version of a policy keeps, and in what two versions differ. Plain values that JSON can hold, no rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from pasaj.core.evidence import fingerprint
from pasaj.core.policy import shapes

SCHEMA = 1
Plain = dict[str, Any]
KINDS: tuple[tuple[str, str], ...] = (
    ("clauses", "clause"),
    ("problems", "problem"),
    ("objectives", "objective"),
    ("measures", "measure"),
    ("actions", "action"),
    ("costs", "cost"),
    ("commitments", "commitment"),
    ("indicators", "indicator"),
)
"""The lists of a version whose rows have codes, and what a row of each is called, in the order they are told."""
HEAD = ("code", "text", "first", "last", "languages", "currency", "minimum")


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference. what: "added", "removed" or "changed"; field, before and after: of a change, else empty."""

    kind: str
    code: str
    what: str
    field: str = ""
    before: Any = None
    after: Any = None


def plain(value: Any) -> Any:
    """A shape as JSON holds it: numbers of money as text, days in ISO 8601, tuples as lists."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Decimal):
        return format(value.normalize() if value else Decimal(0), "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return value


def frozen(policy: shapes.Policy, *, clauses: Iterable[Plain], chain: Plain, references: Iterable[Plain]) -> Plain:
    """All that a version keeps beside its texts.

    clauses: {"code", "number", "level", "kind", "realises", "texts"}. chain: {"nodes", "links"} of all that the
    statements rest on. references: what live references said, {"clause", "language", "key", "value",
    "fingerprint", "as_of"}.
    """
    return {
        "schema": SCHEMA,
        **plain(policy),
        "clauses": plain(list(clauses)),
        "references": plain(list(references)),
        "chain": plain(chain),
    }


def content_fingerprint(content: Plain) -> str:
    """SHA-256 over the canonical text of the content, in hexadecimal."""
    return fingerprint(content)


def signed_part(*, code: str, content: str, texts: Mapping[str, str], before: str, published: str, by: str) -> Plain:
    """What the signature of a version is over. content, texts (by language), before: fingerprints; "" for the first."""
    return {
        "schema": SCHEMA,
        "version": code,
        "content": content,
        "texts": dict(sorted(texts.items())),
        "before": before,
        "published_at": published,
        "approved_by": by,
    }


def differences(before: Plain, after: Plain) -> tuple[Difference, ...]:
    """In what two contents differ: clauses first, then the statements and costs, each by code; the head last."""
    found = [one for name, kind in KINDS for one in _rows(kind, before.get(name, []), after.get(name, []))]
    return (*found, *_fields("policy", str(after["code"]), _head(before), _head(after)))


def _head(content: Plain) -> Plain:
    return {name: content.get(name) for name in HEAD}


def _rows(kind: str, before: list[Plain], after: list[Plain]) -> list[Difference]:
    old, new = {one["code"]: one for one in before}, {one["code"]: one for one in after}
    found = []
    for code in [*new, *(code for code in old if code not in new)]:
        if code not in old:
            found.append(Difference(kind, code, "added"))
        elif code not in new:
            found.append(Difference(kind, code, "removed"))
        else:
            found.extend(_fields(kind, code, old[code], new[code]))
    return found


def _fields(kind: str, code: str, old: Plain, new: Plain) -> list[Difference]:
    names = [*new, *(name for name in old if name not in new)]
    return [
        Difference(kind, code, "changed", name, old.get(name), new.get(name))
        for name in names
        if old.get(name) != new.get(name)
    ]
