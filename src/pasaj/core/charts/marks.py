"""Words and marks of a chart as SVG elements. A unit is a point on paper where the picture is as wide as the text."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from pasaj.core.report.letters import POINT, measure, shown

WIDTH = 470.0
"""Of a picture as wide as the text of a page, in units."""
FONT = "'Source Sans 3', Calibri, Carlito, 'Liberation Sans', sans-serif"


def drawing(width: float, height: float, marks: Iterable[str]) -> str:
    """The picture."""
    head = f'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {plain(width)} {plain(height)}"'
    size = f'width="{plain(width)}" height="{plain(height)}"'
    return f'<svg {head} {size} font-family="{FONT}">{"".join(marks)}</svg>'


def words(x: float, y: float, said: str, size: float, fill: str, *, anchor: str = "start", strong: bool = False) -> str:
    """A line of text; y is its base line. anchor: "start", "middle" or "end"."""
    about = f'x="{plain(x)}" y="{plain(y)}" font-size="{plain(size)}" fill="{fill}"'
    if anchor != "start":
        about += f' text-anchor="{anchor}"'
    if strong:
        about += ' font-weight="600"'
    return f"<text {about}>{escape(shown(said))}</text>"


def line(x1: float, y1: float, x2: float, y2: float, colour: str, thick: float = 0.5, dashes: str = "") -> str:
    """A straight line."""
    ends = f'x1="{plain(x1)}" y1="{plain(y1)}" x2="{plain(x2)}" y2="{plain(y2)}"'
    broken = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<line {ends} stroke="{colour}" stroke-width="{plain(thick)}"{broken}/>'


def box(
    x: float,
    y: float,
    width: float,
    height: float,
    fill: str,
    stroke: str = "",
    thick: float = 0.5,
    dashes: str = "",
    opacity: float = 1.0,
) -> str:
    """A rectangle."""
    about = f'x="{plain(x)}" y="{plain(y)}" width="{plain(width)}" height="{plain(height)}" fill="{fill}"'
    if opacity < 1:
        about += f' fill-opacity="{plain(opacity)}"'
    if stroke:
        about += f' stroke="{stroke}" stroke-width="{plain(thick)}"'
    if dashes:
        about += f' stroke-dasharray="{dashes}"'
    return f"<rect {about}/>"


def wide(said: str, size: float) -> float:
    """How much room a line of text needs, in units."""
    return measure(said, size) / POINT


def plain(value: float) -> str:
    """A number in as few characters as tell it to a hundredth."""
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")
