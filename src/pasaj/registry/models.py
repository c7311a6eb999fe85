"""What a country pack says about a country, and who works where."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import get_language


def localised(names: dict[str, str], default: str = "") -> str:
    """The name in the reader's language, else in the pack's first one."""
    language = (get_language() or default or "").split("-")[0]
    return names.get(language) or names.get(default) or next(iter(names.values()), "")


class Home(models.Model):
    """The one pack this home holds, and its business clock. Always row 1."""

    code = models.SlugField()
    version = models.CharField(max_length=40)
    schema = models.PositiveSmallIntegerField()
    names = models.JSONField()
    languages = models.JSONField()
    default_language = models.CharField(max_length=8)
    timezone = models.CharField(max_length=60)
    extent = models.JSONField()
    licence = models.CharField(max_length=200, blank=True)
    cell = models.CharField(max_length=40, blank=True)
    detect = models.JSONField(default=dict, blank=True)
    phone = models.JSONField(default=dict, blank=True)  # {"country": "221", "digits": 9}: how national numbers are read
    fingerprint = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()
    warnings = models.JSONField(default=list, blank=True)
    layers = models.JSONField(default=dict, blank=True)
    words = models.JSONField(default=list, blank=True)  # of messages: {word, meaning, measure, category, language}
    # A stated date for demonstrations and drills; empty means the real clock.
    clock_at = models.DateTimeField(null=True, blank=True)
    demo = models.BooleanField(default=False)

    class Meta:
        constraints = [CheckConstraint(condition=Q(pk=1), name="registry_home_is_single")]

    def __str__(self) -> str:
        return localised(self.names, self.default_language)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def business_now(self, real_now: datetime) -> datetime:
        return (self.clock_at or real_now).astimezone(self.zone)


class PackRow(models.Model):
    """What every row that comes from a pack carries."""

    source = models.TextField(blank=True)
    verify = models.TextField(blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


class Area(PackRow):
    code = models.CharField(max_length=40, unique=True)
    level = models.CharField(max_length=8)  # 0, 1, 2 or zone
    names = models.JSONField()
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    iso = models.CharField(max_length=12, blank=True)
    pcode = models.CharField(max_length=20, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    borders = models.BooleanField(default=False)
    note = models.TextField(blank=True)

    def __str__(self) -> str:
        return localised(self.names)


class Institution(PackRow):
    code = models.CharField(max_length=40, unique=True)
    names = models.JSONField()
    kind = models.CharField(max_length=40)
    supervision = models.CharField(max_length=120, blank=True)
    mandate = models.TextField(blank=True)
    country = models.CharField(max_length=2, blank=True)

    def __str__(self) -> str:
        return localised(self.names)


class CrossingPoint(PackRow):
    class Kind(models.TextChoices):
        LAND = "land"
        AIR = "air"
        SEA = "sea"

    class Official(models.TextChoices):
        YES = "yes"
        NO = "no"
        VERIFY = "verify"

    # Where people cross without a post is for those who work with it. A land crossing that nobody has verified may
    # be such a place; an airport or a port stands on every chart, whether or not it is one of entry.
    PROTECTED = Q(official=Official.NO) | Q(official=Official.VERIFY, kind=Kind.LAND)

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=8, choices=Kind)
    official = models.CharField(max_length=8, choices=Official)
    area = models.ForeignKey(Area, models.PROTECT, related_name="crossings")
    counterpart = models.CharField(max_length=200, blank=True)
    counterpart_country = models.CharField(max_length=2, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    precision_km = models.FloatField(null=True, blank=True)
    status = models.CharField(max_length=12, default="unknown")
    aliases = models.JSONField(default=list, blank=True)
    note = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.name

    @property
    def is_protected(self) -> bool:
        """PROTECTED, of this row."""
        unverified = self.official == self.Official.VERIFY and self.kind == self.Kind.LAND
        return unverified or self.official == self.Official.NO


class Instrument(PackRow):
    code = models.CharField(max_length=40, unique=True)
    title = models.TextField()
    kind = models.CharField(max_length=40)
    date = models.CharField(max_length=40, blank=True)
    status = models.TextField(blank=True)
    summary = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.title


class Function(PackRow):
    """Something that has to be done at and around the border, whoever does it."""

    code = models.CharField(max_length=40, unique=True)
    names = models.JSONField()
    definitions = models.JSONField(default=dict, blank=True)
    territories = models.JSONField(default=list, blank=True)  # codes of areas in which it must be led; none: everywhere

    def __str__(self) -> str:
        return localised(self.names)


class Mandate(PackRow):
    """The role of an institution in a function, as the pack says it."""

    class Part(models.TextChoices):
        LEAD = "lead"
        SUPPORT = "support"
        CONSULTED = "consulted"
        INFORMED = "informed"

    key = models.CharField(max_length=260, unique=True)  # function/institution/role/territory/basis/first/last
    function = models.ForeignKey(Function, models.PROTECT, related_name="mandates")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="mandates")
    role = models.CharField(max_length=12, choices=Part)
    territory = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")  # none: the country
    basis = models.CharField(max_length=40, blank=True)  # a code of instruments
    valid_start = models.DateField(null=True, blank=True)
    valid_end = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.key


class ExchangeLayer(PackRow):
    """Something that services tell each other."""

    code = models.CharField(max_length=40, unique=True)
    names = models.JSONField()
    definitions = models.JSONField(default=dict, blank=True)

    def __str__(self) -> str:
        return localised(self.names)


class ExchangeNeed(PackRow):
    """Who should tell whom what, within how many hours (none: no limit is set)."""

    key = models.CharField(max_length=130, unique=True)  # layer/sender/receiver
    layer = models.ForeignKey(ExchangeLayer, models.PROTECT, related_name="needs")
    sender = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    receiver = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    hours = models.FloatField(null=True, blank=True)
    basis = models.CharField(max_length=40, blank=True)  # a code of instruments
    note = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.key


class Protocol(PackRow):
    """What two countries agreed on how people are handed over, with the parameters of its check."""

    code = models.CharField(max_length=40, unique=True)
    names = models.JSONField()
    instrument = models.CharField(max_length=40, blank=True)  # a code of instruments
    parameters = models.JSONField()  # core.protocol.plain

    def __str__(self) -> str:
        return localised(self.names)


class TimelineEvent(PackRow):
    key = models.CharField(max_length=64, unique=True)  # fingerprint of date and text
    date = models.CharField(max_length=40)
    event = models.TextField()
    kind = models.CharField(max_length=40)

    def __str__(self) -> str:
        return f"{self.date} {self.event}"


class CalendarRule(PackRow):
    key = models.CharField(max_length=64, unique=True)
    rule = models.CharField(max_length=40)  # a date or yearly:MM-DD, easter:N, weekly:mon
    country = models.CharField(max_length=2, blank=True)
    crossing = models.ForeignKey(CrossingPoint, models.PROTECT, null=True, blank=True)
    kind = models.CharField(max_length=12)  # holiday or market
    names = models.JSONField()

    def __str__(self) -> str:
        return localised(self.names)


class Post(PackRow):
    """A service that is expected to report from a crossing point."""

    key = models.CharField(max_length=120, unique=True)  # crossing/source
    crossing = models.ForeignKey(CrossingPoint, models.PROTECT, related_name="posts")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="posts")
    source_code = models.CharField(max_length=40)  # a code in the pack's sources
    measures = models.JSONField(default=list)
    cadence = models.CharField(max_length=8, default="day")
    usual_hour = models.PositiveSmallIntegerField(null=True, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    minimum_staff = models.PositiveIntegerField(null=True, blank=True)
    note = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.key


class Role(models.TextChoices):
    CHIEF = "chief", "Post chief"
    DUTY = "duty", "Duty officer"
    APPROVER = "approver", "Approver"
    ANALYST = "analyst", "Analyst"
    LEAD = "lead", "Assessment lead"
    DRAFTER = "drafter", "Drafter"
    DPO = "dpo", "Data-protection focal point"
    ADMIN = "admin", "Administrator"
    PARTNER = "partner", "Partner"


class Membership(models.Model):
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role)
    crossing = models.ForeignKey(CrossingPoint, models.PROTECT, null=True, blank=True, related_name="memberships")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["account", "institution", "role"],
                condition=Q(ended_at=None, crossing=None),
                name="registry_membership_once",
            ),
            UniqueConstraint(
                fields=["account", "institution", "role", "crossing"],
                condition=Q(ended_at=None),
                name="registry_membership_once_per_crossing",
            ),
            CheckConstraint(
                condition=~Q(role="chief") | Q(crossing__isnull=False), name="registry_chief_has_a_crossing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.institution_id}"


class Counter(models.Model):
    """The last number given to a human code, per prefix and year."""

    prefix = models.CharField(max_length=8)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [UniqueConstraint(fields=["prefix", "year"], name="registry_counter_once")]

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year}-{self.last:04d}"
