"""Backtests on one's own series: steps that are kept, refusals, the page and the command."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import make
import numpy as np
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from pasaj.access.models import AuditEntry
from pasaj.access.rules import SYSTEM
from pasaj.core.backtest import Plan, Quiet, Shocked, steps
from pasaj.core.problems import Refused
from pasaj.site.cli import detection
from pasaj.site.templatetags.pasaj import number
from pasaj.watch import jobs
from pasaj.watch.models import Backtest, Measure, Work
from pasaj.watch.queries import backtests as queries
from pasaj.watch.services import backtests


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Plan:
    """A plan of few steps."""
    plan = Plan(evaluated=14, histories=(0, 30), shapes=("day", "fall"), sizes=(8.0,))
    monkeypatch.setattr(
        backtests,
        "Plan",
        lambda evaluated, shapes: replace(plan, shapes=tuple(one for one in plan.shapes if one in shapes)),
    )
    return plan


def filled(country: make.Country) -> None:
    draws = np.random.default_rng(8)
    for place in ("TL-BCP-NOR", "TL-BCP-SOU"):
        country.year(country.series(place), [int(value) for value in draws.poisson(80, 34)])


def opened(**how: Any) -> Backtest:
    return backtests.open_backtest(**{"measure": "returns", "evaluated": 14, "actor": SYSTEM, "now": make.NOW, **how})


@pytest.mark.req("R13.42")
def test_shocks_that_the_measure_does_not_watch_for_are_not_tried(country: make.Country, quick: Plan) -> None:
    filled(country)
    Measure.objects.filter(code="returns").update(alert_on="up")
    work = backtests.run(opened().pk)
    assert {line["shape"] for line in work.result["lines"] if line["kind"] == "shocked"} == {"day"}
    assert work.total == work.done == len(work.result["lines"])


@pytest.mark.req("R13.42")
def test_each_sensitivity_has_its_false_alerts_and_its_shocks_found(country: make.Country, quick: Plan) -> None:
    filled(country)
    row = backtests.run(opened().pk)
    assert row.result["simulated"] is False
    assert (row.state, row.done, row.total, row.series_seen) == ("done", steps(quick), steps(quick), 2)
    found = queries.results(row)
    quiet = [one for one in found if isinstance(one, Quiet)]
    assert {(one.sensitivity, one.history, one.periods) for one in quiet} == {
        (name, history, 28) for name in queries.SENSITIVITIES for history in (0, 30)
    }
    by_name = {(one.sensitivity, one.shape): one for one in found if isinstance(one, Shocked) and not one.history}
    assert by_name["early", "day"].found >= by_name["few", "day"].found
    assert by_name["early", "fall"].rate == 1.0
    lines = queries.shock_lines(found, 0)
    assert [(line.shape, line.size, line.tried, len(line.cells)) for line in lines] == [
        ("One period", 8.0, 2, 3), ("A fall of seven periods", 8.0, 2, 3),
    ]  # fmt: skip
    chart = queries.curves(found, 0)
    assert chart is not None
    assert len(chart["data"]["values"]) == 6
    assert queries.curves([], 0) is None


@pytest.mark.req("R13.73")
def test_numbers_are_rounded_and_not_cut_off() -> None:
    assert [number(value, digits) for value, digits in ((91.67, 1), (99.96, 0), (2.66, None))] == ["91.7", "100", "2.7"]
    assert number(Decimal("2.66"), 1) == "2.7"


@pytest.mark.req("R13.73")
def test_the_command_tells_how_many_were_tried_and_writes_numbers_as_the_language_does(
    country: make.Country, quick: Plan, capsys: pytest.CaptureFixture[str]
) -> None:
    filled(country)
    row = backtests.run(opened().pk)
    told = {}
    for language in ("fr", "en"):
        with translation.override(language):
            detection._tell_backtest(row)
        told[language] = capsys.readouterr().out
    assert "Chocs essayés" in told["fr"]
    assert "Shocks tried" in told["en"]
    assert re.search(r"\d,\d / \d", told["fr"])
    assert not re.search(r"\d\.\d", told["fr"])
    assert re.search(r"\d\.\d / \d", told["en"])
    assert re.search(r"One period +8 +2 ", told["en"])


def test_simulated_figures_make_a_simulated_backtest(
    country: make.Country, quick: Plan, as_: Callable[[str], Client]
) -> None:
    filled(country)
    country.observe(country.series(), make.TODAY - timedelta(days=40), 80, origin="demo")
    row = backtests.run(opened().pk)
    assert row.result["simulated"] is True
    page = as_("duty").get(reverse("watch:backtest", args=[row.code])).content.decode()
    assert "origin-simulated" in page


def test_the_same_figures_give_the_same_lines(country: make.Country, quick: Plan) -> None:
    filled(country)
    one, other = (backtests.run(opened().pk) for _ in range(2))
    assert one.result == other.result
    # What became known later is not looked at.
    country.observe(
        country.series(), make.TODAY - timedelta(days=1), 9000, revision=2, reported_at=make.NOW + timedelta(hours=1)
    )
    late = opened()
    assert backtests.run(late.pk).result == one.result


def test_a_killed_backtest_goes_on_with_the_step_it_stopped_at(country: make.Country, quick: Plan) -> None:
    filled(country)
    whole = backtests.run(opened().pk).result

    def die(done: int, total: int) -> None:
        if done == 4:
            raise KeyboardInterrupt

    row = opened()
    with pytest.raises(KeyboardInterrupt):
        backtests.run(row.pk, progress=die)
    row.refresh_from_db()
    assert (row.state, row.done) == ("running", 4)
    assert backtests.run(row.pk).result == whole
    assert backtests.run(row.pk).state == "done"


def test_one_can_be_stopped_and_keeps_what_it_found(country: make.Country, quick: Plan, cast: make.Cast) -> None:
    filled(country)
    row = opened()

    def stop(done: int, total: int) -> None:
        backtests.cancel(code=row.code, actor=cast.actor("duty"), now=make.NOW)

    found = backtests.run(row.pk, progress=stop)
    assert (found.state, found.done) == ("cancelled", 1)
    waiting = opened()
    assert backtests.cancel(code=waiting.code, actor=cast.actor("duty"), now=make.NOW).state == "cancelled"
    assert backtests.cancel(code=waiting.code, actor=cast.actor("duty"), now=make.NOW).state == "cancelled"
    assert AuditEntry.objects.filter(action="backtest.cancelled").count() == 2
    assert backtests.run(waiting.pk).done == 0


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"measure": "nothing"}, "OBS-008"),
        ({"measure": "staff"}, "DETECT-160"),
        ({"cadence": "year"}, "DETECT-161"),
        ({"evaluated": 3}, "DETECT-162"),
        ({"evaluated": 367}, "DETECT-162"),
        ({"cadence": "week", "evaluated": 0}, "DETECT-163"),
    ],
)
def test_what_cannot_be_tried_is_refused(country: make.Country, how: dict[str, Any], code: str) -> None:
    filled(country)
    country.measures["staff"].alert_on = "none"
    country.measures["staff"].save()
    with pytest.raises(Refused) as refused:
        opened(**how)
    assert [one.code for one in refused.value.problems] == [code]
    assert Backtest.objects.count() == 0


def test_a_failure_is_kept_on_its_row(country: make.Country, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(country)
    row = opened()

    def broken(*_args: Any, **_named: Any) -> None:
        raise ValueError("no")

    monkeypatch.setattr(backtests, "core_run", broken)
    with pytest.raises(ValueError, match="no"):
        jobs.run_backtest.func(row.pk)
    row.refresh_from_db()
    assert (row.state, row.problems[0]["code"]) == (Work.State.FAILED, "CLI-031")


def test_the_pages_show_what_was_tried(country: make.Country, quick: Plan, as_: Callable[[str], Client]) -> None:
    filled(country)
    duty = as_("duty")
    assert duty.get(reverse("watch:backtest-list")).status_code == 200
    tries = f'href="{reverse("watch:backtest-list")}"'
    told = {who: tries in as_(who).get(reverse("watch:run-list")).content.decode() for who in ("duty", "chief")}
    assert told == {"duty": True, "chief": False}
    sent = duty.post(reverse("watch:backtest-new"), {"measure": "returns"})
    row = Backtest.objects.get()
    assert sent.headers["Location"] == reverse("watch:backtest", args=[row.code])
    waits = duty.get(reverse("watch:backtest", args=[row.code])).content.decode()
    assert "It waits for a worker." in waits
    backtests.run(row.pk)
    text = duty.get(reverse("watch:backtest", args=[row.code]) + "?history=30").content.decode()
    for part in (
        "The last 30 periods only",
        "Seven periods" if "week" in quick.shapes else "One period",
        "set now",
        "Shocks tried",
    ):
        assert part in text
    assert duty.get(reverse("watch:backtest", args=[row.code]) + "?history=x").status_code == 200
    assert row.code in duty.get(reverse("watch:job-list")).content.decode()
    refused = duty.post(reverse("watch:backtest-new"), {"measure": "weather"}, follow=True)
    assert "weather" in refused.content.decode()
