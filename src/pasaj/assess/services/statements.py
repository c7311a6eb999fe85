"""Findings and recommendations as files, in one language, on their way out through the gate."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pasaj.access.rules import Actor
from pasaj.assess.models import Round
from pasaj.assess.queries import statements as queries
from pasaj.core.rounds.words import said
from pasaj.share.models import Audience
from pasaj.share.services import Parcel, Released, Row, release

KINDS = {"findings": queries.FINDING, "recommendations": queries.RECOMMENDATION}
TEXTS = frozenset({"statement", "text"})
HEAD = ("framework", "framework_version", "language")


def export(*, row: Round, what: str, form: str, language: str, actor: Actor, now: datetime) -> Released:
    """`findings` or `recommendations` of a round, csv or xlsx: the columns of the interface, texts in one language.

    A text that there is not in this language comes in another one. Raises Refused as the gate does.
    """
    rows = (queries.findings if what == "findings" else queries.recommendations)(actor, row)
    head = (row.framework.framework.code, row.framework.version, language)
    parcel = Parcel(
        kind="table",
        title=f"{row.code} {what}",
        form=form,
        header=(*HEAD, *KINDS[what]),
        rows=(Row(values=(*head, *_cells(one, language)), own_count=True) for one in rows),
        question={"round": row.code, "what": what, "language": language},
    )
    return release(parcel=parcel, audience=Audience.AMBER, actor=actor, now=now)


def _cells(row: Mapping[str, Any], language: str) -> list[object]:
    return [said(value, language) if name in TEXTS else _cell(value) for name, value in row.items()]


def _cell(value: object) -> object:
    """A list or a table of values as one text: codes with spaces between them, names before an equals sign."""
    if isinstance(value, Mapping):
        return "; ".join(f"{name}={_cell(one)}" for name, one in sorted(value.items()))
    return " ".join(map(str, value)) if isinstance(value, list | tuple) else value
