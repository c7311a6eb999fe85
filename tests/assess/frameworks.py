"""The small framework of the core's tests, in a home."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import make
from core.frameworks import TOML, changed, framework, table

from pasaj.access.rules import SYSTEM
from pasaj.assess.models import FrameworkVersion
from pasaj.assess.services import frameworks
from pasaj.core.framework import Framework

Stored = Callable[..., FrameworkVersion]


def said(version: str = "2026.1", rows: str = "") -> Framework:
    """The framework in a version, or with other indicators."""
    return framework(TOML.replace("2026.1", version), rows or table())


def keep(version: str = "2026.1", *, draft: bool = False, one: Framework | None = None, **more: Any) -> Any:
    """A version in the home, published unless it is a draft."""
    row = frameworks.store(said=one or said(version, **more), origin="upload", actor=SYSTEM, now=make.NOW)
    return row if draft else frameworks.publish(version=row, actor=SYSTEM, now=make.NOW)


def secret() -> str:
    """Indicators with a question that nobody outside may read yet."""
    return changed(2, question_fr="draft-of-a-question ?", question_en="draft-of-a-question?")
