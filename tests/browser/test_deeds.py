"""Pages of field collection that are there only after somebody did something: each in every size and scheme."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from browsing import Demo, Visit, look, look_thrice, run
from collect import workbooks

Start = Callable[..., Visit]
# A report that the chief of a post sent with the own account, and what the cell asks about it.
SEND = """
import django
django.setup()
from django.utils import timezone
from pasaj.access.models import Account
from pasaj.collect.models import FormVersion
from pasaj.collect.services import review, submissions
from pasaj.collect.services.submissions import Sender
from pasaj.registry import queries
now = queries.home().business_now(timezone.now())
chief, duty = (
    queries.actor_for(Account.objects.get(email=one))
    for one in ("chef.ouanaminthe@example.org", "permanence@example.org")
)
version = FormVersion.objects.get(form__form_id="daily_count", state="published")
xml = (
    f"<data id='daily_count' version='{version.version}'><crossing>HT-BCP-OUA</crossing><date>2025-09-02</date>"
    "<service>die</service><activity>none</activity><meta><instanceID>uuid:deed</instanceID></meta></data>"
)
told = submissions.receive(
    xml=xml.encode(), files=[], sender=Sender("web", account_id=chief.id), incomplete=False, actor=chief, now=now
)
from pasaj.collect.models import Submission
row = Submission.objects.get(receipt=told.receipt)
review.act(receipt=row.receipt, step="ask", seen=review.mark(row), text="Personne ce jour ?", actor=duty, now=now)
print(row.receipt)
"""


@pytest.fixture(scope="module")
def key(demo: Demo) -> str:
    """The address of a key, below that of the server."""
    made = run("app-user", "add", "Deeds", "--json", home=demo.home)
    assert made.returncode == 0, made.stderr
    return "/key/" + json.loads(made.stdout)["server_url"].rpartition("/key/")[2]


@pytest.fixture(scope="module")
def asked(demo: Demo) -> str:
    """The receipt of a chief's report that the cell has a question about."""
    env = {**os.environ, "PASAJ_HOME": str(demo.home), "DJANGO_SETTINGS_MODULE": "pasaj.site.settings"}
    env.pop("PASAJ_DATABASE_URL", None)
    made = subprocess.run([sys.executable, "-c", SEND], env=env, capture_output=True, text=True, timeout=120)
    assert made.returncode == 0, made.stderr
    return made.stdout.split()[-1]


def test_the_pages_of_a_key(key: str, visit: Start) -> None:
    one = visit()
    for path in ("/", "/outbox/"):
        one.open(key + path)
        assert look_thrice(one) == [], path
    one.open(f"{key}/fill/daily_count/")
    one.page.locator("#form .footer button").wait_for()
    assert look_thrice(one) == []


def test_a_key_is_given_and_ended(visit: Start) -> None:
    one = visit("duty", language="en")
    one.open("/collect/phones/new")
    one.page.locator("main button[type=submit]").click()
    one.page.locator("[aria-invalid=true], .invalid-feedback, .problems").first.wait_for()
    one.complaints.clear()  # the browser remarks that the form was answered with 422
    assert look_thrice(one) == []
    one.page.fill("#id_name", "Deeds of a browser")
    one.page.locator("main button[type=submit]").click()
    one.page.locator("img.qr").wait_for()
    assert look_thrice(one) == []
    one.open("/collect/phones/")
    one.page.locator("tr", has_text="Deeds of a browser").locator("a", has_text="Revoke").click()
    one.page.locator("main .btn-danger").wait_for()
    assert look_thrice(one) == []
    one.page.locator("main .btn-danger").click()
    row = one.page.locator("tr", has_text="Deeds of a browser")
    row.locator(".status", has_text="Revoked").wait_for()
    assert look(one) == []


def test_a_form_is_handed_in_and_refused(visit: Start, tmp_path: Path) -> None:
    file = tmp_path / "named.xlsx"
    file.write_bytes(workbooks.counts("1", workbooks.NAMED, form_id="deed"))
    one = visit("duty", language="en")
    one.open("/collect/form-uploads/new")
    one.page.set_input_files("input[type=file]", str(file))
    one.page.locator("main button[type=submit]").click()
    one.page.locator("a", has_text="To the form").wait_for(timeout=60_000)
    assert one.page.locator("p", has_text="The screening found something against publishing it").count() == 1
    assert look_thrice(one) == []
    one.page.locator("a", has_text="To the form").click()
    one.page.locator("h3", has_text="What the screening found").wait_for()
    assert look_thrice(one) == []


def test_a_report_is_looked_at_and_its_removal_asked_for(asked: str, visit: Start) -> None:
    one = visit("duty", language="en")
    one.open(f"/collect/submissions/{asked}/")
    assert look_thrice(one) == []
    one.page.click("button[value=note]")  # without a word: told on the same page
    one.page.locator("main .problems, main [role=alert]").first.wait_for()
    one.complaints.clear()
    assert look_thrice(one) == []
    one.open(f"/collect/submissions/{asked}/redact")
    assert look_thrice(one) == []
    one.page.fill("textarea", "It names a person.")
    one.page.locator("main .btn-danger").click()
    one.page.locator("button", has_text="Take the request back").wait_for()
    assert look_thrice(one) == []
    one.page.locator("button", has_text="Take the request back").click()
    one.page.locator("textarea").wait_for()


def test_who_sent_with_an_account_is_asked_and_answers(asked: str, visit: Start) -> None:
    one = visit("chief", language="en")
    one.open("/")
    one.page.locator("a", has_text="The cell asks about 1 of your reports").click()
    one.page.locator("textarea").wait_for()
    assert asked in one.page.locator("section.panel").inner_text()
    assert look_thrice(one) == []
    one.page.fill("textarea", "tel 509 3777 1234")
    one.page.locator("section.panel button[type=submit]").click()
    one.page.locator("text=COLLECT-065").wait_for()
    assert one.page.locator("textarea").input_value() == "tel 509 3777 1234"
    one.complaints.clear()
    assert look_thrice(one) == []
    one.page.fill("textarea", "Nobody: the gate was shut")
    one.page.locator("section.panel button[type=submit]").click()
    one.page.locator("p", has_text="Nobody: the gate was shut").wait_for()
    assert one.page.locator("textarea").count() == 0
    assert look_thrice(one) == []
