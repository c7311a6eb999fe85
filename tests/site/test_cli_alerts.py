"""`pasaj alert validate` and `pasaj alert key`, as scripts see them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import shell
from core.cap import messages

from pasaj.core import cap

VALID = cap.build(messages.alert())


@pytest.mark.req("R11.14")
def test_a_message_is_validated_without_a_home(tmp_path: Path) -> None:
    good, bad, other = tmp_path / "good.xml", tmp_path / "bad.xml", tmp_path / "other.xml"
    good.write_bytes(VALID)
    bad.write_bytes(
        VALID.replace(b"18.8,-71.9</polygon>", b"18.8,-71.7</polygon>", 1).replace(b"Immediate", b"High", 1)
    )
    other.write_bytes(b"<feed/>")
    home = tmp_path / "home"
    code, out, err = shell.many(home, [("alert", "validate", good, "--json")])[0]
    assert (code, json.loads(out), err) == (0, {"valid": True, "problems": []}, "")
    code, out, err = shell.many(home, [("alert", "validate", bad, "--json")])[0]
    assert (code, err) == (1, "")
    assert json.loads(out) == {
        "valid": False,
        "problems": [
            {"code": "CAP-012", "path": "/alert/info[1]/urgency", "message": "“High” is none of the words of urgency."},
            {
                "code": "CAP-040",
                "path": "/alert/info[1]/area[1]/polygon",
                "message": "The polygon is not closed: it needs four points or more, the last of them the first again.",
            },
        ],
    }
    code, out, _err = shell.many(home, [("alert", "validate", bad)])[0]
    assert (code, out.splitlines()[0]) == (
        1, "/alert/info[1]/urgency: CAP-012: “High” is none of the words of urgency.",
    )  # fmt: skip
    assert out.splitlines()[-1] == "Not valid: 2 problems."
    code, out, _err = shell.many(home, [("alert", "validate", good)])[0]
    assert (code, out.splitlines()) == (
        0,
        [
            "Recommendation: /alert: CAP-074: The message is not signed.",
            "  Remedy: Better to sign it: receivers can then tell who wrote it.",
            "Valid.",
        ],
    )
    code, out, _err = shell.many(home, [("alert", "validate", other, "--json")])[0]
    assert (code, [one["code"] for one in json.loads(out)["problems"]]) == (1, ["CAP-004"])


@pytest.mark.req("R11.14")
def test_a_file_that_is_not_there_is_exit_code_two(tmp_path: Path) -> None:
    for path in (tmp_path / "none.xml", tmp_path):
        code, out, err = shell.many(tmp_path / "home", [("alert", "validate", path)])[0]
        assert (code, out, err.split(":")[0]) == (2, "", "CLI-011")


@pytest.mark.req("R11.11")
def test_the_key_is_shown_and_replaced(tmp_path: Path) -> None:
    home = shell.small_home(tmp_path)
    first = shell.told(home, "alert", "key")
    assert sorted(first) == ["certificate", "fingerprint", "since", "until"]
    assert shell.done(home, "alert", "key").startswith(f"SHA-256 fingerprint: {first['fingerprint']}")
    second = shell.told(home, "alert", "key", "--rotate")
    assert second["fingerprint"] != first["fingerprint"]
    assert (home / "keys" / "retired" / f"{first['fingerprint']}.crt").exists()
    archive, other = tmp_path / "copy.tar.gz", tmp_path / "other"
    shell.done(home, "backup", archive)
    shell.done(other, "restore", archive)
    assert shell.told(other, "alert", "key") == second
