"""What institutions said of themselves in a round: whom they tell what, and which role they have in what."""

from __future__ import annotations

from django.db import models
from django.db.models import Index

from pasaj.assess.models.rounds import Assessor, Round, RoundUnit
from pasaj.collect.models import Outcome


class MappingAnswer(models.Model):
    """An outcome that counts as what an institution says of its exchange or of its roles (core.mapping.answers).

    As with an `AnswerSheet`, its outcome says what it is; the two ends of an exchange are two rows and stay two.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="mapping_answers")
    unit = models.ForeignKey(RoundUnit, models.PROTECT, related_name="mapping_answers")  # the institution that speaks
    assessor = models.ForeignKey(Assessor, models.PROTECT, related_name="mapping_answers")
    outcome = models.OneToOneField(Outcome, models.PROTECT, related_name="mapping_answer")
    assessed_date = models.DateField()
    received_at = models.DateTimeField()  # of the submission, business clock

    class Meta:
        indexes = [Index(fields=["round", "assessed_date"])]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.assessor_id} {self.assessed_date}"
