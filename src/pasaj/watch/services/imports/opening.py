"""A file is kept, its import queued, tried files imported for good, and waiting ones called off."""

from __future__ import annotations

import hashlib
import os
import socket
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.core import importing
from pasaj.core.problems import Refused, problem
from pasaj.registry.services import next_code
from pasaj.watch.models import Import, Source
from pasaj.watch.services.imports.mapping import read_mapping

State = Import.State
MEGABYTE = 1_000_000


def open_import(
    *,
    file: IO[bytes],
    filename: str,
    mapping: bytes | str | Mapping[str, Any],
    source: str = "",
    dry_run: bool = False,
    origin: str = "import",
    foreground: bool = False,
    actor: Actor,
    now: datetime,
) -> Import:
    """Keep a copy of the file and queue its import. `run` does the rest.

    `mapping`: YAML text, or what it says. `source` outweighs the one in the mapping. `foreground`: the
    caller runs it at once; no worker takes it, and it ends with the caller. Raises Refused: IMPORT-008
    to 013 (mapping), IMPORT-018 (too large), OBS-011 (no such source).
    """
    plain = mapping if isinstance(mapping, Mapping) else read_mapping(mapping)
    checked = importing.parse(plain)
    code_of_source = source or checked.source
    found = Source.objects.filter(code=code_of_source).first()
    if found is None:
        allowed = ", ".join(Source.objects.order_by("code").values_list("code", flat=True))
        raise Refused(problem("OBS-011", value=code_of_source, allowed=allowed))
    stored, sha256 = _store(file, filename)
    try:
        with transaction.atomic():
            row = _row(now, actor, foreground)
            row.origin, row.filename, row.sha256, row.mapping = origin, _name(filename), sha256, dict(plain)
            row.source, row.dry_run = found, dry_run
            row.path = f"imports/{row.code}.csv"
            row.save()
            stored.rename(folder() / f"{row.code}.csv")
            audit.record(
                actor=actor,
                action="import.opened",
                code=row.code,
                now=now,
                detail={"file": row.filename, "sha256": sha256, "source": found.code, "dry_run": dry_run},
            )
    except BaseException:
        stored.unlink(missing_ok=True)
        raise
    return row


def apply(*, dry: Import, actor: Actor, now: datetime) -> Import:
    """Queue the real import of a file that was tried with a dry run: same file, mapping and source."""
    with transaction.atomic():
        row = _row(now, actor, foreground=False)
        row.origin, row.filename, row.sha256, row.mapping = dry.origin, dry.filename, dry.sha256, dry.mapping
        row.source, row.path = dry.source, dry.path
        row.save()
        detail = {"file": row.filename, "sha256": row.sha256, "dry_run_of": dry.code}
        audit.record(actor=actor, action="import.opened", code=row.code, now=now, detail=detail)
    return row


def cancel(*, import_id: int, actor: Actor, now: datetime) -> Import:
    """Ask an import to stop: at once while it waits, else before its next slice. Nothing of it becomes visible."""
    with transaction.atomic():
        row = Import.objects.select_for_update().get(pk=import_id)
        if row.state in (State.QUEUED, State.RUNNING) and not row.cancel_asked:
            row.cancel_asked, action = True, "import.stop-asked"
            if row.state == State.QUEUED:
                row.state, row.finished_at, action = State.CANCELLED, timezone.now(), "import.cancelled"
            row.save(update_fields=["cancel_asked", "state", "finished_at"])
            audit.record(actor=actor, action=action, code=row.code, now=now)
    return row


def folder() -> Path:
    """Where files of imports are kept, below the home's files."""
    path = Path(settings.PASAJ_HOME) / "files" / "imports"
    for one in (path.parent, path):
        one.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def _row(now: datetime, actor: Actor, foreground: bool) -> Import:
    row = Import(
        code=next_code("IM", now), requested_at=now, requested_by_id=actor.id, requested_by=actor.label, mapping={}
    )
    if foreground:
        row.state, row.started_at, row.heartbeat_at = State.RUNNING, timezone.now(), timezone.now()
        row.result = {"process": process()}
    return row


def process() -> str:
    """What a foreground import notes about the process it lives and ends with."""
    return f"{socket.gethostname()}:{os.getpid()}"


def _name(filename: str) -> str:
    """The last part of a file's name; what is no character in it is shown as a question mark."""
    return Path(filename).name.encode("utf-8", "replace").decode()[:300]


def _store(file: IO[bytes], filename: str) -> tuple[Path, str]:
    """Copy an upload, no further than the limit allows. Returns where, and its SHA-256."""
    largest = settings.PASAJ_MAX_UPLOAD_MB * MEGABYTE
    digest, size = hashlib.sha256(), 0
    path = folder() / f"{os.urandom(8).hex()}.part"
    try:
        with path.open("wb") as out:
            while block := file.read(MEGABYTE):
                size += len(block)
                if size > largest:
                    limit = settings.PASAJ_MAX_UPLOAD_MB
                    raise Refused(problem("IMPORT-018", file=Path(filename).name, size=f"> {limit}", largest=limit))
                digest.update(block)
                out.write(block)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path, digest.hexdigest()


def remove_files(row: Import) -> None:
    """Delete the copies of a file that nobody needs any more (its figures stay)."""
    for name in (row.path, row.refused_path):
        if name and not Import.objects.filter(path=name).exclude(pk=row.pk).exists():
            (Path(settings.PASAJ_HOME) / "files" / name).unlink(missing_ok=True)
