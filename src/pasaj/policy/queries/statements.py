"""Statements of a policy by their codes, as plain values for the core, and as lists for pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pasaj.access.rules import Actor, visible
from pasaj.policy.models import Action, Indicator, Measure, Objective, Policy, Problem, Theme

AnyStatement = Problem | Objective | Measure | Action | Indicator
BY_LETTER: dict[str, Any] = {"PB": Problem, "O": Objective, "M": Measure, "A": Action, "I": Indicator}


def find(code: str, *, lock: bool = False) -> AnyStatement | None:
    """The statement of this code, of whatever kind; None when there is none."""
    letters = code.partition("-")[2].rstrip("0123456789.")
    model = BY_LETTER.get(letters)
    if model is None:
        return None
    rows = model._default_manager.select_related("policy")
    found: AnyStatement | None = (rows.select_for_update(of=("self",)) if lock else rows).filter(code=code).first()
    return found


@dataclass(frozen=True, slots=True)
class ThemeLines:
    """A theme with the standing statements in it that the reader may see."""

    theme: Theme
    problems: list[Problem]
    objectives: list[Objective]
    measures: list[Measure]


def themes(actor: Actor, policy: Policy) -> list[ThemeLines]:
    """A policy by its themes: a constant number of queries."""
    rows: dict[type, list[Any]] = {
        model: list(visible(model._default_manager.filter(policy=policy, withdrawn_at=None), actor).order_by("pk"))
        for model in (Problem, Objective, Measure)
    }
    return [
        ThemeLines(
            theme,
            *([one for one in rows[model] if one.theme_id == theme.pk] for model in (Problem, Objective, Measure)),
        )
        for theme in policy.themes.order_by("number")
    ]
