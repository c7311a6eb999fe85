"""The web server: its port, its processes, and the background work beside it."""

from __future__ import annotations

import errno
import ipaddress
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pasaj.core.problems import Refused, problem
from pasaj.site.parent import die_with

DEFAULT_PORT = 8000
LAST_PORT = 8099
ADDRESS = "address"  # in the home
GRACE = 5  # seconds between asking a process to end and ending it


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def address(host: str, port: int) -> str:
    """What to type into a browser. `localhost`, not 127.0.0.1: passkeys work only with a name."""
    if is_loopback(host):
        return f"http://localhost:{port}"
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
        return f"http://{socket.gethostname()}:{port}"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def last_address(home: Path) -> str:
    """Where the server of this home was started last; without one, where it would be."""
    try:
        return (home / ADDRESS).read_text(encoding="utf-8").strip()
    except OSError:
        return address("localhost", DEFAULT_PORT)


def remember_address(home: Path, url: str) -> None:
    """For commands that hand out the address: see `last_address`."""
    (home / ADDRESS).write_text(f"{url}\n", encoding="utf-8")


def reserve(host: str, port: int | None) -> tuple[socket.socket, int]:
    """Take `port`, or the first free one from 8000 on. Returns a bound socket, to be kept, and the port.

    The server binds with SO_REUSEPORT, so a second one on the same port would start without an
    error and take half of the requests. A plain bind finds out; the bound socket (never listening,
    so it gets no connection) keeps the next one from passing the same test.
    Raises Refused: CLI-001 (taken), CLI-021 (no such address), CLI-026 (none free).
    """
    if port is not None:
        held = _hold(host, port)
        if held is None:
            raise Refused(problem("CLI-001", port=port))
        return held, port
    for candidate in range(DEFAULT_PORT, LAST_PORT + 1):
        held = _hold(host, candidate)
        if held is not None:
            return held, candidate
    raise Refused(problem("CLI-026", first=DEFAULT_PORT, last=LAST_PORT))


def _hold(host: str, port: int) -> socket.socket | None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        if not _is_free(family, host, port):
            return None
        held = socket.socket(family, socket.SOCK_STREAM)
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        held.bind((host, port))
    except OSError as error:
        raise Refused(problem("CLI-021", host=f"{host}:{port}", detail=error.strerror or str(error))) from error
    # A browser that is told `localhost` may try ::1 first, and find somebody else there.
    if is_loopback(host) and family == socket.AF_INET and _is_taken_on_ipv6(port):
        held.close()
        return None
    return held


def _is_free(family: socket.AddressFamily, host: str, port: int) -> bool:
    with socket.socket(family, socket.SOCK_STREAM) as test:
        test.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port that only cools down is free
        try:
            test.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise
    return True


def _is_taken_on_ipv6(port: int) -> bool:
    try:
        return not _is_free(socket.AF_INET6, "::1", port)
    except OSError:
        return False  # no IPv6 on this machine


def start_background() -> subprocess.Popen[bytes]:
    """The supervisor of background work, in a session of its own: it ends with this process."""
    return subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", "pasaj.site.worker", str(os.getpid())], start_new_session=True
    )


def stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _load(target: str) -> Callable[..., Any]:
    """Runs in each web process, before it answers."""
    parent = multiprocessing.parent_process()
    if parent is not None and parent.pid is not None:
        die_with(parent.pid)
    os.setpgid(0, 0)  # Ctrl-C on the terminal reaches the parent only, which then stops us in order
    from django.urls import get_resolver  # noqa: PLC0415 - Django starts in the web process

    from pasaj.site.wsgi import application  # noqa: PLC0415

    _ = get_resolver().url_patterns  # every page is imported now, not when the first reader waits
    return application


def _announce(host: str, port: int, started: Callable[[], None]) -> None:
    """Tell the address when somebody answers there, not before: a person opens it at once."""
    nearest = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    for _try in range(600):
        try:
            socket.create_connection((nearest, port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            started()
            return


def serve(*, host: str, port: int, workers: int, started: Callable[[], None]) -> None:
    """Serve until a signal comes; then web processes and background work end within seconds.

    `started` is called, from a thread, once somebody answers.
    """
    from granian.constants import Interfaces  # noqa: PLC0415 - only this command needs a server
    from granian.log import LogLevels  # noqa: PLC0415
    from granian.server import Server  # noqa: PLC0415

    server = Server(
        "pasaj.site.wsgi",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=8,  # each keeps a database connection
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        workers_kill_timeout=GRACE,
        websockets=False,
    )
    # After the server has set its own: a closed terminal ends it rather than reloading it.
    server.on_startup(lambda: signal.signal(signal.SIGHUP, server.signal_handler_interrupt) and None)
    server.on_startup(threading.Thread(target=_announce, args=(host, port, started), daemon=True).start)
    background = start_background()
    try:
        server.serve(target_loader=_load)
    except SystemExit:
        # A web process that ended a moment before it was asked to is no failure of a wanted stop.
        if not server.interrupt_signal:
            raise
    finally:
        stop(background)
