"""`pasaj policy export` and `pasaj policy verify`: the newest version as a file, and whether such a file is whole."""

from __future__ import annotations

import json
from pathlib import Path

import click

from pasaj.core.problems import Refused, problem
from pasaj.site.cli import ground, leaving, tell
from pasaj.site.cli.tell import _

FORMS = {".pdf": "pdf", ".docx": "docx", ".json": "json"}
LARGEST = 200_000_000  # bytes


@click.command(epilog="Example: pasaj policy export P1 -o policy.docx --lang fr")
@click.argument("code", metavar="POLICY")
@click.option(
    "-o", "--output", "target", required=True, type=click.Path(path_type=Path), help="FILE.docx, FILE.pdf or FILE.json."
)
@click.option("--lang", "language", default="", metavar="LANG", help="fr, ht, en or es. [default: the source language]")
@click.option("--number", type=int, default=0, help="Of the version. [default: the newest]")
@click.option("--draft", is_flag=True, help="What stands now, which says that it is a draft.")
@click.option("--public", is_flag=True, help="The edition for readers outside the cell.")
def export(code: str, target: Path, language: str, number: int, draft: bool, public: bool) -> None:
    """Write POLICY to a file: its newest version, or a draft that says so. What left is recorded."""
    home = ground.open_home()
    form = leaving.form_of(target, FORMS)

    from pasaj.policy.models import Policy
    from pasaj.policy.services import documents

    row = Policy.objects.filter(code=code).first()
    if row is None:
        raise Refused(problem("POL-001", code=code))
    wanted, actor, now = language or row.source_language, ground.actor(), ground.now(home)
    rows = row.versions.select_related("supersedes")
    version = (rows.filter(number=number) if number else rows.order_by("-number")).first()
    if number and version is None:
        raise Refused(problem("POLV-001", code=f"{code}-V{number}"))
    if version is None or draft:
        if form == "json" or public:
            raise Refused(problem("POLV-001", code=f"{code}-V1"))
        released = documents.release_draft(policy=row, language=wanted, form=form, actor=actor, now=now)
        tell.say(_("This is a draft, and says so."))
        named = row.code
    else:
        released = documents.release_version(
            version=version, language=wanted, form=form, everybody=public, actor=actor, now=now
        )
        named = version.code
    leaving.write(released, target)
    tell.say(_("{file}: {code}, {language}.").format(file=target, code=named, language=wanted))


@click.command(epilog="Example: pasaj policy verify P1-V2.json")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--key", default="", metavar="HEX", help="The public key that the publisher makes known.")
def verify(file: Path, key: str) -> None:
    """Check that FILE, a version of a policy as JSON, is whole and signed. Needs no home and no network.

    Exit code 1 when it was changed, or was signed with another key than HEX.
    """
    ground.start()

    from pasaj.policy.services.verifying import verified

    try:
        if file.stat().st_size > LARGEST:
            raise Refused(problem("POLV-009"))
        plain = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise click.UsageError(_("{file} cannot be read.").format(file=file)) from error
    except (ValueError, RecursionError) as error:
        raise Refused(problem("POLV-009")) from error
    told = verified(plain, key)
    tell.say(
        _("{code} is whole. Published {at} by {institution}, signed with {key}.").format(
            code=told["version"], at=told["published_at"], institution=told["approved_by"], key=plain["key"]
        )
    )
    if not key:
        tell.say(_("Compare the key with the one that the publisher makes known."))
