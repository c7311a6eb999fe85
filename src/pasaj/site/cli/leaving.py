"""Files that leave by the command line: looked at before anything counts as having left, and never half-written."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pasaj.core.problems import Refused, problem

if TYPE_CHECKING:
    from pasaj.share.services import Released


def form_of(target: Path, forms: Mapping[str, str]) -> str:
    """The form that the name of a file asks for. Raises Refused: CLI-020 (none of them), CLI-009 (no such place)."""
    form = forms.get(target.suffix.lower())
    if form is None:
        raise Refused(problem("CLI-020", value=target.name, allowed=", ".join(forms)))
    if target.is_dir() or not target.absolute().parent.is_dir():
        raise Refused(problem("CLI-009", path=target if target.is_dir() else target.absolute().parent))
    return form


def write(released: Released, target: Path) -> None:
    """The file that `release` gave, to where the command was told: whole or not at all."""
    part = target.with_name(f".{target.name}.part")
    try:
        with released.file as source, part.open("wb") as out:
            shutil.copyfileobj(source, out)
            out.flush()
            os.fsync(out.fileno())
        part.replace(target)
    except OSError as error:
        raise Refused(problem("CLI-009", path=target)) from error
    finally:
        part.unlink(missing_ok=True)
