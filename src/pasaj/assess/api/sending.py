"""How an answer of this app leaves: through the gate, a part at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from ninja import Schema

from pasaj.assess.models import Round
from pasaj.assess.queries import rounds as queries
from pasaj.registry.queries import Request
from pasaj.share.models import Audience
from pasaj.share.services import Parcel, Row, release
from pasaj.share.views import hand_over

MOST = 1000
FURTHEST = 10**9  # rows to leave out; more than any database counts


class Paging(Schema):
    """Which part of the rows somebody asks for."""

    limit: int = 100
    offset: int = 0


def round_of(request: Request, code: str) -> Round:
    """The round of this code, if the actor may see it, else 404."""
    return get_object_or_404(queries.find(request.actor), code=code)


def part(limit: int, offset: int) -> slice:
    """Which of the rows are asked for: 1 to 1000 of them."""
    start = max(0, min(offset, FURTHEST))
    return slice(start, start + max(1, min(limit, MOST)))


def send(
    request: Request, title: str, header: Sequence[str], rows: Sequence[Sequence[object]], *, form: str = "json",
    limit: int = MOST, offset: int = 0, **question: object,
) -> FileResponse:  # fmt: skip
    """Rows as an array of objects (`json`), with how many there are in a header; or the one row as an `object`."""
    asked = {name: str(value) for name, value in {**question, "limit": limit, "offset": offset}.items() if value}
    parcel = Parcel(
        kind="api",
        title=f"API: {title}",
        form=form,
        header=header,
        rows=(Row(values=row, own_count=True) for row in rows[part(limit, offset)]),
        question=asked,
    )
    answer = hand_over(release(parcel=parcel, audience=Audience.AMBER, actor=request.actor, now=request.now), "")
    if form == "json":
        answer["X-Pasaj-Count"] = str(len(rows))
    return answer


def matching(wanted: Mapping[str, object], row: Mapping[str, object]) -> bool:
    """Whether a row says what was asked for; an empty question asks for nothing."""
    return all(row[name] == value for name, value in wanted.items() if value not in ("", None))
