"""The report of a round, published as it stands and kept for ever."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.assess.models import Report, ReportText, Round
from pasaj.assess.queries import rounds
from pasaj.assess.queries.report import LANGUAGES, build
from pasaj.assess.queries.report.since import basis
from pasaj.core import report as core
from pasaj.core.problems import Refused, problem


def publish(*, code: str, languages: Iterable[str] = LANGUAGES, actor: Actor, now: datetime) -> Report:
    """Freeze the report of a round as it stands now, in these languages.

    It is written before anything is locked, and kept only if nothing moved meanwhile. Raises Refused: ROUND-001,
    REPORT-005 (something moved), 006 (no answers), 007 (a language).
    """
    row = _round(code)
    wanted = tuple(dict.fromkeys(languages))
    for one in wanted:
        check_language(one)
    found = rounds.result(row)
    if not found.given:
        raise Refused(problem("REPORT-006", code=code))
    rests, before = basis(found), Report.objects.filter(round=row).order_by("-number").first()
    number = before.number + 1 if before else 1
    edition = f"{row.code}-ED{number}"
    texts = {one: build(row, language=one, actor=actor, now=now, edition=edition) for one in wanted}
    with transaction.atomic():
        locked = _round(code, lock=True)
        if Report.objects.filter(round=locked).count() != number - 1 or basis(rounds.result(locked)) != rests:
            raise Refused(problem("REPORT-005"))
        prints = {one: core.fingerprint(said) for one, said in texts.items()}
        made = Report.objects.create(
            round=locked,
            number=number,
            code=edition,
            supersedes=before,
            languages=list(wanted),
            fingerprint=hashlib.sha256(" ".join(prints[one] for one in sorted(prints)).encode()).hexdigest(),
            basis=rests,
            published_at=now,
            actor_id=actor.id,
            actor_label=actor.label,
        )
        ReportText.objects.bulk_create(
            ReportText(report=made, language=one, content=core.to_plain(said), fingerprint=prints[one])
            for one, said in texts.items()
        )
        detail = {"languages": list(wanted), "fingerprint": made.fingerprint}
        audit.record(actor=actor, action="round.reported", code=edition, now=now, detail=detail)
    return made


def check_language(language: str) -> None:
    """Raise Refused, REPORT-007, for a language that reports are not written in."""
    if language not in LANGUAGES:
        raise Refused(problem("REPORT-007", value=language, allowed=", ".join(LANGUAGES)))


def _round(code: str, *, lock: bool = False) -> Round:
    rows = Round.objects.select_related("framework__framework")
    row = (rows.select_for_update(of=("self",)) if lock else rows).filter(code=code).first()
    if row is None:
        raise Refused(problem("ROUND-001", code=code))
    return row
