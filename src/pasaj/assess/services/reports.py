"""The report of a round, published as it stands and kept for ever."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

from django.db import transaction

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.assess.models import Report, ReportText, Round
from pasaj.assess.queries import rounds
from pasaj.assess.queries.report import LANGUAGES, builds, standing
from pasaj.assess.queries.reports import basis_of
from pasaj.core import report as core
from pasaj.core.problems import Refused, problem

LONGEST = 1000  # characters of a reason
AGAINST = {"broken": "REPORT-002", "withdrawn": "REPORT-002", "unsupported": "REPORT-003", "suspect": "REPORT-004"}
NOTHING: Mapping[str, str] = MappingProxyType({})


def publish(
    *,
    code: str,
    languages: Iterable[str] = LANGUAGES,
    waivers: Mapping[str, str] = NOTHING,
    actor: Actor,
    now: datetime,
) -> Report:
    """Freeze the report of a round as it stands now, in these languages.

    It is written before anything is locked, and kept only if nothing moved meanwhile. waivers: by code of a finding
    that rests on something suspect, why it is let pass; printed. Raises Refused: ROUND-001, REPORT-002, 003, 004
    (findings that stand against it), 005 (something moved), 006 (no answers), 007 (a language), 008 (too long).
    """
    row = _round(code)
    wanted = tuple(dict.fromkeys(languages))
    for one in wanted:
        check_language(one)
    if not rounds.result(row).given:
        raise Refused(problem("REPORT-006", code=code))
    waived = _waived(row, waivers)
    adopted = [*standing.decided(row)]
    rests, before = basis_of(row, adopted), Report.objects.filter(round=row).order_by("-number").first()
    number = before.number + 1 if before else 1
    edition = f"{row.code}-ED{number}"
    texts = builds(row, languages=wanted, actor=actor, now=now, edition=edition, waived=waived)
    plain = {one: core.to_plain(said) for one, said in texts.items()}
    rows = [ReportText(language=one, content=said, fingerprint=core.digest(said)) for one, said in plain.items()]
    made = Report(
        round=row,
        number=number,
        code=edition,
        supersedes=before,
        languages=list(wanted),
        fingerprint=_together(rows),
        basis=rests,
        waivers=[{"code": one, "reason": reason} for one, reason in waived],
        published_at=now,
        actor_id=actor.id,
        actor_label=actor.label,
    )
    _keep(made, rows, adopted, actor, now)
    return made


def _keep(made: Report, rows: list[ReportText], codes: list[str], actor: Actor, now: datetime) -> None:
    """Store an edition, if the round is still as it was when it was written."""
    with transaction.atomic():
        locked = _round(made.round.code, lock=True)
        there = Report.objects.filter(round=locked).count()
        if there != made.number - 1 or basis_of(locked, codes) != made.basis:
            raise Refused(problem("REPORT-005"))
        made.save(force_insert=True)
        for one in rows:
            one.report = made
        ReportText.objects.bulk_create(rows)
        waived = {one["code"]: one["reason"] for one in made.waivers}
        detail = {"languages": made.languages, "fingerprint": made.fingerprint, "waivers": waived}
        audit.record(actor=actor, action="round.reported", code=made.code, now=now, detail=detail)


def _together(rows: list[ReportText]) -> str:
    """One fingerprint over those of all languages."""
    prints = sorted((one.language, one.fingerprint) for one in rows)
    return hashlib.sha256(" ".join(found for _language, found in prints).encode()).hexdigest()


def _waived(row: Round, waivers: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The findings that are let pass, each with its reason. Raises Refused for those that stand against publishing."""
    said = {code: reason.strip() for code, reason in waivers.items()}
    if any(len(reason) > LONGEST for reason in said.values()):
        raise Refused(problem("REPORT-008", limit=LONGEST))
    found = standing.against(row)
    refused = [
        problem(AGAINST[blocker.reason], code=one.code, parent=blocker.parent or blocker.code)
        for one in found
        for blocker in one.blockers
        if not (blocker.waivable and said.get(one.code))
    ]
    if refused:
        raise Refused(*dict.fromkeys(refused))
    return tuple((one.code, said[one.code]) for one in found)


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
