"""Charts and maps as SVG text, for paper: the same picture for the same values, and never told by colour alone."""

from pasaj.core.charts.counts import Count, Group, counts
from pasaj.core.charts.maps import Outline, Spot, land, map_of
from pasaj.core.charts.palette import PRINT, Palette
from pasaj.core.charts.ranges import Bar, Panel, bars, multiples

__all__ = [
    "PRINT",
    "Bar",
    "Count",
    "Group",
    "Outline",
    "Palette",
    "Panel",
    "Spot",
    "bars",
    "counts",
    "land",
    "map_of",
    "multiples",
]
