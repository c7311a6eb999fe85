"""What import-linter cannot see: relations by name follow the same order as imports."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection

from pasaj.access.services import guards

ORDER = ("site", "project", "policy", "respond", "deploy", "assess", "collect", "watch", "evidence", "notify",
         "share", "registry", "access", "core")  # fmt: skip


def rank(name: str) -> int:
    return ORDER.index(name)


def test_relations_point_downwards() -> None:
    up = []
    for model in apps.get_models():
        if not model.__module__.startswith("pasaj."):
            continue
        here = model.__module__.split(".")[1]
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if field.auto_created or target is None or not target.__module__.startswith("pasaj."):
                continue
            if rank(target.__module__.split(".")[1]) < rank(here):
                up.append(f"{model.__name__}.{field.name}")
    assert up == []


def test_moments_and_dates_are_named_as_such() -> None:
    odd = []
    for model in apps.get_models():
        if not model.__module__.startswith("pasaj."):
            continue
        for field in model._meta.fields:
            kind = field.get_internal_type()
            if kind == "DateTimeField" and not (
                field.name.endswith(("_at", "_of")) or field.name in {"at", "until", "last_login"}
            ):
                odd.append(f"{model.__name__}.{field.name}")
            if kind == "DateField" and not field.name.endswith(("_date", "_start", "_end")):
                odd.append(f"{model.__name__}.{field.name}")
    assert odd == []


def test_no_model_sorts_behind_our_back() -> None:
    assert [m.__name__ for m in apps.get_models() if m.__module__.startswith("pasaj.") and m._meta.ordering] == []


@pytest.mark.django_db
def test_guards_stand_after_all_migrations() -> None:
    assert guards.missing(connection) == []


def test_the_admin_is_not_installed() -> None:
    assert not apps.is_installed("django.contrib.admin")


def test_packs_hold_data_only() -> None:
    packs = Path(apps.get_app_config("site").path).parent / "packs"
    assert [
        str(path) for path in packs.rglob("*") if path.suffix in {".py", ".pyc"} or path.name == "__pycache__"
    ] == []
