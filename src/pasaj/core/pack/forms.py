"""Forms of a pack: `forms/<form_id>/` with the sheets of an XLSForm as CSV. What they say is converted when loaded."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from pasaj.core.forms.screening import Row, Sheets, screen
from pasaj.core.pack.findings import Findings
from pasaj.core.pack.table import Table, decode

FILE = re.compile(r"forms/([A-Za-z][\w-]{0,59})/(?:(survey|choices|settings)\.csv|meaning\.yaml)", re.ASCII)
NEEDED = ("type", "name")


def is_form(file: str) -> bool:
    """Whether a path is that of a sheet of a form, or of its meaning."""
    return FILE.fullmatch(file) is not None


def check(files: Mapping[str, bytes], findings: Findings, unofficial: Collection[str]) -> None:
    """Refuse folders that make no form; warn of every question that the screening would not let be published.

    `unofficial`: codes of the unofficial crossings of the pack.
    """
    for form_id in sorted({found[1] for file in files if (found := FILE.fullmatch(file))}):
        _folder(files, form_id, findings, unofficial)


def _folder(files: Mapping[str, bytes], form_id: str, findings: Findings, unofficial: Collection[str]) -> None:
    tables = {
        sheet: _table(files, f"forms/{form_id}/{sheet}.csv", findings) for sheet in ("survey", "choices", "settings")
    }
    survey = tables["survey"]
    if f"forms/{form_id}/survey.csv" not in files:
        findings.refuse("PACK-001", f"forms/{form_id}/survey.csv")
    elif survey is not None and not survey.broken:
        for column in NEEDED:
            if column not in survey.header:
                findings.refuse("PACK-008", survey.file, 1, column)
    rows = {sheet: tuple(_rows(table)) for sheet, table in tables.items()}
    for row in rows["settings"][:1]:
        stated = row.cells.get("form_id", form_id)
        if stated != form_id:
            findings.refuse(
                "PACK-095", f"forms/{form_id}/settings.csv", row.number, "form_id", value=stated[:60], folder=form_id
            )
    for one in screen(Sheets(rows["survey"], rows["choices"], rows["settings"]), unofficial=unofficial):
        findings.warnings.append(replace(one.problem, file=f"forms/{form_id}/{one.problem.file}.csv"))


def _table(files: Mapping[str, bytes], file: str, findings: Findings) -> Table | None:
    text = decode(files[file], file, findings) if file in files else None
    return None if text is None else Table(file, text, findings)


def _rows(table: Table | None) -> Iterator[Row]:
    if table is not None and not table.broken:
        for number, cells in table.rows():
            yield Row(number, {name: cell for name, cell in zip(table.header, cells, strict=True) if cell})
