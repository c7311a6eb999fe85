"""`pasaj alert validate` and `pasaj alert key`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pasaj.core.problems import Problem, fill
from pasaj.site.cli import ground, tell
from pasaj.site.cli.tell import _

if TYPE_CHECKING:
    from pasaj.respond.services.signing import Key


@click.group(epilog="Example: pasaj alert validate alert.xml")
def alert() -> None:
    """Alerts as CAP messages, and the key that signs them."""


@alert.command(epilog="Example: pasaj alert validate alert.xml --json")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print validity and problems as JSON.")
@click.pass_context
def validate(context: click.Context, file: Path, as_json: bool) -> None:
    """Check the CAP 1.2 message in FILE: its form, and the rules that no schema says.

    Needs no home. Exit code 1 when the message is not valid; recommendations alone leave it 0.
    """
    ground.start()

    from pasaj.core import cap
    from pasaj.core.cap.reading import MOST_BYTES

    with file.open("rb") as opened:
        data = opened.read(MOST_BYTES + 1)
    found = cap.check(data)
    if as_json:
        tell.as_json({"valid": not found, "problems": [_plain(one) for one in found]})
    else:
        for one in found:
            tell.say("\n  ".join(tell.lines(one)))
        for one in cap.advice(data) if not found else ():
            tell.say(_("Recommendation: {text}").format(text="\n  ".join(tell.lines(one))))
        tell.say(_("Valid.") if not found else _("Not valid: {count} problems.").format(count=len(found)))
    if found:
        context.exit(1)


def _plain(found: Problem) -> dict[str, str]:
    return {"code": found.code, "path": found.column, "message": fill(_(found.kind.message), found.spoken(_))}


@alert.command(epilog="Example: pasaj alert key --json")
@click.option("--rotate", is_flag=True, help="Replace the key; receivers must be told the new fingerprint.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON, with the certificate in PEM.")
def key(rotate: bool, as_json: bool) -> None:
    """Show the fingerprint of the certificate that signs alerts; the key is made when there is none.

    Receivers pin the fingerprint: give it to them on another way than the feed.
    """
    ground.open_home()

    from datetime import UTC, datetime

    from pasaj.respond.services import signing

    made = signing.rotate(actor=ground.actor(), real_now=datetime.now(UTC)) if rotate else signing.key()
    if as_json:
        tell.as_json(_shown(made))
        return
    tell.say(_("SHA-256 fingerprint: {fingerprint}").format(fingerprint=made.fingerprint))
    tell.say(_("Valid until {date}.").format(date=made.until.date().isoformat()))
    if rotate:
        tell.say(_("Tell the new fingerprint to everybody who pins it."))


def _shown(made: Key) -> dict[str, object]:
    return {
        "fingerprint": made.fingerprint,
        "since": made.since.isoformat(),
        "until": made.until.isoformat(),
        "certificate": made.certificate,
    }
