"""The cell's pages over what was sent: who opens them, what they tell, and what they keep back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import make
import pytest
from collect import filled, phone
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pasaj.access.models import AuditEntry
from pasaj.collect.models import Attachment, Check, Outcome, Redaction, Submission
from pasaj.collect.services import review
from pasaj.collect.services.submissions import Sender

pytestmark = pytest.mark.django_db
As = Callable[[str], Client]
CELL = {"duty", "approver", "analyst", "admin", "dpo"}
WORDS = "met-by-the-river"
NORTH, SOUTH, UNOFFICIAL = "TL-BCP-NOR", "TL-BCP-SOU", "TL-UBP-01"


def body(answer: Any) -> str:
    return str((b"".join(answer.streaming_content) if answer.streaming else answer.content).decode())


def page(row: Submission) -> str:
    return f"/collect/submissions/{row.receipt}/"


def facts(text: str) -> dict[str, str]:
    """Terms and values of a page."""
    found = re.findall(r"<dt>\s*(.*?)\s*</dt>\s*<dd>\s*(.*?)\s*</dd>", text, re.DOTALL)
    return {term: re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", value)).strip() for term, value in found}


@pytest.fixture
def who(country: make.Country) -> Any:
    return filled.sender(country)


@pytest.mark.req("R7.1")
def test_who_sees_and_who_reads(country: make.Country, who: Any, as_: As) -> None:
    north = filled.report(who, "uuid:1", country, NORTH, note=WORDS)
    south = filled.report(who, "uuid:2", country, SOUTH, note=WORDS)
    held = filled.report(who, "uuid:3", country, NORTH, note=WORDS, held=True, state="quarantined", reasons=["screen"])
    found = {}
    for one in make.CAST:
        client = as_(one)
        listed = re.findall(r'href="/collect/submissions/([\w-]+)/"', body(client.get("/collect/submissions/")))
        opened = {row.receipt: client.get(page(row)) for row in (north, south, held)}
        read = [receipt for receipt, answer in opened.items() if WORDS in body(answer)]
        seen = [receipt for receipt, answer in opened.items() if answer.status_code == 200]
        api = [item["receipt"] for item in client.get("/api/v1/submissions").json()["items"]]
        assert sorted(listed) == sorted(seen) == sorted(api)
        found[one] = (set(seen), set(read))
    every, own = {north.receipt, south.receipt, held.receipt}, {north.receipt, held.receipt}
    free = {north.receipt, south.receipt}
    cell = dict.fromkeys(CELL, (every, free))
    assert found == {
        **cell, "dpo": (every, every), "chief": (own, {north.receipt}),
        "partner": (set(), set()), "stranger": (set(), set()),
    }  # fmt: skip


def test_what_was_held_is_said_to_be_there_and_why(country: make.Country, who: Any, as_: As) -> None:
    row = filled.report(
        who, "uuid:1", country, NORTH, note=WORDS, held=True, state="quarantined", reasons=["screen"],
        files={"x.jpg": b"x"},
    )  # fmt: skip
    filled.failure(row, value=WORDS)
    Submission.objects.update(processing="waiting")
    for address in (page(row), f"{page(row)}?version=1", "/collect/tray/", "/collect/submissions/?reason=screen"):
        told = body(as_("duty").get(address))
        assert (row.receipt in told, "may name a person" in told, WORDS in told) == (True, True, False)
    number = Attachment.objects.get(name="x.jpg").pk
    assert as_("duty").get(f"{page(row)}files/{number}").status_code == 404
    assert body(as_("dpo").get(f"{page(row)}files/{number}")) == "x"
    post = {"step": "release", "reason": "screen", "seen": review.mark(row)}
    assert as_("duty").post(f"{page(row)}act", post).status_code == 409
    assert as_("chief").post(f"{page(row)}act", post).status_code == 404
    assert Submission.objects.get().held
    assert as_("dpo").post(f"{page(row)}act", post).status_code == 302
    assert (Submission.objects.get().held, Submission.objects.get().state) == (False, "received")
    assert WORDS in body(as_("duty").get(page(row)))


@pytest.mark.req("R2.11")
def test_reading_words_is_written_down(country: make.Country, who: Any, as_: As) -> None:
    quiet = filled.report(who, "uuid:1", country, NORTH)
    words = filled.report(who, "uuid:2", country, NORTH, note=WORDS)
    client = as_("analyst")
    client.get("/collect/submissions/")
    client.get(page(quiet))
    assert AuditEntry.objects.filter(action="submission.viewed").count() == 0
    client.get(page(words))
    assert list(AuditEntry.objects.filter(action="submission.viewed").values_list("code", flat=True)) == [words.receipt]


def test_answers_stand_in_the_forms_order_and_the_readers_words(
    country: make.Country, who: Any, as_: As, cast: make.Cast
) -> None:
    row = filled.report(who, "uuid:1", country, NORTH, note="calm day")
    english = body(as_("duty").get(page(row)))
    told = facts(english)
    assert [(term, told[term]) for term in told if term in {"Persons", "Goods", "Where", "Note", "Photo"}] == [
        ("Persons", "4"), ("Goods", "Rice, Oil"), ("Where", filled.POSITION), ("Note", "calm day"),
    ]  # fmt: skip
    assert re.findall(r"<caption>\s*(.*?)\s*</caption>", english) == ["Stall", "Worker · Stall 1"]
    client = as_("duty")
    client.cookies["language"] = "fr"
    french = facts(body(client.get(page(row))))
    assert (french["Personnes"], french["Biens"]) == ("4", "Riz, Oil")
    # The identity of the device is for those who know the keys.
    assert "collect:secret" in english
    assert "collect:secret" not in body(as_("analyst").get(page(row)))


@pytest.mark.req("R3.3")
def test_positions_are_those_of_their_crossing(country: make.Country, who: Any, as_: As) -> None:
    rows = {
        place: filled.report(who, f"uuid:{place}", country, place, files={"x.jpg": b"x"})
        for place in (NORTH, UNOFFICIAL, "")
    }
    found: dict[str, dict[str, bool]] = {}
    for one in ("duty", "analyst", "admin", "dpo", "chief"):
        for place, row in rows.items():
            answer = as_(one).get(page(row))
            if answer.status_code == 200:
                file = as_(one).get(f"{page(row)}files/{Attachment.objects.get(version=row.current).pk}")
                shown = "19.1234" in body(answer)
                assert (file.status_code == 200) == shown
                body(file)
                found.setdefault(one, {})[place] = shown
    assert found == {
        "duty": {NORTH: True, UNOFFICIAL: True, "": True},
        "analyst": {NORTH: True, UNOFFICIAL: True, "": True},
        "admin": {NORTH: True, UNOFFICIAL: False, "": False},
        "dpo": {NORTH: True, UNOFFICIAL: False, "": False},
        "chief": {NORTH: True},
    }
    features = as_("duty").get("/collect/submissions/map.geojson").json()["features"]
    assert [(one["properties"]["code"], one["geometry"]["coordinates"]) for one in features] == [(NORTH, [-71.7, 19.5])]


def test_a_file_is_handed_over_apart_from_our_pages(country: make.Country, who: Any, as_: As) -> None:
    row = filled.report(who, "uuid:1", country, NORTH, photo="a.html", files={"a.html": b"<script>"})
    answer = as_("duty").get(f"{page(row)}files/{Attachment.objects.get().pk}")
    assert body(answer) == "<script>"
    assert answer["Content-Disposition"] == 'attachment; filename="a.html"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    other = filled.report(who, "uuid:2", country, NORTH)
    assert as_("duty").get(f"{page(other)}files/{Attachment.objects.first().pk}").status_code == 404  # type: ignore[union-attr]


def test_a_correction_stands_beside_what_it_corrects(country: make.Country, who: Any, as_: As) -> None:
    row = filled.report(who, "uuid:1", country, NORTH)
    two = "<stall><kind>oil</kind><price>2.5</price></stall><stall><kind>rice</kind><price>1</price></stall>"
    phone.send(who, filled.answers("uuid:2", count=7, stalls=two, deprecated="uuid:1"))
    text = body(as_("duty").get(page(row)))
    table = text.partition('aria-labelledby="changes"')[2].partition("<tbody>")[2].partition("</tbody>")[0]
    found = re.findall(r"<t[hd](?: scope=\"row\")?>(.*?)</t[hd]>", table, re.DOTALL)
    cells = [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", one)).strip() for one in found]
    assert [tuple(cells[at : at + 3]) for at in range(0, len(cells), 3)] == [
        ("Persons", "4", "7"), ("Kind (1)", "Rice", "Oil"), ("Kind (2)", "—", "Rice"), ("Price (2)", "—", "1"),
        ("Hours (1.1)", "8", "—"),
    ]  # fmt: skip
    old = body(as_("duty").get(f"{page(row)}?version=1"))
    assert (facts(old)["Persons"], "This is version 1" in old) == ("4", True)


def test_outcomes_failures_and_remarks_are_told(country: make.Country, who: Any, as_: As) -> None:
    row = filled.report(who, "uuid:1", country, NORTH)
    filled.failure(row, value=-4)
    series = country.series(NORTH)
    Outcome.objects.create(
        version=row.current, kind="observation", position="visit[1]", code=series.code, state="done",
        created_at=make.NOW,
    )  # fmt: skip
    finding = {"kind": "constraint", "path": "/visit/count", "message": "At most 3"}
    Check.objects.create(version=row.current, engine="x", findings=[finding], checked_at=make.NOW)
    text = body(as_("duty").get(page(row)))
    assert f'href="/series/{series.code}/"' in text
    assert "OBS-003" in text
    assert re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", text)).count(
        "The answer is outside what the form allows: Persons · At most 3"
    ) == 1  # fmt: skip
    tray = body(as_("duty").get("/collect/tray/"))
    assert ("OBS-003" in tray, row.receipt in tray) == (True, True)
    assert "1 report waits in the tray" in body(as_("duty").get("/"))
    assert "waits in the tray" not in body(as_("partner").get("/"))


def test_unknown_versions_borrow_the_newest_questions(country: make.Country, who: Any, as_: As) -> None:
    row = filled.report(who, "uuid:1", country, NORTH, version="99")
    assert (row.state, row.reasons) == ("quarantined", ["version"])
    assert facts(body(as_("duty").get(page(row))))["Persons"] == "4"


def test_what_was_removed_leaves_its_receipt(country: make.Country, who: Any, as_: As) -> None:
    row = filled.report(who, "uuid:1", country, NORTH, note=WORDS)
    Redaction.objects.create(
        submission=row, reason="named a child", asked_at=make.NOW, asked_by_id=1, asked_by="A",
        confirmed_at=make.NOW, confirmed_by_id=2, confirmed_by="B",
    )  # fmt: skip
    assert row.current is not None
    row.current.body.delete()
    Submission.objects.update(state="redacted")
    text = body(as_("duty").get(page(row)))
    assert (row.receipt in text, "named a child" in text, WORDS in text) == (True, True, False)
    assert as_("duty").post(f"{page(row)}act", {"step": "note", "text": "x", "seen": "0"}).status_code == 409


@pytest.mark.req("R2.16")
def test_the_tray_holds_each_reason_the_oldest_first(country: make.Country, who: Any, as_: As) -> None:
    old = filled.report(who, "uuid:1", country, NORTH, state="quarantined", reasons=["device"])
    new = filled.report(who, "uuid:2", country, NORTH, state="quarantined", reasons=["right", "device"])
    Submission.objects.filter(pk=old.pk).update(received_at=make.NOW - timedelta(days=3))
    text = body(as_("duty").get("/collect/tray/"))
    piles = re.findall(r'<h2 id="pile-(\w+)">', text)
    sections = {pile: text.partition(f'<h2 id="pile-{pile}">')[2].partition("</section>")[0] for pile in piles}
    receipts = {pile: re.findall(r'href="/collect/submissions/([\w-]+)/"', one) for pile, one in sections.items()}
    assert receipts == {"device": [old.receipt, new.receipt], "right": [new.receipt]}
    post = {"step": "release", "reason": "device", "seen": review.mark(old), "back": "tray"}
    assert as_("duty").post(f"{page(old)}act", post)["Location"] == "/collect/tray/"
    assert Submission.objects.get(pk=old.pk).state == "received"
    # The analyst may look, and finds no button.
    assert 'name="step"' not in body(as_("analyst").get("/collect/tray/"))


def test_steps_are_for_those_who_may(country: make.Country, who: Any, as_: As) -> None:
    row = filled.report(who, "uuid:1", country, NORTH)
    may = {}
    for one in make.CAST:
        codes = {}
        for step in ("approve", "reject", "ask", "refuse", "retry", "release", "note", "nonsense"):
            # Out of date on purpose: who may is told so, the others find nothing.
            codes[step] = as_(one).post(f"{page(row)}act", {"step": step, "seen": "0", "text": "x"}).status_code
        may[one] = {step for step, code in codes.items() if code == 409}
        assert set(codes.values()) <= {404, 409}
    look = {"approve", "reject", "ask", "note", "retry"}
    assert may == {
        "duty": look | {"refuse", "release"}, "analyst": look, "dpo": {"refuse", "release", "note"},
        "chief": set(), "approver": set(), "admin": set(), "partner": set(), "stranger": set(),
    }  # fmt: skip


def test_the_list_is_filtered(country: make.Country, who: Any, as_: As) -> None:
    first = filled.report(who, "uuid:1", country, NORTH)
    second = filled.report(who, "uuid:2", country, SOUTH, state="quarantined", reasons=["device"], review="question")
    third = filled.report(who, "uuid:3", country, UNOFFICIAL, processing="failed")
    names = {first.receipt: 1, second.receipt: 2, third.receipt: 3}
    client = as_("duty")

    def found(query: str) -> list[int]:
        text = body(client.get(f"/collect/submissions/?{query}"))
        table = text.partition("<tbody>")[2].partition("</tbody>")[0]
        return sorted(names[one] for one in re.findall(r'"/collect/submissions/([\w-]+)/"', table))

    asked = {
        "": [1, 2, 3], "state=quarantined": [2], "reason=device": [2], "reason=screen": [], "reason=x": [],
        f"crossing={SOUTH}": [2], "area=TL0101": [1, 2, 3], "processing=failed": [3], "review=question": [2],
        f"text={first.receipt[:6].lower()}": [1], "form=market": [1, 2, 3], "form=other": [],
        "from=2025-10-01&to=2025-10-01": [1, 2, 3], "to=2025-09-30": [], "from=2025-10-02": [],
        "to=9999-12-31": [1, 2, 3],
        "period_from=2025-09-30&period_to=2025-09-30": [1, 2, 3], "period_from=2025-10-01": [],
        "from=nonsense": [1, 2, 3],
    }  # fmt: skip
    assert {query: found(query) for query in asked} == asked
    api = client.get("/api/v1/submissions?reason=device").json()
    assert (api["count"], [names[one["receipt"]] for one in api["items"]]) == (1, [2])


def test_pages_ask_as_often_for_many_as_for_one(country: make.Country, who: Any, as_: As) -> None:
    def fill(number: int) -> None:
        filled.report(who, f"uuid:q{number}", country, NORTH, state="quarantined", reasons=["device"])
        filled.failure(filled.report(who, f"uuid:f{number}", country, NORTH, note=WORDS))

    client = as_("duty")
    addresses = ("/collect/submissions/", "/collect/tray/", "/collect/activity/", "/api/v1/submissions",
                 "/collect/submissions/map.geojson")  # fmt: skip

    def counted() -> dict[str, int]:
        made = {}
        for address in addresses:
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address).status_code == 200
            made[address] = len(asked)
        return made

    fill(0)
    client.get("/collect/submissions/")
    one = counted()
    for number in range(1, 4):
        fill(number)
    assert counted() == one


@pytest.mark.req("R3.11")
def test_activity_is_by_place_and_service_never_by_person(country: make.Country, who: Any, as_: As) -> None:
    served = phone.sender(phone.key("Jeanne Secret", institution="IMM")[0])
    for number in range(3):
        filled.report(served, f"uuid:{number}", country, NORTH, photo="p.jpg" if number else "")
    filled.report(who, "uuid:9", country, SOUTH, state="refused")
    old = filled.report(who, "uuid:8", country, SOUTH)
    Submission.objects.filter(pk=old.pk).update(received_at=make.NOW - timedelta(days=40))
    text = body(as_("duty").get("/collect/activity/"))
    table = text.partition("<tbody>")[2].partition("</table>")[0]
    groups = re.findall(r'<th scope="rowgroup"[^>]*>\s*(.*?)\s*</th>', table, re.DOTALL)
    assert (groups, "Secret" in table, "AU-" in table) == (["Northgate", "Southgate"], False, False)
    rows = [one for one in table.split("<tr>") if 'scope="row"' in one]
    ends = [re.findall(r'<td class="num[^"]*">\s*(.*?)\s*</td>', one, re.DOTALL) for one in rows]
    assert ends == [["3", "33%"], ["0", "—"]]


def test_what_the_demonstration_made_up_says_so_on_every_page(country: make.Country, who: Any, as_: As) -> None:
    made_up = Sender("demo", app_user=who.app_user)
    filled.failure(filled.report(made_up, "uuid:1", country, NORTH))
    filled.failure(filled.report(who, "uuid:2", country, SOUTH))
    client = as_("duty")
    marks = {
        address: body(client.get(address)).count("origin-simulated")
        for address in ("/collect/submissions/", "/collect/tray/", "/collect/activity/")
    }
    assert marks == {"/collect/submissions/": 1, "/collect/tray/": 1, "/collect/activity/": 1}
    pages = [
        body(client.get(f"/collect/submissions/{one.receipt}/")).count("origin-simulated")
        for one in Submission.objects.order_by("pk")
    ]
    assert pages == [1, 0]
