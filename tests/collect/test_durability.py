"""What was acknowledged is there: servers killed under load, lines cut, the same report from all sides at once."""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import make
import pytest
import shell
from collect import phone
from collect.test_openrosa import parts
from django.db import connection, connections
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")

FILL = """
import json, sys
import django; django.setup()
sys.path[:0] = json.loads(sys.argv[1])
from collect import phone
phone.form()
print(json.dumps([phone.key(f"Phone {at}")[1] for at in range(4)]))
"""
COMPARE = """
import hashlib, json
import django; django.setup()
from datetime import timedelta
from django.utils import timezone
from pasaj.access.services import audit
from pasaj.collect.models import Attachment, Submission, SubmissionVersion
from pasaj.collect.services import spool
spool.sweep(real_now=timezone.now() + timedelta(hours=2))
sha = lambda data: hashlib.sha256(bytes(data)).hexdigest()
rows = Attachment.objects.exclude(path="").select_related("version")
folder = spool.files() / spool.PLACE
print(json.dumps({
    "xml": {one.instance_id: sha(one.body.xml) for one in SubmissionVersion.objects.select_related("body")},
    "files": {f"{one.version.instance_id}/{one.name}": sha((spool.files() / one.path).read_bytes()) for one in rows},
    "submissions": Submission.objects.count(),
    "on disk": sum(path.is_file() for path in folder.rglob("*")),
    "sound": audit.verify().sound,
}))
"""


def ask(home: Path, code: str, *arguments: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=shell.environment(home, DJANGO_SETTINGS_MODULE="pasaj.site.settings"),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def body(xml: bytes, files: dict[str, bytes]) -> bytes:
    return encode_multipart(BOUNDARY, parts(xml, files))


class Sender(threading.Thread):
    """A phone that sends report after report, each until it is acknowledged, as the app does."""

    def __init__(self, port: int, token: str, number: int, reports: int) -> None:
        super().__init__(daemon=True)
        self.port, self.token, self.number, self.reports = port, token, number, reports
        self.sent: dict[str, tuple[bytes, bytes]] = {}
        self.refused: list[int] = []

    def run(self) -> None:
        for at in range(self.reports):
            instance = f"uuid:{self.number}-{at}"
            xml = phone.filled(instance, photo="a.jpg", count=at)
            picture = random.Random(instance).randbytes(30_000)
            while not self._post(xml, picture):
                time.sleep(0.1)
            self.sent[instance] = (xml, picture)

    def _post(self, xml: bytes, picture: bytes) -> bool:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            line.request(
                "POST", f"/key/{self.token}/submission?deviceID=collect:{self.number}", body(xml, {"a.jpg": picture}),
                {"Content-Type": MULTIPART_CONTENT, "Host": "localhost"},
            )  # fmt: skip
            status = line.getresponse().status
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()
        if status != 201:
            self.refused.append(status)
        return status == 201


def children(pid: int) -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError):
            if int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1]) == pid:
                found.append(int(folder.name))
    return found


@contextlib.contextmanager
def home_with_phones(place: Path) -> Iterator[tuple[Path, list[str]]]:
    home = shell.small_home(place)
    here = Path(__file__).resolve().parents[1]
    yield home, ask(home, FILL, json.dumps([str(here)]))


def start(home: Path, port: int) -> subprocess.Popen[str]:
    # The database must hold what it acknowledged when everything is killed: as in a real home.
    process = shell.start(home, "serve", "--port", port, "--workers", 2, PASAJ_SQLITE_SYNC="FULL")
    shell.wait_for(lambda: shell.answers(port) or process.poll() is not None)
    assert process.poll() is None, process.communicate()
    return process


@pytest.mark.req("R2.2")
def test_nothing_acknowledged_is_lost_when_everything_is_killed(tmp_path: Path) -> None:
    with home_with_phones(tmp_path) as (home, tokens):
        port = shell.free_port()
        process = start(home, port)
        senders = [Sender(port, token, number, 25) for number, token in enumerate(tokens)]
        for one in senders:
            one.start()
        rng = random.Random(3)
        try:
            for _moment in range(3):
                time.sleep(rng.uniform(0.3, 1.5))
                for pid in [*children(process.pid), process.pid]:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
                process.communicate()
                shell.wait_for(lambda: not shell.listens(port))
                process = start(home, port)
            for one in senders:
                one.join(90)
                assert not one.is_alive()
        finally:
            process.terminate()
            process.communicate(timeout=20)
        sent = {instance: pair for one in senders for instance, pair in one.sent.items()}
        assert len(sent) == 100
        assert [one.refused for one in senders] == [[], [], [], []]
        found = ask(home, COMPARE)
        sha = {name: hashlib.sha256(data).hexdigest() for name, (data, _picture) in sent.items()}
        assert found["xml"] == sha
        assert found["files"] == {
            f"{name}/a.jpg": hashlib.sha256(picture).hexdigest() for name, (_xml, picture) in sent.items()
        }
        assert (found["submissions"], found["on disk"], found["sound"]) == (100, 100, True)


def test_a_line_that_is_cut_stores_nothing(tmp_path: Path) -> None:
    with home_with_phones(tmp_path) as (home, tokens):
        port = shell.free_port()
        process = start(home, port)
        try:
            xml, picture = phone.filled(photo="a.jpg"), b"x" * 400_000
            whole = body(xml, {"a.jpg": picture})
            head = (
                f"POST /key/{tokens[0]}/submission?deviceID=collect:0 HTTP/1.1\r\nHost: localhost\r\n"
                f"Content-Type: {MULTIPART_CONTENT}\r\nContent-Length: {len(whole)}\r\n\r\n"
            ).encode()
            for part in (0, 300, 200_000, len(whole) - 3):
                with socket.create_connection(("127.0.0.1", port)) as line:
                    line.sendall(head + whole[:part])
                    line.shutdown(socket.SHUT_WR)
                    time.sleep(0.3)
            found = ask(home, COMPARE)
            assert (found["submissions"], found["on disk"]) == (0, 0)
            with socket.create_connection(("127.0.0.1", port)) as line:
                line.sendall(head + whole)
                assert line.recv(100).split()[1] == b"201"
        finally:
            process.terminate()
            process.communicate(timeout=20)
        assert ask(home, COMPARE)["files"] == {"uuid:1/a.jpg": hashlib.sha256(picture).hexdigest()}


# --- The same report from all sides at once, in this process: on SQLite and on PostgreSQL ---------


def at_once(work: list[Callable[[], Any]]) -> list[Any]:
    """Run each in a thread and a connection of its own, begun together."""
    gate, results = threading.Barrier(len(work)), [None] * len(work)

    def run(number: int) -> None:
        try:
            gate.wait()
            results[number] = work[number]()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(work))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


@pytest.mark.django_db(transaction=True)
@pytest.mark.req("R2.2")
def test_the_same_report_from_all_sides_is_one_record() -> None:
    from pasaj.access.services import audit
    from pasaj.collect.models import Attachment, Device, ReviewEvent, Submission

    make.country()
    phone.form()
    token = phone.key()[1]
    url = f"/key/{token}/submission?deviceID=collect:one"
    rng = random.Random(5)
    for number in range(6):
        names = ["a.jpg", "b.jpg", "c.jpg", "d.jpg"]
        xml = phone.filled(f"uuid:{number}", pictures=names)

        def copy(xml: bytes, seed: int, names: list[str]) -> list[int]:
            order = random.Random(seed).sample(names, len(names))
            cut = random.Random(seed).randint(1, 3)
            statuses = []
            for part in (order[:cut], order[cut:]):
                content = parts(xml, {name: name.encode() * 100 for name in part})
                statuses.append(Client().post(url, content).status_code)
            return statuses

        seeds = [rng.randrange(10_000) for _copy in range(3)]
        told = at_once([partial(copy, xml, seed, names) for seed in seeds])
        assert told == [[201, 201]] * 3
    assert Submission.objects.count() == 6
    assert Submission.objects.filter(complete=True).count() == 6
    assert Attachment.objects.exclude(path="").count() == 24
    assert len(phone.on_disk()) == 24
    assert Device.objects.count() == 1
    assert ReviewEvent.objects.count() <= 6 * 4
    assert audit.verify().sound


@pytest.mark.django_db(transaction=True)
def test_of_two_corrections_at_once_one_is_told_that_it_came_late() -> None:
    from pasaj.collect.models import Submission

    make.country()
    phone.form()
    token = phone.key()[1]
    url = f"/key/{token}/submission?deviceID=collect:one"

    def post(xml: bytes) -> int:
        return Client().post(url, parts(xml)).status_code

    assert post(phone.filled("uuid:0")) == 201
    edits = [phone.filled(f"uuid:{at}", count=at, deprecated="uuid:0") for at in (1, 2)]
    told = at_once([partial(post, xml) for xml in edits])
    assert sorted(told) == [201, 409]
    same = phone.filled("uuid:9", count=9, deprecated=Submission.objects.get().current.instance_id)  # type: ignore[union-attr]
    assert at_once([lambda: post(same), lambda: post(same)]) == [201, 201]
    assert Submission.objects.get().versions.count() == 3


@pytest.mark.django_db(transaction=True)
def test_of_two_first_devices_at_once_one_waits() -> None:
    from pasaj.collect.models import Device

    make.country()
    phone.form()
    token = phone.key()[1]

    def ask_list(device: str) -> int:
        return Client().get(f"/key/{token}/formList?deviceID={device}").status_code

    assert at_once([lambda: ask_list("collect:one"), lambda: ask_list("collect:two")]) == [200, 200]
    assert sorted(Device.objects.values_list("state", flat=True)) == ["confirmed", "waiting"]
    assert connection.vendor in {"sqlite", "postgresql"}
