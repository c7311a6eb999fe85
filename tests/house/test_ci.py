"""CI runs what it promises: both databases, the browser, and no test skipped that must run."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.req("R9.7")
def test_ci_runs_the_suite_on_both_databases() -> None:
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert [line for line in script.splitlines() if line == "make check"] == ["make check"]
    assert script.index("make check") < script.index("scripts/postgres.sh start")
    assert script.index("export PASAJ_DATABASE_URL") < script.rindex(".venv/bin/pytest")
    assert "export PASAJ_NO_SKIPS=1" in script
    for name in ("chromium", "default-jre-headless", "postgresql"):
        assert name in script
