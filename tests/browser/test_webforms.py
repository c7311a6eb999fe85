"""Filling a form in a real browser: with network, without it, across closing the browser, and by file."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from browsing import CHROMIUM, FLAGS, SIZES, Demo, Line, Visit, axe, outside
from playwright.sync_api import expect

HERE = Path(__file__).parent
FORM = "browser_round"
FILL = f"/collect/forms/{FORM}/fill/"
OUTBOX = "/collect/outbox/"
# What the browser itself says of addresses that do not answer while the line is cut, or before somebody signs in.
CUT = re.compile(r"net::ERR_(CONNECTION|INTERNET|NETWORK|FAILED|EMPTY|SOCKET)|status of 401 ")
PUBLISH = """
import django, hashlib, sys
django.setup()
from django.utils import timezone
from pasaj.collect.models import Form, FormDefinition, FormVersion
now, xml = timezone.now(), open(sys.argv[1], "rb").read()
names = {"fr": "Relevé du jour", "ht": "Relve jounen an", "en": "Daily round", "es": "Ronda diaria"}
form = Form.objects.create(form_id=sys.argv[2], names=names, created_at=now)
version = FormVersion.objects.create(
    form=form, version="1", number=1, state="published", created_at=now, published_at=now
)
md5, sha256 = hashlib.md5(xml).hexdigest(), hashlib.sha256(xml).hexdigest()
FormDefinition.objects.create(version=version, xml=xml, md5=md5, sha256=sha256)
"""

GIVE_KEY = """
import django, sys
django.setup()
from django.utils import timezone
from pasaj.access.models import Account
from pasaj.collect.services import phones
from pasaj.registry import queries
wanted = phones.Wanted(name="Browser", form=sys.argv[1], language="en")
actor = queries.actor_for(Account.objects.get(email="permanence@example.org"))
print(phones.add(wanted=wanted, actor=actor, now=timezone.now())[1])
"""


@pytest.fixture(scope="session")
def published(demo: Demo) -> Demo:
    """The demonstration with one form more, to be filled here."""
    seed(demo, PUBLISH, str(HERE / "round.xml"), FORM)
    return demo


def seed(demo: Demo, script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PASAJ_HOME": str(demo.home), "DJANGO_SETTINGS_MODULE": "pasaj.site.settings"}
    env.pop("PASAJ_DATABASE_URL", None)
    command = [sys.executable, "-c", script, *arguments]
    made = subprocess.run(command, env=env, capture_output=True, text=True, timeout=120)
    assert made.returncode == 0, made.stderr
    return made


def stored(demo: Demo) -> dict[str, list[str]]:
    """instanceID -> names of its files, as the server has them."""
    with sqlite3.connect(f"file:{demo.home / 'pasaj.sqlite3'}?mode=ro", uri=True) as database:
        found: dict[str, list[str]] = {
            one: [] for (one,) in database.execute("SELECT instance_id FROM collect_submissionversion")
        }
        for instance, name in database.execute(
            "SELECT v.instance_id, a.name FROM collect_attachment a JOIN collect_submissionversion v"
            " ON v.id = a.version_id WHERE a.path != '' ORDER BY a.name"
        ):
            found[instance].append(name)
    return found


@dataclass
class Device:
    """One browser with a disk of its own, behind a line that can be cut; it can be closed and opened again."""

    launch: Callable[[], Any]
    demo: Demo
    line: Line
    context: Any = None
    page: Any = None
    unplugged: bool = False
    complaints: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def open(self) -> None:
        self.context, self.unplugged = self.launch(), False
        self.context.set_default_timeout(20_000)
        self.page = self.context.pages[0]
        self.page.on("console", lambda said: said.type == "error" and self.complain(said.text))
        self.page.on("pageerror", lambda error: self.complain(str(error)))
        self.page.on("request", lambda sent: outside(sent.url, self.url) and self.outside.append(sent.url))

    def complain(self, text: str) -> None:
        if not CUT.search(text):
            self.complaints.append(text)

    def close(self) -> None:
        self.context.close()

    def cut(self) -> None:
        """The server is gone for pages and workers alike, and the browser is told so."""
        self.line.cut()
        self.unplug()

    def unplug(self) -> None:
        """Tell the browser that there is no network."""
        self.context.set_offline(True)
        self.unplugged = True

    def mend(self) -> None:
        self.line.open()
        self.context.set_offline(False)
        self.unplugged = False

    @property
    def url(self) -> str:
        return f"http://localhost:{self.line.port}"

    def go(self, path: str) -> None:
        self.page.goto(self.url + path)
        if self.unplugged:  # a new page believes in the network until it is told that this has changed
            self.context.set_offline(False)
            self.unplug()

    def sign_in(self, role: str = "duty") -> None:
        email, password = self.demo.logins[role]
        self.go("/account/login/?next=/account/")
        self.page.fill("input[name=login]", email)
        self.page.fill("input[name=password]", password)
        self.page.click("main button[type=submit]")
        self.page.wait_for_url(lambda address: "/account/login" not in address)
        self.context.add_cookies([{"name": "language", "value": "en", "url": self.url}])

    def question(self, label: str) -> Any:
        return self.page.locator(".question-container", has_text=label).first.locator("input, textarea").first

    def open_form(self, address: str = FILL) -> None:
        self.go(address)
        self.page.locator(".question-container").first.wait_for()

    def fill(self, place: str, entries: int) -> None:
        self.question("Place").fill(place)
        self.question("Entries").press_sequentially(str(entries))
        self.question("Entries").blur()

    def send(self) -> None:
        self.page.locator("#form .footer button").click()

    def says(self, tone: str) -> str:
        said = self.page.locator(f"#forms-said .notice-{tone}")
        said.wait_for()
        return str(said.inner_text())

    def drafted(self) -> str:
        """Waits until the draft is kept; its instanceID."""
        self.page.wait_for_url(lambda address: "?draft=" in address)
        return str(self.page.evaluate("new URLSearchParams(location.search).get('draft')"))

    def kept_offline(self) -> None:
        self.page.locator("#offline-state", has_text="also opens without network").wait_for()

    def records(self) -> dict[str, str]:
        """instanceID -> state, as the outbox shows them."""
        rows = self.page.locator("#records tr").evaluate_all(
            "rows => rows.map(row => [row.dataset.id, row.dataset.state])"
        )
        return dict(rows)

    def in_state(self, state: str) -> str:
        row = self.page.locator(f"#records tr[data-state={state}]").first
        row.wait_for()
        return str(row.get_attribute("data-id"))


@pytest.fixture
def device(browser: Any, published: Demo, tmp_path: Path) -> Iterator[Device]:
    """Each test ends with nothing asked of another server and nothing to complain about, the policy included."""
    line = Line(int(published.url.rsplit(":", 1)[1]))

    def launch() -> Any:
        width, height = SIZES["phone"]
        return browser.browser_type.launch_persistent_context(
            tmp_path / "profile",
            executable_path=str(CHROMIUM),
            headless=True,
            args=FLAGS,
            viewport={"width": width, "height": height},
            accept_downloads=True,
        )

    one = Device(launch, published, line)
    one.open()
    yield one
    one.close()
    line.cut()
    assert one.complaints == []
    assert one.outside == []


def test_a_form_is_checked_sent_and_receipted(device: Device, tmp_path: Path) -> None:
    device.sign_in()
    device.open_form()
    device.send()
    assert device.page.locator(".form-error-message").inner_text() == "2 questions with errors."
    device.fill("Northgate", 40)
    device.question("Returns").press_sequentially("10")
    device.question("Returns").blur()
    device.page.locator(".question-container", has_text="Balance: 30").wait_for()
    device.page.locator("label.value-option", has_text="Yes").click()
    device.question("What?").fill("A crowd")
    picture = tmp_path / "picture.png"
    device.page.screenshot(path=str(picture))
    device.page.set_input_files("#form input[type=file]", picture)
    device.page.locator(".preview-captured-image").wait_for()
    instance = device.drafted()
    before = stored(device.demo)
    device.send()
    assert re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", device.says("good"))
    after = stored(device.demo)
    assert after.keys() - before.keys() == {instance}
    assert [Path(name).suffix for name in after[instance]] == [".png"]
    assert device.question("Place").input_value() == ""
    device.go(OUTBOX)
    assert device.in_state("sent") == instance
    device.page.locator("#records button", has_text="Ask for the receipt").click()
    assert device.says("good").startswith("The server has it. Receipt ")


def test_a_draft_comes_back_after_the_browser_was_closed(device: Device, tmp_path: Path) -> None:
    device.sign_in()
    device.open_form()
    device.fill("Southgate", 12)
    device.page.locator("label.value-option", has_text="Yes").click()
    device.question("What?").fill("A queue")
    device.page.locator(".button-add-instance").click()
    device.page.locator(".question-container", has_text="Seats").nth(1).locator("input").press_sequentially("6")
    picture = tmp_path / "picture.png"
    device.page.screenshot(path=str(picture))
    device.page.set_input_files("#form input[type=file]", picture)
    device.page.locator(".preview-captured-image").wait_for()
    instance = device.drafted()
    device.page.wait_for_timeout(1_500)  # the last touch is written a moment later
    device.close()
    device.open()
    device.sign_in()
    device.open_form()
    assert device.question("Place").input_value() == ""
    device.page.locator("#form-drafts a").click()
    device.page.locator(".preview-captured-image").wait_for()
    assert device.question("Place").input_value() == "Southgate"
    assert device.question("Entries").input_value() == "12"
    assert device.question("What?").input_value() == "A queue"
    seats = device.page.locator(".question-container", has_text="Seats")
    assert [seats.nth(at).locator("input").input_value() for at in range(seats.count())] == ["", "6"]
    assert device.drafted() == instance
    device.send()
    device.says("good")
    assert len(stored(device.demo)[instance]) == 1
    device.go(OUTBOX)
    assert device.in_state("sent") == instance
    assert device.records() == {instance: "sent"}


def test_without_network_it_waits_and_is_sent_exactly_once(device: Device) -> None:
    device.sign_in()
    device.open_form()
    device.kept_offline()
    device.cut()
    device.page.reload()
    device.page.locator(".question-container").first.wait_for()
    device.fill("Hill town", 7)
    instance = device.drafted()
    device.send()
    assert device.says("warn") == "Kept in this browser. It is sent as soon as there is a network."
    device.close()
    device.open()
    device.unplug()
    device.go(OUTBOX)
    assert device.in_state("waiting") == instance
    expect(device.page.locator("#network")).to_have_text("There is no network.")  # the page hears of it a moment later
    device.open_form()  # the form opens without network after the browser was closed, too
    assert instance not in stored(device.demo)
    device.mend()
    device.sign_in()
    device.go(OUTBOX)
    assert device.in_state("sent") == instance
    second = device.context.new_page()  # two tabs send the same outbox
    second.goto(device.url + OUTBOX)
    second.locator("#records tr[data-state=sent]").wait_for()
    second.close()
    with sqlite3.connect(f"file:{device.demo.home / 'pasaj.sqlite3'}?mode=ro", uri=True) as database:
        sums = database.execute(
            "SELECT count(*), count(DISTINCT s.id) FROM collect_submission s JOIN collect_submissionversion v"
            " ON v.submission_id = s.id WHERE s.instance_id = ?",
            [instance],
        )
        assert sums.fetchone() == (1, 1)


def test_an_outbox_travels_as_a_file(device: Device, tmp_path: Path) -> None:
    device.sign_in()
    device.open_form()
    device.kept_offline()
    device.cut()
    device.fill("Carried", 3)
    instance = device.drafted()
    device.send()
    device.says("warn")
    device.go(OUTBOX)
    with device.page.expect_download() as saved:
        device.page.click("#export")
    carried = tmp_path / "carried.json"
    saved.value.save_as(carried)
    held = json.loads(carried.read_text(encoding="utf-8"))
    assert [(one["instanceID"], one["state"]) for one in held["records"]] == [(instance, "waiting")]
    device.page.locator("#records button", has_text="Delete").click()
    device.page.locator("#records button", has_text="Yes, delete").click()
    device.page.locator("#records-none").wait_for()
    device.page.set_input_files("#import", carried)
    assert device.says("good") == "Taken from the file: 1. Here already: 0."
    assert device.in_state("waiting") == instance
    device.page.set_input_files("#import", HERE / "round.xml")
    assert device.says("bad") == "This file does not hold forms saved from an outbox."
    device.mend()
    assert device.in_state("sent") == instance
    device.page.set_input_files("#import", carried)
    assert device.says("good") == "Taken from the file: 0. Here already: 1."
    assert device.records() == {instance: "sent"}
    assert instance in stored(device.demo)


def test_what_the_server_refuses_stands_alone_and_can_be_deleted(device: Device, tmp_path: Path) -> None:
    """One stuck record neither blocks the others nor stays for ever."""
    device.sign_in()
    device.go(OUTBOX)
    xml = (
        '<data id="{}" version="1"><place>X</place><entries>1</entries><meta><instanceID>{}</instanceID></meta></data>'
    )
    stuck, good = "uuid:6f0f5c0e-0000-4000-8000-00000000000a", "uuid:6f0f5c0e-0000-4000-8000-00000000000b"
    moment = "2026-01-01T00:00:00.000Z"
    record = {"title": "T", "version": "1", "state": "waiting", "started": moment, "files": []}
    records = [
        {**record, "instanceID": stuck, "form": "unknown", "saved": moment, "xml": xml.format("unknown", stuck)},
        {**record, "instanceID": good, "form": FORM, "saved": moment, "xml": xml.format(FORM, good)},
    ]
    carried = tmp_path / "carried.json"
    carried.write_text(json.dumps({"format": "pasaj-forms", "version": 1, "records": records}), encoding="utf-8")
    device.page.set_input_files("#import", carried)
    device.says("good")
    device.page.click("#send-now")
    assert device.in_state("sent") == good
    assert device.in_state("refused") == stuck
    assert device.complaints == ["Failed to load resource: the server responded with a status of 404 (Not Found)"]
    device.complaints.clear()
    device.page.locator(f'tr[data-id="{stuck}"] button', has_text="Delete").click()
    device.page.locator("#records button", has_text="No").click()
    device.page.locator(f'tr[data-id="{stuck}"] button', has_text="Delete").click()
    device.page.locator("#records button", has_text="Yes, delete").click()
    device.page.locator(f'tr[data-id="{stuck}"]').wait_for(state="detached")
    assert device.records() == {good: "sent"}


def test_what_somebody_else_filled_here_is_neither_shown_nor_sent(device: Device) -> None:
    device.sign_in()
    device.open_form()
    device.kept_offline()
    device.cut()
    device.fill("Not yours", 3)
    instance = device.drafted()
    device.send()
    device.says("warn")
    device.context.clear_cookies()
    device.mend()
    device.sign_in("admin")
    device.go(OUTBOX)
    device.page.locator("#records-none").wait_for()
    assert device.page.locator("#records-foreign").inner_text() == "Of others who use this browser: 1."
    assert instance not in stored(device.demo)


def test_a_key_is_enough(device: Device, published: Demo) -> None:
    """Without an account: filled with network and without, sent under the key, by one device."""
    made = seed(published, GIVE_KEY, FORM)
    token = made.stdout.strip()
    device.open_form(f"/key/{token}/fill/{FORM}/")
    device.kept_offline()
    device.cut()
    device.page.reload()
    device.page.locator(".question-container").first.wait_for()
    device.fill("By key", 5)
    instance = device.drafted()
    device.send()
    device.says("warn")
    device.mend()
    device.go(f"/key/{token}/outbox/")
    assert device.in_state("sent") == instance
    device.page.locator("#records button", has_text="Ask for the receipt").click()
    assert device.says("good").startswith("The server has it. Receipt ")
    with sqlite3.connect(f"file:{device.demo.home / 'pasaj.sqlite3'}?mode=ro", uri=True) as database:
        rows = database.execute(
            "SELECT s.via, s.state, d.state FROM collect_submission s JOIN collect_device d ON d.id = s.device_id"
            " WHERE s.instance_id = ?",
            [instance],
        )
        assert rows.fetchall() == [("key", "received", "confirmed")]


@pytest.mark.parametrize(
    ("language", "send", "needed", "position"),
    [
        ("fr", "Envoyer", "Une réponse est nécessaire.", "Relever la position"),
        ("ht", "Voye", "Fòk gen yon repons.", "Pran pozisyon an"),
        ("en", "Send", "Condition not satisfied: required", "Get location"),
        ("es", "Enviar", "Se necesita una respuesta.", "Obtener la ubicación"),
    ],
)
def test_it_speaks_the_language_of_the_page(
    visit: Callable[..., Visit], published: Demo, language: str, send: str, needed: str, position: str
) -> None:
    one = visit("duty", size="phone", language=language)
    one.open(FILL)
    button = one.page.locator("#form .footer button")
    button.wait_for()
    assert button.inner_text() == send
    assert one.page.locator(".get-location-button").inner_text() == position
    button.click()
    assert one.page.locator(".validation-message").first.inner_text() == needed
    assert one.page.evaluate("document.documentElement.scrollWidth") == SIZES["phone"][0]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desk", "phone"])
def test_both_pages_can_be_used_by_all(visit: Callable[..., Visit], published: Demo, scheme: str, size: str) -> None:
    one = visit("duty", size=size, scheme=scheme, language="fr")
    one.open(FILL)
    one.page.locator("#form .footer button").click()
    one.page.locator(".form-error-message").wait_for()
    assert axe(one.page) == []
    one.page.locator(".question-container", has_text="Lieu").first.locator("input").fill("Ici")
    one.page.wait_for_url(lambda address: "?draft=" in address)
    one.open(OUTBOX)
    one.page.locator("#records tr").wait_for()
    assert axe(one.page) == []
    assert one.page.evaluate("document.documentElement.scrollWidth") == SIZES[size][0]
    assert one.complaints == []
    assert one.outside == []
