"""What applies to whom; and a form that shows just what may apply."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from core.rounds.examples import COUNTRY, NORTH, PORT, SMALL, indicator
from hypothesis import given
from hypothesis import strategies as some

from pasaj.core.framework import Condition, holds
from pasaj.core.framework.conditions import Compared, Either, Every
from pasaj.core.rounds import Asked, Unit, asked, facts_of_crossing, facts_of_institution, relevance


@dataclass
class Fields:
    """What a pack or a row of a home knows of a place or an institution."""

    kind: str
    official: str = ""
    counterpart_country: str = ""
    country: str = ""


NAMES = {"E-1": "E_1", "L-1": "L_1"}


@pytest.mark.req("R10.7")
def test_what_is_not_known_of_a_place_or_an_institution_is_left_out() -> None:
    assert facts_of_crossing(Fields("land", "yes", "DO")) == {
        "kind": "land", "official": "yes", "counterpart_country": "DO",
    }  # fmt: skip
    assert facts_of_crossing(Fields("sea")) == {"kind": "sea"}
    assert facts_of_institution(Fields("local authority", country="HT")) == {"kind": "local_authority", "country": "HT"}
    assert facts_of_institution(Fields("un")) == {"kind": "un"}


@pytest.mark.req("R10.7")
def test_conditions_look_at_the_unit_and_at_the_country() -> None:
    units = [COUNTRY, NORTH, PORT]
    assert asked(SMALL, units, {}) == Asked(
        {"XX": ("L-1",), "XX-NOR": ("E-1", "P-1", "P-2"), "XX-PRT": ("E-1", "E_1", "P-2")},
        frozenset({("XX-NOR", "P-1"), ("XX-NOR", "P-2"), ("XX-PRT", "P-2")}),
    )
    known = {("XX-NOR", "E-1"): 3, ("XX", "L-1"): None, ("XX-PRT", "E-1"): 1}
    assert asked(SMALL, units, known) == Asked(
        {"XX": ("L-1",), "XX-NOR": ("E-1", "P-1"), "XX-PRT": ("E-1", "E_1")}, frozenset()
    )


compared = some.one_of(
    some.builds(
        Compared, some.just("kind"), some.sampled_from(["=", "!="]), some.sampled_from([("land",), ("sea", "air")])
    ),
    some.builds(
        Compared, some.sampled_from(["E-1", "L-1"]), some.sampled_from([">=", "<=", "<", ">"]),
        some.sampled_from([("0",), ("2",), ("4",)]),
    ),
    some.builds(Compared, some.sampled_from(["E-1"]), some.sampled_from(["=", "!="]), some.just(("1", "3"))),
)  # fmt: skip
conditions = some.recursive(
    compared,
    lambda inner: some.builds(
        lambda kind, parts: kind(tuple(parts)),
        some.sampled_from([Every, Either]),
        some.lists(inner, min_size=2, max_size=3),
    ),
    max_leaves=6,
)
said = some.sampled_from(["", "0", "1", "2", "3", "4", "not_observed", "not_applicable"])


def evaluate(xpath: str, answers: dict[str, str]) -> bool:
    """The few words of XPath that a condition is written in, as Python."""

    def number(text: str) -> float:
        return float(text) if text.isdigit() else float("nan")

    python = re.sub(r"\$\{(\w+)\}", lambda found: repr(answers[found[1]]), xpath)
    python = re.sub(r"(?<![<>!])=", "==", python)
    return bool(eval(python, {"number": number}))


@pytest.mark.req("R10.7")
@given(conditions, said, said)
def test_a_form_shows_what_holds_or_may_hold(condition: Condition, first: str, second: str) -> None:
    units = [Unit(kind, "crossing_point", {}, {"kind": kind}) for kind in ("land", "sea", "air")]
    one = indicator("Z-1", "Z", "crossing_point")
    object.__setattr__(one, "applies_if", condition)
    xpath = relevance(one, units, NAMES)
    answers = {"E_1": first, "L_1": second}
    known = {
        code: None if value == "not_applicable" else int(value)
        for code, value in (("E-1", first), ("L-1", second))
        if value not in ("", "not_observed")
    }
    for unit in units:
        shown = xpath is not None and (xpath == "" or evaluate(xpath, {**answers, "unit": unit.code}))
        assert shown == (holds(condition, unit.facts, known) is not False)


def test_the_shortest_way_to_say_it() -> None:
    always, never = indicator("A", "A", "crossing_point"), indicator("B", "A", "crossing_point", "kind=air")
    every = indicator("C", "A", "crossing_point", "kind!=air")
    elsewhere = indicator("D", "A", "crossing_point", "L-1>=2")
    some_ = indicator("E", "A", "crossing_point", "kind=sea")
    assert [relevance(one, [NORTH, PORT], {}) for one in (always, never, every, elsewhere, some_)] == [
        "", None, "", "", "${unit} = 'XX-PRT'",
    ]  # fmt: skip
