"""Whether what was chosen was chosen among others, and with a reason where that is needed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pasaj.core.policy.coherence.kind import Breach, Rule, at, error, warning
from pasaj.core.policy.view import Appraisal, View

FEWEST = 2
"""Alternatives that a choice needs, beside leaving things as they are (C60)."""


def _decided(view: View) -> Iterator[Appraisal]:
    return (one for one in view.appraisals if one.chosen)


def few_alternatives(view: View) -> Iterator[Breach]:
    """C60: a choice had at least two alternatives."""
    for one in _decided(view):
        count = len([option for option in one.options if option != one.status_quo])
        if count < FEWEST:
            yield at("COH-601", one.code, "appraisal", count=count)


def no_status_quo(view: View) -> Iterator[Breach]:
    """C60: and leaving things as they are was one of the options."""
    for one in _decided(view):
        if one.status_quo not in one.options:
            yield at("COH-602", one.code, "appraisal")


def option_unknown(view: View) -> Iterator[Breach]:
    """Added to C60: the option that a measure says it carries out was appraised."""
    known = {option for one in view.appraisals for option in one.options}
    for one in view.policy.measures:
        if one.option and one.option not in known:
            yield at("COH-603", one.code, option=one.option)


def option_not_chosen(view: View) -> Iterator[Breach]:
    """Added to C60: and is the one that was chosen."""
    for appraisal in view.appraisals:
        for one in view.policy.measures:
            if one.option in appraisal.options and one.option and one.option != appraisal.chosen:
                values: dict[str, Any] = {"option": one.option, "chosen": appraisal.chosen or "–"}
                yield at("COH-604", one.code, "appraisal", appraisal.code, **values)


def chosen_and_left(view: View) -> Iterator[Breach]:
    """Added to C60: a measure carries out what was chosen, unless things stay as they are."""
    carried = {one.option for one in view.policy.measures}
    for one in _decided(view):
        if one.chosen != one.status_quo and one.chosen not in carried:
            yield at("COH-605", one.code, "appraisal", option=one.chosen)


def rarely_first(view: View) -> Iterator[Breach]:
    """C61: an option that is rarely first is chosen with a reason in writing."""
    for one in _decided(view):
        if one.first_share is not None and one.first_share < one.floor and not one.reason.strip():
            values: dict[str, Any] = {
                "option": one.chosen,
                "share": f"{one.first_share:.0%}",
                "floor": f"{one.floor:.0%}",
            }
            yield at("COH-611", one.code, "appraisal", **values)


RULES: tuple[Rule, ...] = (
    error("COH-601", "options", few_alternatives),
    error("COH-602", "options", no_status_quo),
    error("COH-603", "options", option_unknown),
    error("COH-604", "options", option_not_chosen),
    warning("COH-605", "options", chosen_and_left),
    error("COH-611", "options", rarely_first),
)
