"""The answers to one form as tables: one for the form, one for each repeat, through the gate.

The columns are the questions of all versions of the form, in the order in which the newest asks them;
what only older versions asked stands after. Each row has a key, and a row of a repeat the key of the row
it belongs to. Nothing is held in memory but one submission: a year of reports leaves as it is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from pasaj.access.rules import Actor, visible
from pasaj.collect.models import Form, FormVersion, Submission, SubmissionBody
from pasaj.collect.queries.answers import PERSONAL, is_position, parsed, said
from pasaj.collect.queries.places import named
from pasaj.collect.queries.submissions import Filter
from pasaj.core.forms.fields import CROSSINGS_FILE, Field, from_plain
from pasaj.core.meaning.answers import Answers
from pasaj.registry.models import CrossingPoint
from pasaj.share.models import Audience
from pasaj.share.services import Parcel, Released, Row, release

CHUNK = 500
ABOUT = ("key", "receipt", "instance_id", "form_version", "received_at", "state", "review", "complete", "crossing",
         "area", "period_start", "via")  # fmt: skip
KEYS = ("key", "parent_key", "receipt")
OURS = frozenset({*ABOUT, *KEYS})
NUMBERS = frozenset({"integer", "decimal", "calculate"})
WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,14})", re.ASCII)  # what begins with a nought is no number but a code
BROKEN = re.compile(r"-?[0-9]{1,15}\.[0-9]{1,15}", re.ASCII)
WANTED = ("pk", "receipt", "current__instance_id", "current__version_text", "received_at", "state", "review",
          "complete", "crossing__code", "area__code", "period_start", "via", "crossing__official",
          "crossing__kind", "current_id")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """A question as a column: where its answer stands in a round, and how it is written."""

    field: Field
    below: str  # path within its round


@dataclass(slots=True)
class Sheet:
    """A table: of the form itself (`repeat` ""), or of a repeat."""

    repeat: str
    name: str
    columns: list[Column] = field(default_factory=list)
    inner: list[tuple[str, int]] = field(default_factory=list)  # path of a repeat within, and its table


@dataclass(frozen=True, slots=True)
class Plan:
    """The tables of a form, and the repeats of each version it had."""

    sheets: tuple[Sheet, ...]
    fields: tuple[Field, ...]
    labels: bool
    language: str
    places: Mapping[str, str]  # names of the codes of the shared list, where a question asks for one

    def headers(self) -> list[tuple[str, Sequence[str]]]:
        made: list[tuple[str, Sequence[str]]] = []
        for sheet in self.sheets:
            about = KEYS if sheet.repeat else ABOUT
            made.append((sheet.name, [*about, *(self.title(one) for one in sheet.columns)]))
        return made

    def title(self, column: Column) -> str:
        """No two columns of a table have one name: a question may be called as one of ours is."""
        if self.labels:
            return column.field.label(self.language)
        return f"answer/{column.below}" if column.below in OURS else column.below


def plan(form: Form, *, labels: bool = False, language: str = "") -> Plan:
    """What the export of a form looks like: the union of all its versions, drafts left out."""
    versions = FormVersion.objects.filter(form=form).exclude(state="draft").order_by("-number")
    fields: dict[str, Field] = {}
    for plain in versions.values_list("fields", flat=True):
        for one in from_plain(plain):
            known = fields.get(one.path)
            # Codes that only an older version offered keep their labels.
            fields[one.path] = one if known is None else replace(known, choices={**one.choices, **known.choices})
    sheets = [Sheet("", form.form_id)]
    at = {"": 0}
    for one in fields.values():
        if one.kind == "repeat":
            at[one.path] = len(sheets)
            sheets.append(Sheet(one.path, one.name))
    for path, one in fields.items():
        home = sheets[at.get(one.repeat, 0)]
        below = path.removeprefix(f"{one.repeat}/") if one.repeat else path
        if one.kind == "repeat":
            home.inner.append((below, at[path]))
        elif one.answers and not path.startswith("meta/") and one.preload not in PERSONAL:
            home.columns.append(Column(one, below))
    listed = labels and any(one.choices_file == CROSSINGS_FILE for one in fields.values())
    return Plan(tuple(sheets), tuple(fields.values()), labels, language, named() if listed else {})


def rows_of(form: Form, actor: Actor, wanted: Filter, zone: tzinfo) -> QuerySet[Submission]:
    """What of a form leaves for this actor: what the screening held back does not, whoever asks.

    What counts for nothing (in quarantine, set aside) leaves only when it is asked for.
    """
    rows = visible(Submission.objects.filter(wanted.rows(zone), form=form, held=False), actor)
    if not wanted.state and not wanted.reason:
        rows = rows.filter(state__in=(Submission.State.RECEIVED, Submission.State.REDACTED))
    return visible(rows, actor, "read").order_by("received_at", "pk")


def export(
    *,
    form: Form,
    file: str,
    wanted: Filter,
    zone: tzinfo,
    labels: bool,
    language: str,
    actor: Actor,
    now: datetime,
) -> Released:
    """Hand a form's submissions to the gate as `file` (zip or book), for those who work with us (TLP:AMBER).

    Raises Refused as `share.services.release` does.
    """
    made = plan(form, labels=labels, language=language)
    parcel = Parcel(
        kind="table",
        title=f"{form.form_id}: submissions",
        form=file,
        rows=_rows(made, rows_of(form, actor, wanted, zone)),
        sheets=made.headers(),
        question={name: str(value) for name, value in {**asdict(wanted), "form": form.form_id}.items() if value},
    )
    return release(parcel=parcel, audience=Audience.AMBER, actor=actor, now=now)


def _rows(made: Plan, submissions: QuerySet[Submission]) -> Iterator[Row]:
    chunk: list[tuple[Any, ...]] = []
    for values in submissions.values_list(*WANTED).iterator(CHUNK):
        chunk.append(values)
        if len(chunk) == CHUNK:
            yield from _written(made, chunk)
            chunk = []
    yield from _written(made, chunk)


def _written(made: Plan, chunk: Sequence[tuple[Any, ...]]) -> Iterator[Row]:
    bodies = SubmissionBody.objects.filter(version__in=[values[-1] for values in chunk if values[-1]])
    xml = dict(bodies.values_list("version", "xml"))
    for values in chunk:
        yield from _one(made, values, xml.get(values[-1]))


def _one(made: Plan, values: tuple[Any, ...], xml: bytes | memoryview | None) -> Iterator[Row]:
    (_pk, receipt, *about, official, kind, _current) = values
    redacted = values[5] == Submission.State.REDACTED
    if redacted:  # a row with its receipt, and nothing of what it said
        about = ["", "", "", about[3], *([""] * (len(about) - 4))]
    answers = parsed(bytes(xml), made.fields) if xml is not None and not redacted else None
    # A file is passed on: a position leaves only where its crossing is known and no secret.
    placed = official is not None and not CrossingPoint(official=official, kind=kind).is_protected
    yield Row([receipt, receipt, *about, *_cells(made, 0, answers or Answers(), placed)], own_count=True)
    if answers is not None:
        yield from _turns(made, 0, answers, receipt, receipt, placed)


def _turns(made: Plan, at: int, answers: Answers, key: str, receipt: str, placed: bool) -> Iterator[Row]:
    for below, sheet in made.sheets[at].inner:
        for number, turn in enumerate(answers.repeats.get(below, ()), start=1):
            own = f"{key}/{below}[{number}]"
            cells = [own, key, receipt, *_cells(made, sheet, turn, placed)]
            yield Row(cells, own_count=True, sheet=sheet)
            yield from _turns(made, sheet, turn, own, receipt, placed)


def _cells(made: Plan, at: int, answers: Answers, placed: bool) -> list[str | int | Decimal]:
    values = answers.values
    return [
        "" if not placed and is_position(one.field) else _written_out(made, one.field, values.get(one.below, ""))
        for one in made.sheets[at].columns
    ]


def _written_out(made: Plan, field: Field, value: str) -> str | int | Decimal:
    """An answer as a cell: numbers as numbers, so that a worksheet can add them up."""
    if not value or field.kind not in NUMBERS:
        return said(field, value, made.language, made.places) if made.labels and value else value
    if WHOLE.fullmatch(value):
        return int(value)
    return Decimal(value) if field.kind == "decimal" and BROKEN.fullmatch(value) else value
