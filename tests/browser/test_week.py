"""A week from paper, by keyboard and on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from browsing import Visit, axe
from playwright.sync_api import expect

PAGE = "/crossings/HT-BCP-OUA/week/2025-W36/?source=DIE-REG"


@pytest.mark.req("R2.14")
def test_the_tab_key_goes_down_a_day_and_a_save_keeps_the_week(visit: Callable[..., Visit]) -> None:
    one = visit("duty", language="en")
    one.open(PAGE)
    boxes = one.page.locator(".week input.form-control")
    names = [box.get_attribute("id") for box in boxes.all()]
    first = [name for name in names if name and name.endswith("2025-09-01")]
    assert names[: len(first)] == first
    one.page.locator(f"#{first[0]}").focus()
    one.page.keyboard.press("Tab")
    expect(one.page.locator(f"#{first[1]}")).to_be_focused()
    tops = [box.bounding_box()["y"] for box in boxes.all() if (box.get_attribute("id") or "").startswith("v-entries")]
    assert len(set(tops)) == 1  # a measure is one row

    one.page.fill("#v-asylum_referrals-total-2025-09-02", "x")
    one.page.get_by_role("button", name="Save the week").click()
    expect(one.page.get_by_text("1 count stored.")).to_be_visible()
    assert one.page.input_value("#v-asylum_referrals-total-2025-09-02") == "x"
    assert (axe(one.page), one.complaints) == ([], [])


def test_on_a_phone_one_day_stands_after_another(visit: Callable[..., Visit]) -> None:
    one = visit("duty", size="phone", language="en")
    one.open(PAGE)
    monday, tuesday = (one.page.locator(f"#day-2025-09-{day}").bounding_box() for day in ("01", "02"))
    assert monday is not None
    assert tuesday is not None
    assert (monday["x"], monday["y"] < tuesday["y"]) == (tuesday["x"], True)
    width = one.page.evaluate("document.documentElement.scrollWidth")
    assert width == 390
