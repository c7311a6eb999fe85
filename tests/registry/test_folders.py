"""Reading a pack folder from this machine."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from core.packs import FULL, MINIMAL

from pasaj.core.problems import Refused
from pasaj.registry.services import folders
from pasaj.registry.services.packs import builtin, check_folder, read_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "pack"
    for name, text in FULL.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return root


def refused(path: Path) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as caught:
        read_folder(path)
    return [(one.code, str(one.params.get("file", one.file))) for one in caught.value.problems]


def test_every_file_is_read_with_forward_slashes(folder: Path) -> None:
    (folder / ".git").mkdir()
    (folder / ".git" / "config").write_text("x")
    (folder / "areas.csv~").write_text("x")
    (folder / "~$areas.xlsx").write_text("x")
    assert read_folder(folder) == {name: text.encode() for name, text in FULL.items()}
    assert check_folder(folder).pack is not None


def test_a_folder_without_a_pack_is_refused(tmp_path: Path) -> None:
    (tmp_path / "holiday.jpg").write_bytes(b"x")
    for path in (tmp_path, tmp_path / "nowhere", tmp_path / "holiday.jpg"):
        with pytest.raises(Refused) as caught:
            read_folder(path)
        assert [one.code for one in caught.value.problems] == ["PACK-080"]


def test_a_pack_without_its_manifest_is_checked(folder: Path) -> None:
    (folder / "pack.toml").unlink()
    assert [(one.code, one.file) for one in check_folder(folder).problems] == [("PACK-001", "pack.toml")]


def test_links_may_not_leave_the_folder(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "secret.csv"
    outside.write_text("x")
    (folder / "inside.md").symlink_to(folder / "geo" / "README.md")
    assert read_folder(folder)["inside.md"] == b"Drawn by hand."
    (folder / "link.csv").symlink_to(outside)
    assert refused(folder) == [("PACK-081", "link.csv")]
    (folder / "link.csv").unlink()
    (folder / "up").symlink_to(tmp_path)
    assert refused(folder) == [("PACK-081", "up")]
    (folder / "up").unlink()
    (folder / "nowhere.csv").symlink_to(folder / "absent.csv")
    assert refused(folder) == [("PACK-085", "nowhere.csv")]


def test_a_linked_folder_inside_is_not_followed(folder: Path) -> None:
    (folder / "again").symlink_to(folder / "geo")
    assert not any(name.startswith("again") for name in read_folder(folder))


def test_a_pipe_is_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "pipe.csv")
    assert refused(folder) == [("PACK-085", "pipe.csv")]


def test_a_file_that_may_not_be_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "areas.csv").chmod(0)
    if os.geteuid() == 0:  # root may read everything: the system's answer is given by hand

        def refuse(*_args: object, **_kwargs: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "open", refuse)
        assert refused(folder)[0][0] == "PACK-085"
    else:
        assert refused(folder) == [("PACK-085", "areas.csv")]


def test_sizes_are_bounded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "LARGEST_FILE", 3000)
    assert len(read_folder(folder)) == len(FULL)
    (folder / "large.md").write_text("x" * 3001)
    assert refused(folder) == [("PACK-082", "large.md")]
    (folder / "large.md").unlink()
    monkeypatch.setattr(folders, "LARGEST_FOLDER", 500)
    assert [code for code, _file in refused(folder)] == ["PACK-083"]
    monkeypatch.setattr(folders, "LARGEST_FOLDER", 10**6)
    monkeypatch.setattr(folders, "MOST_FILES", len(MINIMAL))
    assert [code for code, _file in refused(folder)] == ["PACK-083"]


def test_builtin_packs_are_known_by_name() -> None:
    assert all((path / "pack.toml").is_file() for path in builtin().values())
