"""Situation reports in the browser and for programs: who opens what, the editor, the steps, the files."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import make
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from respond import reporting
from respond.reporting import drafted, let_go

from pasaj.core.sitrep import PARTS
from pasaj.respond.models import Sitrep
from pasaj.share.models import Release

pytestmark = [pytest.mark.django_db, pytest.mark.req("R11.78")]
WHO = ("chief", "duty", "approver", "analyst", "partner", "stranger")
CELL = frozenset({"duty", "approver", "analyst"})
READERS = CELL | {"chief", "partner"}
Sign = Callable[[str], Client]


def body(answer: Any) -> str:
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode(errors="replace")


@pytest.fixture
def reports(country: make.Country, cast: make.Cast) -> dict[str, Sitrep]:
    """One that was sent, and the draft that starts from it."""
    reporting.happened(country)
    sent = let_go(cast, drafted(cast))
    sent.state, sent.sent_at, sent.message = "sent", make.NOW, "MS-2025-0001"
    sent.save()
    return {"sent": sent, "draft": drafted(cast, previous=sent.code, who="analyst")}


def test_who_opens_what(reports: dict[str, Sitrep], as_: Sign) -> None:
    sent, draft = (reports[name].code for name in ("sent", "draft"))
    pages = {
        reverse("respond:sitrep-list"): frozenset(WHO),
        reverse("respond:sitrep-new"): frozenset({"duty", "analyst"}),
        reverse("respond:sitrep", args=[sent]): READERS,
        reverse("respond:sitrep", args=[draft]): CELL,
        reverse("respond:sitrep-edit", args=[draft]): frozenset({"duty", "analyst"}),
        reverse("respond:sitrep-edit", args=[sent]): frozenset(),
        reverse("respond:sitrep-chat", args=[sent]): READERS,
        reverse("respond:sitrep-file", args=[sent, "whole", "fr", "pdf"]): CELL,
        reverse("respond:sitrep-file", args=[sent, "share", "fr", "pdf"]): READERS,
        reverse("respond:sitrep-file", args=[sent, "share", "de", "pdf"]): frozenset(),
        reverse("api:sitrep_rows"): frozenset(WHO),
        reverse("api:sitrep_detail", args=[sent]): READERS,
        reverse("api:sitrep_detail", args=[draft]): CELL,
    }
    expected, found = {}, {}
    for who in WHO:
        client = as_(who)
        for url, may in pages.items():
            answer = client.get(url)
            body(answer)
            expected[who, url], found[who, url] = 200 if who in may else 404, answer.status_code
    assert found == expected


def test_who_only_gets_what_may_be_passed_on_reads_no_count(reports: dict[str, Sitrep], as_: Sign) -> None:
    sent = reports["sent"].code
    urls = [
        reverse("respond:sitrep-list"),
        reverse("respond:sitrep", args=[sent]) + "?edition=whole",
        reverse("respond:sitrep-chat", args=[sent]) + "?edition=whole",
        reverse("api:sitrep_rows"),
        reverse("api:sitrep_detail", args=[sent]) + "?edition=whole",
    ]
    read = {who: [url for url in urls if "420" in body(as_(who).get(url))] for who in ("partner", "chief", "duty")}
    assert read == {"partner": [], "chief": [], "duty": [url for url in urls if "rows" not in url and url != urls[3]]}
    told = {who: "unofficial crossing 1" in "".join(body(as_(who).get(url)) for url in urls) for who in read}
    assert told == {"partner": False, "chief": False, "duty": True}


def test_the_list_asks_a_constant_number_of_questions(country: make.Country, cast: make.Cast, as_: Sign) -> None:
    client, counted = as_("duty"), []
    for at in range(3):
        drafted(cast, reporting.at(-at - 1), previous="")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(reverse("respond:sitrep-list"))
        counted.append(len(asked))
    assert counted[0] == counted[2]


def test_it_is_drafted_edited_submitted_and_approved_on_pages(country: make.Country, as_: Sign) -> None:
    reporting.happened(country)
    duty, approver = as_("duty"), as_("approver")
    asked = {"as_of": "2025-10-01T08:00", "previous": "last", "mode": "actual"}
    answer = duty.post(reverse("respond:sitrep-new"), asked)
    row = Sitrep.objects.get()
    edit = reverse("respond:sitrep-edit", args=[row.code])
    assert (answer.status_code, answer["Location"], row.as_of_at) == (302, edit, make.NOW)
    page = body(duty.get(edit + "?lang=fr"))
    assert [part for part in PARTS if f'id="part-{part}"' not in page] == []
    said = {**row.texts["fr"], "needs": "- De l’eau", "seen": row.revision, "stay": "1"}
    assert duty.post(edit + "?lang=fr", said).status_code == 302
    row.refresh_from_db()
    assert (row.texts["fr"]["needs"], row.marks["fr"]["needs"]) == ("- De l’eau", "edited")
    stale = duty.post(edit + "?lang=fr", {**said, "needs": "- Du riz"})
    assert (stale.status_code, "SITREP-002" in body(stale), "- Du riz" in body(stale)) == (409, True, True)
    step = reverse("respond:sitrep-step", args=[row.code])
    assert duty.post(step, {"step": "submit", "seen": row.revision}).status_code == 302
    row.refresh_from_db()
    assert duty.post(step, {"step": "approve", "seen": row.revision}).status_code == 404
    assert approver.post(step, {"step": "return", "seen": row.revision, "reason": ""}).status_code == 422
    assert approver.post(step, {"step": "approve", "seen": row.revision}).status_code == 302
    row.refresh_from_db()
    assert (row.state, approver.post(step, {"step": "dance"}).status_code) == ("approved", 404)
    corrected = duty.post(step, {"step": "correct", "reason": "A count was wrong."})
    assert corrected["Location"] == reverse("respond:sitrep-edit", args=["SR-2025-0002"])


@pytest.mark.parametrize(
    ("typed", "code"),
    [("2030-01-01T08:00", "SITREP-004"), ("yesterday", ""), ("", "")],
)
def test_a_moment_that_cannot_be_is_told_beside_the_form(
    country: make.Country, as_: Sign, typed: str, code: str
) -> None:
    answer = as_("duty").post(
        reverse("respond:sitrep-new"), {"as_of": typed, "previous": "last", "mode": "actual"}
    )  # fmt: skip
    assert (answer.status_code, code in body(answer), Sitrep.objects.count()) == (422, True, 0)


def test_the_facts_are_read_again_from_the_editor(reports: dict[str, Sitrep], as_: Sign) -> None:
    row = reports["draft"]
    step = reverse("respond:sitrep-step", args=[row.code])
    answer = as_("duty").post(step, {"step": "refresh", "seen": row.revision, "as_of": ""})
    assert answer["Location"] == reverse("respond:sitrep-edit", args=[row.code])
    row.refresh_from_db()
    assert list(row.events.order_by("pk").values_list("action", flat=True)) == ["drafted", "refreshed"]
    gone = as_("duty").post(step, {"step": "discard", "seen": "x", "reason": "Not needed."})
    assert (gone.status_code, "SITREP-002" in body(gone)) == (409, True)


def test_the_short_text_is_recorded_as_it_leaves(reports: dict[str, Sitrep], as_: Sign) -> None:
    page = body(as_("duty").get(reverse("respond:sitrep-chat", args=[reports["sent"].code]) + "?lang=ht"))
    assert ("*SR-2025-0001*" in page, 'data-copy="chat-text"' in page) == (True, True)
    assert list(Release.objects.values_list("audience", "kind")) == [("TLP:AMBER", "text")]


def test_programs_get_facts_and_texts(reports: dict[str, Sitrep], as_: Sign) -> None:
    duty = as_("duty")
    rows = json.loads(body(duty.get(reverse("api:sitrep_rows"))))
    assert [(one["code"], one["state"], one["previous"]) for one in rows] == [
        ("SR-2025-0002", "draft", "SR-2025-0001"),
        ("SR-2025-0001", "sent", None),
    ]
    one = json.loads(body(duty.get(reverse("api:sitrep_detail", args=["SR-2025-0001"]))))
    assert (one["edition"], one["facts"]["reporting"]["reported"], one["texts"]["en"]["headline"]) == (
        "whole", 12, "Returns at Northgate: 420, above usual (140 to 140; Daily register).",
    )  # fmt: skip
    shared = json.loads(body(as_("partner").get(reverse("api:sitrep_detail", args=["SR-2025-0001"]))))
    assert (shared["edition"], shared["facts"], shared["texts"]["en"]["headline"]) == (
        "share", None, "Returns at Northgate: several hundred, above usual (Daily register).",
    )  # fmt: skip


def test_a_code_leads_to_its_page(reports: dict[str, Sitrep], as_: Sign) -> None:
    answer = as_("duty").get(reverse("site:search"), {"q": "sr-2025-0001"})
    assert answer["Location"] == reverse("respond:sitrep", args=["SR-2025-0001"])
    assert as_("partner").get(reverse("site:search"), {"q": "SR-2025-0002"}).status_code == 200
