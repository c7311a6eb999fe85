"""Loading what a pack says about counting: idempotent, and nothing is ever deleted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import make
import pytest

from pasaj.access.models import AuditEntry
from pasaj.access.rules import SYSTEM
from pasaj.core.pack import Manifest, Measure, Pack, PublishedFigure, Source, Threshold
from pasaj.core.periods import containing
from pasaj.watch import models
from pasaj.watch.models import Observation
from pasaj.watch.services import observations, packs

MONTH = containing("month", date(2025, 8, 1))


def measure(code: str, **fields: Any) -> Measure:
    given: dict[str, Any] = {
        "names": {"fr": code, "en": code}, "kind": "count", "unit": "persons", "direction": "in",
        "categories": ("women", "men"), "cadence": "day", "protection": False, "alert_on": "both",
        "definitions": {}, "category_names": {"women": {"fr": "femmes"}},
    }  # fmt: skip
    return Measure(code=code, **(given | fields))


def figure(value: int = 100, **fields: Any) -> PublishedFigure:
    given: dict[str, Any] = {
        "file": "observations/a.csv", "row": 2, "place": "TL-N", "place_kind": "area", "measure": "arrivals",
        "direction": "in", "category": "total", "period": MONTH, "value": Decimal(value), "quality": "exact",
        "source": "NOTE", "citation": "Note 7, page 2",
    }  # fmt: skip
    return PublishedFigure(**(given | fields))


@pytest.fixture
def pack(country: make.Country) -> Pack:
    manifest = Manifest(1, "testland", "1", {"en": "Testland"}, ("en",), "en", "UTC", (0, 0, 1, 1), "CC0")
    return Pack(
        manifest=manifest,
        areas=(),
        crossings=(),
        measures=(measure("arrivals"), measure("beds", categories=(), direction="none", alert_on="none")),
        sources=(Source("NOTE", "Monthly note", "IMM", "What it counts", "https://example.org", "published", "check"),),
        thresholds=(Threshold("full", {"en": "Full"}, "arrivals", "total", "ge", "beds", Decimal(1), None, True),),
        figures=(figure(), figure(7, place="TL-BCP-NOR", place_kind="crossing", category="women", verify="press")),
    )


def load(pack: Pack, now: datetime = make.NOW) -> packs.Loaded:
    return packs.load(pack=pack, actor=SYSTEM, now=now)


@pytest.mark.req("R4.3")
def test_loading_twice_changes_nothing(pack: Pack) -> None:
    assert load(pack).counts["figures"].created == 2
    entries = AuditEntry.objects.count()
    again = load(pack)
    assert (again.total.changed, AuditEntry.objects.count()) == (0, entries)
    assert again.counts["figures"].unchanged == Observation.objects.count() == 2


def test_what_is_written(pack: Pack, country: make.Country) -> None:
    load(pack)
    arrivals = models.Measure.objects.get(code="arrivals")
    assert arrivals.categories == [
        {"code": "women", "names": {"fr": "femmes"}},
        {"code": "men", "names": {"fr": "men"}},
    ]
    source = models.Source.objects.get(code="NOTE")
    assert (source.institution, source.kind, source.verify) == (country.institutions["IMM"], "published", "check")
    rule = models.Threshold.objects.get(code="full")
    assert (rule.measure.code, rule.versus and rule.versus.code, rule.factor) == ("arrivals", "beds", Decimal(1))
    first, second = Observation.objects.order_by("pk")
    assert (first.series.code, first.origin, first.citation) == (
        "TL-N.arrivals.in.total.NOTE.month", "pack", "Note 7, page 2",
    )  # fmt: skip
    assert (second.series.code, second.note) == ("TL-BCP-NOR.arrivals.in.women.NOTE.month", "[verify: press]")
    assert first.reported_at == datetime(2025, 9, 1, tzinfo=country.home.zone)


def test_a_figure_is_known_from_the_stated_date_and_never_from_the_future(pack: Pack, country: make.Country) -> None:
    stated = replace(
        pack, figures=(figure(reported_at=date(2025, 9, 9)), figure(period=containing("year", MONTH.start)))
    )
    load(stated)
    told, unfinished = Observation.objects.order_by("pk")
    assert told.reported_at == datetime(2025, 9, 9, tzinfo=country.home.zone)
    assert unfinished.reported_at == make.NOW


def test_what_left_the_pack_is_retired_and_comes_back(pack: Pack) -> None:
    load(pack)
    load(replace(pack, measures=pack.measures[:1], thresholds=(), sources=pack.sources))
    assert models.Measure.objects.get(code="beds").retired_at == make.NOW
    assert models.Threshold.objects.get(code="full").retired_at == make.NOW
    load(pack)
    assert models.Measure.objects.get(code="beds").retired_at is None


def test_a_changed_figure_is_a_revision_and_a_missing_one_stays(pack: Pack) -> None:
    load(pack)
    loaded = load(replace(pack, figures=(figure(120),)))
    assert (loaded.counts["figures"].created, loaded.counts["figures"].updated) == (0, 1)
    values = Observation.objects.current().order_by("pk").values_list("value", "revision")
    assert list(values) == [(Decimal(7), 1), (Decimal(120), 2)]


def test_a_correction_made_here_outlives_the_next_load(pack: Pack) -> None:
    load(pack)
    standing = Observation.objects.order_by("pk")[0]
    observations.correct(observation=standing, value=Decimal(101), expected_revision=1, actor=SYSTEM, now=make.NOW)
    load(pack)
    assert Observation.objects.current().get(series=standing.series).value == Decimal(101)
    load(replace(pack, figures=(figure(130),)))
    assert Observation.objects.current().get(series=standing.series).value == Decimal(130)
