"""A real demonstration home, a real server and a real Chromium."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import CHROMIUM, FLAGS, SIZES, UNTOUCHED, Demo, Visit, copied, outside, run, serving


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed (apt-get install chromium)")
    home = tmp_path_factory.mktemp("home")
    made = run("demo", "--no-serve", home=home)
    assert made.returncode == 0, made.stdout + made.stderr
    logins = {}
    for line in made.stdout.splitlines():
        if match := re.match(r"\s*(\S.*?)\s{2,}(\S+@\S+)\s{2,}(\S+)\s*$", line):
            logins[match[1].split(",")[0]] = (match[2], match[3])
    (key,) = re.findall(r"(/key/\S+/)$", made.stdout, re.MULTILINE)
    # As it was made, for tests that need people whom no other test has given a second factor or a question.
    copied(home / "pasaj.sqlite3", home / UNTOUCHED)
    with serving(home) as url:
        yield Demo(url, home, logins, key)


@pytest.fixture(scope="session")
def browser(demo: Demo) -> Iterator[Any]:
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=15_000)  # as long as a visit waits for anything else
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), headless=True, args=FLAGS)
        yield chromium
        chromium.close()


def complains(message: Any) -> bool:
    """An error on the console; not the browser's remark that a form was answered with 409 or 422, as it should be."""
    return message.type == "error" and not re.search(r"status of (409|422) ", message.text)


@pytest.fixture
def visit(browser: Any, demo: Demo) -> Iterator[Callable[..., Visit]]:
    """`visit("duty", size="phone")`: a browser of its own, signed in as one of the cast.

    Signing in costs time and is counted, so a role does it once and later visits carry its cookies; `fresh` signs in.
    """
    made: list[Visit] = []

    def start(
        role: str = "",
        size: str = "desk",
        scheme: str = "light",
        language: str = "",
        javascript: bool = True,
        fresh: bool = False,
    ) -> Visit:
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            java_script_enabled=javascript,
            storage_state=None if fresh else demo.states.get(role),
        )
        context.set_default_timeout(15_000)
        one = Visit(context, context.new_page(), demo, role)
        page = one.page
        page.on("console", lambda message: complains(message) and one.complaints.append(message.text))
        page.on("pageerror", lambda error: one.complaints.append(str(error)))
        page.on("request", lambda request: outside(request.url, one.demo.url) and one.outside.append(request.url))
        made.append(one)
        if role and (fresh or role not in demo.states):
            one.sign_in(role)
            if not fresh:
                demo.states[role] = context.storage_state()
        if language:  # a device follows the choices of whoever signs in: so later than that
            context.add_cookies([{"name": "language", "value": language, "url": demo.url}])
        return one

    yield start
    for one in made:
        one.context.close()
