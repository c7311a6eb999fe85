"""Charts and maps: well-formed, the same every time, nothing by colour alone, nothing on top of another."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree as Tree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pasaj.core import charts
from pasaj.core.charts import labels, marks
from pasaj.core.report import letters

NAME = "{http://www.w3.org/2000/svg}"
ANCHORS = ("none", "begun", "partly", "mostly", "fully")


def texts(svg: str) -> list[str]:
    return [one.text or "" for one in Tree.fromstring(svg).iter(f"{NAME}text")]


def rects(svg: str, **about: str) -> list[dict[str, str]]:
    found = [dict(one.attrib) for one in Tree.fromstring(svg).iter(f"{NAME}rect")]
    return [one for one in found if about.items() <= one.items()]


def bars(*rows: charts.Bar) -> str:
    return charts.bars(rows, charts.PRINT, anchors=ANCHORS, now="Round 2", before="Round 1")


@pytest.mark.req("R10.21")
def test_a_bar_reaches_from_the_lowest_to_the_highest() -> None:
    svg = bars(charts.Bar("P1", 1.0, 3.0, "1,0–3,0"), charts.Bar("P2", 0.0, 4.0, "0,0–4,0"))
    one, whole = rects(svg, fill=charts.PRINT.pale)
    assert float(one["width"]) == pytest.approx(float(whole["width"]) / 2, abs=0.02)
    assert float(one["x"]) - float(whole["x"]) == pytest.approx(float(whole["width"]) / 4, abs=0.02)
    assert texts(svg) == [
        "P1",
        "1,0–3,0",
        "P2",
        "0,0–4,0",
        "0",
        "none",
        "1",
        "begun",
        "2",
        "partly",
        "3",
        "mostly",
        "4",
        "fully",
    ]


@pytest.mark.req("R10.21")
def test_what_nobody_observed_and_what_was_before_are_told_by_lines() -> None:
    svg = bars(
        charts.Bar("P1", None, None, "—"),
        charts.Bar("P2", 2.0, 2.0, "2,0", (1.0, 1.5)),
        charts.Bar("P3", 1, 2, "", (1, 1)),
    )
    assert [one["stroke-dasharray"] for one in rects(svg, fill="none")] == ["2 2"]
    assert svg.count('stroke-dasharray="3 1.5"') == 3  # two rows and the legend
    assert texts(svg)[-2:] == ["Round 2", "Round 1"]
    assert "Round 1" not in bars(charts.Bar("P1", 1, 2, "1–2"))


def test_long_names_take_two_lines_and_then_an_ellipsis() -> None:
    found = texts(bars(charts.Bar("Coordination of services " * 9, 1, 2, "1–2")))
    assert found[1].endswith("…")
    assert found[2] == "1–2"


@pytest.mark.req("R10.21")
def test_small_pictures_share_a_scale() -> None:
    row = (charts.Bar("P1", 0.0, 4.0, "0–4"), charts.Bar("P2", None, None, "—"))
    svg = charts.multiples([charts.Panel(f"Place {at}", row) for at in range(4)], charts.PRINT, top=4)
    assert len({one["width"] for one in rects(svg, fill=charts.PRINT.pale)}) == 1
    assert [one for one in texts(svg) if one.startswith("Place")] == [f"Place {at}" for at in range(4)]
    assert charts.multiples([], charts.PRINT, top=4).count("<text") == 0


@settings(max_examples=50)
@given(st.text(), st.floats(-1, 9), st.floats(-1, 9))
def test_any_name_gives_a_picture_and_the_same_again(name: str, low: float, high: float) -> None:
    row = charts.Bar(name, min(low, high), max(low, high), name)
    svg = bars(row)
    assert svg == bars(row)
    Tree.fromstring(svg.encode())
    Tree.fromstring(charts.multiples([charts.Panel(name, (row,))], charts.PRINT, top=4).encode())


def feature(shape: str, coordinates: Any, kind: str = "") -> dict[str, Any]:
    return {"properties": {"kind": kind} if kind else None, "geometry": {"type": shape, "coordinates": coordinates}}


SQUARE = [[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]
LAYERS = {
    "b": {"features": [feature("LineString", [[2, 0], [2, 2]], "border"), feature("Polygon", [SQUARE], "coast")]},
    "a": {
        "features": [
            feature("MultiPolygon", [[[[2, 0], [9, 0], [9, 2], [2, 0]]]], "foreign"),
            feature("MultiLineString", [[[0, 1], [1, 1]], [[1, 1], [2, 1]]], "boundary"),
            feature("Polygon", [SQUARE], "harvest"),
            feature("Point", [1, 1], "coast"),
        ]
    },
}


def spots(count: int, apart: float = 0.0) -> list[charts.Spot]:
    return [charts.Spot(1 + at * apart, 1.0, f"P{at:02d} 1,0–2,0", "s1", at == 0) for at in range(count)]


def drawn(places: list[charts.Spot], outlines: tuple[charts.Outline, ...] | None = None) -> str:
    return charts.map_of(
        charts.land(LAYERS) if outlines is None else outlines,
        places,
        charts.PRINT,
        legend=[(f"s{at}", f"{at} {said} and what that means") for at, said in enumerate(ANCHORS)],
        unplaced="Without a place:",
        doubtful="about there",
    )


@pytest.mark.req("R10.21")
def test_a_map_draws_what_lies_below_first() -> None:
    assert [one.kind for one in charts.land(LAYERS)] == ["foreign", "coast", "boundary", "boundary", "border"]
    bare = {"areas": {"features": [feature("Polygon", [SQUARE])]}}
    assert [one.kind for one in charts.land(bare)] == ["coast"]
    svg = drawn(spots(2, 0.5))
    paths = [dict(one.attrib) for one in Tree.fromstring(svg).iter(f"{NAME}path")]
    assert [one.get("stroke-dasharray") for one in paths] == [None, None, "3 2", "3 2", "5 2 1 2"]
    assert [one for one in texts(svg) if "km" in one] == ["50 km"]
    assert [one for one in texts(svg) if one.startswith("P")] == ["P00 1,0–2,0", "P01 1,0–2,0"]
    assert svg.count("<circle") == 3
    assert svg.count('stroke-dasharray="1.6 1.2"') == 2  # the doubtful one, and what it means
    assert texts(svg)[-1] == "about there"
    assert svg == drawn(spots(2, 0.5))


def test_an_outline_of_another_kind_is_a_thin_line() -> None:
    svg = drawn([], (charts.Outline("road", ((0, 0), (1, 1)), False),))
    assert re.findall(r'<path [^>]*stroke-width="([\d.]+)"/>', svg) == ["0.6"]


def test_a_map_of_one_place_and_of_nothing() -> None:
    assert drawn(spots(1), ()).count("<circle") == 2
    with pytest.raises(ValueError, match="nothing"):
        drawn([], ())


@pytest.mark.req("R10.21")
def test_labels_for_which_there_is_no_room_stand_below_the_map() -> None:
    said = texts(drawn(spots(60, 0.001)))
    placed = [one for one in said if re.fullmatch(r"P\d\d 1,0–2,0", one)]
    listed = re.findall(r"P\d\d 1,0–2,0", " ".join(said[said.index(placed[-1]) + 1 :]))
    assert sorted([*placed, *listed]) == [one.label for one in spots(60)]
    assert len(placed) == 4


def test_a_line_leads_to_a_label_that_stands_away() -> None:
    close = [(1.0, 1.0), (1.07, 1.0), (1.0, 1.07), (1.07, 1.07), (0.93, 1.0), (0.93, 1.07), (1.0, 0.93), (1.07, 0.93)]
    places = [charts.Spot(x, y, f"P{at} 1,0–2,0", "muted") for at, (x, y) in enumerate(close)]
    svg = drawn(places)
    assert len([one for one in texts(svg) if one.startswith("P")]) == 8
    assert len(re.findall(f'<line [^>]*stroke="{charts.PRINT.faint}"', svg)) == 1


@pytest.mark.req("R10.21")
@settings(max_examples=25)
@given(st.lists(st.tuples(st.floats(5, 465), st.floats(5, 345)), max_size=30))
def test_no_label_covers_another_or_a_point(points: list[tuple[float, float]]) -> None:
    placed = labels.place(points, [(50.0, 9.0)] * len(points), (2, 2, 468, 348), 4.0)
    found = [(at, one) for at, one in enumerate(placed) if one]
    for at, one in found:
        assert one.box[0] >= 2
        assert one.box[2] <= 468
        for other_at, other in found:
            assert at == other_at or not labels._overlap(one.box, other.box)
            if one.lead and at != other_at:
                assert not labels._crosses(points[at], one.lead, other.box)
        for other_at, (x, y) in enumerate(points):
            inside = one.box[0] < x < one.box[2] and one.box[1] < y < one.box[3]
            assert at == other_at or not inside


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ((0, 5), (20, 5), True),
        ((0, 0), (20, 0), False),
        ((5, 0), (5, 20), True),
        ((0, 0), (0, 20), False),
        ((0, 0), (4, 4), True),
        ((0, 0), (1, 1), False),
    ],
)
def test_a_line_crosses_a_box(start: tuple[float, float], end: tuple[float, float], expected: bool) -> None:
    assert labels._crosses(start, end, (2.0, 2.0, 10.0, 10.0)) is expected


def test_marks() -> None:
    assert [marks.plain(one) for one in (1.0, -0.001, 2.345, 100.0)] == ["1", "0", "2.35", "100"]
    assert letters.wrapped("", 8, 10, 2) == ()
    assert letters.wrapped("one two three", 8, 100, 2) == ("one two three",)
    assert letters.wrapped("x" * 90, 8, 20, 1)[0].endswith("x…")
