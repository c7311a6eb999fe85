"""The table of an appraisal on its way out, as rows that the gate can judge."""

from __future__ import annotations

from datetime import datetime

from pasaj.access.rules import Actor
from pasaj.policy.models import Appraisal
from pasaj.policy.queries import appraisal as queries
from pasaj.policy.queries import appraisalplain as plain
from pasaj.share.models import Audience
from pasaj.share.services import Parcel, Released, Row, release


def export(*, row: Appraisal, form: str, actor: Actor, now: datetime) -> Released:
    """A row for each option and criterion, empty where nobody has judged; csv or xlsx. Raises Refused: the gate."""
    parcel = Parcel(
        kind="table",
        title=f"{row.code} judgements",
        form=form,
        rows=(
            Row(values=(row.code, row.simulated, *values), own_count=True) for values in plain.cells(queries.table(row))
        ),
        header=("appraisal", "simulated", *plain.CELL),
        question={"appraisal": row.code, "what": "judgements"},
    )
    return release(parcel=parcel, audience=Audience.AMBER, actor=actor, now=now)
