"""What many phones at once cost: `pasaj serve` on a home of its own, a load generator in a second process.

    python bench/collect.py [--only P1,P5] [--rate 50] [--seconds 60] [--workers 2]

SQLite with synchronous=FULL unless PASAJ_DATABASE_URL names an empty PostgreSQL database. Server and load share the
machine, and often with others: the load average stands beside each figure.
"""

import argparse
import contextlib
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

QUESTIONS = 250
HERE = Path(__file__).resolve().parent


def environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "PASAJ_HOME"}
    return {**kept, "PASAJ_HOME": str(home), "DJANGO_SETTINGS_MODULE": "pasaj.site.settings", "PASAJ_LANG": "en"}


def free_port() -> int:
    with socket.socket() as test:
        test.bind(("127.0.0.1", 0))
        return int(test.getsockname()[1])


class Server:
    """`pasaj serve` in a session of its own."""

    def __init__(self, home: Path, workers: int) -> None:
        self.home, self.workers, self.port = home, workers, free_port()
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "pasaj", "serve", "--port", str(self.port), "--workers", str(self.workers)]
        self.process = subprocess.Popen(
            command, env=environment(self.home), stdout=subprocess.DEVNULL, start_new_session=True
        )
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2).close()
                return
            except (OSError, urllib.error.URLError):
                time.sleep(0.1)
        raise SystemExit("The server did not start.")

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(30)

    def web_processes(self) -> list[int]:
        """Children that answer requests (the supervisor of background work has another command line)."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
                line = (folder / "cmdline").read_bytes()
            except (OSError, ValueError):
                continue
            if self.process is not None and parent == self.process.pid and b"pasaj.site.worker" not in line:
                found.append(int(folder.name))
        return found

    def cpu(self) -> float:
        """Seconds of processor time that the web processes used so far."""
        spent = 0
        for pid in self.web_processes():
            with contextlib.suppress(OSError):
                spent += sum(map(int, Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]))
        return spent / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        """MB that the largest web process holds now."""
        sizes = [0.0]
        for pid in self.web_processes():
            try:
                status = Path(f"/proc/{pid}/status").read_text()
            except OSError:
                continue
            sizes += [int(line.split()[1]) / 1000 for line in status.splitlines() if line.startswith("VmRSS")]
        return max(sizes)


class Watch(threading.Thread):
    """The most memory that a web process held meanwhile."""

    def __init__(self, server: Server) -> None:
        super().__init__(daemon=True)
        self.server, self.most, self.done = server, 0.0, False

    def run(self) -> None:
        while not self.done:
            self.most = max(self.most, self.server.memory())
            time.sleep(0.2)


def prepare(home: Path, keys: int, forms: int) -> list[str]:
    """A home with a form of 250 questions, more forms, and keys. Returns their tokens."""
    subprocess.run(
        [sys.executable, "-m", "pasaj", "init"], env=environment(home), check=True, stdout=subprocess.DEVNULL
    )
    code = f"import sys; sys.path.insert(0, {str(HERE)!r}); import collect; collect.fill({keys}, {forms})"
    made = subprocess.run(
        [sys.executable, "-c", code], env=environment(home), check=True, capture_output=True, text=True
    )
    tokens: list[str] = json.loads(made.stdout)
    return tokens


def fill(keys: int, forms: int) -> None:
    """Runs in a process of its own, with Django set up on the home."""
    import django  # noqa: PLC0415

    django.setup()
    from django.db import transaction  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from pasaj.access.rules import SYSTEM  # noqa: PLC0415
    from pasaj.collect.services import phones  # noqa: PLC0415

    now = timezone.now()
    with transaction.atomic():
        for at in range(forms):
            _form("bench" if at == 0 else f"bench-{at}", now)
        wanted = [phones.Wanted(name=f"Phone {at}") for at in range(keys)]
        tokens = [phones.add(wanted=one, actor=SYSTEM, now=now)[1] for one in wanted]
    print(json.dumps(tokens))


def _form(form_id: str, now) -> None:
    from pasaj.collect.models import Form, FormDefinition, FormVersion  # noqa: PLC0415

    questions = [{"path": f"q{at}", "name": f"q{at}", "kind": "integer", "type": "int"} for at in range(QUESTIONS)]
    photo = {"path": "photo", "name": "photo", "kind": "image", "type": "binary", "binary": True}
    form = Form.objects.create(form_id=form_id, names={"en": f"Form {form_id}"}, created_at=now)
    version = FormVersion.objects.create(
        form=form,
        version="1",
        number=1,
        state="published",
        fields=[*questions, photo],
        created_at=now,
        published_at=now,
    )
    xml = b"<h:html/>" * 2000
    FormDefinition.objects.create(
        version=version,
        xml=xml,
        md5=hashlib.md5(xml, usedforsecurity=False).hexdigest(),
        sha256=hashlib.sha256(xml).hexdigest(),
    )


def load(server: Server, tokens: list[str], plan: dict) -> dict:
    given = json.dumps({**plan, "port": server.port, "tokens": tokens, "questions": QUESTIONS})
    watch, spent = Watch(server), server.cpu()
    watch.start()
    done = subprocess.run(
        [sys.executable, str(HERE / "collect_load.py")], input=given, capture_output=True, text=True, check=True
    )
    watch.done = True
    return {**json.loads(done.stdout), "memory": watch.most, "cpu": server.cpu() - spent}


def at(values: list[float], part: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0


def show(name: str, told: dict) -> None:
    count, good = len(told["seconds"]), sum(told["statuses"].get(one, 0) for one in ("200", "201", "202"))
    p50, p95, worst = (
        1000 * part for part in (at(told["seconds"], 0.5), at(told["seconds"], 0.95), max(told["seconds"]))
    )
    print(
        f"{name:<34} {count:>7} {count / told['took']:>8.1f} {100 * good / count:>8.2f} {p50:>8.0f} {p95:>8.0f} "
        f"{worst:>8.0f} {1000 * told['cpu'] / count:>8.1f} {told['took']:>7.1f} {told['memory']:>7.0f} "
        f"{os.getloadavg()[0]:>6.1f}   {told['statuses']}",
        flush=True,
    )


def stored(home: Path) -> dict:
    """What the home holds, read by a process of its own: rows, bytes and files against each other."""
    code = f"import sys; sys.path.insert(0, {str(HERE)!r}); import collect; collect.compare()"
    made = subprocess.run(
        [sys.executable, "-c", code], env=environment(home), check=True, capture_output=True, text=True
    )
    found: dict = json.loads(made.stdout)
    return found


def compare() -> None:
    import django  # noqa: PLC0415

    django.setup()
    from datetime import timedelta  # noqa: PLC0415

    from django.utils import timezone  # noqa: PLC0415

    from pasaj.access.services import audit  # noqa: PLC0415
    from pasaj.collect.models import Attachment, Submission, SubmissionVersion  # noqa: PLC0415
    from pasaj.collect.services import spool  # noqa: PLC0415

    swept = spool.sweep(real_now=timezone.now() + timedelta(hours=2))
    versions = SubmissionVersion.objects.select_related("body")
    named = set(Attachment.objects.exclude(path="").values_list("path", flat=True))
    folder = spool.files() / spool.PLACE
    there = {path.relative_to(spool.files()).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    files = {row.path: row.sha256 for row in Attachment.objects.exclude(path="")}
    print(
        json.dumps(
            {
                "submissions": Submission.objects.count(),
                "incomplete": Submission.objects.filter(complete=False).count(),
                "xml": {one.instance_id: hashlib.sha256(bytes(one.body.xml)).hexdigest() for one in versions},
                "files": {
                    f"{one.version.instance_id}/{one.name}": one.sha256
                    for one in Attachment.objects.exclude(path="").select_related("version")
                },
                "broken": sum(
                    path not in there or hashlib.sha256(there[path].read_bytes()).hexdigest() != files[path]
                    for path in named
                ),
                "orphans": len(set(there) - named),
                "swept": swept,
                "log": audit.verify().sound,
            }
        )
    )


# Name, what is asked, keys it needs.
PLANS = {
    "P1": ("open loop, 250 questions", {"mode": "open"}, 200),
    "P2": ("500 phones x 20 backlog", {"mode": "backlog", "each": 20}, 500),
    "P4": ("thrice at once, 2-4 posts each", {"mode": "thrice", "reports": 100}, 50),
    "P5": ("50 phones x 5 MB", {"mode": "pictures", "bytes": 5_000_000}, 50),
    "P6": ("list of 100 forms x 200 phones", {"mode": "lists", "rate": 20}, 200),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="for example P1,P5")
    parser.add_argument("--rate", type=float, default=50, help="reports a second in P1")
    parser.add_argument("--seconds", type=float, default=60, help="length of P1")
    parser.add_argument("--workers", type=int, default=2, help="web processes")
    chosen = parser.parse_args()
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, "
          f"{'PostgreSQL' if os.environ.get('PASAJ_DATABASE_URL') else 'SQLite FULL'}")  # fmt: skip
    print(f"{'':<34} {'asked':>7} {'/s':>8} {'good %':>8} {'p50 ms':>8} {'p95 ms':>8} {'max ms':>8} {'CPU ms':>8} "
          f"{'s':>7} {'MB':>7} {'load':>6}   answers")  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="pasaj-bench-") as folder:
        home = Path(folder, "home")
        tokens = prepare(home, keys=500, forms=100)
        server = Server(home, chosen.workers)
        server.start()
        try:
            for name, (words, plan, keys) in PLANS.items():
                if chosen.only and name not in chosen.only.split(","):
                    continue
                plan = {"rate": chosen.rate, "seconds": chosen.seconds} | plan
                show(f"{name} {words}", load(server, tokens[:keys], plan))
        finally:
            server.stop()
        found = stored(home)
        print(
            f"\nstored {found['submissions']}, incomplete {found['incomplete']}, files {len(found['files'])}, "
            f"broken {found['broken']}, orphans {found['orphans']} (swept {found['swept']}), log sound: {found['log']}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
