"""docs/reference/cap.md lists every rule as it is."""

from __future__ import annotations

import re
from pathlib import Path

from pasaj.core.problems import CATALOGUE

PAGE = Path(__file__).resolve().parents[3] / "docs/reference/cap.md"


def test_the_page_lists_every_rule_as_it_is() -> None:
    said = re.findall(r"^\| (CAP-\d{3}) \| (.*) \| (.*) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert said == [(one.code, one.message, one.remedy) for one in CATALOGUE.values() if one.code.startswith("CAP-")]
