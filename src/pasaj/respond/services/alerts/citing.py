"""Published alerts in the chain of evidence: what was told, resting on the signals it was raised on."""

from __future__ import annotations

from datetime import datetime

from pasaj.access.rules import Actor
from pasaj.evidence.models import Node
from pasaj.evidence.services import Draft, Tie, link, put
from pasaj.respond.models import AlertMessage

KIND = "alert"


def cite(row: AlertMessage, actor: Actor, now: datetime) -> None:
    """Put an alert into the chain as its last published message has it. The same again changes nothing."""
    alert = row.alert
    fields = {
        "hazard": alert.hazard,
        "mode": alert.mode,
        "severity": row.severity,
        "urgency": row.urgency,
        "certainty": row.certainty,
        "areas": sorted({code for area in row.areas for code in (*area.get("codes", ()), *area.get("crossings", ()))}),
        "type": row.type,
    }
    titles = {language: str(said.get("headline", "")) for language, said in row.texts.items()}
    simulated = alert.mode != "actual"
    put(drafts=[Draft(alert.code, KIND, fields, titles=titles, simulated=simulated)], actor=actor, now=now)
    codes = alert.origins.filter(kind="signal").order_by("pk").values_list("code", flat=True)
    known = set(Node.objects.filter(code__in=list(codes), kind="signal").values_list("code", flat=True))
    ties = [Tie(alert.code, code, "raised-on") for code in codes if code in known]
    if ties and not row.references:
        link(ties=ties, actor=actor, now=now)
