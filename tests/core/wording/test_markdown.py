"""The text of clauses: what it gives, what is wrong with it, and that no word is lost."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pasaj.core.report import Block, Heading, Items, Paragraph, Span, paragraph, spans
from pasaj.core.wording import LONGEST, check, normal, parse, plain, write

strong = lambda text: Span(text, strong=True)  # noqa: E731
emphasis = lambda text: Span(text, emphasis=True)  # noqa: E731


@pytest.mark.req("R12.20")
@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("", ()),
        ("Un.\nDeux.\n\nTrois.", (paragraph("Un. Deux."), paragraph("Trois."))),
        (
            "Le **poste** et la *ligne*.",
            (paragraph("Le ", strong("poste"), " et la ", emphasis("ligne"), "."),),
        ),
        ("***a***b", (paragraph(Span("a", strong=True, emphasis=True), "b"),)),
        ("**a *b* c**", (paragraph(strong("a "), Span("b", strong=True, emphasis=True), strong(" c")),)),
        ("2 * 3 * 4 et 5*", (paragraph("2 * 3 * 4 et 5*"),)),
        ("\\*a\\* \\{{x}} 1\\. C:\\dir", (paragraph("*a* {{x}} 1. C:\\dir"),)),
        ("<b>a</b> & <script>alert(1)</script>", (paragraph("<b>a</b> & <script>alert(1)</script>"),)),
        ("- a\n- b\n  c", (Items((spans("a"), spans("b c"))),)),
        ("- a\n\n- b", (Items((spans("a"), spans("b"))),)),
        ("1. a\n2) b", (Items((spans("a"), spans("b")), numbered=True),)),
        ("- a\n1. b", (Items((spans("a"),)), Items((spans("b"),), numbered=True))),
        ("2015. Une année.", (paragraph("2015. Une année."),)),
        ("texte\n- a", (paragraph("texte"), Items((spans("a"),)))),
        (
            "- a\n  1. b\n  2. c\n- d",
            (Items((spans("a"), spans("d")), False, (Items((spans("b"), spans("c")), True), None)),),
        ),
        ("- a\n\nfin", (Items((spans("a"),)), paragraph("fin"))),
        (
            "Voir [la *loi*](https://example.org/a?b#c).",
            (
                paragraph(
                    "Voir ",
                    Span("la ", address="https://example.org/a?b#c"),
                    Span("loi", address="https://example.org/a?b#c", emphasis=True),
                    ".",
                ),
            ),
        ),
        ("[a](javascript:alert)", (paragraph("[a](javascript:alert)"),)),
        ("![a](https://example.org/)", (paragraph("!", Span("a", address="https://example.org/")),)),
        ("{{figure:FG-1}} {{}}", (paragraph(Span("{{figure:FG-1}}", code=True), " {{}}"),)),
    ],
)
def test_a_text_gives_blocks(text: str, blocks: tuple[Block, ...]) -> None:
    assert parse(text) == blocks


def test_a_link_holds_no_link() -> None:
    address = "https://example.org/"
    text = f"[a \\[b\\]({address})]({address})"
    assert parse(f"[a]({address}x)[b]({address})") == (
        paragraph(Span("a", address=address + "x"), Span("b", address=address)),
    )
    assert parse(text) == (paragraph(Span(f"a [b]({address})", address=address)),)


@pytest.mark.req("R12.21")
def test_references_are_said_in_their_place() -> None:
    found = parse("**{{figure:FG-1}}** cas", lambda one: (Span(f"«{one.code}»", address="/trace/FG-1/"),))
    assert found == (paragraph(Span("«FG-1»", strong=True, address="/trace/FG-1/"), " cas"),)


@pytest.mark.req("R12.20")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("juste\n\n- un **mot**", []),
        ("a" * (LONGEST + 1), [("WRD-001", None, "")]),
        ("a\x00b", [("WRD-002", 1, "2")]),
        ("a\r\nb", []),
        ("voir\n[a](http://example.org)", [("WRD-003", 2, "1")]),
        ("voir [a\nb **c](https://example.org)", [("WRD-004", 2, "3")]),
        ("un **mot", [("WRD-004", 1, "4")]),
        ("- a\n  - b\n    - c", [("WRD-005", 3, "5")]),
        ("a\n\n# Titre", [("WRD-006", 3, "1")]),
        ("voir ![a](https://example.org)", [("WRD-007", 1, "6")]),
        ("*a\n\n  {{x}}", [("WRD-004", 1, "1"), ("WRD-008", 3, "3")]),
    ],
)
def test_what_is_wrong_is_told_with_line_and_column(text: str, expected: list[object]) -> None:
    assert [(one.code, one.row, one.column) for one in check(text)] == expected
    assert all(one.text() and one.remedy() for one in check(text))


def test_a_star_is_written_with_a_backslash() -> None:
    (one,) = check("*a")
    assert one.remedy() == "Put * also behind the words, or write \\* where a star is meant."


def test_a_text_is_kept_in_one_form() -> None:
    assert normal("\n\n e\u0301 \r\nb\t\r\n") == " é\nb"


def test_the_words_alone() -> None:
    text = "Le **poste** :\n\n1. a\n   - [b](https://example.org)\n2. c"
    assert plain(text) == "Le poste :\n\n1. a\n   - b\n2. c"


def test_only_paragraphs_and_lists_are_written() -> None:
    with pytest.raises(ValueError, match="Heading"):
        write((Heading(1, "a", "a"),))


WORDS = st.text(st.characters(categories=("L", "N", "P", "S"), max_codepoint=0x2FF), min_size=1, max_size=6)
TEXTS = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)
SPAN = st.builds(
    Span,
    TEXTS,
    strong=st.booleans(),
    emphasis=st.booleans(),
    address=st.sampled_from(["", "", "https://example.org/a"]),
) | st.just(Span("{{figure:FG-1|low}}", code=True))


def apart(found: list[Span]) -> tuple[Span, ...]:
    """With a plain blank between, so that no two runs look alike and touch."""
    made: list[Span] = []
    for one in found:
        made += [Span(" ")] if made else []
        made.append(one)
    from pasaj.core.wording.markdown import _joined

    return _joined(made)


RUNS = st.lists(SPAN, min_size=1, max_size=5).map(apart)
INNER = st.none() | st.builds(Items, st.lists(RUNS, min_size=1, max_size=3).map(tuple), st.booleans())
ROWS = st.lists(st.tuples(RUNS, INNER), min_size=1, max_size=3)


def items(rows: list[tuple[tuple[Span, ...], Items | None]], numbered: bool) -> Items:
    inner = tuple(one for _, one in rows)
    return Items(tuple(one for one, _ in rows), numbered, inner if any(inner) else ())


def no_two_lists(blocks: list[Paragraph | Items]) -> bool:
    return not any(isinstance(one, Items) and isinstance(two, Items) for one, two in pairwise(blocks))


BLOCKS = st.lists(st.builds(Paragraph, RUNS) | st.builds(items, ROWS, st.booleans()), max_size=4).filter(no_two_lists)


@pytest.mark.req("R12.20")
@given(BLOCKS)
def test_what_is_written_is_read_again(blocks: list[Paragraph | Items]) -> None:
    assert parse(write(blocks)) == tuple(blocks)
    assert check(write(blocks)) == ()


@given(st.text(st.sampled_from("ab *-[](){}\\\n1.#!<>hts:/"), max_size=60) | st.text(max_size=60))
def test_any_text_is_read_and_loses_no_word(text: str) -> None:
    letters = [one for one in text if one.isalnum()]
    found = [one for one in repr(parse(text)) if one.isalnum()]
    assert parse(text) == parse(normal(text)) or text != normal(text)
    for one in set(letters) - set("1hts"):
        assert found.count(one) >= letters.count(one)
    check(text)


def test_blanks_of_what_is_said_are_one_and_none_stands_at_the_ends() -> None:
    assert parse("{{figure:FG-1}} {{figure:FG-2}}", lambda one: (Span(" "), strong(" x "), Span(" ", code=True))) == (
        paragraph(strong("x x")),
    )
    assert parse("a{{figure:FG-1}}", lambda one: (strong(" "),)) == (paragraph("a"),)


def test_marks_are_never_written_beside_a_blank() -> None:
    assert write((paragraph("a", strong(" b "), "c", strong(" "), emphasis("d")),)) == "a **b** c *d*"
