"""The crosswalk of a policy on its way out, as rows that the gate can judge."""

from __future__ import annotations

from datetime import datetime

from pasaj.access.rules import Actor
from pasaj.policy.models import Policy
from pasaj.policy.queries import alignment as queries
from pasaj.share.models import Audience
from pasaj.share.services import Parcel, Released, Row, release


def export(*, row: Policy, form: str, actor: Actor, now: datetime) -> Released:
    """A row a goal, with the objectives, measures and actions that serve it; csv or xlsx. Raises Refused: the gate."""
    found = queries.crosswalk(row)
    parcel = Parcel(
        kind="table",
        title=f"{row.code} alignment",
        form=form,
        rows=(Row(values=(row.code, row.simulated, *values), own_count=True) for values in queries.table(found)),
        header=("policy", "simulated", *queries.COLUMNS),
        question={"policy": row.code, "what": "alignment"},
    )
    return release(parcel=parcel, audience=Audience.AMBER, actor=actor, now=now)
