"""Every page, found by following links: accessible, silent, at home, in both schemes and sizes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urldefrag, urlsplit

import pytest
from browsing import Visit, look, look_thrice
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

# Names of addresses that are no page a signed-in person looks at, and why.
NO_PAGE = {
    # answers for programs, maps and downloads
    "healthz", "site:map-crossings", "site:map-layer", "watch:series-csv", "watch:import-refused",
    "watch:incidents-csv", "notify:contacts-csv",
    "collect:worker", "collect:submission", "collect:receipt", "collect:form-xml", "collect:form-media",
    "collect:key-worker", "collect:key-form-list", "collect:key-submission", "collect:key-form-xml",
    "collect:key-manifest", "collect:key-form-media", "collect:key-receipt", "collect:basic-form-list",
    "collect:basic-submission", "collect:basic-form-xml", "collect:basic-manifest", "collect:basic-form-media",
    "collect:basic-receipt",
    "collect:submission-map", "collect:attachment", "collect:export-csv", "collect:export-xlsx", "collect:form-source",
    "collect:protocol-csv", "assess:framework-file",
    "assess:answers-csv", "assess:answers-xlsx", "assess:scores-csv", "assess:scores-xlsx",
    *(f"assess:{what}-{suffix}" for what in ("mandates", "exchange", "statements", "needs", "roles", "profile")
      for suffix in ("csv", "xlsx")),
    "assess:finding-draft", "assess:finding-act", "assess:finding-link", "assess:recommendation-act",
    "site:trace-confirm", "site:trace-withdraw",
    "policy:workbook", "policy:alignment-file", "policy:draft-file", "policy:public-file", "policy:version-file",
    "policy:round-report-file", "policy:round-word", "policy:round-moderation-file", "policy:appraisal-file",
    "policy:changes-file", "policy:version-changes",
    "assess:findings-csv", "assess:findings-xlsx", "assess:recommendations-csv", "assess:recommendations-xlsx",
    "assess:round-open", "assess:round-close", "assess:assessor-add", "assess:report-file", "assess:report-publish",
    "mfa_download_recovery_codes", "respond:sitrep-file", "respond:text-measure",
    "respond:public-feed", "respond:public-message", "notify:gateway-receipt", "notify:gateway-in",
    # take a POST and send the reader on
    "site:language", "site:theme", "site:trace-review", "watch:signal-act", "watch:run-new", "watch:run-cancel",
    "watch:backtest-new", "watch:backtest-cancel",
    "watch:import-apply",
    "watch:import-cancel", "watch:incident-withdraw", "watch:status-withdraw",
    "respond:task-act", "respond:request-act", "respond:activation-lesson",
    "access:token-revoke", "access:audit-erase", "account_logout",
    "notify:message-act", "notify:contact-end", "notify:contact-erase",
    "notify:address-add", "notify:address-turn", "notify:address-test", "respond:alert-read", "notify:shift-new",
    "notify:shift-plan", "notify:shift-remove", "respond:source-add", "respond:source-turn",
    "assess:framework-publish", "assess:framework-discard",
    "collect:submission-act", "collect:device-decide", "collect:form-publish", "collect:form-close",
    "collect:form-waive", "collect:waiver-end", "collect:form-attach", "collect:redaction-confirm",
    "collect:redaction-withdraw",
    "respond:log-csv", "respond:events-csv", "respond:presence-csv", "respond:answers-text",
    "respond:handover-accept", "respond:event-step", "respond:event-settle", "respond:event-reopen",
    "respond:event-raise", "respond:presence-withdraw",
    *(f"policy:check-{deed}" for deed in ("waive", "unwaive", "set-aside", "take-up")),
    "policy:line-withdraw", "policy:observe", "policy:progress", "policy:statement-step", "policy:round-act",
    "policy:version-decide", "policy:version-propose", "policy:version-turn",
    "policy:appraisal-act", "policy:criterion-remove", "policy:document-start", "policy:clause-act",
    "policy:clause-confirm", "policy:clause-realise", "policy:suggestion-act",
    # lead to another page
    "policy:option",
    "respond:sitrep-step",
    "watch:figure-of", "account_email", "account_set_password",
    # of other states: signed out, closed, by e-mail
    "account_login", "account_signup", "account_inactive", "account_reset_password", "account_reset_password_done",
    "account_reset_password_from_key", "account_reset_password_from_key_done", "account_email_verification_sent",
    "account_confirm_email", "account_confirm_login_code", "mfa_authenticate", "mfa_login_webauthn",
}  # fmt: skip
# Pages that exist only after something was done: other tests of this folder do it and look at them.
AFTER_A_DEED = {
    "collect:key-fill", "collect:key-outbox", "collect:key-page", "collect:form-upload-state",
    "assess:round-edit", "assess:compare", "respond:sitrep-send",
    # opened with the secret of a message: tests/notify/test_returns.py
    "notify:link", "notify:link-stop",
    "watch:entry-receipt", "watch:paste-receipt",
    "respond:plan-activate", "respond:activation", "respond:activation-decisions", "respond:activation-requests",
    "respond:activation-review", "respond:task", "respond:drill",
    "respond:alert", "respond:alert-step", "respond:alert-public", "respond:message-edit", "respond:message-preview",
    "respond:message-submit", "respond:message-decide",
    "policy:appraisal-edit", "policy:option-new", "policy:option-edit", "policy:criterion-new",
    "mfa_deactivate_totp", "mfa_list_webauthn", "mfa_remove_webauthn", "mfa_edit_webauthn",
    "policy:clause-compare",  # of a text that was changed
    # while a round of consultation is open: test_policy_walk.py
    "policy:round-edit", "policy:round-invitations", "policy:round-minutes", "policy:round-reply", "policy:consult",
    "policy:consult-invited", "policy:consult-report",
    # of the first action alone the lines are followed; the newest version has its number in links to it
    "policy:money-edit", "policy:public", "policy:public-changes",
    # for drafters, and for those who suggest: tests/policy/test_document_pages.py
    "policy:clause-new", "policy:clause-edit", "policy:suggestion-new",
    "registry:person-tokens", "registry:person-reopen",
    "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_reauthenticate", "mfa_reauthenticate_webauthn",
}  # fmt: skip


# Pages to which only the lead of an assessment is led: the analyst of the demonstration is one.
FOR_LEADS = {
    "policy:appraisal-new", "policy:policy-new", "policy:policy-edit", "policy:statement-new", "policy:statement-edit",
    "policy:cost-new", "policy:cost-edit", "policy:money-new", "policy:round-new", "policy:workbook-import",
    "assess:round-new", "assess:finding-new", "assess:finding-edit", "assess:recommendation-new",
    "assess:recommendation-edit",
}  # fmt: skip


@dataclass
class Found:
    pages: dict[str, list[str]] = field(default_factory=dict)  # name of the pattern -> addresses
    wrong: dict[str, list[str]] = field(default_factory=dict)  # address -> what is wrong


def names(resolver: URLResolver | None = None, space: str = "") -> Iterator[str]:
    """The name of every address of the product."""
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            yield from names(one, f"{space}{one.namespace}:" if one.namespace else space)
        elif isinstance(one, URLPattern) and one.name:
            yield space + one.name


def name_of(path: str) -> str:
    try:
        return resolve(urlsplit(path).path).view_name
    except Resolver404:
        return ""


def links(visit: Visit) -> list[str]:
    whole = "all => all.map(one => new URL(one.getAttribute('href'), document.baseURI).href)"  # in drawings as well
    hrefs = visit.page.eval_on_selector_all("a[href]", whole)
    return [
        urldefrag(href).url.removeprefix(visit.demo.url)
        for href in hrefs
        if href.startswith(visit.demo.url) and not urlsplit(href).path.startswith(("/static/", "/api/"))
    ]


def crawl(visit: Visit, look_at: Callable[[Visit, str], list[str]], each: int = 1) -> Found:
    """Look at `each` pages of every address pattern that links lead to; `look_at` gets the name of the pattern."""
    queue = ["/", "/search/?q=port"]  # a search is typed, not followed
    found, seen = Found(), set(queue)
    while queue:
        path = queue.pop(0)
        name = name_of(path)
        if name in NO_PAGE or len(found.pages.get(name, [])) >= each:
            continue
        visit.open(path)
        if name_of(visit.here) == "account_reauthenticate" and name != "account_reauthenticate":
            queue.append(visit.here)
            visit.confirm()
        name = name_of(visit.here)
        if name in NO_PAGE or len(found.pages.get(name, [])) >= each:  # it led elsewhere
            continue
        found.pages.setdefault(name, []).append(path)
        if wrong := look_at(visit, name):
            found.wrong[path] = wrong
        for link in links(visit):
            if link not in seen:
                seen.add(link)
                queue.append(link)
    return found


@pytest.mark.req("R9.2")
def test_every_page_in_every_size_and_scheme(visit: Callable[..., Visit]) -> None:
    """Every name of the urlconf is visited by following links, or says above why not."""
    duty = crawl(visit("duty"), lambda one, _name: look_thrice(one))
    admin = crawl(visit("admin"), lambda one, name: look(one) if name in duty.pages else look_thrice(one))
    assert duty.wrong | admin.wrong == {}
    pages = {one for one in names() if not one.startswith("api:")} - NO_PAGE - AFTER_A_DEED - FOR_LEADS
    assert pages - duty.pages.keys() - admin.pages.keys() == set()
    assert set(names()) >= NO_PAGE | AFTER_A_DEED  # no exception outlives its page


@pytest.mark.parametrize("role", ["chief", "analyst", "partner"])
def test_every_page_of_the_others(visit: Callable[..., Visit], role: str) -> None:
    found = crawl(visit(role), lambda one, name: look_thrice(one) if name in FOR_LEADS else look(one))
    assert found.wrong == {}
    assert "site:morning" in found.pages
    assert found.pages.keys() & FOR_LEADS == (FOR_LEADS if role == "analyst" else set())


@pytest.mark.req("R5.1")
@pytest.mark.parametrize("language", ["fr", "ht", "en", "es"])
def test_the_page_is_in_the_language_chosen(visit: Callable[..., Visit], language: str) -> None:
    one = visit("duty", language=language)
    one.open("/")
    assert one.page.get_attribute("html", "lang") == language


@pytest.mark.parametrize("path", ["/account/login/", "/account/password/reset/", "/account/inactive/"])
def test_pages_before_signing_in_are_accessible(visit: Callable[..., Visit], path: str) -> None:
    one = visit(size="phone", scheme="dark")
    one.open(path)
    assert look_thrice(one) == []


def test_the_server_states_its_policy(visit: Callable[..., Visit]) -> None:
    answer = visit().open("/account/login/")
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in {part.strip() for part in policy.split(";")}
