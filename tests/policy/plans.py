"""A small policy to try things with: one problem, objective, two measures, two actions, an indicator, costs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import make

from pasaj.access.rules import Actor, Grant
from pasaj.evidence import services as evidence
from pasaj.evidence.services import Draft, Tie
from pasaj.policy.models import Goal, Policy
from pasaj.policy.services import money, policies, statements
from pasaj.policy.services.wanted import (
    ActionWanted,
    IndicatorWanted,
    MeasureWanted,
    ObjectiveWanted,
    ProblemWanted,
)
from pasaj.registry.models import Institution, Instrument

NOW = make.NOW
LAW = "TL-LAW-1"


def drafter() -> Actor:
    """Somebody of the cell who drafts."""
    cell = Institution.objects.get(code="CELL")
    return Actor(900, "drafter", (Grant("drafter", cell.pk, "CELL"),), "web")


def member(country: make.Country, email: str = "drafter@example.org") -> object:
    """An account that drafts, for pages."""
    account = make.account(email)
    make.member(account, country.institutions["CELL"], "drafter")
    return account


def goals() -> None:
    for code, name in (("GCM-11", "Coordinated borders"), ("GCM-12", "Screening and referral")):
        Goal.objects.create(code=code, framework="GCM", names=make.names(name), relevance="core", source="test")


def finding(code: str = "A1-F01", text: str = "Nobody refers children who cross alone") -> str:
    """A finding in the chain that stands by itself (its own app writes real ones)."""
    words = make.names(text)
    fields = {"statement": words, "severity": 4, "rights": True}
    evidence.put(drafts=[Draft(code, "finding", fields, {}, words)], actor=drafter(), now=NOW)
    return code


def ground(code: str, figure: str = "FG-2025-0001") -> str:
    """A figure that a finding rests on."""
    fields = {"query": "test", "parameters": {}}
    evidence.put(
        drafts=[Draft(figure, "figure", fields, {"count": 12}, make.names("Children"))], actor=drafter(), now=NOW
    )
    evidence.link(ties=[Tie(code, figure, "rests-on")], actor=drafter(), now=NOW)
    return figure


def policy(country: make.Country, **changed: object) -> Policy:
    """P1 of the small country, for 2025 to 2028, with two themes."""
    values = {
        "names": make.names("Migration policy"),
        "institution": "CELL",
        "languages": ("fr", "ht", "en", "es"),
        "first": date(2025, 1, 1),
        "last": date(2028, 12, 31),
        "currency": "HTG",
        "themes": ((make.names("Protection"), ""), (make.names("Borders"), "GCM-11")),
        **changed,
    }
    return policies.begin(wanted=policies.PolicyWanted(**values), actor=drafter(), now=NOW)  # type: ignore[arg-type]


PROBLEM = ProblemWanted(
    1, make.names("Children who cross alone are not referred"), ("A1-F01", LAW), ("Best interests of the child",),
    ("children",),
)  # fmt: skip
OBJECTIVE = ObjectiveWanted(1, make.names("Every child alone is referred the same day"), ("P1-PB1.1",), ("GCM-12",))
MEASURE = MeasureWanted(
    1, make.names("A referral post at each crossing"), "protection", ("P1-O1.1",),
    (("IMM", "lead"), ("AID", "support")), basis=(LAW,),
)  # fmt: skip
CHECKS = MeasureWanted(
    2, make.names("Joint checks"), "enforcement", ("P1-O1.1",), (("IMM", "lead"),), safeguards=("P1-M1.1",)
)
TRAIN = ActionWanted(
    "P1-M1.1", make.names("Train officers"), "IMM", date(2025, 1, 1), date(2025, 6, 30), make.names("60 trained")
)
POST = ActionWanted(
    "P1-M1.1", make.names("Open posts"), "AID", date(2025, 7, 1), date(2026, 6, 30), make.names("4 posts"),
    needs=("P1-A1.1.1",),
)  # fmt: skip
INDICATOR = IndicatorWanted(
    "P1-O1.1", make.names("Children referred the same day"), make.names("Referrals within 24 hours"), "%", "up",
    baseline=Decimal(20), baseline_on=date(2024, 12, 31), baseline_source="A1", target=Decimal(90),
    target_on=date(2027, 12, 31), every_days=90, origin="external", source_name="IBESR", denominator="children alone",
)  # fmt: skip
COST = money.CostWanted(
    "P1-A1.1.1", "Trainers", "recurrent", Decimal(2), "person", Decimal("1250.50"), Decimal(6), "HTG", 2025
)


def whole(country: make.Country) -> Policy:
    """All of it: codes P1-PB1.1, P1-O1.1, P1-M1.1, P1-M2.1, P1-A1.1.1, P1-A1.1.2, P1-I1, P1-A1.1.1-L1."""
    goals()
    Instrument.objects.create(code=LAW, title="A law", kind="law", date="2014", source="test")
    finding()
    row = policy(country)
    actor = drafter()
    wanted = [("", one) for one in (PROBLEM, OBJECTIVE, MEASURE, CHECKS, TRAIN, POST, INDICATOR)]
    statements.write_all(policy="P1", wanted=wanted, actor=actor, now=NOW)
    money.put_costs(policy="P1", wanted=[COST], actor=actor, now=NOW)
    return row
