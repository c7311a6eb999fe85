"""What both ends say of an exchange, and needs minus exchange."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pasaj.core.mapping.exchange import (
    RULES,
    STATES,
    Need,
    Statement,
    Tie,
    arcs,
    confirmation,
    disputes,
    formalisation,
    ties,
    wanted,
)
from pasaj.core.mapping.flows import FAILING, FLOW_STATES, OPEN, compare, gap, unneeded
from pasaj.core.problems import Refused

NODES = ("B", "A", "C")
ANSWERS = (True, False, None)


def say(by: str, arc: str = "AB", layer: str = "alerts", *, exists: bool = True, **more: object) -> Statement:
    return Statement(layer, arc[0], arc[1], by, exists, **more)  # type: ignore[arg-type]


def tie(sender: bool | None, receiver: bool | None, arc: str = "AB", **more: object) -> Tie:
    ends = [
        None if one is None else say(by, arc, exists=one, **more)
        for by, one in (("sender", sender), ("receiver", receiver))
    ]
    return Tie("alerts", arc[0], arc[1], *ends)


def by_answers() -> dict[str, tuple[bool | None, bool | None]]:
    return {tie(*both).state: both for both in product(ANSWERS, repeat=2)}


@pytest.mark.req("R1.2")
def test_nine_pairs_of_answers_are_eight_states() -> None:
    assert {both: tie(*both).state for both in product(ANSWERS, repeat=2)} == {
        (True, True): "confirmed",
        (True, False): "not_received",
        (True, None): "only_sender",
        (False, True): "not_sent",
        (False, False): "absent",
        (False, None): "denied",
        (None, True): "only_receiver",
        (None, False): "denied",
        (None, None): "unanswered",
    }
    assert set(by_answers()) == set(STATES)


def test_which_states_count_as_exchange() -> None:
    found = {rule: {state for state, both in by_answers().items() if tie(*both).counts(rule)} for rule in RULES}
    assert found == {
        "confirmed": {"confirmed"},
        "possible": {"confirmed", "only_sender", "only_receiver", "unanswered"},
        "claimed": {"confirmed", "only_sender", "only_receiver", "not_received", "not_sent"},
    }


def test_both_ends_are_brought_together_in_order() -> None:
    said = [say("receiver"), say("sender", "CA", "counts"), say("sender"), say("sender", "BA")]
    found = ties(said, NODES, needs=[Need("alerts", "A", "C")])
    assert [(one.layer, *one.arc, one.state) for one in found] == [
        ("alerts", "B", "A", "only_sender"),
        ("alerts", "A", "B", "confirmed"),
        ("alerts", "A", "C", "unanswered"),
        ("counts", "C", "A", "only_sender"),
    ]
    assert found[1] == Tie("alerts", "A", "B", say("sender"), say("receiver"))
    assert found == ties(reversed(said), NODES, needs=[Need("alerts", "A", "C")])
    assert arcs(found) == (("A", "B"),)
    assert arcs(found, "claimed") == (("B", "A"), ("A", "B"), ("C", "A"))


def test_who_went_through_the_whole_list_says_no_by_silence() -> None:
    found = ties([say("sender"), say("sender", "AC")], NODES, needs=[Need("alerts", "B", "C")], respondents="BC")
    assert [(*one.arc, one.state) for one in found] == [
        ("B", "C", "absent"),
        ("A", "B", "not_received"),
        ("A", "C", "not_received"),
    ]
    assert disputes(found) == found[1:]


def test_the_slower_delay_counts_and_contradictions_are_no_answer() -> None:
    one = Tie(
        "alerts",
        "A",
        "B",
        say("sender", hours=2.0, formal=True, channels=("phone",)),
        say("receiver", hours=6.0, formal=False, channels=("paper", "e-mail")),
    )
    assert (one.hours, one.formal, one.differs) == (6, None, ("channels", "formal", "hours"))
    same = Tie("alerts", "A", "B", say("sender", hours=2.0, formal=True, channels=("phone",)), say("receiver"))
    assert (same.hours, same.formal, same.differs) == (2, True, ())
    shared = Tie("alerts", "A", "B", say("sender", channels=("phone", "paper")), say("receiver", channels=("phone",)))
    assert shared.differs == ()
    half = tie(True, None, hours=3.0, formal=False)
    assert (half.hours, half.formal, half.differs) == (3, False, ())
    # What a denied end adds does not count.
    denied = Tie("alerts", "A", "B", say("sender", hours=2.0), say("receiver", exists=False, hours=9.0, formal=True))
    assert (denied.hours, denied.formal) == (2, None)


def test_confirmation_and_its_bounds() -> None:
    known = [tie(True, True)] * 3 + [tie(True, False), tie(None, True), tie(False, False), tie(None, False)]
    found = confirmation(known)
    assert (found.value, found.lowest, found.highest) == (3 / 4, 3 / 6, 4 / 5)
    assert found.text() == "Of 4 exchanges on which both ends spoke, 3 are confirmed by both; 2 await an answer."
    nothing = confirmation([tie(True, None), tie(None, None)])
    assert (nothing.value, nothing.lowest, nothing.highest) == (None, 0, 1)
    assert nothing.text() == "No exchange was spoken of by both ends; 2 await an answer."
    assert confirmation([]).highest is None


@given(st.lists(st.tuples(*[st.sampled_from(ANSWERS)] * 2), max_size=5))
def test_the_bounds_are_those_of_every_way_to_answer(answers: list[tuple[bool | None, bool | None]]) -> None:
    found = confirmation([tie(*both) for both in answers])
    shares = []
    choices = [[(True, False) if one is None else (one,) for one in both] for both in answers]
    for filled in product(*(list(product(*ends)) for ends in choices)):
        number = [filled.count((True, True)), filled.count((True, False)) + filled.count((False, True))]
        if sum(number):
            shares.append(number[0] / sum(number))
    assert (found.lowest, found.highest) == (min(shares, default=None), max(shares, default=None))


def test_formalisation_and_its_bounds() -> None:
    known = [tie(True, True, formal=True), tie(True, True, formal=False), tie(True, True), tie(True, None, formal=True)]
    found = formalisation(known)
    assert (found.value, found.lowest, found.highest) == (1 / 2, 1 / 3, 2 / 3)
    assert found.text() == "Of 2 confirmed exchanges, 1 rest on something in writing; of 1 more it is not known."
    nothing = formalisation(known[2:])
    assert (nothing.value, nothing.lowest, nothing.highest) == (None, 0, 1)
    assert nothing.text() == "Of no confirmed exchange is it known whether it rests on something in writing."


def test_needs_against_exchange() -> None:
    cases = {
        "AB": (tie(True, True, "AB", hours=3.0), 4.0, "met"),
        "AC": (tie(True, True, "AC", hours=5.0), 4.0, "late"),
        "BA": (tie(True, True, "BA"), 4.0, "speed_unknown"),
        "BC": (tie(True, False, "BC"), None, "disputed"),
        "CA": (tie(False, None, "CA"), None, "missing"),
        "CB": (tie(True, None, "CB"), None, "unconfirmed"),
    }
    needs = [Need("alerts", arc[0], arc[1], hours) for arc, (_, hours, _) in cases.items()]
    needs += [Need("counts", "A", "B"), Need("visits", "A", "B")]
    known = [one for one, _, _ in cases.values()] + [Tie("visits", "A", "B", say("sender"), say("receiver"))]
    found = compare(needs, known, NODES)
    assert {f"{one.need.sender}{one.need.receiver}": one.state for one in found[:6]} == {
        arc: state for arc, (_, _, state) in cases.items()
    }
    assert [(one.need.layer, one.state, one.hours) for one in found[6:]] == [
        ("counts", "unanswered", None),
        ("visits", "met", None),
    ]
    assert {one.state for one in found} == set(FLOW_STATES)
    share = gap(found)
    assert (share.value, share.lowest, share.highest) == (3 / 5, 3 / 8, 6 / 8)
    assert share.text() == "Of 5 needed exchanges of which it is known, 3 fail or come too late; 3 more are not known."
    assert gap(found[6:7]).text() == "Of no needed exchange is it known whether it takes place; 1 are not known."
    assert set(FAILING) | set(OPEN) | {"met"} == set(FLOW_STATES)
    assert unneeded(needs[1:], known) == (known[0],)


@pytest.mark.parametrize(
    ("code", "said", "needs", "respondents"),
    [
        ("MAPPING-001", [say("sender", "AX")], [], ""),
        ("MAPPING-001", [], [], "X"),
        ("MAPPING-001", [], [Need("alerts", "X", "A")], ""),
        ("MAPPING-003", [say("sender", "AA")], [], ""),
        ("MAPPING-010", [say("witness")], [], ""),
        ("MAPPING-011", [say("sender", hours=-1.0)], [], ""),
        ("MAPPING-011", [], [Need("alerts", "A", "B", float("nan"))], ""),
        ("MAPPING-012", [say("sender"), say("sender", exists=False)], [], ""),
        ("MAPPING-013", [], [Need("alerts", "A", "B"), Need("alerts", "A", "B", 3)], ""),
    ],
)
def test_bad_answers_are_refused(code: str, said: list[Statement], needs: list[Need], respondents: str) -> None:
    with pytest.raises(Refused) as caught:
        ties(said, NODES, needs=needs, respondents=respondents)
    (one,) = caught.value.problems
    assert one.code == code
    assert "…" not in one.text() + one.remedy()


def test_needs_in_order() -> None:
    needs = [Need("b", "A", "B"), Need("a", "C", "B"), Need("a", "B", "A")]
    assert wanted(needs, NODES) == (needs[2], needs[1], needs[0])
