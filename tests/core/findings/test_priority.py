"""Factors, sentences, and findings from what is observed day by day."""

from __future__ import annotations

from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pasaj.core import findings
from pasaj.core.findings import Kept, Post, Reach, Severity, Subject
from pasaj.core.findings.shapes import worse

SHARES = st.floats(0, 1)


@given(severity=st.integers(1, 4), parts=st.dictionaries(st.text(), SHARES, max_size=3), reach=SHARES)
@pytest.mark.req("R10.42")
def test_no_factor_buys_off_another(severity: int, parts: dict[str, float], reach: float) -> None:
    found = findings.priority(severity, parts, reach)
    assert found.product == found.severity * found.certainty * found.reach
    assert 0 <= found.product <= min(found.severity, found.certainty, found.reach)


@pytest.mark.req("R10.42")
def test_what_is_no_factor() -> None:
    assert findings.certainty({}) == 1
    with pytest.raises(ValueError, match="between 0 and 1"):
        findings.certainty({"said": 1.1})
    for part, whole in ((2, 1), (-1, 1), (0, 0)):
        with pytest.raises(ValueError, match="no share"):
            Reach(part, whole, "units")
    assert (worse(Severity.CRITICAL, when=True), worse(Severity.MINOR, when=False)) == (4, 1)


@pytest.mark.req("R10.41")
def test_breaches_of_a_protocol() -> None:
    clauses = [Kept("P", "night", 1, 3, 2, 2, ("X",)), Kept("P", "place", 9, 1, 0, 0), Kept("P", "list", 4, 0, 0, 9)]
    night, place = findings.breaches(clauses, "2025-03", "2026-02")
    assert (night.key, night.severity, night.rights) == ("protocol:P:night", Severity.CRITICAL, True)
    assert (night.certainty, night.reach) == ({"answered": 0.5}, Reach(3, 4, "operations"))
    assert night.subject == Subject(units=("X",))
    assert (place.severity, place.reach.share, place.rests[0].claim) == (Severity.MAJOR, 0.1, "breaches >= 1")


@pytest.mark.req("R10.41")
def test_silent_posts() -> None:
    posts = [Post("S", "X", 10, 3), Post("S", "Y", 10, 2), Post("S", "Z", 0, 0), Post("T", "X", 10, 0),
             Post("U", "X", 4, 4), Post("S", "V", 10, 0)]  # fmt: skip
    drafts = findings.silence(posts, "2025-03-01", "2026-02-28")
    assert [(one.key, one.severity, one.reach) for one in drafts] == [
        ("silence:S", Severity.MODERATE, Reach(1, 3, "posts")), ("silence:U", Severity.MAJOR, Reach(1, 1, "posts")),
    ]  # fmt: skip
    assert (drafts[0].values["limit"], drafts[0].values["places"]) == (20, ("X",))
    assert [one.key for one in findings.ordered(drafts)] == ["silence:U", "silence:S"]


@pytest.mark.req("R10.41")
def test_every_sentence_names_what_its_draft_gives() -> None:
    """No draft of these tests leaves a place of its sentence empty."""
    from core.findings import test_mapping, test_scores

    found = test_scores.one_round({**test_scores.GOOD, ("A", "P1"): [0, 0], ("B", "P1"): [0, 4], ("A", "P2"): [0, 3]})
    drafts = [*findings.low(found), *findings.critical(found), *findings.differ(found)]
    drafts += test_mapping.mandates().values()
    drafts += findings.breaches([Kept("P", "c", 0, 1, 0, 0)], "2026-01", "2026-02")
    for one in drafts:
        named = {name for _text, name, _spec, _conv in Formatter().parse(findings.SENTENCES[one.sentence]) if name}
        assert named <= one.values.keys(), one.key
        assert one.rule in findings.RULES
        assert one.reach.of in findings.REACHES
        assert one.certainty.keys() <= findings.CERTAINTIES.keys()
