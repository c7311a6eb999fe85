"""A whole question: its mistakes, its veto, every method at once, and what stands against a decision."""

from dataclasses import replace

import pytest

from pasaj.core.appraisal import (
    Against,
    Bounds,
    Criterion,
    Judgements,
    Linear,
    Order,
    Performance,
    Piecewise,
    Question,
    Stated,
    Steady,
    Sum,
    Unknown,
    Veto,
    Weights,
    admissible,
    against,
    appraise,
    check,
    evenly,
    unjudged,
    vetoes,
)
from pasaj.core.problems import Problem, Refused, problem

RIGHTS = Criterion("RIGHTS", evenly(["violates", "doubtful", "justified", "none"]), ("violates",), ("doubtful",))
EFFECT = Criterion("EFFECT", evenly(["trivial", "small", "moderate", "large"]))
COST = Criterion("COST", Linear(100, 0))
CELLS = {
    ("A", "RIGHTS"): Performance("none"),
    ("B", "RIGHTS"): Performance("doubtful"),
    ("C", "RIGHTS"): Performance("violates"),
    ("A", "EFFECT"): Performance("trivial"),
    ("B", "EFFECT"): Performance("moderate"),
    ("C", "EFFECT"): Performance("large"),
    ("A", "COST"): Performance(0),
    ("B", "COST"): Performance(70, low=60, high=80),
    ("C", "COST"): Performance(0),
}
ASKED = Question("P1-Q1", ("A", "B", "C"), "A", (RIGHTS, EFFECT, COST), CELLS)


@pytest.mark.req("R12.16")
def test_a_veto_is_not_made_good() -> None:
    """C is best on everything that weighs, and stands in no order."""
    assert vetoes(ASKED) == (Veto("C", "RIGHTS", "violates"),)
    assert admissible(ASKED) == ("A", "B")
    found = appraise(ASKED, seed=1, draws=1000)
    assert (found.options, found.vetoes) == (("A", "B"), (Veto("C", "RIGHTS", "violates"),))
    assert found.criteria == ("EFFECT", "COST")
    assert found.first("C") == 0
    assert [sum(row) for row in found.smaa.acceptability] == pytest.approx([1, 1])


def test_who_is_not_judged_may_still_be_vetoed() -> None:
    asked = replace(ASKED, cells={key: one for key, one in CELLS.items() if key != ("B", "RIGHTS")})
    assert unjudged(asked) == (("B", "RIGHTS"),)
    assert appraise(asked, seed=1, draws=100).unjudged == (("B", "RIGHTS"),)


@pytest.mark.req("R12.17")
def test_every_method_beside_the_others() -> None:
    found = appraise(ASKED, seed=3, draws=20_000)
    # B is first where 2/3 (1 - w) + 0.3 w > w: w < 20/41 with the cost at its middle.
    assert found.first("B") == pytest.approx(20 / 41, abs=0.012)
    assert found.first("A") + found.first("B") == pytest.approx(1)
    assert found.weights == (0.5, 0.5)
    assert found.sums[0] == Sum(0.5, 0.5, 0.5)
    assert found.sums[1] == Sum(pytest.approx(1 / 3 + 0.1), pytest.approx(1 / 3 + 0.15), pytest.approx(1 / 3 + 0.2))
    assert found.missing == ()
    assert found.topsis is not None
    assert found.stability is not None
    assert found.stability.intervals[1] == Steady(pytest.approx(20 / 41), 1, 1, None)
    assert (found.reversals, found.seed, found.smaa.draws) == ((), 3, 20_000)
    assert appraise(ASKED, seed=3, draws=20_000) == found


def test_what_nobody_knows_may_be_anything() -> None:
    asked = replace(ASKED, cells={key: one for key, one in CELLS.items() if key[1] == "RIGHTS"})
    found = appraise(asked, seed=1, draws=2000)
    assert found.sums == (Sum(0, None, 1), Sum(0, None, 1))
    assert (found.topsis, found.stability, found.reversals) == (None, None, ())
    assert found.missing == (("A", "EFFECT"), ("A", "COST"), ("B", "EFFECT"), ("B", "COST"))
    assert found.first("A") == pytest.approx(0.5, abs=0.04)


@pytest.mark.parametrize(
    ("weights", "middle"),
    [
        (Order((("COST",), ("EFFECT",))), (0.25, 0.75)),
        (Stated({"EFFECT": 3, "COST": 1}), (0.75, 0.25)),
        (Bounds({"COST": (0.2, 0.4)}), (pytest.approx(0.7, abs=0.01), pytest.approx(0.3, abs=0.01))),
    ],
)
def test_the_reference_weights(weights: Weights, middle: tuple[float, float]) -> None:
    assert appraise(replace(ASKED, weights=weights), seed=1, draws=2000).weights == middle


@pytest.mark.req("R12.18")
def test_what_stands_against_a_decision() -> None:
    found = appraise(ASKED, seed=1, draws=1000)
    assert against(found, "C") == (Against.VETOED,)
    assert against(found, "A") == ()
    assert against(found, "B") == (Against.IN_DOUBT, Against.RARELY_FIRST)
    assert against(found, "B", floor=0.3) == (Against.IN_DOUBT,)
    assert found.doubts == (Veto("B", "RIGHTS", "doubtful"),)
    sure = replace(ASKED, cells={**CELLS, ("B", "RIGHTS"): Performance("justified")})
    assert against(appraise(sure, seed=1, draws=1000), "B") == (Against.RARELY_FIRST,)
    with pytest.raises(LookupError):
        against(found, "D")


def test_a_sound_question_has_no_mistakes() -> None:
    assert check(ASKED) == []
    hill = Criterion("HILL", Piecewise(((0, 0), (1, 1))))
    assert (
        check(replace(ASKED, criteria=(*ASKED.criteria, hill), cells={("A", "HILL"): Performance(1, sigma=0.1)})) == []
    )
    for weights in (Order((("COST",), ("EFFECT",))), Stated({"EFFECT": 1, "COST": 0}), Bounds({"COST": (0.1, 0.2)})):
        assert check(replace(ASKED, weights=weights)) == []


def cell(option: str, criterion: str, held: Performance) -> Question:
    return replace(ASKED, cells={**CELLS, (option, criterion): held})


def at(code: str, column: str = "", **values: object) -> Problem:
    return problem(code, file="P1-Q1", column=column, **values)


@pytest.mark.req("R12.10")
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (replace(ASKED, options=("A",)), [at("POLOPT-002")]),
        (replace(ASKED, status_quo="Z"), [at("POLOPT-003")]),
        (replace(ASKED, options=("A", "B", "B")), [at("POLOPT-004", "B", value="B")]),
        (replace(ASKED, criteria=(*ASKED.criteria, COST)), [at("POLOPT-004", "COST", value="COST")]),
        (
            replace(ASKED, criteria=(RIGHTS, EFFECT, Criterion("COST", Linear(1, 1)))),
            [at("POLOPT-005", "COST", criterion="COST")],
        ),
        (
            replace(ASKED, criteria=(replace(RIGHTS, vetoes=("gone",)), EFFECT, COST)),
            [at("POLOPT-005", "RIGHTS", criterion="RIGHTS")],
        ),
        (
            replace(ASKED, criteria=(replace(RIGHTS, doubts=("gone",)), EFFECT, COST)),
            [at("POLOPT-005", "RIGHTS", criterion="RIGHTS")],
        ),
        (
            replace(ASKED, criteria=(RIGHTS, EFFECT, replace(COST, vetoes=("0",)))),
            [at("POLOPT-005", "COST", criterion="COST")],
        ),
        (replace(ASKED, criteria=(RIGHTS,)), [at("POLOPT-014")]),
        (
            cell("A", "EFFECT", Performance("huge")),
            [at("POLOPT-006", "A / EFFECT", value="huge", allowed="trivial, small, moderate, large")],
        ),
        (cell("A", "COST", Performance(101)), [at("POLOPT-007", "A / COST", value=101, low="0", high="100")]),
        (cell("A", "COST", Performance("x")), [at("POLOPT-007", "A / COST", value="x", low="0", high="100")]),
        (
            cell("A", "COST", Performance(5, low=-1, high=7)),
            [at("POLOPT-007", "A / COST", value=-1, low="0", high="100")],
        ),
        (cell("A", "COST", Performance(5, low=7, high=6)), [at("POLOPT-008", "A / COST")]),
        (cell("A", "COST", Performance(5, low=4)), [at("POLOPT-008", "A / COST")]),
        (cell("A", "COST", Performance(5, sigma=-1)), [at("POLOPT-009", "A / COST")]),
        (cell("A", "COST", Performance(sigma=1)), [at("POLOPT-009", "A / COST")]),
        (cell("A", "COST", Performance(1, sigma=float("inf"))), [at("POLOPT-009", "A / COST")]),
        (replace(ASKED, weights=Stated({"COST": 1})), [at("POLOPT-010", value="EFFECT")]),
        (replace(ASKED, weights=Stated({"COST": 1, "EFFECT": 1, "RIGHTS": 1})), [at("POLOPT-010", value="RIGHTS")]),
        (replace(ASKED, weights=Bounds({"Z": (0, 1)})), [at("POLOPT-010", value="Z")]),
        (replace(ASKED, weights=Stated({"COST": -1, "EFFECT": 1})), [at("POLOPT-011")]),
        (replace(ASKED, weights=Stated({"COST": 0, "EFFECT": 0})), [at("POLOPT-011")]),
        (replace(ASKED, weights=Stated({"COST": 1, "EFFECT": float("nan")})), [at("POLOPT-011")]),
        (replace(ASKED, weights=Bounds({"COST": (0.5, 0.4)})), [at("POLOPT-012", "COST")]),
        (replace(ASKED, weights=Bounds({"COST": (0.6, 1), "EFFECT": (0.6, 1)})), [at("POLOPT-012")]),
        (replace(ASKED, weights=Bounds({"COST": (0, 0.4), "EFFECT": (0, 0.4)})), [at("POLOPT-012")]),
        (replace(ASKED, weights=Order((("COST",),))), [at("POLOPT-013", value="EFFECT")]),
        (
            replace(ASKED, weights=Order((("COST", "EFFECT"), ("COST", "RIGHTS")))),
            [at("POLOPT-013", value="COST, RIGHTS")],
        ),
    ],
)
def test_each_mistake_has_its_code_and_place(asked: Question, found: list[Problem]) -> None:
    assert check(asked) == found
    with pytest.raises(Refused) as refused:
        appraise(asked, seed=1, draws=100)
    assert list(refused.value.problems) == found


def test_nothing_left_to_compare() -> None:
    every = {(one, "RIGHTS"): Performance("violates") for one in "ABC"}
    with pytest.raises(Refused) as refused:
        appraise(replace(ASKED, cells={**CELLS, **every}), seed=1)
    assert list(refused.value.problems) == [at("POLOPT-015")]
    for draws in (99, 1_000_001):
        with pytest.raises(Refused) as refused:
            appraise(ASKED, seed=1, draws=draws)
        assert list(refused.value.problems) == [at("POLOPT-016", value=draws, most=1_000_000)]


def test_cells_of_nobody_are_left_alone() -> None:
    """What was said of an option or a criterion that is gone does not stand in the way."""
    gone = {("Z", "COST"): Performance(999), ("A", "Z"): Performance("?")}
    assert check(replace(ASKED, cells={**CELLS, **gone})) == []
    assert check(replace(ASKED, weights=Unknown(), criteria=())) == [at("POLOPT-014")]


def test_only_one_left() -> None:
    """Beside two vetoed ones the third is always first, and there is no distance to measure."""
    asked = replace(ASKED, cells={**CELLS, ("B", "RIGHTS"): Performance("violates"), ("A", "COST"): Performance(50)})
    found = appraise(asked, seed=1, draws=100)
    assert (found.options, found.first("A"), found.topsis) == (("A",), 1, None)
    assert Judgements({"a": 0, "b": 1}) == evenly(["a", "b"])
