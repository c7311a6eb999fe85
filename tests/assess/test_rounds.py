"""A round from its scope to scores, through the forms that phones fill."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import make
import pytest
from assess.examples import (
    NORTH,
    SMALL,
    SOUTH,
    a_round,
    answers,
    assessor,
    convert,
    indicator,
    problems,
    report,
    version,
    wanted,
)
from collect import phone

from pasaj.access.models import AuditEntry
from pasaj.access.rules import SYSTEM, Actor
from pasaj.assess.models import AnswerSheet, Round
from pasaj.assess.queries import rounds as queries
from pasaj.assess.services import rounds, settlements, sheets
from pasaj.collect import jobs
from pasaj.collect.models import Attachment, FormVersion, Outcome
from pasaj.collect.services import meaning, review
from pasaj.core.problems import Refused
from pasaj.core.scoring import Critical, Disagreement, Range

pytestmark = pytest.mark.usefixtures("country")
NOW = make.NOW


@pytest.fixture
def lead(with_lead: make.Cast) -> Actor:
    return with_lead.actor("lead")


def refused(error: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [one.code for one in error.value.problems]


# --- Making and opening ------------------------------------------------------------------------


@pytest.mark.req("R10.7")
def test_opening_a_round_publishes_its_forms(lead: Actor) -> None:
    row = rounds.create(framework=version(), wanted=wanted(), actor=lead, now=NOW)
    assert (row.code, row.state) == ("A1", Round.State.DRAFT)
    handed = rounds.publish(code="A1", wake=jobs.convert, actor=lead, now=NOW)
    assert [one.name for one in handed] == ["a1_country", "a1_institution", "a1_crossing_point"]
    published = FormVersion.objects.filter(state="published").order_by("form__form_id")
    assert [(one.form.form_id, one.version) for one in published] == [
        ("a1_country", "1"), ("a1_crossing_point", "1"), ("a1_institution", "1"),
    ]  # fmt: skip
    assert published[1].form.names == {"fr": "A1 · First round: points de passage"}
    row.refresh_from_db()
    assert (row.state, row.opened_at) == (Round.State.OPEN, NOW)
    assert rounds.publish(code="A1", wake=jobs.convert, actor=lead, now=NOW) == []
    log = AuditEntry.objects.filter(code="A1").order_by("pk").values_list("action", flat=True)
    assert list(log) == ["round.created", "round.opened"]


@pytest.mark.req("R10.7")
def test_a_wider_scope_makes_a_new_version_of_one_form(lead: Actor) -> None:
    row = a_round()
    scope = replace(wanted().scope, institutions=("IMM", "AID"))
    rounds.change(code=row.code, wanted=wanted(scope=scope), actor=lead, now=NOW)
    (handed,) = rounds.publish(code=row.code, wake=convert, actor=lead, now=NOW)
    assert (handed.name, handed.number) == ("a1_institution", 2)
    assert FormVersion.objects.get(form__form_id="a1_institution", state="published").version == "2"


@pytest.mark.req("R10.1")
def test_a_round_stays_with_its_version_of_the_framework() -> None:
    row = a_round()
    version(replace(SMALL, version="2", indicators=(indicator("NEW-1", "country"),)))
    found = queries.result(Round.objects.get(pk=row.pk))
    assert (found.framework.version, found.asked.asked["TL"]) == ("1", ("LEG-1",))


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"title": "  "}, ["ROUND-019"]),
        ({"ends": date(2025, 8, 1)}, ["ROUND-016"]),
        ({"scope": rounds.Scope()}, ["ROUND-010"]),
        ({"scope": rounds.Scope(crossings=("XX", NORTH), institutions=("YY",))}, ["ROUND-020", "ROUND-020"]),
    ],
)
def test_what_no_round_can_be(lead: Actor, more: dict[str, object], code: list[str]) -> None:
    with pytest.raises(Refused) as error:
        rounds.create(framework=version(), wanted=wanted(**more), actor=lead, now=NOW)
    assert refused(error) == code
    assert not Round.objects.exists()


def test_a_framework_that_asks_nothing_of_the_scope(lead: Actor) -> None:
    framework = replace(SMALL, indicators=(indicator("LEG-1", "country"),))
    scope = rounds.Scope(crossings=(NORTH,))
    row = rounds.create(framework=version(framework), wanted=wanted(scope=scope), actor=lead, now=NOW)
    with pytest.raises(Refused) as error:
        rounds.publish(code=row.code, wake=jobs.convert, actor=lead, now=NOW)
    assert refused(error) == ["ROUND-012"]


def test_what_has_answers_stays_in(lead: Actor) -> None:
    row = a_round()
    _who, user = assessor(row)
    report(row, user, NORTH, {"EQP-1": 3})
    with pytest.raises(Refused) as error:
        rounds.change(code=row.code, wanted=wanted(scope=rounds.Scope(country="TL")), actor=lead, now=NOW)
    assert refused(error) == ["ROUND-017"]
    assert row.units.count() == 4


def test_an_assessor_once(lead: Actor, cast: make.Cast) -> None:
    row = a_round(opened=False)
    who, user = assessor(row)
    account = cast.account("analyst")
    other = rounds.add_assessor(code=row.code, account=account, units=[NORTH], actor=lead, now=NOW)
    assert (who.code, who.everywhere, other.code, other.everywhere) == ("A1-E1", True, "A1-E2", False)
    for again in ({"app_user": user}, {"account": account}):
        with pytest.raises(Refused) as error:
            rounds.add_assessor(code=row.code, **again, actor=lead, now=NOW)  # type: ignore[arg-type]
        assert refused(error) == ["ROUND-018"]
    key, _token = phone.key("Paul")
    with pytest.raises(Refused) as error:
        rounds.add_assessor(code=row.code, app_user=key, units=["XX"], actor=lead, now=NOW)
    assert refused(error) == ["ROUND-003"]


@pytest.mark.req("R10.7")
def test_a_closed_round_counts_what_came_before(lead: Actor) -> None:
    row = a_round()
    _who, user = assessor(row)
    told = phone.send(phone.sender(user), answers(row, NORTH, {"EQP-1": 3}))
    late = answers(row, SOUTH, {"EQP-1": 3})
    rounds.close(code=row.code, actor=lead, now=NOW + timedelta(minutes=1))
    with pytest.raises(Refused) as error:
        phone.send(phone.sender(user), late)
    assert refused(error) == ["COLLECT-016"]
    meaning.process_waiting(NOW)
    sheets.settle_waiting(NOW)
    assert [one.outcome.version.submission.receipt for one in AnswerSheet.objects.all()] == [told.receipt]
    assert not FormVersion.objects.filter(state="published").exists()
    with pytest.raises(Refused) as error:
        rounds.close(code=row.code, actor=lead, now=NOW)
    assert refused(error) == ["ROUND-011"]


# --- Answers -----------------------------------------------------------------------------------


@pytest.mark.req("R10.7")
def test_from_a_phone_to_scores() -> None:
    row = a_round()
    (first, marie), (second, paul) = assessor(row, "Marie"), assessor(row, "Paul")
    report(row, marie, NORTH, {"EQP-1": 3, "EQP-2": "not_observed", "PRO-1": 4})
    report(row, paul, NORTH, {"EQP-1": 1, "EQP-2": 2})
    report(row, marie, SOUTH, {"EQP-1": 0, "EQP-2": "not_applicable"})
    report(row, marie, "TL", {"LEG-1": 4}, sort="country")
    found = queries.result(row)
    scores = found.scores
    assert scores.unit_pillars == {
        ("TL", "LEG"): Range(4, 4),
        ("IMM", "LEG"): Range(0, 4, observed=0),
        (NORTH, "EQP"): Range(1.5, 2.5),
        (NORTH, "PRO"): Range(4, 4, optional=True),  # nobody knows whether EQP-1 is 2 or more
        (SOUTH, "EQP"): Range(0, 0),
    }
    given = found.of_cell(NORTH, "EQP-1")
    assert [(one.answer.assessor, one.answer.value, one.sure, one.comment) for one in given] == [
        (first.code, 3, "high", f"Seen at {NORTH}"), (second.code, 1, "high", f"Seen at {NORTH}"),
    ]  # fmt: skip
    from pasaj.core.scoring import critical, disagreements

    assert critical(scores, found.indicators) == [Critical(SOUTH, "EQP-1", "zero")]
    assert disagreements(scores) == [Disagreement(NORTH, "EQP-1", "value", 2, False)]
    shares = {
        what: [(one.code, one.answered, one.asked) for one in rows] for what, rows in queries.progress(found).items()
    }
    assert shares == {
        "unit": [("TL", 1, 1), ("IMM", 0, 1), (NORTH, 3, 3), (SOUTH, 2, 2)],
        "pillar": [("LEG", 1, 2), ("EQP", 4, 4), ("PRO", 1, 1)],
        "assessor": [(first.code, 6, 7), (second.code, 2, 7)],
    }
    assert queries.agreement(found).cells == 1
    assert queries.sensitivity(found) is not None


@pytest.mark.req("R10.7")
def test_the_same_assessor_again_replaces_the_answer() -> None:
    row = a_round()
    _who, marie = assessor(row)
    report(row, marie, NORTH, {"EQP-1": 1, "EQP-2": 1}, day="2025-09-10")
    report(row, marie, NORTH, {"EQP-1": 3}, day="2025-09-12")
    report(row, marie, NORTH, {"EQP-1": 2}, day="2025-09-11")  # sent later, seen earlier
    found = queries.result(row)
    assert found.scores.cells[NORTH, "EQP-1"].range == Range(3, 3)
    assert found.scores.cells[NORTH, "EQP-2"].range == Range(1, 1)
    assert [one.answer.value for one in found.replaced] == [1, 2]


@pytest.mark.req("R10.7")
def test_an_edited_report_takes_back_what_it_said() -> None:
    row = a_round()
    _who, marie = assessor(row)
    report(row, marie, NORTH, {"EQP-1": 1, "EQP-2": 1}, instance="uuid:a")
    found = report(row, marie, NORTH, {"EQP-1": 2}, instance="uuid:b", deprecated="uuid:a")
    assert problems(found) == []
    scores = queries.result(row).scores
    assert scores.cells[NORTH, "EQP-1"].range == Range(2, 2)
    assert scores.cells[NORTH, "EQP-2"].range == Range(0, 4, observed=0)


@pytest.mark.req("R10.7")
def test_a_report_that_is_set_aside_counts_no_more(lead: Actor) -> None:
    row = a_round()
    _who, marie = assessor(row)
    found = report(row, marie, NORTH, {"EQP-1": 1})
    assert len(queries.given(row)[0]) == 1
    review.act(receipt=found.receipt, step="refuse", seen=review.mark(found), text="Not there", actor=lead, now=NOW)
    assert queries.given(row) == ([], [])
    assert Outcome.objects.get().state == Outcome.State.WITHDRAWN


@pytest.mark.parametrize(
    ("said", "more", "code"),
    [
        ({}, {}, "ROUND-008"),
        ({"EQP-1": 5}, {}, "ROUND-006"),
        ({"EQP-1": "maybe"}, {}, "ROUND-006"),
        ({"EQP-1": "²"}, {}, "ROUND-006"),
        ({"EQP-1": 1}, {"unit": "TL-UBP-01"}, "ROUND-003"),
        ({"EQP-1": 1}, {"unit": "IMM"}, "ROUND-007"),
        ({"EQP-1": 1}, {"day": "2025-10-02"}, "ROUND-009"),
    ],
)
def test_what_cannot_be_counted_waits_in_the_tray(said: dict[str, object], more: dict[str, str], code: str) -> None:
    row = a_round()
    _who, marie = assessor(row)
    found = report(row, marie, more.pop("unit", NORTH), said, **more)
    assert (problems(found), found.processing) == ([code], "failed")
    assert not AnswerSheet.objects.exists()


@pytest.mark.req("R10.7")
def test_tried_again_once_the_sender_is_an_assessor() -> None:
    row = a_round()
    user, _token = phone.key("Nobody")
    found = report(row, user, NORTH, {"EQP-1": 1})
    assert problems(found) == ["ROUND-004"]
    rounds.add_assessor(code=row.code, app_user=user, actor=SYSTEM, now=NOW)
    meaning.retry(submission=found, actor=SYSTEM, now=NOW)
    sheets.settle_waiting(NOW)
    found.refresh_from_db()
    assert (problems(found), found.processing, len(queries.given(row)[0])) == ([], "done", 1)


def test_an_assessor_of_other_units() -> None:
    row = a_round()
    _who, marie = assessor(row, units=(SOUTH,))
    assert problems(report(row, marie, NORTH, {"EQP-1": 1})) == ["ROUND-005"]
    assert problems(report(row, marie, SOUTH, {"EQP-1": 1})) == []


@pytest.mark.req("R10.7")
def test_an_assessor_gets_another_unit_and_the_report_is_tried_again(lead: Actor) -> None:
    row = a_round()
    who, marie = assessor(row, units=(SOUTH,))
    found = report(row, marie, NORTH, {"EQP-1": 1})
    assert problems(found) == ["ROUND-005"]
    rounds.assign(code=row.code, assessor=who.code, units=[NORTH, SOUTH], actor=lead, now=NOW)
    meaning.retry(submission=found, actor=SYSTEM, now=NOW)
    sheets.settle_waiting(NOW)
    assert (problems(found), len(queries.given(row)[0])) == ([], 1)
    rounds.assign(code=row.code, assessor=who.code, units=[SOUTH], actor=lead, now=NOW)
    assert len(queries.given(row)[0]) == 1  # what counts goes on counting
    rounds.assign(code=row.code, assessor=who.code, actor=lead, now=NOW)
    who.refresh_from_db()
    assert (who.everywhere, who.assignments.count()) == (True, 0)
    assert AuditEntry.objects.filter(code=row.code, action="round.assigned").count() == 3
    for wanted_, code in (({"assessor": "A1-E9"}, "ROUND-023"), ({"assessor": who.code, "units": ["XX"]}, "ROUND-003")):
        with pytest.raises(Refused) as error:
            rounds.assign(code=row.code, **wanted_, actor=lead, now=NOW)  # type: ignore[arg-type]
        assert refused(error) == [code]


@pytest.mark.req("R10.4")
def test_two_phones_without_network_answer_the_same_differently() -> None:
    """Both filled before either was sent; what was seen first comes last. Neither is lost, and nobody's word wins."""
    row = a_round()
    (first, marie), (second, paul) = assessor(row, "Marie"), assessor(row, "Paul")
    early = answers(row, NORTH, {"EQP-1": 0}, day="2025-09-10")
    late = answers(row, NORTH, {"EQP-1": 4}, day="2025-09-12")
    phone.send(phone.sender(paul, "collect:two"), late)
    phone.send(phone.sender(marie), early)
    meaning.process_waiting(NOW)
    sheets.settle_waiting(NOW)
    found = queries.result(row)
    assert [(one.answer.assessor, one.answer.value, str(one.assessed_on)) for one in found.of_cell(NORTH, "EQP-1")] == [
        (first.code, 0, "2025-09-10"), (second.code, 4, "2025-09-12"),
    ]  # fmt: skip
    assert found.scores.cells[NORTH, "EQP-1"].range == Range(0, 4)
    assert (found.replaced, row.settlements.count()) == ((), 0)


def test_of_a_round_that_is_not_there() -> None:
    row = a_round()
    _who, marie = assessor(row)
    told = phone.send(phone.sender(marie), answers(row, NORTH, {"EQP-1": 1}))
    meaning.process_waiting(NOW)
    outcome = Outcome.objects.get()
    outcome.data["round"] = "A9"
    outcome.save()
    assert sheets.settle_waiting(NOW) == 1
    outcome.refresh_from_db()
    assert (outcome.problem or {})["code"] == "ROUND-001"
    assert sheets.settle(outcome.pk, now=NOW) is None
    assert told.receipt


def test_a_report_without_a_day_counts_on_the_day_it_came() -> None:
    row = a_round()
    _who, marie = assessor(row)
    report(row, marie, NORTH, {"EQP-1": 1}, day="")
    assert AnswerSheet.objects.get().assessed_date == date(2025, 10, 1)


# --- Settling ----------------------------------------------------------------------------------


@pytest.mark.req("R10.4")
def test_a_disagreement_is_settled_and_opened_again(lead: Actor) -> None:
    row = a_round()
    (_a, marie), (_b, paul) = assessor(row, "Marie"), assessor(row, "Paul")
    report(row, marie, NORTH, {"EQP-1": 3})
    report(row, paul, NORTH, {"EQP-1": 1})

    def decide(value: str, reason: str = "Seen again together") -> None:
        found = queries.result(row)
        seen = settlements.stands(found.of_cell(NORTH, "EQP-1"), found.settlements.get((NORTH, "EQP-1")))
        settlements.settle(
            code=row.code, unit=NORTH, indicator="EQP-1", value=value, reason=reason, seen=seen, actor=lead, now=NOW
        )

    decide("2")
    cell = queries.result(row).scores.cells[NORTH, "EQP-1"]
    assert (cell.range, [one.value for one in cell.answers]) == (Range(2, 2), [3, 1])
    assert queries.result(row).asked.doubtful == {(SOUTH, "PRO-1")}
    decide("not_applicable")
    assert queries.result(row).scores.cells[NORTH, "EQP-1"].range is None
    assert "PRO-1" not in queries.result(row).asked.asked[NORTH]
    decide("not_observed")
    assert queries.result(row).scores.cells[NORTH, "EQP-1"].range == Range(0, 4, observed=0)
    decide("")
    assert queries.result(row).scores.cells[NORTH, "EQP-1"].range == Range(1, 3)
    with pytest.raises(Refused) as error:
        decide("")
    assert (refused(error), row.settlements.count()) == (["ROUND-022"], 4)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"reason": " "}, "ROUND-013"),
        ({"reason": "x" * 2001}, "ROUND-021"),
        ({"value": "5"}, "ROUND-006"),
        ({"unit": "XX"}, "ROUND-014"),
        ({"indicator": "EQP-2"}, "ROUND-014"),
        ({"seen": "long ago"}, "ROUND-015"),
        ({"code": "A9"}, "ROUND-001"),
        ({"value": ""}, "ROUND-022"),
    ],
)
def test_what_cannot_be_settled(lead: Actor, more: dict[str, str], code: str) -> None:
    row = a_round()
    _who, marie = assessor(row)
    report(row, marie, NORTH, {"EQP-1": 3})
    seen = settlements.stands(queries.result(row).of_cell(NORTH, "EQP-1"), None)
    fields = {"code": row.code, "unit": NORTH, "indicator": "EQP-1", "value": "2", "reason": "So", "seen": seen, **more}
    with pytest.raises(Refused) as error:
        settlements.settle(**fields, actor=lead, now=NOW)
    assert refused(error) == [code]
    assert not row.settlements.exists()


@pytest.mark.req("R10.8")
def test_a_photo_is_kept_without_its_place(home_folder: Path) -> None:
    from core.test_pictures import EXIF, JFIF, SCAN, TABLES

    row = a_round(photos=True)
    _who, marie = assessor(row)
    xml = answers(row, NORTH, {"EQP-1": 1}).replace(b"</EQP_1_page>", b"<EQP_1_photo>a.jpg</EQP_1_photo></EQP_1_page>")
    for _again in range(2):  # the same photo again is the same photo
        phone.send(phone.sender(marie), xml, {"a.jpg": b"\xff\xd8" + JFIF + EXIF + TABLES + SCAN})
    (kept,) = Attachment.objects.all()
    assert (home_folder / "files" / kept.path).read_bytes() == b"\xff\xd8" + JFIF + TABLES + SCAN
    assert len(phone.on_disk()) == 1
    meaning.process_waiting(NOW)
    sheets.settle_waiting(NOW)
    assert queries.result(row).of_cell(NORTH, "EQP-1")[0].photo == "a.jpg"
