"""`pasaj form build` and `pasaj form publish`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pasaj.core.problems import Problem, Refused, problem
from pasaj.site.cli import ground, packs, tell
from pasaj.site.cli.tell import _

if TYPE_CHECKING:
    from pasaj.collect.models import FormUpload


@click.group(epilog="Example: pasaj form publish daily_count.xlsx")
def form() -> None:
    """Forms for phones and browsers: XLSForms."""


@form.command(epilog="Example: pasaj form build daily_count -o daily_count.xlsx")
@click.argument("form_id", metavar="FRAMEWORK|FORM")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="The XLSForm to write.")
@click.option(
    "--unit",
    type=click.Choice(["country", "institution", "crossing_point"]),
    default="country",
    show_default=True,
    help="Of a framework: the sort of unit that the form asks about.",
)
@click.option("--pack", default=None, metavar="NAME|PATH", help="The pack that holds the form. [default: the home's]")
def build(form_id: str, output: Path, unit: str, pack: str | None) -> None:
    """Write the XLSForm of a form or a framework of the pack, to change it or to look at it."""
    ground.start()
    folder = packs.find(pack) if pack else _folder_of_home()

    from pasaj.collect.services import pack_forms
    from pasaj.registry.services import packs as registry

    if output.suffix.casefold() != ".xlsx":
        raise Refused(problem("CLI-020", value=output.name, allowed=".xlsx"))
    files = registry.read_folder(folder)
    found = pack_forms.folders(files)
    if form_id in found:
        data = pack_forms.workbook(found[form_id], form_id)
    else:
        data = _framework_form(folder, form_id, unit, tuple(found))
    with output.open("wb") as file:
        file.write(data)
    tell.say(_("{file}: the form {code}.").format(file=output, code=form_id))


def _framework_form(folder: Path, code: str, sort: str, others: tuple[str, ...]) -> bytes:
    """The form that a round over everything in the pack would send to its assessors."""
    from pasaj.assess.services import questionnaires
    from pasaj.registry.services import packs as registry

    checked = registry.check_folder(folder).pack
    frameworks = {one.code: one for one in checked.frameworks} if checked else {}
    if checked is None or code not in frameworks:
        raise Refused(problem("FORM-031", value=code, allowed=", ".join([*others, *frameworks]) or "–"))
    return questionnaires.form_of(frameworks[code], checked, sort)


def _folder_of_home() -> Path:
    home = ground.open_home()

    from pasaj.registry.services import packs as registry

    return packs.find(home.code if home.code in registry.builtin() else None)


@form.command(epilog="Example: pasaj form publish daily_count.xlsx --json")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print form, version and problems as JSON.")
def publish(file: Path, as_json: bool) -> None:
    """Convert, check, screen, store and publish the XLSForm in FILE.

    The same file again changes nothing. Exit code 1 when something stands against it; a form that
    only the screening refuses is stored as a draft.
    """
    home = ground.open_home()

    from pasaj.collect import jobs
    from pasaj.collect.services import conversion

    if not file.is_file():
        raise Refused(problem("CLI-011", path=file, detail=_("there is no such file")))
    with file.open("rb") as data:
        row = conversion.upload(file=data, filename=file.name, publish=True, actor=ground.actor(), now=ground.now(home))
    with tell.progress(_("Converting")) as show:
        row = jobs.convert(row.pk, show)
    found = [Problem.of(one) for one in row.problems]
    if as_json:
        tell.as_json(_plain(row, found))
    else:
        _say(row, found)
    if found or row.version is None:
        click.get_current_context().exit(1)


def _plain(row: FormUpload, found: list[Problem]) -> dict[str, Any]:
    from pasaj.collect.services import media

    version = row.version
    return {
        "form_id": version.form.form_id if version else None,
        "version": version.version if version else None,
        "state": version.state if version else row.state,
        "validated": version.validated if version else False,
        "missing_files": media.missing(version) if version else [],
        "problems": [tell.described(one) for one in found],
    }


def _say(row: FormUpload, found: list[Problem]) -> None:
    from pasaj.collect.services import media

    version = row.version
    if version:
        said = {"form": version.form.form_id, "version": version.version, "state": version.state}
        tell.say(_("Form {form}, version {version}: {state}.").format(**said))
        if not version.validated:
            tell.say(_("ODK Validate did not look at it: Java is not installed here."))
        if missing := media.missing(version):
            tell.say(_("Missing: the form names these files, and phones need them.") + " " + ", ".join(missing))
    for one in found:
        for line in tell.lines(one):
            click.echo(line, err=True)
