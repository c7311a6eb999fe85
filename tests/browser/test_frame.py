"""What every page shares: search, language, colours, the keyboard, paper; what is light, labelled or hidden."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from browsing import Demo, Visit
from playwright.sync_api import expect

CROSSING = "/crossings/HT-BCP-OUA/"


@pytest.mark.req("R9.3")
def test_a_crossing_page_is_light_and_needs_no_script(visit: Callable[..., Visit]) -> None:
    one = visit("duty", size="phone", language="en", javascript=False)
    protocol = one.context.new_cdp_session(one.page)
    protocol.send("Network.enable")
    protocol.send("Network.setCacheDisabled", {"cacheDisabled": True})
    received: list[float] = []
    protocol.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    asked: list[str] = []
    one.page.on("request", lambda request: asked.append(request.url))
    one.page.goto(one.demo.url + CROSSING, wait_until="networkidle")
    assert not [url for url in asked if "/map" in url or "/chart" in url]
    assert 10_000 < sum(received) < 150_000
    expect(one.page.get_by_role("heading", level=1)).to_have_text("Ouanaminthe–Dajabón")
    expect(one.page.locator("main")).to_contain_text("Simulated")
    assert one.page.locator("main table svg").count() >= 4  # the small charts are drawn by the server


@pytest.mark.req("R9.3")
def test_a_crossing_page_with_scripts_is_as_light(visit: Callable[..., Visit]) -> None:
    one = visit("duty")
    protocol = one.context.new_cdp_session(one.page)
    protocol.send("Network.enable")
    protocol.send("Network.setCacheDisabled", {"cacheDisabled": True})
    received: list[float] = []
    protocol.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    one.page.goto(one.demo.url + CROSSING, wait_until="networkidle")
    assert 20_000 < sum(received) < 150_000


@pytest.mark.req("R6.5")
def test_search_jumps_to_a_code(visit: Callable[..., Visit]) -> None:
    one = visit("duty", language="en")
    one.open("/signals/?state=")
    code = one.page.locator("tbody a.code").first.inner_text()
    for typed, ends in ((code.lower(), f"/signals/{code}/"), ("HT-BCP-OUA", CROSSING)):
        one.open("/")
        one.page.keyboard.press("/")
        expect(one.page.locator("#jump")).to_be_focused()
        one.page.keyboard.type(typed)
        one.page.keyboard.press("Enter")
        one.page.wait_for_url(f"**{ends}")
    one.page.fill("#jump", "wanament")
    one.page.keyboard.press("Enter")
    expect(one.page.locator("main")).to_contain_text("Ouanaminthe")
    one.page.fill("#jump", "nothing is called so")
    one.page.keyboard.press("Enter")
    expect(one.page.locator("#jump")).to_have_value("nothing is called so")


def test_language_and_colours_are_chosen_once(visit: Callable[..., Visit]) -> None:
    one = visit("analyst", fresh=True)
    one.open(CROSSING)
    for name, code in (("español", "es"), ("Kreyòl ayisyen", "ht")):
        one.page.get_by_role("button", name=name).click()
        expect(one.page.locator("html")).to_have_attribute("lang", code)
        assert one.page.url.endswith(CROSSING)
    one.page.locator("details.person summary").click()
    one.page.locator("[data-theme=dark]").click()
    dark = one.page.evaluate("getComputedStyle(document.body).backgroundColor")
    one.open("/signals/")
    assert one.page.get_attribute("html", "lang") == "ht"
    assert one.page.get_attribute("html", "data-bs-theme") == "dark"
    assert one.page.evaluate("getComputedStyle(document.body).backgroundColor") == dark
    other = visit("analyst", fresh=True, size="phone")  # another device
    assert other.page.get_attribute("html", "lang") == "ht"


def test_the_keyboard_is_enough(visit: Callable[..., Visit]) -> None:
    one = visit("duty", language="en")
    one.open("/institutions/")
    one.page.keyboard.press("Tab")
    skip = one.page.locator("a.skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    one.page.keyboard.press("Enter")
    expect(one.page.locator("#main")).to_be_focused()

    head = one.page.locator("thead th", has_text="Institution")
    first = one.page.locator("tbody tr").first.inner_text()
    head.get_by_role("button").focus()
    assert one.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    one.page.keyboard.press("Enter")
    expect(head).to_have_attribute("aria-sort", "ascending")
    one.page.keyboard.press("Enter")
    expect(head).to_have_attribute("aria-sort", "descending")
    assert one.page.locator("tbody tr").first.inner_text() != first

    one.page.locator("details.person summary").focus()
    one.page.keyboard.press("Enter")
    expect(one.page.locator(".person-sheet")).to_be_visible()
    one.page.keyboard.press("Escape")
    expect(one.page.locator(".person-sheet")).to_be_hidden()
    expect(one.page.locator("details.person summary")).to_be_focused()


def test_every_stop_of_the_keyboard_shows_where_it_is(visit: Callable[..., Visit]) -> None:
    one = visit("duty", language="en")
    one.open(CROSSING)
    unseen = []
    for _stop in range(25):
        one.page.keyboard.press("Tab")
        shown = one.page.evaluate(
            """() => {
                const {outlineStyle, outlineWidth, boxShadow} = getComputedStyle(document.activeElement);
                return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 || boxShadow !== "none";
            }"""
        )
        if not shown:
            unseen.append(one.page.evaluate("document.activeElement.outerHTML.slice(0, 80)"))
    assert unseen == []


def test_paper_holds_the_figures_and_no_navigation(visit: Callable[..., Visit]) -> None:
    one = visit("duty", scheme="dark")
    one.open(CROSSING)
    one.page.emulate_media(media="print", color_scheme="dark")
    for selector in (".rail", ".bottom", ".jump", ".person", ".tongues", ".actions", ".btn"):
        assert one.page.locator(f"{selector}:visible").count() == 0, selector
    expect(one.page.locator("main table").first).to_be_visible()
    expect(one.page.locator(".sources")).to_be_visible()
    ink, paper = one.page.evaluate(
        "[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]"
    )
    assert max(map(int, ink[4:-1].split(","))) < 60  # dark on light, whatever the screen shows
    assert paper in {"rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"}


@pytest.mark.req("R9.8")
def test_every_page_with_simulated_figures_says_so(visit: Callable[..., Visit]) -> None:
    one = visit("duty", language="en")
    one.open("/signals/?state=")
    signal = one.page.locator("tbody a.code").first.get_attribute("href")
    one.open("/series/?crossing=HT-BCP-OUA&measure=entries&source=DIE-REG")
    series = one.page.locator("tbody a").first.get_attribute("href")
    assert series
    one.open(series)
    figure = one.page.locator("tbody td.num a").last.get_attribute("href")
    for path in ("/", "/crossings/", CROSSING, "/signals/", signal, series, figure, f"{CROSSING}counts/2025-09-12/"):
        one.open(str(path))
        assert one.page.locator("main .origin-simulated:visible").count() > 0, path
        expect(one.page.locator("footer")).to_contain_text("daily counts are simulated")


@pytest.mark.req("R7.1")
def test_a_partner_sees_only_what_is_published_or_his_own(visit: Callable[..., Visit]) -> None:
    duty, partner = visit("duty", language="en"), visit("partner", language="en")
    duty.open("/series/?crossing=HT-BCP-OUA&measure=entries&source=DIE-REG")
    series = duty.page.locator("tbody a").first.get_attribute("href")
    duty.open(str(series))
    figure = duty.page.locator("tbody td.num a").last.get_attribute("href")
    duty.open("/signals/")
    signal = duty.page.locator("tbody a.code").first.get_attribute("href")
    for path in (
        series,
        f"{series}series.csv",
        figure,
        signal,
        f"{CROSSING}counts/",
        "/imports/",
        "/signals/SG-2025-9999/",
    ):
        answer = partner.page.request.get(partner.demo.url + str(path))
        assert answer.status == 404, path
    partner.open(CROSSING)
    expect(partner.page.locator("main")).not_to_contain_text("DIE-REG")
    partner.open("/series/?crossing=HT-BCP-OUA")
    sources = {row.locator("td").nth(1).inner_text() for row in partner.page.locator("tbody tr").all()}
    own = "Observation quotidienne du point (GARR et partenaires)"
    assert own in sources
    assert all("Published figure" in one for one in sources - {own})

    stranger = visit(language="en")
    stranger.page.goto(stranger.demo.url + str(figure))
    expect(stranger.page.locator("input[name=login]")).to_be_visible()


def test_the_language_is_chosen_on_a_page_that_a_key_opens(visit: Callable[..., Visit], demo: Demo) -> None:
    """Its address is told to nobody; the form is from here all the same."""
    one = visit(size="phone")
    one.open(f"{demo.key}fill/incident/")
    one.page.locator("form.tongues button[value=es]").click()
    one.page.locator("html[lang=es]").wait_for()
    assert one.here == f"{demo.key}fill/incident/"
