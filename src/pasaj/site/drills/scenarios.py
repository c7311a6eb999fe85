"""Which scenario is meant: by its code, by the plan that it tests, or by the path of a file."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import available_timezones

from pasaj.core import pack as core
from pasaj.core.drill import Scenario
from pasaj.core.problems import Refused, problem
from pasaj.registry.services.packs import read_folder

LARGEST = 1_000_000


def find(folder: Path, wanted: str) -> Scenario:
    """The scenario of the pack in `folder`, or of a file that is checked as if it lay in that pack.

    Raises Refused: DRILL-001 (no such scenario, or a plan that several test), what stands against the pack or the file.
    """
    files = read_folder(folder)
    given = Path(wanted)
    if given.suffix == ".toml":
        if not given.is_file() or given.stat().st_size > LARGEST:
            raise Refused(problem("DRILL-001", value=wanted, allowed=_codes(_pack(files))))
        name = f"drills/{given.name}"
        pack = _pack({**{file: data for file, data in files.items() if file != name}, name: given.read_bytes()})
        known = {one.code for one in _pack(files).drills} if name not in files else set()
        found = [one for one in pack.drills if one.code not in known]
        return found[0]
    pack = _pack(files)
    by_code = [one for one in pack.drills if one.code == wanted]
    by_plan = [one for one in pack.drills if one.plan == wanted]
    found = by_code or (by_plan if len(by_plan) == 1 else [])
    if not found:
        raise Refused(problem("DRILL-001", value=wanted[:60], allowed=_codes(pack)))
    return found[0]


def _pack(files: dict[str, bytes]) -> core.Pack:
    checked = core.check(files, zones=available_timezones())
    if checked.pack is None:
        raise Refused(*checked.problems)
    return checked.pack


def _codes(pack: core.Pack) -> str:
    return ", ".join(one.code for one in pack.drills) or "–"


def every(folder: Path) -> tuple[Scenario, ...]:
    """The scenarios of the pack in `folder`. Raises Refused with what stands against the pack."""
    return _pack(read_folder(folder)).drills
