"""The tree of clauses: begun from the template, added to, moved, linked, withdrawn. Texts are for `clauses`.

`seen` is the revision of the clause's place and links before the person's eyes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.core.pack import Pack
from pasaj.core.problems import Refused, problem
from pasaj.core.wording.order import LONGEST, between, row
from pasaj.core.wording.template import Section, Template, planned
from pasaj.policy.models import Clause, ClauseRevision, DocumentTemplate, Measure, Objective, Policy, Term, Theme
from pasaj.policy.queries import sections
from pasaj.policy.services import chain, clausechain
from pasaj.policy.services.clausetexts import first_texts
from pasaj.policy.services.statements import locked
from pasaj.policy.services.words import choice, line, reason_of, referred, texts
from pasaj.registry.services.packs import Count, upsert

Kind = Clause.Kind
_TERM = re.compile(r"[a-z][a-z0-9-]{0,39}", re.ASCII)


@transaction.atomic
def load(*, pack: Pack, actor: Actor, now: datetime) -> Count:
    """Store the template of a checked pack. Loading the same again changes nothing.

    Raises Refused: DOC-011 (a part that this program does not know).
    """
    found = pack.template
    rows = {}
    if found is not None:
        for one in found.sections:
            _part(one.part, one.kind)
        sections = [
            {
                "code": one.code, "kind": one.kind, "texts": dict(one.texts), "under": one.under, "part": one.part,
                "each": one.each,
            }
            for one in found.sections
        ]  # fmt: skip
        rows[found.code] = {
            "names": dict(found.names), "sections": sections, "source": found.source, "verify": found.verify,
        }  # fmt: skip
    count = upsert(DocumentTemplate, "code", rows, now)
    if count.changed:
        audit.record(actor=actor, action="document.loaded", code=pack.code, now=now)
    return count


@transaction.atomic
def start(*, policy: str, actor: Actor, now: datetime) -> list[Clause]:
    """Make the clauses of the pack's template. Raises Refused: POL-001, DOC-007 (there are some), 008 (no template)."""
    owner = locked(policy)
    if owner.clauses.exists():
        raise Refused(problem("DOC-007"))
    held = DocumentTemplate.objects.filter(retired_at=None).order_by("pk").first()
    if held is None:
        raise Refused(problem("DOC-008"))
    template = Template(held.code, held.names, tuple(Section(**one) for one in held.sections))
    themes = {one.number: one for one in owner.themes.order_by("number")}
    wanted = planned(template, [(number, one.names) for number, one in themes.items()])
    counts: dict[int | None, int] = {}
    for one in wanted:
        counts[one.above] = counts.get(one.above, 0) + 1
    places = {above: iter(row(count)) for above, count in counts.items()}
    made: list[Clause] = []
    for one in wanted:
        parent = None if one.above is None else made[one.above]
        theme = themes[one.theme] if one.theme else None
        made.append(_made(owner, parent, next(places[one.above]), one.section.kind, one.section.part, theme, now))
        first_texts(made[-1], one.texts, ClauseRevision.Origin.TEMPLATE, actor, now)
    clausechain.follow(made, actor, now)
    chain.say(owner, [one.code for one in made], "added", actor, now)
    audit.record(actor=actor, action="document.started", code=owner.code, now=now, detail={"clauses": len(made)})
    return made


@transaction.atomic
def add(
    *, policy: str, kind: str, text: Mapping[str, str], under: str = "", after: str = "", part: str = "",
    theme: int | None = None, language: str = "", actor: Actor, now: datetime,
) -> Clause:  # fmt: skip
    """A new clause under a heading (or on the first level), after a sibling (or first).

    text: by language, in the language it is drafted in at least (`language`, else the policy's first). Raises Refused:
    POL-001, 009, 012, DOC-001, 003, 005, 011, 012, 014, WRD-001 to 011, SCREEN-001.
    """
    owner = locked(policy)
    parent = _head(owner, under, None)
    place = _place(owner, parent, after, None)
    sector = owner.themes.filter(number=theme).first() if theme else None
    made = _made(
        owner,
        parent,
        place,
        choice(kind, Kind.values),
        _part(part, kind),
        sector,
        now,
        language or owner.source_language,
    )
    first_texts(made, text, ClauseRevision.Origin.EDITOR, actor, now)
    clausechain.follow([made], actor, now)
    return _done(made, "added", actor, now, kind=kind)


@transaction.atomic
def move(*, code: str, under: str, after: str, seen: int, actor: Actor, now: datetime) -> Clause:
    """Put a clause, with all that stands under it, elsewhere; its code stays.

    `after`: the sibling it comes behind, "" for the first place. Raises Refused: DOC-001, 004, 005, 018.
    """
    found = opened(code, seen)
    found.parent = _head(found.policy, under, found)
    found.place = _place(found.policy, found.parent, after, found)
    return _saved(found, "moved", actor, now, under=under, after=after)


@transaction.atomic
def realise(
    *, code: str, measures: Sequence[str], objectives: Sequence[str], seen: int, actor: Actor, now: datetime
) -> Clause:
    """Say which measures and objectives a clause puts into words. Raises Refused: POL-012, DOC-001, 004, 018."""
    found = opened(code, seen)
    where = {"policy": found.policy, "withdrawn_at": None}
    found.measures.set(referred(Measure, measures, **where))
    found.objectives.set(referred(Objective, objectives, **where))
    clausechain.follow([found], actor, now)
    return _saved(found, "linked", actor, now, measures=list(measures), objectives=list(objectives))


@transaction.atomic
def withdraw(*, code: str, reason: str, seen: int, actor: Actor, now: datetime) -> Clause:
    """Take a clause out of the document; its texts and history stay.

    Raises Refused: POL-005, 006 (no reason), DOC-001, 004, 006 (others stand under it), 018, SCREEN-001.
    """
    found = opened(code, seen)
    under = list(found.children.filter(withdrawn_at=None).order_by("place").values_list("code", flat=True))
    if under:
        raise Refused(problem("DOC-006", code=code, others=", ".join(under[:8])))
    found.reason, found.withdrawn_at = reason_of(reason), now
    chain.take_back(code, found.reason, actor, now)
    return _saved(found, "withdrawn", actor, now, found.reason)


@transaction.atomic
def reinstate(*, code: str, reason: str, seen: int, actor: Actor, now: datetime) -> Clause:
    """A withdrawn clause stands again where it stood. Raises Refused: POL-005, 006, DOC-001, 004, 005, 018."""
    found = opened(code, seen, withdrawn=True)
    if found.parent is not None and found.parent.withdrawn_at:
        raise Refused(problem("DOC-005", code=code))
    why = reason_of(reason)
    found.reason, found.withdrawn_at = "", None
    chain.take_up(code, why, actor, now)
    return _saved(found, "reinstated", actor, now, why)


@transaction.atomic
def define(
    *, policy: str, code: str, names: Mapping[str, str], meanings: Mapping[str, str], seen: int, actor: Actor,
    now: datetime,
) -> Term:  # fmt: skip
    """A word that the policy defines, or what it means from now on. seen: 0 for a new one.

    Raises Refused: POL-001, 003, 004, 005, DOC-016, SCREEN-001.
    """
    owner = locked(policy)
    if not _TERM.fullmatch(code):
        raise Refused(problem("DOC-016", code=code[:40]))
    found = Term.objects.filter(policy=owner, code=code).first() or Term(policy=owner, code=code, revision=0)
    if found.revision != seen:
        raise Refused(problem("POL-003", code=code, now=found.revision, seen=seen))
    found.names, found.meanings = texts(names), texts(meanings)
    for one in found.names.values():
        line(one)
    found.revision, found.changed_at = found.revision + 1, now
    found.save()
    audit.record(actor=actor, action="term.written", code=f"{owner.code}/{code}", now=now)
    return found


def opened(code: str, seen: int, *, withdrawn: bool = False) -> Clause:
    """The clause, locked, as it was seen. Raises Refused: DOC-001, 004, 018."""
    found = taken(code)
    if found.revision != seen:
        raise Refused(problem("DOC-018", code=code, now=found.revision, seen=seen))
    if bool(found.withdrawn_at) != withdrawn:
        raise Refused(problem("DOC-004", code=code))
    return found


def taken(code: str) -> Clause:
    """The clause, locked until the end of the transaction. Raises Refused: DOC-001."""
    rows = Clause.objects.select_for_update(of=("self",)).select_related("policy", "parent")
    found = rows.filter(code=code).first()
    if found is None:
        raise Refused(problem("DOC-001", code=code[:40]))
    return found


# --- Inside ------------------------------------------------------------------------------------


def _made(
    owner: Policy, parent: Clause | None, place: str, kind: str, part: str, theme: Theme | None, now: datetime,
    language: str = "",
) -> Clause:  # fmt: skip
    head = f"{parent.code}." if parent else f"{owner.code}-C"
    numbers = [
        int(tail)
        for code in Clause.objects.filter(code__startswith=head).values_list("code", flat=True)
        if (tail := code.removeprefix(head)).isdigit()
    ]
    return Clause.objects.create(
        policy=owner, code=f"{head}{max(numbers, default=0) + 1}", parent=parent, place=place, kind=kind, part=part,
        theme=theme or (parent.theme if parent else None), source_language=language or owner.source_language,
        simulated=owner.simulated, created_at=now, changed_at=now,
    )  # fmt: skip


def _part(part: str, kind: str) -> str:
    """The part that a table shows; other kinds have none. Raises Refused: DOC-011."""
    if kind != Kind.TABLE:
        return ""
    if part not in sections.known():
        raise Refused(problem("DOC-011", part=part[:40], allowed=", ".join(sections.known())))
    return part


def _head(owner: Policy, under: str, moved: Clause | None) -> Clause | None:
    """The heading of this code, "" for the first level. Raises Refused: DOC-005."""
    if not under:
        return None
    found = owner.clauses.filter(code=under, withdrawn_at=None).first()
    if found is None or not found.is_head:
        raise Refused(problem("DOC-005", code=moved.code if moved else under[:40]))
    above: Clause | None = found
    while above is not None and moved is not None:
        if above.pk == moved.pk:
            raise Refused(problem("DOC-005", code=moved.code))
        above = above.parent
    return found


def _place(owner: Policy, parent: Clause | None, after: str, moved: Clause | None) -> str:
    """A place behind a sibling, or the first one. Raises Refused: DOC-005."""
    rows = list(owner.clauses.filter(parent=parent).exclude(code=moved.code if moved else ""))
    rows.sort(key=lambda one: one.place)
    at = next((number for number, one in enumerate(rows) if one.code == after), -1)
    if after and at < 0:
        raise Refused(problem("DOC-005", code=moved.code if moved else after[:40]))
    low = rows[at].place if at >= 0 else ""
    high = rows[at + 1].place if at + 1 < len(rows) else ""
    place = between(low, high)
    if len(place) <= LONGEST:
        return place
    for one, key in zip(rows, row(len(rows)), strict=True):  # never in a person's life, often in a program's
        one.place = key
    Clause.objects.bulk_update(rows, ["place"])
    return _place(owner, parent, after, moved)


def _saved(found: Clause, action: str, actor: Actor, now: datetime, note: str = "", **details: object) -> Clause:
    found.revision, found.changed_at = found.revision + 1, now
    found.save()
    return _done(found, action, actor, now, note, **details)


def _done(found: Clause, action: str, actor: Actor, now: datetime, note: str = "", **details: object) -> Clause:
    chain.say(found.policy, [found.code], action, actor, now, note, **details)
    audit.record(actor=actor, action=f"clause.{action}", code=found.code, now=now, detail={"note": note, **details})
    return found
