"""What docs/reference/python.md prints is what comes out."""

from __future__ import annotations

import doctest
import re
from datetime import timedelta
from pathlib import Path

import make
import pytest
from assess.examples import assessor, convert, report
from django.conf import LazySettings

from pasaj.access.rules import SYSTEM
from pasaj.assess.queries import frameworks
from pasaj.assess.services import drafting, rounds
from pasaj.registry.models import Institution
from pasaj.registry.services.folders import builtin
from pasaj.site.cli.packs import load_into

PAGE = Path(__file__).resolve().parents[2] / "docs/reference/python.md"
BELLADERE, OUANAMINTHE = "HT-BCP-BEL", "HT-BCP-OUA"


@pytest.fixture
def home(db: None, settings: LazySettings, tmp_path: Path) -> None:
    """The pack, a round over two crossings, two assessors, and what the rules find."""
    settings.PASAJ_HOME = tmp_path
    load_into(builtin()["haiti"])
    services = Institution.objects.order_by("pk")
    for at, role in enumerate(("analyst", "partner")):
        make.member(make.account(f"{role}@example.org"), services[at], role)
    framework = frameworks.version(SYSTEM, "poe-health")
    assert framework is not None
    today = make.NOW.date()
    wanted = rounds.Wanted(
        "Health at two crossings", today - timedelta(days=30), today, rounds.Scope(crossings=(BELLADERE, OUANAMINTHE))
    )
    row = rounds.create(framework=framework, wanted=wanted, actor=SYSTEM, now=make.NOW)
    rounds.publish(code=row.code, wake=convert, actor=SYSTEM, now=make.NOW)
    (_first, one), (_second, two) = assessor(row, "First"), assessor(row, "Second")
    report(row, one, OUANAMINTHE, {"ROU-01": 3, "ROU-02": "not_observed"})
    report(row, two, OUANAMINTHE, {"ROU-01": 2})
    report(row, one, BELLADERE, {"ROU-01": 0})
    drafting.draft(code=row.code, actor=SYSTEM, now=make.NOW)


@pytest.mark.req("R10.9")
@pytest.mark.usefixtures("home")
def test_the_page_runs_as_it_is_printed() -> None:
    text = PAGE.read_text(encoding="utf-8")
    blocks = re.findall(r"^```pycon\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert len(blocks) == text.count("```") / 2
    test = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, PAGE.name, str(PAGE), 0)
    said: list[str] = []
    outcome = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(test, out=said.append)
    assert not said, "".join(said)
    assert (outcome.failed, outcome.attempted > 25) == (0, True)
