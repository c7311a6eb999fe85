"""A real Kannel on the loopback: bearerbox, smsbox and the network that its own test program plays."""

from __future__ import annotations

import contextlib
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest
from django.test import override_settings
from shell import free_port, listens, wait_for

BEARERBOX, SMSBOX = (
    shutil.which("bearerbox", path="/usr/sbin:/usr/bin"),
    shutil.which("smsbox", path="/usr/sbin:/usr/bin"),
)
FAKESMSC = Path("/usr/lib/kannel/test/fakesmsc")
MISSING = "Kannel is not installed (apt-get install kannel kannel-extras)"
HERE = bool(BEARERBOX and SMSBOX and FAKESMSC.is_file())
PASSWORD = "kannel-secret-word"

CONFIG = """
group = core
admin-port = {admin}
admin-password = {password}
smsbox-port = {box}
box-allow-ip = 127.0.0.1
admin-allow-ip = 127.0.0.1
log-file = {folder}/bearerbox.log
log-level = 1
dlr-storage = internal

group = smsc
smsc = fake
smsc-id = fake
port = {smsc}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {send}
log-file = {folder}/smsbox.log
log-level = 1

group = sendsms-user
username = pasaj
password = {password}
concatenation = true
max-messages = 10
user-allow-ip = 127.0.0.1

group = sms-service
keyword = default
catch-all = true
max-messages = 0
get-url = "{inbound}?from=%p&to=%P&text=%a&id=%I"
"""


class Kannel:
    """What runs, where it listens, and what the played network got."""

    def __init__(self, folder: Path, inbound: str) -> None:
        self.folder = folder
        self.ports = dict(zip(("admin", "box", "smsc", "send"), {free_port() for _ in range(40)}, strict=False))
        self.running: list[subprocess.Popen[bytes]] = []
        self.network: subprocess.Popen[bytes] | None = None
        (folder / "kannel.conf").write_text(
            CONFIG.format(**self.ports, folder=folder, password=PASSWORD, inbound=inbound), encoding="utf-8"
        )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.ports['send']}/cgi-bin/sendsms"

    def start(self) -> None:
        for program, port in ((BEARERBOX, self.ports["box"]), (SMSBOX, self.ports["send"])):
            self.running.append(self._run([str(program), str(self.folder / "kannel.conf")], "box.out"))
            wait_for(lambda port=port: listens(port), seconds=30)
        self.play()

    def play(self, *message: str) -> None:
        """Connect the played network, which hands in this message once: sender, receiver, words."""
        if self.network is not None:
            self._end(self.network)
        words = " ".join([message[0], message[1], "text", *message[2:]]) if message else "x y text nothing"
        command = [str(FAKESMSC), "-H", "127.0.0.1", "-r", str(self.ports["smsc"]), "-i", "0.1", "-v", "0"]
        self.network = self._run([*command, "-m", "1" if message else "0", words], "network.out")
        wait_for(lambda: (self.folder / "network.out").exists(), seconds=10)

    def _run(self, command: list[str], output: str) -> subprocess.Popen[bytes]:
        with (self.folder / output).open("ab") as out:
            return subprocess.Popen(command, stdout=out, stderr=out, cwd=self.folder, start_new_session=True)

    def got(self) -> list[tuple[str, str]]:
        """Number and text (of a part, undecoded where it is binary) of what the network got, in its order."""
        text = (self.folder / "network.out").read_text(encoding="utf-8", errors="replace")
        found = re.findall(r"Got message \d+: <\S+ (\S+) (text|ucs-2|udh \S+ (?:data|ucs-2)) (.*?)>$", text, re.M)
        return [(to, _words(kind, words)) for to, kind, words in found]

    def counts(self) -> Counter[str]:
        return Counter(to for to, _text in self.got())

    def logs(self) -> str:
        return "".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log")))

    def stop(self) -> None:
        for one in [*([self.network] if self.network else []), *reversed(self.running)]:
            self._end(one)

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _words(kind: str, words: str) -> str:
    return unquote_to_bytes(words).decode("utf-16-be") if "ucs-2" in kind else words


@contextlib.contextmanager
def kannel(folder: Path, server: str = "http://127.0.0.1:9") -> Iterator[Kannel]:
    """A gateway that calls `server`, the address of a Pasaj; and the settings that lead to it. Skips without Kannel."""
    if not HERE:
        pytest.skip(MISSING)
    from pasaj.notify import channels

    gateway = Kannel(folder, f"{server}/gateway/{channels.gateway_token()}/sms/in")
    try:
        gateway.start()
        with override_settings(
            PASAJ_SMS_URL=gateway.url, PASAJ_SMS_USER="pasaj", PASAJ_SMS_PASSWORD=PASSWORD, PASAJ_SMS_FROM="PASAJ",
            PASAJ_SMS_RECEIPTS=server,
        ):  # fmt: skip
            yield gateway
    finally:
        gateway.stop()
