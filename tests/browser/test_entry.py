"""A post's chief on a phone, without scripts; and two people at the same figure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from browsing import Visit, axe
from playwright.sync_api import expect

TODAY = "/crossings/HT-BCP-OUA/counts/2025-10-01/"  # nothing is reported for it yet
EARLIER = "/crossings/HT-BCP-OUA/counts/2025-09-20/"


def on_a_phone(visit: Callable[..., Visit]) -> Visit:
    return visit("chief", size="phone", language="en", javascript=False, fresh=True)


def save(page: Any) -> None:
    page.get_by_role("button", name="Save the counts").click()


@pytest.mark.req("R2.1")
@pytest.mark.req("R6.2")
def test_a_chief_reports_the_day_and_confirms_what_is_far_out(visit: Callable[..., Visit]) -> None:
    one = on_a_phone(visit)
    one.open("/counts/")
    one.page.get_by_role("link", name="Ouanaminthe–Dajabón, Wed 1 Oct 2025").click()
    one.page.fill("#v-entries-total", "987654")  # far above the usual
    one.page.fill("#v-exits-total", "0")
    one.page.fill("#v-refusals-total", "7")
    save(one.page)

    expect(one.page.get_by_role("alert")).to_contain_text("Nothing is stored yet")
    expect(one.page.get_by_role("alert").get_by_role("link")).to_have_count(1)
    assert one.page.input_value("#v-refusals-total") == "7"
    one.page.get_by_label("Yes, 987654 is right").check()
    save(one.page)

    expect(one.page.get_by_role("heading", level=1)).to_have_text("3 counts stored")
    expect(one.page.get_by_text("Received. This page is your receipt.")).to_be_visible()
    rows = one.page.locator("tbody tr").all()
    values = {row.locator("th").inner_text(): row.locator("td").first.inner_text() for row in rows}
    assert values == {"Entries": "987,654", "Exits": "0", "Refusals of entry by our officers": "7"}

    one.page.get_by_role("link", name="Change these counts").click()
    assert one.page.input_value("#v-asylum_referrals-total") == ""  # left blank: not reported, not zero
    assert one.page.input_value("#v-exits-total") == "0"
    assert (one.complaints, one.outside) == ([], [])


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(visit: Callable[..., Visit]) -> None:
    one = visit("chief", size="phone", language="en")
    one.open("/crossings/HT-BCP-OUA/counts/2025-09-21/")
    typed = {"#v-entries-total": "-5", "#v-exits-total": "12 about", "#v-refusals-total": "4"}
    for field, text in typed.items():
        one.page.fill(field, text)
    one.page.fill("#note", "Power cut until noon")
    save(one.page)

    assert {field: one.page.input_value(field) for field in typed} == typed
    assert one.page.input_value("#note") == "Power cut until noon"
    for field in ("entries", "exits"):
        box = one.page.locator(f"#v-{field}-total")
        assert box.get_attribute("aria-invalid") == "true"
        assert f"v-{field}-total_error" in (box.get_attribute("aria-describedby") or "")
        expect(one.page.locator(f"#v-{field}-total_error")).to_be_visible()
    assert one.page.locator("#v-refusals-total").get_attribute("aria-invalid") is None
    expect(one.page.get_by_role("alert")).to_be_focused()
    one.page.get_by_role("alert").get_by_role("link").first.click()
    expect(one.page.locator("#v-entries-total")).to_be_focused()
    assert axe(one.page) == []


@pytest.mark.req("R6.1")
def test_of_two_who_correct_one_figure_the_second_sees_both_values(visit: Callable[..., Visit]) -> None:
    first, second = visit("chief", language="en"), visit("duty", language="en", size="phone")
    first.open(EARLIER)
    second.open(EARLIER + "?source=DIE-REG")
    stored = int(first.page.input_value("#v-refusals-total"))
    first.page.fill("#v-refusals-total", str(stored + 1))
    save(first.page)
    expect(first.page.get_by_role("heading", level=1)).to_have_text("1 count stored")
    assert axe(first.page) == []

    second.page.fill("#v-refusals-total", str(stored + 2))
    second.page.fill("#note", "Recounted at the post")
    save(second.page)
    line = second.page.locator(".field", has=second.page.locator("#v-refusals-total"))
    expect(line).to_contain_text(f"it is now {stored + 1}")
    expect(line).to_contain_text(f"You typed: {stored + 2}.")
    assert second.page.input_value("#v-refusals-total") == str(stored + 2)
    assert second.page.input_value("#note") == "Recounted at the post"
    expect(second.page.locator(".problems")).to_be_focused()
    assert axe(second.page) == []

    save(second.page)
    second.page.get_by_role("link", name="Refusals of entry by our officers").click()
    expect(second.page.get_by_role("heading", level=1)).to_contain_text(str(stored + 2))
    expect(second.page.locator("tbody tr")).to_have_count(3)  # the first report and both corrections
    assert second.complaints == []
