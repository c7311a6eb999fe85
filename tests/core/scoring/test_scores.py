"""Cells, pillars, units and the country, by hand."""

from __future__ import annotations

import pytest

from pasaj.core.scoring import (
    Answer,
    Cell,
    Critical,
    Disagreement,
    Indicator,
    Missing,
    Range,
    Scores,
    critical,
    disagreements,
    read,
    score,
)

NOT_OBSERVED, NOT_APPLICABLE = Missing.NOT_OBSERVED, Missing.NOT_APPLICABLE
INDICATORS = [Indicator("L1", "LEG", 2, critical=True), Indicator("L2", "LEG"), Indicator("E1", "EQP")]
PILLARS = {"LEG": 1.0, "EQP": 3.0}


def said(*values: int | Missing, unit: str = "U", indicator: str = "L1") -> list[Answer]:
    return [Answer(unit, indicator, f"assessor {at}", value) for at, value in enumerate(values)]


def whole(answers: list[Answer], asked: dict[str, list[str]], **more: object) -> Scores:
    return score(indicators=INDICATORS, pillars=PILLARS, asked=asked, answers=answers, **more)  # type: ignore[arg-type]


@pytest.mark.req("R10.4")
@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((2,), Range(2, 2)),
        ((1, 3, 2), Range(1, 3)),
        ((), Range(0, 4, observed=0)),
        ((NOT_OBSERVED,), Range(0, 4, observed=0)),
        ((NOT_OBSERVED, 3), Range(3, 3)),
        ((NOT_APPLICABLE, NOT_APPLICABLE), None),
        ((NOT_APPLICABLE, 3), Range(3, 3, optional=True)),
        ((NOT_APPLICABLE, NOT_OBSERVED), Range(0, 4, optional=True, observed=0)),
    ],
)
def test_a_cell(values: tuple[int | Missing, ...], expected: Range | None) -> None:
    assert read(said(*values)).range == expected


def test_a_settlement_stands_beside_the_answers() -> None:
    (settled,) = said(2)
    assert read(said(1, 3), settled) == Cell(Range(2, 2), tuple(said(1, 3)), settled)


@pytest.mark.parametrize("value", [-1, 5])
def test_off_the_scale(value: int) -> None:
    with pytest.raises(ValueError, match="not on the scale 0 to 4"):
        read(said(value))
    with pytest.raises(ValueError, match="not on the scale 0 to 4"):
        read(said(1), said(value)[0])


@pytest.mark.req("R10.4")
def test_a_round_by_hand() -> None:
    answers = [
        *said(4, unit="A"), *said(1, unit="A", indicator="L2"), *said(0, 2, unit="A", indicator="E1"),
        *said(NOT_OBSERVED, unit="B"), *said(3, unit="B", indicator="E1"),
    ]  # fmt: skip
    found = whole(answers, {"A": ["L1", "L2", "E1"], "B": ["L1", "E1"]})
    assert found.unit_pillars == {
        ("A", "LEG"): Range(3, 3),  # (2*4 + 1*1) / 3
        ("A", "EQP"): Range(0, 2),
        ("B", "LEG"): Range(0, 4, observed=0),
        ("B", "EQP"): Range(3, 3),
    }
    assert found.units == {"A": Range(0.75, 2.25), "B": Range(2.25, 3.25, observed=0.75)}
    assert found.indicators == {"L1": Range(2, 4, observed=0.5), "L2": Range(1, 1), "E1": Range(1.5, 2.5)}
    legal = Range(5 / 3, 3, observed=2 / 3)
    assert found.pillars == {"LEG": legal, "EQP": Range(1.5, 2.5)}
    assert found.country == Range((5 / 3 + 4.5) / 4, (3 + 7.5) / 4, observed=(2 / 3 + 3) / 4)


def test_units_may_weigh_differently() -> None:
    answers = [*said(4, unit="A"), *said(0, unit="B")]
    found = whole(answers, {"A": ["L1"], "B": ["L1"]}, unit_weights={"A": 3})
    assert found.country == Range(3, 3)


def test_what_may_not_apply_is_optional() -> None:
    found = whole(said(4, unit="A"), {"A": ["L1"], "B": ["L1"]}, doubtful={("B", "L1")})
    assert (found.units["B"], found.country) == (Range(0, 4, True, 0), Range(2, 4, observed=0.5))
    assert whole(said(NOT_APPLICABLE), {"U": ["L1"]}, doubtful={("U", "L1")}).country is None


def test_what_does_not_apply_is_named_and_empty() -> None:
    found = whole(said(NOT_APPLICABLE), {"U": ["L1"], "V": []})
    assert (found.units, found.pillars, found.country) == ({"U": None}, {"LEG": None, "EQP": None}, None)
    assert (found.unit_pillars, found.indicators) == ({("U", "LEG"): None}, {"L1": None})


def test_an_answer_to_what_was_not_asked_is_left_out() -> None:
    assert whole(said(4, indicator="E1"), {"U": ["L1"]}).country == Range(0, 4, observed=0)


def test_an_indicator_nobody_described() -> None:
    with pytest.raises(KeyError):
        whole([], {"U": ["X9"]})


@pytest.mark.req("R10.4")
def test_critical_zeros_whatever_the_mean() -> None:
    answers = [*said(0, 0), *said(0, 3, unit="B"), *said(1, unit="C"), *said(0, NOT_APPLICABLE, unit="F"),
               *said(NOT_APPLICABLE, unit="E"), *said(0, indicator="L2")]  # fmt: skip
    asked = {**{unit: ["L1"] for unit in "BCDEF"}, "U": ["L1", "L2"]}
    assert critical(whole(answers, asked), INDICATORS) == [
        Critical("B", "L1", "disputed"),
        Critical("D", "L1", "unseen"),
        Critical("F", "L1", "disputed"),
        Critical("U", "L1", "zero"),
    ]


@pytest.mark.req("R10.4")
def test_disagreements_open_and_wide_first() -> None:
    answers = [
        *said(1, 2), *said(0, 4, unit="B"), *said(NOT_APPLICABLE, 2, unit="C"), *said(3, 3, NOT_OBSERVED, unit="D"),
        *said(0, 3, unit="E"), *said(NOT_OBSERVED, unit="F"),
    ]  # fmt: skip
    settlements = {("B", "L1"): Answer("B", "L1", "lead", 2)}
    found = whole(answers, {unit: ["L1"] for unit in "UBCDEF"}, settlements=settlements)
    assert disagreements(found) == [
        Disagreement("C", "L1", "applies", 0, False),
        Disagreement("E", "L1", "value", 3, False),
        Disagreement("U", "L1", "value", 1, False),
        Disagreement("B", "L1", "value", 4, True),
    ]
