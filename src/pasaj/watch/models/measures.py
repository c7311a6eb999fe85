"""What is counted, by whom, and the series whose figures are compared with one another over time."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Index, Q
from django.utils.translation import gettext

from pasaj.registry.models import Area, CrossingPoint, Institution, PackRow, localised

TOTAL = "total"


class Direction(models.TextChoices):
    IN = "in"
    OUT = "out"
    NONE = "none"


class Cadence(models.TextChoices):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    SPAN = "span"


class Measure(PackRow):
    code = models.CharField(max_length=40, unique=True)
    names = models.JSONField()
    definitions = models.JSONField(default=dict, blank=True)
    kind = models.CharField(max_length=8)  # count or quantity
    unit = models.CharField(max_length=40)
    direction = models.CharField(max_length=4, choices=Direction)
    categories = models.JSONField(default=list, blank=True)  # [{"code":…, "names":{…}}]
    cadence = models.CharField(max_length=8, choices=Cadence)
    protection = models.BooleanField(default=False)
    alert_on = models.CharField(max_length=4)  # up, down, both, none
    method = models.CharField(max_length=40, default="auto")  # its detector; auto: the one that fits each series
    sensitivity = models.CharField(max_length=8, default="balanced")  # few, balanced, early
    always_from = models.PositiveIntegerField(null=True, blank=True)  # the count from which it warns, whatever is usual
    per_source = models.BooleanField(default=False)  # each source counts its own: they are not compared
    order = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return localised(self.names)

    @property
    def unit_name(self) -> str:
        """The unit in the reader's language, where the catalogues know it; a pack's own word as it stands."""
        return gettext(self.unit) if self.unit else ""

    def category_name(self, code: str) -> str:
        for category in self.categories:
            if category["code"] == code:
                return localised(category["names"])
        return code


class Source(PackRow):
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=300)
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, blank=True, related_name="sources")
    definition = models.TextField(blank=True)
    url = models.URLField(max_length=500, blank=True)
    kind = models.CharField(max_length=12, default="operational")  # or published

    def __str__(self) -> str:
        return self.name


class Threshold(PackRow):
    """A capacity rule of the pack: measure op factor x versus, or op value."""

    code = models.CharField(max_length=40, unique=True)
    names = models.JSONField()
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="thresholds")
    category = models.CharField(max_length=40, default=TOTAL)
    op = models.CharField(max_length=2)  # ge or le
    versus = models.ForeignKey(Measure, models.PROTECT, null=True, blank=True, related_name="+")
    factor = models.DecimalField(max_digits=12, decimal_places=4, default=1)
    value = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    protection = models.BooleanField(default=False)

    def __str__(self) -> str:
        return localised(self.names)


class Series(models.Model):
    """Place x measure x direction x category x source x cadence: what is compared with itself over time."""

    code = models.CharField(max_length=200, unique=True)  # PLACE.returns.in.total.SOURCE.day
    crossing = models.ForeignKey(CrossingPoint, models.PROTECT, null=True, blank=True, related_name="series")
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="series")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="series")
    direction = models.CharField(max_length=4, choices=Direction)
    category = models.CharField(max_length=40, default=TOTAL)
    source = models.ForeignKey(Source, models.PROTECT, related_name="series")
    cadence = models.CharField(max_length=8, choices=Cadence)

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(crossing__isnull=False, area__isnull=True) | Q(crossing__isnull=True, area__isnull=False),
                name="watch_series_one_place",
            ),
        ]
        indexes = [Index(fields=["crossing", "measure"]), Index(fields=["area", "measure"])]

    def __str__(self) -> str:
        return self.code

    @property
    def category_name(self) -> str:
        """The category in the reader's language; empty for the whole."""
        return "" if self.category == TOTAL else self.measure.category_name(self.category)

    @property
    def place(self) -> CrossingPoint | Area:
        place = self.crossing or self.area
        assert place is not None
        return place
