"""Taking in what was filled: stored as it came, then decided by core.openrosa.states, then answered.

Files are on the disk before the transaction begins; the transaction holds the answers, the rows of
the files and the entry of the log, and is committed before anybody is told "received". A request
that is cut off leaves a file without a row, which is swept, and never a row without its file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection
from django.utils import timezone

from pasaj.access.rules import Actor, can, may
from pasaj.access.services import audit
from pasaj.collect.models import (
    AppUser,
    Attachment,
    Device,
    Form,
    FormVersion,
    ReviewEvent,
    Submission,
    SubmissionBody,
    SubmissionVersion,
)
from pasaj.collect.services import citing, phones, spool, together
from pasaj.collect.services.spool import Spooled
from pasaj.core.openrosa.envelope import Envelope, base_name, derived_id, named_files, read
from pasaj.core.openrosa.receipt import receipt
from pasaj.core.openrosa.states import Decision, DeviceState, Facts, FormState, VersionState, decide
from pasaj.core.problems import Refused, problem

State = Submission.State
ARRIVAL = ("path", "size", "sha256", "content_type", "received_at")  # what a row has once its file is there
TRIES = 3  # two requests with the same report: the second reads what the first one stored


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends. `via`: key (with `app_user` and `device`), basic or web (with `account_id`), demo (a key, simulated).

    `stated_device`: what an account's app calls its device; only keys are bound to one.
    """

    via: str
    app_user: AppUser | None = None
    device: Device | None = None
    account_id: int | None = None
    stated_device: str = ""

    @property
    def device_id(self) -> str:
        return self.device.device_id if self.device else self.stated_device


@dataclass(frozen=True, slots=True)
class Received:
    """What the sender is told. `status`: 201, or 202 when the report waits in quarantine."""

    receipt: str
    status: int
    state: str
    instance_id: str
    submission_id: int
    received_at: datetime
    missing: tuple[str, ...] = ()  # files that the answers name and that have not arrived yet


@dataclass(slots=True)
class _Work:
    """One submission on its way through `receive`."""

    xml: bytes
    sha256: str
    envelope: Envelope
    instance_id: str
    form: Form
    allowed: bool
    version: FormVersion | None
    expected: tuple[str, ...]
    kept: dict[str, Spooled]  # by path
    sender: Sender
    incomplete: bool
    actor: Actor
    now: datetime
    real_now: datetime
    used: set[str] = field(default_factory=set)  # paths that a row names


def receive(
    *, xml: bytes, files: Sequence[Spooled], sender: Sender, incomplete: bool, actor: Actor, now: datetime
) -> Received:
    """Store a submission, the edit of one, or more files of one. The same call again changes nothing.

    `files` arrived whole (see spool); their names count, not their order. `now` is the business clock.
    Raises Refused: COLLECT-001 to 006 (unreadable), COLLECT-010 to 019 and 036 (see core.openrosa.states),
    COLLECT-027 (disk full), COLLECT-030 and 031 (a file that cannot be taken). Then nothing is stored.
    """
    work = _prepare(xml, files, sender, incomplete, actor, now)
    try:
        received = _stored(work)
    except Refused:
        spool.discard(work.kept)
        raise
    # After any other failure nobody knows what was committed: files without a row are swept later.
    spool.discard(work.kept.keys() - work.used)
    return received


def _prepare(
    xml: bytes, files: Sequence[Spooled], sender: Sender, incomplete: bool, actor: Actor, now: datetime
) -> _Work:
    envelope = read(xml)
    if any(not base_name(one.name) for one in files):
        raise Refused(problem("COLLECT-031"))
    sha256 = hashlib.sha256(xml).hexdigest()
    form, version = _form(envelope)
    allowed = _may_send(form, sender, actor)
    real_now = timezone.now()
    return _Work(
        xml=xml,
        sha256=sha256,
        envelope=envelope,
        instance_id=envelope.instance_id or derived_id(sha256),
        form=form,
        allowed=allowed,
        version=version,
        expected=named_files(envelope, version.fields) if version else (),
        kept=spool.keep(_bare(form, files), real_now) if allowed else {},
        sender=sender,
        incomplete=incomplete,
        actor=actor,
        now=now,
        real_now=real_now,
    )


def _bare(form: Form, files: Sequence[Spooled]) -> Sequence[Spooled]:
    """Photos of an assessment show equipment and premises: where and with what they were taken is not kept."""
    return [spool.bare(one) for one in files] if form.origin == "round" else files


def _form(envelope: Envelope) -> tuple[Form, FormVersion | None]:
    """The form, and its version where there is one. Raises Refused: COLLECT-010."""
    versions = FormVersion.objects.filter(form__form_id=envelope.form_id, version=envelope.version)
    version = (
        versions.select_related("form")
        .only("state", "fields", "form__form_id", "form__closed_at", "form__origin")
        .first()
    )
    if version is not None:
        return version.form, version
    form = Form.objects.filter(form_id=envelope.form_id).first()
    if form is None:
        raise Refused(problem("COLLECT-010", form=envelope.form_id))
    return form, None


def _may_send(form: Form, sender: Sender, actor: Actor) -> bool:
    if sender.app_user:
        return phones.may_send(sender.app_user, form)
    # Whether it is closed is said apart from who may fill it.
    return may(actor, "fill", Form) if form.closed_at else can(actor, "fill", form)


def _stored(work: _Work) -> Received:
    for left in reversed(range(TRIES)):
        try:
            return together.store(lambda: _decide(work))
        except IntegrityError:  # somebody stored the same report at this very moment: read it
            work.used.clear()
            if not left:
                raise
    raise AssertionError  # the last try returns or raises


# --- What stands, and what becomes of it -------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Standing:
    """The stored version with this instanceID, and the submission that it or the deprecatedID belongs to."""

    known: SubmissionVersion | None
    submission: Submission | None


def _decide(work: _Work) -> Received:
    standing = _standing(work)
    decision = decide(_facts(work, standing))
    if decision.action == "refuse":
        raise Refused(problem(decision.code, form=work.form.form_id))
    if decision.action == "complete":
        assert standing.submission is not None
        assert standing.known is not None
        return _completed(work, decision, standing.submission, standing.known)
    if decision.action == "edit":
        assert standing.submission is not None
        return _edited(work, decision, standing.submission)
    return _created(work, decision)


def _standing(work: _Work) -> _Standing:
    wanted = [one for one in (work.instance_id, work.envelope.deprecated_id) if one]
    versions = SubmissionVersion.objects.filter(form=work.form, instance_id__in=wanted).select_related("submission")
    found = {one.instance_id: one for one in versions.all()}
    if found and connection.vendor == "postgresql":  # SQLite's transactions wait for each other from the start
        # Found first, then held, then read again: what is held before it is there is not held at all.
        held = {one.submission_id for one in found.values()}
        list(Submission.objects.filter(pk__in=held).select_for_update().order_by("pk"))
        found = {one.instance_id: one for one in versions.all()}
    known = found.get(work.instance_id)
    anchor = known or found.get(work.envelope.deprecated_id)
    return _Standing(known, anchor.submission if anchor else None)


def _facts(work: _Work, standing: _Standing) -> Facts:
    submission, sender = standing.submission, work.sender
    return Facts(
        form=_form_state(work),
        version=_version_state(work),
        tester=bool(sender.app_user and sender.app_user.testing),
        device=_device_state(sender.device),
        encrypted=work.envelope.encrypted,
        known="none" if not standing.known else "identical" if standing.known.sha256 == work.sha256 else "different",
        replaces=_replaces(work, submission),
        removed=submission is not None and submission.state == State.REDACTED,
        own=submission is not None and _is_own(submission, work),
        held=submission is not None and submission.state in {State.QUARANTINED, State.REFUSED},
    )


def _form_state(work: _Work) -> FormState:
    if not work.allowed:
        return "forbidden"
    return "closed" if work.form.closed_at else "open"


def _version_state(work: _Work) -> VersionState:
    if work.version is None:
        return "unknown"
    states: dict[str, VersionState] = {"draft": "draft", "published": "published", "closed": "closed"}
    return states[work.version.state]


def _device_state(device: Device | None) -> DeviceState:
    """Read again, and held, when it waits: it may be confirmed at this very moment."""
    if device is None or device.state == Device.State.CONFIRMED:
        return "confirmed"
    state = Device.objects.select_for_update().values_list("state", flat=True).get(pk=device.pk)
    states: dict[str, DeviceState] = {"confirmed": "confirmed", "waiting": "waiting", "refused": "refused"}
    return states[state]


def _replaces(work: _Work, submission: Submission | None) -> Any:
    deprecated = work.envelope.deprecated_id
    if not deprecated:
        return "nothing"
    if submission is None:
        return "unknown"
    ids = dict(SubmissionVersion.objects.filter(submission=submission).values_list("instance_id", "pk"))
    if deprecated not in ids:
        return "unknown"
    return "current" if ids[deprecated] == submission.current_id else "older"


def _is_own(submission: Submission, work: _Work) -> bool:
    sender = work.sender
    if sender.app_user:
        return submission.app_user_id == sender.app_user.pk
    return submission.account_id == sender.account_id or can(work.actor, "review", submission)


# --- Writing -----------------------------------------------------------------------------------


def _created(work: _Work, decision: Decision) -> Received:
    submission = Submission(
        receipt=receipt(work.form.form_id, work.instance_id),
        form=work.form,
        instance_id=work.instance_id,
        state=State.QUARANTINED if decision.reasons else State.RECEIVED,
        reasons=list(decision.reasons),
        via=work.sender.via,
        app_user=work.sender.app_user,
        device=work.sender.device,
        account_id=work.sender.account_id,
        received_at=work.now,
        recorded_at=work.real_now,
        updated_at=work.now,
    )
    submission.save(force_insert=True)
    version, rows = _new_version(work, submission, number=1, carried={})
    return _finish(work, decision, submission, version, rows, "received")


def _edited(work: _Work, decision: Decision, submission: Submission) -> Received:
    before = submission.current
    assert before is not None
    carried = {one.name: one for one in before.attachments.exclude(path="")}
    version, rows = _new_version(work, submission, number=before.number + 1, carried=carried)
    reasons = [*submission.reasons, *(one for one in decision.reasons if one not in submission.reasons)]
    # What was set aside is looked at again; what waits goes on waiting.
    if reasons or submission.state != State.RECEIVED:
        submission.state = State.QUARANTINED
    submission.reasons = reasons
    submission.review = Submission.Review.NEW
    submission.processing = Submission.Processing.WAITING
    return _finish(work, decision, submission, version, rows, "edited")


def _new_version(
    work: _Work, submission: Submission, *, number: int, carried: dict[str, Attachment]
) -> tuple[SubmissionVersion, list[Attachment]]:
    version = SubmissionVersion(
        submission=submission,
        form=work.form,
        number=number,
        instance_id=work.instance_id,
        derived_id=not work.envelope.instance_id,
        deprecated_id=work.envelope.deprecated_id,
        version_text=work.envelope.version,
        form_version=work.version,
        sha256=work.sha256,
        size=len(work.xml),
        device_id=work.sender.device_id,
        received_at=work.now,
        recorded_at=work.real_now,
    )
    version.save(force_insert=True)
    SubmissionBody(version=version, xml=work.xml).save(force_insert=True)
    rows = {name: Attachment(version=version, name=name, expected=True) for name in work.expected}
    _take(work, version, rows)
    for name, row in rows.items():
        if not row.path and name in carried:
            _copy(carried[name], row)
    Attachment.objects.bulk_create(rows.values())
    return version, list(rows.values())


def _take(work: _Work, version: SubmissionVersion, rows: dict[str, Attachment]) -> list[Attachment]:
    """Put the files that came into the rows of a version. Returns rows that are new or were filled.

    Raises Refused: COLLECT-030 (the name is there with other content).
    """
    taken = []
    for path, file in work.kept.items():
        name = base_name(file.name)
        row = rows.setdefault(name, Attachment(version=version, name=name))
        if row.sha256:
            if row.sha256 != file.sha256:
                raise Refused(problem("COLLECT-030", name=name))
            continue
        row.path, row.size, row.sha256 = path, file.size, file.sha256
        row.content_type, row.received_at = file.content_type, work.now
        work.used.add(path)
        taken.append(row)
    return taken


def _copy(source: Attachment, row: Attachment) -> None:
    for name in ARRIVAL:
        setattr(row, name, getattr(source, name))


def _completed(work: _Work, decision: Decision, submission: Submission, version: SubmissionVersion) -> Received:
    """More files of a version that is stored. Nothing is written when all of them are there already."""
    rows = {one.name: one for one in version.attachments.all()}
    taken = _take(work, version, rows)
    if not taken:
        return _told(decision, submission, work.instance_id, _missing(submission))
    Attachment.objects.bulk_create([one for one in taken if one.pk is None])
    Attachment.objects.bulk_update([one for one in taken if one.pk is not None], ARRIVAL)
    by_name = {one.name: one for one in taken}
    later = Attachment.objects.filter(version__submission=submission, name__in=by_name, sha256="")
    for row in later:  # a later version named the same file
        _copy(by_name[row.name], row)
    Attachment.objects.bulk_update(later, ARRIVAL)
    missing = _missing(submission)
    submission.complete = not missing and not (work.incomplete and version.form_version_id is None)
    submission.updated_at = work.now
    submission.save(update_fields=["complete", "updated_at"])
    _write_down(work, submission, taken, "received", "submission.files")
    return _told(decision, submission, work.instance_id, missing)


def _missing(submission: Submission) -> tuple[str, ...]:
    rows = Attachment.objects.filter(version=submission.current_id, expected=True, sha256="")
    return tuple(rows.order_by("pk").values_list("name", flat=True))


def _finish(
    work: _Work,
    decision: Decision,
    submission: Submission,
    version: SubmissionVersion,
    rows: Iterable[Attachment],
    action: str,
) -> Received:
    rows = list(rows)
    missing = tuple(row.name for row in rows if row.expected and not row.path)
    submission.current = version
    # Without its version nobody knows which files to expect: then the sender's word counts.
    submission.complete = not missing and not (work.incomplete and work.version is None)
    submission.updated_at = work.now
    submission.save(update_fields=["current", "complete", "updated_at", "state", "reasons", "review", "processing"])
    if action == "edited":
        citing.follow(submission, work.actor, work.now)  # before the entry of the log: see evidence.services.turn
    _write_down(work, submission, [row for row in rows if row.path], action, f"submission.{action}")
    return _told(decision, submission, work.instance_id, missing)


def _write_down(work: _Work, submission: Submission, files: Iterable[Attachment], event: str, action: str) -> None:
    """The event on the submission, then the entry of the log: on PostgreSQL entries wait for each other."""
    names = [row.name for row in files]
    ReviewEvent(
        submission=submission,
        at=work.now,
        actor_id=work.actor.id,
        actor_label=work.actor.label,
        action=event,
        details={"files": names, "incomplete": work.incomplete, "instance_id": work.instance_id},
    ).save(force_insert=True)
    audit.record(
        actor=work.actor,
        action=action,
        code=submission.receipt,
        now=work.now,
        detail={
            "form": work.form.form_id,
            "instance_id": work.instance_id,
            "sha256": work.sha256,
            "sender": work.sender.app_user.code if work.sender.app_user else "",
            "device": work.sender.device_id,
            "files": names,
            "reasons": submission.reasons,
        },
    )


def _told(decision: Decision, submission: Submission, instance_id: str, missing: tuple[str, ...]) -> Received:
    return Received(
        receipt=submission.receipt,
        status=decision.status,
        state=submission.state,
        instance_id=instance_id,
        submission_id=submission.pk,
        received_at=submission.received_at,
        missing=missing,
    )
