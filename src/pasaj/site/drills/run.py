"""Playing a drill from outside: a child process with a home of its own, which is removed unless it is wanted."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from pasaj.core.problems import Problem, Refused, problem
from pasaj.respond.services.drills import Played

# Of this home and of its gateways nothing may reach the drill.
HIDDEN = ("PASAJ_", "DJANGO_SETTINGS_MODULE")


def play(*, folder: Path, scenario: str, home: Path | None = None, speed: float = 0.0) -> Played:
    """Play a scenario of the pack in `folder`.

    `home`: keep the drill's home there; `speed`: simulated seconds a second, 0 for as fast as it goes.

    Raises Refused: DRILL-001 to 006, and what stands against the pack.
    """
    if home is not None:
        if home.exists() and (not home.is_dir() or any(home.iterdir())):
            raise Refused(problem("DRILL-005", folder=str(home)))
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        return _play(folder, scenario, home, speed, kept=True)
    with tempfile.TemporaryDirectory(prefix="pasaj-drill-") as made:
        return _play(folder, scenario, Path(made), speed, kept=False)


def _play(folder: Path, scenario: str, home: Path, speed: float, *, kept: bool) -> Played:
    out = home / "drill.json"
    environment = {name: value for name, value in os.environ.items() if not name.startswith(HIDDEN)}
    environment |= {"PASAJ_HOME": str(home), "DRILL_SPEED": str(speed), "DRILL_KEPT": str(int(kept))}
    command = [sys.executable, "-m", "pasaj.site.drills.child", str(folder), scenario, str(out)]
    with subprocess.Popen(  # noqa: S603 - our own module, no shell
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as child:
        try:
            _stdout, errors = child.communicate()
        except BaseException:
            child.send_signal(signal.SIGTERM)
            raise
    if not out.is_file():
        last = (errors or "").strip().splitlines()[-1:] or [f"exit {child.returncode}"]
        raise Refused(problem("DRILL-006", detail=last[0][:300]))
    found: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    if "problems" in found:
        raise Refused(*(Problem.of(one) for one in found["problems"]))
    return Played(**found["played"])
