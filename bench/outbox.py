"""How fast the outbox empties, and whether a killed sender loses or repeats anything.

    python bench/outbox.py [--recipients 10000] [--kills 20] [--only speed|kills] [--seed 1]

Half of the recipients by mail (aiosmtpd), half by SMS (a real Kannel with the network its own test program plays), all
on the loopback, in a home of its own on SQLite with synchronous=FULL. Sinks and sender share the machine, and often
with others: the load average stands beside each figure. `kills`: SIGKILL at random moments while it sends.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from aiosmtpd.controller import Controller

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests"))
from notify.kannel import HERE as KANNEL_IS_HERE  # noqa: E402
from notify.kannel import MISSING, PASSWORD, Kannel  # noqa: E402

FILL = """
import sys, django; django.setup()
from django.utils import timezone
from pasaj.access.rules import SYSTEM
from pasaj.notify.models import Address, Contact
from pasaj.notify.services.outbox import Draft, Text, put
from pasaj.registry.models import Institution
now, mails, texts, run = timezone.now(), int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
first = Institution.objects.order_by("pk").first()
people = Contact.objects.bulk_create(
    Contact(code=f"CT{run}-{at}", name=f"N{at}", institution=first, role="watch", language="fr", created_at=now)
    for at in range(mails + texts))
Address.objects.bulk_create(
    Address(contact=one, channel="mail" if at < mails else "sms",
            value=f"n{at}@example.org" if at < mails else f"+1500{at:07d}")
    for at, one in enumerate(people))
text = Text("L'eau monte", "L'eau monte. Enfants à l'école d'abord.", "L'eau monte. Enfants à l'école.")
put(draft=Draft("alert", f"AL-{run}", {"fr": text}), contacts=people, actor=SYSTEM, now=now)
"""
SEND = """
import django; django.setup()
from django.utils import timezone
from pasaj.notify.services.outbox import deliver
deliver(real_now=timezone.now(), now=timezone.now(), limit=10**6)
"""
STATES = """
import django, json; django.setup()
from django.db.models import Count
from pasaj.notify.models import Delivery, DeliveryEvent
print(json.dumps({
    "states": dict(Delivery.objects.values_list("state").annotate(n=Count("pk")).order_by("state")),
    "answers lost": DeliveryEvent.objects.filter(kind="presumed").count()}))
"""


class Sink:
    """Counts mails by recipient."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    async def handle_DATA(self, _server: object, _session: object, envelope: object) -> str:  # noqa: N802 - its name
        self.counts.update(envelope.rcpt_tos)  # type: ignore[attr-defined]
        return "250 kept"


class Ground:
    """A home, a mail server and a Kannel for one run."""

    def __init__(self, folder: Path, mails: int, texts: int) -> None:
        self.folder, self.mails, self.texts = folder, mails, texts
        self.sink, self.kannel = Sink(), Kannel(folder, "http://127.0.0.1:9")
        self.server = Controller(self.sink, hostname="127.0.0.1", port=self.kannel.ports["admin"] + 1)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PASAJ_")}
        self.environment = {
            **kept, "PASAJ_HOME": str(folder / "home"), "DJANGO_SETTINGS_MODULE": "pasaj.site.settings",
            "PASAJ_SMTP_HOST": "127.0.0.1", "PASAJ_SMTP_PORT": str(self.server.port), "PASAJ_SMS_URL": self.kannel.url,
            "PASAJ_SMS_USER": "pasaj", "PASAJ_SMS_PASSWORD": PASSWORD, "PASAJ_SMS_FROM": "PASAJ",
        }  # fmt: skip

    def __enter__(self) -> "Ground":
        self.server.start()
        if self.texts:
            self.kannel.start()
        self.done([sys.executable, "-m", "pasaj", "init"])
        self.done([sys.executable, "-c", FILL, str(self.mails), str(self.texts), "1"])
        return self

    def __exit__(self, *_error: object) -> None:
        self.server.stop()
        self.kannel.stop()

    def done(self, command: list[str]) -> str:
        return subprocess.run(command, env=self.environment, check=True, capture_output=True, text=True).stdout

    def send(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen([sys.executable, "-c", SEND], env=self.environment, start_new_session=True)

    def arrived(self) -> Counter[str]:
        return self.sink.counts + (self.kannel.counts() if self.texts else Counter())

    def settled(self, number: int, seconds: float = 60) -> Counter[str]:
        """What arrived, once the played network has caught up with what Kannel took."""
        until = time.monotonic() + seconds
        while sum(self.arrived().values()) < number and time.monotonic() < until:
            time.sleep(0.5)
        time.sleep(2)  # what comes twice would come now
        return self.arrived()


def report(name: str, ground: Ground, number: int, seconds: float, kills: int) -> None:
    counts = ground.settled(number)
    told = json.loads(ground.done([sys.executable, "-c", STATES]))
    twice = sum(count > 1 for count in counts.values())
    load = os.getloadavg()[0]
    print(f"{name:8} {number:>7} {kills:>5} {seconds:>8.1f} {number / seconds:>8.0f} {number - len(counts):>5} "
          f"{twice:>5} {told['answers lost']:>12} {load:>5.1f}  {told['states']}")  # fmt: skip


def speed(number: int) -> None:
    for name, mails, texts in (("mail", number // 2, 0), ("both", number - number // 2, number // 2)):
        with tempfile.TemporaryDirectory() as folder, Ground(Path(folder), mails, texts) as ground:
            began = time.monotonic()
            ground.send().wait()
            report(name, ground, mails + texts, time.monotonic() - began, 0)


def killed(number: int, kills: int, seed: int) -> None:
    """Each kill at a random moment after the sender has begun to hand over."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder, Ground(Path(folder), number - number // 2, number // 2) as ground:
        began = time.monotonic()
        for left in range(kills, 0, -1):
            before, sender = sum(ground.sink.counts.values()), ground.send()
            while sum(ground.sink.counts.values()) == before and sender.poll() is None:
                time.sleep(0.002)
            time.sleep(chance.uniform(0, min(1.0, number / 500 / left)))
            os.kill(sender.pid, signal.SIGKILL)
            sender.wait()
        ground.send().wait()
        report("killed", ground, number, time.monotonic() - began, kills)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recipients", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--only", choices=("speed", "kills"))
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    if not KANNEL_IS_HERE:
        sys.exit(MISSING)
    print(f"{'run':8} {'number':>7} {'kills':>5} {'seconds':>8} {'a second':>8} {'lost':>5} {'twice':>5} "
          f"{'answers lost':>12} {'load':>5}  states")  # fmt: skip
    if chosen.only != "kills":
        speed(chosen.recipients)
    if chosen.only != "speed":
        killed(chosen.recipients, chosen.kills, chosen.seed)


if __name__ == "__main__":
    main()
