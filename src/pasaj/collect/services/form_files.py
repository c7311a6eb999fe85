"""Files that are handed in beside a form: bounded, and what their name says they are."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from pathlib import PurePath
from typing import IO

from django.db import transaction

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.collect.models import Form, MediaFile
from pasaj.collect.services.conversion import keep
from pasaj.core.encoding import decode
from pasaj.core.forms import text_screen
from pasaj.core.forms.fields import CROSSINGS_FILE
from pasaj.core.problems import Refused, problem

MEGABYTE = 1_000_000
LARGEST = 10 * MEGABYTE
# Content type by ending, and how such a file begins (at an offset).
KINDS: dict[str, tuple[str, tuple[tuple[int, bytes], ...]]] = {
    ".png": ("image/png", ((0, b"\x89PNG\r\n\x1a\n"),)),
    ".jpg": ("image/jpeg", ((0, b"\xff\xd8\xff"),)),
    ".jpeg": ("image/jpeg", ((0, b"\xff\xd8\xff"),)),
    ".gif": ("image/gif", ((0, b"GIF8"),)),
    ".webp": ("image/webp", ((8, b"WEBP"),)),
    ".mp3": ("audio/mpeg", ((0, b"ID3"), (0, b"\xff\xfb"), (0, b"\xff\xf3"), (0, b"\xff\xf2"))),
    ".mp4": ("video/mp4", ((4, b"ftyp"),)),
    ".pdf": ("application/pdf", ((0, b"%PDF-"),)),
}
CELL_END = re.compile(r"[,;\t\"]")
ACTIVE = re.compile(rb"<script|\bon\w+\s*=|javascript:|<foreignObject|<!ENTITY", re.IGNORECASE)


def attach(*, form_id: int, file: IO[bytes], filename: str, actor: Actor, now: datetime) -> MediaFile:
    """Keep a file for a form; one of the same name is replaced, its old content stays on the disk and in the log.

    Raises Refused: FORM-026 (not what its name says), FORM-027 (too large), FORM-033 (the shared list), SCREEN-001 (a
    list that seems to name persons).
    """
    name = PurePath(filename.replace("\\", "/")).name[:200]
    if name == CROSSINGS_FILE:
        raise Refused(problem("FORM-033", name=name))
    data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise Refused(problem("FORM-027", name=name, size=f"> {LARGEST // MEGABYTE}", largest=LARGEST // MEGABYTE))
    content_type = kind(name, data)
    sha256 = hashlib.sha256(data).hexdigest()
    path = f"forms/media/{sha256}"
    keep(path, data)
    with transaction.atomic():
        form = Form.objects.select_for_update().get(pk=form_id)
        held = form.media.filter(name=name, current=True).first()
        if held and held.sha256 == sha256:
            return held
        form.media.filter(name=name, current=True).update(current=False)
        row = MediaFile.objects.create(
            form=form,
            name=name,
            path=path,
            content_type=content_type,
            size=len(data),
            md5=hashlib.md5(data, usedforsecurity=False).hexdigest(),  # what phones compare
            sha256=sha256,
            created_at=now,
        )
        detail = {"name": name, "sha256": sha256, "size": len(data)}
        audit.record(actor=actor, action="form.media", code=form.form_id, now=now, detail=detail)
    return row


def kind(name: str, data: bytes) -> str:
    """The content type of a file whose content is what its ending says. Raises Refused FORM-026."""
    ending = PurePath(name).suffix.casefold()
    if ending in KINDS:
        content_type, beginnings = KINDS[ending]
        if any(data[at : at + len(mark)] == mark for at, mark in beginnings):
            return content_type
    elif ending == ".svg" and b"<svg" in data[:2000] and not ACTIVE.search(data):
        return "image/svg+xml"
    elif ending == ".csv" and _is_list(name, data):
        return "text/csv"
    raise Refused(problem("FORM-026", name=name))


def _is_list(name: str, data: bytes) -> bool:
    """Whether it is text; lists of persons are refused with SCREEN-001."""
    try:
        text = decode(data, "utf-8").text
    except Refused:
        return False
    for number, line in enumerate(text.splitlines(), 1):
        found = text_screen.hits(CELL_END.sub(" | ", line), names=False)
        if found:
            raise Refused(problem("SCREEN-001", file=name, row=number, what=found[0].kind))
    return bool(text.strip())
