"""The call to a silent post: written down once and for all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import make
import pytest
from django.db import DatabaseError, transaction

from pasaj.access.models import AuditEntry
from pasaj.access.rules import may, visible
from pasaj.core.problems import Refused
from pasaj.registry.models import Post
from pasaj.watch.models import SilenceCall
from pasaj.watch.services import silences

Call = Callable[..., SilenceCall]


@pytest.fixture
def call(cast: make.Cast) -> Call:
    def one(crossing_code: str = "TL-BCP-NOR", **more: Any) -> SilenceCall:
        given: dict[str, Any] = {
            "source_code": "REG", "cause": "no_power", "outcome": "will_report", "actor": cast.actor("duty"),
            "now": make.NOW,
        } | more  # fmt: skip
        return silences.record(crossing_code=crossing_code, **given)

    return one


@pytest.mark.req("R1.18")
def test_a_call_has_cause_outcome_time_and_who_made_it(call: Call, cast: make.Cast) -> None:
    row = call(note=" back at noon ", called_at=make.NOW - timedelta(hours=1))
    assert (row.post.key, row.cause, row.outcome, row.note) == (
        "TL-BCP-NOR/REG", "no_power", "will_report", "back at noon",
    )  # fmt: skip
    assert (row.called_at, row.actor_id) == (make.NOW - timedelta(hours=1), cast.account("duty").pk)
    assert list(AuditEntry.objects.values_list("action", "code")) == [("silence.called", "TL-BCP-NOR/REG")]


def test_what_is_refused(call: Call) -> None:
    def problems(**more: Any) -> list[tuple[str, str]]:
        with pytest.raises(Refused) as error:
            call(**more)
        return [(one.code, one.column) for one in error.value.problems]

    assert problems(source_code="NET") == [("CALL-001", "source_code")]
    assert problems(cause="lazy", outcome="shouted", called_at=make.NOW + timedelta(hours=1)) == [
        ("CALL-002", "cause"), ("CALL-003", "outcome"), ("CALL-004", "called_at"),
    ]  # fmt: skip
    assert problems(cause="other", note=" ") == [("CALL-005", "note")]
    assert call(cause="other", note="moved house").cause == "other"


@pytest.mark.django_db(transaction=True)
def test_the_database_keeps_calls(call: Call) -> None:
    row = call()
    for change in (
        lambda: SilenceCall.objects.filter(pk=row.pk).update(outcome="reported"),
        lambda: SilenceCall.objects.filter(pk=row.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.req("R7.1")
def test_who_sees_and_makes_calls(call: Call, cast: make.Cast, country: make.Country) -> None:
    Post.objects.filter(crossing__code="TL-BCP-SOU").update(institution=country.institutions["AID"])
    call(note="north")
    call("TL-BCP-SOU", note="south")
    found = {
        who: set(visible(SilenceCall.objects.all(), cast.actor(who)).values_list("note", flat=True))
        for who in make.CAST
    }
    assert found == {
        **{who: {"north", "south"} for who in ("duty", "approver", "analyst", "admin", "dpo")},
        "chief": {"north"},
        "partner": {"south"},
        "stranger": set(),
    }
    assert {who for who in make.CAST if may(cast.actor(who), "call", Post)} == {"duty"}
