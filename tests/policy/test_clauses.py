"""Texts of clauses: saved, in conflict, translated, suggested; nothing that somebody typed is lost."""

from __future__ import annotations

import functools
from datetime import timedelta

import make
import pytest
from django.db import DatabaseError, transaction
from policy import documents, plans

from pasaj.core import wording
from pasaj.core.problems import Refused
from pasaj.core.wording import Conflict
from pasaj.evidence.models import Link, Node
from pasaj.evidence.queries.trace import states_of
from pasaj.policy.models import Clause, ClauseDraft, ClauseRevision, ClauseText, Editing, Entry, Suggestion
from pasaj.policy.queries import document as queries
from pasaj.policy.queries.tree import outline
from pasaj.policy.services import clauses, document, statements
from pasaj.policy.services.wanted import MeasureWanted

NOW = documents.NOW
HOURS = "Le poste ouvre à 8 h et ferme à 18 h, sauf le dimanche."


def save(code: str, text: str, seen: int, language: str = "fr", **more: object) -> ClauseRevision:
    actor = more.pop("actor", None) or plans.drafter()
    return clauses.save(code=code, language=language, text=text, seen=seen, actor=actor, now=NOW, **more)  # type: ignore[arg-type]


def refused(call: object, *args: object, **named: object) -> list[str]:
    with pytest.raises(Refused) as caught:
        call(*args, **named)  # type: ignore[operator]
    return [one.code for one in caught.value.problems]


def held(code: str, language: str = "fr") -> ClauseText:
    return ClauseText.objects.get(clause__code=code, language=language)


@pytest.mark.req("R12.23")
def test_a_saved_text_is_a_revision_and_the_old_one_stays(country: make.Country) -> None:
    documents.small(country)
    made = save("P1-C1.1", "  Les enfants **seuls** sont orientés.\r\n", 1, note="plus court")
    assert (made.number, made.text, made.origin, made.note) == (
        2, "  Les enfants **seuls** sont orientés.", "editor", "plus court",
    )  # fmt: skip
    found = queries.history(made.clause, "fr").values_list("number", "text")
    assert list(found) == [(2, made.text), (1, documents.SOURCE)]
    assert ClauseDraft.objects.count() == 0
    assert [(one.action, one.details["revision"]) for one in Entry.objects.filter(code="P1-C1.1", action="saved")] == [
        ("saved", 2)
    ]


@pytest.mark.req("R12.23")
def test_revisions_are_guarded(country: make.Country) -> None:
    documents.small(country)
    for change in ("update", "delete"):
        rows = ClauseRevision.objects.all()
        act = functools.partial(rows.update, text="x") if change == "update" else rows.delete
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert ClauseRevision.objects.filter(text="x").count() == 0


@pytest.mark.req("R12.24")
def test_two_editors_on_one_clause_lose_nothing(country: make.Country) -> None:
    documents.small(country)
    save("P1-C1.2", HOURS.replace("le dimanche", "les jours fériés"), 1, actor=documents.other())
    mine = HOURS.replace("à 8 h", "à 7 h")
    assert refused(save, "P1-C1.2", mine, 1) == ["DOC-002"]
    assert held("P1-C1.2").text == HOURS.replace("le dimanche", "les jours fériés")
    draft = ClauseDraft.objects.get()
    assert (draft.owner_id, draft.text, draft.base) == (plans.drafter().id, mine, 1)
    found = queries.conflict(held("P1-C1.2").clause, "fr", 1, mine)
    assert found is not None
    assert found.merged.text == HOURS.replace("à 8 h", "à 7 h").replace("le dimanche", "les jours fériés")
    assert (found.base, found.text, found.theirs.text) == (
        HOURS, mine, HOURS.replace("le dimanche", "les jours fériés"),
    )  # fmt: skip
    made = save("P1-C1.2", found.proposal, 2, merged=True)
    assert (made.number, made.origin, ClauseDraft.objects.count()) == (3, "merge", 0)


@pytest.mark.req("R12.24")
def test_the_same_words_changed_twice_stand_side_by_side(country: make.Country) -> None:
    documents.small(country)
    save("P1-C1.2", HOURS.replace("à 8 h", "à 9 h"), 1, actor=documents.other())
    found = queries.conflict(held("P1-C1.2").clause, "fr", 1, HOURS.replace("à 8 h", "à 7 h"))
    assert found is not None
    assert found.merged.conflicts == (Conflict("8", "7", "9"),)
    assert found.proposal == HOURS.replace("à 8 h", "à 7 h")


@pytest.mark.req("R12.24")
@pytest.mark.parametrize(
    ("language", "text", "seen", "codes"),
    [
        ("fr", "", 1, ["DOC-014"]),
        ("fr", "**mot", 1, ["WRD-004"]),
        ("fr", "{{figure:FG-9}}", 1, ["WRD-010"]),
        ("fr", "{{measure:M9.9}}", 1, ["WRD-010"]),
        ("fr", "{{measure:M1.1|colour}}", 1, ["WRD-011"]),
        ("fr", "a" * 20_001, 1, ["WRD-001"]),
        ("fr", documents.SOURCE, 1, ["DOC-013"]),
        ("fr", "autre", 7, ["DOC-002"]),
        ("xx", "autre", 0, ["DOC-003"]),
    ],
)
def test_what_cannot_be_saved_is_kept_as_a_draft(
    country: make.Country, language: str, text: str, seen: int, codes: list[str]
) -> None:
    documents.small(country)
    assert refused(save, "P1-C1.1", text, seen, language) == codes
    assert [one.text for one in ClauseDraft.objects.all()] == [text]
    assert held("P1-C1.1").revision == 1


def test_a_megabyte_is_refused_and_a_clause_that_is_not_there_too(country: make.Country) -> None:
    documents.small(country)
    assert refused(save, "P1-C1.1", "mot " * 250_000, 1) == ["WRD-001"]
    assert len(ClauseDraft.objects.get().text) == 10 * wording.LONGEST
    assert refused(save, "P1-C9", "a", 0) == ["DOC-001"]
    clauses.discard(code="P1-C1.1", language="fr", actor=plans.drafter())
    assert ClauseDraft.objects.count() == 0


def test_a_heading_is_one_line(country: make.Country) -> None:
    documents.small(country)
    assert save("P1-C1", "Protection\ndes personnes", 1).text == "Protection des personnes"
    assert refused(save, "P1-C1", "mot " * 60, 2) == ["DOC-012"]


@pytest.mark.req("R12.25")
def test_a_translation_is_stale_once_its_source_changes(country: make.Country) -> None:
    row = documents.small(country)

    def marks(language: str) -> tuple[bool, bool]:
        entry = next(one for one in outline(row) if one.clause.code == "P1-C1.1")
        return entry.is_missing(language), entry.is_stale(language)

    assert marks("ht") == (True, False)
    save("P1-C1.1", "Timoun ki poukont yo jwenn èd menm jou a.", 0, "ht")
    assert (marks("ht"), marks("fr")) == ((False, False), (False, False))
    save("P1-C1.1", "Les enfants seuls sont orientés en un jour.", 1)
    assert marks("ht") == (False, True)
    made = clauses.confirm(code="P1-C1.1", language="ht", seen=1, actor=plans.drafter(), now=NOW)
    assert (made.number, made.origin, marks("ht")) == (2, "confirmed", (False, False))
    assert refused(clauses.confirm, code="P1-C1.1", language="ht", seen=2, actor=plans.drafter(), now=NOW) == [
        "DOC-013"
    ]
    assert refused(clauses.confirm, code="P1-C1.1", language="ht", seen=1, actor=plans.drafter(), now=NOW) == [
        "DOC-002"
    ]
    assert refused(clauses.confirm, code="P1-C1.1", language="es", seen=0, actor=plans.drafter(), now=NOW) == [
        "DOC-019"
    ]


@pytest.mark.req("R12.25")
def test_a_translation_does_not_move_the_clause_in_the_chain(country: make.Country) -> None:
    documents.small(country)
    before = Node.objects.get(code="P1-C1.1")
    save("P1-C1.1", "Timoun ki poukont yo jwenn èd menm jou a.", 0, "ht")
    assert Node.objects.get(code="P1-C1.1").fingerprint == before.fingerprint
    save("P1-C1.1", "Les enfants seuls sont orientés en un jour.", 1)
    after = Node.objects.get(code="P1-C1.1")
    assert (after.fingerprint == before.fingerprint, after.revision) == (False, 2)


@pytest.mark.req("R12.25")
def test_a_part_from_data_may_have_an_introduction(country: make.Country) -> None:
    row = documents.small(country)
    assert held("P1-C3.1").text == ""
    save("P1-C3.1", "Sur quoi repose chaque mesure :", 1)
    assert outline(row)[-1].is_missing("ht")


@pytest.mark.req("R12.27")
def test_a_clause_realises_measures_and_cites_what_its_references_name(country: make.Country) -> None:
    documents.small(country)
    actor = plans.drafter()
    document.realise(code="P1-C1.1", measures=["P1-M1.1"], objectives=["P1-O1.1"], seen=1, actor=actor, now=NOW)
    save("P1-C1.1", "Selon {{finding:A1-F01}}, voir {{measure:M1.1}} et {{clause:C1.2}}.", 1)
    links = Link.objects.filter(child__code="P1-C1.1").order_by("type", "parent__code")
    assert list(links.values_list("type", "parent__code", "disposition")) == [
        ("cites", "A1-F01", "confirmed"),
        ("cites", "P1-M1.1", "confirmed"),
        ("realises", "P1-M1.1", "confirmed"),
        ("realises", "P1-O1.1", "confirmed"),
    ]
    document.realise(code="P1-C1.1", measures=["P1-M1.1"], objectives=[], seen=2, actor=actor, now=NOW)
    cut = Link.objects.get(child__code="P1-C1.1", parent__code="P1-O1.1")
    assert cut.disposition == "cut"
    assert refused(
        document.realise, code="P1-C1.1", measures=["P1-M9"], objectives=[], seen=3, actor=actor, now=NOW
    ) == ["POL-012"]
    assert refused(document.realise, code="P1-C1.1", measures=[], objectives=[], seen=1, actor=actor, now=NOW) == [
        "DOC-018"
    ]


@pytest.mark.req("R12.27")
def test_a_changed_measure_makes_its_clause_suspect(country: make.Country) -> None:
    documents.small(country)
    actor = plans.drafter()
    document.realise(code="P1-C1.1", measures=["P1-M1.1"], objectives=[], seen=1, actor=actor, now=NOW)
    assert str(states_of(["P1-C1.1"])["P1-C1.1"].state) == "tainted"  # its finding stands alone here
    wanted = MeasureWanted(
        1, make.names("A post at some crossings"), "protection", ("P1-O1.1",), (("IMM", "lead"),), basis=(plans.LAW,)
    )
    statements.edit(code="P1-M1.1", wanted=wanted, seen=1, actor=actor, now=NOW)
    assert str(states_of(["P1-C1.1"])["P1-C1.1"].state) == "suspect"


# --- Suggestions -------------------------------------------------------------------------------


def suggest(text: str, base: int = 1, **more: object) -> Suggestion:
    return clauses.suggest(
        clause="P1-C1.2", language="fr", text=text, base=base, author="MAST", reason="plus juste",
        actor=documents.other(), now=NOW, **more,  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.mark.req("R12.28")
def test_a_suggestion_is_taken_as_a_revision(country: make.Country) -> None:
    documents.small(country)
    made = suggest(HOURS.replace("18 h", "17 h"), origin="word", source="RPL-1")
    assert (made.code, made.state, made.origin, made.source) == ("P1-C1.2-S1", "open", "word", "RPL-1")
    assert [one.suggested for one in outline(made.clause.policy)] == [0, 0, 1, 0, 0, 0]
    taken = clauses.take(code=made.code, actor=plans.drafter(), now=NOW)
    made.refresh_from_db()
    assert (taken.number, taken.text, taken.origin, taken.suggestion) == (
        2, HOURS.replace("18 h", "17 h"), "suggestion", made.code,
    )  # fmt: skip
    assert (made.state, made.taken_as, made.decided_by) == ("taken", 2, "drafter")
    assert refused(clauses.take, code=made.code, actor=plans.drafter(), now=NOW) == ["DOC-009"]


@pytest.mark.req("R12.28")
def test_an_old_suggestion_is_merged_or_needs_a_person(country: make.Country) -> None:
    documents.small(country)
    apart, same = suggest(HOURS.replace("le dimanche", "les jours fériés")), suggest(HOURS.replace("à 8 h", "à 6 h"))
    save("P1-C1.2", HOURS.replace("à 8 h", "à 7 h"), 1)
    taken = clauses.take(code=apart.code, actor=plans.drafter(), now=NOW)
    assert taken.text == HOURS.replace("à 8 h", "à 7 h").replace("le dimanche", "les jours fériés")
    assert refused(clauses.take, code=same.code, actor=plans.drafter(), now=NOW) == ["DOC-010"]
    same.refresh_from_db()
    assert same.state == "open"
    made = save("P1-C1.2", taken.text.replace("à 7 h", "à 6 h"), 3)
    done = clauses.settle(code=same.code, number=made.number, actor=plans.drafter(), now=NOW, answer="à la main")
    assert (done.state, done.taken_as, done.answer) == ("taken", 4, "à la main")


@pytest.mark.req("R12.28")
def test_a_suggestion_is_refused_with_a_reason(country: make.Country) -> None:
    documents.small(country)
    made = suggest(HOURS.replace("18 h", "17 h"))
    actor = plans.drafter()
    assert refused(clauses.refuse, code=made.code, answer=" ", actor=actor, now=NOW) == ["POL-006"]
    done = clauses.refuse(code=made.code, answer="Trop tôt", actor=actor, now=NOW)
    assert (done.state, done.answer) == ("refused", "Trop tôt")
    assert refused(clauses.refuse, code="P1-C1.2-S9", answer="x", actor=actor, now=NOW) == ["DOC-015"]


@pytest.mark.req("R12.28")
def test_what_is_no_suggestion_is_refused(country: make.Country) -> None:
    documents.small(country)
    assert refused(suggest, HOURS) == ["DOC-013"]
    assert refused(suggest, "autre", base=5) == ["DOC-019"]
    assert refused(suggest, "**autre") == ["WRD-004"]
    assert Suggestion.objects.count() == 0


@pytest.mark.req("R12.28")
def test_a_translation_can_be_suggested_where_there_is_none(country: make.Country) -> None:
    documents.small(country)
    made = clauses.suggest(
        clause="P1-C1.2", language="en", text="The post opens at 8.", base=0, author="MAST", actor=documents.other(),
        now=NOW,
    )  # fmt: skip
    taken = clauses.take(code=made.code, actor=plans.drafter(), now=NOW)
    assert (taken.number, taken.language, taken.text) == (1, "en", "The post opens at 8.")


# --- Who edits ---------------------------------------------------------------------------------


@pytest.mark.req("R12.24")
def test_others_are_told_for_a_quarter_of_an_hour(country: make.Country) -> None:
    documents.small(country)
    row, minute = Clause.objects.get(code="P1-C1.1"), timedelta(minutes=1)
    clauses.enter(code=row.code, language="fr", actor=plans.drafter(), now=NOW)
    clauses.enter(code=row.code, language="fr", actor=plans.drafter(), now=NOW + 10 * minute)
    told = queries.editors(row, documents.other(), NOW + 20 * minute)
    assert [(one.owner_label, one.since_at) for one in told] == [("drafter", NOW)]
    assert queries.editors(row, plans.drafter(), NOW + 20 * minute) == []
    assert queries.editors(row, documents.other(), NOW + 26 * minute) == []
    clauses.enter(code=row.code, language="fr", actor=plans.drafter(), now=NOW + 30 * minute)
    assert Editing.objects.get().since_at == NOW + 30 * minute
    save(row.code, "Autre.", 1)
    assert Editing.objects.count() == 0
