"""An XLSForm becomes an XForm, in a process of its own: `python -m pasaj.collect.services.converter`.

The workbook comes from outside, so it is opened where memory and time are limited and nothing else is at
hand: no database, no settings. The order comes as JSON on standard input; progress and the result go out as
lines of JSON. What is screened is exactly what is converted: the sheets are read once, here.
"""

from __future__ import annotations

import base64
import json
import resource
import sys
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from pasaj.core import meaning
from pasaj.core.forms import fields as core
from pasaj.core.forms import messages, screening
from pasaj.core.forms.screening import Row, Sheets
from pasaj.core.problems import Problem, Refused, problem

MEGABYTE = 1_000_000
LARGEST = 10 * MEGABYTE  # of the file
UNPACKED = 80 * MEGABYTE
ENTRIES = 2_000  # files inside the workbook
ROWS = {"survey": 20_000, "choices": 60_000, "external_choices": 60_000}
FEW_ROWS = 1_000  # of any other sheet
COLUMNS = 200
LONGEST = 10_000  # characters of a cell
SHEETS = ("survey", "choices", "settings", "external_choices", "entities", "osm")
OURS = frozenset({"photo_of"})  # columns of the survey that only the screening reads
MEANING = "pasaj_meaning"  # settings: docs/reference/meaning.md
TITLE = "title_"  # settings title_fr, title_ht …: what the form is called in each language
FORM_ID = ("form_id", "set_form_id", "id_string")
LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")

Rows = list[dict[str, str]]
Book = dict[str, Rows]


def main() -> None:
    """Read the order, convert within the limits it states, and tell what came of it."""
    order: dict[str, Any] = json.load(sys.stdin)
    resource.setrlimit(resource.RLIMIT_AS, (order["memory"], order["memory"]))
    try:
        _tell(result=convert(Path(order["path"]), order["filename"], order["stamp"], order["unofficial"]))
    except Refused as refused:
        _tell(problems=[one.plain() for one in refused.problems])
    except MemoryError:
        _tell(problems=[problem("FORM-009").plain()])
    except RecursionError:
        _tell(problems=[problem("FORM-020", detail="groups or expressions nested too deeply").plain()])


def _tell(**what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def convert(path: Path, filename: str, stamp: str, unofficial: list[str]) -> dict[str, Any]:
    """Read, convert and screen a workbook. `stamp`: the version given to a form that states none. Raises Refused."""
    _tell(phase="reading")
    book = read(path, filename)
    titles = _prepare(book, stamp)
    declared = _declared(book)
    _tell(phase="converting")
    xml, warnings = _converted(book)
    _tell(phase="screening")
    found = core.read(xml)
    if declared is not None:
        meaning.parse(declared, found.fields, file="settings")
    findings = screening.screen(_sheets(book), found.fields, unofficial=unofficial)
    default = found.languages[0] if found.languages else ""
    return {
        "xml": base64.b64encode(xml).decode(),
        "form_id": found.form_id,
        "version": found.version,
        "titles": titles or {default: next(iter(found.titles.values()), found.form_id)},
        "languages": list(found.languages),
        "fields": [one.plain() for one in found.fields],
        "findings": [one.plain() for one in findings],
        "warnings": [one.plain() for one in warnings],
        "meaning": declared,
        "rows": {row["name"]: number for number, row in _numbered(book, "survey") if row.get("name")},
    }


# --- Reading -----------------------------------------------------------------------------------


def read(path: Path, filename: str) -> Book:
    """The sheets of a workbook as rows by header; blank rows are empty, so that rows keep their numbers.

    Raises Refused: FORM-001 to 007, 032, 034.
    """
    check(path, filename)
    try:
        sheets = _unpacked(path, filename)
    # A damaged workbook fails in many ways; which one is no mistake of ours.
    except (zipfile.BadZipFile, LookupError, ValueError, TypeError, AttributeError, OSError, EOFError) as error:
        raise Refused(problem("FORM-034", file=filename, detail=_short(error, path, filename))) from error
    except SyntaxError as error:  # of its XML
        raise Refused(problem("FORM-034", file=filename, detail=_short(error, path, filename))) from error
    if not any(sheets["survey"]):
        raise Refused(problem("FORM-032", file="survey"))
    return sheets


def _unpacked(path: Path, filename: str) -> Book:
    from openpyxl import load_workbook  # noqa: PLC0415 - heavy

    book = load_workbook(path, read_only=True, data_only=True)
    names = {name.strip().casefold(): name for name in reversed(book.sheetnames)}
    if "survey" not in names:
        found = ", ".join(book.sheetnames[:10])[:200]
        raise Refused(problem("FORM-005", file=filename, sheet="survey", found=found))
    return {sheet: _sheet(book[names[sheet]], sheet) for sheet in SHEETS if sheet in names}


def check(path: Path, filename: str) -> None:
    """Refuse what is no plain workbook before anything of it is unpacked. Raises Refused: FORM-001 to 004, 034."""
    size = path.stat().st_size
    if size > LARGEST:
        raise Refused(problem("FORM-003", file=filename, size=size // MEGABYTE, largest=LARGEST // MEGABYTE))
    with path.open("rb") as file:
        head = file.read(8)
    if not head.startswith(b"PK"):
        raise Refused(problem("FORM-001", file=filename, found=_kind(head)))
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            types = _types(archive, infos)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise Refused(problem("FORM-034", file=filename, detail=_short(error))) from error
    unpacked = sum(one.file_size for one in infos)
    if unpacked > UNPACKED or len(infos) > ENTRIES:
        raise Refused(problem("FORM-004", file=filename, size=unpacked // MEGABYTE))
    if b"macroEnabled" in types or any(one.filename.casefold().endswith("vbaproject.bin") for one in infos):
        raise Refused(problem("FORM-002", file=filename))
    if b"spreadsheetml" not in types:
        raise Refused(problem("FORM-001", file=filename, found="another document" if types else "a ZIP archive"))


def _types(archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo]) -> bytes:
    """The list of content types of the workbook, as far as it is short."""
    for one in infos:
        if one.filename == "[Content_Types].xml" and one.file_size <= MEGABYTE:
            return archive.read(one)
    return b""


def _kind(head: bytes) -> str:
    known = {b"\xd0\xcf\x11\xe0": "an old Excel file (.xls)", b"%PDF": "a PDF", b"<?xm": "an XML file"}
    known[b"{\\rt"] = "an RTF file"
    if not head:
        return "an empty file"
    return known.get(head[:4], "a text file" if all(byte >= 9 for byte in head) else "a file of an unknown kind")


def _sheet(sheet: Any, name: str) -> Rows:
    limit = ROWS.get(name, FEW_ROWS)
    sheet.reset_dimensions()
    header: list[str] = []
    rows: Rows = []
    for number, cells in enumerate(sheet.iter_rows(max_col=COLUMNS, max_row=limit + 2, values_only=True), 1):
        texts = [_text(cell, name, number) for cell in cells]
        if number == 1:
            header = [" ".join(text.split()) for text in texts]
            continue
        rows.append({key: text for key, text in zip(header, texts, strict=False) if key and text})
    while rows and not rows[-1]:
        rows.pop()
    if len(rows) > limit:
        raise Refused(problem("FORM-007", file=name, found=f"> {limit}", limit=limit))
    return rows


def _text(value: object, sheet: str, row: int) -> str:
    """A cell as pyxform reads it: whole numbers without a point, truth as TRUE and FALSE."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = str(value).replace("\u00a0", " ").strip()
    if len(text) > LONGEST:
        raise Refused(problem("FORM-006", file=sheet, row=row, found=len(text), limit=LONGEST))
    return text


def _numbered(book: Mapping[str, Rows], sheet: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows that hold something, by their number in the spreadsheet."""
    return ((number, row) for number, row in enumerate(book.get(sheet, ()), 2) if row)


def _sheets(book: Mapping[str, Rows]) -> Sheets:
    def rows(*sheets: str) -> tuple[Row, ...]:
        return tuple(Row(number, row) for sheet in sheets for number, row in _numbered(book, sheet))

    return Sheets(rows("survey"), rows("choices", "external_choices"), rows("settings"), rows("entities"))


def _short(error: BaseException, path: Path | None = None, filename: str = "") -> str:
    """What an error says, without where the file lies on the server."""
    text = str(error).replace(str(path), filename) if path else str(error)
    return " ".join(text.split())[:200] or type(error).__name__


# --- Converting --------------------------------------------------------------------------------


def _prepare(book: Book, stamp: str) -> dict[str, str]:
    """Refuse what no form may say about itself, give it a version, and take out what is ours. Returns its titles."""
    settings = book.setdefault("settings", [])
    if not settings:
        settings.append({})
    said = settings[0]
    low = {key.casefold(): key for key in said}
    identity = next((said[low[key]] for key in FORM_ID if key in low), "")
    problems: list[Problem] = []
    if not identity:
        problems.append(problem("FORM-010", file="settings", row=2, column="form_id"))
    elif not (identity[0].isalpha() and len(identity) <= 60 and set(identity) <= LETTERS):
        problems.append(problem("FORM-011", file="settings", row=2, column="form_id", value=identity[:80]))
    for column, code in (("public_key", "COLLECT-119"), ("submission_url", "FORM-035")):
        if column in low:
            problems.append(problem(code, file="settings", row=2, column=column))
    if problems:
        raise Refused(*problems)
    if "version" not in low:
        said["version"] = stamp
    titles = {key.removeprefix(TITLE): said.pop(low[key]) for key in list(low) if key.startswith(TITLE)}
    if titles and not {"form_title", "set_form_title"} & low.keys():
        said["form_title"] = next(iter(titles.values()))
    return titles


def _declared(book: Book) -> Any:
    """What the form says its answers mean, as YAML in its settings; None when it says nothing. Raises Refused."""
    said = book["settings"][0]
    column = next((key for key in said if key.casefold() == MEANING), None)
    if column is None:
        return None
    text = said.pop(column)
    try:
        plain = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise Refused(problem("MEANING-001", file="settings", row=2, column=MEANING, detail=_short(error))) from error
    return json.loads(json.dumps(plain, default=str)) if plain is not None else None


def _converted(book: Mapping[str, Rows]) -> tuple[bytes, list[Problem]]:
    from pyxform.errors import PyXFormError  # noqa: PLC0415 - heavy
    from pyxform.xls2xform import convert as to_xform  # noqa: PLC0415

    given: dict[str, Any] = {"sheet_names": list(book)}
    for sheet, rows in book.items():
        kept = [{key: text for key, text in row.items() if key.casefold() not in OURS} for row in rows]
        given[sheet] = kept
        given[f"{sheet}_header"] = [dict.fromkeys(key for row in kept for key in row)]
    said: list[str] = []
    try:
        xform: str = to_xform(xlsform=given, validate=False, warnings=said).xform
    except PyXFormError as error:
        raise Refused(_said(str(error), book)) from error
    except (LookupError, ValueError, TypeError, AttributeError) as error:
        detail = f"{type(error).__name__}: {_short(error)}"
        raise Refused(problem("FORM-020", file="survey", detail=detail)) from error
    return xform.encode(), [_said(text, book) for text in said]


def _said(text: str, book: Mapping[str, Rows]) -> Problem:
    return messages.of_converter(text, list(_numbered(book, "survey")), list(_numbered(book, "choices")))


if __name__ == "__main__":
    main()
