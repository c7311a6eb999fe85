"""Reports as they were published: never changed, drawn again from what they said."""

from __future__ import annotations

from django.db import models
from django.db.models import UniqueConstraint

from pasaj.access.models import guard
from pasaj.assess.models.rounds import Round


class Report(models.Model):
    """One edition of the report of a round. Append-only (guarded by triggers); the newest is the one in force."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="reports")
    number = models.PositiveIntegerField()
    code = models.CharField(max_length=30, unique=True)  # A1-ED1
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="superseded_by")
    languages = models.JSONField()  # codes, the first is that of the pack
    fingerprint = models.CharField(max_length=64)  # of its texts in all languages
    basis = models.JSONField()  # scores, findings and states of evidence it rests on: what later changes are told from
    waivers = models.JSONField(default=list)  # suspect statements let pass: {code, parent, reason}, printed
    published_at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [UniqueConstraint(fields=["round", "number"], name="assess_report_once")]

    def __str__(self) -> str:
        return self.code


class ReportText(models.Model):
    """What an edition says in one language: its blocks. Append-only (guarded by triggers)."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="texts")
    language = models.CharField(max_length=8)
    content = models.JSONField()  # core.report.to_plain
    fingerprint = models.CharField(max_length=64)

    class Meta:
        constraints = [UniqueConstraint(fields=["report", "language"], name="assess_report_text_once")]

    def __str__(self) -> str:
        return f"{self.report_id} {self.language}"


guard("assess_report")
guard("assess_reporttext")
