from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.module_loading import autodiscover_modules


class AccessConfig(AppConfig):
    name = "pasaj.access"
    label = "access"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from pasaj.access.services import signins  # noqa: PLC0415 - models must be loaded first

        # Every app's rules, so that "no rule" never means "not imported yet".
        autodiscover_modules("rules")
        signins.listen()
        # Sent once for each app after the last migration of all apps: our own turn is enough.
        pre_migrate.connect(before_migrate, sender=self)
        post_migrate.connect(after_migrate, sender=self)


def before_migrate(using: str, plan: list[Any] | None = None, **_kwargs: Any) -> None:
    from pasaj.access.services import guards  # noqa: PLC0415 - models must be loaded first

    if plan:
        guards.clear_for_migration(connections[using])


def after_migrate(using: str, **_kwargs: Any) -> None:
    from pasaj.access.services import guards  # noqa: PLC0415 - models must be loaded first

    guards.install(connections[using])
