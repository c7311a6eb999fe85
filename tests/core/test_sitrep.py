"""The pure parts of a situation report: sums, headline, comparison, carrying over, the short text, words for counts."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pasaj.core import sitrep
from pasaj.core.sitrep import Candidate, Change, Fitted, Line, Weighed

EMPTY: dict[str, Any] = {
    "figures": [],
    "conflicts": [],
    "silent": [],
    "signals": [],
    "alerts": [],
    "activations": [],
    "tasks": [],
    "requests": [],
    "capacity": [],
    "events": [],
    "revisions": [],
    "reporting": {"posts": 4},
}


def figure(key: str = "A returns in REG", **given: Any) -> dict[str, Any]:
    return {"key": key, "total": 90, "low": 40, "high": 60, "against": "above", **given}


# --- Sums --------------------------------------------------------------------------------------


@pytest.mark.req("R11.71")
def test_a_period_is_weighed_by_the_averages_of_four_periods_before() -> None:
    values = [1, 1, 2, 2, 3, 3, 4, None, 10, 20]
    assert sitrep.weigh(values, 2) == Weighed(30, 2, 2, 4, 1, 2.0, 8.0, "above")
    assert sitrep.weigh([50, 50, 20, 20, 30, 30, 40, 40, 1, 0], 2) == Weighed(1, 2, 2, 80, 2, 40.0, 100.0, "below")
    assert sitrep.weigh([5, 5, 2, 2, 3, 3, 4, 4, 1, 0], 2) == Weighed(1, 2, 2, 8, 2, 4.0, 10.0, "within")  # too near
    assert sitrep.weigh([5, 5, 2, 2, 3, 3, 4, 4, None, 3], 2) == Weighed(3, 1, 2, 8, 2, 2.0, 5.0, "within")


@pytest.mark.req("R11.71")
def test_nothing_is_called_usual_where_too_little_was_reported() -> None:
    assert sitrep.weigh([None, None, 1, 1], 2) == Weighed(2, 2, 2, None, 0, None, None, "unknown")
    assert sitrep.weigh([1, 1, None, None], 2) is None
    assert sitrep.weigh([7], 2) == Weighed(7, 1, 2, None, 0, None, None, "unknown")
    with pytest.raises(ValueError, match="one day"):
        sitrep.weigh([1], 0)


@pytest.mark.req("R11.72")
def test_days_on_which_sources_differ() -> None:
    assert sitrep.differing({"A": [1, 2, None, 4], "B": [1, 3, 9, None]}) == [1]
    assert sitrep.differing({"A": [1, 2], "B": [1, 2]}) == []


# --- The headline ------------------------------------------------------------------------------


@pytest.mark.req("R11.73")
def test_the_heaviest_stands_first_and_shows_its_sum() -> None:
    facts = {
        **EMPTY,
        "alerts": [
            {"code": "AL-1", "running": False, "severity": "extreme"},
            {"code": "AL-2", "running": True, "severity": "severe"},
            {"code": "AL-3", "running": True, "severity": "unknown"},
        ],
        "signals": [
            {"protection": True, "state": "verified"},
            {"protection": True, "state": "discarded"},
            {"protection": True, "state": "new"},
            {"protection": False, "state": "new"},
        ],
        "capacity": [
            {"reached": True, "value": 95.0, "limit": 90.0},
            {"reached": True, "value": 1, "limit": 0},
            {"reached": False, "value": 1, "limit": 9},
        ],
        "figures": [figure(), figure(against="below", low=100), figure(against="within"), figure(high=0)],
        "tasks": [{"code": "T", "late_hours": 6.5}, {"code": "U", "late_hours": 0}],
        "silent": [{"place": "A", "source": "REG"}],
    }
    found = sitrep.candidates(facts)
    assert [(one.rule, one.at, one.weight) for one in found] == [
        ("alert", 1, 540),
        ("alert", 2, 500),
        ("protection", 0, 450),
        ("capacity", 1, 440),
        ("protection", 2, 400),
        ("unusual", 3, 390),
        ("capacity", 0, 360),
        ("unusual", 0, 350),
        ("unusual", 1, 310),
        ("late", 0, 206),
        ("silence", 0, 125),
    ]
    assert found[0] == Candidate("alert", "alerts", 1, (("alert", 500), ("severity", 40)))


@pytest.mark.req("R11.73")
def test_nothing_to_say_is_no_headline() -> None:
    assert sitrep.candidates(EMPTY) == []
    silent = {**EMPTY, "silent": [{"place": "A", "source": "REG"}], "reporting": {"posts": 0}}
    assert [one.weight for one in sitrep.candidates(silent)] == [190]


# --- What changed ------------------------------------------------------------------------------


@pytest.mark.req("R11.74")
def test_what_changed_since_the_last() -> None:
    before = {
        **EMPTY,
        "signals": [{"code": "SG-1", "state": "new"}, {"code": "SG-0", "state": "new"}],
        "alerts": [{"code": "AL-1", "state": "published"}],
        "silent": [{"place": "A", "source": "REG"}],
        "tasks": [{"code": "T1", "late_hours": 2}],
        "conflicts": [{"key": "A returns in"}],
        "figures": [
            figure("A", against="within"),
            figure("B", against="unknown"),
            figure("D", against="above"),
        ],
    }
    now = {
        **EMPTY,
        "signals": [{"code": "SG-1", "state": "verified"}, {"code": "SG-2", "state": "new"}],
        "alerts": [{"code": "AL-1", "state": "published"}],
        "silent": [{"place": "B", "source": "REG"}],
        "tasks": [{"code": "T1", "late_hours": 0}, {"code": "T2", "late_hours": 1}],
        "conflicts": [],
        "figures": [
            figure("A", against="above"),
            figure("B", against="above"),
            figure("C", against="above"),
            figure("D", against="above"),
        ],
        "revisions": [{"key": "A 2025-09-01", "before": 10, "now": 12}],
    }
    assert sitrep.changes(before, now) == [
        Change("signals", "changed", "SG-1", "new", "verified"),
        Change("signals", "new", "SG-2", None, "new"),
        Change("silent", "new", "B REG"),
        Change("silent", "over", "A REG"),
        Change("late", "new", "T2"),
        Change("late", "over", "T1"),
        Change("conflicts", "over", "A returns in"),
        Change("figures", "changed", "A", "within", "above"),
        Change("figures", "revised", "A 2025-09-01", 10, 12),
    ]
    assert sitrep.changes(None, now) == []


# --- Carried over ------------------------------------------------------------------------------


@pytest.mark.req("R11.74")
def test_what_people_wrote_is_carried_over_and_what_speaks_of_the_period_is_written_anew() -> None:
    drafted = {lang: {part: f"drafted {part}" for part in sitrep.PARTS} for lang in ("fr", "en")}
    last = {"fr": {part: f"last {part}" for part in sitrep.PARTS} | {"next": ""}}
    marks = {"fr": {"headline": "edited", "response": "drafted", "needs": "edited", "next": "edited"}}
    texts, said = sitrep.carry(drafted, last, marks)
    assert texts["fr"] == {
        "headline": "drafted headline",
        "situation": "drafted situation",
        "response": "drafted response",
        "needs": "last needs",
        "next": "drafted next",
    }
    assert said["fr"] == {**dict.fromkeys(sitrep.PARTS, "drafted"), "needs": "carried"}
    assert texts["en"] == drafted["en"]
    assert sitrep.carry(drafted, texts, said)[1]["fr"]["needs"] == "carried"


# --- The short text ----------------------------------------------------------------------------


@pytest.mark.req("R11.75")
def test_the_least_needed_lines_are_left_out_first() -> None:
    lines = [Line("*SR-2025-0001*", 0), Line("a" * 20, 2), Line("b" * 20, 1), Line(" ", 1), Line("c" * 20, 2)]
    assert sitrep.fit(lines, 200, "…") == Fitted("\n".join(one.text for one in lines if one.text != " "), 0)
    assert sitrep.fit(lines, 64, "more") == Fitted(f"*SR-2025-0001*\n{'a' * 20}\n{'b' * 20}\nmore", 1)
    assert sitrep.fit(lines, 45, "more") == Fitted(f"*SR-2025-0001*\n{'b' * 20}\nmore", 2)


@pytest.mark.req("R11.75")
def test_a_line_that_must_stay_and_is_too_long_is_cut_at_a_space() -> None:
    assert sitrep.fit([Line("word " * 20, 0)], 40, "") == Fitted("word word word word word word word…", 0)
    assert sitrep.fit([Line("w" * 60, 0)], 40, "") == Fitted("w" * 39 + "…", 0)
    with pytest.raises(ValueError, match="room"):
        sitrep.fit([], 39, "")


@pytest.mark.req("R11.75")
@given(st.lists(st.tuples(st.text(max_size=80), st.integers(0, 4)), max_size=12), st.integers(40, 300))
def test_a_short_text_is_never_too_long(lines: list[tuple[str, int]], limit: int) -> None:
    assert len(sitrep.fit([Line(*one) for one in lines], limit, "more").text) <= limit


# --- Counts as words ---------------------------------------------------------------------------


@pytest.mark.req("R11.76")
@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "none"), (1, "few"), (9, "few"), (10, "tens"), (99, "tens"), (100, "hundreds"), (999, "hundreds"),
        (1000, "thousands"), (9999, "thousands"), (10000, "many"),
    ],
)  # fmt: skip
def test_a_count_by_its_size(value: int, said: str) -> None:
    assert sitrep.magnitude(value) == said


@pytest.mark.req("R11.76")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("7 people", "<few> people"),
        ("1 234 people, 12,5 tonnes, 1,234.5", "<thousands> people, <tens> tonnes, <thousands>"),
        ("1\u202f234\u00a0persons (+35\u202f%)", "<thousands>\u00a0persons (+<share>)"),
        ("On 2026-11-30 at 18:00, 30/11/2026", "On 2026-11-30 at 18:00, 30/11/2026"),
        ("SG-2026-0012 and HT-BCP-OUA: 412", "SG-2026-0012 and HT-BCP-OUA: <hundreds>"),
        ("since 2015", "since 2015"),
        ("3 2016", "<few> 2016"),
    ],
)
def test_numbers_become_words_and_dates_and_codes_stay(text: str, said: str) -> None:
    assert sitrep.softened(text, lambda size: f"<{size}>") == said
