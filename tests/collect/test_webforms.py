"""The pages for filling in the browser: who gets them, what they allow, and that they hold nobody's name."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import make
import pytest
from collect import phone
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pasaj.collect.models import AppUser, Form, FormVersion, MediaFile, Submission
from pasaj.collect.services import phones
from pasaj.registry.models import Home

As = Callable[[str], Client]
FILL = "/collect/forms/round/fill/"
MAY = {"chief", "duty", "analyst", "admin"}


@pytest.fixture
def form(country: make.Country) -> Form:
    made = Form.objects.create(form_id="round", names=make.names("Daily round"), created_at=make.NOW)
    for number, state in ((1, "closed"), (2, "published"), (3, "draft")):
        FormVersion.objects.create(
            form=made, version=f"v{number}", number=number, state=state, created_at=make.NOW, published_at=make.NOW
        )
    MediaFile.objects.create(
        form=made, name="a b.csv", path="x", content_type="text/csv", size=1, md5="", sha256="", created_at=make.NOW
    )
    return made


def island(text: str) -> dict[str, Any]:
    found = re.search(r'<script id="forms-page" type="application/json">(.*?)</script>', text)
    assert found
    return dict(json.loads(found[1]))


def test_who_may_fill(as_: As, form: Form) -> None:
    assert {who for who in make.CAST if as_(who).get(FILL).status_code == 200} == MAY
    assert {who for who in make.CAST if as_(who).get("/collect/outbox/").status_code == 200} == MAY
    assert {as_(who).get(FILL).status_code for who in set(make.CAST) - MAY} == {404}


@pytest.mark.req("R7.1")
def test_the_list_leads_to_the_page_for_filling(as_: As, cast: make.Cast, form: Form) -> None:
    drafted = Form.objects.create(form_id="drafted", names=make.names("Drafted"), created_at=make.NOW)
    FormVersion.objects.create(form=drafted, version="1", number=1, state="draft", created_at=make.NOW)
    Submission.objects.create(
        receipt="AAAA-0001", form=form, instance_id="uuid:1", via="web", account_id=cast.account("chief").pk,
        received_at=make.NOW, recorded_at=make.NOW, updated_at=make.NOW,
    )  # fmt: skip
    pages = {who: as_(who).get("/collect/forms/").text for who in make.CAST}
    assert {who for who, text in pages.items() if f'href="{FILL}"' in text} == MAY
    assert "/collect/forms/drafted/fill/" not in as_("duty").get("/collect/forms/").text
    lists = {who: as_(who).get("/collect/forms/").text for who in make.CAST}
    counts = {who for who, text in lists.items() if 'href="/counts/"' in text.partition("<main")[2]}
    assert counts == {"duty", "chief"}
    received = {who: re.findall(r"form=round\"\s*>(\d+)<", text) for who, text in lists.items()}
    # A chief counts the reports of the own crossing, and this one states none; a partner is told no number.
    assert {who for who, found in received.items() if found == ["1"]} == {"duty", "approver", "analyst", "admin", "dpo"}
    # Who may fill finds the list beside the other pages.
    tabs = {who: 'href="/collect/forms/"' in as_(who).get("/series/").text for who in make.CAST}
    assert {who for who, there in tabs.items() if there} == MAY
    form.closed_at = make.NOW
    form.save()
    assert FILL not in as_("duty").get("/collect/forms/").text


def test_the_form_list_asks_as_often_for_many_as_for_one(as_: As, form: Form) -> None:
    client, counted = as_("duty"), []
    client.get("/collect/forms/")
    for number in range(3):
        with CaptureQueriesContext(connection) as asked:
            client.get("/collect/forms/")
        counted.append(len(asked))
        more = Form.objects.create(form_id=f"more{number}", created_at=make.NOW)
        FormVersion.objects.create(
            form=more, version="1", number=1, state="published", created_at=make.NOW, published_at=make.NOW
        )
    assert counted[0] == counted[2]


def test_the_published_version_is_filled(as_: As, cast: make.Cast, form: Form) -> None:
    page = island(as_("duty").get(FILL).text)
    words = page.pop("words")
    assert words["offline_ready"] == "This form also opens without network."
    assert page == {
        "mine": "/collect/mine/",
        "counts": "/counts/",
        "owner": f"account:{cast.account('duty').pk}",
        "csrf": True,
        "submission": "/collect/submission",
        "receipts": "/collect/receipts/",
        "outbox": "/collect/outbox/",
        "fill": "/collect/forms/__form__/fill/",
        "worker": "/collect/sw.js",
        "scope": "/collect/",
        "largest": 100_000_000,
        "preload": {},
        "form": "round",
        "title": "Daily round",
        "version": "v2",
        "xml": "/collect/forms/round/__version__.xml",
        "media": "/collect/forms/round/media/",
        "files": ["/collect/forms/round/media/crossings.csv", "/collect/forms/round/media/a%20b.csv"],
        "today": "2025-10-01",
    }


def test_a_form_without_a_published_version_is_not_there(as_: As, form: Form) -> None:
    form.versions.filter(state="published").update(state="closed")
    assert as_("duty").get(FILL).status_code == 404
    assert as_("duty").get("/collect/forms/other/fill/").status_code == 404


def test_a_kept_page_names_nobody(as_: As, cast: make.Cast, form: Form) -> None:
    """Whoever opens it later, without network, may be somebody else."""
    label = cast.actor("duty").label
    client = as_("duty")
    assert label in client.get("/").text
    assert [path for path in (FILL, "/collect/outbox/") if label in client.get(path).text] == []


def test_only_the_filling_page_loosens_the_policy(as_: As, form: Form) -> None:
    client = as_("duty")
    policy = dict(part.split(" ", 1) for part in client.get(FILL)["Content-Security-Policy"].split("; "))
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self' 'wasm-unsafe-eval'",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "worker-src": "'self'",
        "manifest-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }
    assert "unsafe" not in client.get("/collect/outbox/")["Content-Security-Policy"]


def test_the_worker_is_for_everybody_and_never_stale(form: Form) -> None:
    answer = Client().get("/collect/sw.js")
    assert answer.status_code == 200
    assert answer["Content-Type"].split(";")[0] == "text/javascript"
    assert answer["Cache-Control"] == "no-cache"
    found = re.match(
        r"self\.PASAJ = (\{.*\});\nimportScripts\(\"(/static/build/forms-worker\.[0-9a-f]{12}\.js)\"\);", answer.text
    )
    assert found
    said = json.loads(found[1])
    kinds = {re.sub(r"[.-][0-9a-zA-Z]{8,12}\.", ".", name.rsplit("/", 1)[1]) for name in said["files"]}
    assert kinds >= {"app.css", "app.js", "forms.css", "forms-fill.js", "forms-outbox.js", "icon.svg"}
    assert re.fullmatch("[0-9a-f]{12}", said["version"])
    for name in said["files"]:
        answer = Client().get(name)
        answer.close()
        assert answer.status_code == 200, name


@pytest.fixture
def key(cast: make.Cast, form: Form) -> tuple[AppUser, str]:
    wanted = phones.Wanted(name="Monitor", form="round", language="ht")
    return phones.add(wanted=wanted, actor=cast.actor("duty"), now=make.NOW)


def test_a_key_opens_its_forms_in_its_language(key: tuple[AppUser, str], form: Form) -> None:
    user, token = key
    answer = Client().get(f"/key/{token}/fill/round/")
    assert answer.status_code == 200
    assert answer["Referrer-Policy"] == "strict-origin"
    assert "'wasm-unsafe-eval'" in answer["Content-Security-Policy"]
    assert '<html lang="ht"' in answer.text
    page = island(answer.text)
    version = form.versions.get(state="published").pk
    assert {
        name: page[name] for name in ("owner", "csrf", "submission", "xml", "media", "fill", "scope", "preload")
    } == {
        "owner": f"key:{user.code}",
        "csrf": False,
        "submission": f"/key/{token}/submission",
        "xml": f"/key/{token}/forms/__version__.xml",
        "media": f"/key/{token}/forms/{version}/media/",
        "fill": f"/key/{token}/fill/__form__/",
        "scope": f"/key/{token}/",
        "preload": {"username": "Monitor"},
    }
    assert page["numbers"].keys() == {"v1", "v2"}
    assert Client().get(f"/key/{token}/outbox/").status_code == 200
    assert Client().get(f"/key/{token}/sw.js").status_code == 200


def test_a_key_opens_nothing_else(key: tuple[AppUser, str], cast: make.Cast, country: make.Country) -> None:
    user, token = key
    Form.objects.create(form_id="other", names={}, created_at=make.NOW)
    wrong = "A" * 43
    addresses = [f"/key/{token}/fill/other/", f"/key/{wrong}/fill/round/", f"/key/{wrong}/outbox/", "/key/x/outbox/"]
    assert {one: Client().get(one).status_code for one in addresses} == dict.fromkeys(addresses, 404)
    assert Client().get("/collect/outbox/").status_code == 302
    phones.revoke(user=user, actor=cast.actor("duty"), now=make.NOW)
    assert Client().get(f"/key/{token}/fill/round/").status_code == 404


@pytest.mark.parametrize(("demo", "said"), [(True, 1), (False, 0)])
def test_where_the_time_is_set_today_is_that_day(as_: As, form: Form, demo: bool, said: int) -> None:
    Home.objects.update(demo=demo, clock_at=datetime(2025, 10, 1, 1, tzinfo=UTC))  # in the evening of the day before
    _user, token = phone.key()
    pages = (as_("duty").get(FILL).text, Client().get(f"/key/{token}/fill/round/").text)
    assert [island(page)["today"] for page in pages] == ["2025-09-30"] * 2
    told = "In this demonstration it is Tue 30 Sep 2025."
    assert [page.count(told) for page in (*pages, Client().get(f"/key/{token}/").text)] == [said] * 3
    assert [as_("duty").get(page).text.count(told) for page in ("/collect/phones/", "/collect/tray/")] == [said] * 2
