"""A pasted message, without scripts and with them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from browsing import Visit, axe
from playwright.sync_api import expect

MESSAGE = "[01/10/2025, 06:12] Jean Baptiste: Wanament 3/9: antre 987654, soti 12, depòte 26, kabrit 9"


@pytest.mark.req("R2.6")
def test_a_message_is_pasted_confirmed_and_copied_back(visit: Callable[..., Visit]) -> None:
    one = visit("duty", size="phone", language="en", javascript=False, fresh=True)
    one.open("/counts/")
    one.page.get_by_role("link", name="Paste a message").first.click()
    one.page.get_by_label("The message", exact=True).fill(MESSAGE)
    one.page.get_by_role("button", name="Read the message").click()

    expect(one.page.locator(".pasted mark")).to_contain_text("kabrit 9")
    assert "Jean" not in one.page.content()
    rows = one.page.locator("table.drafts tbody tr")
    expect(rows).to_have_count(3)
    for box in one.page.locator("table.drafts th input[type=checkbox]").all():
        box.check()
    one.page.get_by_role("button", name="Save the ticked figures").click()

    expect(one.page.get_by_role("alert")).to_contain_text("Nothing is stored yet")
    one.page.get_by_label("Yes, 987654 is right").check()
    if one.page.get_by_label("Yes, 12 is right").count():
        one.page.get_by_label("Yes, 12 is right").check()
    if one.page.get_by_label("Yes, 26 is right").count():
        one.page.get_by_label("Yes, 26 is right").check()
    one.page.get_by_role("button", name="Save the ticked figures").click()
    expect(one.page.get_by_role("heading", level=1)).to_have_text("3 counts stored")
    text = one.page.locator("pre.pasted", has_text="987654").inner_text()

    again = visit("duty", language="en")
    again.open("/counts/paste/")
    again.page.get_by_label("The message", exact=True).fill(text)
    again.page.get_by_role("button", name="Read the message").click()
    expect(again.page.locator(".pasted mark")).to_have_count(0)
    assert axe(again.page) == []
    assert (one.complaints, one.outside, again.complaints) == ([], [], [])
