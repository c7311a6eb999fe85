"""Situation reports in people's hands: drafted, edited, carried over, submitted, approved, corrected."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import make
import pytest
from respond import reporting
from respond.reporting import drafted, let_go

from pasaj.core.problems import Refused
from pasaj.core.sitrep import PARTS
from pasaj.respond.models import Sitrep, SitrepEvent
from pasaj.respond.queries import sitreps as queries
from pasaj.respond.services import sitreps
from pasaj.site.demo.section import Section
from pasaj.site.demo.sitreps import report, wanted

pytestmark = pytest.mark.django_db


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[tuple[str, str]]:
    return [(one.code, one.column) for one in refused.value.problems]


def edit(cast: make.Cast, row: Sitrep, who: str = "duty", looked: Any = (), **texts: str) -> Sitrep:
    return sitreps.edit(
        code=row.code, texts={"en": texts} if texts else {}, looked=looked, seen=row.revision, actor=cast.actor(who),
        now=make.NOW,
    )  # fmt: skip


@pytest.mark.req("R11.73")
def test_it_is_drafted_in_four_languages(country: make.Country, cast: make.Cast) -> None:
    reporting.happened(country)
    row = drafted(cast)
    assert (row.code, row.number, row.state, row.revision) == ("SR-2025-0001", 1, "draft", 1)
    assert {language: tuple(parts) for language, parts in row.texts.items()} == dict.fromkeys(
        ("fr", "ht", "en", "es"), PARTS
    )
    assert row.texts["en"]["headline"] == "Returns at Northgate: 420, above usual (140 to 140; Daily register)."
    assert row.texts["fr"]["headline"] == (
        "Returns (fr) à Northgate : 420, au-dessus de l’habituel (140 à 140 ; Daily register)."
    )
    assert row.texts["en"]["situation"].splitlines()[0] == (
        "From 2025-09-24 to 2025-09-30, as known on 2025-10-01, 08:00."
        " Daily reports received: 12 of 14; missing ones are not estimated."
    )
    assert row.texts["en"]["response"] == "No alert is running and no plan is activated."
    assert row.texts["en"]["next"].splitlines()[:2] == [
        "- Call the silent posts: Southgate.",
        "- Ask the sources that differ: Northgate.",
    ]


@pytest.mark.req("R11.73")
def test_the_same_moment_is_drafted_once(country: make.Country, cast: make.Cast) -> None:
    assert drafted(cast).pk == drafted(cast).pk
    assert drafted(cast, make.NOW - timedelta(hours=1)).number == 2


@pytest.mark.req("R11.73")
@pytest.mark.django_db(transaction=True)
def test_two_who_draft_at_once_make_one(cast: make.Cast, in_threads: Callable[[Callable[[], None], int], None]) -> None:
    def work() -> None:
        drafted(cast)

    in_threads(work, 3)
    assert Sitrep.objects.count() == 1


@pytest.mark.req("R11.73")
def test_no_moment_in_the_future_or_before_the_last(country: make.Country, cast: make.Cast) -> None:
    duty = cast.actor("duty")
    with pytest.raises(Refused) as refused:
        sitreps.draft(as_of=make.NOW + timedelta(minutes=1), actor=duty, now=make.NOW)
    assert codes(refused) == [("SITREP-004", "as_of")]
    let_go(cast, drafted(cast))
    with pytest.raises(Refused) as refused:
        drafted(cast, make.NOW - timedelta(hours=1))
    assert codes(refused) == [("SITREP-004", "as_of")]
    with pytest.raises(Refused) as refused:
        drafted(cast, previous="SR-2025-0099")
    assert codes(refused) == [("SITREP-001", "")]
    with pytest.raises(Refused) as refused:
        drafted(cast, mode="drill")
    assert codes(refused) == [("SITREP-009", "")]
    assert drafted(cast, make.NOW - timedelta(hours=1), previous="").previous is None


@pytest.mark.req("R11.74")
def test_the_next_one_starts_from_the_last(country: make.Country, cast: make.Cast) -> None:
    reporting.happened(country)
    first = edit(cast, drafted(cast), needs="- Water for the reception point", headline="Returns have tripled.")
    assert (first.marks["en"]["needs"], first.marks["fr"]["needs"]) == ("edited", "drafted")
    assert queries.behind(first, "en") == [
        (language, part) for language in ("fr", "ht", "es") for part in ("headline", "needs")
    ]
    let_go(cast, first)
    second = drafted(cast, reporting.at(2))
    assert (second.previous, second.period_start) == (first, make.TODAY)
    assert second.texts["en"]["needs"] == "- Water for the reception point"
    assert second.marks["en"] == {**dict.fromkeys(PARTS, "drafted"), "needs": "carried"}
    assert second.texts["en"]["headline"] != "Returns have tripled."
    read = edit(cast, second, looked=[("en", "needs")])
    assert (read.marks["en"]["needs"], read.texts["en"]["needs"]) == ("edited", "- Water for the reception point")


@pytest.mark.req("R11.74")
def test_saving_what_is_there_changes_nothing(country: make.Country, cast: make.Cast) -> None:
    row = drafted(cast)
    same = edit(cast, row, headline=row.texts["en"]["headline"])
    assert (same.revision, SitrepEvent.objects.filter(action="edited").count()) == (1, 0)


@pytest.mark.req("R11.74")
def test_bad_texts_are_refused_all_together(country: make.Country, cast: make.Cast) -> None:
    row = drafted(cast)
    with pytest.raises(Refused) as refused:
        edit(cast, row, headline="x" * 4001, needs="Call Marie Dupont, passport AB1234567")
    assert codes(refused) == [("SITREP-005", "en-headline"), ("SCREEN-001", "en-needs")]
    with pytest.raises(Refused) as refused:
        edit(cast, row, annex="x")
    assert codes(refused) == [("SITREP-009", "")]
    with pytest.raises(Refused) as refused:
        sitreps.edit(code=row.code, texts={"de": {}}, seen=1, actor=cast.actor("duty"), now=make.NOW)
    assert codes(refused) == [("SITREP-009", "")]
    edit(cast, row, needs="Water")
    with pytest.raises(Refused) as refused:
        edit(cast, row, needs="Rice")
    assert codes(refused) == [("SITREP-002", "")]
    assert Sitrep.objects.get().texts["en"]["needs"] == "Water"


@pytest.mark.req("R11.74")
def test_reading_the_facts_again_keeps_what_somebody_wrote(country: make.Country, cast: make.Cast) -> None:
    reporting.happened(country)
    row = edit(cast, drafted(cast), situation="As I see it.")
    reporting.corrected(country, reporting.LAST, 600, make.NOW + timedelta(hours=1))
    later = make.NOW + timedelta(hours=2)
    row = sitreps.refresh(code=row.code, seen=row.revision, actor=cast.actor("duty"), now=later, as_of=later)
    assert row.texts["en"]["headline"] == "Returns at Northgate: 960, above usual (140 to 140; Daily register)."
    assert (row.texts["en"]["situation"], row.as_of_at) == ("As I see it.", later)
    with pytest.raises(Refused) as refused:
        sitreps.refresh(
            code=row.code, seen=row.revision, actor=cast.actor("duty"), now=later, as_of=later + timedelta(days=1)
        )
    assert codes(refused) == [("SITREP-004", "as_of")]


@pytest.mark.req("R11.70")
def test_a_second_person_approves_what_was_submitted(country: make.Country, cast: make.Cast) -> None:
    make.member(cast.account("duty"), country.institutions["CELL"], "approver")
    row = drafted(cast)
    duty, approver = cast.actor("duty"), cast.actor("approver")
    with pytest.raises(Refused) as refused:
        sitreps.approve(code=row.code, seen=1, actor=approver, now=make.NOW)
    assert codes(refused) == [("SITREP-003", "")]
    row = sitreps.submit(code=row.code, seen=row.revision, actor=duty, now=make.NOW)
    with pytest.raises(Refused) as refused:
        sitreps.approve(code=row.code, seen=row.revision, actor=duty, now=make.NOW)
    assert codes(refused) == [("SITREP-006", "")]
    with pytest.raises(Refused) as refused:
        edit(cast, row, needs="Water")
    assert codes(refused) == [("SITREP-003", "")]
    row = sitreps.give_back(code=row.code, seen=row.revision, note="Say since when.", actor=approver, now=make.NOW)
    row = edit(cast, row, "analyst", needs="Water")
    make.member(cast.account("analyst"), country.institutions["CELL"], "approver")
    row = sitreps.submit(code=row.code, seen=row.revision, actor=duty, now=make.NOW)
    with pytest.raises(Refused) as refused:  # who edited it has worked on it too
        sitreps.approve(code=row.code, seen=row.revision, actor=cast.actor("analyst"), now=make.NOW)
    assert codes(refused) == [("SITREP-006", "")]
    row = sitreps.approve(code=row.code, seen=row.revision, actor=approver, now=make.NOW)
    assert (row.state, row.approver_id, row.fingerprint) == ("approved", approver.id, sitreps.fingerprint(row))
    told = list(row.events.order_by("pk").values_list("action", flat=True))
    assert told == ["drafted", "submitted", "returned", "edited", "submitted", "approved"]


@pytest.mark.req("R11.70")
def test_nothing_is_submitted_without_its_two_first_parts(country: make.Country, cast: make.Cast) -> None:
    row = edit(cast, drafted(cast), headline=" ")
    with pytest.raises(Refused) as refused:
        sitreps.submit(code=row.code, seen=row.revision, actor=cast.actor("duty"), now=make.NOW)
    assert codes(refused) == [("SITREP-007", "en-headline")]


@pytest.mark.req("R11.70")
def test_a_correction_is_a_new_one_that_says_so(country: make.Country, cast: make.Cast) -> None:
    reporting.happened(country)
    first = drafted(cast)
    with pytest.raises(Refused) as refused:
        drafted(cast, reporting.at(1), corrects=first.code, correction="A count was wrong.")
    assert codes(refused) == [("SITREP-003", "")]
    let_go(cast, first)
    with pytest.raises(Refused) as refused:
        drafted(cast, reporting.at(1), corrects=first.code, correction=" ")
    assert codes(refused) == [("SITREP-010", "correction")]
    second = drafted(cast, reporting.at(1), corrects=first.code, correction="A count was wrong.")
    assert (second.corrects, second.period_start, second.period_end) == (first, first.period_start, first.period_end)
    told = queries.said(second, language="en", edition="whole")
    assert told.blocks[0].spans[0].text == "Corrects SR-2025-0001: A count was wrong."  # type: ignore[union-attr]


@pytest.mark.req("R11.70")
def test_a_draft_can_be_let_be_with_a_reason(country: make.Country, cast: make.Cast) -> None:
    row = drafted(cast)
    duty = cast.actor("duty")
    with pytest.raises(Refused) as refused:
        sitreps.discard(code=row.code, seen=row.revision, reason="", actor=duty, now=make.NOW)
    assert codes(refused) == [("SITREP-010", "reason")]
    row = sitreps.discard(code=row.code, seen=row.revision, reason="Drafted twice.", actor=duty, now=make.NOW)
    assert (row.state, queries.last()) == ("discarded", None)
    with pytest.raises(Refused) as refused:
        sitreps.submit(code="SR-2025-0077", seen=1, actor=duty, now=make.NOW)
    assert codes(refused) == [("SITREP-001", "")]


@pytest.mark.req("R11.74")
def test_the_demonstration_writes_its_reports_once(country: make.Country, cast: make.Cast) -> None:
    asked = (
        wanted(Section("1", {"ago": 7, "done": 1, "text": {"needs": {"en": "- Simulated: water."}}})),
        wanted(Section("2", {"ago": 0})),
    )
    for _again in range(2):
        report(asked=asked, officer=cast.actor("duty"), approver=cast.actor("approver"), now=make.NOW)
    rows = list(Sitrep.objects.order_by("number"))
    assert [(one.state, one.marks["en"]["needs"], one.texts["en"]["needs"]) for one in rows] == [
        ("approved", "edited", "- Simulated: water."),  # the directory is empty: it waits to be sent
        ("draft", "carried", "- Simulated: water."),
    ]
