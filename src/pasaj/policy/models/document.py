"""The document of a policy: an ordered tree of clauses, each with its text in every language.

A text is never overwritten: each revision stays, and says which revision of the source language it translates.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

from pasaj.access.models import guard
from pasaj.policy.models.policies import Policy, Theme
from pasaj.policy.models.statements import Measure, Objective
from pasaj.registry.models import PackRow, localised


class Clause(models.Model):
    """The smallest part that can be cited. Its code stays, wherever it is moved; its number follows its place."""

    class Kind(models.TextChoices):
        HEADING = "heading"
        TEXT = "text"
        MEASURES = "measures"  # those of its theme, or all of the policy
        ANNEX = "annex"  # a heading of its own count: A, B, …
        TABLE = "table"  # a part that comes from data

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="clauses")
    code = models.CharField(max_length=32, unique=True)  # P1-C3.2
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    place = models.CharField(max_length=80)  # among its siblings, see core/wording/order
    kind = models.CharField(max_length=10, choices=Kind)
    part = models.CharField(max_length=40, blank=True)  # which part that comes from data
    theme = models.ForeignKey(Theme, models.PROTECT, null=True, blank=True, related_name="clauses")
    source_language = models.CharField(max_length=8)
    measures = models.ManyToManyField(Measure, related_name="clauses", blank=True)  # what it realises
    objectives = models.ManyToManyField(Objective, related_name="clauses", blank=True)
    revision = models.PositiveIntegerField(default=1)  # of its place and links, not of its texts
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)  # why it was withdrawn
    simulated = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(kind="table") & ~Q(part="") | ~Q(kind="table") & Q(part=""),
                name="policy_clause_part_of_a_table",
            ),
            CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(reason=""), name="policy_clause_withdrawn_with_a_reason"
            ),
        ]
        indexes = [Index(fields=["policy", "parent"])]

    def __str__(self) -> str:
        return self.code

    @property
    def short(self) -> str:
        """The code without the policy's."""
        return self.code.partition("-")[2]

    @property
    def is_head(self) -> bool:
        """Whether others can stand under it."""
        return self.kind in (self.Kind.HEADING, self.Kind.ANNEX)


class ClauseText(models.Model):
    """What a clause says in one language now. `translates`: the fingerprint of the source text it was made from."""

    clause = models.ForeignKey(Clause, models.PROTECT, related_name="texts")
    language = models.CharField(max_length=8)
    text = models.TextField(blank=True)
    revision = models.PositiveIntegerField()
    fingerprint = models.CharField(max_length=64)
    translates = models.CharField(max_length=64, blank=True)  # empty in the source language
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [UniqueConstraint(fields=["clause", "language"], name="policy_clause_text_once")]

    def __str__(self) -> str:
        return f"{self.clause_id} {self.language} r{self.revision}"


class ClauseRevision(models.Model):
    """What a clause said once in one language. Append-only (guarded by triggers)."""

    class Origin(models.TextChoices):
        TEMPLATE = "template"
        EDITOR = "editor"
        MERGE = "merge"  # of two people's changes
        SUGGESTION = "suggestion"
        CONFIRMED = "confirmed"  # a translation that still says what the source text says

    clause = models.ForeignKey(Clause, models.PROTECT, related_name="revisions")
    language = models.CharField(max_length=8)
    number = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    fingerprint = models.CharField(max_length=64)
    translates = models.CharField(max_length=64, blank=True)
    origin = models.CharField(max_length=12, choices=Origin)
    suggestion = models.CharField(max_length=40, blank=True)  # the code of the one it took
    note = models.CharField(max_length=400, blank=True)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["clause", "language", "number"], name="policy_clause_revision_once"),
            CheckConstraint(condition=Q(number__gte=1), name="policy_clause_revision_counts_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.clause_id} {self.language} r{self.number}"


class ClauseDraft(models.Model):
    """What somebody typed and has not saved as a revision: kept here, so that a bad line loses nothing."""

    clause = models.ForeignKey(Clause, models.CASCADE, related_name="drafts")
    language = models.CharField(max_length=8)
    owner_id = models.BigIntegerField()
    base = models.PositiveIntegerField()  # the revision it began from; 0: there was none
    text = models.TextField(blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [UniqueConstraint(fields=["clause", "language", "owner_id"], name="policy_draft_once")]

    def __str__(self) -> str:
        return f"{self.clause_id} {self.language} {self.owner_id}"


class Editing(models.Model):
    """Somebody has the editor open: told to others for a quarter of an hour, and stops nobody."""

    clause = models.ForeignKey(Clause, models.CASCADE, related_name="editing")
    language = models.CharField(max_length=8)
    owner_id = models.BigIntegerField()
    owner_label = models.CharField(max_length=200)
    since_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [UniqueConstraint(fields=["clause", "language", "owner_id"], name="policy_editing_once")]

    def __str__(self) -> str:
        return f"{self.clause_id} {self.language} {self.owner_id}"


class Suggestion(models.Model):
    """Another text that somebody proposes for a clause, made from one of its revisions."""

    class Origin(models.TextChoices):
        WEB = "web"
        WORD = "word"
        COMMENT = "comment"

    class State(models.TextChoices):
        OPEN = "open"
        TAKEN = "taken"
        REFUSED = "refused"

    clause = models.ForeignKey(Clause, models.PROTECT, related_name="suggestions")
    code = models.CharField(max_length=40, unique=True)  # P1-C3.2-S4
    language = models.CharField(max_length=8)
    base = models.PositiveIntegerField()  # the revision it was made from
    text = models.TextField(blank=True)
    author = models.CharField(max_length=200)  # as the reply or the account names them
    reason = models.TextField(blank=True)
    origin = models.CharField(max_length=8, choices=Origin)
    source = models.CharField(max_length=80, blank=True)  # the reply or comment it came with
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    answer = models.TextField(blank=True)  # why it was taken or refused
    taken_as = models.PositiveIntegerField(null=True)  # the revision that took it
    actor_id = models.BigIntegerField(null=True)  # who put it in
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            CheckConstraint(
                condition=~Q(state="refused") | ~Q(answer=""), name="policy_suggestion_refused_with_a_reason"
            ),
            CheckConstraint(
                condition=~Q(state="taken") | Q(taken_as__isnull=False), name="policy_suggestion_taken_as_a_revision"
            ),
        ]
        indexes = [Index(fields=["clause", "state"])]

    def __str__(self) -> str:
        return self.code


class Term(models.Model):
    """A word that the policy defines."""

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="terms")
    code = models.CharField(max_length=40)  # short, for references: {{term:stranded}}
    names = models.JSONField()
    meanings = models.JSONField()
    revision = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [UniqueConstraint(fields=["policy", "code"], name="policy_term_once")]

    def __str__(self) -> str:
        return localised(self.names) or self.code


class DocumentTemplate(PackRow):
    """The order of policies that the pack proposes."""

    code = models.CharField(max_length=40, unique=True)
    names = models.JSONField()
    sections: Any = models.JSONField()

    def __str__(self) -> str:
        return localised(self.names) or self.code


guard("policy_clauserevision")
