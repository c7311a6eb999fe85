"""What was sent, kept as it came, and what became of it.

The bytes of a submission stand in `SubmissionBody` and in files; everything else about it is metadata.
Two people together may redact one: the bytes go, a tombstone with their hash stays.
"""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from pasaj.access.models import guard, only_empties
from pasaj.collect.models.forms import Form, FormVersion
from pasaj.collect.models.senders import AppUser, Device
from pasaj.registry.models import Area, CrossingPoint


class Submission(models.Model):
    """One filled form. Edits are further versions of it; `current` is the one that counts."""

    class State(models.TextChoices):
        RECEIVED = "received"
        QUARANTINED = "quarantined"  # kept, feeds nothing until somebody decides: see `reasons`
        REFUSED = "refused"  # somebody decided that it counts for nothing; kept all the same
        REDACTED = "redacted"

    class Review(models.TextChoices):
        NEW = "new"
        APPROVED = "approved"
        QUESTION = "question"  # the sender was asked
        REJECTED = "rejected"

    class Processing(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        FAILED = "failed"  # stands in the tray, with the problems of its outcomes
        NOTHING = "nothing"  # the form declares no meaning

    receipt = models.CharField(max_length=20, unique=True)  # derived from form and instanceID: 7KQ4-9MD2-X3TA
    form = models.ForeignKey(Form, models.PROTECT, related_name="submissions")
    instance_id = models.CharField(max_length=250)  # of its first version
    state = models.CharField(max_length=12, choices=State, default=State.RECEIVED)
    reasons = models.JSONField(default=list, blank=True)  # why in quarantine: version, device, draft, screen, right
    held = models.BooleanField(default=False)  # the screening found what may name a person: unread but by the DPO
    review = models.CharField(max_length=12, choices=Review, default=Review.NEW)
    processing = models.CharField(max_length=12, choices=Processing, default=Processing.WAITING)
    complete = models.BooleanField(default=True)  # every file that the answers name has arrived
    via = models.CharField(max_length=12)  # key, basic, web; demo: simulated
    app_user = models.ForeignKey(AppUser, models.PROTECT, null=True, blank=True, related_name="submissions")
    device = models.ForeignKey(Device, models.PROTECT, null=True, blank=True, related_name="submissions")
    account_id = models.BigIntegerField(null=True)  # who sent it with an account; no key: the log outlives accounts
    # Found in the answers, for lists and rights.
    crossing = models.ForeignKey(CrossingPoint, models.PROTECT, null=True, blank=True, related_name="submissions")
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="submissions")
    period_start = models.DateField(null=True, blank=True)
    received_at = models.DateTimeField()  # business clock
    recorded_at = models.DateTimeField()  # real clock
    updated_at = models.DateTimeField()
    current = models.OneToOneField(
        "SubmissionVersion", models.PROTECT, null=True, blank=True, related_name="current_of"
    )

    class Meta:
        constraints = [UniqueConstraint(fields=["form", "instance_id"], name="collect_submission_once")]
        indexes = [
            Index(fields=["received_at"]),
            Index(fields=["state", "received_at"]),
            Index(fields=["processing"]),
            Index(fields=["crossing", "received_at"]),
        ]

    def __str__(self) -> str:
        return self.receipt

    @property
    def simulated(self) -> bool:
        """Whether the demonstration made it up: then what it says is shown as simulated everywhere."""
        return self.via == "demo"


class SubmissionVersion(models.Model):
    """A submission as it came once. Append-only (guarded by triggers)."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="versions")
    form = models.ForeignKey(Form, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()  # 1: the first
    instance_id = models.CharField(max_length=250)
    derived_id = models.BooleanField(default=False)  # it came without an instanceID: made from its bytes
    deprecated_id = models.CharField(max_length=250, blank=True)
    version_text = models.CharField(max_length=200, blank=True)  # as the submission says it
    form_version = models.ForeignKey(FormVersion, models.PROTECT, null=True, blank=True, related_name="+")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    device_id = models.CharField(max_length=250, blank=True)
    received_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["form", "instance_id"], name="collect_instance_once"),
            UniqueConstraint(fields=["submission", "number"], name="collect_edit_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.instance_id} ({self.number})"


class SubmissionBody(models.Model):
    """The XML, byte for byte. Goes only with a redaction that two people made."""

    version = models.OneToOneField(SubmissionVersion, models.PROTECT, related_name="body")
    xml = models.BinaryField()

    def __str__(self) -> str:
        return str(self.version_id)


class Attachment(models.Model):
    """A file of a version: expected because the answers name it, received, or both."""

    version = models.ForeignKey(SubmissionVersion, models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=250)
    expected = models.BooleanField(default=False)
    content_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    path = models.CharField(max_length=400, blank=True)  # below $PASAJ_HOME/files; empty: not arrived, or redacted
    received_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [UniqueConstraint(fields=["version", "name"], name="collect_attachment_once")]
        indexes = [Index(fields=["sha256"])]

    def __str__(self) -> str:
        return self.name


class Check(models.Model):
    """What evaluating the answers again on the server showed. It flags and never refuses."""

    version = models.OneToOneField(SubmissionVersion, models.CASCADE, related_name="check_made")
    engine = models.CharField(max_length=40)  # name and version; empty where none is installed
    findings = models.JSONField(default=list)  # [{"kind": constraint|required|calculation, "path":…, "message":…}]
    checked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.version_id}: {len(self.findings)}"


class Outcome(models.Model):
    """What one part of a version's answers became: an observation, an incident, a row for the app above."""

    class State(models.TextChoices):
        DONE = "done"
        WAITING = "waiting"  # for the app above to settle
        FAILED = "failed"
        WITHDRAWN = "withdrawn"  # a later version took it back

    version = models.ForeignKey(SubmissionVersion, models.PROTECT, related_name="outcomes")
    kind = models.CharField(max_length=40)  # observation, incident, crossing_status, return_operation, assessment …
    position = models.CharField(max_length=200)  # where in the answers: entries, incidents[2]
    code = models.CharField(max_length=220, blank=True)  # of what was made: a series' or an incident's
    state = models.CharField(max_length=12, choices=State)
    problem = models.JSONField(null=True, blank=True)  # Problem.plain()
    data = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [UniqueConstraint(fields=["version", "kind", "position"], name="collect_outcome_once")]
        indexes = [Index(fields=["kind", "state"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.position}"


class ReviewEvent(models.Model):
    """Who did what with a submission. Append-only (guarded by triggers)."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="events")
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200, blank=True)
    action = models.CharField(max_length=20)  # received, edited, released, refused, approved, asked, rejected, noted
    note = models.TextField(blank=True)
    details = models.JSONField(default=dict, blank=True)

    def __str__(self) -> str:
        return f"{self.submission_id} {self.action}"


class Message(models.Model):
    """A line between the cell and the sender of a submission."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="messages")
    at = models.DateTimeField()
    from_sender = models.BooleanField(default=False)
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    read_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.submission_id} {self.at}"


class Redaction(models.Model):
    """A tombstone: one person asked, another confirmed, the bytes went, their hashes stay."""

    submission = models.OneToOneField(Submission, models.PROTECT, related_name="redaction")
    reason = models.TextField()
    asked_at = models.DateTimeField()
    asked_by_id = models.BigIntegerField()
    asked_by = models.CharField(max_length=200)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by_id = models.BigIntegerField(null=True)
    confirmed_by = models.CharField(max_length=200, blank=True)
    hashes = models.JSONField(default=list, blank=True)  # [{"name":…, "sha256":…, "size":…}] of what was removed

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(confirmed_by_id__isnull=True) | ~Q(confirmed_by_id=F("asked_by_id")),
                name="collect_redaction_by_two",
            )
        ]

    def __str__(self) -> str:
        return str(self.submission_id)


guard("collect_submissionversion")
guard(
    "collect_submissionbody",
    allow_delete_when="EXISTS (SELECT 1 FROM collect_redaction r JOIN collect_submissionversion v"
    " ON v.submission_id = r.submission_id WHERE v.id = OLD.version_id AND r.confirmed_at IS NOT NULL)",
)
guard(
    "collect_reviewevent",
    allow_update_when=" AND ".join(
        (
            "EXISTS (SELECT 1 FROM collect_redaction r WHERE r.submission_id = OLD.submission_id"
            " AND r.confirmed_at IS NOT NULL)",
            only_empties(ReviewEvent, "note"),
        )
    ),
)
