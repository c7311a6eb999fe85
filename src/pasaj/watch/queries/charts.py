"""Charts as plain Vega-Lite specifications. Colours are names of the palette; the page reads them (chart.js)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from pasaj.core.periods import between
from pasaj.watch.models import Series, Signal
from pasaj.watch.queries.series import BACK, Figure
from pasaj.watch.queries.signals import SHAPES, number

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
COLOURS = {
    "unusual": "var(--unusual-shape)",
    "alert": "var(--alert)",
    "silent": "var(--silent)",
    "conflict": "var(--conflict)",
}
MARKS = {"unusual": "triangle-up", "alert": "diamond", "silent": "circle", "conflict": "square"}
AXIS = {"day": "%d/%m", "week": "%d/%m", "month": "%m/%Y", "year": "%Y", "span": "%d/%m/%Y"}
POINT = {"color": "var(--ink)", "size": 14}
Spec = dict[str, Any]


def series_chart(
    series: Series, figures: Sequence[Figure], signals: Iterable[Signal], height: int = 300, steps: Sequence[Spec] = ()
) -> Spec:
    """Observed as an ink line, expected dashed, the usual range as a band, signals as shapes, zero on the axis.

    `steps`: the corners of the old and the new level (`levels.steps`).

    A period without a report is a gap in the line, never a zero. The page says across the plot when
    figures are simulated ({% chart … simulated=True %}).
    """
    known = {figure.start: figure for figure in figures}
    days = known.keys() | _holes(series.cadence, figures)
    rows = [_row(known[day]) if day in known else {"date": day.isoformat(), "value": None} for day in sorted(days)]
    layers = [
        _layer({"type": "area", "color": "var(--accent-tint)"}, y=_y("lower"), y2={"field": "upper"}),
        _layer({"type": "line", "color": "var(--muted)", "strokeWidth": 1, "strokeDash": [5, 4]}, y=_y("expected")),
        _layer({"type": "line", "color": "var(--ink)", "point": POINT}, y=_y("value")),
        *_awaited(figures),
        *_steps(steps),
        *_earlier(figures),
        *_signals(figures, signals),
    ]
    return {
        "$schema": SCHEMA,
        "width": "container",
        "height": height,
        "data": {"values": rows},
        "layer": [_with_axes(layer, series) for layer in layers],
    }


def _holes(cadence: str, figures: Sequence[Figure]) -> set[date]:
    """The periods between the first and the last figure: those without one break the line."""
    if cadence not in BACK or not figures:
        return set()
    return {period.start for period in between(cadence, figures[0].start, figures[-1].start)}


def _row(figure: Figure) -> Spec:
    usual = figure.usual
    return {
        "date": figure.start.isoformat(),
        "label": figure.label,
        "value": _float(figure.value),
        "expected": usual.expected if usual else None,
        "lower": usual.lower if usual else None,
        "upper": usual.upper if usual else None,
        "range": f"{number(usual.lower)}–{number(usual.upper)}" if usual else "–",
        "shown": number(_float(figure.value)),
    }


def _steps(corners: Sequence[Spec]) -> list[Spec]:
    """The level as a line that steps where it changed."""
    mark = {"type": "line", "interpolate": "step-after", "color": "var(--accent)", "strokeWidth": 2, "opacity": 0.8}
    return [_layer(mark, y=_y("value"), data=list(corners))] if corners else []


def _earlier(figures: Sequence[Figure]) -> list[Spec]:
    """Figures that were corrected later, as faint hollow points; no layer when there are none."""
    rows = [
        {"date": figure.start.isoformat(), "value": _float(one.value)}
        for figure in figures
        for one in figure.earlier
        if one.value is not None
    ]
    mark = {"type": "point", "filled": False, "color": "var(--rule)", "size": 30}
    return [_layer(mark, y=_y("value"), data=rows)] if rows else []


def _awaited(figures: Sequence[Figure]) -> list[Spec]:
    """What figures will be once all reports are in, as a bar with its interval; no layer when none is awaited."""
    rows = [
        {
            "date": figure.start.isoformat(),
            "label": figure.label,
            "reported": _float(figure.value),
            "low": one.low,
            "high": one.high,
            "value": one.value,
            "shown": f"{number(one.value)} ({number(one.low)}–{number(one.high)})",
        }
        for figure in figures
        if (one := figure.awaited)
    ]
    if not rows:
        return []
    thin = {"type": "rule", "color": "var(--accent)", "strokeWidth": 1, "strokeDash": [2, 3]}
    mark = {"type": "point", "shape": "stroke", "filled": False, "color": "var(--accent)", "size": 160, "opacity": 1}
    layers = [
        _layer(thin, y=_y("reported"), y2={"field": "low"}, data=rows),
        _layer(
            {"type": "rule", "color": "var(--accent)", "strokeWidth": 2}, y=_y("low"), y2={"field": "high"}, data=rows
        ),
        _layer({**mark, "strokeWidth": 2.5}, y=_y("value"), data=rows),
    ]
    for layer in layers:
        layer["encoding"]["tooltip"] = [
            {"field": "label", "type": "nominal", "title": _("Period")},
            {"field": "shown", "type": "nominal", "title": _("Estimate, 90 % interval")},
        ]
    return layers


def _signals(figures: Sequence[Figure], signals: Iterable[Signal]) -> list[Spec]:
    """A layer a kind of signal: its own shape on the point it speaks of."""
    values: dict[tuple[date, date], float | None] = {(one.start, one.end): _float(one.value) for one in figures}
    kinds: dict[str, list[Spec]] = {}
    for signal in signals:
        value = values.get((signal.period_start, signal.period_end))
        if value is not None:
            row = {"date": signal.period_start.isoformat(), "value": value, "code": signal.code, "shown": number(value)}
            kinds.setdefault(SHAPES[Signal.Kind(signal.kind)], []).append(row)
    return [
        _layer(
            {"type": "point", "shape": MARKS[kind], "color": COLOURS[kind], "size": 130, "opacity": 1},
            data=rows,
            y=_y("value"),
        )
        for kind, rows in sorted(kinds.items())
    ]


def _layer(mark: Spec, *, y: Spec, y2: Spec | None = None, data: list[Spec] | None = None) -> Spec:
    layer: Spec = {"mark": mark, "encoding": {"y": y}}
    if y2:
        layer["encoding"]["y2"] = y2
    if data is not None:
        layer["data"] = {"values": data}
    return layer


def _y(field: str) -> Spec:
    return {"field": field, "type": "quantitative"}


def _with_axes(layer: Spec, series: Series) -> Spec:
    """Dates stay the days they are (UTC on both sides), counts begin at zero, the unit stands at the axis."""
    encoding = layer["encoding"]
    encoding["x"] = {
        "field": "date",
        "type": "temporal",
        "scale": {"type": "utc"},
        "axis": {"title": None, "grid": False, "format": AXIS[series.cadence], "labelOverlap": "greedy"},
    }
    encoding["y"] |= {
        "scale": {"zero": True, "domainMin": 0},
        "axis": {"title": series.measure.unit_name, "tickMinStep": 1},
    }
    if layer["mark"]["type"] != "area" and "data" not in layer:
        encoding["tooltip"] = [
            {"field": "label", "type": "nominal", "title": _("Period")},
            {"field": "shown", "type": "nominal", "title": _("Reported")},
            {"field": "range", "type": "nominal", "title": _("Usual range")},
        ]
    return layer


def _float(value: Any) -> float | None:
    return None if value is None else float(value)
