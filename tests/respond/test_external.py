"""Alerts of other services: fetched from a real server, kept, and made signals for triage."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import make
import pytest
from core.cap import messages
from django.db import DatabaseError, transaction
from django.test import Client, override_settings
from django.urls import reverse
from respond.serving import Server, server

from pasaj.core import cap
from pasaj.core.cap import feeds
from pasaj.core.problems import Refused
from pasaj.respond.models import Alert, ExternalAlert, Feed
from pasaj.respond.services import external, fetching, signing
from pasaj.watch.models import Signal, SignalEvent
from pasaj.watch.queries import signals as queries
from pasaj.watch.services import signals

pytestmark = pytest.mark.django_db
REAL = datetime(2026, 11, 30, 15, 0, tzinfo=UTC)


@pytest.fixture
def site() -> Iterator[Server]:
    with server() as running:
        yield running


@pytest.fixture(autouse=True)
def home(tmp_path: Path) -> Iterator[None]:
    with override_settings(PASAJ_HOME=tmp_path):
        yield


def message(number: int = 1, **given: Any) -> bytes:
    """A message in force at the business clock of the tests."""
    sent = make.NOW - timedelta(hours=1)
    info = {
        "expires": make.NOW + timedelta(hours=6), "effective": None, "onset": None, "resource": (),
        "sender_name": "River office", "area": (messages.area(geocode=(cap.Pair("pcode", "TL0101"),)),),
    }  # fmt: skip
    told = (messages.info("fr", **info), messages.info("es", **info))
    plain = {
        "identifier": f"R-{number}", "sender": "river@example.org", "sent": sent, "msg_type": "Alert",
        "scope": "Public",
        "restriction": "", "references": (), "info": told,
    }  # fmt: skip
    return cap.build(messages.alert(**{**plain, **given}))


def fill(site: Server, *data: bytes, form: Any = feeds.atom) -> None:
    entries = []
    for number, one in enumerate(data):
        site.pages[f"/{number}-{len(one)}-{hash(one)}.xml"] = one
    for path in reversed([path for path in site.pages if path != "/feed"]):
        entries.append(feeds.Entry(path, "a", "b", "fr", path, "c", REAL))
    site.pages["/feed"] = form(feeds.Channel("k", "t", "/feed", "/", "fr", REAL), entries)


def source(site: Server, cast: make.Cast, **given: Any) -> Feed:
    wanted = external.Wanted(**{"code": "RIVER", "name": "River office", "url": f"{site.url}/feed", **given})
    return external.add(wanted=wanted, actor=cast.actor("duty"), now=make.NOW, real_now=REAL)


def ask(minutes: int = 0) -> int:
    return external.ask_due(now=make.NOW, real_now=REAL + timedelta(minutes=minutes))


def codes(row: ExternalAlert) -> list[str]:
    return [one["code"] for one in row.problems]


@pytest.mark.req("R11.17")
@pytest.mark.parametrize("form", [feeds.atom, feeds.rss])
def test_a_message_becomes_one_signal_for_triage(site: Server, cast: make.Cast, form: Any) -> None:
    fill(site, message(), form=form)
    feed = source(site, cast)
    assert ask() == 1
    row = ExternalAlert.objects.get()
    assert (row.sender, row.identifier, row.type, row.trusted, codes(row)) == (
        "river@example.org", "R-1", "Alert", False, ["SIGN-001"],
    )  # fmt: skip
    signal = Signal.objects.get()
    assert (row.signal_id, signal.kind, signal.state, signal.run, Alert.objects.count()) == (
        signal.pk, "external", "new", None, 0,
    )  # fmt: skip
    assert queries.line(signal).what == "River office · The river rises (fr) · Along the river"
    assert queries.line(signal).against == "RIVER R-1"
    feed.refresh_from_db()
    assert (feed.problem, feed.failures, feed.next_at) == (None, 0, REAL + timedelta(minutes=10))
    assert ask(5) == 0
    assert ask(11) == 1
    assert [status for _path, status in site.asked] == [200, 200, 304]
    assert (ExternalAlert.objects.count(), Signal.objects.count()) == (1, 1)


@pytest.mark.req("R11.18")
def test_updates_and_cancellations_are_notes(site: Server, cast: make.Cast) -> None:
    source(site, cast)
    about = (cap.Reference("river@example.org", "R-1", cap.timestamp(make.NOW - timedelta(hours=1))),)
    fill(site, message(1))
    ask()
    fill(site, message(1), message(2, msg_type="Update", references=about))
    ask(11)
    fill(site, message(3, msg_type="Cancel", references=about), message(9, msg_type="Cancel"))
    ask(30)
    signal = Signal.objects.get()
    assert list(ExternalAlert.objects.order_by("identifier").values_list("identifier", "signal_id")) == [
        ("R-1", signal.pk), ("R-2", signal.pk), ("R-3", signal.pk), ("R-9", None),
    ]  # fmt: skip
    notes = list(SignalEvent.objects.filter(action="noted").order_by("id").values_list("note", flat=True))
    assert [one.split(":")[0] for one in notes] == ["Update R-2", "Cancel R-3"]


@pytest.mark.req("R11.18")
@pytest.mark.parametrize(
    "given",
    [{"status": "Exercise"}, {"status": "Test"}, {"status": "Draft"}, {"status": "System"}, {"msg_type": "Ack"},
     {"info": (messages.info(expires=make.NOW - timedelta(days=1)),)}],
)  # fmt: skip
def test_what_is_not_in_earnest_or_past_is_kept_and_no_signal(site: Server, cast: make.Cast, given: Any) -> None:
    fill(site, message(**given))
    source(site, cast)
    ask()
    assert (ExternalAlert.objects.count(), Signal.objects.count()) == (1, 0)


@pytest.mark.req("R11.18")
def test_what_cannot_be_read_is_kept_with_its_problem(site: Server, cast: make.Cast) -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY a "x">]><alert>&a;</alert>'
    fill(site, message().replace(b"cap:1.2", b"cap:1.1"), bomb, b"\x00not xml", message(7)[:300], b"x" * 999_999)
    source(site, cast)
    ask()
    found = {tuple(codes(row)) for row in ExternalAlert.objects.all()}
    assert found == {
        ("CAP-004", "SIGN-001"),
        ("CAP-003", "SIGN-001"),
        ("CAP-002", "SIGN-002"),
        ("CAP-003", "SIGN-002"),
    } - {("CAP-003", "SIGN-002")}
    assert (ExternalAlert.objects.count(), Signal.objects.count()) == (5, 0)


@pytest.mark.req("R11.18")
def test_pinned_certificates_decide_what_becomes_a_signal(site: Server, cast: make.Cast) -> None:
    signed, key = signing.sign(message(1)), signing.key()
    fill(site, signed, message(2), signed.replace(b"The river rises", b"The river falls"))
    source(site, cast, pinned=(key.fingerprint.upper(),))
    ask()
    found = {(row.trusted, *codes(row)) for row in ExternalAlert.objects.all()}
    assert found == {(True,), (False, "SIGN-001"), (False, "SIGN-002")}
    assert [row.identifier for row in ExternalAlert.objects.filter(signal__isnull=False)] == ["R-1"]


def test_a_certificate_that_is_not_pinned_or_has_expired(site: Server, cast: make.Cast) -> None:
    signed, key = signing.sign(message(1)), signing.key()
    feed = source(site, cast, pinned=("0" * 64,))
    row = external.keep(feed=feed, address="a", data=signed, now=make.NOW, real_now=REAL)
    assert (row.signal, codes(row)) == (None, ["SIGN-003"])
    feed = source(site, cast, code="OTHER", pinned=(key.fingerprint,))
    late = key.until + timedelta(days=1)
    row = external.keep(feed=feed, address="a", data=signed, now=make.NOW, real_now=late)
    assert (row.signal, codes(row)) == (None, ["SIGN-004"])


@pytest.mark.req("R11.17")
def test_a_source_that_fails_is_asked_later_each_time(site: Server, cast: make.Cast) -> None:
    feed = source(site, cast)
    waits = []
    now = REAL
    for page in (500, 500, b"<html/>", 404):
        site.pages["/feed"] = page
        external.ask_due(now=make.NOW, real_now=now)
        feed.refresh_from_db()
        waits.append((feed.problem["code"], feed.failures, (feed.next_at - now) / timedelta(minutes=10)))
        now = feed.next_at
    assert waits == [("FEED-004", 1, 2.0), ("FEED-004", 2, 4.0), ("FEED-006", 3, 8.0), ("FEED-004", 4, 16.0)]
    fill(site)
    external.ask_due(now=make.NOW, real_now=now)
    feed.refresh_from_db()
    assert (feed.problem, feed.failures, feed.next_at - now) == (None, 0, timedelta(minutes=10))
    assert external.pause(10, 60) == timedelta(hours=24)


@pytest.mark.req("R11.17")
def test_a_message_that_is_missing_is_fetched_with_a_later_round(site: Server, cast: make.Cast) -> None:
    fill(site, message(1), message(2))
    path = sorted(site.pages)[0]
    kept, site.pages[path] = site.pages[path], 503
    feed = source(site, cast)
    ask()
    feed.refresh_from_db()
    assert (ExternalAlert.objects.count(), feed.problem["code"], feed.etag) == (1, "FEED-004", "")
    site.pages[path] = kept
    ask(11)
    feed.refresh_from_db()
    assert (ExternalAlert.objects.count(), feed.problem) == (2, None)


def said(url: str, **given: Any) -> str:
    with pytest.raises(Refused) as refused:
        fetching.fetch(url, most=given.pop("most", 1000), **given)
    return refused.value.problems[0].code


@pytest.mark.req("R11.17")
def test_what_is_not_fetched(site: Server) -> None:
    site.pages |= {"/big": b"x" * 2000, "/away": "http://localhost:1/", "/file": "file:///etc/passwd", "/on": "/big"}
    site.pages["/https"] = site.url.replace("http:", "https:") + "/x"
    for url in (
        "file:///etc/passwd",
        "ftp://x.org/",
        "http://",
        "http://a:b@x.org/",
        "http://x y/",
        "x",
        "http://[::1/",
    ):
        assert said(url) == "FEED-001"
    assert said(f"{site.url}/away") == "FEED-002"
    assert said(f"{site.url}/file") == "FEED-002"
    assert said(f"{site.url}/https") == "FEED-002"
    assert said(f"{site.url}/big") == "FEED-005"
    assert said(f"{site.url}/none") == "FEED-004"
    assert len(fetching.fetch(f"{site.url}/on", most=5000).data) == 2000
    assert said("http://no-such-name.invalid/") == "FEED-003"
    # A feed of elsewhere that points to this machine, or to one beside it.
    assert said(f"{site.url}/big", home="http://feeds.example.org/") == "FEED-002"
    assert said("http://no-such-name.invalid/", home=site.url) == "FEED-003"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        assert said(f"http://127.0.0.1:{free.getsockname()[1]}/") == "FEED-003"


def test_a_feed_of_ten_megabytes_is_refused(site: Server, cast: make.Cast) -> None:
    site.pages["/feed"] = b"<rss>" + b" " * feeds.MOST_BYTES + b"</rss>"
    feed = source(site, cast)
    ask()
    feed.refresh_from_db()
    assert feed.problem["code"] == "FEED-005"


@pytest.mark.req("R11.17")
def test_a_source_that_is_typed_wrong_is_refused_with_every_field(site: Server, cast: make.Cast) -> None:
    with pytest.raises(Refused) as refused:
        source(site, cast, code="river", name=" ", url="x", minutes=0, pinned=("ab",))
    assert [(one.code, one.column) for one in refused.value.problems] == [
        ("FEED-011", "code"), ("FEED-013", "name"), ("FEED-001", "url"), ("FEED-010", "minutes"),
        ("FEED-009", "pinned"),
    ]  # fmt: skip
    source(site, cast)
    with pytest.raises(Refused, match="FEED-008"):
        source(site, cast)
    assert Feed.objects.count() == 1


def test_a_stopped_source_is_not_asked(site: Server, cast: make.Cast) -> None:
    fill(site, message())
    feed = source(site, cast)
    external.stop(code=feed.code, actor=cast.actor("duty"), now=make.NOW, real_now=REAL)
    assert (external.is_due(REAL), ask(99)) == (False, 0)
    external.resume(code=feed.code, actor=cast.actor("duty"), now=make.NOW, real_now=REAL)
    assert (external.is_due(REAL), ask()) == (True, 1)


def test_what_came_is_never_changed(site: Server, cast: make.Cast) -> None:
    feed = source(site, cast)
    row = external.keep(feed=feed, address="a", data=message(), now=make.NOW, real_now=REAL)
    assert external.keep(feed=feed, address="b", data=message(), now=make.NOW, real_now=REAL) == row
    with pytest.raises(DatabaseError), transaction.atomic():
        ExternalAlert.objects.update(trusted=True)


def test_texts_of_others_never_stop_the_note(site: Server, cast: make.Cast) -> None:
    feed = source(site, cast)
    external.keep(feed=feed, address="a", data=message(1), now=make.NOW, real_now=REAL)
    about = (cap.Reference("river@example.org", "R-1", cap.timestamp(make.NOW - timedelta(hours=1))),)
    named = messages.info(
        headline="Passport AB1234567 of Jean Baptiste, born 01/02/1980, phone 3701 2345",
        expires=make.NOW + timedelta(hours=3),
    )
    data = message(2, msg_type="Update", references=about, info=(named,))
    external.keep(feed=feed, address="b", data=data, now=make.NOW, real_now=REAL)
    assert SignalEvent.objects.filter(action="noted").count() == 1
    assert signals.possible("new") == ("acknowledge", "verify", "discard", "note")


@pytest.mark.req("R11.19")
def test_sources_on_the_page(site: Server, cast: make.Cast, as_: Callable[[str], Client]) -> None:
    fill(site, message())
    address = reverse("respond:source-add")
    typed = {"code": "RIVER", "name": "River office", "url": f"{site.url}/feed", "pinned": "", "minutes": "10"}
    assert as_("analyst").post(address, typed).status_code == 404
    assert as_("duty").post(address, {**typed, "url": "x"}).status_code == 422
    assert as_("duty").post(address, {**typed, "url": ""}).status_code == 422
    assert as_("duty").post(address, typed).status_code == 302
    ask()
    external.ask(feed=Feed.objects.get(), now=make.NOW, real_now=REAL)
    page = as_("duty").get(reverse("respond:feeds"))
    assert page.status_code == 200
    assert "River office · The river rises (" in page.content.decode()
    assert [row.code for row, _health in page.context["sources"]] == ["RIVER"]
    partner = as_("partner").get(reverse("respond:feeds"))
    assert (partner.status_code, "RIVER" in partner.content.decode()) == (200, False)
    turn = reverse("respond:source-turn", args=["RIVER"])
    assert as_("analyst").post(turn).status_code == 404
    assert as_("duty").post(turn).status_code == 302
    assert Feed.objects.get().stopped_at is not None
    as_("duty").post(turn)
    assert Feed.objects.get().stopped_at is None


def test_a_signal_of_another_service_opens(site: Server, cast: make.Cast, as_: Callable[[str], Client]) -> None:
    feed = source(site, cast)
    row = external.keep(feed=feed, address="a", data=message(), now=make.NOW, real_now=REAL)
    assert row.signal is not None
    assert row.signal.area is not None or row.signal.area is None
    for language, text in (("fr", "(fr)"), ("es", "(es)"), ("ht", "(fr)"), ("en", "(fr)")):
        client = as_("duty")
        client.cookies["language"] = language
        page = client.get(reverse("watch:signal", args=[row.signal.code])).content.decode()
        assert f"River office · The river rises {text} · Along the river" in page
