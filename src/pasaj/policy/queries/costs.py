"""A policy in money, as far as the reader may see its lines."""

from __future__ import annotations

from dataclasses import replace

from pasaj.access.rules import Actor, visible
from pasaj.core.policy import shapes
from pasaj.core.policy.costs import Reckoning, reckon
from pasaj.policy.models import Action, Commitment, CostLine, Measure, Objective, Policy
from pasaj.policy.queries.plan import plan


def seen(actor: Actor, row: Policy) -> shapes.Policy:
    """The plan with what the reader may see of it: objectives, measures, actions, cost lines and commitments."""
    whole = plan(row)

    def codes(model: type[Action | Measure | Objective], **where: object) -> set[str]:
        return set(visible(model._default_manager.filter(policy=row, **where), actor).values_list("code", flat=True))

    def lines(model: type[CostLine | Commitment]) -> set[str]:
        return set(visible(model._default_manager.filter(action__policy=row), actor).values_list("code", flat=True))

    objectives, measures, actions = codes(Objective), codes(Measure), codes(Action)
    costs, money = lines(CostLine), lines(Commitment)
    return replace(
        whole,
        problems=whole.problems if objectives else (),
        objectives=tuple(one for one in whole.objectives if one.code in objectives),
        measures=tuple(one for one in whole.measures if one.code in measures),
        actions=tuple(one for one in whole.actions if one.code in actions),
        costs=tuple(one for one in whole.costs if one.code in costs),
        commitments=tuple(one for one in whole.commitments if one.code in money),
    )


def reckoned(actor: Actor, row: Policy) -> Reckoning:
    """What the lines add up to that the reader may see: a constant number of queries."""
    return reckon(seen(actor, row))
