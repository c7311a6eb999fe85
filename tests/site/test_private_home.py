"""The home is its owner's: made closed to everybody else, and told when it is open."""

from __future__ import annotations

import json
import stat
import subprocess
from pathlib import Path

import pytest
import shell

from pasaj.site.environment import private_file, private_folder, readable_by_others


def mode(path: Path) -> str:
    return oct(stat.S_IMODE(path.stat().st_mode))


def init(home: Path, pack: Path) -> None:
    """`pasaj init` by somebody whose files everybody may write."""
    command = ["sh", "-c", 'umask 0; exec "$@"', "sh", *shell.PASAJ, "init", "--pack", str(pack)]
    subprocess.run(command, env=shell.environment(home), capture_output=True, check=True)


def care(home: Path) -> tuple[int, list[str]]:
    result = shell.run(home, "status", "--json")
    return result.returncode, [one["code"] for one in json.loads(result.stdout)["care"]]


@pytest.mark.req("R7.8")
def test_a_new_home_is_closed_to_others_whatever_the_umask(tmp_path: Path) -> None:
    home = tmp_path / "deep" / "home"
    init(home, shell.write_pack(tmp_path / "pack"))
    assert {path.name: mode(path) for path in (home, *home.iterdir()) if path.name in {"home", "files"}} == {
        "home": "0o700",
        "files": "0o700",
    }
    assert (mode(home / "secret.key"), mode(home / "pasaj.sqlite3")) == ("0o600", "0o600")
    assert care(home) == (0, [])


@pytest.mark.req("R7.8")
def test_status_tells_when_others_can_read_the_home(tmp_path: Path) -> None:
    home = shell.small_home(tmp_path)
    home.chmod(0o755)
    assert care(home) == (0, [])  # names can be listed, nothing in them read
    for name, open_, closed in (("pasaj.sqlite3", 0o640, 0o600), ("files", 0o750, 0o700), ("secret.key", 0o604, 0o600)):
        (home / name).chmod(open_)
        assert (name, *care(home)) == (name, 1, ["CLI-035"])
        (home / name).chmod(closed)
    (home / "secret.key").chmod(0o644)
    said = shell.run(home, "status").stdout.splitlines()[-2:]
    assert said == [
        f"CLI-035: Others on this machine can read {home}.",
        f"  Keep it to its owner: chmod -R go= {home}",
    ]
    subprocess.run(["chmod", "-R", "go=", str(home)], check=True)
    assert care(home) == (0, [])


@pytest.mark.req("R7.8")
def test_a_restored_home_is_closed_too(tmp_path: Path) -> None:
    home, archive, restored = shell.small_home(tmp_path), tmp_path / "copy.tar.gz", tmp_path / "restored"
    (home / "files" / "imports").mkdir()
    (home / "files" / "imports" / "a.csv").write_text("a", encoding="utf-8")
    shell.done(home, "backup", archive)
    command = ["sh", "-c", 'umask 0; exec "$@"', "sh", *shell.PASAJ, "restore", str(archive)]
    subprocess.run(command, env=shell.environment(restored), capture_output=True, check=True)
    names = ("", "files", "pasaj.sqlite3", "secret.key", "files/imports/a.csv")
    assert [mode(restored / name) for name in names] == ["0o700", "0o700", "0o600", "0o600", "0o600"]


def test_what_is_there_already_is_left_as_its_owner_set_it(tmp_path: Path) -> None:
    folder, file = tmp_path / "home", tmp_path / "home" / "file"
    folder.mkdir(mode=0o750)
    private_folder(folder)
    file.write_text("kept", encoding="utf-8")
    file.chmod(0o640)
    private_file(file)
    assert (mode(folder), mode(file), file.read_text(encoding="utf-8")) == ("0o750", "0o640", "kept")
    assert readable_by_others(folder, "file")
    assert not readable_by_others(folder, "none")
