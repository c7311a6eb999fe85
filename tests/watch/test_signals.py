"""Triage and the pages of signals and runs: who may what, and that nothing disappears."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import make
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from pasaj.access.models import AuditEntry
from pasaj.access.rules import SYSTEM
from pasaj.core.problems import Refused
from pasaj.watch.models import DetectionRun, Signal
from pasaj.watch.queries import signals as queries
from pasaj.watch.services import detection
from pasaj.watch.services import signals as service

DAY = timedelta(days=1)
YESTERDAY = make.TODAY - DAY
QUIET = [100, 104, 96, 100, 102, 98, 100, 101, 99, 100, 104, 96, 100, 100]


@pytest.fixture
def found(country: make.Country) -> Signal:
    """A jump at Northgate, found."""
    country.year(country.series(), [*QUIET, 310])
    run = detection.open_run(as_of=make.NOW, from_date=YESTERDAY, to_date=YESTERDAY, actor=SYSTEM, now=make.NOW)
    detection.run(run.pk, now=make.NOW)
    return Signal.objects.get(kind="unusual")


def act(signal: Signal, actor: Any, action: str, **fields: str) -> Signal:
    return service.act(code=signal.code, action=action, actor=actor, now=make.NOW, **fields)


# --- Words -------------------------------------------------------------------------------------


@pytest.mark.req("R1.11")
def test_a_signal_says_what_it_found(found: Signal) -> None:
    with translation.override("en"):
        assert queries.sentence(found) == (
            "310 returns at Northgate, 30 September 2025; 92 to 107 expected from the 7 days before the last two."
        )


def test_every_kind_has_its_sentence(country: make.Country, found: Signal) -> None:
    def signal(kind: str, **fields: Any) -> str:
        fields = {"details": {}, "parameters": {}, "measure": found.measure, **fields}
        row = Signal(
            kind=kind,
            crossing=country.crossings["TL-BCP-NOR"],
            period_start=YESTERDAY - DAY,
            period_end=YESTERDAY,
            **fields,
        )
        return queries.sentence(row)

    with translation.override("en"):
        assert [
            signal("silence", details={"source": "REG", "missed": ["2025-09-29", "2025-09-30"]}),
            signal("conflict", details={"figures": [{"source": "REG", "value": 310}, {"source": "NET", "value": 200}]}),
            signal("capacity", observed=51.0, upper=50.0, details={"names": {"en": "More people than places"}}),
        ] == [
            "No report from Northgate (REG) for 2 periods, 29 September 2025 to 30 September 2025.",
            "Sources disagree on returns at Northgate, 29 September 2025 to 30 September 2025: REG 310 · NET 200.",
            "More people than places at Northgate, 29 September 2025 to 30 September 2025: "
            "51 returns against a limit of 50.",
        ]


@pytest.mark.parametrize(
    ("start", "end", "cadence", "text"),
    [
        (date(2025, 10, 12), date(2025, 10, 12), "day", "12 October 2025"),
        (date(2024, 10, 1), date(2024, 10, 31), "month", "October 2024"),
        (date(2024, 1, 1), date(2024, 12, 31), "year", "2024"),
        (date(2025, 9, 29), date(2025, 10, 5), "week", "29 September 2025 to 5 October 2025"),
    ],
)
def test_periods_in_words(start: date, end: date, cadence: str, text: str) -> None:
    with translation.override("en"):
        assert queries.period(start, end, cadence) == text


# --- Triage ------------------------------------------------------------------------------------


@pytest.mark.req("R1.7")
@pytest.mark.req("R2.4")
def test_every_step_leaves_an_event_and_an_entry(found: Signal, cast: make.Cast) -> None:
    duty = cast.actor("duty")
    act(found, duty, "acknowledge")
    act(found, duty, "verify", note="The chief of the post confirms.")
    act(found, duty, "reopen")
    act(found, duty, "discard", reason="calendar", note="Market day after a holiday.")
    act(found, duty, "note", note="Seen again.")
    found.refresh_from_db()
    events = found.events.order_by("pk").values_list("action", "actor_label", "reason", "note")
    assert (found.state, found.state_at) == ("discarded", make.NOW)
    assert list(events) == [
        ("found", "Pasaj", "", ""),
        ("acknowledged", "duty", "", ""),
        ("verified", "duty", "", "The chief of the post confirms."),
        ("reopened", "duty", "", ""),
        ("discarded", "duty", "calendar", "Market day after a holiday."),
        ("noted", "duty", "", "Seen again."),
    ]
    entries = AuditEntry.objects.filter(code=found.code).order_by("pk").values_list("action", flat=True)
    assert list(entries) == [
        "signal.acknowledged",
        "evidence.put",  # a verified signal can be cited, and rests on its figure
        "evidence.linked",
        "signal.verified",
        "signal.reopened",
        "signal.discarded",
        "signal.noted",
    ]


@pytest.mark.parametrize(
    ("before", "action", "fields", "code"),
    [
        ("new", "discard", {"note": "no reason chosen"}, "SIGNAL-002"),
        ("new", "discard", {"reason": "calendar", "note": "  "}, "SIGNAL-002"),
        ("new", "discard", {"reason": "because", "note": "not on the list"}, "SIGNAL-002"),
        ("new", "note", {"note": " "}, "SIGNAL-004"),
        ("new", "reopen", {}, "SIGNAL-001"),
        ("verified", "acknowledge", {}, "SIGNAL-001"),
        ("acknowledged", "verify", {"seen": "new"}, "SIGNAL-003"),
    ],
)
def test_what_cannot_be_done_changes_nothing(
    found: Signal, cast: make.Cast, before: str, action: str, fields: dict[str, str], code: str
) -> None:
    Signal.objects.update(state=before)
    with pytest.raises(Refused) as refused:
        act(found, cast.actor("duty"), action, **fields)
    found.refresh_from_db()
    assert [one.code for one in refused.value.problems] == [code]
    assert (found.state, found.events.count(), AuditEntry.objects.filter(code=found.code).count()) == (before, 1, 0)
    assert refused.value.problems[0].text() != ""


def test_discarding_is_not_forgetting(found: Signal, cast: make.Cast) -> None:
    """A discarded signal is not found again as a new one."""
    act(found, cast.actor("duty"), "discard", reason="calendar", note="Market day.")
    run = detection.open_run(as_of=make.NOW, from_date=YESTERDAY, to_date=YESTERDAY, actor=SYSTEM, now=make.NOW)
    run = detection.run(run.pk, now=make.NOW)
    found.refresh_from_db()
    assert (run.signals_new, found.state) == (0, "discarded")


# --- Who may ---------------------------------------------------------------------------------


@pytest.mark.req("R7.1")
@pytest.mark.parametrize(
    ("who", "sees", "acts"),
    [
        ("duty", 200, 302),
        ("approver", 200, 302),
        ("analyst", 200, 404),
        ("chief", 200, 404),
        ("partner", 404, 404),
        ("stranger", 404, 404),
    ],
)
def test_who_sees_and_who_acts(found: Signal, as_: Callable[[str], Client], who: str, sees: int, acts: int) -> None:
    client = as_(who)
    page = reverse("watch:signal", args=[found.code])
    action = client.post(reverse("watch:signal-act", args=[found.code]), {"action": "acknowledge", "seen": "new"})
    assert (client.get(page).status_code, action.status_code) == (sees, acts)
    found.refresh_from_db()
    assert found.state == ("acknowledged" if acts == 302 else "new")
    listed = client.get(reverse("watch:signal-list"), {"state": "", "kind": "unusual"}).context["lines"]
    assert [line.code for line in listed] == ([found.code] if sees == 200 else [])


def test_the_chief_of_another_crossing_sees_nothing(
    country: make.Country, found: Signal, as_: Callable[[str], Client]
) -> None:
    Signal.objects.update(crossing=country.crossings["TL-BCP-SOU"])
    assert as_("chief").get(reverse("watch:signal", args=[found.code])).status_code == 404


def test_what_was_typed_is_not_lost(found: Signal, as_: Callable[[str], Client]) -> None:
    answer = as_("duty").post(
        reverse("watch:signal-act", args=[found.code]), {"action": "discard", "note": "A long note", "seen": "new"}
    )
    assert answer.status_code == 422
    assert answer.context["typed"]["note"] == "A long note"
    assert [one.code for one in answer.context["problems"]] == ["SIGNAL-002"]


def test_an_action_that_does_not_exist_is_not_found(found: Signal, as_: Callable[[str], Client]) -> None:
    answer = as_("duty").post(reverse("watch:signal-act", args=[found.code]), {"action": "delete"})
    assert answer.status_code == 404


# --- Lists -------------------------------------------------------------------------------------


def more(found: Signal, number: int, **fields: Any) -> None:
    for at in range(number):
        found.pk = None
        found.code, found.key = f"SG-2025-1{at:03d}", f"more-{at}"
        for name, value in fields.items():
            setattr(found, name, value)
        found.save()


def test_the_list_filters_and_counts(found: Signal, as_: Callable[[str], Client]) -> None:
    more(found, 2, state="verified", kind="conflict")
    client, url = as_("duty"), reverse("watch:signal-list")

    def codes(**asked: str) -> list[str]:
        lines = client.get(url, asked).context["lines"]
        return [line.code for line in lines if line.kind != "Silence"]

    assert codes(state="open", kind="unusual") == ["SG-2025-0001"]
    assert codes(state="verified") == ["SG-2025-1001", "SG-2025-1000"]
    assert codes(state="", measure="returns", crossing="TL-BCP-NOR") == ["SG-2025-1001", "SG-2025-1000", "SG-2025-0001"]
    assert codes(state="", measure="entries") == []
    assert codes(state="", kind="unusual", to=(YESTERDAY - DAY).isoformat()) == []
    assert codes(state="", kind="unusual", **{"from": "2025-02-31"}) == ["SG-2025-0001"]  # no date: no filter
    states = {state: number for state, _label, number in client.get(url, {"kind": "conflict"}).context["states"]}
    assert states == {"new": 0, "acknowledged": 0, "verified": 2, "discarded": 0}


def test_people_in_danger_come_first(country: make.Country, found: Signal, cast: make.Cast) -> None:
    older = YESTERDAY - 5 * DAY
    more(found, 1, protection=True, period_start=older, period_end=older)
    rows = queries.find(cast.actor("duty"), queries.Filter(kind="unusual"))
    assert [row.code for row in rows] == ["SG-2025-1000", "SG-2025-0001"]


@pytest.mark.parametrize("name", ["watch:signal-list", "watch:run-list", "watch:series-list", "site:morning"])
def test_lists_ask_the_same_number_of_questions_whatever_their_length(
    found: Signal, as_: Callable[[str], Client], name: str
) -> None:
    client = as_("duty")

    def queries_of() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(reverse(name)).status_code == 200
        return len(caught)

    queries_of()
    one = queries_of()
    more(found, 2)
    run = DetectionRun.objects.get()
    for at in range(2):
        run.pk, run.code = None, f"DR-2025-1{at:03d}"
        run.save()
    assert queries_of() == one


# --- Runs --------------------------------------------------------------------------------------


def test_a_run_shows_what_it_did(found: Signal, as_: Callable[[str], Client]) -> None:
    run = DetectionRun.objects.get()
    answer = as_("analyst").get(reverse("watch:run", args=[run.code]))
    assert answer.status_code == 200
    assert sorted(line.code for line in answer.context["lines"]) == sorted(
        Signal.objects.values_list("code", flat=True)
    )
    assert as_("partner").get(reverse("watch:run", args=[run.code])).status_code == 404


@pytest.mark.parametrize(
    ("who", "expected"), [("duty", 302), ("analyst", 302), ("chief", 404), ("partner", 404), ("stranger", 404)]
)
def test_who_starts_a_run(country: make.Country, as_: Callable[[str], Client], who: str, expected: int) -> None:
    from django_tasks_db.models import DBTaskResult

    answer = as_(who).post(reverse("watch:run-new"))
    runs = list(DetectionRun.objects.values_list("state", "from_date", "to_date"))
    started = [("queued", YESTERDAY - 28 * DAY, YESTERDAY)] if expected == 302 else []
    assert (answer.status_code, runs, DBTaskResult.objects.count()) == (expected, started, len(started))


def test_a_waiting_run_can_be_stopped(country: make.Country, as_: Callable[[str], Client]) -> None:
    client = as_("duty")
    client.post(reverse("watch:run-new"))
    run = DetectionRun.objects.get()
    assert client.post(reverse("watch:run-cancel", args=[run.code])).status_code == 302
    run.refresh_from_db()
    assert run.state == "cancelled"
