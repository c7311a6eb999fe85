"""What stays of free text that had to go: a hash, and when; and the rule by which the database lets it go."""

from __future__ import annotations

from django.db import models
from django.db.models import UniqueConstraint

from pasaj.access.models import guard, only_empties


class Tombstone(models.Model):
    """The texts of one revision were removed for ever, because the report they came from was redacted.

    `sha256` is an HMAC under the bytes of that report, so that nobody who has only the tombstone can guess a
    short text back; whoever kept the report can show what stood there.
    """

    kind = models.CharField(max_length=20)  # observation, incident, status
    row_id = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()  # bytes of all texts together
    removed_at = models.DateTimeField()  # business clock
    recorded_at = models.DateTimeField()  # real clock

    class Meta:
        constraints = [UniqueConstraint(fields=["kind", "row_id"], name="watch_tombstone_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.row_id}"


guard("watch_tombstone")


def emptied(kind: str, model: type[models.Model], *texts: str) -> str:
    """When an append-only row may be changed: it has a tombstone, and nothing happens but that texts become empty."""
    stone = f"EXISTS (SELECT 1 FROM watch_tombstone WHERE kind = '{kind}' AND row_id = OLD.id)"  # noqa: S608
    return f"{stone} AND {only_empties(model, *texts)}"
