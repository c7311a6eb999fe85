"""Four complete catalogues, with equal placeholders and the right words."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("fr", "ht", "en", "es")
PLACES = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd]")
# What the product must never say of people, in any of its languages.
NEVER = re.compile(
    r"\b(?:illegal|illegals|illegally|clandestin\w*|ilegal\w*|illégal\w*|illégaux|ilegal)\b", re.IGNORECASE
)


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(ROOT / f"src/pasaj/locale/{language}/LC_MESSAGES/django.po"))


@pytest.mark.req("R5.1")
def test_the_four_catalogues_are_complete() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/messages.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert done.returncode == 0


@pytest.mark.req("R5.1")
@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_the_same(language: str) -> None:
    wrong = []
    for entry in catalogue(language):
        wanted = {frozenset(PLACES.findall(text)) for text in (entry.msgid, entry.msgid_plural) if text}
        for text in entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]:
            if frozenset(PLACES.findall(text)) not in wanted:
                wrong.append((entry.msgid, text))
    assert wrong == []


@pytest.mark.req("R3.9")
def test_nobody_is_called_illegal() -> None:
    said = []
    for language in LANGUAGES:
        said += [entry.msgid for entry in catalogue(language) if NEVER.search(entry.msgstr + entry.msgid)]
    for path in (ROOT / "src/pasaj/packs").rglob("*.csv"):
        for at, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if NEVER.search(line):
                said.append(f"{path.name}:{at}")
    assert said == []
