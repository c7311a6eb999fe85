"""Rules about the code itself: small files, small functions, nothing of a machine in the tree."""

from __future__ import annotations

import ast
import io
import re
import subprocess
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LIMIT_FILE, LIMIT_FUNCTION = 500, 50


def tracked(*endings: str) -> list[Path]:
    """The files git knows or would know; in an unpacked archive, all of them."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):
        listed = [str(path.relative_to(ROOT)) for path in ROOT.rglob("*") if path.is_file()]
    return [ROOT / name for name in listed if name.endswith(endings) and (ROOT / name).is_file()]


HAND_WRITTEN = [path for path in tracked(".py", ".js", ".mjs", ".css", ".html") if "migrations" not in path.parts]
PYTHON = [path for path in HAND_WRITTEN if path.suffix == ".py"]


def python_code_lines(source: str) -> set[int]:
    """Line numbers with code on them: no blanks, comments or docstrings."""
    lines: set[int] = set()
    skip = {
        tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT,
        tokenize.ENCODING, tokenize.ENDMARKER,
    }  # fmt: skip
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in skip:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            lines.difference_update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return lines


def test_files_are_short() -> None:
    long = {}
    for path in HAND_WRITTEN:
        source = path.read_text(encoding="utf-8")
        count = (
            len(python_code_lines(source))
            if path.suffix == ".py"
            else sum(bool(x.strip()) for x in source.splitlines())
        )
        if count > LIMIT_FILE:
            long[str(path.relative_to(ROOT))] = count
    assert long == {}


def test_functions_are_short() -> None:
    long = {}
    for path in PYTHON:
        source = path.read_text(encoding="utf-8")
        code = python_code_lines(source)
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                count = len([line for line in code if node.lineno <= line <= (node.end_lineno or node.lineno)])
                if count > LIMIT_FUNCTION:
                    long[f"{path.relative_to(ROOT)}:{node.name}"] = count
    assert long == {}


def test_the_core_reads_no_clock() -> None:
    found = []
    for path in (ROOT / "src/pasaj/core").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in {"now", "utcnow", "today"}:
                found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert found == []


def test_the_core_explains_its_functions() -> None:
    bare = []
    for path in (ROOT / "src/pasaj/core").rglob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                if not ast.get_docstring(node):
                    bare.append(f"{path.relative_to(ROOT)}:{node.name}")
    assert bare == []


def test_services_explain_their_verbs() -> None:
    bare = []
    for folder in (ROOT / "src/pasaj").glob("*/services*"):
        for path in [folder] if folder.is_file() else folder.rglob("*.py"):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not ast.get_docstring(node):
                    bare.append(f"{path.relative_to(ROOT)}:{node.name}")
    assert bare == []


def test_locks_name_no_host() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        assert "://" not in (ROOT / name).read_text(encoding="utf-8")
    lock = (ROOT / "frontend/package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock


def test_no_machine_in_the_tree() -> None:
    """No path of a workplace and no private address of a registry."""
    bad = re.compile(r"(?<![\w.])/(?:work|home|root|Users)/\w|/tmp/(?:plan|bash_jobs)|index-url\s*=|extra-index")
    found = []
    for path in tracked(
        ".py", ".md", ".toml", ".yaml", ".yml", ".json", ".mjs", ".js", ".html", ".sh", ".csv", "Makefile"
    ):
        if path.name == "package-lock.json" or path == Path(__file__):
            continue
        for at, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if bad.search(line):
                found.append(f"{path.relative_to(ROOT)}:{at}")
    assert found == []


def test_generic_code_names_no_country() -> None:
    """Nothing about the first pack's country stands in code."""
    found = []
    for path in (ROOT / "src/pasaj").rglob("*"):
        if path.suffix not in {".py", ".html"} or "packs" in path.parts:
            continue
        for at, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if re.search(r"\bHT-|haïti|dominic|bellad|ouanaminthe|malpasse", line, re.IGNORECASE):
                found.append(f"{path.relative_to(ROOT)}:{at}")
    assert found == []


@pytest.mark.parametrize("path", sorted((ROOT / "src/pasaj").rglob("*.html")), ids=lambda path: path.name)
def test_templates_hold_no_inline_script_or_style(path: Path) -> None:
    """The content security policy would block them silently."""
    source = path.read_text(encoding="utf-8")
    assert re.findall(r"<[^>]+\s(?:on\w+|style)\s*=", source) == []
    assert [
        tag for tag in re.findall(r"<script\b[^>]*>", source) if "src=" not in tag and "application/json" not in tag
    ] == []
    assert "<style" not in source
