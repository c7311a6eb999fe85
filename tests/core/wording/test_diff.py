"""Two texts beside each other, and two changes brought together: nothing is lost."""

from __future__ import annotations

import re
import time
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pasaj.core.wording import Conflict, Segment, merge, segments
from pasaj.core.wording.diff import DEAREST, new_text, old_text

TEXT = st.text(st.sampled_from("ab,. \n"), max_size=40) | st.text(max_size=40)
UNIQUE = [f"mot{at}" for at in range(12)]


@pytest.mark.req("R12.22")
def test_words_that_stay_go_and_come() -> None:
    assert segments("Le poste ferme à 18 h.", "Le grand poste ferme à 17 h.") == (
        Segment("equal", "Le "),
        Segment("insert", "grand "),
        Segment("equal", "poste ferme à "),
        Segment("delete", "18"),
        Segment("insert", "17"),
        Segment("equal", " h."),
    )


def test_changed_words_side_by_side_are_one_run() -> None:
    assert segments("un deux trois", "un mille cent trois") == (
        Segment("equal", "un "),
        Segment("delete", "deux"),
        Segment("insert", "mille cent"),
        Segment("equal", " trois"),
    )


@pytest.mark.req("R12.22")
@given(TEXT, TEXT)
def test_segments_lead_from_the_old_text_to_the_new(old: str, new: str) -> None:
    found = segments(old, new)
    assert (old_text(found), new_text(found)) == (old, new)
    assert segments(old, old) == ((Segment("equal", old),) if old else ())


def test_a_text_of_one_word_many_times_takes_no_time() -> None:
    assert DEAREST < 3_000 * 3_001
    started = time.process_time()
    found = segments("a " * 3_000 + "b", "c " + "a " * 3_001)
    assert (old_text(found), new_text(found)) == ("a " * 3_000 + "b", "c " + "a " * 3_001)
    assert time.process_time() - started < 5


@pytest.mark.req("R12.22")
def test_changes_in_different_places_are_both_kept() -> None:
    base = "Le poste ouvre à 8 h et ferme à 18 h, sauf le dimanche."
    mine = "Le poste ouvre à 7 h et ferme à 18 h, sauf le dimanche."
    theirs = "Le poste ouvre à 8 h et ferme à 18 h, sauf les jours fériés."
    assert merge(base, mine, theirs).text == "Le poste ouvre à 7 h et ferme à 18 h, sauf les jours fériés."


@pytest.mark.req("R12.22")
def test_changes_that_meet_are_a_conflict_with_both_texts() -> None:
    found = merge("Dans 30 jours.", "Dans 45 jours.", "Dans 30 mois.")
    assert found.pieces == ("Dans ", Conflict("30 jours.", "45 jours.", "30 mois."))
    assert (found.text, found.proposal("mine"), found.proposal("theirs"), found.proposal("base")) == (
        None,
        "Dans 45 jours.",
        "Dans 30 mois.",
        "Dans 30 jours.",
    )


@given(TEXT, TEXT)
def test_one_change_alone_is_taken_whole(base: str, other: str) -> None:
    assert merge(base, other, base).text == other
    assert merge(base, base, other).text == other
    assert merge(base, other, other).text == other


@pytest.mark.req("R12.22")
@given(
    st.integers(0, 4),
    st.integers(7, 11),
    st.sampled_from(["", "neuf", "neuf et vieux"]),
    st.sampled_from(["", "autre", "tout autre"]),
    st.booleans(),
)
def test_edits_apart_are_both_there(first: int, second: int, one: str, other: str, swapped: bool) -> None:
    def edited(*changes: tuple[int, str]) -> str:
        return " ".join(dict(changes).get(at, word) for at, word in enumerate(UNIQUE))

    base = edited()
    mine, theirs = edited((first, one)), edited((second, other))
    if swapped:
        mine, theirs = theirs, mine
    assert merge(base, mine, theirs).text == edited((first, one), (second, other))


@given(TEXT, TEXT, TEXT)
def test_nothing_that_either_wrote_is_lost(base: str, mine: str, theirs: str) -> None:
    def words(text: str) -> Counter[str]:
        return Counter(re.findall(r"\w+", text))

    found = merge(base, mine, theirs)
    for text, side in ((mine, "mine"), (theirs, "theirs")):
        kept = words("\n".join(one if isinstance(one, str) else getattr(one, side) for one in found.pieces))
        assert words(text) - words(base) - kept == Counter()
