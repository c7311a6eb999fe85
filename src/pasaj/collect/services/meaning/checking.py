"""The answers evaluated again by another engine. It flags, and refuses nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from pasaj.collect.models import Check
from pasaj.collect.services.meaning.work import Work

ENGINE = "rxeval"
MOMENTS = frozenset({"date", "time", "datetime"})
"""What the engine (rxeval 0.1) compares as text, so that every rule on it seems broken."""
NO_NUMBER = 'the form calculates "NaN"'
"""Sums over blank answers: here the engine gives up, where the phone's counts them as nothing."""


def check(work: Work) -> None:
    """Constraints, required answers and calculations once more, by another engine. It flags, and refuses nothing."""
    definition = work.version.form_version.definition  # type: ignore[union-attr]
    engine, found = evaluate(bytes(definition.xml), work.xml)
    moments = {one.path for one in work.fields if one.kind in MOMENTS}
    work.flags = [one for one in found if one["path"].strip("/").partition("/")[2] not in moments]
    Check.objects.update_or_create(
        version=work.version,
        defaults={"engine": engine, "findings": work.flags, "checked_at": timezone.now()},
    )


def evaluate(form: bytes, answers: bytes) -> tuple[str, list[dict[str, Any]]]:
    """The engine's name and version, and what it found: kind, path and message. No engine, no findings."""
    try:
        import rxeval  # noqa: PLC0415 - has no wheel for every machine, and the web process does without
    except ImportError:
        return "", []
    engine = f"{ENGINE} {rxeval.__version__}"
    try:
        found = rxeval.submission_findings(form.decode(), answers.decode("utf-8-sig"))
    except (ValueError, RuntimeError):  # what it cannot read is no fault of the answers
        found = [{"kind": "not-evaluated"}]
    return engine, [_finding(one) for one in found if not str(one.get("says", "")).endswith(NO_NUMBER)]


def _finding(one: Mapping[str, Any]) -> dict[str, Any]:
    """The engine's own sentence is not kept: it repeats the answers, which may be what has to be taken out later."""
    return {"kind": str(one.get("kind", "")), "path": str(one.get("path", ""))[:300], "message": ""}
