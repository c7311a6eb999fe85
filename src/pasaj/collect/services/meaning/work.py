"""One submission at work: its version that stands, what its form says that answers mean, and who sent it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.collect.models import FormVersion, Outcome, ReviewEvent, Submission, SubmissionBody, SubmissionVersion
from pasaj.core import meaning as core
from pasaj.core.forms.fields import Field
from pasaj.core.problems import Refused

Processing = Submission.Processing


@dataclass(slots=True)
class Work:
    submission: Submission
    version: SubmissionVersion
    fields: tuple[Field, ...]
    meaning: core.Meaning
    answers: core.Answers
    xml: bytes
    actor: Actor
    now: datetime
    made: int = 0
    flags: list[dict[str, Any]] = field(default_factory=list)

    @property
    def ref(self) -> str:
        return f"{self.submission.receipt}/"

    @property
    def origin(self) -> str:
        return "demo" if self.submission.simulated else "form"


def open_up(submission: Submission, now: datetime) -> Work | None:
    """The submission with everything its meaning needs. None: of a version nobody knows, and so of no meaning."""
    version = SubmissionVersion.objects.select_related("form_version__definition").get(current_of=submission)
    form_version = version.form_version
    if form_version is None:  # of an unknown version, let out of quarantine: kept, and feeds nothing
        finish(submission, Processing.NOTHING)
        return None
    fields = tuple(Field.of(one) for one in form_version.fields)
    xml = bytes(SubmissionBody.objects.values_list("xml", flat=True).get(version=version))
    return Work(
        submission=submission,
        version=version,
        fields=fields,
        meaning=_declared(version, form_version, fields),
        answers=core.read(xml, [one.path for one in fields if one.kind == "repeat"]),
        xml=xml,
        actor=_actor(submission),
        now=now,
    )


def _declared(version: SubmissionVersion, filled: FormVersion, fields: tuple[Field, ...]) -> core.Meaning:
    """What the form says that its answers mean.

    Where nothing could be made of them by the version that was filled, the one published since is asked: somebody
    has mended it, and reports of the faulty one are still in the tray. It must name no question they do not have.
    """
    own = core.parse(filled.meaning, fields)
    states = set(Outcome.objects.filter(version=version).values_list("state", flat=True))
    newer = filled.form.versions.filter(number__gt=filled.number, state="published").exclude(meaning={}).first()
    if states != {Outcome.State.FAILED} or newer is None:
        return own
    try:
        return core.parse(newer.meaning, fields)
    except Refused:
        return own


def _actor(submission: Submission) -> Actor:
    """Who a figure says it comes from: the key's code or the account, never the name of a person."""
    if submission.app_user:
        return Actor(id=None, label=submission.app_user.code, via="form")
    return Actor(id=submission.account_id, label="", via="form")


def finish(submission: Submission, processing: str) -> None:
    """Write down how far it came."""
    submission.processing = processing
    submission.save(update_fields=["processing"])


def say(submission: Submission, action: str, details: Mapping[str, Any], work: Work) -> None:
    """Write it into the history of the report and into the log, in Pasaj's own name."""
    ReviewEvent.objects.create(
        submission=submission, at=work.now, actor_id=None, actor_label="Pasaj", action=action, details=dict(details)
    )
    audit.record(
        actor=work.actor, action=f"submission.{action}", code=submission.receipt, now=work.now, detail=dict(details)
    )
