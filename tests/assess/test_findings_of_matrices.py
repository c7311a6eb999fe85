"""Findings from the matrices: drafted from the pack's mandates and what both ends say, and moving with them."""

from __future__ import annotations

from datetime import date, timedelta

import make
import pytest
from assess.examples import NORTH, a_round, assessor, report
from assess.test_mapping import asked, matrix, tells  # noqa: F401 - fixtures

from pasaj.access.rules import SYSTEM
from pasaj.assess.models import Finding, Round
from pasaj.assess.services import citing, drafting, rounds
from pasaj.collect.models import AppUser
from pasaj.core.problems import Refused
from pasaj.evidence.queries.trace import state_of
from pasaj.evidence.services import touched
from pasaj.registry.models import Function, Mandate

pytestmark = pytest.mark.usefixtures("country")
WHO = {"actor": SYSTEM, "now": make.NOW}


def state(key: str) -> str:
    found = state_of(Finding.objects.get(key=key).code)
    assert found is not None
    return str(found.state)


@pytest.mark.req("R10.41")
def test_gaps_of_the_pack_move_with_it(asked: tuple[Round, AppUser]) -> None:  # noqa: F811
    row, _user = asked
    drafting.draft(code=row.code, **WHO)
    found = {one.key: one for one in Finding.objects.filter(rule__in=("gap", "lapse"))}
    assert set(found) == {"gap:RESCUE:", "lapse:ended"}
    gap = found["gap:RESCUE:"]
    wanted = "RESCUE: no institution leads it in Testland any more; the mandate of Coordination cell has ended."
    assert gap.statement["en"] == wanted
    assert (gap.certainty, gap.reach.share, state("gap:RESCUE:")) == ({"verified": 0.5}, 1.0, "fresh")
    Mandate.objects.filter(function=Function.objects.get(code="RESCUE")).update(valid_end=None)
    touched(topics=[citing.MANDATES], **WHO)
    assert state("gap:RESCUE:") == "suspect"
    drafting.draft(code=row.code, **WHO)
    assert Finding.objects.get(key="gap:RESCUE:").state == "superseded"


@pytest.mark.req("R10.44")
def test_exchange_moves_with_what_both_ends_say(asked: tuple[Round, AppUser]) -> None:  # noqa: F811
    row, user = asked
    tells(row, user, "IMM", {"hours": "2"})
    tells(row, user, "CELL", complete="yes")
    drafting.draft(code=row.code, **WHO)
    flows = {one.key: one for one in Finding.objects.filter(rule="flow")}
    assert set(flows) == {"flow:ALERTS:disputed", "flow:ALERTS:missing"}
    wanted = "Alerts: needed exchanges on which one end says yes, the other no, 1 of 2: IMM→CELL."
    assert flows["flow:ALERTS:disputed"].statement["en"] == wanted
    assert flows["flow:ALERTS:missing"].certainty == {"ends": 0.7}
    assert {state(key) for key in flows} == {"fresh"}
    tells(row, user, "CELL", {"direction": "receive", "others": "IMM", "hours": "2"}, day="2025-09-21")
    assert (state("flow:ALERTS:disputed"), state("flow:ALERTS:missing")) == ("suspect", "fresh")
    done = drafting.draft(code=row.code, **WHO)
    assert flows["flow:ALERTS:disputed"].code in done.superseded


@pytest.mark.req("R10.41")
def test_who_depends_on_whom(asked: tuple[Round, AppUser]) -> None:  # noqa: F811
    row, user = asked
    tells(row, user, "IMM", {}, {"direction": "receive", "others": "AID"}, complete="yes")
    tells(row, user, "CELL", {"direction": "receive", "others": "IMM"}, complete="yes")
    tells(row, user, "AID", {"others": "IMM"}, complete="yes")
    drafting.draft(code=row.code, **WHO)
    (one,) = Finding.objects.filter(rule="dependence")
    assert (one.key, one.subject["institutions"], one.reach.share) == ("dependence:IMM", ["IMM", "CELL", "AID"], 1.0)
    assert state("dependence:IMM") == "fresh"


@pytest.mark.req("R10.41")
def test_silent_posts_move_with_a_late_report(asked: tuple[Round, AppUser], country: make.Country) -> None:  # noqa: F811
    from pasaj.watch.services import citing as watch

    row, _user = asked
    series = country.series()
    last = make.TODAY - timedelta(days=2)
    for ago in range(60):
        country.observe(series, last - timedelta(days=ago), 3)
    drafting.draft(code=row.code, **WHO)
    one = Finding.objects.get(key="silence:REG")
    assert (one.reach.part, state("silence:REG")) == (2, "fresh")
    for ago in range(60, 90):
        country.observe(series, last - timedelta(days=ago), 3)
    watch.counted({series.code}, SYSTEM, make.NOW)
    drafting.draft(code=row.code, **WHO)
    one.refresh_from_db()
    assert (one.reach.part, one.subject["units"]) == (1, ["TL-BCP-SOU"])


@pytest.mark.req("R10.41")
def test_declines_against_an_earlier_round(country: make.Country) -> None:
    scope = rounds.Scope(crossings=(NORTH,))
    early = a_round(starts=date(2025, 1, 1), ends=date(2025, 2, 1), scope=scope)
    _who, marie = assessor(early)
    report(early, marie, NORTH, {"EQP-2": 4}, day="2025-01-20")
    later = a_round(title="Second", scope=scope)
    _who, paul = assessor(later, "Paul")
    report(later, paul, NORTH, {"EQP-2": 1})
    drafting.draft(code=later.code, **WHO)
    one = Finding.objects.get(key="decline:indicator:EQP-2")
    assert (one.severity, one.certainty, state("decline:indicator:EQP-2")) == (3, {"assessors": 0.8}, "fresh")
    report(early, marie, NORTH, {"EQP-2": 1}, day="2025-01-25")
    assert state("decline:indicator:EQP-2") == "suspect"


def test_nobody_drafts_for_a_round_that_is_not_there() -> None:
    with pytest.raises(Refused):
        drafting.draft(code="A77", **WHO)
