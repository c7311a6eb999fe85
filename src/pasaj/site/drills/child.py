"""A drill in a process of its own: its home, its database and its clock are those of the drill and of nothing else.

`python -m pasaj.site.drills.child FOLDER SCENARIO OUT`, with the settings of the drill in the environment. Writes
what the drill came to, or the problems that stood against it, as JSON to OUT.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pasaj.core.problems import Refused
from pasaj.site.drills.gateway import Gateway

AFTER = timedelta(days=3)  # tasks that run longer than the days played are still followed for so long
STEP = 0.5  # seconds that the clock sleeps at most at a time, so that Ctrl-C is heard


def main(arguments: list[str]) -> int:
    folder, scenario, out = Path(arguments[0]), arguments[1], Path(arguments[2])
    gateway = Gateway()
    os.environ["PASAJ_SMS_URL"] = f"{gateway.base}/cgi-bin/sendsms"
    os.environ["PASAJ_SMS_RECEIPTS"] = gateway.base
    os.environ["PASAJ_SMS_PARALLEL"] = "1"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pasaj.site.settings")
    try:
        found: dict[str, Any] = {"played": run(folder, scenario, gateway)}
    except Refused as refused:
        found = {"problems": [one.plain() for one in refused.problems]}
    finally:
        gateway.close()
    out.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
    return 1 if "problems" in found else 0


def run(folder: Path, wanted: str, gateway: Gateway) -> dict[str, Any]:
    """Make the home, play the scenario in it, and return what it came to."""
    import django

    django.setup()
    from pasaj.core.drill import reports
    from pasaj.registry import queries as registry
    from pasaj.site.cli.home import set_up
    from pasaj.site.drills import answers, play, stage
    from pasaj.site.drills.agenda import Agenda
    from pasaj.site.drills.outcome import played
    from pasaj.site.drills.scenarios import find

    began = time.monotonic()
    scenario = find(folder, wanted)
    if os.environ.get("DRILL_KEPT") != "1":
        _without_history()
    set_up(str(folder), forms=False)
    home = registry.home()
    assert home is not None
    start = datetime.combine(scenario.start, datetime.min.time(), tzinfo=home.zone)
    agenda = Agenda(start, _pace())
    _clock(agenda)
    plan, hazard = stage.check(scenario)
    scene = play.Stage(scenario, home.zone, stage.people(scenario, plan, hazard, start), agenda, gateway)
    stage.only_posts_of(scenario, start)
    told = reports(scenario)
    before = [one for one in told if one.day < scenario.start]
    stage.ordinary(before, home.zone)
    play.reports(scene, [one for one in told if one.day >= scenario.start])
    answer = answers.Answer(scene)
    play.nights(scene, answer.verified)
    play.rumours(scene)
    agenda.run(start + timedelta(days=scenario.days), answer.deliver)
    return asdict(played(scene, answer, plan, time.monotonic() - began))


def _without_history() -> None:
    """Make the tables as they are now, in a third of the time: the home is removed before anybody migrates it."""
    from django.apps import apps
    from django.conf import settings

    settings.MIGRATION_MODULES = {config.label: None for config in apps.get_app_configs()}


def _clock(agenda: Any) -> None:
    """Set the clock of this process to that of the drill: what asks for the real time gets the drill's, too.

    Nothing of it leaves the process, and its database holds nothing but the drill.
    """
    from django.utils import timezone

    timezone.now = lambda: agenda.now


def _pace() -> Callable[[timedelta], None]:
    """How simulated time passes: at once, or at DRILL_SPEED simulated seconds a second."""
    speed = float(os.environ.get("DRILL_SPEED", "0") or 0)

    def wait(passes: timedelta) -> None:
        left = passes.total_seconds() / speed if speed > 0 else 0.0
        while left > 0:
            time.sleep(min(left, STEP))
            left -= STEP

    return wait


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
