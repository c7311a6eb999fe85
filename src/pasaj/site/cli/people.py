"""`pasaj user …`, `pasaj token add` and `pasaj audit verify`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import click

from pasaj.core.problems import Refused, problem
from pasaj.site.cli import ground, tell
from pasaj.site.cli.tell import _

if TYPE_CHECKING:
    from pasaj.access.models import Account
    from pasaj.registry.queries import Person

TOKEN_DAYS = 365
ROLES = "chief, duty, approver, analyst, lead, drafter, dpo, admin, partner"


@click.group(epilog="Example: pasaj user add marie@example.org --institution CELL --role duty")
def user() -> None:
    """Accounts of people."""


@user.command(
    "add", epilog="Example: pasaj user add ann@example.org --institution BORDER --role chief --crossing XX-BCP-NORTH"
)
@click.argument("email")
@click.option("--institution", required=True, metavar="CODE", help="Institution of the pack, by code.")
@click.option("--role", required=True, metavar="ROLE", help=f"One of {ROLES}.")
@click.option("--crossing", default="", metavar="CODE", help="Crossing point; needed for a chief.")
@click.option("--name", default="", help="Name as others see it.")
def add_user(email: str, institution: str, role: str, crossing: str, name: str) -> None:
    """Give EMAIL a role. A new account gets a password, printed this once."""
    home = ground.open_home()

    from django.db import transaction

    from pasaj.access.models import Account, address
    from pasaj.access.services import accounts
    from pasaj.registry.services import memberships

    now, actor = ground.now(home), ground.actor()
    with transaction.atomic():
        account = Account.objects.filter(email=address(email)).first()
        password = ""
        if account is None:
            account, password = accounts.create_account(email=email, name=name, actor=actor, now=now)
        made = memberships.grant(
            account=account, institution=institution, role=role, crossing=crossing or None, actor=actor, now=now
        )
    where = made.institution.code
    tell.say(_("{email}: {role} at {institution}").format(email=account.email, role=role, institution=where))
    if password:
        tell.say(_("Password: {password}").format(password=password))


@user.command("list", epilog="Example: pasaj user list --json")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def list_users(as_json: bool) -> None:
    """All accounts with their roles, open ones first."""
    ground.open_home()

    from django.utils import timezone

    from pasaj.registry import queries

    found = queries.people(queries.accounts(ground.actor()), timezone.now())
    if as_json:
        tell.as_json([_described(one) for one in found])
        return
    rows = [
        (
            one.account.email,
            one.account.name,
            _("Active") if one.account.is_active else _("Closed"),
            ", ".join(_brief(role) for role in _described(one)["roles"]),
            one.tokens,
        )
        for one in found
    ]
    tell.table((_("E-mail address"), _("Name"), _("State"), _("Roles"), _("Tokens")), rows)


def _described(person: Person) -> dict[str, Any]:
    account = person.account
    return {
        "email": account.email,
        "name": account.name,
        "code": account.code,
        "open": account.is_active,
        "created_at": account.created_at.isoformat(),
        "last_sign_in": account.last_login and account.last_login.isoformat(),
        "roles": [
            {
                "institution": row.institution.code,
                "role": row.role,
                "crossing": row.crossing.code if row.crossing else None,
            }
            for row in person.roles
        ],
        "tokens": person.tokens,
    }


def _brief(role: dict[str, Any]) -> str:
    """duty@CELL, or chief@IMM/XX-BCP-NORTH for one crossing point."""
    return f"{role['role']}@{role['institution']}" + (f"/{role['crossing']}" if role["crossing"] else "")


@user.command("end", epilog="Example: pasaj user end ann@example.org --institution CELL --role duty")
@click.argument("email")
@click.option("--institution", required=True, metavar="CODE", help="Institution of the role, by code.")
@click.option("--role", required=True, metavar="ROLE", help=f"One of {ROLES}.")
@click.option("--crossing", default="", metavar="CODE", help="Crossing point, when the role is for one only.")
def end_role(email: str, institution: str, role: str, crossing: str) -> None:
    """Take a role away from EMAIL, from now on. The account stays open."""
    home = ground.open_home()

    from pasaj.registry import queries
    from pasaj.registry.services import memberships

    account = _account(email, closed=True)
    held = queries.roles_of([account]).filter(ended_at=None, institution__code__iexact=institution.strip(), role=role)
    row = (
        held.filter(crossing__code__iexact=crossing.strip()).first() if crossing else held.filter(crossing=None).first()
    )
    if row is None:
        raise Refused(problem("ACCESS-021", email=account.email, role=role, institution=institution))
    memberships.end(membership=row, actor=ground.actor(), now=ground.now(home))
    where = row.institution.code
    tell.say(_("{email}: no longer {role} at {institution}").format(email=account.email, role=role, institution=where))


@user.command("close", epilog="Example: pasaj user close ann@example.org")
@click.argument("email")
def close_user(email: str) -> None:
    """Close the account of EMAIL: its sessions, tokens and password end for good."""
    home = ground.open_home()

    from pasaj.registry.services import memberships

    account = _account(email, closed=True)
    memberships.close(account=account, actor=ground.actor(), now=ground.now(home))
    tell.say(_("{email}: closed").format(email=account.email))


@user.command("reopen", epilog="Example: pasaj user reopen ann@example.org")
@click.argument("email")
def reopen_user(email: str) -> None:
    """Open the closed account of EMAIL again, with a new password, printed this once.

    It holds the roles it held: end first what is over.
    """
    home = ground.open_home()

    from pasaj.registry.services import memberships

    account = _account(email, closed=True)
    password = memberships.reopen(account=account, actor=ground.actor(), now=ground.now(home))
    tell.say(_("Password: {password}").format(password=password))


@user.command("password", epilog="Example: pasaj user password ann@example.org")
@click.argument("email")
def new_password(email: str) -> None:
    """Give EMAIL a new password, printed this once. Whoever is signed in with the old one is signed out."""
    home = ground.open_home()

    from pasaj.registry.services import memberships

    password = memberships.reset_password(account=_account(email), actor=ground.actor(), now=ground.now(home))
    tell.say(_("Password: {password}").format(password=password))


@click.group(epilog="Example: pasaj token add marie@example.org --json")
def token() -> None:
    """Keys for programs that use the API."""


@token.command("add", epilog="Example: pasaj token add marie@example.org --json")
@click.argument("email")
@click.option("--write", "may_write", is_flag=True, help="Let it write too, in the name of the account.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def add_token(email: str, may_write: bool, as_json: bool) -> None:
    """Make an API token that reads for EMAIL, for one year. It is printed this once."""
    home = ground.open_home()

    from pasaj.access.services import tokens

    row, plain = tokens.issue(
        account=_account(email),
        name="pasaj token add",
        days=TOKEN_DAYS,
        may_write=may_write,
        actor=ground.actor(),
        now=ground.now(home),
    )
    if as_json:
        tell.as_json(
            {"token": plain, "prefix": row.prefix, "may_write": row.may_write, "expires_at": row.expires_at.isoformat()}
        )
    else:
        tell.say(plain)


def _account(email: str, *, closed: bool = False) -> Account:
    """Raises Refused: ACCESS-004 (none), ACCESS-019 (closed, unless that will do)."""
    from pasaj.access.models import Account, address

    account = Account.objects.filter(email=address(email)).first()
    if account is None:
        raise Refused(problem("ACCESS-004", email=email))
    if not (account.is_active or closed):
        raise Refused(problem("ACCESS-019", email=account.email))
    return account


@click.group(epilog="Example: pasaj audit verify")
def audit() -> None:
    """The log of who did what."""


def _shown(show: tell.Progress, total: int, count: int) -> None:
    show(count, total)


@audit.command("verify", epilog="Example: pasaj audit verify")
def verify() -> None:
    """Read the whole log and check that nothing was changed, removed or inserted.

    Keep the printed end of the log somewhere else: it shows later that no end was cut off.
    """
    ground.open_home()

    from pasaj.access.models import AuditEntry
    from pasaj.access.services import audit as log

    total = AuditEntry.objects.count()
    with tell.progress(_("Reading the log")) as show:
        found = log.verify(partial(_shown, show, total))
    if found.problem:
        raise Refused(found.problem)
    ground.check_guards()
    tell.say(
        _("The log is whole: {count} entries, {erased} with erased values.").format(
            count=found.entries, erased=found.erased
        )
    )
    tell.say(_("End of the log: {head}").format(head=found.head))
