"""The simulated situation reports: an earlier one that went its way, and the draft that starts from it.

Each step looks at the rows: interrupt it whenever you like. What somebody did since is left as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from pasaj.access.rules import Actor
from pasaj.notify.queries import recipients
from pasaj.respond.models import Sitrep
from pasaj.respond.queries.sitreps import SHARE
from pasaj.respond.services import sitreps
from pasaj.respond.services.sitrep_sending import send
from pasaj.site.demo.section import Section

State = Sitrep.State
READING = timedelta(minutes=40)
"""Between the moment a report speaks of, its submission, and its approval."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """`[[sitrep]]`: as of `ago` days before the clock of the demonstration. texts: by part, then by language.

    done: it was approved, and sent where the directory has somebody; else it is left as a draft for the reader.
    """

    ago: int
    done: bool
    texts: Mapping[str, Mapping[str, str]]


def wanted(section: Section) -> Wanted:
    """One of them."""
    texts = section.take("text", dict, {})
    found = Wanted(
        ago=section.whole("ago", 0, high=60),
        done=bool(section.whole("done", 0, high=1)),
        texts={str(part): {str(one): str(text) for one, text in said.items()} for part, said in texts.items()},
    )
    section.end()
    return found


def report(*, asked: tuple[Wanted, ...], officer: Actor, approver: Actor, now: datetime) -> None:
    """Write them in their order. Raises Refused as the services do, when a text has a part or language of no report."""
    for one in asked:
        as_of = now - timedelta(days=one.ago)
        row = Sitrep.objects.filter(as_of_at=as_of).order_by("number").first()
        if row is None:
            row = sitreps.draft(as_of=as_of, actor=officer, now=as_of)
            row = _edited(row, one, officer, min(now, as_of + READING / 2))
        if one.done and row.state == State.DRAFT:
            row = sitreps.submit(code=row.code, seen=row.revision, actor=officer, now=min(now, as_of + READING))
        if one.done and row.state == State.SUBMITTED:
            row = sitreps.approve(code=row.code, seen=row.revision, actor=approver, now=min(now, as_of + 2 * READING))
        people = list(recipients())
        if one.done and row.state == State.APPROVED and people:
            moment = min(now, as_of + 3 * READING)
            send(code=row.code, seen=row.revision, contacts=people, edition=SHARE, actor=officer, now=moment)


def _edited(row: Sitrep, one: Wanted, officer: Actor, now: datetime) -> Sitrep:
    texts: dict[str, dict[str, str]] = {}
    for part, said in one.texts.items():
        for language, text in said.items():
            texts.setdefault(language, {})[part] = text
    return sitreps.edit(code=row.code, texts=texts, seen=row.revision, actor=officer, now=now)
