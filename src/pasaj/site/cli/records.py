"""`pasaj import`, `pasaj signals` and `pasaj export`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pasaj.core import periods
from pasaj.core.problems import Problem, Refused, problem
from pasaj.site.cli import ground, leaving, tell
from pasaj.site.cli.tell import _

if TYPE_CHECKING:
    from pasaj.watch.models import Import, Signal

REASONS = 3  # of refused rows, told on the terminal; the file has them all
FORMS = {".csv": "csv", ".xlsx": "xlsx", ".geojson": "geojson"}


class Day(click.ParamType[date]):
    """A date as YYYY-MM-DD."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        found = periods.parse(value, "day")
        if found is None:
            raise Refused(problem("CLI-008", value=value))
        return found.start


DAY = Day()


@click.group("import", epilog="Example: pasaj import observations counts.csv --mapping counts.yaml --source REG")
def import_() -> None:
    """Read files of figures."""


@import_.command(
    "observations", epilog="Example: pasaj import observations counts.csv --mapping counts.yaml --source REG --dry-run"
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--mapping", required=True, type=click.Path(path_type=Path), help="YAML file that says what the columns mean."
)
@click.option("--source", required=True, metavar="CODE", help="Source of the figures, by its code in the pack.")
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def import_observations(file: Path, mapping: Path, source: str, dry_run: bool, as_json: bool) -> None:
    """Read observations from FILE (CSV). Visible at once when it is done, or not at all.

    The same file twice changes nothing. Refused rows go to a file with their reasons.
    """
    home = ground.open_home()

    from pasaj.watch.services import imports

    for path in (file, mapping):
        if not path.is_file():
            raise Refused(problem("CLI-011", path=path, detail=_("there is no such file")))
    actor, now = ground.actor(), ground.now(home)
    with file.open("rb") as data:
        row = imports.open_import(
            file=data,
            filename=file.name,
            mapping=mapping.read_bytes(),
            source=source,
            dry_run=dry_run,
            foreground=True,
            actor=actor,
            now=now,
        )
    with tell.progress(_("Importing")) as show:
        row = imports.run(row.pk, now=now, progress=show)
    _tell_import(row, as_json)


def _tell_import(row: Import, as_json: bool) -> None:
    from django.conf import settings

    if row.state == row.State.FAILED:
        raise Refused(*(Problem.of(one) for one in row.problems))
    refused = str(Path(settings.PASAJ_HOME) / "files" / row.refused_path) if row.refused_path else ""
    counts = {
        "new": row.rows_new,
        "changed": row.rows_changed,
        "unchanged": row.rows_unchanged,
        "refused": row.rows_refused,
    }
    problems = [Problem.of(one) for one in row.problems]
    if as_json:
        tell.as_json(
            {
                "code": row.code,
                "state": row.state,
                "dry_run": row.dry_run,
                "rows": counts,
                "encoding": row.result.get("encoding"),
                "encoding_certain": row.result.get("certain"),
                "refused_file": refused,
                "problems": [tell.described(one) for one in problems],
            }
        )
    else:
        _say_import(row, counts, refused, problems)
    taken = sum(counts.values()) > row.rows_refused
    if row.state != row.State.DONE or (row.rows_refused and not taken):
        click.get_current_context().exit(1)


def _say_import(row: Import, counts: dict[str, int], refused: str, problems: list[Problem]) -> None:
    if row.state != row.State.DONE:
        tell.say(f"{row.code}: {row.get_state_display()}")
        return
    tell.say(
        _("{code}: {new} new, {changed} changed, {unchanged} unchanged, {refused} refused.").format(
            code=row.code, **counts
        )
    )
    if row.dry_run:
        tell.say(_("Dry run: nothing was written."))
    if not row.result["certain"]:
        guess = _("The file was read as %(encoding)s, which is a guess. Check names with accents.")
        tell.say(guess % {"encoding": row.result["encoding"]})
    for one in problems[:REASONS]:
        click.echo("\n  ".join(tell.lines(one)), err=True)
    if refused:
        tell.say(_("Refused rows and their reasons: {path}").format(path=refused))


def check_order(first: date | None, last: date | None) -> None:
    if first and last and first > last:
        raise Refused(problem("CLI-025", first=first, last=last))


@click.command(epilog="Example: pasaj signals --from 2026-03-01 --json")
@click.option("--from", "first", type=DAY, default=None, help="First day of the period they speak of.")
@click.option("--to", "last", type=DAY, default=None, help="Last day of the period they speak of.")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def signals(first: date | None, last: date | None, as_json: bool) -> None:
    """List signals, the newest period first."""
    ground.open_home()
    check_order(first, last)

    from pasaj.watch.models import Signal

    rows = Signal.objects.select_related("series__source", "crossing", "area", "measure")
    if first:
        rows = rows.filter(period_end__gte=first)
    if last:
        rows = rows.filter(period_start__lte=last)
    found = [_plain(row) for row in rows.order_by("-period_end", "code").iterator(500)]
    if as_json:
        tell.as_json({"signals": found})
        return
    columns = (
        "code",
        "period_start",
        "place",
        "measure",
        "source",
        "kind",
        "direction",
        "observed",
        "expected",
        "method",
        "state",
    )
    shown = ({**row, "source": " ".join(row["sources"])} for row in found)
    tell.table(columns, [[row[name] for name in columns] for row in shown])


def _sources(row: Signal) -> list[str]:
    """Who reported, did not report, or contradicts whom."""
    if row.series:
        return [row.series.source.code]
    named = [row.details["source"]] if "source" in row.details else []
    return named + [figure["source"] for figure in row.details.get("figures", ())]


def _plain(row: Any) -> dict[str, Any]:
    place = row.crossing or row.area
    return {
        "code": row.code,
        "kind": row.kind,
        "method": row.method,
        "place": place.code if place else None,
        "measure": row.measure.code if row.measure else None,
        "series": row.series.code if row.series else None,
        "sources": _sources(row),
        "direction": row.direction,
        "period_start": row.period_start.isoformat(),
        "period_end": row.period_end.isoformat(),
        "observed": row.observed,
        "expected": row.expected,
        "lower": row.lower,
        "upper": row.upper,
        "estimate": (row.details.get("late") or {}).get("estimate"),
        "rests_on": (row.details.get("late") or {}).get("rests_on", ""),
        "protection": row.protection,
        "parameters": row.parameters,
        "inputs_as_of": row.inputs_as_of.isoformat(),
        "state": row.state,
    }


@click.group(epilog="Example: pasaj export observations -o counts.csv --hxl")
def export() -> None:
    """Take data out, through the gate that everything passes."""


@export.command("observations", epilog="Example: pasaj export observations -o counts.xlsx --hxl")
@click.option(
    "-o",
    "--output",
    "target",
    required=True,
    type=click.Path(path_type=Path),
    help="FILE.csv, FILE.xlsx or FILE.geojson.",
)
@click.option("--hxl", is_flag=True, help="Add a row of HXL tags.")
@click.option("--public", is_flag=True, help="For everybody (TLP:CLEAR): refused while it holds counts of our own.")
def export_observations(target: Path, hxl: bool, public: bool) -> None:
    """Write the current figures to a file. What left is recorded."""
    home = ground.open_home()

    from pasaj.share.models import Audience
    from pasaj.watch.services import exports

    form = leaving.form_of(target, FORMS)
    actor = ground.actor()
    released = exports.export(
        rows=exports.figures(actor=actor),
        form=form,
        audience=Audience.CLEAR if public else Audience.STRICT,
        title="pasaj export observations",
        question={"command": "export observations"},
        actor=actor,
        now=ground.now(home),
        hxl=hxl,
    )
    leaving.write(released, target)
    rows = released.release.rows if released.release else 0
    tell.say(_("{file}: {count} rows.").format(file=target, count=rows))
