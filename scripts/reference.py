"""Write docs/reference/problems.md from the catalogue of problems."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from pasaj.core.problems import CATALOGUE

PAGE = Path(__file__).resolve().parents[1] / "docs/reference/problems.md"


def page() -> str:
    lines = [
        "# Problems",
        "",
        "What Pasaj says when something is wrong, and what to do. Each has a code, a place (file, row, column)",
        "and a remedy, in the reader's language. Written by `scripts/reference.py` from `core/problems`.",
    ]
    kinds = sorted(CATALOGUE.values(), key=lambda kind: kind.code)
    for domain, group in groupby(kinds, key=lambda kind: kind.code.rsplit("-", 1)[0]):
        lines += ["", f"## {domain}", "", "| code | what it says | what to do |", "|---|---|---|"]
        for kind in group:
            cells = (kind.code, kind.message, kind.remedy)
            lines.append("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE.name}: {len(CATALOGUE)} problems")
