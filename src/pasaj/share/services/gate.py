"""`release()`: the one way out.

Until disclosure control exists the gate fails closed. Outside the circle of named partners
(TLP:CLEAR and TLP:GREEN) only texts without counts and figures already published, each with
its citation, may pass; a table with a single count of our own is refused whole, with SHARE-001.
Labels: Traffic Light Protocol 2.0 (FIRST, 2022).
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO

from django.db import transaction

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.core.problems import Refused, problem
from pasaj.registry.services import next_code
from pasaj.share.models import Audience, Release
from pasaj.share.services.files import BOOKS, WRITERS

PUBLIC = frozenset({Audience.CLEAR, Audience.GREEN})
IN_MEMORY = 1_000_000  # bytes; a larger file is written to disk while it is checked
# What a text may say in digits: dates, years, hours and our own codes. Anything else may be a count.
HARMLESS = re.compile(
    r"\b(?:19|20)\d{2}-(?:19|20)\d{2}\b"
    r"|\d{4}-\d{2}(?:-\d{2})?(?:T[\d:.+Z-]*)?"
    r"|\b\d{1,2}[/.]\d{1,2}[/.]\d{4}\b"
    r"|\b\d{1,2}[:h]\d{2}\b"
    r"|\b(?:19|20)\d{2}\b"
    r"|\b[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+\b"
)


def counts_in(text: str) -> list[str]:
    """The numbers in a text that may be counts, as they stand there: what keeps it from the public."""
    found = re.findall(r"\d[\d\s.,\u00a0\u202f]*", HARMLESS.sub(" ", text))
    return [one.strip() for one in found]


@dataclass(frozen=True, slots=True)
class Row:
    """One row and what the gate must know of it."""

    values: Sequence[object]
    own_count: bool = False  # holds a count that we or our sources reported and nobody has published
    citation: str = ""  # where a published figure was printed
    sheet: int = 0  # of which table, where a parcel has several
    words: Sequence[str] = ()  # all that a document says, whose bytes the gate cannot read


@dataclass(frozen=True, slots=True)
class Parcel:
    """What wants to leave. `form` is one of csv, xlsx, geojson, json (an array), object (one row), text; pdf, docx,
    workbook (one row with the bytes of the document).

    Several tables leave together as zip (a CSV each) or book (a worksheet each): `sheets` gives the name and
    the header of each, rows say which they belong to.
    """

    kind: str  # text, table, map, api
    title: str
    form: str
    rows: Iterable[Row]
    header: Sequence[str] = ()
    hxl: Sequence[str] = ()
    question: Mapping[str, object] = field(default_factory=dict)
    sheets: Sequence[tuple[str, Sequence[str]]] = ()
    counts: bool = True  # whether the rows hold figures at all


@dataclass(frozen=True, slots=True)
class Released:
    """The file, positioned at its start, and the row that says it left (none for what holds no counts)."""

    file: IO[bytes]
    content_type: str
    release: Release | None


def release(*, parcel: Parcel, audience: str, actor: Actor, now: datetime) -> Released:
    """Write the parcel, check each row on the way, record that it left, and only then hand it over.

    Raises Refused: SHARE-001 (our own counts to the public), SHARE-002 (a published figure without
    its citation), SHARE-004 (unknown audience), SHARE-005 (a public text with numbers in it).
    """
    if audience not in Audience.values:
        raise Refused(problem("SHARE-004", value=audience, allowed=", ".join(Audience.values)))
    tally = _Tally(parcel, audience)
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - handed to the caller
    try:
        content_type = _write(file, parcel, tally)
        file.seek(0)
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        row = _record(parcel, audience, actor, now, tally.rows, sha256) if _is_recorded(parcel, audience) else None
    except BaseException:
        file.close()
        raise
    return Released(file=file, content_type=content_type, release=row)


def _write(file: IO[bytes], parcel: Parcel, tally: _Tally) -> str:
    """Write the parcel as it is asked for; returns the type of the file."""
    if parcel.form in BOOKS:
        content_type, write_tables = BOOKS[parcel.form]
        write_tables(file, parcel.sheets, ((row.sheet, row.values) for row in tally.checked()))
    else:
        content_type, write = WRITERS[parcel.form]
        write(file, parcel.header, parcel.hxl, (row.values for row in tally.checked()))
    return content_type


class _Tally:
    """Counts the rows that pass and stops at the first that may not."""

    def __init__(self, parcel: Parcel, audience: str) -> None:
        self.parcel, self.public, self.rows = parcel, audience in PUBLIC, 0

    def checked(self) -> Iterator[Row]:
        for row in self.parcel.rows:
            if self.public:
                self._refuse_what_is_ours(row)
            self.rows += 1
            yield row

    def _refuse_what_is_ours(self, row: Row) -> None:
        if row.own_count:
            raise Refused(problem("SHARE-001"))
        if self.parcel.kind == "text" or not self.parcel.counts or row.words:
            self._refuse_numbers(row)
        elif not row.citation:
            raise Refused(problem("SHARE-002", figure=" · ".join(str(value) for value in row.values[:4])))

    def _refuse_numbers(self, row: Row) -> None:
        """In sentences and cells alike: whoever says that there are no counts may be wrong."""
        if row.words:
            self._refuse_counts(" · ".join(row.words))
            return
        header = self.parcel.sheets[row.sheet][1] if self.parcel.sheets else self.parcel.header
        positions = {at for at, name in enumerate(header) if name in {"lon", "lat"}}
        self._refuse_counts(" · ".join(str(value) for at, value in enumerate(row.values) if at not in positions))

    def _refuse_counts(self, said: str) -> None:
        if found := counts_in(said):
            raise Refused(problem("SHARE-005", found=", ".join(found[:5])))


def _is_recorded(parcel: Parcel, audience: str) -> bool:
    return parcel.counts or audience in PUBLIC


def _record(parcel: Parcel, audience: str, actor: Actor, now: datetime, rows: int, sha256: str) -> Release:
    with transaction.atomic():
        row = Release.objects.create(
            code=next_code("RL", now),
            at=now,
            actor_id=actor.id,
            via=actor.via,
            audience=audience,
            kind=parcel.kind,
            title=parcel.title[:300],
            question=dict(parcel.question),
            rows=rows,
            sha256=sha256,
        )
        audit.record(
            actor=actor,
            action="share.release",
            code=row.code,
            now=now,
            detail={"audience": audience, "kind": parcel.kind, "rows": rows, "question": dict(parcel.question)},
        )
    return row
