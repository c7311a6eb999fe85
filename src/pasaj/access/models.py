"""Who signs in, with what, and the log of who did what."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

GENESIS = "0" * 64  # what the first entry of the log follows


@dataclass(frozen=True, slots=True)
class Guard:
    """A table whose rows are never changed. `allow_…_when`: SQL over OLD (and NEW), valid on SQLite and PostgreSQL."""

    table: str
    allow_delete_when: str | None = None
    allow_update_when: str | None = None


GUARDS: dict[str, Guard] = {}


def guard(table: str, *, allow_delete_when: str | None = None, allow_update_when: str | None = None) -> None:
    """Make a table append-only: triggers are installed after every migrate (see services/guards)."""
    if len(table) > 40:
        raise ImproperlyConfigured(f"{table}: the names of its triggers would be too long for PostgreSQL.")
    GUARDS[table] = Guard(table, allow_delete_when, allow_update_when)


def only_empties(model: type[models.Model], *texts: str) -> str:
    """SQL for `allow_update_when`: nothing happens to a row but that some of `texts` become empty."""
    kept = [one.column for one in model._meta.concrete_fields if one.name not in texts]
    same = [f'(NEW."{name}" = OLD."{name}" OR NEW."{name}" IS NULL AND OLD."{name}" IS NULL)' for name in kept]
    gone = [f'(NEW."{name}" = OLD."{name}" OR NEW."{name}" = \'\')' for name in texts]
    return " AND ".join([*same, *gone])


class AccountManager(BaseUserManager["Account"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Account:
        """Make an account that can sign in; without a password nobody can, until one is set."""
        account = self.model(email=address(email), **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(email=address(username or ""))


def address(text: str) -> str:
    """An e-mail address as it is stored: trimmed and in small letters."""
    return text.strip().lower()


class Account(AbstractBaseUser):
    """A person who signs in. What the person may do stands in registry's memberships."""

    class Theme(models.TextChoices):
        AUTO = "auto", _("As the device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=150)
    language = models.CharField(_("language"), max_length=8, blank=True)  # empty: the pack's default
    theme = models.CharField(_("colours"), max_length=8, choices=Theme, default=Theme.AUTO)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = AccountManager()

    class Meta:
        constraints = [UniqueConstraint(Lower("email"), name="access_account_email_once")]

    def __str__(self) -> str:
        return self.name or self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = address(self.email)
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        return self.name

    @property
    def code(self) -> str:
        """How the log names an account: never by its address."""
        return f"ACCOUNT-{self.pk}"


class ApiToken(models.Model):
    """A key for programs. Only its hash is kept. All times are of the real clock."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="tokens")
    name = models.CharField(_("name"), max_length=100)
    prefix = models.CharField(max_length=20, unique=True)  # enough to recognise it, too little to use it
    sha256 = models.CharField(max_length=64, unique=True)
    may_write = models.BooleanField(default=False)  # else it only reads
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(expires_at__gt=models.F("created_at")), name="access_token_lives_for_a_while")
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def code(self) -> str:
        return f"TOKEN-{self.pk}"

    def is_valid(self, real_now: datetime) -> bool:
        return self.revoked_at is None and self.expires_at > real_now


class AuditEntry(models.Model):
    """Who did what to which object. Append-only, each entry sealing the one before (guarded by triggers)."""

    # Given by the service: consecutive from 1, so that a hole shows.
    id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()  # business clock
    recorded_at = models.DateTimeField()  # real clock
    actor_id = models.BigIntegerField(null=True)  # no foreign key: the log outlives accounts; null is the system
    via = models.CharField(max_length=20)
    action = models.CharField(max_length=60)
    code = models.CharField(max_length=200, blank=True)
    commitments = models.JSONField(default=dict)  # field -> salted SHA-256 of its value
    previous_hash = models.CharField(max_length=64, unique=True)  # unique: the chain cannot fork
    hash = models.CharField(max_length=64)

    class Meta:
        indexes = [Index(fields=["actor_id", "id"]), Index(fields=["action", "id"]), Index(fields=["code", "id"])]

    def __str__(self) -> str:
        return f"{self.reference} {self.action}"

    @property
    def reference(self) -> str:
        return f"AUDIT-{self.pk}"


class AuditDetail(models.Model):
    """The values an entry commits to. May be deleted (erasure), never changed; the log stays valid."""

    entry = models.OneToOneField(
        AuditEntry, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="detail"
    )
    salt = models.CharField(max_length=64)
    # Text, not a JSON column: a database that rewrites numbers would break the commitments.
    content = models.TextField()

    def __str__(self) -> str:
        return f"AUDIT-{self.pk}"

    @property
    def values(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.content)
        return found


guard("access_auditentry")
guard("access_auditdetail", allow_delete_when="TRUE")
