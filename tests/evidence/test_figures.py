"""Figures: computed, and again in the transaction that changes what they hang on."""

from __future__ import annotations

from decimal import Decimal

import make
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from evidence.chain import COUNTED, finding, tied, written

from pasaj.access.rules import SYSTEM
from pasaj.core.evidence import NodeState, Standing
from pasaj.evidence.models import Figure, Node, NodeKind, node_kind
from pasaj.evidence.queries.trace import state_of
from pasaj.evidence.services import figure, touched

pytestmark = pytest.mark.django_db
FRESH, SUSPECT = Standing(NodeState.FRESH), Standing(NodeState.SUSPECT)


def made(of: str) -> Node:
    return figure(query="t-count", parameters={"of": of}, titles={"en": of}, actor=SYSTEM, now=make.NOW)


@pytest.mark.req("R6.15")
def test_a_figure_is_counted_again_in_the_transaction_that_changes_it(country: make.Country) -> None:
    COUNTED.update(posts=Decimal(3), boats=Decimal(9))
    node = made("posts")
    assert (node.code, node.kind, node.values["count"].value) == ("FG-2025-0001", "figure", 3)  # type: ignore[union-attr]
    assert (made("posts").pk, made("boats").code) == (node.pk, "FG-2025-0002")
    written(finding("F1"))
    tied("F1", node.code, claim="count >= 3")
    with transaction.atomic():
        COUNTED["posts"] = Decimal(2)
        assert touched(topics=["t:posts", "t:none"], actor=SYSTEM, now=make.NOW) == 1
        assert state_of("F1") == SUSPECT
        transaction.set_rollback(True)  # the change is taken back, and its recount with it
    assert (state_of("F1"), Node.objects.get(pk=node.pk).revision) == (FRESH, 1)
    COUNTED["posts"] = Decimal(4)
    assert touched(topics=["t:posts"], actor=SYSTEM, now=make.NOW) == 1
    assert (state_of("F1"), Node.objects.get(pk=node.pk).revision) == (FRESH, 2)  # the claim holds
    COUNTED["posts"] = Decimal(1)
    later = make.NOW.replace(hour=20)
    touched(topics={"t:posts", "t:boats"}, actor=SYSTEM, now=later)
    assert (state_of("F1"), set(Figure.objects.values_list("as_of", flat=True))) == (SUSPECT, {later})


def test_what_no_figure_hangs_on_costs_one_query(country: make.Country) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert touched(topics=["t:none"], actor=SYSTEM, now=make.NOW) == 0
    assert len([one for one in asked if one["sql"].startswith("SELECT")]) == 1


def test_a_query_nobody_registered_is_our_mistake(country: make.Country) -> None:
    with pytest.raises(KeyError):
        figure(query="t-nothing", parameters={}, titles={}, actor=SYSTEM, now=make.NOW)


def test_a_kind_is_registered_once() -> None:
    node_kind(NodeKind("t-score", "score", fields=("indicator",)))  # the same again: a module loaded twice
    with pytest.raises(ImproperlyConfigured):
        node_kind(NodeKind("t-score", "score", fields=("indicator", "unit")))
