from __future__ import annotations

import pytest

from pasaj.core import sms
from pasaj.core.textgram.answering import fitting


@pytest.mark.req("R11.36")
@pytest.mark.parametrize(
    ("text", "ending", "answer"),
    [
        ("RESEVWA BEL 12/10", "", "RESEVWA BEL 12/10"),
        ("« Non » n’est pas compris.", "Écrivez : RAPPORT", '"Non" n\'est pas compris. Écrivez : RAPPORT'),
        ("Ça ê ç …", "", "Ça e c ..."),
        ("Œ 中", "", "? ?"),
        ("", "x  y", "x y"),
        ("", "", ""),
        ("a" * 200, "", "a" * 157 + "..."),
        ("a" * 200, "end", "a" * 153 + "... end"),
        ("a", "b" * 200, "b" * 157 + "..."),
    ],
)
def test_an_answer_fits_one_sms(text: str, ending: str, answer: str) -> None:
    found = fitting(text, ending)
    assert found == answer
    length = sms.measure(found)
    assert (length.encoding, length.segments) == ("GSM-7", 1 if found else 0)
