"""Who sends: reports by crossing, service and form, day by day. Never by person, never in order of numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from django.db.models import Count, F, Max, Q
from django.db.models.functions import TruncDate

from pasaj.access.rules import Actor, visible
from pasaj.collect.models import Form, Submission
from pasaj.collect.queries.submissions import midnight
from pasaj.registry.models import Area, CrossingPoint, Institution

DAYS = 28


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    number: int

    @property
    def state(self) -> str:
        """The square it is drawn with."""
        return "reported" if self.number else "not_expected"


@dataclass(frozen=True, slots=True)
class Row:
    """What one place and service sent with one form."""

    place: CrossingPoint | Area | None
    service: Institution | None
    form: Form
    days: tuple[Day, ...]
    total: int  # in these days
    complete: int  # of them with all their files
    last: datetime
    simulated: bool  # some of what it ever sent was made up for the demonstration

    @property
    def share(self) -> float | None:
        return self.complete / self.total if self.total else None


Group = tuple[int | None, int | None, int | None, int]


def activity(actor: Actor, now: datetime, zone: tzinfo) -> tuple[list[date], list[Row]]:
    """The last 28 days with the current one, and a row for each group that has ever sent, by the place's name."""
    today = now.astimezone(zone).date()
    days = [today - timedelta(days=DAYS - 1 - at) for at in range(DAYS)]
    rows = visible(Submission.objects.exclude(state=Submission.State.REFUSED), actor)
    groups = rows.annotate(service=F("app_user__institution")).values("crossing", "area", "service", "form")
    recent = Q(received_at__gte=midnight(days[0], zone), received_at__lt=midnight(today + timedelta(days=1), zone))
    totals = groups.annotate(
        last=Max("received_at"),
        made_up=Count("pk", filter=Q(via="demo")),
        total=Count("pk", filter=recent),
        whole=Count("pk", filter=recent & Q(complete=True)),
    ).order_by()
    daily: dict[Group, dict[date, int]] = {}
    by_day = groups.filter(recent).annotate(day=TruncDate("received_at", tzinfo=zone), number=Count("pk")).order_by()
    for one in by_day:
        daily.setdefault(_group(one), {})[one["day"]] = one["number"]
    found = list(totals)
    names = _Names(found)
    made = [
        Row(
            place=names.place(one),
            service=names.services.get(one["service"]),
            form=names.forms[one["form"]],
            days=tuple(Day(day, daily.get(_group(one), {}).get(day, 0)) for day in days),
            total=one["total"],
            complete=one["whole"],
            last=one["last"],
            simulated=one["made_up"] > 0,
        )
        for one in found
    ]
    return days, sorted(made, key=lambda row: (str(row.place or ""), str(row.service or ""), str(row.form)))


def _group(one: Mapping[str, Any]) -> Group:
    return one["crossing"], one["area"], one["service"], one["form"]


class _Names:
    """The places, services and forms that groups name: a query each."""

    def __init__(self, found: Iterable[Mapping[str, Any]]) -> None:
        groups = list(found)
        self.crossings = CrossingPoint.objects.in_bulk({one["crossing"] for one in groups} - {None})
        self.areas = Area.objects.in_bulk({one["area"] for one in groups} - {None})
        self.services = Institution.objects.in_bulk({one["service"] for one in groups} - {None})
        self.forms = Form.objects.in_bulk({one["form"] for one in groups})

    def place(self, one: Mapping[str, Any]) -> CrossingPoint | Area | None:
        return self.crossings.get(one["crossing"]) or self.areas.get(one["area"])
