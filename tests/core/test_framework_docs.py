"""docs/reference/framework.md says everything the reader of frameworks knows, and its examples pass it."""

from __future__ import annotations

import re
from pathlib import Path

from core.packs import MINIMAL, ZONES, raw

from pasaj.core.framework.conditions import LONGEST as LONGEST_CONDITION
from pasaj.core.framework.conditions import SIGNS
from pasaj.core.framework.shapes import LEVELS, SCALES, UNITS
from pasaj.core.framework.tables import NAMES, PLAIN
from pasaj.core.pack import check
from pasaj.core.pack.frameworks import ATTRIBUTES, LONGEST, MOST, WEIGHT
from pasaj.core.pack.places import CROSSING_KINDS, OFFICIAL

PAGE = (Path(__file__).resolve().parents[2] / "docs/reference/framework.md").read_text(encoding="utf-8")


def test_every_column_and_word_stands_there() -> None:
    attributes = [name for known in ATTRIBUTES.values() for name in known]
    words = [*PLAIN, *LEVELS, *UNITS, *SIGNS, *attributes, *CROSSING_KINDS, *OFFICIAL, *NAMES]
    assert [one for one in words if f"`{one}`" not in PAGE] == []
    assert f'"{SCALES[0]}"' in PAGE


def test_the_limits_stand_there() -> None:
    said = (
        f"at most {MOST['indicators']}",
        f"at most {MOST['pillars']}",
        f"at most {MOST['sources']}",
        f"at most {LONGEST} characters",
        f"At most\n{LONGEST_CONDITION} characters",
        f"0 to {WEIGHT}",
    )
    assert [one for one in said if one not in PAGE] == []


def test_the_examples_make_a_framework() -> None:
    toml, table = (re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)[0] for kind in ("toml", "csv"))
    folder = "frameworks/border-management"
    found = check(raw({**MINIMAL, f"{folder}/framework.toml": toml, f"{folder}/indicators.csv": table}), zones=ZONES)
    assert [one.text() for one in found.problems] == []
    assert found.pack
    assert [one.code for one in found.pack.frameworks[0].indicators] == ["LEG-01"]
