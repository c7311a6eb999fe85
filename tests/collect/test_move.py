"""The move of a server, rehearsed with real processes: the same key, the same forms, another address."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import shell
from collect.workbooks import COUNTS, workbook

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "move_rehearsal.sh"
PUBLISH = """
import django, io, sys
django.setup()
from datetime import UTC, datetime
from pasaj.access.rules import SYSTEM
from pasaj.collect.services import conversion
now = datetime.now(UTC)
with open(sys.argv[1], "rb") as file:
    row = conversion.upload(file=io.BytesIO(file.read()), filename="daily.xlsx", publish=True, actor=SYSTEM, now=now)
made = conversion.convert(row.pk, now=now)
made.version.refresh_from_db()
print(made.version.state)
"""


def rehearse(*arguments: object) -> subprocess.CompletedProcess[str]:
    words = {"PASAJ": f"{sys.executable} -m pasaj", "PYTHON": sys.executable}
    return subprocess.run(
        [str(SCRIPT), *map(str, arguments)],
        env={**shell.environment(Path("unused")), **words}, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip


@pytest.mark.req("R9.6")
def test_phones_go_on_at_the_new_address(tmp_path: Path) -> None:
    home, new = shell.small_home(tmp_path), tmp_path / "new"
    book = tmp_path / "daily.xlsx"
    book.write_bytes(workbook(*COUNTS[:3]))
    set_up = {"DJANGO_SETTINGS_MODULE": "pasaj.site.settings"}
    published = subprocess.run(
        [sys.executable, "-c", PUBLISH, str(book)],
        env=shell.environment(home, **set_up), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert published.stdout.split()[-1:] == ["published"], published.stdout + published.stderr
    done = rehearse(home, new, shell.free_port())
    assert done.returncode == 0, done.stdout + done.stderr
    assert "forms 1, files 1, reports are taken" in done.stdout
    assert (new / "secret.key").read_bytes() != (home / "secret.key").read_bytes()
    (key,) = shell.told(home, "app-user", "list")
    assert (key["state"], key["submissions"]) == ("revoked", 0)


def test_it_does_not_restore_over_a_home(tmp_path: Path) -> None:
    home = shell.small_home(tmp_path)
    done = rehearse(home, home, shell.free_port())
    assert done.returncode != 0
    assert "reports are taken" not in done.stdout
    (key,) = shell.told(home, "app-user", "list")
    assert key["state"] == "revoked"


def test_it_says_how_to_be_called() -> None:
    done = rehearse()
    assert done.returncode == 2
    assert "move_rehearsal.sh OLD NEW" in done.stdout
    assert os.access(SCRIPT, os.X_OK)
