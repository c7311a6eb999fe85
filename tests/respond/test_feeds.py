"""Our feeds: for everybody, and for those who may see more."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import make
import pytest
from django.test import Client, override_settings
from django.urls import reverse

from pasaj.access.services import tokens
from pasaj.core.cap import feeds
from pasaj.respond.models import Alert, AlertMessage
from pasaj.respond.queries import feeds as queries

pytestmark = pytest.mark.django_db
ATOM, RSS = "/feeds/alerts.atom", "/feeds/alerts.rss"


@pytest.fixture(autouse=True)
def clock(country: make.Country) -> None:
    country.home.clock_at = make.NOW
    country.home.save()


def publish(
    number: int, *, mode: str = "actual", scope: str = "Public", sent_at: Any = None, **given: Any
) -> AlertMessage:
    sent_at = sent_at or make.NOW - timedelta(hours=number)
    alert = Alert.objects.create(
        code=f"AL-2025-{number:04}",
        hazard="flood",
        mode=mode,
        state="published",
        created_at=sent_at,
        recorded_at=sent_at,
    )
    xml = f"<alert>{number}</alert>"
    fields = {
        "number": 1, "identifier": f"{alert.code}-1", "sender": "cell@example.org", "type": "Alert",
        "state": "published",
        "scope": scope, "restriction": "services" if scope == "Restricted" else "", "urgency": "Immediate",
        "severity": "severe", "certainty": "Likely", "xml": xml, "sha256": hashlib.sha256(xml.encode()).hexdigest(),
        "texts": {"fr": {"headline": f"Crue {number}", "description": "d"}, "ht": {"headline": f"Dlo {number}"}},
        "expires_at": sent_at + timedelta(hours=48), "sent_at": sent_at, "created_at": sent_at,
        "published_real_at": sent_at,
    }  # fmt: skip
    return AlertMessage.objects.create(alert=alert, **{**fields, **given})


def links(response: Any) -> list[str]:
    assert response.status_code == 200
    return [one.rpartition("/")[2] for one in feeds.links(response.content).links]


@pytest.mark.req("R11.15")
def test_the_public_feed_holds_what_is_for_everybody(db: None) -> None:
    publish(1)
    publish(2, scope="Restricted")
    publish(3, scope="Private")
    publish(4, mode="exercise")
    publish(5, mode="test")
    publish(6, state="draft", sent_at=None)
    publish(7, sent_at=make.NOW - timedelta(days=40))
    publish(8, sent_at=make.NOW - timedelta(days=40), expires_at=make.NOW + timedelta(days=1))
    publish(9, sent_at=make.NOW + timedelta(hours=1))
    for address in (ATOM, RSS):
        found = Client().get(address)
        assert links(found) == ["AL-2025-0001-1.xml", "AL-2025-0008-1.xml"]
        assert (found["Content-Type"].split(";")[0], found["Cache-Control"]) == (
            queries.FORMS[address.rpartition(".")[2]][0], "public, max-age=60",
        )  # fmt: skip
        assert "Set-Cookie" not in found
    assert "Crue 1" in Client().get(ATOM).content.decode()
    assert "Dlo 1" in Client().get(f"{ATOM}?lang=ht").content.decode()
    assert Client().get("/feeds/alerts.json").status_code in {302, 404}
    assert Client().post(ATOM).status_code == 405


@pytest.mark.req("R11.15")
def test_who_has_the_feed_is_told_that_it_has_not_changed(db: None) -> None:
    publish(1)
    first = Client().get(ATOM)
    assert Client().get(ATOM, headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert Client().get(ATOM, headers={"If-Modified-Since": first["Last-Modified"]}).status_code == 304
    assert Client().get(RSS)["ETag"] != first["ETag"]
    publish(2)
    again = Client().get(ATOM, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again["ETag"] != first["ETag"]) == (200, True)
    assert Client().get("/feeds/alerts.atom?lang=ht")["ETag"] != again["ETag"]


@pytest.mark.req("R11.16")
def test_a_message_stands_at_its_address_for_everybody_when_it_is_public(db: None) -> None:
    row = publish(1)
    found = Client().get("/feeds/cap/AL-2025-0001-1.xml")
    assert (found.status_code, found.content.decode(), found["Content-Type"]) == (
        200, row.xml, "application/cap+xml; charset=utf-8",
    )  # fmt: skip
    assert Client().get("/feeds/cap/AL-2025-0001-1.xml", headers={"If-None-Match": found["ETag"]}).status_code == 304
    publish(2, scope="Restricted")
    publish(3, mode="exercise")
    for number in (2, 3, 9):
        assert Client().get(f"/feeds/cap/AL-2025-000{number}-1.xml").status_code == 404


@pytest.mark.req("R11.16")
def test_the_restricted_feed_holds_what_its_reader_sees(cast: make.Cast, as_: Callable[[str], Client]) -> None:
    publish(1)
    publish(2, scope="Restricted")
    publish(3, scope="Restricted", mode="exercise")
    address = reverse("api:restricted_feed", args=["atom"])
    assert Client().get(address).status_code == 401
    duty = as_("duty").get(address)
    assert links(duty) == ["AL-2025-0001-1", "AL-2025-0002-1"]
    assert (duty["Cache-Control"], "Authorization" in duty["Vary"]) == ("private, no-cache", True)
    assert as_("duty").get(address, headers={"If-None-Match": duty["ETag"]}).status_code == 304
    assert as_("approver").get(address)["ETag"] != duty["ETag"]
    assert "AL-2025-0002-1" not in as_("stranger").get(address).content.decode()
    assert (
        as_("duty").get(reverse("api:restricted_message", args=["AL-2025-0002-1"])).content.decode()
        == "<alert>2</alert>"
    )
    assert as_("stranger").get(reverse("api:restricted_message", args=["AL-2025-0002-1"])).status_code == 404
    # What a signed-in reader asks of the public feed is what everybody gets.
    assert links(as_("duty").get(ATOM)) == links(Client().get(ATOM)) == ["AL-2025-0001-1.xml"]


@pytest.mark.req("R11.16")
def test_a_program_reads_it_with_a_token(cast: make.Cast) -> None:
    publish(2, scope="Restricted")
    _row, token = tokens.issue(
        account=cast.account("duty"), name="reader", days=30, actor=cast.actor("duty"), now=make.NOW
    )
    found = Client().get(reverse("api:restricted_feed", args=["rss"]), headers={"Authorization": f"Bearer {token}"})
    assert links(found) == ["AL-2025-0002-1"]


def test_a_feed_of_long_texts_stays_below_its_size(db: None) -> None:
    for number in range(1, 200):
        publish(number, texts={"fr": {"headline": "h", "description": "é" * 5000}})
    assert len(Client().get(ATOM).content) <= queries.MOST_BYTES
    assert len(Client().get(RSS).content) <= queries.MOST_BYTES


@pytest.mark.req("R11.19")
def test_the_page_tells_how_to_subscribe(tmp_path: Path, cast: make.Cast, as_: Callable[[str], Client]) -> None:
    from pasaj.respond.services import signing

    with override_settings(PASAJ_HOME=tmp_path):
        page = as_("partner").get(reverse("respond:feeds")).content.decode()
        assert "http://testserver/feeds/alerts.atom" in page
        key = signing.key()
        assert key.fingerprint in as_("partner").get(reverse("respond:feeds")).content.decode()
    assert Client().get(reverse("respond:feeds")).status_code == 302
