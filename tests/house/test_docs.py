"""The docs stay true: every setting, command, problem code and method stands in them."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from pasaj.core import detect
from pasaj.core.problems import CATALOGUE
from pasaj.site.cli.main import pasaj as main

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def commands(group: click.Group, path: tuple[str, ...] = ("pasaj",)) -> list[tuple[tuple[str, ...], click.Command]]:
    found: list[tuple[tuple[str, ...], click.Command]] = []
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found += commands(command, (*path, name))
        else:
            found.append(((*path, name), command))
    return found


@pytest.mark.req("R9.5")
def test_every_command_is_documented_with_its_options() -> None:
    text = page("reference/commands.md")
    missing = []
    for path, command in commands(main):
        line = " ".join(path)
        if f"## `{line}`" not in text and f"### `{line}`" not in text:
            missing.append(line)
            continue
        for option in command.params:
            if isinstance(option, click.Option) and not any(
                f"`{flag}" in text or f" {flag}" in text for flag in option.opts
            ):
                missing.append(f"{line} {option.opts[0]}")
    assert missing == []


def test_every_command_shows_an_example() -> None:
    assert [
        " ".join(path) for path, one in commands(main) if "xample" not in (one.help or "") + (one.epilog or "")
    ] == []


def test_every_setting_is_documented() -> None:
    text = page("reference/settings.md")
    used = set()
    for path in (ROOT / "src/pasaj").rglob("*.py"):
        used |= set(re.findall(r"\bPASAJ_[A-Z_]+\b", path.read_text(encoding="utf-8")))
    assert sorted(name for name in used if f"`{name}`" not in text) == []


def test_every_problem_is_documented() -> None:
    text = page("reference/problems.md")
    assert sorted(code for code in CATALOGUE if f"| {code} |" not in text) == []


def test_every_method_has_a_page() -> None:
    pages = {path.stem for path in (DOCS / "methods").glob("*.md")}
    assert sorted(name for name in detect.METHODS if name.split("_")[0] not in pages) == []


def test_every_part_of_the_mapping_is_explained() -> None:
    text = page("methods/mapping.md")
    files = sorted(path.name for path in (ROOT / "src/pasaj/core/mapping").glob("[a-z]*.py"))
    assert [name for name in files if f"`{name}`" not in text] == []


def test_links_between_pages_lead_somewhere() -> None:
    broken = []
    for path in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *DOCS.rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", path.read_text(encoding="utf-8")):
            if not (path.parent / target).exists():
                broken.append(f"{path.relative_to(ROOT)} -> {target}")
    assert broken == []


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = sorted(int(path.name[:4]) for path in (DOCS / "decisions").glob("[0-9]*.md"))
    assert numbers == list(range(1, len(numbers) + 1))
