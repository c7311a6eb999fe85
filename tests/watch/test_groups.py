"""Places that rise together: scanned after the signals, stored as groups, shown to those who may see all of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import make
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from pasaj.access.rules import SYSTEM
from pasaj.registry.models import CrossingPoint, Post
from pasaj.watch.models import Cluster, DetectionRun, Series, Signal
from pasaj.watch.queries import clusters
from pasaj.watch.services import detection
from pasaj.watch.services.detection import groups, near

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
YESTERDAY = make.TODAY - DAY
WEEK = [10, 12, 9, 11, 13, 9, 8]
NORTH = ("TL-BCP-NOR", "TL-BCP-B", "TL-BCP-C")


@pytest.fixture
def border(country: make.Country) -> dict[str, Series]:
    """Six crossings from north to south with quiet weeks; the three in the north double on the last three days."""
    Post.objects.update(retired_at=make.NOW)
    for at, code in enumerate(("TL-BCP-B", "TL-BCP-C", "TL-BCP-D", "TL-BCP-E")):
        country.crossings[code] = CrossingPoint.objects.create(
            code=code, name=f"Gate {code[-1]}", kind="land", official="yes", area=country.areas["TL0101"],
            lat=19.3 - at * 0.2, lon=-71.7, status="open", source="test",
        )  # fmt: skip
    order = (*NORTH, "TL-BCP-D", "TL-BCP-E", "TL-BCP-SOU")
    found = {}
    for at, code in enumerate(order):
        found[code] = country.series(code)
        values: list[int | None] = [WEEK[day % 7] * (at + 4) + (day * (at + 3)) % 5 for day in range(60)]
        if code in NORTH:
            values[-3:] = [(value or 0) * 2 for value in values[-3:]]
        country.year(found[code], values)
    return found


def detect(as_of: Any = make.NOW, after: DetectionRun | None = None) -> DetectionRun:
    first = YESTERDAY - 27 * DAY
    run = detection.open_run(as_of=as_of, from_date=first, to_date=YESTERDAY, after=after, actor=SYSTEM, now=make.NOW)
    return detection.run(run.pk, now=make.NOW)


def told(rows: Any) -> list[tuple[Any, ...]]:
    return list(rows.values_list("code", "start_date", "end_date", "observed", "expected", "p_value").order_by("code"))


@pytest.mark.req("R13.60")
def test_signals_of_neighbours_that_rise_together_belong_to_a_group(border: dict[str, Series]) -> None:
    run = detect()
    group = Cluster.objects.get()
    assert (group.code, group.run, group.start_date, group.end_date) == (
        "CL-2025-0001", run, YESTERDAY - 2 * DAY, YESTERDAY,
    )  # fmt: skip
    assert [row["place"] for row in group.places] == ["TL-BCP-NOR", "TL-BCP-B", "TL-BCP-C"]
    assert group.observed == sum(row["observed"] for row in group.places) > group.expected
    assert group.p_value < 0.01
    inside = Signal.objects.filter(cluster=group)
    assert inside
    assert {row.crossing.code for row in inside if row.crossing} <= set(NORTH)
    rises = Signal.objects.filter(kind="unusual", direction="up", period_start__gte=group.start_date)
    assert set(inside) == set(rises.filter(crossing__code__in=NORTH))


@pytest.mark.req("R13.60")
def test_a_second_run_finds_the_same_group_under_the_same_code(border: dict[str, Series]) -> None:
    detect()
    before = told(Cluster.objects)
    detect(as_of=make.NOW + HOUR)
    assert told(Cluster.objects) == before
    # One that looks from an earlier moment leaves it.
    run = Cluster.objects.get().run
    detect(as_of=make.NOW - HOUR)
    assert Cluster.objects.get().run == run


def test_a_group_whose_figures_were_taken_back_is_gone(border: dict[str, Series], country: make.Country) -> None:
    detect()
    for code in NORTH:
        for back in range(3):
            row = border[code].observations.get(period_start=YESTERDAY - back * DAY)
            country.observe(
                border[code], row.period_start, int(row.value) // 2, revision=2, reported_at=make.NOW + HOUR
            )
    detect(as_of=make.NOW + 2 * HOUR)
    assert not Cluster.objects.exists()
    assert not Signal.objects.filter(cluster__isnull=False).exists()


@pytest.mark.req("R13.62")
def test_a_killed_run_goes_on_and_gives_the_same_group(
    border: dict[str, Series], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = groups.join
    monkeypatch.setattr(groups, "join", lambda *_args: 1 / 0)
    run = detection.open_run(as_of=make.NOW, from_date=YESTERDAY, to_date=YESTERDAY, actor=SYSTEM, now=make.NOW)
    with pytest.raises(ZeroDivisionError):
        detection.run(run.pk, now=make.NOW)
    monkeypatch.setattr(groups, "join", whole)
    signals = Signal.objects.count()
    again = detection.run(run.pk, now=make.NOW)
    assert (again.state, Cluster.objects.count(), Signal.objects.filter(kind="unusual").count()) == ("done", 1, signals)


def test_of_groups_that_share_a_place_and_a_day_the_best_one_stands() -> None:
    def group(score: float, days: tuple[int, int], *places: str, **fields: Any) -> Cluster:
        start, end = (make.TODAY + one * DAY for one in days)
        rows = [{"place": place} for place in places]
        return Cluster(likelihood=score, start_date=start, end_date=end, places=rows, as_of=make.NOW, **fields)

    stored = group(5, (0, 3), "A", "B", pk=1, code="CL-1")
    better, apart = group(9, (2, 5), "B", "C"), group(4, (2, 5), "D", "E")
    standing, gone = groups.settle([better, apart], [stored], {better.end_date}, make.NOW)
    # The better one takes the code of the one in whose place it stands.
    assert [(one.pk, one.likelihood, one.end_date) for one in standing] == [
        (1, 9, better.end_date), (None, 4, apart.end_date),
    ]  # fmt: skip
    assert gone == []
    weaker = group(3, (2, 5), "A", "C")
    kept = group(5, (0, 3), "A", "B", pk=1, code="CL-1")
    assert groups.settle([weaker], [kept], {weaker.end_date}, make.NOW) == ([kept], [])
    assert groups.settle([], [kept], {kept.end_date}, make.NOW) == ([], [1])
    assert groups.settle([], [kept], {kept.end_date}, make.NOW - HOUR) == ([kept], [])


def test_queries_do_not_grow_with_places(border: dict[str, Series], country: make.Country) -> None:
    detect()
    run = DetectionRun.objects.get()
    kinds = groups.kinds(run)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            groups.join(run, kinds, make.NOW)
        return len(seen)

    few = queries()
    for at in range(8):
        code = f"TL-BCP-X{at}"
        country.crossings[code] = CrossingPoint.objects.create(
            code=code, name=code, kind="land", official="yes", area=country.areas["TL0101"],
            lat=17.0 - at * 0.2, lon=-71.7, status="open", source="test",
        )  # fmt: skip
        country.year(country.series(code), [WEEK[day % 7] * 9 for day in range(60)])
    assert queries() == few


def test_neighbours_are_found_by_distance_along_the_border_and_by_area(border: dict[str, Series]) -> None:
    places = [one.crossing for one in border.values() if one.crossing]
    zones = near.zones(places)
    assert {(0,), (0, 1), (1, 2), (0, 1, 2), (3, 4, 5)} <= set(zones)
    assert (0, 5) not in zones
    assert [one.code for one in near.nearest(places[0], places, 2)] == ["TL-BCP-B", "TL-BCP-C"]
    here, there = near.spot(places[0]), near.spot(places[5])
    assert here
    assert there
    assert near.kilometres(here, there) == pytest.approx(144.6, abs=0.5)
    lost = CrossingPoint(code="X", area=places[0].area)
    assert near.spot(lost) is None
    assert near.nearest(lost, places, 2) == []
    lost.area.lat, lost.area.lon = 19.0, -72.0
    assert near.spot(lost) == (19.0, -72.0)
    wide = [CrossingPoint(code=f"W{at}", kind="land", area=lost.area, lat=19.0, lon=-72 + at) for at in range(4)]
    assert near._along(wide, [(19.0, -72.0 + at) for at in (2, 0, 3, 1)]) == [1, 3, 0, 2]


@pytest.mark.req("R13.60")
def test_the_pages_and_the_api_tell_the_group_to_the_cell_only(
    border: dict[str, Series], as_: Callable[[str], Client]
) -> None:
    detect()
    group = Cluster.objects.get()
    row = Signal.objects.filter(cluster=group, crossing__code="TL-BCP-NOR").first()
    assert row is not None
    duty, chief = as_("duty"), as_("chief")
    page = duty.get(reverse("watch:signal", args=[row.code])).content.decode()
    for text in ("Part of a rise at 3 neighbouring crossings, 28 September 2025 to 30 September 2025", "Gate B",
                 group.code, reverse("watch:series", args=[border["TL-BCP-C"].code])):  # fmt: skip
        assert text in page
    listed = duty.get(reverse("watch:signal-list") + f"?state=&cluster={group.code}")
    assert {line.code for line in listed.context["lines"]} == set(
        Signal.objects.filter(cluster=group).values_list("code", flat=True)
    )
    assert "Part of a rise at 3" in listed.content.decode()
    for address in (reverse("watch:signal", args=[row.code]), reverse("watch:signal-list") + "?state="):
        answer = chief.get(address).content.decode()
        assert row.code in answer
        assert group.code not in answer
        assert "Gate B" not in answer
    assert body(duty.get(f"/api/v1/signals/{row.code}"))["cluster"] == group.code
    assert body(chief.get(f"/api/v1/signals/{row.code}"))["cluster"] is None
    (told_one,) = body(duty.get("/api/v1/clusters?measure=returns"))
    assert (told_one["code"], told_one["measure"], told_one["places"]) == (group.code, "returns", group.places)
    assert len(body(duty.get(f"/api/v1/signals?cluster={group.code}"))) == Signal.objects.filter(cluster=group).count()
    assert body(duty.get("/api/v1/clusters?measure=entries")) == []
    assert body(chief.get("/api/v1/clusters")) == []


def body(answer: Any) -> Any:
    return json.loads(b"".join(answer.streaming_content))


def test_the_sentence_is_said_in_every_language(border: dict[str, Series], country: make.Country) -> None:
    detect()
    row = Cluster.objects.select_related("measure").get()
    said = set()
    for language in ("fr", "ht", "en", "es"):
        with translation.override(language):
            said.add(clusters.line(row).sentence)
    assert len(said) == 4
    row.level, row.places = "1", [{"place": "TL-N", "series": "s", "observed": 3.0, "expected": 1.0}]
    with translation.override("en"):
        line = clusters.line(row)
    assert line.sentence.startswith("Part of a rise in 1 neighbouring areas")
    assert line.places[0].name == "North"
