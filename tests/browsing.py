"""What browser tests share: a demonstration home, a visit of one person, and axe."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES = {"desk": (1360, 900), "phone": (390, 844)}
AXE = ROOT / "frontend/node_modules/axe-core/axe.min.js"
# Waits for what is moving to come to rest; what moves for ever is not waited for.
SETTLED = """() => Promise.race([
  new Promise(done => setTimeout(done, 3000)),
  Promise.allSettled(document.getAnimations()
    .filter(one => Number.isFinite(one.effect?.getComputedTiming().endTime ?? 0)).map(one => one.finished)),
]).then(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))))"""


@dataclass
class Demo:
    url: str
    home: Path
    logins: dict[str, tuple[str, str]]  # role -> e-mail, password
    key: str  # address of the page of a phone
    states: dict[str, Any] = field(default_factory=dict)  # role -> cookies of a session


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PASAJ_HOME": str(home), "PASAJ_LANG": "en", "DJANGO_SETTINGS_MODULE": "pasaj.site.settings"}
    env.pop("PASAJ_DATABASE_URL", None)
    return subprocess.run(
        [sys.executable, "-m", "pasaj", *arguments], env=env, cwd=home, capture_output=True, text=True, timeout=900
    )


def wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(240):
        assert server.poll() is None, "the server ended"
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=2):
                return
        except OSError:
            time.sleep(0.25)
    raise AssertionError("the server did not answer in a minute")


@contextlib.contextmanager
def serving(home: Path, **settings: str) -> Iterator[str]:
    """A real server of a home, with its workers. Yields its address."""
    port = free_port()
    env = {**os.environ, "PASAJ_HOME": str(home), "DJANGO_SETTINGS_MODULE": "pasaj.site.settings", **settings}
    env.pop("PASAJ_DATABASE_URL", None)
    with (home / "serve.log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "pasaj", "serve", "--port", str(port)], env=env, cwd=home, stdout=log, stderr=log
        )
        url = f"http://localhost:{port}"
        try:
            wait_for(url, server)
            yield url
        finally:
            server.terminate()
            server.wait(20)


UNTOUCHED = "untouched.sqlite3"
"""The database of the demonstration as it was made, beside the one that is used."""


def copied(source: Path, target: Path) -> None:
    """A copy of a database that may be in use."""
    with contextlib.closing(sqlite3.connect(source)) as one, contextlib.closing(sqlite3.connect(target)) as other:
        one.backup(other)


@contextlib.contextmanager
def apart(demo: Demo, home: Path, **settings: str) -> Iterator[Demo]:
    """A copy of the untouched demonstration that no other test looks at, with a server of its own."""
    shutil.copytree(demo.home, home, ignore=shutil.ignore_patterns("*.sqlite3*", "*.lock", "serve.log", "address"))
    copied(demo.home / UNTOUCHED, home / "pasaj.sqlite3")
    with serving(home, **settings) as url:
        yield replace(demo, url=url, home=home, states={})


@dataclass
class Visit:
    """One browser context; what its pages complained of and where they sent requests."""

    context: Any
    page: Any
    demo: Demo
    role: str = ""
    complaints: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def open(self, path: str) -> Any:
        answer = self.page.goto(self.demo.url + path, wait_until="load")
        assert answer is not None
        assert answer.status < 400, f"{path}: {answer.status}"
        return answer

    def sign_in(self, role: str) -> None:
        email, password = self.demo.logins[role]
        self.page.goto(self.demo.url + "/account/login/")
        self.page.fill("input[name=login]", email)
        self.page.fill("input[name=password]", password)
        self.page.click("main button[type=submit]")
        self.page.wait_for_url(lambda url: "/account/login" not in url)

    def press(self, name: str) -> None:
        """The button of the page that is called so."""
        self.page.locator("main").get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str) -> None:
        """The link of the page that is called so."""
        self.page.locator("main").get_by_role("link", name=name, exact=True).click()

    @property
    def here(self) -> str:
        """The address of the page, without the server's."""
        return str(self.page.url).removeprefix(self.demo.url)

    def confirm(self) -> None:
        """Give the password again, where a page wants to be sure who sits there."""
        self.page.fill("main input[name=password]", self.demo.logins[self.role][1])
        self.page.locator("main button[type=submit]").first.click()
        self.page.wait_for_url(lambda url: "/reauthenticate/" not in url)


def entered(visit: Callable[..., Visit], demo: Demo, role: str, **how: Any) -> Visit:
    """A visit of one of the cast to a demonstration apart, in English."""
    one = visit(**how)
    one.demo, one.role = demo, role
    one.sign_in(role)
    one.context.add_cookies([{"name": "language", "value": "en", "url": demo.url}])
    return one


class Line:
    """A line to the server that can be cut and mended: what lies behind it is gone for pages and workers alike."""

    def __init__(self, server: int) -> None:
        self.server = server
        self.port = 0
        self.open()

    def open(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", self.port))
        self.port = int(self.listener.getsockname()[1])
        self.ends: list[socket.socket] = []
        threading.Thread(target=self._accept, args=(self.listener,), daemon=True).start()

    def cut(self) -> None:
        for one in (self.listener, *self.ends):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _address = listener.accept()
                far = socket.create_connection(("127.0.0.1", self.server))
                self.ends += [near, far]
                for source, target in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=(source, target), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                target.sendall(data)
        for one in (source, target):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


def outside(url: str, home: str) -> bool:
    return not url.startswith((home, "data:", "blob:", "about:"))


WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def axe(page: Any, only: list[str] | None = None) -> list[str]:
    """WCAG 2.0 to 2.2, A and AA, or only these rules: violations as "rule: where"."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    page.evaluate(SETTLED)  # a message that is still fading in has the contrast of a moment
    wanted = {"type": "rule", "values": only} if only else {"type": "tag", "values": WCAG}
    found = page.evaluate(
        "wanted => axe.run(document, {runOnly: wanted, resultTypes: ['violations']}).then(found => found.violations"
        ".map(one => `${one.id}: ${one.nodes.map(node => node.target.join(' ')).slice(0, 3).join(', ')}`))",
        wanted,
    )
    return list(found)


def look(visit: Visit) -> list[str]:
    """What is wrong with the page as it stands."""
    return axe(visit.page) + _frame(visit)


def look_thrice(visit: Visit) -> list[str]:
    """The same at 1360 and 390 px, in light and dark. What else than colour changes with the scheme? Nothing."""
    wrong = look(visit)
    visit.page.emulate_media(color_scheme="dark")
    wrong += [f"dark: {one}" for one in axe(visit.page, only=["color-contrast"])]
    _resize(visit.page, "phone")
    wrong += [f"phone: {one}" for one in look(visit)]
    visit.page.emulate_media(color_scheme="light")
    wrong += [f"phone, light: {one}" for one in axe(visit.page, only=["color-contrast"])]
    _resize(visit.page, "desk")
    return wrong


def _resize(page: Any, size: str) -> None:
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})


def _frame(visit: Visit) -> list[str]:
    window, sheet = visit.page.evaluate("[document.documentElement.clientWidth, document.documentElement.scrollWidth]")
    wrong = [f"wider than the window: {sheet} > {window}"] if sheet > window else []
    wrong += visit.complaints + visit.outside
    visit.complaints.clear()
    visit.outside.clear()
    return wrong
