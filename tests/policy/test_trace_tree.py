"""A chain as a tree, by its short code, on a page and on the command line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import make
import pytest
from django.test import Client
from policy import plans

from pasaj.core.problems import Refused
from pasaj.evidence.queries.branches import branches
from pasaj.evidence.queries.trace import trace
from pasaj.policy.models import Policy
from pasaj.policy.services import statements
from pasaj.site.cli.trace import whole
from pasaj.site.pages import trace as pages


@pytest.fixture
def policy(country: make.Country) -> Policy:
    return plans.whole(country)


@pytest.mark.req("R12.9")
def test_each_statement_stands_in_full_once(policy: Policy) -> None:
    found = trace("P1-PB1.1", plans.drafter())
    assert found is not None
    assert [(one.depth, one.line.code, one.again) for one in branches("P1-PB1.1", found.down, up=False)] == [
        (1, "P1-O1.1", False), (2, "P1-I1", False), (2, "P1-M1.1", False), (3, "P1-A1.1.1", False),
        (4, "P1-A1.1.1-L1", False), (3, "P1-A1.1.2", False), (2, "P1-M2.1", False),
    ]  # fmt: skip
    up = trace("P1-A1.1.1-L1", plans.drafter())
    assert up is not None
    assert [(one.depth, one.line.code) for one in branches("P1-A1.1.1-L1", up.up, up=True)] == [
        (1, "P1-A1.1.1"), (2, "P1-M1.1"), (3, "P1-O1.1"), (4, "P1-PB1.1"), (5, "A1-F01"), (5, plans.LAW),
        (3, plans.LAW),
    ]  # fmt: skip


@pytest.mark.req("R12.9")
def test_what_comes_again_is_only_named(policy: Policy) -> None:
    wanted = replace(plans.CHECKS, objectives=("P1-O1.1", "P1-O1.2"))
    other = replace(plans.OBJECTIVE, text=make.names("Nobody waits"))
    statements.write(policy="P1", wanted=other, actor=plans.drafter(), now=plans.NOW)
    statements.edit(code="P1-M2.1", wanted=wanted, seen=1, actor=plans.drafter(), now=plans.NOW)
    found = trace("P1-M2.1", plans.drafter())
    assert found is not None
    tree = [(one.depth, one.line.code, one.again) for one in branches("P1-M2.1", found.up, up=True)]
    assert tree == [
        (1, "P1-O1.1", False), (2, "P1-PB1.1", False), (3, "A1-F01", False), (3, plans.LAW, False),
        (1, "P1-O1.2", False), (2, "P1-PB1.1", True),
    ]  # fmt: skip


@pytest.mark.req("R12.9")
def test_a_short_code_is_enough_where_one_policy_has_it(policy: Policy, country: make.Country) -> None:
    assert (whole("M1.1"), whole("P1-M1.1"), whole("A1.1.1-L1"), whole("M9.9")) == (
        "P1-M1.1", "P1-M1.1", "P1-A1.1.1-L1", "M9.9")  # fmt: skip
    plans.policy(country)
    statements.write(policy="P2", wanted=plans.PROBLEM, actor=plans.drafter(), now=plans.NOW)
    with pytest.raises(Refused) as caught:
        whole("PB1.1")
    assert "P1-PB1.1, P2-PB1.1" in str(caught.value)


@pytest.mark.req("R12.9")
def test_the_page_shows_the_tree(policy: Policy, as_: Callable[[str], Client]) -> None:
    text = as_("duty").get("/trace/P1-A1.1.1-L1/", headers={"accept-language": "en"})
    assert text.status_code == 200
    said = text.content.decode()
    assert said.index("P1-A1.1.1<") < said.index("P1-M1.1<") < said.index("P1-O1.1<") < said.index("A1-F01<")


@pytest.mark.req("R12.9")
def test_a_page_tells_the_nearest_links_and_leads_to_the_rest(
    policy: Policy, as_: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "NEAR", 2)
    near = as_("duty").get("/trace/P1-PB1.1/").content.decode()
    assert ("P1-O1.1" in near, "P1-A1.1.1-L1" in near, "5 links further away are left off." in near) == (
        True, False, True)  # fmt: skip
    assert 'href="?steps=all"' in near
    whole_ = as_("duty").get("/trace/P1-PB1.1/?steps=all").content.decode()
    assert ("P1-A1.1.1-L1" in whole_, "left off" in whole_) == (True, False)
    assert 'href="?steps=all"' not in whole_


@pytest.mark.req("R12.9")
def test_a_trace_reads_contents_only_where_they_moved(policy: Policy) -> None:
    plain = trace("P1-A1.1.1-L1", plans.drafter())
    assert plain is not None
    assert [one for one in plain.up if one.before or one.now] == []
    assert plain.says["label"] == "Trainers"
    plans.finding(text="Most children who cross alone are referred")
    moved = trace("P1-A1.1.1-L1", plans.drafter())
    assert moved is not None
    [step] = [one for one in moved.up if one.before or one.now]
    assert (step.child.code, step.parent.code, sorted(step.before)) == ("P1-PB1.1", "A1-F01", ["statement"])
    assert ("Nobody refers" in step.before["statement"], "Most children" in step.now["statement"]) == (True, True)
