"""`pasaj app-user add`, `list` and `revoke`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pasaj.site.cli import ground, tell
from pasaj.site.cli.tell import _

if TYPE_CHECKING:
    from pasaj.collect.models import AppUser

DAYS = 365


@click.group("app-user", epilog='Example: pasaj app-user add "Marie, north post" --crossing XX-BCP-NORTH')
def app_user() -> None:
    """Keys of phones: one for each person or device."""


@app_user.command("add", epilog='Example: pasaj app-user add "Marie, north post" --crossing XX-BCP-NORTH --json')
@click.argument("name")
@click.option("--crossing", default="", metavar="CODE", help="May send for this crossing point. [default: any place]")
@click.option("--form", default="", metavar="ID", help="May send this form. [default: every form]")
@click.option("--language", default="", metavar="CODE", help="fr, ht, en or es. [default: the pack's]")
@click.option("--institution", default="", metavar="CODE", help="Institution of the pack, by code.")
@click.option("--days", default=DAYS, show_default=True, help="How long the key works.")
@click.option("--testing", is_flag=True, help="Is offered drafts too; what is sent with them feeds no figure.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Where to write the QR code (PNG).")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def add(
    name: str,
    crossing: str,
    form: str,
    language: str,
    institution: str,
    days: int,
    testing: bool,
    out: Path | None,
    as_json: bool,
) -> None:
    """Give NAME a key: a QR code that sets up ODK Collect, printed this once.

    Phones reach the address in PASAJ_URL, else the one that the running server was started with.
    Without either it is this machine's own, which no phone can reach.
    """
    home = ground.open_home()

    from pasaj.collect.services import codes, phones

    wanted = phones.Wanted(name, crossing, form, language, institution, days, testing)
    user, token = phones.add(wanted=wanted, actor=ground.actor(), now=ground.now(home))
    setup = codes.setup(user=user, token=token, base=_base(), home=home)
    path = out or Path(ground.folder()) / "files" / "qr" / f"{user.code}.png"
    codes.write_png(setup.text, path)
    if as_json:
        tell.as_json(
            {
                "code": user.code,
                "server_url": setup.server_url,
                "qr_png": str(path.resolve()),
                "expires_at": user.expires_at.isoformat(),
            }
        )
        return
    tell.say(_("{code}: {name}, until {day}").format(code=user.code, name=user.name, day=user.expires_at.date()))
    tell.say(_("Server: {url}").format(url=setup.server_url))
    tell.say(_("QR code: {path}").format(path=path))


def _base() -> str:
    from django.conf import settings

    from pasaj.site import serve

    return settings.PASAJ_URL or serve.last_address(settings.PASAJ_HOME)


@app_user.command("list", epilog="Example: pasaj app-user list --json")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def list_(as_json: bool) -> None:
    """List the keys, the newest first."""
    ground.open_home()

    from django.utils import timezone

    from pasaj.access.rules import SYSTEM
    from pasaj.collect.queries import phones

    now = timezone.now()
    rows = [(user, _state(user, user.is_valid(now))) for user in phones.keys(SYSTEM)]
    if as_json:
        tell.as_json(
            [
                {
                    "code": user.code,
                    "name": user.name,
                    "state": state,
                    "devices": len(user.devices.all()),
                    "submissions": user.sent,  # type: ignore[attr-defined]
                    "expires_at": user.expires_at.isoformat(),
                    "last_seen_at": user.last_seen_at.isoformat() if user.last_seen_at else None,
                }
                for user, state in rows
            ]
        )
        return
    header = (_("Code"), _("Name"), _("State"), _("Devices"), _("Reports"), _("Works until"))
    tell.table(
        header,
        [
            (user.code, user.name, state, len(user.devices.all()), user.sent, user.expires_at.date())  # type: ignore[attr-defined]
            for user, state in rows
        ],
    )


def _state(user: AppUser, works: bool) -> str:
    return "revoked" if user.revoked_at else "active" if works else "expired"


@app_user.command("revoke", epilog="Example: pasaj app-user revoke AU-2026-0001")
@click.argument("code")
def revoke(code: str) -> None:
    """End the key CODE at once."""
    home = ground.open_home()

    from pasaj.collect.services import phones

    user = phones.find(code)
    phones.revoke(user=user, actor=ground.actor(), now=ground.now(home))
    tell.say(_("The key {code} does not work any more.").format(code=user.code))
