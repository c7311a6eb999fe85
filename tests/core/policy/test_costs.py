"""What a plan costs: to the cent, whichever way it is summed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pasaj.core.policy import shapes
from pasaj.core.policy.costs import Missing, Served, Sum, amount, reckon, rounded

FIRST, LAST = date(2025, 1, 1), date(2027, 12, 31)


def cost(code: str = "L1", action: str = "A1", **changed: object) -> shapes.Cost:
    values = {"label": "x", "kind": "capital", "quantity": Decimal(2), "unit": "u", "unit_cost": Decimal("10.005"),
              "periods": Decimal(1), "currency": "HTG", "year": 2025, **changed}  # fmt: skip
    return shapes.Cost(code, action, **values)  # type: ignore[arg-type]


def money(code: str, value: str, state: str, **changed: object) -> shapes.Commitment:
    values = {"funder": "State", "currency": "HTG", "year": 2025, **changed}
    return shapes.Commitment(code, "A1", amount=Decimal(value), state=state, **values)  # type: ignore[arg-type]


def policy(**changed: object) -> shapes.Policy:
    """Two measures: M1 serves both objectives, M2 one, M3 none."""
    values = {
        "objectives": tuple(shapes.Objective(code, "T1", {}) for code in ("O1", "O2")),
        "measures": (
            shapes.Measure("M1", "T1", "service", {}, ("O1", "O2")),
            shapes.Measure("M2", "T2", "legal", {}, ("O1", "GONE")),
            shapes.Measure("M3", "T2", "legal", {}),
        ),
        "actions": tuple(
            shapes.Action(code, measure, {}, owner, FIRST, LAST)
            for code, measure, owner in (
                ("A1", "M1", "IMM"),
                ("A2", "M1", "AID"),
                ("A3", "M2", "IMM"),
                ("A4", "M3", "AID"),
            )
        ),
        "rates": (shapes.Rate("USD", 2025, Decimal("132.12345678"), FIRST, "bank"),),
        **changed,
    }
    return shapes.Policy("P1", {}, FIRST, LAST, ("fr",), "HTG", **values)  # type: ignore[arg-type]


@pytest.mark.req("R12.40")
@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        (cost(), "20.01"),
        (cost(quantity=Decimal(1)), "10.01"),  # 10.005: half up, not to even
        (cost(quantity=Decimal(1), unit_cost=Decimal("10.004")), "10.00"),
        (cost(currency="XOF"), "20"),
        (cost(currency="TND"), "20.010"),
        (
            cost(quantity=Decimal("99999999999999.9999"), unit_cost=Decimal("99999999999999.9999"), periods=Decimal(3)),
            "29999999999999999940000000000.00",
        ),
    ],
)
def test_a_line_is_rounded_half_up_to_the_smallest_unit(line: shapes.Cost, wanted: str) -> None:
    assert str(amount(line)) == wanted


@pytest.mark.req("R12.40")
def test_it_is_converted_by_the_rate_of_its_year_and_a_missing_rate_is_told() -> None:
    usd = cost("L2", currency="USD", unit_cost=Decimal(1))
    found = reckon(policy(costs=(cost(), usd, replace(usd, code="L3", year=2026)),
                          commitments=(money("F1", "5", "paid", currency="EUR"),)))  # fmt: skip
    assert [one.amount for one in found.lines] == [Decimal("20.01"), Decimal("264.25"), None]
    assert found.missing == (Missing("EUR", 2025, ("F1",)), Missing("USD", 2026, ("L3",)))
    assert found.all == Sum(Decimal("284.26"), without=2)
    assert found.by_year[2026] == Sum(without=1)


@pytest.mark.req("R12.41")
def test_objectives_share_what_serves_both() -> None:
    lines = tuple(cost(f"L{at}", f"A{at}", unit_cost=Decimal(at), quantity=Decimal(1)) for at in (1, 2, 3, 4))
    found = reckon(policy(costs=lines))
    assert found.by_objective == {"O1": Served(Decimal(6), Decimal(3)), "O2": Served(Decimal(3), Decimal(0))}
    assert found.shared == Decimal(7)  # M1 serves both, M3 none
    assert found.all.cost == Decimal(10)


@pytest.mark.req("R12.42")
def test_pledged_committed_and_paid_stay_apart() -> None:
    given_ = (money("F1", "3", "pledged"), money("F2", "4.5", "committed", funder="Bank"), money("F3", "1", "paid"))
    found = reckon(policy(costs=(cost(),), commitments=given_))
    assert found.all == Sum(Decimal("20.01"), Decimal(3), Decimal("4.5"), Decimal(1))
    assert (found.all.firm, found.all.gap, found.all.open) == (Decimal("5.5"), Decimal("14.51"), Decimal("11.51"))
    assert found.by_funder == {"Bank": Sum(committed=Decimal("4.5")), "State": Sum(pledged=Decimal(3), paid=Decimal(1))}


def test_a_line_of_no_known_action_is_not_lost() -> None:
    found = reckon(policy(costs=(cost(action="GONE"),)))
    assert found.by_theme == found.by_institution == {"": Sum(Decimal("20.01"))}


numbers = st.decimals(min_value=0, max_value=10**9, places=4)
costs = st.builds(
    cost, code=st.just("L"), action=st.sampled_from(("A1", "A2", "A3", "A4", "GONE")),
    kind=st.sampled_from(shapes.COST_KINDS), quantity=numbers, unit_cost=numbers, periods=numbers,
    currency=st.sampled_from(("HTG", "USD", "XOF")), year=st.integers(2025, 2027),
)  # fmt: skip


@pytest.mark.req("R12.41")
@given(st.lists(costs, max_size=30))
def test_whichever_way_it_is_summed_it_is_the_same_to_the_cent(lines: list[shapes.Cost]) -> None:
    found = reckon(policy(costs=tuple(lines)))
    ways = [found.by_action, found.by_measure, found.by_theme, found.by_year, found.by_kind, found.by_institution]
    totals = {sum(Fraction(one.cost) for one in way.values()) for way in ways if way} | {Fraction(found.all.cost)}
    assert totals == {sum(Fraction(one.amount) for one in found.lines if one.amount is not None)}
    alone = sum(Fraction(one.alone) for one in found.by_objective.values())
    assert alone + Fraction(found.shared) == Fraction(found.all.cost)
    assert {sum(one.without for one in way.values()) for way in ways if way} <= {found.all.without}


@given(costs)
def test_a_line_is_what_fractions_say(line: shapes.Cost) -> None:
    exact = Fraction(line.quantity) * Fraction(line.unit_cost) * Fraction(line.periods)
    places = 0 if line.currency == "XOF" else 2
    shifted = exact * 10**places + Fraction(1, 2)
    assert Fraction(amount(line)) == Fraction(shifted.numerator // shifted.denominator, 10**places)


def test_rounding_does_not_hang_on_the_precision_in_force() -> None:
    with localcontext(prec=5, rounding=ROUND_HALF_UP):
        assert rounded(Decimal("1234567.895"), "HTG") == Decimal("1234567.90")
