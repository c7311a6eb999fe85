"""An assessment lead, frameworks in the home, and files in a folder of the test's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import make
import pytest
from assess.frameworks import Stored, keep
from django.conf import LazySettings
from django.test import Client

from pasaj.registry.models import Membership


@pytest.fixture(autouse=True)
def home_folder(settings: LazySettings, tmp_path: Path) -> Path:
    settings.PASAJ_HOME = tmp_path
    return tmp_path


@pytest.fixture
def lead(country: make.Country, cast: make.Cast, as_: Callable[[str], Client]) -> Client:
    """The analyst is the assessment lead as well, as in the demonstration."""
    Membership.objects.create(
        account=cast.account("analyst"), institution=country.institutions["CELL"], role="lead", created_at=make.NOW
    )
    return as_("analyst")


@pytest.fixture
def stored(country: make.Country) -> Stored:
    """`stored("2026.1")`: a version in the home, published unless `draft=True`."""
    return keep


@pytest.fixture
def with_lead(country: make.Country, cast: make.Cast) -> make.Cast:
    """The cast and an assessment lead who is nothing else."""
    cast.accounts["lead"] = make.account("lead@example.org")
    make.member(cast.accounts["lead"], country.institutions["CELL"], "lead")
    return cast
