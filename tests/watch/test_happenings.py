"""Pages, files and API of incidents, crossing status and calls: what they store, show and keep back."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import make
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pasaj.access.rules import SYSTEM
from pasaj.core.periods import containing
from pasaj.registry.models import Post
from pasaj.share.models import Release
from pasaj.watch.models import CrossingStatus, Incident, Signal, SilenceCall
from pasaj.watch.services import detection, incidents, silences, status
from pasaj.watch.services.incidents import Quantity

DAY = timedelta(days=1)
YESTERDAY = make.TODAY - DAY
NORTH, SOUTH = "TL-BCP-NOR", "TL-BCP-SOU"
QUIET = [100, 104, 96, 100, 102, 98, 100, 101, 99, 100, 104, 96, 100, 100]
CELL = ("duty", "approver", "analyst", "dpo", "admin")
As = Callable[[str], Client]


@pytest.fixture(autouse=True)
def types(country: make.Country) -> None:
    make.incident_types()
    make.zone()


def record(place: str = NORTH, type_code: str = "drugs", **more: Any) -> Incident:
    given: dict[str, Any] = {
        "period": containing("day", YESTERDAY), "quantities": [Quantity("weight", Decimal("2.5"), "kg")],
        "actor": SYSTEM, "now": make.NOW,
    } | more  # fmt: skip
    return incidents.record(type_code=type_code, place_code=place, **given)


def report(place: str = NORTH, state: str = "closed", **more: Any) -> CrossingStatus:
    given: dict[str, Any] = {
        "side": "own", "since": YESTERDAY, "cause": "Flood", "actor": SYSTEM, "now": make.NOW,
    } | more  # fmt: skip
    return status.report(crossing_code=place, state=state, **given)


def read(answer: Any) -> str:
    return str(b"".join(answer.streaming_content).decode() if answer.streaming else answer.content.decode())


# --- Incidents ---------------------------------------------------------------------------------


@pytest.mark.req("R1.15")
def test_an_incident_is_recorded_by_hand(as_: As) -> None:
    client = as_("duty")
    chosen = client.get(reverse("watch:incident-new"))
    assert [kind.code for kind, _definition in chosen.context["kinds"]] == ["accident", "drugs", "rescue"]
    url = f"{reverse('watch:incident-new')}?type=drugs"
    fields = list(client.get(url).context["form"].fields)
    assert fields == [
        "place", "first", "last", "quantities.weight", "unit.weight", "quantities.parcels", "detecting",
        "hours_to_referral", "corridor", "source", "note",
    ]  # fmt: skip
    page = client.get(url).context["form"]
    parts = [[one.name for one in pair] for pair in page.numbers]
    assert parts == [["quantities.weight", "unit.weight"], ["quantities.parcels"]]
    shown = [one.name for one in (*page.before, *(one for pair in page.numbers for one in pair), *page.after)]
    assert shown == fields
    form = {
        "place": NORTH, "first": "2025-09-28", "last": "2025-09-29", "quantities.weight": "2.5", "unit.weight": "g",
        "quantities.parcels": "", "detecting": "IMM", "hours_to_referral": "3", "corridor": "co>ht", "note": "a tip",
    }  # fmt: skip
    answer = client.post(url, form)
    row = Incident.objects.get()
    assert answer["Location"] == reverse("watch:incident", args=[row.code])
    assert (str(row.period_start), str(row.period_end), row.corridor, row.hours_to_referral) == (
        "2025-09-28", "2025-09-29", "CO>HT", Decimal(3),
    )  # fmt: skip
    assert [(one.what, one.value, one.unit) for one in row.quantities.all()] == [("weight", Decimal("2.5"), "g")]


def test_what_is_wrong_stands_beside_its_field(as_: As) -> None:
    client = as_("duty")
    url = f"{reverse('watch:incident-new')}?type=drugs"
    wrong = {"place": NORTH, "first": "2025-10-02", "quantities.weight": "much", "corridor": "Jacmel"}
    answer = client.post(url, wrong)
    assert (answer.status_code, sorted(answer.context["form"].errors)) == (422, ["quantities.weight"])
    answer = client.post(url, wrong | {"quantities.weight": "1"})
    assert (answer.status_code, sorted(answer.context["form"].errors)) == (422, ["corridor", "first"])
    answer = client.post(url, {"place": NORTH, "first": "2025-09-29", "last": "2025-09-28"})
    assert sorted(answer.context["form"].errors) == ["last"]
    answer = client.post(url, {"place": NORTH, "first": "2025-09-29", "last": "2025-12-31"})
    assert (answer.status_code, sorted(answer.context["form"].errors)) == (422, ["last"])
    answer = client.post(url, {"place": NORTH, "first": "09/05/2025"})
    assert (answer.status_code, sorted(answer.context["form"].errors)) == (422, ["first"])
    named = client.post(url, {"place": NORTH, "first": "2025-09-29", "note": "M. Jean Baptiste, tel 3712-4455"})
    assert (named.status_code, sorted(named.context["form"].errors)) == (422, ["note"])
    assert client.get(f"{reverse('watch:incident-new')}?type=flood").status_code == 404
    assert client.post(reverse("watch:incident-new")).status_code == 404
    assert not Incident.objects.exists()


@pytest.mark.parametrize("typed", ["2.5", "2,5", "2,50"])
def test_either_decimal_sign_is_read_where_one_reading_is_left(as_: As, typed: str) -> None:
    url = f"{reverse('watch:incident-new')}?type=drugs"
    form = {"place": NORTH, "first": "2025-09-28", "quantities.weight": typed, "unit.weight": "kg"}
    for language in ("en", "fr"):
        client = as_("duty")
        client.cookies["language"] = language
        assert client.post(url, form).status_code == 302
    assert [one.quantities.get().value for one in Incident.objects.all()] == [Decimal("2.5"), Decimal("2.5")]


@pytest.mark.parametrize(
    ("who", "kind", "places"),
    [
        ("duty", "accident", [SOUTH, NORTH, "TL-UBP-01", "TL0101"]),
        ("duty", "drugs", [SOUTH, NORTH, "TL-UBP-01", "TL0101", "TL-SEA"]),
        ("duty", "rescue", ["TL-SEA"]),
        ("chief", "drugs", [NORTH]),
        ("chief", "rescue", []),
    ],
)
def test_where_somebody_may_record(as_: As, who: str, kind: str, places: list[str]) -> None:
    form = as_(who).get(f"{reverse('watch:incident-new')}?type={kind}").context["form"]
    assert sorted(code for code, _name in form.fields["place"].choices if code) == sorted(places)


def test_a_correction_and_taking_back_by_hand(as_: As) -> None:
    row, client = record(corridor="CO"), as_("duty")
    url = reverse("watch:incident-correct", args=[row.code])
    page = client.get(url).context["form"]
    assert (page.initial["quantities.weight"], page.initial["unit.weight"], page.initial["place"]) == (
        "2.5", "kg", NORTH,
    )  # fmt: skip
    form = {"place": NORTH, "first": "2025-09-30", "quantities.weight": "3", "unit.weight": "kg", "seen": "1"}
    assert client.post(url, form | {"first": "2026-01-01"}).status_code == 422
    assert client.post(url, form)["Location"] == reverse("watch:incident", args=[row.code])
    late = client.post(url, form | {"quantities.weight": "4"})
    assert (late.status_code, [one.code for one in late.context["problems"]]) == (422, ["INCIDENT-014"])
    away = reverse("watch:incident-withdraw", args=[row.code])
    assert client.post(away, {"seen": "1"}).status_code == 409
    assert client.post(away, {"seen": "2", "note": "a drill"}).status_code == 302
    assert client.get(reverse("watch:incident", args=[row.code])).context["incident"].withdrawn
    assert client.get(reverse("watch:incident-list")).context["total"] == 0


@pytest.mark.req("R1.16")
def test_the_list_filters_by_type_place_period_and_sea(as_: As) -> None:
    record(source="a")
    record(SOUTH, source="b", period=containing("day", YESTERDAY - 10 * DAY))
    record("TL-SEA", "rescue", quantities=(), source="c")
    client = as_("duty")

    def found(question: str) -> list[str]:
        page = client.get(f"{reverse('watch:incident-list')}?{question}").context
        return sorted(row.source for row, _quantities in page["lines"])

    assert found("") == ["a", "b", "c"]
    assert found("type=rescue") == found("domain=sea") == found("place=TL-SEA") == ["c"]
    assert found(f"place={SOUTH}") == ["b"]
    assert found(f"from={YESTERDAY}") == ["a", "c"]
    assert found(f"to={YESTERDAY - DAY}") == ["b"]
    assert client.get(reverse("watch:incident-list")).context["places"] == [
        ("TL-SEA", "North coast"), (NORTH, "Northgate"), (SOUTH, "Southgate"),
    ]  # fmt: skip


@pytest.mark.req("R2.12")
def test_the_file_and_the_api_pass_the_gate_without_notes(as_: As) -> None:
    row = record(note="told-in-confidence", detecting="IMM", hours_to_referral=Decimal("1.5"), corridor="CO")
    record("TL-SEA", "rescue", quantities=())
    client = as_("duty")
    answer = client.get(f"{reverse('watch:incidents-csv')}?type=drugs")
    text = read(answer)
    assert answer["X-Pasaj-Release"] == Release.objects.get().code
    assert [list(line.values()) for line in csv.DictReader(StringIO(text))] == [
        [row.code, "1", "drugs", NORTH, "2025-09-30", "2025-09-30", "weight", "2.5", "kg", "IMM", "1.5", "CO", "",
         "entry", "2025-10-01T12:00:00+00:00"],
    ]  # fmt: skip
    answer = client.get("/api/v1/incidents?domain=sea")
    (found,) = json.loads(read(answer))
    assert (found["type"], found["quantities"], answer["X-Pasaj-Count"]) == ("rescue", [], "1")
    one = json.loads(read(client.get(f"/api/v1/incidents/{row.code}")))
    assert one["quantities"] == [{"what": "weight", "value": "2.5", "unit": "kg"}]
    assert "told-in-confidence" not in text + json.dumps(one)
    assert client.get("/api/v1/incidents/IN-2025-0099").status_code == 404


@pytest.mark.req("R7.1")
def test_who_opens_an_incident_and_reads_its_note(as_: As, cast: make.Cast) -> None:
    north = record(note="told-in-confidence")
    own = record("TL-UBP-01", note="told-in-confidence", actor=cast.actor("chief"))
    theirs = record(SOUTH, note="told-in-confidence", detecting="AID")

    def opens(who: str, row: Incident) -> tuple[int, int, bool]:
        client = as_(who)
        page = client.get(reverse("watch:incident", args=[row.code]))
        told = "told-in-confidence" in read(page) + read(client.get(reverse("watch:incident-list")))
        program = client.get(f"/api/v1/incidents/{row.code}")
        told |= "told-in-confidence" in read(program) and who not in CELL
        return page.status_code, program.status_code, told

    for who in CELL:
        assert {opens(who, row) for row in (north, own, theirs)} == {(200, 200, True)}
    assert [opens("chief", row) for row in (north, own, theirs)] == [(200, 200, False)] * 2 + [(404, 404, False)]
    assert [opens("partner", row) for row in (north, own, theirs)] == [(404, 404, False)] * 2 + [(200, 200, False)]
    assert {opens("stranger", row) for row in (north, own, theirs)} == {(404, 404, False)}


def test_the_list_asks_a_constant_number_of_questions(as_: As) -> None:
    client = as_("duty")

    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get(reverse("watch:incident-list"))
        return len(caught)

    record()
    client.get(reverse("watch:incident-list"))
    one = asked()
    record(SOUTH, detecting="IMM")
    record("TL-SEA", "rescue", quantities=())
    assert asked() == one


# --- Status ------------------------------------------------------------------------------------


@pytest.mark.req("R1.17")
def test_a_chief_reports_the_status_of_his_crossing(as_: As) -> None:
    client = as_("chief")
    url = reverse("watch:status", args=[NORTH])
    form = {"side": "own", "state": "closed", "since": "2025-09-30", "cause": "", "note": "x"}
    assert sorted(client.post(url, form).context["form"].errors) == ["cause"]
    assert client.post(url, form | {"cause": "Flood"}).status_code == 302
    page = client.get(url).context
    assert [(one.side, one.state) for one in page["sides"]] == [("own", "closed"), ("other", "unknown")]
    assert [row.cause for row in page["history"]] == ["Flood"]
    assert client.get(reverse("watch:status", args=[SOUTH])).context["form"] is None
    assert client.post(reverse("watch:status", args=[SOUTH]), form | {"cause": "x"}).status_code == 404


@pytest.mark.req("R1.17")
def test_morning_crossing_and_api_say_since_when_and_why(as_: As) -> None:
    report(source="Post chief", note="told-in-confidence")
    report(SOUTH, "partly", side="other", cause="Strike")
    client = as_("duty")
    told = client.get(reverse("site:morning")).context["not_open"]
    assert [(crossing.code, one.side, one.state) for crossing, one in told] == [
        (NORTH, "own", "closed"), (SOUTH, "other", "partly"),
    ]  # fmt: skip
    text = read(client.get(reverse("site:crossing", args=[NORTH])))
    assert ("Flood" in text, "Post chief" in text, "told-in-confidence" in text) == (True, True, False)
    said = client.get(f"/api/v1/crossings/{NORTH}/status").json()
    assert [(one["side"], one["state"], one["since"], one["cause"]) for one in said["now"]] == [
        ("own", "closed", "2025-09-30", "Flood"), ("other", "unknown", None, ""),
    ]  # fmt: skip
    assert "told-in-confidence" not in json.dumps(said)
    # Whoever may not see the report is not told the opposite either.
    for who in ("chief", "partner"):
        south = as_(who).get(f"/api/v1/crossings/{SOUTH}/status").json()
        assert ([one["state"] for one in south["now"]], south["reports"]) == (["open", "unknown"], [])
    north = as_("partner").get(f"/api/v1/crossings/{NORTH}/status").json()
    assert ([one["state"] for one in north["now"]], north["reports"]) == (["unknown", "unknown"], [])
    assert as_("stranger").get(f"/api/v1/crossings/{NORTH}/status").status_code == 404


def test_a_report_is_taken_back_by_the_duty_officer(as_: As) -> None:
    row = report(note="told-in-confidence")
    url = reverse("watch:status-withdraw", args=[row.code])
    assert as_("chief").post(url).status_code == 404
    assert "told-in-confidence" not in read(as_("chief").get(reverse("watch:status", args=[NORTH])))
    assert as_("duty").post(url)["Location"] == reverse("watch:status", args=[NORTH])
    assert not CrossingStatus.objects.current().exists()
    assert as_("duty").post(url).status_code == 404


# --- Calls -------------------------------------------------------------------------------------


@pytest.mark.req("R1.18")
def test_a_call_is_written_down_and_shown_where_it_is_asked(country: make.Country, as_: As) -> None:
    country.year(country.series(), [*QUIET, None, None, None])
    country.year(country.series(SOUTH), [*QUIET, 100, 100, 100])
    run = detection.open_run(
        as_of=make.NOW, from_date=YESTERDAY - 10 * DAY, to_date=YESTERDAY, actor=SYSTEM, now=make.NOW
    )
    detection.run(run.pk, now=make.NOW)
    client = as_("duty")
    (ask,) = client.get(reverse("site:morning")).context["ask"]
    assert (ask.may_call, ask.called) == (True, None)
    url = reverse("watch:calls", args=[NORTH])
    assert sorted(client.post(url, {"post": "REG", "cause": "no_power"}).context["form"].errors) == ["outcome"]
    form = {"post": "REG", "cause": "no_power", "outcome": "will_report", "note": "told-in-confidence"}
    assert client.post(url, form)["Location"] == reverse("site:morning")
    row = SilenceCall.objects.get()
    assert (row.cause, row.outcome, row.called_at) == ("no_power", "will_report", make.NOW)
    (ask,) = client.get(reverse("site:morning")).context["ask"]
    assert ask.called is not None
    assert (ask.called[0].pk, str(ask.called[1]), str(ask.called[2])) == (row.pk, "Reached, will report", "No power")
    signal = reverse("watch:signal", args=[Signal.objects.get(kind="silence").code])
    assert [one[0].pk for one in client.get(signal).context["calls"]] == [row.pk]
    assert "told-in-confidence" in read(client.get(signal))
    chief = as_("chief")
    assert [one[3] for one in chief.get(signal).context["calls"]] == [""]
    (ask,) = chief.get(reverse("site:morning")).context["ask"]
    assert (ask.may_call, ask.called[0].pk) == (False, row.pk)
    assert chief.post(url, form).status_code == 404


def test_an_old_call_says_nothing_of_a_new_silence(country: make.Country, as_: As, cast: make.Cast) -> None:
    country.year(country.series(), [*QUIET, None, None, None])
    country.year(country.series(SOUTH), [*QUIET, 100, 100, 100])
    silences.record(
        crossing_code=NORTH, source_code="REG", cause="unknown", outcome="reported", called_at=make.NOW - 10 * DAY,
        actor=cast.actor("duty"), now=make.NOW,
    )  # fmt: skip
    (ask,) = as_("duty").get(reverse("site:morning")).context["ask"]
    assert ask.called is None
    assert len(as_("duty").get(reverse("watch:calls", args=[NORTH])).context["calls"]) == 1
    Post.objects.all().update(retired_at=make.NOW)
    assert as_("duty").get(reverse("watch:calls", args=[NORTH])).status_code == 404
