"""By hand from a verified signal to an alert that was called off, as the guide says it, by people of the demonstration.

The duty officer writes, the approver approves, the chief of a post does his task, a partner answers from a mail that a
real mail server received. All through pages, in a copy of the demonstration that no other test looks at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from browsing import Demo, Visit, apart, axe, entered, free_port
from notify.sending import Sink
from playwright.sync_api import expect

Start = Callable[..., Visit]
CROSSING = "HT-BCP-OUA"
CHIEF, PARTNER = "chef.ouanaminthe@example.org", "partenaire@example.org"


@dataclass
class Walk:
    """A copy of the demonstration with a server of its own, and the mails that came out of it."""

    demo: Demo
    mails: Sink

    def to(self, address: str, about: str) -> list[Any]:
        """The mails that `address` got about something: the words stand in the subject or in the text."""
        return [mail for to, mail in self.mails.got if to == address and about in f"{mail['Subject']}\n{_text(mail)}"]

    def link(self, address: str, about: str) -> str:
        """By which `address` answers the last mail about something."""
        text = _text(self.to(address, about)[-1])
        found = re.search(r"http://localhost:\d+(/n/[0-9a-f]+/)\s", text)
        assert found, text
        return found[1]


def _text(mail: Any) -> str:
    return str(mail.get_body(("plain",)).get_content())


@pytest.fixture(scope="module")
def walk(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    home = tmp_path_factory.mktemp("walk") / "home"
    sink, port = Sink(), free_port()
    server = Controller(sink, hostname="127.0.0.1", port=port)
    server.start()
    try:
        with apart(demo, home, PASAJ_SMTP_HOST="127.0.0.1", PASAJ_SMTP_PORT=str(port)) as own:
            yield Walk(own, sink)
    finally:
        server.stop()


@pytest.fixture
def go(visit: Start, walk: Walk) -> Start:
    """A visit of one of the people in the copy."""

    return partial(entered, visit, walk.demo)


@pytest.mark.req("R1.7")
@pytest.mark.req("R1.8")
@pytest.mark.req("R2.5")
@pytest.mark.req("R11.47")
@pytest.mark.req("R11.53")
def test_from_a_verified_signal_to_an_alert_that_was_called_off(go: Start, walk: Walk) -> None:
    duty, approver, chief = go("duty"), go("approver", size="phone"), go("chief", size="phone")
    alert = _alert_goes_out(duty, approver)
    _partner_answers_from_the_mail(duty, walk, alert)
    activation = _plan_is_activated(duty, alert)
    _chief_does_the_task(chief, walk, activation)
    _officer_works_the_board(duty, activation)
    _sitrep_is_sent(duty, approver, walk, alert)
    _alert_is_called_off(duty, approver, walk, alert)
    _activation_is_stood_down(duty, activation)
    for one in (duty, approver, chief):
        assert (one.complaints, one.outside) == ([], [])


def _clean(one: Visit) -> None:
    assert axe(one.page) == [], one.here


def _alert_goes_out(duty: Visit, approver: Visit) -> str:
    """Drafted from the signal as an exercise; approved on a telephone by the second person, who was asked there."""
    duty.open(f"/signals/?state=verified&crossing={CROSSING}&measure=returns")
    duty.page.locator("tbody a.code").first.click()
    duty.follow("Draft an alert")
    duty.page.check("input[name=hazard][value=urgent_reception]")
    duty.page.check("#mode_exercise")
    duty.press("Draft it")
    duty.page.wait_for_url("**/edit/")
    identifier = duty.here.split("/")[3]
    code = identifier.rpartition("-")[0]
    duty.press("Save and submit")
    duty.page.wait_for_url("**/submit/")
    _clean(duty)
    duty.press("Submit for approval")
    duty.page.wait_for_url(f"**/alerts/{code}/")
    # Who wrote it may not approve it, and is told so.
    assert duty.page.locator("main a", has_text="Approve or send back").count() == 0
    _approve(approver, code, "Immediate")
    return code


def _approve(approver: Visit, code: str, shown: str) -> None:
    """From the board, where it says that it waits."""
    approver.open("/response/")
    approver.page.locator("main a[href*='/decide/']").filter(has_text=code).or_(
        approver.page.locator(f"main a[href*='/messages/{code}-'][href$='/decide/']")
    ).first.click()
    expect(approver.page.locator("main")).to_contain_text(shown)
    _clean(approver)
    approver.page.click("button[value=yes]")
    approver.page.wait_for_url(f"**/alerts/{code}/")


def _partner_answers_from_the_mail(duty: Visit, walk: Walk, alert: str) -> None:
    """Nobody signs in: the link of the mail that arrived leads to one button."""
    _wait(duty, lambda: bool(walk.to(PARTNER, alert)), walk)
    reader = duty.context.browser.new_context(viewport={"width": 390, "height": 844})
    try:
        page = reader.new_page()
        page.goto(walk.demo.url + walk.link(PARTNER, alert))
        page.locator("main", has_text="EXERCICE").wait_for()
        assert axe(page) == []
        page.click("main button[type=submit]")
        page.locator(".notice-good").wait_for()
    finally:
        reader.close()
    duty.open(f"/response/alerts/{alert}/")
    row = duty.page.locator("tr", has_text="Support Group for Returnees")
    assert row.locator("[data-label=Acknowledged]").inner_text() == "2"  # mail and telephone of the same desk


def _plan_is_activated(duty: Visit, alert: str) -> str:
    duty.open(f"/response/alerts/{alert}/")
    duty.follow("Activate a plan")
    duty.page.select_option("#id_level", "yellow")
    duty.page.fill("#id_reason", "The count of the evening is three times the usual one.")
    _clean(duty)
    duty.press("Activate the plan")
    duty.page.wait_for_url("**/activations/**")
    return duty.here.split("/")[3]


def _chief_does_the_task(chief: Visit, walk: Walk, activation: str) -> None:
    """Told by mail, acknowledged by its link; done on the page of the chief's own tasks."""
    _wait(chief, lambda: bool(walk.to(CHIEF, activation)), walk)
    chief.page.goto(walk.demo.url + walk.link(CHIEF, activation))
    chief.page.click("main button[type=submit]")
    chief.page.locator(".notice-good").wait_for()
    chief.open("/response/tasks/")
    line = chief.page.locator("li.item", has_text=activation)
    _wait(chief, lambda: "Acknowledged" in line.inner_text(), walk, again=True)
    _clean(chief)
    line.get_by_role("button", name="Done").click()
    expect(chief.page.locator("li.item", has_text=activation)).to_have_count(0)


def _officer_works_the_board(duty: Visit, activation: str) -> None:
    duty.open(f"/response/activations/{activation}/")
    lane = duty.page.locator("section", has=duty.page.locator("#lane-ONM"))
    lane.get_by_role("button", name="Acknowledge").click()
    expect(duty.page.locator("section:has(#lane-ONM) li.item")).to_contain_text("Acknowledged")
    duty.page.locator("section:has(#lane-ONM)").get_by_role("button", name="Done").click()
    expect(duty.page.locator("section:has(#lane-ONM) li.item")).to_contain_text("done")
    duty.page.locator("section:has(#lane-IBESR) a.item-place").click()
    duty.page.fill("#id_note", "No place for the night until tomorrow.")
    duty.press("Cannot be done now")
    expect(duty.page.locator(".lead .status").first).to_have_text("blocked")
    duty.open(f"/response/activations/{activation}/")
    tallies = dict(
        zip(*(duty.page.locator(f".tallies {part}").all_inner_texts() for part in ("span", "b")), strict=True)
    )
    assert {name: tallies[name] for name in ("blocked", "done")} == {"blocked": "1", "done": "2"}


def _sitrep_is_sent(duty: Visit, approver: Visit, walk: Walk, alert: str) -> None:
    duty.open("/response/sitreps/")
    duty.follow("New situation report")
    duty.page.select_option("#id_mode", "exercise")
    duty.press("Draft it")
    duty.page.wait_for_url(re.compile(r"/response/sitreps/SR-[\d-]+/edit"))
    code = duty.here.split("/")[3]
    expect(duty.page.locator("main")).to_contain_text(alert)
    duty.page.fill("#id_next", "- Count again at 18:00.")
    duty.press("Save")
    duty.open(f"/response/sitreps/{code}/")
    _clean(duty)
    duty.press("Submit for approval")
    approver.open(f"/response/sitreps/{code}/")
    approver.press("Approve")
    duty.open(f"/response/sitreps/{code}/")
    duty.follow("Send")
    duty.page.locator("input[name=edition][value=share]").check()
    duty.page.locator("input[name=institutions][value=GARR]").check()
    duty.press("Show who would get it")
    assert duty.page.locator("h2:has-text('Who would get it') + ul li").count() == 1
    duty.press("Send it")
    duty.page.wait_for_url(f"**/sitreps/{code}/")
    _wait(duty, lambda: bool(walk.to(PARTNER, code)), walk)
    (mail,) = walk.to(PARTNER, code)
    assert [one.get_content_type() for one in mail.iter_attachments()] == ["application/pdf"]


def _alert_is_called_off(duty: Visit, approver: Visit, walk: Walk, alert: str) -> None:
    duty.open(f"/response/alerts/{alert}/")
    duty.follow("Call off")
    duty.page.fill("#id_reason", "The count was of two days.")
    _clean(duty)
    duty.page.click("main .btn-danger")
    duty.page.wait_for_url(f"**/alerts/{alert}/")
    before = walk.mails.to.count(PARTNER)
    _approve(approver, alert, "The count was of two days.")
    duty.open(f"/response/alerts/{alert}/")
    assert duty.page.locator(".lead .status").first.inner_text() == "Called off"
    _wait(duty, lambda: walk.mails.to.count(PARTNER) == before + 1, walk)


def _activation_is_stood_down(duty: Visit, activation: str) -> None:
    """What was blocked is dropped with the reason; the review opens, and the morning has nothing at work of it."""
    duty.open(f"/response/activations/{activation}/")
    expect(duty.page.locator("main")).to_contain_text("Its alert is not in force any more")
    duty.follow("Level, end, stand down")
    duty.page.locator("summary", has_text="Stand it down").click()
    form = duty.page.locator("form:has(input[value=stand_down])")
    form.locator("textarea").fill("The alert was called off.")
    form.get_by_role("button", name="Stand down").click()
    duty.page.wait_for_url(f"**/activations/{activation}/**")
    duty.open(f"/response/activations/{activation}/review/")
    _clean(duty)
    duty.open("/")
    assert duty.page.locator("main", has_text=activation).count() == 0


def _wait(one: Visit, come: Callable[[], bool], walk: Walk, again: bool = False) -> None:
    """Until the worker has done it: half a minute at most; `again`: the page is read anew each time."""
    for _second in range(60):
        if come():
            return
        one.page.wait_for_timeout(500)
        if again:
            one.page.reload()
    raise AssertionError([(to, str(mail["Subject"])) for to, mail in walk.mails.got])


def test_the_copy_is_no_link_to_the_shared_home(walk: Walk, demo: Demo) -> None:
    assert walk.demo.home != demo.home
    assert Path(walk.demo.home / "pasaj.sqlite3").stat().st_ino != (demo.home / "pasaj.sqlite3").stat().st_ino
