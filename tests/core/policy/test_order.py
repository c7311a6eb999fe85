from hypothesis import given
from hypothesis import strategies as st

from pasaj.core.policy.order import circle


def test_a_circle_is_named_in_its_order() -> None:
    assert circle([("a", "b"), ("b", "c")]) == ()
    found = circle([("a", "b"), ("b", "c"), ("c", "a"), ("d", "a")])
    assert sorted(found) == ["a", "b", "c"]
    waits = {("a", "b"), ("b", "c"), ("c", "a")}
    assert {(one, found[(at + 1) % 3]) for at, one in enumerate(found)} == waits


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=60))
def test_links_that_only_lead_on_have_no_circle(pairs: list[tuple[int, int]]) -> None:
    onward = [(str(max(pair)), str(min(pair))) for pair in pairs if pair[0] != pair[1]]
    assert circle(onward) == ()
