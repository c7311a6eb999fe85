"""A hazard, contacts and alerts of the small country, made through the services."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import make

from pasaj.access.models import Account
from pasaj.core.alerts import Settings, Template, plain
from pasaj.notify.models import Address, Contact
from pasaj.registry.models import CrossingPoint, Institution
from pasaj.respond.models import AlertMessage, AlertSettings, HazardTemplate
from pasaj.respond.services import alerts
from pasaj.watch.models import DetectionRun, Measure, Signal

NOW = make.NOW + timedelta(hours=3)  # ten in the morning, local time
NIGHT = datetime(2025, 10, 2, 4, 0, tzinfo=make.NOW.tzinfo)  # eleven at night, local time

SERVICES = {
    "fr": {
        "event": "Accueil d'urgence",
        "headline": "Des personnes ont besoin d'aide à {place}",
        "description": "Des personnes attendent sans abri ni eau à {place}, {period}.",
        "protection": "Ouvrir l'accueil : de l'eau, des soins et un toit pour la nuit.",
        "instruction": "Dites à la cellule ce que vous envoyez.",
        "short": "{place}: accueil. D'abord eau et soins.",
    },
    "ht": {
        "event": "Akèy ijan",
        "headline": "Gen moun ki bezwen èd nan {place}",
        "description": "Gen moun k ap tann san abri ak san dlo nan {place}, {period}.",
        "protection": "Louvri sant akèy la: dlo, swen ak yon kote pou dòmi.",
        "instruction": "Di selil la kisa nou voye.",
        "short": "{place}: akèy. Dabò dlo ak swen.",
    },
    "en": {
        "event": "Urgent reception",
        "headline": "People need help at {place}",
        "description": "People are waiting without shelter and water at {place}, {period}.",
        "protection": "Open the reception: water, care and a roof for the night.",
        "instruction": "Tell the cell what you send.",
        "short": "{place}: reception. First water and care.",
    },
    "es": {
        "event": "Acogida urgente",
        "headline": "Hay personas que necesitan ayuda en {place}",
        "description": "Hay personas que esperan sin techo y sin agua en {place}, {period}.",
        "protection": "Abrir la acogida: agua, salud y un techo para la noche.",
        "instruction": "Diga a la célula lo que usted envía.",
        "short": "{place}: acogida. Primero agua y salud.",
    },
}


def hazard(code: str = "reception", **fields: Any) -> HazardTemplate:
    """A template of the small country, for services and for the public."""
    values: dict[str, Any] = {
        "code": code,
        "names": make.names("Urgent reception"),
        "category": ("Safety",),
        "response_types": ("Prepare",),
        "urgency": "Immediate",
        "severity": "severe",
        "certainty": "Observed",
        "hours": 24,
        "days": 14,
        "texts": {"services": SERVICES, "public": SERVICES},
        "plan": "reception",
        **fields,
    }
    said = Template(**values)
    return HazardTemplate.objects.create(code=code, names=said.names, content=plain(said), source="test")


def settings(**fields: Any) -> AlertSettings:
    """Settings of the small country."""
    said = Settings(sender="alerts@testland.example", **fields)
    AlertSettings.objects.filter(code="alerts").delete()
    return AlertSettings.objects.create(code="alerts", content=plain(said), source="test")


def contact(name: str, role: str = "duty", institution: str = "IMM", account: Account | None = None, turn: int = 1,
            phone: str = "", mail: str = "", exercise: bool = False) -> Contact:  # fmt: skip
    """Somebody to tell, with the addresses given."""
    made = Contact.objects.create(
        code=f"CT-2025-{Contact.objects.count() + 1:04d}", name=name, role=role, turn=turn, language="fr",
        institution=Institution.objects.get(code=institution), created_at=make.NOW,
        account_id=account.pk if account else None,
    )  # fmt: skip
    for channel, value in (("sms", phone), ("mail", mail)):
        if value:
            Address.objects.create(contact=made, channel=channel, value=value, exercise=exercise)
    return made


def signal(
    code: str = "SG-2025-0001", *, place: str = "TL-BCP-NOR", state: str = "verified", observed: float = 340
) -> Signal:
    """A signal of unusual returns at a crossing, on the last day of September."""
    run = DetectionRun.objects.create(
        code=f"DR-{code}", as_of=make.NOW, from_date=date(2025, 9, 1), to_date=date(2025, 9, 30),
        requested_at=make.NOW,
    )  # fmt: skip
    crossing = CrossingPoint.objects.get(code=place)
    return Signal.objects.create(
        code=code, key=code, kind="unusual", method="ears_c2", crossing=crossing,
        measure=Measure.objects.get(code="returns"), direction="up", period_start=date(2025, 9, 30),
        period_end=date(2025, 9, 30), observed=observed, expected=40, inputs_as_of=make.NOW, run=run,
        created_at=make.NOW, state=state, state_at=make.NOW,
    )  # fmt: skip


def drafted(cast: make.Cast, *, who: str = "duty", now: datetime = NOW, **given: Any) -> AlertMessage:
    """A draft of the hazard, at a crossing, by hand."""
    if not HazardTemplate.objects.exists():
        hazard()
    if not Contact.objects.exists():
        contact("Desk", mail="desk@example.org", phone="+15005550001")
    given.setdefault("areas", [{"crossing": "TL-BCP-NOR"}])
    return alerts.draft(hazard="reception", actor=cast.actor(who), now=now, **given)


def submitted(cast: make.Cast, *, now: datetime = NOW, **given: Any) -> AlertMessage:
    """The same, handed in."""
    row = drafted(cast, now=now, **given)
    return alerts.submit(identifier=row.identifier, actor=cast.actor("duty"), now=now)


def published(cast: make.Cast, *, now: datetime = NOW, **given: Any) -> AlertMessage:
    """The same, approved by one person."""
    row = submitted(cast, now=now, **given)
    return alerts.approve(identifier=row.identifier, actor=cast.actor("approver"), now=now)


def another_approver(here: make.Country, name: str = "second") -> Account:
    """One more person who may approve."""
    made = make.account(f"{name}@example.org")
    make.member(made, here.institutions["CELL"], "approver")
    return made
