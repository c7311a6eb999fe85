"""The status of crossings: reported, revised, known at a moment; and what is then expected of the posts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import make
import pytest
from django.db import DatabaseError, IntegrityError, transaction

from pasaj.access.models import AuditEntry
from pasaj.access.rules import SYSTEM, visible
from pasaj.core.pack import CrossingStatus as PackStatus
from pasaj.core.pack import Manifest, Pack
from pasaj.core.problems import Refused
from pasaj.registry.models import CrossingPoint
from pasaj.watch.models import CrossingStatus, Signal
from pasaj.watch.queries import board, status
from pasaj.watch.services import detection, packs
from pasaj.watch.services import status as service

DAY = timedelta(days=1)
YESTERDAY = make.TODAY - DAY
CELL = ("duty", "approver", "analyst", "admin", "dpo")
NORTH = "TL-BCP-NOR"
QUIET = [100, 104, 96, 100, 102, 98, 100, 101, 99, 100, 104, 96, 100, 100]
ZONE = ZoneInfo("America/Port-au-Prince")

Report = Callable[..., CrossingStatus]


@pytest.fixture
def report(country: make.Country) -> Report:
    def one(state: str = "closed", since: date = YESTERDAY, **more: Any) -> CrossingStatus:
        given: dict[str, Any] = {
            "crossing_code": NORTH, "side": "own", "cause": "Flood", "actor": SYSTEM, "now": make.NOW,
        } | more  # fmt: skip
        return service.report(state=state, since=since, **given)

    return one


def sides(cast: make.Cast, who: str = "duty", day: date = make.TODAY, at: datetime = make.NOW) -> list[str]:
    north = CrossingPoint.objects.get(code=NORTH)
    return [one.state for one in status.standing(north, day, at, cast.actor(who))]


@pytest.mark.req("R1.17")
def test_each_side_stands_for_itself(report: Report, cast: make.Cast) -> None:
    assert sides(cast) == ["open", "unknown"]  # the pack's column, and nothing
    row = report(hours="08:00-12:00", source="Post chief")
    assert (row.code, row.revision, row.period_start, row.period_end) == ("CS-2025-0001", 1, YESTERDAY, None)
    assert sides(cast) == ["closed", "unknown"]
    report("partly", since=make.TODAY, side="other")
    assert sides(cast) == ["closed", "partly"]
    report("open", since=make.TODAY, cause="")
    assert sides(cast) == ["open", "partly"]
    assert sides(cast, day=YESTERDAY) == ["closed", "unknown"]
    assert sides(cast, at=make.NOW - DAY) == ["open", "unknown"]


@pytest.mark.req("R6.1")
def test_the_same_ref_changes_nothing_and_taking_back_lets_the_earlier_hold(report: Report, cast: make.Cast) -> None:
    first = report(ref="SB-1/status")
    assert report(ref="SB-1/status").pk == first.pk
    second = report("no_control", ref="SB-1/status")
    assert (second.code, second.revision) == (first.code, 2)
    assert sides(cast)[0] == "no_control"
    gone = service.withdraw(code=first.code, note="wrong post", actor=SYSTEM, now=make.NOW)
    assert (gone.revision, gone.withdrawn, gone.state) == (3, True, "no_control")
    assert sides(cast)[0] == "open"
    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True)) == [
        "status.reported", "status.corrected", "status.withdrawn",
    ]  # fmt: skip
    with pytest.raises(Refused, match="STATUS-007"):
        service.withdraw(code="CS-2025-0099", actor=SYSTEM, now=make.NOW)


def test_what_is_refused(report: Report) -> None:
    def problems(*arguments: Any, **more: Any) -> list[tuple[str, str]]:
        with pytest.raises(Refused) as error:
            report(*arguments, **more)
        return [(one.code, one.column) for one in error.value.problems]

    assert problems(crossing_code="NOWHERE") == [("STATUS-001", "crossing_code")]
    assert problems("shut", side="left", until=YESTERDAY - DAY) == [
        ("STATUS-002", "side"), ("STATUS-003", "state"), ("STATUS-004", "until"),
    ]  # fmt: skip
    assert problems(since=make.TODAY + 93 * DAY) == [("STATUS-005", "since")]
    assert problems(cause=" ") == [("STATUS-006", "cause")]
    assert problems(since=date(25, 9, 1)) == [("STATUS-008", "since")]
    assert report(since=make.TODAY + 92 * DAY).period_start == make.TODAY + 92 * DAY


@pytest.mark.req("R6.1")
@pytest.mark.django_db(transaction=True)
def test_the_database_keeps_what_was_reported(country: make.Country) -> None:
    row = service.report(
        crossing_code=NORTH, side="own", state="closed", since=YESTERDAY, cause="x", actor=SYSTEM, now=make.NOW
    )
    for change in (
        lambda: CrossingStatus.objects.filter(pk=row.pk).update(state="open"),
        lambda: CrossingStatus.objects.filter(pk=row.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    for fields in ({"side": "left"}, {"state": "shut"}, {"period_end": YESTERDAY - DAY}, {"code": row.code}):
        given = {
            "code": "CS-2025-0009", "crossing": row.crossing, "side": "own", "state": "open",
            "period_start": YESTERDAY, "origin": "entry", "reported_at": make.NOW, "recorded_at": make.NOW,
        } | fields  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            CrossingStatus.objects.create(**given)


@pytest.mark.req("R7.1")
def test_who_sees_which_reports(report: Report, cast: make.Cast) -> None:
    report(note="north")
    report(note="south", crossing_code="TL-BCP-SOU")
    report(note="printed", crossing_code="TL-BCP-SOU", origin="pack", source="A paper")
    report(note="unsourced", crossing_code="TL-BCP-SOU", origin="pack")
    found = {
        who: set(visible(CrossingStatus.objects.current(), cast.actor(who)).values_list("note", flat=True))
        for who in make.CAST
    }
    assert found == {
        **{who: {"north", "south", "printed", "unsourced"} for who in CELL},
        "chief": {"north", "printed"},
        "partner": {"printed"},
        "stranger": set(),
    }


# --- What is expected --------------------------------------------------------------------------


def detect(as_of: datetime = make.NOW) -> list[Signal]:
    run = detection.open_run(as_of=as_of, from_date=YESTERDAY - 20 * DAY, to_date=YESTERDAY, actor=SYSTEM, now=make.NOW)
    detection.run(run.pk, now=make.NOW)
    rows = Signal.objects.filter(kind="silence", crossing__code=NORTH)
    return [one for one in rows if not one.details["over"]]


def line(cast: make.Cast) -> list[str]:
    found = board.board(actor=cast.actor("duty"), now=make.NOW, zone=ZONE, names={}, days=5)
    return next([cell.state for cell in one.cells] for one in found.lines if one.crossing.code == NORTH)


@pytest.mark.req("R1.17")
@pytest.mark.req("R8.3")
@pytest.mark.parametrize("state", ["closed", "no_control"])
def test_nothing_is_expected_where_our_side_is_closed(
    report: Report, country: make.Country, cast: make.Cast, state: str
) -> None:
    country.year(country.series(), [*QUIET, None, None, None])
    country.year(country.series("TL-BCP-SOU"), [*QUIET, 100, 100, 100])
    assert line(cast) == ["reported", "reported", "silent", "silent", "silent"]
    assert len(detect()) == 1
    report(state, since=YESTERDAY - 2 * DAY)
    assert line(cast) == ["reported", "reported", "not_expected", "not_expected", "not_expected"]
    found = board.board(actor=cast.actor("duty"), now=make.NOW, zone=ZONE, names={})
    assert (found.silent, found.expected, found.reported) == ((), 1, 1)
    assert [(one.period_start, one.state) for one in Signal.objects.filter(kind="silence", crossing__code=NORTH)] == [
        (YESTERDAY - 2 * DAY, "new")
    ]
    assert detect() == []  # the earlier signal stands, and says that it is over


@pytest.mark.parametrize(("state", "side"), [("partly", "own"), ("open", "own"), ("closed", "other")])
def test_otherwise_reports_stay_expected(
    report: Report, country: make.Country, cast: make.Cast, state: str, side: str
) -> None:
    country.year(country.series(), [*QUIET, None, None, None])
    report(state, since=YESTERDAY - 5 * DAY, side=side)
    assert line(cast)[-3:] == ["silent"] * 3


def test_a_closure_of_one_day_and_one_that_ended(report: Report, country: make.Country, cast: make.Cast) -> None:
    country.year(country.series(), [*QUIET, None, None, None])
    report(since=YESTERDAY - DAY, until=YESTERDAY - DAY)
    assert line(cast)[-3:] == ["silent", "not_expected", "silent"]


def test_detection_knows_only_what_was_known_then(report: Report, country: make.Country) -> None:
    country.year(country.series(), [*QUIET, None, None, None])
    country.year(country.series("TL-BCP-SOU"), [*QUIET, 100, 100, 100])
    report(since=YESTERDAY - 2 * DAY, now=make.NOW)
    assert len(detect(as_of=make.NOW - timedelta(minutes=1))) == 1


def test_the_column_of_the_pack_counts_where_nobody_reported(country: make.Country, cast: make.Cast) -> None:
    country.year(country.series(), [*QUIET, None, None, None])
    CrossingPoint.objects.filter(code=NORTH).update(status="closed")
    assert line(cast)[-3:] == ["not_expected"] * 3


def test_a_report_that_the_crossing_is_open_outweighs_the_column_of_the_pack(
    report: Report, country: make.Country, cast: make.Cast
) -> None:
    """Before that report, and after its end, the column holds."""
    country.year(country.series(), [*QUIET, None, None, None, None])
    CrossingPoint.objects.filter(code=NORTH).update(status="closed")
    report("open", since=make.TODAY - 3 * DAY, until=make.TODAY - 2 * DAY)
    assert line(cast)[-4:] == ["not_expected", "silent", "silent", "not_expected"]


# --- What the pack says ------------------------------------------------------------------------


@pytest.fixture
def pack(country: make.Country) -> Pack:
    manifest = Manifest(1, "testland", "1", {"en": "Testland"}, ("en",), "en", "UTC", (0, 0, 1, 1), "CC0")
    old = PackStatus(NORTH, "own", "closed", date(2020, 3, 16), None, "Virus", "", "A paper", "check the end")
    return Pack(manifest=manifest, areas=(), crossings=(), measures=(), sources=(), statuses=(old,))


@pytest.mark.req("R1.17")
@pytest.mark.req("R4.3")
def test_closures_of_the_pack_are_kept_with_source_and_mark(pack: Pack, cast: make.Cast) -> None:
    assert packs.load(pack=pack, actor=SYSTEM, now=make.NOW).counts["statuses"].created == 1
    row = CrossingStatus.objects.get()
    assert (row.origin, row.source, row.verify, row.reported_at) == (
        "pack", "A paper", "check the end", datetime(2020, 3, 16, tzinfo=ZONE),
    )  # fmt: skip
    assert sides(cast, day=date(2020, 3, 16))[0] == "closed"
    assert sides(cast, day=date(2020, 3, 17))[0] == "open"  # nobody said until when: the column again
    assert packs.load(pack=pack, actor=SYSTEM, now=make.NOW).counts["statuses"].unchanged == 1
    said = replace(pack, statuses=(replace(pack.statuses[0], end=date(2020, 3, 20)),))
    assert packs.load(pack=said, actor=SYSTEM, now=make.NOW).counts["statuses"].updated == 1
    assert sides(cast, day=date(2020, 3, 17))[0] == "closed"


def test_a_correction_made_here_outlives_the_next_load(pack: Pack, report: Report) -> None:
    packs.load(pack=pack, actor=SYSTEM, now=make.NOW)
    ref = CrossingStatus.objects.get().ref
    report("partly", since=date(2020, 3, 16), ref=ref)
    packs.load(pack=pack, actor=SYSTEM, now=make.NOW)
    assert CrossingStatus.objects.current().get().state == "partly"
