"""Counts written as text: the strict grammar of an SMS, the tolerant reading of messages, and the way back."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pasaj.core.problems import Problem
from pasaj.core.textgram import LIMIT, SMS, Place, Reading, Target, Word, Words, read, read_strictly, render, reply
from pasaj.core.textgram import example as sample

TODAY = date(2025, 10, 13)
WORDS = Words(
    [
        Word("rapò", "report", language="ht"),
        Word("rapport", "report", language="fr"),
        Word("zewo", "zero", language="ht"),
        Word("zéro", "zero", language="fr"),
        Word("antre", "figure", "entries", "total", "ht"),
        Word("entrées", "figure", "entries", "total", "fr"),
        Word("soti", "figure", "exits", "total", "ht"),
        Word("depòte", "figure", "returns", "deported", "ht"),
        Word("moun yo depòte", "figure", "returns", "deported", "ht"),
        Word("poukont", "figure", "returns", "spontaneous", "ht"),
        Word("refize", "figure", "returns", "refused", "ht"),
        Word("dlo", "figure", "water", "total", "ht"),
        Word("yè", "yesterday", language="ht"),
        Word("jodi a", "today", language="ht"),
        Word("resevwa", "received", language="ht"),
        Word("oktòb", "month-10", language="ht"),
        Word("october", "month-10", language="en"),
        Word("de", "skip", language="es"),
        Word("moun", "skip", language="ht"),
    ],
    [
        Place("XX-BCP-BEL", ("Belladère–Elías Piña (Comendador)", "Belladère", "Beladè")),
        Place("XX-BCP-MAL", ("Malpasse–Jimaní", "Malpas", "Jimaní")),
        Place("XX-APT-CAP", ("Airport of the Cape", "Cape")),
        Place("XX-SEA-CAP", ("Port of the Cape", "Cape")),
        Place("XX-UBP-01", ("Hill town, point 1",)),
        Place("NOWHERE", ()),
    ],
    quantities={"water"},
)
Said = list[tuple[str, str, str, str]]


def said(found: Reading) -> Said:
    """Place, day, figure and value of each."""
    return [
        (one.place, one.day.isoformat() if one.day else "", one.target.key if one.target else "zero", f"{one.value:f}")
        for one in found.figures
    ]


def codes(found: Reading) -> list[str]:
    return [one.code for one in found.problems]


def lost(found: Reading) -> list[str]:
    return [text for text, known in found.parts() if not known]


# --- SMS ---------------------------------------------------------------------------------------

ISSUE: Said = [
    ("XX-BCP-BEL", "2025-10-12", "returns.deported", "265"),
    ("XX-BCP-BEL", "2025-10-12", "returns.spontaneous", "45"),
    ("XX-BCP-BEL", "2025-10-12", "returns.refused", "3"),
]


@pytest.mark.parametrize(
    "text",
    [
        "RAPO BEL 12/10 DEPOTE 265 POUKONT 45 REFIZE 3",
        "rapò: beladè, 12/10/2025 - depòte=265; poukont: 45. refize 3!",
        "Rapport XX-BCP-BEL 2025-10-12 depote 265 poukont 45 refize 3",
        "RAPO yè BEL DEPOTE 265 POUKONT 45 REFIZE 3",
        "RAPO DEPOTE 265 POUKONT 45 REFIZE 3 12.10.25 BEL",
        "RAPO BELLADERE BEL 12/10/25 DEPOTE 265 POUKONT 45 REFIZE 3",
        "RAPO BEL 12/10\nDEPOTE 265\nPOUKONT 45\nREFIZE 3",
        "RAPO BEL 12 oktòb DEPOTE 265 POUKONT 45 REFIZE 3",
        "RAPO BEL 12 de oktob 2025 DEPOTE 265 POUKONT 45 REFIZE 3",
        "RAPO BEL October 12, 2025 DEPOTE 265 POUKONT 45 REFIZE 3",
        "RAPO BEL October 12 DEPOTE 265 POUKONT 45 REFIZE 3",
        "RAPO BEL 12 OKTOB DEPOTE 265 POUKONT 45 REFIZE 3",
    ],
)
def test_a_message_in_many_hands(text: str) -> None:
    found = read_strictly(text, WORDS, TODAY)
    assert (codes(found), said(found), lost(found)) == ([], ISSUE, [])


def test_zero_is_said_not_guessed() -> None:
    assert said(read_strictly("RAPO BEL 12/10 ZEWO", WORDS, TODAY)) == [("XX-BCP-BEL", "2025-10-12", "zero", "0")]
    one = read_strictly("RAPO BEL 12/10 ANTRE ZEWO SOTI 3", WORDS, TODAY)
    assert [figure[2:] for figure in said(one)] == [("entries.total", "0"), ("exits.total", "3")]
    both = read_strictly("RAPO BEL 12/10 ANTRE 4 ZEWO", WORDS, TODAY)
    assert (codes(both), both.figures, lost(both)) == (["TEXT-009"], (), ["ZEWO"])


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", ["TEXT-001", "TEXT-012"]),
        ("BEL 12/10 ANTRE 5", ["TEXT-001"]),
        ("RAPO 12/10 ANTRE 5", ["TEXT-002"]),
        ("RAPO BEL ANTRE 5", ["TEXT-004"]),
        ("RAPO BEL 12/10", ["TEXT-012"]),
        ("RAPO BEL 12/10 ANTRE", ["TEXT-009", "TEXT-012"]),
        ("RAPO BEL 12/10 5 ANTRE", ["TEXT-010", "TEXT-009", "TEXT-012"]),
        ("RAPO BEL 12/10 ANTRE 5 7 SOTI", ["TEXT-010", "TEXT-009"]),
        ("RAPO BEL 12/10 ANTRE 5 ANTRE 5", ["TEXT-011"]),
        ("RAPO BEL 12/10 ANTRE 5 ANTR 7", ["TEXT-010", "TEXT-007"]),
        ("RAPO BEL 12/10 ANTRE 5 xyzzyqq", ["TEXT-008"]),
        ("RAPO BEL 31/2 ANTRE 5", ["TEXT-005"]),
        ("RAPO BEL 12/10/2026 ANTRE 5", ["TEXT-005"]),
        ("RAPO BEL 12/10/0000 ANTRE 5", ["TEXT-005"]),
        ("RAPO BEL 12/10 11/10 ANTRE 5", ["TEXT-006"]),
        ("RAPO BEL 12/10 ANTRE 5 11/10 SOTI 4", ["TEXT-006"]),
        ("RAPO CAPE 12/10 ANTRE 5", ["TEXT-003"]),
        ("RAPO CAP 12/10 ANTRE 5", ["TEXT-003"]),
        ("RAPO BEL MAL 12/10 ANTRE 5", ["TEXT-003"]),
        ("RAPO BEL 12/10 ANTRE 5 MAL SOTI 4", ["TEXT-003"]),
        ("RAPO BEL 12/10 ANTRE 2,5", ["OBS-004", "TEXT-012"]),
        ("RAPO BEL 12/10 ANTRE 99999999999", ["OBS-012", "TEXT-012"]),
        ("RAPO BEL 12/10 18h ANTRE 5 18:30", ["TEXT-008", "TEXT-008"]),
        ("RAPO BEL 12/10 ANTRE 5" + " " * LIMIT, ["TEXT-015"]),
        ("RAPO BEL 14/10 ANTRE 5", ["TEXT-017"]),
        ("RAPO BEL 14 oktòb ANTRE 5", ["TEXT-017"]),
        ("RAPO BEL October 14 ANTRE 5", ["TEXT-017"]),
        ("RAPO BEL 29/2 ANTRE 5", ["TEXT-017"]),
        ("RAPO BEL 12/10 ANTRE 11 OKTOB 5", ["TEXT-018"]),
        ("RAPO BEL 12/10 ANTRE 5 MAL", ["TEXT-018"]),
        ("RAPO BEL 12/10 ANTRE 5 MAL 11/10", ["TEXT-018", "TEXT-018"]),
        ("RAPO BEL 12/10 ANTRE 5 31/2", ["TEXT-005"]),
        ("RAPO BEL 12/10 ANTRE -5", ["OBS-003", "TEXT-012"]),
        ("RAPO BEL 12/10 ANTRE: -5", ["OBS-003", "TEXT-012"]),
        ("RAPO BEL 12/10 ANTRE \u22125", ["OBS-003", "TEXT-012"]),
        ("RAPO BEL 12/10 ANTRE -1 250", ["OBS-003", "TEXT-012"]),
        ("RAPO BEL 12/10 ANTRE -5kg", ["TEXT-009", "TEXT-008", "TEXT-012"]),
    ],
)
def test_a_message_is_taken_whole_or_not_at_all(text: str, wanted: list[str]) -> None:
    found = read_strictly(text, WORDS, TODAY)
    assert (codes(found), found.figures) == (wanted, ())


def test_a_place_written_in_two_ways_is_one_place() -> None:
    assert said(read_strictly("RAPO Cape XX-SEA-CAP 12/10 ANTRE 5", WORDS, TODAY))[0][0] == "XX-SEA-CAP"
    assert said(read_strictly("RAPO Hill town, point 1 12/10 ANTRE 5", WORDS, TODAY))[0][0] == "XX-UBP-01"


def test_a_misspelt_word_is_answered_with_its_neighbour() -> None:
    found = read_strictly("RAPO BEL 12/10 POUKOT 4", WORDS, TODAY)
    assert found.problems[1].text() == "“POUKOT” was not understood. Near to it: poukont."


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1 250", "1250"),
        ("1.250", "1250"),
        ("1,250", "1250"),
        ("1'250", "1250"),
        ("12\u202f345", "12345"),
        ("007", "7"),
    ],
)
def test_thousands_in_counts(written: str, value: str) -> None:
    assert said(read(f"Malpas 12/10 antre {written}", WORDS, TODAY))[0][3] == value


def test_a_quantity_may_have_a_fraction_and_is_refused_when_it_can_be_two_numbers() -> None:
    assert said(read("Malpas 12/10 dlo 2,5", WORDS, TODAY))[0][2:] == ("water.total", "2.5")
    assert codes(read("Malpas 12/10 dlo 1.250", WORDS, TODAY)) == ["IMPORT-014", "TEXT-012"]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("13/10", "2025-10-13"),
        ("13/4", "2025-04-13"),
        ("14/10/2024", "2024-10-14"),
        ("29/2/24", "2024-02-29"),
        ("13/10/24", "2024-10-13"),
        ("jodi a", "2025-10-13"),
        ("YE", "2025-10-12"),
    ],
)
def test_the_year_is_that_of_the_nearest_past_day(written: str, day: str) -> None:
    assert said(read_strictly(f"RAPO BEL {written} ANTRE 1", WORDS, TODAY))[0][1] == day


# --- Pasted messages ---------------------------------------------------------------------------


def test_the_message_of_the_issue() -> None:
    found = read("Beladè 12/10: antre 214, depòte 265, poukont 45", WORDS, TODAY)
    assert said(found) == [
        ("XX-BCP-BEL", "2025-10-12", "entries.total", "214"),
        ("XX-BCP-BEL", "2025-10-12", "returns.deported", "265"),
        ("XX-BCP-BEL", "2025-10-12", "returns.spontaneous", "45"),
    ]
    assert (codes(found), lost(found)) == ([], [])


@pytest.mark.parametrize(
    "text",
    [
        "Beladè yè\nAntre: 214\nMoun yo depòte : 265 moun",
        "Beladè, 12/10\n214 antre, 265 depòte",
        "214 antre\n265 depòte\nBeladè 12/10",
        "Beladè 12/10\n\nAntre\n214\nDepòte\n265",
        "antre=214 depòte=265 yè Beladè",
        "Beladè (12 oktòb): antre 214; depòte: 265.",
    ],
)
def test_figures_before_and_after_their_words_on_any_line(text: str) -> None:
    assert said(read(text, WORDS, TODAY)) == [
        ("XX-BCP-BEL", "2025-10-12", "entries.total", "214"),
        ("XX-BCP-BEL", "2025-10-12", "returns.deported", "265"),
    ]


def test_each_message_keeps_its_day_and_loses_its_sender() -> None:
    found = read(
        "\u200e[12/10/2025, 18:03:22] Jean Baptiste: Beladè yè: antre 214\r\ndepòte 265\n"
        "[12/10/2025, 19:00] Marie joined using a link\n"
        "13/10/25, 8:03 - ~ Pierre (chef): Malpas antre 3\n"
        "9/30/25, 8:03 PM - +509 3712 3456: Malpas soti 8",
        WORDS,
        TODAY,
    )
    assert found.text == (
        "[2025-10-12] Beladè yè: antre 214\ndepòte 265\n[2025-10-12] \n[2025-10-13] Malpas antre 3\n"
        "[2025-09-30] Malpas soti 8"
    )
    assert said(found) == [
        ("XX-BCP-BEL", "2025-10-11", "entries.total", "214"),
        ("XX-BCP-BEL", "2025-10-11", "returns.deported", "265"),
        ("XX-BCP-MAL", "2025-10-13", "entries.total", "3"),
        ("XX-BCP-MAL", "2025-09-30", "exits.total", "8"),
    ]
    assert [one.sent for one in found.figures] == [False, False, True, True]
    assert read(found.text, WORDS, TODAY) == found


@pytest.mark.parametrize(
    ("head", "text"),
    [
        ("[40/40/2025, 18:03] Jean: ", "antre 5"),
        ("[1/1/2099, 18:03] Jean: ", "antre 5"),
        ("2025-10-12, 18:03 - Jean: ", "[2025-10-12] antre 5"),
        ("[2025-99-99] ", "[2025-99-99] antre 5"),
        ("[12/10/2025] Jean: ", "[2025-10-12] antre 5"),
    ],
)
def test_a_head_without_a_possible_day_is_dropped_with_its_sender(head: str, text: str) -> None:
    assert read(f"{head}antre 5", WORDS, TODAY).text == text


def test_several_places_and_days_each_with_their_figures() -> None:
    found = read("11/10\nBeladè antre 5\nMalpas antre 6\n12/10 soti 7", WORDS, TODAY)
    assert said(found) == [
        ("XX-BCP-BEL", "2025-10-11", "entries.total", "5"),
        ("XX-BCP-MAL", "2025-10-11", "entries.total", "6"),
        ("XX-BCP-MAL", "2025-10-12", "exits.total", "7"),
    ]


def test_a_doubtful_place_is_asked_not_guessed() -> None:
    found = read("Cape 12/10 antre 5", WORDS, TODAY)
    assert [(one.place, one.candidates) for one in found.figures] == [("", ("XX-APT-CAP", "XX-SEA-CAP"))]
    two = read("Beladè ak Malpas 12/10 antre 5", WORDS, TODAY)
    assert [(one.place, one.candidates) for one in two.figures] == [("", ("XX-BCP-BEL", "XX-BCP-MAL"))]
    near = read("Malpaz 12/10 antre 5", WORDS, TODAY)
    assert [(one.place, one.candidates) for one in near.figures] == [("", ("XX-BCP-MAL",))]
    assert (codes(near), lost(near)) == (["TEXT-007", "TEXT-002"], ["Malpaz"])
    none = read("antre 5", WORDS, TODAY)
    assert [(one.place, one.day, one.candidates) for one in none.figures] == [("", None, ())]
    assert codes(none) == ["TEXT-002", "TEXT-004"]


def test_a_day_that_may_be_still_to_come_is_shown_as_doubtful() -> None:
    found = read("Beladè 14/10: antre 5", WORDS, TODAY)
    assert [(one.day, one.far) for one in found.figures] == [(date(2024, 10, 14), True)]
    assert [(one.code, one.params["day"]) for one in found.problems] == [("TEXT-017", "2024-10-14")]
    sent = read("[14/10/2024, 18:03] Jean: Beladè 13/10: antre 5", WORDS, TODAY)
    assert [(one.day, one.far) for one in sent.figures] == [(date(2024, 10, 13), False)]
    twice = read("Beladè 14/10 (14/10/2024): antre 5", WORDS, TODAY)
    assert ([one.far for one in twice.figures], codes(twice)) == ([False], [])


def test_an_unknown_name_before_a_day_is_not_the_place_above() -> None:
    found = read("Beladè 12/10: antre 5\nZorglub 11/10: antre 6\nMalpas 10/10 antre 7", WORDS, TODAY)
    assert [(one.place, one.day) for one in found.figures] == [
        ("XX-BCP-BEL", date(2025, 10, 12)), ("", date(2025, 10, 11)), ("XX-BCP-MAL", date(2025, 10, 10)),
    ]  # fmt: skip
    assert (codes(found), lost(found)) == (["TEXT-008", "TEXT-002"], ["Zorglub"])
    greeted = read("Bonjou chèf, 12/10\nBeladè antre 5", WORDS, TODAY)
    assert [one.place for one in greeted.figures] == ["XX-BCP-BEL"]
    idle = read("Beladè 12/10: antre 5\nZorglub 11/10", WORDS, TODAY)
    assert ([one.place for one in idle.figures], codes(idle)) == (["XX-BCP-BEL"], ["TEXT-008", "TEXT-018"])


@pytest.mark.parametrize("dash", ["antre-5", "antre - 5", "antre- 5", "antre – 5", "\n-5 antre", "\n - 5 antre"])
def test_a_dash_that_is_no_minus(dash: str) -> None:
    assert said(read(f"Beladè 12/10 {dash}", WORDS, TODAY))[0][2:] == ("entries.total", "5")


def test_a_place_or_day_without_a_count_is_shown() -> None:
    found = read("Beladè 12/10: antre 5\nMalpas:", WORDS, TODAY)
    assert ([one[0] for one in said(found)], codes(found), lost(found)) == (["XX-BCP-BEL"], ["TEXT-018"], ["Malpas"])
    day = read("Beladè 11/10 antre 5\n12/10\n13/10 soti 4", WORDS, TODAY)
    assert (codes(day), [one.day for one in day.figures]) == (["TEXT-006"], [date(2025, 10, 11), None])
    again = read("Beladè 12/10 antre 5. Beladè, 12/10", WORDS, TODAY)
    assert (codes(again), lost(again)) == ([], [])


def test_telephone_numbers_and_hours_are_no_counts() -> None:
    found = read("Malpas 12/10 a 18:30, 3712 antre 5 soti 6, tel 3712-3456", WORDS, TODAY)
    assert [one[2:] for one in said(found)] == [("entries.total", "5"), ("exits.total", "6")]


def test_what_was_not_understood_is_shown() -> None:
    found = read("Malpas 12/10: antre 5, kabrit 9, soti", WORDS, TODAY)
    assert "".join(text for text, _ in found.parts()) == found.text
    assert lost(found) == ["kabrit 9", "soti"]
    assert said(read("Malpas 12/10 te gen 9 antre, 5 soti", WORDS, TODAY))[0][2:] == ("entries.total", "9")


def test_the_problem_names_its_line() -> None:
    found = read("Malpas 12/10\nantre 5\nsoti 1,5", WORDS, TODAY)
    assert [(one.code, one.row) for one in found.problems] == [("OBS-004", 3)]


# --- The way back ------------------------------------------------------------------------------

TARGETS = [
    Target("entries"),
    Target("exits"),
    *(Target("returns", one) for one in ("deported", "spontaneous", "refused")),
]


@settings(max_examples=200)
@given(
    place=st.sampled_from(list(WORDS.names)),
    back=st.integers(0, 3000),
    figures=st.lists(
        st.tuples(st.sampled_from(TARGETS), st.integers(0, 10**9).map(Decimal)),
        max_size=5,
        unique_by=lambda one: one[0],
    ),
    language=st.sampled_from(["ht", "fr", "en", ""]),
)
def test_what_is_written_reads_back(
    place: str, back: int, figures: list[tuple[Target, Decimal]], language: str
) -> None:
    day = TODAY - timedelta(days=back)
    text = render(place, day, figures, WORDS, TODAY, language)
    wanted = [(place, day, target, value) for target, value in figures] or [(place, day, None, Decimal(0))]
    for found in (read_strictly(text, WORDS, TODAY), read(text, WORDS, TODAY)):
        assert codes(found) == []
        assert [(one.place, one.day, one.target, one.value) for one in found.figures] == wanted


def test_the_written_line() -> None:
    figures = [(Target("returns", "deported"), Decimal("265.0000")), (Target("goats"), Decimal(1))]
    assert render("XX-BCP-BEL", date(2025, 10, 12), figures, WORDS, TODAY, "ht") == "RAPO BEL 12/10 DEPOTE 265"
    assert render("XX-SEA-CAP", date(2023, 1, 2), [], WORDS, TODAY, "fr") == "RAPPORT XX-SEA-CAP 2/1/2023 ZERO"
    assert render("XX-BCP-BEL", date(2025, 4, 13), [], WORDS, TODAY, "ht") == "RAPO BEL 13/4 ZEWO"
    assert render("XX-BCP-BEL", date(2025, 4, 12), [], WORDS, TODAY, "ht") == "RAPO BEL 12/4/2025 ZEWO"


def test_the_answer_fits_one_message() -> None:
    good = read_strictly("RAPO BEL 12/10 DEPOTE 265", WORDS, TODAY)
    assert reply(good, WORDS, TODAY, "ht") == "RESEVWA BEL 12/10 DEPOTE 265"
    zero = read_strictly("RAPO BEL 12/10 ZEWO", WORDS, TODAY)
    assert reply(zero, WORDS, TODAY, "ht") == "RESEVWA BEL 12/10 ZEWO"
    bad = read_strictly("RAPO BEL ANTRE 5", WORDS, TODAY)
    assert reply(bad, WORDS, TODAY) == "No day is said for a figure."
    assert len(reply(bad, WORDS, TODAY, say=lambda _one: "x" * 500)) == SMS


def test_an_empty_vocabulary_knows_nothing_and_says_so() -> None:
    nothing = Words([], [])
    found = read("antre 5", nothing, TODAY)
    long = read("Malpas 12/10 antre 5" + " " * LIMIT, WORDS, TODAY)
    assert (codes(long), len(said(long))) == (["TEXT-015"], 1)
    assert (said(found), [one.text() for one in found.problems if one.code == "TEXT-012"]) == (
        [],
        ["No count was found in the text."],
    )
    assert (sample(nothing), sample(WORDS)) == ("XX 12/10 12", "RAPO BEL 12/10 ANTRE 12")
    assert sample(WORDS, "fr") == "RAPPORT BEL 12/10 ENTREES 12"
    one = Words([Word("a", "figure", "m", "", "en")], [Place("XX-AB-CD", ("Name",)), Place("YY-AB-CD", ())])
    assert render("XX-AB-CD", TODAY, [(Target("m"), Decimal(3))], one, TODAY) == "XX-AB-CD 13/10 A 3"


PIECES = [
    *("RAPO", "BEL", "Cape", "Beladè", "12/10", "31/2", "yè", ",", ":", "265", "antre", "depòte", "zewo", "oktòb"),
    *("xyz", "2.5", "-", "18:30", "2.5kg"),
    *("1 250", "October 3", "[12/10/2025, 18:03] Jo: ", "[2025-10-12] ", "\n", " ", "\u0300", "²", "٣", "\0"),
]


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300) | st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join))
@example("12 oktòb 99999")
@example("[2025-10-12] \n[2025-10-12] ")
def test_no_text_breaks_it(text: str) -> None:
    for found in (read(text, WORDS, TODAY), read_strictly(text, WORDS, TODAY)):
        assert "".join(part for part, _ in found.parts()) == found.text
        assert all(isinstance(one, Problem) and one.text() and one.remedy() for one in found.problems)
        assert all(one.day is None or one.day <= TODAY for one in found.figures)
        reply(found, WORDS, TODAY, "fr")
