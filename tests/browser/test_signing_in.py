"""A second factor, a passkey, and what happens to whoever guesses passwords."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time
from collections.abc import Callable
from typing import Any

import pytest
from browsing import Visit, axe
from playwright.sync_api import expect

STEP = 30  # seconds a code lives


def code(page: Any, secret: str) -> str:
    """The authenticator app's six digits (RFC 6238), of a window that will not end while they are typed."""
    if time.time() % STEP > STEP - 5:
        page.wait_for_timeout(5_000)
    key, counter = base64.b32decode(secret), struct.pack(">Q", int(time.time()) // STEP)
    digest = hmac.new(key, counter, hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(int.from_bytes(digest[at : at + 4]) & 0x7FFFFFFF) % 10**6:06}"


def authenticator(one: Visit) -> None:
    """A security key inside the browser, always touched and always sure who touches it."""
    protocol = one.context.new_cdp_session(one.page)
    protocol.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    protocol.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_out(page: Any) -> None:
    page.locator("details.person summary").click()
    page.locator("form[action='/account/logout/'] button").click()
    expect(page.locator("input[name=login]")).to_be_visible()


@pytest.mark.req("R7.6")
def test_a_code_and_a_passkey_sign_in(visit: Callable[..., Visit]) -> None:
    one = visit("approver", language="en", fresh=True)
    page = one.page
    authenticator(one)
    one.open("/account/2fa/totp/activate/")
    one.confirm()  # whoever finds an open screen cannot add a key
    secret = page.locator("#authenticator_secret").input_value()
    page.fill("input[name=code]", "000000" if code(page, secret) != "000000" else "000001")
    page.get_by_role("button", name="Activate").click()
    expect(page.locator(".field-error")).to_be_visible()
    assert page.locator("#authenticator_secret").input_value() == secret  # the picture that was scanned still counts
    page.fill("input[name=code]", code(page, secret))
    page.get_by_role("button", name="Activate").click()
    expect(page.locator("main")).to_contain_text("recovery codes")  # handed out with the first factor
    assert axe(page) == []

    one.open("/account/2fa/webauthn/add/")
    page.get_by_label("Passwordless").check()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url(lambda url: not url.endswith("/add/"))  # stored, and led on
    one.open("/account/2fa/webauthn/")
    expect(page.locator("main")).to_contain_text("Passkey")
    keys = [link.get_attribute("href") for link in page.locator("td a").all()]  # rename, remove
    assert len(keys) == 2
    ends = ["totp/deactivate/", "recovery-codes/", "recovery-codes/generate/", "reauthenticate/"]
    for path in [*(f"/account/2fa/{end}" for end in ends), *keys]:
        one.open(str(path))
        assert axe(page) == [], path

    sign_out(page)
    page.locator("#passkey_login").click()
    page.wait_for_url(one.demo.url + "/")
    expect(page.locator("details.person summary")).to_contain_text("Appro")

    sign_out(page)
    email, password = one.demo.logins["approver"]
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", password)
    page.locator("main button[type=submit]").first.click()
    expect(page.locator("input[name=code]")).to_be_visible()  # a password alone is not enough
    assert axe(page) == []
    page.fill("input[name=code]", code(page, secret))
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url(one.demo.url + "/")
    assert (one.complaints, one.outside) == ([], [])


@pytest.mark.req("R7.6")
def test_whoever_guesses_passwords_is_slowed_down(visit: Callable[..., Visit]) -> None:
    one = visit(language="en", size="phone")
    one.open("/account/login/")
    for _attempt in range(6):
        one.page.fill("input[name=login]", "nobody@example.org")
        one.page.fill("input[name=password]", "not the password")
        one.page.locator("main button[type=submit]").first.click()
        expect(one.page.locator(".problems")).to_be_visible()
    expect(one.page.locator(".problems")).to_contain_text("Too many failed login attempts. Try again later.")
    assert one.page.input_value("input[name=login]") == "nobody@example.org"
    assert axe(one.page) == []
    visit("duty", fresh=True)  # others are not held up


def test_a_language_chosen_before_signing_in_stays(visit: Callable[..., Visit]) -> None:
    one = visit(size="phone")
    one.open("/account/login/")
    one.page.get_by_role("button", name="Kreyòl ayisyen").click()
    assert one.page.get_attribute("html", "lang") == "ht"
    one.sign_in("partner")
    assert one.page.get_attribute("html", "lang") == "ht"
