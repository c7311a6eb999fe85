"""The command line as scripts see it: exit codes, problems, JSON, and no traceback whatever is typed."""

from __future__ import annotations

import errno
import fcntl
import importlib.util
import json
import os
import re
import shutil
import sqlite3
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest
import shell
from django.db import DatabaseError, IntegrityError, OperationalError

from pasaj.core.problems import problem
from pasaj.site.cli.main import translate
from pasaj.site.environment import BadSetting

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return shell.small_home(tmp_path)


def test_init_prepares_a_home_and_may_be_repeated(tmp_path: Path) -> None:
    pack = shell.write_pack(tmp_path / "pack")
    first = shell.done(tmp_path / "home", "init", "--pack", pack)
    assert re.search(r"Database: \d+ changes to make\.", first)
    assert "Pack smallland 1: " in first
    again = shell.done(tmp_path / "home", "init")
    assert again.splitlines() == [
        f"Ready: {tmp_path / 'home'}",
        "Next: pasaj user add EMAIL --institution CODE --role admin, then pasaj serve",
    ]
    assert {"pasaj.sqlite3", "secret.key"} <= {path.name for path in (tmp_path / "home").iterdir()}
    assert (tmp_path / "home" / "secret.key").stat().st_mode & 0o077 == 0


def test_two_never_set_up_one_home_together(home: Path) -> None:
    with (home / "setup.lock").open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        for code, _out, err in shell.many(home, [("init",), ("demo", "--no-serve"), ("pack", "load", "x")]):
            assert code == 2
            assert err.startswith("CLI-010: ")
    shell.done(home, "init")


def test_one_home_holds_one_pack(home: Path, tmp_path: Path) -> None:
    other = shell.write_pack(tmp_path / "other")
    text = (other / "pack.toml").read_text(encoding="utf-8").replace('"smallland"', '"elsewhere"')
    (other / "pack.toml").write_text(text, encoding="utf-8")
    result = shell.run(home, "pack", "load", other)
    assert result.returncode == 1
    assert result.stderr.startswith("PACK-084: ")


def test_status_says_how_the_home_is(home: Path) -> None:
    found = shell.told(home, "status")
    assert found["pack"] == {"code": "smallland", "version": "1", "demo": False}
    assert found["database"]["kind"] == "sqlite"
    assert (found["migrations_missing"], found["guards_missing"], found["care"]) == ([], [], [])
    assert found["queues"] == {"urgent": 0, "slow": 0}
    assert "smallland 1" in shell.done(home, "status")


def test_status_names_a_missing_guard(home: Path) -> None:
    with sqlite3.connect(home / "pasaj.sqlite3") as database:
        database.execute("DROP TRIGGER pasaj_guard_access_auditentry_update")
    result = shell.run(home, "status", "--json")
    assert result.returncode == 1
    assert [one["code"] for one in json.loads(result.stdout)["care"]] == ["ACCESS-008"]
    for code, _out, err in shell.many(home, [("serve",), ("work",), ("audit", "verify")]):
        assert (code, err.split(": ")[0]) == (1, "ACCESS-008")
    shell.done(home, "init")
    assert shell.told(home, "status")["care"] == []


def test_without_a_database_nothing_is_made(tmp_path: Path) -> None:
    lines = [("status",), ("serve",), ("work",), ("detect",), ("signals",), ("backup", "x.tar.gz"), ("audit", "verify")]
    for code, out, err in shell.many(tmp_path / "home", lines):
        assert (code, out) == (2, "")
        assert err == (
            f"CLI-002: There is no database in {tmp_path / 'home'}.\n"
            "Remedy: Run pasaj init first, or set PASAJ_HOME to the right folder.\n"
        )
    assert not (tmp_path / "home" / "pasaj.sqlite3").exists()


def test_a_newer_database_is_refused_by_every_command(home: Path) -> None:
    with sqlite3.connect(home / "pasaj.sqlite3") as database:
        database.execute(
            "INSERT INTO django_migrations(app, name, applied) VALUES ('watch', '0999_later', '2030-01-01')"
        )
    lines = [("init",), ("serve",), ("work",), ("status",), ("signals",), ("demo", "--no-serve")]
    for code, _out, err in shell.many(home, lines):
        assert code == 2
        assert err.splitlines()[0] == (
            "CLI-003: The database is newer than this version of Pasaj: it has watch.0999_later."
        )


def test_an_older_database_is_named_and_init_mends_it(home: Path) -> None:
    with sqlite3.connect(home / "pasaj.sqlite3") as database:
        database.execute("DELETE FROM django_migrations WHERE app = 'site'")
        for table in ("site_beat", "site_lease"):
            database.execute(f"DROP TABLE {table}")
    result = shell.run(home, "serve")
    assert result.returncode == 2
    assert result.stderr.startswith("CLI-004: ")
    assert "pasaj init" in result.stderr
    shell.done(home, "init")
    shell.done(home, "status")


def test_a_file_that_is_no_database_is_told(home: Path) -> None:
    (home / "pasaj.sqlite3").write_bytes(b"not a database at all, but long enough to be read as one" * 100)
    result = shell.run(home, "status", "--json")
    assert result.returncode == 2
    assert [one["code"] for one in json.loads(result.stdout)["problems"]] == ["CLI-015"]


def test_status_finds_damage_in_a_part_that_nobody_reads(home: Path) -> None:
    with sqlite3.connect(home / "pasaj.sqlite3") as base:
        page = base.execute("PRAGMA page_size").fetchone()[0]
        root = base.execute("SELECT rootpage FROM sqlite_master WHERE name = 'watch_signalevent'").fetchone()[0]
    with (home / "pasaj.sqlite3").open("r+b") as file:
        file.seek((root - 1) * page)
        file.write(b"\xff" * page)
    result = shell.run(home, "status", "--json")
    assert result.returncode == 1
    assert [one["code"] for one in json.loads(result.stdout)["care"]] == ["CLI-015"]


def test_no_room_is_not_called_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    error = OperationalError("disk I/O error")
    roomy, full = SimpleNamespace(free=10**9), SimpleNamespace(free=0)
    for usage, code in ((roomy, "CLI-015"), (full, "CLI-016")):
        monkeypatch.setattr(shutil, "disk_usage", lambda _path, usage=usage: usage)
        found = translate(error)
        assert found is not None
        assert found.code == code


def test_a_locked_database_is_told(home: Path) -> None:
    holder = sqlite3.connect(home / "pasaj.sqlite3", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        found = translate(OperationalError("database is locked"))
        assert found == problem("CLI-013", detail="database is locked")
        assert shell.run(home, "status").returncode == 0  # reading goes on beside a writer
    finally:
        holder.close()


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "/x"), "CLI-016"),
        (PermissionError(errno.EACCES, "Permission denied", "/x"), "CLI-009"),
        (OSError(errno.EROFS, "Read-only file system", "/x"), "CLI-009"),
        (IsADirectoryError(errno.EISDIR, "Is a directory", "/x"), "CLI-011"),
        (sqlite3.OperationalError("database or disk is full"), "CLI-016"),
        (OperationalError("unable to open database file"), "CLI-009"),
        (OperationalError("attempt to write a readonly database"), "CLI-009"),
        (DatabaseError("database disk image is malformed"), "CLI-015"),
        (OperationalError("connection refused\nIs the server running?"), "CLI-013"),
        (BadSetting("PASAJ_X is 'y'."), "CLI-014"),
    ],
)
def test_what_the_system_says_becomes_a_problem(error: Exception, code: str) -> None:
    found = translate(error)
    assert found is not None
    assert found.code == code
    assert "\n" not in found.text()


def test_a_mistake_of_ours_is_not_hidden() -> None:
    assert translate(ZeroDivisionError()) is None
    assert translate(IntegrityError("UNIQUE constraint failed")) is None


BAD_SETTINGS = [
    "PASAJ_SQLITE_SYNC=sometimes",
    "PASAJ_DEBUG=perhaps",
    "PASAJ_SMTP_PORT=twenty",
    "PASAJ_LOG=loud",
    "PASAJ_URL=pasaj.example.org",
    "PASAJ_DATABASE_URL=mysql://nobody@nowhere/x",
    "PASAJ_DATABASE_URL=postgres://nobody@nowhere:port/x",
    "PASAJ_SECRET_KEY_FILE=/nonexistent/key",
]


def test_a_bad_setting_is_named(tmp_path: Path) -> None:
    names = [one.split("=")[0] for one in BAD_SETTINGS]
    others = [f"{name}=" for name in dict.fromkeys(names)]
    told = shell.many(tmp_path / "home", [(*others, one, "status") for one in BAD_SETTINGS])
    for name, (code, out, err) in zip(names, told, strict=True):
        assert (code, out) == (2, "")
        assert err.startswith(f"CLI-014: A setting cannot be used. {name}")


def test_an_unreachable_server_is_told(tmp_path: Path) -> None:
    url = f"postgres://pasaj@127.0.0.1:{shell.free_port()}/pasaj"
    result = shell.run(tmp_path / "home", "init", PASAJ_DATABASE_URL=url)
    assert result.returncode == 2
    assert result.stderr.startswith("CLI-013: ")


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator may write anywhere")
def test_a_home_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        assert shell.run(tmp_path / "home", "init").returncode == 2
    finally:
        tmp_path.chmod(0o700)


def test_a_home_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("not a folder", encoding="utf-8")
    result = shell.run(tmp_path / "home", "init")
    assert result.returncode == 2
    assert result.stderr.startswith("CLI-014: ")


TYPED_WRONG = [
    ("CLI-027", "nonsense"),
    ("CLI-027", "serve --port 70000"),
    ("CLI-027", "serve --workers 0"),
    ("CLI-027", "import observations x.csv"),
    ("CLI-008", "detect --from yesterday"),
    ("CLI-008", "detect --from 2025-02-30"),
    ("CLI-025", "detect --from 2025-03-02 --to 2025-03-01"),
    ("CLI-020", "export observations -o counts.pdf"),
    ("CLI-006", "pack check nowhere"),
    ("CLI-006", "pack load nowhere"),
    ("CLI-011", "import observations no.csv --mapping no.yaml --source REG"),
    ("CLI-011", "restore no.tar.gz"),
    ("CLI-021", "serve --host 192.0.2.1"),
]
REFUSED = [
    ("OBS-008", "detect --measure weather"),
    ("ACCESS-007", "user add somebody --institution CELL --role duty"),
    ("ACCESS-006", "user add a@example.org --institution NONE --role duty"),
    ("ACCESS-005", "user add a@example.org --institution CELL --role king"),
    ("PACK-091", "user add a@example.org --institution CELL --role chief"),
    ("ACCESS-004", "token add nobody@example.org"),
]


@pytest.mark.req("R9.5")
def test_what_is_typed_wrong_or_refused_is_told_with_code_and_remedy(home: Path) -> None:
    lines = [line.split() for _code, line in TYPED_WRONG + REFUSED]
    told = shell.many(home, lines)
    first = [err.splitlines()[0].split(": ")[0] for _code, _out, err in told]
    assert first == [code for code, _line in TYPED_WRONG + REFUSED]
    assert [code for code, _out, _err in told] == [2] * len(TYPED_WRONG) + [1] * len(REFUSED)
    for _code, out, err in told:
        assert out == ""
        assert err.splitlines()[1].startswith("Remedy: ")


@pytest.mark.req("R9.5")
def test_problems_come_as_json_too(home: Path) -> None:
    result = shell.run(home, "detect", "--measure", "weather", "--json")
    assert (result.returncode, result.stderr) == (1, "")
    (one,) = json.loads(result.stdout)["problems"]
    assert set(one) == {"code", "text", "remedy", "file", "row", "column"}
    assert one["code"] == "OBS-008"


@pytest.mark.req("R4.2")
def test_pack_check_lists_every_problem_with_its_place(tmp_path: Path) -> None:
    pack = shell.write_pack(tmp_path / "pack")
    text = (pack / "crossing_points.csv").read_text(encoding="utf-8")
    (pack / "crossing_points.csv").write_text(text.replace("XX0101", "XX9999"), encoding="utf-8")
    result = shell.run(tmp_path / "home", "pack", "check", pack)
    assert result.returncode == 1
    places = re.findall(r"^(crossing_points\.csv:\d+:area): PACK-\d{3}: ", result.stdout, re.MULTILINE)
    assert places == ["crossing_points.csv:2:area", "crossing_points.csv:3:area"]
    plain = json.loads(shell.run(tmp_path / "home", "pack", "check", pack, "--json").stdout)
    assert [(one["row"], one["column"]) for one in plain["problems"]] == [(2, "area"), (3, "area")]
    assert shell.run(tmp_path / "home", "pack", "check", shell.write_pack(tmp_path / "whole")).returncode == 0


def test_accounts_and_tokens(home: Path) -> None:
    said = shell.done(home, "user", "add", "Ann@Example.org", "--institution", "CELL", "--role", "duty")
    assert re.search(r"^Password: \S{24}$", said, re.MULTILINE)
    said = shell.done(home, "user", "add", "ann@example.org", "--institution", "CELL", "--role", "analyst")
    assert said == "ann@example.org: analyst at CELL\n"
    assert shell.run(home, "user", "add", "ann@example.org", "--institution", "CELL", "--role", "duty").returncode == 1
    token = shell.told(home, "token", "add", "ann@example.org")
    assert token["token"].startswith(token["prefix"])
    said = shell.done(home, "audit", "verify")
    assert said.startswith("The log is whole: ")


def test_a_changed_log_is_found(home: Path) -> None:
    with sqlite3.connect(home / "pasaj.sqlite3") as database:
        database.execute("DROP TRIGGER pasaj_guard_access_auditentry_update")
        database.execute("UPDATE access_auditentry SET action = 'nothing' WHERE id = 1")
    result = shell.run(home, "audit", "verify")
    assert result.returncode == 1
    assert result.stderr.startswith("1: ACCESS-012: ") or "ACCESS-012" in result.stderr


def test_import_detect_signals_and_export(home: Path, tmp_path: Path) -> None:
    file, mapping = shell.write_counts(tmp_path / "in")
    arguments = ("import", "observations", file, "--mapping", mapping, "--source", "REG")
    dry = shell.told(home, *arguments, "--dry-run")
    assert dry["rows"] == {"new": 3, "changed": 0, "unchanged": 0, "refused": 0}
    first = shell.told(home, *arguments)
    assert (first["state"], first["rows"]["new"]) == ("done", 3)
    assert shell.told(home, *arguments)["rows"] == {"new": 0, "changed": 0, "unchanged": 3, "refused": 0}
    run = shell.told(home, "detect", "--from", "2025-03-01", "--to", "2025-03-10", "--as-of", "2030-01-01")
    assert run["state"] == "done"
    assert run["signals_new"] == len(shell.told(home, "signals")["signals"])
    again = shell.told(home, "detect", "--from", "2025-03-01", "--to", "2025-03-10", "--as-of", "2030-01-01")
    assert again["signals_new"] == 0
    for name in ("out.csv", "out.xlsx", "out.geojson"):
        assert shell.done(home, "export", "observations", "-o", tmp_path / name, "--hxl").endswith(" rows.\n")
        assert (tmp_path / name).stat().st_size > 100
    result = shell.run(home, "export", "observations", "-o", tmp_path / "public.csv", "--public")
    assert result.returncode == 1
    assert result.stderr.startswith("SHARE-001: ")
    assert not (tmp_path / "public.csv").exists()


def test_what_an_import_says_and_its_exit_code(home: Path, tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_text(
        "period: {column: Date, type: day}\ncrossing: {column: Point}\nvalues:\n- {column: N, measure: returns}\n"
    )
    (tmp_path / "wrong.yaml").write_text(
        "period: {column: Date, type: day}\ncrossing: {column: Point}\nvalues:\n- {column: N, measure: retruns}\n"
    )
    files = {
        "some.csv": b"Date,Point,N\n2025-02-30,Northgate,1\n2025-02-28,Northgate,1\n",
        "none.csv": b"Date,Point,N\n2025-02-30,Northgate,1\n2025-02-28,Nordgate,1\n",
        "guess.csv": "Date;Point;N\n2025-02-27;Nòpòt;1\n".encode("cp1252"),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    base = [("import", "observations", tmp_path / name, "--source", "REG") for name in files]
    lines = [(*one, "--mapping", tmp_path / "map.yaml") for one in base]
    lines += [(*base[0], "--mapping", tmp_path / "wrong.yaml"), (*lines[1], "--dry-run", "--json")]
    some, none, guess, wrong, json_too = shell.many(home, lines)
    assert (some[0], some[2].splitlines()[0]) == (
        0,
        "some.csv:2:Date: OBS-001: “2025-02-30” is not a date that exists.",
    )
    assert (none[0], none[2].count("Remedy: ")) == (1, 2)
    assert (guess[0], guess[1].splitlines()[1:], guess[2]) == (
        0,
        ["The file was read as cp1252, which is a guess. Check names with accents."],
        "",
    )
    # One mistake of the mapping is told once, and not in each row.
    assert (wrong[0], wrong[1], wrong[2].splitlines()[0]) == (1, "", "OBS-008: No measure has the code “retruns”.")
    told = json.loads(json_too[1])
    assert (json_too[0], told["state"], told["rows"]["refused"]) == (1, "done", 2)
    assert (told["encoding"], told["encoding_certain"]) == ("utf-8", True)


def test_dates_that_nobody_means(home: Path, tmp_path: Path) -> None:
    lines = [
        ("detect", "--as-of", "0001-01-01"),
        ("detect", "--from", "0001-01-01", "--to", "0001-01-02"),
        ("detect", "--to", "2026-W10"),
        ("signals", "--from", "2026-02-02", "--to", "2026-02-01"),
        ("detect", "--as-of", "2199-12-31", "--json"),
        ("export", "observations", "-o", tmp_path / "nowhere" / "x.csv"),
    ]
    told = shell.many(home, lines)
    assert [(code, err.partition(":")[0]) for code, _out, err in told] == [
        (2, "CLI-008"), (2, "CLI-008"), (2, "CLI-008"), (2, "CLI-025"), (0, ""), (2, "CLI-009"),
    ]  # fmt: skip
    assert json.loads(told[4][1])["as_of"] < "2100"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_terminal_without_our_letters(home: Path, encoding: str) -> None:
    more = {"PYTHONIOENCODING": encoding, "PASAJ_LANG": "fr"}
    for line, code in (("signals", 0), ("detect --measure été", 1), ("status --json", 0)):
        ended = subprocess.run(
            [*shell.PASAJ, *line.split()], env=shell.environment(home, **more), capture_output=True, check=False
        )
        assert (ended.returncode, b"Traceback" in ended.stderr) == (code, False)


def test_names_that_are_not_utf_8(home: Path, tmp_path: Path) -> None:
    file, mapping = shell.write_counts(tmp_path / "in")
    odd = tmp_path / "caf\udce9.csv"
    odd.write_bytes(file.read_bytes())
    arguments = ("import", "observations", odd, "--mapping", mapping, "--source")
    assert shell.run(home, *arguments, "REG").returncode == 0
    for line in ((*arguments, "\udcff"), ("token", "add", "\udcff@example.org")):
        ended = shell.run(home, *line)
        assert (ended.returncode, ended.stderr.partition(":")[0]) == (2, "CLI-027")


def test_an_output_without_room(home: Path) -> None:
    for line in ("signals", "signals --json", "nonsense --json", "--help"):
        with open("/dev/full", "w") as full:  # noqa: PTH123 - a device
            ended = subprocess.run(
                [*shell.PASAJ, *line.split()],
                env=shell.environment(home), stdout=full, stderr=subprocess.PIPE, text=True, check=False,
            )  # fmt: skip
        assert (ended.returncode, ended.stderr.partition(":")[0]) == (2, "CLI-016")


def test_the_reader_may_leave(home: Path) -> None:
    ended = subprocess.run(
        ["bash", "-c", 'set -o pipefail; "$@" | true', "x", *shell.PASAJ, "signals", "--json"],
        env=shell.environment(home), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode in {0, 141}
    assert "Traceback" not in ended.stderr


def test_problems_speak_the_users_language(home: Path) -> None:
    assert shell.run(home, "nonsense", PASAJ_LANG="en").stderr.splitlines()[1].startswith("Remedy: ")
    plain = shell.run(home, "detect", "--measure", "weather", "--json", PASAJ_LANG="fr")
    assert json.loads(plain.stdout)["problems"][0]["code"] == "OBS-008"


def test_the_reference_shows_the_help_as_it_is() -> None:
    """Mended with `python scripts/commands.py`."""
    specification = importlib.util.spec_from_file_location("commands", ROOT / "scripts" / "commands.py")
    assert specification is not None
    assert specification.loader is not None
    script = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(script)
    assert script.page() == script.PAGE.read_text(encoding="utf-8")
