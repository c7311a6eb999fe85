"""A lesson of an activation becomes a finding of a round, resting on the activation."""

from __future__ import annotations

import json
from typing import Any

import make
import pytest
from assess.examples import a_round
from respond.plans import DUTY, active, at
from respond.test_activations import refused

from pasaj.access.models import AuditEntry
from pasaj.assess.models import Finding
from pasaj.evidence.models import Link
from pasaj.respond.models import Activation, Lesson
from pasaj.respond.services import activations, lessons
from pasaj.respond.services.lessons import Learnt

WHO: dict[str, Any] = {"actor": DUTY, "now": at(6)}


def learnt(text: str = "Keep water at the post") -> Activation:
    row = active()
    activations.stand_down(code=row.code, reason="Over", actor=DUTY, now=at(5))
    lessons.write(code=row.code, wanted=Learnt(text, "RECEPTION", "AID"), **WHO)
    return row


def adopt(row: Activation, **given: Any) -> Finding:
    wanted: dict[str, Any] = {"order": 1, "round_code": "A1", "severity": 3, "language": "en", **given}
    return lessons.adopt(code=row.code, **wanted, **WHO)


@pytest.mark.req("R11.57")
def test_a_lesson_becomes_a_finding_that_rests_on_the_activation(country: make.Country) -> None:
    a_round()
    row = learnt()
    made = adopt(row)
    assert Lesson.objects.get().finding == made.code
    found = Finding.objects.get()
    assert (found.code, found.round.code, found.state, found.rule, found.severity) == (
        made.code, "A1", "draft", "own", 3,
    )  # fmt: skip
    assert (found.statement["en"], found.institution) == ("Keep water at the post", country.institutions["AID"])
    links = Link.objects.filter(child__code=made.code).order_by("pk")
    assert list(links.values_list("parent__code", "parent__kind", "type")) == [(row.code, "activation", "learnt-from")]
    entries = AuditEntry.objects.filter(action="lesson.adopted").order_by("pk")
    assert [(one.code, json.loads(one.detail.content)) for one in entries] == [
        (row.code, {"order": 1, "finding": made.code})
    ]


@pytest.mark.req("R11.57")
def test_a_lesson_becomes_a_finding_once_and_then_stays(country: make.Country) -> None:
    a_round()
    row = learnt()
    adopt(row)
    assert refused(lambda: adopt(row)) == [("PLAN-081", "")]
    assert refused(lambda: lessons.remove(code=row.code, order=1, **WHO)) == [("PLAN-081", "")]
    assert (Finding.objects.count(), Lesson.objects.count()) == (1, 1)


def test_what_cannot_become_a_finding_leaves_the_lesson_as_it_is(country: make.Country) -> None:
    row = learnt()
    assert refused(lambda: adopt(row)) == [("ROUND-001", "")]
    a_round()
    assert refused(lambda: adopt(row, order=2)) == [("PLAN-080", "")]
    assert refused(lambda: adopt(row, severity=9)) == [("FIND-008", "")]
    assert (Lesson.objects.get().finding, Finding.objects.count(), Link.objects.filter(type="learnt-from").count()) == (
        "", 0, 0,
    )  # fmt: skip


@pytest.mark.parametrize("language", ["fr", "ht", "en", "es"])
def test_a_long_lesson_is_a_finding_in_its_own_language(country: make.Country, language: str) -> None:
    a_round()
    made = adopt(learnt("Keep water at the post. " * 18), language=language)
    assert made.statement[language].startswith("Keep water at the post. Keep")
    assert Link.objects.filter(child__code=made.code, type="learnt-from").count() == 1
