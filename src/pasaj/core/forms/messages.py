"""What the converter and ODK Validate say, in the officer's words: code, sheet, row and column where they are known.

A message that nobody has met before is quoted as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from pasaj.core.problems import Problem, problem

LONGEST = 400  # characters of a quoted message
Rows = Iterable[tuple[int, Mapping[str, str]]]  # number in the spreadsheet, cells by header

_ROW = re.compile(r"^\[row : (\d+)\]\s*")
_SHEET = re.compile(r"On the '(\w+)' sheet, the '([^']+)' value(?: '([^']*)')? is invalid\.?\s*")
_NO_NAME = re.compile(r"Could not find the name '([^']+)'")
_TYPE = re.compile(r"Unknown question type '(.*?)'")
_LIST = re.compile(r"List name not in choices sheet: (.+?)(?: Error on row: (\d+))?$")
_UNMATCHED = re.compile(r"Unmatched '(begin|end)_(group|repeat|loop)'")
_BAD_NAME = re.compile(r"Names must begin with|Question or group with no name|Invalid question name")
_NO_CHOICES = "There should be a choices sheet"
_SPACED = re.compile(r"Choice names with spaces .* See \[(.*)\] in \[(.*)\]")
_NO_LABEL = re.compile(r"The survey element named '([^']+)' has no label")
_TWICE = re.compile(r"sheet: '(\w+)'\. Headers that are different names .*: '([^']*)', '([^']*)'")
_NO_COLUMN = re.compile(r"sheet: '(\w+)'\. One or more required column headers were not found: (.+?)\. Learn")
_BARE_ITEM = re.compile(r"<label> node for itemset doesn't exist! \[instance\(([^)]*)\)")
_UNIQUE = "must be unique within their nearest parent"
_NODE = re.compile(r"\$?\{?/?([\w./-]+)\}?")
_BIND = re.compile(r"bind for (\S+) contains invalid (\w+) expression \[(.*)\]")
_CONDITION = re.compile(r"problem with (display condition|\w+) for node \[([^\]]+)\] at line: (.*)")
_FIELD = re.compile(r"Error evaluating field '([^']+)'")
_FUNCTION = re.compile(r"cannot handle function '([^']+)'")
_CYCLE = re.compile(r"involved in the loop:\s*((?:[^\s]*/[^\s]+\s+)+)")
_JAVA = re.compile(r"(?:\b(?:\w+\.){2,}\w*(?:Exception|Error): )|(?:\S*/form\.xml)")
_SELECT = re.compile(r"(?:select|rank)\w*[ _]", re.IGNORECASE)
_COLUMNS = {
    "display condition": "relevant",
    "relevant": "relevant",
    "constraint": "constraint",
    "calculate": "calculation",
}


def of_converter(text: str, survey: Rows = (), choices: Rows = ()) -> Problem:
    """The problem that a message of pyxform stands for. `survey`, `choices`: the sheets, where it names no row."""
    found = _ROW.match(text)
    row = int(found[1]) if found else None
    rest = _ROW.sub("", text).strip()
    placed = _SHEET.search(rest)
    sheet, column, value = (placed[1], placed[2], placed[3] or "") if placed else ("survey", "", "")
    if sheet == "choices":
        return _of_choices(rest, column, row, dict(choices))
    value = value or _cell(dict(survey).get(row or 0, {}), column)
    return _placed(rest, row, survey, choices) or _known(rest, value).at(sheet, row, column)


def _of_choices(text: str, column: str, row: int | None, choices: Mapping[int, Mapping[str, str]]) -> Problem:
    cells = choices.get(row or 0, {})
    choices_list, name = _cell(cells, "list_name"), _cell(cells, "name", "value")
    if "must be unique for each choice list" in text:
        found = problem("FORM-038", value=name, list=choices_list)
    elif "must have a name" in text:
        found = problem("FORM-039", list=choices_list)
    elif "should have a label" in text:
        found = problem("FORM-047", value=name, list=choices_list)
    else:
        found = problem("FORM-020", detail=_short(text))
    return found.at("choices", row, column)


def _placed(text: str, row: int | None, survey: Rows, choices: Rows) -> Problem | None:
    """What says itself where it is, or can be found by what it names."""
    if found := _LIST.search(text):
        at = int(found[2]) if found[2] else row
        return problem("FORM-016", value=found[1].strip()[:80]).at("survey", at, "type")
    if found := _TYPE.search(text):
        at = row or _row(survey, "type", value=found[1])
        return problem("FORM-013", value=found[1][:80]).at("survey", at, "type")
    if _NO_CHOICES in text:
        at, kind = next(((at, kind) for at, cells in survey if _SELECT.match(kind := _cell(cells, "type"))), (None, ""))
        return problem("FORM-016", value=kind.split(" ")[-1][:80]).at("survey", at, "type")
    if found := _SPACED.search(text):
        at = _row(choices, "name", "value", value=found[1])
        return problem("FORM-037", value=found[1], list=found[2]).at("choices", at, "name")
    if found := _NO_LABEL.search(text):
        return problem("FORM-044", value=found[1]).at("survey", _row(survey, "name", value=found[1]), "label")
    if found := _TWICE.search(text):
        return problem("FORM-045", one=found[2], other=found[3]).at(found[1], 1)
    if found := _NO_COLUMN.search(text):
        return problem("FORM-046", missing=found[2].replace("'", "")).at(found[1], 1)
    return None


def _cell(cells: Mapping[str, str], *columns: str) -> str:
    """What stands in the first of these columns, whatever their capitals."""
    low = {key.casefold().replace(" ", "_"): text for key, text in cells.items()}
    return next((low[column] for column in columns if column in low), "")


def _row(sheet: Rows, *columns: str, value: str) -> int | None:
    """The first row with this value in one of these columns."""
    return next((at for at, cells in sheet if _cell(cells, *columns).split() == value.split()), None)


def _known(text: str, value: str) -> Problem:
    if found := _NO_NAME.search(text):
        return problem("FORM-014", value=found[1])
    if found := _UNMATCHED.search(text):
        return problem("FORM-019", what=found[2])
    if _UNIQUE in text:
        return problem("FORM-015", value=value)
    if "Reference variables must start with" in text:
        return problem("FORM-017", detail=_short(value))
    if _BAD_NAME.search(text):
        return problem("FORM-022", value=value)
    return problem("FORM-020", detail=_short(text))


def of_validator(text: str, rows: Mapping[str, int], warnings: Iterable[Problem] = ()) -> Problem:
    """The problem that the output of ODK Validate stands for.

    `rows`: row of the sheet survey by question name. `warnings`: what the converter remarked before.
    """
    if "Cycle detected" in text:
        loop = _CYCLE.search(text)
        names = [_last(name) for name in (loop[1].split() if loop else [])]
        row = min((rows[name] for name in names if name in rows), default=None)
        return problem("FORM-018", detail=" → ".join(names) or "?").at("survey", row, "calculation")
    if found := _BIND.search(text):
        return _expression(found[3], found[1], found[2], rows)
    if found := _CONDITION.search(text):
        return _expression(found[3].split(", Couldn't")[0].split(", mismatched")[0], found[2], found[1], rows)
    if (found := _FUNCTION.search(text)) and (field := _FIELD.search(text)):
        return problem("FORM-017", detail=f"{found[1]}()").at("survey", rows.get(_last(field[1])), "calculation")
    if found := _BARE_ITEM.search(text):
        bare = (one for one in warnings if one.code == "FORM-047" and one.params["list"] == found[1])
        return next(bare, problem("FORM-047", value="", list=found[1]).at("choices", None, "label"))
    kept = " ".join(line for line in text.splitlines() if line.strip() and not _noise(line))
    return problem("FORM-021", detail=_short(_JAVA.sub("", kept or text))).at("survey", None)


def _expression(written: str, node: str, kind: str, rows: Mapping[str, int]) -> Problem:
    row = rows.get(_last(node))
    return problem("FORM-017", detail=written.strip()[:120]).at("survey", row, _COLUMNS.get(kind, kind))


def _last(node: str) -> str:
    """The name at the end of a path."""
    found = _NODE.search(node)
    return found[1].rpartition("/")[2] if found else node


def _noise(line: str) -> bool:
    return (
        line.lstrip().startswith(("at ", "... ", ">> ", "The following files", "Result:", "Caused by"))
        or ".java:" in line
    )


def _short(text: str) -> str:
    return " ".join(text.split())[:LONGEST]
