"""A protocol in the small country, and submissions that report return operations."""

from __future__ import annotations

from typing import Any

import make

from pasaj.collect.models import Form, Outcome, Submission, SubmissionVersion
from pasaj.registry.models import CalendarRule, Protocol

PARAMETERS: dict[str, Any] = {
    "receiving": {"country": "TL", "timezone": "America/Port-au-Prince"},
    "handing": {"country": "XX", "timezone": "America/Santo_Domingo"},
    "scope": {"deported": "applies", "spontaneous": "outside"},
    "clauses": [],
}
CLAUSE: dict[str, Any] = {
    "texts": {},
    "hours": None,
    "short_hours": None,
    "short_weekdays": [],
    "holidays": [],
    "holiday_reading": "disputed",
    "points": [],
    "expect": {},
    "measure": "",
    "institutions": [],
    "source": "Article",
    "verify": "",
}


def protocol() -> Protocol:
    """Hours, families, effects, lists and posts."""
    clauses = [
        {
            "code": "a",
            "rule": "hours",
            "hours": ["08:00", "17:59"],
            "short_hours": ["08:00", "12:00"],
            "short_weekdays": [6],
            "holidays": ["TL", "XX"],
        },
        {"code": "c", "rule": "place", "points": ["TL-BCP-NOR", "TL-BCP-SOU"]},
        {"code": "d", "rule": "answers", "expect": {"effects_kept": "yes"}, "verify": "the wording"},
        {"code": "f", "rule": "announced", "measure": "returns"},
        {"code": "g", "rule": "posts", "institutions": ["IMM"]},
    ]
    for country, rule in (("TL", "yearly:09-24"), ("XX", "2025-01-06"), ("", "yearly:12-25")):
        CalendarRule.objects.create(
            key=f"{country}{rule}", rule=rule, country=country, kind="holiday", names=make.names("Holiday")
        )
    return Protocol.objects.create(
        code="TL-XX-1999",
        names=make.names("Protocol of 1999"),
        parameters={
            **PARAMETERS,
            "clauses": [{**CLAUSE, "texts": make.names(f"Text of {one['code']}"), **one} for one in clauses],
        },
        source="Treaty series 12",
        verify="whether it is in force",
    )


def data(at: str = "2025-09-17T10:00", place: str = "TL-BCP-NOR", deported: int = 40, **more: Any) -> dict[str, Any]:
    """An operation as a form reports it."""
    answers = {"effects_kept": "yes"}
    return {"place": place, "at": at, "counts": {"deported": deported}, "answers": answers, **more}


def report(country: make.Country, receipt: str, *operations: dict[str, Any], **fields: Any) -> Submission:
    """A submission with its first version and an outcome an operation."""
    form = Form.objects.get_or_create(form_id="returns", defaults={"created_at": make.NOW})[0]
    place = operations[0].get("place", "") if operations else ""
    row = Submission.objects.create(
        receipt=receipt,
        form=form,
        instance_id=f"uuid:{receipt}",
        via="key",
        crossing=country.crossings.get(place),
        **{**dict.fromkeys(("received_at", "recorded_at", "updated_at"), make.NOW), **fields},
    )
    revise(row, *operations)
    return row


def revise(row: Submission, *operations: dict[str, Any]) -> None:
    """A further version, which becomes the current one."""
    number = row.versions.count() + 1
    version = SubmissionVersion.objects.create(
        submission=row,
        form=row.form,
        number=number,
        instance_id=f"{row.instance_id}-{number}",
        sha256="0" * 64,
        size=1,
        received_at=make.NOW,
        recorded_at=make.NOW,
    )
    row.current = version
    row.save(update_fields=["current"])
    for at, one in enumerate(operations, start=1):
        Outcome.objects.create(
            version=version,
            kind="return_operation",
            position=f"operations[{at}]",
            state=Outcome.State.WAITING,
            data=one,
            created_at=make.NOW,
        )
