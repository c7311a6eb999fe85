"""Files in a folder of the test's own; forms handed in and converted for real."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import make
import pytest
from django.conf import LazySettings

from pasaj.access.rules import Actor
from pasaj.collect import jobs
from pasaj.collect.models import FormUpload
from pasaj.collect.services import conversion

HandIn = Callable[..., FormUpload]


@pytest.fixture(autouse=True)
def home_folder(settings: LazySettings, tmp_path: Path) -> Path:
    """Files of forms and submissions go into a folder of the test's own."""
    settings.PASAJ_HOME = tmp_path
    return tmp_path


@pytest.fixture
def hand_in(cast: make.Cast, home_folder: Path) -> HandIn:
    """Upload and convert: `hand_in(data, publish=True, who="duty")`."""

    def act(data: bytes, *, who: str = "duty", publish: bool = False, filename: str = "form.xlsx") -> FormUpload:
        actor: Actor = cast.actor(who)
        row = conversion.upload(file=io.BytesIO(data), filename=filename, publish=publish, actor=actor, now=make.NOW)
        return jobs.convert(row.pk)

    return act
