"""The duty officer's morning: three lists, the strip, the map; then signals, from first look to verdict."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Any

import pytest
from browsing import Visit, axe
from playwright.sync_api import expect


def colours(page: Any, selector: str) -> int:
    """How many different colours an element shows: a blank canvas has one."""
    picture = base64.b64encode(page.locator(selector).screenshot()).decode()
    found = page.evaluate(
        """async picture => {
            const image = new Image();
            image.src = "data:image/png;base64," + picture;
            await image.decode();
            const canvas = Object.assign(document.createElement("canvas"), {width: image.width, height: image.height});
            const context = canvas.getContext("2d");
            context.drawImage(image, 0, 0);
            return new Set(new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer)).size;
        }""",
        picture,
    )
    return int(found)


@pytest.mark.req("R2.3")
@pytest.mark.req("R9.8")
@pytest.mark.parametrize(("size", "scheme"), [("desk", "light"), ("phone", "dark")])
def test_one_page_says_who_reported_who_is_silent_and_what_is_unusual(
    visit: Callable[..., Visit], size: str, scheme: str
) -> None:
    one = visit("duty", size=size, scheme=scheme, language="en")
    one.open("/")
    expect(one.page.get_by_role("heading", level=1)).to_contain_text("1 crossing silent since Sunday")
    for title in ("Act now", "Ask", "Clear up"):
        section = one.page.locator("section", has=one.page.get_by_role("heading", name=title, exact=True))
        assert section.locator("li.item").count() > 0
        expect(section.locator(".count")).not_to_have_text("0")
    act = one.page.locator("section", has=one.page.get_by_role("heading", name="Act now")).locator("li.item").first
    expect(act.locator(".item-figures b")).to_have_text(r"17")
    expect(act).to_contain_text("0 to 16 expected")
    expect(act).to_contain_text("Simulated")
    assert one.page.locator(".strip tbody tr").count() == 6
    days = one.page.locator(".strip tbody tr").first.locator("td:visible")
    assert days.count() == (28 if size == "desk" else 14)
    tops = days.evaluate_all("all => all.map(one => Math.round(one.getBoundingClientRect().y))")  # all at one moment
    assert len(set(tops)) == 1  # in a row
    expect(one.page.locator("#map[data-ready=yes] canvas")).to_be_visible()
    assert colours(one.page, "#map") > 40
    assert (one.complaints, one.outside) == ([], [])


@pytest.mark.req("R2.4")
def test_signals_are_looked_at_judged_and_kept(visit: Callable[..., Visit]) -> None:
    one = visit("duty", language="en")
    one.open("/signals/?state=new")
    before = one.page.get_by_role("heading", level=1).inner_text()
    first, second = (one.page.locator("tbody a.code").nth(number).get_attribute("href") for number in (0, 1))
    assert first
    assert second

    one.open(first)
    one.page.get_by_role("button", name="Acknowledge").click()
    expect(one.page.locator(".timeline")).to_contain_text("Acknowledged")
    one.page.get_by_label("Note").fill("The post confirms: two buses at once")
    one.page.get_by_role("button", name="Verify").click()
    expect(one.page.locator(".timeline li")).to_have_count(3)
    expect(one.page.locator(".timeline")).to_contain_text("The post confirms: two buses at once")

    one.open(second)
    one.page.get_by_label("Note").fill("Counted twice")
    one.page.get_by_role("button", name="Discard").click()
    expect(one.page.locator(".problems")).to_be_focused()  # a reason is asked for, what was typed stays
    expect(one.page.get_by_label("Note")).to_have_value("Counted twice")
    one.page.get_by_label("Reason, to discard").select_option(index=1)
    one.page.get_by_role("button", name="Discard").click()
    expect(one.page.locator(".timeline")).to_contain_text("Discarded")
    assert axe(one.page) == []

    one.open("/signals/?state=")
    for address in (first, second):  # nothing disappears
        one.open(address)
        expect(one.page.locator(".timeline")).to_contain_text(re.compile("Found|Raised"))
    one.open("/signals/?state=new")
    assert int(before.split()[0]) - int(one.page.get_by_role("heading", level=1).inner_text().split()[0]) == 2


@pytest.mark.req("R9.8")
def test_the_chart_of_a_series_says_simulated_and_stands_beside_its_table(visit: Callable[..., Visit]) -> None:
    one = visit("duty", language="en", scheme="dark")
    one.open("/crossings/HT-BCP-OUA/")
    one.page.get_by_role("link", name="Entries").click()
    expect(one.page.locator("figure .chart svg, figure .chart canvas")).to_be_visible()
    expect(one.page.locator("main")).to_contain_text("Simulated")
    assert colours(one.page, "figure .chart") > 5
    assert one.page.locator("tbody tr").count() > 20
    one.page.locator("tbody td.num a").last.click()
    expect(one.page.get_by_role("heading", name="What this figure is")).to_be_visible()
    assert (one.complaints, one.outside) == ([], [])
