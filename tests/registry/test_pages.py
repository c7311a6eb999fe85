"""The pack browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import make
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from make import NOW, names

from pasaj.core.problems import problem
from pasaj.registry.models import (
    Area,
    CalendarRule,
    CrossingPoint,
    ExchangeLayer,
    ExchangeNeed,
    Function,
    Home,
    Institution,
    Instrument,
    Mandate,
    Post,
    TimelineEvent,
)

As = Callable[[str], Client]
PAGES = (
    "/pack/",
    "/pack/instruments/",
    "/pack/functions/",
    "/pack/mandates/",
    "/pack/exchange/",
    "/pack/timeline/",
    "/pack/calendar/",
    "/areas/",
    "/areas/TL/",
    "/institutions/",
    "/institutions/IMM/",
)


def page(client: Client, address: str, language: str = "en") -> str:
    client.cookies["language"] = language
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def text(client: Client, address: str, language: str = "en") -> str:
    """What a reader reads of the main part."""
    main = page(client, address, language).split("<main", 1)[1].split("</main>", 1)[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


EMPTY = [f"/pack/{one}/" for one in ("instruments", "functions", "mandates", "exchange", "timeline", "calendar")]


def a_mandate(code: str, institution: Institution) -> None:
    task = Function.objects.create(code=code, names=names(f"Task {code}"), definitions=names("All of it"), source="x")
    Mandate.objects.create(
        key=code, function=task, institution=institution, role="lead", basis="L-1", valid_start=NOW.date(),
        note="Since the law", source="Gazette", verify="the article",
    )  # fmt: skip


def a_need(code: str, sender: Institution, receiver: Institution) -> None:
    layer = ExchangeLayer.objects.create(code=code, names=names(f"Layer {code}"), source="x")
    ExchangeNeed.objects.create(
        key=code, layer=layer, sender=sender, receiver=receiver, hours=12.0, note="Beforehand", source="x",
        verify="working proposal",
    )  # fmt: skip


@pytest.fixture
def full(country: make.Country) -> make.Country:
    """The small country with one row in every file."""
    north = country.crossings["TL-BCP-NOR"]
    Instrument.objects.create(code="L-1", title="Border law", kind="law", date="1999-12", source="Gazette")
    Instrument.objects.create(code="L-2", title="Undated memo", kind="odd_sort", source="", verify="verify")
    TimelineEvent.objects.create(key="a", date="2010", event="Old flood", kind="disaster", source="Press")
    TimelineEvent.objects.create(key="b", date="2020", event="New bridge", kind="agreement", source="Press")
    rules = (
        ("weekly:mon", north, "market", "Bridge market"),
        ("yearly:12-25", None, "holiday", "Christmas"),
        ("easter:-2", None, "holiday", "Good Friday"),
        ("easter:1", None, "holiday", "Easter Monday"),
        ("easter:0", None, "holiday", "Easter"),
        ("2024-01-02", None, "holiday", "Gone by"),
    )
    for rule, crossing, kind, name in rules:
        country_code = "XX" if kind == "holiday" and rule != "easter:0" else ""
        CalendarRule.objects.create(
            key=rule, rule=rule, crossing=crossing, kind=kind, names=names(name), country=country_code, source="Law"
        )
    a_mandate("CHECK", country.institutions["IMM"])
    a_need("LISTS", country.institutions["IMM"], country.institutions["CELL"])
    Institution.objects.filter(code="IMM").update(verify="check the decree", mandate="Stamps passports")
    Post.objects.update(phone="+509 0000")
    return country


@pytest.mark.parametrize("address", PAGES)
def test_strangers_find_nothing(full: make.Country, as_: As, address: str) -> None:
    assert Client().get(address).status_code == 302
    answer = as_("stranger").get(address)
    seen = answer.content.decode()
    if answer.status_code == 200:
        for secret in (
            "Border law",
            "Old flood",
            "Bridge market",
            "Hill town",
            "Immigration service",
            "Task CHECK",
            "Layer LISTS",
        ):
            assert secret not in seen
    else:
        assert answer.status_code == 404


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("language", ["fr", "ht", "en", "es"])
def test_pages_open_in_every_language(full: make.Country, as_: As, address: str, language: str) -> None:
    seen = page(as_("partner"), address, language)
    assert f'<html lang="{language}"' in seen
    assert len(re.findall(r"<h1>\s*\S", seen)) == 1


@pytest.mark.parametrize("address", ["/areas/XX/", "/institutions/XX/"])
def test_what_does_not_exist_is_not_found(full: make.Country, as_: As, address: str) -> None:
    assert as_("duty").get(address).status_code == 404


def test_before_a_pack_is_loaded(full: make.Country, as_: As) -> None:
    client = as_("duty")
    Home.objects.all().delete()
    assert client.get("/pack/").status_code == 404


@pytest.mark.parametrize("address", PAGES)
def test_pages_are_read_only(full: make.Country, as_: As, address: str) -> None:
    assert as_("admin").post(address).status_code == 405


@pytest.mark.req("R4.4")
def test_the_pack_page_counts_rows_and_verify_marks(full: make.Country, as_: As) -> None:
    warning = problem("PACK-062", file="notes.txt")
    Home.objects.update(warnings=[warning.plain()], licence="CC BY 4.0", layers={"coast": {}})
    Area.objects.filter(code="TL0101").update(retired_at=NOW)
    seen = text(as_("duty"), "/pack/")
    assert "Country pack: Testland" in seen
    assert "4 rows are still to be verified." in seen
    assert "Areas 2 0 1" in seen
    assert "Institutions 3 1 0" in seen
    assert "Laws, agreements and projects 2 1 0" in seen
    assert "Functions 1 0 0 Mandates 1 1 0" in seen
    assert "What services tell each other 1 0 0 Who should tell whom what 1 1 0" in seen
    assert "CC BY 4.0" in seen
    assert "coast" in seen
    assert "Coordination cell" in seen
    assert "1 remark." in seen
    assert "notes.txt: notes.txt is not a file of a pack and is not read." in seen


def test_a_pack_without_remarks_says_so(full: make.Country, as_: As) -> None:
    Home.objects.update(cell="NONE")
    seen = text(as_("duty"), "/pack/")
    assert "The check found nothing to remark on." in seen
    assert "Map layers None" in seen


@pytest.mark.req("R1.1")
def test_institutions_show_mandate_source_and_verify_mark(full: make.Country, as_: As) -> None:
    seen = text(as_("duty"), "/institutions/")
    assert "IMM Immigration service Border agency Stamps passports test To verify check the decree" in seen
    assert "AID Aid network Civil society test" in seen
    one = text(as_("duty"), "/institutions/IMM/")
    assert "Stamps passports" in one
    assert "To verify check the decree" in one


def test_institutions_can_be_filtered_by_kind(full: make.Country, as_: As) -> None:
    client = as_("duty")
    police = text(client, "/institutions/?kind=police")
    assert "The pack names no institution of this kind." in police
    border = page(client, "/institutions/?kind=border+agency")
    assert "Immigration service" in border
    assert "Aid network" not in border
    assert "Aid network" in page(client, "/institutions/?kind=nonsense")


def test_a_telephone_number_is_not_for_partners(full: make.Country, as_: As) -> None:
    assert "+509 0000" in page(as_("duty"), "/institutions/IMM/")
    assert "+509 0000" in page(as_("chief"), "/institutions/IMM/")
    assert "+509 0000" not in page(as_("partner"), "/institutions/IMM/")


@pytest.mark.req("R3.3")
@pytest.mark.parametrize("who", ["chief", "duty", "partner", "dpo"])
def test_an_area_shows_its_crossings_and_no_position(full: make.Country, as_: As, who: str) -> None:
    CrossingPoint.objects.filter(code="TL-UBP-01").update(lat=19.123456, lon=-71.654321)
    client = as_(who)
    seen = page(client, "/areas/TL/")
    for code in ("TL-BCP-NOR", "TL-BCP-SOU", "TL-UBP-01"):
        assert code in seen
    assert "19.123" not in seen
    assert "71.654" not in seen
    town = text(client, "/areas/TL0101/")
    assert "Unofficial" in town
    assert "Testland North Hill town" in town


def test_what_left_the_pack_is_marked_and_leaves_the_lists(full: make.Country, as_: As) -> None:
    Institution.objects.filter(code="AID").update(retired_at=NOW - timedelta(days=3))
    client = as_("duty")
    assert "Aid network" not in page(client, "/institutions/")
    assert "The country pack no longer holds this since" in text(client, "/institutions/AID/")


def test_instruments_name_kind_date_and_source(full: make.Country, as_: As) -> None:
    seen = text(as_("duty"), "/pack/instruments/")
    assert "L-1 Border law Law 1999-12 Gazette L-2 Undated memo Odd sort — No source given To verify" in seen


@pytest.mark.req("R1.1")
def test_mandates_say_who_does_what_since_when_and_by_which_text(full: make.Country, as_: As) -> None:
    assert "CHECK Task CHECK All of it The whole country x" in text(as_("partner"), "/pack/functions/")
    seen = text(as_("partner"), "/pack/mandates/")
    row = "Task CHECK Immigration service Lead The whole country L-1 Wed 1 Oct 2025 — Since the law Gazette"
    assert row in seen
    assert 'href="/pack/instruments/#L-1"' in page(as_("partner"), "/pack/mandates/")


@pytest.mark.req("R1.2")
def test_the_needs_of_exchange_name_both_ends_and_the_hours(full: make.Country, as_: As) -> None:
    seen = text(as_("partner"), "/pack/exchange/")
    assert "Layer LISTS Immigration service Coordination cell 12 Beforehand x" in seen
    assert "working proposal" in seen


def test_the_timeline_begins_with_the_newest(full: make.Country, as_: As) -> None:
    seen = text(as_("duty"), "/pack/timeline/")
    assert "2020 · Agreement New bridge Press 2010 · Disaster Old flood Press" in seen


def test_the_calendar_begins_with_the_next_day(full: make.Country, as_: As) -> None:
    seen = text(as_("duty"), "/pack/calendar/")
    order = ("Bridge market", "Christmas", "Good Friday", "Easter Monday", "Gone by")
    places = [seen.index(name) for name in order]
    assert places == sorted(places)
    assert "every Monday" in seen
    assert "2 days before Easter" in seen
    assert "1 day after Easter" in seen
    assert "Easter Sunday" in seen
    assert "Days that have passed" in seen


@pytest.mark.parametrize("address", EMPTY)
def test_an_empty_list_says_what_would_be_there(country: make.Country, as_: As, address: str) -> None:
    assert ".csv." in text(as_("duty"), address)


@pytest.mark.parametrize("address", PAGES)
def test_the_number_of_queries_does_not_grow(full: make.Country, as_: As, address: str) -> None:
    client = as_("duty")
    page(client, address)

    def count() -> int:
        with CaptureQueriesContext(connection) as seen:
            page(client, address)
        return len(seen)

    before = count()
    north, inst = full.areas["TL-N"], full.institutions["IMM"]
    for at in range(3):
        area = Area.objects.create(code=f"TL9{at}", level="2", names=names(f"Town {at}"), parent=north)
        point = CrossingPoint.objects.create(code=f"TL-Q{at}", name=f"Q{at}", kind="land", official="yes", area=area)
        other = Institution.objects.create(code=f"Q{at}", names=names(f"Q{at}"), kind="police")
        a_mandate(f"Q{at}", other)
        a_need(f"Q{at}", other, inst)
        Instrument.objects.create(code=f"Q{at}", title="t", kind="law")
        TimelineEvent.objects.create(key=f"q{at}", date="2001", event="e", kind="k")
        CalendarRule.objects.create(key=f"q{at}", rule="weekly:tue", kind="market", names=names("m"), crossing=point)
        Post.objects.create(key=f"Q{at}/REG", crossing=point, institution=inst, source_code="REG")
        Area.objects.create(code=f"TL-Z{at}", level="zone", names=names("Z"), parent=full.areas["TL"])
    assert count() == before
