"""Drills played to the end: real services in a process, a home and a time of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pasaj.core.problems import Refused
from pasaj.registry.services.folders import builtin
from pasaj.site.drills import scenarios

PASAJ = [sys.executable, "-m", "pasaj"]
SHORT = """
schema = 1
code = "short"
plan = "mass_return"
hazard = "{hazard}"
level = "orange"
start = 2024-09-30
days = 6
before = 28
onset = 2024-10-01T06:00:00
seed = 1
source = "test"
[name]
fr = "Court"
[summary]
fr = "Quelques jours"
[[usual]]
measure = "returns"
category = "deported"
source = "ONM-REC"
levels = {{ HT-BCP-BEL = 200, HT-BCP-OUA = 150 }}
[[counts]]
measure = "returns"
category = "deported"
source = "ONM-REC"
start = 2024-10-01
days = 4
totals = {{ HT-BCP-BEL = 4000 }}
[[rumour]]
at = 2024-10-01T09:00:00
place = "HT-BCP-BEL"
kind = "radio"
outcome = "refuted"
hours = 3
text = {{fr = "On dit que le pont est fermé."}}
"""


def pasaj(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # Without counting lines: a drill is a month of every service, which tests of their own count already.
    ours = ("PASAJ_", "DJANGO_SETTINGS_", "COVERAGE_", "COV_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    environment |= {"PASAJ_HOME": str(home), "LANG": "C.UTF-8"}
    return subprocess.run([*PASAJ, *arguments], env=environment, capture_output=True, text=True, check=False)


def test_a_drill_is_found_by_its_code_by_its_plan_and_by_its_file(tmp_path: Path) -> None:
    folder = builtin()["haiti"]
    assert scenarios.find(folder, "closure-2023").code == "closure-2023"
    assert scenarios.find(folder, "border_closure").code == "closure-2023"
    with pytest.raises(Refused) as refused:
        scenarios.find(folder, "mass_return")  # two drills test it
    assert [one.code for one in refused.value.problems] == ["DRILL-001"]
    for wanted in ("nothing", str(tmp_path / "none.toml")):
        with pytest.raises(Refused) as refused:
            scenarios.find(folder, wanted)
        assert [one.code for one in refused.value.problems] == ["DRILL-001"]


def test_a_file_with_mistakes_is_told_with_their_places(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(SHORT.format(hazard="x").replace("days = 6", "days = 600"), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        scenarios.find(builtin()["haiti"], str(file))
    assert ("PACK-054", "drills/mine.toml", "days") in {
        (one.code, one.file, one.column) for one in refused.value.problems
    }


def test_a_drill_needs_an_empty_folder_a_known_name_and_a_page_of_markdown(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "something").write_text("x")
    for arguments, code in (
        (["drill", "run", "step-2024", "--home", str(tmp_path / "full")], "DRILL-005"),
        (["drill", "run", "nothing"], "DRILL-001"),
        (["drill", "run", "step-2024", "-o", str(tmp_path / "x.pdf")], "CLI-027"),
    ):
        done = pasaj(tmp_path / "home", *arguments)
        assert (done.returncode in {1, 2}, code in done.stderr) == (True, True), done.stderr
    assert not (tmp_path / "home" / "pasaj.sqlite3").exists()


def test_what_a_scenario_names_must_be_there(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(SHORT.format(hazard="no-such-template"), encoding="utf-8")
    done = pasaj(tmp_path / "home", "drill", "run", str(file), "--json")
    assert (done.returncode, "DRILL-004" in done.stdout + done.stderr) == (1, True)


@pytest.mark.req("R11.81")
def test_a_short_drill_goes_the_same_way_twice_and_leaves_no_trace(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    hazard = scenarios.find(builtin()["haiti"], "step-2024").hazard
    file.write_text(SHORT.format(hazard=hazard), encoding="utf-8")
    first = pasaj(tmp_path / "home", "drill", "run", str(file), "--json")
    assert first.returncode == 0, first.stderr
    second = pasaj(tmp_path / "home", "drill", "run", str(file), "--json", "-o", str(tmp_path / "report.md"))
    assert second.returncode == 0, second.stderr
    one, two = json.loads(first.stdout), json.loads(second.stdout.partition("\n}\n")[0] + "\n}")
    for found in (one, two):
        found.pop("seconds")
    assert one == two
    assert (one["code"], one["scenario"], one["simulated"]) == ("", "short", True)
    took = {step["step"]: step["took"] for step in one["steps"]}
    assert all(took[step] is not None for step in ("report", "detect", "verify", "approve", "reach_90"))
    assert not (tmp_path / "home" / "pasaj.sqlite3").exists()
    assert "Court" in (tmp_path / "report.md").read_text(encoding="utf-8")


@pytest.mark.req("R11.80")
@pytest.mark.parametrize("code", ["arrivals-2015", "closure-2023", "step-2024"])
def test_the_drills_of_the_pack_are_played_to_their_end(code: str, tmp_path: Path) -> None:
    done = pasaj(tmp_path / "home", "drill", "run", code, "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    took = {step["step"]: step["took"] for step in found["steps"]}
    assert [step for step, hours in took.items() if hours is None] == []
    assert found["counts"]["acknowledged"] > 0.8 * found["counts"]["recipients"] > 8


@pytest.mark.req("R11.80")
def test_the_reports_in_the_docs_are_of_the_scenarios_as_they_are() -> None:
    from pasaj.core.drill import fingerprint

    docs = Path(__file__).resolve().parents[2] / "docs" / "drills"
    for one in scenarios.every(builtin()["haiti"]):
        assert fingerprint(one)[:16] in (docs / f"{one.code}.md").read_text(encoding="utf-8")
