"""Versions of a policy as they were published: numbered, signed, never changed."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from pasaj.access.models import guard
from pasaj.policy.models.policies import Policy


class Proposal(models.Model):
    """A version as somebody proposes it. It stands while nothing of the policy moves; a second person decides."""

    class State(models.TextChoices):
        OPEN = "open"
        PUBLISHED = "published"
        REFUSED = "refused"
        OVERTAKEN = "overtaken"  # something moved, or it was proposed again

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="proposals")
    number = models.PositiveIntegerField()  # of the proposal
    fingerprint = models.CharField(max_length=64)  # of what would be published
    note = models.TextField()  # what is new, for readers of the version
    public = models.BooleanField(default=False)  # for everybody (CLEAR), or for the cell and its partners
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    reason = models.TextField(blank=True)  # why it was refused
    proposed_at = models.DateTimeField()
    proposer_id = models.BigIntegerField()
    proposer_label = models.CharField(max_length=200)
    decided_at = models.DateTimeField(null=True, blank=True)
    decider_id = models.BigIntegerField(null=True)
    decider_label = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["policy", "number"], name="policy_proposal_once"),
            UniqueConstraint(fields=["policy"], condition=Q(state="open"), name="policy_one_open_proposal"),
            CheckConstraint(
                condition=Q(decider_id__isnull=True) | ~Q(decider_id=F("proposer_id")),
                name="policy_proposal_decided_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy_id} {self.number} {self.state}"


class Version(models.Model):
    """A published version. Append-only (guarded by triggers); the newest is the one in force."""

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    code = models.CharField(max_length=20, unique=True)  # P1-V2
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="superseded_by")
    proposal = models.OneToOneField(Proposal, models.PROTECT, related_name="version")
    standing = models.CharField(max_length=12)  # the state of the policy when it was published
    note = models.TextField()
    public = models.BooleanField(default=False)
    languages = models.JSONField()
    content = models.JSONField()  # core.policy.versions.frozen
    warnings = models.JSONField(default=list)  # what the coherence rules still said
    waivers = models.JSONField(default=list)  # what was let pass, with who and why: printed
    content_fingerprint = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)  # over the content and the texts
    signature = models.CharField(max_length=128)  # Ed25519 over core.policy.versions.signed_part, hexadecimal
    key = models.CharField(max_length=64)  # the public key, hexadecimal
    by = models.CharField(max_length=200)  # codes of the institutions of who published it
    simulated = models.BooleanField(default=False)
    published_at = models.DateTimeField()
    actor_id = models.BigIntegerField()
    actor_label = models.CharField(max_length=200)

    class Meta:
        constraints = [UniqueConstraint(fields=["policy", "number"], name="policy_version_once")]

    def __str__(self) -> str:
        return self.code


class VersionText(models.Model):
    """What a version says in one language, as blocks: once whole, and once for readers outside the cell, without the
    counts and findings that it holds. Append-only (guarded by triggers).
    """

    version = models.ForeignKey(Version, models.PROTECT, related_name="texts")
    language = models.CharField(max_length=8)
    outside = models.BooleanField(default=False)
    content = models.JSONField()  # core.report.to_plain
    fingerprint = models.CharField(max_length=64)

    class Meta:
        constraints = [UniqueConstraint(fields=["version", "language", "outside"], name="policy_version_text_once")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.language}"


guard("policy_version")
guard("policy_versiontext")
