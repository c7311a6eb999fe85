"""What left the system: one row each time, never changed."""

from __future__ import annotations

from django.db import models

from pasaj.access.models import guard


class Audience(models.TextChoices):
    """Traffic Light Protocol 2.0 labels (FIRST, 2022). Never translated."""

    CLEAR = "TLP:CLEAR"
    GREEN = "TLP:GREEN"
    AMBER = "TLP:AMBER"
    STRICT = "TLP:AMBER+STRICT"
    RED = "TLP:RED"


class Release(models.Model):
    code = models.CharField(max_length=20, unique=True)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)  # no foreign key: the row outlives the account
    via = models.CharField(max_length=12)
    audience = models.CharField(max_length=20, choices=Audience)
    kind = models.CharField(max_length=40)  # text, table, map, page, api
    title = models.CharField(max_length=300)
    question = models.JSONField(default=dict)  # the filters that were asked for
    rows = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.code


guard("share_release")
