"""The six logins of a demonstration: fresh passwords each time it is prepared, for these accounts only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from pasaj.access.models import Account, address
from pasaj.access.rules import Actor
from pasaj.access.services import accounts
from pasaj.registry.models import Membership
from pasaj.registry.services import memberships
from pasaj.site.demo.script import Person


@dataclass(frozen=True, slots=True)
class Login:
    role: str
    email: str
    password: str


def logins(*, people: Iterable[Person], actor: Actor, now: datetime) -> list[Login]:
    """Make or renew the accounts. Safe to repeat."""
    return [_login(person, actor, now) for person in people]


@transaction.atomic
def _login(person: Person, actor: Actor, now: datetime) -> Login:
    account = Account.objects.filter(email=address(person.email)).first()
    if account is None:
        account, password = accounts.create_account(email=person.email, name=person.name, actor=actor, now=now)
    elif not account.is_active:
        password = accounts.reactivate(account=account, actor=actor, now=now)
    else:
        password = accounts.reset_password(account=account, actor=actor, now=now)
    held = set(Membership.objects.filter(account=account, ended_at=None).values_list("role", flat=True))
    for role in person.roles:
        if role not in held:
            memberships.grant(
                account=account,
                institution=person.institution,
                role=role,
                crossing=person.crossing or None,
                actor=actor,
                now=now,
            )
    return Login(role=", ".join(person.roles), email=account.email, password=password)
