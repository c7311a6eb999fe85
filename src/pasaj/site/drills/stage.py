"""The home of a drill before it begins: the pack, people with roles, addresses of a made-up network, ordinary days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from pasaj.access.models import Account
from pasaj.access.rules import SYSTEM, Actor
from pasaj.core.drill import Report, Scenario
from pasaj.core.problems import Refused, problem
from pasaj.notify.models import Contact
from pasaj.notify.services import contacts
from pasaj.notify.services.contacts import Reach
from pasaj.registry import queries as registry
from pasaj.registry.models import CrossingPoint, Home, Institution, Post
from pasaj.registry.services import memberships
from pasaj.respond.models import HazardTemplate, Plan
from pasaj.respond.queries import alerts as alert_settings
from pasaj.watch.models import Observation
from pasaj.watch.services.observations import SIMULATED, SeriesKey, series_for

APPROVERS = 3  # one and two deputies
SLICE = 2000


@dataclass
class People:
    """Who plays: actors by role, and of each institution; every contact by its number."""

    duty: Actor
    approvers: list[Actor]
    of: dict[str, Actor] = field(default_factory=dict)
    by_number: dict[str, Contact] = field(default_factory=dict)


def check(scenario: Scenario) -> tuple[Plan, HazardTemplate]:
    """The plan and the template that a scenario names. Raises Refused DRILL-004 where one of them is not there."""
    plan = Plan.objects.filter(code=scenario.plan, retired_at=None).first()
    hazard = HazardTemplate.objects.filter(code=scenario.hazard, retired_at=None).first()
    for row, what in ((plan, f"plan {scenario.plan}"), (hazard, f"alert template {scenario.hazard}")):
        if row is None:
            raise Refused(problem("DRILL-004", detail=what))
    assert plan is not None
    assert hazard is not None
    if scenario.level not in {one["code"] for one in plan.content["levels"]}:
        raise Refused(problem("DRILL-004", detail=f"level {scenario.level} of {scenario.plan}"))
    return plan, hazard


def people(scenario: Scenario, plan: Plan, hazard: HazardTemplate, now: datetime) -> People:
    """Accounts and contacts: the cell, its approvers, and whoever the template and the plan name."""
    home = registry.home()
    assert home is not None
    found = People(
        _actor(home, "duty", "duty", home.cell, now),
        [_actor(home, f"approver{turn}", "approver", home.cell, now) for turn in range(1, APPROVERS + 1)],
    )
    numbers = _numbers(home)
    settings = alert_settings.settings()
    for turn, approver in enumerate(found.approvers, 1):
        _contact(found, home, next(numbers), home.cell, settings.approvers, now, turn=turn, account=approver)
    _contact(found, home, next(numbers), home.cell, "duty", now, account=found.duty)
    template = hazard.said
    roles = dict.fromkeys((*(template.roles or settings.roles), "duty"))
    leads = [one["lead"] for one in plan.content["actions"]]
    for code in dict.fromkeys((*(template.institutions or settings.institutions), *leads)):
        for role in roles:
            if (code, role) != (home.cell, "duty"):
                _contact(found, home, next(numbers), code, role, now)
    for code in dict.fromkeys(leads):
        found.of[code] = _actor(home, code.lower(), "partner", code, now)
    return found


def _numbers(home: Home) -> Iterator[str]:
    """Numbers of nobody, in the form of the country: the drill's own network hands nothing on."""
    country, digits = str(home.phone.get("country", "999")), int(home.phone.get("digits", 8))
    for number in range(1, 10_000):
        yield f"+{country}{number:0{digits}d}"


def _actor(home: Home, name: str, role: str, institution: str, now: datetime) -> Actor:
    email = f"{name}@drill.invalid"
    with transaction.atomic():
        account = Account.objects.filter(email=email).first()
        if account is None:
            # Nobody signs in as them: without a password nobody can.
            account = Account.objects.create_user(email, name=f"Drill {name}")
            memberships.grant(
                account=account,
                institution=Institution.objects.get(code=institution or home.cell),
                role=role,
                crossing=None,
                actor=SYSTEM,
                now=now,
            )
    return registry.actor_for(account, via="drill")


def _contact(
    people: People,
    home: Home,
    number: str,
    institution: str,
    role: str,
    now: datetime,
    *,
    turn: int = 1,
    account: Actor | None = None,
) -> None:
    email = Account.objects.get(pk=account.id).email if account and account.id else ""
    made = contacts.add(
        name=f"Drill {institution} {role} {turn}",
        institution=institution,
        role=role,
        addresses=[Reach("sms", number, True)],
        language=home.default_language,
        turn=turn,
        account=email,
        actor=SYSTEM,
        now=now,
    )
    people.by_number[made.addresses.get().value] = made


def only_posts_of(scenario: Scenario, now: datetime) -> None:
    """Posts that the scenario says nothing of are not expected to report: their silence would mean nothing."""
    known = {(one.key.place, one.key.source) for one in scenario.usual}
    places = dict(CrossingPoint.objects.values_list("code", "pk"))
    for post in Post.objects.filter(retired_at=None):
        if not any(places.get(place) == post.crossing_id and source == post.source_code for place, source in known):
            Post.objects.filter(pk=post.pk).update(retired_at=now)


def ordinary(reports: Iterable[Report], zone: object) -> int:
    """Store the days before the first that is played, in bulk. Returns how many figures they have."""
    rows: list[Observation] = []
    series: dict[object, int] = {}
    for report in reports:
        at = report.at.replace(tzinfo=zone)  # type: ignore[arg-type]
        for key, value in report.values:
            if key not in series:
                told = SeriesKey(key.place, key.measure, category=key.category, source=key.source)
                series[key] = series_for(told).pk
            rows.append(
                Observation(
                    series_id=series[key],
                    period_start=report.day,
                    period_end=report.day,
                    value=Decimal(value),
                    quality=SIMULATED,
                    origin="demo",
                    reported_at=at,
                    recorded_at=at,
                )
            )
    for start in range(0, len(rows), SLICE):
        Observation.objects.bulk_create(rows[start : start + SLICE])
    return len(rows)
