"""`pasaj form build` and `pasaj form publish`, as a person runs them."""

from __future__ import annotations

from pathlib import Path

import pytest
from collect.workbooks import NAMED, counts, workbook
from shell import many, run, told, write_pack


@pytest.mark.req("R9.5")
def test_from_the_pack_to_a_workbook_and_back(tmp_path: Path) -> None:
    pack, home = write_pack(tmp_path / "pack"), tmp_path / "home"
    form = pack / "forms/daily"
    form.mkdir(parents=True)
    (form / "survey.csv").write_text("type,name,label\ninteger,entries,Entries\n")
    (form / "settings.csv").write_text("form_title,form_id,version\nDaily,daily,1\n")
    begun = run(home, "init", "--pack", pack)
    assert (begun.returncode, "Form daily, version 1: published." in begun.stdout) == (0, True), begun.stderr
    good, bad, odd, built = (tmp_path / name for name in ("good.xlsx", "bad.xlsx", "odd.xlsx", "built.xlsx"))
    good.write_bytes(counts("2"))
    bad.write_bytes(counts("3", NAMED))
    odd.write_bytes(workbook(("textt", "a", "A", "A")))
    lines = [
        ["form", "build", "daily", "-o", built, "--pack", pack],
        ["form", "publish", built],
        ["form", "build", "other", "-o", built, "--pack", pack],
        ["form", "build", "daily", "-o", tmp_path / "a.csv", "--pack", pack],
        ["form", "publish", tmp_path / "none.xlsx"],
        ["form", "publish", bad],
        ["form", "publish", odd],
        ["init", "--pack", pack],
    ]
    ended = many(home, lines)
    assert [code for code, _out, _err in ended] == [0, 0, 1, 2, 2, 1, 1, 0]
    assert ended[1][1].splitlines()[0] == "Form daily, version 1: published."
    assert "FORM-031: No form is called other." in ended[2][2]
    assert "survey:7:label::Français (fr): COLLECT-101" in ended[5][2]
    assert (ended[5][1].splitlines()[0], "FORM-013" in ended[6][2]) == ("Form daily, version 3: draft.", True)
    said = told(home, "form", "publish", good)
    assert (said["form_id"], said["version"], said["state"], said["problems"]) == ("daily", "2", "published", [])
    assert said["missing_files"] == []
    good.write_bytes(
        workbook(("select_one_from_file a.csv", "a", "A", "A"), settings={"form_id": "daily", "version": "9"})
    )
    lines = run(home, "form", "publish", good).stdout.splitlines()
    assert lines[-1] == "Missing: the form names these files, and phones need them. a.csv"
