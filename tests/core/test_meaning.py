"""From answers to figures and events, as a form declares it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from defusedxml import DefusedXmlException
from hypothesis import given
from hypothesis import strategies as st

from pasaj.core.meaning import Answers, Derived, Meaning, day_of, derive, parse, place_of, read
from pasaj.core.periods import Period, span
from pasaj.core.problems import Refused


@dataclass(frozen=True)
class Asked:
    path: str

    @property
    def kind(self) -> str:
        return {"deported": "integer", "arrived": "datetime"}.get(self.path.rpartition("/")[2], "text")


ASKED = [
    Asked(path)
    for path in (
        "crossing", "date", "until", "service", "nothing", "has_centre", "counts/entries", "counts/deported", "places",
        "quality", "note", "incidents/kind", "incidents/persons", "incidents/hours", "incidents/seized/item",
        "incidents/seized/amount", "incidents/seized/unit", "state", "since", "cause", "arrived", "met", "hours_open",
        "end", "route",
    )
]  # fmt: skip
REPEATS = ("incidents", "incidents/seized")

DECLARED: dict[str, Any] = {
    "place": {"question": "crossing", "words": {"north": "TL-BCP-NOR", "south": "TL-BCP-SOU"}},
    "period": {"day": "date"},
    "source": {"code": "REG"},
    "quality": {"question": "quality", "words": {"counted": "exact", "guessed": "estimate"}},
    "note": "note",
    "zero": {"question": "nothing", "is": True},
    "figures": [
        {"question": "entries", "measure": "entries"},
        {"question": "deported", "measure": "returns", "category": "deported", "direction": "in"},
        {"question": "places", "measure": "places", "not_applicable": {"question": "has_centre", "is": ["no"]}},
    ],
    "incidents": [
        {
            "each": "incidents",
            "type": "kind",
            "quantities": [
                {"question": "persons", "what": "persons", "unit": "persons"},
                {
                    "each": "seized",
                    "question": "amount",
                    "what": {"question": "item"},
                    "unit": {"question": "unit", "words": {"k": "kg"}},
                },
            ],
            "detecting": {"question": "service"},
            "hours_to_referral": "hours",
            "corridor": "route",
        }
    ],
    "status": [{"state": "state", "side": "own", "since": "since", "until": "end", "cause": "cause",
                "hours": "hours_open"}],
    "outcomes": [{"kind": "return_operation", "when": {"question": "met", "is": "yes"},
                  "data": {"at": "arrived", "counts.deported": "deported", "counts.all": "counts/deported",
                           "place": {"value": "here"}, "note": "note",
                           "open": {"question": "state", "words": {"1": "yes"}}}}],
}  # fmt: skip


def answers(inside: str, root: str = "data") -> Answers:
    return read(f"<{root} id='f' version='1'><meta><instanceID>uuid:1</instanceID></meta>{inside}</{root}>".encode(),
                REPEATS)  # fmt: skip


def meaning(**changes: Any) -> Meaning:
    return parse({**DECLARED, **changes}, ASKED)


def said(inside: str, **changes: Any) -> Derived:
    return derive(meaning(**changes), answers(f"<crossing>north</crossing><date>2025-09-30</date>{inside}"))


GOOD = "<quality>counted</quality>"


def test_figures_stand_where_the_form_says() -> None:
    made = said(f"{GOOD}<counts><entries>214</entries><deported>0</deported></counts><note>rain</note>")
    assert made.failures == ()
    day = Period(date(2025, 9, 30), date(2025, 9, 30))
    assert [(one.position, one.place, one.period, one.measure, one.category, one.direction, one.value, one.state,
             one.source, one.quality, one.note) for one in made.figures] == [
        ("entries", "TL-BCP-NOR", day, "entries", "total", "", Decimal(214), "reported", "REG", "exact", "rain"),
        ("deported", "TL-BCP-NOR", day, "returns", "deported", "in", Decimal(0), "reported", "REG", "exact", "rain"),
    ]  # fmt: skip


def test_blank_is_not_reported_unless_the_form_says_that_there_is_nothing() -> None:
    assert said(f"{GOOD}<counts><entries/></counts>").figures == ()
    made = said(f"{GOOD}<nothing>yes</nothing><counts><entries/></counts>")
    assert [(one.position, one.value) for one in made.figures] == [
        ("entries", Decimal(0)), ("deported", Decimal(0)), ("places", Decimal(0)),
    ]  # fmt: skip


def test_what_a_place_does_not_have_is_not_applicable() -> None:
    made = said(f"{GOOD}<has_centre>no</has_centre>")
    assert [(one.position, one.value, one.state) for one in made.figures] == [("places", None, "na")]


def test_the_quality_is_exact_where_nothing_is_said() -> None:
    made = said("<counts><entries>1</entries></counts>", quality=None)
    assert [one.quality for one in made.figures] == ["exact"]


@pytest.mark.parametrize(
    ("inside", "changes", "failures"),
    [
        ("<counts><entries>1</entries></counts>", {}, [("entries", "observation", "MEANING-006", "quality")]),
        (f"{GOOD}<counts><entries>many</entries></counts>", {}, [("entries", "observation", "OBS-016", "")]),
        ("<quality>odd</quality><counts><entries>1</entries></counts>", {},
         [("entries", "observation", "MEANING-007", "quality")]),
        (f"{GOOD}<counts><entries>1</entries></counts>", {"period": {"start": "since", "end": "until"}},
         [("entries", "observation", "MEANING-006", "since")]),
        (f"{GOOD}<since>2025-09-30</since><until>2025-09-01</until><counts><entries>1</entries></counts>",
         {"period": {"start": "since", "end": "until"}}, [("entries", "observation", "OBS-001", "")]),
        (f"{GOOD}<since>soon</since><until>2025-09-01</until><counts><entries>1</entries></counts>",
         {"period": {"start": "since", "end": "until"}}, [("entries", "observation", "OBS-001", "")]),
        ("<incidents><kind/></incidents>", {}, [("incidents[1]", "incident", "MEANING-006", "kind")]),
        ("<state>closed</state>", {}, [("status[1]", "crossing_status", "MEANING-006", "since")]),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_told_with_its_place(
    inside: str, changes: dict[str, Any], failures: list[tuple[str, str, str, str]]
) -> None:
    made = said(inside, **changes)
    assert [
        (one.position, one.kind, one.problem.code, str(one.problem.params.get("question", ""))) for one in made.failures
    ] == failures
    assert (made.figures, made.incidents, made.status) == ((), (), ())


def test_a_span_has_two_days() -> None:
    made = said(
        f"{GOOD}<since>2025-09-01</since><until>2025-09-07T10:00:00.000-04:00</until><counts><entries>9</entries></counts>",
        period={"start": "since", "end": "until"},
    )
    assert [one.period for one in made.figures] == [span(date(2025, 9, 1), date(2025, 9, 7))]


def test_each_turn_of_a_repeat_is_an_event_with_its_quantities() -> None:
    made = said(
        "<service>IMM</service><route>XX>YY</route>"
        "<incidents><kind>drugs</kind><persons/><hours>1.5</hours>"
        "<seized><item>cannabis</item><amount>12.5</amount><unit>k</unit></seized>"
        "<seized><item>cash</item><amount/><unit/></seized></incidents>"
        "<incidents><kind>violence</kind><persons>3</persons><hours/></incidents>"
    )
    assert made.failures == ()
    assert [(one.position, one.type, one.place, one.detecting, one.hours_to_referral, one.corridor, one.source,
             [(each.what, each.value, each.unit) for each in one.quantities]) for one in made.incidents] == [
        ("incidents[1]", "drugs", "TL-BCP-NOR", "IMM", Decimal("1.5"), "XX>YY", "REG",
         [("cannabis", Decimal("12.5"), "kg")]),
        ("incidents[2]", "violence", "TL-BCP-NOR", "IMM", None, "XX>YY", "REG",
         [("persons", Decimal(3), "persons")]),
    ]  # fmt: skip


def test_an_event_may_have_a_place_a_day_and_a_source_of_its_own() -> None:
    one_event = {
        "incidents": [{"type": {"code": "rescue"}, "place": {"code": "TL-N"}, "period": "since", "note": "note",
                       "source": {"code": "COAST"}, "when": {"question": "met", "is": "yes"}}]
    }  # fmt: skip
    assert said("<met>no</met><since>2025-09-29</since>", **one_event).incidents == ()
    (event,) = said("<met>yes</met><since>2025-09-29T05:00</since><note>calm</note>", **one_event).incidents
    assert (event.position, event.place, event.period.text, event.source, event.note) == (
        "incident[1]", "TL-N", "2025-09-29", "COAST", "calm",
    )  # fmt: skip


def test_the_status_of_a_crossing() -> None:
    inside = "<state>closed</state><since>2025-09-29</since><end>2025-10-02</end><cause>order</cause>"
    inside += "<hours_open>8-12</hours_open>"
    (status,) = said(inside).status
    assert (status.place, status.side, status.state, status.since, status.until, status.cause, status.hours) == (
        "TL-BCP-NOR", "own", "closed", date(2025, 9, 29), date(2025, 10, 2), "order", "8-12",
    )  # fmt: skip
    assert said("<since>2025-09-29</since>").status == ()
    elsewhere = {"status": [{"state": {"code": "open"}, "side": {"question": "service"}, "since": "since",
                             "place": {"code": "TL-BCP-SOU"}, "source": {"code": "NET"}, "note": "note"}]}  # fmt: skip
    (other,) = said("<service>other</service><since>2025-09-29</since>", **elsewhere).status
    assert (other.place, other.side, other.until, other.source) == ("TL-BCP-SOU", "other", None, "NET")
    (plain,) = said("<since>2025-09-29</since>", status=[{"state": {"code": "open"}, "since": "since"}]).status
    assert plain.side == "own"


def test_an_outcome_for_the_app_above_holds_what_was_answered() -> None:
    inside = "<met>yes</met><arrived>2025-09-30T14:05:00.000-04:00</arrived><state>1</state><since>2025-09-30</since>"
    made = said(f"{inside}<counts><deported>42</deported></counts>", figures=[], status=[])
    assert [(one.position, one.kind, one.data) for one in made.outcomes] == [
        (
            "outcome[1]",
            "return_operation",
            {"at": "2025-09-30T14:05", "counts": {"deported": 42, "all": 42}, "place": "here", "open": "yes"},
        )
    ]
    odd = said("<met>yes</met><counts><deported>many</deported></counts>", figures=[], status=[])
    assert [one.data for one in odd.outcomes] == [{"counts": {"deported": "many", "all": "many"}, "place": "here"}]
    assert said("<met>no</met>").outcomes == ()


def test_one_question_may_feed_two_figures() -> None:
    figures = [{"question": "entries", "measure": one} for one in ("entries", "returns")]
    made = said(f"{GOOD}<counts><entries>5</entries></counts>", figures=figures)
    assert [(one.position, one.measure) for one in made.figures] == [("entries#1", "entries"), ("entries#2", "returns")]


def test_place_and_day_of_the_form_as_a_whole() -> None:
    given_ = answers("<crossing>south</crossing><date>2025-09-30</date>")
    assert (place_of(meaning(), given_), day_of(meaning(), given_)) == ("TL-BCP-SOU", date(2025, 9, 30))
    strange = answers("<crossing>west</crossing><date/>")
    assert (place_of(meaning(), strange), day_of(meaning(), strange)) == ("", None)
    assert (place_of(Meaning(), given_), day_of(Meaning(), given_)) == ("", None)


def test_answers_are_found_by_path_or_name_and_from_inside_a_repeat() -> None:
    found = answers(
        "<crossing>north</crossing><counts><entries>1</entries></counts><incidents><kind>a</kind></incidents>"
    )
    assert (found.get("counts/entries"), found.get("entries"), found.get("nobody")) == ("1", "1", None)
    (turn,) = found.each("incidents")
    assert (turn.get("kind"), turn.get("crossing"), turn.each("seized")) == ("a", "north", ())


def test_a_document_with_entities_is_not_read() -> None:
    with pytest.raises(DefusedXmlException):
        read(b"<!DOCTYPE d [<!ENTITY a 'b'>]><d>&a;</d>", ())


def test_names_with_a_namespace_are_read_without_it() -> None:
    assert read(b"<d xmlns='urn:x'><q>1</q></d>", ()).get("q") == "1"


def test_no_declaration_means_nothing() -> None:
    assert parse(None, ASKED) == parse({}, ASKED) == Meaning()
    assert Meaning().empty
    assert not meaning().empty


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        (["x"], [("MEANING-001", "")]),
        ({"figgures": []}, [("MEANING-002", "figgures")]),
        ({"figures": [{"question": "entries", "measure": "entries"}]},
         [("MEANING-003", "place"), ("MEANING-003", "period"), ("MEANING-003", "source")]),
        ({"incidents": [{"type": {"code": "x"}}]}, [("MEANING-003", "source")]),
        ({**DECLARED, "figures": [{"question": "entrees"}]},
         [("MEANING-003", "figures[1].measure"), ("MEANING-004", "figures[1].question")]),
        ({**DECLARED, "figures": [{"measure": "entries"}]}, [("MEANING-003", "figures[1].question")]),
        ({**DECLARED, "figures": "entries"}, [("MEANING-001", "figures[1]")]),
        ({**DECLARED, "figures": [{"question": "entries", "measure": "x", "each": "turns"}]},
         [("MEANING-004", "figures[1].each")]),
        ({**DECLARED, "incidents": [{"each": "incidents"}]}, [("MEANING-003", "incidents[1].type")]),
        ({**DECLARED, "outcomes": [{"data": 4}]},
         [("MEANING-003", "outcomes[1].kind"), ("MEANING-003", "outcomes[1].data")]),
        ({**DECLARED, "outcomes": [{"kind": "x", "data": {"a": "note", "a.b": "note"}}]},
         [("MEANING-005", "outcomes[1].data.a")]),
        ({**DECLARED, "quality": {"code": "sure"}}, [("MEANING-005", "quality")]),
        ({**DECLARED, "place": {"question": "crossing", "words": 3}}, [("MEANING-001", "place.words")]),
        ({**DECLARED, "place": {"words": {}}}, [("MEANING-003", "place.question"), ("MEANING-003", "place")]),
        ({**DECLARED, "zero": "nothing"}, [("MEANING-001", "zero")]),
        ({**DECLARED, "zero": {"question": "nothing"}}, [("MEANING-003", "zero.is")]),
        ({**DECLARED, "period": 3}, [("MEANING-001", "period"), ("MEANING-003", "period")]),
        ({**DECLARED, "period": {"start": "since"}}, [("MEANING-003", "period.day")]),
        ({**DECLARED, "period": "dat"}, [("MEANING-004", "period")]),
    ],
)  # fmt: skip
def test_every_mistake_of_a_declaration_is_told(declared: Any, expected: list[tuple[str, str]]) -> None:
    with pytest.raises(Refused) as refused:
        parse(declared, ASKED, file="meaning.yaml")
    assert [(one.code, one.column) for one in refused.value.problems] == expected
    assert {one.file for one in refused.value.problems} == {"meaning.yaml"}


def test_the_nearest_question_is_offered() -> None:
    with pytest.raises(Refused) as refused:
        parse({"note": "crosing"}, ASKED)
    assert [str(one.params["nearest"]) for one in refused.value.problems] == ["crossing"]


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.sampled_from([one.path for one in ASKED]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
keys = st.sampled_from([*DECLARED, "each", "when"])


@given(st.dictionaries(keys, plain))
def test_any_declaration_is_read_or_refused_with_codes(changes: dict[str, Any]) -> None:
    try:
        found = parse({**DECLARED, **changes}, ASKED)
    except Refused:
        return
    derive(
        found,
        answers("<crossing>north</crossing><counts><entries>1</entries></counts><incidents><kind>a</kind></incidents>"),
    )


@given(st.lists(st.tuples(st.sampled_from(["crossing", "date", "nothing", "quality", "state", "since", "places"]),
                          st.text("abn0123456789-./ ", max_size=12))))  # fmt: skip
def test_any_answers_give_figures_or_failures(given_: list[tuple[str, str]]) -> None:
    inside = "".join(f"<{name}>{text}</{name}>" for name, text in dict(given_).items())
    made = derive(meaning(), answers(inside))
    assert all(one.value is None or one.value >= 0 for one in made.figures)
