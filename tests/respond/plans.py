"""What tests of plans need: a plan of the small country, a published alert, and somebody to tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import make
from core.plans import PLAN

from pasaj.access.rules import Actor
from pasaj.core import plans as core
from pasaj.core.plans import Action, Level, Trigger
from pasaj.notify.models import Address, Contact
from pasaj.registry.models import Function, Institution, Mandate
from pasaj.respond.models import Activation, Alert, AlertMessage, Plan, Task
from pasaj.respond.services import activations

NOW = make.NOW
DUTY = Actor(id=7, label="Duty", via="web")
ACTIONS = (
    Action("receive", make.names("Open reception"), "AID", "RECEPTION", 2.0, protection=True, roles=("reception",)),
    Action("count", make.names("Count arrivals"), "IMM", "CONTROL", 4.0, after=("receive",)),
    Action("inform", make.names("Inform the posts"), "CELL", "RECEPTION", 1.0),
    Action("patrol", make.names("Keep order"), "IMM", "CONTROL", 6.0, enforcement=True, after=()),
    Action("shelter", make.names("Open shelters"), "AID", "RECEPTION", 8.0, after=("receive",), protection=True),
)


def plan(**fields: Any) -> Plan:
    """A plan with two levels: orange has three actions, red adds enforcement and shelters."""
    said = replace(
        PLAN,
        names=make.names("Mass returns"),
        actions=ACTIONS,
        triggers=(Trigger("signal", "orange", measure="returns"), Trigger("alert", "red", hazard="mass_return")),
        levels=(
            Level("orange", make.names("Orange"), make.names("Three times"), ("receive", "count", "inform")),
            Level(
                "red", make.names("Red"), make.names("Five times"), ("receive", "count", "inform", "patrol", "shelter")
            ),
        ),
        promises={"acknowledge": 1.0, "first_task": 2.0, "all_tasks": 6.0},
        **fields,
    )
    return Plan.objects.create(
        code=said.code,
        version=said.version,
        names=dict(said.names),
        content=core.plain(said),
        fingerprint=core.fingerprint(said),
        review_date=said.review_date,
        source="test",
    )


def mandates() -> None:
    """Who leads what in the small country."""
    for function, institution in (("RECEPTION", "AID"), ("RECEPTION", "CELL"), ("CONTROL", "IMM")):
        made, _new = Function.objects.get_or_create(code=function, defaults={"names": make.names(function.title())})
        Mandate.objects.create(
            key=f"{function}/{institution}",
            function=made,
            institution=Institution.objects.get(code=institution),
            role="lead",
        )


def alert(code: str = "AL-2025-0001", state: str = "published", mode: str = "actual", **fields: Any) -> Alert:
    """A published alert with one message."""
    made = Alert.objects.create(
        code=code, hazard="mass_return", state=state, mode=mode, created_at=NOW - timedelta(hours=1), recorded_at=NOW
    )
    AlertMessage.objects.create(
        alert=made,
        number=1,
        identifier=f"{code}-1",
        sender="test",
        type="Alert",
        state="published",
        scope="Public",
        urgency="Immediate",
        severity="severe",
        certainty="Observed",
        texts={"en": {"headline": "Many people arrive"}},
        expires_at=NOW + timedelta(days=1),
        sent_at=NOW,
        created_at=NOW,
        published_real_at=NOW,
        xml="<alert/>",
        **fields,
    )
    return made


def contact(institution: str, value: str, role: str = "reception", **fields: Any) -> Contact:
    made = Contact.objects.create(
        code=f"CT-{Contact.objects.count() + 1}",
        name=f"Desk {institution}",
        institution=Institution.objects.get(code=institution),
        role=role,
        language="en",
        created_at=NOW,
        **fields,
    )
    Address.objects.create(contact=made, channel="mail", value=value, order=1)
    return made


def active(level: str = "red", now: datetime = NOW, **fields: Any) -> Activation:
    """An activation of the plan, with everything that it needs."""
    mandates()
    plan()
    alert(**fields)
    return activations.activate(plan="returns", alert="AL-2025-0001", level=level, actor=DUTY, now=now)


def at(hours: float) -> datetime:
    return NOW + timedelta(hours=hours)


def task(action: str) -> Task:
    return Task.objects.get(action=action)


def states() -> dict[str, str]:
    """How each task stands, by action."""
    return dict(Task.objects.order_by("order").values_list("action", "state"))


def events(action: str) -> list[str]:
    return list(task(action).events.order_by("pk").values_list("action", flat=True))


TODAY = date(2025, 10, 1)
