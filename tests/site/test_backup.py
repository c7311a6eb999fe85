"""A home in one file and back: nothing lost, nothing believed without its hash."""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
import tarfile
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import shell

from pasaj.core.problems import Refused
from pasaj.site import backup

NOW = datetime(2026, 3, 14, 8, tzinfo=UTC)


def engine(home: Path) -> dict[str, Any]:
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": home / "pasaj.sqlite3"}


def little_home(place: Path, rows: int = 1000) -> Path:
    """A home that is only what a backup looks at: a database and a file."""
    home = place / "home"
    (home / "files" / "imports").mkdir(parents=True)
    (home / "files" / "imports" / "a.csv").write_text("day,persons\n", encoding="utf-8")
    (home / "keys" / "retired").mkdir(parents=True)
    (home / "keys" / "alert.pem").write_text("key", encoding="utf-8")
    (home / "keys" / "retired" / "a.crt").write_text("old", encoding="utf-8")
    (home / "secret.key").write_text("secret", encoding="utf-8")
    with sqlite3.connect(home / "pasaj.sqlite3") as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE figure(id INTEGER PRIMARY KEY, twin INTEGER)")
        database.executemany("INSERT INTO figure VALUES (?, ?)", [(at, at) for at in range(rows)])
    database.close()
    return home


def write(home: Path, target: Path, **more: Any) -> backup.Manifest:
    return backup.write(
        home=home, target=target, database=engine(home), version="1", migrations=["watch.0001"], now=NOW, **more
    )


def read(archive: Path, home: Path, known: tuple[str, ...] = ("watch.0001",)) -> backup.Manifest:
    return backup.read(archive=archive, home=home, database=engine(home), known=known)


def code_of(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.problems[0].code


@pytest.mark.req("R9.6")
def test_the_commands_bring_a_home_back(tmp_path: Path) -> None:
    home = shell.small_home(tmp_path)
    file, mapping = shell.write_counts(tmp_path / "in")
    shell.done(home, "import", "observations", file, "--mapping", mapping, "--source", "REG")
    archive, other = tmp_path / "copy.tar.gz", tmp_path / "other"
    assert "Not in it: secret.key." in shell.done(home, "backup", archive)
    said = shell.done(other, "restore", archive)
    assert said.startswith("Restored: the copy of ")
    assert "smallland 1" in said
    shell.done(home, "export", "observations", "-o", tmp_path / "a.csv")
    shell.done(other, "export", "observations", "-o", tmp_path / "b.csv")
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    assert (home / "secret.key").read_bytes() != (other / "secret.key").read_bytes()
    assert shell.done(other, "audit", "verify").startswith("The log is whole: ")
    (again,) = shell.many(other, [("restore", archive)])
    assert (again[0], again[2].split(": ")[0]) == (2, "CLI-018")
    (again,) = shell.many(home, [("backup", archive)])
    assert (again[0], again[2].split(": ")[0]) == (2, "CLI-012")


def test_the_copy_holds_database_files_and_the_key_of_alerts_alone(tmp_path: Path) -> None:
    home, archive = little_home(tmp_path), tmp_path / "copy.tar.gz"
    manifest = write(home, archive)
    with tarfile.open(archive) as members:
        kept = ["files/imports/a.csv", "keys/alert.pem", "keys/retired/a.crt"]
        assert members.getnames() == ["pasaj.sqlite3", *kept, "manifest.json"]
    assert set(manifest.sha256) == {"pasaj.sqlite3", *kept}
    assert archive.stat().st_mode & 0o077 == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.tar.gz", "home"]
    other = tmp_path / "other"
    assert read(archive, other) == manifest
    assert (other / "files" / "imports" / "a.csv").read_text(encoding="utf-8") == "day,persons\n"
    assert (other / "keys" / "alert.pem").stat().st_mode & 0o777 == 0o600
    assert (other / "keys").stat().st_mode & 0o777 == 0o700
    assert not (other / ".restore").exists()
    with sqlite3.connect(other / "pasaj.sqlite3") as database:
        assert database.execute("SELECT count(*) FROM figure").fetchone() == (1000,)


def test_the_copy_shows_one_moment_while_others_write(tmp_path: Path) -> None:
    """Each writer's transaction keeps id = twin in all rows; a torn copy would show two values."""
    home, archive, stop = little_home(tmp_path, rows=60_000), tmp_path / "copy.tar.gz", threading.Event()

    def writer() -> None:
        database = sqlite3.connect(home / "pasaj.sqlite3", timeout=20)
        while not stop.is_set():
            with database:
                database.execute("UPDATE figure SET twin = twin + 1")
        database.close()

    thread = threading.Thread(target=writer)
    thread.start()
    try:
        write(home, archive)
    finally:
        stop.set()
        thread.join()
    read(archive, tmp_path / "other")
    with sqlite3.connect(tmp_path / "other" / "pasaj.sqlite3") as database:
        assert len(database.execute("SELECT DISTINCT twin - id FROM figure").fetchall()) == 1


def test_an_existing_file_is_never_overwritten(tmp_path: Path) -> None:
    home, archive = little_home(tmp_path), tmp_path / "copy.tar.gz"
    archive.write_text("precious", encoding="utf-8")
    with pytest.raises(Refused) as refused:
        write(home, archive)
    assert code_of(refused) == "CLI-012"
    assert archive.read_text(encoding="utf-8") == "precious"


def test_a_damaged_database_is_not_copied(tmp_path: Path) -> None:
    home, archive = little_home(tmp_path, rows=20_000), tmp_path / "copy.tar.gz"
    with (home / "pasaj.sqlite3").open("r+b") as file:
        file.seek(3 * 4096)
        file.write(b"\xff" * 8192)
    with pytest.raises((Refused, sqlite3.DatabaseError)):
        write(home, archive)
    assert not archive.exists()


def repacked(archive: Path, target: Path, change: Callable[[str, bytes], tuple[str, bytes] | None]) -> Path:
    """The same archive with members changed, renamed or left out."""
    with tarfile.open(archive) as old, tarfile.open(target, "w:gz") as new:
        for member in old:
            file = old.extractfile(member)
            assert file is not None
            changed = change(member.name, file.read())
            if changed is not None:
                info = tarfile.TarInfo(changed[0])
                info.size = len(changed[1])
                new.addfile(info, io.BytesIO(changed[1]))
    return target


def tampered(name: str, data: bytes) -> tuple[str, bytes] | None:
    return name, data + b"x" if name.endswith("a.csv") else data


def without_manifest(name: str, data: bytes) -> tuple[str, bytes] | None:
    return None if name == "manifest.json" else (name, data)


def outside(name: str, data: bytes) -> tuple[str, bytes] | None:
    return ("../outside.csv" if name.endswith("a.csv") else name), data


def another_format(name: str, data: bytes) -> tuple[str, bytes] | None:
    return name, json.dumps({**json.loads(data), "format": 99}).encode() if name == "manifest.json" else data


@pytest.mark.parametrize("change", [tampered, without_manifest, outside, another_format])
def test_nothing_is_restored_from_an_archive_that_was_touched(tmp_path: Path, change: Any) -> None:
    home = little_home(tmp_path)
    write(home, tmp_path / "copy.tar.gz")
    other = tmp_path / "other"
    with pytest.raises(Refused) as refused:
        read(repacked(tmp_path / "copy.tar.gz", tmp_path / "touched.tar.gz", change), other)
    assert code_of(refused) == "CLI-017"
    assert list(other.iterdir()) == []
    assert not (tmp_path / "outside.csv").exists()


@pytest.mark.parametrize("keep", [0, 10, 400])
def test_an_archive_that_was_cut_off_is_told(tmp_path: Path, keep: int) -> None:
    home, archive = little_home(tmp_path), tmp_path / "copy.tar.gz"
    write(home, archive)
    archive.write_bytes(archive.read_bytes()[:keep])
    with pytest.raises(Refused) as refused:
        read(archive, tmp_path / "other")
    assert code_of(refused) == "CLI-017"


def test_a_backup_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    home = little_home(tmp_path)
    write(home, tmp_path / "copy.tar.gz")
    with pytest.raises(Refused) as refused:
        read(tmp_path / "copy.tar.gz", tmp_path / "other", known=())
    assert code_of(refused) == "CLI-003"
    assert list((tmp_path / "other").iterdir()) == []


def test_an_interrupted_restore_is_begun_again(tmp_path: Path) -> None:
    home, other = little_home(tmp_path), tmp_path / "other"
    write(home, tmp_path / "copy.tar.gz")
    shutil.copytree(home / "files", other / "files")  # killed after the files and before the database
    (other / ".restore").mkdir()
    read(tmp_path / "copy.tar.gz", other)
    assert (other / "pasaj.sqlite3").exists()


def test_a_home_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    home, other = little_home(tmp_path), tmp_path / "other"
    write(home, tmp_path / "copy.tar.gz")
    (other / "files").mkdir(parents=True)
    (other / "files" / "mine.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(Refused) as refused:
        read(tmp_path / "copy.tar.gz", other)
    assert code_of(refused) == "CLI-018"
    assert (other / "files" / "mine.csv").read_text(encoding="utf-8") == "mine"


def test_without_the_client_programs_postgresql_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    database = {"ENGINE": "django.db.backends.postgresql", "NAME": "pasaj"}
    with pytest.raises(Refused) as refused:
        backup.write(
            home=tmp_path, target=tmp_path / "x.tar.gz", database=database, version="1", migrations=[], now=NOW
        )
    assert code_of(refused) == "CLI-019"


@pytest.mark.req("R9.6")
def test_postgresql_goes_out_and_comes_back(tmp_path: Path) -> None:
    """Two databases on the server of the test run, through pg_dump and pg_restore."""
    from django.db import connection

    if connection.vendor != "postgresql":
        pytest.skip("this run is on SQLite")
    if shutil.which("pg_dump") is None:
        pytest.skip("pg_dump is not installed")
    import psycopg

    known = connection.get_connection_params()
    address = {name: known[name] for name in ("host", "port", "user", "password") if known.get(name)}
    url = "postgres://{user}:{password}@{host}:{port}/".format(**{"password": "", **address})
    with psycopg.connect(**address, dbname="postgres", autocommit=True) as server:
        for name in ("pasaj_out", "pasaj_back"):
            server.execute(f"DROP DATABASE IF EXISTS {name}")
            server.execute(f"CREATE DATABASE {name}")
    pack = shell.write_pack(tmp_path / "pack")
    shell.done(tmp_path / "home", "init", "--pack", pack, PASAJ_DATABASE_URL=f"{url}pasaj_out")
    shell.done(tmp_path / "home", "backup", tmp_path / "copy.tar.gz", PASAJ_DATABASE_URL=f"{url}pasaj_out")
    other = tmp_path / "other"
    shell.done(other, "restore", tmp_path / "copy.tar.gz", PASAJ_DATABASE_URL=f"{url}pasaj_back")
    found = shell.told(other, "status", PASAJ_DATABASE_URL=f"{url}pasaj_back")
    assert (found["pack"]["code"], found["guards_missing"]) == ("smallland", [])
