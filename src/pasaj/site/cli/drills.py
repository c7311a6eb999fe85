"""`pasaj drill run` and `pasaj drill list`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pasaj.core.problems import Refused, problem
from pasaj.site.cli import ground, tell
from pasaj.site.cli.tell import _

if TYPE_CHECKING:
    from pasaj.respond.models import Drill
    from pasaj.respond.services.drills import Played


@click.group(epilog="Example: pasaj drill run step-2024 --json")
def drill() -> None:
    """Drills: a crisis of the past is played again, and every step of the answer is timed."""


@drill.command("list", epilog="Example: pasaj drill list")
@click.option("--pack", default=None, metavar="NAME|PATH", help="Another pack. [default: that of the home]")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def list_(pack: str | None, as_json: bool) -> None:
    """What can be played: scenarios, the plan that each tests, their days."""
    ground.start()

    from pasaj.site.drills.scenarios import every

    found = every(_folder(pack))
    if as_json:
        tell.as_json([{"code": one.code, "plan": one.plan, "start": str(one.start), "days": one.days} for one in found])
        return
    header = (_("Drill"), _("Plan"), _("From"), _("Days"), _("Name"))
    language = tell.language() or "fr"
    names = [one.names.get(language) or next(iter(one.names.values())) for one in found]
    tell.table(
        header, [(one.code, one.plan, one.start, one.days, name) for one, name in zip(found, names, strict=True)]
    )


@drill.command(epilog="Example: pasaj drill run step-2024 -o step-2024.md")
@click.argument("plan", metavar="PLAN")
@click.option("--pack", default=None, metavar="NAME|PATH", help="Another pack. [default: that of the home]")
@click.option("--home", "kept", type=click.Path(path_type=Path), help="Keep the drill's home in this empty folder.")
@click.option("--speed", default=0.0, type=click.FloatRange(0), help="Simulated seconds a second. [default: at once]")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write the report to this file (.md).")
@click.option("--lang", default="", help="Language of the report. [default: that of the pack]")
@click.option("--json", "as_json", is_flag=True, help="Print what it took as JSON.")
def run(
    plan: str, pack: str | None, kept: Path | None, speed: float, output: Path | None, lang: str, as_json: bool
) -> None:
    """Play PLAN: a drill of the pack, the contingency plan that one drill tests, or the path of a scenario file.

    It is played in a home of its own, with players that act by themselves; nobody real is told of anything. Where
    there is a home, how it went is kept in it, beside the drills before.
    """
    ground.start()

    from pasaj.site.drills import run as running

    if output is not None and output.suffix != ".md":
        raise Refused(problem("CLI-027", detail=f"{output.name}: .md", command="pasaj drill run"))
    with tell.progress(_("Playing")):
        played = running.play(folder=_folder(pack), scenario=plan, home=kept, speed=speed)
    row = _keep(played)
    if as_json:
        tell.as_json(plain(played, row))
    else:
        _show(played, row)
    if output is not None:
        _write(output, played, row, lang)


def _folder(pack: str | None) -> Path:
    """The pack that is played with: the one asked for, that of the home, else the built-in one."""
    from pasaj.registry import queries as registry
    from pasaj.registry.services import packs as folders
    from pasaj.site.cli import packs

    if pack is None and ground.has_database() and not ground.migrations().missing:
        home = registry.home()
        own = folders.builtin().get(home.code) if home else None
        if own is not None:
            return own
    found: Path | None = packs.find(pack)
    assert found is not None
    return found


def _keep(played: Played) -> Drill | None:
    """Keep it in the home, where there is one with the same pack."""
    from django.utils import timezone

    from pasaj.registry import queries as registry
    from pasaj.respond.services import drills

    if not ground.has_database() or ground.migrations().missing:
        return None
    home = registry.home()
    if home is None:
        return None
    return drills.keep(played=played, actor=ground.actor(), now=home.business_now(timezone.now()))


def plain(played: Played, row: Drill | None) -> dict[str, Any]:
    """What it took, as JSON-ready values; `code` is empty where no home keeps it."""
    from pasaj.core.drill import compare
    from pasaj.respond.queries import drills as queries

    earlier = queries.before(row) if row else None
    steps = compare(tuple(queries.STEPS), played.promised, played.took, earlier.took if earlier else None)
    return {
        "code": row.code if row else "",
        "scenario": played.scenario,
        "plan": played.plan,
        "days": played.days,
        "seconds": played.seconds,
        "steps": [{**asdict(one), "change": one.change} for one in steps],
        "before": earlier.code if earlier else "",
        "moments": played.report["moments"],
        "counts": played.report["counts"],
        "simulated": True,
    }


def _show(played: Played, row: Drill | None) -> None:
    from django.utils.translation import pgettext

    from pasaj.respond.queries import drills as queries

    found = plain(played, row)
    tell.say(_("Simulated: {days} days in {seconds} s.").format(days=played.days, seconds=f"{played.seconds:.0f}"))
    words = {True: pgettext("promise", "kept"), False: pgettext("promise", "not kept"), None: "–"}
    rows = [
        (
            str(queries.STEPS[one["step"]][0]),
            _hours(one["took"]),
            _hours(one["promised"]),
            words[one["kept"]],
            _hours(one["before"]),
        )
        for one in found["steps"]
    ]
    tell.table((_("Step"), _("Hours"), _("Promised"), _("Promise"), _("Before")), rows)
    if row:
        tell.say(_("Kept as {code}.").format(code=row.code))


def _hours(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _write(path: Path, played: Played, row: Drill | None, language: str) -> None:
    from pasaj.site.drills.writing import markdown

    text = markdown(played, plain(played, row), language or next(iter(played.names)))
    temporary = path.with_name(f".{path.name}.part")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)
    tell.say(_("Written: {path}").format(path=path))
