"""Mandates on a day: gaps, overlaps, conflicts, orphans and lapsed bases."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pasaj.core.mapping.mandates import (
    ROLES,
    WHOLE,
    Conflict,
    Gap,
    Lapse,
    Mandate,
    Overlap,
    Register,
    Review,
    reach,
    review,
    within,
)
from pasaj.core.problems import Refused

ON = date(2026, 3, 1)
# The country has two departments; the north has two communes.
PARENTS = {"north": WHOLE, "south": WHOLE, "n1": "north", "n2": "north"}
REGISTER = Register(
    functions={"checks": (WHOLE,), "rescue": ("north", "south")},
    institutions=("Z", "A", "B", "C"),
    parents=PARENTS,
    parts={WHOLE: ("north", "south"), "north": ("n1", "n2")},
    bases={"law": (date(1995, 3, 27), None), "old": (None, date(2020, 1, 1)), "new": (date(2027, 1, 1), None)},
)


def lead(institution: str, territory: str = WHOLE, function: str = "checks", **more: Any) -> Mandate:
    return Mandate(function, institution, "lead", territory, more.pop("basis", "law"), **more)


def look(*mandates: Mandate, on: date = ON, **changes: Any) -> Review:
    return review(mandates, replace(REGISTER, **changes), on)


@pytest.mark.req("R1.2")
def test_gaps_are_the_largest_territories_without_a_lead() -> None:
    found = look(lead("A", "n1"), lead("B", "north", "rescue"))
    assert found.gaps == (
        Gap("checks", "n2", (), ()),
        Gap("checks", "south", (), ()),
        Gap("rescue", "south", (), ()),
    )
    assert look(lead("A")).gaps == (Gap("rescue", "north", (), ()), Gap("rescue", "south", (), ()))


def test_the_whole_is_led_when_each_part_is() -> None:
    found = look(lead("A", "n1"), lead("B", "n2"), lead("C", "south"), lead("A", WHOLE, "rescue"))
    assert (found.gaps, found.overlaps) == ((), ())
    assert found.gap_share.value == 0
    # Unless nobody said that these parts are all there is of it.
    known = {WHOLE: ("north", "south")}
    found = look(lead("A", "n1"), lead("B", "n2"), lead("C", "south"), lead("A", WHOLE, "rescue"), parts=known)
    assert found.gaps == (Gap("checks", "north", (), (), ("A", "B")),)
    assert look(functions={"checks": (WHOLE,)}).gaps == (Gap("checks", WHOLE, (), ()),)


def test_a_gap_names_who_is_there_and_who_was() -> None:
    helper = Mandate("checks", "B", "support", "south")
    former = lead("C", first=date(1990, 1, 1), last=date(2025, 12, 31))
    elsewhere = Mandate("checks", "A", "informed", "n1")
    found = look(helper, former, elsewhere, lead("Z", "north"), lead("Z", WHOLE, "rescue"))
    assert found.gaps == (Gap("checks", "south", ("B",), ("C",)),)
    assert look(former, lead("Z", WHOLE, "rescue"), on=date(2025, 12, 31)).gaps == ()


def test_two_leads_overlap_where_their_territories_meet() -> None:
    found = look(lead("A"), lead("B", "n1"), lead("C", "south"), lead("C", "south", basis=""), lead("A", "n2"))
    assert found.overlaps == (
        Overlap("checks", "n1", ("A", "B"), verify=False),
        Overlap("checks", "south", ("A", "C"), verify=False),
    )
    assert look(lead("A", "north"), lead("B", "south")).overlaps == ()
    later = lead("B", first=date(2026, 3, 2))
    assert look(lead("A", last=ON), later).overlaps == ()
    assert look(lead("A", last=ON), replace(later, first=ON)).overlaps == (
        Overlap("checks", WHOLE, ("A", "B"), verify=False),
    )


def test_an_institution_with_two_roles_contradicts_itself() -> None:
    informed = Mandate("checks", "A", "informed", "n1", verify=True)
    found = look(informed, lead("A"), Mandate("rescue", "A", "support"))
    assert found.conflicts == (Conflict("checks", "n1", "A", ("lead", "informed"), verify=True),)
    sure = replace(informed, verify=False, basis="law")
    assert look(informed, sure, lead("A")).conflicts == (
        Conflict("checks", "n1", "A", ("lead", "informed"), verify=False),
    )


def test_orphans_and_idle_functions() -> None:
    found = look(lead("A"), lead("B", last=date(2020, 1, 1)), Mandate("checks", "C", "informed"))
    assert found.orphans == ("Z", "B")
    assert found.idle == ("rescue",)


def test_what_rests_on_nothing_valid() -> None:
    ended = lead("A", "n1", last=date(2020, 1, 1))
    renewed = lead("B", "n1", last=date(2020, 1, 1))
    mandates = [ended, renewed, lead("B", "north"), lead("C", "south", basis="old"), lead("Z", "n1", basis="new")]
    more = [
        lead("Z", "n2", basis=""),
        lead("Z", "south", basis="custom"),
        lead("Z", basis="old", first=date(2030, 1, 1)),
    ]
    assert look(*mandates, *more).lapses == (
        Lapse("basis_not_yet", mandates[4]),
        Lapse("ended", ended),
        Lapse("no_basis", more[0]),
        Lapse("basis_unknown", more[1]),
        Lapse("basis_ended", mandates[3]),
    )


def test_shares_have_bounds_for_what_awaits_verifying() -> None:
    found = look(lead("A"), lead("B", verify=True), lead("B", WHOLE, "rescue", verify=True))
    assert (found.gap_share.value, found.gap_share.lowest, found.gap_share.highest) == (0, 0, 0.5)
    assert (found.overlap_share.value, found.overlap_share.lowest, found.overlap_share.highest) == (0.5, 0, 0.5)
    assert found.gap_share.text() == "0 of 2 functions lack a lead, in all or in a part of their territory."
    assert found.overlap_share.text() == "1 of 2 functions have two leads, in all or in a part of their territory."
    assert found.overlaps[0].verify
    empty = look(functions={})
    assert (empty.gap_share.value, empty.overlap_share.value) == (None, None)
    assert empty.gap_share.text() == "No function is on the list, so nothing can be said of mandates."


@pytest.mark.parametrize(
    ("code", "mandates", "changes"),
    [
        ("MAPPING-001", [lead("X")], {}),
        ("MAPPING-002", [], {"institutions": ("A", "A")}),
        ("MAPPING-004", [Mandate("checks", "A", "boss")], {}),
        ("MAPPING-005", [lead("A", function="nothing")], {}),
        ("MAPPING-006", [lead("A", "moon")], {}),
        ("MAPPING-006", [], {"functions": {"checks": ("moon",)}}),
        ("MAPPING-006", [], {"parents": {"n1": "moon"}, "parts": {}}),
        ("MAPPING-007", [], {"parents": {"n1": "n2", "n2": "n1"}}),
        ("MAPPING-017", [], {"parts": {WHOLE: ("moon",)}}),
        ("MAPPING-017", [], {"parts": {"north": ("south",)}}),
        ("MAPPING-017", [], {"parts": {"north": ("north",)}}),
        ("MAPPING-008", [lead("A", first=ON, last=date(2026, 2, 28))], {}),
        ("MAPPING-009", [lead("A"), lead("A", verify=True)], {}),
    ],
)
def test_bad_registers_are_refused(code: str, mandates: list[Mandate], changes: dict[str, Any]) -> None:
    with pytest.raises(Refused) as caught:
        look(*mandates, **changes)
    (one,) = caught.value.problems
    assert one.code == code
    assert "…" not in one.text() + one.remedy()


MANDATES = st.builds(
    Mandate,
    function=st.sampled_from(["checks", "rescue"]),
    institution=st.sampled_from(["A", "B", "C"]),
    role=st.sampled_from(ROLES),
    territory=st.sampled_from([WHOLE, *PARENTS]),
    basis=st.just("law"),
    first=st.none() | st.just(date(2026, 2, 1)),
    last=st.none() | st.just(date(2026, 2, 20)) | st.just(ON),
    verify=st.booleans(),
)
# The smallest territories, and what each larger one is made of.
LEAVES = {WHOLE: {"n1", "n2", "south"}, "north": {"n1", "n2"}, "n1": {"n1"}, "n2": {"n2"}, "south": {"south"}}


@given(
    st.lists(MANDATES, unique_by=lambda one: replace(one, verify=False), max_size=8),
    st.dates(date(2026, 1, 20), date(2026, 3, 10)),
)
def test_by_definition_on_the_smallest_territories(mandates: list[Mandate], on: date) -> None:
    found = review(mandates, REGISTER, on)
    valid = [one for one in mandates if within((one.first, one.last), on)]
    for function in REGISTER.functions:
        leads = {
            leaf: {one.institution for one in valid if one.role == "lead" and one.function == function
                   and leaf in LEAVES[one.territory]}
            for leaf in ("n1", "n2", "south")
        }  # fmt: skip
        open_at = {leaf for gap in found.gaps if gap.function == function for leaf in LEAVES[gap.territory]}
        assert open_at == {leaf for leaf, holders in leads.items() if not holders}
        shared = {leaf for one in found.overlaps if one.function == function for leaf in LEAVES[one.territory]}
        assert shared == {leaf for leaf, holders in leads.items() if len(holders) > 1}
    assert found == review(list(reversed(mandates)), REGISTER, on)
    for figure in (found.gap_share, found.overlap_share):
        assert figure.lowest is not None
        assert figure.highest is not None
        assert figure.value is not None
        assert 0 <= figure.lowest <= figure.value <= figure.highest <= 1


@pytest.mark.req("R10.31")
def test_what_is_found_is_said_in_sentences() -> None:
    helper = Mandate("rescue", "B", "support", "south", "law")
    former = lead("C", "south", "rescue", first=date(1990, 1, 1), last=date(2025, 12, 31))
    found = look(
        lead("A"), lead("B", "n1"), lead("A", "n1", "rescue"), helper, former,
        replace(helper, role="informed", basis=""),
        functions={**REGISTER.functions, "idle": (WHOLE,)},
    )  # fmt: skip
    said = [one.text() for gap in found.gaps for one in gap.figures()]
    assert said == [
        "Nobody leads “rescue” (n2).",
        "Nobody leads “rescue” (south).",
        "These have another role there: B.",
        "These led there until their mandate ended: C.",
        "Nobody leads “idle” ().",
    ]
    assert look(lead("A", "n1"), parts={}).gaps[0].figures()[1].text() == "In places inside it, these lead: A."
    assert [one.figure().text() for one in found.overlaps] == ["A and B both lead “checks” (n1)."]
    assert [one.figure().values["roles"] for one in found.conflicts] == [("support", "informed")]
    assert [one.figure().text() for one in found.lapses] == [
        "B, “rescue” (informed): no legal text is named.",
        "C, “rescue” (lead): the mandate ended on 2025-12-31 and was not renewed.",
    ]


@pytest.mark.req("R10.31")
def test_a_territory_meets_what_lies_above_and_inside_it() -> None:
    meets = reach(REGISTER, "north")
    assert {one: meets(one) for one in (WHOLE, "north", "south", "n1")} == {
        WHOLE: True, "north": True, "south": False, "n1": True,
    }  # fmt: skip
    for one, other in (("nowhere", "n1"), ("n1", "nowhere")):
        with pytest.raises(Refused) as refused:
            reach(REGISTER, one)(other)
        assert [each.code for each in refused.value.problems] == ["MAPPING-006"]
