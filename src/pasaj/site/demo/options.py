"""The options that the demonstration compares for its objectives. All simulated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pasaj.access.rules import Actor
from pasaj.core.policy import demo
from pasaj.policy.models import Appraisal, Option
from pasaj.policy.services import appraisal
from pasaj.policy.services.appraisal import AppraisalWanted
from pasaj.policy.services.judging import JudgementWanted, judge

RIGHTS = "RIGHTS"


def compare(head: str, wanted: Sequence[demo.Appraisal], drafter: Actor, now: datetime) -> None:
    """Ask each question, judge its options, choose one and say which measure it became."""
    for one in wanted:
        _one(head, one, drafter, now)


def _one(head: str, wanted: demo.Appraisal, drafter: Actor, now: datetime) -> None:
    nothing, *others = wanted.options
    row = appraisal.begin(
        objective=f"{head}-{wanted.objective}", wanted=AppraisalWanted(wanted.text), nothing=nothing.text,
        actor=drafter, now=now,
    )  # fmt: skip
    for other in others:
        appraisal.add_option(code=row.code, text=other.text, seen=_seen(row), actor=drafter, now=now)
    made = list(Option.objects.filter(appraisal=row).order_by("pk"))
    for option, said in zip(made, wanted.options, strict=True):
        for criterion, (word, sure) in said.judged.items():
            judgement = JudgementWanted(
                word, certainty=sure, evidence=said.law if criterion == RIGHTS else (),
                dissent=said.dissent.get(criterion, ""),
            )  # fmt: skip
            judge(option=option.code, criterion=criterion, wanted=judgement, seen=0, actor=drafter, now=now)
    chosen = made[wanted.chosen - 1].code
    appraisal.decide(code=row.code, option=chosen, reason=wanted.reason, seen=_seen(row), actor=drafter, now=now)
    appraisal.realise(code=row.code, measure=f"{head}-{wanted.measure}", seen=_seen(row), actor=drafter, now=now)


def _seen(row: Appraisal) -> int:
    return Appraisal.objects.get(pk=row.pk).revision
