"""Who is told and who is asked: by institution, role, place, severity, hours and turn."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from pasaj.core import hours
from pasaj.notify.models import Contact, ContactRole, Severity, Shift
from pasaj.registry import queries as registry
from pasaj.registry.models import Area, CrossingPoint

RANK = {code: rank for rank, code in enumerate(Severity.values)}


def active() -> QuerySet[Contact]:
    """Contacts that have not ended."""
    return Contact.objects.filter(ended_at=None)


def recipients(
    *,
    institutions: Collection[str] = (),
    roles: Collection[str] = (),
    crossings: Collection[str] = (),
    areas: Collection[str] = (),
    severity: str = "minor",
) -> QuerySet[Contact]:
    """Contacts to tell, by codes; an empty filter lets everybody through, ended contacts are never told.

    A contact without a place serves everywhere. One of an area is told of what happens in it, in its parts, and in
    the areas that it is part of; one of a crossing of what happens there and in the areas around it. `severity`
    leaves out those who only want to know of worse.
    """
    rows = active().filter(least_severity__in=_up_to(severity))
    if institutions:
        rows = rows.filter(institution__code__in=institutions)
    if roles:
        rows = rows.filter(role__in=roles)
    if crossings or areas:
        rows = rows.filter(_place(crossings, areas))
    return rows.order_by("institution__code", "role", "turn", "code")


def _up_to(severity: str) -> list[str]:
    """The severities that a message of `severity` is at least. Raises KeyError for a word of nobody's."""
    return [one for one in Severity.values if RANK[one] <= RANK[severity]]


def _place(crossings: Collection[str], areas: Collection[str]) -> Q:
    above = dict(Area.objects.values_list("pk", "parent_id"))
    below: dict[int, list[int]] = {}
    for child, parent in above.items():
        if parent is not None:
            below.setdefault(parent, []).append(child)
    points = list(CrossingPoint.objects.filter(code__in=crossings).values_list("pk", "area_id"))
    named = list(Area.objects.filter(code__in=areas).values_list("pk", flat=True))
    inside = _grow(named, lambda one: below.get(one, []))
    around = _grow([*named, *(area for _pk, area in points)], lambda one: [up] if (up := above.get(one)) else [])
    everywhere = Q(crossing=None, area=None)
    at_points = Q(crossing__in=[pk for pk, _area in points]) | Q(crossing__area__in=inside)
    return everywhere | at_points | Q(area__in=inside | around)


def _grow(start: Iterable[int], steps: Callable[[int], Iterable[int]]) -> set[int]:
    found: set[int] = set()
    left = list(start)
    while left:
        one = left.pop()
        if one not in found:
            found.add(one)
            left += steps(one)
    return found


def on_call(now: datetime, role: str = "") -> list[Shift]:
    """The shifts that go on at `now`, the first to call first, by role."""
    rows = Shift.objects.filter(start_at__lte=now, end_at__gt=now, contact__ended_at=None)
    if role:
        rows = rows.filter(role=role)
    return list(rows.select_related("contact__institution").order_by("role", "turn", "start_at", "pk"))


def who_now(role: str, now: datetime) -> list[Contact]:
    """Who is on call in a role at `now`, the first to call first. Empty: nobody is."""
    return list(dict.fromkeys(one.contact for one in on_call(now, role)))


def in_order(*, role: str, institution: str = "", now: datetime, severity: str = "minor") -> list[Contact]:
    """Whom to ask in a role, one after the other: who is on call, then the others by `turn`, within their hours.

    Who is on call is asked at any hour. Others outside of their hours are asked only when `severity` is at least
    their `night_severity`. `institution` is a code; empty: any.
    """
    rows = active().filter(role=role).select_related("institution").order_by("turn", "code")
    called = who_now(role, now)
    if institution:
        rows = rows.filter(institution__code=institution)
        called = [one for one in called if one.institution.code == institution]
    home = registry.home()
    local = now.astimezone(home.zone) if home else now
    awake = [one for one in rows if serves(one, local) or RANK[severity] >= RANK[one.night_severity]]
    return list(dict.fromkeys([*called, *awake]))


def serves(contact: Contact, local: datetime) -> bool:
    """Whether `local`, a moment in the home's time, lies in the hours of a contact."""
    return hours.within(local, contact.from_hour, contact.to_hour, contact.weekdays)


def roles() -> list[ContactRole]:
    """The roles of the pack, in its order."""
    return list(ContactRole.objects.filter(retired_at=None).order_by("order", "code"))
