"""How answers and what became of them are told: places by name, a problem once, links to what was made."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import make
import pytest
from collect import filled, phone, returns
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pasaj.access.rules import SYSTEM
from pasaj.collect.models import Outcome, Submission
from pasaj.core import periods
from pasaj.core.forms.fields import Field
from pasaj.watch.services import incidents, status

pytestmark = pytest.mark.django_db
As = Callable[[str], Client]
NORTH, SOUTH, UNOFFICIAL, TOWN = "TL-BCP-NOR", "TL-BCP-SOU", "TL-UBP-01", "TL0101"
LISTED = {"choices_file": "crossings.csv"}
FIELDS = [
    Field("crossing", "crossing", "select_one", labels={"en": "Crossing"}, **LISTED),
    Field("seen", "seen", "select_multiple", labels={"en": "Seen"}, **LISTED),
    Field("far", "far", "group", labels={"en": "Far away"}),
    Field("far/goats", "goats", "integer", "int", labels={"en": "Goats"}),
    Field("sum", "sum", "calculate"),
    Field("last", "last", "integer", "int", labels={"en": "Last"}),
]


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def facts(answer: Any) -> list[tuple[str, str]]:
    found = re.findall(r"<dt>\s*(.*?)\s*</dt>\s*<dd>\s*(.*?)\s*</dd>", answer.content.decode(), re.DOTALL)
    return [(term, re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", value)).strip()) for term, value in found]


def visit(country: make.Country, crossing: str, seen: str = "", instance: str = "uuid:v1") -> Submission:
    if not Submission.objects.filter(form__form_id="visits").exists():
        phone.form("visits", title="Visit", fields=[one.plain() for one in FIELDS])
    who = phone.sender(phone.key()[0])
    xml = (
        f"<data id='visits' version='1'><crossing>{crossing}</crossing><seen>{seen}</seen><far><goats>3</goats></far>"
        f"<sum>7</sum><last>1</last><meta><instanceID>{instance}</instanceID></meta></data>"
    )
    row = Submission.objects.get(receipt=phone.send(who, xml.encode()).receipt)
    row.crossing = country.crossings.get(crossing)
    row.save()
    return row


def test_places_of_the_shared_list_are_named(country: make.Country, as_: As) -> None:
    row = visit(country, NORTH, f"{SOUTH} {TOWN} {UNOFFICIAL} XX")
    client = as_("duty")
    client.cookies["language"] = "fr"
    told = facts(client.get(f"/collect/submissions/{row.receipt}/"))
    assert told[:5] == [
        ("Crossing", f"Northgate ({NORTH})"),
        # The line of a commune is named as the phone names it; what the list never held stays a code.
        ("Seen", f"Southgate ({SOUTH}), Hill town (fr) : passage non officiel ({TOWN}), {UNOFFICIAL}, XX"),
        ("Goats", "3"), ("Last", "1"), ("sum", "7"),
    ]  # fmt: skip
    html = client.get(f"/collect/submissions/{row.receipt}/").content.decode()
    # A question outside the group does not stand under its heading.
    assert re.findall(r"<h3>(.*?)</h3>|(<hr>)", html) == [("Far away", ""), ("", "<hr>")]


def test_naming_places_costs_the_same_for_many(country: make.Country, as_: As) -> None:
    one, many = visit(country, NORTH), visit(country, NORTH, f"{SOUTH} {TOWN}", "uuid:v2")
    client, counted = as_("duty"), []
    client.get("/")
    for row in (one, many):
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/collect/submissions/{row.receipt}/")
        counted.append(len(asked))
    assert counted[0] == counted[1]


def test_a_changed_place_is_named_on_both_sides(country: make.Country, as_: As) -> None:
    row = visit(country, NORTH)
    who = phone.sender(row.app_user) if row.app_user else None
    assert who is not None
    phone.send(
        who,
        f"<data id='visits' version='1'><crossing>{SOUTH}</crossing><far><goats>3</goats></far><sum>7</sum>"
        "<last>1</last><meta><instanceID>uuid:v9</instanceID><deprecatedID>uuid:v1</deprecatedID></meta></data>".encode(),
    )
    text = text_of(as_("duty").get(f"/collect/submissions/{row.receipt}/"))
    assert f"Crossing Northgate ({NORTH}) Southgate ({SOUTH})" in text


def test_the_tray_tells_a_problem_once_with_what_it_concerns(country: make.Country, as_: As) -> None:
    row = filled.report(filled.sender(country), "uuid:1", country, NORTH)
    Submission.objects.filter(pk=row.pk).update(processing="failed")
    problem = {"code": "OBS-002", "params": {"value": "2026-01-01", "latest": "2025-10-01"}}
    other = {"code": "OBS-003", "params": {"value": -4}}
    for position, plain in (("count", problem), ("stall[2].price", problem), ("count#2", problem), ("note", other)):
        Outcome.objects.create(
            version=row.current, kind="observation", position=position, state="failed", created_at=make.NOW,
            problem={"file": "", "row": None, "column": position, **plain},
        )  # fmt: skip
    for address in ("/collect/tray/", f"/collect/submissions/{row.receipt}/"):
        text = text_of(as_("duty").get(address))
        assert (text.count("OBS-002"), text.count("OBS-003")) == (1, 1)
    assert "OBS-002 Concerns: Persons · Price (2)" in text_of(as_("duty").get("/collect/tray/"))
    # Who may not read the answers is told neither: the words of a problem may repeat them.
    Submission.objects.update(held=True)
    assert "OBS-00" not in text_of(as_("duty").get("/collect/tray/"))


def made(row: Submission, kind: str, code: str, **data: Any) -> None:
    assert row.current is not None
    Outcome.objects.create(
        version=row.current,
        kind=kind,
        position=f"{kind}[{code}]",
        code=code,
        state="done",
        data=data,
        created_at=make.NOW,
    )


@pytest.mark.req("R2.16")
def test_everything_made_leads_to_its_page(country: make.Country, as_: As) -> None:
    returns.protocol()
    make.incident_types()
    row = filled.report(filled.sender(country), "uuid:1", country, NORTH)
    series = country.series(NORTH)
    figure = country.observe(series, make.TODAY - timedelta(days=1), 12)
    event, elsewhere = (
        incidents.record(
            type_code="drugs", place_code=place, period=periods.Period(date(2025, 9, 30), date(2025, 9, 30)),
            quantities=[], source="REG", origin="form", actor=SYSTEM, now=make.NOW,
        )
        for place in (NORTH, SOUTH)
    )  # fmt: skip
    report = status.report(
        crossing_code=NORTH,
        side="own",
        state="partly",
        since=date(2025, 9, 30),
        cause="Flood",
        actor=SYSTEM,
        now=make.NOW,
    )
    made(row, "observation", series.code, observation=figure.pk, value="12")
    made(row, "incident", event.code)
    made(row, "crossing_status", report.code)
    made(row, "return_operation", "", **returns.data())

    def links(who: str) -> list[str]:
        html = as_(who).get(f"/collect/submissions/{row.receipt}/").content.decode()
        table = html.partition('aria-label="What it produced"')[2].partition("</table>")[0]
        return [one.replace("&amp;", "&") for one in re.findall(r'href="(.*?)"', table)]

    every = [
        f"/figures/{figure.pk}/", f"/incidents/{event.code}/", f"/crossings/{NORTH}/status/#{report.code}",
        f"/collect/protocols/TL-XX-1999/operations/?receipt={row.receipt}&from=2025-09&to=2025-09",
    ]  # fmt: skip
    assert {who: links(who) for who in ("duty", "chief")} == {"duty": every, "chief": every}
    for address in every:
        page = as_("chief").get(address)
        assert page.status_code == 200
    assert f'id="{report.code}"' in as_("chief").get(every[2]).content.decode()
    # The operations lead back to the report.
    assert f'href="/collect/submissions/{row.receipt}/"' in as_("duty").get(every[3]).content.decode()
    # Who may not see a row is told its code and nothing more.
    made(row, "incident", elsewhere.code)
    assert (len(links("duty")), links("chief")) == (5, every)
