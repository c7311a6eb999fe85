"""One run of an import: both passes, the file of refused rows, and the flag."""

from __future__ import annotations

import contextlib
import csv
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from pasaj.access.queries import say
from pasaj.access.rules import SYSTEM
from pasaj.access.services import audit
from pasaj.core import csvsafe, importing
from pasaj.core.forms import text_screen
from pasaj.core.nearest import Names
from pasaj.core.problems import Problem, Refused, problem
from pasaj.registry.models import Area, CrossingPoint
from pasaj.registry.queries import known_names
from pasaj.watch.models import Import, Measure, Source
from pasaj.watch.rules import requester
from pasaj.watch.services import citing, reading, staging
from pasaj.watch.services.imports.opening import folder, remove_files
from pasaj.watch.services.imports.sweeping import Busy, abandoned, alone, clean, leave, sweep_others
from pasaj.watch.services.observations import local_date, series_code
from pasaj.watch.services.scratch import CHANGED, NEW, UNCHANGED, Scratch

State = Import.State
Progress = Callable[[int, int], object]
SHOWN = 50  # problems kept on the row itself; the file of refused rows has them all


class _Cancelled(Exception):  # noqa: N818 - not an error
    """Somebody asked for it on the page of jobs."""


def run(import_id: int, *, now: datetime, progress: Progress | None = None, slice_rows: int = 2000) -> Import:
    """Do a queued import (or one whose worker died) from the start. A finished one is returned as it is.

    `now`: the business clock. `progress(done, total)` is told how far it is. A file that cannot be read
    ends as failed, with its problems on the row; single bad rows go to the file of refused rows.
    Raises Busy (IMPORT-020) while another import writes; then it stays queued, or ends when it is a
    foreground one, whose caller is told.
    """
    row = Import.objects.select_related("source").get(pk=import_id)
    try:
        with contextlib.nullcontext() if row.dry_run else alone():
            if not row.dry_run:
                sweep_others(import_id, now=now)
            row.refresh_from_db()
            if row.state not in (State.QUEUED, State.RUNNING):
                return row
            clean(row)
            if abandoned(row):
                leave(row, SYSTEM, now)
                return row
            return _Run(row, now, progress, slice_rows).all()
    except Busy:
        if row.result.get("process"):
            leave(row, requester(row), now)
        else:
            Import.objects.filter(pk=import_id, state=State.RUNNING).update(state=State.QUEUED)
        raise


class _Run:
    """One run of one import."""

    def __init__(self, row: Import, now: datetime, progress: Progress | None, slice_rows: int) -> None:
        self.row, self.now, self.progress, self.slice_rows = row, now, progress, slice_rows
        self.path = Path(settings.PASAJ_HOME) / "files" / row.path
        self.size = max(1, self.path.stat().st_size) if self.path.exists() else 1
        self.told = datetime.min.replace(tzinfo=timezone.get_default_timezone())
        self.mapping = importing.parse(row.mapping)
        self.rows = 0

    def all(self) -> Import:
        try:
            self.work()
        except _Cancelled:
            self.end(State.CANCELLED)
        except Refused as refused:
            self.end(State.FAILED, refused.problems)
        except KeyboardInterrupt:
            self.end(State.CANCELLED)
            raise
        except Exception:
            # Such as a full disk. A worker takes it up again; from a terminal somebody begins anew, with room to do it.
            if self.row.result.get("process"):
                with contextlib.suppress(Exception):
                    self.end(State.CANCELLED)
            raise
        return self.row

    def work(self) -> None:
        """Both passes and the flag."""
        if not self.path.exists():
            raise Refused(problem("IMPORT-016", name=self.row.filename))
        self.tell(0, force=True)
        known = reading.layout(self.path, self.mapping, self.row.filename)
        lookup = lookup_for(self.now)
        problems = importing.missing_columns(self.mapping, known.header, self.row.filename)
        problems += importing.unknown_words(self.mapping, lookup)
        persons = importing.of_persons(self.mapping, known.header, self.row.filename)
        if persons:
            remove_files(self.row)  # nobody keeps a register of persons here
        if problems or persons:
            raise Refused(*problems, *persons)
        with Scratch(folder() / f"{self.row.code}.scratch") as scratch:
            self.read(known, lookup, scratch)
            self.compare(scratch)
            self.conclude(known, scratch)

    def read(self, known: reading.Layout, lookup: importing.Lookup, scratch: Scratch) -> None:
        """First pass: every row through the mapping, what disagrees found."""
        source = self.row.source.code if self.row.source else ""
        for record in reading.records(self.path, known, self.row.filename):
            self.rows += 1
            if record.broken:
                scratch.refuse(record.row, [record.broken])
                continue
            found = importing.row_values(
                self.mapping, known.header, record.cells, record.row, lookup, source=source, file=self.row.filename
            )
            if found.problems:
                scratch.refuse(record.row, found.problems)
            for cell in found.cells:
                cadence = cell.period.type
                code = series_code(cell.place, cell.measure, cell.direction, cell.category, cell.source, cadence)
                scratch.add(cell, code)
            if self.rows % 500 == 0:
                self.tell(record.position)
        if not self.rows:
            raise Refused(problem("IMPORT-017", file=self.row.filename))
        scratch.settle(self.row.filename)
        self.tell(self.size, force=True)

    def compare(self, scratch: Scratch) -> None:
        """Second pass: what is new, changed or known already; staged unless it is a dry run."""
        total, done = max(1, scratch.count()), 0
        series = staging.SeriesByCode()
        for part in scratch.slices(self.slice_rows):
            outcome = staging.stage(self.row, part, series, self.now)
            for status, ids in outcome.items():
                scratch.mark(ids, status)
            done += len(part)
            self.tell(self.size + self.size * done // total, force=True)

    def conclude(self, known: reading.Layout, scratch: Scratch) -> None:
        """The file of refused rows, the counts, and at last the flag that makes it all visible."""
        row, rows, figures = self.row, scratch.rows(), scratch.figures()
        row.rows_new, row.rows_changed = rows.get(NEW, 0), rows.get(CHANGED, 0)
        row.rows_unchanged, row.rows_refused = rows.get(UNCHANGED, 0), scratch.refused()
        row.problems, codes = self.write_refused(known, scratch)
        row.result = {
            "rows": self.rows,
            "new": figures.get(NEW, 0),
            "changed": figures.get(CHANGED, 0),
            "unchanged": figures.get(UNCHANGED, 0),
            "encoding": known.encoding,
            "certain": known.certain,
            "delimiter": known.delimiter,
            "codes": codes,
        }
        row.done = row.total = 2 * self.size
        row.finished_at = row.heartbeat_at = timezone.now()
        row.state = State.DONE
        with transaction.atomic():
            if Import.objects.select_for_update().get(pk=row.pk).cancel_asked:
                raise _Cancelled
            if not row.dry_run:
                row.applied_at = self.now
            row.save()
            if not row.dry_run:
                citing.imported(row, requester(row), self.now)
            detail = {"file": row.filename, "sha256": row.sha256, "refused": row.rows_refused, **row.result}
            action = "import.tried" if row.dry_run else "import.applied"
            audit.record(actor=requester(self.row), action=action, code=row.code, now=self.now, detail=detail)
        if self.progress:
            self.progress(row.done, row.total)

    def write_refused(self, known: reading.Layout, scratch: Scratch) -> tuple[list[dict[str, Any]], dict[str, int]]:
        """Write the refused rows with their reasons. Returns the first problems, ready for the row, and how
        often each code was given: what may be told to those who may not see the file.
        """
        if not self.row.rows_refused:
            self.row.refused_path = ""
            return [], {}
        path = folder() / f"{self.row.code}-refused.csv"
        shown: list[dict[str, Any]] = []
        codes: Counter[str] = Counter()
        originals = contextlib.closing(reading.records(self.path, known, self.row.filename))
        with path.open("w", encoding="utf-8-sig", newline="") as out, originals as records:
            writer = csv.writer(out, delimiter=known.delimiter)
            writer.writerow(csvsafe.row(["row", "reasons", *known.header]))
            for number, problems in scratch.reasons():
                cells = next((one.cells for one in records if one.row == number), [])
                kept = [text_screen.shown(cell) for cell in cells]
                writer.writerow(csvsafe.row([number, " ".join(_reason(one) for one in problems), *map(str, kept)]))
                shown += [one.plain() for one in problems[: SHOWN - len(shown)]]
                codes.update(one.code for one in problems)
        self.row.refused_path = f"imports/{path.name}"
        return shown, dict(sorted(codes.items()))

    def tell(self, done: int, *, force: bool = False) -> None:
        """Sign of life, at most once a second unless something was written; and the moment to be cancelled."""
        moment = timezone.now()
        if self.progress:
            self.progress(done, 2 * self.size)
        if not force and (moment - self.told).total_seconds() < 1:
            return
        self.told = moment
        Import.objects.filter(pk=self.row.pk).update(
            state=State.RUNNING, heartbeat_at=moment, done=done, total=2 * self.size
        )
        if Import.objects.filter(pk=self.row.pk, cancel_asked=True).exists():
            raise _Cancelled

    def end(self, state: str, problems: tuple[Problem, ...] = ()) -> None:
        """Leave without anything visible; nothing to do when it was done before the interruption came."""
        if Import.objects.filter(pk=self.row.pk, state=State.DONE).exists():
            return
        clean(self.row)
        self.row.state, self.row.finished_at = state, timezone.now()
        self.row.problems = [one.plain() for one in problems[:SHOWN]]
        self.row.refused_path, self.row.applied_at = "", None
        with transaction.atomic():
            self.row.save(update_fields=["state", "finished_at", "problems", "refused_path", "applied_at"])
            detail = {"file": self.row.filename, "problems": [one.code for one in problems]}
            code, actor = self.row.code, requester(self.row)
            audit.record(actor=actor, action=f"import.{state}", code=code, now=self.now, detail=detail)


def lookup_for(now: datetime) -> importing.Lookup:
    """What figures may speak of: every place, measure and source of the home."""
    return importing.Lookup(
        crossings=Names((one.code, (one.name, *one.aliases)) for one in CrossingPoint.objects.order_by("code")),
        areas=Names((one.code, (one.pcode, *one.names.values())) for one in Area.objects.order_by("code")),
        measures={
            one.code: importing.MeasureFacts(
                one.kind, one.direction, frozenset(category["code"] for category in one.categories)
            )
            for one in Measure.objects.all()
        },
        sources=frozenset(Source.objects.values_list("code", flat=True)),
        until=local_date(now),
        places=known_names(),
    )


def _reason(one: Problem) -> str:
    said = say(one)
    column = f"{one.column}: " if one.column else ""
    return f"{said.code}: {column}{said.text} {said.remedy}"
