"""What institutions say of whom they tell what and of their roles, from a phone to a profile."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import make
import pytest
from assess.examples import NUMBER, a_round, assessor, convert, problems, report
from collect import phone
from collect.test_openrosa import Phone
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pasaj.access.rules import SYSTEM, Actor
from pasaj.assess.models import MappingAnswer, Round
from pasaj.assess.queries import mapping as queries
from pasaj.assess.queries.pages import unit_choices
from pasaj.assess.queries.rounds import units_of
from pasaj.assess.services import rounds, sheets
from pasaj.collect import jobs
from pasaj.collect.models import AppUser, FormVersion, Submission
from pasaj.collect.services import meaning, review
from pasaj.core.mapping.exchange import Need, Statement
from pasaj.core.mapping.mandates import WHOLE, Gap, Mandate
from pasaj.core.mapping.profile import profile
from pasaj.core.problems import Refused
from pasaj.core.rounds.mapping import TURN
from pasaj.registry.models import ExchangeLayer, ExchangeNeed, Function, Institution, Instrument
from pasaj.registry.models import Mandate as MandateRow
from pasaj.site.demo import filling

NOW = make.NOW
ALL = ("AID", "CELL", "IMM")
SCOPE = rounds.Scope(country="TL", institutions=ALL)


@pytest.fixture(autouse=True)
def matrix(country: make.Country) -> make.Country:
    """Two functions, a lead that is to be verified, a layer with a need that has a limit and one that has none."""
    task, other = (
        Function.objects.create(code=code, names=make.names(code), source="x") for code in ("CHECK", "RESCUE")
    )
    Instrument.objects.create(code="L-1", title="Law", kind="law", date="1999-12")
    for function, who, since, until in (
        (task, "IMM", date(2000, 1, 1), None),
        (other, "CELL", None, date(2019, 12, 31)),
        (other, "AID", date(2026, 1, 1), None),
    ):
        MandateRow.objects.create(
            key=f"{function.code}/{who}", function=function, institution=country.institutions[who], role="lead",
            basis="L-1" if since else "", valid_start=since, valid_end=until, verify="check",
        )  # fmt: skip
    layer = ExchangeLayer.objects.create(code="ALERTS", names=make.names("Alerts"), source="x")
    ExchangeLayer.objects.create(code="LISTS", names=make.names("Lists"), source="x")
    for sender, receiver, hours in (("IMM", "CELL", 6.0), ("CELL", "AID", None)):
        ExchangeNeed.objects.create(
            key=f"ALERTS/{sender}/{receiver}", layer=layer, sender=country.institutions[sender],
            receiver=country.institutions[receiver], hours=hours,
        )  # fmt: skip
    return country


def sent(row: Round, user: AppUser, xml: str, name: str, instance: str = "", deprecated: str = "") -> Submission:
    old = f"<deprecatedID>{deprecated}</deprecatedID>" if deprecated else ""
    body = (
        f"<data id='{row.code.lower()}_{name}' version='1'>{xml}"
        f"<meta><instanceID>{instance or f'uuid:{next(NUMBER)}'}</instanceID>{old}</meta></data>"
    )
    told = phone.send(phone.sender(user), body.encode())
    found = Submission.objects.get(receipt=told.receipt)
    meaning.process(found.pk, now=NOW + timedelta(minutes=2))
    sheets.settle_waiting(NOW + timedelta(minutes=2))
    found.refresh_from_db()
    return found


def tells(row: Round, user: AppUser, unit: str, *turns: dict[str, Any], complete: str = "", day: str = "2025-09-20",
          **more: str) -> Submission:  # fmt: skip
    """A report on exchange. Each turn: what differs from sending ALERTS to the cell."""
    rows = ""
    for turn in turns:
        values = {"layer": "ALERTS", "direction": "send", "others": "CELL", **turn}
        entry = "".join(f"<{name}>{values.get(name, '')}</{name}>" for name in TURN)
        rows += f"<turn><entry>{entry}</entry></turn>"
    head = f"<date>{day}</date><unit>{unit}</unit><any>{'yes' if turns else 'no'}</any>"
    xml = f"{head}<exchanges>{rows}</exchanges><complete>{complete}</complete>"
    return sent(row, user, xml, "exchange", **more)


def has_role(row: Round, user: AppUser, unit: str, role: str, **more: str) -> Submission:
    xml = f"<f_CHECK_page><f_CHECK>{role}</f_CHECK></f_CHECK_page>"
    return sent(row, user, f"<date>2025-09-20</date><unit>{unit}</unit>{xml}", "mandates", **more)


@pytest.fixture
def lead(with_lead: make.Cast) -> Actor:
    return with_lead.actor("lead")


@pytest.fixture
def asked() -> tuple[Round, AppUser]:
    row = a_round(scope=SCOPE, mapping=True)
    return row, assessor(row)[1]


# --- What the pack says ------------------------------------------------------------------------


@pytest.mark.req("R1.2")
def test_the_mandates_of_the_pack_are_judged_on_a_day() -> None:
    register, found = queries.mandates_on(date(2025, 10, 31))
    assert register.functions == {"CHECK": (WHOLE,), "RESCUE": (WHOLE,)}
    assert register.institutions == ALL
    assert register.bases == {"L-1": (date(1999, 12, 1), None)}
    assert found == (
        Mandate("CHECK", "IMM", "lead", WHOLE, "L-1", date(2000, 1, 1), verify=True),
        Mandate("RESCUE", "CELL", "lead", last=date(2019, 12, 31), verify=True),
    )
    judged = queries.review_on(date(2025, 10, 31))
    assert judged.gaps == (Gap("RESCUE", WHOLE, (), ("CELL",)),)
    assert (judged.gap_share.value, judged.gap_share.highest) == (0.5, 1.0)
    assert queries.review_on(date(2026, 1, 1)).gaps == ()
    assert [str(one) for one in queries.functions()] == ["CHECK", "RESCUE"]
    assert [(one.code, one.names["fr"]) for one in queries.layers()] == [
        ("ALERTS", "Alerts (fr)"),
        ("LISTS", "Lists (fr)"),
    ]


def test_what_left_the_pack_is_not_judged() -> None:
    MandateRow.objects.filter(function__code="RESCUE").update(retired_at=NOW)
    Function.objects.filter(code="RESCUE").update(retired_at=NOW)
    ExchangeLayer.objects.filter(code="LISTS").update(retired_at=NOW)
    Institution.objects.filter(code="AID").update(retired_at=NOW)
    register, found = queries.mandates_on(date(2025, 10, 31))
    assert (list(register.functions), register.institutions) == (["CHECK"], ("CELL", "IMM"))
    assert [one.function for one in found] == ["CHECK"]
    assert [one.code for one in queries.layers()] == ["ALERTS"]


# --- Both ends ---------------------------------------------------------------------------------


@pytest.mark.req("R1.2")
def test_each_end_keeps_its_own_answer(asked: tuple[Round, AppUser]) -> None:
    row, user = asked
    tells(row, user, "IMM", {"channels": "phone", "written": "yes", "hours": "2", "comment": "By night"})
    tells(row, user, "CELL", {"direction": "receive", "others": "IMM", "channels": "email", "hours": "9"})
    heard = queries.exchange(row)
    one, other = heard.said
    assert one.statement == Statement("ALERTS", "IMM", "CELL", "sender", True, ("phone",), True, 2.0)
    assert other.statement == Statement("ALERTS", "IMM", "CELL", "receiver", True, ("email",), None, 9.0)
    assert (one.comment, one.origin.institution, one.origin.assessor) == ("By night", "IMM", "A1-E1")
    assert [(tie.arc, tie.state, tie.hours, tie.differs) for tie in heard.ties] == [
        (("CELL", "AID"), "unanswered", None, ()),
        (("IMM", "CELL"), "confirmed", 9.0, ("channels", "hours")),
    ]


@pytest.mark.req("R1.2")
def test_a_complete_list_says_no_to_the_rest(asked: tuple[Round, AppUser]) -> None:
    row, user = asked
    tells(row, user, "CELL", {"direction": "receive", "others": "IMM"}, complete="no")
    assert [tie.state for tie in queries.exchange(row).ties] == ["unanswered", "only_receiver"]
    tells(row, user, "IMM", complete="yes")
    heard = queries.exchange(row)
    assert heard.complete == {"IMM"}
    assert [tie.state for tie in heard.ties] == ["unanswered", "not_sent"]


def test_a_newer_complete_list_replaces_the_older_answers_of_its_institution(asked: tuple[Round, AppUser]) -> None:
    row, user = asked
    tells(row, user, "IMM", {"others": "CELL AID"})
    tells(row, user, "CELL", {"direction": "receive", "others": "IMM"})
    tells(row, user, "IMM", {"others": "AID"}, complete="yes", day="2025-09-22")
    tells(row, user, "IMM", {"others": "AID", "hours": "3"}, day="2025-09-23")
    heard = queries.exchange(row)
    assert [(one.statement.sender, one.statement.receiver, one.statement.hours) for one in heard.said] == [
        ("IMM", "AID", 3.0),
        ("IMM", "CELL", None),
    ]
    assert [one.statement.receiver for one in heard.replaced] == ["CELL", "AID", "AID"]
    assert [tie.state for tie in heard.ties] == ["unanswered", "only_sender", "not_sent"]


def test_what_an_edit_no_longer_says_and_what_is_set_aside_counts_no_more(asked: tuple[Round, AppUser]) -> None:
    row, user = asked
    tells(row, user, "IMM", {}, {"others": "AID"}, instance="uuid:x")
    told = tells(row, user, "IMM", {"others": "AID"}, instance="uuid:y", deprecated="uuid:x")
    assert [one.statement.receiver for one in queries.exchange(row).said] == ["AID"]
    later = NOW + timedelta(minutes=5)
    mark = review.mark(told)
    review.act(receipt=told.receipt, step="refuse", seen=mark, text="Not theirs", actor=SYSTEM, now=later)
    assert queries.exchange(row).said == ()


@pytest.mark.req("R1.2")
@pytest.mark.req("R2.2")
def test_an_institution_answers_from_a_phone_through_the_published_forms(lead: Actor) -> None:
    """From opening the round to both matrices: real conversion, real reports over the phone's own address."""
    row = a_round(opened=False, scope=SCOPE, mapping=True)
    handed = rounds.publish(code=row.code, wake=jobs.convert, actor=lead, now=NOW)
    assert [one.name for one in handed] == ["a1_country", "a1_institution", "a1_exchange", "a1_mandates"]
    user, token = phone.key("Immigration")
    rounds.add_assessor(code=row.code, app_user=user, units=("IMM",), actor=lead, now=NOW)
    turns = [
        {"layer": "ALERTS", "direction": "send", "others": "CELL AID", "exists": "yes", "channels": "phone message",
         "written": "no", "hours": "1.5"},
        {"layer": "LISTS", "direction": "receive", "others": "AID", "exists": "no"},
    ]  # fmt: skip
    head = {"date": "2025-09-30", "unit": "IMM"}
    roles = {"f_CHECK": "lead", "f_CHECK_basis": "other", "f_CHECK_text": "Circular 4", "f_CHECK_since": "2019-01-01",
             "f_RESCUE": "none"}  # fmt: skip
    sent_by = Phone(token)
    for name, answers, repeats in (
        ("exchange", {**head, "any": "yes", "complete": "yes"}, {"turn": turns}),
        ("mandates", {**head, **roles}, {}),
    ):
        definition = FormVersion.objects.get(form__form_id=f"a1_{name}", state="published").definition
        xml = filling.document(bytes(definition.xml), answers, instance=f"uuid:{name}", turns=repeats)
        assert sent_by.post(xml).status_code == 201
    meaning.process_waiting(NOW)
    sheets.settle_waiting(NOW)
    heard = queries.exchange(row)
    assert [
        (one.statement.layer, one.statement.sender, one.statement.receiver, one.statement.exists) for one in heard.said
    ] == [("ALERTS", "IMM", "CELL", True), ("ALERTS", "IMM", "AID", True), ("LISTS", "AID", "IMM", False)]
    assert (heard.said[0].statement.hours, heard.said[0].statement.channels) == (1.5, ("phone", "message"))
    assert heard.complete == {"IMM"}
    check, rescue = (one.claim for one in queries.claims(row))
    assert (check.role, check.basis, check.text, check.since) == ("lead", "", "Circular 4", date(2019, 1, 1))
    assert rescue.role == "none"


def test_a_round_that_does_not_ask_institutions_may_ask_them_later(lead: Actor) -> None:
    row = a_round(scope=SCOPE)
    assert [one.sort for one in row.forms.order_by("pk")] == ["country", "institution"]
    wanted = rounds.Wanted("First round", row.period_start, row.period_end, SCOPE, mapping=True)
    rounds.change(code=row.code, wanted=wanted, actor=lead, now=NOW)
    handed = rounds.publish(code=row.code, wake=convert, actor=lead, now=NOW)
    assert [one.sort for one in handed] == ["exchange", "mandates"]
    # Whoever was asked stays asked.
    rounds.change(code=row.code, wanted=replace(wanted, mapping=False), actor=lead, now=NOW)
    row.refresh_from_db()
    assert row.mapping


def test_a_pack_without_the_rows_has_no_such_form() -> None:
    Function.objects.update(retired_at=NOW)
    row = a_round(scope=rounds.Scope(country="TL", institutions=("IMM",)), mapping=True)
    assert [one.sort for one in row.forms.order_by("pk")] == ["country", "institution"]


def test_a_partner_speaks_for_itself_and_is_not_assessed(lead: Actor) -> None:
    scope = rounds.Scope(institutions=("IMM",), partners=("AID", "IMM"))
    row = a_round(scope=scope, mapping=True)
    user = assessor(row)[1]
    assert (queries.institutions_of(row), [one.code for one in units_of(row)]) == (("AID", "IMM"), ["IMM"])
    asked_in = {one.sort: FormVersion.objects.get(form__form_id=one.name) for one in row.forms.all()}
    assert list(asked_in) == ["institution", "exchange", "mandates"]
    assert problems(tells(row, user, "AID", {"others": "IMM"}, complete="yes")) == []
    assert problems(report(row, user, "AID", {"LEG-2": 3}, sort="institution")) == ["ROUND-003"]
    assert queries.heard_from(row) == (queries.Heard("AID", 1, True, 0), queries.Heard("IMM", 0, False, 0))
    assert [code for code, _name in unit_choices(row)] == ["IMM", "AID"]
    # It can be assessed later; whoever has been assessed cannot become a partner.
    wanted = rounds.Wanted("First round", row.period_start, row.period_end, rounds.Scope(institutions=("IMM", "AID")))
    rounds.change(code=row.code, wanted=wanted, actor=lead, now=NOW)
    assert [one.code for one in units_of(row)] == ["AID", "IMM"]
    assert problems(report(row, user, "AID", {"LEG-2": 3}, sort="institution")) == []
    with pytest.raises(Refused) as refused:
        rounds.change(code=row.code, wanted=replace(wanted, scope=scope), actor=lead, now=NOW)
    assert [(one.code, one.params["unit"]) for one in refused.value.problems] == [("ROUND-017", "AID")]


def test_a_round_of_partners_alone(lead: Actor) -> None:
    row = a_round(scope=rounds.Scope(partners=("AID", "IMM")), mapping=True)
    assert [one.sort for one in row.forms.order_by("pk")] == ["exchange", "mandates"]
    with pytest.raises(Refused) as refused:
        a_round(scope=rounds.Scope(partners=("AID", "IMM")), mapping=False)
    assert [one.code for one in refused.value.problems] == ["ROUND-010"]


# --- Bad answers -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "turn", "code"),
    [
        ("IMM", {"layer": "GOSSIP"}, "MAPPING-018"),
        ("IMM", {"others": "CELL MOON"}, "MAPPING-021"),
        ("IMM", {"others": "IMM"}, "MAPPING-003"),
        ("IMM", {"hours": "soon"}, "MAPPING-011"),
        ("MOON", {}, "ROUND-003"),
        ("TL", {}, "MAPPING-024"),
    ],
)
def test_what_cannot_be_counted_waits_in_the_tray(
    asked: tuple[Round, AppUser], unit: str, turn: dict[str, Any], code: str
) -> None:
    row, user = asked
    found = tells(row, user, unit, turn, complete="yes")
    assert found.processing == "failed"
    assert problems(found)[0] == code
    assert found.current is not None
    assert found.current.outcomes.filter(state="failed").order_by("position").last().position == "turn[1]"
    # The rest of the list may count, yet nobody can say that it is the whole list.
    assert queries.exchange(row).complete == frozenset()


def test_the_same_exchange_said_twice_in_one_report_is_told(asked: tuple[Round, AppUser]) -> None:
    row, user = asked
    found = tells(row, user, "IMM", {}, {"others": "AID CELL"}, {"layer": "LISTS"})
    assert problems(found) == ["MAPPING-012"]
    assert [one.statement.layer for one in queries.exchange(row).said] == ["ALERTS", "LISTS"]


def test_what_failed_is_tried_again_and_what_counted_stays(asked: tuple[Round, AppUser]) -> None:
    row, user = asked
    found = tells(row, user, "IMM", {}, {"layer": "NEW"}, complete="yes")
    before = set(MappingAnswer.objects.values_list("pk", flat=True))
    ExchangeLayer.objects.create(code="NEW", names=make.names("New"))
    meaning.retry(submission=found, actor=SYSTEM, now=NOW + timedelta(minutes=6))
    sheets.settle_waiting(NOW + timedelta(minutes=6))
    heard = queries.exchange(row)
    assert [one.statement.layer for one in heard.said] == ["ALERTS", "NEW"]
    assert heard.complete == {"IMM"}
    assert before < set(MappingAnswer.objects.values_list("pk", flat=True))


def test_an_assessor_answers_for_the_institutions_it_was_given(asked: tuple[Round, AppUser]) -> None:
    row, _user = asked
    _one, bound = assessor(row, "Immigration", ("IMM",))
    assert problems(tells(row, bound, "CELL", {"others": "IMM"})) == ["ROUND-005", "ROUND-005"]
    assert problems(has_role(row, bound, "CELL", "lead")) == ["ROUND-005"]
    assert problems(tells(row, bound, "IMM", {})) == []


# --- Roles -------------------------------------------------------------------------------------


@pytest.mark.req("R1.2")
def test_a_claim_stands_beside_the_mandate_of_the_pack(asked: tuple[Round, AppUser]) -> None:
    row, user = asked
    assert (queries.claims(row), queries.claimed_review(row)) == ((), None)
    pack = queries.mandates_on(row.period_end)
    has_role(row, user, "IMM", "support")
    has_role(row, user, "AID", "lead")
    has_role(row, user, "CELL", "lead")
    has_role(row, user, "IMM", "lead")
    assert [(one.claim.function, one.origin.institution, one.claim.role) for one in queries.claims(row)] == [
        ("CHECK", "AID", "lead"),
        ("CHECK", "CELL", "lead"),
        ("CHECK", "IMM", "lead"),
    ]
    judged = queries.claimed_review(row)
    assert judged is not None
    assert [one.institutions for one in judged.overlaps] == [("AID", "CELL"), ("AID", "IMM"), ("CELL", "IMM")]
    assert queries.mandates_on(row.period_end) == pack
    assert problems(has_role(row, user, "IMM", "boss")) == ["MAPPING-004"]


# --- The whole ---------------------------------------------------------------------------------


@pytest.mark.req("R1.2")
def test_a_situation_has_all_that_a_profile_looks_at(asked: tuple[Round, AppUser]) -> None:
    row, user = asked
    tells(row, user, "IMM", {"hours": "9"}, complete="yes")
    tells(row, user, "CELL", {"direction": "receive", "others": "IMM", "hours": "2"}, complete="yes")
    found = queries.situation(row)
    assert (found.institutions, found.sources, found.target) == (ALL, ("IMM",), "CELL")
    assert found.needs == (Need("ALERTS", "CELL", "AID"), Need("ALERTS", "IMM", "CELL", 6.0))
    assert found.review == queries.review_on(row.period_end)
    known = profile(found).known
    # One need comes after nine hours instead of six, the other is denied by its sender.
    assert (known["flows"], known["disagreement"], known["unheard"]) == (1.0, 0.0, 0.0)


def test_a_round_without_the_cell_says_of_nobody_that_it_is_unheard() -> None:
    row = a_round(scope=rounds.Scope(institutions=("AID", "IMM")))
    found = queries.situation(row)
    assert (found.sources, found.target, found.needs, found.ties) == (("IMM",), "", (), ())
    Function.objects.update(retired_at=NOW)
    assert queries.situation(row).review is None


def test_an_institution_that_spoke_stays_in_the_round(asked: tuple[Round, AppUser]) -> None:
    row, user = asked
    tells(row, user, "IMM", {})
    smaller = rounds.Wanted("First round", row.period_start, row.period_end, rounds.Scope(institutions=("CELL",)))
    with pytest.raises(Refused) as refused:
        rounds.change(code=row.code, wanted=smaller, actor=SYSTEM, now=NOW)
    assert [(one.code, one.params["unit"]) for one in refused.value.problems] == [("ROUND-017", "IMM")]
    # One of which others spoke may go: what they said is kept apart.
    smaller = rounds.Wanted("First round", row.period_start, row.period_end, rounds.Scope(institutions=("IMM",)))
    rounds.change(code=row.code, wanted=smaller, actor=SYSTEM, now=NOW)
    heard = queries.exchange(row)
    assert (heard.said, [one.statement.receiver for one in heard.outside]) == ((), ["CELL"])


def test_more_answers_cost_no_more_queries(asked: tuple[Round, AppUser]) -> None:
    row, user = asked

    def count() -> int:
        with CaptureQueriesContext(connection) as seen:
            queries.situation(row)
            queries.claims(row)
        return len(seen)

    tells(row, user, "IMM", {}, complete="yes")
    has_role(row, user, "IMM", "lead")
    before = count()
    for _turn in range(3):
        tells(row, user, "CELL", {"direction": "receive", "others": "IMM AID"}, complete="yes")
        has_role(row, user, "CELL", "lead")
    assert count() == before
