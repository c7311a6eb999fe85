"""Aggregates only: no table could hold a traveller, and nothing ranks people or countries."""

from __future__ import annotations

import re

import pytest
from django.apps import apps

PERSON = re.compile(
    r"birth|passport|surname|given_name|gender|nationality|fingerprint_image|photo|biometric|visa|watch_?list"
)
ACCOUNT = {"Account"}  # the people who use Pasaj, not those who cross


@pytest.mark.req("R3.1")
@pytest.mark.req("R3.2")
def test_no_table_holds_a_traveller() -> None:
    fields = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("pasaj.")
        for field in model._meta.fields
        if PERSON.search(field.name)
    ]
    assert fields == []
    kinds = {model.__name__ for model in apps.get_models() if model.__module__.startswith("pasaj.")}
    assert {name for name in kinds if re.search("Person|Traveller|Case|Passenger|Individual", name)} == set()


@pytest.mark.req("R3.11")
def test_no_field_ranks() -> None:
    names = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("pasaj.")
        for field in model._meta.fields
        if re.search(r"\brank|ranking|score", field.name)
    ]
    assert names == []
