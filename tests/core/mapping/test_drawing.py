"""The drawn network: the same each time, no box on another, lines that end at their boxes and tell their state."""

import re
from itertools import combinations, pairwise
from xml.etree import ElementTree as ET

import pytest
from core.mapping.networks import NAMES, graph
from hypothesis import given
from hypothesis import strategies as st

from pasaj.core.mapping import drawing, layout
from pasaj.core.mapping.drawing import Box, Drawing, Link, Palette, draw, kind_of, links, sample, svg
from pasaj.core.mapping.exchange import STATES, Statement, Tie
from pasaj.core.problems import Refused

CODES = [f"{name}-{'X' * length}" for length, name in enumerate(NAMES * 5)]
SVG = "{http://www.w3.org/2000/svg}"


@st.composite
def networks(draw_: st.DrawFn) -> tuple[list[str], list[Link]]:
    codes = CODES[: draw_(st.integers(0, 14))]
    pairs = [(one, other) for one in codes for other in codes if one != other]
    chosen = draw_(st.lists(st.sampled_from(pairs), unique=True, max_size=30)) if pairs else []
    return codes, [Link(*pair, draw_(st.sampled_from(drawing.LINES))) for pair in chosen]


def overlap(one: Box, other: Box) -> bool:
    wide, tall = abs(one.x - other.x), abs(one.y - other.y)
    return wide < (one.width + other.width) / 2 - 1e-6 and tall < (one.height + other.height) / 2 - 1e-6


@pytest.mark.req("R10.33")
@given(networks())
def test_nothing_covers_anything_and_all_is_on_the_paper(given_: tuple[list[str], list[Link]]) -> None:
    codes, known = given_
    found = draw(codes, known)
    assert sorted(one.code for one in found.boxes) == sorted(codes)
    assert [(one.code, other.code) for one, other in combinations(found.boxes, 2) if overlap(one, other)] == []
    linked = {end for one in known for end in (one.sender, one.receiver)}
    assert {one.code for one in found.boxes if one.alone} == set(codes) - linked
    for one in found.boxes:
        assert one.x - one.width / 2 >= 0
        assert one.x + one.width / 2 <= found.width
        assert one.y - one.height / 2 >= 0
        assert one.y + one.height / 2 <= found.height
    drawn = {(one.sender, one.receiver): one for one in found.lines}
    for link in known:
        back = next((one.kind for one in known if (one.sender, one.receiver) == (link.receiver, link.sender)), None)
        ways = [drawn.get((link.sender, link.receiver)), drawn.get((link.receiver, link.sender))]
        assert any(one is not None and one.kind == link.kind and one.both == (back == link.kind) for one in ways)
    assert draw(codes, known) == found


@pytest.mark.req("R10.33")
@given(networks())
def test_lines_end_at_the_edge_of_their_boxes(given_: tuple[list[str], list[Link]]) -> None:
    found = draw(*given_)
    boxes = {one.code: one for one in found.boxes}
    for line in found.lines:
        for code, (x, y) in ((line.sender, line.start), (line.receiver, line.end)):
            box = boxes[code]
            wide = abs(x - box.x) - box.width / 2 - drawing.CLEAR
            tall = abs(y - box.y) - box.height / 2 - drawing.CLEAR
            assert max(wide, tall) == pytest.approx(0, abs=1e-6)


def test_forty_institutions_fit_and_who_speaks_more_stands_in_the_middle() -> None:
    codes = [f"INST{number:02}" for number in range(40)]
    found = draw(codes, [Link("INST00", one, "confirmed") for one in codes[1:30]])
    boxes = {one.code: one for one in found.boxes}
    assert sum(one.alone for one in found.boxes) == 10
    middle = boxes["INST00"]
    low, high = min(one.x for one in found.boxes[:30]), max(one.x for one in found.boxes[:30])
    assert low + (high - low) * 0.3 < middle.x < low + (high - low) * 0.7
    rows = {one.y for one in found.boxes if one.alone}
    assert len(rows) == 1
    assert len({one.y for one in draw(codes, []).boxes}) == 4


def test_linked_stand_nearer_than_unlinked() -> None:
    chain = layout.stress(graph("AB BC CD DE"))
    across = [chain[node][0] for node in "ABCDE"]
    assert across in (sorted(across), sorted(across, reverse=True))
    assert max(abs(y) for _x, y in chain.values()) < 0.25
    steps = [abs(one - other) for one, other in pairwise(across)]
    assert steps == pytest.approx([1, 1, 1, 1], abs=0.1)
    apart = layout.stress(graph("AB CD"))
    (ax, ay), (bx, by), (cx, cy) = (apart[one] for one in "ABC")
    assert (ax - bx) ** 2 + (ay - by) ** 2 < (ax - cx) ** 2 + (ay - cy) ** 2


def test_layout_of_next_to_nothing() -> None:
    assert layout.stress(graph("", "A")) == {"A": (0.0, 0.0)}
    assert layout.stress(graph("")) == {}
    assert layout.fitted({}, 10, 10) == {}
    assert layout.fitted({"A": (3, 4)}, 10, 10) == {"A": (0.0, 0.0)}
    # Two at one place part by their numbers; boxes at one place are pushed apart, the later one to the right or down.
    assert abs(layout._towards(0j, 1, 2)) == pytest.approx(1)
    found = layout.spread_out({"A": (0, 0), "B": (0, 0)}, {"A": (10, 4), "B": (10, 4)}, 1)
    assert found == {"A": (0.0, -2.5), "B": (0.0, 2.5)}


def test_boxes_that_pushing_does_not_part_are_drawn_wider(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "PUSHES", 0)
    sizes = dict.fromkeys("ABC", (10.0, 4.0))
    found = layout.spread_out({"A": (0, 0), "B": (5, 0), "C": (0, 2)}, sizes, 0)
    assert found == {"A": (0, 0), "B": (10, 0), "C": (0, 4)}
    assert layout.spread_out({"A": (1, 1), "B": (1, 1)}, sizes, 0) == {"A": (1, 1), "B": (1, 1)}


def tie(layer: str, arc: str, sends: bool | None, receives: bool | None) -> Tie:
    said = [
        None if yes is None else Statement(layer, *arc, by, exists=yes)
        for by, yes in (("sender", sends), ("receiver", receives))
    ]
    return Tie(layer, arc[0], arc[1], *said)


def test_layers_lie_over_each_other_and_the_surest_shows() -> None:
    known = [
        tie("alerts", "AB", True, False), tie("counts", "AB", True, True), tie("cases", "AB", None, True),
        tie("alerts", "BA", None, True), tie("counts", "BA", False, True), tie("alerts", "AC", False, False),
        tie("alerts", "CA", None, None), tie("alerts", "CB", True, None),
    ]  # fmt: skip
    assert links(known) == (Link("A", "B", "confirmed"), Link("B", "A", "disputed"), Link("C", "B", "half"))
    assert {state: kind_of(state) for state in STATES} == {
        "confirmed": "confirmed", "not_received": "disputed", "not_sent": "disputed", "only_sender": "half",
        "only_receiver": "half", "absent": "", "denied": "", "unanswered": "",
    }  # fmt: skip


@pytest.mark.req("R10.33")
def test_a_line_bends_beside_a_box_that_stands_in_its_way() -> None:
    places = {"A": (0.0, 0.0), "B": (200.0, 0.0), "C": (100.0, 8.0)}
    boxes = {code: Box(code, x, y, 30.0, 12.0, alone=False) for code, (x, y) in places.items()}
    (line,) = drawing._lines({("A", "B"): "half"}, boxes)
    assert drawing._hidden(line, [boxes["C"]]) == 0
    assert line.bend == (100.0, -28.0)
    (free,) = drawing._lines({("A", "B"): "half"}, {code: boxes[code] for code in "AB"})
    assert free.bend == (100.0, 0.0)
    # Two opposite links of different kinds keep to their own sides.
    there, back = drawing._lines({("A", "B"): "half", ("B", "A"): "confirmed"}, {code: boxes[code] for code in "AB"})
    assert (there.bend, back.bend) == ((100.0, 22.0), (100.0, -22.0))


def test_unknown_institutions_are_refused() -> None:
    with pytest.raises(Refused) as refused:
        draw(["A"], [Link("A", "B", "half")])
    assert [one.code for one in refused.value.problems] == ["MAPPING-001"]


@pytest.mark.req("R10.33")
def test_the_drawing_says_its_states_without_colour_and_without_style() -> None:
    found = draw(
        ["A", "B", "C", "D<"],
        [Link("A", "B", "confirmed"), Link("B", "A", "confirmed"), Link("B", "C", "disputed"), Link("C", "B", "half"),
         Link("C", "A", "planned")],
    )  # fmt: skip
    text = svg(found, 'Who tells "whom"', marked={"B"})
    root = ET.fromstring(text)
    assert (root.get("role"), root.get("aria-label")) == ("img", 'Who tells "whom"')
    assert re.findall(r"style=|fill=\"#|stroke=\"#|<script", text) == []
    ways = {one.get("class").split()[1]: one for one in root.iter(f"{SVG}g") if "network-line" in one.get("class", "")}
    dashes = {name: one[0].get("stroke-dasharray") for name, one in ways.items()}
    assert dashes == {
        "network-confirmed": None, "network-disputed": "7 4", "network-half": "1.5 3.5", "network-planned": "11 3 2 3",
    }  # fmt: skip
    heads = {name: one[1].get("d", "").count("M") for name, one in ways.items()}
    assert heads == {"network-confirmed": 2, "network-disputed": 1, "network-half": 1, "network-planned": 1}
    assert [one.text for one in root.iter(f"{SVG}text")] == ["A", "B", "C", "D<"]
    frames = [
        len(one.findall(f"{SVG}rect")) for one in root.findall(f"{SVG}g") if "network-box" in one.get("class", "")
    ]
    assert frames == [1, 2, 1, 1]


def test_paper_brings_its_own_colours() -> None:
    found = draw(["A", "B", "C"], [Link("A", "B", "disputed")])
    text = svg(found, "x", palette=Palette(ink="#111111", disputed="#222222", muted="#333333", paper="#444444"))
    assert sorted(set(re.findall(r"#\d{6}", text))) == ["#111111", "#222222", "#333333", "#444444"]
    assert svg(Drawing(0.0, 0.0, (), ()), "none").endswith('viewBox="0 0 0 0" role="img" aria-label="none"></svg>')


def test_one_institution_in_focus() -> None:
    found = draw(["A", "B", "C", "D"], [Link("A", "B", "confirmed"), Link("C", "D", "confirmed")])
    root = ET.fromstring(svg(found, "x", focus="A"))
    groups = [one.get("class", "") for one in root.findall(f"{SVG}g")]
    assert [one for one in groups if "network-line" in one] == [
        "network-line network-confirmed network-faint", "network-line network-confirmed",
    ]  # fmt: skip
    assert [one.endswith("network-pale") for one in groups if "network-box" in one] == [False, False, True, True]


def test_a_sample_for_the_legend() -> None:
    assert 'stroke-dasharray="1.5 3.5"' in sample("half")
    assert "#54585e" in sample("half", palette=Palette())
    assert "-0" not in svg(draw(["A", "B"], [Link("A", "B", "half")]), "x")
