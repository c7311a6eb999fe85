"""What the database itself holds about situation reports."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import make
import pytest
from django.db import DatabaseError, IntegrityError, transaction

from pasaj.respond.models import Sitrep

State = Sitrep.State


def sitrep(**fields: Any) -> Sitrep:
    fields = {
        "code": "SR-2025-0001",
        "number": 1,
        "as_of_at": make.NOW,
        "period_start": date(2025, 9, 24),
        "period_end": date(2025, 9, 30),
        "facts_at": make.NOW,
        "created_at": make.NOW,
        "recorded_at": make.NOW,
        "author_id": 1,
        **fields,
    }
    return Sitrep.objects.create(**fields)


def approved(**fields: Any) -> Sitrep:
    given = {"state": State.APPROVED, "submitted_at": make.NOW, "approved_at": make.NOW, "fingerprint": "0" * 64}
    return sitrep(**{**given, "approver_id": 2, **fields})


@pytest.mark.req("R11.70")
@pytest.mark.django_db
def test_what_is_approved_only_becomes_sent_and_what_is_sent_never_changes() -> None:
    row = approved()
    for change in ({"texts": {"fr": {"headline": "x"}}}, {"facts": {"a": 1}}, {"state": "draft"}, {"number": 9}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Sitrep.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Sitrep.objects.filter(pk=row.pk).update(state="sent", sent_at=make.NOW, message="MS-1", texts={"fr": {}})
    sent = {"state": "sent", "sent_at": make.NOW, "message": "MS-2025-0001"}
    assert Sitrep.objects.filter(pk=row.pk).update(**sent) == 1
    with pytest.raises(DatabaseError), transaction.atomic():
        Sitrep.objects.filter(pk=row.pk).update(message="MS-2025-0002")
    with pytest.raises(DatabaseError), transaction.atomic():
        Sitrep.objects.filter(pk=row.pk).delete()


@pytest.mark.req("R11.70")
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("respond_sitrep_second_person", {"approver_id": 1}),
        ("respond_sitrep_period_runs", {"period_end": date(2025, 9, 24) - timedelta(days=1)}),
        ("respond_sitrep_approved_is_whole", {"state": "approved"}),
        ("respond_sitrep_sent_is_whole", {"state": "sent", "submitted_at": make.NOW, "approved_at": make.NOW,
                                          "fingerprint": "0"}),
    ],
)  # fmt: skip
def test_what_cannot_be_true_cannot_be_stored(constraint: str, fields: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        sitrep(**fields)


@pytest.mark.req("R11.70")
@pytest.mark.django_db
def test_a_correction_says_what_was_wrong() -> None:
    row = approved()
    with pytest.raises(IntegrityError, match="respond_sitrep_correction_said"), transaction.atomic():
        sitrep(code="SR-2025-0002", number=2, corrects=row)
    assert sitrep(code="SR-2025-0002", number=2, corrects=row, correction="A count was typed twice.").pk
