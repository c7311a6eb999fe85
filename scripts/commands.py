"""Put the present `--help` of every command into docs/reference/commands.md; the text around it is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click

from pasaj.site.cli.main import pasaj

PAGE = Path(__file__).resolve().parents[1] / "docs/reference/commands.md"


def helps(group: click.Group, context: click.Context) -> Iterator[tuple[str, str]]:
    """Every command's full name and what its --help prints, 80 columns wide."""
    for name, command in group.commands.items():
        with click.Context(command, info_name=name, parent=context) as inner:
            if isinstance(command, click.Group):
                yield from helps(command, inner)
            else:
                yield inner.command_path, command.get_help(inner)


def page() -> str:
    text = PAGE.read_text(encoding="utf-8")
    with click.Context(pasaj, info_name="pasaj", terminal_width=80, **pasaj.context_settings) as root:
        for line, shown in helps(pasaj, root):
            block = f"## `{line}`\n\n```text\n{shown}\n```\n"
            pattern = re.compile(rf"^## `{re.escape(line)}`\n+```text\n.*?\n```\n", re.MULTILINE | re.DOTALL)
            if pattern.search(text):
                text = pattern.sub(lambda _found, block=block: block, text, count=1)
            else:
                text = f"{text.rstrip()}\n\n{block}"
    return text


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE.name)
