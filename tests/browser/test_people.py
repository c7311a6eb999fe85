"""Taking access away, page by page, as an administrator does it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from browser.test_sweep import look, look_thrice
from browsing import Demo, Visit, run


@pytest.mark.req("R7.7")
def test_an_account_from_its_tokens_to_its_reopening(demo: Demo, visit: Callable[..., Visit]) -> None:
    for command in (
        ("user", "add", "leaver@example.org", "--institution", "CELL", "--role", "duty", "--name", "Leaver"),
        ("token", "add", "leaver@example.org"),
    ):
        assert run(*command, home=demo.home).returncode == 0
    one = visit("admin", language="en")
    one.open("/people/?q=leaver")
    one.page.click("main a >> text=Leaver")
    for link, verb in (
        ("Revoke the tokens", "Revoke the tokens"),
        ("End the role", "End the role"),
        ("Close the account", "Close the account"),
    ):
        one.page.click(f"main a >> text={link}")
        assert look_thrice(one) == []
        one.page.click(f"main button >> text={verb}")
        assert look_thrice(one) == []
    one.page.click("main a >> text=Open the account")
    if "/reauthenticate/" in one.here:
        one.confirm()
    assert look_thrice(one) == []
    one.page.click("main button >> text=Open the account")
    password = one.page.input_value("#password")
    assert re.fullmatch(r"(?:[a-z2-9]{4}-){4}[a-z2-9]{4}", password)
    assert look(one) == []
    one.page.click("main a >> text=I have copied it")
    assert one.page.locator("main .status").inner_text() == "Active"
