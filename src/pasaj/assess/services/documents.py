"""A report as a file, on its way out through the gate."""

from __future__ import annotations

from datetime import datetime

from pasaj.access.rules import Actor
from pasaj.core import report as core
from pasaj.share.models import Audience
from pasaj.share.services import Parcel, Released, Row, release

FORMS = ("pdf", "docx")
AUDIENCE = Audience.AMBER  # the cell and those it works with; scores of services are never public


def release_report(*, said: core.Report, form: str, actor: Actor, now: datetime) -> Released:
    """A report, published or a draft, as a file of one of FORMS on its way out to named partners."""
    from pasaj.assess.services import rendering  # noqa: PLC0415 - heavy

    document = rendering.pdf(said) if form == "pdf" else rendering.docx(said)
    parcel = Parcel(
        kind="report",
        title=f"{said.code} {said.title}",
        form=form,
        rows=[Row(values=(document,), own_count=True)],
        question={"report": said.code, "language": said.language, "fingerprint": core.fingerprint(said)},
    )
    return release(parcel=parcel, audience=AUDIENCE, actor=actor, now=now)
