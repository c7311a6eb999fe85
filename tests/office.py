"""Word files through a real LibreOffice: opened, edited with or without recorded changes, saved."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

DRIVER = Path(__file__).with_name("office_driver.py")


@dataclass
class Job:
    """A file, what to do with it, and how to save it (docx, odt, doc, pdf)."""

    source: bytes
    steps: list[dict[str, Any]] = field(default_factory=list)
    format: str = "docx"
    ending: str = "docx"


@cache
def interpreter() -> str | None:
    """An interpreter that can drive LibreOffice, None without either."""
    if shutil.which("soffice") is None:
        return None
    for one in ("/usr/bin/python3", shutil.which("python3"), "/usr/lib/libreoffice/program/python"):
        if one and Path(one).exists():
            tried = subprocess.run([one, "-c", "import uno"], capture_output=True, check=False)
            if tried.returncode == 0:
                return one
    return None


def edited(folder: Path, jobs: list[Job]) -> list[bytes]:
    """The files as saved, in one run of LibreOffice."""
    python = interpreter()
    assert python is not None
    folder.mkdir(parents=True, exist_ok=True)
    told = []
    for at, job in enumerate(jobs):
        source, target = folder / f"{at}.in.{job.ending}", folder / f"{at}.out.{job.format}"
        source.write_bytes(job.source)
        told.append({"source": str(source), "target": str(target), "format": job.format, "steps": job.steps})
    plan = folder / "jobs.json"
    plan.write_text(json.dumps({"home": str(folder / "home"), "jobs": told}), encoding="utf-8")
    done = subprocess.run([python, str(DRIVER), str(plan)], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return [(folder / f"{at}.out.{job.format}").read_bytes() for at, job in enumerate(jobs)]


def saved(folder: Path, data: bytes, *formats: str) -> bytes:
    """The file opened and saved again, once a format, one after the other: docx, odt, docx."""
    before = "docx"
    for at, one in enumerate(formats):
        (data,) = edited(folder / str(at), [Job(data, [], one, before)])
        before = one
    return data
