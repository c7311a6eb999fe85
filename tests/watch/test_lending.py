"""Series that have only begun: whose past they borrow, that it is said, and that a replay borrows the same."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import make
import pytest
from django.urls import reverse
from django.utils import translation

from pasaj.access.rules import SYSTEM
from pasaj.registry.models import CrossingPoint, Post
from pasaj.watch.models import Answer, DetectionRun, Series, Signal
from pasaj.watch.queries import signals as words
from pasaj.watch.services import backtests, detection
from pasaj.watch.services.detection import lending, runs

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
YESTERDAY = make.TODAY - DAY
WEEK = [100, 150, 80, 90, 160, 70, 40]


def past(days: int, share: int, at: int) -> list[int | None]:
    """A weekly pattern at a share of it, a little uneven, the same in every test."""
    first = 140 - days
    return [WEEK[day % 7] * share // 10 + (day * (at + 3)) % 11 for day in range(first, 140)]


@pytest.fixture
def border(country: make.Country) -> dict[str, Series]:
    """Northgate has reported for fifteen days; three gates south of it and Southgate for twenty weeks."""
    Post.objects.update(retired_at=make.NOW)
    country.home.detect = {"methods": ["auto"]}
    country.home.save()
    for at, code in enumerate(("TL-BCP-B", "TL-BCP-C", "TL-BCP-D")):
        country.crossings[code] = CrossingPoint.objects.create(
            code=code, name=f"Gate {code[-1]}", kind="land", official="yes", area=country.areas["TL0101"],
            lat=19.3 - at * 0.2, lon=-71.7, status="open", source="test",
        )  # fmt: skip
    found = {}
    for at, code in enumerate(("TL-BCP-NOR", "TL-BCP-B", "TL-BCP-C", "TL-BCP-D", "TL-BCP-SOU")):
        found[code] = country.series(code)
        country.year(found[code], past(15 if at == 0 else 140, 8 + at, at))
    return found


def detect(first: Any = YESTERDAY, as_of: Any = make.NOW, after: DetectionRun | None = None) -> DetectionRun:
    run = detection.open_run(as_of=as_of, from_date=first, to_date=YESTERDAY, after=after, actor=SYSTEM, now=make.NOW)
    return detection.run(run.pk, now=make.NOW)


@pytest.mark.req("R13.66")
def test_a_new_post_is_judged_by_a_past_borrowed_from_its_neighbours(border: dict[str, Series]) -> None:
    detect()
    answer = Answer.objects.get(series=border["TL-BCP-NOR"])
    assert (answer.choice, answer.method, answer.alarm) == ("neighbours", "daily", False)
    assert set(Answer.objects.exclude(pk=answer.pk).values_list("choice", flat=True)) == {"weekdays"}


@pytest.mark.req("R13.66")
def test_a_signal_says_that_the_past_is_borrowed(border: dict[str, Series], country: make.Country, as_: Any) -> None:
    own = border["TL-BCP-NOR"]
    country.observe(own, YESTERDAY, 900, revision=2, reported_at=make.NOW - HOUR)
    detect()
    signal = Signal.objects.get(kind="unusual", series=own)
    assert signal.details["choice"] == {"code": "neighbours", "reported": 15, "number": 4}
    # What was borrowed is not shown as reported.
    assert [one["value"] for one in signal.details["baseline"]][:-2] == [None] * (len(signal.details["baseline"]) - 2)
    said = set()
    for language in ("fr", "ht", "en", "es"):
        with translation.override(language):
            said.add(words.choice(signal))
    assert len(said) == 4
    page = as_("duty").get(reverse("watch:signal", args=[signal.code])).content.decode()
    assert "the past of 4 neighbours, scaled to its share, says what is usual" in page


@pytest.mark.req("R13.68")
def test_it_borrows_from_other_slices_and_from_series_that_did_not_change(
    border: dict[str, Series], country: make.Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "SERIES", 1)
    run = detect()
    whole = Answer.objects.get(series=border["TL-BCP-NOR"])
    assert whole.choice == "neighbours"
    country.observe(border["TL-BCP-NOR"], YESTERDAY, 90, revision=2, reported_at=make.NOW + HOUR)
    after = detect(as_of=make.NOW + 2 * HOUR, after=run)
    assert after.series_seen == 1
    assert Answer.objects.get(series=border["TL-BCP-NOR"]).choice == "neighbours"


@pytest.mark.req("R13.68")
def test_a_replay_borrows_what_was_known_then(border: dict[str, Series], country: make.Country) -> None:
    run = detect(first=YESTERDAY - 6 * DAY)
    for back in range(30, 60):
        country.observe(border["TL-BCP-B"], YESTERDAY - back * DAY, 999, revision=2, reported_at=make.NOW + HOUR)
    assert detection.replay(code=run.code).same


def test_areas_weeks_and_posts_without_neighbours_borrow_nothing(
    border: dict[str, Series], country: make.Country
) -> None:
    country.year(country.series("TL-N"), past(15, 9, 0))
    country.year(country.series("TL-UBP-01", measure="entries"), past(15, 9, 0))
    detect()
    choices = dict(Answer.objects.values_list("series__code", "choice"))
    assert choices["TL-N.returns.in.total.REG.day"] == "short"
    assert choices["TL-UBP-01.entries.in.total.REG.day"] == "short"


def test_of_each_crossing_the_source_that_reported_most_lends(border: dict[str, Series], country: make.Country) -> None:
    country.year(country.series("TL-BCP-B", source="NET"), past(20, 50, 0))
    run = detect()
    (loan,) = lending.find(run, [border["TL-BCP-NOR"]], runs.table.known(run, [border["TL-BCP-NOR"].pk])).values()
    assert [len(one) for one in loan.figures] == [140] * 4
    assert loan.since == make.TODAY - 140 * DAY


def test_neighbours_that_began_later_lend_nothing(country: make.Country) -> None:
    Post.objects.update(retired_at=make.NOW)
    country.home.detect = {"methods": ["auto"]}
    country.home.save()
    country.year(country.series(), past(15, 8, 0))
    country.year(country.series("TL-BCP-SOU"), past(10, 8, 1))
    run = detect()
    assert lending.find(run, list(Series.objects.select_related("crossing__area")), runs.table.known(
        run, list(Series.objects.values_list("pk", flat=True))
    )).keys() == {country.series("TL-BCP-SOU").pk}  # fmt: skip


@pytest.mark.req("R13.68")
def test_a_backtest_borrows_in_the_same_way(border: dict[str, Series], monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    judge = backtests.judging.judge

    def seen(*args: Any, **how: Any) -> Any:
        asked.append((args[0].shape, how["lenders"]))
        return judge(*args, **how)

    monkeypatch.setattr(backtests.judging, "judge", seen)
    work = backtests.open_backtest(measure="returns", evaluated=14, actor=SYSTEM, now=make.NOW)
    backtests.run(work.pk)
    (places, width), lenders = asked[0]
    # The fullest first: Northgate, the youngest, is the last, and its neighbours are the four others.
    assert places == len(lenders) == 5
    assert lenders[-1].shape == (4, width)
