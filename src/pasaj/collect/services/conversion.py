"""XLSForms that were handed in: kept, converted in a process of their own, checked, and stored as a version.

The `FormUpload` row is the job. The converter runs with limits on time and memory; ODK Validate follows
where Java is installed. What comes of it is stored byte for byte and served like that for ever.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.collect.models import Form, FormDefinition, FormUpload, FormVersion
from pasaj.collect.services import forms
from pasaj.core import meaning
from pasaj.core.forms import fields as core
from pasaj.core.forms import messages
from pasaj.core.problems import Problem, Refused, problem
from pasaj.registry.models import CrossingPoint
from pasaj.registry.services import next_code
from pasaj.watch.rules import requester

Progress = Callable[[int, int], object]
PHASES = ("reading", "converting", "screening", "validating", "storing")
MEGABYTE = 1_000_000
LARGEST = 10 * MEGABYTE
MEMORY = 1_500 * MEGABYTE  # of the converter
HEAP = "512m"  # of ODK Validate
SPOKEN = 4_000  # characters of what a process said that are kept


@dataclass(frozen=True, slots=True)
class Converted:
    """What the converter made of a workbook, and whether ODK Validate looked at it."""

    xml: bytes
    plain: Mapping[str, Any]
    validated: bool


# --- Handing in --------------------------------------------------------------------------------


def upload(
    *, file: IO[bytes], filename: str, publish: bool = False, origin: str = "upload", actor: Actor, now: datetime
) -> FormUpload:
    """Keep an XLSForm and queue its conversion. Raises Refused: FORM-003."""
    name = Path(filename).name.encode("utf-8", "replace").decode()[:300]
    data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise Refused(problem("FORM-003", file=name, size=f"> {LARGEST // MEGABYTE}", largest=LARGEST // MEGABYTE))
    sha256 = hashlib.sha256(data).hexdigest()
    path = f"forms/{sha256}.xlsx"
    keep(path, data)
    with transaction.atomic():
        row = FormUpload.objects.create(
            code=next_code("FU", now),
            requested_at=now,
            requested_by_id=actor.id,
            requested_by=actor.label,
            filename=name,
            path=path,
            sha256=sha256,
            origin=origin,
            publish=publish,
            total=len(PHASES),
        )
        audit.record(
            actor=actor, action="form.uploaded", code=row.code, now=now, detail={"file": name, "sha256": sha256}
        )
    return row


def keep(path: str, data: bytes) -> None:
    """Write a file below the home's files, whole or not at all. Files are named by their content: one is enough."""
    target = Path(settings.PASAJ_HOME) / "files" / path
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_file() and target.stat().st_size == len(data):
        return
    part = target.with_name(f"{target.name}.{os.urandom(4).hex()}.part")
    with part.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    part.rename(target)


# --- Converting --------------------------------------------------------------------------------


def convert(work_id: int, *, now: datetime, progress: Progress | None = None) -> FormUpload:
    """Convert, check and store an upload; publish it when that was asked for and nothing stands against it.

    `now`: the business clock. Raises Refused with what the workbook has wrong.
    """
    row = FormUpload.objects.get(pk=work_id)
    path = Path(settings.PASAJ_HOME) / "files" / row.path
    deadline = time.monotonic() + settings.PASAJ_FORM_SECONDS
    unofficial = list(CrossingPoint.objects.exclude(official="yes").values_list("code", flat=True))
    stamp = f"{now:%Y%m%d%H%M%S}"

    def tell(phase: str) -> None:
        done = PHASES.index(phase)
        FormUpload.objects.filter(pk=work_id).update(phase=phase, done=done, heartbeat_at=timezone.now())
        if progress:
            progress(done, len(PHASES))

    order = {"path": str(path), "filename": row.filename, "stamp": stamp, "unofficial": unofficial, "memory": MEMORY}
    plain = _converter(order, deadline, tell)
    xml = base64.b64decode(plain["xml"])
    tell("validating")
    validated = _validate(xml, plain, deadline)
    tell("storing")
    return _store(row, Converted(xml, plain, validated), stamp, now)


def _converter(order: Mapping[str, Any], deadline: float, tell: Callable[[str], None]) -> dict[str, Any]:
    """Run the converter; what it made. Raises Refused: what it refuses, FORM-008, 009."""
    answer: dict[str, Any] = {}
    with tempfile.TemporaryFile() as errors:
        command = [sys.executable, "-m", "pasaj.collect.services.converter"]
        with _process(command, deadline, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(json.dumps(order).encode())
            process.stdin.close()
            for line in process.stdout:
                if not line.endswith(b"\n"):
                    break  # it was ended in the middle of a word
                said = json.loads(line)
                if "phase" in said:
                    tell(said["phase"])
                else:
                    answer = said
        errors.seek(max(0, errors.tell() - SPOKEN))
        spoken = errors.read().decode("utf-8", "replace")
    if "result" in answer:
        found: dict[str, Any] = answer["result"]
        return found
    if "problems" in answer:
        raise Refused(*(Problem.of(one) for one in answer["problems"]))
    if "MemoryError" in spoken:
        raise Refused(problem("FORM-009"))
    raise RuntimeError(f"The converter ended with {process.returncode}: {spoken.strip()[-300:]}")


@contextmanager
def _process(command: list[str], deadline: float, **pipes: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A process that ends at the deadline with all it started. Raises Refused FORM-008 when it did."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PASAJ_", "DJANGO_"))}
    late = threading.Event()
    with subprocess.Popen(command, env=kept, start_new_session=True, **pipes) as process:  # noqa: S603 - our own

        def end() -> None:
            late.set()
            os.killpg(process.pid, signal.SIGKILL)

        timer = threading.Timer(max(0.0, deadline - time.monotonic()), end)
        timer.start()
        try:
            yield process
            process.wait()
        except BrokenPipeError:
            process.wait()
        finally:
            timer.cancel()
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
    if late.is_set():
        raise Refused(problem("FORM-008", seconds=settings.PASAJ_FORM_SECONDS))


# --- ODK Validate ------------------------------------------------------------------------------


def java() -> str:
    """Where Java is; empty when it is not installed."""
    return shutil.which("java") or ""


def _validate(xml: bytes, plain: Mapping[str, Any], deadline: float) -> bool:
    """Whether ODK Validate found the form good; False where there is no Java. Raises Refused when it did not."""
    program, found = java(), importlib.util.find_spec("pyxform")
    if not program or found is None or found.origin is None:
        return False
    jar = Path(found.origin).parent / "validators/odk_validate/bin/ODK_Validate.jar"
    with tempfile.TemporaryDirectory(prefix="pasaj-form-") as folder:
        path = Path(folder) / "form.xml"
        with path.open("wb") as out:
            out.write(xml)
        command = [program, f"-Xmx{HEAP}", "-Djava.awt.headless=true", "-jar", str(jar), str(path)]
        with _process(command, deadline, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
            assert process.stderr is not None
            spoken = process.stderr.read(100 * SPOKEN).decode("utf-8", "replace")
    if process.returncode:
        warnings = [Problem.of(one) for one in plain["warnings"]]
        raise Refused(messages.of_validator(spoken, plain["rows"], warnings))
    return True


# --- Storing -----------------------------------------------------------------------------------


def _store(row: FormUpload, made: Converted, stamp: str, now: datetime) -> FormUpload:
    """Store what was made as a version (or find it there already), and publish it when asked to."""
    actor = requester(row)
    with transaction.atomic():
        version = _version(row, made, stamp, actor, now)
        row.refresh_from_db()
        row.version, row.state, row.finished_at = version, FormUpload.State.DONE, timezone.now()
        row.done, row.phase = len(PHASES), ""
        row.problems = []
        if row.publish and version.state == FormVersion.State.DRAFT:
            try:
                with transaction.atomic():
                    forms.publish(version_id=version.pk, actor=actor, now=now)
            except Refused as refused:
                row.problems = [one.plain() for one in refused.problems]
        row.save(update_fields=["version", "state", "finished_at", "done", "phase", "problems"])
    return row


def _version(row: FormUpload, made: Converted, stamp: str, actor: Actor, now: datetime) -> FormVersion:
    """Raises Refused: FORM-012 (the version exists with other content), FORM-023 (the form is closed)."""
    plain, sha256 = made.plain, hashlib.sha256(made.xml).hexdigest()
    form = _form(plain, row.origin, now)
    if plain["version"] == stamp:  # it stated none: the same file again is the same version
        known = form.versions.filter(source_sha256=row.sha256).first()
    else:
        known = form.versions.filter(version=plain["version"]).select_related("definition").first()
        if known and known.definition.sha256 != sha256:
            where = problem("FORM-012", version=plain["version"], form=form.form_id)
            raise Refused(where.at("settings", 2, "version"))
    if known:
        return known
    last = form.versions.order_by("-number").first()
    version = FormVersion.objects.create(
        form=form,
        version=plain["version"],
        number=(form.versions.aggregate(last=Max("number"))["last"] or 0) + 1,
        languages=plain["languages"],
        default_language=(plain["languages"] or [""])[0][:40],
        fields=plain["fields"],
        findings=plain["findings"],
        warnings=plain["warnings"],
        meaning=_meaning(plain, last),
        source_path=row.path,
        source_sha256=row.sha256,
        validated=made.validated,
        created_at=now,
        created_by_id=actor.id,
    )
    md5 = hashlib.md5(made.xml, usedforsecurity=False).hexdigest()  # what phones compare
    FormDefinition.objects.create(version=version, xml=made.xml, md5=md5, sha256=sha256)
    Form.objects.filter(pk=form.pk).update(names=plain["titles"])
    detail = {"version": version.version, "sha256": sha256, "findings": len(version.findings), "upload": row.code}
    audit.record(actor=actor, action="form.stored", code=form.form_id, now=now, detail=detail)
    return version


def _meaning(plain: Mapping[str, Any], last: FormVersion | None) -> Mapping[str, Any]:
    """What the form says its answers mean; else what the version before said, if its questions are still there."""
    if plain["meaning"] is not None or last is None:
        return plain["meaning"] or {}
    try:
        meaning.parse(last.meaning, [core.Field.of(one) for one in plain["fields"]])
    except Refused:
        return {}
    return last.meaning  # type: ignore[no-any-return]


def _form(plain: Mapping[str, Any], origin: str, now: datetime) -> Form:
    defaults = {"names": plain["titles"], "origin": origin, "created_at": now}
    Form.objects.get_or_create(form_id=plain["form_id"], defaults=defaults)
    form = Form.objects.select_for_update().get(form_id=plain["form_id"])
    if form.closed_at:
        raise Refused(problem("FORM-023", form=form.form_id))
    return form
