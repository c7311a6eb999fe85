"""`pasaj policy check`."""

from __future__ import annotations

import json
from pathlib import Path

import make
import pytest
import shell
from django.utils import translation
from policy import plans

from pasaj.policy.models import Policy
from pasaj.policy.queries import coherence as queries
from pasaj.policy.services import coherence
from pasaj.site.cli import policy as command


@pytest.mark.django_db
@pytest.mark.req("R12.54")
def test_the_command_says_what_the_page_says(country: make.Country, capsys: pytest.CaptureFixture[str]) -> None:
    row = plans.whole(country)
    before = queries.checked(row, plans.NOW.date())
    [one] = [one for one in before.found if one.breach.rule == "COH-507"]
    coherence.waive(
        policy="P1", fingerprint=one.breach.fingerprint, reason="With the printer", actor=plans.drafter(), now=plans.NOW
    )
    found = queries.checked(Policy.objects.get(), plans.NOW.date())
    with translation.override("en"):
        command._say(found)
    lines = capsys.readouterr().out.splitlines()
    assert "COH-507 error P1: P1 has no text yet." in lines
    assert lines[lines.index("COH-507 error P1: P1 has no text yet.") + 1] == "  Waived: With the printer"
    assert "COH-323 warning P1-A1.1.2: P1-A1.1.2 does not say what it costs." in lines
    counts = found.counts
    assert lines[-1] == (
        f"P1: {counts['error']} errors, {counts['warning']} warnings, {counts['note']} notes, 1 waived."
    )
    assert [one["reason"] for one in queries.plain(found)["waived"]] == ["With the printer"]


@pytest.mark.req("R12.54")
def test_the_command_without_a_policy(tmp_path: Path) -> None:
    home = shell.small_home(tmp_path)
    for arguments in ((), ("P9",)):
        result = shell.run(home, "policy", "check", *arguments)
        assert (result.returncode, result.stderr.startswith("CLI-041: ")) == (2, True)
    result = shell.run(home, "policy", "check", "--json")
    assert (result.returncode, json.loads(result.stdout)["problems"][0]["code"]) == (2, "CLI-041")
