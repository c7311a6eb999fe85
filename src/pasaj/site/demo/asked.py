"""The round of consultation of the demonstration's policy: what was said, and what was done with it. Simulated."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from pasaj.access.rules import Actor
from pasaj.core.policy import demo
from pasaj.policy.models import ClauseText, Consultation, MeasurePart, Policy, Reply, Suggestion
from pasaj.policy.queries.replies import preview
from pasaj.policy.services import clauses, comments, consultation, replies, roundfiles
from pasaj.policy.services.comments import CommentWanted
from pasaj.policy.services.consultation import ConsultationWanted
from pasaj.site.demo.byword import Pen

CHANNELS = ("word", "web", "meeting")


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
    for reply in wanted.replies:
        _by_word(row.code, reply, drafter, moment(reply.at), closed)
    seen = Consultation.objects.get(pk=row.pk).revision
    consultation.close(code=row.code, seen=seen, actor=drafter, now=closed)


def _by_word(code: str, one: demo.Reply, drafter: Actor, at: datetime, closed: datetime) -> None:
    """The text leaves as a Word file, comes back written into, is taken in, and every part of it is answered."""
    row = Consultation.objects.select_related("policy").get(code=code)
    language = row.policy.source_language
    sent = roundfiles.export(row=row, language=language, actor=drafter, now=at)
    with sent.file as file:
        pen = Pen(one.institution, at.isoformat(timespec="seconds"))
        changes = [(each.old[language], each.new[language]) for each in one.changes]
        back = pen.write(file.read(), changes, [(each.on, each.text) for each in one.remarks])
    made = replies.take(
        code=code, preview=preview(row, back), institution=one.institution, today=at.date(), actor=drafter, now=at
    )
    for change in one.changes:
        _decided(made, f"{row.policy.code}-{change.clause}", change, drafter, closed)
    for remark in one.remarks:
        said = made.comments.get(asked__clause__code=f"{row.policy.code}-{remark.clause}")
        comments.dispose(code=said.code, outcome=remark.outcome, reason=remark.answer, actor=drafter, now=closed)


def _decided(reply: Reply, clause: str, change: demo.Change, drafter: Actor, now: datetime) -> None:
    """Refused with the reason; or taken over, and said in the other languages too."""
    found = Suggestion.objects.get(source=reply.code, clause__code=clause)
    if change.outcome == demo.REJECTED:
        clauses.refuse(code=found.code, answer=change.answer, actor=drafter, now=now)
        return
    clauses.take(code=found.code, answer=change.answer, actor=drafter, now=now)
    for held in ClauseText.objects.filter(clause__code=clause).exclude(language=reply.language):
        old, new = change.old[held.language], change.new[held.language]
        if old not in held.text:
            raise ValueError(f"{clause} does not say: {old}")
        clauses.save(
            code=clause, language=held.language, text=held.text.replace(old, new), seen=held.revision, actor=drafter,
            now=now,
        )  # fmt: skip


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
