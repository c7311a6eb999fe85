"""The cast before every kind of row: who sees what, and who may do what."""

from __future__ import annotations

from datetime import timedelta

import make
import pytest

from pasaj.access.rules import NOBODY, can, explain, may, visible
from pasaj.registry.models import CrossingPoint
from pasaj.watch.models import DetectionRun, Import, Measure, Observation, Series, Signal, Source

YESTERDAY = make.TODAY - timedelta(days=1)
CELL = ("duty", "approver", "analyst", "admin", "dpo")


@pytest.fixture
def rows(country: make.Country) -> dict[str, Observation]:
    """One figure of each sort that could leak."""
    return {
        "north": country.observe(country.series(), YESTERDAY, 1),
        "south": country.observe(country.series("TL-BCP-SOU"), YESTERDAY, 2),
        "area": country.observe(country.series("TL-N"), YESTERDAY, 3),
        "net": country.observe(country.series("TL-BCP-SOU", source="NET"), YESTERDAY, 4),
        "printed": country.observe(country.series("TL", source="PUB"), YESTERDAY, 5, origin="pack", citation="Note 7"),
        "unsourced": country.observe(country.series("TL-N", source="PUB"), YESTERDAY, 6, origin="pack"),
    }


def seen(cast: make.Cast, who: str, rows: dict[str, Observation]) -> set[str]:
    found = set(visible(Observation.objects.all(), cast.actor(who)).values_list("pk", flat=True))
    return {name for name, row in rows.items() if row.pk in found}


@pytest.mark.req("R7.1")
def test_who_sees_which_figures(cast: make.Cast, rows: dict[str, Observation]) -> None:
    assert {who: seen(cast, who, rows) for who in make.CAST} == {
        **{who: set(rows) for who in CELL},
        "chief": {"north", "printed"},
        "partner": {"net", "printed"},
        "stranger": set(),
    }
    assert not visible(Observation.objects.all(), NOBODY).exists()


def test_the_list_and_the_single_row_agree(cast: make.Cast, rows: dict[str, Observation]) -> None:
    for who in make.CAST:
        actor = cast.actor(who)
        assert {name for name, row in rows.items() if can(actor, "view", row)} == seen(cast, who, rows)


def test_series_follow_their_figures(cast: make.Cast, rows: dict[str, Observation]) -> None:
    def codes(who: str) -> list[str]:
        return sorted(visible(Series.objects.all(), cast.actor(who)).values_list("code", flat=True))

    assert codes("duty") == sorted({row.series.code for row in rows.values()})
    assert codes("chief") == ["TL-BCP-NOR.returns.in.total.REG.day", "TL.returns.in.total.PUB.day"]
    assert codes("partner") == ["TL-BCP-SOU.returns.in.total.NET.day", "TL.returns.in.total.PUB.day"]
    assert codes("stranger") == []


def test_who_reports_where(cast: make.Cast) -> None:
    found = {
        who: sorted(visible(CrossingPoint.objects.all(), cast.actor(who), "report").values_list("code", flat=True))
        for who in make.CAST
    }
    every = ["TL-BCP-NOR", "TL-BCP-SOU", "TL-UBP-01"]
    assert found == {**{who: [] for who in make.CAST}, "duty": every, "chief": ["TL-BCP-NOR"]}


def test_who_may_import_triage_and_detect(cast: make.Cast) -> None:
    def who(action: str, model: type[Import] | type[Signal] | type[DetectionRun]) -> set[str]:
        return {one for one in make.CAST if may(cast.actor(one), action, model)}

    assert who("open", Import) == who("view", Import) == who("cancel", Import) == {"duty", "analyst", "admin"}
    assert who("triage", Signal) == {"duty", "approver"}
    assert who("view", Signal) == {*CELL, "chief"}
    assert who("view", DetectionRun) == set(CELL)
    assert who("open", DetectionRun) == {"duty", "analyst", "admin"}


def test_refused_rows_are_for_whoever_imported_them(cast: make.Cast) -> None:
    row = Import.objects.create(
        code="IM-2025-0001", filename="x", sha256="", requested_at=make.NOW,
        requested_by_id=cast.account("analyst").pk,
    )  # fmt: skip
    assert [who for who in make.CAST if can(cast.actor(who), "refused", row)] == ["analyst"]


def test_definitions_are_for_all_who_belong(cast: make.Cast) -> None:
    assert {who for who in make.CAST if visible(Measure.objects.all(), cast.actor(who)).exists()} == {
        *CELL,
        "chief",
        "partner",
    }
    sources = {
        who: sorted(visible(Source.objects.all(), cast.actor(who)).values_list("code", flat=True))
        for who in ("duty", "chief", "partner", "stranger")
    }
    assert sources == {
        "duty": ["NET", "PUB", "REG"],
        "chief": ["NET", "PUB", "REG"],
        "partner": ["NET", "PUB"],
        "stranger": [],
    }


@pytest.mark.req("R7.2")
def test_a_refusal_explains_itself(cast: make.Cast, rows: dict[str, Observation]) -> None:
    found = explain(Observation, "view", cast.actor("chief"), rows["south"])
    assert not found.allowed
    assert ("own-crossing", False) in {(part.name, part.met) for way in found.ways for part in way}
