"""XLSForms that Pasaj makes itself: sheets of rows become a workbook, and the same rows the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence

MOMENT = (1980, 1, 1, 0, 0, 0)  # of every file in the workbook: equal sheets give equal bytes


def workbook(sheets: Mapping[str, Sequence[Sequence[str]]]) -> bytes:
    """A workbook with these sheets; one without rows is left out."""
    from openpyxl import Workbook  # noqa: PLC0415 - heavy

    book = Workbook(write_only=True)
    for name, rows in sheets.items():
        if rows:
            page = book.create_sheet(name)
            for row in rows:
                page.append(list(row))
    raw = io.BytesIO()
    book.save(raw)
    return _plain(raw)


def _plain(raw: io.BytesIO) -> bytes:
    """The same workbook with nothing in it that says when it was made."""
    out = io.BytesIO()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist()):
            content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"1980-01-01T00:00:00Z", source.read(name))
            target.writestr(zipfile.ZipInfo(name, MOMENT), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
