"""policy/demo/options.toml: which options were compared for an objective of the demonstration, and which was chosen."""

from collections.abc import Iterator, Mapping
from typing import Protocol

from pasaj.core.appraisal import grade
from pasaj.core.pack.sheets import Book
from pasaj.core.pack.toml import Table
from pasaj.core.policy import demo

SCALES = dict(grade.STANDARD)
CERTAINTIES = ("high", "moderate", "low", "very_low")
_EXAMPLE = 'BENEFIT = "large, moderate"'


class Reader(Protocol):
    """What the reader of the other files knows."""

    book: Book

    def texts(self, table: Table, key: str = "text") -> dict[str, str]:
        """A text in every language of the pack."""

    def one(self, table: Table, key: str, example: str) -> str:
        """A code of the policy's own that stands further up."""


def appraisals(table: Table, reader: Reader) -> Iterator[demo.Appraisal]:
    """Each question of the file; what is wrong with it goes to the findings of the pack."""
    for one in table.tables("appraisal", "[[appraisal]]"):
        options = tuple(_option(each, reader) for each in one.tables("option", "[[appraisal.option]]"))
        chosen = one.get("chosen", "chosen = 2", needed=True)
        if not isinstance(chosen, int) or not 1 <= chosen <= len(options):
            one.bad("chosen", "chosen = 2")
            chosen = 1
        yield demo.Appraisal(
            reader.one(one, "objective", "O1.1"), reader.texts(one), options, chosen,
            one.text("reason", 'reason = "…"'), reader.one(one, "measure", "M1.1"),
        )  # fmt: skip
        one.strangers()


def _option(table: Table, reader: Reader) -> demo.Option:
    law = table.several("law", 'law = ["…"]')
    table.known("law", law, reader.book.instruments)
    judged = _judged(table)
    found = demo.Option(reader.texts(table), judged, _dissent(table, judged), law)
    table.strangers()
    return found


def _judged(table: Table) -> dict[str, tuple[str, str]]:
    words = table.table("judged", "[appraisal.option.judged]")
    found: dict[str, tuple[str, str]] = {}
    for code in words.raw if words else ():
        assert words is not None
        if code not in SCALES:
            words.word(code[:40], code, tuple(SCALES))
            continue
        word, _comma, sure = (part.strip() for part in words.text(code, _EXAMPLE).partition(","))
        if word not in (*grade.SCALES[SCALES[code]], *grade.OPEN):
            words.word(code, word, (*grade.SCALES[SCALES[code]], *grade.OPEN))
        elif sure not in ("", *CERTAINTIES):
            words.word(code, sure, CERTAINTIES)
        else:
            found[code] = (word, sure)
    return found


def _dissent(table: Table, judged: Mapping[str, object]) -> dict[str, str]:
    """Who sees a judgement otherwise; only of what is judged."""
    if "dissent" not in table.raw:
        return {}
    said = table.table("dissent", "[appraisal.option.dissent]")
    found: dict[str, str] = {}
    for code in said.raw if said else ():
        assert said is not None
        if code not in judged:
            said.word(code[:40], code, tuple(judged) or ("BENEFIT",))
        else:
            found[code] = said.text(code, 'RESOURCES = "…"')
    return found
