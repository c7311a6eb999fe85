"""What can be cited: a head that says what stands now, and its revisions, which are never changed."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

from pasaj.access.models import guard
from pasaj.core.evidence import Quantity, Value
from pasaj.registry.models import Institution, localised


def read(text: str) -> dict[str, Any]:
    """Canonical text as it was: every number a Decimal."""
    found: dict[str, Any] = json.loads(text, parse_float=Decimal, parse_int=Decimal)
    return found


def quantities(plain: dict[str, Any]) -> dict[str, Value]:
    """Values as they were kept: a word, or a number and its interval."""
    return {
        name: one if isinstance(one, str) else Quantity(one.get("value"), one["low"], one["high"])
        for name, one in plain.items()
    }


class Node(models.Model):
    """A statement or figure under its code. What it says stands in its newest revision."""

    code = models.CharField(max_length=220, unique=True)
    kind = models.CharField(max_length=40)
    titles = models.JSONField(default=dict)
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, blank=True, related_name="statements")
    critical = models.BooleanField(default=False)
    simulated = models.BooleanField(default=False)  # made up for demonstration, and says so wherever it is shown
    # The head: what links are compared with. Written with each revision, in its transaction.
    revision = models.PositiveIntegerField()
    fingerprint = models.CharField(max_length=64)
    values_text = models.TextField(default="{}")
    authors = models.CharField(max_length=400, blank=True)  # codes of the institutions of who wrote the content
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(revision__gte=1) & ~Q(fingerprint=""), name="evidence_node_says_something")
        ]
        indexes = [Index(fields=["kind"])]

    def __str__(self) -> str:
        return localised(self.titles) or self.code

    @property
    def values(self) -> dict[str, Value]:
        return quantities(read(self.values_text))


class Revision(models.Model):
    """What a node said once. Append-only (guarded by triggers)."""

    node = models.ForeignKey(Node, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    kind_version = models.PositiveIntegerField()  # of the list of normative fields
    content = models.TextField()  # canonical text: fields, values, titles
    fingerprint = models.CharField(max_length=64)  # of the normative part of this content
    editorial = models.TextField(blank=True)  # declared: only the wording changed, because …
    withdrawn = models.BooleanField(default=False)
    note = models.TextField(blank=True)
    at = models.DateTimeField()  # business clock
    recorded_at = models.DateTimeField()  # real clock
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["node", "number"], name="evidence_revision_once"),
            CheckConstraint(condition=Q(number__gte=1), name="evidence_revision_counts_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.node_id} r{self.number}"

    @property
    def says(self) -> dict[str, Any]:
        """Fields, values and titles."""
        return read(self.content)


class Confirmation(models.Model):
    """A second person's word that a revision changed only the wording: the fingerprint before it stands on."""

    revision = models.OneToOneField(Revision, models.PROTECT, related_name="confirmation")
    carried = models.CharField(max_length=64)
    note = models.TextField(blank=True)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField()
    actor_label = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return str(self.revision_id)


class Figure(models.Model):
    """A node whose content is computed: by which query, of what, when last."""

    node = models.OneToOneField(Node, models.PROTECT, related_name="figure")
    query = models.CharField(max_length=60)
    parameters = models.JSONField(default=dict)
    key = models.CharField(max_length=64, unique=True)  # of query and parameters: the same figure is one node
    as_of = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.query} {self.node_id}"


class FigureTopic(models.Model):
    """What a figure hangs on: a series, an indicator, whatever its query names."""

    figure = models.ForeignKey(Figure, models.CASCADE, related_name="topics")
    topic = models.CharField(max_length=240)

    class Meta:
        constraints = [UniqueConstraint(fields=["topic", "figure"], name="evidence_topic_once")]

    def __str__(self) -> str:
        return self.topic


# A node lasts: links and reviews speak of it for ever.
guard("evidence_node", allow_update_when="TRUE")
guard("evidence_revision")
guard("evidence_confirmation")
