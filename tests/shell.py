"""Commands as a person runs them: real processes, in a home of their own, with a small pack."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

PASAJ = [sys.executable, "-m", "pasaj"]

PACK = {
    "pack.toml": (
        'schema = 1\ncode = "smallland"\nversion = "1"\nlanguages = ["fr", "en"]\ndefault_language = "fr"\n'
        'timezone = "America/Port-au-Prince"\nextent = [-75.0, 17.0, -71.0, 21.0]\nlicence = "CC0-1.0"\n'
        'cell = "CELL"\n[name]\nfr = "Petit pays"\nen = "Smallland"\n'
    ),
    "areas.csv": (
        "code,level,name_fr,name_en,parent,iso,pcode,lat,lon,borders,source\n"
        "XX,0,Petit pays,Smallland,,XX,,,,yes,test\nXX-N,1,Nord,North,XX,XX-N,,,,yes,test\n"
        "XX0101,2,Colline,Hill,XX-N,,XX0101,19.1,-72.1,yes,test\n"
    ),
    "crossing_points.csv": (
        "code,name,kind,official,area,counterpart,counterpart_country,lat,lon,precision_km,status,aliases,note,source\n"
        "XX-BCP-NOR,Northgate,land,yes,XX0101,Other,YY,19.5,-71.7,1,open,Nòpòt;North Gate,,test\n"
        "XX-BCP-SOU,Southgate,land,yes,XX0101,Other,YY,18.2,-71.7,1,open,,,test\n"
    ),
    "institutions.csv": (
        "code,name_fr,name_en,kind,supervision,mandate,source\nCELL,Cellule,Cell,coordination,,,test\n"
        "IMM,Immigration,Immigration,border agency,,,test\nNGO,Réseau,Network,civil society,,,test\n"
    ),
    "measures.csv": (
        "code,name_fr,name_en,kind,unit,direction,categories,cadence,protection,alert_on\n"
        "returns,Retours,Returns,count,persons,in,,day,no,both\n"
    ),
    "sources.csv": (
        "code,name,institution,definition,url,kind\nREG,Daily register,IMM,Who was brought back,,operational\n"
        "NET,Network,NGO,Who was seen,,operational\nPUB,Monthly note,IMM,Published,https://example.org/note,published\n"
    ),
    "SOURCES.md": (
        "areas.csv, crossing_points.csv, institutions.csv, measures.csv, sources.csv, observations/notes.csv: CC0-1.0\n"
    ),
    "observations/notes.csv": (
        "place,measure,direction,category,period,value,quality,source,citation,note\n"
        + "".join(
            f"XX,returns,in,total,2025-{month:02},{1000 + month},exact,PUB,Note {month},\n" for month in range(1, 4)
        )
    ),
}


def write_pack(folder: Path) -> Path:
    for name, text in PACK.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def environment(home: Path, **more: str) -> dict[str, str]:
    dropped = ("PASAJ_", "DJANGO_", "LC_", "LANG", "COV_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    return {**kept, "PASAJ_HOME": str(home), "PASAJ_LANG": "en", "PASAJ_SQLITE_SYNC": "NORMAL", **more}


def run(home: Path, *arguments: object, timeout: float = 120, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PASAJ, *map(str, arguments)],
        env=environment(home, **more), capture_output=True, text=True, timeout=timeout, check=False,
    )  # fmt: skip


MANY = """
import contextlib, io, json, os, sys
from pasaj.site.cli.main import run
told = []
for line in json.load(sys.stdin):
    out, err = io.StringIO(), io.StringIO()
    while "=" in line[0]:
        os.environ.update([line.pop(0).split("=", 1)])
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(line)
    told.append([code, out.getvalue(), err.getvalue()])
json.dump(told, sys.stdout)
"""


def many(home: Path, lines: Sequence[Sequence[object]], **more: str) -> list[tuple[int, str, str]]:
    """Several commands one after the other in one process, which is faster: exit code, output, errors of each.

    A line may begin with settings (NAME=value), which stay for the lines after it.
    """
    given = json.dumps([[str(one) for one in line] for line in lines])
    set_up = {"DJANGO_SETTINGS_MODULE": "pasaj.site.settings"}
    ended = subprocess.run(
        [sys.executable, "-c", MANY],
        env=environment(home, **set_up, **more), input=given, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    return [(code, out, err) for code, out, err in json.loads(ended.stdout)]


def done(home: Path, *arguments: object, **more: str) -> str:
    """What a command printed; it must succeed."""
    result = run(home, *arguments, **more)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def told(home: Path, *arguments: object, **more: str) -> Any:
    """What a command printed with --json; it must succeed."""
    return json.loads(done(home, *arguments, "--json", **more))


def start(home: Path, *arguments: object, **more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*PASAJ, *map(str, arguments)],
        env=environment(home, **more), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, start_new_session=True,
    )  # fmt: skip


def wait_for(condition: Callable[[], object], seconds: float = 40, every: float = 0.1) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(every)


def free_port() -> int:
    with socket.socket() as test:
        test.bind(("127.0.0.1", 0))
        return int(test.getsockname()[1])


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as response:
            return bool(response.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def listens(port: int) -> bool:
    with socket.socket() as test:
        test.settimeout(1)
        return test.connect_ex(("127.0.0.1", port)) == 0


def alive(home: Path) -> list[int]:
    """Processes, of whatever session, that work on this home (Linux)."""
    wanted = f"PASAJ_HOME={home}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if wanted in (folder / "environ").read_bytes().split(b"\0"):
                state = (folder / "stat").read_text().rsplit(")", 1)[1].split()[0]
                found += [int(folder.name)] if state != "Z" else []
        except OSError:
            continue
    return sorted(found)


_TEMPLATES: dict[str, Path] = {}


def small_home(place: Path) -> Path:
    """A home with the small pack loaded: made once a session, copied for each test."""
    if "home" not in _TEMPLATES:
        template = Path(tempfile.mkdtemp(prefix="pasaj-shell-"))
        write_pack(template / "pack")
        done(template / "home", "init", "--pack", template / "pack")
        _TEMPLATES["home"] = template / "home"
    home = place / "home"
    shutil.copytree(_TEMPLATES["home"], home)
    return home


COUNTS = "day,crossing,persons\n2025-03-01,XX-BCP-NOR,10\n2025-03-02,Nòpòt,12\n2025-03-03,Southgate,7\n"
MAPPING = """period: {column: day, type: day}
crossing: {column: crossing}
values:
  - {column: persons, measure: returns, direction: in}
"""


def write_counts(folder: Path, counts: str = COUNTS) -> tuple[Path, Path]:
    """A file of counts and its mapping."""
    folder.mkdir(parents=True, exist_ok=True)
    file, mapping = folder / "counts.csv", folder / "counts.yaml"
    file.write_text(counts, encoding="utf-8")
    mapping.write_text(MAPPING, encoding="utf-8")
    return file, mapping
