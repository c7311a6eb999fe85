"""Bytes to rows: encoding, separators and quotation marks of one CSV file."""

import csv
import re
from collections.abc import Iterator

from pasaj.core.pack.findings import Findings

_SEPARATORS = {";": ";", "\t": "TAB", "|": "|"}
_LINES = re.compile(r"[^\n]*\n|[^\n]+")


def decode(data: bytes, file: str, findings: Findings) -> str | None:
    """Text of a UTF-8 file (a byte-order mark is allowed), lines ended by LF; None after saying why not."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or _looks_utf16(data):
        findings.refuse("PACK-002", file)
        return None
    if b"\0" in data:
        findings.refuse("PACK-004", file, line=data.count(b"\n", 0, data.index(b"\0")) + 1)
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        findings.refuse("PACK-003", file, line=data.count(b"\n", 0, error.start) + 1)
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _looks_utf16(data: bytes) -> bool:
    """UTF-16 without a mark: in Western text every other byte is zero."""
    head = data[:2000]
    most = len(head) // 2 * 0.4
    return len(head) >= 8 and (head[0::2].count(0) > most or head[1::2].count(0) > most)


class Table:
    """The header and the rows of one CSV file. `broken` when rows were lost to bad quotation marks."""

    def __init__(self, file: str, text: str, findings: Findings) -> None:
        self.file = file
        self.findings = findings
        self.broken = False
        self._records = self._read(text)
        self.header = self._header()

    def _read(self, text: str) -> Iterator[tuple[int, list[str]]]:
        """Records with their row as a spreadsheet counts it: blank ones count, a cell may hold several lines."""
        reader = csv.reader((match[0] for match in _LINES.finditer(text)), strict=True)
        row = 0
        while True:
            row += 1
            try:
                record = next(reader)
            except StopIteration:
                return
            except csv.Error:
                self.broken = True
                self.findings.refuse("PACK-006", self.file, row)
                continue
            yield row, record

    def _header(self) -> list[str]:
        """Column names in lower case; a column without a name is called #4 after its place. Empty: no header."""
        _row, record = next(self._records, (1, []))
        if len(record) == 1:
            for mark, name in _SEPARATORS.items():
                if mark in record[0]:
                    self.findings.refuse("PACK-005", self.file, 1, found=name)
                    self.broken = True
                    return []
        names = [cell.strip().lower() for cell in record]
        while names and not names[-1]:
            names.pop()
        return [name or f"#{place}" for place, name in enumerate(names, start=1)]

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Rows that hold something, each with as many cells as the header."""
        width = len(self.header)
        for row, record in self._records:
            cells = [cell.strip() for cell in record]
            if not any(cells):
                continue
            if any(cells[width:]):
                self.findings.refuse("PACK-007", self.file, row, found=len(cells), expected=width)
                self.broken = True
                continue
            yield row, (cells + [""] * (width - len(cells)))[:width]
