"""Signs of life of the background processes, and who holds which due job."""

from __future__ import annotations

from django.db import models


class Beat(models.Model):
    """The last sign of life of a worker (real time)."""

    name = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()
    pid = models.PositiveIntegerField()
    host = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.name


class Lease(models.Model):
    """A due job is run by one process at a time; a lease that ran out may be taken over."""

    name = models.CharField(max_length=80, unique=True)
    holder = models.CharField(max_length=120)
    until = models.DateTimeField()
    ran_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
