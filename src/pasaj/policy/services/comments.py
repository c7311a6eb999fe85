"""What is said in a round: by account, by invitation, by anybody, in a meeting; let through, and answered.

Texts are plain: what looks like HTML is shown as it was typed. A text that seems to name a person is refused with what
it seems to hold, so that whoever wrote it takes it out; nobody else has seen it then.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import F

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.core.problems import Refused, problem
from pasaj.core.word.shapes import squeezed
from pasaj.policy.models import AskedClause, Clause, Comment, Consultation, Disposition, Invitation, ModerationEntry
from pasaj.policy.queries.consultation import takes
from pasaj.policy.services import chain
from pasaj.policy.services.consultation import held
from pasaj.policy.services.words import line, reason_of, referred
from pasaj.registry.models import Institution
from pasaj.registry.queries import refuse_naming

LONGEST = 4000
MOST_WAITING = 500
"""Comments of a round that may wait to be read."""
MOST_BY_INVITATION = 200
AN_HOUR, MOST_AN_HOUR = 3600, 20
"""Comments from one address within an hour."""
MOST_LINES = 300
Channel, Moderation = Consultation.Channel, Comment.Moderation


@dataclass(frozen=True, slots=True)
class CommentWanted:
    """clause: the code of one that is asked about, "" for the whole. name, group: only of those without account."""

    text: str
    language: str
    clause: str = ""
    quoted: str = ""
    name: str = ""
    group: str = ""


@transaction.atomic
def comment(*, code: str, wanted: CommentWanted, institution: str, today: date, actor: Actor, now: datetime) -> Comment:
    """A comment by account, for an institution that is asked.

    Raises Refused: CONS-011, 012, 017 to 019, 022, 027, 031, 032, POL-012, SCREEN-001.
    """
    row = _taking(code, Channel.WEB, today)
    owner = asked_one(row, institution)
    made = said(row, wanted, Channel.WEB, now, institution=owner, actor=actor)
    return _recorded(made, actor, now)


@transaction.atomic
def comment_invited(
    *, invitation: Invitation, wanted: CommentWanted, today: date, actor: Actor, now: datetime
) -> Comment:
    """A comment by an invitation. Raises Refused: as `comment`, CONS-021 (too many by this link)."""
    row = _taking(invitation.consultation.code, Channel.INVITATION, today)
    if invitation.used >= MOST_BY_INVITATION:
        raise Refused(problem("CONS-021"))
    made = said(row, wanted, Channel.INVITATION, now, institution=invitation.institution, invitation=invitation)
    Invitation.objects.filter(pk=invitation.pk).update(used=F("used") + 1)
    return _recorded(made, actor, now)


def comment_open(
    *, code: str, wanted: CommentWanted, address: str, today: date, actor: Actor, now: datetime
) -> Comment:
    """A comment by anybody: nobody but the cell sees it before it is let through.

    address: where it comes from, counted for an hour under a hash and not kept. Raises Refused: as `comment`, CONS-020,
    021.
    """
    _bounded(code, address)
    with transaction.atomic():
        row = _taking(code, Channel.OPEN, today)
        if row.comments.filter(moderation=Moderation.WAITING).count() >= MOST_WAITING:
            raise Refused(problem("CONS-021"))
        return _recorded(said(row, wanted, Channel.OPEN, now), actor, now)


@transaction.atomic
def minutes(*, code: str, text: str, institution: str, language: str, actor: Actor, now: datetime) -> list[Comment]:
    """The minutes of a meeting: each line a comment, of one institution or of the one before its colon.

    A line may begin with the code of a clause in brackets: `IMM: [P1-C2] Too short.`. All lines or none. Raises Refused
    with the line as `row`: CONS-011, 012, 017 to 019, 021, 027, 032, 033, SCREEN-001.
    """
    row = held(code, Consultation.State.OPEN)
    if Channel.MEETING not in row.channels:
        raise Refused(problem("CONS-032", code=code))
    lines = [(at, one.strip()) for at, one in enumerate(text.splitlines(), 1) if one.strip()]
    if not lines:
        raise Refused(problem("CONS-019"))
    if len(lines) > MOST_LINES:
        raise Refused(problem("CONS-021"))
    made, problems = [], []
    for at, one in lines:
        try:
            owner, wanted = _line(row, one, institution, language, at)
            made.append(said(row, wanted, Channel.MEETING, now, institution=owner, actor=actor))
        except Refused as refused:
            problems += [each.at("", at) for each in refused.problems]
    if problems:
        raise Refused(*problems)
    chain.say(row.policy, [row.code], "minutes", actor, now, "", lines=len(made))
    audit.record(actor=actor, action="comment.said", code=row.code, now=now, detail={"minutes": len(made)})
    return made


@transaction.atomic
def moderate(*, code: str, show: bool, reason: str, actor: Actor, now: datetime) -> Comment:
    """Let a comment be seen, or keep it back with a reason. Both can be changed; the log keeps each step.

    Raises Refused: CONS-012 (closed), 025, POL-005, 006 (no reason), SCREEN-001.
    """
    row = _found(code)
    row.moderation = Moderation.SHOWN if show else Moderation.HIDDEN
    said_why = line(reason, 400) if show else reason_of(reason)[:400]
    row.save(update_fields=["moderation"])
    ModerationEntry.objects.create(
        comment=row, outcome=row.moderation, reason=said_why, at=now, actor_id=actor.id, actor_label=actor.label
    )
    audit.record(actor=actor, action="comment.moderated", code=code, now=now, detail={"outcome": row.moderation})
    return row


@transaction.atomic
def dispose(
    *, code: str, outcome: str, reason: str, clause: str = "", revision: int | None = None, actor: Actor, now: datetime
) -> Disposition:
    """Say what is done with a comment and why, and in which revision of a clause it shows.

    Another answer replaces it; all are kept. Raises Refused: CONS-012 (closed), 025, 028, 031, POL-005, 006,
    SCREEN-001.
    """
    row = _found(code)
    if outcome not in Disposition.Outcome.values:
        raise Refused(problem("CONS-031", value=outcome[:40], allowed=", ".join(Disposition.Outcome.values)))
    if (revision is None) != (not clause):
        raise Refused(problem("CONS-028", clause=clause or "–", number=revision if revision is not None else "–"))
    found = _shows(row, clause, revision)
    made = Disposition.objects.create(
        comment=row, outcome=outcome, reason=reason_of(reason), clause=found, revision=revision, at=now,
        actor_id=actor.id, actor_label=actor.label,
    )  # fmt: skip
    audit.record(actor=actor, action="comment.answered", code=code, now=now, detail={"outcome": outcome})
    return made


# --- Inside ------------------------------------------------------------------------------------


def said(
    row: Consultation, wanted: CommentWanted, channel: str, now: datetime, *, sort: str = Comment.Sort.COMMENT,
    actor: Actor | None = None, **where: object,
) -> Comment:  # fmt: skip
    """A comment, checked and kept; without an entry of the log. Raises Refused: CONS-018, 019, 027, 031, SCREEN-001."""
    text = tidy(wanted.text)
    quoted, name = squeezed(wanted.quoted)[:LONGEST], " ".join(wanted.name.split())[:80]
    if wanted.language not in row.policy.languages or wanted.group not in Comment.Group.values:
        allowed = row.policy.languages if wanted.language not in row.policy.languages else Comment.Group.values
        raise Refused(problem("CONS-031", value=(wanted.language or wanted.group)[:40], allowed=", ".join(allowed)))
    refuse_naming(text=text)
    waits = channel == Channel.OPEN
    asked = asked_clause(row, wanted.clause)
    return Comment.objects.create(
        consultation=row, code=f"{row.code}-C{row.comments.count() + 1}", channel=channel, sort=sort, asked=asked,
        language=wanted.language, quoted=quoted, text=text, signed_as=name if waits else "",
        group=wanted.group if waits else "", moderation=Moderation.WAITING if waits else Moderation.SHOWN,
        said_at=now, actor_id=actor.id if actor else None, **where,
    )  # fmt: skip


def tidy(text: str) -> str:
    """A text as it is kept. Raises Refused: CONS-018 (too long), 019 (empty)."""
    if len(text) > LONGEST:
        raise Refused(problem("CONS-018", count=len(text), limit=LONGEST))
    found = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if not found:
        raise Refused(problem("CONS-019"))
    return found


def asked_clause(row: Consultation, code: str) -> AskedClause | None:
    """The clause as it was asked; None for the whole. Raises Refused: CONS-027."""
    if not code:
        return None
    found = row.asked.filter(clause__code=code).first()
    if found is None:
        raise Refused(problem("CONS-027", code=row.code, clause=code[:40]))
    return found


def asked_one(row: Consultation, institution: str) -> Institution:
    """An institution that is asked. Raises Refused: CONS-017, POL-012."""
    [owner] = referred(Institution, [institution])
    if not row.institutions.filter(pk=owner.pk).exists():
        raise Refused(problem("CONS-017", institution=str(owner), code=row.code))
    return owner


def _taking(code: str, channel: str, today: date) -> Consultation:
    """The round, locked, if it can be answered in this way today."""
    row = held(code, Consultation.State.OPEN)
    if channel not in row.channels:
        raise Refused(problem("CONS-032", code=code))
    if not takes(row, today):
        raise Refused(problem("CONS-022", code=code, first=row.first_date.isoformat(), last=row.last_date.isoformat()))
    return row


def _bounded(code: str, address: str) -> None:
    """So many an hour from one address. Only a hash with the server's own key is counted. Raises Refused: CONS-020."""
    key = "consult-" + hashlib.sha256(f"{settings.SECRET_KEY}|{code}|{address}".encode()).hexdigest()[:40]
    if not cache.add(key, 1, AN_HOUR) and cache.incr(key) > MOST_AN_HOUR:
        raise Refused(problem("CONS-020"))


_OWNER = re.compile(r"([A-Z0-9][A-Z0-9_-]{1,19})\s*:\s*(.*)", re.DOTALL)
_CLAUSE = re.compile(r"\[([A-Za-z0-9.-]{1,40})\]\s*(.*)", re.DOTALL)


def _line(row: Consultation, text: str, institution: str, language: str, at: int) -> tuple[Institution, CommentWanted]:
    found = _OWNER.fullmatch(text)
    code = institution
    if found:
        code, text = found[1], found[2]
    if not code:
        raise Refused(problem("CONS-033", row=at))
    clause = _CLAUSE.fullmatch(text)
    if clause:
        return asked_one(row, code), CommentWanted(clause[2], language, clause[1])
    return asked_one(row, code), CommentWanted(text, language)


def _recorded(made: Comment, actor: Actor, now: datetime) -> Comment:
    audit.record(actor=actor, action="comment.said", code=made.code, now=now, detail={"channel": made.channel})
    return made


def _found(code: str) -> Comment:
    rows = Comment.objects.select_for_update(of=("self",)).select_related("consultation__policy")
    row = rows.filter(code=code).first()
    if row is None:
        raise Refused(problem("CONS-025", code=code[:40]))
    if row.consultation.state != Consultation.State.OPEN:
        raise Refused(problem("CONS-012", code=row.consultation.code, state=row.consultation.state))
    return row


def _shows(row: Comment, clause: str, revision: int | None) -> Clause | None:
    if not clause or revision is None:
        return None
    found = row.consultation.policy.clauses.filter(code=clause).first()
    if found is None or not found.revisions.filter(language=row.language, number=revision).exists():
        raise Refused(problem("CONS-028", clause=clause[:40], number=revision))
    return found
