"""A round of consultation: what was asked of whom, what they said, and what was done with it.

What was asked is frozen when the round opens. No comment is ever deleted; a name that somebody gave of their own is,
when the round closes. Who wrote in a Word file is kept as "author 1", never by name, and the file itself is not kept.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from pasaj.access.models import guard
from pasaj.policy.models.document import Clause, Suggestion
from pasaj.policy.models.policies import Policy
from pasaj.registry.models import Institution, localised


class Consultation(models.Model):
    """A round. Drafted, opened (its clauses are frozen), closed when everything said has its answer, reported."""

    class Kind(models.TextChoices):
        INTERMINISTERIAL = "interministerial"
        CIVIL_SOCIETY = "civil_society"
        PUBLIC = "public"
        DONORS = "donors"
        LEGAL = "legal"

    class State(models.TextChoices):
        DRAFT = "draft"
        OPEN = "open"
        CLOSED = "closed"

    class Channel(models.TextChoices):
        WORD = "word"
        WEB = "web"  # by account, for the institutions asked
        INVITATION = "invitation"
        OPEN = "open"  # anybody, by the public address
        MEETING = "meeting"

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="consultations")
    code = models.CharField(max_length=20, unique=True)  # P1-K1
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=16, choices=Kind)
    names = models.JSONField()
    about_text = models.JSONField(default=dict, blank=True)  # what is asked, by language
    institutions = models.ManyToManyField(Institution, related_name="consultations", blank=True)
    channels: Any = models.JSONField(default=list)
    first_date = models.DateField()
    last_date = models.DateField()  # the last day on which something can be said
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    revision = models.PositiveIntegerField(default=1)
    simulated = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    reported_at = models.DateTimeField(null=True, blank=True)  # the report is for everybody from then on
    owner_id = models.BigIntegerField(null=True)
    owner_label = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["policy", "number"], name="policy_consultation_number_once"),
            CheckConstraint(
                condition=Q(last_date__gte=F("first_date")), name="policy_consultation_ends_after_it_begins"
            ),
            CheckConstraint(
                condition=Q(state="draft", opened_at__isnull=True) | ~Q(state="draft") & Q(opened_at__isnull=False),
                name="policy_consultation_opened_at_a_moment",
            ),
            CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) | ~Q(state="closed") & Q(closed_at__isnull=True),
                name="policy_consultation_closed_at_a_moment",
            ),
            CheckConstraint(
                condition=Q(reported_at__isnull=True) | Q(state="closed"),
                name="policy_consultation_reported_when_closed",
            ),
        ]

    def __str__(self) -> str:
        return localised(self.names) or self.code

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN


class AskedClause(models.Model):
    """A clause as it stood when the round opened. Append-only (guarded by triggers).

    texts: by language {"title", "text", "source", "revision"}: `text` with its references as they stood, `source` as it
    was written. fixed: its words come from data, another text cannot be taken as it is.
    """

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="asked")
    clause = models.ForeignKey(Clause, models.PROTECT, related_name="asked")
    place = models.PositiveIntegerField()
    number = models.CharField(max_length=20)
    level = models.PositiveSmallIntegerField()
    head = models.BooleanField()
    fixed = models.BooleanField(default=False)
    texts: Any = models.JSONField()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["consultation", "clause"], name="policy_asked_once"),
            UniqueConstraint(fields=["consultation", "place"], name="policy_asked_place_once"),
        ]

    def __str__(self) -> str:
        return f"{self.consultation_id} {self.clause_id}"


class Invitation(models.Model):
    """A link by which somebody without an account comments. Only a fingerprint of its secret is kept."""

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="invitations")
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, blank=True, related_name="+")
    label = models.CharField(max_length=120)  # whom it is for: an organisation, a function
    token_sha256 = models.CharField(max_length=64, unique=True)
    used = models.PositiveIntegerField(default=0)  # comments made by it
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    actor_label = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.label


class Reply(models.Model):
    """A Word file that came back: its fingerprint and what was found in it, never the file."""

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="replies")
    code = models.CharField(max_length=30, unique=True)  # P1-K1-R1
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    language = models.CharField(max_length=8)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    counts: Any = models.JSONField(default=dict)  # by kind of item
    received_at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [UniqueConstraint(fields=["consultation", "sha256"], name="policy_reply_once")]

    def __str__(self) -> str:
        return self.code


class Comment(models.Model):
    """Something said in a round, about a clause as it was asked or about the whole.

    sort: a comment, or what a Word file proposes beyond another text: to delete a clause, to move it behind `after`, a
    new one behind it, or other words for one whose words come from data.
    """

    class Sort(models.TextChoices):
        COMMENT = "comment"
        DELETE = "delete"
        MOVE = "move"
        NEW = "new"
        TEXT = "text"

    class Moderation(models.TextChoices):
        WAITING = "waiting"
        SHOWN = "shown"
        HIDDEN = "hidden"

    class Group(models.TextChoices):
        UNSAID = ""
        CITIZEN = "citizen"
        MIGRANT = "migrant"
        ASSOCIATION = "association"
        RESEARCH = "research"
        BUSINESS = "business"
        ABROAD = "abroad"
        OTHER = "other"

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="comments")
    code = models.CharField(max_length=30, unique=True)  # P1-K1-C12
    channel = models.CharField(max_length=12, choices=Consultation.Channel)
    sort = models.CharField(max_length=8, choices=Sort, default=Sort.COMMENT)
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, blank=True, related_name="+")
    invitation = models.ForeignKey(Invitation, models.PROTECT, null=True, blank=True, related_name="comments")
    reply = models.ForeignKey(Reply, models.PROTECT, null=True, blank=True, related_name="comments")
    group = models.CharField(max_length=12, choices=Group, blank=True)
    asked = models.ForeignKey(AskedClause, models.PROTECT, null=True, blank=True, related_name="comments")
    after = models.ForeignKey(Clause, models.PROTECT, null=True, blank=True, related_name="+")
    language = models.CharField(max_length=8)
    quoted = models.TextField(blank=True)
    text = models.TextField()
    signed_as = models.CharField(max_length=80, blank=True)  # for the cell alone; emptied when the round closes
    author = models.CharField(max_length=60, blank=True)  # "author 1" of a file; never a name
    moderation = models.CharField(max_length=8, choices=Moderation)
    said_at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            CheckConstraint(condition=~Q(text=""), name="policy_comment_says_something"),
            CheckConstraint(
                condition=~Q(channel="open") | Q(institution__isnull=True), name="policy_open_comment_of_no_institution"
            ),
        ]
        indexes = [Index(fields=["consultation", "moderation"])]

    def __str__(self) -> str:
        return self.code


class ModerationEntry(models.Model):
    """Who let a comment be seen or kept it back, when and why. Append-only (guarded by triggers)."""

    comment = models.ForeignKey(Comment, models.PROTECT, related_name="moderations")
    outcome = models.CharField(max_length=8, choices=Comment.Moderation)
    reason = models.CharField(max_length=400, blank=True)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            CheckConstraint(condition=~Q(outcome="hidden") | ~Q(reason=""), name="policy_hidden_with_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.comment_id} {self.outcome}"


class Disposition(models.Model):
    """What was done with a comment, and why; the newest counts. Append-only (guarded by triggers)."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted"
        PARTLY = "partly"
        REJECTED = "rejected"
        DEFERRED = "deferred"
        OUT_OF_SCOPE = "out_of_scope"

    comment = models.ForeignKey(Comment, models.PROTECT, related_name="dispositions")
    outcome = models.CharField(max_length=12, choices=Outcome)
    reason = models.TextField()
    clause = models.ForeignKey(Clause, models.PROTECT, null=True, blank=True, related_name="+")  # where it shows
    revision = models.PositiveIntegerField(null=True, blank=True)  # of its text, in the language of the comment
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            CheckConstraint(condition=~Q(reason=""), name="policy_disposition_with_a_reason"),
            CheckConstraint(
                condition=Q(clause__isnull=True, revision__isnull=True)
                | Q(clause__isnull=False, revision__isnull=False),
                name="policy_disposition_of_a_revision",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.comment_id} {self.outcome}"


class TrayItem(models.Model):
    """What a reply says that no rule could place: a person puts it where it belongs, or aside with a reason.

    item: what `core/word` found, without names of people. problem: why it could not be stored, if it could not.
    """

    class State(models.TextChoices):
        OPEN = "open"
        PLACED = "placed"
        ASIDE = "aside"

    reply = models.ForeignKey(Reply, models.PROTECT, related_name="tray")
    number = models.PositiveIntegerField()
    item: Any = models.JSONField()
    problem: Any = models.JSONField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    reason = models.TextField(blank=True)  # why it was set aside
    suggestion = models.ForeignKey(Suggestion, models.PROTECT, null=True, blank=True, related_name="+")
    comment = models.ForeignKey(Comment, models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["reply", "number"], name="policy_tray_number_once"),
            CheckConstraint(condition=~Q(state="aside") | ~Q(reason=""), name="policy_tray_aside_with_a_reason"),
            CheckConstraint(
                condition=~Q(state="placed") | Q(suggestion__isnull=False) | Q(comment__isnull=False),
                name="policy_tray_placed_somewhere",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reply_id} {self.number}"


for _table in ("askedclause", "moderationentry", "disposition"):
    guard(f"policy_{_table}")
