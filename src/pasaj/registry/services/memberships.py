"""Giving people roles in institutions, and taking access away. Nothing is deleted: who could do what stays known.

Closing an account stands here and not beside the account itself, because the last administrator is known by roles.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from pasaj.access.models import Account
from pasaj.access.rules import Actor, can, may
from pasaj.access.services import accounts, audit, tokens
from pasaj.core.problems import Refused, problem
from pasaj.registry.models import CrossingPoint, Institution, Membership, Role


def grant(
    *,
    account: Account,
    institution: Institution | str,
    role: str,
    crossing: CrossingPoint | str | None = None,
    actor: Actor,
    now: datetime,
) -> Membership:
    """Give an account a role in an institution, for one crossing point or for all. Codes are accepted for both.

    Raises Refused: ACCESS-001 (not allowed), ACCESS-005 (role), ACCESS-006 (institution), PACK-094
    (crossing), PACK-091 (a chief without a crossing), PACK-092 (held already), ACCESS-019 (closed account).
    """
    if not may(actor, "grant", Membership):
        raise Refused(problem("ACCESS-001", roles="admin"))
    if role not in Role.values:
        raise Refused(problem("ACCESS-005", role=role, allowed=", ".join(Role.values)))
    where = _institution(institution)
    point = _crossing(crossing)
    if role == Role.CHIEF and point is None:
        raise Refused(problem("PACK-091"))
    if not account.is_active:
        raise Refused(problem("ACCESS-019", email=account.email))
    with transaction.atomic():
        held = Membership.objects.filter(account=account, institution=where, role=role, crossing=point, ended_at=None)
        if held.exists():
            raise Refused(problem("PACK-092"))
        made = Membership.objects.create(account=account, institution=where, role=role, crossing=point, created_at=now)
        detail = {"institution": where.code, "role": role, "crossing": point.code if point else None}
        audit.record(actor=actor, action="membership.grant", code=account.code, now=now, detail=detail)
    return made


def end(*, membership: Membership, actor: Actor, now: datetime) -> Membership:
    """Take a role away from now on.

    Raises Refused: ACCESS-001 (not allowed), ACCESS-020 (the last administrator), PACK-093 (ended already).
    """
    if not can(actor, "end", membership):
        raise Refused(problem("ACCESS-001", roles="admin, dpo"))
    with transaction.atomic():
        administrators = _administrators() if membership.role == Role.ADMIN else {}
        row = Membership.objects.select_for_update(of=("self",)).filter(pk=membership.pk, ended_at=None).first()
        if row is None:
            raise Refused(problem("PACK-093"))
        if set(administrators) == {row.pk}:
            raise Refused(problem("ACCESS-020", email=row.account.email))
        row.ended_at = now
        row.save(update_fields=["ended_at"])
        detail = {
            "institution": row.institution.code,
            "role": row.role,
            "crossing": row.crossing.code if row.crossing else None,
        }
        audit.record(actor=actor, action="membership.end", code=row.account.code, now=now, detail=detail)
    return row


def close(*, account: Account, actor: Actor, now: datetime) -> None:
    """Close an account: its sessions, tokens and password end for good. Its roles stay, for the day it is opened again.

    Raises Refused: ACCESS-001 (not allowed), ACCESS-020 (the last administrator), ACCESS-019 (closed already).
    """
    with transaction.atomic():
        administrators = _administrators()
        row = _account(account, "deactivate", actor)
        if not row.is_active:
            raise Refused(problem("ACCESS-019", email=row.email))
        if set(administrators.values()) == {row.pk}:
            raise Refused(problem("ACCESS-020", email=row.email))
        accounts.deactivate(account=row, actor=actor, now=now)


def reopen(*, account: Account, actor: Actor, now: datetime) -> str:
    """Open a closed account again, with the roles it still holds and a new password, returned this once.

    Raises Refused: ACCESS-001 (not allowed), ACCESS-022 (it is open).
    """
    with transaction.atomic():
        return accounts.reactivate(account=_account(account, "deactivate", actor), actor=actor, now=now)


def reset_password(*, account: Account, actor: Actor, now: datetime) -> str:
    """Give somebody a new password, returned this once; sessions with the old one end.

    Raises Refused: ACCESS-001 (not allowed), ACCESS-019 (the account is closed).
    """
    with transaction.atomic():
        return accounts.reset_password(account=_account(account, "reset", actor), actor=actor, now=now)


def revoke_tokens(*, account: Account, actor: Actor, now: datetime) -> int:
    """End all tokens of an account; how many there were. Raises Refused: ACCESS-001 (not allowed)."""
    with transaction.atomic():
        return tokens.revoke_all(account=_account(account, "reset", actor), actor=actor, now=now)


def _account(account: Account, action: str, actor: Actor) -> Account:
    """The account as it stands now, held until the transaction ends."""
    if not can(actor, action, account):
        raise Refused(problem("ACCESS-001", roles="admin"))
    return Account.objects.select_for_update().get(pk=account.pk)


def _administrators() -> dict[int, int]:
    """Roles by which somebody who can sign in is an administrator, with the account of each.

    They stay locked until the transaction ends: two who end each other's role at once wait for one another.
    """
    held = Membership.objects.filter(role=Role.ADMIN, ended_at=None, account__is_active=True).order_by("pk")
    rows = held.select_related("account").select_for_update(of=("self", "account"))
    return {row.pk: row.account_id for row in rows}


def _institution(given: Institution | str) -> Institution:
    if isinstance(given, Institution):
        return given
    found = Institution.objects.filter(code__iexact=given.strip(), retired_at=None).first()
    if found is None:
        known = Institution.objects.filter(retired_at=None).order_by("code").values_list("code", flat=True)
        raise Refused(problem("ACCESS-006", code=given, allowed=", ".join(known)))
    return found


def _crossing(given: CrossingPoint | str | None) -> CrossingPoint | None:
    if given is None or isinstance(given, CrossingPoint):
        return given
    found = CrossingPoint.objects.filter(code__iexact=given.strip(), retired_at=None).first()
    if found is None:
        raise Refused(problem("PACK-094", value=given))
    return found
