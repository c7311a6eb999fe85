"""A situation report as a file or as a short text, on its way out through the gate."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from pasaj.access.rules import Actor
from pasaj.core import report as core
from pasaj.core.problems import Refused, problem
from pasaj.core.report.saying import words
from pasaj.respond.models import Sitrep
from pasaj.respond.queries.sitreps import EDITIONS, SHARE, chat, facts_for, said, texts_of
from pasaj.respond.queries.sitreps.voice import Voice
from pasaj.share.models import Audience
from pasaj.share.services import Parcel, Released, Row, release

FORMS = {"pdf": "application/pdf", "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}
AUDIENCES = {"whole": Audience.AMBER, "share": Audience.GREEN}
FOLDER = "sitreps"  # below $PASAJ_HOME/files


def export(
    *, row: Sitrep, language: str, edition: str, form: str, actor: Actor, now: datetime
) -> Released:  # fmt: skip
    """A sitrep as pdf or docx; the edition that may be passed on has to hold no count at all.

    Raises Refused: SITREP-009 (no such edition, language or form), SHARE-005 (somebody wrote a number into it that is
    neither a date nor a code).
    """
    for value, allowed in ((edition, EDITIONS), (form, tuple(FORMS)), (language, tuple(row.texts))):
        if value not in allowed:
            raise Refused(problem("SITREP-009", value=value[:20], allowed=", ".join(allowed)))
    from pasaj.assess.services import rendering  # noqa: PLC0415 - heavy

    told = said(row, language=language, edition=edition)
    document = rendering.pdf(told) if form == "pdf" else rendering.docx(told)
    shared = edition == SHARE
    parcel = Parcel(
        kind="report",
        title=f"{row.code} {told.title}",
        form=form,
        rows=[Row(values=(document,), own_count=not shared, words=words(told) if shared else ())],
        question={"sitrep": row.code, "edition": edition, "language": language, "fingerprint": core.fingerprint(told)},
    )
    return release(parcel=parcel, audience=AUDIENCES[edition], actor=actor, now=now)


def short(*, row: Sitrep, language: str, edition: str, actor: Actor, now: datetime) -> str:
    """The short text for a chat. Raises Refused as `export` does."""
    text = chat(row, language=language, edition=edition).text
    parcel = Parcel(
        kind="text",
        title=f"{row.code} chat",
        form="text",
        rows=[Row(values=(text,), own_count=edition != SHARE)],
        question={"sitrep": row.code, "edition": edition, "language": language},
    )
    with release(parcel=parcel, audience=AUDIENCES[edition], actor=actor, now=now).file as file:
        return file.read().decode()


def plain(
    *, row: Sitrep, about: Mapping[str, Any], edition: str, actor: Actor, now: datetime
) -> Released:  # fmt: skip
    """A sitrep as one object: what it is, its texts by language and part, and, in the whole edition, its facts.

    Raises Refused as `export` does.
    """
    texts = texts_of(row, edition)
    shared = edition == SHARE
    said = {**about, "edition": edition, "texts": texts, "facts": None if shared else facts_for(row, actor)}
    words: list[str] = []
    if shared:
        said["correction"] = Voice(row.facts, share=True).soft(row.correction)
        words = [said["correction"], *(text for parts in texts.values() for text in parts.values())]
    parcel = Parcel(
        kind="api",
        title=f"API: {row.code}",
        form="object",
        header=list(said),
        rows=[Row(values=list(said.values()), own_count=not shared, words=words)],
        question={"sitrep": row.code, "edition": edition},
    )
    return release(parcel=parcel, audience=AUDIENCES[edition], actor=actor, now=now)


def keep(released: Released, name: str) -> str:
    """Put a released file where an attachment is taken from; its path below $PASAJ_HOME/files."""
    path = Path(settings.PASAJ_HOME) / "files" / FOLDER / name
    path.parent.mkdir(parents=True, exist_ok=True)
    waiting = path.with_suffix(f"{path.suffix}.{os.getpid()}")
    with released.file as file, waiting.open("wb") as out:
        out.write(file.read())
    waiting.replace(path)
    return f"{FOLDER}/{name}"
