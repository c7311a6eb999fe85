"""From a verified signal to a published alert whose mails and SMS the gateways have taken: seconds by step.

    PASAJ_HOME=$(mktemp -d) python bench/alert.py [RECIPIENTS]

Makes a home with the Haitian pack, an SMTP sink and an SMS gateway on free ports of 127.0.0.1 that say yes to
everything, and RECIPIENTS (500) contacts with a mail address and a telephone number each. Prints what each step took,
how many messages the sinks got, and how many of them twice; ends with 1 when one is missing or came twice. The aim is
ten seconds for all of it.
"""

# ruff: noqa: PLC0415 - models can be imported once Django is set up

from __future__ import annotations

import itertools
import os
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import django
from aiosmtpd.controller import Controller

NOW = datetime(2025, 10, 1, 15, tzinfo=UTC)
MAIL, SMS = Counter[str](), Counter[str]()
ACCEPTED = b"0: Accepted for delivery"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Sink:
    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        MAIL.update(envelope.rcpt_tos)
        return "250 OK"


class Exchange(ThreadingHTTPServer):
    daemon_threads = True  # lines that stay open do not keep the program alive
    block_on_close = False
    request_queue_size = 64


class Gateway(BaseHTTPRequestHandler):
    """As Kannel answers."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 30  # a line that nobody uses any more is closed

    def do_POST(self) -> None:
        SMS[self.headers["X-Kannel-To"]] += 1
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(202)
        self.send_header("Content-Length", str(len(ACCEPTED)))
        self.end_headers()
        self.wfile.write(ACCEPTED)

    def log_message(self, *args: object) -> None:
        pass


def people(count: int) -> tuple[Any, Any]:
    """The duty officer and an approver, and contacts to tell."""
    from pasaj.access.models import Account
    from pasaj.notify.models import Address, Contact
    from pasaj.registry.models import Institution, Membership
    from pasaj.registry.queries import actor_for

    cell, told = Institution.objects.get(code="CELL"), Institution.objects.get(code="ONM")
    actors = []
    for role in ("duty", "approver"):
        account = Account.objects.create_user(f"{role}@example.org", password="a long enough one", name=role)
        Membership.objects.create(account=account, institution=cell, role=role, created_at=NOW)
        actors.append(actor_for(account))
    desks = Contact.objects.bulk_create(
        Contact(code=f"CT-{number}", name=f"Desk {number}", institution=told, role="reception",
                language="ht" if number % 2 else "fr", created_at=NOW) for number in range(count)
    )  # fmt: skip
    Address.objects.bulk_create(
        Address(contact=one, channel=channel, value=value)
        for number, one in enumerate(desks)
        for channel, value in (("mail", f"desk{number}@example.org"), ("sms", f"+5090{number:07d}"))
    )
    return actors[0], actors[1]


def signal() -> str:
    """A verified rise of returns at an official crossing."""
    from pasaj.registry.models import CrossingPoint
    from pasaj.watch.models import DetectionRun, Measure, Signal

    run = DetectionRun.objects.create(code="DR-1", as_of=NOW, from_date=date(2025, 9, 1), to_date=date(2025, 9, 30),
                                      requested_at=NOW)  # fmt: skip
    return Signal.objects.create(
        code="SG-2025-0001", key="bench", kind="unusual", method="ears_c2", direction="up", run=run, observed=900,
        crossing=CrossingPoint.objects.get(code="HT-BCP-OUA"), measure=Measure.objects.get(code="returns"),
        expected=300, period_start=date(2025, 9, 30), period_end=date(2025, 9, 30), inputs_as_of=NOW, created_at=NOW,
        state="verified", state_at=NOW,
    ).code  # fmt: skip


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pasaj.site.settings")
    mail_port = free_port()
    gateway = Exchange(("127.0.0.1", 0), Gateway)  # it listens from here on: nobody else can have its port
    os.environ |= {"PASAJ_SMTP_HOST": "127.0.0.1", "PASAJ_SMTP_PORT": str(mail_port),
                   "PASAJ_SMS_URL": f"http://127.0.0.1:{gateway.server_port}/cgi-bin/sendsms"}  # fmt: skip
    subprocess.run([sys.executable, "-m", "pasaj", "init", "--pack", "haiti"], check=True, stdout=subprocess.DEVNULL)
    django.setup()
    from django.utils import timezone

    from pasaj.notify.services import outbox
    from pasaj.respond.services import alerts, signing

    mail = Controller(Sink(), hostname="127.0.0.1", port=mail_port)
    mail.start()
    threading.Thread(target=gateway.serve_forever, daemon=True).start()
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    officer, approver = people(count)
    origins = [alerts.Origin("signal", signal())]
    signing.key()
    moments = [("", time.perf_counter())]
    row = alerts.draft(hazard="urgent_reception", origins=origins, actor=officer, now=NOW)
    moments.append(("draft", time.perf_counter()))
    alerts.submit(identifier=row.identifier, actor=officer, now=NOW)
    moments.append(("hand in", time.perf_counter()))
    alerts.approve(identifier=row.identifier, actor=approver, now=NOW)
    moments.append(("approve, sign, publish", time.perf_counter()))
    sent = outbox.deliver(real_now=timezone.now(), now=NOW)
    moments.append(("hand to the gateways", time.perf_counter()))
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    for (_name, before), (name, after) in itertools.pairwise(moments):
        print(f"{name:<24}{after - before:7.2f} s")
    print(f"{'all':<24}{moments[-1][1] - moments[0][1]:7.2f} s")
    twice = sum(count - 1 for found in (MAIL, SMS) for count in found.values())
    print(f"{sent} deliveries: {len(MAIL)} by mail, {len(SMS)} by SMS, {twice} twice")
    mail.stop()
    gateway.shutdown()
    return 0 if len(MAIL) == len(SMS) == count and not twice else 1


if __name__ == "__main__":
    sys.exit(main())
