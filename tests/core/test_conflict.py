"""Sources beside each other."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pasaj.core.conflict import Claim, compare, conflicts


def claim(source: str, value: int | str, quality: str = "exact") -> Claim:
    return Claim(source, Decimal(value), quality)


def test_both_thresholds_must_be_reached() -> None:
    found = compare([claim("A", 100), claim("B", 130)])
    assert found is not None
    assert (found.high.source, found.low.source, found.absolute) == ("B", "A", 30)
    assert found.relative == pytest.approx(30 / 130)
    assert found.alarm
    small = compare([claim("A", 2), claim("B", 5)])
    assert small is not None
    assert not small.alarm
    near = compare([claim("A", 1000), claim("B", 1100)])
    assert near is not None
    assert not near.alarm
    assert compare([claim("A", 1000), claim("B", 1100)], relative=0.05).alarm  # type: ignore[union-attr]


def test_one_source_contradicts_nobody() -> None:
    assert compare([]) is None
    assert compare([claim("A", 3)]) is None


def test_equal_figures_never_ring() -> None:
    for value in (0, 7):
        found = compare([claim("A", value), claim("B", value)], absolute=Decimal(0), relative=0)
        assert found is not None
        assert (found.alarm, found.absolute, found.relative) == (False, 0, 0.0)


def test_a_partial_figure_is_only_a_lower_bound() -> None:
    below = compare([claim("A", 100), claim("B", 10, "partial")])
    assert below is not None
    assert (below.alarm, below.absolute) == (False, 0)
    above = compare([claim("A", 10), claim("B", 100, "partial")])
    assert above is not None
    assert above.alarm
    three = compare([claim("A", 100), claim("B", 10, "partial"), claim("C", 60)])
    assert three is not None
    assert (three.low.source, three.absolute, three.alarm) == ("C", 40, True)


def test_a_call_that_cannot_be_meant() -> None:
    with pytest.raises(ValueError, match="speaks once"):
        compare([claim("A", 1), claim("A", 2)])
    with pytest.raises(ValueError, match="zero or more"):
        compare([claim("A", 1), claim("B", 2)], absolute=Decimal(-1))


def test_only_the_contradictions_are_returned() -> None:
    figures = {"x": [claim("A", 1), claim("B", 90)], "y": [claim("A", 1), claim("B", 1)], "z": [claim("A", 1)]}
    assert set(conflicts(figures)) == {"x"}


@given(st.dictionaries(st.sampled_from("ABCDE"), st.integers(0, 10**9), min_size=2))
def test_the_order_of_sources_does_not_matter(values: dict[str, int]) -> None:
    claims = [claim(source, value) for source, value in values.items()]
    found, other = compare(claims), compare(claims[::-1])
    assert found == other
    assert found is not None
    assert found.absolute == max(values.values()) - min(values.values())
    assert 0 <= found.relative <= 1
