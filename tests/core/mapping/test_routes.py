"""The fastest way from where things are seen to who decides."""

from itertools import pairwise, permutations

import pytest
from core.mapping.networks import NAMES
from hypothesis import given
from hypothesis import strategies as st

from pasaj.core.mapping.exchange import Statement, ties
from pasaj.core.mapping.routes import Route, delays, routes, unheard
from pasaj.core.problems import Refused

PAIRS = list(permutations(NAMES[:5], 2))
HOURS = st.dictionaries(st.sampled_from(PAIRS), st.none() | st.integers(0, 9).map(float))


@pytest.mark.req("R1.2")
@given(HOURS)
def test_no_way_is_faster(hours: dict[tuple[str, str], float | None]) -> None:
    nodes = NAMES[:5]
    for one in routes(nodes, hours, nodes, "C"):
        paths = [
            (one.source, *middle, "C")
            for length in range(4)
            for middle in permutations([name for name in nodes if name not in (one.source, "C")], length)
        ]
        if one.source == "C":
            paths = [("C",)]
        known = [[hours[step] for step in pairwise(path)] for path in paths
                 if all(step in hours for step in pairwise(path))]  # fmt: skip
        timed = [sum(spent) for spent in known if None not in spent]  # type: ignore[arg-type]
        least = [sum(part or 0 for part in spent) for spent in known]
        assert one.hours == min(timed, default=None)
        assert one.least == min(least, default=None)
        assert one.state == ("timed" if timed else "untimed" if known else "none")
        steps = [hours[step] for step in zip(one.path, one.path[1:], strict=False)]
        assert sum(part or 0 for part in steps) == (one.hours if timed else one.least or 0)


def test_of_equally_fast_ways_the_shorter_then_the_first_listed() -> None:
    hours: dict[tuple[str, str], float | None] = {("A", "B"): 1, ("B", "D"): 1, ("A", "C"): 1, ("C", "D"): 1}
    assert routes("ACBD", hours, "A", "D")[0].path == ("A", "C", "D")
    assert routes("ABCD", hours, "A", "D")[0].path == ("A", "B", "D")
    assert routes("ABCD", {**hours, ("A", "D"): 2}, "A", "D")[0].path == ("A", "D")


def test_in_words() -> None:
    found = routes("ABCDE", {("A", "B"): 2, ("B", "D"): 4.5, ("C", "D"): None}, "ACEA", "D")
    assert found == (
        Route("A", "D", "timed", 6.5, 6.5, ("A", "B", "D")),
        Route("C", "D", "untimed", None, 0, ("C", "D")),
        Route("E", "D", "none", None, None, ()),
    )
    assert [one.figure().text() for one in found] == [
        "Word from A reaches D within 6.5 hours, this way: A > B > D.",
        "Word from C can reach D, but the time of a part of the way is not known: C > D.",
        "Word from E has no way to D.",
    ]
    assert [(one.figure().value, one.figure().lowest) for one in found] == [(6.5, 6.5), (None, 0), (None, None)]
    assert unheard(found).value == pytest.approx(1 / 3)
    assert unheard(found).text() == "1 of 3 places where things are seen have no way to D."
    assert unheard(()).text() == "It is not said where things are seen and who decides."


def _said(layer: str, arc: str, hours: float | None, *, exists: bool = True) -> list[Statement]:
    return [
        Statement(layer, arc[0], arc[1], "sender", exists=True, hours=hours),
        Statement(layer, arc[0], arc[1], "receiver", exists=exists),
    ]


def test_delays_take_the_fastest_layer_and_only_what_counts() -> None:
    said = [
        *_said("counts", "AB", 24),
        *_said("alerts", "AB", 2),
        *_said("visits", "AB", None),
        *_said("counts", "BC", None),
        *_said("counts", "CA", 1, exists=False),
    ]
    known = ties(said, "ABC")
    assert delays(known) == {("A", "B"): 2, ("B", "C"): None}
    assert delays(known, "claimed") == {("A", "B"): 2, ("B", "C"): None, ("C", "A"): 1}


def test_unknown_institutions_are_refused() -> None:
    for hours, sources, target in [({}, "A", "Z"), ({}, "Z", "A"), ({("A", "Z"): 1.0}, "A", "B")]:
        with pytest.raises(Refused, match="MAPPING-001"):
            routes("AB", hours, sources, target)
