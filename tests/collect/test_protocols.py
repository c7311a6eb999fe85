"""The table of a return protocol: what counts, who sees which operations, the cells, the lines and the file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import make
import pytest
from collect.returns import data, protocol, report, revise
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pasaj.collect.models import Outcome, Submission
from pasaj.collect.queries import protocols as queries
from pasaj.collect.templatetags.protocols import Part, counts, reason
from pasaj.core import periods
from pasaj.core.protocol import Calendar, Cell, Reason
from pasaj.registry.models import CalendarRule, Protocol
from pasaj.share.models import Release

pytestmark = pytest.mark.django_db
PAGES = ("collect:protocol", "collect:protocol-operations", "collect:protocol-csv")
SEPTEMBER = {"from": "2025-09", "to": "2025-09"}


def shown(actor: Any, first: str = "2025-09", last: str = "2025-09") -> queries.Table:
    start, end = periods.parse(first, "month"), periods.parse(last, "month")
    assert start is not None
    assert end is not None
    return queries.table(Protocol.objects.get(), actor, queries.Window(start, end))


def verdicts(table: queries.Table) -> dict[tuple[str, str], dict[str, list[int]]]:
    """Operations compliant, in breach, disputed and unknown, by row and clause."""
    return {
        (row.place, row.month): {clause.code: list(cell.operations.values()) for clause, cell in row.cells if cell}
        for row in table.rows
    }


@pytest.fixture
def reports(country: make.Country) -> make.Country:
    protocol()
    country.observe(country.series("TL-BCP-NOR"), date(2025, 9, 17), 40)
    report(country, "AAAA-0001", data(), data(at="2025-09-18T20:00", deported=5))
    report(country, "AAAA-0002", data(place="TL-BCP-SOU", at="2025-09-24T14:00", deported=7))
    report(country, "AAAA-0003", data(place="TL0101", place_kind="other", at="2025-08-20T09:00", deported=9))
    report(country, "AAAA-0004", data(counts={"deported": 0, "spontaneous": 30}))
    return country


@pytest.mark.req("R1.5")
def test_the_cells_hold_the_verdicts_of_the_operations(reports: make.Country, cast: make.Cast) -> None:
    table = shown(cast.actor("duty"), "2025-08")
    kept, unknown = [1, 0, 0, 0], [0, 0, 0, 1]
    assert verdicts(table) == {
        ("TL-BCP-NOR", "2025-09"): {
            "a": [1, 1, 0, 0],
            "c": [2, 0, 0, 0],
            "d": [2, 0, 0, 0],
            "f": [1, 0, 0, 1],
            "g": [2, 0, 0, 0],
        },
        ("TL-BCP-SOU", "2025-09"): {"a": [0, 0, 1, 0], "c": kept, "d": kept, "f": unknown, "g": kept},
        ("TL0101", "2025-08"): {"a": kept, "c": [0, 1, 0, 0], "d": kept, "f": unknown, "g": unknown},
    }
    assert [(row.name, row.month, row.operations, row.outside) for row in table.rows] == [
        ("Hill town", "2025-08", 1, 0),
        ("Northgate", "2025-09", 2, 1),
        ("Southgate", "2025-09", 1, 0),
    ]
    north = table.rows[1].cells[0][1]
    assert north is not None
    assert (north.n, north.persons["compliant"], north.persons["breach"]) == (2, 40, 5)


def test_only_what_counts_is_counted(reports: make.Country, cast: make.Cast) -> None:
    def receipts() -> list[str]:
        return [one.receipt for one in shown(cast.actor("duty"), "2025-01").lines]

    def change(receipt: str, **fields: Any) -> None:
        Submission.objects.filter(receipt=receipt).update(**fields)

    assert receipts() == ["AAAA-0001", "AAAA-0001", "AAAA-0002", "AAAA-0003", "AAAA-0004"]
    # An edit replaces what it corrects; what is held, refused, rejected or taken back counts for nothing.
    revise(Submission.objects.get(receipt="AAAA-0001"), data())
    change("AAAA-0002", state="quarantined")
    change("AAAA-0003", review="rejected")
    change("AAAA-0004", held=True)
    assert receipts() == ["AAAA-0001"]
    Outcome.objects.update(state=Outcome.State.WITHDRAWN)
    assert receipts() == []
    Outcome.objects.update(state=Outcome.State.DONE, kind="incident")
    assert receipts() == []


def test_the_window_is_of_months(reports: make.Country, cast: make.Cast) -> None:
    actor = cast.actor("duty")
    assert len(shown(actor, "2025-08", "2025-08").lines) == 1
    assert len(shown(actor, "2025-10", "2025-10").lines) == 0
    report(reports, "AAAA-0005", data(at=""))
    table = shown(actor, "2025-10", "2025-10")
    assert [(row.place, row.month, row.when) for row in table.rows] == [("TL-BCP-NOR", "", None)]
    # A report cannot be older than what it reports.
    Submission.objects.update(received_at=make.NOW - timedelta(days=90))
    assert shown(actor).lines == []


def test_lists_of_two_sources_that_differ_say_nothing(reports: make.Country, cast: make.Cast) -> None:
    def cell() -> list[int]:
        return verdicts(shown(cast.actor("duty")))["TL-BCP-NOR", "2025-09"]["f"]

    assert cell() == [1, 0, 0, 1]
    reports.observe(reports.series("TL-BCP-NOR", source="NET"), date(2025, 9, 17), 40)
    assert cell() == [1, 0, 0, 1]
    reports.observe(reports.series("TL-BCP-NOR", source="NET"), date(2025, 9, 17), 12, revision=2)
    assert cell() == [0, 0, 0, 2]


def test_calendars_know_the_years_they_were_written_for(reports: make.Country) -> None:
    days = [date(2025, 1, 6), date(2025, 9, 24), date(2025, 12, 25)]
    assert queries.calendars(["TL", "XX", "YY"], days) == {
        "TL": Calendar(frozenset(days[1:])),
        "XX": Calendar(frozenset([days[0], days[2]]), frozenset({2025})),
    }
    CalendarRule.objects.update(retired_at=make.NOW)
    assert queries.calendars(["TL", "XX"], days) == {}


@pytest.mark.req("R1.5")
@pytest.mark.parametrize("name", PAGES)
def test_who_opens_it(name: str, reports: make.Country, as_: Callable[[str], Client]) -> None:
    found = {}
    for who in make.CAST:
        answer = as_(who).get(reverse(name, args=["TL-XX-1999"]), SEPTEMBER)
        found[who] = answer.status_code
        if answer.streaming:
            b"".join(answer.streaming_content)  # a file that is not read stays open
    assert found == {who: 404 if who in ("partner", "stranger") else 200 for who in make.CAST}
    assert as_("duty").get(reverse(name, args=["TL-XX-2000"])).status_code == 404
    assert {who: as_(who).get(reverse("collect:protocol-list")).status_code for who in make.CAST} == {
        who: 404 if who in ("partner", "stranger") else 200 for who in make.CAST
    }


@pytest.mark.req("R1.5")
def test_a_chief_sees_the_operations_of_the_own_crossing(reports: make.Country, cast: make.Cast) -> None:
    table = shown(cast.actor("chief"), "2025-01")
    assert {row.place for row in table.rows} == {"TL-BCP-NOR"}
    assert {line.receipt for line in table.lines} == {"AAAA-0001", "AAAA-0004"}
    assert shown(cast.actor("partner")).lines == []
    assert shown(cast.actor("stranger")).lines == []


def test_the_page_says_each_count_with_its_word(reports: make.Country, as_: Callable[[str], Client]) -> None:
    html = as_("duty").get(reverse("collect:protocol", args=["TL-XX-1999"]), SEPTEMBER).content.decode()
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))
    assert (
        "Northgate TL-BCP-NOR September 2025 2 Compliant 1 Breach 1 Compliant 2 Compliant 2 Compliant 1 Unknown 1"
        in text
    )
    assert "1 operation is outside the protocol" in text
    assert "(d) Text of d Article · To be verified – the wording" in text
    persons = (
        as_("duty")
        .get(reverse("collect:protocol", args=["TL-XX-1999"]), {**SEPTEMBER, "count": "persons"})
        .content.decode()
    )
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", persons))
    assert "September 2025 2 Compliant 40 Breach 5 Compliant 45" in text


def test_a_cell_opens_the_operations_behind_it(reports: make.Country, as_: Callable[[str], Client]) -> None:
    address = reverse("collect:protocol-operations", args=["TL-XX-1999"])

    def receipts(**asked: str) -> list[str]:
        html = as_("duty").get(address, {**SEPTEMBER, **asked}).content.decode()
        return re.findall(r"/collect/submissions/(AAAA-\d{4})/", html)

    cell = {"place": "TL-BCP-NOR", "month": "2025-09", "clause": "a"}
    assert receipts(**cell) == ["AAAA-0001", "AAAA-0001"]
    assert receipts(**cell, verdict="breach") == ["AAAA-0001"]
    assert receipts(**cell, verdict="disputed") == []
    assert receipts(place="TL-BCP-NOR", month="2025-09") == ["AAAA-0001", "AAAA-0001", "AAAA-0004"]
    assert receipts(place="", month="") == []
    assert receipts() == ["AAAA-0001", "AAAA-0001", "AAAA-0002", "AAAA-0004"]
    assert receipts(receipt="AAAA-0001") == ["AAAA-0001", "AAAA-0001"]
    assert receipts(clause="z") == []
    html = as_("duty").get(address, {**SEPTEMBER, **cell, "verdict": "breach"}).content.decode()
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))
    assert "2025-09-18 20:00 5 Breach · 2025-09-18 20:00 here and 2025-09-18 20:00 there: outside the hours." in text


def test_simulated_operations_say_so(reports: make.Country, as_: Callable[[str], Client]) -> None:
    address = reverse("collect:protocol-operations", args=["TL-XX-1999"])

    def marks() -> list[int]:
        pages = (address.removesuffix("operations/"), address)
        return [as_("duty").get(page, SEPTEMBER).content.decode().count("origin-simulated") for page in pages]

    assert marks() == [0, 0]
    Submission.objects.filter(receipt="AAAA-0002").update(via="demo")
    assert marks() == [1, 1]


def test_mistakes_of_a_report_are_told_beside_it(reports: make.Country, as_: Callable[[str], Client]) -> None:
    report(reports, "AAAA-0006", data(place_kind="bridge", place="TL-BCP-SOU"), {"counts": 7})
    page = as_("duty").get(reverse("collect:protocol", args=["TL-XX-1999"]), SEPTEMBER)
    assert "In 2 operations some field could not be read" in re.sub(r"\s+", " ", page.content.decode())
    lines = as_("duty").get(reverse("collect:protocol-operations", args=["TL-XX-1999"]), SEPTEMBER).content.decode()
    assert re.findall(r"PROT-\d{3}", lines) == ["PROT-005", "PROT-003"]


def test_the_file_leaves_through_the_gate(reports: make.Country, as_: Callable[[str], Client]) -> None:
    Submission.objects.filter(receipt="AAAA-0004").update(via="demo")
    answer = as_("duty").get(reverse("collect:protocol-csv", args=["TL-XX-1999"]), SEPTEMBER)
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))  # type: ignore[attr-defined]
    assert len(rows) == 2 * 5 * 4
    assert rows[1] == {
        "place": "TL-BCP-NOR",
        "place_name": "Northgate",
        "month": "2025-09",
        "clause": "a",
        "verdict": "breach",
        "operations": "1",
        "operations_judged": "2",
        "persons": "5",
        "persons_not_counted_in": "0",
        "operations_simulated": "1",
    }
    released = Release.objects.get()
    assert (released.audience, released.rows, released.question) == (
        "TLP:AMBER",
        40,
        {"protocol": "TL-XX-1999", "months": "2025-09..2025-09"},
    )


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, "2024-11..2025-10"),
        ({"from": "2025-03"}, "2025-03..2025-10"),
        ({"from": "2025-09", "to": "2025-02"}, "2025-02..2025-09"),
        ({"from": "March", "to": "2025-13"}, "2024-11..2025-10"),
    ],
)
def test_the_months_asked_for(
    asked: dict[str, str], expected: str, reports: make.Country, as_: Callable[[str], Client]
) -> None:
    answer = as_("duty").get(reverse("collect:protocol", args=["TL-XX-1999"]), asked)
    assert answer.context["window"].text == expected


def test_pages_without_anything_say_so(country: make.Country, as_: Callable[[str], Client]) -> None:
    assert "has no return protocol" in as_("duty").get(reverse("collect:protocol-list")).content.decode()
    protocol()
    listed = as_("duty").get(reverse("collect:protocol-list")).content.decode()
    assert ("TL-XX-1999" in listed, "has no return protocol" in listed) == (True, False)
    page = as_("duty").get(reverse("collect:protocol", args=["TL-XX-1999"])).content.decode()
    assert "No return operation was reported" in page
    lines = as_("duty").get(reverse("collect:protocol-operations", args=["TL-XX-1999"])).content.decode()
    assert "No such operation" in lines


@pytest.mark.parametrize("name", PAGES[:2])
def test_the_number_of_queries_does_not_grow(name: str, reports: make.Country, as_: Callable[[str], Client]) -> None:
    client, address = as_("duty"), reverse(name, args=["TL-XX-1999"])

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address, SEPTEMBER).status_code == 200
        return len(captured)

    asked()
    before = asked()
    for number in range(3):
        report(reports, f"BBBB-000{number}", data(place="TL-BCP-SOU"), data(place="TL-UBP-01"))
    assert asked() == before


def test_reasons_in_words() -> None:
    assert reason(Reason("no_answers", {"questions": "effects_kept, of_their_own"})) == (
        "Not answered: personal effects kept, of_their_own."
    )
    cell = Cell()
    cell.add("breach", 3)
    cell.add("breach", None)
    cell.add("unknown", 2)
    assert counts(cell) == [Part("breach", 2, False), Part("unknown", 1, False)]
    assert counts(cell, True) == [Part("breach", 3, True), Part("unknown", 2, False)]
