"""Small charts drawn by the server: a line of counts with its usual range, without any script."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from pasaj.core.usual import Usual

WIDTH, HEIGHT, EDGE = 176, 40, 4


def spark(
    values: Sequence[float | None],
    usual: Sequence[Usual | None],
    marked: Collection[int],
    label: str,
    *,
    width: int = WIDTH,
    height: int = HEIGHT,
) -> SafeString:
    """Values in order as a line from zero, gaps where None; the usual range behind it; `marked` positions as triangles.

    `label` says in words what is drawn: the picture is never the only place of a figure.
    """
    known = [value for value in values if value is not None]
    top = max([*known, *(one.upper for one in usual if one)], default=0.0) or 1.0

    def x(at: int) -> float:
        return EDGE + (width - 2 * EDGE) * at / max(1, len(values) - 1)

    def y(value: float) -> float:
        return height - EDGE - (height - 2 * EDGE) * min(value, top) / top

    parts = [f'<path d="M{EDGE} {height - EDGE}H{width - EDGE}" stroke="currentColor" opacity=".35"/>']
    parts += [f'<path d="{shape}" fill="currentColor" opacity=".13"/>' for shape in _band(usual, x, y)]
    parts += [
        f'<path d="{line}" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linejoin="round"/>'
        for line in _lines(values, x, y)
    ]
    if values and values[-1] is not None:
        parts.append(f'<circle cx="{x(len(values) - 1):.1f}" cy="{y(values[-1]):.1f}" r="2.4" fill="currentColor"/>')
    for at in sorted(marked):
        value = values[at]
        if value is not None:
            parts.append(_triangle(x(at), y(value)))
    return format_html(
        '<svg class="spark" viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}">{}</svg>',
        width,
        height,
        width,
        height,
        label,
        mark_safe("".join(parts)),  # noqa: S308 - numbers only
    )


def _lines(values: Sequence[float | None], x: Callable[[int], float], y: Callable[[float], float]) -> list[str]:
    """A stroke for each stretch without gaps; a value between two gaps is a short dash."""
    lines: list[str] = []
    points: list[str] = []
    for at, value in enumerate([*values, None]):
        if value is not None:
            points.append(f"{x(at):.1f} {y(value):.1f}")
        elif points:
            lines.append("M" + "L".join(points) if len(points) > 1 else f"M{points[0]}h1.5")
            points = []
    return lines


def _band(usual: Sequence[Usual | None], x: Callable[[int], float], y: Callable[[float], float]) -> list[str]:
    shapes: list[str] = []
    stretch: list[int] = []
    for at, one in enumerate([*usual, None]):
        if one is not None:
            stretch.append(at)
            continue
        if len(stretch) > 1:
            found = [(at, usual[at]) for at in stretch]
            over = [f"{x(at):.1f} {y(one.upper):.1f}" for at, one in found if one]
            under = [f"{x(at):.1f} {y(one.lower):.1f}" for at, one in reversed(found) if one]
            shapes.append("M" + "L".join([*over, *under]) + "z")
        stretch = []
    return shapes


def _triangle(x: float, y: float) -> str:
    path = f"M{x:.1f} {y - 5:.1f}l4.5 8h-9z"
    return f'<path class="spark-mark" d="{path}" fill="currentColor" stroke="none"/>'
