"""Files in a folder of the test's own, with a key that is made once for all of them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.conf import LazySettings, settings

from pasaj.respond.services import signing


@pytest.fixture(scope="session")
def alert_key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a key to sign alerts: making one takes a second."""
    folder = tmp_path_factory.mktemp("signing")
    before = settings.PASAJ_HOME
    settings.PASAJ_HOME = folder
    signing.key()
    settings.PASAJ_HOME = before
    return folder / signing.FOLDER


@pytest.fixture
def home_folder(settings: LazySettings, tmp_path: Path, alert_key: Path) -> Path:
    settings.PASAJ_HOME = tmp_path
    shutil.copytree(alert_key, tmp_path / signing.FOLDER)
    return tmp_path
