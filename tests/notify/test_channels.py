"""Mail and SMS through real servers; gateways that say yes and mean no; a channel that is only a folder."""

from __future__ import annotations

import contextlib
import http.server
import importlib
import logging
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import make
import pytest
from django.conf import settings as django_settings
from django.test import override_settings
from django.utils import timezone
from notify.kannel import PASSWORD, kannel
from notify.sending import NOW, TEXTS, contact, mail_server, put
from shell import wait_for

from pasaj.core.problems import Refused
from pasaj.notify import channels
from pasaj.notify.models import Address, Delivery, Inbound
from pasaj.notify.services import outbox
from pasaj.notify.services.outbox import Attachment, Text


def deliver() -> int:
    return outbox.deliver(real_now=timezone.now(), now=NOW)


@pytest.mark.django_db
@pytest.mark.req("R11.25")
def test_a_mail_as_it_arrives(country: make.Country) -> None:
    folder = Path(django_settings.PASAJ_HOME) / "files"
    folder.mkdir(exist_ok=True)
    (folder / "alert.xml").write_bytes(b"<alert/>")
    anna = contact("Anna", "anna@example.org", language="fr")
    with override_settings(PASAJ_URL="https://pasaj.example.org"), mail_server() as sink:
        message = put(
            anna, acknowledge_minutes=30, attachments=(Attachment("alert.xml", "application/cap+xml", "alert.xml"),)
        )
        assert deliver() == 1
    (_to, mail) = sink.got[0]
    row = Delivery.objects.get()
    assert (mail["To"], mail["From"], mail["Subject"]) == (
        "anna@example.org", "pasaj@localhost", "L’eau monte à Northgate",
    )  # fmt: skip
    assert mail["Message-ID"] == f"<{message.code}.{row.pk}@localhost>"
    assert mail["Auto-Submitted"] == "auto-generated"
    text, attached = mail.iter_parts()  # type: ignore[attr-defined]
    assert (attached.get_content_type(), attached.get_filename()) == ("application/cap+xml", "alert.xml")
    assert attached.get_content() == b"<alert/>"
    stop = str(mail["List-Unsubscribe"]).strip("<>")
    assert stop.startswith("https://pasaj.example.org/n/")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert text.get_content().splitlines() == [
        "Mettez d’abord les enfants à l’école.", "", f"Dites que vous avez lu ceci : {stop.removesuffix('stop')}", "",
        "-- ", f"Plus de messages à cette adresse : {stop}",
    ]  # fmt: skip
    assert (row.state, row.sent_at, row.gateway_id, row.tries) == ("sent", NOW, "kept as 1", 1)
    token = stop.split("/")[-2]
    assert token not in str(Delivery.objects.values().get())


@pytest.mark.django_db
def test_one_connection_carries_many(country: make.Country) -> None:
    put(*(contact(f"n{at}", f"n{at}@example.org") for at in range(40)))
    with mail_server() as sink, override_settings(PASAJ_SMTP_PARALLEL=2):
        assert deliver() == 40
    assert len(sink.got) == 40
    assert sink.connections == 2


@pytest.mark.django_db
@pytest.mark.req("R11.22")
def test_a_server_that_is_away_costs_one_attempt_and_no_message(country: make.Country) -> None:
    put(contact("Anna", "anna@example.org"))
    with override_settings(MAIL_SET_UP=True, EMAIL_HOST="127.0.0.1", EMAIL_PORT=9):
        deliver()
        row = Delivery.objects.get()
        assert (row.state, row.tries) == ("queued", 1)
        assert row.problem.startswith("ConnectionRefusedError")
        assert deliver() == 0  # not before its time
    Delivery.objects.update(due_at=timezone.now())
    with mail_server() as sink:
        assert deliver() == 1
    assert sink.to == ["anna@example.org"]


@pytest.mark.django_db
@pytest.mark.req("R11.22")
def test_it_is_given_up_after_ten_attempts(country: make.Country) -> None:
    put(contact("Anna", "anna@example.org"))
    waits = []
    with mail_server() as sink:
        sink.answers["anna@example.org"] = "451 try later"
        for _attempt in range(12):
            real_now = timezone.now()
            outbox.deliver(real_now=real_now, now=NOW)
            row = Delivery.objects.get()
            waits.append(round((row.due_at - real_now).total_seconds() / 60))
            Delivery.objects.update(due_at=real_now)
    assert (row.state, row.tries, row.problem) == ("failed", 10, "451 try later")
    assert waits[:9] == [1, 2, 5, 15, 60, 60, 60, 60, 60]


@contextlib.contextmanager
def gateway(status: int, said: str) -> Iterator[list[dict[str, str]]]:
    """A gateway that always answers the same."""
    asked: list[dict[str, str]] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            asked.append({**self.headers, "path": self.path, "body": body})
            self.send_response(status)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said.encode())

        def log_message(self, *_arguments: object) -> None:
            """Be quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}/cgi-bin/sendsms"
    try:
        with override_settings(PASAJ_SMS_URL=url, PASAJ_SMS_USER="u", PASAJ_SMS_PASSWORD="verysecret"):
            yield asked
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.django_db
@pytest.mark.req("R11.22")
@pytest.mark.parametrize(
    ("status", "said", "state"),
    [
        (202, "0: Accepted for delivery", "sent"),
        (200, "0: Accepted for delivery", "sent"),
        (202, "3: Queued for later delivery", "sent"),
        (200, "Authorization failed for sendsms", "queued"),
        (200, "<html>Captive portal</html>", "queued"),
        (503, "Temporal failure, try again later.", "queued"),
        (403, "Authorization failed for sendsms", "queued"),
        (400, "Number(s) has/have been denied by white- and/or black-lists.", "failed"),
    ],
)
def test_a_gateway_that_says_200_and_means_no_has_not_taken_it(
    country: make.Country, caplog: pytest.LogCaptureFixture, status: int, said: str, state: str
) -> None:
    put(contact("Anna", "+15005550101"))
    with gateway(status, said) as asked, caplog.at_level(logging.DEBUG):
        deliver()
    row = Delivery.objects.get()
    assert (row.state, row.problem) == (state, "" if state == "sent" else f"{status} {said}")
    assert asked[0]["path"] == "/cgi-bin/sendsms"
    assert asked[0]["body"] == "Water rises at Northgate"
    assert asked[0]["X-Kannel-Password"] == "verysecret"
    assert "verysecret" not in caplog.text


@pytest.mark.kannel
@pytest.mark.req("R11.26")
def test_sms_through_a_real_kannel_and_back(transactional_db: None, live_server: object, tmp_path: Path) -> None:
    make.country()
    anna = contact("Anna", "+15005550101", language="ht")
    long = Text("s", "b", "Fenêtre fermée, forêt en feu. " * 4)
    base = str(live_server)
    with kannel(tmp_path, base) as network:
        message = put(anna, acknowledge_minutes=30, texts={**TEXTS, "ht": TEXTS["ht"]})
        put(contact("Luc", "+15005550102", language="fr"), ref="AL-2", texts={"fr": long, "en": TEXTS["en"]})
        assert deliver() == 2
        first = Delivery.objects.get(message=message)
        wait_for(lambda: Delivery.objects.filter(state="delivered").count() == 2)
        got = dict(reversed(network.got()))
        assert got["+15005550101"].startswith("Dlo ap monte nan Nòpòt")
        assert network.counts() == {"+15005550101": 1, "+15005550102": 2}  # 120 characters of UCS-2: two parts
        kinds = sorted(first.events.values_list("kind", flat=True))
        assert kinds == ["delivered", "sent", "taken"]
        network.play("15005550101", "123", "wi", first.reply_word.lower())
        wait_for(lambda: Inbound.objects.filter(state="settled").exists())
        wait_for(lambda: Delivery.objects.filter(message=message, acknowledged_at__isnull=False).exists())
        network.play("15005550101", "123", "SISPANN")
        wait_for(lambda: Address.objects.filter(stop_reason="sms").exists())
        assert deliver() == 1
        wait_for(lambda: network.counts()["+15005550101"] == 2)
        network.play("15005550101", "123", "stop")
        wait_for(lambda: Inbound.objects.count() == 3)
        assert deliver() == 0  # said once
    rows = Inbound.objects.order_by("pk").values_list("sender", "state", "meaning", "ref")
    assert list(rows) == [
        ("+15005550101", "settled", "acknowledged", message.code),
        ("+15005550101", "settled", "stopped", ""),
        ("+15005550101", "settled", "stopped", ""),
    ]
    assert network.got()[-1][1].startswith("Ou p ap resevwa mesaj") is True
    sent = network.logs()
    assert PASSWORD not in sent.replace(f"<{PASSWORD}>", "")


DUMMY = """
from __future__ import annotations
import contextlib
from collections.abc import Iterator
from pasaj.notify.channels import Channel, Line, Outcome, Parcel, Sealed

SENT: list[tuple[str, str]] = []

class DummyLine(Line):
    def send(self, parcel: Parcel, sealed: Sealed) -> Outcome:
        sealed()
        SENT.append((parcel.address, parcel.short))
        return Outcome("sent", gateway_id=f"pigeon-{len(SENT)}")

class Pigeon(Channel):
    kind, label = "pigeon", "Pigeon"
    def check(self, address: str) -> str:
        return address.strip()
    @contextlib.contextmanager
    def open(self) -> Iterator[Line]:
        yield DummyLine()

CHANNEL = Pigeon()
"""


@pytest.mark.django_db
@pytest.mark.req("R11.27")
def test_a_new_channel_is_a_folder_and_nothing_else(
    country: make.Country, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "pigeon"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "channel.py").write_text(DUMMY, encoding="utf-8")
    (folder / "settings.py").write_text(
        "def read(env):\n    return {'PASAJ_PIGEONS': env.number('PASAJ_PIGEONS', 3)}\n", encoding="utf-8"
    )
    monkeypatch.setattr(channels, "__path__", [*channels.__path__, str(tmp_path)])
    importlib.invalidate_caches()
    from pasaj.site import environment

    assert channels.kinds() == ["bulletin", "mail", "pigeon", "sms"]
    assert channels.settings(environment)["PASAJ_PIGEONS"] == 3
    anna = contact("Anna")
    Address.objects.create(contact=anna, channel="pigeon", value="Loft 4")
    mock = contact("Real one")
    Address.objects.create(contact=mock, channel="pigeon", value="Loft 5")
    message = put(anna)
    put(mock, mode="exercise", ref="AL-2")
    assert deliver() == 1
    sent = importlib.import_module("pasaj.notify.channels.pigeon.channel").SENT
    assert sent == [("Loft 4", "Water rises at Northgate")]
    row = Delivery.objects.get(message=message)
    assert (row.channel, row.state, row.gateway_id) == ("pigeon", "sent", "pigeon-1")


@pytest.mark.parametrize(
    ("kind", "value", "stored"),
    [
        ("mail", " Anna@Example.org ", "anna@example.org"),
        ("mail", "anna", None),
        ("sms", "+1 500 555-0101", "+15005550101"),
        ("sms", "5550101", None),
        ("sms", "+1500555010a", None),
        ("bulletin", " Notice  board ", "Notice board"),
        ("bulletin", " ", None),
    ],
)
def test_addresses_are_checked_by_their_channel(kind: str, value: str, stored: str | None) -> None:
    if stored is None:
        with pytest.raises(Refused) as refused:
            channels.get(kind).check(value)
        assert refused.value.problems[0].code == "NOTIFY-002"
    else:
        assert channels.get(kind).check(value) == stored


def test_addresses_are_masked_for_others() -> None:
    assert channels.get("mail").mask("anna@example.org") == "…@example.org"
    assert channels.get("sms").mask("+15005550101") == "+150…01"


@pytest.mark.req("R11.22")
def test_the_last_bytes_follow_their_note_at_once_or_are_not_noted() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.settimeout(0.2)
        noted: list[float | None] = []
        channels.last_bytes(ours, b".\r\n", lambda: noted.append(ours.gettimeout()))
        assert (theirs.recv(10), noted, ours.gettimeout()) == (b".\r\n", [None], 0.2)
        ours.settimeout(0)
        with contextlib.suppress(BlockingIOError):  # until nothing fits any more
            while True:
                ours.send(b"x" * 4096)
        ours.settimeout(0.2)
        with pytest.raises(TimeoutError):
            channels.last_bytes(ours, b".\r\n", lambda: noted.append(None))
        assert (len(noted), ours.gettimeout()) == (1, 0.2)
