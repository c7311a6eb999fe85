"""One statement with all that stands around it, as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from pasaj.access.rules import Actor, can, visible
from pasaj.assess.models import Recommendation
from pasaj.core.evidence import LinkState
from pasaj.core.policy.costs import product
from pasaj.evidence.models import Node
from pasaj.evidence.queries import words as said
from pasaj.evidence.queries.trace import Step, Trace, trace
from pasaj.policy.models import Action, Commitment, CostLine, Entry, Indicator, Measure, Policy, Problem
from pasaj.policy.queries import words
from pasaj.policy.queries.statements import AnyStatement, find
from pasaj.registry.models import localised

NEAR = 200


@dataclass(frozen=True, slots=True)
class Line:
    """A cost line and what it comes to in its own currency."""

    line: CostLine
    own: Decimal


@dataclass(frozen=True, slots=True)
class Neighbour:
    """What a statement is linked to directly: its line in the chain, by which link, and how that stands."""

    code: str
    title: str
    kind: str
    link: str
    word: str
    trouble: bool
    open: bool
    simulated: bool


def around(code: str, actor: Actor) -> tuple[list[Neighbour], list[Neighbour], list[str]]:
    """What it rests on directly, what rests on it directly, and what stands against it, as sentences."""
    found = trace(code, actor)
    if found is None:
        return [], [], []
    return _near(found, up=True), _near(found, up=False), [said.against(one) for one in found.blockers]


def _near(found: Trace, *, up: bool) -> list[Neighbour]:
    steps = [one for one in (found.up if up else found.down) if one.level == 1]
    return [_neighbour(one, up=up) for one in steps[:NEAR]]


def _neighbour(step: Step, *, up: bool) -> Neighbour:
    line = step.parent if up else step.child
    return Neighbour(
        line.code, line.title, line.kind, step.type_name, said.link_word(step.state), step.state >= LinkState.SUSPECT,
        line.open, line.simulated,
    )  # fmt: skip


def history(code: str) -> QuerySet[Entry]:
    """What happened to a statement or to its cost lines, the newest first."""
    return Entry.objects.filter(code=code).order_by("-pk")


def kind_of(row: AnyStatement) -> str:
    """problem, objective, measure, action or indicator."""
    return type(row).__name__.lower()


def parent_code(code: str) -> str:
    """The statement whose page a code of the chain leads to: the action of a line, the indicator of a reading."""
    found = find(code)
    if found:
        return found.code
    head = code.rpartition("-L")[0] or ""
    if head and find(head):
        return head
    parts = code.split("-")
    return "-".join(parts[:2]) if len(parts) > 2 and find("-".join(parts[:2])) else ""


# --- What a form offers ------------------------------------------------------------------------


def grounds(actor: Actor) -> list[tuple[str, str]]:
    """The findings that stand and that the reader may see."""
    return options(visible(Node.objects.filter(kind="finding", withdrawn_at=None), actor).order_by("code"))


def unaddressed(actor: Actor, row: Policy) -> list[Node]:
    """Findings that no standing problem of this policy arises from, by code: two queries."""
    used: set[str] = set()
    for some in Problem.objects.filter(policy=row, withdrawn_at=None).values_list("findings", flat=True):
        used.update(some)
    rows = visible(Node.objects.filter(kind="finding", withdrawn_at=None), actor).order_by("-critical", "code")
    return [one for one in rows if one.code not in used]


def options(rows: Any) -> list[tuple[str, str]]:
    """Codes with their texts, to choose from."""
    return [(one.code, _short(f"{one.code} · {one}")) for one in rows]


def recommendations(actor: Actor) -> list[tuple[str, str]]:
    """Recommendations of assessments that were not dropped."""
    rows = visible(Recommendation.objects.exclude(state=Recommendation.State.DROPPED), actor)
    return options(rows.order_by("pk"))


def _short(text: str, limit: int = 110) -> str:
    return text if len(text) <= limit else f"{text[:limit]}…"


# --- What the page of each kind shows besides ----------------------------------------------------


def besides(actor: Actor, row: AnyStatement) -> dict[str, Any]:
    """Names for the template by the kind of the statement."""
    if isinstance(row, Measure):
        parts = row.institutions.select_related("institution").order_by("pk")
        return {
            "shares": [(one.institution, words.PARTS[one.part]) for one in parts],
            "basis": row.basis.order_by("code"),
            "safeguards": visible(row.safeguards.filter(withdrawn_at=None), actor).order_by("pk"),
            "kind_word": words.MEASURE_KINDS[row.kind],
        }
    if isinstance(row, Action):
        return _action(actor, row)
    if isinstance(row, Indicator):
        return {
            "readings": row.readings.order_by("-period_end", "-revision")[:NEAR],
            "definition": localised(row.definition),
            "direction_word": words.DIRECTIONS[row.direction],
            "origin_word": words.ORIGINS[row.origin],
            "may_observe": can(actor, "observe", row) and row.withdrawn_at is None,
        }
    return {"goals": row.goals.order_by("code")} if hasattr(row, "goals") else {}


def _action(actor: Actor, row: Action) -> dict[str, Any]:
    own = {"action": row, "withdrawn_at": None}
    return {
        "costs": [
            Line(one, product(one.quantity, one.unit_cost, one.periods, one.currency))
            for one in visible(CostLine.objects.filter(**own), actor).order_by("pk")
        ],
        "deliverable": localised(row.deliverable),
        "money": visible(Commitment.objects.filter(**own), actor).order_by("pk"),
        "needs": visible(row.needs.filter(withdrawn_at=None), actor).order_by("pk"),
        "waiting": visible(row.needed_by.filter(withdrawn_at=None), actor).order_by("pk"),
        "reports": row.progress.order_by("-pk")[:NEAR],
        "state_word": words.ACTION_STATES[row.state],
        "state_tone": words.ACTION_TONES[row.state],
        "may_follow": can(actor, "follow", row) and row.withdrawn_at is None,
        "may_cost": can(actor, "edit", row) and row.withdrawn_at is None,
    }
