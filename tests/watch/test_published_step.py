"""Detection on the published figures of the shipped pack."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from pasaj.access.rules import SYSTEM
from pasaj.registry.models import Home
from pasaj.registry.services.packs import builtin, check_folder, load_pack
from pasaj.watch.models import Signal
from pasaj.watch.services import detection, packs


def loaded(now: datetime) -> None:
    pack = check_folder(builtin()["haiti"]).pack
    assert pack is not None
    load_pack(pack=pack, actor=SYSTEM, now=now)
    packs.load(pack=pack, actor=SYSTEM, now=now)


@pytest.mark.req("R13.43")
def test_the_method_that_fits_finds_the_step_too(db: None) -> None:
    """Whether or not the pack chooses it; 2023 has gaps, so the same months of earlier years are not all there."""
    now = datetime(2025, 10, 1, 12, tzinfo=UTC)
    loaded(now)
    home = Home.objects.get(pk=1)
    home.detect = {"methods": ["auto"]}
    home.save()
    first = detection.first_day("returns")
    assert first is not None
    run = detection.open_run(
        as_of=now, from_date=first, to_date=date(2025, 9, 30), measure="returns", actor=SYSTEM, now=now
    )
    run = detection.run(run.pk, now=now)
    assert sum(run.chosen.values()) > 0
    step = Signal.objects.get(kind="unusual", series__source__code="PUB-DGM-MOIS", period_start=date(2024, 10, 1))
    assert (step.observed, step.direction) == (40223, "up")
    assert step.episode is not None
    assert step.episode.peak == 40223


@pytest.mark.req("R1.6")
def test_the_step_in_the_published_returns_of_october_2024_is_found(db: None) -> None:
    """On the shipped pack as it stands: 40,223 where the same months of 2022 and 2023 had 11,943 to 24,894."""
    now = datetime(2025, 10, 1, 12, tzinfo=UTC)
    loaded(now)
    run = detection.open_run(
        as_of=now, from_date=date(2024, 10, 1), to_date=date(2025, 9, 30), measure="returns", actor=SYSTEM, now=now
    )
    detection.run(run.pk, now=now)
    months = {
        (signal.series.source.code, signal.period_start): signal
        for signal in Signal.objects.filter(kind="unusual").select_related("series__source")
        if signal.series
    }
    step = months["PUB-DGM-MOIS", date(2024, 10, 1)]
    assert (step.observed, step.direction, step.details["figure"]["origin"]) == (40223, "up", "pack")
    assert [one["value"] for one in step.details["baseline"]] == [11943, 20115, 24894, None, 20270, 18277]
    assert (step.method, step.details["choice"]["code"], step.details["basis"]["years"]) == ("farrington", "months", 2)
