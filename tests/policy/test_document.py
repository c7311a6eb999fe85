"""The tree of clauses: from the template, numbered, moved, withdrawn; the whole document as blocks."""

from __future__ import annotations

import make
import pytest
from core.packs import FULL, checked
from django.utils.translation import override
from policy import documents, plans

from pasaj.access.rules import SYSTEM
from pasaj.core import wording
from pasaj.core.problems import Refused
from pasaj.core.report import Heading, Items, Note, Paragraph, Table
from pasaj.core.report.letters import plain
from pasaj.core.report.saying import words
from pasaj.evidence.models import Node
from pasaj.policy.models import Clause, DocumentTemplate, Policy
from pasaj.policy.queries import document as queries
from pasaj.policy.queries import references, sections
from pasaj.policy.queries.tree import outline
from pasaj.policy.services import clauses, document

NOW = documents.NOW


def numbers(row: Policy) -> list[tuple[str, str]]:
    return [(one.number, one.clause.code) for one in outline(row)]


def refused(call: object, **named: object) -> list[str]:
    with pytest.raises(Refused) as caught:
        call(actor=plans.drafter(), now=NOW, **named)  # type: ignore[operator]
    return [one.code for one in caught.value.problems]


def move(code: str, under: str, after: str, seen: int = 1) -> Clause:
    return document.move(code=code, under=under, after=after, seen=seen, actor=plans.drafter(), now=NOW)


@pytest.mark.req("R12.23")
def test_clauses_are_numbered_by_their_place_and_keep_their_code(country: make.Country) -> None:
    row = documents.small(country)
    assert numbers(row) == [
        ("1", "P1-C1"), ("1.1", "P1-C1.1"), ("1.2", "P1-C1.2"), ("2", "P1-C2"), ("A", "P1-C3"), ("A.1", "P1-C3.1"),
    ]  # fmt: skip
    move("P1-C1.2", "P1-C1", "")
    move("P1-C2", "", "")
    move("P1-C1.1", "P1-C2", "")
    assert numbers(row) == [
        ("1", "P1-C2"), ("1.1", "P1-C1.1"), ("2", "P1-C1"), ("2.1", "P1-C1.2"), ("A", "P1-C3"), ("A.1", "P1-C3.1"),
    ]  # fmt: skip
    made = documents.clause("text", "Encore.", under="P1-C1", after="P1-C1.2")
    assert made.code == "P1-C1.3"


@pytest.mark.req("R12.23")
def test_a_clause_stands_only_where_it_can(country: make.Country) -> None:
    documents.small(country)
    documents.clause("heading", "Dessous", under="P1-C1")
    assert [refused(document.move, code=code, under=under, after=after, seen=1) for code, under, after in (
        ("P1-C1", "P1-C1", ""), ("P1-C1", "P1-C1.3", ""), ("P1-C2", "P1-C1.1", ""), ("P1-C2", "P1-C9", ""),
        ("P1-C2", "", "P1-C1.1"),
    )] == [["DOC-005"]] * 5  # fmt: skip
    assert refused(document.move, code="P1-C2", under="", after="", seen=4) == ["DOC-018"]
    assert refused(document.move, code="P1-C9", under="", after="", seen=1) == ["DOC-001"]
    assert refused(document.add, policy="P1", kind="song", text={"fr": "a"}) == ["POL-009"]
    assert refused(document.add, policy="P1", kind="table", text={}, part="song") == ["DOC-011"]
    assert refused(document.add, policy="P1", kind="text", text={}) == ["DOC-014"]
    assert refused(document.add, policy="P1", kind="text", text={"ht": "a"}) == ["DOC-017"]
    assert refused(document.add, policy="P9", kind="text", text={"fr": "a"}) == ["POL-001"]


@pytest.mark.req("R12.23")
def test_a_hundred_insertions_at_one_place_stay_in_order(country: make.Country) -> None:
    row = documents.small(country)
    for at in range(100):
        documents.clause("text", f"Texte {at}", under="P1-C2")
    found = [one.text("fr") for one in outline(row) if one.clause.code.startswith("P1-C2.")]
    assert found == [f"Texte {at}" for at in reversed(range(100))]


@pytest.mark.req("R12.23")
def test_a_withdrawn_clause_keeps_its_history_and_can_come_back(country: make.Country) -> None:
    row = documents.small(country)
    assert refused(document.withdraw, code="P1-C1", reason="x", seen=1) == ["DOC-006"]
    assert refused(document.withdraw, code="P1-C1.1", reason="", seen=1) == ["POL-006"]
    gone = document.withdraw(code="P1-C1.1", reason="Doublon", seen=1, actor=plans.drafter(), now=NOW)
    assert (gone.revision, Node.objects.get(code="P1-C1.1").withdrawn_at) == (2, NOW)
    assert [code for _number, code in numbers(row)] == ["P1-C1", "P1-C1.2", "P1-C2", "P1-C3", "P1-C3.1"]
    assert refused(clauses.save, code="P1-C1.1", language="fr", text="x", seen=1) == ["DOC-004"]
    document.reinstate(code="P1-C1.1", reason="Utile", seen=2, actor=plans.drafter(), now=NOW)
    assert ("1.1", "P1-C1.1") in numbers(row)
    assert refused(document.reinstate, code="P1-C1.1", reason="Utile", seen=3) == ["DOC-004"]


@pytest.mark.req("R12.26")
def test_the_document_is_begun_from_the_template_once(country: make.Country) -> None:
    row = plans.whole(country)
    assert refused(document.start, policy="P1") == ["DOC-008"]
    documents.template()
    document.start(policy="P1", actor=plans.drafter(), now=NOW)
    found = [(one.number, one.clause.code, one.clause.kind, one.text("fr")) for one in outline(row)]
    theme = make.names("Protection")["fr"]
    assert found == [
        ("1", "P1-C1", "heading", "État"),
        ("1.1", "P1-C1.1", "table", ""),
        ("2", "P1-C2", "heading", theme),
        ("2.1", "P1-C2.1", "table", ""),
        ("2.2", "P1-C2.2", "measures", ""),
        ("3", "P1-C3", "heading", make.names("Borders")["fr"]),
        ("3.1", "P1-C3.1", "table", ""),
        ("3.2", "P1-C3.2", "measures", ""),
    ]
    assert [one.is_stale("en") for one in outline(row)] == [False] * 8
    assert refused(document.start, policy="P1") == ["DOC-007"]


@pytest.mark.req("R12.29")
def test_the_whole_document_reads_as_blocks(country: make.Country) -> None:
    row = documents.small(country)
    text = "Voir {{measure:M1.1}}, coût {{cost:M1.1}}, {{clause:C1.2}}."
    clauses.save(code="P1-C1.1", language="fr", text=text, seen=1, actor=plans.drafter(), now=NOW)
    found = queries.blocks(row, "fr")
    assert [type(one).__name__ for one in found] == [
        "Heading", "Paragraph", "Paragraph", "Heading", "Heading", "Table", "Facts",
    ]  # fmt: skip
    heading, first = found[0], found[1]
    assert heading == Heading(1, "1. Protection", "P1-C1")
    assert isinstance(first, Paragraph)
    name = make.names("A referral post at each crossing")["fr"]
    assert plain(first.spans) == f"1.1 Voir {name}, coût 15\xa0006,00 HTG, 1.2."
    assert [(one.text, one.address) for one in first.spans if one.address] == [
        (name, "/policy/statements/P1-M1.1/"),
        ("15\xa0006,00 HTG", "/policy/statements/P1-M1.1/"),
        ("1.2", "#P1-C1.2"),
    ]
    assert found[4] == Heading(1, "Annexe A. Preuves", "P1-C3")


@pytest.mark.req("R12.25")
def test_what_is_not_translated_is_shown_in_its_source_language_and_marked(country: make.Country) -> None:
    row = documents.small(country)
    clauses.save(
        code="P1-C1.1", language="en", text="Children alone are referred.", seen=0, actor=plans.drafter(), now=NOW
    )
    clauses.save(code="P1-C1.1", language="fr", text="Autre.", seen=1, actor=plans.drafter(), now=NOW)
    shown = {one.entry.clause.code: one for one in queries.sheet(row, "en")}
    assert [(code, one.language, one.missing, one.stale) for code, one in shown.items()] == [
        ("P1-C1", "fr", True, False), ("P1-C1.1", "en", False, True), ("P1-C1.2", "fr", True, False),
        ("P1-C2", "fr", True, False), ("P1-C3", "fr", True, False), ("P1-C3.1", "en", False, False),
    ]  # fmt: skip
    marked = [plain(one.spans) for one in queries.blocks(row, "en", marks=True) if isinstance(one, Note)]
    assert marked == [
        "Not translated yet: C1.",
        "C1.1: the text that this translates has changed since.",
        "Not translated yet: C1.2.",
        "Not translated yet: C2.",
        "Not translated yet: C3.",
    ]


@pytest.mark.req("R12.29")
@pytest.mark.parametrize("language", ["fr", "ht", "en", "es"])
def test_every_part_says_what_the_policy_says(country: make.Country, language: str) -> None:
    row = plans.whole(country)
    document.define(policy="P1", code="alone", names=make.names("child alone"), meanings=make.names("without adults"),
                    seen=0, actor=plans.drafter(), now=NOW)  # fmt: skip
    with override(language):
        kinds = {name: [type(one).__name__ for one in made(row, language)] for name, made in sections.SECTIONS.items()}
    assert kinds == {
        "situation": ["Table"], "terms": ["Facts"], "mandates": ["Table"], "plan": ["Table"], "gap": ["Table"],
        "frame": ["Table"], "evidence": ["Table", "Facts"], "disposition": ["Note"], "alignment": ["Table"],
    }  # fmt: skip


def rows_of(found: object) -> list[list[str]]:
    (table, *_rest) = found  # type: ignore[misc]
    assert isinstance(table, Table)
    return [[plain(one.spans) for one in row] for row in table.rows]


@pytest.mark.req("R12.29")
def test_tables_say_who_what_when_and_how_much(country: make.Country) -> None:
    row = plans.whole(country)
    with override("en"):
        assert rows_of(sections.gap(row, "en")) == [
            ["2025", "15,006.00", "0.00", "15,006.00"],
            ["Together", "15,006.00", "0.00", "15,006.00"],
        ]
        assert rows_of(sections.evidence(row, "en")) == [
            ["M1.1", "O1.1", "PB1.1", f"A1-F01, {plans.LAW}", plans.LAW],
            ["M2.1", "O1.1", "PB1.1", f"A1-F01, {plans.LAW}", "–"],
        ]
        assert [line[0] for line in rows_of(sections.alignment(row, "en"))] == ["GCM-11", "GCM-12"]
        assert [line[3] for line in rows_of(sections.alignment(row, "en"))] == ["–", "O1.1"]
        assert [(line[0], line[6]) for line in rows_of(sections.action_plan(row, "en"))] == [
            ("A1.1.1", "15,006.00"), ("A1.1.2", "–"),
        ]  # fmt: skip
        theme = row.themes.get(number=1)
        (listed,) = sections.measures(row, theme, "en")
    assert isinstance(listed, Items)
    (inner,) = listed.inner
    assert inner is not None
    assert [plain(one) for one in inner.items] == [
        "Responsible: Immigration service", "Supports: Aid network", "Serves O1.1",
    ]  # fmt: skip


@pytest.mark.req("R12.29")
def test_an_empty_policy_says_what_is_missing(country: make.Country) -> None:
    plans.goals()
    row = plans.policy(country)
    with override("en"):
        found = {name: made(row, "en") for name, made in sections.SECTIONS.items() if name != "alignment"}
        found |= {name: made(row, row.themes.get(number=1), "en") for name, made in sections.THEME_SECTIONS.items()}
        found["measures"] = sections.measures(row, None, "en")
    assert {name: [type(one).__name__ for one in blocks] for name, blocks in found.items()} == {
        name: ["Note"] for name in found
    }


@pytest.mark.req("R12.29")
def test_a_document_takes_the_same_queries_whatever_its_size(
    country: make.Country, django_assert_max_num_queries: object
) -> None:
    row = documents.small(country)
    with django_assert_max_num_queries(60):  # type: ignore[operator]
        few = queries.blocks(row, "fr")
    for at in range(30):
        documents.clause("text", f"Texte {at} {{{{measure:M1.1}}}}", under="P1-C2")
    with django_assert_max_num_queries(60):  # type: ignore[operator]
        many = queries.blocks(row, "fr")
    assert len(many) - len(few) == 30


@pytest.mark.req("R12.29")
def test_the_report_says_that_it_is_a_draft(country: make.Country) -> None:
    row = documents.small(country)
    made = queries.report(row, "fr")
    assert (made.code, made.label, made.subtitle) == ("P1", "Brouillon", "2025 à 2028")
    assert documents.SOURCE in " ".join(words(made))


def test_references_say_what_stands(country: make.Country) -> None:
    row = documents.small(country)
    document.define(policy="P1", code="alone", names=make.names("child alone"), meanings=make.names("without adults"),
                    seen=0, actor=plans.drafter(), now=NOW)  # fmt: skip
    text = (
        "{{finding:A1-F01}} {{finding:A1-F01|severity}} {{measure:M1.1|lead}} {{cost:P1|gap}} {{clause:C1.1|title}} "
        "{{term:alone}} {{term:alone|meaning}} {{clause:C9}} {{figure:FG-9}}"
    )
    found = references.said(row, wording.find(text), "en")
    assert {key: one.text for key, one in found.items()} == {
        "finding:A1-F01": "Nobody refers children who cross alone",
        "finding:A1-F01|severity": "4",
        "measure:M1.1|lead": "Immigration service",
        "cost:P1|gap": "15,006.00 HTG",
        "clause:C1.1|title": documents.SOURCE,
        "term:alone": "child alone",
        "term:alone|meaning": "without adults",
    }
    print_ = found["finding:A1-F01"].fingerprint
    assert print_ == Node.objects.get(code="A1-F01").fingerprint


def test_a_term_has_a_code_and_a_meaning(country: make.Country) -> None:
    plans.policy(country)
    good = {"policy": "P1", "code": "alone", "names": make.names("a"), "meanings": make.names("b"), "seen": 0}
    assert refused(document.define, **{**good, "code": "A lone"}) == ["DOC-016"]
    assert refused(document.define, **{**good, "meanings": {}}) == ["POL-004"]
    assert refused(document.define, **{**good, "seen": 3}) == ["POL-003"]


@pytest.mark.req("R12.26")
def test_the_template_comes_with_the_pack(db: None) -> None:
    files = {
        **FULL,
        "policy/template.toml": 'code = "policy"\nsource = "own"\nname = {fr = "Ordre"}\n[[sections]]\ncode = "a"\n'
        'kind = "table"\npart = "plan"\n',
    }
    pack = checked(files).pack
    assert pack is not None
    who = {"actor": SYSTEM, "now": NOW}
    assert (document.load(pack=pack, **who).created, document.load(pack=pack, **who).unchanged) == (1, 1)
    assert DocumentTemplate.objects.get().sections == [
        {"code": "a", "kind": "table", "texts": {}, "under": "", "part": "plan", "each": ""}
    ]
    strange = checked({**files, "policy/template.toml": files["policy/template.toml"].replace("plan", "song")}).pack
    assert strange is not None
    with pytest.raises(Refused) as caught:
        document.load(pack=strange, **who)
    assert [one.code for one in caught.value.problems] == ["DOC-011"]
