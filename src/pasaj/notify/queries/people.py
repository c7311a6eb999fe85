"""The directory as a reader may see it, and the on-call list of a week."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from django.db.models import Prefetch, Q, QuerySet

from pasaj.access.models import Account
from pasaj.access.queries import say
from pasaj.access.rules import Actor, visible
from pasaj.core import oncall
from pasaj.core.problems import CATALOGUE, problem
from pasaj.notify.models import Address, Contact, ContactRole, Inbound, Shift
from pasaj.notify.queries.directory import on_call
from pasaj.registry.models import localised

DAYS = 7
NIGHT = time(2)  # "tonight" is who would be woken at that hour
RECENT = timedelta(days=14)  # a role that was on call within that time is expected to go on


def role_names() -> dict[str, str]:
    """What the roles of contacts are called, in the order of the pack; those that left it too."""
    rows = ContactRole.objects.order_by("order", "code").values_list("code", "names")
    return {code: localised(names) for code, names in rows}


def contacts(
    actor: Actor, *, text: str = "", role: str = "", institution: str = "", ended: bool = False
) -> QuerySet[Contact]:
    """The contacts that `actor` may see: those in office, or those that have ended. By institution and turn."""
    rows = visible(Contact.objects.filter(ended_at__isnull=not ended), actor)
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(code__iexact=text))
    if role:
        rows = rows.filter(role=role)
    if institution:
        rows = rows.filter(institution__code=institution)
    used = Address.objects.order_by("order", "pk")
    rows = rows.select_related("institution", "crossing", "area").prefetch_related(Prefetch("addresses", used))
    return rows.order_by("institution__code", "role", "turn", "code")


def contact(actor: Actor, code: str) -> Contact | None:
    return contacts(actor).filter(code=code).first() or contacts(actor, ended=True).filter(code=code).first()


def reached(actor: Actor, rows: Iterable[Contact]) -> frozenset[int]:
    """Of these contacts, those whose addresses `actor` may see. One query."""
    keys = [one.pk for one in rows]
    return frozenset(visible(Contact.objects.filter(pk__in=keys), actor, "reach").values_list("pk", flat=True))


def shared(row: Contact) -> dict[tuple[str, str], list[str]]:
    """Addresses of a contact that others in office have too, with the codes of those."""
    mine = {(one.channel, one.value) for one in row.addresses.all()}
    others = Address.objects.filter(value__in=[value for _channel, value in mine], contact__ended_at=None)
    rows = others.exclude(contact=row).order_by("contact__code")
    found: dict[tuple[str, str], list[str]] = {}
    for channel, value, code in rows.values_list("channel", "value", "contact__code"):
        if (channel, value) in mine:
            found.setdefault((channel, value), []).append(code)
    return found


def email_of(row: Contact) -> str:
    """The address with which a contact signs in; empty where it does not."""
    return Account.objects.filter(pk=row.account_id or 0).values_list("email", flat=True).first() or ""


# --- On call -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the list: shifts that touch it, and the stretches nobody covers by role."""

    day: date
    shifts: Sequence[Shift]
    gaps: Sequence[tuple[str, datetime, datetime]]


@dataclass(frozen=True, slots=True)
class Week:
    """Who is on call now and tonight, and the days from `first` on. `roles`: those that are expected to be covered."""

    now: Sequence[Shift]
    tonight: Sequence[Shift]
    days: Sequence[Day]
    roles: Sequence[str]


def week(actor: Actor, first: date, now: datetime, zone: tzinfo) -> Week:
    """The on-call list of seven days as `actor` may see it. Gaps are of the whole list, whoever reads."""
    start = datetime.combine(first, time.min, tzinfo=zone)
    end = datetime.combine(first + timedelta(days=DAYS), time.min, tzinfo=zone)
    everything = Shift.objects.filter(start_at__lt=end, end_at__gt=min(start, now) - RECENT, contact__ended_at=None)
    roles = sorted(set(everything.values_list("role", flat=True)))
    spans = {role: [(one.start_at, one.end_at) for one in everything if one.role == role] for role in roles}
    seen = visible(everything.filter(end_at__gt=start), actor).select_related("contact__institution")
    shifts = [_local(one, zone) for one in seen.order_by("start_at", "role", "turn", "pk")]
    days = []
    for number in range(DAYS):
        day = first + timedelta(days=number)
        begin = datetime.combine(day, time.min, tzinfo=zone)
        close = datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone)
        here = [one for one in shifts if one.start_at < close and one.end_at > begin]
        after = max(begin, now)
        gaps = [(role, one, two) for role in roles for one, two in oncall.gaps(spans[role], after, close)]
        days.append(Day(day, here, gaps if after < close else []))
    allowed = frozenset(visible(Shift.objects.all(), actor).values_list("pk", flat=True))
    called = [[one for one in on_call(at) if one.pk in allowed] for at in (now, tonight(now, zone))]
    return Week(called[0], called[1], days, roles)


def tonight(now: datetime, zone: tzinfo) -> datetime:
    """The next time it is the middle of the night."""
    local = now.astimezone(zone)
    day = local.date() if local.time() < NIGHT else local.date() + timedelta(days=1)
    return datetime.combine(day, NIGHT, tzinfo=zone)


def _local(one: Shift, zone: tzinfo) -> Shift:
    one.start_at, one.end_at = one.start_at.astimezone(zone), one.end_at.astimezone(zone)
    return one


def upcoming(row: Contact, now: datetime) -> list[Shift]:
    """The shifts of a contact that go on or come."""
    return list(row.shifts.filter(end_at__gt=now).order_by("start_at")[:20])


def inbound(actor: Actor, state: str = "") -> QuerySet[Inbound]:
    """Texts that came in, the newest first."""
    rows = visible(Inbound.objects.all(), actor).select_related("contact__institution")
    return (rows.filter(state=state) if state else rows).order_by("-received_at", "-pk")


def counted(actor: Actor) -> QuerySet[Inbound]:
    """What the actor sent as counts by SMS, understood or not, the newest first. Everybody may look at the own ones."""
    if actor.id is None:
        return Inbound.objects.none()
    return Inbound.objects.filter(contact__account_id=actor.id, meaning="count").order_by("-received_at", "-pk")


def why(code: str) -> str:
    """The problem of a text in the reader's language; its code where the words have places to fill."""
    kind = CATALOGUE.get(code)
    return say(problem(code)).text if kind and not kind.names() else code
