"""Replies to a round: what came back taken in, and the tray settled by hand."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.core.problems import Problem, Refused, problem
from pasaj.core.word import Item
from pasaj.policy.models import AskedClause, Comment, Consultation, Reply, Suggestion, TrayItem
from pasaj.policy.queries import consultation
from pasaj.policy.queries import replies as queries
from pasaj.policy.queries.replies import Preview
from pasaj.policy.services import chain, clauses
from pasaj.policy.services.comments import CommentWanted, asked_clause, asked_one, said
from pasaj.policy.services.consultation import held
from pasaj.policy.services.words import reason_of

State = TrayItem.State


@transaction.atomic
def take(*, code: str, preview: Preview, institution: str, today: date, actor: Actor, now: datetime) -> Reply:
    """Store what a preview shows: texts as suggestions, the rest as comments, what is in doubt or refused on the tray.

    A drafter takes in what came late, others as long as the round can be answered. Raises Refused: CONS-011, 012, 017,
    022, 023 (this file was taken in), 032, POL-012.
    """
    row = held(code, Consultation.State.OPEN)
    if Consultation.Channel.WORD not in row.channels:
        raise Refused(problem("CONS-032", code=code))
    if not actor.has("drafter") and not consultation.takes(row, today):
        raise Refused(problem("CONS-022", code=code, first=row.first_date.isoformat(), last=row.last_date.isoformat()))
    owner = asked_one(row, institution)
    taken = row.replies.filter(sha256=preview.sha256).first()
    if taken is not None:
        raise Refused(problem("CONS-023", code=taken.code))
    made = Reply.objects.create(
        consultation=row, code=f"{row.code}-R{row.replies.count() + 1}", institution=owner,
        language=preview.language, sha256=preview.sha256, size=preview.size, counts=preview.counts, received_at=now,
        actor_id=actor.id, actor_label=actor.label,
    )  # fmt: skip
    asked = {one.clause.code: one for one in consultation.asked(row)}
    with audit.at_the_end():
        for number, one in enumerate(preview.items, 1):
            _store(made, number, one, asked, actor, now)
        chain.say(row.policy, [row.code], "replied", actor, now, "", reply=made.code, counts=preview.counts)
        audit.record(
            actor=actor, action="consultation.replied", code=made.code, now=now,
            detail={"institution": owner.code, "counts": preview.counts},
        )  # fmt: skip
    return made


@transaction.atomic
def place(*, reply: str, number: int, how: str, clause: str, text: str, actor: Actor, now: datetime) -> TrayItem:
    """Put a part of a reply where it belongs: as another text of a clause, or as a comment ("" for the whole).

    text: as the person has it now, without what must not stand there. Raises Refused: CONS-012, 018, 019, 025 to 027,
    031, and as `clauses.suggest` does.
    """
    row = _tray(reply, number)
    owner = row.reply
    if how == queries.SUGGESTION:
        asked = asked_clause(owner.consultation, clause)
        if asked is None:
            raise Refused(problem("CONS-027", code=owner.consultation.code, clause="–"))
        row.suggestion = _suggest(owner, asked, text, _authors(row.item), actor, now)
    elif how == queries.COMMENT:
        item = queries.item(row.item)
        sort = queries.SORTS.get(item.kind, Comment.Sort.COMMENT) if clause == item.clause else Comment.Sort.COMMENT
        row.comment = _comment(owner, item, clause, text, sort, actor, now)
    else:
        raise Refused(problem("CONS-031", value=how[:40], allowed=f"{queries.SUGGESTION}, {queries.COMMENT}"))
    return _settled(row, State.PLACED, actor, now)


@transaction.atomic
def set_aside(*, reply: str, number: int, reason: str, actor: Actor, now: datetime) -> TrayItem:
    """Leave a part of a reply out, with the reason. Raises Refused: CONS-012, 025, 026, POL-005, 006, SCREEN-001."""
    row = _tray(reply, number)
    row.reason = reason_of(reason)
    return _settled(row, State.ASIDE, actor, now)


# --- Inside ------------------------------------------------------------------------------------


def _store(reply: Reply, number: int, one: Item, asked: dict[str, AskedClause], actor: Actor, now: datetime) -> None:
    """Where it goes; on the tray, with the problem, what cannot be stored there."""
    way = queries.goes(one, asked)
    refused: Problem | None = None
    if way != queries.TRAY:
        try:
            with transaction.atomic():
                if way == queries.SUGGESTION:
                    _texts(reply, one, asked[one.clause], actor, now)
                else:
                    _comment(reply, one, one.clause, _words(one), queries.SORTS.get(one.kind, "comment"), actor, now)
            return
        except Refused as found:
            refused = found.problems[0]
    plain: dict[str, Any] = queries.Preview("", "", 0, [one], (), 0).plain()["items"][0]
    TrayItem.objects.create(reply=reply, number=number, item=plain, problem=refused.plain() if refused else None)


def _texts(reply: Reply, one: Item, asked: AskedClause, actor: Actor, now: datetime) -> None:
    """Another text of a clause; what was written under a heading is a new clause behind it."""
    held_text = asked.texts[reply.language]
    if not asked.head:
        proposed = "\n\n".join(part for part in (one.title, one.text) if part)
        _suggest(reply, asked, queries.restored(held_text, proposed), list(one.authors), actor, now)
        return
    if one.title and one.title != held_text["title"]:
        _suggest(reply, asked, queries.restored(held_text, one.title), list(one.authors), actor, now)
    if one.text:
        _comment(reply, one, one.clause, one.text, Comment.Sort.NEW, actor, now)


def _suggest(
    reply: Reply, asked: AskedClause, text: str, authors: list[str], actor: Actor, now: datetime
) -> Suggestion:
    author = f"{reply.institution.code} ({', '.join(authors)})" if authors else reply.institution.code
    return clauses.suggest(
        clause=asked.clause.code, language=reply.language, text=text, base=asked.texts[reply.language]["revision"],
        author=author, origin=Suggestion.Origin.WORD, source=reply.code, actor=actor, now=now,
    )  # fmt: skip


def _comment(reply: Reply, one: Item, clause: str, text: str, sort: str, actor: Actor, now: datetime) -> Comment:
    row = reply.consultation
    after = row.policy.clauses.filter(code=one.after).first() if one.after else None
    if after is None and sort == Comment.Sort.NEW and clause:
        after = row.policy.clauses.filter(code=clause).first()
    wanted = CommentWanted(text, reply.language, clause, one.quoted)
    return said(
        row, wanted, Consultation.Channel.WORD, now, sort=sort, actor=actor, institution=reply.institution, reply=reply,
        after=after, author=", ".join(one.authors)[:60],
    )  # fmt: skip


def _words(one: Item) -> str:
    """The words of an item; those that say only what happens have a dash."""
    return "\n\n".join(part for part in (one.title, one.text) if part) or "–"


def _authors(item: dict[str, Any]) -> list[str]:
    return [str(one) for one in item["authors"]]


def _tray(reply: str, number: int) -> TrayItem:
    rows = TrayItem.objects.select_for_update(of=("self",)).select_related(
        "reply__consultation__policy", "reply__institution"
    )
    row = rows.filter(reply__code=reply, number=number).first()
    if row is None:
        raise Refused(problem("CONS-025", code=f"{reply} {number}"[:40]))
    found = row.reply.consultation
    if found.state != Consultation.State.OPEN:
        raise Refused(problem("CONS-012", code=found.code, state=found.state))
    if row.state != State.OPEN:
        raise Refused(problem("CONS-026"))
    return row


def _settled(row: TrayItem, state: str, actor: Actor, now: datetime) -> TrayItem:
    row.state, row.settled_at, row.settled_by = State(state), now, actor.label
    row.save()
    audit.record(
        actor=actor, action="consultation.settled", code=row.reply.code, now=now,
        detail={"number": row.number, "state": state},
    )  # fmt: skip
    return row
