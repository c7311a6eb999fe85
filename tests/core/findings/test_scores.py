"""Findings from scores: what is drafted, how grave, how sure, how wide, and what it rests on."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from pasaj.core import findings
from pasaj.core.findings import Reach, Rest, Scored, Severity
from pasaj.core.framework import Framework
from pasaj.core.framework.shapes import Indicator, Pillar
from pasaj.core.scoring import Answer, Missing, compare, score
from pasaj.core.scoring import Indicator as Weighed

SEEN, NONE = Missing.NOT_OBSERVED, Missing.NOT_APPLICABLE
PILLARS = (Pillar("LEG", {"en": "Law"}, Decimal(1)), Pillar("PRO", {"en": "Protection"}, Decimal(1)))
INDICATORS = (
    Indicator("L1", "LEG", "intra", "country", Decimal(1), {"en": "Law?"}, {}),
    Indicator("L2", "LEG", "intra", "crossing_point", Decimal(1), {"en": "Rules?"}, {}, critical=True),
    Indicator("P1", "PRO", "intra", "crossing_point", Decimal(1), {"en": "Referral?"}, {}, critical=True, rights=True),
    Indicator("P2", "PRO", "intra", "crossing_point", Decimal(1), {"en": "Room?"}, {}, rights=True),
)
FRAMEWORK = Framework("b", "1", ("en",), {}, {}, "0-4", PILLARS, INDICATORS)
SORTS = {"XX": "country", "A": "crossing_point", "B": "crossing_point"}
Cells = dict[tuple[str, str], list[int | Missing]]
GOOD: Cells = {("XX", "L1"): [4], **{(unit, code): [4, 4] for unit in "AB" for code in ("L2", "P1", "P2")}}


def one_round(cells: Cells, settled: dict[tuple[str, str], int] | None = None) -> Scored:
    asked: dict[str, list[str]] = {}
    for unit, code in cells:
        asked.setdefault(unit, []).append(code)
    said = [Answer(*key, f"E{at}", value) for key, values in cells.items() for at, value in enumerate(values)]
    scores = score(
        indicators=[Weighed(one.code, one.pillar, float(one.weight), one.critical) for one in INDICATORS],
        pillars={one.code: 1.0 for one in PILLARS},
        asked=asked,
        answers=said,
        settlements={key: Answer(*key, "", value) for key, value in (settled or {}).items()},
    )
    return Scored(FRAMEWORK, scores, SORTS)


def keys(drafts: list[findings.Draft]) -> list[str]:
    return [one.key for one in drafts]


@pytest.mark.req("R10.41")
def test_good_scores_make_no_finding() -> None:
    found = one_round(GOOD)
    assert [*findings.low(found), *findings.critical(found), *findings.differ(found)] == []


@pytest.mark.req("R10.41")
def test_what_is_surely_low() -> None:
    drafts = findings.low(one_round({**GOOD, ("A", "P2"): [0, 1], ("B", "P2"): [0], ("XX", "L1"): [1]}))
    assert keys(drafts) == ["low:unit:XX", "low:indicator:P2"]
    unit, indicator = drafts
    assert (unit.sentence, unit.severity, unit.rights) == ("low_exact", Severity.MODERATE, False)
    assert unit.values == {"name": "XX", "low": 1, "high": 1, "limit": 2.0}
    assert (unit.reach, unit.certainty) == (Reach(1, 1, "cells"), {"range": 1.0, "assessors": 0.8})
    assert unit.rests == (Rest("score", {"level": "unit", "code": "XX"}, "score < 2"),)
    assert (indicator.sentence, indicator.severity, indicator.rights) == ("low", Severity.CRITICAL, True)
    assert (indicator.values["low"], indicator.values["high"]) == (0, 0.5)
    assert (indicator.reach, indicator.certainty) == (Reach(2, 2, "units"), {"range": 1.0, "assessors": 0.9})
    assert indicator.rests[0].claim == "score < 1"


@pytest.mark.req("R10.41")
def test_what_may_be_low() -> None:
    """Nobody observed P2 at B; P1 is critical and not 0."""
    drafts = findings.low(one_round({**GOOD, ("A", "P1"): [1], ("A", "P2"): [1, 1], ("B", "P2"): [SEEN]}))
    (pillar,) = drafts
    assert (pillar.key, pillar.sentence) == ("low:pillar:PRO", "low_possible")
    assert (pillar.values["low"], pillar.values["high"], pillar.certainty["range"]) == (1.5, 2.5, 0.5)
    # B may be low too, as nobody saw it; that rights are touched only what was seen can say.
    assert (pillar.reach, pillar.rights, pillar.severity) == (Reach(2, 2, "units"), True, Severity.MODERATE)


@pytest.mark.req("R10.41")
def test_what_is_possible_counts_by_its_share() -> None:
    drafts = {one.key: one for one in findings.low(one_round({**GOOD, ("A", "P1"): [1, 1], ("A", "P2"): [0, 3]}))}
    assert drafts == {}
    drafts = {one.key: one for one in findings.low(one_round({**GOOD, ("XX", "L1"): [1, 3]}))}
    assert list(drafts) == ["low:unit:XX"]
    one = drafts["low:unit:XX"]
    assert (one.sentence, one.certainty["range"], one.severity) == ("low_possible", 0.5, Severity.MODERATE)
    assert one.rests[0].claim == "lowest < 2 and highest >= 2"
    assert findings.of_draft(one).product == 0.5 * 0.5 * 1


@pytest.mark.req("R10.41")
def test_what_nobody_observed_is_no_finding() -> None:
    every: Cells = {key: [SEEN] for key in GOOD}
    found = one_round(every)
    assert [*findings.low(found), *findings.critical(found), *findings.differ(found)] == []
    assert findings.low(one_round({key: [NONE] for key in GOOD})) == []


@pytest.mark.req("R10.41")
def test_a_critical_zero_whatever_the_mean() -> None:
    found = one_round({**GOOD, ("A", "P1"): [0, 0], ("B", "P1"): [0, 4]})
    (one,) = findings.critical(found)
    assert (one.key, one.sentence, one.severity, one.rights) == (
        "critical:P1",
        "critical_mixed",
        Severity.CRITICAL,
        True,
    )
    assert one.values == {"name": "P1", "part": 1, "whole": 2, "units": ("A",), "others": ("B",)}
    assert (one.certainty, one.reach) == ({"said": 0.75, "assessors": 1.0}, Reach(2, 2, "units"))
    assert [(rest.parameters["unit"], rest.claim) for rest in one.rests] == [
        ("A", "score = 0 and applies = yes"), ("B", "lowest = 0"),
    ]  # fmt: skip
    assert "low:indicator:P1" not in keys(findings.low(found))  # told once


@pytest.mark.req("R10.41")
def test_critical_zeros_alone_and_disputed_ones_alone() -> None:
    (zero,) = findings.critical(one_round({**GOOD, ("A", "L2"): [0]}))
    assert (zero.sentence, zero.severity, zero.reach.share) == ("critical_zero", Severity.MAJOR, 0.5)
    (open_,) = findings.critical(one_round({**GOOD, ("A", "L2"): [0, 2, 3, 4]}))
    assert (open_.sentence, open_.certainty["said"], open_.values["units"]) == ("critical_disputed", 0.25, ("A",))
    # Settled as 0, nobody having given a point: whether it applies is what they differed on.
    (settled,) = findings.critical(one_round({**GOOD, ("A", "L2"): [NONE, 0]}))
    assert (settled.sentence, settled.certainty["said"]) == ("critical_disputed", 1.0)
    assert findings.critical(one_round({**GOOD, ("A", "L2"): [0, 2]}, {("A", "L2"): 2})) == []
    (alone,) = findings.critical(one_round({("A", "L2"): [0]}))
    assert (alone.sentence, alone.reach.share) == ("critical_one", 1.0)


@pytest.mark.req("R10.41")
def test_wide_disagreements_until_they_are_settled() -> None:
    cells: Cells = {**GOOD, ("A", "P2"): [1, 3], ("B", "P2"): [2, 3], ("A", "L2"): [NONE, 4], ("B", "L2"): [2, 4]}
    drafts = {one.key: one for one in findings.differ(one_round(cells))}
    assert list(drafts) == ["differ:L2", "differ:P2"]
    assert drafts["differ:P2"].values == {"name": "P2", "points": 2, "part": 1, "whole": 2, "units": ("A",)}
    assert (drafts["differ:P2"].severity, drafts["differ:L2"].severity) == (Severity.MINOR, Severity.MODERATE)
    assert drafts["differ:L2"].reach == Reach(2, 2, "units")
    assert drafts["differ:P2"].rests[0].claim == "spread >= 2 and settled = no"
    settled = findings.differ(one_round(cells, {("A", "P2"): 1}))
    assert keys(settled) == ["differ:L2"]


@pytest.mark.req("R10.41")
def test_declines_beyond_noise() -> None:
    old, new = one_round(GOOD), one_round({**GOOD, ("XX", "L1"): [2], ("A", "P2"): [3, 3], ("B", "P2"): [3, 3]})
    changes = compare(
        old.scores, new.scores, indicators=[Weighed(one.code, one.pillar) for one in INDICATORS],
        pillars={one.code: 1.0 for one in PILLARS}, same={one.code for one in INDICATORS},
    )  # fmt: skip
    drafts = {one.key: one for one in findings.declines(changes, "A1", new)}
    assert set(drafts) == {
        "decline:country:", "decline:pillar:LEG", "decline:pillar:PRO", "decline:unit:XX", "decline:indicator:L1",
        "decline:indicator:P2",
    }  # fmt: skip
    unit, indicator = drafts["decline:unit:XX"], drafts["decline:indicator:P2"]
    assert (unit.severity, unit.values["drop"], unit.reach) == (Severity.MAJOR, 2.0, Reach(1, 1, "units"))
    assert (indicator.severity, indicator.rights, indicator.reach) == (Severity.MAJOR, True, Reach(2, 2, "units"))
    assert drafts["decline:pillar:PRO"].severity is Severity.MODERATE
    assert indicator.rests[0].parameters == {"earlier": "A1", "level": "indicator", "code": "P2"}
    assert drafts["decline:country:"].subject == findings.Subject()
    small = [replace(one, new=replace(one.old, low=one.old.low - 0.4, high=one.old.low - 0.4)) for one in changes
             if one.old is not None]  # fmt: skip
    assert findings.declines([replace(one, verdict="down") for one in small], "A1", new) == []
    assert findings.declines([replace(one, verdict="down", old=None) for one in changes], "A1", new) == []
