"""Ports, processes and ends of `pasaj serve`: real servers on real ports."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import shell

from pasaj.core.problems import Refused
from pasaj.site import serve

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return shell.small_home(tmp_path)


@contextmanager
def serving(home: Path, port: int, *more: object) -> Iterator[subprocess.Popen[str]]:
    process = shell.start(home, "serve", "--port", port, "--workers", 1, *more)
    try:
        shell.wait_for(lambda: shell.answers(port) or process.poll() is not None)
        assert process.poll() is None, process.communicate()
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def beats(home: Path) -> int:
    with sqlite3.connect(home / "pasaj.sqlite3") as database:
        return int(database.execute("SELECT count(*) FROM site_beat").fetchone()[0])


def test_one_interrupt_ends_everything_within_seconds(home: Path) -> None:
    port = shell.free_port()
    with serving(home, port) as process:
        shell.wait_for(lambda: beats(home))
        assert len(shell.alive(home)) == 5  # server, web process, supervisor, two workers
        assert process.stdout is not None
        said = process.stdout.readline()  # told once somebody answers, which may be after the first answer
        os.killpg(process.pid, signal.SIGINT)  # what Ctrl-C sends to the terminal's whole group
        out, err = process.communicate(timeout=20)
    assert process.returncode == 0, err
    assert said == f"Pasaj: http://localhost:{port}  (Ctrl-C ends it)\n"
    assert out == ""
    assert err == ""
    assert shell.alive(home) == []
    assert not shell.listens(port)
    assert beats(home) == 0  # an orderly end leaves no old sign of life


def test_nothing_is_left_when_the_parent_is_killed(home: Path) -> None:
    port = shell.free_port()
    with serving(home, port) as process:
        shell.wait_for(lambda: beats(home))
        process.kill()
        process.communicate()
        shell.wait_for(lambda: not shell.alive(home), 5)
        assert not shell.listens(port)


def test_a_closed_terminal_ends_it(home: Path) -> None:
    port = shell.free_port()
    with serving(home, port) as process:
        process.send_signal(signal.SIGHUP)
        process.communicate(timeout=20)
        shell.wait_for(lambda: not shell.alive(home), 5)


def test_a_second_server_on_the_port_is_refused(home: Path) -> None:
    port = shell.free_port()
    with serving(home, port):
        second = shell.run(home, "serve", "--port", port)
    assert second.returncode == 2
    assert second.stderr == (
        f"CLI-001: Port {port} is taken by another program.\n"
        "Remedy: Stop that program, or choose another port with --port.\n"
    )


def test_two_at_the_same_moment_never_share_a_port() -> None:
    port = shell.free_port()
    held, taken = serve.reserve("127.0.0.1", port)
    with held, pytest.raises(Refused) as refused:
        serve.reserve("127.0.0.1", port)
    assert taken == port
    assert [one.code for one in refused.value.problems] == ["CLI-001"]
    serve.reserve("127.0.0.1", port)[0].close()


def test_the_default_port_gives_way_to_the_next_free_one(monkeypatch: pytest.MonkeyPatch) -> None:
    first = shell.free_port()
    monkeypatch.setattr(serve, "DEFAULT_PORT", first)
    monkeypatch.setattr(serve, "LAST_PORT", first + 20)
    with socket.socket() as other:
        other.bind(("127.0.0.1", first))
        other.listen()
        held, chosen = serve.reserve("127.0.0.1", None)
        held.close()
    assert first < chosen <= first + 20
    monkeypatch.setattr(serve, "LAST_PORT", first)
    with socket.socket() as other:
        other.bind(("127.0.0.1", first))
        with pytest.raises(Refused) as refused:
            serve.reserve("127.0.0.1", None)
    assert [one.code for one in refused.value.problems] == ["CLI-026"]


def test_somebody_on_the_other_loopback_counts_as_taken() -> None:
    if not socket.has_ipv6:
        pytest.skip("no IPv6 on this machine")
    port = shell.free_port()
    with socket.socket(socket.AF_INET6) as other:
        try:
            other.bind(("::1", port))
        except OSError:
            pytest.skip("no IPv6 loopback on this machine")
        with pytest.raises(Refused):
            serve.reserve("127.0.0.1", port)


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("127.0.0.1", "http://localhost:8000"),
        ("::1", "http://localhost:8000"),
        ("10.1.2.3", "http://10.1.2.3:8000"),
        ("2001:db8::1", "http://[2001:db8::1]:8000"),
    ],
)
def test_the_address_is_one_that_passkeys_accept(host: str, shown: str) -> None:
    assert serve.address(host, 8000) == shown


def test_a_demonstration_is_refused_off_loopback(home: Path) -> None:
    with sqlite3.connect(home / "pasaj.sqlite3") as database:
        database.execute("UPDATE registry_home SET demo = 1")
    result = shell.run(home, "serve", "--host", "0.0.0.0", "--port", shell.free_port())
    assert result.returncode == 2
    assert result.stderr.startswith("CLI-005: ")


def test_a_child_whose_parent_has_gone_before_ends_too(tmp_path: Path) -> None:
    """The race at the start: the parent dies before the child asks for the signal."""
    script = (
        "import os, sys\nfrom pasaj.site.parent import die_with\n"
        "die_with(1 if os.getppid() != 1 else 2)\nprint('lives')\n"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (1, "")
