"""A framework on its way out, through the gate."""

from __future__ import annotations

from datetime import datetime

from pasaj.access.rules import Actor
from pasaj.assess.models import FrameworkVersion
from pasaj.core.framework.tables import tables
from pasaj.share.models import Audience
from pasaj.share.services import Parcel, Released, Row, release


def export(*, version: FrameworkVersion, form: str, actor: Actor, now: datetime) -> Released:
    """The four tables of a framework: `book` (worksheets) or `zip` (CSV). Questions only, no counts."""
    grids = tables(version.framework_said)
    parcel = Parcel(
        kind="table",
        title=f"{version.framework.code} {version.version}",
        form=form,
        sheets=[(name, header) for name, (header, _rows) in grids.items()],
        rows=(Row(values=row, sheet=at) for at, (_header, rows) in enumerate(grids.values()) for row in rows),
        question={"framework": version.framework.code, "version": version.version},
        counts=False,
    )
    return release(parcel=parcel, audience=Audience.AMBER, actor=actor, now=now)
