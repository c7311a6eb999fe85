"""Pack folders on this machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import available_timezones

import pasaj
from pasaj.core import pack as core
from pasaj.core.problems import Refused, problem

LARGEST_FILE = 20 * 1024 * 1024
LARGEST_FOLDER = 100 * 1024 * 1024
MOST_FILES = 1000
_MEGABYTE = 1024 * 1024


def builtin() -> dict[str, Path]:
    """The packs that come with Pasaj: folders by code."""
    packs = Path(pasaj.__file__).parent / "packs"
    return {found.parent.name: found.parent for found in sorted(packs.glob("*/pack.toml"))}


def read_folder(path: Path) -> dict[str, bytes]:
    """The files of a pack folder by path inside it (forward slashes); hidden and backup files are left out.

    Raises Refused: PACK-080 (no pack there), PACK-081 (a link leads out of the folder), PACK-082 and
    PACK-083 (too large), PACK-085 (not readable).
    """
    root = path.resolve()
    if not any((root / name).is_file() for name in ("pack.toml", "areas.csv", "crossing_points.csv")):
        raise Refused(problem("PACK-080", path=str(path)))
    files: dict[str, bytes] = {}
    total = 0
    for file in _walk(root):
        name = file.relative_to(root).as_posix()
        files[name] = _read(file, name, root)
        total += len(files[name])
        if len(files) > MOST_FILES:
            raise Refused(problem("PACK-083", found=f"{len(files)} files", limit=MOST_FILES))
        if total > LARGEST_FOLDER:
            found, limit = f"{total // _MEGABYTE} MB", f"{LARGEST_FOLDER // _MEGABYTE} MB"
            raise Refused(problem("PACK-083", found=found, limit=limit))
    return files


def check_folder(path: Path) -> core.Checked:
    """Read and check a pack folder. Raises Refused when the folder itself cannot be read."""
    return core.check(read_folder(path), zones=available_timezones())


def _walk(root: Path) -> Iterator[Path]:
    """Every file below `root` in the order of the names, links to files included, links to folders not followed."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not _skipped(name))
        for name in folders:
            _inside(Path(folder, name), root)
        for name in sorted(names):
            if not _skipped(name):
                yield Path(folder, name)


def _skipped(name: str) -> bool:
    return name.startswith((".", "~$")) or name.endswith("~") or name == "__pycache__"


def _inside(file: Path, root: Path) -> None:
    if not file.resolve().is_relative_to(root):
        raise Refused(problem("PACK-081", file=file.relative_to(root).as_posix()))


def _read(file: Path, name: str, root: Path) -> bytes:
    _inside(file, root)
    if not file.is_file():
        # A pipe or a device would wait for ever.
        raise Refused(problem("PACK-085", file=name, detail="not a file"))
    try:
        with file.open("rb") as stream:
            data = stream.read(LARGEST_FILE + 1)
            size = os.fstat(stream.fileno()).st_size
    except OSError as error:
        raise Refused(problem("PACK-085", file=name, detail=error.strerror or str(error))) from error
    if len(data) > LARGEST_FILE:
        found = -(-size // _MEGABYTE)
        raise Refused(problem("PACK-082", file=name, found=found, limit=LARGEST_FILE // _MEGABYTE))
    return data
