"""policy/demo/options.toml: what is read, and every mistake with its place."""

from __future__ import annotations

import pytest
from core.demofiles import ALL, FOLDER, both
from core.packs import checked, said, warned
from core.test_pack_demopolicy import read

from pasaj.core.policy import demo

OPTIONS = f"{FOLDER}options.toml"
SAID = f"""\
[[appraisal]]
objective = "O1.1"
chosen = 2
measure = "M1.1"
reason = "Assez"
{both("Comment ?")}
[[appraisal.option]]
{both("Rien")}
[appraisal.option.judged]
BENEFIT = "trivial, low"
RIGHTS = "doubtful"
[[appraisal.option]]
law = ["L-1"]
{both("Une ligne")}
[appraisal.option.judged]
BENEFIT = "large"
HARM = "varies, very_low"
RIGHTS = "none, high"
[appraisal.option.dissent]
BENEFIT = "Le ministère en doute"
"""


def test_it_is_read() -> None:
    found = checked({**ALL, OPTIONS: SAID})
    assert (said(found), warned(found)) == ([], [("PACK-066", OPTIONS, None, "")])  # no source is listed for it
    texts = {word: {"fr": word, "en": word} for word in ("Comment ?", "Rien", "Une ligne")}
    assert read(**{OPTIONS: SAID}).appraisals == (
        demo.Appraisal(
            "O1.1",
            texts["Comment ?"],
            (
                demo.Option(texts["Rien"], {"BENEFIT": ("trivial", "low"), "RIGHTS": ("doubtful", "")}),
                demo.Option(
                    texts["Une ligne"],
                    {"BENEFIT": ("large", ""), "HARM": ("varies", "very_low"), "RIGHTS": ("none", "high")},
                    {"BENEFIT": "Le ministère en doute"},
                    ("L-1",),
                ),
            ),
            2,
            "Assez",
            "M1.1",
        ),
    )


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ('objective = "O1.1"', 'objective = "O7.7"', [("PACK-110", "appraisal.1.objective")]),
        ("chosen = 2", "chosen = 3", [("PACK-054", "appraisal.1.chosen")]),
        ("chosen = 2", 'chosen = "B"', [("PACK-054", "appraisal.1.chosen")]),
        ("chosen = 2\n", "", [("PACK-053", "appraisal.1.chosen"), ("PACK-054", "appraisal.1.chosen")]),
        ('law = ["L-1"]', 'law = ["L-9"]', [("PACK-015", "appraisal.1.option.2.law")]),
        ('HARM = "varies', 'HARMS = "varies', [("PACK-024", "appraisal.1.option.2.judged.HARMS")]),
        ('BENEFIT = "large"', 'BENEFIT = "larg"', [
            ("PACK-024", "appraisal.1.option.2.judged.BENEFIT"), ("PACK-023", "appraisal.1.option.2.dissent.BENEFIT")]),
        ('"none, high"', '"none, sure"', [("PACK-023", "appraisal.1.option.2.judged.RIGHTS")]),
        ('BENEFIT = "Le min', 'EQUITY = "Le min', [("PACK-023", "appraisal.1.option.2.dissent.EQUITY")]),
        ("[appraisal.option.dissent]\nBENEFIT =", "[appraisal.option]\ndissent =", []),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place(before: str, after: str, found: list[tuple[str, str]]) -> None:
    assert before in SAID
    told = said(checked({**ALL, OPTIONS: SAID.replace(before, after, 1)}))
    if found:
        assert [(code, column) for code, file, _row, column in told if file == OPTIONS] == found
    else:
        assert told != []


@pytest.mark.parametrize("broken", ['judged = "all"', 'dissent = "all"'])
def test_what_is_no_table(broken: str) -> None:
    text = SAID.split("[appraisal.option.judged]")[0] + broken + "\n"
    told = [(code, column) for code, _file, _row, column in said(checked({**ALL, OPTIONS: text}))]
    assert ("PACK-054", f"appraisal.1.option.1.{broken.split()[0]}") in told
