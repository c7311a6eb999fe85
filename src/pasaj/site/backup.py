"""A home in one file, and back: database and uploaded files, each with its hash.

The archive is a gzipped tar: `pasaj.sqlite3` (or `pasaj.dump` of PostgreSQL), `files/…`, `keys/…`, and
last `manifest.json` with the version, the applied migrations and the SHA-256 of every member: an archive
that was cut off has none. The key of the sessions stays out: whoever finds a backup must not be able to
forge them. The key of the alerts comes along: receivers have pinned it, and would trust no other.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

from pasaj.core.problems import Refused, problem
from pasaj.site.environment import private_folder

FORMAT = 1
MANIFEST = "manifest.json"
SQLITE, DUMP = "pasaj.sqlite3", "pasaj.dump"
WORKPLACE = ".restore"  # below the home while a restore is under way
HARMLESS = frozenset({"secret.key", "setup.lock", "address", "receive.lock", "files", "keys", "static", WORKPLACE})
FOLDERS = ("files", "keys")
LEFT_OUT = frozenset({"qr"})  # keys of phones in clear, as they were printed
STEP = 2000  # database pages between two reports of progress

Progress = Callable[[int, int], object]
Database = dict[str, Any]  # an entry of settings.DATABASES


@dataclass(frozen=True, slots=True)
class Manifest:
    version: str
    made_at: str
    database: str  # member name of the database copy
    migrations: tuple[str, ...]
    sha256: dict[str, str]  # by member name


def write(
    *,
    home: Path,
    target: Path,
    database: Database,
    version: str,
    migrations: Sequence[str],
    now: datetime,
    progress: Progress | None = None,
) -> Manifest:
    """Write a consistent copy of the home to `target`, which appears only when it is whole.

    Other processes may go on writing. Raises Refused: CLI-012 (target exists), CLI-015 (the
    database is damaged), CLI-019 and CLI-029 (pg_dump).
    """
    if target.exists():
        raise Refused(problem("CLI-012", path=target))
    with tempfile.TemporaryDirectory(prefix=".pasaj-backup-", dir=target.parent) as place:
        copy = _copy_database(database, Path(place), progress)
        part = Path(place) / "archive"
        with _private(part) as file, tarfile.open(fileobj=file, mode="w:gz", compresslevel=6) as archive:
            sha256 = {copy.name: _add(archive, copy, copy.name)}
            for path in _files(home):
                name = path.relative_to(home).as_posix()
                sha256[name] = _add(archive, path, name)
            manifest = Manifest(version, now.isoformat(), copy.name, tuple(migrations), sha256)
            _add_manifest(archive, manifest)
            archive.close()
            file.flush()
            os.fsync(file.fileno())
        part.rename(target)
    return manifest


def _private(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _files(home: Path) -> Iterator[Path]:
    for folder in (home / name for name in FOLDERS):
        found = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())
        yield from (path for path in found if path.relative_to(folder).parts[0] not in LEFT_OUT)


class _Hashing(io.RawIOBase):
    """Passes a file through and hashes what went by."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.hash = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(size)
        self.hash.update(data)
        return data


def _add(archive: tarfile.TarFile, path: Path, name: str) -> str:
    with path.open("rb") as file:
        passing = _Hashing(file)
        archive.addfile(archive.gettarinfo(arcname=name, fileobj=file), passing)
    return passing.hash.hexdigest()


def _add_manifest(archive: tarfile.TarFile, manifest: Manifest) -> None:
    text = json.dumps(
        {
            "format": FORMAT,
            "version": manifest.version,
            "made_at": manifest.made_at,
            "database": manifest.database,
            "migrations": manifest.migrations,
            "sha256": manifest.sha256,
        },
        indent=1,
    ).encode()
    member = tarfile.TarInfo(MANIFEST)
    member.size = len(text)
    archive.addfile(member, io.BytesIO(text))


def _copy_database(database: Database, place: Path, progress: Progress | None) -> Path:
    if not database["ENGINE"].endswith("sqlite3"):
        copy = place / DUMP
        _client("pg_dump", database, "--format=custom", "--no-owner", "--no-acl", f"--file={copy}")
        return copy
    copy, raw = place / SQLITE, place / f"{SQLITE}.raw"
    source = sqlite3.connect(f"{Path(database['NAME']).as_uri()}?mode=ro", uri=True, timeout=20)
    target = sqlite3.connect(raw)
    try:
        # One read transaction: the copy shows one moment, and writers do not make it start again.
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        source.backup(
            target, pages=STEP, progress=lambda _code, left, total: progress(total - left, total) if progress else None
        )
        target.execute("PRAGMA journal_mode=DELETE")
        # Written anew: pages of deleted rows, such as answers that were removed, do not come along.
        target.execute("VACUUM INTO ?", [str(copy)])
        found = target.execute("PRAGMA quick_check(1)").fetchone()[0]
    finally:
        target.close()
        source.close()
        raw.unlink(missing_ok=True)
    if found != "ok":
        raise Refused(problem("CLI-015", path=database["NAME"], detail=found))
    return copy


def read(*, archive: Path, home: Path, database: Database, known: Sequence[str]) -> Manifest:
    """Put a backup into an empty home, after every hash was checked; the database comes last.

    `known` are the migrations of this version. An interrupted restore is begun again. Raises
    Refused: CLI-003 (made by a newer version), CLI-017 (not a whole backup), CLI-018 (home not
    empty), CLI-019 and CLI-029 (pg_restore).
    """
    _check_empty(home, database)
    place = home / WORKPLACE
    shutil.rmtree(place, ignore_errors=True)
    _remove(home)
    private_folder(place)
    try:
        manifest = _unpack(archive, place)
        unknown = sorted(set(manifest.migrations) - set(known))
        if unknown:
            raise Refused(problem("CLI-003", unknown=", ".join(unknown[:3])))
        if (manifest.database == SQLITE) != database["ENGINE"].endswith("sqlite3"):
            raise Refused(problem("CLI-017", path=archive, detail=f"it holds {manifest.database}"))
        for name in FOLDERS:
            if (place / name).exists():
                (place / name).chmod(0o700)
                (place / name).rename(home / name)
        if manifest.database == SQLITE:
            (place / SQLITE).rename(database["NAME"])
        else:
            _client(
                "pg_restore",
                database,
                "--no-owner",
                "--no-acl",
                "--exit-on-error",
                "--single-transaction",
                str(place / DUMP),
            )
    except BaseException:
        _remove(home)
        raise
    finally:
        shutil.rmtree(place, ignore_errors=True)
    return manifest


def _remove(home: Path) -> None:
    for name in FOLDERS:
        shutil.rmtree(home / name, ignore_errors=True)


def _check_empty(home: Path, database: Database) -> None:
    if not home.exists():
        return
    others = {path.name for path in home.iterdir()} - HARMLESS
    begun = (home / WORKPLACE).exists()
    kept = not begun and any((home / name).exists() and any((home / name).iterdir()) for name in FOLDERS)
    if others or kept:
        raise Refused(problem("CLI-018", home=home))


def _unpack(archive: Path, place: Path) -> Manifest:
    """Take out regular files only, below `place` only, and compare each with the manifest."""
    sha256: dict[str, str] = {}
    try:
        with tarfile.open(archive, "r:gz") as members:
            for member in members:
                name = PurePosixPath(member.name)
                if not member.isfile() or name.is_absolute() or ".." in name.parts:
                    raise Refused(problem("CLI-017", path=archive, detail=member.name))
                sha256[member.name] = _take(members, member, place / name)
    except (tarfile.TarError, EOFError, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise Refused(problem("CLI-017", path=archive, detail=str(error) or type(error).__name__)) from error
    sha256.pop(MANIFEST, None)
    manifest = _manifest(archive, place / MANIFEST)
    if manifest.sha256 != sha256 or manifest.database not in sha256:
        wrong = sorted({name for name, _sum in manifest.sha256.items() ^ sha256.items()})
        raise Refused(problem("CLI-017", path=archive, detail=", ".join(wrong[:3]) or MANIFEST))
    return manifest


def _take(members: tarfile.TarFile, member: tarfile.TarInfo, path: Path) -> str:
    source = members.extractfile(member)
    assert source is not None
    path.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with source, _private(path) as target:
        while data := source.read(1 << 20):
            digest.update(data)
            target.write(data)
        target.flush()
        os.fsync(target.fileno())
    return digest.hexdigest()


def _manifest(archive: Path, path: Path) -> Manifest:
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
        if plain["format"] != FORMAT:
            raise Refused(problem("CLI-017", path=archive, detail=f"format {plain['format']}"))
        return Manifest(
            version=str(plain["version"]),
            made_at=str(plain["made_at"]),
            database=str(plain["database"]),
            migrations=tuple(plain["migrations"]),
            sha256=dict(plain["sha256"]),
        )
    except (FileNotFoundError, ValueError, KeyError, TypeError) as error:
        raise Refused(problem("CLI-017", path=archive, detail=MANIFEST)) from error


def _client(program: str, database: Database, *options: str) -> None:
    """Run one of PostgreSQL's own client programs; the password goes by the environment, not the command line."""
    found = shutil.which(program)
    if found is None:
        raise Refused(problem("CLI-019", name=program))
    environment = dict(os.environ)
    for key, name in (("HOST", "PGHOST"), ("PORT", "PGPORT"), ("USER", "PGUSER"), ("PASSWORD", "PGPASSWORD")):
        if database.get(key):
            environment[name] = str(database[key])
    command = [found, f"--dbname={database['NAME']}", "--no-password", *options]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        detail = (done.stderr.strip().splitlines() or [str(done.returncode)])[-1]
        raise Refused(problem("CLI-029", name=program, detail=detail))
