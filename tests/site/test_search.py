"""Search: codes jump, names list, and nobody finds what he may not see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import make
import pytest
from django.test import Client
from django.urls import reverse

from pasaj.access.models import Account
from pasaj.access.rules import SYSTEM
from pasaj.core.periods import containing
from pasaj.share.models import Release
from pasaj.watch.models import DetectionRun, Import, Signal, Source
from pasaj.watch.services import incidents


def search(client: Client, asked: str) -> Any:
    return client.get(reverse("site:search"), {"q": asked})


@pytest.fixture
def everything(country: make.Country) -> make.Country:
    country.observe(country.series(), make.TODAY, 1)
    Import.objects.create(code="IM-2025-0001", filename="a.csv", sha256="0" * 64, requested_at=make.NOW)
    run = DetectionRun.objects.create(
        code="DR-2025-0001", requested_at=make.NOW, as_of=make.NOW, from_date=make.TODAY, to_date=make.TODAY
    )
    Signal.objects.create(
        code="SG-2025-0001", key="k", kind="unusual", method="ears_c2", series=country.series(), direction="up",
        crossing=country.crossings["TL-BCP-NOR"], measure=country.measures["returns"], period_start=make.TODAY,
        period_end=make.TODAY, inputs_as_of=make.NOW, run=run, created_at=make.NOW, state_at=make.NOW,
    )  # fmt: skip
    Release.objects.create(
        code="RL-2025-0001", at=make.NOW, via="web", audience="TLP:AMBER", kind="table", title="t", sha256="0" * 64
    )
    make.incident_types()
    incidents.record(
        type_code="accident", place_code="TL-BCP-NOR", period=containing("day", make.TODAY), quantities=(),
        actor=SYSTEM, now=make.NOW,
    )  # fmt: skip
    return country


@pytest.mark.req("R6.5")
@pytest.mark.parametrize(
    ("asked", "address"),
    [
        ("TL-BCP-NOR", "/crossings/TL-BCP-NOR/"),
        ("tl-bcp-nor ", "/crossings/TL-BCP-NOR/"),
        ("TL0101", "/areas/TL0101/"),
        ("IMM", "/institutions/IMM/"),
        ("SG-2025-0001", "/signals/SG-2025-0001/"),
        ("IM-2025-0001", "/imports/IM-2025-0001/"),
        ("DR-2025-0001", "/runs/DR-2025-0001/"),
        ("RL-2025-0001", "/releases/#RL-2025-0001"),
        ("in-2025-0001", "/incidents/IN-2025-0001/"),
        ("TL-BCP-NOR.returns.in.total.REG.day", "/series/TL-BCP-NOR.returns.in.total.REG.day/"),
        ("nopot", "/crossings/TL-BCP-NOR/"),
        ("Hill town unofficial", "/crossings/TL-UBP-01/"),
    ],
)
def test_a_code_or_an_only_name_leads_to_its_page(
    everything: make.Country, as_: Callable[[str], Client], asked: str, address: str
) -> None:
    answer = search(as_("admin"), asked)
    assert (answer.status_code, answer.headers.get("Location")) == (302, address)


def test_a_name_lists_the_best_first(everything: make.Country, as_: Callable[[str], Client]) -> None:
    hits = search(as_("duty"), "hill town").context["hits"]
    assert [hit.code for hit in hits] == ["TL0101", "TL-UBP-01"]
    assert search(as_("duty"), "hîll-TÒWN").context["hits"] == hits


def test_series_tell_their_part_place_and_source(everything: make.Country, as_: Callable[[str], Client]) -> None:
    everything.observe(everything.series(category="deported"), make.TODAY, 1)
    names = [hit.name for hit in search(as_("duty"), "NOR.returns.in").context["hits"]]
    source = str(Source.objects.get(code="REG"))
    place = everything.crossings["TL-BCP-NOR"].name
    assert names == [f"Returns: deported, {place} · {source}", f"Returns, {place} · {source}"]


def test_nothing_found_and_nothing_asked(everything: make.Country, as_: Callable[[str], Client]) -> None:
    client = as_("duty")
    for asked in ("zzz", "", "   ", "%", "'; drop", "ẞ" * 500):
        answer = search(client, asked)
        assert (answer.status_code, answer.context["hits"]) == (200, [])


@pytest.mark.req("R7.1")
@pytest.mark.parametrize(
    "asked", ["SG-2025-0001", "DR-2025-0001", "IM-2025-0001", "RL-2025-0001", "IN-2025-0001", "Daily register"]
)
def test_a_partner_does_not_find_what_is_ours(
    everything: make.Country, as_: Callable[[str], Client], asked: str
) -> None:
    answer = search(as_("partner"), asked)
    assert (answer.status_code, answer.context["hits"]) == (200, [])


def test_a_stranger_finds_nothing(everything: make.Country, as_: Callable[[str], Client]) -> None:
    for asked in ("TL-BCP-NOR", "Northgate", "IMM", "returns"):
        assert search(as_("stranger"), asked).context["hits"] == []


# --- The reader's choices ----------------------------------------------------------------------


def test_language_and_colours_are_kept(country: make.Country, as_: Callable[[str], Client]) -> None:
    client = as_("duty")
    answer = client.post(reverse("site:language"), {"language": "ht", "next": "/signals/"})
    assert (answer.headers["Location"], answer.cookies["language"].value) == ("/signals/", "ht")
    client.post(reverse("site:theme"), {"theme": "dark"})
    account = Account.objects.get(email="duty@example.org")
    assert (account.language, account.theme) == ("ht", "dark")


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""])
def test_no_choice_leads_elsewhere(country: make.Country, client: Client, back: str) -> None:
    answer = client.post(reverse("site:language"), {"language": "es", "next": back})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def test_unknown_choices_are_not_kept(country: make.Country, as_: Callable[[str], Client]) -> None:
    client = as_("duty")
    for name, value in (("language", "xx"), ("theme", "pink")):
        assert name not in client.post(reverse(f"site:{name}"), {name: value}).cookies
