"""Verified signals in the chain of evidence, and the counts they were found in."""

from __future__ import annotations

import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import make
import pytest
from django.utils import translation

from pasaj.access.rules import SYSTEM
from pasaj.core.evidence import NodeState, Standing
from pasaj.evidence.models import Node
from pasaj.evidence.queries.trace import state_of, trace
from pasaj.evidence.services import figure
from pasaj.watch.models import Observation, Signal
from pasaj.watch.services import detection, imports, observations
from pasaj.watch.services import signals as service

pytestmark = pytest.mark.django_db
YESTERDAY = make.TODAY.replace(month=9, day=30)
QUIET = [100, 104, 96, 100, 102, 98, 100, 101, 99, 100, 104, 96, 100, 100]
FRESH, SUSPECT = Standing(NodeState.FRESH), Standing(NodeState.SUSPECT)


@pytest.fixture
def verified(country: make.Country, cast: make.Cast) -> Signal:
    """A jump at Northgate, found and verified."""
    country.year(country.series(), [*QUIET, 310])
    detect()
    code = Signal.objects.get(kind="unusual").code
    return service.act(code=code, action="verify", actor=cast.actor("duty"), now=make.NOW)


def detect() -> None:
    run = detection.open_run(as_of=make.NOW, from_date=YESTERDAY, to_date=YESTERDAY, actor=SYSTEM, now=make.NOW)
    detection.run(run.pk, now=make.NOW)


def correct(value: int | None, **fields: Any) -> None:
    standing = Observation.objects.current().get(period_start=YESTERDAY)
    if value is None:
        observations.withdraw(observation=standing, note="", expected_revision=None, actor=SYSTEM, now=make.NOW)
        return
    observations.correct(
        observation=standing, value=Decimal(value), expected_revision=None, confirmed=True, actor=SYSTEM,
        now=make.NOW, **fields,
    )  # fmt: skip


@pytest.mark.req("R6.15")
def test_a_verified_signal_rests_on_the_count_it_was_found_in(verified: Signal, cast: make.Cast) -> None:
    with translation.override("en"):
        found = trace(verified.code, cast.actor("duty"))
    assert found is not None
    assert found.node.title.startswith("310 returns at Northgate")
    assert [(one.parent.title, one.type_name) for one in found.up] == [
        ("Returns, Northgate, 30 September 2025 (Daily register)", "was found in"),
    ]
    assert state_of(verified.code) == FRESH
    correct(100)
    assert state_of(verified.code) == SUSPECT
    found = trace(verified.code, cast.actor("duty"))
    assert found is not None
    assert (found.up[0].before, found.up[0].now) == ({"count": "310"}, {"count": "100"})
    correct(310)
    assert state_of(verified.code) == FRESH
    correct(None)
    node = Node.objects.get(kind="figure")
    assert (node.values, state_of(verified.code)) == ({"state": "withdrawn"}, SUSPECT)


def test_a_signal_that_is_not_verified_is_not_in_the_chain(country: make.Country) -> None:
    country.year(country.series(), [*QUIET, 310])
    detect()
    assert (Signal.objects.count() > 0, Node.objects.count()) == (True, 0)


def test_words_and_language_do_not_move_a_signal(verified: Signal, cast: make.Cast) -> None:
    before = Node.objects.get(code=verified.code)
    service.act(code=verified.code, action="reopen", actor=cast.actor("duty"), now=make.NOW)
    with translation.override("fr"):
        service.act(code=verified.code, action="verify", actor=cast.actor("duty"), now=make.NOW)
    after = Node.objects.get(code=verified.code)
    assert (after.revision, after.fingerprint) == (before.revision, before.fingerprint)
    assert sorted(after.titles) == ["en", "es", "fr", "ht"]


@pytest.mark.req("R6.15")
def test_a_signal_computed_again_is_the_next_revision(verified: Signal) -> None:
    correct(320)
    detect()
    node = Node.objects.get(code=verified.code)
    assert (node.revision, str(node.values["observed"].value)) == (2, "320")  # type: ignore[union-attr]


@pytest.mark.req("R6.15")
def test_an_imported_count_is_read_again_when_it_becomes_visible(verified: Signal) -> None:
    mapping = "period: {column: Date, type: day}\ncrossing: {column: Point}\nvalues:\n- {column: N, measure: returns}\n"
    data = f"Date,Point,N\n{YESTERDAY.isoformat()},TL-BCP-NOR,250\n"
    row = imports.open_import(
        file=io.BytesIO(data.encode()), filename="f.csv", mapping=mapping, source="REG", actor=SYSTEM, now=make.NOW,
    )  # fmt: skip
    row = imports.run(row.pk, now=make.NOW)
    assert (row.state, row.rows_changed, row.problems) == ("done", 1, [])
    assert (str(Node.objects.get(kind="figure").values["count"].value), state_of(verified.code)) == ("250", SUSPECT)  # type: ignore[union-attr]


@pytest.mark.req("R7.1")
def test_whoever_sees_the_signal_sees_it_in_the_chain(verified: Signal, cast: make.Cast) -> None:
    who = ("chief", "duty", "approver", "analyst", "partner", "stranger")
    assert {one for one in who if trace(verified.code, cast.actor(one))} == {"chief", "duty", "approver", "analyst"}
    found = trace(verified.code, cast.actor("chief"))
    assert found is not None
    assert [one.parent.code for one in found.up] == ["…"]  # figures of the chain are the cell's


def test_a_count_never_reported_has_no_value(country: make.Country) -> None:
    node = figure(
        query="watch.count",
        parameters={"series": country.series().code, "start": "2025-09-30", "end": "2025-09-30"},
        titles={}, actor=SYSTEM, now=make.NOW,
    )  # fmt: skip
    assert node.values == {"state": "missing"}


@pytest.mark.req("R9.8")
def test_what_is_simulated_says_so_in_the_chain(country: make.Country, cast: make.Cast) -> None:
    country.year(country.series(), QUIET, last=YESTERDAY - timedelta(days=1))
    country.observe(country.series(), YESTERDAY, 310, origin="demo")
    detect()
    code = Signal.objects.get(kind="unusual").code
    service.act(code=code, action="verify", actor=cast.actor("duty"), now=make.NOW)
    assert sorted(Node.objects.values_list("kind", "simulated")) == [("figure", True), ("signal", True)]
    correct(300)  # a person's figure is none of the demonstration
    figure = Node.objects.get(kind="figure")
    assert (figure.simulated, figure.values["quality"]) == (False, "exact")
