"""The gate: what may leave, to whom, and that it is written down."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import leaks
import make
import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from openpyxl import load_workbook

from pasaj.access.models import AuditEntry
from pasaj.access.rules import SYSTEM, Actor
from pasaj.core.problems import Refused
from pasaj.share.models import Release
from pasaj.share.services import Parcel, Row, release

pytestmark = pytest.mark.django_db
OURS = Row(("TL", Decimal("310")), own_count=True)
PRINTED = Row(("TL", Decimal("40223")), citation="Monthly note, October")
BARE = Row(("TL", Decimal("7")))


def send(*rows: Row, audience: str = "TLP:CLEAR", form: str = "csv", kind: str = "table", **more: object) -> bytes:
    parcel = Parcel(kind=kind, title="Test", form=form, rows=rows, header=("place", "value"), **more)  # type: ignore[arg-type]
    return read(parcel, audience)


def read(parcel: Parcel, audience: str = "TLP:AMBER", actor: Actor = SYSTEM) -> bytes:
    with release(parcel=parcel, audience=audience, actor=actor, now=make.NOW).file as file:
        return file.read()


def codes(error: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [problem.code for problem in error.value.problems]


@pytest.mark.req("R3.5")
@pytest.mark.parametrize("audience", ["TLP:CLEAR", "TLP:GREEN"])
def test_a_public_table_with_one_count_of_ours_is_refused_whole(audience: str) -> None:
    with pytest.raises(Refused) as error:
        send(PRINTED, OURS, audience=audience)
    assert codes(error) == ["SHARE-001"]
    assert Release.objects.count() == 0
    assert AuditEntry.objects.count() == 0


@pytest.mark.req("R3.5")
def test_published_figures_with_their_citation_may_become_public() -> None:
    assert send(PRINTED).decode("utf-8-sig") == "place,value\r\nTL,40223\r\n"
    row = Release.objects.get()
    assert (row.code, row.audience, row.rows, row.kind) == ("RL-2025-0001", "TLP:CLEAR", 1, "table")
    assert [entry.code for entry in AuditEntry.objects.filter(action="share.release")] == ["RL-2025-0001"]


def test_a_figure_without_a_citation_is_not_published() -> None:
    with pytest.raises(Refused) as error:
        send(BARE)
    assert codes(error) == ["SHARE-002"]


def test_inside_our_own_counts_may_pass_and_are_written_down() -> None:
    send(OURS, audience="TLP:AMBER")
    assert [(row.audience, row.rows) for row in Release.objects.all()] == [("TLP:AMBER", 1)]


def test_an_unknown_audience_is_no_audience() -> None:
    with pytest.raises(Refused) as error:
        send(PRINTED, audience="everybody")
    assert codes(error) == ["SHARE-004"]


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("The crossing opens at 08:00 from 2025-10-02 (SG-2026-0212).", True),
        ("Agreement of 2 December 1999.", False),  # "2" may be a count: fails closed
        ("We received 310 people.", False),
        ("Politique 2015-2030", True),
    ],
)
def test_a_public_text_holds_no_counts(text: str, passes: bool) -> None:
    def go() -> bytes:
        return send(Row((text,)), form="text", kind="text", counts=False)

    if passes:
        assert go().decode() == text
    else:
        with pytest.raises(Refused) as error:
            go()
        assert codes(error) == ["SHARE-005"]


@pytest.mark.parametrize(
    "row",
    [
        Row(("TL", 310)),
        Row(("TL", Decimal("310"))),
        Row(("TL", "310 people")),
        Row(("Nothing to see.", "310")),
        Row((None, {"count": 310})),
    ],
)
@pytest.mark.parametrize("kind", ["table", "text", "api"])
def test_whoever_says_that_there_are_no_counts_is_not_believed(row: Row, kind: str) -> None:
    with pytest.raises(Refused) as error:
        send(row, kind=kind, counts=False, form="json")
    assert codes(error) == ["SHARE-005"]
    assert Release.objects.count() == 0


def test_a_public_table_without_counts_passes() -> None:
    parcel = Parcel(
        kind="map", title="Test", form="geojson", rows=[Row(("Northgate", 19.5, -71.7))], header=("name", "lat", "lon"),
        counts=False,
    )  # fmt: skip
    assert json.loads(read(parcel, "TLP:CLEAR"))["features"][0]["properties"] == {"name": "Northgate"}
    assert Release.objects.get().audience == "TLP:CLEAR"


@pytest.mark.req("R7.3")
def test_what_left_stays_written_down() -> None:
    send(OURS, audience="TLP:AMBER")
    row = Release.objects.get()
    row.title = "other"
    for change in (
        row.save,
        row.delete,
        lambda: Release.objects.update(rows=0),
        lambda: Release.objects.bulk_update([row], ["title"]),
        lambda: connection.cursor().execute("UPDATE share_release SET rows = 0"),
        lambda: connection.cursor().execute("DELETE FROM share_release"),
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            change()
    assert list(Release.objects.values_list("title", "rows")) == [("Test", 1)]


def test_no_exported_text_starts_a_formula() -> None:
    evil = Row(('=HYPERLINK("http://x")', "+1", "-2", "@SUM(A1)"), own_count=True)
    parcel = Parcel(kind="table", title="Test", form="csv", rows=[evil], header=("a", "b", "c", "d"))
    text = read(parcel).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text)))[1] == ['\'=HYPERLINK("http://x")', "+1", "-2", "'@SUM(A1)"]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_no_heading_starts_a_formula(form: str) -> None:
    parcel = Parcel(kind="table", title="Test", form=form, rows=[Row(("a\x0bb",), own_count=True)], header=("=1+1",))
    data = read(parcel)
    if form == "xlsx":
        sheet = load_workbook(io.BytesIO(data)).active
        assert sheet is not None
        assert [cell.data_type for cell in sheet[1]] == ["s"]
        assert [list(row) for row in sheet.values] == [["'=1+1"], ["ab"]]
    else:
        assert next(csv.reader(io.StringIO(data.decode("utf-8-sig")))) == ["'=1+1"]


def test_a_workbook_can_be_read_back_with_its_hxl_row() -> None:
    data = send(OURS, audience="TLP:AMBER", form="xlsx", hxl=("#loc+code", "#indicator+value+num"))
    sheet = load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    assert [list(row) for row in sheet.values] == [
        ["place", "value"],
        ["#loc+code", "#indicator+value+num"],
        ["TL", 310],
    ]


def test_geojson_without_a_position_has_no_geometry() -> None:
    rows = [Row(("A", -71.7, 19.5), own_count=True), Row(("B", None, None), own_count=True)]
    parcel = Parcel(kind="map", title="Test", form="geojson", rows=rows, header=("code", "lon", "lat"))
    found = json.loads(read(parcel))
    assert [feature["geometry"] for feature in found["features"]] == [
        {"type": "Point", "coordinates": [-71.7, 19.5]},
        None,
    ]
    assert [feature["properties"] for feature in found["features"]] == [{"code": "A"}, {"code": "B"}]


def test_nothing_is_written_down_for_what_holds_no_counts_inside() -> None:
    send(Row(("TL", "Testland")), audience="TLP:AMBER", counts=False)
    assert Release.objects.count() == 0


@pytest.mark.req("R2.11")
def test_the_list_shows_everything_to_those_who_answer_for_it_and_ones_own_to_the_others(
    as_: Callable[[str], Client], cast: make.Cast
) -> None:
    for who in ("duty", "partner"):
        parcel = Parcel(kind="table", title=f"taken by {who}", form="csv", rows=[OURS], header=("place", "value"))
        read(parcel, actor=cast.actor(who))
    seen = {
        who: [row.title for row in as_(who).get("/releases/").context["page"].object_list]
        for who in ("dpo", "duty", "partner", "analyst", "stranger")
    }
    assert seen == {
        "dpo": ["taken by partner", "taken by duty"],
        "duty": ["taken by duty"],
        "partner": ["taken by partner"],
        "analyst": [],
        "stranger": [],
    }


def test_the_list_asks_a_constant_number_of_questions(
    as_: Callable[[str], Client], django_assert_max_num_queries: Callable[..., object]
) -> None:
    client = as_("dpo")
    counts = []
    for number in (1, 2):
        for _ in range(number):
            send(OURS, audience="TLP:AMBER")
        with django_assert_max_num_queries(30) as asked:  # type: ignore[attr-defined]
            client.get("/releases/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.req("R2.12")
def test_the_export_of_the_api_is_a_release(as_: Callable[[str], Client], country: make.Country) -> None:
    country.observe(country.series(), date(2025, 9, 30), 310)
    answer = as_("analyst").get("/api/v1/observations")
    assert [row["value"] for row in json.loads(b"".join(answer.streaming_content))] == [310]
    assert answer["X-Pasaj-Release"] == Release.objects.get().code


@pytest.mark.req("R2.12")
def test_signals_of_the_api_are_releases(as_: Callable[[str], Client], country: make.Country, cast: make.Cast) -> None:
    held = leaks.fill(country, cast)
    before = Release.objects.count()
    client = as_("analyst")
    answer = client.get("/api/v1/signals?kind=unusual&limit=2")
    rows = json.loads(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    assert [row["code"] for row in rows] == ["SG-2025-AREA", "SG-2025-NORTH"]
    assert answer["X-Pasaj-Count"] == "3"
    one = client.get("/api/v1/signals/SG-2025-SOUTH")
    row = json.loads(b"".join(one.streaming_content))  # type: ignore[attr-defined]
    assert (row["observed"], row["place"], row["period_end"]) == (77756, "TL-BCP-SOU", "2025-09-30")
    assert row["series"] == held.signals["south"].series.code  # type: ignore[union-attr]
    assert [answer["X-Pasaj-Release"], one["X-Pasaj-Release"]] == list(
        Release.objects.order_by("pk").values_list("code", flat=True)[before:]
    )
    assert client.get("/api/v1/signals/SG-2025-NONE").status_code == 404
