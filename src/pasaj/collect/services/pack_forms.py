"""Forms of a country pack: `forms/<form_id>/` with survey.csv, choices.csv, settings.csv and meaning.yaml.

They go the way of every form: a workbook is made of the sheets and handed in. The same folder gives the
same bytes, so loading a pack again converts nothing anew.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Callable, Mapping
from datetime import datetime

from pasaj.access.rules import Actor
from pasaj.collect.models import FormUpload, FormVersion
from pasaj.collect.services import conversion, workbooks
from pasaj.core.problems import Refused, problem

Progress = Callable[[int, int], object]
FILE = re.compile(r"forms/([A-Za-z][\w-]{0,59})/(survey\.csv|choices\.csv|settings\.csv|meaning\.yaml)", re.ASCII)
SHEETS = ("survey", "choices", "settings")
LONGEST_CELL = 100_000


def folders(files: Mapping[str, bytes]) -> dict[str, dict[str, bytes]]:
    """The form folders among the files of a pack: contents by file name, by form_id."""
    found: dict[str, dict[str, bytes]] = {}
    for path in sorted(files):
        match = FILE.fullmatch(path)
        if match:
            found.setdefault(match[1], {})[match[2]] = files[path]
    return {form_id: held for form_id, held in found.items() if "survey.csv" in held}


def workbook(folder: Mapping[str, bytes], form_id: str) -> bytes:
    """An XLSForm made of the sheets of a folder. Raises Refused FORM-036: a sheet that is no UTF-8 CSV."""
    sheets: dict[str, list[list[str]]] = {}
    for sheet in SHEETS:
        rows = _rows(folder.get(f"{sheet}.csv", b""), f"forms/{form_id}/{sheet}.csv")
        sheets[sheet] = _settings(rows, folder, form_id) if sheet == "settings" else rows
    return workbooks.workbook(sheets)


def load(
    *,
    files: Mapping[str, bytes],
    convert: Callable[[int], FormUpload],
    actor: Actor,
    now: datetime,
    progress: Progress | None = None,
) -> list[FormUpload]:
    """Hand in and publish the forms of a pack that are not here yet. Returns one upload for each of those.

    `convert` does the conversion of an upload (jobs.convert). What is wrong with a form stands on its upload.
    """
    wanted = folders(files)
    done: list[FormUpload] = []
    for at, (form_id, folder) in enumerate(wanted.items()):
        data = workbook(folder, form_id)
        if not _is_here(form_id, data):
            row = conversion.upload(
                file=io.BytesIO(data),
                filename=f"{form_id}.xlsx",
                publish=True,
                origin="pack",
                actor=actor,
                now=now,
            )
            done.append(convert(row.pk))
        if progress:
            progress(at + 1, len(wanted))
    return done


def _is_here(form_id: str, data: bytes) -> bool:
    """Whether this very workbook became a version that is, or was, published."""
    versions = FormVersion.objects.filter(form__form_id=form_id, source_sha256=hashlib.sha256(data).hexdigest())
    return versions.exclude(state=FormVersion.State.DRAFT).exists()


def _rows(data: bytes, file: str) -> list[list[str]]:
    try:
        text = data.decode("utf-8-sig")
        csv.field_size_limit(LONGEST_CELL)
        return list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise Refused(problem("FORM-036", file=file, detail=str(error)[:200])) from error


def _settings(rows: list[list[str]], folder: Mapping[str, bytes], form_id: str) -> list[list[str]]:
    """The settings with what the answers mean, and the folder's name where no form_id is written."""
    header, values = rows[:2] if len(rows) >= 2 else (["form_id"], [form_id])
    meaning = folder.get("meaning.yaml", b"").decode("utf-8", "replace")
    return [[*header, "pasaj_meaning"], [*values, meaning]] if meaning else [header, values]
