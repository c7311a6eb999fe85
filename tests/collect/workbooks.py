"""XLSForms for tests: real workbooks, as bytes."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from openpyxl import Workbook

HEADER = ("type", "name", "label::Français (fr)", "label::Kreyòl (ht)", "relevant", "calculation", "constraint")
COUNTS: tuple[tuple[object, ...], ...] = (
    ("select_one_from_file crossings.csv", "crossing", "Point de passage", "Pwen pasaj"),
    ("date", "day", "Jour", "Jou"),
    ("integer", "entries", "Entrées", "Antre", "", "", ". >= 0"),
    ("integer", "returns", "Retours", "Retou", "", "", ". >= 0"),
    ("text", "note", "Que s’est-il passé ?", "Kisa ki pase?"),
)
NAMED: tuple[object, ...] = ("text", "who", "Nom et prénom", "Non ak siyati")


def workbook(
    *survey: Sequence[object],
    choices: Iterable[Sequence[object]] = (),
    settings: dict[str, object] | None = None,
    header: Sequence[object] = HEADER,
    sheet: str = "survey",
) -> bytes:
    book = Workbook()
    first = book.active
    first.title = sheet
    for row in (header, *survey):
        first.append(list(row))
    if choices:
        second = book.create_sheet("choices")
        for row in choices:
            second.append(list(row))
    said = {"form_id": "daily", "form_title": "Rapport", "version": "1"} if settings is None else settings
    if said:
        third = book.create_sheet("settings")
        third.append(list(said))
        third.append(list(said.values()))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def counts(version: str = "1", *more: Sequence[object], form_id: str = "daily") -> bytes:
    """A form of daily counts that nothing stands against, with further questions."""
    return workbook(*COUNTS, *more, settings={"form_id": form_id, "form_title": "Rapport", "version": version})
