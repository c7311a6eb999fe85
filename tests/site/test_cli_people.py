"""People on the command line: who has which access, and taking it away."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import shell

ADMIN = ("user", "add", "root@example.org", "--institution", "CELL", "--role", "admin")
CHIEF = ("user", "add", "Ann@example.org", "--institution", "IMM", "--role", "chief", "--crossing", "XX-BCP-NOR")
END = ("user", "end", "ann@example.org", "--institution", "imm", "--role", "chief", "--crossing", "xx-bcp-nor")


def told(said: tuple[int, str, str]) -> tuple[int, str]:
    """The exit code and the code of the problem."""
    code, _out, err = said
    return code, err.split(":")[0]


@pytest.mark.req("R7.7")
def test_access_is_listed_and_taken_away(tmp_path: Path) -> None:
    home = shell.small_home(tmp_path)
    lines = [
        ADMIN, CHIEF, ("token", "add", "ann@example.org", "--write", "--json"), ("user", "list", "--json"),
        ("user", "list"),
        END, END, ("user", "close", "ann@example.org"), ("user", "close", "ann@example.org"),
        ("user", "password", "ann@example.org"), ("token", "add", "ann@example.org"), CHIEF,
        ("user", "reopen", "ann@example.org"), ("user", "reopen", "ann@example.org"),
        ("user", "password", "ann@example.org"), ("user", "list", "--json"), ("audit", "verify"),
    ]  # fmt: skip
    said = shell.many(home, lines)
    assert json.loads(said[2][1])["may_write"] is True
    before, after = (json.loads(said[at][1]) for at in (3, 15))
    assert [(one["email"], one["open"], one["tokens"], one["last_sign_in"]) for one in before] == [
        ("ann@example.org", True, 1, None),
        ("root@example.org", True, 0, None),
    ]
    assert before[0]["roles"] == [{"institution": "IMM", "role": "chief", "crossing": "XX-BCP-NOR"}]
    assert [re.split(r"\s{2,}", line) for line in said[4][1].splitlines()] == [
        ["E-mail address", "Name", "State", "Roles", "Tokens"],
        ["ann@example.org", "ann@example.org", "Active", "chief@IMM/XX-BCP-NOR", "1"],
        ["root@example.org", "root@example.org", "Active", "admin@CELL", "0"],
    ]
    assert said[5] == (0, "ann@example.org: no longer chief at IMM\n", "")
    assert told(said[6]) == (1, "ACCESS-021")
    assert said[7] == (0, "ann@example.org: closed\n", "")
    assert [told(one) for one in said[8:12]] == [(1, "ACCESS-019")] * 4
    assert told(said[13]) == (1, "ACCESS-022")
    given = [said[at][1].splitlines()[-1] for at in (1, 12, 14)]
    assert [re.sub("[a-z2-9]{4}", "x", one.removeprefix("Password: ")) for one in given] == ["x-x-x-x-x"] * 3
    assert len(set(given)) == 3
    ann = after[0]
    assert (ann["email"], ann["open"], ann["tokens"], ann["roles"]) == ("ann@example.org", True, 0, [])
    assert said[16][0] == 0


@pytest.mark.req("R7.7")
def test_the_last_administrator_stays(tmp_path: Path) -> None:
    home = shell.small_home(tmp_path)
    last = ("user", "end", "root@example.org", "--institution", "CELL", "--role", "admin")
    lines = [ADMIN, last, ("user", "close", "root@example.org"), ("user", "close", "nobody@example.org")]
    said = shell.many(home, lines)
    assert [told(one) for one in said[1:]] == [(1, "ACCESS-020"), (1, "ACCESS-020"), (1, "ACCESS-004")]
    assert said[1][2].splitlines()[1].startswith("Remedy: Make somebody else an administrator first: pasaj user add ")
