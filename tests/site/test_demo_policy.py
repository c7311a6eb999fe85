"""The policy of the Haiti demonstration: whole, traceable to evidence, with three links to look at again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import demopolicy as given
import pytest
from django.db import transaction
from django.db.models import Q
from django.utils.translation import override
from pytest_django import DjangoDbBlocker

from pasaj.access.models import AuditEntry
from pasaj.assess.models import Finding
from pasaj.core.evidence import LinkState
from pasaj.core.policy import demo
from pasaj.core.problems import Refused
from pasaj.core.report import Table
from pasaj.core.word import Cover, DocumentId, WordClause, document, land, passages
from pasaj.evidence.models import Figure, Node
from pasaj.evidence.queries import graph
from pasaj.policy.models import (
    Action,
    Appraisal,
    ClauseText,
    Commitment,
    CostLine,
    Indicator,
    Measure,
    Objective,
    Policy,
    Problem,
    Progress,
    Reading,
    Suggestion,
)
from pasaj.policy.queries import appraisal as appraisals
from pasaj.policy.queries import coherence, consultreport
from pasaj.policy.queries.document import blocks
from pasaj.policy.queries.tree import outline
from pasaj.registry.models import Mandate
from pasaj.site.demo import policy
from pasaj.site.demo.byword import Pen

ROWS = (Problem, Objective, Measure, Action, Indicator, CostLine, Commitment, Reading, Progress)
STATEMENTS = ("policy-problem", "policy-objective", "policy-measure", "policy-action", "policy-indicator",
              "policy-cost", "policy-reading")  # fmt: skip

WARNED = [("COH-111", "P1-M4.1"), ("COH-407", "P1-O1.2"), ("COH-431", "P1-I10"), ("COH-431", "P1-I6")]
"""Nobody is mandated to coordinate, an objective is not followed, two indicators are silent."""
COMPUTED = {f"P1-I{at}" for at in (11, 12, 16, 18)}
"""Computed from figures that the small assessment here does not have."""


@pytest.fixture(scope="module")
def written(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The whole of it once, in a transaction around the tests that only look at it."""
    with django_db_blocker.unblock(), transaction.atomic():
        given.pack()
        given.show()
        given.assessment()
        given.show()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def shown(written: None, db: None) -> Policy:
    return Policy.objects.get()


def counts() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in ROWS}


def test_a_pack_without_a_policy_shows_none(db: None) -> None:
    assert policy.read({"pack.toml": b""}) is None
    policy.show(wanted=None, people=None, zone=given.ZONE, now=given.NOW)  # type: ignore[arg-type]
    assert not Policy.objects.exists()


def test_without_an_assessment_the_first_version_stands(db: None) -> None:
    given.pack()
    given.show()
    assert (Action.objects.count(), Indicator.objects.count()) == (38, 14)
    assert not any(code.startswith("A1") for row in Problem.objects.all() for code in row.findings)
    given.assessment()
    given.show()
    assert (Action.objects.count(), Indicator.objects.count()) == (46, 18)


@pytest.mark.req("R12.91")
def test_the_demonstration_shows_a_whole_policy(shown: Policy) -> None:
    assert (shown.code, shown.simulated, shown.first_date, shown.last_date) == (
        "P1", True, date(2025, 1, 1), date(2030, 12, 31),
    )  # fmt: skip
    goals = ["HTI-POL-A", "HTI-POL-B", "HTI-POL-C", "HTI-POL-D"]
    assert list(shown.themes.order_by("number").values_list("goal", flat=True)) == goals
    assert counts() == {
        "Problem": 12, "Objective": 12, "Measure": 19, "Action": 46, "Indicator": 18, "CostLine": 146,
        "Commitment": 15, "Reading": 22, "Progress": 14,
    }  # fmt: skip
    for model in (Problem, Objective, Measure, Action, Indicator, CostLine, Commitment, Reading):
        assert not model._default_manager.exclude(simulated=True).exists()
    for model in (Problem, Objective, Measure, Action, Indicator):
        assert all(sorted(row.text) == ["en", "es", "fr", "ht"] for row in model._default_manager.all())
    assert Counter(shown.indicators.values_list("origin", flat=True)) == {"external": 14, "pasaj": 4}
    states = Counter(Action.objects.values_list("state", flat=True))
    assert states == {"planned": 34, "running": 7, "done": 5}


@pytest.mark.req("R12.91")
def test_every_statement_traces_to_evidence(shown: Policy) -> None:
    """Up from each statement: to instruments or figures, and every finding of the assessment is used."""
    chain = graph.chain()
    kinds = dict(Node.objects.values_list("pk", "kind"))
    for node in Node.objects.filter(kind__in=STATEMENTS):
        above = chain.up(node.pk)
        assert {kinds[one] for one in above} & {"document", "figure"}, node.code
        tops = {kinds[one] for one in [*above, node.pk] if one not in chain.above}
        assert tops <= {"document", "figure"}, node.code
    findings = {one.code for one in Node.objects.filter(kind="finding")}
    assert findings == {code for row in Problem.objects.all() for code in row.findings if code.startswith("A1-F")}
    follow_up = Action.objects.exclude(recommendations=[])
    assert sorted(code for row in follow_up for code in row.recommendations) == [f"A1-R{at:02}" for at in range(1, 9)]


@pytest.mark.req("R12.91")
def test_three_links_are_suspect_and_no_other(shown: Policy) -> None:
    codes = dict(Node.objects.values_list("pk", "code"))
    suspect = {(codes[one[1]], codes[one[2]]) for one in graph.edges() if one[3] >= LinkState.SUSPECT}
    (count,) = Figure.objects.filter(parameters__start="2025-09-19").values_list("node__code", flat=True)
    finding = Finding.objects.get(key="low:indicator:PRT-08").code
    assert suspect == {("P1-PB1.1", count), ("P1-PB3.2", finding), ("P1-M1.3", "P1-O1.2")}


@pytest.mark.req("R12.91")
def test_the_check_says_what_is_expected_and_nothing_else(shown: Policy) -> None:
    found = coherence.checked(shown, date(2025, 10, 1)).found
    told = Counter((str(one.rule.severity), one.breach.rule) for one in found)
    assert told[("error", "COH-052")] == 3
    assert {key for key in told if key[0] == "error"} == {("error", "COH-052")}, told
    warned = sorted((one.breach.rule, one.breach.statement) for one in found if str(one.rule.severity) == "warning")
    assert [one for one in warned if one[1] not in COMPUTED and one[0] != "COH-231"] == WARNED
    # Services were asked and no group of people: one warning says so of all groups that problems name.
    (unheard,) = (one.said.text for one in found if one.breach.rule == "COH-231")
    assert all(f"“{group}”" in unheard for row in Problem.objects.all() for group in row.groups)
    assert "“personnes retournées” (6)" in unheard


def test_the_document_is_written_in_every_language(shown: Policy) -> None:
    texts = ClauseText.objects.filter(clause__policy=shown, clause__kind__in=("heading", "annex", "text"))
    assert not [one.text for one in texts if "[" in one.text]
    spoken = Counter(texts.values_list("language", flat=True))
    assert len(set(spoken.values())) == 1
    assert sorted(spoken) == ["en", "es", "fr", "ht"]
    revised = ClauseText.objects.get(clause__code="P1-C7.1", language="fr")
    assert (revised.revision, "{{finding:A1-F" in revised.text) == (3, True)


@pytest.mark.req("R12.91")
def test_two_versions_are_published_and_what_moved_came_after(shown: Policy) -> None:
    (asked,) = shown.consultations.all()
    assert (asked.code, asked.state, asked.simulated, asked.comments.count()) == ("P1-K1", "closed", True, 8)
    assert asked.closed_at < shown.versions.get(number=1).published_at
    first, second = shown.versions.order_by("number")
    assert [one.code for one in (first, second)] == ["P1-V1", "P1-V2"]
    assert (first.published_at.date(), second.published_at.date()) == (date(2025, 3, 14), date(2025, 10, 1))
    stops = {one.breach.rule for one in coherence.checked(shown, date(2025, 10, 1)).stops}
    assert stops == {"COH-052"}  # a third waits until the three links were looked at


def test_a_pen_writes_only_where_the_words_stand_once() -> None:
    sent = document([WordClause("P1-C1", 1, "Oui & non.\n\nNon.")], DocumentId("P1", "P1-K1", "fr", 1), Cover("P1"))
    pen = Pen("OPC", "2025-02-24T09:30:00Z")
    (one,) = land(
        [WordClause("P1-C1", 1, "Oui & non.\n\nNon.")], passages(pen.write(sent, [("Oui &", "Ni oui ni")], [])), ()
    ).items
    assert (one.kind, one.text, one.doubt) == ("edit", "Ni oui ni non.\n\nNon.", "")
    for words in ("on.", "peut-être"):
        with pytest.raises(ValueError, match=words):
            pen.write(sent, [(words, "?")], [])


@pytest.mark.req("R12.93")
def test_a_reply_came_by_word_and_every_part_of_it_is_answered(shown: Policy) -> None:
    asked = shown.consultations.get()
    reply = asked.replies.get()
    assert (reply.code, reply.institution.code, reply.language) == ("P1-K1-R1", "OPC", "fr")
    assert (reply.counts, reply.tray.count()) == ({"comment": 1, "edit": 2}, 0)
    (remark,) = reply.comments.all()
    assert remark.asked is not None
    assert (remark.asked.clause.code, remark.quoted, remark.author) == ("P1-C6.1", "n'attend pas le matin", "1")
    assert [one.outcome for one in remark.dispositions.all()] == ["partly"]
    decided = Suggestion.objects.filter(source=reply.code).order_by("clause__code")
    assert [(one.clause.code, one.state, one.taken_as) for one in decided] == [
        ("P1-C8.1", "refused", None), ("P1-C9.1", "taken", 3),
    ]  # fmt: skip
    assert all("(simulation)" in said for said in (remark.text, *(one.answer for one in decided)))
    said = {one.language: one.text for one in ClauseText.objects.filter(clause__code="P1-C9.1")}
    words = {"fr": "chaque trimestre", "ht": "chak trimès", "en": "every quarter", "es": "cada trimestre"}
    assert {language for language, text in said.items() if words[language] in text} == set(words)
    assert "{{measure:M4.1}}" in said["fr"]  # what the file said in its place came back as the reference
    with override("fr"):
        (table,) = consultreport.annex(shown, "fr")
    assert len(table.rows) == 8 + 2


def test_who_leads_has_the_mandate_and_what_enforces_is_held_by_what_protects(shown: Policy) -> None:
    day = date(2025, 10, 1)
    for row in Measure.objects.exclude(function=None):
        (lead,) = row.institutions.filter(part="lead")
        mandates = Mandate.objects.filter(function=row.function, institution=lead.institution, role="lead")
        assert any(
            (one.valid_start is None or one.valid_start <= day) and (one.valid_end is None or one.valid_end >= day)
            for one in mandates
        ), row.code
    # Nobody coordinates the border: that is what this one is about.
    assert list(Measure.objects.filter(function=None).values_list("code", flat=True)) == ["P1-M4.1"]
    enforcing = Measure.objects.filter(kind="enforcement")
    assert [row.code for row in enforcing] == ["P1-M3.2", "P1-M4.5", "P1-M4.6"]
    for row in enforcing:
        assert {one.kind for one in row.safeguards.all()} == {"protection"}, row.code
    for row in Action.objects.prefetch_related("needs"):
        assert all(one.last_date < row.first_date for one in row.needs.all()), row.code
    assert not Action.objects.filter(Q(personal_data=True) | Q(shares_data=True)).exists()


def test_money_is_a_demonstration_figure_and_leaves_a_gap(shown: Policy) -> None:
    lines = list(CostLine.objects.all())
    assert {one.justification for one in lines} == {"Chiffre de démonstration : inventé, sans valeur budgétaire"}
    assert all(one.label.endswith("(démonstration)") for one in lines)
    told = given.wanted()
    written = sum(
        (
            cost.quantity * cost.unit_cost * cost.periods * (told.rates.by_year[year] if cost.currency == "USD" else 1)
            for action in told.actions
            for cost in action.costs
            for year in cost.years
        ),
        Decimal(0),
    )
    rates = {(one.currency, one.year): one.rate for one in shown.rates.all()}
    kept = [
        (one.quantity * one.unit_cost * one.periods, rates.get((one.currency, one.year), Decimal(1))) for one in lines
    ]
    assert sum((value * rate for value, rate in kept), Decimal(0)) == written
    committed = [(one.amount, rates.get((one.currency, one.year), Decimal(1))) for one in Commitment.objects.all()]
    assert 0 < sum((value * rate for value, rate in committed), Decimal(0)) < written / 2
    # What is bought is also run: every capital line has a recurrent one of its action.
    bought = {one.action_id for one in lines if one.kind == "capital"}
    assert bought <= {one.action_id for one in lines if one.kind == "recurrent"}


@pytest.mark.req("R12.19")
def test_the_options_of_an_objective_were_compared(shown: Policy) -> None:
    row = Appraisal.objects.get()
    assert (row.code, row.objective.code, row.simulated, row.contested) == ("P1-Q1", "P1-O2.2", True, False)
    assert row.chosen is not None
    assert (row.chosen.code, Measure.objects.get(code="P1-M2.4").option) == ("P1-Q1-C", "P1-Q1-C")
    told = appraisals.result(appraisals.table(row))
    assert [one.option for one in told.vetoes] == ["P1-Q1-D"]
    assert (told.missing, told.unjudged, told.options) == ((), (), ("P1-Q1-A", "P1-Q1-B", "P1-Q1-C"))
    assert row.first_share == told.first("P1-Q1-C")
    assert told.first("P1-Q1-C") > row.floor


def test_shown_again_nothing_changes(shown: Policy) -> None:
    before, entries = counts(), AuditEntry.objects.count()
    given.show()
    assert (counts(), AuditEntry.objects.count()) == (before, entries)


def test_no_word_of_the_files_makes_people_unlawful_or_names_one() -> None:
    files = {name: data.decode() for name, data in given.FILES.items() if name.startswith("policy/demo/")}
    assert len(files) == 10
    for name, text in files.items():
        assert not re.search(r"ill[ée]gal|ilegal", text, re.IGNORECASE), name
        assert "imul" in text.splitlines()[0] or "SIMULATED" in text, name


def test_a_wrong_file_is_refused_with_its_place() -> None:
    name = "policy/demo/theme1.toml"
    files = {**given.FILES, name: given.FILES[name].replace(b'problems = ["PB1.2"]', b'problems = ["PB9.9"]')}
    with pytest.raises(Refused) as refused:
        policy.read(files)
    ((code, file, column),) = [(one.code, one.file, one.column) for one in refused.value.problems]
    assert (code, file, column) == ("PACK-110", name, "objective.2.problems")


def test_what_came_with_the_update_says_so() -> None:
    told = given.wanted()
    late = {one.code for one in told.actions if one.since == demo.UPDATED}
    assert late == {one.code for one in told.actions if one.recommendations}
    assert len(late) == 8


@pytest.mark.req("R12.29")
def test_its_document_is_begun_from_the_template_of_the_pack(shown: Policy) -> None:
    row = shown
    entries = outline(row)
    assert [one.number for one in entries if one.depth == 1] == [*map(str, range(1, 13)), "A", "B", "C"]
    assert {language for one in entries for language in row.languages if one.is_missing(language)} == set()
    for language in row.languages:
        assert len([one for one in blocks(row, language) if isinstance(one, Table)]) == 7
