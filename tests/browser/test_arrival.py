"""A report of one's own in the demonstration: from the page of a phone to its receipt, the list and a figure."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from browsing import Demo, Visit, apart, axe, entered

COUNTS = {"Deported by the authorities": "41", "Returned by themselves": "12", "Refused at the line": "3"}


@pytest.mark.req("R2.2")
def test_a_report_from_the_page_of_a_phone_becomes_figures(
    demo: Demo, visit: Callable[..., Visit], tmp_path: Path
) -> None:
    # A key belongs to the first phone that opens a form with it: here nobody else has.
    with apart(demo, tmp_path / "home") as own:
        phone, duty = visit(size="phone", language="en"), entered(visit, own, "duty")
        phone.demo = own
        phone.open(own.key)
        assert phone.page.locator("tbody .origin-simulated").count() == phone.page.locator("tbody tr").count() == 6
        assert phone.page.locator("textarea").count() == 1  # the cell asks about one of them
        assert axe(phone.page) == []
        receipt = send(phone)
        duty.open("/collect/submissions/")
        row = duty.page.locator("tbody tr", has_text=receipt)
        assert row.locator(".origin-simulated").count() == 0
        row.locator("a.code").click()
        total = duty.page.locator("a[href^='/figures/']", has_text=".total.")
        for _second in range(60):  # the worker makes them
            if total.count():
                break
            duty.page.wait_for_timeout(1000)
            duty.page.reload()
        total.click()
        duty.page.locator("h1", has_text="56 persons").wait_for()
        assert duty.page.locator(".origin-simulated").count() == 0
        assert (phone.complaints, phone.outside, duty.complaints, duty.outside) == ([], [], [], [])


def send(phone: Visit) -> str:
    """Fill the daily count and send it. Returns the receipt."""
    page = phone.page
    page.locator("a[href*='/fill/daily_count/']").click()
    page.get_by_role("combobox", name="Crossing point").click()
    page.locator("[role=option]", has_text="Anse-à-Pitres").click()
    assert page.locator(".question-container", has_text="Day counted").locator("input").input_value() == "01/10/2025"
    page.locator("label.value-option", has_text="Reception register").click()
    page.locator("label.value-option", has_text="Yes, I have figures").click()
    for label, count in COUNTS.items():
        page.locator(".question-container", has_text=label).locator("input").press_sequentially(count)
    assert axe(page) == []
    page.locator("#form .footer button").click()
    told = page.locator("#forms-said .notice-good")
    told.wait_for()
    found = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", told.inner_text())
    assert found
    return found[0]
