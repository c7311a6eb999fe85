"""docs/reference/plans.md says everything the check knows, and its example passes it."""

from __future__ import annotations

import re
from pathlib import Path

from core.packs import MINIMAL, checked

from pasaj.core.pack.plans import KINDS as TRIGGERS
from pasaj.core.plans import PROMISES, SEVERITIES
from pasaj.core.plans.shapes import DIRECTIONS, PLACES
from pasaj.core.problems.plan import CHECKING, READING

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/reference/plans.md").read_text(encoding="utf-8")
PACK = {
    **MINIMAL,
    "institutions.csv": "code,name_fr,kind,source\nAID,Aide,support,x\nIMM,Immigration,border agency,x\n",
    "functions.csv": "code,name_fr,source\nRECEPTION,Accueil,x\nCONTROL,Contrôle,x\n",
    "mandates.csv": "function,institution,role,source\nRECEPTION,AID,lead,x\nCONTROL,IMM,lead,x\n",
}


def test_every_problem_and_word_stands_there() -> None:
    shown = [f"| {one.code} | {one.message} | {one.remedy} |" for one in (*READING, *CHECKING)]
    assert [line for line in shown if line.replace("{", "`{").replace("}", "}`") not in PAGE] == []
    words = (*PROMISES, *SEVERITIES, *DIRECTIONS, *PLACES, *TRIGGERS)
    assert [word for word in words if f"`{word}`" not in PAGE] == []


def test_the_plan_of_the_guide_can_be_loaded() -> None:
    guide = (ROOT / "docs/guides/write-a-plan.md").read_text(encoding="utf-8")
    example = re.search(r"```toml\n(.*?)```", guide, re.DOTALL)
    assert example
    result = checked({"plans/cold_night.toml": example[1]}, PACK)
    assert result.problems == ()
    assert result.pack is not None
    assert [(one.code, one.days) for one in result.pack.plans] == [("cold_night", 3)]


def test_the_example_is_a_plan() -> None:
    example = re.search(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert example
    result = checked({"plans/mass-returns.toml": example[1]}, PACK)
    assert result.problems == ()
    assert result.pack is not None
    assert [one.code for one in result.pack.plans] == ["mass-returns"]
