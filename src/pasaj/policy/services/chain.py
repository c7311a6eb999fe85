"""The statements of a policy in the chain of evidence, and what happened to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from pasaj.access.rules import Actor
from pasaj.evidence import services as evidence
from pasaj.evidence.models import Link, Node
from pasaj.evidence.models.links import Disposition
from pasaj.evidence.services import Draft, Tie
from pasaj.policy.models import (
    Action,
    CostLine,
    Entry,
    Measure,
    Objective,
    Policy,
    Problem,
    Reading,
)
from pasaj.policy.queries.statements import AnyStatement
from pasaj.registry.models import Instrument

DOCUMENT = "document"


def say(
    policy: Policy, codes: Iterable[str], action: str, actor: Actor, now: datetime, note: str = "", **details: Any
) -> None:
    """Write into the history what happened to these."""
    Entry.objects.bulk_create(
        Entry(
            policy=policy, code=code, action=action, note=note, details=details, at=now,
            actor_id=actor.id, actor_label=actor.label,
        )
        for code in codes
    )  # fmt: skip


def cite(codes: Iterable[str], actor: Actor, now: datetime) -> None:
    """Put the instruments among these codes into the chain, as documents that can be cited."""
    drafts = [_document(row) for row in Instrument.objects.filter(code__in=set(codes)).order_by("code")]
    if drafts:
        evidence.put(drafts=drafts, actor=actor, now=now)


def cite_again(actor: Actor, now: datetime) -> None:
    """Bring the instruments that are cited up to date with their rows: what rests on one that changed is suspect.

    One that has left the country pack is withdrawn from the chain, one that came back is taken up again.
    """
    cited = dict(Node.objects.filter(kind=DOCUMENT).values_list("code", "withdrawn_at"))
    rows = {row.code: row for row in Instrument.objects.filter(code__in=cited).order_by("code")}
    drafts = [_document(row) for row in rows.values()]
    if drafts:
        evidence.put(drafts=drafts, actor=actor, now=now)
    for code, row in rows.items():
        if row.retired_at and not cited[code]:
            evidence.withdraw(code=code, note=_("It is no longer in the country pack."), actor=actor, now=now)
        elif cited[code] and not row.retired_at:
            evidence.reinstate(code=code, note=_("It is in the country pack again."), actor=actor, now=now)


def _document(row: Instrument) -> Draft:
    fields = {"title": row.title, "kind": row.kind, "date": row.date, "status": row.status, "source": row.source}
    return Draft(row.code, DOCUMENT, fields, {}, {"en": row.title})


# --- What the chain is told of each ------------------------------------------------------------


def draft(row: AnyStatement) -> Draft:
    """What the chain is told of a statement."""
    fields, institution = _fields(row)
    kind = f"policy-{type(row).__name__.lower()}"
    return Draft(
        row.code, kind, {"text": row.text, **fields}, {}, row.text, institution=institution, simulated=row.simulated
    )


def _fields(row: AnyStatement) -> tuple[dict[str, object], str]:
    """Its own fields, and the institution that answers for it."""
    if isinstance(row, Problem):
        return {"rights": row.rights, "groups": row.groups}, ""
    if isinstance(row, Objective):
        return {"goals": sorted(one.code for one in row.goals.all())}, ""
    if isinstance(row, Measure):
        return _measure_fields(row)
    if isinstance(row, Action):
        fields = {"owner": row.owner.code, "first": row.first_date, "last": row.last_date}
        return {**fields, "deliverable": row.deliverable, "state": row.state}, row.owner.code
    names = ("definition", "unit", "direction", "baseline", "target", "denominator", "source_name")
    said = {**{name: getattr(row, name) for name in names}, "target_on": row.target_date}
    return {name: "" if value is None else value for name, value in said.items()}, ""


def _measure_fields(row: Measure) -> tuple[dict[str, object], str]:
    shares = sorted((one.institution.code, one.part) for one in row.institutions.select_related("institution"))
    lead = next((code for code, part in shares if part == "lead"), "")
    fields: dict[str, object] = {
        "kind": row.kind,
        "parts": [f"{part}: {code}" for code, part in shares],
        "function": row.function.code if row.function else "",
        "territory": row.territory.code if row.territory else "",
        "basis": sorted(one.code for one in row.basis.all()),
    }
    return fields, lead


def cost_draft(row: CostLine) -> Draft:
    """What the chain is told of a cost line."""
    names = ("label", "kind", "unit", "currency", "year")
    values = {"quantity": row.quantity, "unit_cost": row.unit_cost, "periods": row.periods}
    fields = {name: getattr(row, name) for name in names}
    return Draft(row.code, "policy-cost", fields, values, {"en": row.label}, simulated=row.simulated)


def reading_draft(row: Reading) -> Draft:
    """What the chain is told of an observation of an indicator."""
    fields = {"period_end": row.period_end, "source": row.source}
    titles = {language: f"{text} · {row.period_end}" for language, text in row.indicator.text.items()}
    return Draft(row.code, "policy-reading", fields, {"value": row.value}, titles, simulated=row.simulated)


def ties(row: AnyStatement) -> dict[str, list[str]]:
    """What a statement rests on: codes by the type of the link."""
    if isinstance(row, Problem):
        return {"arises-from": list(row.findings)}
    if isinstance(row, Objective):
        return {"addresses": [one.code for one in row.problems.all()]}
    if isinstance(row, Measure):
        served = [one.code for one in row.objectives.all()]
        chosen = [row.option] if row.option else []
        return {"serves": served, "based-on": [one.code for one in row.basis.all()], "chosen-as": chosen}
    if isinstance(row, Action):
        return {"implements": [row.measure.code], "follows-up": list(row.recommendations)}
    return {"measures": [row.measured]}


# --- Into the chain ----------------------------------------------------------------------------


def follow(rows: Sequence[AnyStatement], actor: Actor, now: datetime, *, editorial: str = "") -> None:
    """Put the statements as they stand into the chain, with the links that their rows say, and no others."""
    named = {row.code: ties(row) for row in rows}
    cite({code for kinds in named.values() for codes in kinds.values() for code in codes}, actor, now)
    evidence.put(drafts=[draft(row) for row in rows], actor=actor, now=now, editorial=editorial)
    tie({(code, type): parents for code, kinds in named.items() for type, parents in kinds.items()}, actor, now)


def tie(wanted: Mapping[tuple[str, str], Iterable[str]], actor: Actor, now: datetime) -> None:
    """Make the links that are wanted for each (child, type), and cut the others of these."""
    links = {(child, parent, type) for (child, type), parents in wanted.items() for parent in parents}
    there = Link.objects.filter(child__code__in={child for child, _type in wanted}).exclude(disposition=Disposition.CUT)
    standing = set(there.values_list("child__code", "parent__code", "type"))
    for child, parent, type in sorted(standing - links):
        if (child, type) in wanted:
            evidence.cut(
                child=child, parent=parent, type=type, note=_("The statement was edited."), actor=actor, now=now
            )
    new = [Tie(child, parent, type) for child, parent, type in sorted(links - standing)]
    if new:
        evidence.link(ties=new, actor=actor, now=now)


def take_back(code: str, note: str, actor: Actor, now: datetime) -> None:
    """Withdraw a statement that stands in the chain."""
    if Node.objects.filter(code=code, withdrawn_at__isnull=True).exists():
        evidence.withdraw(code=code, note=note, actor=actor, now=now)


def take_up(code: str, note: str, actor: Actor, now: datetime) -> None:
    """Reinstate one that was withdrawn."""
    if Node.objects.filter(code=code, withdrawn_at__isnull=False).exists():
        evidence.reinstate(code=code, note=note, actor=actor, now=now)
