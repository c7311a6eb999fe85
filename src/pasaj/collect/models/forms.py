"""Forms and their versions. A version that was published is served byte for byte as it is, for ever."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from pasaj.access.models import guard
from pasaj.registry.models import localised
from pasaj.watch.models import Work


class Form(models.Model):
    """What phones know by one formID; its versions come and go."""

    form_id = models.CharField(max_length=120, unique=True)
    names = models.JSONField(default=dict)  # title by language
    origin = models.CharField(max_length=12, default="upload")  # upload, pack, round
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)  # takes no more submissions

    def __str__(self) -> str:
        return localised(self.names) or self.form_id


class FormVersion(models.Model):
    """One version of a form. Old ones are accepted for ever; only the newest published one is listed."""

    class State(models.TextChoices):
        DRAFT = "draft"  # for phones that try forms out
        PUBLISHED = "published"
        CLOSED = "closed"  # not listed any more

    form = models.ForeignKey(Form, models.PROTECT, related_name="versions")
    version = models.CharField(max_length=120, blank=True)  # as written in the form
    number = models.PositiveIntegerField()  # 1, 2, 3 … in the order they came
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    languages = models.JSONField(default=list)
    default_language = models.CharField(max_length=40, blank=True)
    # The questions, flat and in order: see core.forms.fields.Field.
    fields = models.JSONField(default=list)
    # How answers become observations, incidents and outcomes: see docs/reference/meaning.md. Empty: nothing.
    meaning = models.JSONField(default=dict, blank=True)
    source_path = models.CharField(max_length=400, blank=True)  # the XLSForm, below $PASAJ_HOME/files
    source_sha256 = models.CharField(max_length=64, blank=True)
    validated = models.BooleanField(default=False)  # by ODK Validate, which needs Java
    warnings = models.JSONField(default=list, blank=True)
    # What the screening says against publishing it: see core.forms.screening.Finding.plain.
    findings = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField()
    created_by_id = models.BigIntegerField(null=True)
    published_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["form", "version"], name="collect_version_once"),
            UniqueConstraint(fields=["form", "number"], name="collect_version_number_once"),
            UniqueConstraint(fields=["form"], condition=Q(state="published"), name="collect_one_published_version"),
            CheckConstraint(
                condition=Q(state="draft") | Q(published_at__isnull=False), name="collect_published_has_a_moment"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form.form_id} {self.version}"


class FormDefinition(models.Model):
    """The XForm itself, as it is served. Append-only (guarded by triggers)."""

    version = models.OneToOneField(FormVersion, models.PROTECT, related_name="definition")
    xml = models.BinaryField()
    md5 = models.CharField(max_length=32)  # of these bytes: phones compare it
    sha256 = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.md5


class MediaFile(models.Model):
    """A file that belongs to a form, or (without one) to all. A new content is a new row; the old one stays."""

    form = models.ForeignKey(Form, models.PROTECT, null=True, blank=True, related_name="media")
    name = models.CharField(max_length=200)
    path = models.CharField(max_length=400)  # below $PASAJ_HOME/files
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    md5 = models.CharField(max_length=32)
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["form", "name"], condition=Q(current=True, form__isnull=False), name="collect_media_once"
            ),
            UniqueConstraint(
                fields=["name"], condition=Q(current=True, form__isnull=True), name="collect_shared_media_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Waiver(models.Model):
    """Leave to ask something that the screening refuses: who gave it, what for, until when."""

    form = models.ForeignKey(Form, models.PROTECT, related_name="waivers")
    rule = models.CharField(max_length=20)  # the code of the problem that it lifts
    question = models.CharField(max_length=200)  # the name of the question in the form
    purpose = models.TextField()
    granted_at = models.DateTimeField()
    granted_by_id = models.BigIntegerField(null=True)
    granted_by = models.CharField(max_length=200, blank=True)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(expires_at__gt=models.F("granted_at")), name="collect_waiver_has_an_end"),
            CheckConstraint(condition=~Q(purpose=""), name="collect_waiver_has_a_purpose"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.question}"


class FormUpload(Work):
    """An XLSForm that was handed in: converted in the background, with a time limit."""

    filename = models.CharField(max_length=300)
    path = models.CharField(max_length=400)  # below $PASAJ_HOME/files
    sha256 = models.CharField(max_length=64)
    origin = models.CharField(max_length=12, default="upload")
    phase = models.CharField(max_length=20, blank=True)  # reading, converting, validating, screening, storing
    publish = models.BooleanField(default=False)  # publish it at once if nothing stands against it
    version = models.ForeignKey(FormVersion, models.PROTECT, null=True, blank=True, related_name="uploads")


guard("collect_formdefinition")
