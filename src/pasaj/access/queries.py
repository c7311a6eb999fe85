"""Questions about problems, the log and tokens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812 - the name gettext tools look for

from pasaj.access.models import Account, ApiToken, AuditDetail, AuditEntry
from pasaj.access.rules import Actor, visible
from pasaj.core.problems import Problem, fill

PAGE = 50

# What entries' actions mean: words only, of all apps, so that the log can be searched by them.
ACTIONS: dict[str, str] = {
    "account.created": N_("Account created"),
    "account.changed": N_("Account changed"),
    "account.deactivated": N_("Account closed"),
    "account.reactivated": N_("Account opened again"),
    "account.password-reset": N_("New password given"),
    "account.password-reset-by-mail": N_("Password reset by e-mail"),
    "account.password-changed": N_("Password changed"),
    "account.signed-in": N_("Signed in"),
    "account.signed-out": N_("Signed out"),
    "account.sign-in-refused": N_("Sign-in refused"),
    "account.address-added": N_("E-mail address added"),
    "account.address-changed": N_("E-mail address changed"),
    "account.address-removed": N_("E-mail address removed"),
    "account.factor-added": N_("Second factor added"),
    "account.factor-removed": N_("Second factor removed"),
    "account.factor-reset": N_("Second factor renewed"),
    "account.factor-failed": N_("Second factor refused"),
    "token.issued": N_("Access token created"),
    "token.revoked": N_("Access token revoked"),
    "token.used": N_("Access token used"),
    "audit.viewed": N_("Values of an entry viewed"),
    "audit.erased": N_("Values of entries erased"),
    "membership.grant": N_("Role given"),
    "membership.end": N_("Role ended"),
    "pack.load": N_("Country pack loaded"),
    "pack.load-figures": N_("Published figures of the pack loaded"),
    "share.release": N_("Released"),
    "observation.reported": N_("Figure reported"),
    "observation.corrected": N_("Figure corrected"),
    "observation.withdrawn": N_("Figure withdrawn"),
    "import.opened": N_("Import begun"),
    "import.cancelled": N_("Import cancelled"),
    "import.tried": N_("Import tried"),
    "import.applied": N_("Import applied"),
    "detection.opened": N_("Detection asked for"),
    "detection.cancelled": N_("Detection cancelled"),
    "signal.acknowledged": N_("Signal acknowledged"),
    "signal.verified": N_("Signal verified"),
    "signal.discarded": N_("Signal discarded"),
    "signal.reopened": N_("Signal opened again"),
    "signal.noted": N_("Note added to a signal"),
    "backup.made": N_("Backup made"),
    "backup.restored": N_("Backup restored"),
    "demo.loaded": N_("Demonstration loaded"),
    "demo.clock": N_("Demonstration clock set"),
}

VIAS: dict[str, str] = {
    "web": N_("Pages"),
    "token": N_("Access token"),
    "key": N_("Phone key"),
    "sms": N_("SMS"),
    "command": N_("Command line"),
    "system": N_("Background work"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """A problem as a person reads it. `place` is empty, or like "counts.csv, row 3, column entries"."""

    code: str
    text: str
    remedy: str
    place: str


def say(problem: Problem, language: str | None = None) -> Said:
    """The problem in `language`, or in the reader's."""
    with translation.override(language or translation.get_language()):
        values = problem.spoken(_)
        return Said(
            code=problem.code,
            text=fill(_(problem.kind.message), values),
            remedy=fill(_(problem.kind.remedy), values),
            place=_place(problem),
        )


def _place(problem: Problem) -> str:
    parts = [problem.file]
    if problem.row is not None:
        parts.append(_("row %(row)s") % {"row": problem.row})
    if problem.column:
        parts.append(_("column %(column)s") % {"column": problem.column})
    return ", ".join(part for part in parts if part)


def action_name(action: str) -> str:
    """What an action means, in the reader's language; its own word where nobody has described it."""
    return _(ACTIONS[action]) if action in ACTIONS else action


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as the audit page lists it."""

    id: int
    reference: str
    at: datetime
    who: str
    via: str
    via_name: str
    action: str
    action_name: str
    code: str
    has_values: bool


@dataclass(frozen=True, slots=True)
class AuditPage:
    lines: tuple[Line, ...]
    older: int | None  # ask for entries before this id; None at the end


def audit_page(
    *,
    actor: Actor,
    zone: tzinfo,
    from_date: date | None = None,
    to_date: date | None = None,
    who: str = "",
    action: str = "",
    code: str = "",
    before: int | None = None,
) -> AuditPage:
    """Entries that `actor` may see, newest first, by day (of `zone`, both inclusive), person, action and code."""
    entries = visible(AuditEntry.objects.select_related("detail"), actor)
    if from_date:
        entries = entries.filter(at__gte=_midnight(from_date, zone))
    if to_date:
        entries = entries.filter(at__lt=_midnight(to_date + timedelta(days=1), zone))
    if who:
        entries = entries.filter(actor_id__in=_people(who))
    if action:
        entries = entries.filter(action=action)
    if code:
        entries = entries.filter(code__iexact=code)
    if before:
        entries = entries.filter(id__lt=before)
    found = list(entries.order_by("-id")[: PAGE + 1])
    names = labels(entry.actor_id for entry in found)
    lines = tuple(_line(entry, names) for entry in found[:PAGE])
    return AuditPage(lines=lines, older=lines[-1].id if len(found) > PAGE else None)


def audit_actions() -> list[tuple[str, str]]:
    """Every known action and what it means, by meaning."""
    return sorted(((action, action_name(action)) for action in ACTIONS), key=lambda pair: pair[1])


def _who(entry: AuditEntry, names: Mapping[int, str]) -> str:
    if entry.actor_id is not None:
        return names.get(entry.actor_id) or Account(pk=entry.actor_id).code
    if entry.via in ("key", "sms"):
        return _("A phone")
    return _("Nobody signed in") if entry.via == "web" else "Pasaj"


def audit_line(entry: AuditEntry) -> Line:
    return _line(entry, labels([entry.actor_id]))


def labels(ids: Iterable[int | None]) -> dict[int, str]:
    """Names of accounts by id, in one query. Ids of nobody (the system, a visitor) have none."""
    wanted = {one for one in ids if one is not None}
    return {account.pk: str(account) for account in Account.objects.filter(pk__in=wanted)}


def tokens_of(account: Account) -> list[ApiToken]:
    """An account's tokens, the newest first."""
    return list(account.tokens.order_by("-created_at", "-pk"))


def factors_of(account: Account) -> frozenset[str]:
    """Kinds of second factor an account has: totp, webauthn, recovery_codes."""
    return frozenset(Authenticator.objects.filter(user=account).values_list("type", flat=True))


def _people(text: str) -> QuerySet[Account, Any]:
    return Account.objects.filter(Q(email__icontains=text) | Q(name__icontains=text)).values("pk")


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone)


def _line(entry: AuditEntry, names: Mapping[int, str]) -> Line:
    return Line(
        id=entry.id,
        reference=entry.reference,
        at=entry.at,
        who=_who(entry, names),
        via=entry.via,
        via_name=_(VIAS[entry.via]) if entry.via in VIAS else entry.via,
        action=entry.action,
        action_name=action_name(entry.action),
        code=entry.code,
        has_values=_detail(entry) is not None,
    )


def _detail(entry: AuditEntry) -> AuditDetail | None:
    return getattr(entry, "detail", None)
