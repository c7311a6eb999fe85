"""Whether it can be told what became of it: indicators, their baselines, targets and observations."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from pasaj.core.policy.coherence.kind import Breach, Rule, at, error, warning
from pasaj.core.policy.shapes import Indicator
from pasaj.core.policy.view import View

SILENT_AFTER = 1.5
"""Times the frequency after which an indicator without an observation is silent (C43)."""
PERCENT = frozenset({"%", "percent", "per cent", "pour cent", "pousan", "por ciento", "pourcentage", "porcentaje"})
WHOLE = Decimal(100)


def no_definition(view: View) -> Iterator[Breach]:
    """C40: an indicator says what is counted, and in which unit."""
    for one in view.policy.indicators:
        if not any(one.definition.values()) or not one.unit:
            yield at("COH-401", one.code)


def no_baseline(view: View) -> Iterator[Breach]:
    """C40: where it stands today, since when, and who says so."""
    for one in view.policy.indicators:
        if one.baseline is None or one.baseline_on is None or not one.baseline_source:
            yield at("COH-402", one.code)


def no_target(view: View) -> Iterator[Breach]:
    """C40: what it shall reach, and when."""
    for one in view.policy.indicators:
        if one.target is None or one.target_on is None:
            yield at("COH-403", one.code)


def no_frequency(view: View) -> Iterator[Breach]:
    """C40: how often it is observed."""
    for one in view.policy.indicators:
        if not one.every_days:
            yield at("COH-404", one.code)


def no_origin(view: View) -> Iterator[Breach]:
    """C40: where its numbers come from."""
    for one in view.policy.indicators:
        if not one.source:
            yield at("COH-405", one.code)


def measures_nothing(view: View) -> Iterator[Breach]:
    """Added to C40: what it measures stands and was not dropped."""
    for one in view.policy.indicators:
        if one.measures not in view.actions and one.measures not in view.objectives:
            yield at("COH-406", one.code, measured=one.measures)


def objective_not_followed(view: View) -> Iterator[Breach]:
    """Added to C40: an objective has an indicator."""
    for one in view.policy.objectives:
        if one.code not in view.indicators_of:
            yield at("COH-407", one.code)


def target_on_the_wrong_side(view: View) -> Iterator[Breach]:
    """C41: the target lies in the direction in which the indicator shall go."""
    for one in view.policy.indicators:
        if one.baseline is not None and one.target is not None and not _ahead(one, one.baseline, one.target):
            values: dict[str, Any] = {"direction": one.direction, "baseline": one.baseline, "target": one.target}
            yield at("COH-411", one.code, **values)


def _ahead(one: Indicator, baseline: Decimal, target: Decimal) -> bool:
    return {"up": target > baseline, "down": target < baseline}.get(one.direction, target == baseline)


def target_at_the_wrong_time(view: View) -> Iterator[Breach]:
    """C41: and on a day after the baseline and within the policy."""
    for one in view.policy.indicators:
        day = one.target_on
        if day is None:
            continue
        early = one.baseline_on is not None and day <= one.baseline_on
        if early or not view.policy.first <= day <= view.policy.last:
            yield at("COH-412", one.code, day=day)


def figure_unknown(view: View) -> Iterator[Breach]:
    """C42: what Pasaj shall compute is a figure that it computes."""
    for one in view.policy.indicators:
        if one.source == "pasaj" and one.figure not in view.figures:
            yield at("COH-421", one.code, figure=one.figure or "–")


def source_unnamed(view: View) -> Iterator[Breach]:
    """C42: what comes from elsewhere says from whom."""
    for one in view.policy.indicators:
        if one.source == "external" and not one.source_name:
            yield at("COH-422", one.code)


def silent(view: View) -> Iterator[Breach]:
    """C43: an indicator is observed at least every one and a half times its frequency."""
    for one in view.policy.indicators:
        action = view.actions.get(one.measures)
        if not one.every_days or (action is not None and action.state == "done"):
            continue
        since = max((reading.period_end for reading in view.readings_of.get(one.code, ())), default=None)
        begins = action.first if action is not None else view.policy.first
        last = since or begins
        if view.on - last > timedelta(days=one.every_days * SILENT_AFTER):
            yield at("COH-431", one.code, last=last, days=one.every_days)


def no_denominator(view: View) -> Iterator[Breach]:
    """C44: a percentage says of what."""
    for one in view.policy.indicators:
        if _percent(one) and not one.denominator:
            yield at("COH-441", one.code)


def beyond_the_whole(view: View) -> Iterator[Breach]:
    """C44: and lies between 0 and 100."""
    for one in view.policy.indicators:
        if not _percent(one):
            continue
        readings = [reading.value for reading in view.readings_of.get(one.code, ())]
        values = [value for value in (one.baseline, one.target, *readings) if value is not None]
        beyond = [value for value in values if not 0 <= value <= WHOLE]
        if beyond:
            yield at("COH-442", one.code, value=beyond[0])


def _percent(one: Indicator) -> bool:
    return one.unit.strip().casefold() in PERCENT


RULES: tuple[Rule, ...] = (
    error("COH-401", "following", no_definition),
    warning("COH-402", "following", no_baseline),
    error("COH-403", "following", no_target),
    error("COH-404", "following", no_frequency),
    error("COH-405", "following", no_origin),
    error("COH-406", "following", measures_nothing),
    warning("COH-407", "following", objective_not_followed),
    error("COH-411", "following", target_on_the_wrong_side),
    error("COH-412", "following", target_at_the_wrong_time),
    error("COH-421", "following", figure_unknown),
    error("COH-422", "following", source_unnamed),
    warning("COH-431", "following", silent),
    error("COH-441", "following", no_denominator),
    error("COH-442", "following", beyond_the_whole),
)
