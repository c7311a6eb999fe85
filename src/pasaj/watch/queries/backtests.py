"""What a backtest found, as tables by sensitivity, and as curves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pasaj.access.rules import Actor, visible
from pasaj.core import backtest as core
from pasaj.core.backtest import Quiet, Result, Shocked
from pasaj.watch.models import Backtest, Measure
from pasaj.watch.queries.charts import SCHEMA, Spec

SENSITIVITIES = {
    "few": gettext_lazy("Few alerts"),
    "balanced": gettext_lazy("Balanced"),
    "early": gettext_lazy("Early warning"),
}
SHAPES = {
    "day": gettext_lazy("One period"),
    "week": gettext_lazy("Seven periods"),
    "ramp": gettext_lazy("Rising over four periods"),
    "step": gettext_lazy("A new level"),
    "fall": gettext_lazy("A fall of seven periods"),
}
SHADES = {"few": "var(--muted)", "balanced": "var(--ink)", "early": "var(--accent)"}
DASHES = {"few": [2, 3], "balanced": [1, 0], "early": [6, 4]}  # colours alone tell nobody anything


def find(actor: Actor) -> QuerySet[Backtest]:
    """The backtests the actor may see, latest first."""
    return visible(Backtest.objects.select_related("measure"), actor).order_by("-pk")


def measures() -> list[Measure]:
    """The measures that can be tried: those that alert."""
    return list(Measure.objects.filter(retired_at=None).exclude(alert_on="none").order_by("order", "code"))


def results(row: Backtest) -> list[Result]:
    """Its lines as they are known so far."""
    return [
        Quiet(**values) if kind == "quiet" else Shocked(**values)
        for kind, values in ((line["kind"], _without_kind(line)) for line in row.result.get("lines", ()))
    ]


def _without_kind(line: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in line.items() if name != "kind"}


@dataclass(frozen=True, slots=True)
class QuietLine:
    """False alerts with one length of history: by sensitivity, per 1,000 series-periods and per duty week."""

    history: str
    cells: tuple[tuple[float | None, float | None], ...]


@dataclass(frozen=True, slots=True)
class ShockLine:
    """Shocks of one shape and size: how many were tried; by sensitivity, per cent found and mean delay in periods."""

    shape: str
    size: float
    tried: int  # the same for every sensitivity
    cells: tuple[tuple[float | None, float | None], ...]


def history_name(history: int) -> str:
    if not history:
        return _("All history")
    return _("The last %(number)s periods only") % {"number": number_format(history)}


def quiet_lines(row: Backtest, found: Sequence[Result]) -> list[QuietLine]:
    """False alerts, a line for each length of history that has been tried."""
    rows: dict[int, dict[str, Quiet]] = {}
    for one in found:
        if isinstance(one, Quiet):
            rows.setdefault(one.history, {})[one.sensitivity] = one
    return [
        QuietLine(history_name(history), tuple(_quiet(by.get(name), row) for name in SENSITIVITIES))
        for history, by in rows.items()
    ]


def _quiet(one: Quiet | None, row: Backtest) -> tuple[float | None, float | None]:
    if one is None:
        return None, None
    return one.per_thousand, core.a_duty_week(one, row.series_seen, row.cadence)


def shock_lines(found: Sequence[Result], history: int) -> list[ShockLine]:
    """Shocks found with this length of history, a line for each shape and size."""
    rows: dict[tuple[str, float], dict[str, Shocked]] = {}
    for one in found:
        if isinstance(one, Shocked) and one.history == history:
            rows.setdefault((one.shape, one.size), {})[one.sensitivity] = one
    return [
        ShockLine(
            str(SHAPES[shape]),
            size,
            max(one.tried for one in by.values()),
            tuple(_shock(by.get(name)) for name in SENSITIVITIES),
        )
        for (shape, size), by in rows.items()
    ]


def _shock(one: Shocked | None) -> tuple[float | None, float | None]:
    if one is None or one.rate is None:
        return None, None
    return 100 * one.rate, one.delay


def curves(found: Sequence[Result], history: int) -> Spec | None:
    """Share of shocks found by their size, a curve for each sensitivity, a panel for each shape; None without any."""
    rows = [
        {
            "size": one.size,
            "share": one.rate,
            "sensitivity": str(SENSITIVITIES[one.sensitivity]),
            "shape": str(SHAPES[one.shape]),
        }
        for one in found
        if isinstance(one, Shocked) and one.history == history and one.rate is not None
    ]
    if not rows:
        return None
    names = [str(name) for name in SENSITIVITIES.values()]
    return {
        "$schema": SCHEMA,
        "data": {"values": rows},
        "facet": {"field": "shape", "type": "nominal", "title": None, "sort": [str(name) for name in SHAPES.values()]},
        "columns": 1,  # more do not fit on a phone
        "spec": {
            "width": 250,
            "height": 80,
            "mark": {"type": "line", "point": True},
            "encoding": {
                "x": {"field": "size", "type": "quantitative", "title": _("Size, in usual spreads")},
                "y": {
                    "field": "share", "type": "quantitative", "title": None,
                    "scale": {"domain": [0, 1]}, "axis": {"format": ".0%"},
                },
                "color": {
                    "field": "sensitivity", "type": "nominal", "title": _("Sensitivity"),
                    "scale": {"domain": names, "range": list(SHADES.values())},
                },
                "strokeDash": {
                    "field": "sensitivity", "type": "nominal", "title": _("Sensitivity"),
                    "scale": {"domain": names, "range": list(DASHES.values())},
                },
            },
        },
    }  # fmt: skip
