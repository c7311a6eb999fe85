"""`pasaj pack check` and `pasaj pack load`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pasaj.core.problems import Problem, Refused, problem
from pasaj.site.cli import ground, tell
from pasaj.site.cli.tell import _

if TYPE_CHECKING:
    from pasaj.core.pack import Checked


@click.group(epilog="Example: pasaj pack check packs/haiti")
def pack() -> None:
    """Country packs: folders of plain files that describe a country."""


@pack.command(epilog="Example: pasaj pack check ./packs/haiti --json")
@click.argument("path")
@click.option("--json", "as_json", is_flag=True, help="Print problems and warnings as JSON.")
@click.pass_context
def check(context: click.Context, path: str, as_json: bool) -> None:
    """List every problem of the pack at PATH (a folder, or the name of a built-in pack).

    Each with file, row and column. Exit code 1 when there is any; warnings alone leave it 0.
    """
    ground.start()

    from pasaj.registry.services import packs

    found = packs.check_folder(find(path))
    if as_json:
        tell.as_json(
            {
                "problems": [tell.described(one) for one in found.problems],
                "warnings": [tell.described(one) for one in found.warnings],
            }
        )
    else:
        _print(found)
    if found.problems:
        context.exit(1)


def _print(found: Checked) -> None:
    for one in found.warnings:
        tell.say(_("Warning: {text}").format(text="\n  ".join(tell.lines(one))))
    for one in found.problems:
        tell.say("\n  ".join(tell.lines(one)))
    tell.say(
        _("{problems} problems, {warnings} warnings.").format(
            problems=len(found.problems), warnings=len(found.warnings)
        )
    )


@pack.command(epilog="Example: pasaj pack load ./packs/haiti")
@click.argument("path")
def load(path: str) -> None:
    """Load the pack at PATH into the home, or bring the loaded one up to date.

    Rows are matched by code; a row that left the pack is kept, marked as retired.
    """
    ground.start()
    ground.check_database()
    with ground.alone():
        folder = find(path)
        load_into(folder)
        load_forms(folder)


def find(text: str | None) -> Path:
    """The folder of a pack: a path, the name of a built-in one, or (None) the only built-in one.

    Raises Refused: CLI-006.
    """
    from pasaj.registry.services import packs

    known = packs.builtin()
    if text is None and len(known) == 1:
        return next(iter(known.values()))
    for folder in (Path(text or ""), known.get(text or "")):
        if text and folder is not None and folder.is_dir():
            return folder
    raise Refused(problem("CLI-006", path=text or "…", allowed=", ".join(known)))


def load_into(folder: Path) -> None:
    """Check the pack in `folder` and load it. Raises Refused with every problem of the pack."""
    from django.db import transaction
    from django.utils import timezone

    from pasaj.assess.services.packs import load as load_frameworks
    from pasaj.notify.services.packs import load as load_roles
    from pasaj.policy.services.document import load as load_template
    from pasaj.policy.services.packs import load as load_policy
    from pasaj.registry import queries as registry
    from pasaj.registry.services import packs
    from pasaj.respond.services.alert_packs import load as load_alerts
    from pasaj.respond.services.drills import load as load_drills
    from pasaj.respond.services.plans import load as load_plans
    from pasaj.watch.services.packs import load as load_figures

    checked = packs.check_folder(folder)
    if checked.pack is None:
        raise Refused(*checked.problems)
    found, actor, now = registry.home(), ground.actor(), timezone.now()
    business = found.business_now(now) if found else now
    with transaction.atomic():  # a home with half a pack would count as done
        loaded = packs.load_pack(pack=checked.pack, actor=actor, now=business, warnings=checked.warnings)
        total = loaded.total + load_figures(pack=checked.pack, actor=actor, now=business).total
        total += load_roles(pack=checked.pack, actor=actor, now=business)
        total += load_frameworks(pack=checked.pack, actor=actor, now=business)
        total += load_plans(pack=checked.pack, actor=actor, now=business)
        total += load_alerts(pack=checked.pack, actor=actor, now=business)
        total += load_drills(pack=checked.pack, actor=actor, now=business)
        total += load_template(pack=checked.pack, actor=actor, now=business)
        total += load_policy(pack=checked.pack, actor=actor, now=business)
    tell.say(
        _("Pack {code} {version}: {new} new rows, {changed} changed, {warnings} warnings.").format(
            code=loaded.home.code,
            version=loaded.home.version,
            new=total.created,
            changed=total.updated,
            warnings=len(checked.warnings),
        )
    )


def load_forms(folder: Path) -> None:
    """Hand in and publish the forms of the pack in `folder` that are not here yet; tell what stands against one."""
    from django.utils import timezone

    from pasaj.collect import jobs
    from pasaj.collect.services import pack_forms
    from pasaj.registry import queries as registry
    from pasaj.registry.services import packs

    home = registry.home()
    now = timezone.now()
    with tell.progress(_("Converting forms")) as show:
        done = pack_forms.load(
            files=packs.read_folder(folder),
            convert=jobs.convert,
            actor=ground.actor(),
            now=home.business_now(now) if home else now,
            progress=show,
        )
    for row in done:
        if row.version and not row.problems:
            said = {"form": row.version.form.form_id, "version": row.version.version, "state": row.version.state}
            tell.say(_("Form {form}, version {version}: {state}.").format(**said))
        for one in row.problems:
            tell.say(f"{row.filename}: " + "\n  ".join(tell.lines(Problem.of(one))))
