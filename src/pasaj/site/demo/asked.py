"""The round of consultation of the demonstration's policy: what was said, and what was done with it. Simulated."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from pasaj.access.rules import Actor
from pasaj.core.policy import demo
from pasaj.policy.models import Consultation, MeasurePart, Policy
from pasaj.policy.services import comments, consultation
from pasaj.policy.services.comments import CommentWanted
from pasaj.policy.services.consultation import ConsultationWanted

CHANNELS = ("web", "meeting")


def ask(
    policy: Policy,
    wanted: demo.Consultation,
    drafter: Actor,
    partner: tuple[Actor, str],
    moment: Callable[[datetime], datetime],
) -> None:
    """Ask every institution with a part in the policy; once. partner: who speaks by account, and for whom.

    moment: a moment on the country's clock, with its zone. The others' words come from the minutes of a meeting.
    """
    if policy.consultations.exists():
        return
    opened = moment(datetime.combine(wanted.first, datetime.min.time().replace(hour=9)))
    parts = MeasurePart.objects.filter(measure__policy=policy).order_by("institution__code")
    row = consultation.begin(
        policy=policy.code,
        wanted=ConsultationWanted(
            kind=wanted.kind, names=wanted.names, first=wanted.first, last=wanted.last, channels=CHANNELS,
            institutions=list(dict.fromkeys(parts.values_list("institution__code", flat=True))), about=wanted.about,
        ),
        actor=drafter, now=opened,
    )  # fmt: skip
    consultation.begin_asking(code=row.code, seen=row.revision, actor=drafter, now=opened)
    closed = moment(wanted.closed)
    for one in wanted.comments:
        code = _said(policy, row.code, one, drafter, partner, moment(one.at))
        comments.dispose(code=code, outcome=one.outcome, reason=one.answer, actor=drafter, now=closed)
    seen = Consultation.objects.get(pk=row.pk).revision
    consultation.close(code=row.code, seen=seen, actor=drafter, now=closed)


def _said(
    policy: Policy, code: str, one: demo.Comment, drafter: Actor, partner: tuple[Actor, str], at: datetime
) -> str:
    clause, language = f"{policy.code}-{one.clause}", policy.source_language
    speaker, own = partner
    if one.institution == own:
        said = CommentWanted(one.text, language, clause)
        return comments.comment(
            code=code, wanted=said, institution=own, today=at.date(), actor=speaker, now=at
        ).code  # fmt: skip
    line = f"{one.institution}: [{clause}] {one.text}"
    [made] = comments.minutes(code=code, text=line, institution="", language=language, actor=drafter, now=at)
    return made.code
