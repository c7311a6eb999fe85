"""Drills as they are kept, compared and shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import make
import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pasaj.access.models import AuditEntry
from pasaj.access.rules import SYSTEM
from pasaj.respond.models import Drill, DrillScenario
from pasaj.respond.queries import drills as queries
from pasaj.respond.services import drills
from pasaj.respond.services.drills import Played

pytestmark = pytest.mark.django_db
PLAYED = Played(
    scenario="surge",
    names={"en": "Surge", "fr": "Vague"},
    fingerprint="f" * 64,
    plan="returns",
    plan_version="1",
    plan_fingerprint="p" * 64,
    days=30,
    seconds=12.5,
    promised={"report": 6, "detect": 2, "all_tasks": 48},
    took={"report": 5.5, "detect": 9.25, "approve": 0.5, "all_tasks": None},
    report={
        "timeline": [{"at": "2015-06-21T18:30:00-05:00", "kind": "report", "text": "TL-BCP-NOR REG"}],
        "counts": {"reports": 3, "recipients": 10, "reached": 9},
        "institutions": [{"code": "IMM", "tasks": 2, "in_time": 1, "late": 1, "open": 0}],
        "facts": [["19 138", "Bulletin 12"]],
        "level": "red",
        "verify": "days are simulated",
    },
)


def keep(**more: object) -> Drill:
    return drills.keep(played=replace(PLAYED, **more), actor=SYSTEM, now=make.NOW)  # type: ignore[arg-type]


@pytest.mark.req("R11.82")
def test_a_drill_is_kept_for_ever(country: make.Country) -> None:
    row = keep()
    assert row.code == "DL-2025-0001"
    assert [one.action for one in AuditEntry.objects.order_by("id")] == ["drill.played"]
    with pytest.raises(DatabaseError), transaction.atomic():
        Drill.objects.filter(pk=row.pk).update(took={})
    with pytest.raises(DatabaseError), transaction.atomic():
        Drill.objects.filter(pk=row.pk).delete()


@pytest.mark.req("R11.82")
def test_it_is_compared_with_the_one_before_of_the_very_same_scenario(country: make.Country) -> None:
    first, other, changed = keep(), keep(scenario="closure"), keep(fingerprint="e" * 64)
    second = keep(took={**PLAYED.took, "detect": 1.75})
    assert [queries.before(one) for one in (first, other, changed)] == [None, None, None]
    assert queries.before(second) == first
    found = {one.hours.step: one.hours for one in queries.steps(second, first)}
    assert (found["detect"].kept, found["detect"].change) == (True, -7.5)
    assert (found["all_tasks"].kept, found["approve"].kept) == (False, None)


def test_a_list_says_how_many_promises_were_kept(country: make.Country, cast: make.Cast) -> None:
    keep()
    listed = queries.played(cast.actor("duty"))
    assert [(one.drill.code, one.kept, one.promised) for one in listed] == [("DL-2025-0001", 1, 3)]
    assert queries.played(cast.actor("duty"), "closure") == []
    assert queries.played(cast.actor("stranger")) == []


@pytest.mark.parametrize("who", ["duty", "approver", "analyst", "chief", "partner"])
def test_the_pages_say_that_it_is_simulated(who: str, as_: Callable[[str], Client]) -> None:
    row = keep()
    for address in (reverse("respond:drill-list"), reverse("respond:drill", args=[row.code])):
        page = as_(who).get(address, headers={"accept-language": "en"}).content.decode()
        assert "Simulated" in page
        assert "Surge" in page
    page = as_(who).get(reverse("respond:drill", args=[row.code]), headers={"accept-language": "en"}).content.decode()
    assert ">never<" in page
    assert page.count("not kept") == 2
    assert "Bulletin 12" in page


def test_strangers_see_nothing(as_: Callable[[str], Client]) -> None:
    row = keep()
    for address in (reverse("respond:drill-list"), reverse("respond:drill", args=[row.code])):
        assert as_("stranger").get(address).status_code == 404
    assert as_("duty").get(reverse("respond:drill", args=["DL-2025-0009"])).status_code == 404


def test_the_list_asks_the_database_as_often_for_three_as_for_one(as_: Callable[[str], Client]) -> None:
    client, counts = as_("duty"), []
    for _round in range(2):
        keep()
        client.get(reverse("respond:drill-list"))
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("respond:drill-list"))
        counts.append(len(asked))
        keep()
    assert counts[0] == counts[1]


def test_scenarios_of_the_pack_are_shown(country: make.Country, as_: Callable[[str], Client]) -> None:
    DrillScenario.objects.create(
        code="surge", names={"en": "Surge"}, summaries={"en": "What is played"}, plan="returns", content={},
        fingerprint="f" * 64, source="Bulletin 12", verify="days",
    )  # fmt: skip
    page = as_("duty").get(reverse("respond:drill-list"), headers={"accept-language": "en"}).content.decode()
    assert "What is played" in page
    assert "pasaj drill run surge" in page


def test_programs_read_drills_as_people_do(as_: Callable[[str], Client]) -> None:
    row = keep()
    listed = as_("partner").get("/api/v1/drills").json()
    assert [(one["code"], one["simulated"], one["took"]["detect"]) for one in listed] == [(row.code, True, 9.25)]
    whole = as_("duty").get(f"/api/v1/drills/{row.code}").json()
    assert (whole["before"], whole["steps"][1]["kept"], whole["report"]["level"]) == (None, False, "red")
    for address in ("/api/v1/drills", f"/api/v1/drills/{row.code}"):
        assert as_("stranger").get(address).status_code == 404
    assert as_("duty").get("/api/v1/drills/DL-2025-0009").status_code == 404
