"""A version of a policy, or the draft of today, as a file on its way out through the gate."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from pasaj.access.rules import Actor
from pasaj.core import report as core
from pasaj.core import word
from pasaj.core.problems import Refused, problem
from pasaj.policy.models import Policy, Version
from pasaj.policy.queries import document, redlining, versions
from pasaj.share.models import Audience
from pasaj.share.services import Parcel, Released, Row, release

FORMS = ("pdf", "docx", "json")


def release_version(
    *, version: Version, language: str, form: str, everybody: bool, actor: Actor, now: datetime
) -> Released:
    """A version as pdf or docx in one language, or whole as json.

    everybody: the edition for readers outside the cell, which tells no count of ours and no finding; json holds all.
    Raises Refused: POLV-001 (json for readers outside), POLV-007 (not in this language).
    """
    if everybody and form == "json":
        raise Refused(problem("POLV-001", code=version.code))
    audience = Audience.CLEAR if everybody and version.public else Audience.AMBER
    if form == "json":
        text = json.dumps(versions.package(version), ensure_ascii=False, indent=1)
        row = Row(values=(text,), own_count=True)
        parcel = Parcel(kind="report", title=f"{version.code} json", form="text", rows=[row])
        return release(parcel=parcel, audience=audience, actor=actor, now=now)
    said = versions.says(version, language, everybody=everybody)
    if said is None:
        raise Refused(problem("POLV-007", language=language))
    return _released(said, form, audience, version.code, actor, now)


def release_draft(*, policy: Policy, language: str, form: str, actor: Actor, now: datetime) -> Released:
    """The document as it stands now, which says on every page that it is a draft. Raises Refused: POLV-007."""
    if language not in policy.languages:
        raise Refused(problem("POLV-007", language=language))
    return _released(document.report(policy, language), form, Audience.AMBER, policy.code, actor, now)


def release_changes(*, version: Version, end: Version | None, language: str, actor: Actor, now: datetime) -> Released:
    """Two versions, or one and what stands now, as one Word file of recorded changes; for the cell.

    The older of two comes first, whichever was named first. Raises Refused: POLV-007 (not in this language).
    """
    policy = version.policy
    if end and end.number < version.number:
        version, end = end, version
    if language not in redlining.languages(version, end, policy):
        raise Refused(problem("POLV-007", language=language))
    after = redlining.of_version(end, language) if end else redlining.of_now(policy, language)
    moment = end.published_at if end else now
    made = word.redline(
        redlining.of_version(version, language), after, redlining.document_id(version, language),
        redlining.cover(version, end, language), str(policy.institution),
        moment.astimezone(UTC).isoformat(timespec="seconds"),
    )  # fmt: skip
    to = end.code if end else "now"
    parcel = Parcel(
        kind="report", title=f"{version.code} to {to}", form="docx",
        rows=[Row(values=(made,), own_count=True, citation=policy.code)],
        question={"from": version.code, "to": to, "language": language},
    )  # fmt: skip
    return release(parcel=parcel, audience=Audience.AMBER, actor=actor, now=now)


def _released(said: core.Report, form: str, audience: Audience, code: str, actor: Actor, now: datetime) -> Released:
    from pasaj.assess.services import rendering  # noqa: PLC0415 - heavy

    made = rendering.pdf(said) if form == "pdf" else rendering.docx(said)
    parcel = Parcel(
        kind="report",
        title=f"{said.code} {said.title}",
        form=form,
        # A public edition says sizes of our counts in words alone; what it plans and costs it publishes itself.
        rows=[Row(values=(made,), own_count=audience != Audience.CLEAR, citation=code)],
        question={"version": code, "language": said.language, "fingerprint": core.fingerprint(said)},
    )
    return release(parcel=parcel, audience=audience, actor=actor, now=now)
