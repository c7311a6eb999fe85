"""The addresses for somebody signed in: the page of a form sends and fetches as a phone does."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import make
import pytest
from collect import phone
from collect.test_openrosa import code, parts
from django.test import Client
from django.urls import reverse

from pasaj.access.models import AuditEntry
from pasaj.collect.models import Submission
from pasaj.core.openrosa.receipt import receipt

pytestmark = pytest.mark.django_db
SUBMIT = "/collect/submission"
FILLS = {"chief", "duty", "analyst", "admin"}
As = Callable[[str], Client]


@pytest.mark.parametrize("who", make.CAST)
def test_who_may_fill_a_form_fetches_and_sends_it(as_: As, who: str) -> None:
    version = phone.form()
    client = as_(who)
    url = reverse("collect:form-xml", args=["daily", "1"])
    expected = 200 if who in FILLS else 404
    answers = (client.get(url), client.get(reverse("collect:form-media", args=["daily", "crossings.csv"])))
    assert [one.status_code for one in answers] == [expected, expected]
    sent = client.post(SUBMIT, parts(phone.filled(photo="a.jpg"), {"a.jpg": b"1"}))
    if who not in FILLS:
        assert code(sent) == (403, "COLLECT-011")
        assert (Submission.objects.count(), phone.on_disk()) == (0, [])
        return
    assert answers[0].content == bytes(version.definition.xml)
    assert (sent.status_code, sent["X-Pasaj-Receipt"]) == (201, receipt("daily", "uuid:1"))
    assert Submission.objects.values_list("via", "complete").get() == ("web", True)
    assert AuditEntry.objects.filter(action="submission.received").values_list("via", flat=True).get() == "web"


def test_what_does_not_exist_is_not_found(as_: As) -> None:
    phone.form()
    phone.form("bare", version="")
    client = as_("duty")
    assert client.get(reverse("collect:form-xml", args=["daily", "9"])).status_code == 404
    assert client.get(reverse("collect:form-xml", args=["nowhere", "1"])).status_code == 404
    assert client.get(reverse("collect:form-xml", args=["bare", "-"])).status_code == 200
    assert client.get(reverse("collect:form-media", args=["daily", "x.csv"])).status_code == 404
    assert client.head(SUBMIT).status_code == 204
    assert client.get(SUBMIT).status_code == 405


def test_receipts_are_shown_to_the_sender_and_to_whoever_may_see_the_report(as_: As) -> None:
    phone.form()
    as_("chief").post(SUBMIT, parts(phone.filled()))
    url = reverse("collect:receipt", args=["uuid:1"])
    found = {who: as_(who).get(url).status_code for who in make.CAST}
    cell = {"duty", "approver", "analyst", "admin", "dpo"}
    assert found == {who: 200 if who in cell | {"chief"} else 404 for who in make.CAST}
    assert json.loads(as_("chief").get(url).content)["receipt"] == receipt("daily", "uuid:1")
    assert as_("duty").get(reverse("collect:receipt", args=["uuid:9"])).status_code == 404


def test_the_page_needs_its_token_and_a_sign_in(cast: make.Cast, settings: Any) -> None:
    phone.form()
    client = Client(enforce_csrf_checks=True)
    assert client.post(SUBMIT, parts(phone.filled())).status_code == 401
    client.force_login(cast.account("duty"))
    refused = client.post(SUBMIT, parts(phone.filled(), {"a.jpg": b"1"}))
    assert refused.status_code == 403
    assert (Submission.objects.count(), phone.on_disk()) == (0, [])
    client.get("/account/")
    token = client.cookies["csrftoken"].value
    assert client.post(SUBMIT, parts(phone.filled()), headers={"X-CSRFToken": token}).status_code == 201


def test_bounds_hold_for_pages_too(as_: As) -> None:
    client = as_("duty")
    assert code(client.generic("POST", SUBMIT, b"", CONTENT_LENGTH="101500000")) == (413, "COLLECT-025")
    assert client.generic("POST", SUBMIT, b"", CONTENT_LENGTH="999000000").status_code == 413
