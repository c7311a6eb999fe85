"""The log of the duty room: written once, corrected by a later line, never changed; no person in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import make
import pytest
from django.db import DatabaseError, transaction

from pasaj.access.models import AuditEntry
from pasaj.core.problems import Refused
from pasaj.respond.models import LogEntry
from pasaj.respond.queries import duty
from pasaj.respond.services import log
from pasaj.respond.services.log import Line

pytestmark = pytest.mark.django_db
LINE = Line(
    kind="call_out", text="Post asked why no count came: power is cut", institution="IMM", crossing="TL-BCP-NOR"
)


def codes(caught: pytest.ExceptionInfo[Refused]) -> list[tuple[str, str]]:
    return [(one.code, one.column) for one in caught.value.problems]


@pytest.mark.req("R11.60")
def test_a_line_is_written_and_corrected_by_a_later_one(country: make.Country, cast: make.Cast) -> None:
    duty_officer = cast.actor("duty")
    first = log.write(line=LINE, actor=duty_officer, now=make.NOW)
    later = log.correct(
        code=first.code, line=replace(LINE, text="Power is back"), actor=cast.actor("approver"),
        now=make.NOW + timedelta(minutes=5),
    )  # fmt: skip
    assert [(row.code, row.at, row.text, row.actor_label) for row in duty.entries(duty_officer)] == [
        ("LG-2025-0002", make.NOW, "Power is back", "approver"),
        ("LG-2025-0001", make.NOW, LINE.text, "duty"),
    ]
    assert (later.corrects, later.written_at) == (first, make.NOW + timedelta(minutes=5))
    assert list(AuditEntry.objects.order_by("pk").values_list("action", "code")) == [
        ("log.written", "LG-2025-0001"),
        ("log.corrected", "LG-2025-0002"),
    ]
    with pytest.raises(Refused) as caught:
        log.correct(code=first.code, line=LINE, actor=duty_officer, now=make.NOW)
    assert codes(caught) == [("DUTY-007", "")]
    with pytest.raises(Refused) as caught:
        log.correct(code="LG-2025-0099", line=LINE, actor=duty_officer, now=make.NOW)
    assert codes(caught) == [("DUTY-001", "")]


@pytest.mark.req("R11.60")
def test_nothing_in_it_changes(country: make.Country, cast: make.Cast) -> None:
    log.write(line=LINE, actor=cast.actor("duty"), now=make.NOW)
    for change in (lambda: LogEntry.objects.update(text="x"), lambda: LogEntry.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.req("R11.61")
@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"text": "  "}, [("DUTY-002", "text")]),
        ({"text": "x" * 2001}, [("DUTY-003", "text")]),
        ({"text": "Mr Jean Baptiste was sent back"}, [("SCREEN-001", "text")]),
        ({"contact_role": "Monsieur Pierre Louis"}, [("SCREEN-001", "contact_role")]),
        ({"kind": "gossip"}, [("DUTY-004", "kind")]),
        ({"at": make.NOW + timedelta(minutes=1)}, [("DUTY-005", "at")]),
        ({"at": make.NOW - timedelta(days=401)}, [("DUTY-006", "at")]),
        ({"institution": "NOBODY"}, [("DUTY-008", "institution")]),
        ({"crossing": "TL-BCP-XXX"}, [("DUTY-009", "crossing")]),
        ({"crossing": "TL-UBP-01"}, [("DUTY-009", "crossing")]),
        ({"text": "", "kind": "", "institution": "?"},
         [("DUTY-002", "text"), ("DUTY-004", "kind"), ("DUTY-008", "institution")]),
    ],
)  # fmt: skip
def test_what_is_refused(
    country: make.Country, cast: make.Cast, given: dict[str, object], found: list[tuple[str, str]]
) -> None:
    with pytest.raises(Refused) as caught:
        log.write(line=replace(LINE, **given), actor=cast.actor("duty"), now=make.NOW)
    assert (codes(caught), LogEntry.objects.count()) == (found, 0)


@pytest.mark.req("R11.60")
@pytest.mark.parametrize("who", make.CAST)
def test_who_reads_it(country: make.Country, cast: make.Cast, who: str) -> None:
    log.write(line=LINE, actor=cast.actor("duty"), now=make.NOW)
    seen = duty.entries(cast.actor(who)).count()
    assert seen == (1 if who in {"duty", "approver", "analyst", "admin"} else 0)


def test_days_and_words(country: make.Country, cast: make.Cast) -> None:
    actor = cast.actor("duty")
    late = make.NOW.replace(hour=3)  # still the evening before, where the home is
    log.write(line=replace(LINE, at=late, text="About SG-2025-0001"), actor=actor, now=make.NOW)
    log.write(line=replace(LINE, ref="SG-2025-0001"), actor=actor, now=make.NOW)
    assert [row.code for row in duty.of_day(actor, make.TODAY)] == ["LG-2025-0002"]
    assert [row.code for row in duty.of_day(actor, make.TODAY - timedelta(days=1))] == ["LG-2025-0001"]
    assert [row.code for row in duty.about(actor, "SG-2025-0001")] == ["LG-2025-0002", "LG-2025-0001"]
    assert [row.code for row in duty.holding(actor, "power")] == ["LG-2025-0002"]
