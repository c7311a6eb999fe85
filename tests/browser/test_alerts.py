"""An alert from a verified signal to its cancellation, by two people, in a real browser; each page in every size."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable

import pytest
from browsing import Demo, Visit, look_thrice
from playwright.sync_api import expect

Start = Callable[..., Visit]
# A desk for each institution that a template names: where nobody is reached, nothing is submitted. A verified signal.
READY = """
import django
django.setup()
from django.utils import timezone
from pasaj.notify.models import Address, Contact, ContactRole
from pasaj.registry.models import Institution
from pasaj.watch.models import Signal
roles = list(ContactRole.objects.filter(retired_at=None).order_by("code").values_list("code", flat=True))
for at, institution in enumerate(Institution.objects.filter(retired_at=None).order_by("code")):
    for place, role in enumerate(roles):
        made = Contact.objects.create(
            code=f"CT-2099-{at * 50 + place:04d}", name=f"Desk {at}.{place}", institution=institution, role=role,
            language="fr", created_at=timezone.now(),
        )
        if not place:
            Address.objects.create(contact=made, channel="mail", value=f"desk{at}@example.org", exercise=True)
signals = Signal.objects.filter(state="verified", kind="capacity", crossing__official="yes").order_by("pk")
print(signals.values_list("code", flat=True).last())
"""


@pytest.fixture(scope="module")
def signal(demo: Demo) -> str:
    """The code of a verified signal at an official crossing; desks to tell exist."""
    env = {**os.environ, "PASAJ_HOME": str(demo.home), "DJANGO_SETTINGS_MODULE": "pasaj.site.settings"}
    env.pop("PASAJ_DATABASE_URL", None)
    made = subprocess.run([sys.executable, "-c", READY], env=env, capture_output=True, text=True, timeout=120)
    assert made.returncode == 0, made.stderr
    return made.stdout.split()[-1]


def seen(one: Visit) -> None:
    assert look_thrice(one) == [], one.here


@pytest.mark.req("R11.41")
@pytest.mark.req("R11.43")
@pytest.mark.req("R11.45")
@pytest.mark.req("R11.47")
def test_an_alert_from_a_signal_to_its_end(signal: str, visit: Start) -> None:
    duty, approver = visit("duty", language="en"), visit("approver", size="phone", scheme="dark", language="ht")
    code = _draft(duty, signal)
    _write(duty, code)
    _submit(duty, f"{code}-1")
    _approve(approver, f"{code}-1")
    duty.open(f"/response/alerts/{code}/")
    assert duty.page.locator(".lead .status").first.inner_text() == "Running"
    seen(duty)
    # An update: what is different is told to who approves it.
    duty.page.click("text=Update")
    seen(duty)
    duty.page.click("main button[type=submit]")
    duty.page.wait_for_url("**/edit/")
    duty.page.fill("#id_contact", "Duty room, day and night")
    duty.page.click("button[name=then][value=submit]")
    duty.page.wait_for_url("**/submit/")
    duty.page.click("button[name=decision]")
    duty.page.wait_for_url(f"**/alerts/{code}/")
    approver.open(f"/response/messages/{code}-2/decide/")
    assert approver.page.locator("ins").all_inner_texts() == ["Duty room, day and night"]
    _approve(approver, f"{code}-2")
    # The end: with a reason, and approved as everything else.
    duty.open(f"/response/alerts/{code}/cancel/")
    seen(duty)
    duty.page.fill("#id_reason", "The count was of two days.")
    duty.page.click("main .btn-danger")
    duty.page.wait_for_url(f"**/alerts/{code}/")
    _approve(approver, f"{code}-3")
    duty.open(f"/response/alerts/{code}/")
    assert duty.page.locator(".lead .status").first.inner_text() == "Called off"
    duty.open("/response/")
    assert duty.page.locator("tr", has_text=code).count() == 1
    seen(duty)


def _draft(duty: Visit, signal: str) -> str:
    duty.open(f"/signals/{signal}/")
    duty.page.click("text=Draft an alert")
    seen(duty)
    duty.page.locator("input[name=hazard]").first.check()
    duty.page.click("main button[type=submit]")
    duty.page.wait_for_url("**/edit/")
    return duty.here.split("/")[3].rpartition("-")[0]


def _write(duty: Visit, code: str) -> None:
    """The area is drawn on the map, the short text counted while it is typed; the list of communes is searched."""
    page = duty.page
    page.locator("#map[data-ready=yes]").wait_for()
    seen(duty)
    page.click("[data-draw-start]")
    page.locator("#map").scroll_into_view_if_needed()
    box = page.locator("#map").bounding_box()
    assert box is not None
    for x, y in ((0.35, 0.3), (0.6, 0.3), (0.6, 0.6)):
        page.mouse.click(box["x"] + box["width"] * x, box["y"] + box["height"] * y)
    expect(page.locator("#id_polygon")).to_have_value(re.compile(r"^[^\n]+\n[^\n]+\n[^\n]+$"))
    assert page.locator("[data-draw-count]").inner_text() == "3 of 100 points"
    page.click("[data-draw-clear]")
    assert page.input_value("#id_polygon") == ""
    kept = page.input_value("#id_short_en")
    page.fill("#id_short_en", "Hello")
    expect(page.locator("#count_en")).to_contain_text("5 characters")
    page.fill("#id_short_en", kept)
    page.click("button[name=then][value='']")
    page.locator(".notice-good").first.wait_for()
    duty.open(f"/response/messages/{code}-1/preview/")
    seen(duty)


def _submit(duty: Visit, identifier: str) -> None:
    duty.open(f"/response/messages/{identifier}/submit/")
    seen(duty)
    duty.page.click("button[name=decision]")
    duty.page.wait_for_url("**/alerts/**")


def _approve(approver: Visit, identifier: str) -> None:
    approver.open(f"/response/messages/{identifier}/decide/")
    # On a telephone the protection of people is in sight before anything is pressed.
    assert approver.page.locator(".protection").first.bounding_box()["y"] < 844
    seen(approver)
    approver.page.set_viewport_size({"width": 390, "height": 844})
    approver.page.click("button[value=yes]")
    approver.page.wait_for_url("**/alerts/**")


@pytest.mark.req("R11.43")
def test_without_scripts_an_alert_is_written_too(signal: str, visit: Start) -> None:
    one = visit("duty", language="en", javascript=False)
    one.open("/response/alerts/new/")
    one.page.locator("input[name=hazard]").first.check()
    one.page.check("#mode_exercise")
    one.page.click("main button[type=submit]")
    one.page.wait_for_url("**/edit/")
    assert one.page.locator(".exercise").count() == 1
    one.page.fill("#id_polygon", "19.55, -71.80\n19.55, -71.74\n19.50, -71.76")
    one.page.click("button[name=then][value='']")
    one.page.wait_for_load_state()
    assert one.page.input_value("#id_polygon").count("\n") == 2
    identifier = one.here.split("/")[3]
    one.open(f"/response/alerts/{identifier.rpartition('-')[0]}/discard/")
    one.page.fill("#id_reason", "Only tried out.")
    one.page.click("main .btn-danger")
    one.page.wait_for_url("**/alerts/**")


@pytest.mark.req("R11.48")
def test_a_public_alert_opens_to_everybody(signal: str, visit: Start) -> None:
    duty = visit("duty", language="en")
    duty.open(f"/response/alerts/new/?signal={signal}")
    duty.page.check("input[name=hazard][value=urgent_reception]")
    duty.page.check("#audience_public")
    duty.page.click("main button[type=submit]")
    duty.page.wait_for_url("**/edit/")
    identifier = duty.here.split("/")[3]
    _submit(duty, identifier)
    _approve(visit("approver", size="phone", language="fr"), identifier)
    code = identifier.rpartition("-")[0]
    sizes: list[int] = []
    one = visit(size="phone", scheme="dark")
    one.page.on("response", lambda answer: sizes.append(int(answer.headers.get("content-length", 0))))
    one.open(f"/a/{code}/")
    assert one.page.locator(".protection").count() == 4
    assert sum(sizes) < 150_000
    seen(one)
