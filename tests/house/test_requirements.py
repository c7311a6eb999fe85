"""Each requirement of docs/requirements.md is shown by a test, and each mark names a requirement."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/requirements.md"
MATRIX = ROOT / "docs/reference/requirements-matrix.md"


def stated() -> dict[str, str]:
    """Requirement ids and their state: `now` (built) or `later`."""
    rows = re.findall(r"^\| (R\d+\.\d+) \|.*\| (now|later) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    return dict(rows)


def marked() -> dict[str, list[str]]:
    """Requirement ids and the tests that carry them."""
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        waiting: list[str] = []
        for line in path.read_text(encoding="utf-8").splitlines():
            if "mark.req(" in line:
                waiting += re.findall(r"R\d+\.\d+", line)
            elif match := re.match(r"\s*(?:async )?def (test_\w+)", line):
                for one in waiting:
                    found.setdefault(one, []).append(f"{path.relative_to(ROOT)}::{match[1]}")
                waiting = []
    return found


def matrix() -> str:
    lines = ["# Requirements and the tests that show them", "", "Written by `tests/house/test_requirements.py`.", ""]
    lines += ["| id | tests |", "|---|---|"]
    tests = marked()
    for one, state in stated().items():
        shown = "<br>".join(f"`{name}`" for name in tests.get(one, [])) or ("not built yet" if state == "later" else "")
        lines.append(f"| {one} | {shown} |")
    return "\n".join(lines) + "\n"


def test_each_built_requirement_has_a_test() -> None:
    tests = marked()
    assert [one for one, state in stated().items() if state == "now" and one not in tests] == []


def test_each_mark_names_a_requirement() -> None:
    assert sorted(set(marked()) - set(stated())) == []


def test_the_matrix_is_written() -> None:
    """Writes the page that shows which tests show what; commit it with the tests it names."""
    if not MATRIX.exists() or MATRIX.read_text(encoding="utf-8") != matrix():
        MATRIX.write_text(matrix(), encoding="utf-8")
    rows = MATRIX.read_text(encoding="utf-8").splitlines()
    assert len([row for row in rows if row.startswith("| R")]) == len(stated())
