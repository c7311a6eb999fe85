"""`pasaj detect` (new figures, chosen dates, the whole history, an earlier run once more) and `pasaj backtest`."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

import click

from pasaj.core.problems import Problem, Refused, problem
from pasaj.site.cli import ground, tell
from pasaj.site.cli.records import DAY, check_order
from pasaj.site.cli.tell import _

if TYPE_CHECKING:
    from pasaj.registry.models import Home
    from pasaj.watch.models import Backtest, DetectionRun

LOOK_BACK = 28  # days


@click.command(epilog="Example: pasaj detect --from 2026-01-01 --to 2026-03-31 --measure returns")
@click.option(
    "--as-of", type=DAY, default=None, help="Look only at what was known at the end of that day. [default: now]"
)
@click.option("--from", "first", type=DAY, default=None, help="First day. [default: 28 days before the last]")
@click.option("--to", "last", type=DAY, default=None, help="Last day. [default: yesterday]")
@click.option("--measure", default="", metavar="CODE", help="Only this measure.")
@click.option("--all", "whole", is_flag=True, help="The whole history, from the first figure on.")
@click.option("--again", default="", metavar="RUN", help="Compute a past run once more and compare, bit for bit.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def detect(
    as_of: date | None,
    first: date | None,
    last: date | None,
    measure: str,
    whole: bool,
    again: str,
    as_json: bool,
) -> None:
    """Look for what is unusual, silent, contradictory or over capacity, and write signals.

    Without dates it looks at what has changed since the last run. Running it again finds the same signals and writes
    none twice.
    """
    home = ground.open_home()
    if again:
        _again(again, as_json)
        return
    run = _opened(home, as_of, first, last, measure, whole=whole)
    from pasaj.watch.services import detection

    with tell.progress(_("Detecting")) as show:
        run = detection.run(run.pk, now=ground.now(home), progress=show)
    _tell_run(run, as_json)


def _opened(
    home: Home, as_of: date | None, first: date | None, last: date | None, measure: str, *, whole: bool
) -> DetectionRun:
    from pasaj.watch.services import detection

    now = ground.now(home)
    # Nothing more is known of the future, and nobody is silent in it yet.
    moment = min(now, _end_of(as_of, home)) if as_of else now
    after = None if as_of or first or last or whole else detection.last_run(measure, before=moment)
    last = min(last or moment.date() - timedelta(days=0 if as_of else 1), moment.date())
    if whole and not first:
        first = detection.first_day(measure)
    first = first or last - timedelta(days=LOOK_BACK)
    if after:  # days that no run has looked at yet
        first = min(first, after.to_date + timedelta(days=1))
    check_order(first, last)
    return detection.open_run(
        as_of=moment, from_date=first, to_date=last, measure=measure, after=after, actor=ground.actor(), now=now
    )


def _end_of(day: date, home: Home) -> datetime:
    return datetime.combine(day, time.max, tzinfo=home.zone)


def _again(code: str, as_json: bool) -> None:
    """Whether a past run gives the same answers today. Exit code 1 when it does not."""
    from pasaj.watch.services import detection

    with tell.progress(_("Detecting")) as show:
        found = detection.replay(code=code, progress=show)
    facts = {"code": code, "same": found.same, "digest": found.digest, "was": found.was, "versions": found.changed}
    if as_json:
        tell.as_json(facts)
    elif found.same:
        tell.say(_("{code} gives the same answers, bit for bit: {digest}").format(code=code, digest=found.digest))
    else:
        raise Refused(problem("DETECT-008", code=code, changed=", ".join(found.changed) or "–"))
    if not found.same:
        raise click.exceptions.Exit(1)


def _tell_run(run: DetectionRun, as_json: bool) -> None:
    if run.state == run.State.FAILED:
        raise Refused(*(Problem.of(one) for one in run.problems))
    facts = {
        "code": run.code,
        "state": run.state,
        "as_of": run.as_of.isoformat(),
        "from": run.from_date.isoformat(),
        "to": run.to_date.isoformat(),
        "after": run.after.code if run.after else None,
        "series": run.series_seen,
        "signals_new": run.signals_new,
        "signals_known": run.signals_known,
        "withheld": run.withheld,
        "methods": run.chosen,
        "without_answer": run.refused,
        "digest": run.digest,
    }
    if as_json:
        tell.as_json(facts)
        return
    tell.say(
        _("{code}: {series} series from {first} to {last}; {new} new signals, {known} known ones.").format(
            code=run.code,
            series=run.series_seen,
            first=run.from_date,
            last=run.to_date,
            new=run.signals_new,
            known=run.signals_known,
        )
    )
    if run.withheld:
        tell.say(_("{number} more may be chance among so many series.").format(number=run.withheld))


@click.command(epilog="Example: pasaj backtest --measure returns --evaluated 56")
@click.option("--measure", required=True, metavar="CODE", help="The measure whose series are tried.")
@click.option("--cadence", default="", metavar="CADENCE", help="day, week or month. [default: that of the measure]")
@click.option("--evaluated", default=0, type=int, metavar="PERIODS", help="Periods at the end that are judged.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def backtest(measure: str, cadence: str, evaluated: int, as_json: bool) -> None:
    """Try the detectors on your own series: false alerts as they were, and made-up shocks found.

    For each sensitivity, with the whole history and with 90, 60 and 30 periods of it. The page of the backtest shows
    the same as curves.
    """
    home = ground.open_home()

    from pasaj.watch.services import backtests

    now = ground.now(home)
    row = backtests.open_backtest(measure=measure, cadence=cadence, evaluated=evaluated, actor=ground.actor(), now=now)
    with tell.progress(_("Trying")) as show:
        row = backtests.run(row.pk, progress=show)
    if as_json:
        lines = row.result["lines"]
        tell.as_json({"code": row.code, "series": row.series_seen, "evaluated": row.evaluated, "lines": lines})
        return
    tell.say(
        _("{code}: {series} series, the last {periods} periods judged").format(
            code=row.code, series=row.series_seen, periods=row.evaluated
        )
    )
    _tell_backtest(row)


def _tell_backtest(row: Backtest) -> None:
    from pasaj.watch.queries import backtests as queries

    found = queries.results(row)
    names = [str(name) for name in queries.SENSITIVITIES.values()]
    tell.say("\n" + _("Alerts per 1,000 periods of a series, and in a duty week"))
    tell.table(["", *names], [
        [line.history, *(_pair(*cell) for cell in line.cells)] for line in queries.quiet_lines(row, found)
    ])  # fmt: skip
    tell.say("\n" + _("Shocks found in per cent, and their delay in periods, with the whole history"))
    tell.table(["", _("Size"), _("Shocks tried"), *names], [
        [line.shape, _decimal(line.size, 0), _decimal(line.tried, 0), *(_pair(*cell) for cell in line.cells)]
        for line in queries.shock_lines(found, 0)
    ])  # fmt: skip


def _pair(one: float | None, other: float | None) -> str:
    return " / ".join("–" if value is None else _decimal(value, 1) for value in (one, other))


def _decimal(value: float, digits: int) -> str:
    """As a person of this language writes it: 2.5 in English, 2,5 in French."""
    from django.utils.formats import number_format

    return number_format(round(value, digits), decimal_pos=digits, use_l10n=True, force_grouping=True)
