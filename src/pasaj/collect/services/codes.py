"""The QR code that sets up a phone: as a picture on a page, or as a file."""

from __future__ import annotations

import io
import os
from dataclasses import dataclass
from pathlib import Path

import segno
from django.utils import translation

from pasaj.collect.models import AppUser
from pasaj.core.openrosa.settings_code import encode, settings
from pasaj.core.problems import Refused, problem
from pasaj.registry.models import Home

SCALE, BORDER = 8, 4  # pixels a module, and the quiet zone that readers want


@dataclass(frozen=True, slots=True)
class Setup:
    """What a phone is set up with. Holds the key in clear: for the one who hands it over, this once."""

    server_url: str
    project: str
    text: str  # of the QR code


def setup(*, user: AppUser, token: str, base: str, home: Home) -> Setup:
    """The settings for one key. `base`: the address phones reach this server by."""
    right = user.rights.select_related("crossing").exclude(crossing=None).first()
    language = user.language or home.default_language
    with translation.override(language):
        project = f"Pasaj – {right.crossing if right else home}"
    url = f"{base}/key/{token}"
    chosen = settings(server_url=url, project=project, language=language, sender=user.code)
    return Setup(url, project, encode(chosen))


def picture(text: str) -> str:
    """The code as a data address, for `<img src>`: it never becomes a file or a page of its own.

    White behind it, so that it can be read on a dark page too.
    """
    address: str = segno.make(text, error="m").svg_data_uri(scale=SCALE, border=BORDER, light="#fff")
    return address


def write_png(text: str, path: Path) -> None:
    """Write the code, readable by its owner only. Raises Refused: COLLECT-044."""
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="png", scale=SCALE, border=BORDER)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(out.getvalue())
    except OSError as error:
        raise Refused(problem("COLLECT-044", path=path, detail=error.strerror or str(error))) from error
